"""How does a member ask a volunteer to get in touch, see how it stands, and take it back?"""

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.domain import duties
from bot.domain import help_requests as rules
from bot.domain.crisis_cards import Campus
from bot.domain.errors import NotFound, UserError
from bot.services.actors import Actor, NotJoined
from bot.services.campuses import campus_for
from bot.services.pages import page_of, signed
from bot.services.records import Records
from bot.storage import applied, cohorts, enrolments, members, moderators, texts
from bot.storage import help_requests as store
from bot.storage.database import Transaction
from bot.storage.enrolments import Enrolled
from bot.storage.help_requests import Asked

LINE_LASTS = timedelta(hours=24)
NO_COHORT = (
    "You are in no cohort right now, so there is no volunteer to ask. For people who answer now: `/crisis`, which "
    "works for everybody."
)
NOT_OPEN = (
    "Nobody can be asked there right now, so nothing was sent. For people who answer now: `/crisis`, which works for "
    "everybody."
)
WORDS_GONE = "Those words were kept for a day, and are gone now. `/human` starts anew."


@dataclass(frozen=True, slots=True, kw_only=True)
class Asking:
    """Everything a member is shown before and after they ask; `cohort` is None while they are to choose one."""

    cohort: Enrolled | None
    cohorts: tuple[Enrolled, ...]
    name: str
    discord_id: int
    is_open: bool = False
    on_duty: int = 0
    campus: Campus = Campus()  # noqa: RUF009 - frozen
    asked: Asked | None = None
    """What stands in that cohort, or the end that the member was not told yet."""
    line: str = ""
    draft_id: int = 0
    """Where that line is kept; 0 for no line."""

    @property
    def stands(self) -> bool:
        return self.asked is not None and self.asked.state in rules.STANDING


@dataclass(frozen=True, slots=True, kw_only=True)
class _Typed:
    """A line that waits to be sent, and the cohort it was typed for."""

    draft_id: int = 0
    cohort_id: int = 0
    line: str = ""


NOTHING_TYPED = _Typed()


