"""What do the days after a help card look like, and which messages of theirs are still wanted?"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from bot.domain import ledgers, prompts
from bot.domain.check_ins import Outcome
from bot.domain.days import DAY, Kind, Timetable, due_at, start, study_day
from bot.domain.ledgers import DayKind, Ledger
from bot.domain.letters import Opening
from bot.domain.silences import Ask

QUIET_LASTS = timedelta(hours=48)
HEARS = frozenset({DayKind.PLANNED, DayKind.REST, DayKind.OUTAGE, DayKind.GENTLE})
"""Days on which somebody who was hurt hears once that I am here; a pause, an exam and its waiting stay silent."""


class Next(StrEnum):
    """What somebody chooses for the days after a card."""

    TOMORROW = "tomorrow"
    """What holds unless something else is chosen."""
    QUIET = "quiet"
    CARRY_ON = "carry_on"


@dataclass(frozen=True, slots=True, kw_only=True)
class Quiet:
    """What stands after a card; an instant gone by means nothing any more."""

    until: datetime | None = None
    opening: Opening | None = None
    """How the next message opens, once; None where nothing is owed."""

    def holds(self, at: datetime) -> bool:
        """Whether no message goes out at that instant."""
        return self.until is not None and at < self.until


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """What a choice comes to: until when it is quiet, and the study days that are not planned because of it."""

    quiet: Quiet
    days: tuple[date, date] | None = None
    """The first and the last, both included."""


def chosen(choice: Next, now: datetime, timetable: Timetable) -> Course:
    """The course of a choice made now. A day whose evening falls into the quiet is not planned: nothing is missed."""
    until = _until(choice, now, timetable)
    days = None if until is None else _quiet_days(now, until, timetable)
    return Course(quiet=Quiet(until=until, opening=Opening.HOW_ARE_YOU), days=days)


def hurt(now: datetime, timetable: Timetable) -> Course:
    """Quiet until tomorrow's evening, and then one word in the place of a question; neither day is planned."""
    today = study_day(now, timetable)
    tomorrow = today + DAY
    until = due_at(Kind.EVENING, tomorrow, timetable)
    first = today if now < due_at(Kind.EVENING, today, timetable) else tomorrow
    return Course(quiet=Quiet(until=until, opening=Opening.HERE_WHEN_YOU_WANT), days=(first, tomorrow))


def is_by_choice(quiet: Quiet, now: datetime, timetable: Timetable) -> bool:
    """Whether what runs now was chosen with a button: a card alone never brings two days of quiet."""
    by_itself = (_until(Next.TOMORROW, now, timetable), hurt(now, timetable).quiet.until)
    return quiet.holds(now) and quiet.until not in by_itself


def wanted(ledger: Ledger, kind: Kind, day: date, due: datetime, quiet: Quiet, ask: Ask = Ask.AS_USUAL) -> bool:
    """As `prompts.wanted`, for somebody who may have seen a card."""
    if quiet.holds(due):
        return False
    if quiet.opening is Opening.HERE_WHEN_YOU_WANT and kind is Kind.EVENING:
        return ledger.on(day).outcome is Outcome.NONE and ledgers.kind(ledger, day) in HEARS
    return prompts.wanted(ledger, kind, day, ask)


def _until(choice: Next, now: datetime, timetable: Timetable) -> datetime | None:
    match choice:
        case Next.TOMORROW:
            return start(study_day(now, timetable) + DAY, timetable)
        case Next.QUIET:
            return now + QUIET_LASTS
        case Next.CARRY_ON:
            return None


def _quiet_days(now: datetime, until: datetime, timetable: Timetable) -> tuple[date, date] | None:
    """From the first day whose evening is still to come to the last whose evening falls into the quiet."""
    first = study_day(now, timetable)
    if due_at(Kind.EVENING, first, timetable) <= now:
        first += DAY
    last = first - DAY
    while due_at(Kind.EVENING, last + DAY, timetable) < until:
        last += DAY
    return (first, last) if last >= first else None
