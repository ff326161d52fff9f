"""How does a prompt that is owed become a message that exists, once?

Discord is never called here: the sender asks for attempts, makes them, and tells what came of each.
"""

import logging
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Protocol

from bot.domain import ledgers as days_of
from bot.domain import next_days
from bot.domain import prompts as rules
from bot.domain.days import Kind, study_day
from bot.domain.ledgers import DayKind
from bot.domain.letters import Letter
from bot.domain.prompts import Attempt, Result, Settlement, State
from bot.domain.silences import Ask
from bot.services.hurried import Hurried
from bot.services.letters import Case, Extras, Writer, cases_of, letter
from bot.services.lines import Speaker
from bot.services.records import Records
from bot.storage import addresses
from bot.storage import prompts as store
from bot.storage.database import Transaction
from bot.storage.ledgers import Page
from bot.storage.prompts import Waiting

log = logging.getLogger(__name__)


class Composer(Protocol):
    """Turns a letter into the JSON body that Discord will get."""

    def __call__(self, letter: Letter) -> str: ...


Listener = Callable[[State], Awaitable[None]]

End = tuple[int, State, int | None]
"""A prompt that will never be sent: its id, its last state, and the prompt it was merged into."""


class DeliveryService(Hurried):
    """Claims, freezes and settles prompts; every step is one commit."""

    def __init__(self, records: Records, compose: Composer, speaker: Speaker) -> None:
        super().__init__()
        self._records = records
        self._compose = compose
        self._writer = Writer(speaker)
        self._listeners: dict[int, Listener] = {}

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
        while True:
            async with self._records.writing() as tx:
                rows = await store.waiting(tx, now, limit)
                attempts = await self._claim(tx, rows, now)
            if attempts or not rows:
                return attempts  # a slice in which all were ended holds up nobody

    async def _claim(self, tx: Transaction, rows: Sequence[Waiting], now: datetime) -> list[Attempt]:
        cases = await cases_of(tx, rows)
        newest = _newest(cases, now)
        ends: list[End] = []
        going: dict[int, Case] = {}
        for case in cases:
            into = _into(case.row, newest)
            state = State.SENDING if case.row.state is State.UNKNOWN else _judged(case, into, now)
            if state is State.SENDING:
                going.setdefault(case.row.member_id, case)  # one at a time for each member
            else:
                ends.append((case.row.id, state, into))
        merged = [(case.row.due_at, into) for case in cases if (into := _into(case.row, newest)) is not None]
        extras = await self._writer.extras(tx, going.values(), merged, now)
        attempts: list[Attempt] = []
        for case in going.values():
            attempt = self._attempt_or_none(case, extras[case.row.id], now)
            if attempt is None:
                ends.append((case.row.id, _broken(case.row), None))
            else:
                attempts.append(attempt)
        await store.end(tx, ends, now)
        await store.attempt(tx, [self._frozen(attempt, now) for attempt in attempts])
        return attempts

    def _attempt_or_none(self, case: Case, extras: Extras, now: datetime) -> Attempt | None:
        """None where none can be made: a bug of ours."""
        try:
            return self._attempt(case, extras, now)
        except Exception as error:  # noqa: BLE001 - one broken row must not hold up everybody else's
            log.error("prompt %s can't be made: %s", case.row.id, type(error).__name__)
            return None

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

    def _attempt(self, case: Case, extras: Extras, now: datetime) -> Attempt:
        row, page = case.row, case.known
        if row.payload is not None:
            payload = self._records.vault.unlock(row.payload)
        else:
            payload = self._compose(letter(case, extras, now))
        return Attempt(
            prompt_id=row.id,
            member_id=row.member_id,
            recipient=page.discord_id,
            channel_id=row.frozen_channel or row.channel_id,
            payload=payload,
            attempts=row.attempts + 1,
            uncertain=row.uncertain,
            first_attempt_at=row.first_attempt_at or now,
            useful_until=row.useful_until,
            wanted=_judged(case, None, now) is State.SENDING,
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


def _judged(case: Case, into: int | None, now: datetime) -> State:
    row, page = case.row, case.page
    if page is None:
        return State.FAILED
    standing = rules.Standing(
        kind=row.kind,
        due_at=row.due_at,
        useful_until=row.useful_until,
        wanted=_wanted(row, page, case.ask) and not _stopped(page, now),
        gentle=days_of.kind(page.ledger, row.study_day) is DayKind.GENTLE,
        reachable=not page.dms_closed,
        newer=into,
    )
    return rules.judge(standing, now)


def _wanted(row: Waiting, page: Page, ask: Ask) -> bool:
    return next_days.wanted(page.ledger, row.kind, row.study_day, row.due_at, page.quiet, ask)


def _stopped(page: Page, now: datetime) -> bool:
    """A pause that began today also ends what is still owed for yesterday."""
    return days_of.is_paused(page.ledger, study_day(now, page.ledger.timetable))


def _newest(cases: Iterable[Case], now: datetime) -> dict[int, Waiting]:
    """For each member the last prompt that will really go out and was never attempted: earlier ones go into it."""
    fresh = [case.row for case in cases if _may_merge(case.row) and _judged(case, None, now) is State.SENDING]
    return {row.member_id: row for row in sorted(fresh, key=lambda row: (row.due_at, row.id))}


def _into(row: Waiting, newest: Mapping[int, Waiting]) -> int | None:
    last = newest.get(row.member_id)
    return last.id if last is not None and last.id != row.id and _may_merge(row) else None


def _may_merge(row: Waiting) -> bool:
    return row.state is State.PLANNED and not row.attempts and row.kind is not Kind.WELCOME


def _broken(row: Waiting) -> State:
    return State.UNRESOLVED if row.state is State.UNKNOWN else State.FAILED
