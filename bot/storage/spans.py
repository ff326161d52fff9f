"""Which stretches of days are a member's rest, pause, nights or outage, and which weekdays are rest?"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from bot.domain.days import Nights
from bot.domain.ledgers import FOREVER
from bot.storage.database import Transaction

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class RestSpan:
    """Days of rest that a member chose together; both included."""

    id: int
    from_day: date
    to_day: date


async def rest(tx: Transaction, member_id: int, from_day: date, to_day: date) -> None:
    """Let days be rest; the same days twice are one span."""
    await tx.execute(
        """INSERT INTO spans (member_id, kind, from_day, to_day) SELECT :member_id, 'rest', :from_day, :to_day
           WHERE NOT EXISTS (SELECT 1 FROM spans WHERE member_id = :member_id AND kind = 'rest'
             AND from_day <= :from_day AND to_day >= :to_day)""",
        member_id=member_id,
        from_day=from_day,
        to_day=to_day,
    )


async def rests(tx: Transaction, member_id: int, from_day: date) -> list[RestSpan]:
    """The spans of rest that reach to a day or lie after it, in order of their days."""
    return await tx.all(
        RestSpan,
        """SELECT id, from_day, to_day FROM spans WHERE member_id = :member_id AND kind = 'rest'
             AND to_day >= :from_day ORDER BY from_day, to_day, id""",
        member_id=member_id,
        from_day=from_day,
    )


async def take_back(tx: Transaction, member_id: int, span_id: int, from_day: date) -> RestSpan | None:
    """Let no day of a span be rest from a day on; earlier ones stay. Returns what was taken back, if anything."""
    span = await tx.maybe(
        RestSpan,
        """SELECT id, CASE WHEN from_day < :from_day THEN :from_day ELSE from_day END AS from_day, to_day FROM spans
           WHERE id = :span_id AND member_id = :member_id AND kind = 'rest' AND to_day >= :from_day""",
        member_id=member_id,
        span_id=span_id,
        from_day=from_day,
    )
    if span is not None:
        this_one = "id = :span_id AND member_id = :member_id AND kind = 'rest'"
        await _end(tx, this_one, from_day, span_id=span_id, member_id=member_id)
    return span


async def rest_weekdays(tx: Transaction, member_id: int, from_day: date, mask: int) -> None:
    """Let these weekdays be rest from a day on; earlier days keep theirs."""
    await tx.execute(
        """INSERT INTO rest_weekdays (member_id, from_day, mask) VALUES (:member_id, :from_day, :mask)
           ON CONFLICT (member_id, from_day) DO UPDATE SET mask = excluded.mask""",
        member_id=member_id,
        from_day=from_day,
        mask=mask,
    )


async def pause(
    tx: Transaction, member_id: int, today: date, since: date | None = None, to_day: date = FOREVER
) -> None:
    """Pause from today, or from an earlier day, in the place of what runs; days that were a pause stay one."""
    await resume(tx, member_id, today)
    await tx.execute(
        "INSERT INTO spans (member_id, kind, from_day, to_day) VALUES (:member_id, 'pause', :from_day, :to_day)",
        member_id=member_id,
        from_day=since or today,
        to_day=to_day,
    )


async def resume(tx: Transaction, member_id: int, today: date) -> bool:
    """End any pause with the day before `today`. Returns whether there was one."""
    return await _end(tx, "member_id = :member_id AND kind = 'pause'", today, member_id=member_id)


async def quiet(tx: Transaction, member_id: int, today: date, days: tuple[date, date] | None) -> None:
    """Let these days be rest after a help card, in the place of those that an earlier choice made so."""
    await _end(tx, "member_id = :member_id AND kind = 'rest' AND after_card", today, member_id=member_id)
    if days is not None:
        await tx.execute(
            """INSERT INTO spans (member_id, kind, from_day, to_day, after_card)
               VALUES (:member_id, 'rest', :first, :last, 1)""",
            member_id=member_id,
            first=days[0],
            last=days[1],
        )


async def forget_cards(tx: Transaction) -> None:
    """Where nothing is owed after a card any more, nothing tells the rest that followed it from any other."""
    await tx.execute(
        """UPDATE spans SET after_card = 0
           WHERE after_card AND member_id IN (SELECT id FROM members WHERE next_opening = '')"""
    )


async def add_nights(tx: Transaction, member_id: int, nights: Nights) -> None:
    """Let nights begin, in the place of those that run; earlier days keep theirs."""
    await end_nights(tx, member_id, nights.from_day)
    await tx.execute(
        """INSERT INTO spans (member_id, kind, from_day, to_day, cut_hour, morning_minute, evening_minute)
           VALUES (:member_id, 'nights', :from_day, :to_day, :cut_hour, :morning_minute, :evening_minute)""",
        member_id=member_id,
        from_day=nights.from_day,
        to_day=nights.to_day,
        cut_hour=nights.cut_hour,
        morning_minute=nights.morning_minute,
        evening_minute=nights.evening_minute,
    )


async def end_nights(tx: Transaction, member_id: int, from_day: date) -> bool:
    """Let no day from this one on be a night. Returns whether there was one."""
    return await _end(tx, "member_id = :member_id AND kind = 'nights'", from_day, member_id=member_id)


async def _end(tx: Transaction, which: str, from_day: date, **values: object) -> bool:
    """Take from these spans every day from one on, and leave none that is empty. Returns whether any changed."""
    gone = await tx.execute(f"DELETE FROM spans WHERE {which} AND from_day >= :from_day", from_day=from_day, **values)
    cut = await tx.execute(
        f"UPDATE spans SET to_day = :day_before WHERE {which} AND to_day >= :from_day",
        from_day=from_day,
        day_before=from_day - _DAY,
        **values,
    )
    return bool(gone or cut)


async def add_outages(tx: Transaction, days: Sequence[tuple[int, date]]) -> None:
    """Study days (member, day) of which nothing was left; one that is known already is not doubled."""
    await tx.execute_many(
        """INSERT INTO spans (member_id, kind, from_day, to_day) SELECT :member_id, 'outage', :day, :day
           WHERE NOT EXISTS (SELECT 1 FROM spans WHERE member_id = :member_id AND kind = 'outage'
             AND from_day = :day)""",
        [{"member_id": member_id, "day": day} for member_id, day in days],
    )
