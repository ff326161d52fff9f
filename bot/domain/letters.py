"""What is a prompt about, before anybody decides how it looks?"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from bot.domain.blocks import Work
from bot.domain.days import Clock, Kind
from bot.domain.facts import Fact
from bot.domain.goals import Goal
from bot.domain.ledgers import Record
from bot.domain.lines import Said
from bot.domain.phases import Phase
from bot.domain.plans import Shortfall
from bot.domain.silences import Ask
from bot.domain.weeks import Week


class Opening(StrEnum):
    """What a message about the day begins with."""

    PLAIN = "plain"
    AFTER_ROUGH_DAY = "after_rough_day"
    AFTER_PAUSE = "after_pause"
    HOW_ARE_YOU = "how_are_you"
    """After a help card; also of an evening."""
    HERE_WHEN_YOU_WANT = "here_when_you_want"
    """After the card of somebody who was hurt; also of an evening."""


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
    today: Record
    """What stands for the day it asks about."""
    goals: Mapping[Work, Goal]
    opening: Opening
    ask: Ask
    day_before: Record
    day_before_kept: bool
    kept: Fact | None
    """Kept days up to the day before."""
    clock: Clock
    """The zone and times that rule the study day."""
    offline: tuple[datetime, datetime] | None = None
    """The outage in which it, or one that went into it, was due."""
    shortfall: Shortfall | None = None
    """What does not fit before the exam, where this morning is the one to say it."""
    said: Said | None = None
    """A line for an evening on which nothing is asked."""
    week: Week | None = None
    """The study week, where this evening is the one to look back on it."""
