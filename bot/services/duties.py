"""Who answers for a cohort, and when? What `/queue duty` shows and changes."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.domain import dates, days, weekdays
from bot.domain import duties as rules
from bot.domain.duties import Duty
from bot.domain.errors import NotFound, UserError
from bot.services.actors import Actor
from bot.services.cohorts import NO_SUCH_COHORT, Rights, looked_after, named
from bot.services.records import Records
from bot.storage import applied, members, moderators, timetables
from bot.storage.cohorts import Cohort
from bot.storage.database import Transaction
from bot.storage.moderators import Named

LONGEST_AWAY = timedelta(days=366)


@dataclass(frozen=True, slots=True, kw_only=True)
class Changes:
    """What of somebody's duty is to be different, in their own words; None and empty leave it as it is."""

    on: bool | None = None
    hours: str = ""
    weekdays: str = ""
    zone: str = ""
    """The name of a time zone, understood already."""
    off_until: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Duties:
    """How a cohort's queue is looked after, for one of its moderators."""

    cohort: Cohort
    mine: Duty | None
    """None for somebody who is not named yet."""
    is_on_now: bool
    is_away: bool
    named: int
    on_duty: int
    is_open: bool
    """Members can ask."""
    is_held: bool
    """Its channel is gone, or open to everybody."""
    may_confirm: bool
    """The moderator is the only one who is named, and has not said yes to that."""


class DutyService:
    """A moderator is named by saying anything about their duty, and is off duty until they say otherwise."""

    def __init__(self, records: Records) -> None:
        self._records = records

    async def look(self, actor: Actor, rights: Rights, name: str, now: datetime) -> Duties:
        """How it stands. Raises NotAllowed for a stranger."""
        async with self._records.reading() as tx:
            return await _duties(tx, await named(tx, rights, name), actor, now)

    async def change(self, actor: Actor, rights: Rights, name: str, changes: Changes, now: datetime) -> Duties:
        """Be named, or change when one can be asked. Raises NotAllowed for a stranger, UserError for words."""
        async with self._records.writing() as tx:
            cohort = await named(tx, rights, name)
            me = await _me(tx, actor, now)
            known = [one.duty for one in await moderators.of_cohort(tx, cohort.id) if one.member_id == me]
            before = known[0] if known else Duty(zone=await _zone(tx, me, now))
            duty = _changed(before, changes, now)
            if await applied.first_time(tx, f"duty:{actor.interaction_id}", actor.interaction_id, now):
                await moderators.keep(tx, cohort.id, me, duty, now)
            return await _duties(tx, cohort, actor, now)

    async def confirm(self, actor: Actor, rights: Rights, cohort_id: int, now: datetime) -> Duties:
        """Open a queue as the only one. Raises UserError for somebody who is not named."""
        async with self._records.writing() as tx:
            cohort = await _here(tx, rights, cohort_id)
            if not await moderators.confirm(tx, cohort.id, await _me(tx, actor, now), now):
                raise UserError("You aren't named for this queue yet. `/queue duty on:True` names you.")
            return await _duties(tx, cohort, actor, now)

    async def step_down(self, actor: Actor, rights: Rights, cohort_id: int, now: datetime) -> Duties:
        """Not be named any more; what one has already stays one's own until it is handed over."""
        async with self._records.writing() as tx:
            cohort = await _here(tx, rights, cohort_id)
            await moderators.remove(tx, cohort.id, actor.discord_id)
            return await _duties(tx, cohort, actor, now)


async def _here(tx: Transaction, rights: Rights, cohort_id: int) -> Cohort:
    found = [cohort for cohort in await looked_after(tx, rights) if cohort.id == cohort_id]
    if not found:
        raise NotFound(NO_SUCH_COHORT)
    return found[0]


async def _me(tx: Transaction, actor: Actor, now: datetime) -> int:
    today = now.astimezone(UTC).date()
    return await moderators.person(
        tx, discord_id=actor.discord_id, name=actor.name, locale=actor.locale, today=today, now=now
    )


async def _zone(tx: Transaction, member_id: int, now: datetime) -> str:
    """The zone of a moderator who is a member too, else UTC."""
    known = (await timetables.of_members(tx, [member_id])).get(member_id)
    return known.ordinary_on(days.study_day(now, known)).zone if known is not None else "UTC"


def _changed(duty: Duty, changes: Changes, now: datetime) -> Duty:
    if changes.on is not None:
        # Whoever comes back sooner than they said is back.
        duty = replace(duty, on_duty=changes.on, off_until=None if changes.on else duty.off_until)
    if changes.zone:
        if not days.is_zone(changes.zone):
            raise UserError("I don't know that place. A larger city in your time zone works.")
        duty = replace(duty, zone=changes.zone)
    if changes.hours:
        begins, ends = rules.understand_hours(changes.hours)
        duty = replace(duty, duty_from_minute=begins, duty_to_minute=ends)
    if changes.weekdays:
        mask = weekdays.understand(changes.weekdays)
        if not mask:
            raise UserError("To be on no day, `/queue duty on:False` is the way.")
        duty = replace(duty, duty_weekdays=mask)
    return replace(duty, off_until=_off_until(duty, changes.off_until, now)) if changes.off_until else duty


def _off_until(duty: Duty, text: str, now: datetime) -> datetime | None:
    """The end of the last day away, in the moderator's zone."""
    if weekdays.plain(text) in {"none", "no", "-", "back"}:
        return None
    zone = ZoneInfo(duty.zone)
    today = now.astimezone(zone).date()
    last = dates.understand(text, today)
    if not today <= last <= today + LONGEST_AWAY:
        raise UserError("That works for a day from today on, up to a year ahead; `none` ends it.")
    return datetime.combine(last + days.DAY, time(), tzinfo=zone).astimezone(UTC)


async def _duties(tx: Transaction, cohort: Cohort, actor: Actor, now: datetime) -> Duties:
    everybody: list[Named] = await moderators.of_cohort(tx, cohort.id)
    member = await members.of_discord(tx, actor.discord_id)
    mine = [one for one in everybody if member is not None and one.member_id == member.id]
    confirmed = any(one.confirmed_at is not None for one in everybody)
    enough = rules.is_open(len(everybody), confirmed)
    held = await moderators.is_held(tx, cohort.id)
    return Duties(
        cohort=cohort,
        mine=mine[0].duty if mine else None,
        is_on_now=bool(mine) and rules.is_on(mine[0].duty, now),
        is_away=bool(mine) and rules.is_off(mine[0].duty, now),
        named=len(everybody),
        on_duty=sum(rules.is_on(one.duty, now) for one in everybody),
        is_open=enough and cohort.queue_channel_id is not None and not held,
        is_held=held,
        may_confirm=bool(mine) and not enough,
    )
