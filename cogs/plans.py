"""`/exam` and `/plan`: a date, and what is left until then."""

from typing import Any

import discord
from discord import app_commands
from discord.ext import commands

from bot.replies import actor_of, answering, services_of, show
from bot.ui.plans import dated, numbered

Number = app_commands.Range[str, 1, 60]


class Exam(commands.GroupCog, group_name="exam", group_description="Your exam."):
    """A member's own exam."""

    @app_commands.command(name="date")
    async def set_date(self, interaction: discord.Interaction[Any], date: app_commands.Range[str, 1, 100]) -> None:
        """Say when your exam is, or take the date back. Nobody else sees it.

        Args:
            interaction: Discord's.
            date: Such as 30 May, or in 8 weeks. none takes it back.
        """
        async with answering(interaction, words=date):
            services, operation = services_of(interaction), f"exam_date:{interaction.id}"
            plan = await services.plans.set_exam(actor_of(interaction), date, services.clock(), operation=operation)
            await show(interaction, *dated(plan))


class Plan(commands.GroupCog, group_name="plan", group_description="Your way to the exam."):
    """A member's own plan."""

    @app_commands.command()
    async def left(
        self, interaction: discord.Interaction[Any], unseen: Number | None = None, seen: Number | None = None
    ) -> None:
        """Say how many questions are left. What you log from then on is taken off.

        Args:
            interaction: Discord's.
            unseen: Questions you never did yet, such as 1400.
            seen: Questions you did before and mean to do again.
        """
        async with answering(interaction, words=" / ".join(filter(None, (unseen, seen)))):
            services, operation = services_of(interaction), f"plan_left:{interaction.id}"
            plan = await services.plans.set_left(
                actor_of(interaction), unseen or "", seen or "", services.clock(), operation=operation
            )
            await show(interaction, *numbered(plan))


async def setup(bot: commands.Bot) -> None:
    """Called by discord.py."""
    await bot.add_cog(Exam())
    await bot.add_cog(Plan())
