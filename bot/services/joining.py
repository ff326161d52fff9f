"""How does a person become a member, stop, and come back?"""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from bot.domain import days, ledgers
from bot.domain.cohorts import name_key
from bot.domain.days import Clock, Kind, Timetable
from bot.domain.errors import NotFound, UserError
from bot.domain.ledgers import DayKind
from bot.domain.phases import GENTLE, Phase
from bot.services.actors import Actor
from bot.services.cohorts import NO_SUCH_COHORT
from bot.services.pages import next_message, page_of, signed
from bot.services.records import Records
from bot.storage import addresses, cohorts, members, prompts, rhythms, spans, timetables
from bot.storage.cohorts import Cohort
from bot.storage.database import Transaction
from bot.storage.ledgers import Page

RHYTHMS = (Kind.MORNING, Kind.EVENING)
WELCOME_LASTS = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Joined:
    """What joining led to; `welcome_id` names the first DM, `next_due` the first prompt after it."""

    welcome_id: int | None
    phase: Phase
    zone: str
    next_due: datetime | None
    was_member: bool


class JoiningService:
    """Enrolment and its opposite."""

    def __init__(self, records: Records) -> None:
        self._records = records

    async def cohort_names(self, guild_id: int) -> list[str]:
        """The cohorts of a server that can be joined."""
        async with self._records.reading() as tx:
            return [cohort.name for cohort in await cohorts.of_guild(tx, guild_id)]

    async def cohort_to_join(self, guild_id: int, name: str) -> Cohort:
        """The cohort of that name; an empty name means the only one there is. Raises UserError."""
        async with self._records.reading() as tx:
            found = await cohorts.of_guild(tx, guild_id)
        if name:
            found = [cohort for cohort in found if name_key(cohort.name) == name_key(name)]
            if not found:
                raise NotFound(NO_SUCH_COHORT)
        if not found:
            raise UserError("There is nothing to join here yet; a moderator can make a cohort.")
        if len(found) > 1:
            raise UserError("There are several cohorts here: please pick one from the list.")
        return found[0]

    async def cohort_here(self, guild_id: int, cohort_id: int) -> Cohort:
        """A cohort of this very server; raises NotFound for one of another, in the words for one that never was."""
        async with self._records.reading() as tx:
            return await self._cohort(tx, guild_id, cohort_id)

    async def enrol(
        self,
        actor: Actor,
        guild_id: int,
        cohort_id: int,
        phase: Phase,
        zone: str,
        country: str,
        now: datetime,
    ) -> Joined:
        """Give somebody a place, their days in `zone`, and a first DM; joining again mends place and phase.

        Raises NotFound unless the cohort belongs to this very server.
        """
        clock = Clock(zone=zone)
        today = days.study_day(now, Timetable(clocks=((date.min, clock),)))
        async with self._records.writing() as tx:
            cohort = await self._cohort(tx, guild_id, cohort_id)
            member = await members.greet(
                tx,
                discord_id=actor.discord_id,
                name=actor.name,
                locale=actor.locale,
                today=today,
                now=now,
            )
            known = (await timetables.of_members(tx, [member.id])).get(member.id)
            was_member = known is not None
            if known is None:  # new here, or so far only a moderator, who has a row but no days
                await members.begin(tx, member.id, today)
            else:  # by the clock that ruled so far it may be later: the current day never goes back
                today = max(today, member.latest_day, days.study_day(now, known))
            await members.signed(tx, member.id, now, today)
            if country:
                await members.set_country(tx, member.id, country)
            moved = await self._set_clock(tx, member.id, known, clock, today)
            await self._set_phase(tx, member.id, phase, today)
            await cohorts.enrol(tx, member.id, cohort.id, now)
            await spans.resume(tx, member.id, today)
            if moved:  # otherwise what is due this very moment would be passed over
                await self._plan(tx, member.id, now)
            next_due = next_message(await page_of(tx, actor, now), now)
            welcome = None if was_member else await self._welcome(tx, member.id, today, "", now)
        return Joined(welcome_id=welcome, phase=phase, zone=zone, next_due=next_due, was_member=was_member)

    async def ready_to_plan(self, actor: Actor, now: datetime) -> datetime | None:
        """Leave the gentle path, by the member's own word. Returns when the next prompt is due."""
        async with self._records.writing() as tx:
            page = await page_of(tx, actor, now)
            today = await signed(tx, page, now)
            if _may_plan_again(page, today):
                await members.set_phase(tx, page.member_id, today, Phase.REBUILDING)
            await spans.resume(tx, page.member_id, today)
            return next_message(await page_of(tx, actor, now), now)

    async def stop(self, actor: Actor, now: datetime) -> None:
        """No more messages until the member says so; nothing is erased."""
        async with self._records.writing() as tx:
            page = await page_of(tx, actor, now)
            await spans.pause(tx, page.member_id, await signed(tx, page, now))

    async def start_again(self, actor: Actor, now: datetime) -> datetime | None:
        """Messages come again. Returns when the next one is due."""
        async with self._records.writing() as tx:
            page = await page_of(tx, actor, now)
            await spans.resume(tx, page.member_id, await signed(tx, page, now))
            return next_message(await page_of(tx, actor, now), now)

    async def try_dms_again(self, actor: Actor, now: datetime) -> int:
        """The member says their DMs are open: owe them a first message again, and return its id."""
        async with self._records.writing() as tx:
            page = await page_of(tx, actor, now)
            today = await signed(tx, page, now)
            was_closed = await addresses.try_again(tx, page.member_id)
            owed = None if was_closed else await prompts.latest(tx, page.member_id, Kind.WELCOME)
            return owed or await self._welcome(tx, page.member_id, today, f"again:{actor.interaction_id}", now)

    async def _cohort(self, tx: Transaction, guild_id: int, cohort_id: int) -> Cohort:
        cohort = await cohorts.by_id(tx, guild_id, cohort_id)
        if cohort is None:
            raise NotFound("That cohort isn't open any more. A moderator can post a new invitation.")
        return cohort

    async def _set_clock(
        self, tx: Transaction, member_id: int, known: Timetable | None, clock: Clock, today: date
    ) -> bool:
        """Let a zone rule; the times and the cut somebody may have chosen stay. Returns whether anything changed."""
        before = known.ordinary_on(today) if known is not None else None
        if before is not None and before.zone == clock.zone:
            return False
        await timetables.set_clock(tx, member_id, today, replace(before, zone=clock.zone) if before else clock)
        return True

    async def _set_phase(self, tx: Transaction, member_id: int, phase: Phase, today: date) -> None:
        stands = await members.phase(tx, member_id, today)
        if stands is None or stands.phase is not phase:
            await members.set_phase(tx, member_id, today, phase)

    async def _plan(self, tx: Transaction, member_id: int, now: datetime) -> None:
        """Set both rhythms after what was planned last; the first prompt is never one whose time has gone."""
        timetable = await timetables.of_member(tx, member_id)
        for kind in RHYTHMS:
            due = days.first_due(kind, now, timetable)
            last = await rhythms.last_planned(tx, member_id, kind)
            if last is not None and due.day <= last:
                due = days.next_due(kind, last, now, timetable)
            await rhythms.plan(tx, member_id, kind, due, last or due.day - days.DAY)

    async def _welcome(self, tx: Transaction, member_id: int, today: date, subject: str, now: datetime) -> int:
        return await prompts.owe_now(tx, member_id, Kind.WELCOME, today, subject, now, now + WELCOME_LASTS)


def _may_plan_again(page: Page, today: date) -> bool:
    """From the gentle path, or once a date has passed; an old button takes nobody back from a booked exam."""
    waits = ledgers.kind(page.ledger, today) is DayKind.WAITING
    return waits or ledgers.phase(page.ledger, today)[0] in GENTLE
