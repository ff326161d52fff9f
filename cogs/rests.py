"""`/rest`: rest, a pause, and shift work."""

from typing import Any

import discord
from discord import app_commands
from discord.ext import commands

from bot.domain.rests import Near
from bot.replies import actor_of, answering, services_of, show
from bot.ui.rest_forms import LONGEST
from bot.ui.rests import on_nights, paused, planned, rested
from bot.ui.today import resumed

Words = app_commands.Range[str, 0, LONGEST]
NEAR = [app_commands.Choice(name=near.value.capitalize(), value=near.value) for near in Near]


class Rests(commands.GroupCog, group_name="rest", group_description="Rest, a pause, and shift work."):
    """A member's own rest."""

    @app_commands.command()
    @app_commands.choices(day=NEAR)
    async def today(self, interaction: discord.Interaction[Any], day: str = Near.TODAY.value) -> None:
        """Make today a rest day, at any hour, or yesterday until tonight.

        Args:
            interaction: Discord's.
            day: Today, unless you say otherwise.
        """
        async with answering(interaction):
            services = services_of(interaction)
            done = await services.rests.take(actor_of(interaction), Near(day), services.clock())
            await show(interaction, *rested(done))

    @app_commands.command()
    async def days(self, interaction: discord.Interaction[Any], weekdays: Words = "", dates: Words = "") -> None:
        """Plan rest: weekdays from today on, or dates. One of the two is enough.

        Args:
            interaction: Discord's.
            weekdays: Such as "Sunday" or "Sat and Sun"; "none" ends them.
            dates: A day or several, such as "Friday" or "24 Dec to 2 Jan".
        """
        async with answering(interaction, words=_words(weekdays, dates)):
            services = services_of(interaction)
            done = await services.rests.plan(
                actor_of(interaction), weekdays, dates, services.clock(), operation=f"days:{interaction.id}"
            )
            await show(interaction, *planned(done))

    @app_commands.command()
    async def pause(self, interaction: discord.Interaction[Any], until: Words = "", since: Words = "") -> None:
        """Stop the messages at once, for whatever reason. It can reach a week back.

        Args:
            interaction: Discord's.
            until: The last day, such as "Friday" or "30 May". Without it: until you say so.
            since: The first day, today or up to seven days back.
        """
        async with answering(interaction, words=_words(until, since)):
            services = services_of(interaction)
            done = await services.rests.pause(
                actor_of(interaction), until, since, services.clock(), operation=f"pause:{interaction.id}"
            )
            await show(interaction, *paused(done))

    @app_commands.command()
    async def resume(self, interaction: discord.Interaction[Any]) -> None:
        """End your pause. It starts from today, and nothing has piled up."""
        async with answering(interaction):
            services = services_of(interaction)
            await show(interaction, *resumed(await services.rests.resume(actor_of(interaction), services.clock())))

    @app_commands.command()
    async def nights(self, interaction: discord.Interaction[Any], until: Words, wake: Words, sleep: Words) -> None:
        """Be on nights from today: messages come after you wake and before you sleep.

        Args:
            interaction: Discord's.
            until: The last day, such as "Friday" or "30 May".
            wake: When you wake up, such as "16:00" or "4 pm".
            sleep: When you go to sleep, such as "8:30".
        """
        async with answering(interaction, words=_words(until, wake, sleep)):
            services = services_of(interaction)
            done = await services.rests.nights(
                actor_of(interaction), until, wake, sleep, services.clock(), operation=f"nights:{interaction.id}"
            )
            await show(interaction, *on_nights(done))


def _words(*typed: str) -> str:
    return "\n".join(filter(None, typed))


async def setup(bot: commands.Bot) -> None:
    """Called by discord.py."""
    await bot.add_cog(Rests())
