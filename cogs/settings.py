"""`/settings`: everything a member chose, to see and to change."""

from typing import Any

import discord
from discord import app_commands
from discord.ext import commands

from bot.domain.errors import UserError
from bot.domain.lines import Tone
from bot.replies import answering, show
from bot.ui.crisis import suggestions as country_suggestions
from bot.ui.joining import LONGEST_CITY
from bot.ui.setting_changes import changed, place_suggestions
from bot.ui.settings import cohort_suggestions, leaving, settings_page
from bot.ui.tones import set_tone

Words = app_commands.Range[str, 1, 40]
Name = app_commands.Range[str, 1, LONGEST_CITY]


class Settings(commands.GroupCog, group_name="settings", group_description="Everything you chose, and to change it."):
    """A member's own choices; each answer shows all of them."""

    @app_commands.command(name="show")
    async def look(self, interaction: discord.Interaction[Any]) -> None:
        """All your settings on one screen, with a button for each."""
        async with answering(interaction):
            await show(interaction, *await settings_page(interaction))

    @app_commands.command()
    async def zone(self, interaction: discord.Interaction[Any], place: Name) -> None:
        """The place whose time your messages follow.

        Args:
            interaction: Discord's.
            place: Your city, or a larger one nearby.
        """
        await _change(interaction, "zone", place=place)

    @zone.autocomplete("place")
    async def _places(self, interaction: discord.Interaction[Any], typed: str) -> list[app_commands.Choice[str]]:
        return place_suggestions(interaction, typed)

    @app_commands.command()
    async def times(self, interaction: discord.Interaction[Any], morning: Words = "", evening: Words = "") -> None:
        """When I write to you, in your local time.

        Args:
            interaction: Discord's.
            morning: Such as 7:30 or 7 am.
            evening: Such as 21:00 or 9 pm; at least two hours after the morning.
        """
        await _change(interaction, "times", morning=morning, evening=evening)

    @app_commands.command()
    async def day(self, interaction: discord.Interaction[Any], cut: Words) -> None:
        """When your day ends. Whatever comes before it still belongs to the day before.

        Args:
            interaction: Discord's.
            cut: A whole hour, such as 4:00 or midnight.
        """
        await _change(interaction, "day", cut=cut)

    @app_commands.command()
    async def blocks(self, interaction: discord.Interaction[Any], size: Words) -> None:
        """How many questions you call a block. What you logged stays as it is.

        Args:
            interaction: Discord's.
            size: 10 to 50.
        """
        await _change(interaction, "blocks", size=size)

    @app_commands.command()
    async def country(self, interaction: discord.Interaction[Any], country: Name) -> None:
        """The country whose help lines come first.

        Args:
            interaction: Discord's.
            country: Where you are.
        """
        await _change(interaction, "country", country=country)

    @country.autocomplete("country")
    async def _countries(self, interaction: discord.Interaction[Any], typed: str) -> list[app_commands.Choice[str]]:
        return country_suggestions(interaction, typed)

    @app_commands.command()
    async def tone(self, interaction: discord.Interaction[Any], tone: Tone) -> None:
        """How I speak about your days: plain, warm, dry, or not at all.

        Args:
            interaction: Discord's.
            tone: How it shall sound.
        """
        async with answering(interaction):
            await show(interaction, *await set_tone(interaction, tone))

    @app_commands.command()
    async def leave(self, interaction: discord.Interaction[Any], cohort: Name = "") -> None:
        """Leave a cohort. Nothing is asked, nothing is erased, and you can come back.

        Args:
            interaction: Discord's.
            cohort: Only needed where you are in several.
        """
        async with answering(interaction):
            await show(interaction, *await leaving(interaction, cohort))

    @leave.autocomplete("cohort")
    async def _cohorts(self, interaction: discord.Interaction[Any], typed: str) -> list[app_commands.Choice[str]]:
        try:
            return await cohort_suggestions(interaction, typed)
        except UserError:
            return []


async def _change(interaction: discord.Interaction[Any], what: str, **typed: str) -> None:
    async with answering(interaction):
        await show(interaction, *await changed(interaction, what, typed, f"settings:{interaction.id}"))


async def setup(bot: commands.Bot) -> None:
    """Called by discord.py."""
    await bot.add_cog(Settings())
