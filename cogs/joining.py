"""`/join`."""

from typing import Any

import discord
from discord import app_commands
from discord.ext import commands

from bot.domain.errors import UserError
from bot.replies import answering, services_of
from bot.services.cohorts import LONGEST_NAME
from bot.ui.joining import open_panel, server_of

CohortName = app_commands.Range[str, 0, LONGEST_NAME]


class Joining(commands.Cog):
    """A place in a cohort."""

    @app_commands.command()
    @app_commands.allowed_contexts(guilds=True, dms=False, private_channels=False)
    async def join(self, interaction: discord.Interaction[Any], cohort: CohortName = "") -> None:
        """Join a cohort of this server. Two questions, seen by nobody else.

        Args:
            interaction: Discord's.
            cohort: Its name; only needed where there are several.
        """
        async with answering(interaction):
            found = await services_of(interaction).joining.cohort_to_join(server_of(interaction), cohort)
            await open_panel(interaction, found.id)

    @join.autocomplete("cohort")
    async def _cohorts(self, interaction: discord.Interaction[Any], current: str) -> list[app_commands.Choice[str]]:
        try:
            names = await services_of(interaction).joining.cohort_names(interaction.guild_id or 0)
        except UserError:
            return []
        wanted = current.casefold()
        return [app_commands.Choice(name=name, value=name) for name in names if wanted in name.casefold()][:25]


async def setup(bot: commands.Bot) -> None:
    """Called by discord.py."""
    await bot.add_cog(Joining())
