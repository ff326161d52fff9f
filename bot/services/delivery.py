"""How does a prompt that is owed become a message that exists, once?

Discord is never called here: the sender asks for attempts, makes them, and tells what came of each.
"""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import Protocol

from bot.domain import check_ins as counting
from bot.domain import prompts as rules
from bot.domain.days import DAY, Timetable
from bot.domain.letters import Letter
from bot.domain.prompts import Attempt, Result, Settlement, State
from bot.services.records import Records
from bot.storage import addresses, check_ins, timetables
from bot.storage import prompts as store
from bot.storage.prompts import Waiting


class Composer(Protocol):
    """Turns a letter into the JSON body that Discord will get."""

    def __call__(self, letter: Letter) -> str: ...


Listener = Callable[[State], Awaitable[None]]


class DeliveryService:
    """Claims, freezes and settles prompts; every step is one commit."""

    def __init__(self, records: Records, compose: Composer) -> None:
        self._records = records
        self._compose = compose
        self._listeners: dict[int, Listener] = {}
        self._hurry = asyncio.Event()

    def hurry(self) -> None:
        """Somebody waits: let the sender look now."""
        self._hurry.set()

    async def work(self, idle: timedelta) -> None:
        """Return as soon as somebody hurries, else after `idle`."""
        try:
            async with asyncio.timeout(idle.total_seconds()):
                await self._hurry.wait()
        except TimeoutError:
            pass
        self._hurry.clear()

    async def recover(self, now: datetime) -> int:
        """At the start, with the lock held: what was in flight when the last process died is now in doubt."""
        async with self._records.writing() as tx:
            return await store.doubt_in_flight(tx, now, lease_over=False)

    async def doubt_expired(self, now: datetime) -> int:
        """Attempts whose outcome was never recorded, long after they must have ended, are in doubt."""
        async with self._records.writing() as tx:
            return await store.doubt_in_flight(tx, now, lease_over=True)

    async def claim(self, now: datetime, limit: int) -> list[Attempt]:
        """Up to `limit` attempts to make now, marked and frozen; prompts not wanted any more are ended."""
        async with self._records.reading() as tx:
            if not await store.any_waiting(tx, now):
                return []
        async with self._records.writing() as tx:
            rows = await store.waiting(tx, now, limit)
            verdicts = [(row, self._verdict(row, now)) for row in rows]
            ends = [(row.id, state, row.newer) for row, state in verdicts if state is not State.SENDING]
            going = [row for row, state in verdicts if state is State.SENDING]
            if ends:
                await store.end(tx, ends, now)
            if not going:
                return []
            who = {row.member_id for row in going}
            tables = await timetables.of_members(tx, who)
            days = await check_ins.history(tx, who, max(row.study_day for row in going))
            attempts = [self._attempt(row, days.get(row.member_id, {}), tables[row.member_id], now) for row in going]
            await store.attempt(tx, [self._frozen(attempt, now) for attempt in attempts])
            return attempts

    async def opened(self, attempt: Attempt, channel_id: int, now: datetime) -> None:
        """A DM channel was opened for this attempt: keep it before anything is posted to it."""
        async with self._records.writing() as tx:
            await addresses.opened(tx, attempt.member_id, channel_id, now)
            await store.freeze_channel(tx, attempt.prompt_id, channel_id)

    async def settle(self, attempt: Attempt, result: Result, now: datetime) -> Settlement:
        """Write down what came of an attempt, and tell whoever waits for it."""
        settlement = rules.settle(attempt, result, now)
        async with self._records.writing() as tx:
            await store.settle(tx, attempt, settlement, now)
            if settlement.state is State.UNREACHABLE and settlement.refusal is not None:
                await addresses.closed(tx, attempt.member_id, settlement.refusal, now)
            if isinstance(result, rules.StaleChannel):
                await addresses.forget_channel(tx, attempt.member_id)
        if settlement.state not in rules.WAITING_STATES:
            await self._tell(attempt.prompt_id, settlement.state)
        return settlement

    async def listen(self, prompt_id: int, listener: Listener) -> None:
        """Let `listener` hear, once, how a prompt ended; a restart forgets it."""
        self._listeners[prompt_id] = listener
        async with self._records.reading() as tx:
            state = await store.state_of(tx, prompt_id)
        if state is not None and state not in rules.WAITING_STATES:
            await self._tell(prompt_id, state)
        self.hurry()

    async def _tell(self, prompt_id: int, state: State) -> None:
        listener = self._listeners.pop(prompt_id, None)
        if listener is not None:
            await listener(state)

    def _verdict(self, row: Waiting, now: datetime) -> State:
        if row.state is State.UNKNOWN:
            return State.SENDING  # history must be read first, whatever else has changed
        standing = rules.Standing(
            kind=row.kind,
            study_day=row.study_day,
            useful_until=row.useful_until,
            phase=row.phase,
            phase_began=row.phase_began,
            resting=row.resting,
            reachable=row.reachable,
            choice=row.choice,
            outcome=row.outcome,
            newer=None if row.attempts else row.newer,
        )
        return rules.judge(standing, now)

    def _attempt(self, row: Waiting, days: counting.History, table: Timetable, now: datetime) -> Attempt:
        if row.payload is not None:
            payload = self._records.vault.unlock(row.payload)
        else:
            payload = self._compose(_letter(row, days, table))
        return Attempt(
            prompt_id=row.id,
            member_id=row.member_id,
            recipient=row.discord_id,
            channel_id=row.frozen_channel or row.channel_id,
            payload=payload,
            attempts=row.attempts + 1,
            uncertain=row.uncertain,
            first_attempt_at=row.first_attempt_at or now,
            useful_until=row.useful_until,
            reopened=row.refusal == rules.UNKNOWN_CHANNEL,
        )

    def _frozen(self, attempt: Attempt, now: datetime) -> dict[str, object]:
        locked = self._records.vault.lock(attempt.payload)
        return {
            "id": attempt.prompt_id,
            "now": now,
            "lease_until": now + rules.LEASE,
            "channel_id": attempt.channel_id,
            "key_no": locked.key_no,
            "payload": locked.cipher,
        }


def _letter(row: Waiting, days: counting.History, table: Timetable) -> Letter:
    yesterday = row.study_day - DAY
    return Letter(
        prompt_id=row.id,
        kind=row.kind,
        name=row.name,
        study_day=row.study_day,
        phase=row.phase,
        phase_day=(row.study_day - row.phase_began).days,
        choice=row.choice,
        day_before=days.get(yesterday),
        kept=counting.kept_fact(days, yesterday, row.started_day),
        clock=table.on(row.study_day),
    )
