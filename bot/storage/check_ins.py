"""What did a member say about their days?"""

from datetime import date, datetime

from bot.domain.check_ins import Choice, Outcome
from bot.storage.database import Transaction


async def line_of_day(tx: Transaction, member_id: int, day: date) -> bytes | None:
    """A day's line, still locked."""
    return await tx.maybe(
        bytes,
        """SELECT t.cipher FROM check_ins c JOIN texts t ON t.id = c.text_id
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
