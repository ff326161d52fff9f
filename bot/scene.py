"""What has happened by the time somebody looks? A cohort and its people in simcord's Discord, on a clock that runs.

All but Discord is the real program, on a real database file. simcord comes with the optional extra `browser`: nothing
of it is imported here before a scene is asked for.
"""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING, Any, cast
from zoneinfo import ZoneInfo

import discord

from bot.app import EXTENSIONS, LASTING, build_services
from bot.client import ComebackBot
from bot.domain import days
from bot.domain.check_ins import Outcome
from bot.domain.days import DAY, Clock, Kind, Timetable
from bot.domain.phases import GENTLE, Phase
from bot.messenger import LibraryWire
from bot.queue_keeper import QueueKeeper
from bot.rehearsal import JOINS_AT, NAME, REACTS_AFTER, CannotShow, place_of
from bot.sender import Answer, Pace, Sender
from bot.services import Services
from bot.services.records import Records
from bot.ui.check_ins import LABELS
from bot.ui.joining import LABELS as WHERE

if TYPE_CHECKING:
    from simcord import Env

BOT, SERVER, CHANNEL, COHORT = "Study companion", "Campus", "study-hall", "Spring group"
QUEUE, ROLE = "requests", "Moderators"
MODERATOR, COLLEAGUE, NEWCOMER = "Mo", "Lee", "Sam"
STARTS = {"morning": Kind.MORNING, "evening": Kind.EVENING}


class RunningClock:
    """Time that runs on from where it is put; simcord's clock and ours in one.

    simcord's own stands still and begins in January 2026. `elapsed`, `now` and `advance` are what it asks of one.
    """

    def __init__(self, begins: datetime) -> None:
        self._begins = begins
        self._ahead = 0.0
        self._zero = perf_counter()  # simcord makes time.monotonic follow this very clock

    @property
    def elapsed(self) -> float:
        return self._ahead + perf_counter() - self._zero

    def now(self) -> datetime:
        return self._begins + timedelta(seconds=self.elapsed)

    def advance(self, seconds: float) -> None:
        self._ahead += seconds

    def put_at(self, moment: datetime) -> None:
        self.advance((moment - self.now()).total_seconds())


class NoPace(Pace):
    """Lets every request go at once.

    The keeper is asked from two sides: by its own task on the loop's time, and by commands on simcord's, hours ahead. A
    pace that had seen the one would let the other wait for those hours.
    """

    async def turn(self) -> None:
        return


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """A server with a cohort, a member who joined it the day before, and the program that serves them.

    Channels, people and the moderators' role are simcord's handles; `arrived` is set whenever something was posted or
    changed without anybody's press. In `queue`, which only moderators read, requests stand.
    """

    env: "Env"
    clock: RunningClock
    services: Services
    sender: Sender
    keeper: QueueKeeper
    arrived: asyncio.Event
    channel: Any
    queue: Any
    role: Any
    member: Any
    moderator: Any
    colleague: Any
    newcomer: Any

    async def deliver(self) -> None:
        """Plan what is due, and send all that waits; then all that the queue is owed."""
        await self.services.planning.plan_due(self.clock.now())
        while await self.sender.step():
            await self.sender.settled()
        await self.keeper.look()
        await self.env.settle()

    async def ask(self) -> None:
        """The member asks a volunteer to get in touch, and the moderators see it."""
        shown = await self.member.user.slash("human")
        await self.member.user.click(shown.response, label="Send it")
        await self.deliver()


def starts_at(at: str, zone: str, today: date) -> datetime:
    """The instant that `at` stands for: a minute after one of the day's prompts, or a local time of day.

    As everywhere here, a time before the cut still belongs to the day before. Raises CannotShow.
    """
    table = _table(zone)
    if at in STARTS:
        return days.due_at(STARTS[at], today, table) + days.MINUTE
    hour, _, minute = at.partition(":")
    try:
        local = time(int(hour), int(minute))
    except ValueError:
        raise CannotShow("--at takes morning, evening, or a time of day such as 21:00") from None
    day = today if local.hour >= table.on(today).cut_hour else today + DAY
    return datetime.combine(day, local, ZoneInfo(zone)).astimezone(UTC)


