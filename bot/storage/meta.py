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


LAST_OUTAGE = "last_outage"


async def keep_outage(tx: Transaction, began: datetime, ended: datetime) -> None:
    """Remember when the program was last away, to say so in what it sends late."""
    await keep(tx, LAST_OUTAGE, f"{began.isoformat()} {ended.isoformat()}")


async def last_outage(tx: Transaction) -> tuple[datetime, datetime] | None:
    """The two ends of the latest outage, if there ever was one."""
    found = await value(tx, LAST_OUTAGE)
    if found is None:
        return None
    began, ended = found.split()
    return datetime.fromisoformat(began), datetime.fromisoformat(ended)


async def last_beat(tx: Transaction) -> datetime | None:
    """When the program was last known to be alive."""
    return await tx.maybe(datetime, "SELECT max(heartbeat_at) FROM processes HAVING max(heartbeat_at) > 0")


async def beat(tx: Transaction, now: datetime) -> None:
    await tx.execute(
        """INSERT INTO processes (id, started_at, heartbeat_at) VALUES (1, :now, :now)
           ON CONFLICT (id) DO UPDATE SET heartbeat_at = excluded.heartbeat_at""",
        now=now,
    )
