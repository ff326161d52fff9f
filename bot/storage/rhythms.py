"""What is due next for whom?"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from bot.domain.days import Due, Kind
from bot.storage.database import Transaction


@dataclass(frozen=True, slots=True, kw_only=True)
class Rhythm:
    """A member's morning or evening, with the next prompt it will ask for."""

    id: int
    member_id: int
    kind: Kind
    next_day: date
    next_due_at: datetime
    useful_until: datetime
    last_day: date
    """The last study day that this rhythm has asked for."""


_COLUMNS = "id, member_id, kind, next_day, next_due_at, useful_until, last_day"


async def any_due(tx: Transaction, now: datetime) -> bool:
    return await tx.one(bool, "SELECT EXISTS (SELECT 1 FROM rhythms WHERE next_due_at <= :now)", now=now)


async def due(tx: Transaction, now: datetime, limit: int) -> list[Rhythm]:
    """Members' rhythms that are due, the longest waiting first."""
    return await tx.all(
        Rhythm,
        f"""SELECT {_COLUMNS} FROM rhythms WHERE next_due_at <= :now AND member_id IS NOT NULL
            ORDER BY next_due_at LIMIT :limit""",
        now=now,
        limit=limit,
    )


async def after(tx: Transaction, rhythm_id: int, limit: int) -> list[Rhythm]:
    """Members' rhythms with ids above `rhythm_id`, in order."""
    return await tx.all(
        Rhythm,
        f"""SELECT {_COLUMNS} FROM rhythms WHERE member_id IS NOT NULL AND id > :rhythm_id
            ORDER BY id LIMIT :limit""",
        rhythm_id=rhythm_id,
        limit=limit,
    )


async def of_member(tx: Transaction, member_id: int) -> list[Rhythm]:
    """A member's rhythms, the next one first."""
    return await tx.all(
        Rhythm,
        f"SELECT {_COLUMNS} FROM rhythms WHERE member_id = :member_id ORDER BY next_due_at",
        member_id=member_id,
    )


async def last_planned(tx: Transaction, member_id: int, kind: Kind) -> date | None:
    return await tx.maybe(
        date,
        "SELECT last_day FROM rhythms WHERE member_id = :member_id AND kind = :kind",
        member_id=member_id,
        kind=kind,
    )


async def plan(tx: Transaction, member_id: int, kind: Kind, due: Due, last_day: date) -> None:
    """Set when a rhythm asks next; `last_day` is the last study day it has asked for."""
    await tx.execute(
        """INSERT INTO rhythms (member_id, kind, next_day, next_due_at, useful_until, last_day)
           VALUES (:member_id, :kind, :next_day, :next_due_at, :useful_until, :last_day)
           ON CONFLICT (member_id, kind) WHERE member_id IS NOT NULL DO UPDATE SET
             next_day = excluded.next_day, next_due_at = excluded.next_due_at,
             useful_until = excluded.useful_until""",
        member_id=member_id,
        kind=kind,
        next_day=due.day,
        next_due_at=due.due_at,
        useful_until=due.useful_until,
        last_day=last_day,
    )


async def advance(tx: Transaction, steps: Sequence[tuple[Rhythm, Due]]) -> None:
    """Move rhythms on after their prompts were planned in the same transaction."""
    await tx.execute_many(
        """UPDATE rhythms SET last_day = next_day, next_day = :day, next_due_at = :due_at,
             useful_until = :useful_until WHERE id = :id""",
        [
            {"id": rhythm.id, "day": due.day, "due_at": due.due_at, "useful_until": due.useful_until}
            for rhythm, due in steps
        ],
    )
    await tx.execute_many(
        "UPDATE members SET latest_day = :day WHERE id = :member_id AND latest_day < :day",
        [{"member_id": rhythm.member_id, "day": rhythm.next_day} for rhythm, _ in steps],
    )


async def members_after(tx: Transaction, member_id: int, limit: int) -> list[int]:
    """Ids of members with an evening rhythm above `member_id`, in order."""
    return await tx.all(
        int,
        """SELECT member_id FROM rhythms WHERE kind = 'evening' AND member_id > :member_id
           ORDER BY member_id LIMIT :limit""",
        member_id=member_id,
        limit=limit,
    )
