"""The rules of study days and due times, held against every zone's own clock changes.

The yardstick is independent of the module under test: each zone's offsets are scanned into plain
numbers, and a local time is then the earliest second at which the wall clock has reached it.
"""

import zoneinfo
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from functools import cache
from importlib.resources import files
from itertools import pairwise
from typing import NamedTuple
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.days import (
    Clock,
    Due,
    Kind,
    Nights,
    Timetable,
    due_at,
    first_due,
    next_due,
    open_days,
    start,
    study_day,
    useful_until,
    week_start,
)

zoneinfo.reset_tzpath(to=())  # as every process of the program does: the pinned tzdata, never the system's
ZoneInfo.clear_cache()

RHYTHMS = (Kind.MORNING, Kind.EVENING)
DAY, MINUTE, INSTANT = timedelta(days=1), timedelta(minutes=1), timedelta(microseconds=1)
EPOCH = date(1970, 1, 1)
SECONDS_A_DAY = 24 * 60 * 60
FIRST = int(datetime(2020, 1, 1, tzinfo=UTC).timestamp())
LAST = int(datetime(2036, 1, 1, tzinfo=UTC).timestamp())
ZONES = sorted(zoneinfo.available_timezones())
FAR_APART = (
    "Pacific/Kiritimati",
    "Pacific/Auckland",
    "Asia/Tokyo",
    "Africa/Cairo",
    "Europe/London",
    "America/New_York",
    "Pacific/Honolulu",
    "Pacific/Pago_Pago",
    "Etc/GMT+12",
)
CHANGING = (
    "Africa/Cairo",
    "Africa/Casablanca",
    "America/Havana",
    "America/New_York",
    "America/Nuuk",
    "America/Santiago",
    "Antarctica/Casey",
    "Antarctica/Troll",
    "Asia/Beirut",
    "Australia/Lord_Howe",
)

rules = settings(deadline=None, max_examples=150)


# The yardstick


