"""What is the program made of, and how does it start and stop? The one file that knows every part."""

import asyncio
import contextlib
import gc
import logging
import signal
import sqlite3
import sys
from collections.abc import Awaitable, Callable, Iterable
from datetime import timedelta
from functools import lru_cache
from importlib import metadata
from typing import Any

import aiohttp
import discord
from discord.gateway import DiscordWebSocket
from discord.http import Route
from yarl import URL

from bot.client import ComebackBot, LastingItem
from bot.config import DISCORD_API, Settings
from bot.data import crisis_resources, places, worry_patterns
from bot.data import lines as packaged_lines
from bot.domain.crisis import Resources
from bot.domain.errors import Resting
from bot.domain.lines import Line
from bot.domain.patterns import Patterns
from bot.messenger import DiscordWire
from bot.queue_keeper import QueueKeeper
from bot.scheduler import Scheduler
from bot.sender import Pace, Sender
from bot.services import Services
from bot.services.blocks import BlockService
from bot.services.check_ins import CheckInService
from bot.services.clock import Clock, system_clock
from bot.services.cohorts import CohortService
from bot.services.countries import MemberCountries
from bot.services.crisis import CrisisService
from bot.services.delivery import DeliveryService
from bot.services.drafts import DraftService
from bot.services.duties import DutyService
from bot.services.goals import GoalService
from bot.services.help_requests import HelpRequestService
from bot.services.joining import JoiningService
from bot.services.lines import LineService, Speaker
from bot.services.low_moods import LowMoodService
from bot.services.next_days import NextDaysService
from bot.services.outages import OutageService
from bot.services.people import PeopleService
from bot.services.planning import PlanningService
from bot.services.plans import PlanService
from bot.services.queue_keeping import QueueKeepingService
from bot.services.queues import QueueService
from bot.services.records import Records
from bot.services.rests import RestService
from bot.services.screening import ScreeningService
from bot.services.settings import SettingsService
from bot.services.today import TodayService
from bot.services.weeks import WeekService
from bot.storage.schema import MigrationFailed, NewerThanCode
from bot.ui import (
    block_forms,
    blocks,
    check_ins,
    cohorts,
    crisis,
    duties,
    evening_sent,
    forms,
    goals,
    help_requests,
    joining,
    lines,
    more,
    next_days,
    pages,
    paths,
    people,
    plans,
    queue,
    queue_notes,
    rest_forms,
    rests,
    setting_changes,
    setting_forms,
    settings,
    today,
    tones,
    weeks,
)
from bot.ui.prompts import compose
from bot.vault import KeyMissing

log = logging.getLogger(__name__)

EXTENSIONS = (
    "cogs.blocks",
    "cogs.check_ins",
    "cogs.cohorts",
    "cogs.crisis",
    "cogs.goals",
    "cogs.human",
    "cogs.joining",
    "cogs.journal",
    "cogs.messages",
    "cogs.plans",
    "cogs.queue",
    "cogs.rests",
    "cogs.settings",
    "cogs.today",
    "cogs.weeks",
)
LASTING: tuple[LastingItem, ...] = (
    *block_forms.ITEMS,
    *blocks.ITEMS,
    *check_ins.ITEMS,
    *cohorts.ITEMS,
    *crisis.ITEMS,
    *duties.ITEMS,
    *forms.ITEMS,
    *goals.ITEMS,
    *help_requests.ITEMS,
    *joining.ITEMS,
    *lines.ITEMS,
    *next_days.ITEMS,
    *pages.ITEMS,
    *paths.ITEMS,
    *people.ITEMS,
    *plans.ITEMS,
    *queue.ITEMS,
    *queue_notes.ITEMS,
    *rest_forms.ITEMS,
    *rests.ITEMS,
    *setting_changes.ITEMS,
    *setting_forms.ITEMS,
    *settings.ITEMS,
    *tones.ITEMS,
)

WITH_FORMS_OR_PAGES = (evening_sent, more, today, weeks)
"""Their forms and pages are known as soon as they are imported; nothing else here names them."""

FIRST_PAUSE = timedelta(seconds=1)
RETRY = timedelta(seconds=30)
LAST_WORDS = timedelta(seconds=3)
"""How long the end waits for commands that are being answered."""

RESTING = (sqlite3.Error, OSError, KeyMissing, NewerThanCode, MigrationFailed, Resting)
"""Why the records may rest; the bot connects and answers `/crisis` all the same."""


class CannotStart(Exception):
    """The program can't run like this; `str(error)` is one line for the host."""


