"""What is owed to whom now? Turns due rhythms into prompts; never sends."""

from datetime import datetime, timedelta

from bot.domain import days
from bot.services.records import Records
from bot.storage import applied, meta, prompts, rhythms, spans, texts, timetables

SLICE = 200
"""Rhythms moved on in one transaction, so that nobody's button waits long for the writer."""

KEPT_FOR = timedelta(days=35)
ZONES_IN_USE = "tzdata"


class PlanningService:
    """What the scheduler calls."""

    def __init__(self, records: Records) -> None:
        self._records = records

    async def plan_due(self, now: datetime) -> int:
        """Plan every prompt that is due and move its rhythm on in the same transaction. Returns how many."""
        async with self._records.reading() as tx:
            if not await rhythms.any_due(tx, now):
                return 0
        planned = 0
        while step := await self._plan_slice(now):
            planned += step
        return planned

    async def _plan_slice(self, now: datetime) -> int:
        async with self._records.writing() as tx:
            due = await rhythms.due(tx, now, SLICE)
            if not due:
                return 0
            tables = await timetables.of_members(tx, {rhythm.member_id for rhythm in due})
            await prompts.plan(tx, due)
            steps = [
                (rhythm, days.next_due(rhythm.kind, rhythm.next_day, now, tables[rhythm.member_id])) for rhythm in due
            ]
            await rhythms.advance(tx, steps)
            return len(due)

    async def follow_zones(self, version: str, now: datetime) -> bool:
        """Compute every next prompt anew if the time zone data changed since the last start. Returns whether."""
        async with self._records.reading() as tx:
            if await meta.value(tx, ZONES_IN_USE) == version:
                return False
        after = 0
        while True:
            async with self._records.writing() as tx:
                batch = await rhythms.after(tx, after, SLICE)
                if not batch:
                    await meta.keep(tx, ZONES_IN_USE, version)
                    return True
                tables = await timetables.of_members(tx, {rhythm.member_id for rhythm in batch})
                for rhythm in batch:
                    due = days.next_due(rhythm.kind, rhythm.last_day, now, tables[rhythm.member_id])
                    await rhythms.plan(tx, rhythm.member_id, rhythm.kind, due, rhythm.last_day)
                after = batch[-1].id

    async def tidy(self, now: datetime) -> None:
        """Drop what has served its time: prompts and operations after 35 days, drafts after their day, and that rest
        came after a card once nothing is owed because of it.
        """
        async with self._records.writing() as tx:
            await prompts.purge(tx, now - KEPT_FOR)
            await applied.purge(tx, now - KEPT_FOR)
            await texts.purge_drafts(tx, now)
            await spans.forget_cards(tx)
