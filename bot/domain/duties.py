"""When is a moderator on duty, and when can a cohort's volunteers be asked at all?"""

import re
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.domain import clock_times, weekdays
from bot.domain.clock_times import DAY
from bot.domain.days import DAY as ONE_DAY
from bot.domain.errors import UserError

OPEN_CAP = 3
"""Requests that one moderator may hold at a time."""
ENOUGH = 2
"""Moderators who open a queue by being named; one alone has to confirm."""

_WHOLE_DAY = frozenset({"always", "any time", "anytime", "all day", "whole day", "24 hours", "24h", "all"})
_BETWEEN = re.compile(r" ?(?:-| to | till | til | until ) ?")
_HALF = re.compile(r"[ap]\.?m\.?$")


@dataclass(frozen=True, slots=True, kw_only=True)
class Duty:
    """What a moderator said about when they can be asked; off until they say otherwise."""

    on_duty: bool = False
    duty_weekdays: int = weekdays.EVERY_DAY
    """A mask of the days on which the hours begin."""
    duty_from_minute: int = 0
    duty_to_minute: int = DAY
    """Minutes past midnight in `zone`; a smaller end is on the next day."""
    zone: str = "UTC"
    off_until: datetime | None = None
    open_cap: int = OPEN_CAP


def is_on(duty: Duty, now: datetime) -> bool:
    """Whether a moderator can be asked right now."""
    if not duty.on_duty or is_off(duty, now):
        return False
    local = now.astimezone(ZoneInfo(duty.zone))
    minute, begins, ends = local.hour * 60 + local.minute, duty.duty_from_minute, duty.duty_to_minute
    if begins < ends:
        return begins <= minute < ends and weekdays.has(duty.duty_weekdays, local.date())
    if minute >= begins:
        return weekdays.has(duty.duty_weekdays, local.date())
    return minute < ends and weekdays.has(duty.duty_weekdays, local.date() - ONE_DAY)


def is_off(duty: Duty, now: datetime) -> bool:
    """Whether a moderator is away for some days."""
    return duty.off_until is not None and now < duty.off_until


def is_open(named: int, confirmed: bool) -> bool:
    """Whether volunteers can be asked: two are named, or one who confirmed to be alone."""
    return named >= ENOUGH or (named == 1 and confirmed)


def understand_hours(text: str) -> tuple[int, int]:
    """From and to in minutes past midnight, as somebody means them by "18-22", "6 to 10 pm" or "always".

    Hours may run over midnight. Raises UserError with a sentence that says what works.
    """
    said = weekdays.plain(text).strip()
    if said in _WHOLE_DAY:
        return 0, DAY
    parts = _BETWEEN.split(said)
    try:
        begins, ends = _both(*parts) if len(parts) == 2 else _unclear()
    except UserError:
        raise UserError("Hours work here as `18-22`, `6 pm to 10 pm`, `22:00-02:00` or `always`.") from None
    return (0, DAY) if begins == ends else (begins, ends or DAY)


def _both(first: str, last: str) -> tuple[int, int]:
    """The half of the day that stands at the end holds for both, unless the first would then come later."""
    ends = clock_times.understand(last)
    half = _HALF.search(last)
    if half and not _HALF.search(first):
        begins = clock_times.understand(f"{first} {half[0]}")
        if begins < (ends or DAY):
            return begins, ends
    return clock_times.understand(first), ends


def _unclear() -> tuple[int, int]:
    raise UserError("No hours.")
