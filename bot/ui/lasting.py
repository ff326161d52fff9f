"""What do all lasting buttons share?"""

from datetime import date
from typing import Any

import discord

from bot.domain.errors import UserError

Button = discord.ui.Button[discord.ui.View]

DAY = r"(?P<day>\d{4}-\d{2}-\d{2})"
PROMPT = r"(?P<prompt>\d{1,18})"
VERSION = r"(?P<version>\d{1,9})"


def day_of(text: str) -> date:
    """The study day a custom_id names; raises UserError for one that is no date."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise UserError("I don't know that day. `/today` opens what there is.", again=False) from None


def view_of(*items: discord.ui.Item[Any]) -> discord.ui.View:
    """Buttons that outlive the program."""
    view = discord.ui.View(timeout=None)
    view.stop()  # buttons are known by their custom_ids; discord.py would keep each view, and a timer beside it
    for item in items:
        view.add_item(item)
    return view
