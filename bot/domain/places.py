"""Where does somebody live, going by what they typed?

Nothing here raises for any text. What is known about the world comes in as an `Atlas`; `bot.data.places` draws it.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice
from string import ascii_lowercase
from typing import NamedTuple
from zoneinfo import ZoneInfo

LONGEST_LABEL = 80
"""Characters a button label may have."""
MOST_GUESSES = 3
FAR_MORE = 8
"""How many times the people of the next place of that name make a name clear."""
LONGEST_TEXT, MOST_WORDS = 200, 24
"""Characters and words that are read; these bounds and the next keep any text under a few milliseconds."""
LONGEST_PHRASE, LONGEST_AMID, LONGEST_TOWN = 8, 5, 3
"""Words of a whole answer, of a name amid others, and of a town that isn't known."""
LONGEST_CODE, MOST_AREAS = 2, 2
"""Letters of a code for a country or a region, and how many areas may stand around a city."""
MINUTE = timedelta(minutes=1)
NO_RULE = "-"
"""For a clock that never changes."""
SHORTEST_MISSPELT, LONGEST_MISSPELT = 5, 40
"""Letters of a name in which one wrong letter still leaves a guess."""

Area = tuple[str, str]
"""An ISO country code and a region's code, which is empty for the whole country."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Something to offer or to keep: a plain label of at most 80 characters, an IANA zone, an ISO country code.

    `country` is None where a zone belongs to no country, such as UTC.
    """

    label: str
    zone: str
    country: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Understood:
    """`place` when it is clear; otherwise up to three guesses, best first, or none when it made no sense."""

    place: Place | None = None
    guesses: tuple[Place, ...] = ()


class Spot(NamedTuple):
    """One thing a name can mean: a city, a region, a country or a zone. People are in thousands.

    A tuple, because there are thousands and they have to be made quickly.
    `within` holds the spots to choose from when several clocks tick there and none has nearly all the people.
    """

    name: str
    country: str
    region: str
    zone: str
    people: int
    within: "tuple[Spot, ...]" = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Atlas:
    """What is known about the world; names are looked up by `key`."""

    spots: Mapping[str, Sequence[Spot]]
    joined: Mapping[str, str]
    """The key of a name written as one word, such as newyork."""
    areas: Mapping[str, Sequence[Area]]
    """What may follow a city; by code, too."""
    zones: Mapping[str, Spot]
    """By IANA name in lower case, old names included."""
    largest: Sequence[Spot]
    """The largest city of each zone; the zone with most people first."""
    clocks: Mapping[str, tuple[int, str]]
    """Standard offset in minutes and the rule for summer time; zones with the same pair tick alike."""
    wholes: Mapping[Area, Spot]
    """Every country and region as one spot."""
    noise: frozenset[str]
    """Words that come along with a place and say nothing about it."""
    ordinary: frozenset[str]
    """Everyday words that are cities, too; amid other words they are not taken for one."""


class _Shapes(dict[int, str]):
    """For `str.translate`: a character as it counts in a key; only the commoner ones are kept for next time."""

    def __missing__(self, code: int) -> str:
        char = chr(code)
        unseen = unicodedata.category(char) in {"Mn", "Mc", "Me", "Cf"}
        shape = "" if unseen else char if char.isalnum() else " "
        if code < 0x3000:
            self[code] = shape
        return shape


_SHAPES = _Shapes(
    str.maketrans(
        {"ø": "o", "ł": "l", "đ": "d", "ð": "d", "æ": "ae", "œ": "oe", "þ": "th", "ı": "i", "ə": "e", "&": " and "}
        | {"ة": "ه", "ى": "ي", "ی": "ي", "ک": "ك"}
        | dict.fromkeys("'’‘`´ʻʼʿʾ", "")
    )
)
_AFTER_ONE_LETTER = re.compile(r"\b(\w)\.")
_WORDS = {"st": "saint", "ste": "sainte", "ft": "fort", "mt": "mount"}
_SIGNS = str.maketrans("−–—‐‑،、", "-----,,")
_PARTS = {"25": 15, "5": 30, "75": 45}
_OFFSET = re.compile(
    r"(?:(?<![\w/])(?:utc|gmt)\s*(?P<sign>[+-]?)|(?:^|\()\s*(?P<bare>[+-]))"
    r"\s*(?P<clock>\d[\d:.,]*)\s*(?:h|hrs?|hours?)?\b",
    re.IGNORECASE,
)
_CLOCK = re.compile(r"(?P<hours>\d{1,2})(?:[:.]?(?P<minutes>00|15|30|45)|[.,](?P<part>25|5|75))?")


