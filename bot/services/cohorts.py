"""What can a moderator set up for their server, and look after?"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime

from bot.domain import cohorts as rules
from bot.domain import dates
from bot.domain.cohorts import name_key
from bot.domain.errors import NotAllowed, NotFound, UserError
from bot.domain.ledgers import FOREVER
from bot.services.actors import Actor
from bot.services.records import Records
from bot.storage import applied, cohorts, members
from bot.storage.cohorts import Cohort, Pause
from bot.storage.database import Transaction

NO_SUCH_COHORT = "There is no cohort of that name here. The list shows the ones there are."
NO_COHORT_YET = "There is no cohort here yet: `/cohort create` makes one, with a name and a channel."
REFUSED = "Making a cohort needs the Manage Server permission; looking after one needs that or its moderator role."
LONGEST_NAME = 60
"""Characters of a cohort's name, so that it fits a button and a line on a phone."""
LONGEST_CAMPUS_LINE = 120
"""Characters of a cohort's own line to call."""
PAGE = 5
"""Cohorts in one message: a row of buttons holds five."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rights:
    """What somebody may do in a server, as their interaction says; without a server, nothing."""

    guild_id: int
    may_manage: bool
    role_ids: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueChannel:
    """A channel in which requests may stand, as Discord says of it right now."""

    id: int
    open_to_all: bool
    """Everybody in the server can read it."""
    missing: tuple[str, ...] = ()
    """Permissions that the program has not got there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Changes:
    """What of a cohort is to be different; None leaves it as it is."""

    name: str | None = None
    channel_id: int | None = None
    moderator_role_id: int | None = None
    queue: QueueChannel | None = None
    campus_line: str | None = None
    server_line: str | None = None
    """A campus line for all cohorts of the server that have none of their own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """A cohort as a moderator may see it; `size` is None under five members."""

    cohort: Cohort
    size: int | None
    pause: Pause | None
    server_line: str = ""
    """The campus line of the whole server; a cohort's own comes before it."""


class CohortService:
    """Cohorts belong to one server each; who may do what is decided here, not by Discord."""

    def __init__(self, records: Records) -> None:
        self._records = records

    async def create(
        self, actor: Actor, guild_id: int, name: str, channel_id: int, may_manage: bool, now: datetime
    ) -> Cohort:
        """Make a cohort. Raises NotAllowed without Manage Server, UserError for a name that won't do."""
        if not may_manage:
            raise NotAllowed(REFUSED)
        name = _name(name)
        async with self._records.writing() as tx:
            creator = await members.of_discord(tx, actor.discord_id)
            made = await cohorts.create(
                tx,
                guild_id=guild_id,
                name=name,
                name_key=name_key(name),
                channel_id=channel_id,
                created_by=creator.id if creator else None,
                now=now,
            )
            cohort = await cohorts.by_name(tx, guild_id, name_key(name))
            if cohort is None or not made:
                raise _taken()
            return cohort

    async def names(self, rights: Rights) -> list[str]:
        """For autocomplete: the cohorts somebody looks after. Raises NotAllowed for a stranger."""
        async with self._records.reading() as tx:
            return [cohort.name for cohort in await looked_after(tx, rights)]

    async def to_invite(self, rights: Rights, name: str) -> Cohort:
        """The cohort whose invitation is to be posted; an empty name means the only one there is."""
        async with self._records.reading() as tx:
            return await named(tx, rights, name)

    async def posted(self, cohort_id: int, channel_id: int, message_id: int) -> None:
        """Remember where the invitation stands."""
        async with self._records.writing() as tx:
            await cohorts.keep_panel(tx, cohort_id, "invite", channel_id, message_id)

    async def edit(self, actor: Actor, rights: Rights, name: str, changes: Changes, now: datetime) -> Standing:
        """Change a cohort. Raises NotAllowed where the role is to change without Manage Server, else UserError."""
        async with self._records.writing() as tx:
            cohort = await named(tx, rights, name)
            _check_changes(rights, changes)
            _check_queue(cohort, changes)
            new = _name(changes.name) if changes.name is not None else None
            if await applied.first_time(tx, f"cohort:edit:{actor.interaction_id}", actor.interaction_id, now):
                server_line = _campus_line(changes.server_line)
                if server_line is not None:
                    await cohorts.set_server_line(tx, rights.guild_id, server_line)
                edited = await cohorts.edit(
                    tx,
                    rights.guild_id,
                    cohort.id,
                    name=new,
                    name_key=name_key(new) if new else None,
                    channel_id=changes.channel_id,
                    moderator_role_id=changes.moderator_role_id,
                    queue_channel_id=changes.queue.id if changes.queue is not None else None,
                    campus_line=_campus_line(changes.campus_line),
                )
                if not edited:
                    raise _taken()
            return await _standing(tx, await cohorts.by_id(tx, rights.guild_id, cohort.id) or cohort, now)

    async def listed(self, rights: Rights, after: int, now: datetime) -> tuple[list[Standing], bool]:
        """A page of the cohorts somebody looks after, with ids above `after`, and whether there are more."""
        async with self._records.reading() as tx:
            found = await looked_after(tx, rights)
            if not found:
                raise UserError(NO_COHORT_YET)
            left = [cohort for cohort in found if cohort.id > after] or found
            return [await _standing(tx, cohort, now) for cohort in left[:PAGE]], len(left) > PAGE

    async def pause(self, actor: Actor, rights: Rights, name: str, until: str, now: datetime) -> Standing:
        """Stop a cohort's prompts, up to and including a day in words; no words mean until somebody resumes."""
        async with self._records.writing() as tx:
            cohort = await named(tx, rights, name)
            days = await _days(tx, cohort, now)
            to_day = _last_day(until, days[1])
            if await applied.first_time(tx, f"cohort:pause:{actor.interaction_id}", actor.interaction_id, now):
                await cohorts.pause(tx, rights.guild_id, cohort.id, days, to_day)
            return await _standing(tx, cohort, now)

    async def resume(self, rights: Rights, cohort_id: int, pause_id: int, now: datetime) -> Standing:
        """End this pause, if it still runs; a newer one is left alone, and shows in what is returned."""
        async with self._records.writing() as tx:
            cohort = _only([one for one in await looked_after(tx, rights) if one.id == cohort_id])
            _, latest = await _days(tx, cohort, now)
            await cohorts.resume(tx, rights.guild_id, cohort.id, pause_id, latest)
            return await _standing(tx, cohort, now)


