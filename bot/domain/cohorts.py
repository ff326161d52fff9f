"""When are two names of cohorts the same name, how big is a cohort said to be, and which days does its pause hold?"""

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from bot.domain.days import MINUTES_A_DAY, SHORTEST_DAY, Clock, Timetable, study_day
from bot.domain.errors import UserError

LEAST_COUNTED = 5
"""Members from which on a cohort's number is shown."""
LONGEST_PAUSE = timedelta(days=180)


@dataclass(frozen=True, slots=True, kw_only=True)
class Cut:
    """Where some members' days begin: the hour of the cut in their zone."""

    zone: str
    cut_hour: int


def name_key(name: str) -> str:
    """A name without what nobody can see: case, spacing, forms of one character, invisible characters."""
    seen = "".join(character for character in name if unicodedata.category(character) != "Cf")
    return " ".join(unicodedata.normalize("NFKC", seen).casefold().split())


def shown_size(members: int) -> int | None:
    """The number of members that may be said; None under five, none at all included.

    In a small group, whoever watches the number learns who joined and who left.
    """
    return members if members >= LEAST_COUNTED else None


def days_now(cuts: Iterable[Cut], now: datetime) -> tuple[date, date]:
    """The first and the last study day that is today for somebody in a cohort; the UTC date if nobody is in it.

    A cohort has no zone. A pause from the UTC date on would come too late: in Chicago that is tomorrow's date as soon
    as evening begins, and the evening's prompt would still go out. So a pause begins with the first of these days, and
    ends before the last: no day that somebody spent in it becomes a silent one afterwards.
    """
    days = [study_day(now, _timetable(cut)) for cut in cuts] or [now.astimezone(UTC).date()]
    return min(days), max(days)


def check_last_day(last: date, today: date) -> None:
    """Raises UserError unless a pause may end with that day, which it includes."""
    if not today <= last <= today + LONGEST_PAUSE:
        raise UserError(
            f"A pause can end today or on a day up to {LONGEST_PAUSE.days} days ahead; "
            "without a day it goes on until somebody resumes."
        )


def _timetable(cut: Cut) -> Timetable:
    begin = cut.cut_hour * 60  # the two times do not matter here; they have to be in order
    evening = (begin + SHORTEST_DAY) % MINUTES_A_DAY
    clock = Clock(zone=cut.zone, cut_hour=cut.cut_hour, morning_minute=begin, evening_minute=evening)
    return Timetable(clocks=((date.min, clock),))
