"""What did a member say about their days?"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from bot.domain.check_ins import FOUR_WEEKS, Choice, Day, Outcome
from bot.storage.database import Transaction


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckInRow:
    """A check-in as stored: the line still locked, the number the day's total of questions."""

    study_day: date
    choice: Choice
    outcome: Outcome
    mood: int | None
    version: int
    questions: int | None
    cipher: bytes | None


@dataclass(frozen=True, slots=True, kw_only=True)
class _DayRow:
    member_id: int
    study_day: date
    outcome: Outcome
    questions: int


async def of_day(tx: Transaction, member_id: int, day: date) -> CheckInRow | None:
    return await tx.maybe(
        CheckInRow,
        """SELECT c.study_day, c.choice, c.outcome, c.mood, c.version, t.cipher,
                  (SELECT sum(amount) FROM entries e WHERE e.member_id = c.member_id
                     AND e.study_day = c.study_day AND e.kind = 'questions' AND e.voided_at IS NULL)
                  AS questions
           FROM check_ins c LEFT JOIN texts t ON t.id = c.text_id
           WHERE c.member_id = :member_id AND c.study_day = :day""",
        member_id=member_id,
        day=day,
    )


async def answer(
    tx: Transaction,
    member_id: int,
    day: date,
    *,
    choice: Choice,
    outcome: Outcome,
    version: int,
    now: datetime,
) -> None:
    """Write the two answers of a day; `version` is the new one."""
    await tx.execute(
        """INSERT INTO check_ins (member_id, study_day, choice, outcome, version, at)
           VALUES (:member_id, :day, :choice, :outcome, :version, :now)
           ON CONFLICT (member_id, study_day) DO UPDATE SET choice = excluded.choice,
             outcome = excluded.outcome, version = excluded.version, at = excluded.at""",
        member_id=member_id,
        day=day,
        choice=choice,
        outcome=outcome,
        version=version,
        now=now,
    )


async def details(tx: Transaction, member_id: int, day: date, mood: int | None, text_id: int | None) -> None:
    """Write what may stand beside an answer."""
    await tx.execute(
        """UPDATE check_ins SET mood = :mood, text_id = :text_id
           WHERE member_id = :member_id AND study_day = :day""",
        member_id=member_id,
        day=day,
        mood=mood,
        text_id=text_id,
    )


async def text_of_day(tx: Transaction, member_id: int, day: date) -> int | None:
    return await tx.maybe(
        int,
        """SELECT text_id FROM check_ins WHERE member_id = :member_id AND study_day = :day
             AND text_id IS NOT NULL""",
        member_id=member_id,
        day=day,
    )


async def set_total(tx: Transaction, member_id: int, day: date, total: int, now: datetime) -> None:
    """Make a day's questions add up to `total` with one balancing entry, replaced on every edit."""
    values = {"member_id": member_id, "day": day, "now": now}
    await clear_total(tx, member_id, day, now)
    await tx.execute(
        """INSERT INTO entries (member_id, study_day, kind, amount, source, at)
           SELECT :member_id, :day, 'questions', max(0, :total - coalesce(sum(amount), 0)), 'check_in', :now
           FROM entries WHERE member_id = :member_id AND study_day = :day AND kind = 'questions'
             AND voided_at IS NULL""",
        **values,
        total=total,
    )


async def clear_total(tx: Transaction, member_id: int, day: date, now: datetime) -> None:
    """Take back the balancing entry of a day; entries logged otherwise stay."""
    await tx.execute(
        """UPDATE entries SET voided_at = :now WHERE member_id = :member_id AND study_day = :day
             AND source = 'check_in' AND voided_at IS NULL""",
        member_id=member_id,
        day=day,
        now=now,
    )


async def history(tx: Transaction, member_ids: Collection[int], until: date) -> dict[int, dict[date, Day]]:
    """Each member's days of the four weeks and a bit that end with `until`, for counting."""
    ids = ",".join(str(int(member_id)) for member_id in member_ids)
    rows = await tx.all(
        _DayRow,
        f"""SELECT c.member_id, c.study_day, c.outcome,
                   coalesce((SELECT sum(amount) FROM entries e WHERE e.member_id = c.member_id
                     AND e.study_day = c.study_day AND e.kind = 'questions' AND e.voided_at IS NULL), 0)
                   AS questions
            FROM check_ins c
            WHERE c.member_id IN ({ids}) AND c.study_day BETWEEN :since AND :until ORDER BY c.study_day""",
        since=until - FOUR_WEEKS - timedelta(days=7),
        until=until,
    )
    found: dict[int, dict[date, Day]] = {}
    for row in rows:
        day = Day(study_day=row.study_day, outcome=row.outcome, questions=row.questions)
        found.setdefault(row.member_id, {})[row.study_day] = day
    return found
