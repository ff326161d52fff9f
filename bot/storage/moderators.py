"""Who looks after a cohort's queue, and when?"""

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


async def keep(tx: Transaction, cohort_id: int, member_id: int, duty: Duty) -> None:
    """Name somebody, or change when they can be asked."""
    await tx.execute(
        """INSERT INTO moderators (cohort_id, member_id, on_duty, duty_weekdays, duty_from_minute, duty_to_minute, zone,
             off_until, open_cap)
           VALUES (:cohort_id, :member_id, :on_duty, :weekdays, :begins, :ends, :zone, :off_until, :open_cap)
           ON CONFLICT (cohort_id, member_id) DO UPDATE SET on_duty = excluded.on_duty,
             duty_weekdays = excluded.duty_weekdays, duty_from_minute = excluded.duty_from_minute,
             duty_to_minute = excluded.duty_to_minute, zone = excluded.zone, off_until = excluded.off_until""",
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
