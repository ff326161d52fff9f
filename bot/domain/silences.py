"""How often is somebody asked who says nothing?

Five silent planned days in a row are nobody's business. After them messages thin: every third day for two weeks,
then weekly for four, then one last word, then none. Any sign of life brings the normal rhythm back.
"""

from enum import StrEnum

NORMAL_DAYS = 5
EVERY_THIRD = 14
"""Planned days on which every third one is asked for."""
WEEKLY = 28
"""Planned days after those on which one in seven is asked for."""
LAST_WORD = NORMAL_DAYS + EVERY_THIRD + WEEKLY + 6
"""Silent days before the one on which the last word is said, a week after the last weekly message."""


class Ask(StrEnum):
    """How a study day is asked for."""

    AS_USUAL = "as_usual"
    ONCE = "once"
    """One message instead of two, with nothing but a way to start from today."""
    NOT = "not"
    LAST_WORD = "last_word"
    """The door is open; then nothing more."""


def asks(silent: int) -> Ask:
    """How to ask for the study day after that many silent planned days in a row.

    The last word is due on its day and on every one after it; that it is said once is for whoever says it to know.
    """
    thin = silent - NORMAL_DAYS
    if thin < 0:
        return Ask.AS_USUAL
    if thin < EVERY_THIRD:
        return Ask.ONCE if thin % 3 == 2 else Ask.NOT
    if thin < EVERY_THIRD + WEEKLY:
        return Ask.ONCE if (thin - EVERY_THIRD) % 7 == 6 else Ask.NOT
    return Ask.LAST_WORD if silent >= LAST_WORD else Ask.NOT
