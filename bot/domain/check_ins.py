"""What can a member say about a study day?"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

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
    """Known only where it was asked for; `has_line` always says whether there is one."""
    has_line: bool = False
    version: int = 0


def already(check_in: CheckIn, said: Choice | Outcome) -> Choice | Outcome:
    """What an answer would replace; a morning's choice replaces a rough day too, for the day is rest then."""
    if isinstance(said, Choice) and check_in.outcome is not Outcome.ROUGH:
        return check_in.choice
    return check_in.outcome
