"""Which lines was a member told, and which never again?"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from bot.domain.lines import Moment, Spoken
from bot.storage.database import Transaction

LINE = "line"
"""What these rows of `shown` are about; their subject is the id of the line."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Row:
    member_id: int
    subject: str
    day: str
    moment: str
    retired: bool


async def spoken(tx: Transaction, member_ids: Collection[int]) -> dict[int, Mapping[str, Spoken]]:
    """Every line that was said to each member or retired by them, by its id."""
    ids = ",".join(str(int(member_id)) for member_id in member_ids)
    rows = await tx.all(
        _Row,
        f"SELECT member_id, subject, day, moment, retired FROM shown WHERE member_id IN ({ids}) AND what = :what",
        what=LINE,
    )
    found: dict[int, dict[str, Spoken]] = {member_id: {} for member_id in member_ids}
    for row in rows:
        found[row.member_id][row.subject] = Spoken(
            line_id=row.subject,
            moment=Moment(row.moment) if row.moment else None,
            day=date.fromisoformat(row.day) if row.day else None,
            retired=row.retired,
        )
    return dict(found)


async def keep(tx: Transaction, member_id: int, line_id: str, day: date, moment: Moment, now: datetime) -> None:
    """Remember that a line was said for a study day."""
    await tx.execute(
        """INSERT INTO shown (member_id, what, subject, at, day, moment)
           VALUES (:member_id, :what, :line_id, :now, :day, :moment)
           ON CONFLICT (member_id, what, subject)
           DO UPDATE SET at = excluded.at, day = excluded.day, moment = excluded.moment""",
        member_id=member_id,
        what=LINE,
        line_id=line_id,
        now=now,
        day=day,
        moment=moment,
    )


async def retire(tx: Transaction, member_id: int, line_id: str, now: datetime) -> None:
    """Never say a line to this member again."""
    await tx.execute(
        """INSERT INTO shown (member_id, what, subject, at, retired) VALUES (:member_id, :what, :line_id, :now, 1)
           ON CONFLICT (member_id, what, subject) DO UPDATE SET retired = 1""",
        member_id=member_id,
        what=LINE,
        line_id=line_id,
        now=now,
    )
