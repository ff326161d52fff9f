"""Which cities, countries and zones are there, and by which names do people call them?

Names come from cities.tsv (GeoNames, CC BY 4.0, and our own; see its header), zones and countries from the pinned
tzdata package: zone.tab, iso3166.tab, and tzdata.zi for old names and for which zones tick alike.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from sys import intern
from typing import NamedTuple

import tzdata

from bot.domain.places import NO_RULE, Area, Atlas, Spot, fixed, key

NEARLY_ALL = 20
"""How many times the people of all its other clocks make one clock speak for a country or a region."""

SHORTEST_JOINED = 6
"""Letters a name of several words needs to be found written as one."""

NO_COUNTRY = frozenset({"CET", "EET", "MET", "WET", "EST", "MST", "HST"})
"""Old names that tzdata links to a city which only shares their clock."""

HOMES = {
    "Africa/Asmera": "Africa/Asmara",
    "Africa/Timbuktu": "Africa/Bamako",
    "America/Coral_Harbour": "America/Atikokan",
    "America/Virgin": "America/St_Thomas",
    "Antarctica/South_Pole": "Antarctica/McMurdo",
    "Atlantic/Jan_Mayen": "Arctic/Longyearbyen",
    "Iceland": "Atlantic/Reykjavik",
    "Pacific/Ponape": "Pacific/Pohnpei",
    "Pacific/Truk": "Pacific/Chuuk",
    "Pacific/Yap": "Pacific/Chuuk",
}
"""Old names that tzdata links to another country's zone with the same clock, and the zone of their own country."""

WORDS_NOT_CODES = "act am as at be by do go hi id im in is it la me my no of ok on or pm saint so to"
"""Never a country or a state when they stand alone."""

NOISE = """
i im ive id am we are my me is its it the a an in at on of to from near by around and but or so just live lives
living lived life stay staying reside based located currently now right here there study studying student studies
work working hello hi hey thanks thank you please city town area region state province country metro metropolitan
greater downtown time timezone zone timezones standard daylight local clock airport university school college
usually mostly mainly think guess maybe also still that this for with as be am pm
"""
"""Words that come along with the name of a place and say nothing about it."""

ORDINARY = """
alex allen america anderson bath bender bend boulder brandon brent brick bright bryan bush casa casey central
centennial christmas conn corona davis delta douglas easter eastern elizabeth enterprise eugene flint franklin
frederick gary general gulf hail hammond hassan homestead hope independence indian irish irving israeli jackson
lawrence leon logan male mango martin mary mascara mass meridian metro midway mission mobile moore most mount
mountain nancy nice nigel norman normal north oral orange pacific palmer paradise pest pierre plantation
providence reading rogers sale sandy soul south sparks split spring springs stanley states sunrise surprise taylor
temple tours tracy troll tyler union universal vista wake wayne west winston bottom east
"""
"""Words that are also a city; amid other words they are not taken for one."""


class Row(NamedTuple):
    """A line of cities.tsv: without a zone a whole country or region, without a country the name of a time."""

    name: str
    spellings: Sequence[str]
    country: str
    region: str
    zone: str
    people: int

    @property
    def names(self) -> Iterator[str]:
        """Every way to write it, as a key."""
        return map(key, (self.name, *self.spellings))


@dataclass(frozen=True, slots=True)
class Zones:
    """What tzdata says: a zone's country and a country's zones and name, what an old name stands for, all clocks."""

    homes: Mapping[str, str]
    countries: Mapping[str, str]
    links: Mapping[str, str]
    clocks: Mapping[str, tuple[int, str]]
    inside: Mapping[str, Sequence[str]]


@lru_cache(maxsize=1)
def atlas() -> Atlas:
    """What `bot.domain.places.understand` needs; read at the first call, which takes under 100 ms, and kept."""
    return _draw(_rows(), _zones())


def country_of_zone(zone: str) -> str | None:
    """The ISO code zone.tab has for a zone, old names too; None for UTC, CET and whatever else has no country."""
    zones = _zones()
    return zones.homes.get(zones.links.get(zone, zone))


def _rows() -> list[Row]:
    text = resources.files("bot.data").joinpath("cities.tsv").read_text(encoding="utf-8")
    lines = [line.split("\t") for line in text.splitlines() if not line.startswith("#")]
    return [
        Row(name, tuple(filter(None, also.split("|"))), intern(country), intern(region), intern(zone), int(people or 0))
        for name, also, country, region, zone, people in lines[1:]
    ]


