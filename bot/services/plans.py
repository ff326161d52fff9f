"""When is the exam, what is left, and is it said when that does not fit?"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from bot.domain import ledgers, plans
from bot.domain.days import study_day, week_start
from bot.domain.ledgers import DayKind
from bot.domain.phases import GENTLE
from bot.domain.plans import Left, Shortfall
from bot.services.actors import Actor
from bot.services.pages import last_day_over, page_of, signed, today_of
from bot.services.records import Records
from bot.storage import applied, members, shown
from bot.storage import ledgers as ledger_store
from bot.storage import plans as store
from bot.storage.database import Transaction
from bot.storage.ledgers import RECENT, Page

SHORTFALL = "shortfall"
"""What `shown` calls it; the subject is the Monday of the study week."""
A_QUARTER = timedelta(days=92)
"""Holds 28 planned days of nearly everybody."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """A member's date and questions left, as they stand on `day`."""

    day: date
    day_kind: DayKind
    exam: date | None
    left: Left | None
    shortfall: Shortfall | None
    gentle: bool
    """Nobody asks this member for a date or a plan."""


class PlanService:
    """A date and a number of questions, and what follows from both."""

    def __init__(self, records: Records) -> None:
        self._records = records

    async def look(self, actor: Actor, now: datetime) -> Plan:
        """The plan as it stands. Raises NotJoined."""
        async with self._records.reading() as tx:
            page = await page_of(tx, actor, now, date.min)
            return await _plan(tx, page, now)

    async def set_exam(self, actor: Actor, typed: str, now: datetime, *, operation: str) -> Plan:
        """Set the date of the exam, or take it back. Raises UserError for words that name no date it can be.

        Whoever studies moves to the phase exam booked, and back; the gentle path is not left by it.
        """
        async with self._records.writing() as tx:
            page = await page_of(tx, actor, now, now.date())
            day = today_of(page, now)
            exam = plans.read_date(typed, day)
            if await applied.first_time(tx, operation, actor.interaction_id, now):
                await signed(tx, page, now)
                await store.set_exam(tx, page.member_id, day, exam)
                phase = ledgers.phase(page.ledger, day)[0]
                if (then := plans.phase_with(exam, phase)) is not phase:
                    await members.set_phase(tx, page.member_id, day, then)
            return await _told(tx, actor, now)

    async def set_left(self, actor: Actor, unseen: str, seen: str, now: datetime, *, operation: str) -> Plan:
        """Keep how many questions are left; a number that is not given stays as it is. Raises UserError."""
        async with self._records.writing() as tx:
            page = await page_of(tx, actor, now, now.date())
            known = (await store.left_of(tx, [page.member_id])).get(page.member_id)
            left = plans.read_left(unseen, seen, known, page.block_size)
            if await applied.first_time(tx, operation, actor.interaction_id, now):
                await store.set_left(tx, page.member_id, await signed(tx, page, now), left)
            return await _told(tx, actor, now)


async def _told(tx: Transaction, actor: Actor, now: datetime) -> Plan:
    """The plan for an answer: what does not fit is said in it, and so not again by itself the next morning."""
    page = await page_of(tx, actor, now, date.min)
    plan = await _plan(tx, page, now)
    if plan.shortfall is not None:
        await keep_told(tx, page.member_id, plan.day, now)
    return plan


async def _plan(tx: Transaction, page: Page, now: datetime) -> Plan:
    day, ledger = today_of(page, now), page.ledger
    left = (await store.left_of(tx, [page.member_id])).get(page.member_id)
    return Plan(
        day=day,
        day_kind=ledgers.kind(ledger, day),
        exam=ledgers.exam_date(ledger, day),
        left=left,
        shortfall=None if left is None else _shortfall(page, left, day, now),
        gentle=ledgers.phase(ledger, day)[0] in GENTLE,
    )


async def of_mornings(tx: Transaction, mornings: Iterable[tuple[Page, date]], now: datetime) -> dict[int, Shortfall]:
    """What is to be said unasked this morning, by member: to those whom it concerns, and once a week at most.

    A page knows no more than the last weeks. Older days then count as silent, so the capacity found is never more
    than the real one, and only where that is too little are older days read: few, for the writer waits meanwhile.
    """
    asked = {page.member_id: (page, day) for page, day in mornings if plans.may_say(page.ledger, day)}
    left = await store.left_of(tx, asked) if asked else {}
    said = await shown.last(tx, left, SHORTFALL) if left else {}
    found: dict[int, Shortfall] = {}
    for member_id, number in left.items():
        page, day = asked[member_id]
        if not plans.is_due(_day_of(page, said.get(member_id)), day):
            continue
        shortfall = _shortfall(page, number, day, now)
        if shortfall is not None and (whole := await _far_enough(tx, page, day, now)) is not page:
            shortfall = _shortfall(whole, number, day, now)
        if shortfall is not None:
            found[member_id] = shortfall
    return found


async def _far_enough(tx: Transaction, page: Page, day: date, now: datetime) -> Page:
    """The page, with as many of its older days as decide the capacity."""
    over, since = last_day_over(page, now), day - RECENT
    for farther in (day - A_QUARTER, date.min):
        if plans.suffices(page.ledger, since, over):
            break
        page = (await ledger_store.of_members(tx, [page.member_id], farther))[page.member_id]
        since = farther
    return page


async def keep_told(tx: Transaction, member_id: int, day: date, now: datetime) -> None:
    """Remember that it was said in this study week."""
    await shown.keep(tx, member_id, SHORTFALL, week_start(day).isoformat(), now)


def _shortfall(page: Page, left: Left, day: date, now: datetime) -> Shortfall | None:
    return plans.shortfall(page.ledger, left, day, last_day_over(page, now))


def _day_of(page: Page, at: datetime | None) -> date | None:
    """The study day of a moment in the past."""
    return None if at is None else study_day(at, replace(page.ledger.timetable, latest_day=date.min))
