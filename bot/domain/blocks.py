"""What counts as work, and how much of it fits into one entry?"""

import re
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from bot.domain import numbers, scores
from bot.domain.errors import UserError

SMALLEST_BLOCK, LARGEST_BLOCK = 10, 50
"""Questions in a block, by choice of the member; 20 unless they say otherwise."""

PAST_DAYS = 7
"""Study days back for which work can still be written down."""

LAST_ENTRIES = 5
"""How many of the latest entries can be looked at, corrected and taken back."""

LONGEST_NOTE = 300
LONGEST_SITTING = 16 * 60
"""Minutes that one entry may have taken."""


class Work(StrEnum):
    """What is counted, each on its own."""

    QUESTIONS = "questions"
    FLASHCARDS = "flashcards"
    PAGES = "pages"
    VIDEOS = "videos"
    PRACTICE = "practice"
    """Questions of a practice exam."""


MOST = {
    Work.QUESTIONS: 500,
    Work.FLASHCARDS: 3000,
    Work.PAGES: 500,
    Work.VIDEOS: 60,
    Work.PRACTICE: 500,
}
"""What nobody does in one study day; more than this is a slip of the finger."""

HAVE_CORRECT = frozenset({Work.QUESTIONS, Work.PRACTICE})


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """One piece of work as a member wrote it down; `minutes` and `correct` are None where nothing was said.

    Unticked means tutor mode and questions seen before. Raises UserError for numbers that can't be.
    """

    kind: Work = Work.QUESTIONS
    amount: int
    correct: int | None = None
    minutes: int | None = None
    timed: bool = False
    unseen: bool = False
    worked_through: bool = False
    notebook: bool = False

    def __post_init__(self) -> None:
        if not 1 <= self.amount <= MOST[self.kind]:
            raise UserError(f"Any number from 1 to {MOST[self.kind]} works here, such as `20`.")
        if self.correct is not None and not 0 <= self.correct <= self.amount:
            raise UserError("The number correct can't be more than the number done, for example `20/14`.")
        if self.minutes is not None and not 1 <= self.minutes <= LONGEST_SITTING:
            raise UserError(f"Minutes can be 1 to {LONGEST_SITTING}, such as `45`; or leave them out.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A block that is kept, for the study day it was done on."""

    id: int
    study_day: date
    block: Block
    taken_back: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Typed:
    """A block as somebody typed it: "20/14", "45 min"; `ticks` are names of what is true of it."""

    kind: Work = Work.QUESTIONS
    amount: str
    correct: int | None = None
    """Where it was asked for on its own; else it may stand in `amount`."""
    minutes: str = ""
    ticks: frozenset[str] = frozenset()
    day: str = ""
    note: str = ""


def read(typed: Typed, block_size: int) -> Block:
    """What was typed, as numbers. Raises UserError with a sentence that says what would work."""
    if typed.correct is not None and typed.kind not in HAVE_CORRECT:
        raise UserError("A number correct goes with questions; please leave it out here.")
    if typed.correct is None and typed.kind in HAVE_CORRECT:
        score = scores.understand(typed.amount, block_size)
        done, correct = score.done, score.correct
    else:
        done, correct = numbers.count(typed.amount, block_size, MOST[typed.kind]), typed.correct
    return Block(
        kind=typed.kind,
        amount=done,
        correct=correct,
        minutes=_minutes(typed.minutes),
        timed="timed" in typed.ticks,
        unseen="unseen" in typed.ticks,
        worked_through="worked_through" in typed.ticks,
        notebook="notebook" in typed.ticks,
    )


_UNIT = re.compile(r"\s*min(?:ute)?s?\.?\s*$", re.IGNORECASE)


def _minutes(typed: str) -> int | None:
    if not typed.strip():
        return None
    try:
        return numbers.count(_UNIT.sub("", typed), most=LONGEST_SITTING) or None
    except UserError:
        raise UserError("Minutes work as a number, such as `45`.") from None
