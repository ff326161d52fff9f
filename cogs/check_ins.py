"""`/checkin`."""

from typing import Any

import discord
from discord import app_commands
from discord.ext import commands

from bot.replies import QUIET, actor_of, answering, services_of
from bot.ui.overview import overview


class CheckIns(commands.Cog):
    """A member's own days."""

    @app_commands.command()
    async def checkin(self, interaction: discord.Interaction[Any]) -> None:
        """Today, and yesterday until tonight: answer, change, or add to it."""
        async with answering(interaction):
            services = services_of(interaction)
            now = services.clock()
            found = await services.check_ins.overview(actor_of(interaction), now)
            text, view = overview(found, now)
            await interaction.response.send_message(text, view=view, ephemeral=True, allowed_mentions=QUIET)


async def setup(bot: commands.Bot) -> None:
    """Called by discord.py."""
    await bot.add_cog(CheckIns())
