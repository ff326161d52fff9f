"""Does what is left until the exam fit, at the pace of the member's own days?"""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from fractions import Fraction

from bot.domain import dates, ledgers, numbers
from bot.domain.check_ins import Outcome
from bot.domain.days import DAY
from bot.domain.errors import UserError
from bot.domain.facts import LOW_MOODS
from bot.domain.ledgers import DayKind, Ledger
from bot.domain.phases import GENTLE, Phase

MOST_LEFT = 10_000
"""Questions; no question bank has more."""
FARTHEST = timedelta(days=731)
"""How far ahead a date may lie: two years."""
SAID_AGAIN = timedelta(days=7)
"""Between two times that it is said unasked; so never twice in one study week, nor on a Sunday and the next day."""
LAST_DAYS = timedelta(days=7)
"""Before the exam, in which it isn't said unasked any more: little could be decided, and sleep would suffer."""

_NONE = frozenset({"none", "no", "nope", "no date", "never", "nothing", "not yet", "-", "–"})
_LOOKED_AT = frozenset({DayKind.PLANNED, DayKind.REST, DayKind.OUTAGE})
"""Days on which a plan is looked at; not on the gentle path, in a pause, or once the exam is there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Left:
    """Questions that are still to be done; `unseen` were never done before."""

    unseen: int
    seen: int

    @property
    def total(self) -> int:
        return self.unseen + self.seen

    def before(self, unseen: int, others: int) -> "Left":
        """What it was before so many more were done on the same day."""
        return Left(unseen=self.unseen + unseen, seen=self.seen + others)

    def after(self, unseen: int, others: int) -> "Left":
        """What remains of it after so many more were done; never less than nothing.

        Questions that were not ticked as unseen are taken from those seen before, and where none of these is left,
        from the others: whoever logs without ticks gets through them all the same.
        """
        over = max(0, others - self.seen)
        return Left(unseen=max(0, self.unseen - unseen - over), seen=max(0, self.seen - others))


@dataclass(frozen=True, slots=True, kw_only=True)
class Shortfall:
    """More is left than fits: `fits` questions of `left` before the day of the exam."""

    left: int
    fits: int
    exam: date


def read_date(typed: str, today: date) -> date | None:
    """The date of the exam in somebody's words; None takes it back. Raises UserError."""
    if typed.strip().casefold().rstrip(".!") in _NONE:
        return None
    exam = dates.understand(typed, today)
    if not today <= exam <= today + FARTHEST:
        example = dates.written(today + 60 * DAY)
        raise UserError(f"A date from today to two years ahead works here, such as `{example}`; `none` takes it back.")
    return exam


def read_left(unseen: str, seen: str, known: Left | None, block_size: int) -> Left:
    """The questions left in somebody's words; what they leave out stays as it is known. Raises UserError."""
    known = known or Left(unseen=0, seen=0)
    if not unseen.strip() and not seen.strip():
        raise UserError("One number is enough, such as `1400` unseen questions.")
    return Left(unseen=_count(unseen, known.unseen, block_size), seen=_count(seen, known.seen, block_size))


def _count(typed: str, known: int, block_size: int) -> int:
    return numbers.count(typed, block_size, MOST_LEFT) if typed.strip() else known


def phase_with(exam: date | None, phase: Phase) -> Phase:
    """Where somebody is once they gave a date, or took it back; nobody is moved out of the gentle path by it."""
    if phase in GENTLE:
        return phase
    if exam is not None:
        return Phase.EXAM_BOOKED
    return Phase.REBUILDING if phase in (Phase.EXAM_BOOKED, Phase.LAST_STRETCH) else phase


def shortfall(ledger: Ledger, left: Left, today: date, over: date) -> Shortfall | None:
    """What does not fit into the planned days before the exam, at the member's capacity up to the day `over`.

    Today is one of them as long as no questions are logged for it. None where everything fits, where date or
    capacity is not known, and where no day is left between.
    """
    exam = ledgers.exam_date(ledger, today)
    if exam is None or ledgers.kind(ledger, today) not in _LOOKED_AT:
        return None
    first = today + DAY if ledger.on(today).questions else today
    capacity = ledgers.capacity(ledger, over)
    if capacity is None or exam - today <= DAY:
        return None
    fits = _fits(ledger, capacity, first, exam, left.total)
    return Shortfall(left=left.total, fits=int(fits), exam=exam) if left.total > fits else None


def _fits(ledger: Ledger, capacity: Fraction, first: date, exam: date, enough: int) -> Fraction:
    """Questions that fit before the exam; counting ends at `enough`, which is soon for most."""
    fits, day = Fraction(0), first
    while day < exam and fits < enough and capacity:
        if ledgers.kind(ledger, day) is DayKind.PLANNED:
            fits += capacity
        day += DAY
    return fits


def suffices(ledger: Ledger, since: date, over: date) -> bool:
    """Whether the records from `since` on decide the capacity, whatever was done on the days before.

    Left out, and counted as silent, those days come to the same only where they aren't looked at. Where nothing was
    done at all that can't be told.
    """
    known = replace(ledger, records={day: said for day, said in ledger.records.items() if day >= since})
    without = ledgers.capacity(replace(known, started_day=max(ledger.started_day, since)), over)
    return ledger.started_day >= since or (without != 0 and without == ledgers.capacity(known, over))


def may_say(ledger: Ledger, day: date) -> bool:
    """Whether a morning is one on which it may be said unasked: not after a hard day, and not close to the exam."""
    exam, before = ledgers.exam_date(ledger, day), ledger.on(day - DAY)
    if exam is None or exam - day <= LAST_DAYS or ledgers.kind(ledger, day) is not DayKind.PLANNED:
        return False
    if before.outcome in (Outcome.NOT_TODAY, Outcome.ROUGH) or before.mood in LOW_MOODS:
        return False
    return not ledgers.comes_back(ledger, day)


def is_due(said_on: date | None, day: date) -> bool:
    """Whether it may be said again; `said_on` is the study day of the last time."""
    return said_on is None or day - said_on >= SAID_AGAIN