def build_services(records: Records, clock: Clock, spoken: Iterable[Line] | None = None) -> Services:
    """Every service, over records that need not be open yet; `spoken` stands for the packaged lines."""
    speaker = Speaker(_encouraging_lines() if spoken is None else spoken)
    queue_keeping = QueueKeepingService(records)
    return Services(
        clock=clock,
        records=records,
        blocks=BlockService(records, speaker),
        check_ins=CheckInService(records, speaker),
        cohorts=CohortService(records),
        crisis=CrisisService(_crisis_lines(), MemberCountries(records)),
        delivery=DeliveryService(records, compose, speaker),
        drafts=DraftService(records),
        duties=DutyService(records),
        goals=GoalService(records),
        help_requests=HelpRequestService(records, queue_keeping.hurry),
        joining=JoiningService(records),
        lines=LineService(records, speaker),
        low_moods=LowMoodService(records),
        next_days=NextDaysService(records),
        outages=OutageService(records),
        people=PeopleService(records),
        planning=PlanningService(records),
        plans=PlanService(records),
        queue_keeping=queue_keeping,
        queues=QueueService(records, queue_keeping.hurry),
        rests=RestService(records),
        screening=ScreeningService(_worry_patterns, records),
        settings=SettingsService(records),
        today=TodayService(records),
        weeks=WeekService(records),
    )


class Program:
    """One running bot: client, records, scheduler and sender, started and stopped in order."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._token = settings.discord_token.get_secret_value()
        self._records = Records(settings.database_file, settings.key_file)
        self._services = build_services(self._records, system_clock)
        self._records_tried = asyncio.Event()
        self._bot = ComebackBot(self._services, EXTENSIONS, LASTING, self._records_tried)
        self._wire = DiscordWire(settings.discord_api_url, self._token)
        pace = Pace()
        self._sender = Sender(self._services.delivery, self._wire, system_clock, pace)
        self._keeper = QueueKeeper(self._services.queue_keeping, self._wire, system_clock, self._bot.get_guild, pace)
        self._scheduler = Scheduler(self._services)
        self._sending: asyncio.Task[None] | None = None
        self._reading: asyncio.Task[None] | None = None
        self._keeping_queues: asyncio.Task[None] | None = None

    async def run(self) -> None:
        """Run until SIGTERM or SIGINT. Raises CannotStart."""
        _tell_of_old_numbers()
        sys.setswitchinterval(TURN)
        asked_to_stop = asyncio.Event()
        _on_signals(asked_to_stop)
        keeping = asyncio.create_task(self._keep_records(), name="records")
        talking = asyncio.create_task(self._talk(), name="discord")
        waiting = asyncio.create_task(asked_to_stop.wait(), name="signals")
        try:
            await asyncio.wait({keeping, talking, waiting}, return_when=asyncio.FIRST_COMPLETED)
            if keeping.done() and not keeping.cancelled():
                keeping.result()
                await asyncio.wait({talking, waiting}, return_when=asyncio.FIRST_COMPLETED)
            if talking.done():
                talking.result()
        finally:
            await self._stop()
            tasks: list[asyncio.Task[Any]] = [keeping, talking, waiting]
            tasks += [self._reading] if self._reading else []
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            await self._records.close()
            log.info("stopped")

    async def _read_ahead(self) -> None:
        """Once connected: a second in all, off the loop, that neither the start nor a button should wait for."""
        await self._bot.wait_until_ready()
        gc.disable()  # all of it stays for good: to look through it meanwhile would only stop everything else
        try:
            await self._services.screening.prepare()
            await asyncio.to_thread(places.atlas)
        finally:
            gc.freeze()
            gc.enable()

    async def _talk(self) -> None:
        try:
            point_at(self._settings.discord_api_url)
            await self._insist(self._log_in)
            self._reading = asyncio.create_task(self._read_ahead(), name="reading")
            if self._settings.discord_api_url != DISCORD_API:
                await self._insist(self._find_gateway)
            await self._bot.connect()
        except discord.LoginFailure:
            raise CannotStart(
                "DISCORD_TOKEN is not accepted by Discord: copy it again from the developer portal (Bot, Reset Token)"
            ) from None
        except discord.PrivilegedIntentsRequired:
            raise CannotStart("Discord refuses the intents; this bot needs no privileged ones") from None
        except (discord.HTTPException, discord.GatewayNotFound, aiohttp.ClientError, OSError) as error:
            raise CannotStart(
                f"Discord can't be reached at {self._settings.discord_api_url} ({type(error).__name__}): "
                "check the network and DISCORD_API_URL"
            ) from None

    async def _insist(self, step: Callable[[], Awaitable[None]]) -> None:
        """A step of the start, again until Discord has no trouble of its own: that is nothing a host could mend."""
        pause = FIRST_PAUSE
        while True:
            try:
                return await step()
            except discord.DiscordServerError as error:
                log.warning("Discord has trouble of its own (%s); next try in %s s", error, pause.total_seconds())
                await asyncio.sleep(pause.total_seconds())
                pause = min(2 * pause, RETRY)

    async def _log_in(self) -> None:
        try:
            await self._bot.login(self._token)
        except discord.DiscordServerError:
            await self._bot.http.close()
            self._bot.http.connector = discord.utils.MISSING  # closed with the session; the next login makes another
            raise

    async def _find_gateway(self) -> None:
        try:
            _, gateway, _ = await self._bot.http.get_bot_gateway()
        except discord.GatewayNotFound as error:
            raise error.__cause__ or error from None  # what was answered tells whose trouble it is
        point_at(self._settings.discord_api_url, gateway)

    async def _keep_records(self) -> None:
        """Open the records, however long it takes, and set everything going that needs them."""
        told = ""
        while True:
            try:
                if not self._records.are_open:
                    await self._records.open()
                doubtful = await self._services.delivery.recover(system_clock())
                await self._services.outages.beat(system_clock())
                if await self._services.planning.follow_zones(metadata.version("tzdata"), system_clock()):
                    log.info("time zone data is new here; every next prompt was computed with it")
                log.info("records are open; %s prompts are looked for in their channels", doubtful)
                break
            except RESTING as error:
                if told != (told := str(error) or type(error).__name__):
                    log.error("records rest, only crisis help is answered: %s", told)
                self._records_tried.set()
                await asyncio.sleep(RETRY.total_seconds())
        self._records_tried.set()
        self._scheduler.start()
        self._sending = asyncio.create_task(self._sender.run(), name="sender")
        self._keeping_queues = asyncio.create_task(self._keeper.run(), name="queue keeper")

    async def _stop(self) -> None:
        """Plan nothing, claim nothing, finish what is in flight and being answered, then hang up."""
        if self._sending is not None:
            self._scheduler.stop()
            await self._sender.stop()
            await self._sending
        if self._keeping_queues is not None:
            await self._keeper.stop()
            await self._keeping_queues
        answering = {task for task in asyncio.all_tasks() if task.get_name().startswith(ANSWERING)}
        if answering:
            await asyncio.wait(answering, timeout=LAST_WORDS.total_seconds())
        await self._bot.close()
        await self._wire.close()


TURN = 0.0005
"""Seconds after which a busy thread lets another go on. An answer takes a dozen turns between this thread and the
database's; while files are read beside them, each would wait for the usual 5 ms, and the answer for all of it."""