def key(text: str) -> str:
    """The form under which a name is known: no case, accents, marks or punctuation; st reads saint."""
    text = text.lower()
    if not (text.isascii() and text.replace(" ", "").isalnum()):
        text = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", text).casefold())
        text = _AFTER_ONE_LETTER.sub(r"\1", text).translate(_SHAPES)
    return " ".join([_WORDS.get(word, word) for word in text.split()])


def understand(text: str, atlas: Atlas, now: datetime) -> Understood:
    """What somebody meant who was asked for a city or a time zone; only the first 200 characters are read.

    `now` is aware; it decides which places have a typed offset today. A place is clear when it is the only one,
    or has eight times the people of the next; a misspelling or a name amid other words only makes a guess.
    """
    text = _plain(text[:LONGEST_TEXT])[:LONGEST_TEXT]
    if spot := atlas.zones.get("_".join(text.lower().strip(" .,;!?\"'`()").split())):
        return _settle([spot], atlas)
    offset, text = _split_offset(text)
    words = key(text).split()[:MOST_WORDS]
    telling = [word for word in words if word not in atlas.noise and not word[0].isdigit()]
    readings: tuple[Callable[[], Understood], ...] = (
        lambda: _settle(_named(words, atlas) or _named(telling, atlas), atlas),
        lambda: _settle(_misspelt(telling, atlas), atlas, sure=False),
        lambda: _settle(_around(telling, text, atlas), atlas, sure="," in text),
        lambda: _amid(telling, atlas),
    )
    for reading in readings if telling else readings[:1]:
        understood = reading()
        if understood.place or understood.guesses:
            return understood
    return Understood() if offset is None else _at_offset(offset, atlas, now)


def _plain(text: str) -> str:
    """Compatible characters made one, what can't be seen dropped, every comma and minus the common one."""
    text = "".join(c for c in text if unicodedata.category(c) != "Cf")
    return unicodedata.normalize("NFKC", text).translate(_SIGNS)


def _named(words: Sequence[str], atlas: Atlas, depth: int = MOST_AREAS) -> Sequence[Spot]:
    """What exactly these words name, with up to `depth` countries or regions around it: paris texas usa."""
    if not words or len(words) > LONGEST_PHRASE:
        return ()
    joined = atlas.joined.get("".join(words), "")
    if found := atlas.spots.get(" ".join(words)) or atlas.spots.get(joined):
        return found
    for head, _, areas in _peeled(words, atlas) if depth else ():
        if found := _lying_in(areas, _named(head, atlas, depth - 1)):
            return found
    return ()


def _peeled(words: Sequence[str], atlas: Atlas) -> Iterator[tuple[Sequence[str], str, Sequence[Area]]]:
    """The words without the country or region at their end, or at their beginning when it isn't a mere code."""
    for cut in range(len(words) - 1, 0, -1):
        name = " ".join(words[cut:])
        if areas := atlas.areas.get(name):
            yield words[:cut], name, areas
    for cut in range(1, len(words)):
        name = " ".join(words[:cut])
        if len(name) > LONGEST_CODE and (areas := atlas.areas.get(name)):
            yield words[cut:], name, areas


def _lying_in(areas: Sequence[Area], spots: Iterable[Spot]) -> list[Spot]:
    """The spots that do; of a time, which lies nowhere itself, those it can mean there."""
    meant = (choice for spot in spots for choice in ((spot,) if spot.country else spot.within))
    return [spot for spot in meant if (spot.country, "") in areas or (spot.country, spot.region) in areas]


def _misspelt(words: Sequence[str], atlas: Atlas) -> Sequence[Spot]:
    """What the words would name with one letter more, less, changed or swapped."""
    if len(words) > LONGEST_PHRASE:
        return ()
    if found := _one_letter_off(" ".join(words), atlas):
        return found
    for head, _, areas in islice(_peeled(words, atlas), MOST_AREAS):
        if found := _lying_in(areas, _one_letter_off(" ".join(head), atlas)):
            return found
    return ()


def _one_letter_off(name: str, atlas: Atlas) -> list[Spot]:
    if not SHORTEST_MISSPELT - 1 <= len(name) <= LONGEST_MISSPELT:
        return []
    halves = [(name[:cut], name[cut:]) for cut in range(len(name) + 1)]
    edits = {left + right[1:] for left, right in halves if right}
    edits |= {left + right[1] + right[0] + right[2:] for left, right in halves if len(right) > 1}
    edits |= {left + letter + right[1:] for left, right in halves if right for letter in ascii_lowercase}
    edits |= {left + letter + right for left, right in halves for letter in ascii_lowercase}
    known = sorted(edit for edit in edits if len(edit) >= SHORTEST_MISSPELT and edit in atlas.spots)
    return [spot for name in known for spot in atlas.spots[name]]


