"""Who is a member, and where are they with their exam?"""

from dataclasses import dataclass
from datetime import date, datetime

from bot.domain.lines import Tone
from bot.domain.next_days import Quiet
from bot.domain.phases import Phase
from bot.storage.database import Transaction


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """One person, whatever number of cohorts they are in."""

    id: int
    name: str
    country: str
    block_size: int
    started_day: date
    latest_day: date


async def of_discord(tx: Transaction, discord_id: int) -> Member | None:
    """The member behind a Discord account: the only way from a person to their rows."""
    return await tx.maybe(
        Member,
        """SELECT id, name, country, block_size, started_day, latest_day FROM members
           WHERE discord_id = :discord_id""",
        discord_id=discord_id,
    )


async def greet(tx: Transaction, *, discord_id: int, name: str, locale: str, today: date, now: datetime) -> Member:
    """The member of this account, made if new, with the name they bear today."""
    await tx.execute(
        """INSERT INTO members (discord_id, name, locale, started_day, latest_day, last_sign_at)
           VALUES (:discord_id, :name, :locale, :today, :today, :now)
           ON CONFLICT (discord_id) DO UPDATE SET name = excluded.name, locale = excluded.locale,
             last_sign_at = excluded.last_sign_at""",
        discord_id=discord_id,
        name=name,
        locale=locale,
        today=today,
        now=now,
    )
    member = await of_discord(tx, discord_id)
    if member is None:
        raise LookupError("a member that was just written is missing")
    return member


async def begin(tx: Transaction, member_id: int, today: date) -> None:
    """Let a member's days begin today."""
    await tx.execute(
        "UPDATE members SET started_day = :today, latest_day = :today WHERE id = :member_id",
        member_id=member_id,
        today=today,
    )


async def signed(tx: Transaction, member_id: int, now: datetime, today: date) -> None:
    """A sign of life on a study day, which the member's current day never goes back before."""
    await tx.execute(
        """UPDATE members SET last_sign_at = :now,
             latest_day = CASE WHEN latest_day < :today THEN :today ELSE latest_day END WHERE id = :member_id""",
        member_id=member_id,
        now=now,
        today=today,
    )


async def set_country(tx: Transaction, member_id: int, country: str) -> None:
    """The ISO code of the country a member is in."""
    await tx.execute(
        "UPDATE members SET country = :country WHERE id = :member_id", member_id=member_id, country=country
    )


async def set_block_size(tx: Transaction, member_id: int, size: int) -> None:
    """How many questions a member calls a block; only for showing."""
    await tx.execute("UPDATE members SET block_size = :size WHERE id = :member_id", member_id=member_id, size=size)


async def set_tone(tx: Transaction, member_id: int, tone: Tone) -> None:
    """How a member likes to be spoken to."""
    await tx.execute("UPDATE members SET tone = :tone WHERE id = :member_id", member_id=member_id, tone=tone)


async def card_shown(tx: Transaction, discord_id: int, now: datetime) -> None:
    """Remember when a help card was last shown to a member; nothing else about it is kept."""
    await tx.execute(
        "UPDATE members SET last_card_at = :now WHERE discord_id = :discord_id", discord_id=discord_id, now=now
    )


async def set_quiet(tx: Transaction, member_id: int, quiet: Quiet) -> None:
    """What stands after a help card, in the place of what stood."""
    await tx.execute(
        "UPDATE members SET quiet_until = :until, next_opening = :opening WHERE id = :member_id",
        member_id=member_id,
        until=quiet.until,
        opening=quiet.opening or "",
    )


async def country(tx: Transaction, discord_id: int) -> str | None:
    """The ISO code, empty where none is known, None for somebody who never joined."""
    return await tx.maybe(str, "SELECT country FROM members WHERE discord_id = :discord_id", discord_id=discord_id)


@dataclass(frozen=True, slots=True, kw_only=True)
class Stands:
    """A phase, and the study day it began with."""

    phase: Phase
    from_day: date


async def phase(tx: Transaction, member_id: int, day: date) -> Stands | None:
    """Where a member is on a study day."""
    return await tx.maybe(
        Stands,
        """SELECT phase, from_day FROM phases WHERE member_id = :member_id AND from_day <= :day
           ORDER BY from_day DESC LIMIT 1""",
        member_id=member_id,
        day=day,
    )


async def set_phase(tx: Transaction, member_id: int, from_day: date, phase: Phase) -> None:
    """Let a phase begin on a day; earlier days keep theirs."""
    await tx.execute(
        """INSERT INTO phases (member_id, from_day, phase) VALUES (:member_id, :from_day, :phase)
           ON CONFLICT (member_id, from_day) DO UPDATE SET phase = excluded.phase""",
        member_id=member_id,
        from_day=from_day,
        phase=phase,
    )
