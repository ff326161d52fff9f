"""What did a member choose, and how is it changed? A change holds from today on; no day before it moves."""

from dataclasses import dataclass, replace
from datetime import date, datetime

from bot.domain import days, ledgers
from bot.domain import settings as rules
from bot.domain.cohorts import name_key
from bot.domain.days import Clock, Nights
from bot.domain.errors import NotFound, UserError
from bot.domain.lines import Tone
from bot.domain.phases import GENTLE, Phase
from bot.services.actors import Actor
from bot.services.pages import next_message, page_of, plan_anew, signed, today_of
from bot.services.records import Records
from bot.services.today import LOOKS_BACK
from bot.storage import applied, enrolments, members, spans, timetables
from bot.storage.database import Transaction
from bot.storage.enrolments import Enrolled
from bot.storage.ledgers import Page


@dataclass(frozen=True, slots=True, kw_only=True)
class Choices:
    """Everything a member chose, as it stands now."""

    now: datetime
    clock: Clock
    """Of their ordinary days, on nights too."""
    nights: Nights | None
    """The nights they are on."""
    block_size: int
    country: str
    """An ISO code, empty where none is known."""
    tone: Tone
    phase: Phase
    cohorts: tuple[Enrolled, ...]
    """Those they are in, the first one joined first."""
    is_paused: bool
    next_due: datetime | None
    """When the next message comes; None also while their DMs are closed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Membership:
    """A cohort that was left or come back to, and what is chosen now."""

    cohort: Enrolled
    pause_id: int
    """The pause that leaving the last cohort began, to end it with; 0 where there is none."""
    choices: Choices


@dataclass(frozen=True, slots=True, kw_only=True)
class _Act:
    """One change by one member; `is_new` is False for one that was made before."""

    tx: Transaction
    actor: Actor
    now: datetime
    page: Page
    today: date
    is_new: bool


class SettingsService:
    """Every change is one transaction. `operation` names the act: the same act sent again changes nothing."""

    def __init__(self, records: Records) -> None:
        self._records = records

    async def look(self, actor: Actor, now: datetime) -> Choices:
        """All of it. Raises NotJoined, as everything here does for somebody without records."""
        async with self._records.reading() as tx:
            return await _choices(tx, actor, now)

    async def move(self, actor: Actor, zone: str, country: str, now: datetime, *, operation: str) -> Choices:
        """Let the times follow another zone, and the help lines its country; an empty one keeps the country.

        Raises UserError for a zone that is none.
        """
        async with self._records.writing() as tx:
            act = await _begin(tx, actor, operation, now)
            if not days.is_zone(zone):
                raise UserError("I don't know that place. `/settings zone` starts anew.")
            if act.is_new:
                await _set_clock(act, replace(act.page.ledger.timetable.ordinary_on(act.today), zone=zone))
                await members.set_country(tx, act.page.member_id, country or act.page.country)
            return await _choices(tx, actor, now)

    async def set_times(self, actor: Actor, morning: str, evening: str, now: datetime, *, operation: str) -> Choices:
        """Move one or both messages. Raises UserError for words that can't be used."""
        async with self._records.writing() as tx:
            act = await _begin(tx, actor, operation, now)
            clock = rules.with_times(act.page.ledger.timetable.ordinary_on(act.today), morning, evening)
            if act.is_new:
                await _set_clock(act, clock)
            return await _choices(tx, actor, now)

    async def set_cut(self, actor: Actor, hour: str, now: datetime, *, operation: str) -> Choices:
        """Let the study days end at another hour. Raises UserError for one that can't be used."""
        async with self._records.writing() as tx:
            act = await _begin(tx, actor, operation, now)
            clock = rules.with_cut(act.page.ledger.timetable.ordinary_on(act.today), hour)
            if act.is_new:
                await _set_clock(act, clock)
            return await _choices(tx, actor, now)

    async def set_block_size(self, actor: Actor, size: str, now: datetime, *, operation: str) -> Choices:
        """Show blocks of another size; what is stored are questions. Raises UserError for a size that is none."""
        async with self._records.writing() as tx:
            act = await _begin(tx, actor, operation, now)
            number = rules.block_size(size)
            if act.is_new:
                await members.set_block_size(tx, act.page.member_id, number)
            return await _choices(tx, actor, now)

    async def set_country(self, actor: Actor, code: str, now: datetime, *, operation: str) -> Choices:
        """Open with the help lines of the country with this ISO code."""
        async with self._records.writing() as tx:
            act = await _begin(tx, actor, operation, now)
            if act.is_new:
                await members.set_country(tx, act.page.member_id, code)
            return await _choices(tx, actor, now)

    async def set_tone(self, actor: Actor, tone: Tone, now: datetime) -> Choices:
        """Speak to the member in that tone from now on, or say no lines at all."""
        async with self._records.writing() as tx:
            act = await _begin(tx, actor, f"tone:{actor.interaction_id}", now)
            if act.is_new:
                await members.set_tone(tx, act.page.member_id, tone)
            return await _choices(tx, actor, now)

    async def set_phase(self, actor: Actor, phase: Phase, now: datetime) -> Choices:
        """Say where one is from today on; leaving the gentle path lets messages come again, too."""
        async with self._records.writing() as tx:
            act = await _begin(tx, actor, f"phase:{actor.interaction_id}", now)
            there, since = ledgers.phase(act.page.ledger, act.today)
            exam = ledgers.exam_date(act.page.ledger, act.today)
            waits = exam is not None and since <= exam < act.today
            if act.is_new and (phase is not there or waits):
                await members.set_phase(tx, act.page.member_id, act.today, phase)
            if act.is_new and there in GENTLE and phase not in GENTLE:
                await spans.resume(tx, act.page.member_id, act.today)
            return await _choices(tx, actor, now)

    async def leave(self, actor: Actor, cohort: int | str, now: datetime) -> Membership:
        """Give up a place in a cohort, by its id or its name; an empty name means the only one.

        Messages stop with the last place. Leaving once more changes nothing. Raises UserError, or NotFound for a
        cohort that the member never was in, in the words for one that never was.
        """
        async with self._records.writing() as tx:
            act = await _begin(tx, actor, f"leave:{actor.interaction_id}", now)
            member_id = act.page.member_id
            places = await enrolments.of_member(tx, member_id)
            place = _by_id(places, cohort) if isinstance(cohort, int) else _by_name(places, cohort)
            leaves = place.is_active and act.is_new
            if leaves:
                await enrolments.leave(tx, member_id, place.cohort_id, now)
            pause_id = None
            if not [one for one in places if one.is_active and one != place]:
                pause_id = await (enrolments.stop if leaves else enrolments.open_pause)(tx, member_id, act.today)
            return Membership(cohort=place, pause_id=pause_id or 0, choices=await _choices(tx, actor, now))

    async def come_back(self, actor: Actor, cohort_id: int, pause_id: int, now: datetime) -> Membership:
        """Take a place again that was left, and end the pause that leaving began. Raises NotFound."""
        async with self._records.writing() as tx:
            act = await _begin(tx, actor, f"comeback:{actor.interaction_id}", now)
            member_id = act.page.member_id
            place = _by_id(await enrolments.of_member(tx, member_id), cohort_id)
            if act.is_new and not place.is_active:
                if not await enrolments.come_back(tx, member_id, cohort_id):
                    raise NotFound("That cohort isn't open any more. A moderator can post a new invitation.")
                await enrolments.start_again(tx, member_id, pause_id, act.today)
            return Membership(cohort=place, pause_id=0, choices=await _choices(tx, actor, now))


