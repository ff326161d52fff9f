"""How does a member set a goal, and what would be realistic for them?"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from fractions import Fraction

from bot.domain import goals as rules
from bot.domain import ledgers
from bot.domain.blocks import Work
from bot.domain.days import DAY
from bot.domain.goals import Chosen, Goal
from bot.domain.ledgers import Ledger
from bot.domain.phases import GENTLE
from bot.services.actors import Actor
from bot.services.pages import last_day_over, page_of, signed, today_of
from bot.services.records import Records
from bot.services.today import LOOKS_BACK, Today, today
from bot.storage import applied
from bot.storage import goals as store

ByWeekday = Mapping[int, Goal]
"""The goal of every day under EVERY_DAY, and those of weekdays that differ."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Goals:
    """What a member means to do, by kind of work."""

    now: Mapping[Work, ByWeekday]
    tomorrow: Mapping[Work, ByWeekday]
    """Differs where a change begins tomorrow."""
    gentle: bool
    """Nobody asks this member for a goal."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """A goal that was set or, without one, taken back; `days` is a mask of weekdays, None for no day in particular."""

    kind: Work
    goal: Goal | None
    days: int | None
    from_tomorrow: bool
    """Today was kept already and would not be any more."""
    today: Today


@dataclass(frozen=True, slots=True, kw_only=True)
class Suggestion:
    """What would be realistic; without a capacity there is no goal to suggest."""

    capacity: Fraction | None
    goal: Goal | None
    standing: Goal | None
    """The goal of every day as it is."""
    gentle: bool


class GoalService:
    """Goals begin on a study day, and no day before it changes."""

    def __init__(self, records: Records) -> None:
        self._records = records

    async def look(self, actor: Actor, now: datetime) -> Goals:
        """All goals that stand. Raises NotJoined."""
        async with self._records.reading() as tx:
            page = await page_of(tx, actor, now, now.date())
        day = today_of(page, now)
        return Goals(
            now=_by_kind(page.ledger, day),
            tomorrow=_by_kind(page.ledger, day + DAY),
            gentle=ledgers.phase(page.ledger, day)[0] in GENTLE,
        )

    async def set(
        self, actor: Actor, kind: Work, typed: Sequence[str], days: str, now: datetime, *, operation: str
    ) -> Change:
        """Set a goal as it was typed, for some weekdays or for all, from today on; "none" takes it back.

        A day that is kept stays kept: then it begins tomorrow. Raises UserError before anything is written.
        """
        async with self._records.writing() as tx:
            page = await page_of(tx, actor, now, now.date() - LOOKS_BACK)
            goal, mask = rules.read(kind, typed, page.block_size), rules.days_of(days)
            day = today_of(page, now)
            changes = rules.change(page.ledger.goals, kind, goal, mask, day)
            from_tomorrow = _takes_today_back(page.ledger, changes, day)
            if await applied.first_time(tx, operation, actor.interaction_id, now):
                begins = day + DAY if from_tomorrow else day
                await store.choose(tx, page.member_id, [replace(choice, from_day=begins) for choice in changes])
                await signed(tx, page, now)
            page = await page_of(tx, actor, now, now.date() - LOOKS_BACK)
            return Change(kind=kind, goal=goal, days=mask, from_tomorrow=from_tomorrow, today=today(page, now))

    async def suggest(self, actor: Actor, now: datetime) -> Suggestion:
        """What the member's own last planned days come to. Raises NotJoined."""
        async with self._records.reading() as tx:
            page = await page_of(tx, actor, now, date.min)
        day = today_of(page, now)
        capacity = ledgers.capacity(page.ledger, last_day_over(page, now))
        return Suggestion(
            capacity=capacity,
            goal=None if capacity is None else rules.suggest(capacity),
            standing=rules.standing(page.ledger.goals, Work.QUESTIONS, day + DAY).get(rules.EVERY_DAY),
            gentle=ledgers.phase(page.ledger, day)[0] in GENTLE,
        )


def _by_kind(ledger: Ledger, day: date) -> dict[Work, ByWeekday]:
    found = {kind: rules.standing(ledger.goals, kind, day) for kind in Work}
    return {kind: goals for kind, goals in found.items() if goals}


def _takes_today_back(ledger: Ledger, changes: Sequence[Chosen], day: date) -> bool:
    after = replace(ledger, goals=(*ledger.goals, *changes))
    return ledgers.is_kept(ledger, day) and not ledgers.is_kept(after, day)