class Change(NamedTuple):
    """A gap or a fold: the second it happens, and the wall clock's readings before and after it."""

    at: int
    before: int
    after: int

    @property
    def low(self) -> int:
        return min(self.before, self.after)

    @property
    def high(self) -> int:
        return max(self.before, self.after)

    @property
    def edges(self) -> list[int]:
        """Minutes of the day inside the gap or fold, at both its ends and just outside."""
        low, high = self.low // 60, self.high // 60
        return [minute % 1440 for minute in (low - 1, low, (low + high) // 2, high - 1, high)]


@dataclass(frozen=True, slots=True)
class Offsets:
    """What a zone's clocks show: from each second on, how many seconds they run ahead of UTC."""

    since: tuple[int, ...]
    ahead: tuple[int, ...]

    @property
    def changes(self) -> list[Change]:
        steps = zip(self.since[1:], self.ahead, self.ahead[1:], strict=False)
        return [Change(at, at + before, at + after) for at, before, after in steps]

    def reaches(self, wall: int) -> int:
        """The first second at which the wall clock reads `wall` or later."""
        piece = max(bisect_right(self.since, wall - 2 * SECONDS_A_DAY) - 1, 0)
        while True:
            second = max(self.since[piece], wall - self.ahead[piece])
            piece += 1
            if piece == len(self.since) or second < self.since[piece]:
                return second

    def shows(self, second: int) -> int:
        """What the wall clock reads at a second."""
        return second + self.ahead[bisect_right(self.since, second) - 1]


@cache
def offsets_of(zone: str) -> Offsets:
    """Scan a zone's offsets day by day, and each day with a change to the second."""
    place = ZoneInfo(zone)

    def ahead(second: int) -> int:
        offset = datetime.fromtimestamp(second, place).utcoffset()
        assert offset is not None
        return int(offset.total_seconds())

    marks = range(FIRST - 30 * SECONDS_A_DAY, LAST + 30 * SECONDS_A_DAY, SECONDS_A_DAY)
    since, offsets = [marks[0]], [ahead(marks[0])]
    for mark in marks[1:]:
        offset = ahead(mark)
        if offset != offsets[-1]:
            seconds = range(mark - SECONDS_A_DAY, mark + 1)
            since.append(seconds[bisect_left(seconds, True, key=lambda at: ahead(at) != offsets[-1])])
            offsets.append(offset)
    return Offsets(tuple(since), tuple(offsets))


@cache
def different_zones() -> dict[Offsets, str]:
    """Every zone there is, each under one name: zones whose clocks agree are one to these rules."""
    folder = files("tzdata") / "zoneinfo"
    distinct = {folder.joinpath(zone).read_bytes(): zone for zone in ZONES}
    return {offsets_of(zone): zone for zone in distinct.values()}


def every_change() -> Iterator[tuple[str, Change, date]]:
    """Each gap and fold of each zone, with the local date it begins on."""
    for offsets, zone in different_zones().items():
        for change in offsets.changes:
            yield zone, change, local_date(change.low)


def local_date(wall: int) -> date:
    return EPOCH + wall // SECONDS_A_DAY * DAY


def wall_at(day: date, minute: int) -> int:
    return (day - EPOCH).days * SECONDS_A_DAY + minute * 60


def moment(second: int) -> datetime:
    return datetime.fromtimestamp(second, UTC)


def asked_wall(kind: Kind, day: date, clock: Clock) -> int:
    """The wall clock's reading at which a study day's prompt is wanted: before the cut is the next date."""
    minute = clock.morning_minute if kind is Kind.MORNING else clock.evening_minute
    return wall_at(day + DAY if minute < clock.cut_hour * 60 else day, minute)


def true_start(day: date, timetable: Timetable) -> datetime:
    """At its own cut; where nights begin or end, at the cut of the day before."""
    ruled_by = [[span for span in timetable.nights if span.from_day <= on <= span.to_day] for on in (day - DAY, day)]
    changes = ruled_by[0][:1] != ruled_by[1][:1]
    cut_hour = timetable.on(day - DAY if changes else day).cut_hour
    return moment(offsets_of(timetable.on(day).zone).reaches(wall_at(day, cut_hour * 60)))


def true_due(kind: Kind, day: date, timetable: Timetable) -> datetime:
    clock = timetable.on(day)
    wanted = moment(offsets_of(clock.zone).reaches(asked_wall(kind, day, clock)))
    return min(max(wanted, true_start(day, timetable)), true_start(day + DAY, timetable) - MINUTE)


def true_window(kind: Kind, day: date, timetable: Timetable) -> Due:
    """From when a prompt is owed until it helps no more, whether or not any time lies between."""
    return Due(
        day=day,
        due_at=true_due(kind, day, timetable),
        useful_until=true_due(Kind.EVENING, day if kind is Kind.MORNING else day + DAY, timetable),
    )


def owed(kind: Kind, after: date, since: datetime, until: datetime, timetable: Timetable) -> list[Due]:
    """Every prompt for a day later than `after` that could help at some time from `since` to `until`."""
    days = (after + count * DAY for count in range(1, (until.date() - after).days + 3))
    windows = [true_window(kind, day, timetable) for day in days]
    return [due for due in windows if max(due.due_at, since) < min(due.useful_until, until)]


# Helpers


def always(clock: Clock, *nights: Nights) -> Timetable:
    return Timetable(clocks=((date(2019, 1, 1), clock),), nights=nights)


def from_cut(zone: str, cut_hour: int, morning: int = 180, evening: int = 1020) -> Clock:
    """A clock whose two times are given in minutes after its cut."""
    morning, evening = ((cut_hour * 60 + after) % 1440 for after in (morning, evening))
    return Clock(zone=zone, cut_hour=cut_hour, morning_minute=morning, evening_minute=evening)


def at_times(zone: str, cut: str, morning: str, evening: str) -> Clock:
    return Clock(
        zone=zone,
        cut_hour=minutes(cut) // 60,
        morning_minute=minutes(morning),
        evening_minute=minutes(evening),
    )


def minutes(time: str) -> int:
    hour, minute = time.split(":")
    return int(hour) * 60 + int(minute)


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def at_wall(zone: str, text: str) -> datetime:
    """A wall clock's reading that lies in no gap and no fold."""
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)


def chain(kind: Kind, after: date, now: datetime, timetable: Timetable, until: datetime) -> list[Due]:
    """What a rhythm asks before `until` when each prompt is planned at the moment it is due."""
    asked: list[Due] = []
    while True:
        due = next_due(kind, after, now, timetable)
        assert due.day > after, "asked twice for one day"
        if max(now, due.due_at) >= until:
            return asked
        asked.append(due)
        after, now = due.day, max(now, due.due_at)


zones = st.one_of(st.sampled_from(CHANGING), st.sampled_from(FAR_APART), st.sampled_from(ZONES))
kinds = st.sampled_from(RHYTHMS)


@st.composite
def moments(draw: st.DrawFn, zone: str) -> datetime:
    """An instant from 2020 to 2035, more often than not within days of a clock change."""
    changes = [change.at for change in offsets_of(zone).changes]
    near = draw(st.sampled_from(changes)) if changes and draw(st.booleans()) else None
    return moment(
        draw(st.integers(FIRST, LAST))
        if near is None
        else near + draw(st.integers(-2 * SECONDS_A_DAY, 2 * SECONDS_A_DAY))
    )


@st.composite
def clocks(draw: st.DrawFn, zone: str) -> Clock:
    """Any clock of a zone; half of them have a time in, at or beside one of its gaps and folds."""
    edges = sorted({edge for change in offsets_of(zone).changes for edge in change.edges})
    minute = draw(st.sampled_from(edges) if edges and draw(st.booleans()) else st.integers(0, 1439))
    cut_hour = draw(st.one_of(st.sampled_from((0, 3, 4)), st.integers(0, 23)))
    time = (minute - cut_hour * 60) % 1440
    if time < 120 or (time < 1320 and draw(st.booleans())):
        return from_cut(zone, cut_hour, time, draw(st.integers(time + 120, 1439)))
    return from_cut(zone, cut_hour, draw(st.integers(0, time - 120)), time)


@st.composite
def clocks_and_moments(draw: st.DrawFn) -> tuple[Clock, datetime]:
    zone = draw(zones)
    return draw(clocks(zone)), draw(moments(zone))


def nights_of(shift: Clock, from_day: date, to_day: date) -> Nights:
    """A span of nights with the cut and the times of a clock."""
    return Nights(
        from_day=from_day,
        to_day=to_day,
        cut_hour=shift.cut_hour,
        morning_minute=shift.morning_minute,
        evening_minute=shift.evening_minute,
    )


@st.composite
def nights_near(draw: st.DrawFn, day: date) -> Nights:
    """A span of shift work that begins within days of `day`, with any cut and times; perhaps an empty one."""
    from_day = day + draw(st.integers(-2, 4)) * DAY
    return nights_of(draw(clocks("UTC")), from_day, from_day + draw(st.integers(-1, 4)) * DAY)


# What the sweeps run over


def test_the_sweeps_meet_every_zone_and_every_kind_of_clock_change() -> None:
    assert zoneinfo.TZPATH == ()
    assert len(ZONES) > 590
    assert {offsets_of(zone) for zone in ZONES if zone.startswith("America/")} <= set(different_zones())
    met = {(change.after - change.before) // 60 for _, change, _ in every_change()}
    assert met >= {30, -30, 60, -60, 120, -120, 180, -180}
    years = {moment(change.at).year for _, change, _ in every_change()}
    assert years >= set(range(2020, 2036))


@pytest.mark.parametrize("zone", ["Africa/Cairo", "America/Havana", "America/Santiago", "Asia/Beirut"])
def test_the_sweeps_meet_gaps_at_midnight(zone: str) -> None:
    gaps = [change for change in offsets_of(zone).changes if change.before < change.after]
    at_midnight = {moment(gap.at).year for gap in gaps if gap.before % SECONDS_A_DAY == 0}
    assert at_midnight >= set(range(2024, 2027))


# Study days


def telling_cuts(change: Change) -> list[int]:
    """The usual cuts, and those in, at and beside a gap or fold."""
    return sorted({0, 3, 4, 23} | {minute // 60 for minute in change.edges})


def test_a_study_day_is_the_greatest_that_has_started_at_every_clock_change() -> None:
    for zone, change, date_of_change in every_change():
        for cut_hour in telling_cuts(change):
            timetable = always(from_cut(zone, cut_hour))
            for day in (date_of_change, date_of_change + DAY):
                begins = true_start(day, timetable)
                assert start(day, timetable) == begins, (timetable, day)
                assert study_day(begins, timetable) == day, (timetable, day)
                assert study_day(begins - INSTANT, timetable) == day - DAY, (timetable, day)


def test_within_one_clock_each_study_day_starts_after_the_one_before() -> None:
    for zone, change, date_of_change in every_change():
        for cut_hour in range(24):
            timetable = always(from_cut(zone, cut_hour))
            starts = [start(date_of_change + count * DAY, timetable) for count in range(-1, 3)]
            lengths = [later - earlier for earlier, later in pairwise(starts)]
            shift = timedelta(seconds=change.high - change.low)
            assert min(lengths) >= DAY - shift, (timetable, date_of_change)
            assert max(lengths) <= DAY + shift, (timetable, date_of_change)


@rules
@given(clocks_and_moments())
def test_each_instant_belongs_to_exactly_one_study_day(drawn: tuple[Clock, datetime]) -> None:
    clock, now = drawn
    timetable = always(clock)
    near = [now.date() + count * DAY for count in range(-3, 4)]
    holding = [day for day in near if start(day, timetable) <= now < start(day + DAY, timetable)]
    assert holding == [study_day(now, timetable)]


def test_time_never_leads_back_to_an_earlier_study_day() -> None:
    for zone, change, _ in every_change():
        moments_around = [moment(change.at + minute * 60) for minute in range(-210, 211, 30)]
        for cut_hour in telling_cuts(change):
            timetable = always(from_cut(zone, cut_hour))
            days = [study_day(now, timetable) for now in moments_around]
            assert days == sorted(days), timetable


@pytest.mark.parametrize(
    ("zone", "day", "cut_hour", "begins"),
    [
        pytest.param("America/New_York", "2025-11-02", 3, "2025-11-02T08:00", id="after a fold"),
        pytest.param("America/New_York", "2025-11-02", 1, "2025-11-02T05:00", id="the first of two 01:00"),
        pytest.param("America/New_York", "2025-03-09", 2, "2025-03-09T07:00", id="no 02:00"),
        pytest.param("Africa/Cairo", "2025-04-25", 0, "2025-04-24T22:00", id="no midnight in Cairo"),
        pytest.param("Africa/Cairo", "2025-10-30", 23, "2025-10-30T20:00", id="the first of two 23:00 in Cairo"),
        pytest.param("Africa/Cairo", "2025-10-31", 0, "2025-10-30T22:00", id="midnight after Cairo's fold"),
        pytest.param("America/Havana", "2025-03-09", 0, "2025-03-09T05:00", id="no midnight in Havana"),
        pytest.param("America/Havana", "2025-11-02", 0, "2025-11-02T04:00", id="the first of two midnights"),
        pytest.param("America/Santiago", "2025-09-07", 0, "2025-09-07T04:00", id="no midnight in Santiago"),
        pytest.param("America/Santiago", "2025-04-05", 23, "2025-04-06T02:00", id="the first of two 23:00 in Santiago"),
        pytest.param("America/Santiago", "2025-04-06", 0, "2025-04-06T04:00", id="midnight after Santiago's fold"),
        pytest.param("Asia/Beirut", "2025-03-30", 0, "2025-03-29T22:00", id="no midnight in Beirut"),
        pytest.param("Australia/Lord_Howe", "2025-10-05", 2, "2025-10-04T15:30", id="a gap of half an hour"),
        pytest.param("Australia/Lord_Howe", "2025-04-06", 2, "2025-04-05T15:30", id="after a fold of half an hour"),
        pytest.param("Antarctica/Troll", "2025-03-30", 1, "2025-03-30T01:00", id="a gap of two hours"),
        pytest.param("Antarctica/Troll", "2025-03-30", 2, "2025-03-30T01:00", id="within a gap of two hours"),
        pytest.param("Antarctica/Troll", "2025-10-26", 2, "2025-10-26T00:00", id="the first of two 02:00"),
        pytest.param(
            "Africa/Casablanca",
            "2025-02-23",
            2,
            "2025-02-23T01:00",
            id="the first of two 02:00 as Ramadan nears",
        ),
        pytest.param("Africa/Casablanca", "2025-04-06", 2, "2025-04-06T02:00", id="no 02:00 after Ramadan"),
    ],
)
def test_a_study_day_starts_at_the_first_valid_instant_from_the_cut(
    zone: str, day: str, cut_hour: int, begins: str
) -> None:
    timetable, today = always(from_cut(zone, cut_hour)), date.fromisoformat(day)
    assert start(today, timetable) == utc(begins)
    assert study_day(utc(begins), timetable) == today
    assert study_day(utc(begins) - INSTANT, timetable) == today - DAY


def test_new_york_has_not_turned_to_the_next_day_half_an_hour_before_the_cut_of_the_fold() -> None:
    timetable = always(from_cut("America/New_York", 3))
    assert study_day(utc("2025-11-02T07:30"), timetable) == date(2025, 11, 1)
    assert study_day(utc("2025-11-02T08:00"), timetable) == date(2025, 11, 2)


def test_a_study_week_runs_from_monday_to_sunday() -> None:
    week = [date(2026, 3, 30) + count * DAY for count in range(7)]
    assert {week_start(day) for day in week} == {date(2026, 3, 30)}
    assert week_start(date(2026, 4, 6)) == date(2026, 4, 6)


# Due times


def forced_clocks(zone: str, change: Change) -> Iterator[tuple[Kind, Clock]]:
    """Clocks with one time in, at or beside a gap or fold, and the rhythm it is forced upon."""
    for minute in change.edges:
        for cut_hour in {0, 4, change.low // 3600 % 24, change.high // 3600 % 24}:
            time = (minute - cut_hour * 60) % 1440
            if time < 1320:
                yield Kind.MORNING, from_cut(zone, cut_hour, time, time + 120)
            if time >= 120:
                yield Kind.EVENING, from_cut(zone, cut_hour, time - 120, time)


def test_every_zone_asks_once_for_each_useful_day_through_every_gap_and_fold() -> None:
    for zone, change, date_of_change in every_change():
        for kind, clock in forced_clocks(zone, change):
            timetable = always(clock)
            days = [date_of_change + count * DAY for count in range(-1, 2)]
            windows = [true_window(kind, day, timetable) for day in days]
            useful = [due for due in windows if due.due_at < due.useful_until]
            begin, end = true_start(days[0], timetable), true_due(kind, days[-1] + DAY, timetable)
            assert chain(kind, days[0] - DAY, begin, timetable, end) == useful, (kind, clock)


def test_only_a_gap_that_swallows_the_whole_way_to_the_evening_leaves_a_day_without_a_morning() -> None:
    clock = at_times("Antarctica/Troll", "00:00", "01:00", "03:00")
    before, swallowed, after = date(2025, 3, 29), date(2025, 3, 30), date(2025, 3, 31)
    asked = chain(Kind.MORNING, before - DAY, utc("2025-03-29T00:00"), always(clock), utc("2025-04-01T00:00"))
    assert [due.day for due in asked] == [before, after, after + DAY]
    evenings = chain(Kind.EVENING, before - DAY, utc("2025-03-29T00:00"), always(clock), utc("2025-04-01T00:00"))
    assert [due.day for due in evenings] == [before, swallowed, after]


def prompts_inside(change: Change, zone: str) -> Iterator[tuple[int, date, Timetable]]:
    """Evening times inside a gap or fold under a cut far from it, each as its wall reading and study day."""
    for minute in (change.low // 60, (change.low + change.high) // 120, change.high // 60 - 1):
        cut_hour = (minute // 60 + 12) % 24
        day = local_date((minute - cut_hour * 60) * 60)
        clock = from_cut(zone, cut_hour, 0, (minute - cut_hour * 60) % 1440)
        yield minute * 60, day, always(clock)


def test_in_a_fold_a_prompt_comes_the_first_time() -> None:
    for zone, change, _ in every_change():
        if change.after < change.before:
            for wall, day, timetable in prompts_inside(change, zone):
                first_time = moment(change.at - (change.before - wall))
                assert due_at(Kind.EVENING, day, timetable) == first_time, (timetable, day)


def test_in_a_gap_a_prompt_comes_at_the_first_valid_instant_after() -> None:
    for zone, change, _ in every_change():
        if change.before < change.after:
            for _, day, timetable in prompts_inside(change, zone):
                assert due_at(Kind.EVENING, day, timetable) == moment(change.at), (timetable, day)


@rules
@given(clocks_and_moments(), kinds)
def test_a_prompt_comes_at_the_asked_wall_time_wherever_that_exists(drawn: tuple[Clock, datetime], kind: Kind) -> None:
    clock, now = drawn
    timetable, offsets, place = always(clock), offsets_of(clock.zone), ZoneInfo(clock.zone)
    for day in (now.date() + count * DAY for count in range(-2, 2)):
        wall, due = asked_wall(kind, day, clock), due_at(kind, day, timetable)
        exists = offsets.shows(offsets.reaches(wall)) == wall
        if exists and due != start(day + DAY, timetable) - MINUTE:
            local = due.astimezone(place)
            assert local.replace(tzinfo=UTC, fold=0) == moment(wall)
            assert local.fold == 0


@rules
@given(clocks_and_moments(), kinds)
def test_a_due_never_leaves_its_study_day(drawn: tuple[Clock, datetime], kind: Kind) -> None:
    clock, now = drawn
    timetable = always(clock)
    for day in (now.date() + count * DAY for count in range(-2, 2)):
        due = due_at(kind, day, timetable)
        assert start(day, timetable) <= due <= start(day + DAY, timetable) - MINUTE
        assert study_day(due, timetable) == day


@rules
@given(clocks_and_moments(), kinds, st.integers(0, 12))
def test_any_zone_asks_every_useful_day_and_none_twice_from_any_moment(
    drawn: tuple[Clock, datetime], kind: Kind, days_behind: int
) -> None:
    clock, now = drawn
    timetable, until = always(clock), now + 8 * DAY
    after = now.date() - days_behind * DAY
    assert chain(kind, after, now, timetable, until) == owed(kind, after, now, until, timetable)


def test_a_time_before_the_cut_falls_on_the_next_local_date() -> None:
    timetable = always(at_times("Europe/Paris", "04:00", "07:30", "01:30"))
    assert due_at(Kind.MORNING, date(2026, 5, 10), timetable) == utc("2026-05-10T05:30")
    assert due_at(Kind.EVENING, date(2026, 5, 10), timetable) == utc("2026-05-10T23:30")


def test_a_time_at_the_cut_is_the_first_minute_of_its_own_day() -> None:
    timetable = always(at_times("Europe/Paris", "04:00", "04:00", "03:59"))
    assert due_at(Kind.MORNING, date(2026, 5, 10), timetable) == utc("2026-05-10T02:00")
    assert due_at(Kind.EVENING, date(2026, 5, 10), timetable) == utc("2026-05-11T01:59")


def test_a_prompt_in_new_yorks_gap_stays_a_minute_before_the_next_day_starts() -> None:
    timetable = always(at_times("America/New_York", "03:00", "07:30", "02:30"))
    assert start(date(2026, 3, 8), timetable) == utc("2026-03-08T07:00")
    dues = [due_at(Kind.EVENING, date(2026, 3, day), timetable) for day in (6, 7, 8)]
    assert dues == [utc("2026-03-07T07:30"), utc("2026-03-08T06:59"), utc("2026-03-09T06:30")]


def test_a_morning_helps_until_its_evening_and_an_evening_until_the_next() -> None:
    timetable = always(at_times("Europe/Paris", "04:00", "07:30", "21:00"))
    today = date(2026, 5, 10)
    assert useful_until(Kind.MORNING, today, timetable) == utc("2026-05-10T19:00")
    assert useful_until(Kind.EVENING, today, timetable) == utc("2026-05-11T19:00")


def test_only_morning_and_evening_have_a_time_of_day() -> None:
    with pytest.raises(KeyError):
        due_at(Kind.WELCOME, date(2026, 5, 10), always(from_cut("UTC", 4)))


# The two times


@rules
@given(st.integers(0, 23), st.integers(0, 1439), st.integers(1, 1439))
def test_the_evening_lies_two_hours_after_the_morning_counted_from_the_cut(
    cut_hour: int, morning: int, wait: int
) -> None:
    evening = (morning + wait) % 1440
    minutes_left = 1440 - (morning - cut_hour * 60) % 1440
    fits = 120 <= wait < minutes_left

    def make() -> Clock:
        return Clock(zone="UTC", cut_hour=cut_hour, morning_minute=morning, evening_minute=evening)

    if fits:
        assert make().evening_minute == evening
    else:
        with pytest.raises(ValueError, match="two hours"):
            make()


@pytest.mark.parametrize(
    ("cut", "morning", "evening", "fits"),
    [
        ("04:00", "07:30", "09:30", True),
        ("04:00", "07:30", "09:29", False),
        ("04:00", "07:30", "07:30", False),
        ("04:00", "21:00", "07:30", False),
        ("04:00", "23:30", "01:30", True),
        ("04:00", "03:00", "21:00", False),
        ("10:00", "16:00", "08:30", True),
        ("04:00", "16:00", "08:30", False),
    ],
)
def test_which_two_times_fit_a_cut(cut: str, morning: str, evening: str, *, fits: bool) -> None:
    if fits:
        at_times("UTC", cut, morning, evening)
    else:
        with pytest.raises(ValueError, match="two hours"):
            at_times("UTC", cut, morning, evening)


@pytest.mark.parametrize(
    "wrong",
    [
        {"cut_hour": -1},
        {"cut_hour": 24},
        {"morning_minute": -1},
        {"morning_minute": 1440},
        {"evening_minute": -1},
        {"evening_minute": 1440},
    ],
)
def test_a_cut_and_a_time_lie_within_a_day(wrong: dict[str, int]) -> None:
    with pytest.raises(ValueError, match=r"from 0 to 23|between 00:00 and 23:59"):
        replace(Clock(zone="UTC"), **wrong)
    with pytest.raises(ValueError, match=r"from 0 to 23|between 00:00 and 23:59"):
        replace(NIGHT_SHIFTS, **wrong)


@pytest.mark.parametrize("wrong", [{"cut_hour": 4}, {"evening_minute": 17 * 60 + 59}, {"morning_minute": 9 * 60}])
def test_nights_refuse_two_times_that_do_not_fit_their_cut(wrong: dict[str, int]) -> None:
    with pytest.raises(ValueError, match="two hours"):
        replace(NIGHT_SHIFTS, **wrong)


# Nights


NIGHT_SHIFTS = Nights(
    from_day=date(2026, 6, 3),
    to_day=date(2026, 6, 5),
    cut_hour=10,
    morning_minute=minutes("16:00"),
    evening_minute=minutes("08:30"),
)
LONDON = at_times("Europe/London", "04:00", "07:30", "21:00")


def test_nights_have_their_own_times_and_cut_on_both_their_days_and_between() -> None:
    timetable = always(LONDON, NIGHT_SHIFTS)
    shift = at_times("Europe/London", "10:00", "16:00", "08:30")
    on = [timetable.on(date(2026, 6, day)) for day in range(2, 7)]
    assert on == [LONDON, shift, shift, shift, LONDON]


def test_nights_go_along_with_a_move_in_their_midst() -> None:
    moved = Timetable(
        clocks=((date(2026, 5, 1), LONDON), (date(2026, 6, 4), Clock(zone="America/New_York"))), nights=(NIGHT_SHIFTS,)
    )
    assert due_at(Kind.MORNING, date(2026, 6, 3), moved) == at_wall("Europe/London", "2026-06-03T16:00")
    assert due_at(Kind.MORNING, date(2026, 6, 4), moved) == at_wall("America/New_York", "2026-06-04T16:00")


def test_nights_are_asked_after_waking_and_before_sleep_and_leave_no_day_out() -> None:
    timetable, begin, end = always(LONDON, NIGHT_SHIFTS), utc("2026-06-02T06:00"), utc("2026-06-07T23:00")
    mornings = chain(Kind.MORNING, date(2026, 6, 1), begin, timetable, end)
    assert [(due.day.day, f"{due.due_at.astimezone(ZoneInfo('Europe/London')):%d %H:%M}") for due in mornings] == [
        (2, "02 07:30"),
        (3, "03 16:00"),
        (4, "04 16:00"),
        (5, "05 16:00"),
        (6, "06 10:00"),  # the day after the last night starts when that night is over
        (7, "07 07:30"),
    ]
    evenings = chain(Kind.EVENING, date(2026, 6, 1), begin, timetable, end)
    assert [(due.day.day, f"{due.due_at.astimezone(ZoneInfo('Europe/London')):%d %H:%M}") for due in evenings] == [
        (2, "02 21:00"),
        (3, "04 08:30"),
        (4, "05 08:30"),
        (5, "06 08:30"),
        (6, "06 21:00"),
        (7, "07 21:00"),
    ]


def test_the_first_night_begins_as_usual_and_each_ends_at_its_own_cut() -> None:
    timetable = always(LONDON, NIGHT_SHIFTS)
    turns = [start(date(2026, 6, day), timetable) for day in (2, 3, 4, 5, 6, 7)]
    local = [
        "2026-06-02T04:00",
        "2026-06-03T04:00",
        "2026-06-04T10:00",
        "2026-06-05T10:00",
        "2026-06-06T10:00",
        "2026-06-07T04:00",
    ]
    assert turns == [at_wall("Europe/London", text) for text in local]


def test_nights_after_nights_let_the_last_one_before_keep_its_end() -> None:
    later = replace(NIGHT_SHIFTS, from_day=date(2026, 6, 6), to_day=date(2026, 6, 6), cut_hour=9)
    timetable = always(LONDON, NIGHT_SHIFTS, later)
    turns = [start(date(2026, 6, day), timetable) for day in (6, 7, 8)]
    local = ["2026-06-06T10:00", "2026-06-07T09:00", "2026-06-08T04:00"]
    assert turns == [at_wall("Europe/London", text) for text in local]


SHIFT = at_times("UTC", "09:00", "16:30", "07:30")


def test_the_evening_of_each_night_keeps_its_time_through_every_change_of_clocks() -> None:
    """The last one, too; and the morning after it waits until it is over."""
    for zone, _, day in every_change():
        shift = replace(SHIFT, zone=zone)
        for last in (day - 2 * DAY, day - DAY, day):
            timetable = always(Clock(zone=zone), nights_of(shift, last - 2 * DAY, last))
            for night in (last - 2 * DAY, last - DAY, last):
                for kind in RHYTHMS:
                    assert due_at(kind, night, timetable) == due_at(kind, night, always(shift)), (timetable, night)
            assert due_at(Kind.MORNING, last + DAY, timetable) == start(last + DAY, always(shift)), timetable


@rules
@given(st.data(), clocks_and_moments(), kinds)
def test_on_nights_prompts_come_as_if_it_had_always_been_so_but_for_what_lies_before_the_first_day(
    data: st.DataObject, drawn: tuple[Clock, datetime], kind: Kind
) -> None:
    usual, now = drawn
    shift = data.draw(clocks(usual.zone))
    first = now.date() + data.draw(st.integers(-2, 2)) * DAY
    last = first + data.draw(st.integers(0, 3)) * DAY
    timetable = always(usual, nights_of(shift, first, last))
    for day in (first + count * DAY for count in range(-2, (last - first).days + 4)):
        clock, begins = (shift if first <= day <= last else usual), start(day, timetable)
        plain = due_at(kind, day, always(clock))
        if start(day + DAY, timetable) > begins:  # a gap can leave a day without any length
            assert due_at(kind, day, timetable) == max(plain, begins)
        if day not in {first, last + DAY}:
            assert due_at(kind, day, timetable) == plain


@rules
@given(st.data(), clocks_and_moments(), kinds)
def test_a_due_never_leaves_its_study_day_where_nights_begin_or_end(
    data: st.DataObject, drawn: tuple[Clock, datetime], kind: Kind
) -> None:
    clock, now = drawn
    timetable = always(clock, *data.draw(st.lists(nights_near(now.date()), min_size=1, max_size=2)))
    for day in (now.date() + count * DAY for count in range(-3, 8)):
        begins, ends = start(day, timetable), start(day + DAY, timetable)
        assert begins <= ends
        if begins < ends:
            assert begins <= due_at(kind, day, timetable) < ends
            assert study_day(due_at(kind, day, timetable), timetable) == day


@rules
@given(st.data(), clocks_and_moments(), kinds, st.integers(1, 12))
def test_nights_skip_no_useful_day_and_ask_none_twice_from_any_moment(
    data: st.DataObject, drawn: tuple[Clock, datetime], kind: Kind, days_behind: int
) -> None:
    clock, now = drawn
    nights = data.draw(st.lists(nights_near(now.date()), min_size=1, max_size=2))
    timetable, until = always(clock, *nights), now + 10 * DAY
    after = now.date() - days_behind * DAY
    assert chain(kind, after, now, timetable, until) == owed(kind, after, now, until, timetable)


# Joining, answering late, and outages


@rules
@given(st.data(), clocks_and_moments(), kinds)
def test_who_joins_gets_the_first_prompt_whose_time_is_still_to_come(
    data: st.DataObject, drawn: tuple[Clock, datetime], kind: Kind
) -> None:
    clock, now = drawn
    nights = data.draw(st.lists(nights_near(now.date()), max_size=1))
    timetable = always(clock, *nights)
    to_come = [due for due in owed(kind, now.date() - 3 * DAY, now, now + 5 * DAY, timetable) if due.due_at > now]
    assert first_due(kind, now, timetable) == to_come[0]


@pytest.mark.parametrize(
    ("now", "morning", "evening"),
    [
        pytest.param("2026-05-10T03:59", 10, 10, id="yesterday goes on, but its evening is gone"),
        pytest.param("2026-05-10T07:29", 10, 10, id="before both"),
        pytest.param("2026-05-10T07:30", 11, 10, id="at the very minute"),
        pytest.param("2026-05-10T20:59", 11, 10, id="between the two"),
        pytest.param("2026-05-10T21:00", 11, 11, id="after both"),
    ],
)
def test_who_joins_is_never_asked_for_a_time_gone_by(now: str, morning: int, evening: int) -> None:
    timetable, joined = (
        always(at_times("Europe/Paris", "04:00", "07:30", "21:00")),
        at_wall("Europe/Paris", now),
    )
    assert first_due(Kind.MORNING, joined, timetable).day.day == morning
    assert first_due(Kind.EVENING, joined, timetable).day.day == evening


@rules
@given(clocks_and_moments())
def test_a_day_is_open_from_its_start_until_the_next_days_evening_is_due(
    drawn: tuple[Clock, datetime],
) -> None:
    clock, now = drawn
    timetable = always(clock)
    today = study_day(now, timetable)
    closing = true_due(Kind.EVENING, today, timetable)
    assert open_days(true_start(today, timetable), timetable) == (today, today - DAY)
    assert open_days(closing - INSTANT, timetable) == (today, today - DAY)
    assert open_days(closing, timetable) == (today,)
    assert open_days(true_start(today + DAY, timetable) - INSTANT, timetable) == (today,)
    assert open_days(now, timetable) == ((today, today - DAY) if now < closing else (today,))


@pytest.mark.parametrize(
    ("now", "morning", "evening"),
    [
        pytest.param("2026-06-10T03:00", 10, 9, id="before the cut: the ninth goes on"),
        pytest.param("2026-06-10T07:00", 10, 9, id="before the morning"),
        pytest.param("2026-06-10T12:00", 10, 9, id="late, and both still help"),
        pytest.param("2026-06-10T20:59", 10, 9, id="the last minute"),
        pytest.param("2026-06-10T21:00", 11, 10, id="the evening closes both"),
        pytest.param("2026-06-10T23:00", 11, 10, id="in the night"),
    ],
)
def test_after_an_outage_the_first_prompt_that_still_helps_is_next(now: str, morning: int, evening: int) -> None:
    back, last_planned = at_wall("Europe/London", now), date(2026, 6, 1)
    assert next_due(Kind.MORNING, last_planned, back, always(LONDON)).day == date(2026, 6, morning)
    assert next_due(Kind.EVENING, last_planned, back, always(LONDON)).day == date(2026, 6, evening)


# Changes and moves


def test_a_change_of_clock_holds_from_its_day_on_and_never_moves_a_day_that_is_past() -> None:
    first, second, third = (
        Clock(zone="Asia/Tokyo"),
        Clock(zone="Europe/London"),
        Clock(zone="UTC", cut_hour=6),
    )
    moved = Timetable(clocks=((date(2026, 5, 1), first), (date(2026, 5, 10), second), (date(2026, 5, 12), third)))
    on = {day: moved.on(date(2026, 5, day)) for day in (1, 9, 10, 11, 12, 31)}
    assert on == {1: first, 9: first, 10: second, 11: second, 12: third, 31: third}
    assert moved.on(date(2026, 4, 1)) == first
    assert start(date(2026, 5, 9), moved) == utc("2026-05-08T19:00")
    assert start(date(2026, 5, 10), moved) == utc("2026-05-10T03:00")
    assert start(date(2026, 5, 12), moved) == utc("2026-05-12T06:00")


def test_flying_west_over_the_date_line_repeats_no_day_and_no_morning() -> None:
    auckland, honolulu = Clock(zone="Pacific/Auckland"), Clock(zone="Pacific/Honolulu")
    today, landing = date(2026, 6, 10), at_wall("Pacific/Auckland", "2026-06-10T09:00")
    moved = Timetable(clocks=((date(2026, 6, 1), auckland), (today, honolulu)), latest_day=today)
    assert study_day(landing, replace(moved, latest_day=date.min)) == today - DAY
    assert study_day(landing, moved) == today
    assert study_day(at_wall("Pacific/Honolulu", "2026-06-11T03:59"), moved) == today
    assert study_day(at_wall("Pacific/Honolulu", "2026-06-11T04:00"), moved) == today + DAY
    assert open_days(landing, moved) == (today, today - DAY)
    morning = next_due(Kind.MORNING, today, landing, moved)
    assert (morning.day, morning.due_at) == (today + DAY, at_wall("Pacific/Honolulu", "2026-06-11T07:30"))
    evening = next_due(Kind.EVENING, today - DAY, landing, moved)
    assert (evening.day, evening.due_at) == (today, at_wall("Pacific/Honolulu", "2026-06-10T21:00"))


def test_flying_east_over_the_date_line_can_skip_a_date() -> None:
    honolulu, kiritimati = Clock(zone="Pacific/Honolulu"), Clock(zone="Pacific/Kiritimati")
    today, landing = date(2026, 6, 10), at_wall("Pacific/Honolulu", "2026-06-10T22:00")
    moved = Timetable(clocks=((date(2026, 6, 1), honolulu), (today, kiritimati)), latest_day=today)
    assert study_day(landing, moved) == today + DAY
    morning = next_due(Kind.MORNING, today, landing, moved)
    assert (morning.day, morning.due_at) == (
        today + 2 * DAY,
        at_wall("Pacific/Kiritimati", "2026-06-12T07:30"),
    )


def test_flying_east_in_the_morning_a_late_but_useful_prompt_is_due_at_once() -> None:
    honolulu, kiritimati = Clock(zone="Pacific/Honolulu"), Clock(zone="Pacific/Kiritimati")
    today, landing = date(2026, 6, 10), at_wall("Pacific/Honolulu", "2026-06-10T12:00")
    moved = Timetable(clocks=((date(2026, 6, 1), honolulu), (today, kiritimati)), latest_day=today)
    morning = next_due(Kind.MORNING, today, landing, moved)
    assert (morning.day, morning.due_at) == (today + DAY, at_wall("Pacific/Kiritimati", "2026-06-11T07:30"))
    assert morning.due_at < landing < morning.useful_until


class Over:
    """Nights end sooner than was said."""


@dataclass(frozen=True, slots=True)
class Step:
    """Some time passes, with the program running or not; then the member may change something."""

    wait: timedelta
    running: bool
    change: Clock | Nights | Over | None
    days_in: int = 0
    """Days ahead of today: of the first of the nights, or of the first day after them."""


class Life:
    """One member as the program serves them: each prompt planned when due, then the next one asked for."""

    def __init__(self, clock: Clock, joined: datetime) -> None:
        self.now = joined
        self.timetable = always(clock)
        self.today = study_day(joined, self.timetable)
        self.next = {kind: first_due(kind, joined, self.timetable) for kind in RHYTHMS}
        self.last = {kind: due.day - DAY for kind, due in self.next.items()}
        self.asked: dict[Kind, list[tuple[date, datetime]]] = {kind: [] for kind in RHYTHMS}

    def take(self, step: Step) -> None:
        until = self.now + step.wait
        if step.running:
            self.run(until)
        self.now = until
        self.look()
        if step.change is not None:
            self.change(step.change, step.days_in)
        self.next = {kind: self.ask(kind) for kind in RHYTHMS}

    def run(self, until: datetime) -> None:
        wanted = {kind: owed(kind, self.last[kind], self.now, until, self.timetable) for kind in RHYTHMS}
        since, had = self.now, {kind: len(self.asked[kind]) for kind in RHYTHMS}
        while True:
            due = min(self.next.values(), key=lambda due: due.due_at)
            kind = next(kind for kind in RHYTHMS if self.next[kind] is due)
            if max(self.now, due.due_at) >= until:
                break
            self.now = max(self.now, due.due_at)
            self.plan(kind, due)
        for kind in RHYTHMS:
            times = [(due.day, max(due.due_at, since)) for due in wanted[kind]]
            assert self.asked[kind][had[kind] :] == times, kind

    def plan(self, kind: Kind, due: Due) -> None:
        assert due.day > self.last[kind], "asked twice for one day"
        self.look()
        # a day that a gap leaves without any length is asked for in the minute before it
        assert due.day <= study_day(self.now + MINUTE, self.timetable), "asked for a day that has not come"
        self.asked[kind].append((due.day, self.now))
        self.last[kind] = due.day
        self.next[kind] = self.ask(kind)

    def ask(self, kind: Kind) -> Due:
        return next_due(kind, self.last[kind], self.now, self.timetable)

    def look(self) -> None:
        """Use the study day for something, which is what fixes it."""
        today = study_day(self.now, self.timetable)
        assert today >= self.today, "the current day went back"
        assert open_days(self.now, self.timetable)[0] == today
        self.today = today
        self.timetable = replace(self.timetable, latest_day=today)

    def change(self, change: Clock | Nights | Over, days_in: int) -> None:
        past = [(day, start(day, self.timetable)) for day in (self.today - DAY, self.today - 2 * DAY)]
        begin = self.today + days_in * DAY
        over = tuple(replace(span, to_day=min(span.to_day, begin - DAY)) for span in self.timetable.nights)
        if isinstance(change, Clock):
            kept = tuple(pair for pair in self.timetable.clocks if pair[0] < self.today)
            self.timetable = replace(self.timetable, clocks=(*kept, (self.today, change)))
        elif isinstance(change, Nights):
            span = replace(change, from_day=begin, to_day=begin + (change.to_day - change.from_day))
            self.timetable = replace(self.timetable, nights=(*over, span))
        else:
            self.timetable = replace(self.timetable, nights=over)
        assert [(day, start(day, self.timetable)) for day, _ in past] == past
        assert study_day(self.now, self.timetable) >= self.today, "a change turned the day back"
        self.look()


@st.composite
def steps(draw: st.DrawFn) -> Step:
    clock = st.sampled_from(FAR_APART + CHANGING).flatmap(clocks)
    return Step(
        wait=timedelta(minutes=draw(st.one_of(st.integers(1, 18 * 60), st.integers(1, 80 * 60)))),
        running=draw(st.sampled_from((True, True, True, False))),
        change=draw(st.one_of(clock, st.none(), nights_near(date(2026, 1, 1)), st.just(Over()))),
        days_in=draw(st.integers(0, 2)),
    )


@settings(rules, max_examples=300)
@given(clocks_and_moments(), st.lists(steps(), min_size=2, max_size=10))
def test_moves_nights_and_outages_never_turn_the_day_back_ask_twice_or_leave_a_useful_morning_out(
    drawn: tuple[Clock, datetime], taken: list[Step]
) -> None:
    clock, joined = drawn
    life = Life(clock, joined)
    for step in [*taken, Step(wait=3 * DAY, running=True, change=None)]:
        life.take(step)
    for kind in RHYTHMS:
        days = [day for day, _ in life.asked[kind]]
        assert days == sorted(set(days))