async def looked_after(tx: Transaction, rights: Rights) -> list[Cohort]:
    """Raises NotAllowed for somebody who looks after none here, whatever there is."""
    found = await cohorts.looked_after(tx, rights.guild_id, None if rights.may_manage else rights.role_ids)
    if not found and not rights.may_manage:
        raise NotAllowed(REFUSED)
    return found


async def named(tx: Transaction, rights: Rights, name: str) -> Cohort:
    """The cohort of that name; an empty name means the only one that somebody looks after."""
    found = await looked_after(tx, rights)
    if name:
        return _only([cohort for cohort in found if name_key(cohort.name) == name_key(name)])
    if not found:
        raise UserError(NO_COHORT_YET)
    if len(found) > 1:
        raise UserError("There are several cohorts here: please name the one you mean.")
    return found[0]


def _only(found: Sequence[Cohort]) -> Cohort:
    if not found:
        raise NotFound(NO_SUCH_COHORT)
    return found[0]


async def _days(tx: Transaction, cohort: Cohort, now: datetime) -> tuple[date, date]:
    return rules.days_now(await cohorts.cuts(tx, cohort.id, now.astimezone(UTC).date()), now)


async def _standing(tx: Transaction, cohort: Cohort, now: datetime) -> Standing:
    _, latest = await _days(tx, cohort, now)
    return Standing(
        cohort=cohort,
        size=rules.shown_size(await cohorts.size(tx, cohort.id)),
        pause=await cohorts.running_pause(tx, cohort.id, latest),
        server_line=await cohorts.server_line(tx, cohort.guild_id),
    )


def _last_day(until: str, today: date) -> date:
    if not until.strip():
        return FOREVER
    day = dates.understand(until, today)
    rules.check_last_day(day, today)
    return day


def _name(text: str) -> str:
    """A name as it is kept; raises UserError for one that nobody could tell from another."""
    name = " ".join(text.split())
    if not any(character.isalnum() for character in name) or len(name) > LONGEST_NAME:
        raise UserError(
            f"A cohort needs a name with letters or numbers, up to {LONGEST_NAME} characters, "
            "for example `Spring group`."
        )
    return name


def _taken() -> UserError:
    return UserError("There is a cohort of that name here already. Another name works.")


def _check_changes(rights: Rights, changes: Changes) -> None:
    if changes == Changes():
        raise UserError(
            "Please say what should be different: the name, the channel, the moderator role, the queue, or a line."
        )
    if changes.server_line is not None and not rights.may_manage:
        raise NotAllowed("A line for the whole server needs the Manage Server permission; nothing was changed.")
    if changes.moderator_role_id is None:
        return
    if not rights.may_manage:
        raise NotAllowed("Choosing the moderator role needs the Manage Server permission; nothing was changed.")
    if changes.moderator_role_id == rights.guild_id:  # Discord gives the role of everybody its server's id
        raise UserError("The role that everybody has can't be the moderator role. Any other role of the server can.")


def _check_queue(cohort: Cohort, changes: Changes) -> None:
    """What stands in a queue is for its moderators alone. Raises UserError for a channel that is not."""
    queue = changes.queue
    if queue is None:
        return
    if changes.moderator_role_id is None and cohort.moderator_role_id is None:
        raise UserError("A queue is for the moderator role alone: please choose that too, with `moderators:`.")
    if queue.open_to_all:
        raise UserError(
            f"Everybody can read <#{queue.id}>, so requests can't stand there; nothing was changed. In the channel's "
            "settings, under Permissions, take View Channel from @everyone and give it to the moderator role and to me."
        )
    if queue.missing:
        raise UserError(
            f"In <#{queue.id}> I need {', '.join(queue.missing)}; nothing was changed. The channel's settings, under "
            "Permissions, give them to me."
        )


def _campus_line(text: str | None) -> str | None:
    """A line as it is kept; "none" takes it back."""
    if text is None:
        return None
    line = " ".join(text.split())
    if len(line) > LONGEST_CAMPUS_LINE:
        raise UserError(f"A line of up to {LONGEST_CAMPUS_LINE} characters works, such as a name and a number.")
    return "" if line.casefold() in ("none", "-") else line
