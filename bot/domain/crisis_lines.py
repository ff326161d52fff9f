"""How is one line said on a card, and which of several comes first at this hour?"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from enum import IntEnum

from bot.domain import opening_hours
from bot.domain.crisis import ALL_HOURS, CHECK_SITE, Card, Here, Line, Role

NUMBERS_SHOWN = 2
"""Numbers of one line that the card shows; the others are under More lines."""

FOR_OTHERS = "also for people who worry about someone"


class Now(IntEnum):
    """Whether somebody answers at this hour, the likeliest first; nothing that is unknown counts as open."""

    OPEN = 0
    UNKNOWN = 1
    CLOSED = 2


def at_this_hour(line: Line, now: datetime | None) -> Now:
    """What the data says of an aware instant; listed hours may have changed, and are never more than listed."""
    if line.hours in ALL_HOURS:
        return Now.OPEN
    if line.listed is None or now is None:
        return Now.UNKNOWN
    return Now.OPEN if opening_hours.standing(line.listed, now).open else Now.CLOSED


def open_first(lines: Iterable[Line], now: datetime | None) -> list[Line]:
    """Open ones first, those listed as closed last; otherwise in their own order, and all of it if `now` is None."""
    return sorted(lines, key=lambda line: at_this_hour(line, now) if now else Now.OPEN)


def on_the_card(line: Line, here: Here, *, first: bool, kind: Card = Card.SELF) -> str:
    """A line on a card: its first numbers, and hours and language only where they could surprise."""
    ways = [f"call {either(line.call[:NUMBERS_SHOWN])}"] if {*line.on_card} != {Role.TEXT} else []
    ways += _written(line)[:1] if Role.TEXT in line.on_card else []
    start = "or " if Role.NEXT in line.on_card and not first else ""
    return _said(line, ways, here, start=start, end=FOR_OTHERS if kind is Card.OTHER and line.others else "")


def with_all_ways(line: Line, here: Here) -> str:
    """A line that the ordinary card leaves out, where a card of its own is about it."""
    return _said(line, _all_ways(line), here)


def entry(line: Line, here: Here) -> str:
    """A line under More lines, with all that is known of it."""
    region = f" ({line.region})" if line.region else ""
    audience = "" if line.audience == "anyone" else f", for {line.audience}"
    hours = _hours(line, here, site="the site" if line.chat else "")
    language = f"in {either(line.languages)}" if line.languages else ""
    site = link(line.web) if line.web and not line.chat and line.hours != CHECK_SITE else ""
    facts = (_ways(_all_ways(line)), hours, language, line.note.rstrip("."), site)
    return f"**{line.name}**{region}{audience}\n{'. '.join(_capital(fact) for fact in facts if fact)}."


def has_more(line: Line) -> bool:
    """Whether More lines can add a number, another way to reach this line, or a remark."""
    if not line.on_card or line.note or len(line.call) > NUMBERS_SHOWN:
        return True
    return len(_written(line)) + bool(line.call) > len(line.on_card)


def either(words: Sequence[str]) -> str:
    """For example "one, two or three"."""
    return " or ".join(filter(None, (", ".join(words[:-1]), words[-1])))


def link(address: str) -> str:
    """An address without its scheme as a link; the brackets keep Discord from adding a preview."""
    return f"<https://{address}>"


def _said(line: Line, ways: Sequence[str], here: Here, *, start: str = "", end: str = "") -> str:
    language = f"in {either(line.languages)}" if line.languages and "English" not in line.languages else ""
    region = f"{line.region} only" if line.region else ""
    details = ", ".join(part for part in (line.name, _hours(line, here), language, region, end) if part)
    return f"**{_capital(start + _ways(ways))}**: {details}."


def _hours(line: Line, here: Here, *, site: str = "") -> str:
    """When somebody answers; `site` stands for its address where that is already said."""
    listed, site = _listed(line, here), site or link(line.web)
    if line.hours == CHECK_SITE:
        return f"{listed} (check {site})" if listed else f"check {site} for hours"
    return listed or line.hours


def _listed(line: Line, here: Here) -> str:
    """For example "listed as open until 20:00 your time"; empty where nothing is listed, or the hour is not known."""
    if line.listed is None or here.now is None:
        return ""
    standing = opening_hours.standing(line.listed, here.now)
    state = "listed as open" if standing.open else "listed as closed"
    if standing.until is None:
        return state
    return f"{state} until {opening_hours.moment(standing.until, here.now, here.zone)} your time"


def _all_ways(line: Line) -> list[str]:
    return [*([f"call {either(line.call)}"] if line.call else []), *_written(line)]


def _written(line: Line) -> list[str]:
    ways = [f"text {line.text}"] if line.text else []
    ways += [f"WhatsApp {line.whatsapp}"] if line.whatsapp else []
    return ways + ([f"chat at {link(line.web)}"] if line.chat else [])


def _ways(ways: Sequence[str]) -> str:
    """Ways to reach a line, kept apart more clearly when one of them is itself a choice or two steps."""
    long = len(ways) > 2 or any(" or " in way or "," in way for way in ways)
    return ("; or " if long else " or ").join(ways)


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]
