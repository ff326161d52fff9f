"""What was a member shown already, and when?"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from bot.storage.database import Transaction


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """What was shown of some sort, and when."""

    member_id: int
    subject: str
    at: datetime


async def keep(tx: Transaction, member_id: int, what: str, subject: str, now: datetime) -> None:
    """Remember that something was shown now."""
    await tx.execute(
        """INSERT INTO shown (member_id, what, subject, at) VALUES (:member_id, :what, :subject, :now)
           ON CONFLICT (member_id, what, subject) DO UPDATE SET at = excluded.at""",
        member_id=member_id,
        what=what,
        subject=subject,
        now=now,
    )


async def latest(tx: Transaction, member_ids: Collection[int], what: str) -> dict[int, Shown]:
    """What each member was shown last of this sort; who never was is absent."""
    ids = ",".join(str(int(member_id)) for member_id in member_ids)
    rows = await tx.all(
        Shown,
        f"SELECT member_id, subject, at FROM shown WHERE member_id IN ({ids}) AND what = :what ORDER BY at",
        what=what,
    )
    return {row.member_id: row for row in rows}


async def last(tx: Transaction, member_ids: Collection[int], what: str) -> dict[int, datetime]:
    """When each member was shown something of this sort for the last time; who never was is absent."""
    return {member_id: row.at for member_id, row in (await latest(tx, member_ids, what)).items()}
