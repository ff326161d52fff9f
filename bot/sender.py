"""Who sends prompts, and how fast? One paced task for all automatic messages of the process.

It speaks HTTP itself: one request, one outcome. discord.py would sleep inside the call on a 429 and repeat a
502 within one attempt, and then nobody could say whether a message exists.
"""

import asyncio
import json
import logging
from collections import deque
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Protocol

from bot.domain import prompts as rules
from bot.domain.errors import Resting
from bot.domain.prompts import Attempt, Result, State
from bot.services.clock import Clock
from bot.services.delivery import DeliveryService
from bot.ui import charts

log = logging.getLogger(__name__)

A_SECOND = 45
"""Requests in any one second; Discord allows 50, the rest is left for people's own actions."""

MOST_IN_FLIGHT = 300
IDLE = timedelta(milliseconds=500)
OPENING_HELD = timedelta(minutes=10)
"""How long no DM is opened after Discord called the openings too many."""

BLOCKED_FOR = timedelta(minutes=1)
"""How long nothing is sent after a 403 without a code of Discord's: something in between lets nothing through."""

OPENING_TOO_FAST, QUARANTINED = 40003, 20026
INVALID_RECIPIENT = 50033


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What Discord answered to one request.

    `code` is Discord's own error code, else the HTTP status; `retry_after` is in seconds.
    """

    status: int
    code: int = 0
    body: Any = None
    retry_after: float = 0.0
    whole_program: bool = False


class NoAnswer(Exception):
    """A timeout or a broken connection; `maybe_done` is False where the request surely never left."""

    def __init__(self, *, maybe_done: bool) -> None:
        super().__init__("no answer")
        self.maybe_done = maybe_done


class Wire(Protocol):
    """One HTTP request to Discord, `path` below the API's address, `body` JSON, `picture` a PNG. Raises NoAnswer."""

    async def __call__(
        self, method: str, path: str, body: str | None = None, picture: bytes | None = None
    ) -> Answer: ...


class Pace:
    """Lets requests go evenly, and never more than `a_second` of them within any one second."""

    def __init__(self, a_second: int = A_SECOND) -> None:
        self._lock = asyncio.Lock()
        self._gap = 1 / a_second
        self._next = 0.0
        self._gone: deque[float] = deque(maxlen=a_second)

    async def turn(self) -> None:
        """Wait for the next free moment. A late wake-up is made good, but never by a burst over the limit."""
        async with self._lock:
            loop = asyncio.get_running_loop()
            moment = max(self._next, self._gone[0] + 1 if len(self._gone) == self._gone.maxlen else 0)
            await asyncio.sleep(max(0.0, moment - loop.time()))
            now = loop.time()
            self._next = max(self._next + self._gap, now - self._gap)
            self._gone.append(now)


