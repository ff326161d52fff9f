"""How long do planning and claiming take with many members? Milliseconds on one database file, no Discord."""

import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bot.app import build_services
from bot.domain.days import Kind
from bot.services.records import Records

MEMBERS = 100_000
DUE = 20_000


async def crowd(folder: Path) -> list[tuple[str, float]]:
    """(what, milliseconds): an idle tick, the slowest slice of planning, the slowest of ten claims."""
    records = Records(folder / "crowd.db", folder / "crowd.key")
    await records.open()
    now = datetime(2026, 3, 3, 12, tzinfo=UTC)
    services = build_services(records, lambda: now)
    try:
        await _fill(records, now)
        idle = min([await _timed(services.planning.plan_due, now - timedelta(days=1)) for _ in range(20)])
        slices: list[float] = []
        plan_slice = vars(type(services.planning))["_plan_slice"]
        while True:
            began = time.perf_counter()
            if not await plan_slice(services.planning, now):
                break
            slices.append((time.perf_counter() - began) * 1000)
        claims = [await _timed(services.delivery.claim, now, 45) for _ in range(10)]
    finally:
        await records.close()
    return [
        (f"an idle tick, {MEMBERS:,} members", idle),
        (f"the slowest slice of planning {DUE:,}", max(slices)),
        (f"the slowest of ten claims of 45, {DUE:,} waiting", max(claims)),
    ]


async def _timed(act: Callable[..., Awaitable[object]], *arguments: object) -> float:
    began = time.perf_counter()
    await act(*arguments)
    return (time.perf_counter() - began) * 1000


async def _fill(records: Records, now: datetime) -> None:
    rows = [
        {"id": number, "discord_id": number, "day": "2026-01-01", "at": now, "next_day": now.date()}
        | {"due": now if number <= DUE else now + timedelta(hours=5), "until": now + timedelta(hours=20)}
        | {"kind": Kind.EVENING, "channel": number}
        for number in range(1, MEMBERS + 1)
    ]
    async with records.writing() as tx:
        for statement in (
            """INSERT INTO members (id, discord_id, name, locale, started_day, latest_day, last_sign_at)
               VALUES (:id, :discord_id, 'Ana', 'en-US', :day, :day, :at)""",
            "INSERT INTO clocks VALUES (:id, :day, 'America/Chicago', 4, 450, 1260)",
            "INSERT INTO phases VALUES (:id, :day, 'rebuilding')",
            """INSERT INTO rhythms (member_id, kind, next_day, next_due_at, useful_until, last_day)
               VALUES (:id, :kind, :next_day, :due, :until, :day)""",
            "INSERT INTO addresses (member_id, kind, channel_id, checked_at) VALUES (:id, 'dm', :channel, :at)",
        ):
            await tx.execute_many(statement, rows)