class HelpRequestService:
    """A member's side; `hurry` is called once something is to be done in the queue."""

    def __init__(self, records: Records, hurry: Callable[[], None]) -> None:
        self._records = records
        self._hurry = hurry
        self._askers: set[int] = set()
        self._knows_askers = False
        self._telling: set[tuple[int, int]] = set()

    async def look(
        self, actor: Actor, guild_id: int | None, now: datetime, *, cohort_id: int = 0, draft_id: int = 0
    ) -> Asking:
        """What would be asked where: in the only cohort there is, those of `guild_id` first, else in `cohort_id`.

        A line that was typed and neither sent nor left is there again, and decides which cohort is meant. Raises
        NotJoined, NotFound for a cohort or words of somebody else's, and UserError where there is no cohort.
        """
        async with self._records.reading() as tx:
            member = await members.of_discord(tx, actor.discord_id)
            if member is None:
                raise NotJoined
            places = await _places(tx, member.id, guild_id, cohort_id)
            typed = await self._typed(tx, member.id, draft_id, now)
            typed_for = next((place for place in places if place.cohort_id == typed.cohort_id), None)
            place = typed_for or (places[0] if len(places) == 1 else None)
            if place is None:
                return Asking(cohort=None, cohorts=places, name=member.name, discord_id=actor.discord_id)
            asking = await _asking(tx, member.id, actor, place, now, name=member.name)
            is_to_go_there = bool(draft_id or typed_for)
            return replace(asking, line=typed.line, draft_id=typed.draft_id) if is_to_go_there else asking

    async def keep_line(self, actor: Actor, text: str, now: datetime, *, cohort_id: int = 0) -> int:
        """Keep a line, locked, until it is sent or left, for 24 hours. Returns the id to find it by; 0 for no words.

        It takes the place of one typed before. Raises NotJoined, and UserError for a line that is too long.
        """
        locked = self._records.vault.lock(json.dumps({"line": _line(text), "cohort": cohort_id}))
        async with self._records.writing() as tx:
            member = await members.of_discord(tx, actor.discord_id)
            if member is None:
                raise NotJoined
            await store.forget_unsent(tx, member.id)
            if not _line(text):
                return 0
            expires_at = now + LINE_LASTS
            return await texts.keep_draft(tx, member.id, store.UNSENT, locked.key_no, locked.cipher, expires_at)

    async def leave_line(self, actor: Actor) -> None:
        """Forget a line that was typed and is not to be sent. Raises NotJoined."""
        async with self._records.writing() as tx:
            member = await members.of_discord(tx, actor.discord_id)
            if member is None:
                raise NotJoined
            await store.forget_unsent(tx, member.id)

    async def ask(self, actor: Actor, cohort_id: int, draft_id: int, now: datetime, *, operation: str) -> Asking:
        """Send exactly what was shown, once; where one stands, nothing changes. Raises UserError where it is closed."""
        self._askers.add(actor.discord_id)
        async with self._records.writing() as tx:
            page = await page_of(tx, actor, now)
            (place,) = await _places(tx, page.member_id, None, cohort_id)
            await signed(tx, page, now)
            before = await _asking(tx, page.member_id, actor, place, now, name=page.name)
            is_new = await applied.first_time(tx, operation, actor.interaction_id, now)
            if is_new and not before.stands:
                if not before.is_open:
                    raise UserError(NOT_OPEN, again=False)
                typed = await self._typed(tx, page.member_id, draft_id, now) if draft_id else NOTHING_TYPED
                await self._add(tx, page.member_id, cohort_id, typed.line, now)
                if typed.line:
                    await store.forget_unsent(tx, page.member_id)
            asking = await _asking(tx, page.member_id, actor, place, now, name=page.name)
        self._hurry()
        return asking

    async def withdraw(self, actor: Actor, request_id: int, now: datetime) -> Asked:
        """Take one's own request back, whoever has it; one that has ended stays as it ended. Raises NotFound."""
        async with self._records.writing() as tx:
            page = await page_of(tx, actor, now)
            await signed(tx, page, now)
            request = await store.own(tx, page.member_id, request_id)
            if request is None:
                raise NotFound
            after = rules.withdraw(request, now)
            if after != request:
                await store.save(tx, request, after)
            asked = await store.asked(tx, request_id)
        self._hurry()
        return asked

    async def heard(self, actor: Actor, shown: Iterable[Asked]) -> None:
        """The member saw how these stand: nothing of it is owed any more."""
        async with self._records.writing() as tx:
            member = await members.of_discord(tx, actor.discord_id)
            for asked in shown:
                if member is not None and await store.own(tx, member.id, asked.id):
                    await store.told(tx, asked.id, asked.notice_version)

    async def news(self, actor: Actor) -> list[Asked]:
        """What the actor is to be told now, because no DM will; `told` is to follow.

        While one telling is under way, no other gets the same. Nothing is asked of the records for somebody who never
        asked; who did is read once, and every request since went through `ask`.
        """
        if not self._knows_askers:
            async with self._records.reading() as tx:
                self._askers.update(await store.askers(tx))
            self._knows_askers = True
        if actor.discord_id not in self._askers:
            return []
        async with self._records.reading() as tx:
            owed = await store.owed_without_dm(tx, actor.discord_id)
        new = [asked for asked in owed if (asked.id, asked.notice_version) not in self._telling]
        self._telling.update((asked.id, asked.notice_version) for asked in new)
        return new

    def told(self, news: Iterable[Asked]) -> None:
        """The telling of some `news` is over, well or not: what was not `heard` is told another time."""
        self._telling.difference_update((asked.id, asked.notice_version) for asked in news)

    async def _add(self, tx: Transaction, member_id: int, cohort_id: int, line: str, now: datetime) -> None:
        text_id = None
        if line:
            locked = self._records.vault.lock(line)
            text_id = await texts.add(tx, member_id, "help", locked.key_no, locked.cipher, now)
        await store.add(tx, member_id, cohort_id, text_id, now, now + rules.DUTY_AFTER)

    async def _typed(self, tx: Transaction, member_id: int, draft_id: int, now: datetime) -> _Typed:
        """The line under that id; without one, the line that was typed last, if any is kept."""
        kept = await texts.draft(tx, member_id, draft_id, now) if draft_id else await store.unsent(tx, member_id, now)
        if kept is None and draft_id:
            raise NotFound(WORDS_GONE)
        if kept is None:
            return NOTHING_TYPED
        said = json.loads(self._records.vault.unlock(kept.cipher))
        found = kept.id if isinstance(kept, store.Unsent) else draft_id
        return _Typed(draft_id=found, cohort_id=said.get("cohort", 0), line=str(said.get("line", "")))


async def _places(tx: Transaction, member_id: int, guild_id: int | None, cohort_id: int) -> tuple[Enrolled, ...]:
    """The cohorts somebody may mean: the one they chose, else those of the server they are in, else all."""
    active = [place for place in await enrolments.of_member(tx, member_id) if place.is_active]
    if cohort_id:
        chosen = [place for place in active if place.cohort_id == cohort_id]
        if not chosen:
            raise NotFound
        return tuple(chosen)
    if not active:
        raise UserError(NO_COHORT)
    return tuple([place for place in active if place.guild_id == guild_id] or active)


async def _asking(
    tx: Transaction,
    member_id: int,
    actor: Actor,
    place: Enrolled,
    now: datetime,
    *,
    name: str,
) -> Asking:
    named = await moderators.of_cohort(tx, place.cohort_id)
    cohort = await cohorts.by_id(tx, place.guild_id, place.cohort_id)
    confirmed = any(one.confirmed_at is not None for one in named)
    here = [asked for asked in await store.asked_by(tx, member_id) if asked.cohort_id == place.cohort_id]
    return Asking(
        cohort=place,
        cohorts=(place,),
        name=name,
        discord_id=actor.discord_id,
        is_open=cohort is not None
        and cohort.queue_channel_id is not None
        and duties.is_open(len(named), confirmed)
        and any(one.member_id != member_id for one in named)
        and not await moderators.is_held(tx, place.cohort_id)
        and not await cohorts.was_left(tx, place.guild_id),
        on_duty=sum(duties.is_on(one.duty, now) for one in named if one.member_id != member_id),
        campus=await campus_for(tx, member_id, place.guild_id, cohort_id=place.cohort_id),
        asked=here[0] if here else None,
    )


def _line(text: str) -> str:
    line = " ".join(text.split())
    if len(line) > rules.LONGEST_LINE:
        raise UserError(f"One line of up to {rules.LONGEST_LINE} characters works here.")
    return line
