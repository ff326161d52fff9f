"""Which clocks and nights does a member have?"""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from bot.domain.days import Clock, Nights, Timetable
from bot.storage.database import Transaction


@dataclass(frozen=True, slots=True, kw_only=True)
class _ClockRow:
    member_id: int
    latest_day: date
    from_day: date
    zone: str
    cut_hour: int
    morning_minute: int
    evening_minute: int


@dataclass(frozen=True, slots=True, kw_only=True)
class _NightsRow:
    member_id: int
    from_day: date
    to_day: date
    cut_hour: int
    morning_minute: int
    evening_minute: int


async def of_members(tx: Transaction, member_ids: Collection[int]) -> dict[int, Timetable]:
    """The timetables of members who have a clock; others are absent."""
    ids = ",".join(str(int(member_id)) for member_id in member_ids)
    clocks = await tx.all(
        _ClockRow,
        f"""SELECT c.*, m.latest_day FROM clocks c JOIN members m ON m.id = c.member_id
            WHERE c.member_id IN ({ids}) ORDER BY c.member_id, c.from_day""",
    )
    nights = await tx.all(
        _NightsRow,
        f"""SELECT member_id, from_day, to_day, cut_hour, morning_minute, evening_minute FROM spans
            WHERE kind = 'nights' AND member_id IN ({ids}) ORDER BY from_day""",
    )
    by_member: dict[int, list[_ClockRow]] = defaultdict(list)
    for clock in clocks:
        by_member[clock.member_id].append(clock)
    spans: dict[int, list[Nights]] = defaultdict(list)
    for row in nights:
        spans[row.member_id].append(_nights(row))
    return {
        member_id: Timetable(
            clocks=tuple((row.from_day, _clock(row)) for row in rows),
            nights=tuple(spans[member_id]),
            latest_day=rows[0].latest_day,
        )
        for member_id, rows in by_member.items()
    }


async def of_member(tx: Transaction, member_id: int) -> Timetable:
    """One member's timetable; raises KeyError for somebody who has no clock."""
    return (await of_members(tx, [member_id]))[member_id]


async def set_clock(tx: Transaction, member_id: int, from_day: date, clock: Clock) -> None:
    """Let a clock rule from a day on; earlier days keep theirs."""
    await tx.execute(
        """INSERT INTO clocks (member_id, from_day, zone, cut_hour, morning_minute, evening_minute)
           VALUES (:member_id, :from_day, :zone, :cut_hour, :morning_minute, :evening_minute)
           ON CONFLICT (member_id, from_day) DO UPDATE SET zone = excluded.zone, cut_hour = excluded.cut_hour,
             morning_minute = excluded.morning_minute, evening_minute = excluded.evening_minute""",
        member_id=member_id,
        from_day=from_day,
        zone=clock.zone,
        cut_hour=clock.cut_hour,
        morning_minute=clock.morning_minute,
        evening_minute=clock.evening_minute,
    )


def _clock(row: _ClockRow) -> Clock:
    return Clock(
        zone=row.zone,
        cut_hour=row.cut_hour,
        morning_minute=row.morning_minute,
        evening_minute=row.evening_minute,
    )


def _nights(row: _NightsRow) -> Nights:
    return Nights(
        from_day=row.from_day,
        to_day=row.to_day,
        cut_hour=row.cut_hour,
        morning_minute=row.morning_minute,
        evening_minute=row.evening_minute,
    )
