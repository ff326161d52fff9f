"""Who posts requests, gives the reminders, and tells members how it stands? One task, one request to Discord at a time.

What is to be done stands in the records, so a restart between any two steps loses nothing. A message is looked for in
its channel before it is posted: whatever became of an earlier attempt, it exists once.
"""

import json
import logging
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime, timedelta
from enum import Enum, auto

import discord

from bot.domain.errors import Resting
from bot.domain.help_requests import STANDING
from bot.sender import Answer, NoAnswer, Pace, Wire
from bot.services.clock import Clock
from bot.services.queue_keeping import Drawing, Ping, QueueKeepingService
from bot.storage.help_requests import OwedNotice, People
from bot.ui import help_notices as to_members
from bot.ui import queue as to_moderators

log = logging.getLogger(__name__)

EVERY = timedelta(seconds=30)
CHANNEL_HELD = timedelta(minutes=5)
"""How long a channel that takes nothing is left alone: refused requests count against the whole program."""

UNKNOWN_CHANNEL, UNKNOWN_GUILD, UNKNOWN_MEMBER, UNKNOWN_MESSAGE, UNKNOWN_USER = 10003, 10004, 10007, 10008, 10013
MISSING_ACCESS, CANNOT_SEND = 50001, 50007
UNREACHABLE = frozenset({CANNOT_SEND, 50278})

Guilds = Callable[[int], discord.Guild | None]


class Presence(Enum):
    """Whether somebody is still where they were."""

    HERE = auto()
    AWAY = auto()
    NO_SERVER = auto()
    """The program itself is no longer there."""
    UNKNOWN = auto()
    """Discord could not say: nothing is done about it."""


