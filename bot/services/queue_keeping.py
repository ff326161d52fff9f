"""What is owed to a queue and to those who asked? Time, people who leave, and what Discord did not take yet.

Discord is never called here: the keeper asks what is owed, does it, and tells what came of it.
"""

from collections.abc import Awaitable, Callable, Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.domain import duties
from bot.domain import help_requests as rules
from bot.domain.help_requests import DUTY_PINGED, Notice, Request, State
from bot.services.hurried import Hurried
from bot.services.outages import SHORTEST_OUTAGE
from bot.services.records import Records
from bot.storage import addresses, cohorts, meta, moderators
from bot.storage import help_requests as store
from bot.storage.database import Transaction
from bot.storage.help_requests import Card, OwedNotice, OwedPing, People
from bot.storage.moderators import Named, Room, Unchecked

CHECK_EVERY, CHECK_AGAIN = timedelta(days=1), timedelta(hours=1)
"""How often those named are looked for, and how soon again where Discord could not say."""
COUNTED_FOR = timedelta(minutes=15)
"""How long somebody on duty counts without being looked for again."""
MOST_CHECKED = 20
"""Moderators who are looked for at one look."""
MOST_PINGED = 20
"""Moderators of one reminder."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawing:
    """A request whose message is to be posted or changed; `line` is what the member confirmed to show."""

    card: Card
    line: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Ping:
    """A reminder that is owed: to those on duty, or to the role. It never rings whoever asked."""

    owed: OwedPing
    on_duty: tuple[int, ...]
    named: tuple[int, ...] = ()
    """Whom to ring in place of the role where whoever asked has it; those on duty first."""
    asker: int | None = None
    asker_is_named: bool = False

    @property
    def is_for_role(self) -> bool:
        return self.owed.step > DUTY_PINGED


Checks = Callable[[Collection[Unchecked]], Awaitable[None]]
"""Looks for moderators at Discord, and tells what came of it."""


class QueueKeepingService(Hurried):
    """What the keeper of the queues calls; every method is one short transaction."""

    def __init__(self, records: Records) -> None:
        super().__init__()
        self._records = records
        self._check: Checks | None = None

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
            gone = [guild_id for guild_id in await store.guilds_known(tx) if guild_id not in guild_ids]
            back = [guild_id for guild_id in await cohorts.left_guilds(tx) if guild_id in guild_ids]
        for guild_id in gone:
            await self.leave_guild(guild_id, now)
        for guild_id in back:
            await self.come_back_to_guild(guild_id)
        self.hurry()

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

    def checked_by(self, check: Checks) -> None:
        """Who looks for moderators before they are counted."""
        self._check = check

    async def unchecked(self, now: datetime) -> list[Unchecked]:
        """Moderators who were not looked for within a day."""
        async with self._records.reading() as tx:
            return await moderators.unchecked(tx, now - CHECK_EVERY, MOST_CHECKED)

    async def check_on_duty(self, cohort_id: int, now: datetime) -> bool:
        """Look for those of a cohort who are about to be counted. Whether anybody was looked for."""
        async with self._records.reading() as tx:
            on = {o.discord_id for o in await moderators.of_cohort(tx, cohort_id) if duties.is_on(o.duty, now)}
            old = await moderators.unchecked(tx, now - COUNTED_FOR, MOST_CHECKED, cohort_id)
        counted = [one for one in old if one.discord_id in on]
        if self._check is not None and counted:
            await self._check(counted)
        return bool(counted)

    async def is_moderator(self, cohort_id: int, discord_id: int, now: datetime, *, sure: bool) -> None:
        """Somebody who was named still is; not `sure` where Discord could not say."""
        at = now if sure else now - CHECK_EVERY + CHECK_AGAIN
        async with self._records.writing() as tx:
            await moderators.checked(tx, cohort_id, discord_id, at)

    async def rooms(self) -> list[Room]:
        """The channels of all queues, and what is known of them."""
        async with self._records.reading() as tx:
            return await moderators.rooms(tx)

    async def hold(self, room: Room, held: bool) -> None:
        """Nothing may be posted in that channel, or it may be again."""
        async with self._records.writing() as tx:
            await moderators.hold(tx, room, held)

    async def not_moderator(self, cohort_id: int, discord_id: int) -> None:
        """Somebody who was named left, or is no moderator any more."""
        async with self._records.writing() as tx:
            await moderators.remove(tx, cohort_id, discord_id)

    async def take_steps(self, now: datetime, unknown: Collection[int] = ()) -> int:
        """Every step that is due by now, in order, except in `unknown` cohorts. Returns of how many requests."""
        async with self._records.reading() as tx:
            beat = await meta.last_beat(tx)
            if not await store.due(tx, now) or (beat is not None and now - beat > SHORTEST_OUTAGE):
                return 0  # after a gap, the next beat says first how long nobody was here
        async with self._records.writing() as tx:
            away = await meta.last_outage(tx)
            due = [request for request in await store.due(tx, now) if request.cohort_id not in unknown]
            for request in due:
                await store.save(tx, request, rules.step_on(request, now, away))
            return len(due)

    async def drawings_owed(self) -> list[Drawing]:
        """Messages of the queues that are missing, or tell an older state."""
        async with self._records.reading() as tx:
            cards = await store.cards_owed(tx)
        unlock = self._records.vault.unlock
        return [Drawing(card=card, line=unlock(card.cipher) if card.cipher else "") for card in cards]

    async def posting(self, card: Card, channel_id: int) -> None:
        """A request's message is about to be posted there."""
        async with self._records.writing() as tx:
            await store.posting(tx, card.id, channel_id)

    async def drawn(self, card: Card, channel_id: int, message_id: int, now: datetime) -> None:
        """A request's message stands there, and tells what the card says."""
        async with self._records.writing() as tx:
            await store.drawn(tx, card.id, channel_id, message_id, card.version)
            request = await store.by_id(tx, card.id)
            if request is not None and request.seen_at is None:
                await store.save(tx, request, rules.shown(request, now, await meta.last_outage(tx)))

    async def message_lost(self, request_id: int) -> None:
        """A request's message is gone, or was never there; one that stands gets another."""
        async with self._records.writing() as tx:
            await store.lost(tx, request_id)
        self.hurry()

    async def cards_shown(self) -> list[Card]:
        """Standing requests whose message stands somewhere."""
        async with self._records.reading() as tx:
            return await store.cards_shown(tx)

    async def taken_down(self, request_id: int, now: datetime) -> None:
        """A request's message was deleted by us, because everybody could read it."""
        async with self._records.writing() as tx:
            await store.lost(tx, request_id)
            request = await store.by_id(tx, request_id)
            if request is not None:
                await store.save(tx, request, rules.hidden(request, now))
        self.hurry()

    async def pings_owed(self, now: datetime) -> list[Ping]:
        """Reminders to give, with the accounts of those they may ring."""
        async with self._records.reading() as tx:
            owed_pings = await store.pings_owed(tx)
            askers = {card.id: card.discord_id for card in await store.cards_shown(tx)} if owed_pings else {}
            named = {owed.cohort_id: await moderators.of_cohort(tx, owed.cohort_id) for owed in owed_pings}
        return [_ping(owed, askers.get(owed.id), named[owed.cohort_id], now) for owed in owed_pings]

    async def pinged(self, owed: OwedPing, *, rang: bool) -> None:
        """The reminder was given, or there is nobody to give it to; `rang`: those on duty got one."""
        async with self._records.writing() as tx:
            await store.pinged(tx, owed.id, owed.step, rang)

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

    async def not_by_dm(self, notice: OwedNotice) -> None:
        """This one word can't be said by DM: it waits on `/today`."""
        async with self._records.writing() as tx:
            await store.not_by_dm(tx, notice.asked.id, notice.asked.notice_version)

    async def dm_opened(self, notice: OwedNotice, channel_id: int, now: datetime) -> None:
        """The DM channel was not there any more, and this is the new one."""
        async with self._records.writing() as tx:
            await addresses.opened(tx, notice.member_id, channel_id, now)
        self.hurry()


def _ping(owed: OwedPing, asker: int | None, named: Collection[Named], now: datetime) -> Ping:
    others = [one for one in named if one.member_id != owed.member_id]
    on_duty = [one.discord_id for one in others if duties.is_on(one.duty, now)]
    off_duty = [one.discord_id for one in others if one.discord_id not in on_duty]
    return Ping(
        owed=owed,
        on_duty=tuple(on_duty[:MOST_PINGED]),
        named=tuple([*on_duty, *off_duty][:MOST_PINGED]),
        asker=asker,
        asker_is_named=len(others) < len(named),
    )


async def _close(tx: Transaction, requests: Collection[Request], why: Notice, now: datetime) -> None:
    for request in requests:
        after = rules.close(request, why, now)
        if after != request:
            await store.save(tx, request, after)
