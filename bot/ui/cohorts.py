"""What does an invitation to a cohort look like?"""

from typing import Any

import discord

from bot.storage.cohorts import Cohort
from bot.ui.joining import JoinButton
from bot.ui.lasting import view_of
from bot.ui.words import plain


def invitation(cohort: Cohort) -> tuple[str, discord.ui.View]:
    """A lasting panel for a channel: it says nothing about anybody who joins."""
    text = (
        f"**{plain(cohort.name)}**\n"
        "A quiet companion for a long stretch of study: a short message in the morning and one in the evening, "
        "by DM, at your own time. You say what is realistic; rest counts as rest; a missed day costs nothing.\n\n"
        "Who joins, and what anybody answers, is shown to nobody here, moderators included. "
        "It is a program: for people to talk to, `/crisis` answers everybody, at any hour."
    )
    return text, view_of(JoinButton(cohort.id))


ITEMS: tuple[type[discord.ui.DynamicItem[Any]], ...] = ()