class QueueKeeper:
    """Does what the queues are owed, and tells what came of it; `guilds` finds a server by its id."""

    def __init__(
        self, keeping: QueueKeepingService, wire: Wire, clock: Clock, guilds: Guilds, pace: Pace | None = None
    ) -> None:
        self._keeping = keeping
        self._wire = wire
        self._clock = clock
        self._guilds = guilds
        self._pace = pace or Pace()
        self._stopping = False
        self._held_until: datetime | None = None
        self._channels_held: dict[int, datetime] = {}

    async def run(self) -> None:
        """Keep the queues for as long as the program lives; ends after `stop`."""
        while not self._stopping:
            await self.look()
            await self._keeping.work(EVERY)

    async def stop(self) -> None:
        """Begin nothing more."""
        self._stopping = True
        self._keeping.hurry()

    async def look(self) -> None:
        """Everything that is owed by now, once, in this order: people, time, messages, reminders, words to members."""
        for step in (self._people, self._time, self._draw, self._ping, self._tell):
            if self._stopping:
                return
            try:
                await step()
            except Resting:
                log.warning("records can't be reached; the queues are looked at again")
                return
            except Exception as error:  # noqa: BLE001 - one failure must not end all later looks
                log.error("the queues: %s failed: %s", step.__name__, type(error).__name__)

    async def _each(self, what: str, row_id: int, act: Awaitable[None]) -> None:
        """One row's turn: what goes wrong with it must not hold up the others."""
        try:
            await act
        except NoAnswer:
            log.info("request %s: no answer about its %s; it is tried again", row_id, what)
        except Resting:
            raise
        except Exception as error:  # noqa: BLE001 - see above
            log.error("request %s: its %s failed: %s", row_id, what, type(error).__name__)

    async def _time(self) -> None:
        await self._keeping.close_stranded(self._clock())
        await self._keeping.take_steps(self._clock())

    async def _people(self) -> None:
        for people in await self._keeping.people_of_due(self._clock()):
            await self._each("people", people.id, self._check(people))

    async def _check(self, people: People) -> None:
        """A member or a moderator who left shows only when asked for: there is no event without the members intent."""
        asker = await self._present(people.guild_id, people.asker)
        if asker is Presence.NO_SERVER and self._guilds(people.guild_id) is None:
            await self._keeping.leave_guild(people.guild_id, self._clock())
        elif asker is Presence.AWAY:
            await self._keeping.asker_left(people.id, self._clock())
        elif people.holder is not None:
            holder = await self._moderates(people.guild_id, people.holder, people.moderator_role_id)
            if holder is Presence.AWAY:
                await self._keeping.holder_lost(people.id, self._clock())

    async def _present(self, guild_id: int, account: int) -> Presence:
        return _presence(await self._ask("GET", f"/guilds/{guild_id}/members/{account}"))

    async def _moderates(self, guild_id: int, account: int, role_id: int | None) -> Presence:
        """Away also means here, and without the role or Manage Server."""
        answer = await self._ask("GET", f"/guilds/{guild_id}/members/{account}")
        presence, guild = _presence(answer), self._guilds(guild_id)
        if presence is not Presence.HERE:
            return presence
        roles = {int(role) for role in answer.body.get("roles", [])}
        if role_id in roles:
            return Presence.HERE
        if guild is None:
            return Presence.UNKNOWN
        powers = [role.permissions for role in guild.roles if role.id in roles or role.is_default()]
        manages = account == guild.owner_id or any(power.manage_guild or power.administrator for power in powers)
        return Presence.HERE if manages else Presence.AWAY

    async def _draw(self) -> None:
        for drawing in await self._keeping.drawings_owed():
            await self._each("message", drawing.card.id, self._draw_one(drawing))

    async def _draw_one(self, drawing: Drawing) -> None:
        card, body = drawing.card, to_moderators.body_of(drawing)
        if card.channel_id is None or self._is_held(card.channel_id):
            return
        if card.message_id is None:
            posted = await self._post_once(card.id, card.channel_id, to_moderators.marks(card.id), body)
            if posted is not None:
                await self._keeping.drawn(card, card.channel_id, posted)
            return
        answer = await self._ask("PATCH", f"/channels/{card.channel_id}/messages/{card.message_id}", body)
        if answer.status == 200:
            await self._keeping.drawn(card, card.channel_id, card.message_id)
        elif answer.code in (UNKNOWN_MESSAGE, UNKNOWN_CHANNEL):
            await self._keeping.message_lost(card.id)
            self._keeping.hurry()
        elif card.state not in STANDING and answer.status in (400, 403, 404):
            await self._keeping.drawn(card, card.channel_id, card.message_id)  # nothing more can be done about it
        else:
            self._refused(card.id, card.channel_id, answer)

    async def _ping(self) -> None:
        for ping in await self._keeping.pings_owed(self._clock()):
            await self._each("reminder", ping.owed.id, self._ping_one(ping))

    async def _ping_one(self, ping: Ping) -> None:
        owed = ping.owed
        if self._is_held(owed.channel_id):
            return
        if not ping.is_for_role:
            ping = await self._still_there(ping)
        if (ping.is_for_role and owed.moderator_role_id is None) or not (ping.is_for_role or ping.on_duty):
            await self._keeping.pinged(owed)  # nobody's phone may ring now
            return
        mark, body = to_moderators.reminder_mark(ping), to_moderators.reminder(ping)
        if await self._post_once(owed.id, owed.channel_id, (mark,), body) is not None:
            await self._keeping.pinged(owed)

    async def _still_there(self, ping: Ping) -> Ping:
        """Without those who left, or are no moderators any more: they are not named for the cohort either."""
        kept: list[int] = []
        for account in ping.on_duty:
            found = await self._moderates(ping.owed.guild_id, account, ping.owed.moderator_role_id)
            if found is Presence.AWAY:
                await self._keeping.not_moderator(ping.owed.cohort_id, account)
            else:
                kept.append(account)
        return Ping(owed=ping.owed, on_duty=tuple(kept))

    async def _tell(self) -> None:
        for notice in await self._keeping.notices_owed():
            await self._each("word to the member", notice.asked.id, self._tell_one(notice))

    async def _tell_one(self, notice: OwedNotice) -> None:
        mark = to_members.mark(notice)
        answer = await self._once(notice.channel_id, (mark,), to_members.body_of(notice))
        if isinstance(answer, int):
            await self._keeping.told(notice)
        elif answer.status == 403 and answer.code in UNREACHABLE:
            await self._keeping.refused(notice, answer.code, self._clock())
        elif answer.status == 404:
            await self._keeping.channel_gone(notice)
        elif answer.status == 400:
            log.error("request %s: the word to the member is malformed (code %s)", notice.asked.id, answer.code)
            await self._keeping.told(notice)
        else:
            log.warning("request %s: the member can't be told yet (status %s)", notice.asked.id, answer.status)

    async def _post_once(self, request_id: int, channel_id: int, marks: Sequence[str], body: str) -> int | None:
        """The id of the message in a queue; None where the queue takes nothing for now."""
        answer = await self._once(channel_id, marks, body)
        if isinstance(answer, int):
            return answer
        self._refused(request_id, channel_id, answer)
        return None

    async def _once(self, channel_id: int, marks: Sequence[str], body: str) -> int | Answer:
        """Find a message by what only it holds, else post it. Its id, or what Discord answered instead."""
        found = await self._ask("GET", f"/channels/{channel_id}/messages?limit=100")
        if found.status != 200:
            return found
        for message in found.body:
            held = json.dumps(message.get("components", []))
            if any(mark in held for mark in marks):
                return int(message["id"])
        answer = await self._ask("POST", f"/channels/{channel_id}/messages", body)
        return int(answer.body["id"]) if answer.status in (200, 201) else answer

    def _refused(self, request_id: int, channel_id: int, answer: Answer) -> None:
        """The host is told by the request's number; the request stays, and the member hears of it in time."""
        if answer.status in (401, 429) or answer.status >= 500:
            log.warning("request %s: its queue can't be reached (status %s)", request_id, answer.status)
            return
        self._channels_held[channel_id] = self._clock() + CHANNEL_HELD
        log.warning(
            "request %s: its queue takes no message (code %s); the cohort's moderators need `/cohort edit queue:`",
            request_id,
            answer.code,
        )

    def _is_held(self, channel_id: int) -> bool:
        until = self._channels_held.get(channel_id)
        return until is not None and self._clock() < until

    async def _ask(self, method: str, path: str, body: str | None = None) -> Answer:
        """One request in its turn, unless Discord asked to wait. Raises NoAnswer, also once it is to stop."""
        if self._stopping:
            raise NoAnswer(maybe_done=False)
        if self._held_until is not None and self._clock() < self._held_until:
            return Answer(status=429, code=429)
        await self._pace.turn()
        answer = await self._wire(method, path, body)
        if answer.status == 401:
            self._stopping = True
            log.error("Discord does not accept the token any more; the queues are not kept until the next start")
        elif answer.status == 429:
            self._held_until = self._clock() + timedelta(seconds=answer.retry_after)
        return answer


def _presence(answer: Answer) -> Presence:
    match answer.status, answer.code:
        case 200, _:
            return Presence.HERE
        case 404, code if code in (UNKNOWN_MEMBER, UNKNOWN_USER):
            return Presence.AWAY
        case 404, code if code == UNKNOWN_GUILD:
            return Presence.NO_SERVER
        case 403, code if code == MISSING_ACCESS:
            return Presence.NO_SERVER
        case _:
            return Presence.UNKNOWN
