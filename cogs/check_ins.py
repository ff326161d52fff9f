"""`/checkin`."""

from typing import Any

import discord
from discord import app_commands
from discord.ext import commands

from bot.ui.today import check_in_page, open_with


class CheckIns(commands.Cog):
    """A member's own days."""

    @app_commands.command()
    async def checkin(self, interaction: discord.Interaction[Any]) -> None:
        """Today, and yesterday until tonight: answer, change, or add to it."""
        await open_with(interaction, check_in_page)


async def setup(bot: commands.Bot) -> None:
    """Called by discord.py."""
    await bot.add_cog(CheckIns())
