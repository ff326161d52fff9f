"""What does a member mean to do on a study day, and what would be realistic?"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from bot.domain import numbers, weekdays
from bot.domain.blocks import MOST, Work
from bot.domain.errors import UserError

EVERY_DAY = -1
"""In the place of a weekday (0 is Monday): the goal of every day that has none of its own."""

LEAST_USUAL = 5
FLOOR_SHARE = Fraction(2, 5)
STRETCH_SHARE = Fraction(5, 4)
STEP = 5
"""Suggested numbers are multiples of this."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Goal:
    """A floor that always counts as a kept day, the usual, and a stretch. Raises UserError unless they rise."""

    floor: int
    usual: int
    stretch: int

    def __post_init__(self) -> None:
        if not 1 <= self.floor <= self.usual <= self.stretch:
            raise UserError(
                "The floor is the smallest of the three and the stretch the largest, such as `10`, `20`, `30`."
            )

    def __str__(self) -> str:
        return f"{self.floor} / {self.usual} / {self.stretch}"


def of_numbers(kind: Work, floor: int, usual: int, stretch: int | None) -> Goal:
    """A goal as somebody gave it; without a stretch it is 125 % of the usual. Raises UserError."""
    if max(floor, usual, stretch or 0) > MOST[kind]:
        raise UserError(f"Numbers up to {MOST[kind]} a day work here, such as `10`, `20`, `30`.")
    chosen = stretch if stretch is not None else max(usual, min(MOST[kind], _stretch(usual)))
    return Goal(floor=floor, usual=usual, stretch=chosen)


def suggest(capacity: Fraction) -> Goal:
    """From what was really done: usual = capacity rounded to 5, floor = 40 % of it, stretch = 125 % rounded up to 5.

    Neither usual nor floor is less than 5 questions, and nothing is more than a goal may be.
    """
    usual = min(MOST[Work.QUESTIONS], max(LEAST_USUAL, STEP * int(capacity / STEP + Fraction(1, 2))))
    return of_guess(Work.QUESTIONS, usual)


def of_guess(kind: Work, usual: int) -> Goal:
    """A goal around an ordinary day: the floor is 40 % of it, and not less than 5 questions unless the day is.

    Raises UserError.
    """
    least = LEAST_USUAL if kind is Work.QUESTIONS else 1
    return of_numbers(kind, min(usual, max(least, int(usual * FLOOR_SHARE))), usual, None)


def read(kind: Work, typed: Sequence[str], block_size: int) -> Goal | None:
    """The goal in up to three numbers as they were typed: floor, usual and stretch; one alone is the usual.

    "none" or 0 takes a goal back. Raises UserError.
    """
    said = [numbers.count(text, block_size, MOST[kind]) for text in typed if text.strip()]
    if not 1 <= len(said) <= 3:
        raise UserError("Three numbers work here, floor, usual and stretch, such as `10 / 20 / 30`.")
    if not any(said):
        return None
    if len(said) == 1:
        return of_guess(kind, said[0])
    if not said[0]:
        raise UserError("The floor is at least 1: it is the least that still counts as a kept day.")
    return of_numbers(kind, said[0], said[1], said[2] if len(said) == 3 else None)


_NAMED = re.compile(r"\b(?:floor|usual|stretch)\b\s*[:=]?", re.IGNORECASE)
_BETWEEN = (r"/", r";", r"\|", r",(?!\d{3}\b)", r"(?<=\d)\s*[-–]\s*(?=\d)", r"(?<=\d)\s+(?=\d)")
"""What stands between numbers on one line, likeliest first."""


def split(line: str) -> list[str]:
    """The parts of "10 / 20 / 30", "10, 20, 30" or "floor 10 usual 20 stretch 30"."""
    plain = _NAMED.sub(" ", line).strip()
    for between in _BETWEEN:
        if re.search(between, plain):
            return re.split(between, plain)
    return [plain]


def days_of(typed: str) -> int | None:
    """The weekdays, as a mask, for which a goal differs; None where nothing was said. Raises UserError."""
    if not typed.strip():
        return None
    mask = weekdays.understand(typed)
    if mask == weekdays.NO_DAY:
        raise UserError("Days of the week work here, such as `Sat and Sun`; nothing at all means every day.")
    return mask


def _stretch(usual: int) -> int:
    return STEP * -int(-usual * STRETCH_SHARE // STEP)


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """A goal that rules from a study day on; None takes one back."""

    kind: Work
    weekday: int
    from_day: date
    goal: Goal | None


def change(chosen: Iterable[Chosen], kind: Work, goal: Goal | None, days: int | None, from_day: date) -> list[Chosen]:
    """What a member chooses anew when they set a goal, or take it back, for some weekdays or for none in particular.

    Without `days` it is the goal of all days that have none of their own. Naming every day makes all alike, and
    taking it back takes back all of them.
    """
    if days not in (None, weekdays.EVERY_DAY):
        named = [weekday for weekday in range(7) if days >> weekday & 1]
        return [Chosen(kind=kind, weekday=weekday, from_day=from_day, goal=goal) for weekday in named]
    changed = [Chosen(kind=kind, weekday=EVERY_DAY, from_day=from_day, goal=goal)]
    if days is not None or goal is None:
        own = sorted({choice.weekday for choice in chosen if choice.kind is kind} - {EVERY_DAY})
        changed += [Chosen(kind=kind, weekday=weekday, from_day=from_day, goal=None) for weekday in own]
    return changed


def standing(chosen: Iterable[Chosen], kind: Work, day: date) -> dict[int, Goal]:
    """What rules on a study day, by weekday: EVERY_DAY, and the weekdays that differ."""
    newest: dict[int, Chosen] = {}
    for choice in chosen:
        if choice.kind is kind and choice.from_day <= day:
            before = newest.get(choice.weekday)
            if before is None or before.from_day <= choice.from_day:
                newest[choice.weekday] = choice
    return {weekday: choice.goal for weekday, choice in newest.items() if choice.goal is not None}


def on(chosen: Iterable[Chosen], kind: Work, day: date) -> Goal | None:
    """The goal of a study day: that of its weekday if one stands, else that of every day, else none."""
    weekday = day.weekday()
    own: Chosen | None = None
    every: Chosen | None = None
    for choice in chosen:
        if choice.kind is not kind or choice.from_day > day:
            continue
        if choice.weekday == weekday and (own is None or own.from_day <= choice.from_day):
            own = choice
        elif choice.weekday == EVERY_DAY and (every is None or every.from_day <= choice.from_day):
            every = choice
    if own is not None and own.goal is not None:
        return own.goal
    return every.goal if every is not None else None
