"""What does a member write for themselves alone? `/journal`."""

from typing import Any

import discord
from discord import app_commands
from discord.ext import commands

from bot.replies import answering, show
from bot.ui.people import people_page


class Journal(commands.GroupCog, group_name="journal", group_description="What you write for yourself alone."):
    """Private words of a member."""

    @app_commands.command()
    async def people(self, interaction: discord.Interaction[Any]) -> None:
        """Up to three people you could write to on a hard day. Only you see them."""
        async with answering(interaction):
            await show(interaction, *await people_page(interaction))


async def setup(bot: commands.Bot) -> None:
    """Called by discord.py."""
    await bot.add_cog(Journal())
