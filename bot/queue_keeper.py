"""Who posts requests, gives the reminders, and tells members how it stands? One task, one request to Discord at a time.

What is to be done stands in the records, so a restart between any two steps loses nothing. A message is looked for in
its channel before it is posted: whatever became of an earlier attempt, it exists once.
"""

import json
import logging
from collections.abc import Awaitable, Callable, Collection, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from enum import Enum, auto

import discord

from bot.domain.errors import Resting
from bot.domain.help_requests import STANDING
from bot.sender import OPENING_TOO_FAST, QUARANTINED, Answer, NoAnswer, Pace, Wire
from bot.services.clock import Clock
from bot.services.queue_keeping import Drawing, Ping, QueueKeepingService
from bot.storage.help_requests import Card, OwedNotice, People
from bot.storage.moderators import Unchecked
from bot.ui import help_notices as to_members
from bot.ui import queue as to_moderators

log = logging.getLogger(__name__)

EVERY = timedelta(seconds=30)
SETTLES = timedelta(minutes=2)
"""How long after an end a message whose answer was lost may still turn up in its channel."""
GIVEN_UP = timedelta(days=7)
"""How long it is tried to take a name out of a channel that does not let us."""
CHANNEL_HELD = timedelta(minutes=5)
"""How long a channel that takes nothing is left alone: refused requests count against the whole program."""

UNKNOWN_CHANNEL, UNKNOWN_GUILD, UNKNOWN_MEMBER, UNKNOWN_MESSAGE, UNKNOWN_USER = 10003, 10004, 10007, 10008, 10013
MISSING_ACCESS, CANNOT_SEND = 50001, 50007
UNREACHABLE = frozenset({CANNOT_SEND, 50278})
NOT_OURS = frozenset({OPENING_TOO_FAST, QUARANTINED})
"""Said of this program, not of a member's door."""

Guilds = Callable[[int], discord.Guild | None]


class Presence(Enum):
    """Whether somebody is still where they were."""

    HERE = auto()
    AWAY = auto()
    NO_SERVER = auto()
    """The program itself is no longer there."""
    UNKNOWN = auto()
    """Discord could not say: nothing is done about it."""


class Readers(Enum):
    """Who can read a channel."""

    MODERATORS = auto()
    EVERYBODY = auto()
    NOBODY = auto()
    """The channel is gone."""
    UNKNOWN = auto()
    """The server is not known yet, or Discord has an outage of it."""


