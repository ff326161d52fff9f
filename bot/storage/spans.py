"""Which stretches of days are a member's rest, pause or outage?"""

from collections.abc import Sequence
from datetime import date, timedelta

from bot.storage.database import Transaction


async def pause(tx: Transaction, member_id: int, from_day: date) -> None:
    """Begin an open pause; one that runs already goes on."""
    await tx.execute(
        """INSERT INTO spans (member_id, kind, from_day) SELECT :member_id, 'pause', :from_day
           WHERE NOT EXISTS (SELECT 1 FROM spans WHERE member_id = :member_id AND kind = 'pause'
             AND to_day >= :from_day)""",
        member_id=member_id,
        from_day=from_day,
    )


async def resume(tx: Transaction, member_id: int, today: date) -> bool:
    """End any pause with the day before `today`. Returns whether there was one."""
    await tx.execute(
        "DELETE FROM spans WHERE member_id = :member_id AND kind = 'pause' AND from_day >= :today",
        member_id=member_id,
        today=today,
    )
    return bool(
        await tx.execute(
            """UPDATE spans SET to_day = :yesterday
               WHERE member_id = :member_id AND kind = 'pause' AND to_day >= :today""",
            member_id=member_id,
            today=today,
            yesterday=today - timedelta(days=1),
        )
    )


async def is_paused(tx: Transaction, member_id: int, day: date) -> bool:
    return await tx.one(
        bool,
        """SELECT EXISTS (SELECT 1 FROM spans WHERE member_id = :member_id AND kind = 'pause'
             AND :day BETWEEN from_day AND to_day)""",
        member_id=member_id,
        day=day,
    )


async def add_outages(tx: Transaction, days: Sequence[tuple[int, date]]) -> None:
    """Study days (member, day) of which nothing was left; one that is known already is not doubled."""
    await tx.execute_many(
        """INSERT INTO spans (member_id, kind, from_day, to_day) SELECT :member_id, 'outage', :day, :day
           WHERE NOT EXISTS (SELECT 1 FROM spans WHERE member_id = :member_id AND kind = 'outage'
             AND from_day = :day)""",
        [{"member_id": member_id, "day": day} for member_id, day in days],
    )
