"""Which study day is it, and when is somebody to be asked?

Every date in the product is a study day from this module. All instants are aware and in UTC.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from functools import lru_cache
from zoneinfo import ZoneInfo, available_timezones

MINUTE = timedelta(minutes=1)
DAY = timedelta(days=1)
MINUTES_A_DAY = 24 * 60
SHORTEST_DAY = 120
"""Minutes that must lie between the morning and the evening time."""


class Kind(StrEnum):
    """What a member is asked, or told, and when; a prompt's kind."""

    MORNING = "morning"
    EVENING = "evening"
    WELCOME = "welcome"


@dataclass(frozen=True, slots=True, kw_only=True)
class Clock:
    """How one member's days lie in local time; the two times are minutes past local midnight, 0 to 1439.

    Times are ordered from the cut: one before the cut belongs to the next local date.
    Raises ValueError unless the evening comes at least two hours after the morning in that order.
    """

    zone: str
    cut_hour: int = 4
    morning_minute: int = 7 * 60 + 30
    evening_minute: int = 21 * 60

    def __post_init__(self) -> None:
        _must_fit(self.cut_hour, self.morning_minute, self.evening_minute)

    def minute_of(self, kind: Kind) -> int:
        """The local minute of a rhythm; raises KeyError for a kind that has none."""
        return {Kind.MORNING: self.morning_minute, Kind.EVENING: self.evening_minute}[kind]


@dataclass(frozen=True, slots=True, kw_only=True)
class Nights:
    """A span of shift work with its own times and its own cut; both days included.

    Each of its days ends at that cut. Raises ValueError as Clock does.
    """

    from_day: date
    to_day: date
    cut_hour: int
    morning_minute: int
    evening_minute: int

    def __post_init__(self) -> None:
        _must_fit(self.cut_hour, self.morning_minute, self.evening_minute)

    def holds(self, day: date) -> bool:
        return self.from_day <= day <= self.to_day


def _must_fit(cut_hour: int, morning_minute: int, evening_minute: int) -> None:
    if not 0 <= cut_hour <= 23:
        raise ValueError(f"a study day is cut at a whole hour from 0 to 23, not {cut_hour}")
    if not (0 <= morning_minute < MINUTES_A_DAY and 0 <= evening_minute < MINUTES_A_DAY):
        raise ValueError("a time of day lies between 00:00 and 23:59")
    morning, evening = ((minute - cut_hour * 60) % MINUTES_A_DAY for minute in (morning_minute, evening_minute))
    if evening - morning < SHORTEST_DAY:
        raise ValueError("the evening time must come at least two hours after the morning time")


@dataclass(frozen=True, slots=True, kw_only=True)
class Timetable:
    """All clocks a member ever had, so that a change never moves a day that is already past.

    `clocks` is in order of its days and not empty; the first also serves the days before it.
    `latest_day` is the last study day already used for this member: the current day never goes back.
    """

    clocks: tuple[tuple[date, Clock], ...]
    nights: tuple[Nights, ...] = ()
    latest_day: date = date.min

    def on(self, day: date) -> Clock:
        """The clock that rules a study day."""
        clock, span = self.ordinary_on(day), self.nights_on(day)
        if span is None:
            return clock
        return Clock(
            zone=clock.zone,
            cut_hour=span.cut_hour,
            morning_minute=span.morning_minute,
            evening_minute=span.evening_minute,
        )

    def ordinary_on(self, day: date) -> Clock:
        """The clock of a study day as it would be without nights."""
        clock = self.clocks[0][1]
        for from_day, later in self.clocks:
            if from_day > day:
                break
            clock = later
        return clock

    def nights_on(self, day: date) -> Nights | None:
        """The nights that a study day belongs to."""
        return next((span for span in self.nights if span.holds(day)), None)

    def begins_at(self, day: date) -> int:
        """The hour at which a study day begins.

        Where nights begin or end, the day before keeps its own end, so that its evening keeps its time: with the
        usual cut at 04:00, the evening after the last night would be asked in the middle of the shift.
        """
        at_an_edge = self.nights_on(day) != self.nights_on(day - DAY)
        return self.on(day - DAY if at_an_edge else day).cut_hour


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """A prompt that will be owed: for which study day, from when, and until when it still helps."""

    day: date
    due_at: datetime
    useful_until: datetime


