"""How many unseen questions were right, by study day?"""

from dataclasses import dataclass
from datetime import date

from bot.domain.statistics import Tally
from bot.storage.database import Transaction


@dataclass(frozen=True, slots=True, kw_only=True)
class _Row:
    study_day: date
    done: int
    right: int


async def unseen(tx: Transaction, member_id: int, since: date) -> dict[date, Tally]:
    """The member's unseen questions of which it was said how many were right, from `since` on.

    Seen questions say how well they are remembered, and a practice exam is under other conditions: neither counts.
    """
    rows = await tx.all(
        _Row,
        """SELECT study_day, sum(amount) AS done, sum(correct) AS right FROM entries
           WHERE member_id = :member_id AND study_day >= :since AND kind = 'questions' AND unseen
             AND correct IS NOT NULL AND voided_at IS NULL
           GROUP BY study_day ORDER BY study_day""",
        member_id=member_id,
        since=since,
    )
    return {row.study_day: Tally(done=row.done, right=row.right) for row in rows}
