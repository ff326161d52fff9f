"""What is owed to a queue and to those who asked? Time, people who leave, and what Discord did not take yet.

Discord is never called here: the keeper asks what is owed, does it, and tells what came of it.
"""

import asyncio
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.domain import duties
from bot.domain import help_requests as rules
from bot.domain.help_requests import DUTY_PINGED, Notice, Request, State
from bot.services.records import Records
from bot.storage import addresses, cohorts, moderators
from bot.storage import help_requests as store
from bot.storage.database import Transaction
from bot.storage.help_requests import Card, OwedNotice, OwedPing, People

MOST_PINGED = 20
"""Moderators of one reminder."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawing:
    """A request whose message is to be posted or changed; `line` is what the member confirmed to show."""

    card: Card
    line: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Ping:
    """A reminder that is owed: to these accounts, or to the role."""

    owed: OwedPing
    on_duty: tuple[int, ...]

    @property
    def is_for_role(self) -> bool:
        return self.owed.step > DUTY_PINGED


class QueueKeepingService:
    """What the keeper of the queues calls; every method is one short transaction."""

    def __init__(self, records: Records) -> None:
        self._records = records
        self._hurry = asyncio.Event()

    def hurry(self) -> None:
        """Something changed: let the keeper look now."""
        self._hurry.set()

    async def work(self, idle: timedelta) -> None:
        """Return as soon as something changed, else after `idle`."""
        try:
            async with asyncio.timeout(idle.total_seconds()):
                await self._hurry.wait()
        except TimeoutError:
            pass
        self._hurry.clear()

    async def close_stranded(self, now: datetime) -> None:
        """Requests of members who left the cohort are closed."""
        async with self._records.reading() as tx:
            if not await store.stranded(tx):
                return
        async with self._records.writing() as tx:
            await _close(tx, await store.stranded(tx), Notice.LEFT, now)

    async def leave_guild(self, guild_id: int, now: datetime) -> None:
        """The program was removed from a server: its requests are closed, and nothing can be asked there."""
        async with self._records.writing() as tx:
            await cohorts.leave_guild(tx, guild_id, now)
            await _close(tx, await store.stranded(tx, [guild_id]), Notice.GONE, now)
        self.hurry()

    async def come_back_to_guild(self, guild_id: int) -> None:
        """The program is in a server again."""
        async with self._records.writing() as tx:
            await cohorts.come_back_to_guild(tx, guild_id)

    async def compare(self, guild_ids: Collection[int], now: datetime) -> None:
        """These are all servers the program is in: what changed while it was away is made good."""
        async with self._records.reading() as tx:
            gone = [guild_id for guild_id in await store.guilds_asked_in(tx) if guild_id not in guild_ids]
            back = [guild_id for guild_id in await cohorts.left_guilds(tx) if guild_id in guild_ids]
        for guild_id in gone:
            await self.leave_guild(guild_id, now)
        for guild_id in back:
            await self.come_back_to_guild(guild_id)

    async def people_of_due(self, now: datetime) -> list[People]:
        """Whom the requests depend on of which a step is due."""
        async with self._records.reading() as tx:
            return await store.people_of_due(tx, now)

    async def asker_left(self, request_id: int, now: datetime) -> None:
        """The member is no longer in the server."""
        async with self._records.writing() as tx:
            request = await store.by_id(tx, request_id)
            await _close(tx, [request] if request is not None else [], Notice.LEFT, now)

    async def holder_lost(self, request_id: int, now: datetime) -> None:
        """Whoever had it left the server or is no moderator any more."""
        async with self._records.writing() as tx:
            request = await store.by_id(tx, request_id)
            if request is not None and request.state is State.CLAIMED:
                await store.save(tx, request, rules.come_back(request, now))

    async def not_moderator(self, cohort_id: int, discord_id: int) -> None:
        """Somebody who was named left, or is no moderator any more."""
        async with self._records.writing() as tx:
            await moderators.remove(tx, cohort_id, discord_id)

    async def take_steps(self, now: datetime) -> int:
        """Every step that is due by now, in order. Returns of how many requests."""
        async with self._records.reading() as tx:
            if not await store.due(tx, now):
                return 0
        async with self._records.writing() as tx:
            due = await store.due(tx, now)
            for request in due:
                await store.save(tx, request, rules.step_on(request, now))
            return len(due)

    async def drawings_owed(self) -> list[Drawing]:
        """Messages of the queues that are missing, or tell an older state."""
        async with self._records.reading() as tx:
            cards = await store.cards_owed(tx)
        unlock = self._records.vault.unlock
        return [Drawing(card=card, line=unlock(card.cipher) if card.cipher else "") for card in cards]

    async def drawn(self, card: Card, channel_id: int, message_id: int) -> None:
        """A request's message stands there, and tells what the card says."""
        async with self._records.writing() as tx:
            await store.drawn(tx, card.id, channel_id, message_id, card.version)

    async def message_lost(self, request_id: int) -> None:
        """A request's message is gone; one that stands gets another."""
        async with self._records.writing() as tx:
            await store.lost(tx, request_id)

    async def pings_owed(self, now: datetime) -> list[Ping]:
        """Reminders to give, with the accounts of those on duty."""
        async with self._records.reading() as tx:
            found: list[Ping] = []
            for owed in await store.pings_owed(tx):
                named = await moderators.of_cohort(tx, owed.cohort_id)
                on_duty = [one.discord_id for one in named if duties.is_on(one.duty, now)]
                found.append(Ping(owed=owed, on_duty=tuple(on_duty[:MOST_PINGED])))
            return found

    async def pinged(self, owed: OwedPing) -> None:
        """The reminder was given, or there is nobody to give it to."""
        async with self._records.writing() as tx:
            await store.pinged(tx, owed.id, owed.step)

    async def notices_owed(self) -> list[OwedNotice]:
        """Words to members whose DMs are open."""
        async with self._records.reading() as tx:
            return await store.notices_owed(tx)

    async def told(self, notice: OwedNotice) -> None:
        """The member got the word."""
        async with self._records.writing() as tx:
            await store.told(tx, notice.asked.id, notice.asked.notice_version)

    async def refused(self, notice: OwedNotice, code: int, now: datetime) -> None:
        """The member's DMs are closed: the word waits for them on `/today`."""
        async with self._records.writing() as tx:
            await addresses.closed(tx, notice.member_id, code, now)

    async def channel_gone(self, notice: OwedNotice) -> None:
        """The DM channel is not there any more; the next prompt opens a new one."""
        async with self._records.writing() as tx:
            await addresses.forget_channel(tx, notice.member_id)


async def _close(tx: Transaction, requests: Collection[Request], why: Notice, now: datetime) -> None:
    for request in requests:
        after = rules.close(request, why, now)
        if after != request:
            await store.save(tx, request, after)
