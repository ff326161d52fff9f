"""Who can be reached in a crisis, where, and by which names do people call a place?

The numbers stand in the packaged data; what the cards say around them in `crisis_cards`.
"""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, tzinfo
from enum import StrEnum
from functools import lru_cache

from bot.domain.opening_hours import Hours

CHECK_SITE = "check the site for hours"
ALL_HOURS = frozenset({"24/7", "24 hours"})
"""What `Line.hours` says of a line that never closes."""

UNSEEN = ("Mn", "Cf")  # accents that stand apart, zero-width and soft-hyphen characters


class Card(StrEnum):
    """What somebody needs a card for."""

    SELF = "self"
    HURT = "hurt"
    """Already hurt, or something taken."""
    OTHER = "other"
    """Worry about somebody else."""
    HARM_FROM = "harm_from"
    """Being hurt or controlled by somebody."""
    HARM_TO = "harm_to"
    """Afraid of hurting somebody."""


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

    `web` has no scheme. `source_date` is as exact as its source: a year, a month or a day. `listed` are hours that
    a source names, though they may have changed. `others`: a source says that it takes calls from people who worry
    about somebody else; `harmed`: that it is for people hurt or controlled by others. `tells` is what it says itself
    about who hears of a call.
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
    listed: Hours | None = None
    others: bool = False
    harmed: bool = False
    tells: str = ""
    free: bool = False
    confidence: str
    source: str
    source_date: str
    checked_on: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a source says about who hears of it in one country; `asks` is the question as people ask it."""

    id: str
    asks: str
    says: str
    source: str
    source_date: str
    checked_on: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Here:
    """What a card may know of its reader beside the country; every part may be missing.

    `now` is aware. Without a `zone`, times are Discord's own marks, which each phone shows in its own zone. `campus`
    is the line that a cohort or a server added, as plain text.
    """

    now: datetime | None = None
    zone: tzinfo | None = None
    campus: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Country:
    """A place with its own card; `also` holds other country codes that the same lines serve."""

    code: str
    also: tuple[str, ...]
    name: str
    aliases: tuple[str, ...]
    emergency: tuple[Emergency, ...]
    lines: tuple[Line, ...]
    answers: tuple[Answer, ...] = ()

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
