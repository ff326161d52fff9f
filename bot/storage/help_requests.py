"""Which wishes to be contacted are there, who has them, and what is owed for each?"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from bot.domain.help_requests import Notice, Request, State
from bot.storage.database import Transaction

_COLUMNS = """r.id, r.member_id, r.cohort_id, r.state, r.claimed_by, r.asked_at, r.claimed_at, r.next_step_at, r.step,
  r.notice, r.notice_version, r.closed_at, r.version, r.seen_at, r.restarts"""
_STANDS = "r.state IN ('open', 'claimed')"


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A request as its member may see it."""

    id: int
    cohort_id: int
    cohort: str
    state: State
    holder: str | None
    """The name of the moderator who has it, or who handled it."""
    holder_discord_id: int | None
    asked_at: datetime
    notice: Notice
    notice_version: int
    rung: bool = False
    """Those on duty were reminded of it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Unsent:
    """A line that was typed and not sent, locked."""

    id: int
    cipher: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """A request as the moderators see it; `cipher` is the line that the member added, locked."""

    id: int
    guild_id: int
    cohort: str
    name: str
    discord_id: int
    cipher: bytes | None
    state: State
    holder_discord_id: int | None
    asked_at: datetime
    closed_at: datetime | None
    step: int
    channel_id: int | None
    """Where its message stands or may stand, else the cohort's queue."""
    message_id: int | None
    version: int
    queue_id: int | None
    """The cohort's queue as it is now."""

    @property
    def has_moved_away(self) -> bool:
        """The cohort's queue is another channel now."""
        return self.queue_id not in (None, self.channel_id)


@dataclass(frozen=True, slots=True, kw_only=True)
class People:
    """Whom a standing request depends on, by their accounts."""

    id: int
    guild_id: int
    moderator_role_id: int | None
    asker: int
    holder: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class OwedPing:
    """A reminder that a queue is still to get."""

    id: int
    cohort_id: int
    guild_id: int
    step: int
    channel_id: int
    message_id: int
    moderator_role_id: int | None
    member_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class OwedNotice:
    """A word that a member is still to get, and the DM channel that is known."""

    member_id: int
    discord_id: int
    name: str
    channel_id: int
    asked: Asked


async def add(
    tx: Transaction, member_id: int, cohort_id: int, text_id: int | None, now: datetime, next_step_at: datetime
) -> bool:
    """Ask; False where one of the member's stands in that cohort."""
    return bool(
        await tx.execute(
            """INSERT INTO help_requests (member_id, cohort_id, text_id, asked_at, next_step_at)
               VALUES (:member_id, :cohort_id, :text_id, :now, :next_step_at) ON CONFLICT DO NOTHING""",
            member_id=member_id,
            cohort_id=cohort_id,
            text_id=text_id,
            now=now,
            next_step_at=next_step_at,
        )
    )


async def save(tx: Transaction, before: Request, after: Request) -> bool:
    """Write a step down; False, with nothing changed, where somebody else was faster. An end takes the line with it."""
    saved = await tx.execute(
        """UPDATE help_requests SET state = :state, claimed_by = :claimed_by, claimed_at = :claimed_at,
             next_step_at = :next_step_at, step = :step, pinged = CASE WHEN pinged > :step THEN 0 ELSE pinged END,
             rung = CASE WHEN pinged > :step THEN 0 ELSE rung END, seen_at = :seen_at, restarts = :restarts,
             notice = :notice, notice_version = :notice_version, closed_at = :closed_at, version = :version
           WHERE id = :id AND state = :seen_state AND version = :seen""",
        id=before.id,
        seen_state=before.state,
        seen=before.version,
        state=after.state,
        claimed_by=after.claimed_by,
        claimed_at=after.claimed_at,
        next_step_at=after.next_step_at,
        step=after.step,
        seen_at=after.seen_at,
        restarts=after.restarts,
        notice=after.notice,
        notice_version=after.notice_version,
        closed_at=after.closed_at,
        version=after.version,
    )
    if saved and not after.stands:
        await tx.execute(
            "DELETE FROM texts WHERE id = (SELECT text_id FROM help_requests WHERE id = :id)", id=before.id
        )
    return bool(saved)


async def by_id(tx: Transaction, request_id: int) -> Request | None:
    """Any request; who may see it is decided by its cohort."""
    return await tx.maybe(Request, f"SELECT {_COLUMNS} FROM help_requests r WHERE r.id = :id", id=request_id)


async def own(tx: Transaction, member_id: int, request_id: int) -> Request | None:
    """A member's own request."""
    return await tx.maybe(
        Request,
        f"SELECT {_COLUMNS} FROM help_requests r WHERE r.id = :id AND r.member_id = :member_id",
        id=request_id,
        member_id=member_id,
    )


_ASKED = """SELECT r.id, r.cohort_id, c.name AS cohort, r.state, h.name AS holder, h.discord_id AS holder_discord_id,
    r.asked_at, r.notice, r.notice_version, r.rung
  FROM help_requests r JOIN cohorts c ON c.id = r.cohort_id LEFT JOIN members h ON h.id = r.claimed_by"""


