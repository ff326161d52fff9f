"""What does discord.py alone cost? The floor for benchmarks: as small as a bot can be."""

import asyncio
import logging
import os
from pathlib import Path

import discord
import yarl
from discord import app_commands
from discord.gateway import DiscordWebSocket
from discord.http import Route

log = logging.getLogger("empty_bot")


class EmptyBot(discord.Client):
    """One command, no caches.

    Reads the environment: DISCORD_TOKEN, DISCORD_API_URL; NO_SYNC set skips the command sync; CHANNELS, a
    file with one channel id a line, makes it send one message to each of them at once when it is ready.
    """

    def __init__(self, channels: list[str]) -> None:
        """Sends to these channel ids when it is ready."""
        super().__init__(
            intents=discord.Intents(guilds=True, dm_messages=True),
            member_cache_flags=discord.MemberCacheFlags.none(),
            chunk_guilds_at_startup=False,
            max_messages=None,
        )
        self.channels = channels
        self.tree = app_commands.CommandTree(self)
        self.tree.command()(ping)

    async def setup_hook(self) -> None:
        # discord.py asks /gateway/bot only when it is sharded; a single connection takes a built-in address.
        _, url, _ = await self.http.get_bot_gateway()
        DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(url)
        if "NO_SYNC" not in os.environ:
            await self.tree.sync()

    async def on_ready(self) -> None:
        log.info("ready")
        if self.channels:
            await self.send_to_all()

    async def send_to_all(self) -> None:
        """All at once, as one would write it first."""
        sends = [self.get_partial_messageable(int(channel)).send("Good morning.") for channel in self.channels]
        outcomes = await asyncio.gather(*sends, return_exceptions=True)
        failed = sum(isinstance(outcome, BaseException) for outcome in outcomes)
        log.info("sent %s, failed %s", len(outcomes) - failed, failed)


async def ping(interaction: discord.Interaction[EmptyBot]) -> None:
    """Answers."""
    await interaction.response.send_message("pong", ephemeral=True)


def main() -> None:
    """Until it is killed."""
    Route.BASE = os.environ["DISCORD_API_URL"]
    channels = Path(os.environ["CHANNELS"]).read_text().split() if "CHANNELS" in os.environ else []
    EmptyBot(channels).run(os.environ["DISCORD_TOKEN"], root_logger=True)


if __name__ == "__main__":
    main()
