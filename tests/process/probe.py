"""What does a bot on real discord.py see of the loopback? One of everything, in the test's own process."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from re import Match
from typing import Any, Self

import discord
import yarl
from discord import app_commands, ui
from discord.gateway import DiscordWebSocket
from discord.http import Route

from tests.process.loopback import Loopback


class Keep(ui.DynamicItem[ui.Button[Any]], template=r"keep:(?P<number>\d+)"):
    """A button that outlives its message's view; pressed, it edits its message."""

    def __init__(self, number: int) -> None:
        super().__init__(ui.Button(label="Keep", custom_id=f"keep:{number}"))

    @classmethod
    async def from_custom_id(
        cls,
        interaction: discord.Interaction,  # noqa: ARG003 - the library's signature
        item: ui.Item[Any],  # noqa: ARG003
        match: Match[str],
        /,
    ) -> Self:
        return cls(int(match["number"]))

    async def callback(self, interaction: discord.Interaction) -> None:
        await interaction.response.edit_message(view=Card("Kept.", None))


class Card(ui.LayoutView):
    """A Components V2 message, with the button if there is a number for it."""

    def __init__(self, words: str, number: int | None) -> None:
        super().__init__(timeout=None)
        text = ui.TextDisplay[Any](words)
        if number is None:
            self.add_item(ui.Container[Any](text))
        else:
            self.add_item(ui.Container[Any](ui.Section[Any](text, accessory=Keep(number))))


class Form(ui.Modal, title="How was it?"):
    """Answers with what it was given."""

    line = ui.Label[Any](text="A line", component=ui.TextInput[Any](custom_id="line", required=False))
    boxes = ui.Label[Any](
        text="Which",
        component=ui.CheckboxGroup[Any](
            custom_id="boxes",
            required=False,
            options=[
                discord.CheckboxGroupOption(label="Timed", value="timed", default=True),
                discord.CheckboxGroupOption(label="Unseen", value="unseen"),
            ],
        ),
    )

    async def on_submit(self, interaction: discord.Interaction, /) -> None:
        line, boxes = self.line.component, self.boxes.component
        assert isinstance(line, ui.TextInput)
        assert isinstance(boxes, ui.CheckboxGroup)
        await interaction.response.send_message(f"{line.value} {','.join(boxes.values)}", ephemeral=True)


async def where(interaction: discord.Interaction["Probe"]) -> None:
    """Says where it was called, as discord.py understands it."""
    context = interaction.context
    place = "server" if context.guild else "dm" if context.dm_channel else "private"
    install = "person" if interaction.is_user_integration() else "server"
    known = "" if interaction.guild is None else f" of {interaction.guild.name or 'a stub'}"
    rights = ", with rights" if interaction.permissions.manage_guild else ""
    await interaction.response.send_message(f"{place}{known}, installed to the {install}{rights}", ephemeral=True)


async def form(interaction: discord.Interaction["Probe"]) -> None:
    """Shows a form."""
    await interaction.response.send_modal(Form(custom_id="form"))


async def later(interaction: discord.Interaction["Probe"]) -> None:
    """Thinks first."""
    await interaction.response.defer(ephemeral=True)
    await interaction.edit_original_response(content="soon")
    await interaction.edit_original_response(content=None, view=Card("done", None))
    await interaction.followup.send("and more", ephemeral=True)


async def wait(interaction: discord.Interaction["Probe"]) -> None:
    """Answers when the test says so."""
    await interaction.client.gate.wait()
    try:
        await interaction.response.send_message("at last")
    except discord.HTTPException as error:
        interaction.client.refused.put_nowait(error.code)


goal = app_commands.Group(name="goal", description="Goals")


@goal.command(name="set")
async def set_goal(interaction: discord.Interaction["Probe"], amount: int, kind: str, who: discord.User) -> None:
    """Sets a goal."""
    await interaction.response.send_message(f"{amount} {kind} for {who.name}")


@set_goal.autocomplete("kind")
async def kinds(interaction: discord.Interaction["Probe"], typed: str) -> list[app_commands.Choice[str]]:
    """Everything that begins with what was typed."""
    known = ("questions", "hours")
    return [app_commands.Choice(name=kind, value=kind) for kind in known if kind.startswith(typed)]


class Probe(discord.Client):
    """Notes the gateway events that tests ask about in `seen`."""

    def __init__(self) -> None:
        intents = discord.Intents(guilds=True, dm_messages=True)
        # discord.py waits for two seconds for more servers before it calls itself ready.
        super().__init__(intents=intents, chunk_guilds_at_startup=False, guild_ready_timeout=0.05)
        self.tree = app_commands.CommandTree(self)
        for command in (where, form, later, wait):
            self.tree.command()(command)
        self.tree.add_command(goal)
        self.add_dynamic_items(Keep)
        self.gate = asyncio.Event()
        self.refused: asyncio.Queue[int] = asyncio.Queue()
        self.seen: asyncio.Queue[str] = asyncio.Queue()

    async def setup_hook(self) -> None:
        _, url, _ = await self.http.get_bot_gateway()
        DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(url)
        await self.tree.sync()

    async def before_identify_hook(self, shard_id: int | None, *, initial: bool = False) -> None:
        """Not the library's pause of five seconds before another login."""

    async def on_guild_join(self, guild: discord.Guild) -> None:
        self.seen.put_nowait(f"joined {guild.name}")

    async def on_guild_remove(self, guild: discord.Guild) -> None:
        self.seen.put_nowait(f"left {guild.name}")

    async def on_guild_unavailable(self, guild: discord.Guild) -> None:
        self.seen.put_nowait(f"lost sight of {guild.name}")

    async def on_resumed(self) -> None:
        self.seen.put_nowait("resumed")


@asynccontextmanager
async def probing(discord_: Loopback) -> AsyncGenerator[Probe]:
    """A probe that is logged in and ready; it is the caller's to restore `Route.BASE` (see the fixture)."""
    Route.BASE = discord_.api_url
    probe = Probe()
    running = asyncio.create_task(probe.start(discord_.token))
    ready = asyncio.create_task(discord_.wait_connected())
    await asyncio.wait({running, ready}, return_when=asyncio.FIRST_COMPLETED)
    await ready
    await probe.wait_until_ready()
    try:
        yield probe
    finally:
        await probe.close()
        await running