def start(day: date, timetable: Timetable) -> datetime:
    """The first valid instant at or after the cut on that date; in a fold, the first of the two."""
    return _instant(day, timetable.begins_at(day) * 60, timetable.on(day).zone)


@lru_cache(maxsize=256)  # asked several times for every answer
def study_day(now: datetime, timetable: Timetable) -> date:
    """The greatest day that has started, and never one before `timetable.latest_day`.

    Hours are never subtracted from `now`: that puts the cut an hour off on the days clocks change.
    """
    newest = now.astimezone(UTC).date() + 2 * DAY  # no zone is two dates ahead of UTC
    day = next(day for day in _back_from(newest) if start(day, timetable) <= now)
    return max(day, timetable.latest_day)


def due_at(kind: Kind, day: date, timetable: Timetable) -> datetime:
    """When a rhythm asks for a study day: at its local time, not before its start, and always before the next one's."""
    clock = timetable.on(day)
    minute = clock.minute_of(kind)
    local_date = day if minute >= clock.cut_hour * 60 else day + DAY
    due = max(_instant(local_date, minute, clock.zone), start(day, timetable))
    return min(due, start(day + DAY, timetable) - MINUTE)


def useful_until(kind: Kind, day: date, timetable: Timetable) -> datetime:
    """A morning helps until that day's evening is due, an evening until the next day's evening."""
    return due_at(Kind.EVENING, day if kind is Kind.MORNING else day + DAY, timetable)


def next_due(kind: Kind, after: date, now: datetime, timetable: Timetable) -> Due:
    """The first day after `after` whose prompt can still help at `now`; its `due_at` may be past.

    A day with no useful window left, for instance one swallowed by a move across the date line, is skipped.
    """
    day = max(after + DAY, study_day(now, timetable) - 2 * DAY)
    while True:
        due, until = due_at(kind, day, timetable), useful_until(kind, day, timetable)
        if until > max(now, due):
            return Due(day=day, due_at=due, useful_until=until)
        day += DAY


def first_due(kind: Kind, now: datetime, timetable: Timetable) -> Due:
    """The first prompt of somebody who joins at `now`: never one whose time of day has gone by."""
    today = study_day(now, timetable)
    passed = due_at(kind, today, timetable) <= now
    return next_due(kind, today if passed else today - DAY, now, timetable)


def open_days(now: datetime, timetable: Timetable) -> tuple[date, ...]:
    """The days a check-in may be written for, newest first: today, and yesterday until the evening is due."""
    today = study_day(now, timetable)
    yesterday = today - DAY
    return (today, yesterday) if now < useful_until(Kind.EVENING, yesterday, timetable) else (today,)


def week_start(day: date) -> date:
    """The Monday of a study week."""
    return day - timedelta(days=day.weekday())


@lru_cache(maxsize=1)
def _zones() -> frozenset[str]:
    return frozenset(available_timezones())


def is_zone(name: str) -> bool:
    """Whether the pinned time zone data knows this name."""
    return name in _zones()


def _back_from(day: date) -> Iterator[date]:
    while True:
        yield day
        day -= DAY


@lru_cache(maxsize=65_536)
def _instant(day: date, minute: int, zone: str) -> datetime:
    local = datetime(day.year, day.month, day.day, minute // 60, minute % 60)  # noqa: DTZ001 - a wall clock
    place = ZoneInfo(zone)
    instant = local.replace(tzinfo=place).astimezone(UTC)
    if instant.astimezone(place).replace(tzinfo=None) == local:
        return instant
    return _end_of_gap(local, place)


def _end_of_gap(local: datetime, place: ZoneInfo) -> datetime:
    """The instant the clocks jumped over `local`: found between the two readings of a time that never was."""
    before = int(local.replace(tzinfo=place, fold=1).timestamp())
    after = int(local.replace(tzinfo=place, fold=0).timestamp())
    offset = datetime.fromtimestamp(after, place).utcoffset()
    while after - before > 1:
        middle = (before + after) // 2
        if datetime.fromtimestamp(middle, place).utcoffset() == offset:
            after = middle
        else:
            before = middle
    return datetime.fromtimestamp(after, UTC)
