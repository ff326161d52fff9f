"""Which encouraging line is true tonight, and which of those is said?"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from zlib import crc32

from bot.domain.facts import FactKind, Facts
from bot.domain.phases import STUDYING, Phase

LEAST_COOL_DOWN = 30
"""Study days in which a member never reads the same line twice."""

LONGEST = 240
"""Characters of a line with its numbers filled in."""


class Tone(StrEnum):
    """How a member likes to be spoken to."""

    PLAIN = "plain"
    WARM = "warm"
    DRY = "dry"
    NONE = "none"
    """No lines at all."""


class Moment(StrEnum):
    """What a line is said after."""

    EVENING = "evening"
    """The evening's answer."""
    LOG = "log"
    """Something was logged for today."""
    GENTLE = "gentle"
    """An evening on which nothing is asked."""


PLACEHOLDERS: Mapping[FactKind, str] = {
    FactKind.PRACTICE_SAT: "practice",
    FactKind.BACK_AFTER_GAP: "gap",
    FactKind.SOME_DONE: "questions",
    FactKind.FLOOR_CHOSEN: "questions",
    FactKind.WORKED_THROUGH: "worked_through",
    FactKind.UNSEEN: "unseen",
    FactKind.PAGES: "pages",
    FactKind.VIDEOS: "videos",
    FactKind.FLASHCARDS: "flashcards",
    FactKind.USUAL_REACHED: "questions",
    FactKind.FLOOR_REACHED: "questions",
    FactKind.KEPT_THIS_WEEK: "kept_week",
    FactKind.QUESTIONS_THIS_WEEK: "questions_week",
    FactKind.KEPT_SO_FAR: "kept_so_far",
    FactKind.KEPT_FOUR_WEEKS: "kept",
    FactKind.QUESTIONS_FOUR_WEEKS: "questions_month",
}
"""The name under which a line writes the number of a fact; it is filled with number and noun, "3 kept days"."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One sentence or two, and when they are true. `cool_down` is in study days."""

    id: str
    said: frozenset[Moment]
    needs: frozenset[FactKind]
    """All of these have to be true."""
    tone: Tone
    phases: frozenset[Phase] = STUDYING
    text: str
    cool_down: int = LEAST_COOL_DOWN
    source: str = ""
    """Where a claim about the world, not about the member, was read."""
    as_of: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """A line with the facts of the day it is said for."""

    line: Line
    true: Facts


@dataclass(frozen=True, slots=True, kw_only=True)
class Spoken:
    """A line that was said to a member, on which study day and after what; `retired` by *Not helpful*."""

    line_id: str
    moment: Moment | None
    day: date | None
    """None where it was never said, only retired."""
    retired: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Listener:
    """Who is spoken to: their tone, where they are, and what was said to them before."""

    member_id: int
    tone: Tone
    stage: Phase
    spoken: Mapping[str, Spoken]
    """By the id of the line."""


def choose(lines: Iterable[Line], true: Facts, moment: Moment, listener: Listener, day: date) -> Line | None:
    """The line for a study day and moment, or None where none is true, or all that are were said lately.

    What was said already for this day and moment is said again while it is true. Otherwise the most particular
    fact comes first, then the member's own tone, then what was not heard for longest.
    """
    known = frozenset(true)
    fitting = [line for line in lines if line.needs <= known and _fits(line, true, moment, listener)]
    for line in fitting:
        said = listener.spoken.get(line.id)
        if said is not None and (said.day, said.moment) == (day, moment):
            return line
    fresh = [line for line in fitting if _is_rested(line, listener, day)]
    return min(fresh, key=lambda line: _rank(line, listener), default=None)


def _fits(line: Line, true: Facts, moment: Moment, listener: Listener) -> bool:
    if moment not in line.said or listener.stage not in line.phases:
        return False
    if FactKind.NOT_TODAY_SAID in true and FactKind.NOT_TODAY_SAID not in line.needs:
        return False  # a bare number after "Not today" would read as a verdict
    if listener.tone is Tone.NONE or line.tone not in (listener.tone, Tone.PLAIN):
        return False
    said = listener.spoken.get(line.id)
    return said is None or not said.retired


def _is_rested(line: Line, listener: Listener, day: date) -> bool:
    said = listener.spoken.get(line.id)
    return said is None or said.day is None or abs(day - said.day) > timedelta(days=line.cool_down)


_ORDER = {kind: number for number, kind in enumerate(FactKind)}


def _rank(line: Line, listener: Listener) -> tuple[int, int, bool, date, int]:
    said = listener.spoken.get(line.id)
    heard = said.day if said is not None and said.day is not None else date.min
    shuffled = crc32(f"{listener.member_id}:{line.id}".encode())  # else everybody would hear the file from its top
    return min(_ORDER[kind] for kind in line.needs), -len(line.needs), line.tone is not listener.tone, heard, shuffled
