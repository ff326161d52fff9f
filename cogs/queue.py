"""`/queue`: what moderators see of requests, and when they can be asked; and what happens when a server lets us go."""

import contextlib
from typing import Any

import discord
from discord import app_commands
from discord.ext import commands

from bot.client import ComebackBot
from bot.domain.errors import Resting
from bot.replies import actor_of, answering, services_of, show
from bot.services.cohorts import LONGEST_NAME
from bot.services.duties import Changes
from bot.ui.cohorts import rights_of, suggested
from bot.ui.duties import card, zone_of
from bot.ui.joining import LONGEST_CITY
from bot.ui.queue import listed
from bot.ui.setting_changes import place_suggestions

CohortName = app_commands.Range[str, 0, LONGEST_NAME]
Words = app_commands.Range[str, 0, 60]


@app_commands.allowed_contexts(guilds=True, dms=False, private_channels=False)
class Queue(commands.GroupCog, group_name="queue", group_description="For moderators: who asked to be contacted."):
    """Shown to everybody, because a moderator may have no more than a role; the service decides who may."""

    def __init__(self, bot: ComebackBot) -> None:
        self._bot = bot
        self._services = bot.services

    @app_commands.command(name="show")
    @app_commands.autocomplete(cohort=suggested)
    async def look(self, interaction: discord.Interaction[Any], cohort: CohortName = "") -> None:
        """Requests that stand, who has them, and pages for hard days.

        Args:
            interaction: Discord's.
            cohort: Its name; without it, all you look after.
        """
        async with answering(interaction):
            cards = await services_of(interaction).queues.listed(rights_of(interaction), cohort)
            await show(interaction, *listed(cards))

    @app_commands.command()
    @app_commands.autocomplete(cohort=suggested)
    async def duty(
        self,
        interaction: discord.Interaction[Any],
        on: bool | None = None,
        hours: Words = "",
        days: Words = "",
        zone: app_commands.Range[str, 0, LONGEST_CITY] = "",
        away: Words = "",
        cohort: CohortName = "",
    ) -> None:
        """When you can be asked. Saying anything names you; you are off duty until you say otherwise.

        Args:
            interaction: Discord's.
            on: Whether you are on duty.
            hours: Such as 18-22 or always, in your local time.
            days: Such as Mon-Fri or weekends.
            zone: Your city, or a larger one nearby.
            away: The last day you are away, such as Friday; none ends it.
            cohort: Its name; only needed where there are several.
        """
        async with answering(interaction):
            services, actor, rights = services_of(interaction), actor_of(interaction), rights_of(interaction)
            place = zone_of(interaction, zone)
            changes = Changes(on=on, hours=hours, weekdays=days, zone=place, off_until=away)
            if changes == Changes():
                duties = await services.duties.look(actor, rights, cohort, services.clock())
            else:
                duties = await services.duties.change(actor, rights, cohort, changes, services.clock())
            await show(interaction, *card(duties))

    @duty.autocomplete("zone")
    async def _places(self, interaction: discord.Interaction[Any], typed: str) -> list[app_commands.Choice[str]]:
        return place_suggestions(interaction, typed)

    @commands.Cog.listener()
    async def on_guild_remove(self, guild: discord.Guild) -> None:
        """The bot was removed; a server that is only unavailable is not."""
        with contextlib.suppress(Resting):  # the next start compares the servers
            await self._services.queue_keeping.leave_guild(guild.id, self._services.clock())

    @commands.Cog.listener()
    async def on_guild_join(self, guild: discord.Guild) -> None:
        with contextlib.suppress(Resting):
            await self._services.queue_keeping.come_back_to_guild(guild.id)

    @commands.Cog.listener()
    async def on_guild_available(self, _guild: discord.Guild) -> None:
        """Only now it is known who can read its channels."""
        self._services.queue_keeping.hurry()

    @commands.Cog.listener()
    async def on_guild_channel_update(self, before: discord.abc.GuildChannel, after: discord.abc.GuildChannel) -> None:
        """A queue that was opened to everybody takes its messages down at once."""
        if before.overwrites != after.overwrites:
            self._services.queue_keeping.hurry()

    @commands.Cog.listener()
    async def on_guild_channel_delete(self, _channel: discord.abc.GuildChannel) -> None:
        self._services.queue_keeping.hurry()

    @commands.Cog.listener()
    async def on_guild_role_update(self, _before: discord.Role, after: discord.Role) -> None:
        """What everybody may do decides who reads a channel without overwrites."""
        if after.is_default():
            self._services.queue_keeping.hurry()

    @commands.Cog.listener()
    async def on_ready(self) -> None:
        """What was removed while the program was away shows only by what is left."""
        with contextlib.suppress(Resting):
            here = {guild.id for guild in self._bot.guilds}
            await self._services.queue_keeping.compare(here, self._services.clock())


async def setup(bot: ComebackBot) -> None:
    """Called by discord.py."""
    await bot.add_cog(Queue(bot))