async def asked_by(tx: Transaction, member_id: int) -> list[Asked]:
    """What a member asked that stands, or of which they were not told the end; the newest first."""
    return await tx.all(
        Asked,
        f"{_ASKED} WHERE r.member_id = :member_id AND ({_STANDS} OR r.notice <> '') ORDER BY {_STANDS} DESC, r.id DESC",
        member_id=member_id,
    )


async def asked(tx: Transaction, request_id: int) -> Asked:
    """A request that exists, as its member may see it."""
    return await tx.one(Asked, f"{_ASKED} WHERE r.id = :id", id=request_id)


async def askers(tx: Transaction) -> list[int]:
    """The accounts of all who asked something that stands, or of which they were not told the end."""
    return await tx.all(
        int,
        f"""SELECT DISTINCT m.discord_id FROM help_requests r JOIN members m ON m.id = r.member_id
            WHERE {_STANDS} OR r.notice <> ''""",
    )


async def owed_without_dm(tx: Transaction, discord_id: int) -> list[Asked]:
    """What somebody was not told yet and will not be told by DM, the oldest first: see `notices_owed`."""
    return await tx.all(
        Asked,
        f"""{_ASKED} JOIN members m ON m.id = r.member_id WHERE m.discord_id = :discord_id AND r.notice <> ''
            AND (r.dm_refused >= r.notice_version OR NOT EXISTS (SELECT 1 FROM addresses a WHERE a.member_id = m.id
              AND a.kind = 'dm' AND a.state <> 'closed' AND a.channel_id IS NOT NULL)) ORDER BY r.id""",
        discord_id=discord_id,
    )


UNSENT = "human"
"""The kind of draft that a line is until it is sent."""


async def unsent(tx: Transaction, member_id: int, now: datetime) -> Unsent | None:
    """The line that a member typed last and neither sent nor left, while it lasts."""
    return await tx.maybe(
        Unsent,
        """SELECT id, cipher FROM drafts WHERE member_id = :member_id AND form = :form AND expires_at > :now
           ORDER BY id DESC LIMIT 1""",
        member_id=member_id,
        form=UNSENT,
        now=now,
    )


async def forget_unsent(tx: Transaction, member_id: int) -> None:
    """It was sent, left, or typed anew."""
    await tx.execute(
        "DELETE FROM drafts WHERE member_id = :member_id AND form = :form", member_id=member_id, form=UNSENT
    )


async def holds(tx: Transaction, moderator_id: int) -> int:
    """How many requests a moderator has, whatever the cohort."""
    return await tx.one(
        int,
        "SELECT count(*) FROM help_requests WHERE claimed_by = :moderator_id AND state = 'claimed'",
        moderator_id=moderator_id,
    )


async def due(tx: Transaction, now: datetime) -> list[Request]:
    """Standing requests of which a step is due, the one that waited longest first."""
    return await tx.all(
        Request,
        f"""SELECT {_COLUMNS} FROM help_requests r WHERE r.next_step_at <= :now AND {_STANDS}
            ORDER BY r.next_step_at, r.id""",
        now=now,
    )


async def people_of_due(tx: Transaction, now: datetime) -> list[People]:
    """Whom the requests depend on of which a step is due, or which nobody has seen yet."""
    return await tx.all(
        People,
        f"""SELECT r.id, c.guild_id, c.moderator_role_id, m.discord_id AS asker, h.discord_id AS holder
            FROM help_requests r JOIN cohorts c ON c.id = r.cohort_id JOIN members m ON m.id = r.member_id
              LEFT JOIN members h ON h.id = r.claimed_by
            WHERE r.next_step_at <= :now AND {_STANDS} ORDER BY r.next_step_at, r.id""",
        now=now,
    )


async def stranded(tx: Transaction, gone: Collection[int] | None = None) -> list[Request]:
    """Standing requests whose member left the cohort; with `gone`, those of these servers."""
    ids = ",".join(str(int(guild_id)) for guild_id in gone or ()) or "NULL"
    why = (
        """NOT EXISTS (SELECT 1 FROM enrolments e WHERE e.member_id = r.member_id AND e.cohort_id = r.cohort_id
             AND e.state = 'active')"""
        if gone is None
        else f"c.guild_id IN ({ids})"
    )
    return await tx.all(
        Request,
        f"""SELECT {_COLUMNS} FROM help_requests r JOIN cohorts c ON c.id = r.cohort_id
            WHERE {_STANDS} AND ({why}) ORDER BY r.id""",
    )


async def guilds_known(tx: Transaction) -> list[int]:
    """The servers of all cohorts in which the program still is, as far as it knows."""
    return await tx.all(
        int,
        """SELECT DISTINCT c.guild_id FROM cohorts c JOIN guilds g ON g.id = c.guild_id WHERE g.left_at IS NULL
           ORDER BY c.guild_id""",
    )


