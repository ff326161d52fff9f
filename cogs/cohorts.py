"""`/cohort`: setting up a cohort from inside Discord."""

from typing import Any

import discord
from discord import app_commands
from discord.ext import commands

from bot.domain.errors import UserError
from bot.replies import QUIET, actor_of, answering, services_of, tell
from bot.services.cohorts import LONGEST_NAME
from bot.ui.cohorts import invitation
from bot.ui.words import plain

CohortName = app_commands.Range[str, 0, LONGEST_NAME]


@app_commands.allowed_contexts(guilds=True, dms=False, private_channels=False)
class Cohorts(commands.GroupCog, group_name="cohort", group_description="For moderators: set up a cohort."):
    """Shown to everybody, because a moderator may have no more than a role; the service decides who may."""

    @app_commands.command()
    async def create(
        self,
        interaction: discord.Interaction[Any],
        name: app_commands.Range[str, 1, LONGEST_NAME],
        channel: discord.TextChannel,
    ) -> None:
        """Make a cohort. Everything beyond name and channel has a default.

        Args:
            interaction: Discord's.
            name: For example "Spring group".
            channel: Where its invitation will stand.
        """
        async with answering(interaction):
            services = services_of(interaction)
            cohort = await services.cohorts.create(
                actor_of(interaction),
                channel.guild.id,
                name,
                channel.id,
                _may_manage(interaction),
                services.clock(),
            )
            where = f"`/cohort invite` posts its invitation in <#{channel.id}>."
            await tell(interaction, f"“{plain(cohort.name)}” is there. {where}")

    @app_commands.command()
    async def invite(self, interaction: discord.Interaction[Any], cohort: CohortName = "") -> None:
        """Post a cohort's invitation, with a Join button that lasts, in its channel.

        Args:
            interaction: Discord's.
            cohort: Its name; only needed where there are several.
        """
        async with answering(interaction):
            services = services_of(interaction)
            found = await services.cohorts.to_invite(interaction.guild_id or 0, cohort, _may_manage(interaction))
            text, view = invitation(found)
            channel = interaction.client.get_partial_messageable(found.channel_id, guild_id=found.guild_id)
            try:
                message = await channel.send(text, view=view, allowed_mentions=QUIET)
            except discord.HTTPException:
                raise UserError(
                    f"I can't post in <#{found.channel_id}>. There I need the permissions View Channel and "
                    "Send Messages; then `/cohort invite` works."
                ) from None
            await services.cohorts.posted(found.id, found.channel_id, message.id)
            await tell(
                interaction, f"The invitation stands in <#{found.channel_id}>. Its button works as long as it stands."
            )

    @invite.autocomplete("cohort")
    async def _cohorts(self, interaction: discord.Interaction[Any], current: str) -> list[app_commands.Choice[str]]:
        try:
            names = await services_of(interaction).cohorts.names(interaction.guild_id or 0, _may_manage(interaction))
        except UserError:
            return []
        wanted = current.casefold()
        return [app_commands.Choice(name=name, value=name) for name in names if wanted in name.casefold()][:25]


def _may_manage(interaction: discord.Interaction[Any]) -> bool:
    return interaction.permissions.manage_guild


async def setup(bot: commands.Bot) -> None:
    """Called by discord.py."""
    await bot.add_cog(Cohorts())
