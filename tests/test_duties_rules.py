"""When a moderator can be asked, by their own clock, and when a cohort's volunteers can be asked at all."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain import duties, weekdays
from bot.domain.clock_times import DAY
from bot.domain.duties import Duty, is_on, is_open, understand_hours
from bot.domain.errors import UserError

CHICAGO = "America/Chicago"
MINUTES = st.integers(0, DAY - 1)
MOMENTS = st.timedeltas(timedelta(0), timedelta(days=730)).map(lambda passed: datetime(2026, 1, 1, tzinfo=UTC) + passed)
ZONES = st.sampled_from(["UTC", CHICAGO, "Asia/Manila", "Pacific/Kiritimati", "America/St_Johns", "Asia/Kathmandu"])


def local(text: str, zone: str = CHICAGO) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)


@given(MOMENTS)
def test_nobody_is_on_duty_before_they_say_so(now: datetime) -> None:
    assert not is_on(Duty(), now)


@given(MOMENTS, ZONES)
def test_whoever_is_always_on_duty_is_on_at_every_moment(now: datetime, zone: str) -> None:
    assert is_on(Duty(on_duty=True, zone=zone), now)


@given(MOMENTS, ZONES, MINUTES, MINUTES)
def test_hours_and_the_hours_left_out_share_every_day(now: datetime, zone: str, begins: int, ends: int) -> None:
    """Whatever the zone and also over midnight: exactly one of "18 to 22" and "22 to 18" holds."""
    if begins == ends:
        return
    one = Duty(on_duty=True, zone=zone, duty_from_minute=begins, duty_to_minute=ends)
    other = Duty(on_duty=True, zone=zone, duty_from_minute=ends, duty_to_minute=begins)
    assert is_on(one, now) is not is_on(other, now)


@pytest.mark.parametrize(
    ("moment", "on"),
    [
        ("2026-03-06 21:59", False),  # a Friday
        ("2026-03-06 22:00", True),
        ("2026-03-07 01:59", True),  # Friday's hours, which run into Saturday
        ("2026-03-07 02:00", False),
        ("2026-03-07 22:30", False),  # Saturday's own hours are not among them
        ("2026-03-06 01:00", False),  # Thursday's hours
    ],
)
def test_hours_over_midnight_belong_to_the_day_on_which_they_begin(moment: str, on: bool) -> None:
    friday = Duty(on_duty=True, zone=CHICAGO, duty_weekdays=0b0010000, duty_from_minute=22 * 60, duty_to_minute=2 * 60)
    assert is_on(friday, local(moment)) is on


@given(MOMENTS, st.timedeltas(timedelta(seconds=1), timedelta(days=30)))
def test_whoever_is_away_is_not_on_duty_until_then(now: datetime, away: timedelta) -> None:
    duty = Duty(on_duty=True, off_until=now + away)
    assert not is_on(duty, now)
    assert is_on(duty, now + away)


@pytest.mark.parametrize(
    ("text", "hours"),
    [
        ("18-22", (1080, 1320)),
        ("18:00 – 22:30", (1080, 1350)),
        ("6 pm to 10 pm", (1080, 1320)),
        ("6-10 pm", (1080, 1320)),
        ("10-2 pm", (600, 840)),
        ("10 am to 2 pm", (600, 840)),
        ("22:00-02:00", (1320, 120)),
        ("18 until midnight", (1080, DAY)),
        ("always", (0, DAY)),
        ("All day", (0, DAY)),
        ("8-8", (0, DAY)),
        ("0-24", (0, DAY)),
    ],
)
def test_hours_are_understood_as_people_write_them(text: str, hours: tuple[int, int]) -> None:
    assert understand_hours(text) == hours


@pytest.mark.parametrize("text", ["", "evenings", "18", "18-25", "-", "18-20-22", "x" * 500, "@everyone", "1e9-2"])
def test_other_words_are_told_what_works(text: str) -> None:
    with pytest.raises(UserError, match="Hours work here as"):
        understand_hours(text)


@given(MINUTES, MINUTES)
def test_hours_that_are_written_out_are_understood_again(begins: int, ends: int) -> None:
    text = f"{begins // 60:02d}:{begins % 60:02d}-{ends // 60:02d}:{ends % 60:02d}"
    expected = (0, DAY) if begins == ends else (begins, ends or DAY)
    assert understand_hours(text) == expected


@pytest.mark.parametrize(
    ("named", "confirmed", "opens"),
    [(0, False, False), (0, True, False), (1, False, False), (1, True, True), (2, False, True), (5, False, True)],
)
def test_two_moderators_open_a_queue_and_one_alone_has_to_confirm(named: int, confirmed: bool, opens: bool) -> None:
    assert is_open(named, confirmed) is opens


def test_a_duty_as_it_begins_holds_on_every_day_at_any_hour() -> None:
    """So that `on:True` alone is enough."""
    assert (Duty().duty_weekdays, Duty().duty_from_minute, Duty().duty_to_minute) == (weekdays.EVERY_DAY, 0, DAY)
    assert Duty().open_cap == duties.OPEN_CAP == 3