_CARDS = """SELECT r.id, c.guild_id, c.name AS cohort, m.name, m.discord_id, t.cipher, r.state,
    h.discord_id AS holder_discord_id, r.asked_at, r.closed_at, r.step,
    coalesce(r.channel_id, c.queue_channel_id) AS channel_id, r.message_id, r.version,
    c.queue_channel_id AS queue_id
  FROM help_requests r JOIN cohorts c ON c.id = r.cohort_id JOIN members m ON m.id = r.member_id
    LEFT JOIN members h ON h.id = r.claimed_by LEFT JOIN texts t ON t.id = r.text_id"""


async def cards_owed(tx: Transaction) -> list[Card]:
    """Requests whose message is missing or tells an older state; one that ended before any was tried needs none."""
    return await tx.all(
        Card,
        f"""{_CARDS} WHERE r.drawn_version < r.version AND (r.channel_id IS NOT NULL OR {_STANDS})
            AND coalesce(r.channel_id, c.queue_channel_id) IS NOT NULL ORDER BY r.id""",
    )


async def cards_shown(tx: Transaction) -> list[Card]:
    """The standing requests whose message stands somewhere."""
    return await tx.all(Card, f"{_CARDS} WHERE {_STANDS} AND r.message_id IS NOT NULL ORDER BY r.id")


async def cards_of(tx: Transaction, cohort_ids: Collection[int]) -> list[Card]:
    """The requests that stand in some cohorts, the oldest first."""
    ids = ",".join(str(int(cohort_id)) for cohort_id in cohort_ids) or "NULL"
    return await tx.all(Card, f"{_CARDS} WHERE {_STANDS} AND r.cohort_id IN ({ids}) ORDER BY r.asked_at, r.id")


async def posting(tx: Transaction, request_id: int, channel_id: int) -> None:
    """A message is about to be posted there: whatever becomes of the answer, that is where it may stand."""
    await tx.execute(
        "UPDATE help_requests SET channel_id = :channel_id WHERE id = :id AND message_id IS NULL",
        id=request_id,
        channel_id=channel_id,
    )


async def drawn(tx: Transaction, request_id: int, channel_id: int, message_id: int, version: int) -> None:
    """Its message stands there, and tells this version."""
    await tx.execute(
        """UPDATE help_requests SET channel_id = :channel_id, message_id = :message_id, drawn_version = :version
           WHERE id = :id AND drawn_version <= :version""",
        id=request_id,
        channel_id=channel_id,
        message_id=message_id,
        version=version,
    )


async def lost(tx: Transaction, request_id: int) -> None:
    """Its message, or the channel in which it stood, is gone: a standing request gets a new one."""
    await tx.execute(
        f"""UPDATE help_requests AS r SET channel_id = NULL, message_id = NULL,
              drawn_version = CASE WHEN {_STANDS} THEN 0 ELSE version END WHERE id = :id""",
        id=request_id,
    )


async def pings_owed(tx: Transaction) -> list[OwedPing]:
    """Reminders of open requests, for those whose message stands: the last one only, however many were passed."""
    return await tx.all(
        OwedPing,
        """SELECT r.id, r.cohort_id, c.guild_id, r.step, r.channel_id, r.message_id, c.moderator_role_id,
             r.member_id
           FROM help_requests r JOIN cohorts c ON c.id = r.cohort_id
           WHERE r.state = 'open' AND r.step > r.pinged AND r.message_id IS NOT NULL AND r.channel_id IS NOT NULL
           ORDER BY r.id""",
    )


async def pinged(tx: Transaction, request_id: int, step: int, rang: bool) -> None:
    """The reminder of that step was given, once and for all; `rang`: to those on duty, and there was somebody."""
    await tx.execute(
        """UPDATE help_requests SET pinged = :step, rung = CASE WHEN :rang THEN 1 ELSE rung END
           WHERE id = :id AND pinged < :step""",
        id=request_id,
        step=step,
        rang=rang,
    )


async def notices_owed(tx: Transaction) -> list[OwedNotice]:
    """Words that members are still to get, for those whose DMs are open and known."""
    rows = await tx.rows(
        """SELECT r.id, r.member_id, m.discord_id, m.name, a.channel_id FROM help_requests r
             JOIN members m ON m.id = r.member_id JOIN addresses a ON a.member_id = m.id AND a.kind = 'dm'
           WHERE r.notice <> '' AND r.dm_refused < r.notice_version AND a.state <> 'closed'
             AND a.channel_id IS NOT NULL ORDER BY r.id"""
    )
    return [
        OwedNotice(
            member_id=row["member_id"],
            discord_id=row["discord_id"],
            name=row["name"],
            channel_id=row["channel_id"],
            asked=await asked(tx, row["id"]),
        )
        for row in rows
    ]


async def told(tx: Transaction, request_id: int, notice_version: int) -> None:
    """The member was told; what became true since is still owed."""
    await tx.execute(
        "UPDATE help_requests SET notice = '' WHERE id = :id AND notice_version = :notice_version",
        id=request_id,
        notice_version=notice_version,
    )


async def not_by_dm(tx: Transaction, request_id: int, notice_version: int) -> None:
    """A word that can't be said by DM: it stays owed for where the member looks next, and is not tried again."""
    await tx.execute(
        "UPDATE help_requests SET dm_refused = :notice_version WHERE id = :id",
        id=request_id,
        notice_version=notice_version,
    )
