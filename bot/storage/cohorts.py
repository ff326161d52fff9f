"""Which cohorts are there, who is in them, who looks after them, and are they paused?"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from bot.domain.cohorts import Cut
from bot.storage.database import Transaction


@dataclass(frozen=True, slots=True, kw_only=True)
class Cohort:
    """A group in one server; `channel_id` is where its invitation stands."""

    id: int
    guild_id: int
    name: str
    channel_id: int
    moderator_role_id: int | None = None
    queue_channel_id: int | None = None
    """Where requests to its moderators stand."""
    campus_line: str = ""
    """A line of its own to call, as a moderator typed it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pause:
    """A stretch of study days without prompts, the last one included."""

    id: int
    to_day: date


_COLUMNS = "id, guild_id, name, channel_id, moderator_role_id, queue_channel_id, campus_line"
_HERE = "SELECT id FROM cohorts WHERE id = :cohort_id AND guild_id = :guild_id AND state = 'open'"


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


async def looked_after(tx: Transaction, guild_id: int, role_ids: Collection[int] | None) -> list[Cohort]:
    """The open cohorts of one server whose moderator role is among these, oldest first; None means all of them."""
    ids = ",".join(str(int(role_id)) for role_id in role_ids or ()) or "NULL"
    theirs = "TRUE" if role_ids is None else f"moderator_role_id IN ({ids})"
    return await tx.all(
        Cohort,
        f"SELECT {_COLUMNS} FROM cohorts WHERE guild_id = :guild_id AND state = 'open' AND {theirs} ORDER BY id",
        guild_id=guild_id,
    )


async def edit(
    tx: Transaction,
    guild_id: int,
    cohort_id: int,
    *,
    name: str | None,
    name_key: str | None,
    channel_id: int | None,
    moderator_role_id: int | None,
    queue_channel_id: int | None = None,
    campus_line: str | None = None,
) -> bool:
    """Change what is given; False, with nothing changed, where the server has another cohort of that name."""
    return bool(
        await tx.execute(
            f"""UPDATE cohorts SET name = coalesce(:name, name), name_key = coalesce(:name_key, name_key),
                  channel_id = coalesce(:channel_id, channel_id),
                  moderator_role_id = coalesce(:moderator_role_id, moderator_role_id),
                  queue_channel_id = coalesce(:queue_channel_id, queue_channel_id),
                  campus_line = coalesce(:campus_line, campus_line)
                WHERE id IN ({_HERE}) AND NOT EXISTS (SELECT 1 FROM cohorts other
                  WHERE other.guild_id = :guild_id AND other.name_key = :name_key AND other.id <> :cohort_id)""",
            guild_id=guild_id,
            cohort_id=cohort_id,
            name=name,
            name_key=name_key,
            channel_id=channel_id,
            moderator_role_id=moderator_role_id,
            queue_channel_id=queue_channel_id,
            campus_line=campus_line,
        )
    )


async def set_server_line(tx: Transaction, guild_id: int, line: str) -> None:
    """The campus line of a whole server; an empty one takes it back."""
    await tx.execute("UPDATE guilds SET campus_line = :line WHERE id = :id", id=guild_id, line=line)


async def server_line(tx: Transaction, guild_id: int) -> str:
    """The campus line of a whole server; empty where there is none."""
    return await tx.maybe(str, "SELECT campus_line FROM guilds WHERE id = :id", id=guild_id) or ""


async def leave_guild(tx: Transaction, guild_id: int, now: datetime) -> None:
    """The program is no longer in a server; its cohorts wait."""
    await tx.execute("UPDATE guilds SET left_at = :now WHERE id = :id AND left_at IS NULL", id=guild_id, now=now)


async def come_back_to_guild(tx: Transaction, guild_id: int) -> None:
    await tx.execute("UPDATE guilds SET left_at = NULL WHERE id = :id", id=guild_id)


async def left_guilds(tx: Transaction) -> list[int]:
    """The servers in which the program is no longer."""
    return await tx.all(int, "SELECT id FROM guilds WHERE left_at IS NOT NULL ORDER BY id")


