"""When is a member's exam, and how much is left until then?"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from bot.domain.plans import Left
from bot.storage.database import Transaction


@dataclass(frozen=True, slots=True, kw_only=True)
class _Row:
    member_id: int
    left_unseen: int
    left_seen: int
    done_unseen: int
    done_others: int


async def set_exam(tx: Transaction, member_id: int, from_day: date, exam: date | None) -> None:
    """Let a date stand from a study day on; None takes it back, and earlier days keep theirs."""
    await tx.execute(
        """INSERT INTO exam_dates (member_id, from_day, date) VALUES (:member_id, :from_day, :exam)
           ON CONFLICT (member_id, from_day) DO UPDATE SET date = excluded.date""",
        member_id=member_id,
        from_day=from_day,
        exam=exam or "",
    )


async def set_left(tx: Transaction, member_id: int, from_day: date, left: Left) -> None:
    """Keep what is left as somebody said it on a study day.

    It is kept as it was when that day began, with the day's questions so far added: so that all questions from
    that day on can be taken off, those that are logged later included, and none is taken off twice.
    """
    unseen, others = await _done(tx, member_id, from_day)
    at_start = left.before(unseen, others)
    await tx.execute(
        """INSERT INTO plans (member_id, from_day, left_unseen, left_seen)
           VALUES (:member_id, :from_day, :unseen, :seen)
           ON CONFLICT (member_id, from_day) DO UPDATE
             SET left_unseen = excluded.left_unseen, left_seen = excluded.left_seen""",
        member_id=member_id,
        from_day=from_day,
        unseen=at_start.unseen,
        seen=at_start.seen,
    )


_QUESTIONS = "e.kind = 'questions' AND e.voided_at IS NULL"
_UNSEEN = "coalesce(sum(CASE WHEN e.unseen = 1 THEN e.amount END), 0)"
_OTHERS = "coalesce(sum(CASE WHEN e.unseen = 0 THEN e.amount END), 0)"


async def _done(tx: Transaction, member_id: int, day: date) -> tuple[int, int]:
    rows = await tx.rows(
        f"""SELECT {_UNSEEN} AS unseen, {_OTHERS} AS others FROM entries e
            WHERE e.member_id = :member_id AND e.study_day = :day AND {_QUESTIONS}""",
        member_id=member_id,
        day=day,
    )
    return rows[0]["unseen"], rows[0]["others"]


async def left_of(tx: Transaction, member_ids: Collection[int]) -> dict[int, Left]:
    """What is left now, by member: what was said last, less the questions done from that study day on.

    Who never said it is absent. A question logged for an earlier day is not taken off: it was done when it was said.
    """
    ids = ",".join(str(int(member_id)) for member_id in member_ids)
    rows = await tx.all(
        _Row,
        f"""SELECT p.member_id, p.left_unseen, p.left_seen, {_UNSEEN} AS done_unseen, {_OTHERS} AS done_others
            FROM plans p LEFT JOIN entries e ON e.member_id = p.member_id AND e.study_day >= p.from_day
              AND {_QUESTIONS}
            WHERE p.member_id IN ({ids})
              AND p.from_day = (SELECT max(q.from_day) FROM plans q WHERE q.member_id = p.member_id)
            GROUP BY p.member_id, p.from_day""",
    )
    return {
        row.member_id: Left(unseen=row.left_unseen, seen=row.left_seen).after(row.done_unseen, row.done_others)
        for row in rows
    }
