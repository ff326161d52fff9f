"""What is a prompt about, before anybody decides how it looks?"""

from dataclasses import dataclass
from datetime import date

from bot.domain.check_ins import Choice, Day, Fact
from bot.domain.days import Clock, Kind
from bot.domain.phases import Phase


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """Facts for one message to one member, all from their own days."""

    prompt_id: int
    kind: Kind
    name: str
    study_day: date
    late: bool
    """It goes out on a later study day than the one it asks about."""
    phase: Phase
    phase_day: int
    """Days since the phase began, 0 on the first."""
    choice: Choice
    day_before: Day | None
    """The study day before, if anything was said about it."""
    kept: Fact | None
    """Kept days up to the day before."""
    clock: Clock
    """The zone and times that rule the study day."""
