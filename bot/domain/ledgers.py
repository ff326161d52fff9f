"""What were, and what are, a member's study days: planned, kept, silent, rest?

Nothing here is stored. Everything is derived from what the member did and chose, day by day, so that no later
change of a setting, no rest, no pause and no outage takes anything back.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum
from fractions import Fraction
from types import MappingProxyType

from bot.domain import goals, weekdays
from bot.domain.blocks import Work
from bot.domain.check_ins import Choice, Outcome
from bot.domain.days import DAY, Timetable, week_start
from bot.domain.goals import EVERY_DAY, Chosen, Goal
from bot.domain.phases import GENTLE, STUDYING, Phase
from bot.domain.silences import LAST_WORD

FOUR_WEEKS = timedelta(days=28)
RESERVES_A_WEEK = 2
CAPACITY_DAYS = 28
"""Planned days that capacity looks back on."""
LEAST_CAPACITY_DAYS = 10
"""Planned days under which capacity is not known."""
FOREVER = date(9999, 12, 31)
"""The last day of a span that is open."""


class DayKind(StrEnum):
    """What a study day is to a member; only a planned one can be silent."""

    BEFORE = "before"
    """Before they joined."""
    GENTLE = "gentle"
    """Just found out, or not ready: nothing is planned."""
    PAUSE = "pause"
    OUTAGE = "outage"
    REST = "rest"
    EXAM_DAY = "exam_day"
    WAITING = "waiting"
    """After the exam, until the member says what comes next."""
    PLANNED = "planned"


class SpanKind(StrEnum):
    """A stretch of days that is not planned."""

    REST = "rest"
    PAUSE = "pause"
    OUTAGE = "outage"


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """Both days included."""

    kind: SpanKind
    from_day: date
    to_day: date

    def holds(self, day: date) -> bool:
        return self.from_day <= day <= self.to_day


@dataclass(frozen=True, slots=True, kw_only=True)
class Enrolment:
    """A place in a cohort, with the study days of its pauses; `to_day` is the last day of the place."""

    from_day: date
    to_day: date
    pauses: tuple[Span, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """What a member said and did on a study day; a zero in `work` is a number that was said."""

    choice: Choice = Choice.NONE
    outcome: Outcome = Outcome.NONE
    mood: int | None = None
    work: Mapping[Work, int] = field(default_factory=lambda: MappingProxyType({}))
    worked_through: int = 0
    """Questions whose explanations were worked through."""
    unseen: int = 0
    """Questions that were not seen before."""
    notebook: bool = False

    @property
    def questions(self) -> int:
        return self.work.get(Work.QUESTIONS, 0)

    @property
    def is_silent(self) -> bool:
        """Nothing said and nothing logged."""
        return not (self.choice or self.outcome or self.work)


SILENCE = Record()


@dataclass(frozen=True, slots=True, kw_only=True)
class Ledger:
    """Everything that one member's days are derived from. Tuples of choices are in order of their days."""

    started_day: date
    timetable: Timetable
    phases: tuple[tuple[date, Phase], ...] = ()
    spans: tuple[Span, ...] = ()
    enrolments: tuple[Enrolment, ...] = ()
    rest_weekdays: tuple[tuple[date, int], ...] = ()
    goals: tuple[Chosen, ...] = ()
    exam_dates: tuple[tuple[date, date | None], ...] = ()
    """The day on which it was said, and the date; None takes it back."""
    records: Mapping[date, Record] = field(default_factory=lambda: MappingProxyType({}))
    """By study day; a day without anything is absent."""

    def on(self, day: date) -> Record:
        """What stands for a study day."""
        return self.records.get(day, SILENCE)


def phase(ledger: Ledger, day: date) -> tuple[Phase, date]:
    """Where the member was on a study day, and since when; not ready before they said anything."""
    found = (Phase.NOT_READY, ledger.started_day)
    for from_day, there in ledger.phases:
        if from_day > day:
            break
        found = (there, from_day)
    return found


def exam_date(ledger: Ledger, day: date) -> date | None:
    """The date of the exam as it stood on a study day."""
    found = None
    for from_day, when in ledger.exam_dates:
        if from_day > day:
            break
        found = when
    return found


def kind(ledger: Ledger, day: date) -> DayKind:
    """What a study day is. A pause outweighs all else, and the exam outweighs rest."""
    if day < ledger.started_day:
        return DayKind.BEFORE
    if is_paused(ledger, day):
        return DayKind.PAUSE
    there, since = phase(ledger, day)
    exam = exam_date(ledger, day)
    if there in GENTLE:
        return DayKind.GENTLE
    if exam == day or there is Phase.EXAM_DAY:
        return DayKind.EXAM_DAY
    if there not in STUDYING or (exam is not None and since <= exam < day):
        return DayKind.WAITING
    if _is_in(ledger, SpanKind.OUTAGE, day):
        return DayKind.OUTAGE
    return DayKind.REST if _is_rest(ledger, day) else DayKind.PLANNED


def is_paused(ledger: Ledger, day: date) -> bool:
    """By the member, or by all of the cohorts that they were in on that day."""
    return _is_in(ledger, SpanKind.PAUSE, day) or _cohorts_paused(ledger, day)


def _is_in(ledger: Ledger, kind: SpanKind, day: date) -> bool:
    return any(span.kind is kind and span.holds(day) for span in ledger.spans)


def _is_rest(ledger: Ledger, day: date) -> bool:
    """Planned by weekday or date, taken, or made so by a rough day."""
    taken = _is_in(ledger, SpanKind.REST, day) or ledger.on(day).outcome is Outcome.ROUGH
    return taken or weekdays.has(rest_mask(ledger, day), day)


