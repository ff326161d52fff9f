"""What every test can stand on: a virtual clock, a migrated database file, and a bot in an in-memory Discord."""

import asyncio
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
from simcord.env import Env

from bot.app import EXTENSIONS, LASTING, build_services
from bot.client import ComebackBot
from bot.messenger import LibraryWire
from bot.sender import Sender
from bot.services import Services
from bot.services.actors import Actor
from bot.services.records import Records

A_MONDAY = datetime(2026, 3, 2, 18, 0, tzinfo=UTC)
"""Noon in Chicago."""

# Settling waits one idle turn after each action; the default of 50 ms would be most of the suite's time.
vars(Env)["_settle_internal"].__kwdefaults__["idle"] = 0.002


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
def services(records: Records, clock: VirtualClock) -> Services:
    return build_services(records, clock)


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

    async def deliver(self) -> None:
        """Plan what is due, and send all that waits."""
        await self.services.planning.plan_due(self.clock())
        while await self.sender.step():
            await self.sender.settled()
        await self.env.settle()

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


def client_of(services: Services) -> ComebackBot:
    """The client as the program builds it, with records that were tried already."""
    tried = asyncio.Event()
    tried.set()
    return ComebackBot(services, EXTENSIONS, LASTING, tried)


@pytest.fixture
async def world(services: Services, clock: VirtualClock) -> AsyncIterator[World]:
    env = Env(client_of(services))
    await env.start()
    try:
        guild = env.create_guild("Campus")
        channel = guild.create_text_channel("study-hall")
        mods = guild.create_role("Mods", permissions=discord.Permissions(manage_guild=True))
        yield World(
            env=env,
            services=services,
            sender=Sender(services.delivery, LibraryWire(env.bot.http), clock),
            clock=clock,
            guild=guild,
            channel=channel,
            moderator=guild.add_member(env.create_user("mod"), roles=[mods]),
            ana=guild.add_member(env.create_user("ana", global_name="Ana")),
        )
    finally:
        await env.shutdown()
    env.raise_errors()
