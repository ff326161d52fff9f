"""Who is still there? Those who asked, and those who moderate: without the members intent, nobody tells us."""

from collections.abc import Collection
from enum import Enum, auto

from bot.queue_channels import Guilds
from bot.queue_wire import (
    MISSING_ACCESS,
    UNKNOWN_GUILD,
    UNKNOWN_MEMBER,
    UNKNOWN_USER,
    QueueWire,
    by_itself,
)
from bot.sender import Answer, NoAnswer
from bot.services.clock import Clock
from bot.services.queue_keeping import QueueKeepingService
from bot.storage.help_requests import People
from bot.storage.moderators import Unchecked


class Presence(Enum):
    """Whether somebody is still where they were."""

    HERE = auto()
    AWAY = auto()
    NO_SERVER = auto()
    """The program itself is no longer there."""
    UNKNOWN = auto()
    """Discord could not say: nothing is done about it."""


class QueuePeople:
    """Asks Discord about people, and tells the records who left or is no moderator any more."""

    def __init__(self, keeping: QueueKeepingService, wire: QueueWire, clock: Clock, guilds: Guilds) -> None:
        self._keeping = keeping
        self._wire = wire
        self._clock = clock
        self._guilds = guilds

    async def look_for_moderators(self) -> None:
        """Whoever left or lost the role must not keep a queue open."""
        await self.look_for(await self._keeping.unchecked(self._clock()))

    async def look_for(self, named: Collection[Unchecked]) -> None:
        """Some of those who are named."""
        for one in named:
            await by_itself("moderators", one.cohort_id, self._look_for_one(one))

    async def _look_for_one(self, one: Unchecked) -> None:
        try:
            found = await self.moderates(one.guild_id, one.discord_id, one.moderator_role_id)
        except NoAnswer:
            found = Presence.UNKNOWN
        if found is Presence.AWAY:
            await self._keeping.not_moderator(one.cohort_id, one.discord_id)
        else:
            sure = found is Presence.HERE
            await self._keeping.is_moderator(one.cohort_id, one.discord_id, self._clock(), sure=sure)

    async def look_for_those_of_due_requests(self) -> None:
        """Before a step is taken: there may be nobody left to ask, or to be asked."""
        for people in await self._keeping.people_of_due(self._clock()):
            await by_itself("people", people.id, self._check(people))

    async def _check(self, people: People) -> None:
        asker = presence(await self._member(people.guild_id, people.asker))
        if asker is Presence.NO_SERVER and self._guilds(people.guild_id) is None:
            await self._keeping.leave_guild(people.guild_id, self._clock())
        elif asker is Presence.AWAY:
            await self._keeping.asker_left(people.id, self._clock())
        elif people.holder is not None:
            holder = await self.moderates(people.guild_id, people.holder, people.moderator_role_id)
            if holder is Presence.AWAY:
                await self._keeping.holder_lost(people.id, self._clock())

    async def moderates(self, guild_id: int, account: int, role_id: int | None) -> Presence:
        """Away also means here, and without the role or Manage Server. Raises NoAnswer."""
        answer = await self._member(guild_id, account)
        found, guild = presence(answer), self._guilds(guild_id)
        if found is not Presence.HERE:
            return found
        roles = _roles(answer)
        if role_id in roles:
            return Presence.HERE
        if guild is None:
            return Presence.UNKNOWN
        powers = [role.permissions for role in guild.roles if role.id in roles or role.is_default()]
        manages = account == guild.owner_id or any(power.manage_guild or power.administrator for power in powers)
        return Presence.HERE if manages else Presence.AWAY

    async def has_role(self, guild_id: int, account: int, role_id: int) -> bool | None:
        """Whether somebody would be rung with a role; None where Discord could not say."""
        try:
            answer = await self._member(guild_id, account)
        except NoAnswer:
            return None
        match presence(answer):
            case Presence.HERE:
                return role_id in _roles(answer)
            case Presence.AWAY:
                return False
            case _:
                return None

    async def _member(self, guild_id: int, account: int) -> Answer:
        return await self._wire.ask("GET", f"/guilds/{guild_id}/members/{account}")


def presence(answer: Answer) -> Presence:
    """What Discord's answer about a member of a server says."""
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


def _roles(answer: Answer) -> frozenset[int]:
    return frozenset(int(role) for role in answer.body.get("roles", []))