@asynccontextmanager
async def scene_at(moment: datetime, city: str, phase: Phase, folder: Path) -> AsyncGenerator[Scene]:
    """A server, a day after a member joined, with all that was due by `moment`; from there on time runs."""
    from simcord import Env

    zone = place_of(city).zone
    day_before = days.study_day(moment, _table(zone)) - DAY
    clock = RunningClock(datetime.combine(day_before, JOINS_AT, ZoneInfo(zone)).astimezone(UTC))
    records = Records(folder / "comeback.db", folder / "comeback.key")
    services = build_services(records, clock.now)
    env = Env(_client(services))
    cast("Any", env.backend).clock = clock
    env.backend.bot_user.name = BOT
    async with AsyncExitStack() as stack:
        await records.open()
        stack.push_async_callback(records.close)
        await env.start()
        stack.push_async_callback(env.shutdown)
        scene = _set_up(env, clock, services)
        await _join(scene, city, phase)
        await _live(scene, day_before, phase, moment, _table(zone))
        yield scene


def _client(services: Services) -> ComebackBot:
    tried = asyncio.Event()
    tried.set()
    return ComebackBot(services, EXTENSIONS, LASTING, tried)


def _set_up(env: "Env", clock: RunningClock, services: Services) -> Scene:
    guild = env.create_guild(SERVER)
    manages = guild.create_role(ROLE, permissions=discord.Permissions(manage_guild=True), mentionable=True)
    arrived, wire = asyncio.Event(), LibraryWire(env.bot.http)

    async def post(method: str, path: str, body: str | None = None, picture: bytes | None = None) -> Answer:
        answer = await wire(method, path, body, picture)
        if method != "GET":
            arrived.set()
        return answer

    def person(name: str) -> Any:
        return env.create_user(name.lower(), global_name=name)

    seen, unseen = (discord.PermissionOverwrite(view_channel=seen) for seen in (True, False))
    me = cast("Any", env.bot.user)
    return Scene(
        env=env,
        clock=clock,
        services=services,
        sender=Sender(services.delivery, post, clock.now),
        keeper=QueueKeeper(services.queue_keeping, post, clock.now, env.bot.get_guild, NoPace()),
        arrived=arrived,
        channel=guild.create_text_channel(CHANNEL),
        queue=guild.create_text_channel(QUEUE, overwrites={guild.default_role: unseen, manages: seen, me: seen}),
        role=manages,
        member=guild.add_member(person(NAME)),
        moderator=guild.add_member(person(MODERATOR), roles=[manages]),
        colleague=guild.add_member(person(COLLEAGUE), roles=[manages]),
        newcomer=guild.add_member(person(NEWCOMER)),
    )


async def _join(scene: Scene, city: str, phase: Phase) -> None:
    """By the people's own hands: a cohort, its queue, its invitation, the button, the form."""
    await scene.moderator.slash(scene.channel, "cohort create", name=COHORT, channel=scene.channel)
    await scene.moderator.slash(scene.channel, "cohort edit", cohort=COHORT, moderators=scene.role, queue=scene.queue)
    for moderator in (scene.moderator, scene.colleague):
        await moderator.slash(scene.channel, "queue duty", on=True)
    await scene.moderator.slash(scene.channel, "cohort invite")
    panel = await scene.member.click(scene.channel.last_message, label="Join")
    form = await scene.member.click(panel.response, label=WHERE[phase])
    await scene.member.submit_modal(form, {"city": city})
    await scene.deliver()


async def _live(scene: Scene, day_before: date, phase: Phase, moment: datetime, table: Timetable) -> None:
    """The first evening, answered if there was a question; then whatever the day itself has brought by now."""
    scene.clock.put_at(days.due_at(Kind.EVENING, day_before, table))
    await scene.deliver()
    if phase not in GENTLE:
        scene.clock.put_at(scene.clock.now() + REACTS_AFTER)
        inbox = scene.member.user.dm_channel
        await scene.member.user.click(inbox.last_message, label=LABELS[Outcome.SOME])
    for kind in STARTS.values():
        due = days.due_at(kind, day_before + DAY, table)
        if due <= moment:
            scene.clock.put_at(due)
            await scene.deliver()
    scene.clock.put_at(moment)
    scene.arrived.clear()


def _table(zone: str) -> Timetable:
    """The times of somebody who never chose any."""
    return Timetable(clocks=((date.min, Clock(zone=zone)),))
