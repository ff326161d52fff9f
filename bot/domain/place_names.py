"""Which places may the letters typed so far mean?"""

from collections.abc import Iterator
from datetime import datetime

from bot.domain.places import LONGEST_TEXT, Atlas, Place, key, understand

MOST_NAMES = 40
"""Names that are looked at closely, so that a single letter takes no longer than a few milliseconds."""


def suggested(typed: str, atlas: Atlas, now: datetime, most: int) -> list[Place]:
    """Up to `most` places, likeliest first: what the words mean as they stand, then names that begin with them.

    One for each zone of a country, as no more than those is ever kept. For no letters, the largest city of the zones
    where most people live. `now` is aware.
    """
    wanted = key(typed[:LONGEST_TEXT])
    found: dict[tuple[str, str | None], Place] = {}
    for name in (typed, *_names(wanted, atlas)):
        understood = understand(name, atlas, now)
        for place in (understood.place,) if understood.place else understood.guesses:
            found.setdefault((place.zone, place.country), place)
        if len(found) >= most:
            break
    return list(found.values())[:most]


def _names(wanted: str, atlas: Atlas) -> Iterator[str]:
    """Known names with that beginning, those with most people first; a later word may begin with it, too."""
    if not wanted:
        yield from (spot.name for spot in atlas.largest[:MOST_NAMES])
        return
    begun = [name for name in atlas.spots if name.startswith(wanted)]
    within = [name for name in atlas.spots if f" {wanted}" in name]
    for names in (begun, within):
        yield from sorted(names, key=lambda name: -max(spot.people for spot in atlas.spots[name]))[:MOST_NAMES]
