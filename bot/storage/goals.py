"""Which goals did a member choose, and from which study day on?"""

from collections.abc import Iterable

from bot.domain.goals import Chosen
from bot.storage.database import Transaction


async def choose(tx: Transaction, member_id: int, chosen: Iterable[Chosen]) -> None:
    """Let goals begin, or end, on their day; earlier days keep theirs, and what was to begin later is dropped."""
    rows = [_row(member_id, choice) for choice in chosen]
    await tx.execute_many(
        """DELETE FROM goals WHERE member_id = :member_id AND kind = :kind AND weekday = :weekday
             AND from_day >= :from_day""",
        rows,
    )
    await tx.execute_many(
        """INSERT INTO goals (member_id, kind, weekday, from_day, floor, usual, stretch, ended)
           VALUES (:member_id, :kind, :weekday, :from_day, :floor, :usual, :stretch, :ended)""",
        rows,
    )


def _row(member_id: int, choice: Chosen) -> dict[str, object]:
    goal = choice.goal
    return {
        "member_id": member_id,
        "kind": choice.kind,
        "weekday": choice.weekday,
        "from_day": choice.from_day,
        "floor": goal.floor if goal else 0,
        "usual": goal.usual if goal else 0,
        "stretch": goal.stretch if goal else 0,
        "ended": goal is None,
    }
