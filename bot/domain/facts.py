"""What can truly be said about somebody's own days?"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from bot.domain import ledgers
from bot.domain.check_ins import Outcome
from bot.domain.ledgers import FOUR_WEEKS, Ledger

LOW_MOODS = (1, 2)


class FactKind(StrEnum):
    """What a line of fact counts."""

    FIRST = "first"
    QUESTIONS_THIS_WEEK = "questions_this_week"
    KEPT_DAYS = "kept_days"
    KEPT_SO_FAR = "kept_so_far"
    """As KEPT_DAYS, for somebody who has been here for less than four weeks."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """One thing that is true of the member's own days."""

    kind: FactKind
    number: int


def of_evening(ledger: Ledger, day: date) -> Fact | None:
    """What can truly be said after an evening's answer, or nothing.

    Nothing after *Not today* or *Rough day*: a number there would read as a verdict. Nothing beside a low mood
    either: it would read as praise for going on regardless.
    """
    said = ledger.on(day)
    went_well = said.outcome in (Outcome.KEPT, Outcome.SOME) and ledgers.is_kept(ledger, day)
    if not went_well or said.mood in LOW_MOODS:
        return None
    week = ledgers.questions_this_week(ledger, day)
    if said.questions and week > said.questions:
        return Fact(kind=FactKind.QUESTIONS_THIS_WEEK, number=week)
    if len(ledger.records) == 1 and day - ledger.started_day < FOUR_WEEKS:  # an older day may not be at hand
        return Fact(kind=FactKind.FIRST, number=1)
    return kept(ledger, day)


def kept(ledger: Ledger, until: date) -> Fact | None:
    """The count of kept days, from two on; "so far" as long as four weeks have not gone by."""
    number = ledgers.kept_days(ledger, until)
    if number < 2:
        return None
    recent = until - ledger.started_day < FOUR_WEEKS
    return Fact(kind=FactKind.KEPT_SO_FAR if recent else FactKind.KEPT_DAYS, number=number)
