"""Was this very act done already? Answers redeliveries, double clicks and two devices."""

from datetime import datetime

from bot.storage.database import Transaction


async def first_time(tx: Transaction, operation: str, interaction_id: int, now: datetime) -> bool:
    """Remember an operation; False where it, or its interaction, was applied before."""
    return bool(
        await tx.execute(
            """INSERT INTO applied (operation, interaction_id, at) VALUES (:operation, :interaction_id, :now)
               ON CONFLICT DO NOTHING""",
            operation=operation,
            interaction_id=interaction_id,
            now=now,
        )
    )


async def purge(tx: Transaction, before: datetime) -> None:
    await tx.execute("DELETE FROM applied WHERE at < :before", before=before)
