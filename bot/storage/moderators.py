"""Who looks after a cohort's queue, when, and in which channel?"""

from dataclasses import dataclass
from datetime import date, datetime

from bot.domain.duties import Duty
from bot.storage.database import Transaction


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """A moderator of a cohort who said that they answer."""

    member_id: int
    discord_id: int
    name: str
    duty: Duty
    confirmed_at: datetime | None
    """When they confirmed to be the only one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Unchecked:
    """Somebody named of whom it was not looked lately whether they still moderate."""

    cohort_id: int
    guild_id: int
    moderator_role_id: int | None
    discord_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Room:
    """The channel of a cohort's queue; `is_held`: nothing may be posted there, as it was last seen."""

    cohort_id: int
    guild_id: int
    channel_id: int
    is_held: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class _Row:
    member_id: int
    discord_id: int
    name: str
    on_duty: bool
    duty_weekdays: int
    duty_from_minute: int
    duty_to_minute: int
    zone: str
    off_until: datetime | None
    open_cap: int
    confirmed_at: datetime | None


async def person(tx: Transaction, *, discord_id: int, name: str, locale: str, today: date, now: datetime) -> int:
    """The row of somebody who moderates, made if new; to moderate is no sign of life as a member."""
    return await tx.one(
        int,
        """INSERT INTO members (discord_id, name, locale, started_day, latest_day, last_sign_at)
           VALUES (:discord_id, :name, :locale, :today, :today, :now)
           ON CONFLICT (discord_id) DO UPDATE SET name = excluded.name RETURNING id""",
        discord_id=discord_id,
        name=name,
        locale=locale,
        today=today,
        now=now,
    )


async def name(tx: Transaction, member_id: int) -> str | None:
    """What somebody who moderates is called."""
    return await tx.maybe(str, "SELECT name FROM members WHERE id = :id", id=member_id)


async def of_cohort(tx: Transaction, cohort_id: int) -> list[Named]:
    """All who are named for a cohort, the first one first."""
    rows = await tx.all(
        _Row,
        """SELECT d.member_id, m.discord_id, m.name, d.on_duty, d.duty_weekdays, d.duty_from_minute, d.duty_to_minute,
             d.zone, d.off_until, d.open_cap, d.confirmed_at
           FROM moderators d JOIN members m ON m.id = d.member_id WHERE d.cohort_id = :cohort_id ORDER BY d.id""",
        cohort_id=cohort_id,
    )
    return [_named(row) for row in rows]


async def keep(tx: Transaction, cohort_id: int, member_id: int, duty: Duty, now: datetime) -> None:
    """Name somebody whose rights were seen just now, or change when they can be asked."""
    await tx.execute(
        """INSERT INTO moderators (cohort_id, member_id, on_duty, duty_weekdays, duty_from_minute, duty_to_minute, zone,
             off_until, open_cap, checked_at)
           VALUES (:cohort_id, :member_id, :on_duty, :weekdays, :begins, :ends, :zone, :off_until, :open_cap, :now)
           ON CONFLICT (cohort_id, member_id) DO UPDATE SET on_duty = excluded.on_duty,
             duty_weekdays = excluded.duty_weekdays, duty_from_minute = excluded.duty_from_minute,
             duty_to_minute = excluded.duty_to_minute, zone = excluded.zone, off_until = excluded.off_until,
             checked_at = excluded.checked_at""",
        now=now,
        cohort_id=cohort_id,
        member_id=member_id,
        on_duty=duty.on_duty,
        weekdays=duty.duty_weekdays,
        begins=duty.duty_from_minute,
        ends=duty.duty_to_minute,
        zone=duty.zone,
        off_until=duty.off_until,
        open_cap=duty.open_cap,
    )


async def confirm(tx: Transaction, cohort_id: int, member_id: int, now: datetime) -> bool:
    """Somebody who is named confirms to be the only one; False for anybody else."""
    return bool(
        await tx.execute(
            "UPDATE moderators SET confirmed_at = :now WHERE cohort_id = :cohort_id AND member_id = :member_id",
            cohort_id=cohort_id,
            member_id=member_id,
            now=now,
        )
    )


async def remove(tx: Transaction, cohort_id: int, discord_id: int) -> None:
    """Somebody is not named any more."""
    await tx.execute(
        """DELETE FROM moderators WHERE cohort_id = :cohort_id
             AND member_id = (SELECT id FROM members WHERE discord_id = :discord_id)""",
        cohort_id=cohort_id,
        discord_id=discord_id,
    )


async def unchecked(tx: Transaction, since: datetime, most: int, cohort_id: int | None = None) -> list[Unchecked]:
    """Those who were not looked for since then, of all cohorts with a queue or of one; the longest ago first."""
    return await tx.all(
        Unchecked,
        """SELECT d.cohort_id, c.guild_id, c.moderator_role_id, m.discord_id
           FROM moderators d JOIN cohorts c ON c.id = d.cohort_id JOIN members m ON m.id = d.member_id
             JOIN guilds g ON g.id = c.guild_id
           WHERE g.left_at IS NULL AND c.queue_channel_id IS NOT NULL AND coalesce(d.checked_at, 0) <= :since
             AND (:cohort_id IS NULL OR d.cohort_id = :cohort_id)
           ORDER BY coalesce(d.checked_at, 0), d.id LIMIT :most""",
        since=since,
        most=most,
        cohort_id=cohort_id,
    )


async def checked(tx: Transaction, cohort_id: int, discord_id: int, at: datetime) -> None:
    """It was looked whether somebody still moderates."""
    await tx.execute(
        """UPDATE moderators SET checked_at = :at WHERE cohort_id = :cohort_id
             AND member_id = (SELECT id FROM members WHERE discord_id = :discord_id)""",
        at=at,
        cohort_id=cohort_id,
        discord_id=discord_id,
    )


_HELD = "coalesce(held_channel_id = queue_channel_id, 0)"


async def rooms(tx: Transaction) -> list[Room]:
    """The channels of all queues."""
    return await tx.all(
        Room,
        f"""SELECT id AS cohort_id, guild_id, queue_channel_id AS channel_id, {_HELD} AS is_held FROM cohorts
            WHERE queue_channel_id IS NOT NULL ORDER BY id""",
    )


async def hold(tx: Transaction, room: Room, held: bool) -> None:
    """Nothing may be posted in that channel, or it may be again; another channel is not held by it."""
    await tx.execute(
        "UPDATE cohorts SET held_channel_id = :channel_id WHERE id = :cohort_id",
        channel_id=room.channel_id if held else None,
        cohort_id=room.cohort_id,
    )


async def is_held(tx: Transaction, cohort_id: int) -> bool:
    """Whether the channel of the queue is gone, or open to everybody, as it was last seen."""
    return bool(await tx.maybe(int, f"SELECT {_HELD} FROM cohorts WHERE id = :id", id=cohort_id))


def _named(row: _Row) -> Named:
    return Named(
        member_id=row.member_id,
        discord_id=row.discord_id,
        name=row.name,
        duty=Duty(
            on_duty=row.on_duty,
            duty_weekdays=row.duty_weekdays,
            duty_from_minute=row.duty_from_minute,
            duty_to_minute=row.duty_to_minute,
            zone=row.zone,
            off_until=row.off_until,
            open_cap=row.open_cap,
        ),
        confirmed_at=row.confirmed_at,
    )