async def _begin(tx: Transaction, actor: Actor, operation: str, now: datetime) -> _Act:
    page = await page_of(tx, actor, now, now.date() - LOOKS_BACK)
    is_new = await applied.first_time(tx, operation, actor.interaction_id, now)
    return _Act(tx=tx, actor=actor, now=now, page=page, today=await signed(tx, page, now), is_new=is_new)


async def _set_clock(act: _Act, clock: Clock) -> None:
    """Let a clock rule from today on; what comes next is for days after those that were asked for."""
    if clock == act.page.ledger.timetable.ordinary_on(act.today):
        return
    await timetables.set_clock(act.tx, act.page.member_id, act.today, clock)
    await plan_anew(act.tx, await page_of(act.tx, act.actor, act.now, act.now.date()), act.now)


async def _choices(tx: Transaction, actor: Actor, now: datetime) -> Choices:
    page = await page_of(tx, actor, now, now.date() - LOOKS_BACK)
    ledger, today = page.ledger, today_of(page, now)
    return Choices(
        now=now,
        clock=ledger.timetable.ordinary_on(today),
        nights=ledger.timetable.nights_on(today),
        block_size=page.block_size,
        country=page.country,
        tone=page.tone,
        phase=ledgers.phase(ledger, today)[0],
        cohorts=tuple(place for place in await enrolments.of_member(tx, page.member_id) if place.is_active),
        is_paused=ledgers.is_paused(ledger, today),
        next_due=None if page.dms_closed else next_message(page, now),
    )


def _by_id(places: list[Enrolled], cohort_id: int) -> Enrolled:
    found = [place for place in places if place.cohort_id == cohort_id]
    if not found:
        raise NotFound
    return found[0]


def _by_name(places: list[Enrolled], name: str) -> Enrolled:
    """The cohort of that name or, from the list, that id; one that was left only where none is to be left."""
    active = [place for place in places if place.is_active]
    if not name.strip():
        if not active:
            raise UserError("You are in no cohort right now, so there is none to leave.")
        if len(active) > 1:
            raise UserError("You are in several cohorts: please pick one from the list.")
        return active[0]
    for some in (active, places):
        named = [place for place in some if name_key(place.name) == name_key(name)]
        found = named or [place for place in some if str(place.cohort_id) == name.strip()]
        if len(found) > 1:
            raise UserError("You are in several cohorts of that name: please pick one from the list.")
        if found:
            return found[0]
    raise NotFound("You are in no cohort of that name. The list shows the ones you are in.")
