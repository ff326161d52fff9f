"""Who keeps the queues, and in which order? One task that looks every half minute, one request to Discord at a time.

What is to be done stands in the records, so a restart between any two steps loses nothing.
"""

import logging
from datetime import timedelta

from bot.domain.errors import Resting
from bot.queue_channels import Guilds, QueueChannels
from bot.queue_messages import QueueMessages
from bot.queue_notices import QueueNotices
from bot.queue_people import QueuePeople
from bot.queue_reminders import QueueReminders
from bot.queue_wire import QueueWire
from bot.sender import Pace, Wire
from bot.services.clock import Clock
from bot.services.queue_keeping import QueueKeepingService

log = logging.getLogger(__name__)

EVERY = timedelta(seconds=30)


class QueueKeeper:
    """Does what the queues are owed, and tells what came of it; `guilds` finds a server by its id."""

    def __init__(
        self, keeping: QueueKeepingService, wire: Wire, clock: Clock, guilds: Guilds, pace: Pace | None = None
    ) -> None:
        self._keeping = keeping
        self._clock = clock
        self._wire = QueueWire(wire, clock, pace or Pace())
        self._channels = QueueChannels(keeping, clock, guilds)
        self._people = QueuePeople(keeping, self._wire, clock, guilds)
        self._messages = QueueMessages(keeping, self._wire, clock, self._channels)
        self._reminders = QueueReminders(keeping, self._wire, clock, self._channels, self._people)
        self._notices = QueueNotices(keeping, self._wire, clock)
        keeping.checked_by(self._people.look_for)

    async def run(self) -> None:
        """Keep the queues for as long as the program lives; ends after `stop`."""
        while not self._wire.is_stopped:
            await self.look()
            await self._keeping.work(EVERY)

    async def stop(self) -> None:
        """Begin nothing more."""
        self._wire.stop()
        self._keeping.hurry()

    async def look(self) -> None:
        """Everything that is owed by now, once.

        Messages before time: what could not be shown yet must not end for want of an answer.
        """
        people, messages = self._people, self._messages
        who_and_where = self._channels.look, people.look_for_moderators, people.look_for_those_of_due_requests
        told = self._reminders.ping, self._notices.tell
        for step in (*who_and_where, messages.hide, messages.draw, self._take_steps, *told):
            if self._wire.is_stopped:
                return
            try:
                await step()
            except Resting:
                log.warning("records can't be reached; the queues are looked at again")
                return
            except Exception as error:  # noqa: BLE001 - one failure must not end all later looks
                log.error("the queues: %s failed: %s", step.__qualname__, type(error).__name__)

    async def _take_steps(self) -> None:
        await self._keeping.close_stranded(self._clock())
        if await self._keeping.take_steps(self._clock(), self._channels.unknown):
            await self._messages.draw()
