"""What can a member say about a day, and what is said back?"""

import json
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime, timedelta

from bot.domain import check_ins as rules
from bot.domain import days, numbers
from bot.domain.check_ins import CheckIn, Choice, Fact, Outcome
from bot.domain.days import DAY, Kind, Timetable
from bot.domain.errors import NotFound, UserError
from bot.domain.phases import GENTLE, Phase
from bot.services.actors import Actor, NotJoined
from bot.services.records import Records
from bot.storage import addresses, applied, members, prompts, rhythms, spans, texts, timetables
from bot.storage import check_ins as store
from bot.storage.database import Transaction
from bot.storage.members import Member
from bot.storage.rhythms import Rhythm

DRAFT_LASTS = timedelta(hours=24)


class Closed(UserError):
    """The day's check-in can't be written any more."""

    def __init__(self) -> None:
        super().__init__("That day is closed, and nothing about it is owed. `/checkin` opens today.")


class Unclear(UserError):
    """Something in the evening form can't be understood; nothing was written."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """What somebody put into the evening form, as they typed it; `mood` 1 to 5 or None."""

    questions: str = ""
    mood: int | None = None
    line: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """What stands after an answer. With `stale`, nothing was changed: `check_in` is what stood already."""

    check_in: CheckIn
    fact: Fact | None = None
    stale: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Overview:
    """What `/checkin` opens."""

    today: CheckIn
    yesterday: CheckIn | None
    """Only while it may still be written."""
    next_due: datetime | None
    phase: Phase
    zone: str
    paused: bool
    dms_closed: bool


class CheckInService:
    """One check-in for each member and study day, whichever server or device it came from."""

    def __init__(self, records: Records) -> None:
        self._records = records

    async def answer(
        self,
        actor: Actor,
        day: date,
        said: Choice | Outcome,
        now: datetime,
        *,
        prompt_id: int = 0,
        instead_of: int | None = None,
    ) -> Answered:
        """Write a morning's choice or an evening's outcome.

        An answer that stands is replaced only when `instead_of` is its version. Raises Closed for a day
        that is not open, NotJoined for a stranger.
        """
        async with self._records.writing() as tx:
            member = await self._member(tx, actor, day, now)
            await prompts.seen_by_member(tx, prompt_id, member.id, now)
            standing = await self._standing(tx, member.id, day)
            said_before = rules.already(standing, said)
            if said_before and said_before is not said and instead_of != standing.version:
                return Answered(check_in=standing, stale=True)
            if said_before is not said:
                standing = _with(standing, said)
                await store.answer(
                    tx,
                    member.id,
                    day,
                    choice=standing.choice,
                    outcome=standing.outcome,
                    version=standing.version,
                    now=now,
                )
            return Answered(check_in=standing, fact=await self._fact(tx, member, standing))

    async def describe(
        self, actor: Actor, day: date, words: Words, now: datetime, *, operation: str, instead_of: int
    ) -> Answered:
        """Write the evening form: the day's total of questions, mood and one line, each optional.

        Raises Unclear for a number nobody would understand, before anything is written.
        """
        async with self._records.writing() as tx:
            member = await self._member(tx, actor, day, now)
            total = _total(words.questions, member.block_size)
            standing = await self._standing(tx, member.id, day)
            if not await applied.first_time(tx, operation, actor.interaction_id, now):
                return Answered(check_in=standing)
            if instead_of != standing.version:
                return Answered(check_in=standing, stale=True)
            standing = replace(standing, version=standing.version + 1)
            await store.answer(
                tx,
                member.id,
                day,
                choice=standing.choice,
                outcome=standing.outcome,
                version=standing.version,
                now=now,
            )
            text_id = await self._keep_line(tx, member.id, day, words.line.strip(), now)
            await store.details(tx, member.id, day, words.mood, text_id)
            if total is None:
                await store.clear_total(tx, member.id, day, now)
            else:
                await store.set_total(tx, member.id, day, total, now)
            check_in = await self._standing(tx, member.id, day)
            return Answered(check_in=check_in, fact=await self._fact(tx, member, check_in))

    async def of_day(self, actor: Actor, day: date) -> CheckIn:
        """What a member said about a day, their line included."""
        async with self._records.reading() as tx:
            member = await members.of_discord(tx, actor.discord_id)
            if member is None:
                raise NotJoined
            return await self._standing(tx, member.id, day)

    async def overview(self, actor: Actor, now: datetime) -> Overview:
        """Today, yesterday while it is open, and when the next message comes."""
        async with self._records.reading() as tx:
            member = await members.of_discord(tx, actor.discord_id)
            if member is None:
                raise NotJoined
            timetable = await timetables.of_member(tx, member.id)
            open_days = _open_days(member, timetable, now)
            standing = [await self._standing(tx, member.id, day) for day in open_days]
            paused = await spans.is_paused(tx, member.id, open_days[0])
            stands = await members.phase(tx, member.id, open_days[0])
            phase = stands.phase if stands else Phase.NOT_READY
            due = [_still_to_come(rhythm, standing[0], timetable) for rhythm in await rhythms.of_member(tx, member.id)]
            return Overview(
                today=standing[0],
                yesterday=standing[1] if len(standing) > 1 else None,
                next_due=None if paused or phase in GENTLE else min(due),
                phase=phase,
                zone=timetable.on(open_days[0]).zone,
                paused=paused,
                dms_closed=await addresses.is_closed(tx, member.id),
            )

    async def keep_draft(self, actor: Actor, words: Words, now: datetime) -> int:
        """Keep words that could not be used, for 24 hours, locked. Returns the draft's id."""
        locked = self._records.vault.lock(json.dumps(asdict(words)))
        async with self._records.writing() as tx:
            member = await members.of_discord(tx, actor.discord_id)
            if member is None:
                raise NotJoined
            return await texts.keep_draft(tx, member.id, "evening", locked.key_no, locked.cipher, now + DRAFT_LASTS)

    async def draft(self, actor: Actor, draft_id: int, now: datetime) -> Words:
        """A member's own draft; raises NotFound for anything else."""
        async with self._records.reading() as tx:
            member = await members.of_discord(tx, actor.discord_id)
            found = await texts.draft(tx, member.id, draft_id, now) if member else None
        if found is None:
            raise NotFound
        return Words(**json.loads(self._records.vault.unlock(found.cipher)))

    async def _member(self, tx: Transaction, actor: Actor, day: date, now: datetime) -> Member:
        member = await members.of_discord(tx, actor.discord_id)
        if member is None:
            raise NotJoined
        timetable = await timetables.of_member(tx, member.id)
        if day not in _open_days(member, timetable, now):
            raise Closed
        await members.signed(tx, member.id, now)
        await timetables.reached(tx, member.id, days.study_day(now, timetable))
        return member

    async def _standing(self, tx: Transaction, member_id: int, day: date) -> CheckIn:
        row = await store.of_day(tx, member_id, day)
        if row is None:
            return CheckIn(study_day=day)
        return CheckIn(
            study_day=day,
            choice=row.choice,
            outcome=row.outcome,
            questions=row.questions,
            mood=row.mood,
            line=self._records.vault.unlock(row.cipher) if row.cipher else "",
            version=row.version,
        )

    async def _fact(self, tx: Transaction, member: Member, check_in: CheckIn) -> Fact | None:
        history = await store.history(tx, [member.id], check_in.study_day)
        days_of_member = history.get(member.id, {})
        return rules.evening_fact(days_of_member, check_in.study_day, member.started_day, check_in.mood)

    async def _keep_line(self, tx: Transaction, member_id: int, day: date, line: str, now: datetime) -> int | None:
        """Lock the line of a day in the place of the one before; an empty line takes it back."""
        known = await store.text_of_day(tx, member_id, day)
        if not line:
            if known is not None:
                await texts.remove(tx, member_id, known)
            return None
        locked = self._records.vault.lock(line)
        if known is not None:
            await texts.replace(tx, member_id, known, locked.key_no, locked.cipher)
            return known
        return await texts.add(tx, member_id, "line", locked.key_no, locked.cipher, now)


def _still_to_come(rhythm: Rhythm, today: CheckIn, timetable: Timetable) -> datetime:
    """When a rhythm speaks next: not about a day that was answered already."""
    answered = today.outcome or (today.choice and rhythm.kind is Kind.MORNING)
    if rhythm.next_day == today.study_day and answered:
        return days.due_at(rhythm.kind, rhythm.next_day + DAY, timetable)
    return rhythm.next_due_at


def _open_days(member: Member, timetable: Timetable, now: datetime) -> list[date]:
    """The days a member may write for: none from before they joined."""
    return [day for day in days.open_days(now, timetable) if day >= member.started_day]


def _total(questions: str, block_size: int) -> int | None:
    try:
        return numbers.count(questions, block_size) if questions.strip() else None
    except UserError as error:
        raise Unclear(str(error)) from error


def _with(standing: CheckIn, said: Choice | Outcome) -> CheckIn:
    if isinstance(said, Choice):
        rough = standing.outcome is Outcome.ROUGH
        outcome = Outcome.NONE if rough else standing.outcome
        return replace(standing, choice=said, outcome=outcome, version=standing.version + 1)
    return replace(standing, outcome=said, version=standing.version + 1)
