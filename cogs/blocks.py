"""`/log` and `/undo`: work written down, and taken back."""

from typing import Any

import discord
from discord import app_commands
from discord.ext import commands

from bot.domain.blocks import Typed, Work
from bot.replies import actor_of, answering, services_of, show
from bot.ui.block_forms import LABELS
from bot.ui.blocks import logged, taken_back

KINDS = [app_commands.Choice(name=label, value=work.value) for work, label in LABELS.items()]


class Blocks(commands.Cog):
    """A member's own work."""

    @app_commands.command()
    @app_commands.choices(kind=KINDS)
    async def log(
        self,
        interaction: discord.Interaction[Any],
        questions: app_commands.Range[str, 1, 60],
        correct: app_commands.Range[int, 0, 500] | None = None,
        minutes: app_commands.Range[int, 1, 960] | None = None,
        kind: str = Work.QUESTIONS.value,
    ) -> None:
        """Log what you did. `/today` shows the day.

        Args:
            interaction: Discord's.
            questions: How many: 20, or 2 blocks, or 20/14 with those that were right.
            correct: How many were right.
            minutes: How long it took.
            kind: What it was; questions unless you say otherwise.
        """
        async with answering(interaction, words=questions):
            services, actor = services_of(interaction), actor_of(interaction)
            typed = Typed(
                kind=Work(kind),
                amount=questions,
                correct=correct,
                minutes="" if minutes is None else str(minutes),
            )
            done = await services.blocks.log(actor, typed, services.clock(), operation=f"log:{interaction.id}")
            await show(interaction, *logged(done))

    @app_commands.command()
    async def undo(self, interaction: discord.Interaction[Any]) -> None:
        """Take back what you logged last."""
        async with answering(interaction):
            services = services_of(interaction)
            await show(interaction, *taken_back(await services.blocks.undo(actor_of(interaction), services.clock())))


async def setup(bot: commands.Bot) -> None:
    """Called by discord.py."""
    await bot.add_cog(Blocks())
