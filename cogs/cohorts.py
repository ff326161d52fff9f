"""`/cohort`: setting up a cohort from inside Discord, and looking after it."""

from typing import Any

import discord
from discord import app_commands
from discord.ext import commands

from bot.domain.errors import UserError
from bot.replies import QUIET, actor_of, answering, services_of, show, tell
from bot.services.cohorts import LONGEST_CAMPUS_LINE, LONGEST_NAME, Changes
from bot.ui.cohorts import edited, invitation, is_silent, listed, paused, queue_channel, rights_of, suggested
from bot.ui.words import plain

CohortName = app_commands.Range[str, 0, LONGEST_NAME]
LONGEST_DATE = 100
"""Characters of a day in words."""


@app_commands.allowed_contexts(guilds=True, dms=False, private_channels=False)
class Cohorts(commands.GroupCog, group_name="cohort", group_description="For moderators: look after a cohort."):
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
                rights_of(interaction).may_manage,
                services.clock(),
            )
            where = f"`/cohort invite` posts its invitation in <#{channel.id}>."
            await tell(interaction, f"“{plain(cohort.name)}” is there. {where}")

    @app_commands.command()
    @app_commands.autocomplete(cohort=suggested)
    async def edit(
        self,
        interaction: discord.Interaction[Any],
        cohort: CohortName = "",
        name: app_commands.Range[str, 1, LONGEST_NAME] | None = None,
        channel: discord.TextChannel | None = None,
        moderators: discord.Role | None = None,
        queue: discord.TextChannel | None = None,
        campus: app_commands.Range[str, 1, LONGEST_CAMPUS_LINE] | None = None,
        server: app_commands.Range[str, 1, LONGEST_CAMPUS_LINE] | None = None,
    ) -> None:
        """Change a cohort's name, its channels, who looks after it, or its own help line.

        Args:
            interaction: Discord's.
            cohort: Its name as it is now; only needed where there are several.
            name: Its new name.
            channel: Where its next invitation will stand.
            moderators: The role whose people look after it, beside Manage Server.
            queue: A channel that only the moderators can read, where requests to them will stand.
            campus: A help line of its own, such as school counselling with its number; none takes it back.
            server: The same for every cohort of this server that has none of its own.
        """
        async with answering(interaction):
            services = services_of(interaction)
            changes = Changes(
                name=name,
                channel_id=channel.id if channel else None,
                moderator_role_id=moderators.id if moderators else None,
                queue=queue_channel(queue) if queue else None,
                campus_line=campus,
                server_line=server,
            )
            standing = await services.cohorts.edit(
                actor_of(interaction), rights_of(interaction), cohort, changes, services.clock()
            )
            silent = bool(queue or moderators) and is_silent(interaction.guild, standing.cohort)
            await tell(interaction, edited(standing, bool(name or channel), silent))

    @app_commands.command(name="list")
    async def show(self, interaction: discord.Interaction[Any]) -> None:
        """The cohorts you look after: channel, moderators, size, and pauses."""
        async with answering(interaction):
            services = services_of(interaction)
            page, more = await services.cohorts.listed(rights_of(interaction), 0, services.clock())
            text, view = listed(page, 0, more)
            await interaction.response.send_message(text, view=view, ephemeral=True, allowed_mentions=QUIET)

    @app_commands.command()
    @app_commands.autocomplete(cohort=suggested)
    async def pause(
        self,
        interaction: discord.Interaction[Any],
        cohort: CohortName = "",
        until: app_commands.Range[str, 0, LONGEST_DATE] = "",
    ) -> None:
        """Stop the messages of a whole cohort, at once. A pause that runs already gets the new end.

        Args:
            interaction: Discord's.
            cohort: Its name; only needed where there are several.
            until: The last day, such as "Friday" or "30 May". Without it: until somebody resumes.
        """
        async with answering(interaction):
            services = services_of(interaction)
            standing = await services.cohorts.pause(
                actor_of(interaction), rights_of(interaction), cohort, until, services.clock()
            )
            await show(interaction, *paused(standing))

    @app_commands.command()
    @app_commands.autocomplete(cohort=suggested)
    async def invite(self, interaction: discord.Interaction[Any], cohort: CohortName = "") -> None:
        """Post a cohort's invitation, with a Join button that lasts, in its channel.

        Args:
            interaction: Discord's.
            cohort: Its name; only needed where there are several.
        """
        async with answering(interaction):
            services = services_of(interaction)
            found = await services.cohorts.to_invite(rights_of(interaction), cohort)
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


async def setup(bot: commands.Bot) -> None:
    """Called by discord.py."""
    await bot.add_cog(Cohorts())
