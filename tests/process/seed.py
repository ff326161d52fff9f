"""How does a test put members into a data folder before the program starts?"""

import asyncio
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from importlib import metadata
from pathlib import Path

from bot.domain.days import DAY, Clock, Due, Kind
from bot.domain.phases import Phase
from bot.services.planning import ZONES_IN_USE
from bot.services.records import Records
from bot.storage import addresses, members, meta, rhythms, timetables
from bot.storage.database import Transaction
from tests.process.entities import User
from tests.process.loopback import Loopback

LONG_AGO = date(2026, 1, 1)


@dataclass(frozen=True, slots=True)
class Seed:
    """A member of the loopback, the instant of the prompt that they are owed, and how many days they answered.

    `country` is an ISO code, empty where they gave no city.
    """

    user: User
    zone: str = "Etc/UTC"
    due_at: datetime | None = None
    history: int = 0
    country: str = ""


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
                await members.set_country(tx, member.id, seed.country)
                await timetables.set_clock(tx, member.id, LONG_AGO, Clock(zone=seed.zone))
                await members.set_phase(tx, member.id, LONG_AGO, Phase.REBUILDING)
                due = seed.due_at or now - timedelta(seconds=1)
                first = Due(day=now.date(), due_at=due, useful_until=now + timedelta(hours=20))
                await rhythms.plan(tx, member.id, Kind.EVENING, first, LONG_AGO)
                if dm_known:
                    await addresses.opened(tx, member.id, discord.dm(seed.user).id, now)
                if seed.history:
                    await _live_through(tx, member.id, seed.history, now)
    finally:
        await records.close()


async def _live_through(tx: Transaction, member_id: int, days: int, now: datetime) -> None:
    """Days in a row up to yesterday, each with a check-in and two blocks, under goals, rest and a date."""
    today = now.date()
    first = today - days * DAY
    rows = [{"member": member_id, "day": first + number * DAY, "at": now} for number in range(days)]
    await tx.execute(
        "UPDATE members SET started_day = :day, latest_day = :today WHERE id = :member",
        member=member_id,
        day=first,
        today=today,
    )
    for table in ("clocks", "phases"):
        await tx.execute(f"UPDATE {table} SET from_day = :day WHERE member_id = :member", member=member_id, day=first)
    for statement in (
        """INSERT INTO check_ins (member_id, study_day, choice, outcome, mood, version, at)
           VALUES (:member, :day, 'usual', 'kept', 3, 2, :at)""",
        """INSERT INTO entries (member_id, study_day, kind, amount, source, at, correct, minutes)
           VALUES (:member, :day, 'questions', 20, 'log', :at, 14, 40)""",
        """INSERT INTO entries (member_id, study_day, kind, amount, source, at)
           VALUES (:member, :day, 'flashcards', 60, 'log', :at)""",
    ):
        await tx.execute_many(statement, rows)
    changes = [row for number, row in enumerate(rows) if number % 30 == 0]
    for kind in ("questions", "flashcards"):
        await tx.execute_many(
            f"""INSERT INTO goals (member_id, kind, weekday, from_day, floor, usual, stretch)
                VALUES (:member, '{kind}', -1, :day, 10, 20, 30)""",
            changes,
        )
    await tx.execute_many("INSERT INTO rest_weekdays (member_id, from_day, mask) VALUES (:member, :day, 64)", changes)
    await tx.execute_many(
        "INSERT INTO spans (member_id, kind, from_day, to_day) VALUES (:member, 'rest', :day, :day)", changes
    )
    dated = {"member": member_id, "day": first, "date": today + 60 * DAY}
    await tx.execute("INSERT INTO exam_dates (member_id, from_day, date) VALUES (:member, :day, :date)", **dated)


def _place(migrated: Path, data: Path) -> None:
    data.mkdir(parents=True, exist_ok=True)
    shutil.copy(migrated, data / "comeback.db")


def people(discord: Loopback, count: int) -> list[User]:
    return [discord.add_user(f"member{number}") for number in range(count)]
