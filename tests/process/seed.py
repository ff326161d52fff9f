"""How does a test put members into a data folder before the program starts?"""

import asyncio
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from importlib import metadata
from pathlib import Path

from bot.domain.days import Clock, Due, Kind
from bot.domain.phases import Phase
from bot.services.planning import ZONES_IN_USE
from bot.services.records import Records
from bot.storage import addresses, members, meta, rhythms, timetables
from tests.process.entities import User
from tests.process.loopback import Loopback

LONG_AGO = date(2026, 1, 1)


@dataclass(frozen=True, slots=True)
class Seed:
    """A member of the loopback and the study day and instant of the prompt that they are owed."""

    user: User
    zone: str = "Etc/UTC"
    due_at: datetime | None = None


async def plant(discord: Loopback, migrated: Path, data: Path, seeds: Sequence[Seed], *, dm_known: bool = True) -> None:
    """Members whose evening is due (now unless said), with their DM channels known or not."""
    await asyncio.to_thread(_place, migrated, data)
    records = Records(data / "comeback.db", data / "comeback.key")
    await records.open()
    now = datetime.now(UTC)
    try:
        async with records.writing() as tx:
            await meta.keep(tx, ZONES_IN_USE, metadata.version("tzdata"))  # the due times below are meant
            for seed in seeds:
                member = await members.greet(
                    tx, discord_id=seed.user.id, name=seed.user.name, locale="en-US", today=LONG_AGO, now=now
                )
                await timetables.set_clock(tx, member.id, LONG_AGO, Clock(zone=seed.zone))
                await members.set_phase(tx, member.id, LONG_AGO, Phase.REBUILDING)
                due = seed.due_at or now - timedelta(seconds=1)
                first = Due(day=now.date(), due_at=due, useful_until=now + timedelta(hours=20))
                await rhythms.plan(tx, member.id, Kind.EVENING, first, LONG_AGO)
                if dm_known:
                    await addresses.opened(tx, member.id, discord.dm(seed.user).id, now)
    finally:
        await records.close()


def _place(migrated: Path, data: Path) -> None:
    data.mkdir(parents=True, exist_ok=True)
    shutil.copy(migrated, data / "comeback.db")


def people(discord: Loopback, count: int) -> list[User]:
    return [discord.add_user(f"member{number}") for number in range(count)]
