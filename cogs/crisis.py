"""What can anybody do, anywhere, when they need a person? `/crisis`."""

from typing import Any

import discord
from discord import app_commands
from discord.ext import commands

from bot.ui import crisis as ui


class Crisis(commands.Cog):
    """Works for everybody: joined or not, in a server, in a DM, with no records at all."""

    @app_commands.command()
    @app_commands.allowed_installs(guilds=True, users=True)
    @app_commands.allowed_contexts(guilds=True, dms=True, private_channels=True)
    async def crisis(self, interaction: discord.Interaction[Any], country: str | None = None) -> None:
        """People to talk to, right now. Private, no questions asked.

        Args:
            country: Where you are. Leave it out if you like; you get an answer anyway.
        """
        if country:
            await ui.open_card_of(interaction, country)
        else:
            await ui.open_own_card(interaction)

    @crisis.autocomplete("country")
    async def _countries(self, interaction: discord.Interaction[Any], typed: str) -> list[app_commands.Choice[str]]:
        return ui.suggestions(interaction, typed)


async def setup(bot: commands.Bot) -> None:
    """Called by discord.py when the extension is loaded."""
    await bot.add_cog(Crisis())