async def was_left(tx: Transaction, guild_id: int) -> bool:
    """Whether the program is no longer in a server."""
    return bool(await tx.maybe(int, "SELECT 1 FROM guilds WHERE id = :id AND left_at IS NOT NULL", id=guild_id))


async def size(tx: Transaction, cohort_id: int) -> int:
    """How many active members there are."""
    return await tx.one(
        int,
        "SELECT count(*) FROM enrolments WHERE cohort_id = :cohort_id AND state = 'active'",
        cohort_id=cohort_id,
    )


async def cuts(tx: Transaction, cohort_id: int, around: date) -> list[Cut]:
    """Where the active members' days begin, by any clock or nights that may rule within a day of `around`."""
    return await tx.all(
        Cut,
        """WITH ruling AS (SELECT c.member_id, c.zone, c.cut_hour FROM enrolments e
             JOIN clocks c ON c.member_id = e.member_id
             WHERE e.cohort_id = :cohort_id AND e.state = 'active' AND NOT EXISTS (SELECT 1 FROM clocks later
               WHERE later.member_id = c.member_id AND later.from_day > c.from_day AND later.from_day < :before))
           SELECT zone, cut_hour FROM ruling UNION
           SELECT r.zone, s.cut_hour FROM ruling r JOIN spans s ON s.member_id = r.member_id
             WHERE s.kind = 'nights' AND s.from_day <= :after AND s.to_day >= :before""",
        cohort_id=cohort_id,
        before=around - timedelta(days=1),
        after=around + timedelta(days=1),
    )


async def running_pause(tx: Transaction, cohort_id: int, day: date) -> Pause | None:
    """The pause that holds for a cohort on a study day."""
    return await tx.maybe(
        Pause,
        """SELECT id, to_day FROM spans WHERE cohort_id = :cohort_id AND kind = 'pause'
             AND :day BETWEEN from_day AND to_day ORDER BY to_day DESC""",
        cohort_id=cohort_id,
        day=day,
    )


async def pause(tx: Transaction, guild_id: int, cohort_id: int, days: tuple[date, date], to_day: date) -> None:
    """Pause from the first of `days` on, or give the pause that holds on the last of them another end."""
    from_day, running_on = days
    moved = await tx.execute(
        f"""UPDATE spans SET to_day = :to_day WHERE cohort_id IN ({_HERE}) AND kind = 'pause'
              AND :running_on BETWEEN from_day AND to_day""",
        guild_id=guild_id,
        cohort_id=cohort_id,
        running_on=running_on,
        to_day=to_day,
    )
    if not moved:
        await tx.execute(
            f"""INSERT INTO spans (cohort_id, kind, from_day, to_day)
                SELECT id, 'pause', :from_day, :to_day FROM ({_HERE}) here""",
            guild_id=guild_id,
            cohort_id=cohort_id,
            from_day=from_day,
            to_day=to_day,
        )


async def resume(tx: Transaction, guild_id: int, cohort_id: int, pause_id: int, today: date) -> None:
    """End one pause with the day before `today`, or as if it had never been if it began no earlier."""
    this_one = f"id = :pause_id AND cohort_id IN ({_HERE}) AND kind = 'pause'"
    values = {"guild_id": guild_id, "cohort_id": cohort_id, "pause_id": pause_id, "today": today}
    await tx.execute(f"DELETE FROM spans WHERE {this_one} AND from_day >= :today", **values)
    await tx.execute(
        f"UPDATE spans SET to_day = :yesterday WHERE {this_one} AND to_day >= :today",
        yesterday=today - timedelta(days=1),
        **values,
    )


async def enrol(tx: Transaction, member_id: int, cohort_id: int, now: datetime) -> bool:
    """Give a member a place; False where they had one."""
    added = await tx.execute(
        """INSERT INTO enrolments (member_id, cohort_id, since) VALUES (:member_id, :cohort_id, :now)
           ON CONFLICT (member_id, cohort_id) DO UPDATE SET state = 'active',
             ended_at = NULL WHERE enrolments.state <> 'active'""",
        member_id=member_id,
        cohort_id=cohort_id,
        now=now,
    )
    return bool(added)


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
