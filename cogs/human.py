"""`/human`: ask a volunteer to get in touch."""

from typing import Any

import discord
from discord import app_commands
from discord.ext import commands

from bot.replies import answering
from bot.ui.help_requests import open_page


class Human(commands.Cog):
    """Nothing is sent before it was shown."""

    @app_commands.command()
    async def human(self, interaction: discord.Interaction[Any]) -> None:
        """Ask a volunteer to get in touch. You see first what they will see."""
        async with answering(interaction):
            await open_page(interaction)


async def setup(bot: commands.Bot) -> None:
    """Called by discord.py."""
    await bot.add_cog(Human())
