"""Which cohorts is a member in, and what comes of leaving one?"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from bot.domain.ledgers import FOREVER
from bot.storage.database import Transaction


@dataclass(frozen=True, slots=True, kw_only=True)
class Enrolled:
    """A cohort that a member is in, or was until they left."""

    cohort_id: int
    guild_id: int
    name: str
    is_active: bool


async def of_member(tx: Transaction, member_id: int) -> list[Enrolled]:
    """The cohorts a member is in or has left, the first one joined first."""
    return await tx.all(
        Enrolled,
        """SELECT e.cohort_id, c.guild_id, c.name, e.state = 'active' AS is_active
           FROM enrolments e JOIN cohorts c ON c.id = e.cohort_id
           WHERE e.member_id = :member_id AND e.state IN ('active', 'left') ORDER BY e.since, e.id""",
        member_id=member_id,
    )


async def leave(tx: Transaction, member_id: int, cohort_id: int, now: datetime) -> None:
    """End a member's own place; one that has ended keeps its end."""
    await tx.execute(
        """UPDATE enrolments SET state = 'left', ended_at = :now
           WHERE member_id = :member_id AND cohort_id = :cohort_id AND state = 'active'""",
        member_id=member_id,
        cohort_id=cohort_id,
        now=now,
    )


async def come_back(tx: Transaction, member_id: int, cohort_id: int) -> bool:
    """Let a place that was left go on as if it had never been; False unless the cohort is open.

    `since` stays: the days of its pauses are what they were.
    """
    return bool(
        await tx.execute(
            """UPDATE enrolments SET state = 'active', ended_at = NULL
               WHERE member_id = :member_id AND cohort_id = :cohort_id AND state = 'left'
                 AND EXISTS (SELECT 1 FROM cohorts WHERE id = :cohort_id AND state = 'open')""",
            member_id=member_id,
            cohort_id=cohort_id,
        )
    )


async def stop(tx: Transaction, member_id: int, today: date) -> int | None:
    """Begin an open pause and return its id; None where one runs already."""
    return await tx.maybe(
        int,
        """INSERT INTO spans (member_id, kind, from_day, to_day) SELECT :member_id, 'pause', :today, :forever
           WHERE NOT EXISTS (SELECT 1 FROM spans WHERE member_id = :member_id AND kind = 'pause'
             AND from_day <= :today AND to_day = :forever) RETURNING id""",
        member_id=member_id,
        today=today,
        forever=FOREVER,
    )


async def open_pause(tx: Transaction, member_id: int, today: date) -> int | None:
    """The open pause that runs, the newest if there are several."""
    return await tx.maybe(
        int,
        """SELECT id FROM spans WHERE member_id = :member_id AND kind = 'pause'
             AND from_day <= :today AND to_day = :forever ORDER BY id DESC LIMIT 1""",
        member_id=member_id,
        today=today,
        forever=FOREVER,
    )


async def start_again(tx: Transaction, member_id: int, pause_id: int, today: date) -> None:
    """End one open pause of a member's own with the day before `today`; others of theirs go on."""
    this_one = "id = :pause_id AND member_id = :member_id AND kind = 'pause' AND to_day = :forever"
    values = {"pause_id": pause_id, "member_id": member_id, "today": today, "forever": FOREVER}
    await tx.execute(f"DELETE FROM spans WHERE {this_one} AND from_day >= :today", **values)
    await tx.execute(f"UPDATE spans SET to_day = :yesterday WHERE {this_one}", yesterday=today - timedelta(1), **values)
