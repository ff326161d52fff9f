"""Which times nights may have, when they begin and end, and which days can be rest or a pause."""

import re
import zoneinfo
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain import clock_times
from bot.domain.days import DAY, Clock, Kind, Nights, Timetable, due_at, start, study_day
from bot.domain.errors import UserError
from bot.domain.ledgers import FOREVER
from bot.domain.rests import (
    Near,
    Shift,
    last_night,
    near,
    nights_from,
    pause_days,
    rest_dates,
    shift,
    until_night,
    wake_and_sleep,
    without_nights,
)

zoneinfo.reset_tzpath(to=())
ZoneInfo.clear_cache()

CHICAGO = "America/Chicago"
ZONES = (CHICAGO, "America/Nuuk", "Africa/Cairo", "Antarctica/Troll", "Asia/Manila", "Europe/London")
WEDNESDAY = date(2026, 3, 4)
MINUTES = st.integers(0, 1439)
LONG_AGO = date(2019, 1, 1)

rules = settings(deadline=None, max_examples=200)


def minute(time: str) -> int:
    return clock_times.understand(time)


def later(first: int, second: int) -> int:
    """Minutes from one time of day until it is the other."""
    return (second - first) % 1440


def always(clock: Clock, *nights: Nights) -> Timetable:
    return Timetable(clocks=((LONG_AGO, clock),), nights=nights)


def at(text: str, zone: str = CHICAGO) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)


def over(times: Shift, from_day: date, to_day: date) -> Nights:
    return Nights(
        from_day=from_day,
        to_day=to_day,
        cut_hour=times.cut_hour,
        morning_minute=times.morning_minute,
        evening_minute=times.evening_minute,
    )


# Times


@pytest.mark.parametrize(
    ("wake", "sleep", "morning", "evening", "cut"),
    [
        pytest.param("16:00", "8:30", "16:30", "7:30", 9, id="after a night shift"),
        pytest.param("16:00", "8:00", "16:30", "7:00", 9, id="a whole hour itself is not after sleep"),
        pytest.param("16:00", "15:00", "16:30", "14:00", 16, id="asleep for an hour"),
        pytest.param("22:00", "14:00", "22:30", "13:00", 15, id="sleep in the afternoon"),
        pytest.param("23:40", "15:00", "0:10", "14:00", 16, id="a morning after midnight"),
        pytest.param("12:00", "3:20", "12:30", "2:20", 4, id="a late shift"),
        pytest.param("6:00", "0:30", "6:30", "23:30", 1, id="sleep after midnight"),
        pytest.param("6:00", "22:30", "6:30", "21:30", 0, id="sleep before midnight"),
        pytest.param("0:00", "17:00", "0:30", "16:00", 0, id="waking at midnight"),
        pytest.param("3:00", "6:30", "3:30", "5:30", 0, id="awake for three and a half hours"),
    ],
)
def test_nights_ask_half_an_hour_after_waking_and_an_hour_before_sleep_and_end_while_asleep(
    wake: str, sleep: str, morning: str, evening: str, cut: int
) -> None:
    expected = Shift(cut_hour=cut, morning_minute=minute(morning), evening_minute=minute(evening))
    assert shift(minute(wake), minute(sleep)) == expected


def cuts(wake: int, sleep: int) -> list[int]:
    """The whole hours after falling asleep and not after waking."""
    return [hour for hour in range(24) if 0 < later(sleep, hour * 60) <= later(sleep, wake)]


@rules
@given(MINUTES, MINUTES)
def test_any_times_with_an_hour_of_sleep_and_three_and_a_half_awake_make_nights_and_no_others(
    wake: int, sleep: int
) -> None:
    if later(sleep, wake) < 60 or later(wake, sleep) < 210:
        with pytest.raises(UserError, match=r"such as .*`8:30`"):
            shift(wake, sleep)
        return
    times = shift(wake, sleep)
    assert times.cut_hour in cuts(wake, sleep)
    nights = over(times, WEDNESDAY, WEDNESDAY)  # which refuses what does not fit
    assert wake_and_sleep(nights) == (wake, sleep)
    assert later(wake, times.morning_minute) == 30
    assert later(times.evening_minute, sleep) == 60