class Sender:
    """Claims what waits, makes the attempts, and settles each."""

    def __init__(self, delivery: DeliveryService, wire: Wire, clock: Clock, pace: Pace | None = None) -> None:
        self._delivery = delivery
        self._wire = wire
        self._clock = clock
        self._pace = pace or Pace()
        self._in_flight: set[asyncio.Task[None]] = set()
        self._stopping = False
        self._token_refused = False
        self._held_until: datetime | None = None
        self._openings_held_until: datetime | None = None

    async def run(self) -> None:
        """Send for as long as the program lives; ends after `stop`."""
        while not self._stopping:
            try:
                claimed = await self.step()
            except Resting:
                claimed = 0
            except Exception as error:  # noqa: BLE001 - one claim that fails must not be the last
                log.error("prompts could not be claimed: %s", type(error).__name__)
                claimed = 0
            if not claimed:
                await self._delivery.work(IDLE)
        await self.settled()

    async def step(self) -> int:
        """Claim a second's budget at most and let it go. Returns how many attempts were begun."""
        while len(self._in_flight) >= MOST_IN_FLIGHT:
            await asyncio.wait(self._in_flight, return_when=asyncio.FIRST_COMPLETED)
        if self._is_held():
            return 0
        attempts = await self._delivery.claim(self._clock(), A_SECOND)
        for attempt in attempts:
            # Drawn before its turn comes: drawn after it, slow pictures would leave in a bunch, over the limit.
            body, picture = await charts.unpacked(attempt.payload)
            await self._pace.turn()
            task = asyncio.create_task(self._make(attempt, body, picture))
            self._in_flight.add(task)
            task.add_done_callback(self._in_flight.discard)
        return len(attempts)

    async def settled(self) -> None:
        """Wait for everything that is in flight."""
        while self._in_flight:
            await asyncio.wait(self._in_flight)

    async def stop(self) -> None:
        """Claim nothing more, and wait for what is in flight."""
        self._stopping = True
        self._delivery.hurry()
        await self.settled()

    def _is_held(self) -> bool:
        return self._stopping or (self._held_until is not None and self._clock() < self._held_until)

    async def _make(self, attempt: Attempt, body: str, picture: bytes | None) -> None:
        try:
            result = await self._attempt(attempt, body, picture)
            settlement = await self._delivery.settle(attempt, result, self._clock())
        except Resting:
            # The row stays in flight; once its lease is over it is in doubt, and history decides.
            log.warning("prompt %s: its outcome could not be recorded yet", attempt.prompt_id)
            return
        except Exception as error:  # noqa: BLE001 - one broken row must not hold up everybody else's
            log.error("prompt %s: %s while sending", attempt.prompt_id, type(error).__name__)
            return
        _note(attempt, result, settlement.state)

    async def _ask(self, method: str, path: str, body: str | None = None, picture: bytes | None = None) -> Answer:
        """One request, unless Discord takes nothing at all from this program for now. Raises NoAnswer."""
        if self._token_refused:
            return Answer(status=401, code=401)
        wait = self._held_until - self._clock() if self._held_until is not None else timedelta(0)
        if wait > timedelta(0):
            return Answer(status=429, code=429, retry_after=wait.total_seconds())
        answer = await self._wire(method, path, body, picture)
        self._heed(answer)
        return answer

    def _heed(self, answer: Answer) -> None:
        """What an answer means for all other requests."""
        match answer.status:
            case 401 if not self._token_refused:
                self._token_refused = self._stopping = True
                log.critical("Discord no longer accepts DISCORD_TOKEN; prompts rest until a restart with a new one")
            case 429 if answer.whole_program:
                self._held_until = self._clock() + timedelta(seconds=answer.retry_after)
                log.warning("Discord asks to wait %.1f s; nothing is sent until then", answer.retry_after)
            case 403 if answer.code == answer.status:
                self._held_until = self._clock() + BLOCKED_FOR
                log.error("something before Discord answers 403; nothing is sent for a minute")
            case _:
                pass

    async def _attempt(self, attempt: Attempt, body: str, picture: bytes | None) -> Result:
        channel = attempt.channel_id
        if attempt.uncertain and channel is not None:
            found = await self._find(attempt, channel)
            if found is not None:
                return found
            if not attempt.wanted or self._clock() >= attempt.useful_until:
                return rules.NoLongerUseful()
            await self._pace.turn()
        if channel is None:
            opened = await self._open(attempt)
            if not isinstance(opened, int):
                return opened
            channel = opened
            await self._delivery.opened(attempt, channel, self._clock())
            await self._pace.turn()
        try:
            return posted(await self._ask("POST", f"/channels/{channel}/messages", body, picture))
        except NoAnswer as error:
            return rules.Uncertain() if error.maybe_done else rules.TryLater(rules.backoff(attempt.attempts))

    async def _find(self, attempt: Attempt, channel: int) -> Result | None:
        """Look for the message in the channel itself; None when it is surely not there.

        Nonces are not told by history, custom_ids are; no `after`, for the host's clock may run fast.
        """
        try:
            answer = await self._ask("GET", f"/channels/{channel}/messages?limit=100")
        except NoAnswer:
            return rules.Uncertain()
        if answer.status == 429:
            return _later(answer)
        if answer.status == 401:
            return rules.TokenRefused()
        if answer.status != 200:
            return rules.Uncertain()
        mark = rules.mark(attempt.prompt_id)
        for message in answer.body:
            if mark in json.dumps(message.get("components", [])):
                return rules.Sent(int(message["id"]))
        return None

    async def _open(self, attempt: Attempt) -> int | Result:
        """The id of the DM channel; whatever goes wrong here, no message was sent."""
        now = self._clock()
        if self._openings_held_until is not None and now < self._openings_held_until:
            return rules.TryLater(self._openings_held_until - now)
        body = json.dumps({"recipient_id": str(attempt.recipient)})
        try:
            answer = await self._ask("POST", "/users/@me/channels", body)
        except NoAnswer:
            return rules.TryLater(rules.backoff(attempt.attempts))
        if answer.status in (200, 201):
            return int(answer.body["id"])
        if answer.code in (OPENING_TOO_FAST, QUARANTINED):
            self._openings_held_until = now + OPENING_HELD
            log.error("Discord lets no new DMs be opened (code %s); known ones go on", answer.code)
            return rules.TryLater(OPENING_HELD)
        if answer.status >= 500:
            return rules.TryLater(rules.backoff(attempt.attempts))
        if answer.code == INVALID_RECIPIENT:
            return rules.ClosedDoor(answer.code)
        return posted(answer)


def posted(answer: Answer) -> Result:
    """What Discord's answer to a posted message means."""
    match answer.status:
        case 200 | 201:
            return rules.Sent(int(answer.body["id"]))
        case 429:
            return _later(answer)
        case 401:
            return rules.TokenRefused()
        case 403 if answer.code == answer.status:
            return rules.TryLater(BLOCKED_FOR)
        case 403 if answer.code in (OPENING_TOO_FAST, QUARANTINED):
            return rules.TryLater(OPENING_HELD)  # said of this program, not of the member's door
        case 403:
            return rules.ClosedDoor(answer.code)
        case 404:
            return rules.StaleChannel()
        case status if status >= 500:
            return rules.Uncertain()
        case _:
            return rules.Rejected(answer.code)


def _later(answer: Answer) -> rules.TryLater:
    return rules.TryLater(timedelta(seconds=answer.retry_after))


def _note(attempt: Attempt, result: Result, state: State) -> None:
    match result:
        case rules.Rejected(code):
            log.error("prompt %s was refused as malformed (code %s); please report this", attempt.prompt_id, code)
        case _ if state is State.UNRESOLVED:
            log.error("prompt %s: nobody can say whether it arrived; it is not sent again", attempt.prompt_id)
        case _:
            log.info("prompt %s: %s after %s", attempt.prompt_id, state, attempt.attempts)
