"""Which messages are owed, in flight, or done?"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from bot.domain.days import Kind
from bot.domain.prompts import Attempt, Settlement, State
from bot.storage.database import Transaction
from bot.storage.rhythms import Rhythm


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """A prompt that may go out now."""

    id: int
    member_id: int
    kind: Kind
    study_day: date
    due_at: datetime
    useful_until: datetime
    state: State
    attempts: int
    uncertain: bool
    first_attempt_at: datetime | None
    frozen_channel: int | None
    payload: bytes | None
    refusal: int | None
    channel_id: int | None


async def plan(tx: Transaction, rhythms: Iterable[Rhythm]) -> None:
    """Owe each rhythm's next prompt; one that exists already is left as it is."""
    await tx.execute_many(
        """INSERT INTO prompts (member_id, kind, study_day, due_at, useful_until, not_before)
           VALUES (:member_id, :kind, :study_day, :due_at, :useful_until, :due_at) ON CONFLICT DO NOTHING""",
        [
            {
                "member_id": rhythm.member_id,
                "kind": rhythm.kind,
                "study_day": rhythm.next_day,
                "due_at": rhythm.next_due_at,
                "useful_until": rhythm.useful_until,
            }
            for rhythm in rhythms
        ],
    )


async def owe_now(
    tx: Transaction, member_id: int, kind: Kind, study_day: date, subject: str, now: datetime, until: datetime
) -> int:
    """Owe a message at once and return its id; the one with that subject is returned if it exists."""
    values = {"member_id": member_id, "kind": kind, "study_day": study_day, "subject": subject}
    await tx.execute(
        """INSERT INTO prompts (member_id, kind, study_day, subject, due_at, useful_until, not_before)
           VALUES (:member_id, :kind, :study_day, :subject, :now, :until, :now) ON CONFLICT DO NOTHING""",
        **values,
        now=now,
        until=until,
    )
    return await tx.one(
        int,
        """SELECT id FROM prompts WHERE member_id = :member_id AND kind = :kind AND study_day = :study_day
             AND subject = :subject""",
        **values,
    )


async def latest(tx: Transaction, member_id: int, kind: Kind) -> int | None:
    """The newest prompt of a kind, however it ended."""
    return await tx.maybe(
        int,
        "SELECT id FROM prompts WHERE member_id = :member_id AND kind = :kind ORDER BY id DESC LIMIT 1",
        member_id=member_id,
        kind=kind,
    )


async def any_waiting(tx: Transaction, now: datetime) -> bool:
    return await tx.one(
        bool,
        """SELECT EXISTS (SELECT 1 FROM prompts
             WHERE state IN ('planned', 'unknown') AND not_before <= :now)""",
        now=now,
    )


async def waiting(tx: Transaction, now: datetime, limit: int) -> list[Waiting]:
    """All that may be attempted now for those who have waited longest, `limit` members at most.

    Nobody's next message is taken up while one is on its way: they keep their order, and a closed door is
    knocked at once.
    """
    return await tx.all(
        Waiting,
        """SELECT p.id, p.member_id, p.kind, p.study_day, p.due_at, p.useful_until, p.state, p.attempts, p.uncertain,
                  p.first_attempt_at, p.channel_id AS frozen_channel, p.payload, p.refusal, a.channel_id
           FROM prompts p LEFT JOIN addresses a ON a.member_id = p.member_id AND a.kind = 'dm'
           WHERE p.state IN ('planned', 'unknown') AND p.not_before <= :now AND p.member_id IN (
             SELECT q.member_id FROM prompts q
             WHERE q.state IN ('planned', 'unknown') AND q.not_before <= :now AND q.member_id IS NOT NULL
               AND NOT EXISTS (SELECT 1 FROM prompts b WHERE b.member_id = q.member_id AND b.state = 'sending')
             ORDER BY q.not_before, q.id LIMIT :limit)
           ORDER BY p.not_before, p.id""",
        now=now,
        limit=limit,
    )


