"""What every test can stand on: a virtual clock, a migrated database file, and a bot in an in-memory Discord."""

import asyncio
import logging
import shutil
import subprocess
import sys
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import discord
import pytest
from simcord.backend.serializers import message_payload
from simcord.enums import ComponentType, InteractionType
from simcord.env import Env
from simcord.interactions import base_payload
from simcord.results import InteractionResult

from bot.app import EXTENSIONS, LASTING, build_services
from bot.client import ComebackBot
from bot.domain.lines import Line
from bot.messenger import LibraryWire
from bot.sender import Sender
from bot.services import Services
from bot.services.actors import Actor
from bot.services.records import Records

A_MONDAY = datetime(2026, 3, 2, 18, 0, tzinfo=UTC)
"""Noon in Chicago."""

# Settling waits one idle turn after each action; the default of 50 ms would be most of the suite's time.
IDLE = 0.002
vars(Env)["_settle_internal"].__kwdefaults__["idle"] = IDLE


class VirtualClock:
    """Stands still until a test moves it."""

    def __init__(self, now: datetime = A_MONDAY) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def set(self, local: str, zone: str = "America/Chicago") -> None:
        """For example `set("2026-03-03 07:30")`."""
        self.now = datetime.fromisoformat(local).replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)

    def move(self, **more: float) -> None:
        self.now += timedelta(**more)


@pytest.fixture(scope="session")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database file at the newest revision, migrated once for all tests."""
    file = tmp_path_factory.mktemp("migrated") / "comeback.db"
    subprocess.run([sys.executable, "-m", "migrations", str(file)], check=True, capture_output=True)
    return file


@pytest.fixture
def clock() -> VirtualClock:
    return VirtualClock()


@pytest.fixture
async def records(migrated: Path, tmp_path: Path) -> AsyncIterator[Records]:
    """Open records on a real file of the test's own."""
    shutil.copy(migrated, tmp_path / "comeback.db")
    opened = Records(tmp_path / "comeback.db", tmp_path / "comeback.key")
    await opened.open()
    yield opened
    await opened.close()


@pytest.fixture
def spoken() -> tuple[Line, ...]:
    """No encouraging lines, so that answers are as short as they can be; a module about lines has its own."""
    return ()


@pytest.fixture
def services(records: Records, clock: VirtualClock, spoken: tuple[Line, ...]) -> Services:
    return build_services(records, clock, spoken)


@dataclass
class People:
    """Actors with interaction ids of their own, as Discord mints them."""

    count: int = field(default=0)

    def actor(self, discord_id: int = 1, name: str = "Ana") -> Actor:
        self.count += 1
        return Actor(discord_id=discord_id, name=name, locale="en-US", interaction_id=self.count)


@pytest.fixture
def people() -> People:
    return People()


