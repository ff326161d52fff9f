"""What does the program remember about itself?"""

from datetime import datetime

from bot.storage.database import Transaction


async def value(tx: Transaction, key: str) -> str | None:
    return await tx.maybe(str, "SELECT value FROM meta WHERE key = :key", key=key)


async def keep(tx: Transaction, key: str, value: str) -> None:
    await tx.execute(
        """INSERT INTO meta (key, value) VALUES (:key, :value)
           ON CONFLICT (key) DO UPDATE SET value = excluded.value""",
        key=key,
        value=value,
    )


async def last_beat(tx: Transaction) -> datetime | None:
    """When the program was last known to be alive."""
    return await tx.maybe(datetime, "SELECT max(heartbeat_at) FROM processes HAVING max(heartbeat_at) > 0")


async def beat(tx: Transaction, now: datetime) -> None:
    await tx.execute(
        """INSERT INTO processes (id, started_at, heartbeat_at) VALUES (1, :now, :now)
           ON CONFLICT (id) DO UPDATE SET heartbeat_at = excluded.heartbeat_at""",
        now=now,
    )
