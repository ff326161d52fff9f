"""What stands in a queue's channel? One message for each request, as it is now, and only where moderators read it.

A message is looked for in its channel before it is posted: whatever became of an earlier attempt, it exists once.
"""

import logging
from dataclasses import replace
from datetime import timedelta

from bot.domain.help_requests import STANDING
from bot.queue_channels import NOT_PRIVATE, QueueChannels, Readers
from bot.queue_wire import UNKNOWN_CHANNEL, UNKNOWN_MESSAGE, QueueWire, by_itself
from bot.sender import Answer
from bot.services.clock import Clock
from bot.services.queue_keeping import Drawing, QueueKeepingService
from bot.storage.help_requests import Card
from bot.ui import queue as to_moderators

log = logging.getLogger(__name__)

SETTLES = timedelta(minutes=2)
"""How long after an end a message whose answer was lost may still turn up in its channel."""
GIVEN_UP = timedelta(days=7)
"""How long it is tried to take a name out of a channel that does not let us."""


class QueueMessages:
    """Posts, changes and takes down the messages of requests."""

    def __init__(self, keeping: QueueKeepingService, wire: QueueWire, clock: Clock, channels: QueueChannels) -> None:
        self._keeping = keeping
        self._wire = wire
        self._clock = clock
        self._channels = channels

    async def hide(self) -> None:
        """A name must not stand where everybody reads it; it is shown again where they don't."""
        for card in await self._keeping.cards_shown():
            where = card.channel_id
            if where is None or self._channels.is_held(where):
                continue
            if self._channels.readers(card.guild_id, where) in NOT_PRIVATE:
                await by_itself("message", card.id, self._take_down(card, where))

    async def _take_down(self, card: Card, channel_id: int) -> None:
        readers = self._channels.readers(card.guild_id, channel_id)
        if readers is Readers.NOBODY or await self._is_deleted(card, channel_id):
            log.warning("request %s: %s, so its message is gone", card.id, NOT_PRIVATE[readers])
            await self._keeping.taken_down(card.id, self._clock())

    async def draw(self) -> None:
        """Every message that is missing, or tells an older state."""
        for drawing in await self._keeping.drawings_owed():
            await by_itself("message", drawing.card.id, self._draw_one(drawing))

    async def _draw_one(self, drawing: Drawing) -> None:
        card = drawing.card
        if card.channel_id is None or self._channels.is_held(card.channel_id):
            return
        if card.state in STANDING and not await self._may_show(card, card.channel_id):
            return  # an end only takes the name away, and may be told anywhere
        if card.message_id is None:
            await self._place(drawing, card.channel_id)
        else:
            await self._edit(drawing, card.channel_id, card.message_id)

    async def _may_show(self, card: Card, channel_id: int) -> bool:
        """Whether only moderators read there; where not, a request waits, or moves to the queue there is now."""
        readers = self._channels.readers(card.guild_id, channel_id)
        if readers not in NOT_PRIVATE:
            self._channels.can_be_used(card.id)
            return readers is Readers.MODERATORS
        if not card.has_moved_away:
            self._channels.not_private(card.id, readers)
        elif readers is Readers.NOBODY or await self._is_deleted(card, channel_id):
            await self._keeping.message_lost(card.id)
        return False

    async def _is_deleted(self, card: Card, channel_id: int) -> bool:
        """Whether the message no longer stands where everybody reads it."""
        found = card.message_id or await self._wire.find(channel_id, to_moderators.marks(card.id))
        if found is None:
            return True
        answer = found
        if isinstance(found, int):
            answer = await self._wire.ask("DELETE", f"/channels/{channel_id}/messages/{found}")
        if isinstance(answer, Answer) and answer.status in (200, 204, 404):
            return True
        if isinstance(answer, Answer):
            self._channels.refused(card.id, channel_id, answer)
        return False

    async def _place(self, drawing: Drawing, channel_id: int) -> None:
        """Find the message that an earlier attempt may have left, else post it."""
        card = drawing.card
        found = await self._wire.find(channel_id, to_moderators.marks(card.id))
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
            await self._post(drawing, channel_id)

    async def _post(self, drawing: Drawing, channel_id: int) -> None:
        card = drawing.card
        await self._keeping.posting(card, channel_id)
        answer = await self._wire.ask("POST", f"/channels/{channel_id}/messages", to_moderators.body_of(drawing))
        if answer.status in (200, 201):
            await self._keeping.drawn(card, channel_id, int(answer.body["id"]), self._clock())
        else:
            self._channels.refused(card.id, channel_id, answer)

    async def _edit(self, drawing: Drawing, channel_id: int, message_id: int) -> None:
        card = drawing.card
        path = f"/channels/{channel_id}/messages/{message_id}"
        answer = await self._wire.ask("PATCH", path, to_moderators.body_of(drawing))
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
            self._channels.refused(card.id, channel_id, answer)
