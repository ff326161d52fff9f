"""Who is pinged when nobody takes a request? Those on duty, then the role, and never whoever asked."""

from collections.abc import Sequence

from bot.queue_channels import QueueChannels, Readers
from bot.queue_people import Presence, QueuePeople
from bot.queue_wire import QueueWire, by_itself
from bot.services.clock import Clock
from bot.services.queue_keeping import Ping, QueueKeepingService
from bot.storage.help_requests import OwedPing
from bot.ui import queue as to_moderators


class QueueReminders:
    """Gives each reminder once, where only moderators read it."""

    def __init__(
        self,
        keeping: QueueKeepingService,
        wire: QueueWire,
        clock: Clock,
        channels: QueueChannels,
        people: QueuePeople,
    ) -> None:
        self._keeping = keeping
        self._wire = wire
        self._clock = clock
        self._channels = channels
        self._people = people

    async def ping(self) -> None:
        """Every reminder that is owed by now."""
        for ping in await self._keeping.pings_owed(self._clock()):
            await by_itself("reminder", ping.owed.id, self._ping_one(ping))

    async def _ping_one(self, ping: Ping) -> None:
        owed = ping.owed
        if self._channels.is_held(owed.channel_id):
            return
        if self._channels.readers(owed.guild_id, owed.channel_id) is not Readers.MODERATORS:
            return
        body = await self._body(ping)
        if body is None:
            await self._keeping.pinged(owed, rang=False)
            return
        answer = await self._wire.post_once(owed.channel_id, (to_moderators.reminder_mark(ping),), body)
        if isinstance(answer, int):
            await self._keeping.pinged(owed, rang=not ping.is_for_role)
        else:
            self._channels.refused(owed.id, owed.channel_id, answer)

    async def _body(self, ping: Ping) -> str | None:
        """The reminder; None where nobody's phone may ring now."""
        if not ping.is_for_role:
            on_duty = await self._still_there(ping.owed, ping.on_duty)
            return to_moderators.reminder(ping, on_duty) if on_duty else None
        if not await self._rings_asker(ping):
            return to_moderators.reminder(ping) if ping.owed.moderator_role_id is not None else None
        named = await self._still_there(ping.owed, ping.named)
        return to_moderators.reminder(ping, named) if named else None

    async def _rings_asker(self, ping: Ping) -> bool:
        """Whether the role rings whoever asked; where Discord can't say, whether they named themselves decides."""
        owed = ping.owed
        if owed.moderator_role_id is None or ping.asker is None:
            return False
        has_role = await self._people.has_role(owed.guild_id, ping.asker, owed.moderator_role_id)
        return ping.asker_is_named if has_role is None else has_role

    async def _still_there(self, owed: OwedPing, accounts: Sequence[int]) -> tuple[int, ...]:
        """Without those who left, or are no moderators any more: they are not named for the cohort either."""
        kept: list[int] = []
        for account in accounts:
            found = await self._people.moderates(owed.guild_id, account, owed.moderator_role_id)
            if found is Presence.AWAY:
                await self._keeping.not_moderator(owed.cohort_id, account)
            else:
                kept.append(account)
        return tuple(kept)
