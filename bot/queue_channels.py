"""Which channels can a queue use? Not those that everybody reads, and not for now those that take no message."""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from enum import Enum, auto

import discord

from bot.sender import Answer
from bot.services.clock import Clock
from bot.services.queue_keeping import QueueKeepingService
from bot.storage.moderators import Room

log = logging.getLogger(__name__)

CHANNEL_HELD = timedelta(minutes=5)
"""How long a channel that takes nothing is left alone: refused requests count against the whole program."""

Guilds = Callable[[int], discord.Guild | None]


class Readers(Enum):
    """Who can read a channel."""

    MODERATORS = auto()
    EVERYBODY = auto()
    NOBODY = auto()
    """The channel is gone."""
    UNKNOWN = auto()
    """The server is not known yet, or Discord has an outage of it."""


NOT_PRIVATE = {Readers.EVERYBODY: "everybody can read its queue", Readers.NOBODY: "the channel of its queue is gone"}


class QueueChannels:
    """Looks who can read them, remembers which refuse, and tells the host once for each request that waits."""

    def __init__(self, keeping: QueueKeepingService, clock: Clock, guilds: Guilds) -> None:
        self._keeping = keeping
        self._clock = clock
        self._guilds = guilds
        self._held: dict[int, datetime] = {}
        self._logged: set[int] = set()
        """Requests of which the host was told that nothing can be posted; once is enough, until it can be again."""
        self.unknown: set[int] = set()
        """Cohorts whose server is not known yet, or not for now: no time passes there in which anybody was asked."""

    async def look(self) -> None:
        """Whether anybody can be asked follows the channels as they are now."""
        for room in await self._keeping.rooms():
            readers = self.readers(room.guild_id, room.channel_id)
            if readers is Readers.UNKNOWN:
                self.unknown.add(room.cohort_id)
                continue
            self.unknown.discard(room.cohort_id)
            if (readers in NOT_PRIVATE) != room.is_held:
                await self._hold(room, readers)

    async def _hold(self, room: Room, readers: Readers) -> None:
        held = readers in NOT_PRIVATE
        await self._keeping.hold(room, held)
        word = f"nobody can be asked: {NOT_PRIVATE[readers]}" if held else "its queue can be used again"
        log.warning("cohort %s: %s", room.cohort_id, word)

    def readers(self, guild_id: int, channel_id: int) -> Readers:
        """Who can read a channel, as it is now."""
        guild = self._guilds(guild_id)
        if guild is None or guild.unavailable:
            return Readers.UNKNOWN
        channel = guild.get_channel(channel_id)
        if channel is None:
            return Readers.NOBODY
        everybody = channel.permissions_for(guild.default_role).view_channel
        return Readers.EVERYBODY if everybody else Readers.MODERATORS

    def is_held(self, channel_id: int) -> bool:
        """Whether it refused something a moment ago."""
        until = self._held.get(channel_id)
        return until is not None and self._clock() < until

    def can_be_used(self, request_id: int) -> None:
        """A request's channel is as it should be: the next trouble with it is worth telling again."""
        self._logged.discard(request_id)

    def not_private(self, request_id: int, readers: Readers) -> None:
        """A request waits because of who reads its channel."""
        if request_id in self._logged:
            return
        self._logged.add(request_id)
        log.warning(
            "request %s: %s, so it waits; `/cohort edit queue:` or the channel's settings mend that",
            request_id,
            NOT_PRIVATE[readers],
        )

    def refused(self, request_id: int, channel_id: int, answer: Answer) -> None:
        """The host is told by the request's number; the request stays, and the member hears of it in time."""
        if answer.status in (401, 429) or answer.status >= 500:
            log.warning("request %s: its queue can't be reached (status %s)", request_id, answer.status)
            return
        self._held[channel_id] = self._clock() + CHANNEL_HELD
        if request_id in self._logged:
            return
        self._logged.add(request_id)
        log.warning(
            "request %s: its queue takes no message (code %s); the cohort's moderators need `/cohort edit queue:`",
            request_id,
            answer.code,
        )
