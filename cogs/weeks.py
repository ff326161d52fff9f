"""`/week`: the study week in one look."""

from typing import Any

import discord
from discord import app_commands
from discord.ext import commands

from bot.replies import answering, show
from bot.ui.weeks import week_page


class Week(commands.Cog):
    """A member's own week."""

    @app_commands.command()
    async def week(self, interaction: discord.Interaction[Any]) -> None:
        """Your week in one look: what you did, kept days, rest, and what changed."""
        async with answering(interaction):
            await show(interaction, *await week_page(interaction))


async def setup(bot: commands.Bot) -> None:
    """Called by discord.py."""
    await bot.add_cog(Week())
