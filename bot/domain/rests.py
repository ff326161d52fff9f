"""Which days are rest, a pause or nights, and when do nights ask?"""

from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from typing import TypeVar

from bot.domain import dates
from bot.domain.days import DAY, MINUTES_A_DAY, SHORTEST_DAY, Nights, Timetable, study_day
from bot.domain.errors import UserError
from bot.domain.ledgers import FOREVER

DAYS_BACK = 7
"""How far a pause may reach back."""
DAYS_AHEAD = 365
"""How far rest may be planned, and a pause may last."""
LONGEST_NIGHTS = 60
"""Days ahead on which nights may end."""
AFTER_WAKING = 30
"""Minutes from waking to the morning's message."""
BEFORE_SLEEP = 60
"""Minutes from the evening's message to sleep."""
SHORTEST_SLEEP = 60
"""Minutes; in every hour lies a whole one of the clock, at which the day can end."""

D = TypeVar("D", date, tuple[date, date])

NO_TIME_ASLEEP = "Between sleep and waking there has to be an hour, such as sleep at `8:30` and waking at `16:00`."
NO_TIME_AWAKE = (
    "Between waking and sleep there have to be three and a half hours, such as waking at `16:00` and sleep at `8:30`."
)


class Near(StrEnum):
    """The study days that somebody may call rest at once."""

    TODAY = "today"
    YESTERDAY = "yesterday"


@dataclass(frozen=True, slots=True, kw_only=True)
class Shift:
    """A day around a night of work: when its two messages come, and at which hour it ends."""

    cut_hour: int
    morning_minute: int
    evening_minute: int


def near(day: date | Near, today: date) -> date:
    """The study day that is meant."""
    if day is Near.TODAY:
        return today
    return today - DAY if day is Near.YESTERDAY else day


def shift(wake: int, sleep: int) -> Shift:
    """The shift of somebody who wakes and falls asleep at these minutes past midnight.

    It is cut at the first whole hour after falling asleep, but not before midnight when they wake on the next date:
    a day bears the date of the morning on which it is lived. Raises UserError for times that no day holds.
    """
    cut_hour = 0 if wake < sleep else sleep // 60 + 1
    if (wake - sleep) % MINUTES_A_DAY < SHORTEST_SLEEP:
        raise UserError(NO_TIME_ASLEEP)
    if (sleep - wake) % MINUTES_A_DAY < AFTER_WAKING + SHORTEST_DAY + BEFORE_SLEEP:
        raise UserError(NO_TIME_AWAKE)
    return Shift(
        cut_hour=cut_hour,
        morning_minute=(wake + AFTER_WAKING) % MINUTES_A_DAY,
        evening_minute=(sleep - BEFORE_SLEEP) % MINUTES_A_DAY,
    )


def wake_and_sleep(nights: Nights) -> tuple[int, int]:
    """What somebody said when these nights began, in minutes past midnight."""
    return (
        (nights.morning_minute - AFTER_WAKING) % MINUTES_A_DAY,
        (nights.evening_minute + BEFORE_SLEEP) % MINUTES_A_DAY,
    )


def nights_from(timetable: Timetable, times: Shift, until: date, now: datetime) -> Nights:
    """Nights that begin today, in the place of those that run; tomorrow where today would be over by their cut.

    The study day that it is stays the one that it is.
    """
    today = study_day(now, timetable)
    nights = Nights(
        from_day=today,
        to_day=max(until, today),
        cut_hour=times.cut_hour,
        morning_minute=times.morning_minute,
        evening_minute=times.evening_minute,
    )
    before = without_nights(timetable, today)
    if study_day(now, replace(before, nights=(*before.nights, nights))) == today:
        return nights
    return replace(nights, from_day=today + DAY, to_day=max(until, today + DAY))


def last_night(timetable: Timetable, now: datetime) -> date:
    """The day with which nights end at once: yesterday, or today where their cut alone still holds it."""
    today = study_day(now, timetable)
    ends_now = study_day(now, without_nights(timetable, today)) == today
    return today - DAY if ends_now else today


def without_nights(timetable: Timetable, from_day: date) -> Timetable:
    """The timetable whose nights end before a day."""
    over = [replace(span, to_day=min(span.to_day, from_day - DAY)) for span in timetable.nights]
    return replace(timetable, nights=tuple(span for span in over if span.from_day <= span.to_day))


def until_night(text: str, today: date) -> date:
    """The last day of nights as typed. Raises UserError for one that can't be."""
    last = dates.understand(text, today)
    if not today <= last <= today + LONGEST_NIGHTS * DAY:
        raise UserError(f"Nights can end today or up to {LONGEST_NIGHTS} days ahead, such as `Friday`.")
    return last


def pause_days(until: str, since: str, today: date) -> tuple[date, date]:
    """The first and the last day of a pause as typed; open where no last day was. Raises UserError."""
    first = dates.understand(since, today, past=DAYS_BACK) if since.strip() else today
    if not today - DAYS_BACK * DAY <= first <= today:
        raise UserError("A pause can begin today or up to seven days back, such as `yesterday`.")
    if not until.strip():
        return first, FOREVER
    last = _likely(dates.understand(until, today), dates.understand(until, today, past=DAYS_BACK))
    if not first <= last <= today + DAYS_AHEAD * DAY:
        raise UserError(
            "A pause can end between its first day and a year from now, such as `Friday`; "
            "without a last day it goes on until you say so."
        )
    return first, last


def rest_dates(text: str, today: date, first_open: date) -> tuple[date, date]:
    """The first and the last day of planned rest as typed. Raises UserError for days that are closed or far away."""
    planned = dates.span(text, today, past=(today - first_open).days)
    first, last = _likely(planned, dates.span(text, today, past=DAYS_BACK))
    if not first_open <= first <= last <= today + DAYS_AHEAD * DAY:
        since = "yesterday" if first_open < today else "today"
        raise UserError(f"Rest can be planned from {since} up to a year ahead; `/rest pause` reaches a week back.")
    return first, last


def _likely(ahead: D, back: D) -> D:
    """A date that was named without its year: a few days ago is likelier than nearly a year from now."""
    apart = _first(ahead) - _first(back)
    return back if apart > DAYS_AHEAD * DAY / 2 else ahead


def _first(days: date | tuple[date, date]) -> date:
    return days if isinstance(days, date) else days[0]
