"""How does whoever keeps the queues ask Discord? One request at a time, and what was posted is found again."""

import json
import logging
from collections.abc import Awaitable, Sequence
from datetime import datetime, timedelta

from bot.domain.errors import Resting
from bot.sender import OPENING_TOO_FAST, QUARANTINED, Answer, NoAnswer, Pace, Wire
from bot.services.clock import Clock

log = logging.getLogger(__name__)

UNKNOWN_CHANNEL, UNKNOWN_GUILD, UNKNOWN_MEMBER, UNKNOWN_MESSAGE, UNKNOWN_USER = 10003, 10004, 10007, 10008, 10013
MISSING_ACCESS, CANNOT_SEND = 50001, 50007
UNREACHABLE = frozenset({CANNOT_SEND, 50278})
NOT_OURS = frozenset({OPENING_TOO_FAST, QUARANTINED})
"""Said of this program, not of a member's door."""


class QueueWire:
    """The wire as all parts of the keeper share it; after `stop` it asks nothing more."""

    def __init__(self, wire: Wire, clock: Clock, pace: Pace) -> None:
        self._wire = wire
        self._clock = clock
        self._pace = pace
        self._held_until: datetime | None = None
        self.is_stopped = False

    def stop(self) -> None:
        """Begin nothing more."""
        self.is_stopped = True

    async def ask(self, method: str, path: str, body: str | None = None) -> Answer:
        """One request in its turn, unless Discord asked to wait. Raises NoAnswer, also once it is to stop."""
        if self.is_stopped:
            raise NoAnswer(maybe_done=False)
        if self._held_until is not None and self._clock() < self._held_until:
            return Answer(status=429, code=429)
        await self._pace.turn()
        answer = await self._wire(method, path, body)
        if answer.status == 401:
            self.is_stopped = True
            log.error("Discord does not accept the token any more; the queues are not kept until the next start")
        elif answer.status == 429:
            self._held_until = self._clock() + timedelta(seconds=answer.retry_after)
        return answer

    async def post_once(self, channel_id: int, marks: Sequence[str], body: str) -> int | Answer:
        """Find a message by what only it holds, else post it. Its id, or what Discord answered instead."""
        found = await self.find(channel_id, marks)
        if found is not None:
            return found
        answer = await self.ask("POST", f"/channels/{channel_id}/messages", body)
        return int(answer.body["id"]) if answer.status in (200, 201) else answer

    async def find(self, channel_id: int, marks: Sequence[str]) -> int | Answer | None:
        """The message among the last hundred, None where it is not, or what Discord answered instead."""
        found = await self.ask("GET", f"/channels/{channel_id}/messages?limit=100")
        if found.status != 200:
            return found
        for message in found.body:
            held = json.dumps(message.get("components", []))
            if any(mark in held for mark in marks):
                return int(message["id"])
        return None


async def by_itself(what: str, row_id: int, act: Awaitable[None]) -> None:
    """One row's turn: what goes wrong with it must not hold up the others. Raises Resting."""
    try:
        await act
    except NoAnswer:
        log.info("request %s: no answer about its %s; it is tried again", row_id, what)
    except Resting:
        raise
    except Exception as error:  # noqa: BLE001 - see above
        log.error("request %s: its %s failed: %s", row_id, what, type(error).__name__)