NOT_PRIVATE = {Readers.EVERYBODY: "everybody can read its queue", Readers.NOBODY: "the channel of its queue is gone"}


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
        self._logged: set[int] = set()
        """Requests of which the host was told that nothing can be posted; once is enough, until it can be again."""
        self._unknown: set[int] = set()
        """Cohorts whose server is not known yet, or not for now: no time passes there in which anybody was asked."""
        keeping.checked_by(self._look_for)

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
        """Everything that is owed by now, once.

        Messages before time: what could not be shown yet must not end for want of an answer.
        """
        who_and_where = self._rooms, self._named, self._people
        for step in (*who_and_where, self._hide, self._draw, self._time, self._ping, self._tell):
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
        if await self._keeping.take_steps(self._clock(), self._unknown):
            await self._draw()

    async def _rooms(self) -> None:
        """Whether anybody can be asked follows the channels as they are now."""
        for room in await self._keeping.rooms():
            readers = self._readers(room.guild_id, room.channel_id)
            held = readers in NOT_PRIVATE
            if readers is Readers.UNKNOWN:
                self._unknown.add(room.cohort_id)
                continue
            self._unknown.discard(room.cohort_id)
            if held != room.is_held:
                await self._keeping.hold(room, held)
                word = f"nobody can be asked: {NOT_PRIVATE[readers]}" if held else "its queue can be used again"
                log.warning("cohort %s: %s", room.cohort_id, word)

    def _readers(self, guild_id: int, channel_id: int) -> Readers:
        guild = self._guilds(guild_id)
        if guild is None or guild.unavailable:
            return Readers.UNKNOWN
        channel = guild.get_channel(channel_id)
        if channel is None:
            return Readers.NOBODY
        everybody = channel.permissions_for(guild.default_role).view_channel
        return Readers.EVERYBODY if everybody else Readers.MODERATORS

    async def _named(self) -> None:
        """Whoever left or lost the role must not keep a queue open."""
        await self._look_for(await self._keeping.unchecked(self._clock()))

    async def _look_for(self, named: Collection[Unchecked]) -> None:
        for one in named:
            await self._each("moderators", one.cohort_id, self._look_for_one(one))

    async def _look_for_one(self, one: Unchecked) -> None:
        try:
            found = await self._moderates(one.guild_id, one.discord_id, one.moderator_role_id)
        except NoAnswer:
            found = Presence.UNKNOWN
        if found is Presence.AWAY:
            await self._keeping.not_moderator(one.cohort_id, one.discord_id)
        else:
            sure = found is Presence.HERE
            await self._keeping.is_moderator(one.cohort_id, one.discord_id, self._clock(), sure=sure)

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

    async def _hide(self) -> None:
        """A name must not stand where everybody reads it; it is shown again where they don't."""
        for card in await self._keeping.cards_shown():
            where = card.channel_id
            if where is not None and self._readers(card.guild_id, where) in NOT_PRIVATE and not self._is_held(where):
                await self._each("message", card.id, self._take_down(card, where))

    async def _take_down(self, card: Card, channel_id: int) -> None:
        readers = self._readers(card.guild_id, channel_id)
        if readers is Readers.NOBODY or await self._is_deleted(card, channel_id):
            log.warning("request %s: %s, so its message is gone", card.id, NOT_PRIVATE[readers])
            await self._keeping.taken_down(card.id, self._clock())

    async def _draw(self) -> None:
        for drawing in await self._keeping.drawings_owed():
            await self._each("message", drawing.card.id, self._draw_one(drawing))

    async def _draw_one(self, drawing: Drawing) -> None:
        card = drawing.card
        if card.channel_id is None or self._is_held(card.channel_id):
            return
        if card.state in STANDING and not await self._may_show(card, card.channel_id):
            return  # an end only takes the name away, and may be told anywhere
        if card.message_id is None:
            await self._place(drawing, card.channel_id)
        else:
            await self._edit(drawing, card.channel_id, card.message_id)

    async def _may_show(self, card: Card, channel_id: int) -> bool:
        """Whether only moderators read there; where not, a request waits, or moves to the queue there is now."""
        readers = self._readers(card.guild_id, channel_id)
        if readers not in NOT_PRIVATE:
            self._logged.discard(card.id)
            return readers is Readers.MODERATORS
        if card.has_moved_away:
            if readers is Readers.NOBODY or await self._is_deleted(card, channel_id):
                await self._keeping.message_lost(card.id)
        elif card.id not in self._logged:
            self._logged.add(card.id)
            log.warning(
                "request %s: %s, so it waits; `/cohort edit queue:` or the channel's settings mend that",
                card.id,
                NOT_PRIVATE[readers],
            )
        return False

    async def _is_deleted(self, card: Card, channel_id: int) -> bool:
        """Whether the message no longer stands where everybody reads it."""
        found = card.message_id or await self._find(channel_id, to_moderators.marks(card.id))
        if found is None:
            return True
        answer = found
        if isinstance(found, int):
            answer = await self._ask("DELETE", f"/channels/{channel_id}/messages/{found}")
        if isinstance(answer, Answer) and answer.status in (200, 204, 404):
            return True
        if isinstance(answer, Answer):
            self._refused(card.id, channel_id, answer)
        return False

    async def _place(self, drawing: Drawing, channel_id: int) -> None:
        """Find the message that an earlier attempt may have left, else post it."""
        card = drawing.card
        found = await self._find(channel_id, to_moderators.marks(card.id))
        if isinstance(found, int):
            known = replace(drawing, card=replace(card, message_id=found))
            await self._edit(known, channel_id, found)
        elif isinstance(found, Answer):
            await self._not_taken(card, channel_id, found)
        elif card.state not in STANDING:
            if card.closed_at is None or self._clock() - card.closed_at >= SETTLES:
                await self._keeping.message_lost(card.id)
        elif card.has_moved_away:
            await self._keeping.message_lost(card.id)
        else:
            await self._keeping.posting(card, channel_id)
            answer = await self._ask("POST", f"/channels/{channel_id}/messages", to_moderators.body_of(drawing))
            if answer.status in (200, 201):
                await self._keeping.drawn(card, channel_id, int(answer.body["id"]), self._clock())
            else:
                self._refused(card.id, channel_id, answer)

    async def _edit(self, drawing: Drawing, channel_id: int, message_id: int) -> None:
        card = drawing.card
        path = f"/channels/{channel_id}/messages/{message_id}"
        answer = await self._ask("PATCH", path, to_moderators.body_of(drawing))
        if answer.status == 200 or (card.state not in STANDING and answer.status == 400):
            await self._keeping.drawn(card, channel_id, message_id, self._clock())
        else:
            await self._not_taken(card, channel_id, answer)

    async def _not_taken(self, card: Card, channel_id: int, answer: Answer) -> None:
        """A message can't be found or changed: it is gone, or left behind, or tried again."""
        gone = answer.code in (UNKNOWN_MESSAGE, UNKNOWN_CHANNEL)
        old = card.closed_at is not None and self._clock() - card.closed_at >= GIVEN_UP
        left = card.has_moved_away if card.state in STANDING else old
        may_be_retried = card.message_id is None and card.state in STANDING and not card.has_moved_away
        if (gone and not may_be_retried) or (left and answer.status in (403, 404)):
            await self._keeping.message_lost(card.id)
        else:
            self._refused(card.id, channel_id, answer)

    async def _ping(self) -> None:
        for ping in await self._keeping.pings_owed(self._clock()):
            await self._each("reminder", ping.owed.id, self._ping_one(ping))

    async def _ping_one(self, ping: Ping) -> None:
        owed = ping.owed
        if self._is_held(owed.channel_id) or self._readers(owed.guild_id, owed.channel_id) is not Readers.MODERATORS:
            return
        if not ping.is_for_role:
            ping = await self._still_there(ping)
        if (ping.is_for_role and owed.moderator_role_id is None) or not (ping.is_for_role or ping.on_duty):
            await self._keeping.pinged(owed, rang=False)  # nobody's phone may ring now
            return
        mark, body = to_moderators.reminder_mark(ping), to_moderators.reminder(ping)
        if await self._post_once(owed.id, owed.channel_id, (mark,), body) is not None:
            await self._keeping.pinged(owed, rang=not ping.is_for_role)

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
        elif answer.status == 403 and answer.code not in (*NOT_OURS, answer.status):
            log.warning("request %s: no word by DM (code %s); it waits on the panel", notice.asked.id, answer.code)
            await self._keeping.not_by_dm(notice)
        elif answer.status == 404:
            await self._open_dm(notice)
        elif answer.status == 400:
            log.error("request %s: the word to the member is malformed (code %s)", notice.asked.id, answer.code)
            await self._keeping.told(notice)
        else:
            log.warning("request %s: the member can't be told yet (status %s)", notice.asked.id, answer.status)

    async def _open_dm(self, notice: OwedNotice) -> None:
        """The known DM channel is gone: the word goes into a new one, or waits where the member looks next."""
        answer = await self._ask("POST", "/users/@me/channels", json.dumps({"recipient_id": str(notice.discord_id)}))
        if answer.status in (200, 201) and int(answer.body["id"]) != notice.channel_id:
            await self._keeping.dm_opened(notice, int(answer.body["id"]), self._clock())
        elif answer.code in (*NOT_OURS, 403) or answer.status in (401, 429) or answer.status >= 500:
            log.warning("request %s: no DM can be opened yet (status %s)", notice.asked.id, answer.status)
        else:
            await self._keeping.not_by_dm(notice)

    async def _post_once(self, request_id: int, channel_id: int, marks: Sequence[str], body: str) -> int | None:
        """The id of the message in a queue; None where the queue takes nothing for now."""
        answer = await self._once(channel_id, marks, body)
        if isinstance(answer, int):
            return answer
        self._refused(request_id, channel_id, answer)
        return None

    async def _once(self, channel_id: int, marks: Sequence[str], body: str) -> int | Answer:
        """Find a message by what only it holds, else post it. Its id, or what Discord answered instead."""
        found = await self._find(channel_id, marks)
        if found is not None:
            return found
        answer = await self._ask("POST", f"/channels/{channel_id}/messages", body)
        return int(answer.body["id"]) if answer.status in (200, 201) else answer

    async def _find(self, channel_id: int, marks: Sequence[str]) -> int | Answer | None:
        """The message among the last hundred, None where it is not, or what Discord answered instead."""
        found = await self._ask("GET", f"/channels/{channel_id}/messages?limit=100")
        if found.status != 200:
            return found
        for message in found.body:
            held = json.dumps(message.get("components", []))
            if any(mark in held for mark in marks):
                return int(message["id"])
        return None

    def _refused(self, request_id: int, channel_id: int, answer: Answer) -> None:
        """The host is told by the request's number; the request stays, and the member hears of it in time."""
        if answer.status in (401, 429) or answer.status >= 500:
            log.warning("request %s: its queue can't be reached (status %s)", request_id, answer.status)
            return
        self._channels_held[channel_id] = self._clock() + CHANNEL_HELD
        if request_id in self._logged:
            return
        self._logged.add(request_id)
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