ANSWERING = ("CommandTree-invoker", "discord-ui-", "discord.py: on_interaction")
"""What discord.py calls the tasks in which interactions are answered."""


@lru_cache(maxsize=1)
def _worry_patterns() -> Patterns:
    """Read once; raises BrokenPatterns."""
    return worry_patterns.load()


@lru_cache(maxsize=1)
def _crisis_lines() -> Resources:
    """The packaged lines; should the file be broken, none, and the card that works everywhere still answers."""
    try:
        return crisis_resources.load()
    except (ValueError, OSError) as error:
        log.critical("the crisis lines can't be read (%s): install this version anew", type(error).__name__)
        return Resources()


def _encouraging_lines() -> tuple[Line, ...]:
    """The packaged lines; should the file be broken, none: an answer without a line is an answer."""
    try:
        return packaged_lines.lines()
    except (ValueError, OSError) as error:
        log.error("the encouraging lines can't be read (%s): install this version anew", type(error).__name__)
        return ()


def _tell_of_old_numbers() -> None:
    old = crisis_resources.stale(_crisis_lines(), system_clock().date())
    if old:
        log.warning("%s crisis entries were not checked by a person within a year (README)", len(old))


def _on_signals(stop: asyncio.Event) -> None:
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        with contextlib.suppress(NotImplementedError):  # Windows knows no such handlers; Ctrl+C works there
            loop.add_signal_handler(number, stop.set)


def point_at(api_url: str, gateway: str | None = None) -> None:
    """Let discord.py talk to another address than Discord's own, for a REST proxy in front.

    discord.py uses a built-in gateway address in several paths, so that is replaced too.
    """
    Route.BASE = api_url
    if gateway is not None:
        DiscordWebSocket.DEFAULT_GATEWAY = URL(gateway)
