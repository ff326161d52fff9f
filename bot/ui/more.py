"""What else can be reached from `/today`?"""

from typing import Any

import discord

from bot.ui.lasting import view_of
from bot.ui.pages import Page, PageButton, shows

PAGES = {
    "work": "Other work",
    "goal": "Goal",
    "rest": "Rest and pause",
    "entries": "Last entries",
    "week": "The week",
    "plan": "Exam and plan",
    "people": "My people",
    "human": "Ask a person",
    "settings": "Settings",
}
"""Every page but the panel itself, with the label of its button."""


@shows("more")
async def more_page(_interaction: discord.Interaction[Any]) -> Page:
    """A button for each page."""
    buttons = [PageButton(name, label) for name, label in PAGES.items()]
    return "**More**", view_of(*buttons, PageButton("today", "Back to today"))
