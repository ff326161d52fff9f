"""Which cohorts are there, and who is in them?"""

from dataclasses import dataclass
from datetime import datetime

from bot.storage.database import Transaction


@dataclass(frozen=True, slots=True, kw_only=True)
class Cohort:
    """A group in one server; `channel_id` is where its invitation stands."""

    id: int
    guild_id: int
    name: str
    channel_id: int


_COLUMNS = "id, guild_id, name, channel_id"


async def create(
    tx: Transaction,
    *,
    guild_id: int,
    name: str,
    name_key: str,
    channel_id: int,
    created_by: int | None,
    now: datetime,
) -> bool:
    """Make a cohort; False where the server has one of that name."""
    await tx.execute(
        """INSERT INTO guilds (id) VALUES (:guild_id)
           ON CONFLICT (id) DO UPDATE SET left_at = NULL""",
        guild_id=guild_id,
    )
    return bool(
        await tx.execute(
            """INSERT INTO cohorts (guild_id, name, name_key, channel_id, created_by, created_at)
               VALUES (:guild_id, :name, :name_key, :channel_id, :created_by, :now) ON CONFLICT DO NOTHING""",
            guild_id=guild_id,
            name=name,
            name_key=name_key,
            channel_id=channel_id,
            created_by=created_by,
            now=now,
        )
    )


async def of_guild(tx: Transaction, guild_id: int) -> list[Cohort]:
    """The open cohorts of one server, oldest first."""
    return await tx.all(
        Cohort,
        f"SELECT {_COLUMNS} FROM cohorts WHERE guild_id = :guild_id AND state = 'open' ORDER BY id",
        guild_id=guild_id,
    )


async def by_name(tx: Transaction, guild_id: int, name_key: str) -> Cohort | None:
    return await tx.maybe(
        Cohort,
        f"""SELECT {_COLUMNS} FROM cohorts
            WHERE guild_id = :guild_id AND name_key = :name_key AND state = 'open'""",
        guild_id=guild_id,
        name_key=name_key,
    )


async def by_id(tx: Transaction, guild_id: int, cohort_id: int) -> Cohort | None:
    """A cohort of this very server; one of another server is not found."""
    return await tx.maybe(
        Cohort,
        f"SELECT {_COLUMNS} FROM cohorts WHERE guild_id = :guild_id AND id = :cohort_id AND state = 'open'",
        guild_id=guild_id,
        cohort_id=cohort_id,
    )


async def enrol(tx: Transaction, member_id: int, cohort_id: int, now: datetime) -> bool:
    """Give a member a place; False where they had one."""
    added = await tx.execute(
        """INSERT INTO enrolments (member_id, cohort_id, since) VALUES (:member_id, :cohort_id, :now)
           ON CONFLICT (member_id, cohort_id) DO UPDATE SET state = 'active', since = excluded.since,
             ended_at = NULL WHERE enrolments.state <> 'active'""",
        member_id=member_id,
        cohort_id=cohort_id,
        now=now,
    )
    return bool(added)


async def is_enrolled(tx: Transaction, member_id: int) -> bool:
    """Whether a member has a place anywhere."""
    return await tx.one(
        bool,
        "SELECT EXISTS (SELECT 1 FROM enrolments WHERE member_id = :member_id AND state = 'active')",
        member_id=member_id,
    )


async def keep_panel(tx: Transaction, cohort_id: int, kind: str, channel_id: int, message_id: int) -> None:
    """Remember where a lasting panel stands."""
    await tx.execute(
        """INSERT INTO panels (cohort_id, kind, channel_id, message_id)
           VALUES (:cohort_id, :kind, :channel_id, :message_id)
           ON CONFLICT (cohort_id, kind) DO UPDATE SET channel_id = excluded.channel_id,
             message_id = excluded.message_id""",
        cohort_id=cohort_id,
        kind=kind,
        channel_id=channel_id,
        message_id=message_id,
    )
