"""`/goal`: what a member means to do on a study day."""

from typing import Any

import discord
from discord import app_commands
from discord.ext import commands

from bot.domain.blocks import Work
from bot.replies import actor_of, answering, services_of, show
from bot.ui.block_forms import LABELS
from bot.ui.goals import card, changed, suggested

KINDS = [app_commands.Choice(name=label, value=work.value) for work, label in LABELS.items()]
Number = app_commands.Range[str, 1, 60]


class Goals(commands.GroupCog, group_name="goal", group_description="What you mean to do on a study day."):
    """A member's own goals."""

    @app_commands.command(name="set")
    @app_commands.choices(kind=KINDS)
    async def change(
        self,
        interaction: discord.Interaction[Any],
        floor: Number,
        usual: Number,
        stretch: Number | None = None,
        weekdays: app_commands.Range[str, 1, 100] = "",
        kind: str = Work.QUESTIONS.value,
    ) -> None:
        """Set your goal, from today on: floor, usual and stretch.

        Args:
            interaction: Discord's.
            floor: The least that still counts as a kept day: 10, or half a block.
            usual: An ordinary day: 20, or 1 block.
            stretch: A good day; 125 % of the usual unless you say otherwise.
            weekdays: Only where they differ: Sat and Sun. Without it: all days that have no goal of their own.
            kind: What it counts; questions unless you say otherwise.
        """
        typed = [floor, usual, stretch or ""]
        async with answering(interaction, words=" / ".join(filter(None, typed))):
            services, operation = services_of(interaction), f"goal:{interaction.id}"
            done = await services.goals.set(
                actor_of(interaction), Work(kind), typed, weekdays, services.clock(), operation=operation
            )
            await show(interaction, *changed(done))

    @app_commands.command(name="show")
    async def look(self, interaction: discord.Interaction[Any]) -> None:
        """Your goals as they stand: change one, or take it back."""
        async with answering(interaction):
            services = services_of(interaction)
            await show(interaction, *card(await services.goals.look(actor_of(interaction), services.clock())))

    @app_commands.command()
    async def suggest(self, interaction: discord.Interaction[Any]) -> None:
        """What would be realistic, from what you really did."""
        async with answering(interaction):
            services = services_of(interaction)
            await show(interaction, *suggested(await services.goals.suggest(actor_of(interaction), services.clock())))


async def setup(bot: commands.Bot) -> None:
    """Called by discord.py."""
    await bot.add_cog(Goals())
