"""Who can be reached in a crisis, and what does the card say?

The words stand here, the numbers in the packaged data. The card without a country needs no data at all.
"""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import lru_cache

LONGEST = 1_900
"""Characters of one message; Discord's own limit is 2,000."""

CHECK_SITE = "check the site for hours"
NUMBERS_SHOWN = 2
"""Numbers of one line that the card shows; the others are under More lines."""

OPENING = "You don't have to carry this alone, or find the right words."
ABOUT = "I'm a bot: nobody is watching, and I can't call anyone. Only you see this."
NOT_FOUND = "I couldn't find that country, so here is what works everywhere."
HOSPITAL = "Or go to the nearest emergency department."
INTERNATIONAL = "112"
ELSEWHERE = "the emergency number where you are; 112 works on most mobile phones"

FIND_A_HELPLINE = "findahelpline.com"
BEFRIENDERS = "befrienders.org"
CRISIS_CENTRES = "iasp.info/suicidalthoughts"
SEARCH = f"<https://{FIND_A_HELPLINE}> finds lines to call, text or chat with, by country."

UNSEEN = ("Mn", "Cf")  # accents that stand apart, zero-width and soft-hyphen characters


class Role(StrEnum):
    """Why a line stands on the card itself and not under More lines."""

    CALL = "call"
    TEXT = "text"
    NEXT = "next"


