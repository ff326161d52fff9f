"""What can a moderator do with the requests of their cohorts? Every right comes from the interaction at hand."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Protocol

from bot.domain import help_requests as rules
from bot.domain.duties import OPEN_CAP
from bot.domain.errors import NotFound
from bot.domain.help_requests import Request
from bot.services.actors import Actor
from bot.services.cohorts import Rights, looked_after, named
from bot.services.records import Records
from bot.storage import help_requests as store
from bot.storage import moderators
from bot.storage.database import Transaction
from bot.storage.help_requests import Card


@dataclass(frozen=True, slots=True, kw_only=True)
class Hands:
    """The moderator who acts, and what they and others hold."""

    me: int
    holder: str
    """The name of whoever has the request; empty where nobody does."""
    holds: int
    cap: int


class Step(Protocol):
    """A step of a request by a moderator; raises UserError where it may not be taken."""

    def __call__(self, request: Request, hands: Hands, now: datetime) -> Request: ...


class QueueService:
    """Each step is one transaction: of two moderators who press at once, one is told that the other was first."""

    def __init__(self, records: Records, hurry: Callable[[], None]) -> None:
        self._records = records
        self._hurry = hurry

    async def claim(self, actor: Actor, rights: Rights, request_id: int, now: datetime) -> None:
        """Take a request. Raises NotAllowed to a stranger or with the hands full, UserError where it is taken."""
        await self._step(actor, rights, request_id, now, _claim)

    async def hand_over(self, actor: Actor, rights: Rights, request_id: int, now: datetime) -> None:
        """Give a request back to the others. Raises UserError unless the moderator has it."""
        await self._step(actor, rights, request_id, now, _hand_over)

    async def handle(self, actor: Actor, rights: Rights, request_id: int, now: datetime) -> None:
        """A person was there. Raises UserError unless the moderator has it."""
        await self._step(actor, rights, request_id, now, _handle)

    async def listed(self, rights: Rights, name: str) -> list[Card]:
        """What stands in the queues somebody looks after, or in the one of that cohort; never what was written."""
        async with self._records.reading() as tx:
            mine = [await named(tx, rights, name)] if name else await looked_after(tx, rights)
            return await store.cards_of(tx, [cohort.id for cohort in mine])

    async def _step(self, actor: Actor, rights: Rights, request_id: int, now: datetime, step: Step) -> None:
        async with self._records.writing() as tx:
            request = await _request(tx, rights, request_id)
            after = step(request, await _hands(tx, actor, request, now), now)
            if after != request and not await store.save(tx, request, after):
                raise rules.Taken("Somebody else")
        self._hurry()


def _claim(request: Request, hands: Hands, now: datetime) -> Request:
    return rules.claim(request, hands.me, now, holds=hands.holds, cap=hands.cap, holder=hands.holder)


def _hand_over(request: Request, hands: Hands, now: datetime) -> Request:
    return rules.hand_over(request, hands.me, now, holder=hands.holder)


def _handle(request: Request, hands: Hands, now: datetime) -> Request:
    return rules.handle(request, hands.me, now, holder=hands.holder)


async def _request(tx: Transaction, rights: Rights, request_id: int) -> Request:
    """A request of a cohort somebody looks after; any other is not found, like one that never was."""
    mine = {cohort.id for cohort in await looked_after(tx, rights)}
    request = await store.by_id(tx, request_id)
    if request is None or request.cohort_id not in mine:
        raise NotFound("There is no such request here. `/queue show` lists the ones there are.")
    return request


async def _hands(tx: Transaction, actor: Actor, request: Request, now: datetime) -> Hands:
    me = await moderators.person(
        tx,
        discord_id=actor.discord_id,
        name=actor.name,
        locale=actor.locale,
        today=now.astimezone(UTC).date(),
        now=now,
    )
    caps = [one.duty.open_cap for one in await moderators.of_cohort(tx, request.cohort_id) if one.member_id == me]
    holder = await moderators.name(tx, request.claimed_by) if request.claimed_by is not None else None
    return Hands(me=me, holder=holder or "", holds=await store.holds(tx, me), cap=caps[0] if caps else OPEN_CAP)
