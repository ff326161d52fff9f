"""Which pieces of work did a member write down?"""

from dataclasses import dataclass
from datetime import date, datetime

from bot.domain.blocks import Block, Entry, Work
from bot.storage.database import Transaction


@dataclass(frozen=True, slots=True, kw_only=True)
class _Row:
    id: int
    study_day: date
    kind: Work
    amount: int
    correct: int | None
    minutes: int | None
    timed: bool
    unseen: bool
    worked_through: bool
    notebook: bool
    taken_back: bool


_COLUMNS = """id, study_day, kind, amount, correct, minutes, timed, unseen, worked_through, notebook,
  voided_at IS NOT NULL AS taken_back"""


async def add(tx: Transaction, member_id: int, day: date, block: Block, operation: str, now: datetime) -> int | None:
    """Keep a block and return its id; None where this very operation was done before."""
    return await tx.maybe(
        int,
        """INSERT INTO entries (member_id, study_day, kind, amount, source, at, correct, minutes, timed, unseen,
             worked_through, notebook, operation)
           VALUES (:member_id, :day, :kind, :amount, 'log', :now, :correct, :minutes, :timed, :unseen,
             :worked_through, :notebook, :operation)
           ON CONFLICT (operation) DO NOTHING RETURNING id""",
        member_id=member_id,
        day=day,
        operation=operation,
        now=now,
        **_values(block),
    )


async def attach(tx: Transaction, member_id: int, entry_id: int, text_id: int) -> None:
    """Let a private text belong to an entry."""
    await tx.execute(
        "UPDATE entries SET text_id = :text_id WHERE id = :entry_id AND member_id = :member_id",
        member_id=member_id,
        entry_id=entry_id,
        text_id=text_id,
    )


async def correct(tx: Transaction, member_id: int, entry_id: int, block: Block) -> bool:
    """Replace the numbers of an entry that stands. Returns whether there is one."""
    values = {name: value for name, value in _values(block).items() if name != "kind"}
    return bool(
        await tx.execute(
            """UPDATE entries SET amount = :amount, correct = :correct, minutes = :minutes, timed = :timed,
                 unseen = :unseen, worked_through = :worked_through, notebook = :notebook
               WHERE id = :entry_id AND member_id = :member_id AND source = 'log' AND voided_at IS NULL""",
            member_id=member_id,
            entry_id=entry_id,
            **values,
        )
    )


async def void(tx: Transaction, member_id: int, entry_id: int, now: datetime) -> None:
    """Take an entry back; it stays, so that it can be put back."""
    await tx.execute(
        """UPDATE entries SET voided_at = :now
           WHERE id = :entry_id AND member_id = :member_id AND source = 'log' AND voided_at IS NULL""",
        member_id=member_id,
        entry_id=entry_id,
        now=now,
    )


async def unvoid(tx: Transaction, member_id: int, entry_id: int) -> None:
    """Let an entry stand again."""
    await tx.execute(
        "UPDATE entries SET voided_at = NULL WHERE id = :entry_id AND member_id = :member_id AND source = 'log'",
        member_id=member_id,
        entry_id=entry_id,
    )


async def latest(tx: Transaction, member_id: int, limit: int) -> list[Entry]:
    """The entries that stand and were written last, newest first."""
    rows = await tx.all(
        _Row,
        f"""SELECT {_COLUMNS} FROM entries WHERE member_id = :member_id AND source = 'log' AND voided_at IS NULL
            ORDER BY id DESC LIMIT :limit""",
        member_id=member_id,
        limit=limit,
    )
    return [_entry(row) for row in rows]


async def by_id(tx: Transaction, member_id: int, entry_id: int) -> Entry | None:
    """A member's own entry, taken back or not."""
    row = await tx.maybe(
        _Row,
        f"SELECT {_COLUMNS} FROM entries WHERE id = :entry_id AND member_id = :member_id AND source = 'log'",
        member_id=member_id,
        entry_id=entry_id,
    )
    return None if row is None else _entry(row)


async def by_operation(tx: Transaction, member_id: int, operation: str) -> Entry | None:
    """The entry that an operation made."""
    row = await tx.maybe(
        _Row,
        f"SELECT {_COLUMNS} FROM entries WHERE operation = :operation AND member_id = :member_id",
        member_id=member_id,
        operation=operation,
    )
    return None if row is None else _entry(row)


async def last_void(tx: Transaction, member_id: int) -> int | None:
    """The entry that was taken back last."""
    return await tx.maybe(
        int,
        """SELECT id FROM entries WHERE member_id = :member_id AND source = 'log' AND voided_at IS NOT NULL
           ORDER BY voided_at DESC, id DESC LIMIT 1""",
        member_id=member_id,
    )


def _values(block: Block) -> dict[str, object]:
    return {
        "kind": block.kind,
        "amount": block.amount,
        "correct": block.correct,
        "minutes": block.minutes,
        "timed": block.timed,
        "unseen": block.unseen,
        "worked_through": block.worked_through,
        "notebook": block.notebook,
    }


def _entry(row: _Row) -> Entry:
    block = Block(
        kind=row.kind,
        amount=row.amount,
        correct=row.correct,
        minutes=row.minutes,
        timed=row.timed,
        unseen=row.unseen,
        worked_through=row.worked_through,
        notebook=row.notebook,
    )
    return Entry(id=row.id, study_day=row.study_day, block=block, taken_back=row.taken_back)
