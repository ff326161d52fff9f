"""What did a member say about a study day, and does the day count as kept?"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

FOUR_WEEKS = timedelta(days=28)
LONGEST_LINE = 500
"""Characters of the one line of an evening; what a phone can still show and a modal can hold."""


class Choice(StrEnum):
    """A morning's answer; `NONE` is silence, which is not a low answer."""

    NONE = ""
    USUAL = "usual"
    FLOOR = "floor"


class Outcome(StrEnum):
    """An evening's answer. `ROUGH` makes the day a rest day, at any hour."""

    NONE = ""
    KEPT = "kept"
    SOME = "some"
    NOT_TODAY = "not_today"
    ROUGH = "rough"


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckIn:
    """One member's entry for one study day; `version` counts its changes, 0 before the first."""

    study_day: date
    choice: Choice = Choice.NONE
    outcome: Outcome = Outcome.NONE
    questions: int | None = None
    mood: int | None = None
    line: str = ""
    version: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """What one study day holds, for counting."""

    study_day: date
    outcome: Outcome
    questions: int = 0


History = Mapping[date, Day]
"""A member's own days by date; a day without an entry is absent, never a zero."""


def already(check_in: CheckIn, said: Choice | Outcome) -> Choice | Outcome:
    """What an answer would replace; a morning's choice replaces a rough day too, for the day is rest then."""
    if isinstance(said, Choice) and check_in.outcome is not Outcome.ROUGH:
        return check_in.choice
    return check_in.outcome


def is_kept(outcome: Outcome) -> bool:
    """Without a countable goal, some of it counts as well as kept it."""
    return outcome in (Outcome.KEPT, Outcome.SOME)


def kept_days(history: History, until: date) -> int:
    """Kept days in the four weeks that end with `until`; shown as a count, never against a total."""
    return sum(is_kept(day.outcome) for day in _window(history, until, FOUR_WEEKS))


def questions_this_week(history: History, until: date) -> int:
    """Questions from that week's Monday to `until`, both included."""
    return sum(day.questions for day in _window(history, until, timedelta(days=until.weekday() + 1)))


def _window(history: History, until: date, length: timedelta) -> list[Day]:
    return [day for when, day in history.items() if until - length < when <= until]


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


LOW_MOODS = (1, 2)


def evening_fact(history: History, day: date, started: date, mood: int | None) -> Fact | None:
    """What can truly be said after an evening's answer, or nothing.

    Nothing after *Not today* or *Rough day*: a number there would read as a verdict. Nothing beside a low mood
    either: it would read as praise for going on regardless.
    """
    said = history.get(day)
    if said is None or not is_kept(said.outcome) or mood in LOW_MOODS:
        return None
    week = questions_this_week(history, day)
    if said.questions and week > said.questions:
        return Fact(kind=FactKind.QUESTIONS_THIS_WEEK, number=week)
    if len(history) == 1:
        return Fact(kind=FactKind.FIRST, number=1)
    return kept_fact(history, day, started)


def kept_fact(history: History, until: date, started: date) -> Fact | None:
    """The count of kept days, from two on; "so far" as long as four weeks have not gone by."""
    kept = kept_days(history, until)
    if kept < 2:
        return None
    recent = until - started < FOUR_WEEKS
    return Fact(kind=FactKind.KEPT_SO_FAR if recent else FactKind.KEPT_DAYS, number=kept)
