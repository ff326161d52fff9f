"""Whom does somebody already know and could write to?"""

from collections.abc import Iterable

MOST = 3
LONGEST_NAME = 60
"""Characters of one name."""


def named(typed: Iterable[str]) -> tuple[str, ...]:
    """The names as they are kept: none empty, none twice, three at most, each on one line."""
    names = (" ".join(name.split())[:LONGEST_NAME] for name in typed)
    return tuple(dict.fromkeys(name for name in names if name))[:MOST]
