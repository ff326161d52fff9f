"""Is a line open now by its listed hours, until when, and what time is that for whoever asks?

A time in a week is minutes since Monday 00:00 on the clocks of the line's own zone.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta, tzinfo
from functools import lru_cache
from zoneinfo import ZoneInfo

from bot.domain.days import is_zone

DAY = 24 * 60
WEEK = 7 * DAY
"""In minutes."""

SOON = timedelta(hours=24)
"""A time of day says enough of a moment that is no further away."""

_NAMES = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_NAME, _TIME = f"(?:{'|'.join(_NAMES)})", r"(?:[01]\d|2[0-4]):[0-5]\d"
_SHAPE = re.compile(
    rf"(?:(?P<daily>daily)|(?P<first>{_NAME})(?:-(?P<last>{_NAME}))?)"
    rf" (?P<opens>{_TIME})-(?:(?P<end>{_NAME}) )?(?P<closes>{_TIME})"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """A stretch of the week: `opens` from 0 up to WEEK, `closes` after it, and past WEEK if it runs over Sunday."""

    opens: int
    closes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Hours:
    """The hours somebody lists for a line, on the clocks of an IANA zone."""

    zone: str
    spans: tuple[Span, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """Whether the listed hours say open, and the instant in UTC at which that ends; None if it never does."""

    open: bool
    until: datetime | None


@lru_cache(maxsize=256)
def parse(text: str) -> Hours:
    """Hours such as "Mon-Thu 18:00-02:00, Fri 18:00-Mon 06:00 Europe/London" or "daily 08:00-20:00 Asia/Dubai".

    A time up to 24:00; one that closes no later than it opens closes on the next day. Raises ValueError.
    """
    written, _, zone = text.rpartition(" ")
    if not is_zone(zone):
        raise ValueError(f"{text!r} does not end in a time zone such as Europe/London")
    return Hours(zone=zone, spans=tuple(span for part in written.split(", ") for span in _spans(part)))


def standing(hours: Hours, now: datetime) -> Standing:
    """Open or closed at an aware instant, as the clocks of the line's zone stand then."""
    local = now.astimezone(ZoneInfo(hours.zone))
    minute = local.weekday() * DAY + local.hour * 60 + local.minute
    closes = _closes(hours, minute)
    if closes is None:
        opens = min((span.opens - minute) % WEEK for span in hours.spans)
        return Standing(open=False, until=_later(local, opens))
    return Standing(open=True, until=_later(local, closes - minute) if closes - minute < WEEK else None)


def moment(at: datetime, now: datetime, zone: tzinfo | None) -> str:
    """A time in the reader's own zone: "15:00", or "Monday 15:00" when over a day away.

    Without a zone it is Discord's own mark for an instant, which each phone shows in its own zone and manner.
    """
    soon = at - now <= SOON
    if zone is None:
        return f"<t:{int(at.timestamp())}:{'t' if soon else 'F'}>"
    local = at.astimezone(zone)
    return f"{local:%H:%M}" if soon else f"{local:%A %H:%M}"


def _spans(part: str) -> Iterator[Span]:
    shape = _SHAPE.fullmatch(part)
    if shape is None:
        raise ValueError(f"{part!r} is not like 'Mon-Fri 10:00-18:00', 'daily 15:00-03:00' or 'Fri 18:00-Mon 06:00'")
    first = _NAMES.index(shape["first"]) if shape["first"] else 0
    last = _NAMES.index(shape["last"] or shape["first"]) if shape["first"] else 6
    opens, closes = _minutes(shape["opens"]), _minutes(shape["closes"])
    if shape["end"] and (shape["daily"] or shape["last"]):
        raise ValueError(f"{part!r} names one end for several days")
    for day in range(first, first + (last - first) % 7 + 1):
        start = (day % 7) * DAY + opens
        end = _NAMES.index(shape["end"]) * DAY + closes if shape["end"] else start - opens + closes
        if end <= start:
            end += WEEK if shape["end"] else DAY
        yield Span(opens=start % WEEK, closes=start % WEEK + end - start)


def _minutes(text: str) -> int:
    hour, minute = map(int, text.split(":"))
    if hour * 60 + minute > DAY:
        raise ValueError(f"{text!r} is no time of day")
    return hour * 60 + minute


def _closes(hours: Hours, minute: int) -> int | None:
    """The end of the stretch that holds a minute of the week, through spans that follow without a gap; else None."""
    end = minute
    while end - minute < WEEK:
        reached = max((end + _left(span, end) for span in hours.spans), default=end)
        if reached == end:
            break
        end = reached
    return None if end == minute else end


def _left(span: Span, minute: int) -> int:
    """Minutes of a span that are left at a minute of the week, 0 outside of it."""
    inside = (minute - span.opens) % WEEK
    return max(0, span.closes - span.opens - inside)


def _later(local: datetime, minutes: int) -> datetime:
    """The instant at which the clocks of a zone show a time so many minutes later, whatever was put forward or back."""
    day, minute = divmod(local.hour * 60 + local.minute + minutes, DAY)
    date = local.date() + timedelta(days=day)
    then = time(minute // 60, minute % 60, fold=local.fold)  # in an hour that comes twice: not back into the first
    return datetime.combine(date, then, local.tzinfo).astimezone(UTC)