@dataclass
class World:
    """A server with a channel, a moderator and a student, and the program that serves them."""

    env: Env
    services: Services
    sender: Sender
    clock: VirtualClock
    guild: Any
    channel: Any
    moderator: Any
    ana: Any
    records_folder: Path
    breaks: bool = False
    """Set by a test in which something is meant to break inside the program."""

    @property
    def bot(self) -> ComebackBot:
        assert isinstance(self.env.bot, ComebackBot)
        return self.env.bot

    def newcomer(self, name: str) -> Any:
        """Somebody else in the same server."""
        return self.guild.add_member(self.env.create_user(name.lower(), global_name=name))

    async def deliver(self) -> None:
        """Plan what is due, and send all that waits."""
        await self.services.planning.plan_due(self.clock())
        while await self.sender.step():
            await self.sender.settled()
        await self.env.settle(idle=IDLE)

    async def at(self, local: str, zone: str = "America/Chicago") -> None:
        """Let it be that time, and let everything due then arrive."""
        self.clock.set(local, zone)
        await self.deliver()

    def dms(self, person: Any) -> list[discord.Message]:
        """The bot's messages to somebody, oldest first."""
        bot = self.env.bot.user
        assert bot is not None
        return [m for m in person.user.dm_channel.history() if m.author.id == bot.id]

    async def restart(self) -> None:
        """The program ends and starts again on the same records."""
        await self.env.restart_bot(client_of(self.services))
        self.sender = Sender(self.services.delivery, LibraryWire(self.env.bot.http), self.clock)

    async def invite(self, name: str = "Spring group") -> discord.Message:
        """A cohort with its invitation."""
        await self.moderator.slash(self.channel, "cohort create", name=name, channel=self.channel)
        await self.moderator.slash(self.channel, "cohort invite", cohort=name)
        message = self.channel.last_message
        assert message is not None
        return message

    async def join(self, person: Any, where: str = "Ready to plan", city: str = "Chicago") -> Any:
        """Somebody joins by the button, and their first DM arrives. Returns what they saw last."""
        panel = await person.click(await self.invite(f"Group of {person.name}"), label="Join")
        form = await person.click(panel.response, label=where)
        answered = await person.submit_modal(form, {"city": city})
        await self.deliver()
        return answered

    async def forge(self, person: Any, custom_id: str) -> Any:
        """Somebody presses a button in the server that we never drew for them."""
        return await person.click(await self.foreign(forged(custom_id)), label="Forged")

    async def forge_dm(self, person: Any, custom_id: str) -> Any:
        """The same in their DMs."""
        place = await self.env.bot.fetch_user(person.id)
        return await person.user.click(await foreign_to(place, forged(custom_id)), label="Forged")

    async def foreign(self, view: discord.ui.View) -> discord.Message:
        """A message in the server that the program does not remember."""
        place = self.env.bot.get_partial_messageable(self.channel.id, guild_id=self.guild.id)
        return await foreign_to(place, view)

    async def at_once(self, *acts: "Act") -> list[Any]:
        """Several acts reach the program before it has answered any; no client stands in between."""
        results: list[Any] = []
        for act in acts:
            record, payload = base_payload(
                self.env.backend,
                type=act.kind,
                channel_id=act.channel_id,
                guild_id=act.guild_id,
                user_id=act.person_id,
                data=act.data,
            )
            if act.message is not None:
                payload["message"] = act.message
                record.source_message_id = int(act.message["id"])
            self.env.backend.emit("INTERACTION_CREATE", payload)
            results.append(InteractionResult(self.env, record))
        await self.env.settle(idle=IDLE)
        return results

    def press(self, person: Any, message: Any, label: str) -> "Act":
        """A button pressed on the message as it is now; `person` is a member in a server, or a user in their DMs."""
        return self._act(
            person,
            message,
            InteractionType.MESSAGE_COMPONENT,
            {"custom_id": buttons(message)[label], "component_type": ComponentType.BUTTON},
        )

    def send(self, person: Any, shown: Any, source: Any, **values: str) -> "Act":
        """An open form sent, whatever the client would say to its contents or to sending it once more."""
        return self.form(person, shown.modal["custom_id"], source, **values)

    def form(self, person: Any, custom_id: str, source: Any, **values: str) -> "Act":
        """A form with this custom_id sent, whether it was ever opened or not; `source` is the message it came from."""
        fields = [
            {
                "type": ComponentType.LABEL,
                "id": 2 * number + 1,
                "component": {
                    "type": ComponentType.TEXT_INPUT,
                    "id": 2 * number + 2,
                    "custom_id": name,
                    "value": value,
                },
            }
            for number, (name, value) in enumerate(values.items())
        ]
        return self._act(person, source, InteractionType.MODAL_SUBMIT, {"custom_id": custom_id, "components": fields})

    def _act(self, person: Any, source: Any, kind: InteractionType, data: dict[str, Any]) -> "Act":
        channel_id = source.channel_id if hasattr(source, "channel_id") else source.channel.id
        stored = self.env.backend.get_message(channel_id, source.id)
        return Act(
            person_id=person.id,
            guild_id=guild_of(person),
            channel_id=channel_id,
            message=dict(message_payload(self.env.backend, stored)),
            kind=kind,
            data=data,
        )

    @property
    def requests(self) -> list[tuple[str, str]]:
        """Every request of the program so far, as method and path."""
        return [(request.method, request.path) for request in self.env.http_requests]


async def foreign_to(place: discord.abc.Messageable, view: discord.ui.View) -> discord.Message:
    message = await place.send("Somebody else's message.", view=view)
    view.stop()  # discord.py would keep it, and simcord look through all that are kept after each act
    return message


def forged(custom_id: str) -> discord.ui.View:
    """One button with a custom_id of anybody's making."""
    view = discord.ui.View(timeout=None)
    view.add_item(discord.ui.Button(label="Forged", custom_id=custom_id))
    return view


@dataclass(frozen=True, kw_only=True)
class Act:
    """Something a person does with a message or a form, as it arrives."""

    person_id: int
    guild_id: int | None
    channel_id: int
    message: dict[str, Any] | None
    """As it was when the person acted."""
    kind: InteractionType
    data: dict[str, Any]


def guild_of(person: Any) -> int | None:
    guild = getattr(person, "guild", None)
    return guild.id if guild is not None else None


def buttons(message: Any) -> dict[str, str]:
    """The buttons of a message as a person sees them: custom_ids by label, in order."""
    rows: list[dict[str, Any]] = [row.to_dict() if hasattr(row, "to_dict") else row for row in message.components]
    return {item["label"]: item["custom_id"] for row in rows for item in row["components"] if item["type"] == 2}


def client_of(services: Services) -> ComebackBot:
    """The client as the program builds it, with records that were tried already."""
    tried = asyncio.Event()
    tried.set()
    return ComebackBot(services, EXTENSIONS, LASTING, tried)


@pytest.fixture
async def world(
    services: Services, clock: VirtualClock, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> AsyncIterator[World]:
    """Fails the test when something broke inside, even if the person read a kind sentence about it."""
    env = Env(client_of(services))
    await env.start()
    try:
        guild = env.create_guild("Campus")
        channel = guild.create_text_channel("study-hall")
        mods = guild.create_role("Mods", permissions=discord.Permissions(manage_guild=True))
        world = World(
            env=env,
            services=services,
            sender=Sender(services.delivery, LibraryWire(env.bot.http), clock),
            clock=clock,
            guild=guild,
            channel=channel,
            moderator=guild.add_member(env.create_user("mod"), roles=[mods]),
            ana=guild.add_member(env.create_user("ana", global_name="Ana")),
            records_folder=tmp_path,
        )
        yield world
    finally:
        await env.shutdown()
    if not world.breaks:
        env.raise_errors()
        broken = [it.getMessage() for it in caplog.get_records("call") if it.levelno >= logging.ERROR]
        assert not broken