def rest_mask(ledger: Ledger, day: date) -> int:
    """The weekdays of rest as they stood on a study day."""
    return next((mask for from_day, mask in reversed(ledger.rest_weekdays) if from_day <= day), 0)


def _cohorts_paused(ledger: Ledger, day: date) -> bool:
    """Somebody in two cohorts is asked as long as one of them goes on."""
    places = [place for place in ledger.enrolments if place.from_day <= day <= place.to_day]
    return bool(places) and all(any(pause.holds(day) for pause in place.pauses) for place in places)


def goals_on(ledger: Ledger, day: date) -> dict[Work, Goal]:
    """The goals of a study day, questions first."""
    chosen = {choice.kind for choice in ledger.goals}
    found = {work: goals.on(ledger.goals, work, day) for work in Work if work in chosen}
    return {work: goal for work, goal in found.items() if goal is not None}


def is_kept(ledger: Ledger, day: date) -> bool:
    """The floor was reached, or the evening said *Kept it* without a number.

    Without a countable goal, *Kept it*, *Some of it* and any work at all count. What kind of day it was does
    not matter: work on a rest day counts, and rest never takes a kept day back.
    """
    return _is_kept(ledger.on(day), goals_on(ledger, day))


def _is_kept(said: Record, aims: Mapping[Work, Goal]) -> bool:
    if not aims:
        return said.outcome in (Outcome.KEPT, Outcome.SOME) or any(said.work.values())
    if any(said.work.get(work, 0) >= goal.floor for work, goal in aims.items()):
        return True
    return said.outcome is Outcome.KEPT and not any(work in said.work for work in aims)


def kept_since(ledger: Ledger, first: date, until: date) -> list[date]:
    """The kept days between two study days, both included, in no order."""
    found: list[date] = []
    aims: dict[tuple[int, int], Mapping[Work, Goal]] = {}  # alike between two choices, but for weekdays of their own
    own = {choice.weekday for choice in ledger.goals}
    for day, said in ledger.records.items():
        if first <= day <= until:
            weekday = day.weekday() if day.weekday() in own else EVERY_DAY
            key = (weekday, sum([choice.from_day <= day for choice in ledger.goals]))
            if key not in aims:
                aims[key] = goals_on(ledger, day)
            if _is_kept(said, aims[key]):
                found.append(day)
    return found


def kept_days(ledger: Ledger, until: date) -> int:
    """Kept days in the four weeks that end with `until`; shown as a count, never against a total."""
    return len(kept_since(ledger, until - FOUR_WEEKS + DAY, until))


def questions_this_week(ledger: Ledger, until: date) -> int:
    """Questions from that week's Monday to `until`, both included."""
    return sum(ledger.on(day).questions for day in _days(week_start(until), until))


def is_silent(ledger: Ledger, day: date) -> bool:
    """A planned day on which nothing was said and nothing logged."""
    return ledger.on(day).is_silent and kind(ledger, day) is DayKind.PLANNED


def reserve_days(ledger: Ledger, week: date, over: date) -> list[date]:
    """The days of a study week that reserves were spent on: its first two silent ones up to `over`.

    `over` is the last day that can't be answered any more: a reserve is never spent on one that still can.
    """
    monday = week_start(week)
    silent = [day for day in _days(monday, min(over, monday + 6 * DAY)) if is_silent(ledger, day)]
    return silent[:RESERVES_A_WEEK]


def capacity(ledger: Ledger, until: date) -> Fraction | None:
    """Questions per planned day over the last 28 planned days up to `until`; None under ten such days.

    Silent days count as zero, and so does *Not today*, which says as much; left out are days that were answered
    without a number, of which nothing is known. The ledger must hold all of these days.
    """
    done: list[int] = []
    day = until
    while day >= ledger.started_day and len(done) < CAPACITY_DAYS:
        said = ledger.on(day)
        if is_known(said) and kind(ledger, day) is DayKind.PLANNED:
            done.append(said.questions)
        day -= DAY
    return Fraction(sum(done), len(done)) if len(done) >= LEAST_CAPACITY_DAYS else None


def is_known(said: Record) -> bool:
    """Whether it is known how many questions were done: by their number, by *Not today*, or by silence about them."""
    if Work.QUESTIONS in said.work or said.outcome is Outcome.NOT_TODAY:
        return True
    return not said.outcome and (bool(said.work) or not said.choice)


def silent_run(ledger: Ledger, last_sign: date, day: date) -> int:
    """Planned days in a row without any sign of life, after `last_sign` and before `day`.

    Counted no further than past the last word: a silence of years must not cost more with every day.
    """
    silent, one = 0, last_sign + DAY
    while one < day and silent <= LAST_WORD:
        silent += kind(ledger, one) is DayKind.PLANNED
        one += DAY
    return silent


def comes_back(ledger: Ledger, day: date) -> bool:
    """Whether a study day is the first after a pause, apart from days of rest right after it."""
    before = day - DAY
    while kind(ledger, before) in (DayKind.REST, DayKind.OUTAGE):
        before -= DAY
    return kind(ledger, before) is DayKind.PAUSE and kind(ledger, day) is not DayKind.PAUSE


def follows_rest(ledger: Ledger, day: date) -> bool:
    """Whether a study day comes after one that a rough day turned into rest: it opens with the floor."""
    return ledger.on(day - DAY).outcome is Outcome.ROUGH


def _days(first: date, last: date) -> list[date]:
    return [first + number * DAY for number in range((last - first).days + 1)]