def _around(words: Sequence[str], text: str, atlas: Atlas) -> Sequence[Spot]:
    """The country or region behind a town too small to be known; a code has to be in capitals."""
    for head, name, areas in _peeled(words, atlas):
        typed = len(name) > LONGEST_CODE or name.upper() in text
        if typed and len(head) <= LONGEST_TOWN and not _named(head, atlas):
            return [atlas.wholes[area] for area in areas]
    return ()


def _amid(words: Sequence[str], atlas: Atlas) -> Understood:
    """Guesses from the longest names amid other words; a lone everyday or very short word is not taken for one."""
    places: dict[tuple[str, str | None], Place] = {}
    taken: set[int] = set()
    for length in range(min(LONGEST_AMID, len(words)), 0, -1):
        for start in range(len(words) - length + 1):
            part, span = words[start : start + length], set(range(start, start + length))
            common = length == 1 and (part[0] in atlas.ordinary or (part[0].isascii() and len(part[0]) < 4))
            if taken & span or common:
                continue
            found = _settle(_named(part, atlas, depth=1), atlas, sure=False).guesses
            taken |= span if found else set()
            for place in found:
                places.setdefault((place.zone, place.country), place)
    return Understood(guesses=tuple(places.values())[:MOST_GUESSES])


def _settle(spots: Sequence[Spot], atlas: Atlas, *, sure: bool = True) -> Understood:
    """One place when a spot has far more people than any that lies elsewhere, otherwise the largest few."""
    if not spots:
        return Understood()
    ranked = sorted(spots, key=lambda spot: -spot.people)
    best = ranked[0]
    others = [spot for spot in ranked if (spot.country, spot.zone) != (best.country, best.zone)]
    if others and best.people < FAR_MORE * others[0].people:
        options = [choice for spot in ranked for choice in spot.within[:1] or (spot,)]
    else:
        options = best.within or (best,)
    places = tuple(dict.fromkeys(_place(spot, atlas) for spot in options))
    return Understood(place=places[0]) if sure and len(places) == 1 else Understood(guesses=places[:MOST_GUESSES])


def _place(spot: Spot, atlas: Atlas) -> Place:
    around = [atlas.wholes.get((spot.country, region)) for region in dict.fromkeys((spot.region, ""))]
    parts = (*spot.name.split(", "), *(whole.name for whole in around if whole))
    label = ", ".join(dict.fromkeys(parts))
    return Place(label=label[:LONGEST_LABEL], zone=spot.zone, country=spot.country or None)


def _split_offset(text: str) -> tuple[int | None, str]:
    """The offset from UTC in minutes, if one from -12 to +14 hours is written, and the text without it."""
    found = _OFFSET.search(text)
    if found is None:
        return None, text
    rest = f"{text[: found.start()]} {text[found.end() :]}"
    clock = _CLOCK.fullmatch(found["clock"])
    if clock is None:
        return None, rest
    minutes = int(clock["hours"]) * 60 + int(clock["minutes"] or _PARTS.get(clock["part"], 0))
    minutes = -minutes if "-" in (found["sign"], found["bare"]) else minutes
    return (minutes if -12 * 60 <= minutes <= 14 * 60 else None), rest


def _at_offset(minutes: int, atlas: Atlas, now: datetime) -> Understood:
    """Large cities with that offset now, or failing that outside summer, of different clocks first.

    For whole hours the last guess is a zone that never changes.
    """
    near = [spot for spot in atlas.largest if abs(atlas.clocks[spot.zone][0] - minutes) <= 60]
    first = {atlas.clocks[spot.zone]: spot for spot in reversed(near)}
    ticking = {clock for clock, spot in first.items() if _offset(clock, spot.zone, now) == minutes}
    alike = ticking or {clock for clock in first if clock[0] == minutes}
    spots = [spot for spot in near if atlas.clocks[spot.zone] in alike]
    spots.sort(key=lambda spot: first[atlas.clocks[spot.zone]] is not spot)
    places = dict.fromkeys(_place(spot, atlas) for spot in spots)
    never = (_place(fixed(minutes), atlas),) if minutes % 60 == 0 else ()
    return Understood(guesses=(*tuple(places)[: MOST_GUESSES - len(never)], *never))


def _offset(clock: tuple[int, str], zone: str, now: datetime) -> int:
    # Only a zone with a rule has to be read from its file, which is what takes time here.
    standard, rule = clock
    return standard if rule == NO_RULE else (now.astimezone(ZoneInfo(zone)).utcoffset() or timedelta()) // MINUTE


def fixed(minutes: int) -> Spot:
    """The zone that always has this offset from UTC, a whole number of hours from -12 to +14."""
    # The signs of Etc zones are the wrong way round, as POSIX has them.
    zone = f"Etc/GMT{-minutes // 60:+d}" if minutes else "Etc/UTC"
    return Spot(f"UTC{minutes // 60:+03d}:00 (the clock never changes)", "", "", zone, 0)