@lru_cache(maxsize=1)
def _zones() -> Zones:
    lines = _tzdata("tzdata.zi")
    homes = {zone: country for country, _, zone, *_ in _tzdata("zone.tab")}
    targets = {cells[2]: cells[1] for cells in lines if cells[0] == "L"}
    links = {name: HOMES.get(name, target) for name, target in targets.items() if name not in homes}
    clocks = _clocks(lines)
    inside: defaultdict[str, list[str]] = defaultdict(list)
    for zone, country in homes.items():
        inside[country].append(zone)
    return Zones(
        homes=homes,
        countries={code: " ".join(name) for code, *name in _tzdata("iso3166.tab")},
        links={name: target for name, target in links.items() if name not in NO_COUNTRY},
        clocks=clocks | {name: clocks[target] for name, target in targets.items()},
        inside=inside,
    )


def _tzdata(name: str) -> list[list[str]]:
    """The words of every line that is no comment."""
    text = resources.files("tzdata.zoneinfo").joinpath(name).read_text(encoding="utf-8")
    return [line.split() for line in text.splitlines() if not line.startswith("#")]


def _clocks(lines: Sequence[Sequence[str]]) -> dict[str, tuple[int, str]]:
    """For each zone of tzdata.zi its standard offset in minutes and its rule, unless that one has run out.

    A clock set anew in this tzdata's year goes by its beginning, too: until then it doesn't tick like the others.
    """
    year = int(tzdata.IANA_VERSION[:4])
    lasting = {cells[1] for cells in lines if cells[0] == "R" and _last(*cells[2:4]) >= year}
    clocks: dict[str, tuple[int, str]] = {}
    zone, until = "", list[str]()
    for cells in (cells for cells in lines if cells[0] not in {"R", "L"}):
        zone, since, era = (cells[1], [], cells[2:]) if cells[0] == "Z" else (zone, until, cells)
        offset, rule, _, *until = era
        rule = rule if rule in lasting else NO_RULE
        anew = bool(since) and int(since[0]) >= year
        clocks[zone] = (_minutes(offset), " ".join((rule, *since)) if anew else rule)
    return clocks


def _last(since: str, until: str) -> int:
    return 9999 if until == "ma" else int(since if until == "o" else until)


def _minutes(offset: str) -> int:
    hours, minutes, *_ = [*offset.lstrip("-").split(":"), "0"]
    return (int(hours or 0) * 60 + int(minutes)) * (-1 if offset.startswith("-") else 1)


@dataclass(frozen=True, slots=True)
class _Census:
    """Who lives where: in every country and region the people of each zone, and its largest city."""

    people: Mapping[Area, Counter[str]]
    largest: Mapping[tuple[Area, str], Spot]


def _draw(rows: Sequence[Row], zones: Zones) -> Atlas:
    cities = [(Spot(row.name, row.country, row.region, row.zone, row.people), row) for row in rows if row.people]
    census = _count(city for city, _ in cities)
    areas = _areas(rows, zones)
    by_zone = _zone_spots(zones, census)
    wholes = {area: _whole(area, name, census, zones, by_zone) for area, name in _area_names(rows, zones).items()}
    spots = _named(cities, {name: [wholes[area] for area in where] for name, where in areas.items()})
    for zone, spot in by_zone.items():
        for name in (zone, zone.split("/")[-1]) if zone in zones.homes else (zone,):
            spots.setdefault(key(name), [spot])
    spots |= _times(rows, zones, by_zone, wholes)
    return Atlas(
        spots=spots,
        joined={name.replace(" ", ""): name for name in spots if " " in name and len(name) > SHORTEST_JOINED},
        areas=areas,
        zones={zone.lower(): spot for zone, spot in by_zone.items() if "/" in zone},
        largest=_largest(census),
        clocks=zones.clocks,
        wholes=wholes,
        noise=frozenset(NOISE.split()),
        ordinary=frozenset(ORDINARY.split()),
    )


def _named(cities: Iterable[tuple[Spot, Row]], areas: Mapping[str, Sequence[Spot]]) -> dict[str, list[Spot]]:
    spots: defaultdict[str, list[Spot]] = defaultdict(list)
    for city, row in cities:
        for name in row.names:
            spots[name].append(city)
    words = frozenset(WORDS_NOT_CODES.split())
    for name, wholes in areas.items():
        if name not in words:
            spots[name] += wholes
    return dict(spots)