@dataclass(frozen=True, slots=True, kw_only=True)
class Emergency:
    """A number for danger now; `confidence` is read, aggregator or known, an empty `service` means all."""

    id: str
    number: str
    service: str
    confidence: str
    source: str
    source_date: str
    checked_on: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A service to talk or write to; empty text means that no source said so.

    `web` has no scheme. `source_date` is as exact as its source: a year, a month or a day.
    """

    id: str
    name: str
    on_card: tuple[Role, ...] = ()
    call: tuple[str, ...] = ()
    text: str = ""
    whatsapp: str = ""
    web: str = ""
    chat: bool = False
    hours: str = ""
    languages: tuple[str, ...] = ()
    audience: str = ""
    region: str = ""
    note: str = ""
    free: bool = False
    confidence: str
    source: str
    source_date: str
    checked_on: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Country:
    """A place with its own card; `also` holds other country codes that the same lines serve."""

    code: str
    also: tuple[str, ...]
    name: str
    aliases: tuple[str, ...]
    emergency: tuple[Emergency, ...]
    lines: tuple[Line, ...]

    def on_card(self, role: Role) -> Line | None:
        """The one line that has this role on the card, if there is any."""
        return next((line for line in self.lines if role in line.on_card), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Resources:
    """Everything that is packaged; an empty one still makes the card that works everywhere."""

    countries: tuple[Country, ...] = ()
    international: tuple[Line, ...] = ()

    def country(self, code: str) -> Country | None:
        """The country whose lines serve an ISO code, or None."""
        return next((place for place in self.countries if code == place.code or code in place.also), None)


def card(country: Country | None) -> str:
    """The first thing anybody reads who asks for help: at most 90 words, safety first."""
    danger = f"**In danger now, or already hurt?** Call {_emergency(country)}. {HOSPITAL}"
    return "\n\n".join((OPENING, danger, _people(country), ABOUT))


def hurt_card(country: Country | None) -> str:
    """For somebody already hurt: whom to call, and that the press of the button called nobody."""
    return f"**Call now: {_emergency(country)}.**\n{HOSPITAL}\nI can't call for you."


def more(country: Country | None) -> str:
    """What the card left out, one message long; empty when the card said it all."""
    if country is None:
        return ""
    entries = [_entry(line) for line in country.lines if _has_more(line)]
    if not entries:
        return ""
    end = f"Others: {_link(FIND_A_HELPLINE)}"
    text = f"**More people to talk to ({country.name})**"
    for entry in entries:
        if len(text) + len(entry) + len(end) + 4 <= LONGEST:
            text += f"\n\n{entry}"
    return f"{text}\n\n{end}"


def find(text: str, countries: Sequence[Country]) -> list[Country]:
    """Countries that a few letters may mean, best first; all of them, in their own order, for no letters."""
    wanted, exact = folded(text), named(text, countries)
    ranked = [(0 if place is exact else _rank(wanted, place), place) for place in countries]
    likely = [(rank, place) for rank, place in ranked if rank is not None]
    return [place for _, place in sorted(likely, key=lambda pair: pair[0])]


def named(text: str, countries: Iterable[Country]) -> Country | None:
    """The country that was written out, also as the end of "city, country"; never a guess.

    "Niger" is not Nigeria and "Dominican Republic" not Dominica: a wrong number is worse than none.
    """
    wanted = {folded(text), folded(text.rpartition(",")[2])} - {""}
    return next((place for place in countries if wanted & set(_names(place))), None)


def folded(text: str) -> str:
    """A name without case, accents, punctuation, "the", or the difference between Saint and St."""
    letters = unicodedata.normalize("NFKD", text[:100])
    plain = "".join(it for it in letters if unicodedata.category(it) not in UNSEEN)
    words = re.sub(r"[.'’]", "", plain).casefold().replace("&", " and ")
    kept = [word for word in re.split(r"[\W_]+", words) if word and word != "the"]
    return " ".join("st" if word == "saint" else word for word in kept)


_folded_name = lru_cache(maxsize=1_024)(folded)  # names only: what people type is not kept


def _names(country: Country) -> tuple[str, ...]:
    return tuple(_folded_name(name) for name in (country.name, *country.aliases))


def _rank(wanted: str, country: Country) -> int | None:
    names = _names(country)
    if any(name.startswith(wanted) for name in names):
        return 1
    if any(f" {wanted}" in name for name in names):
        return 2
    return 3 if any(wanted in name for name in names) else None


def _emergency(country: Country | None) -> str:
    if country is None:
        return ELSEWHERE
    everything = [entry for entry in country.emergency if entry.confidence == "read" and not entry.service]
    entries = everything or country.emergency  # a number nobody read adds only doubt to one that was
    numbers = " or ".join(f"{it.number} ({it.service})" if it.service else it.number for it in entries)
    if all(entry.confidence == "read" for entry in entries):
        return numbers
    return ELSEWHERE if numbers == INTERNATIONAL else f"{numbers}, or {ELSEWHERE}"


def _people(country: Country | None) -> str:
    if country is None:
        others = f"{_link(BEFRIENDERS)} or {_link(CRISIS_CENTRES)}"
        return f"**Someone to talk to**\n{SEARCH}\n**Didn't get through?** Try {others}."
    title = f"**Someone to talk to ({country.name})**"
    shown = list(dict.fromkeys(line for role in Role if (line := country.on_card(role))))
    if not shown:
        search = f"I have no confirmed line for this country. {SEARCH}"
        return f"{title}\n{search}\n**Didn't get through?** {_link(BEFRIENDERS)}."
    ways = [_said(line) for line in shown]
    return "\n".join([title, *ways, _otherwise(several=len(ways) > 1, text=bool(country.on_card(Role.TEXT)))])


def _otherwise(*, several: bool, text: bool) -> str:
    ask = "Didn't get through?" if text else "Didn't get through, or rather text?"
    first = "Try the next, or" if several and text else "Try"
    return f"**{ask}** {first} {_link(FIND_A_HELPLINE)}."


def _said(line: Line) -> str:
    """A line on the card: its first numbers, and hours and language only where they could surprise."""
    ways = [f"call {_either(line.call[:NUMBERS_SHOWN])}"] if {*line.on_card} != {Role.TEXT} else []
    ways += _written(line)[:1] if Role.TEXT in line.on_card else []
    language = f"in {_either(line.languages)}" if line.languages and "English" not in line.languages else ""
    region = f"{line.region} only" if line.region else ""
    details = ", ".join(part for part in (line.name, _hours(line), language, region) if part)
    start = "or " if Role.NEXT in line.on_card else ""
    return f"**{_capital(start + _ways(ways))}**: {details}."


def _has_more(line: Line) -> bool:
    """Whether More lines can add a number, another way to reach this line, or a remark."""
    if not line.on_card or line.note or len(line.call) > NUMBERS_SHOWN:
        return True
    return len(_written(line)) + bool(line.call) > len(line.on_card)


def _entry(line: Line) -> str:
    region = f" ({line.region})" if line.region else ""
    audience = "" if line.audience == "anyone" else f", for {line.audience}"
    ways = _ways([*([f"call {_either(line.call)}"] if line.call else []), *_written(line)])
    hours = line.hours if line.chat else _hours(line)
    language = f"in {_either(line.languages)}" if line.languages else ""
    site = _link(line.web) if line.web and not line.chat and line.hours != CHECK_SITE else ""
    facts = [_capital(fact) for fact in (ways, hours, language, line.note.rstrip("."), site) if fact]
    return f"**{line.name}**{region}{audience}\n{'. '.join(facts)}."


def _written(line: Line) -> list[str]:
    ways = [f"text {line.text}"] if line.text else []
    ways += [f"WhatsApp {line.whatsapp}"] if line.whatsapp else []
    return ways + ([f"chat at {_link(line.web)}"] if line.chat else [])


def _ways(ways: Sequence[str]) -> str:
    """Ways to reach a line, kept apart more clearly when one of them is itself a choice or two steps."""
    long = len(ways) > 2 or any(" or " in way or "," in way for way in ways)
    return ("; or " if long else " or ").join(ways)


def _hours(line: Line) -> str:
    return f"check {_link(line.web)} for hours" if line.hours == CHECK_SITE else line.hours


def _either(words: Sequence[str]) -> str:
    return " or ".join(filter(None, (", ".join(words[:-1]), words[-1])))


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]


def _link(address: str) -> str:
    return f"<https://{address}>"  # the brackets keep Discord from adding a preview
