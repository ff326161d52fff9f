"""How does somebody see that their evenings have been low?"""

from itertools import groupby

import discord

from bot.domain.low_moods import Moods
from bot.ui.crisis import HelpButton
from bot.ui.lasting import view_of
from bot.ui.words import short_day

WORDS = {1: "very low", 2: "low", 3: "in between", 4: "all right", 5: "good"}
WORTH_SHOWING = (
    "This may be worth showing somebody: your school's counselling first, or a doctor you trust. You can read it out "
    "as it stands. *I need help* has more people, at any hour."
)
FOR_YOU_ALONE = "Only you see this. I show it once in two weeks at most, and nobody hears of it from me."


def record(moods: Moods) -> tuple[str, discord.ui.View]:
    """The moods in words, evenings in a row together, and whom they may be shown to."""
    lines: list[str] = []
    for mood, some in groupby(moods, key=lambda it: it[1]):
        days = [day for day, _ in some]
        span = short_day(days[0]) if len(days) == 1 else f"{short_day(days[0])} to {short_day(days[-1])}"
        lines.append(f"{span}: {WORDS[mood]}")
    head = "**How your evenings were, as you wrote it**"
    return "\n".join([head, *lines, "", WORTH_SHOWING, FOR_YOU_ALONE]), view_of(HelpButton(0))
