"""Was the program away, and did anybody lose a whole evening by it?"""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from bot.domain import days
from bot.domain.days import Kind, Timetable
from bot.services.records import Records
from bot.storage import meta, rhythms, spans, timetables

SHORTEST_OUTAGE = timedelta(minutes=5)
SLICE = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Outage:
    """The program was not there between these two instants."""

    began: datetime
    ended: datetime


class OutageService:
    """The heartbeat. A gap shows at the start, or at the next beat of a host that was suspended."""

    def __init__(self, records: Records) -> None:
        self._records = records

    async def beat(self, now: datetime) -> Outage | None:
        """Say that the program lives; returns the outage that this ends, if there was one."""
        async with self._records.reading() as tx:
            last = await meta.last_beat(tx)
        outage = None
        if last is not None and now - last > SHORTEST_OUTAGE:
            outage = Outage(began=last, ended=now)
            await self._forgive(outage)
        async with self._records.writing() as tx:
            if outage is not None:
                await meta.keep_outage(tx, outage.began, outage.ended)
            await meta.beat(tx, now)
        return outage

    async def _forgive(self, outage: Outage) -> None:
        """Take out of the planned days those whose whole useful evening lay inside the outage."""
        after = 0
        while True:
            async with self._records.writing() as tx:
                ids = await rhythms.members_after(tx, after, SLICE)
                if not ids:
                    return
                tables = await timetables.of_members(tx, ids)
                lost = [(who, day) for who, table in tables.items() for day in swallowed(outage, table)]
                if lost:
                    await spans.add_outages(tx, lost)
                after = ids[-1]


def swallowed(outage: Outage, timetable: Timetable) -> list[date]:
    """The study days whose evening could neither be asked nor answered."""
    # Planning may have moved on to later days before this is asked: the day is the one it was back then.
    day = days.study_day(outage.began, replace(timetable, latest_day=date.min))
    found: list[date] = []
    while days.due_at(Kind.EVENING, day, timetable) < outage.ended:
        asked = days.due_at(Kind.EVENING, day, timetable)
        if outage.began <= asked and days.useful_until(Kind.EVENING, day, timetable) <= outage.ended:
            found.append(day)
        day += days.DAY
    return found