def _count(cities: Iterable[Spot]) -> _Census:
    people: defaultdict[Area, Counter[str]] = defaultdict(Counter)
    largest: dict[tuple[Area, str], Spot] = {}
    for city in cities:
        for area in {(city.country, ""), (city.country, city.region)}:
            people[area][city.zone] += city.people
            known = largest.get((area, city.zone))
            if known is None or city.people > known.people:
                largest[area, city.zone] = city
    return _Census(people, largest)


def _largest(census: _Census) -> list[Spot]:
    whole = [(spot, census.people[area][zone]) for (area, zone), spot in census.largest.items() if not area[1]]
    return [spot for spot, _ in sorted(whole, key=lambda pair: -pair[1])]


def _area_names(rows: Sequence[Row], zones: Zones) -> dict[Area, str]:
    """The name to show for every country that has a zone, and for every region."""
    inhabited = {*zones.homes.values(), *(row.country for row in rows)}
    names = {(code, ""): name for code, name in zones.countries.items() if code in inhabited}
    return names | {(row.country, row.region): row.name for row in rows if row.country and not row.zone}


def _areas(rows: Sequence[Row], zones: Zones) -> dict[str, list[Area]]:
    """What each name or code can mean as a country or a region."""
    known = [(area, (name, area[1] or area[0])) for area, name in _area_names(rows, zones).items()]
    known += [((code, ""), (name,)) for code, name in zones.countries.items() if zones.inside.get(code)]
    known += [((row.country, row.region), row.spellings) for row in rows if row.country and not row.zone]
    areas: defaultdict[str, list[Area]] = defaultdict(list)
    for area, names in known:
        for name in map(key, names):
            if area not in areas[name]:
                areas[name].append(area)
    return dict(areas)


def _zone_spots(zones: Zones, census: _Census) -> dict[str, Spot]:
    """Every IANA name of a place, old ones too, and the Etc zones; named as the zone is: Knox, Indiana."""
    spots: dict[str, Spot] = {}
    for zone, country in zones.homes.items():
        name = ", ".join(reversed(zone.split("/")[1:])).replace("_", " ")
        people = census.people.get((country, ""), Counter())[zone]
        spots[zone] = Spot(name, country, "", zone, people)
    spots |= {name: spots[zone] for name, zone in zones.links.items() if zone in spots}
    return spots | {zone: fixed(clock[0]) for zone, clock in zones.clocks.items() if zone.startswith("Etc/")}


def _whole(area: Area, name: str, census: _Census, zones: Zones, by_zone: Mapping[str, Spot]) -> Spot:
    """A country or region: of one zone if nearly all its people have that clock, else with a city for each clock."""
    country, region = area
    people = Counter(census.people.get(area, {}))
    if not region:
        people.update(dict.fromkeys(zones.inside.get(country, ()), 0))
    clocks: defaultdict[tuple[int, str], Counter[str]] = defaultdict(Counter)
    for zone, count in people.items():
        clocks[zones.clocks[zone]][zone] = count
    ranked = sorted(clocks.values(), key=lambda counts: -counts.total())
    leading = [counts.most_common(1)[0][0] for counts in ranked]
    rest = people.total() - ranked[0].total()
    choices = tuple(census.largest.get((area, zone)) or by_zone[zone] for zone in leading)
    clear = len(ranked) == 1 or ranked[0].total() >= NEARLY_ALL * max(rest, 1)
    return Spot(name, country, region, leading[0], people.total(), () if clear else choices)


def _times(
    rows: Sequence[Row], zones: Zones, by_zone: Mapping[str, Spot], wholes: Mapping[Area, Spot]
) -> dict[str, list[Spot]]:
    """What the names of times mean; a country speaks for its zone if it has no other."""
    times: dict[str, list[Spot]] = {}
    for row in rows:
        if row.zone and not row.country:
            spots = [by_zone[zone] for zone in row.zone.split("|")]
            alone = [len(zones.inside.get(spot.country, ())) == 1 for spot in spots]
            spots = [wholes[spot.country, ""] if only else spot for spot, only in zip(spots, alone, strict=True)]
            meant = spots[0] if len(spots) == 1 else Spot(row.name, "", "", spots[0].zone, 0, tuple(spots))
            times |= {name: [meant] for name in row.names}
    return times
