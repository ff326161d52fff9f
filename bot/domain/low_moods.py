"""Have somebody's evenings been low for so long that it may be worth showing somebody?"""

from collections.abc import Sequence
from datetime import date, timedelta

from bot.domain.facts import LOW_MOODS
from bot.domain.ledgers import Ledger

EVENINGS = 10
"""Evenings with a mood that are looked at, the newest ones."""
LOW_EVENINGS = 7
"""How many of them are low before anything is said."""
LOOKS_BACK = timedelta(days=60)
"""Evenings longer ago say nothing about now."""
ONCE_IN = timedelta(days=14)

Moods = Sequence[tuple[date, int]]
"""Study days with their moods, 1 to 5, in order of the days."""


def to_show(ledger: Ledger, until: date) -> Moods | None:
    """The record of the newest evenings up to a study day, where it is a low one; None otherwise.

    An evening without a mood is no low evening, and no good one: it does not count.
    """
    found = [
        (day, said.mood)
        for day, said in sorted(ledger.records.items())
        if said.mood is not None and until - LOOKS_BACK < day <= until
    ][-EVENINGS:]
    return found if sum(mood in LOW_MOODS for _, mood in found) >= LOW_EVENINGS else None