@rules
@given(MINUTES, MINUTES)
def test_a_night_bears_the_date_on_which_its_sleeper_wakes(wake: int, sleep: int) -> None:
    if later(sleep, wake) < 60 or later(wake, sleep) < 210:
        return
    nights = over(shift(wake, sleep), WEDNESDAY - 5 * DAY, WEDNESDAY + 5 * DAY)
    woken = due_at(Kind.MORNING, WEDNESDAY, always(Clock(zone="UTC"), nights)) - timedelta(minutes=30)
    assert woken == datetime(2026, 3, 4, wake // 60, wake % 60, tzinfo=UTC)


# Beginning and ending


@st.composite
def shifts(draw: st.DrawFn) -> Shift:
    wake, asleep = draw(MINUTES), draw(st.integers(120, 1440 - 210))
    return shift(wake, (wake - asleep) % 1440)


@st.composite
def usual_clocks(draw: st.DrawFn) -> Clock:
    cut_hour, morning = draw(st.integers(0, 23)), draw(st.integers(0, 600))
    minutes = ((cut_hour * 60 + after) % 1440 for after in (morning, morning + draw(st.integers(120, 700))))
    morning_minute, evening_minute = minutes
    return Clock(
        zone=draw(st.sampled_from(ZONES)),
        cut_hour=cut_hour,
        morning_minute=morning_minute,
        evening_minute=evening_minute,
    )


@st.composite
def tables(draw: st.DrawFn) -> tuple[Timetable, datetime]:
    """A member, perhaps on nights or just off them, at any hour of the days on which clocks change."""
    now = datetime(2026, 3, 7, tzinfo=UTC) + timedelta(minutes=draw(st.integers(0, 24 * 24 * 60)))
    timetable = always(draw(usual_clocks()))
    if draw(st.booleans()):
        first = study_day(now, timetable) + draw(st.integers(-4, 0)) * DAY
        timetable = replace(timetable, nights=(over(draw(shifts()), first, first + draw(st.integers(0, 6)) * DAY),))
    return replace(timetable, latest_day=study_day(now, timetable)), now


@rules
@given(tables(), shifts(), st.integers(0, 60))
def test_nights_begin_at_once_without_changing_which_day_it_is_or_any_day_before(
    table: tuple[Timetable, datetime], times: Shift, ahead: int
) -> None:
    before, now = table
    today = study_day(now, before)
    nights = nights_from(before, times, today + ahead * DAY, now)
    assert nights.from_day in {today, today + DAY}
    assert nights.to_day == max(today + ahead * DAY, nights.from_day)
    running = without_nights(before, nights.from_day)
    after = replace(running, nights=(*running.nights, nights))
    assert study_day(now, after) == today
    for day in (today - count * DAY for count in range(6)):
        assert start(day, after) == start(day, before)
        if day < nights.from_day:
            assert after.on(day) == before.on(day)
    if nights.from_day > today:  # only where it would have been tomorrow at once
        assert start(today + DAY, always(before.on(today), over(times, today, today))) <= now


@rules
@given(tables())
def test_nights_end_at_once_without_changing_which_day_it_is_or_any_day_before(
    table: tuple[Timetable, datetime],
) -> None:
    before, now = table
    today, last = study_day(now, before), last_night(before, now)
    after = without_nights(before, last + DAY)
    assert last in {today - DAY, today}
    assert study_day(now, after) == today
    assert after.nights_on(last + DAY) is None
    for day in (today - count * DAY for count in range(6)):
        assert start(day, after) == start(day, before)
        if day <= last:
            assert after.on(day) == before.on(day)
    if last == today:
        assert study_day(now, without_nights(before, today)) == today + DAY


NIGHT = shift(minute("16:00"), minute("8:30"))
LATE = shift(minute("10:00"), minute("1:00"))


@pytest.mark.parametrize(
    ("now", "times", "begins"),
    [
        pytest.param("2026-03-04 05:00", NIGHT, 4, id="early"),
        pytest.param("2026-03-04 22:00", NIGHT, 4, id="as the shift begins"),
        pytest.param("2026-03-05 03:30", NIGHT, 4, id="in the first night"),
        pytest.param("2026-03-05 03:30", LATE, 5, id="awake after the hour at which the day would have ended"),
    ],
)
def test_when_nights_begin(now: str, times: Shift, begins: int) -> None:
    assert nights_from(always(Clock(zone=CHICAGO)), times, date(2026, 3, 9), at(now)).from_day.day == begins


@pytest.mark.parametrize(
    ("now", "last"),
    [
        pytest.param("2026-03-04 12:00", 3, id="before waking"),
        pytest.param("2026-03-04 22:00", 3, id="in the evening: the usual time has come"),
        pytest.param("2026-03-05 03:59", 3, id="before the usual cut"),
        pytest.param("2026-03-05 04:00", 4, id="after it: the night goes on to its end"),
        pytest.param("2026-03-05 08:59", 4, id="before the cut of nights"),
        pytest.param("2026-03-05 09:00", 4, id="a new day"),
    ],
)
def test_with_which_day_nights_end(now: str, last: int) -> None:
    nights = over(NIGHT, date(2026, 3, 2), date(2026, 3, 9))
    assert last_night(always(Clock(zone=CHICAGO), nights), at(now)).day == last


# Days as typed


@pytest.mark.parametrize(("day", "is_day"), [(Near.TODAY, 4), (Near.YESTERDAY, 3), (date(2026, 3, 1), 1)])
def test_a_day_near_by_is_a_study_day(day: date | Near, is_day: int) -> None:
    assert near(day, WEDNESDAY).day == is_day


@pytest.mark.parametrize(
    ("until", "since", "first", "last"),
    [
        ("", "", WEDNESDAY, FOREVER),
        (" ", " ", WEDNESDAY, FOREVER),
        ("Friday", "", WEDNESDAY, date(2026, 3, 6)),
        ("today", "", WEDNESDAY, WEDNESDAY),
        ("13 March", "yesterday", date(2026, 3, 3), date(2026, 3, 13)),
        ("", "Wednesday", WEDNESDAY, FOREVER),
        ("", "25 Feb", date(2026, 2, 25), FOREVER),
        ("Friday", "Friday", date(2026, 2, 27), date(2026, 3, 6)),
        ("yesterday", "1 March", date(2026, 3, 1), date(2026, 3, 3)),
        ("2 March", "1 March", date(2026, 3, 1), date(2026, 3, 2)),
        ("4 March 2027", "", WEDNESDAY, date(2027, 3, 4)),
        ("1st", "", WEDNESDAY, date(2026, 4, 1)),
    ],
)
def test_a_pause_begins_up_to_a_week_back_and_ends_up_to_a_year_ahead_or_open(
    until: str, since: str, first: date, last: date
) -> None:
    assert pause_days(until, since, WEDNESDAY) == (first, last)


@pytest.mark.parametrize(
    ("until", "since", "said"),
    [
        ("", "24 Feb", "seven days back, such as `yesterday`"),
        ("", "tomorrow", "today or up to seven days back"),
        ("yesterday", "", "without a last day it goes on until you say so"),
        ("1 March", "", "between its first day and a year from now"),
        ("5 March 2027", "", "a year from now, such as `Friday`"),
        ("when I'm better", "", "A date such as"),
        ("30 February", "", "There is no 30 February"),
        ("31 Dec 9999", "", "too far away"),
        ("", "🤒", "A date such as `yesterday`"),
    ],
)
def test_other_days_of_a_pause_get_one_sentence_that_says_what_works(until: str, since: str, said: str) -> None:
    with pytest.raises(UserError, match=re.escape(said)):
        pause_days(until, since, WEDNESDAY)


@pytest.mark.parametrize(
    ("text", "first_open", "first", "last"),
    [
        ("today", 4, WEDNESDAY, WEDNESDAY),
        ("yesterday", 3, date(2026, 3, 3), date(2026, 3, 3)),
        ("3 March", 3, date(2026, 3, 3), date(2026, 3, 3)),
        ("Sunday", 4, date(2026, 3, 8), date(2026, 3, 8)),
        ("24-26 Dec", 4, date(2026, 12, 24), date(2026, 12, 26)),
        ("24 Dec to 2 Jan", 4, date(2026, 12, 24), date(2027, 1, 2)),
        ("1st", 4, date(2026, 4, 1), date(2026, 4, 1)),
        ("4 March 2027", 4, date(2027, 3, 4), date(2027, 3, 4)),
    ],
)
def test_rest_is_planned_from_the_first_open_day_up_to_a_year_ahead(
    text: str, first_open: int, first: date, last: date
) -> None:
    assert rest_dates(text, WEDNESDAY, date(2026, 3, first_open)) == (first, last)


@pytest.mark.parametrize(
    ("text", "first_open", "said"),
    [
        ("yesterday", 4, "from today up to a year ahead; `/rest pause` reaches a week back"),
        ("1 March", 3, "from yesterday up to a year ahead"),
        ("5 March 2027", 4, "from today up to a year ahead"),
        ("Friday to Tuesday, some week", 4, "A date such as"),
        ("26 Dec 2026 to 24 Dec 2026", 4, "The last day can't come before the first"),
    ],
)
def test_other_days_of_rest_get_one_sentence_that_says_what_works(text: str, first_open: int, said: str) -> None:
    with pytest.raises(UserError, match=re.escape(said)):
        rest_dates(text, WEDNESDAY, date(2026, 3, first_open))


@pytest.mark.parametrize(("text", "last"), [("today", 4), ("Friday", 6), ("2 May", 2), ("3 May", 3)])
def test_nights_end_today_or_up_to_sixty_days_ahead(text: str, last: int) -> None:
    assert until_night(text, WEDNESDAY).day == last


@pytest.mark.parametrize("text", ["yesterday", "4 May", "1 March", "next year", ""])
def test_nights_end_on_no_other_day(text: str) -> None:
    with pytest.raises(UserError, match="such as `"):
        until_night(text, WEDNESDAY)
