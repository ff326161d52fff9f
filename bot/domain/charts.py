"""What does a picture of somebody's days show, before anybody draws it?"""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """One study day. `questions` is None where none were done, whatever the reason: such a day is blank."""

    day: date
    questions: int | None = None
    floor: int | None = None
    """The floor of questions as it stood on that day; None without such a goal."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart:
    """Study days in order, seven or 28 of them."""

    bars: tuple[Bar, ...]
