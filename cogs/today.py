"""`/today`: the one panel from which a member reaches everything."""

from typing import Any

import discord
from discord import app_commands
from discord.ext import commands

from bot.ui.today import open_with, panel


class Today(commands.Cog):
    """Where a member stands today."""

    @app_commands.command()
    async def today(self, interaction: discord.Interaction[Any]) -> None:
        """Your day on one screen: goal, what is done, check-in, rest, and what comes next."""
        await open_with(interaction, panel)


async def setup(bot: commands.Bot) -> None:
    """Called by discord.py."""
    await bot.add_cog(Today())
