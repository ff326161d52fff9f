"""What does Discord see of us? discord.py's client, with our services and lasting buttons."""

import asyncio
import hashlib
import json
import logging
import sys
from collections.abc import Sequence
from typing import Any

import discord
from discord import app_commands
from discord.ext import commands

from bot.domain.errors import Resting, UserError
from bot.heard import LastWords
from bot.replies import report, tell
from bot.services import Services
from bot.storage import meta
from bot.ui import forms

log = logging.getLogger(__name__)

SYNCED = "commands_synced"
PATIENCE = 5.0
"""Seconds that the start waits for the records before it tells Discord the commands anew."""

LastingItem = type[discord.ui.DynamicItem[Any]]


class Tree(app_commands.CommandTree["ComebackBot"]):
    """Where commands' errors end. An autocomplete that fails offers nothing."""

    async def on_error(
        self, interaction: discord.Interaction["ComebackBot"], error: app_commands.AppCommandError, /
    ) -> None:
        if interaction.type is discord.InteractionType.autocomplete:
            return
        await report(interaction, error)


class ComebackBot(commands.Bot):
    """discord.py's client with our services, the lasting buttons, and no more than it must see."""

    def __init__(
        self,
        services: Services,
        extensions: Sequence[str],
        lasting: Sequence[LastingItem],
        records_tried: asyncio.Event,
    ) -> None:
        intents = discord.Intents(guilds=True, dm_messages=True)
        super().__init__(
            command_prefix=(),
            intents=intents,
            tree_cls=Tree,
            help_command=None,
            member_cache_flags=discord.MemberCacheFlags.none(),
            chunk_guilds_at_startup=False,
            max_messages=None,
            allowed_mentions=discord.AllowedMentions.none(),
            allowed_contexts=app_commands.AppCommandContext(guild=True, dm_channel=True),
            allowed_installs=app_commands.AppInstallationType(guild=True),
        )
        self.services = services
        self._extensions = extensions
        self._lasting = lasting
        self._records_tried = records_tried
        self._last_words = LastWords()

    async def setup_hook(self) -> None:
        self.add_dynamic_items(*self._lasting)
        for extension in self._extensions:
            await self.load_extension(extension)
        await self.sync_when_changed()

    async def sync_when_changed(self) -> None:
        """Tell Discord the commands only if they differ from the last time; without records, always."""
        try:
            async with asyncio.timeout(PATIENCE):
                await self._records_tried.wait()
        except TimeoutError:
            log.warning("records are not open yet; commands are synced without them")
        payload = [command.to_dict(self.tree) for command in self.tree.get_commands()]
        text = json.dumps([self.application_id, payload], sort_keys=True, default=str)
        digest = hashlib.sha256(text.encode()).hexdigest()
        if await self._last_synced() == digest:
            return
        try:
            await self.tree.sync()
        except discord.DiscordServerError as error:  # it knows the commands of the last version, and needs no others
            log.warning("Discord does not take the commands now (%s); the next start tells it again", error.status)
            return
        log.info("commands synced")
        try:
            async with self.services.records.writing() as tx:
                await meta.keep(tx, SYNCED, digest)
        except Resting:
            log.debug("the sync is not remembered: records rest")

    async def _last_synced(self) -> str | None:
        try:
            async with self.services.records.reading() as tx:
                return await meta.value(tx, SYNCED)
        except Resting:
            return None

    async def on_interaction(self, interaction: discord.Interaction[Any]) -> None:
        """Forms, and buttons of an older version: everything that discord.py itself does not route."""
        if interaction.type is discord.InteractionType.modal_submit:
            if not await forms.route(interaction):
                unknown = UserError("I don't know that form any more. `/today` opens what there is.")
                await report(interaction, unknown, forms.typed(interaction))
        elif interaction.type is discord.InteractionType.component and not self._is_lasting(interaction):
            await tell(interaction, "That button is from an older time. `/today` opens what there is.")

    async def on_message(self, message: discord.Message, /) -> None:
        """Remember that these words were heard; who answers them listens too. There are no commands in plain text."""
        if message.guild is None and not message.author.bot:
            self._last_words.are_new(message.id, message.content)

    async def on_raw_message_edit(self, payload: discord.RawMessageUpdateEvent) -> None:
        """New words in an old direct message are answered as those of a new one.

        The raw event, because no message is kept to compare with. Discord dates an edit of the words only.
        """
        message = payload.message
        if payload.guild_id is not None or message.author.bot or message.edited_at is None:
            return
        if self._last_words.are_new(message.id, message.content):
            self.dispatch("message", message)

    async def on_error(self, event_method: str, /, *_args: Any, **_kwargs: Any) -> None:
        log.error("%s failed: %s", event_method, getattr(sys.exc_info()[0], "__name__", "unknown"))

    def _is_lasting(self, interaction: discord.Interaction[Any]) -> bool:
        custom_id = str((interaction.data or {}).get("custom_id", ""))
        return any(item.__discord_ui_compiled_template__.fullmatch(custom_id) for item in self._lasting)