async def end(tx: Transaction, ends: Sequence[tuple[int, State, int | None]], now: datetime) -> None:
    """Prompts that will never be sent: (id, state, the prompt it was merged into)."""
    await tx.execute_many(
        """UPDATE prompts SET state = :state, merged_into = :into, settled_at = :now WHERE id = :id
             AND state IN ('planned', 'unknown')""",
        [{"id": prompt_id, "state": state, "into": into, "now": now} for prompt_id, state, into in ends],
    )


async def attempt(tx: Transaction, rows: Sequence[dict[str, object]]) -> None:
    """Mark prompts as in flight and freeze what goes out, before the first byte leaves."""
    await tx.execute_many(
        """UPDATE prompts SET state = 'sending', attempts = attempts + 1,
             first_attempt_at = coalesce(first_attempt_at, :now), last_attempt_at = :now,
             lease_until = :lease_until, channel_id = :channel_id, key_no = :key_no, payload = :payload
           WHERE id = :id""",
        rows,
    )


async def freeze_channel(tx: Transaction, prompt_id: int, channel_id: int) -> None:
    """Fix the address of an attempt whose DM channel had to be opened first."""
    await tx.execute(
        "UPDATE prompts SET channel_id = :channel_id WHERE id = :id AND state = 'sending'",
        channel_id=channel_id,
        id=prompt_id,
    )


async def settle(tx: Transaction, attempt: Attempt, settlement: Settlement, now: datetime) -> None:
    """Write down what an attempt decided; a row that was settled or attempted anew meanwhile stays as it is."""
    waits = settlement.state in (State.PLANNED, State.UNKNOWN)
    await tx.execute(
        """UPDATE prompts SET state = :state, uncertain = :uncertain, message_id = :message_id,
             not_before = coalesce(:not_before, not_before), lease_until = NULL,
             refusal = coalesce(:refusal, refusal), settled_at = :settled_at,
             channel_id = CASE WHEN :state = 'planned' THEN NULL ELSE channel_id END
           WHERE id = :id AND state IN ('sending', 'unknown') AND (attempts = :attempts OR :state = 'sent')""",
        id=attempt.prompt_id,
        attempts=attempt.attempts,
        state=settlement.state,
        uncertain=settlement.uncertain,
        message_id=settlement.message_id,
        not_before=settlement.not_before,
        refusal=settlement.refusal,
        settled_at=None if waits else now,
    )


async def seen_by_member(tx: Transaction, prompt_id: int, member_id: int, now: datetime) -> None:
    """Somebody pressed a button of it, so it did arrive, whatever the attempt's answer was."""
    await tx.execute(
        """UPDATE prompts SET state = 'sent', settled_at = :now
           WHERE id = :id AND member_id = :member_id AND state IN ('sending', 'unknown')""",
        id=prompt_id,
        member_id=member_id,
        now=now,
    )


async def doubt_in_flight(tx: Transaction, now: datetime, lease_over: bool) -> int:
    """Attempts that nobody will hear of again become unknown. Returns how many.

    With `lease_over` only those whose lease has run out; without it all, for the only process there is.
    """
    return await tx.execute(
        """UPDATE prompts SET state = CASE WHEN channel_id IS NULL THEN 'planned' ELSE 'unknown' END,
             uncertain = channel_id IS NOT NULL, not_before = :now, lease_until = NULL
           WHERE state = 'sending' AND (NOT :lease_over OR lease_until <= :now)""",
        now=now,
        lease_over=lease_over,
    )


async def state_of(tx: Transaction, prompt_id: int) -> State | None:
    return await tx.maybe(State, "SELECT state FROM prompts WHERE id = :id", id=prompt_id)


async def purge(tx: Transaction, before: datetime) -> int:
    """Forget prompts settled before a moment. Returns how many."""
    return await tx.execute("DELETE FROM prompts WHERE settled_at < :before", before=before)
