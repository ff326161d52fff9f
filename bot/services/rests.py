"""How does a member rest, pause, work nights, and come back?

Nothing here touches a check-in or an entry, so no day that was kept is ever less.
"""

from dataclasses import dataclass
from datetime import date, datetime

from bot.domain import clock_times, ledgers, weekdays
from bot.domain import rests as rules
from bot.domain.days import DAY, Nights
from bot.domain.errors import UserError
from bot.domain.ledgers import DayKind
from bot.domain.phases import GENTLE
from bot.domain.rests import Near
from bot.services.actors import Actor
from bot.services.check_ins import Closed
from bot.services.pages import open_days_of, page_of, plan_anew, signed
from bot.services.records import Records
from bot.services.today import LOOKS_BACK, Today, today
from bot.storage import applied, spans
from bot.storage.database import Transaction
from bot.storage.ledgers import Page
from bot.storage.spans import RestSpan


@dataclass(frozen=True, slots=True, kw_only=True)
class Rests:
    """All rest that a member chose, as it stands."""

    today: Today
    weekdays: int
    """A mask, see `bot.domain.weekdays`."""
    coming: tuple[RestSpan, ...]
    """Those of today and later, and of yesterday while it is open."""
    free: tuple[date, ...]
    """The open days that may be called rest at once, newest first."""
    nights: Nights | None
    """Those that run, or begin tomorrow."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rested:
    """A day that somebody called rest."""

    day: date
    before: DayKind
    """What it was before; anything but PLANNED stays what it was."""
    span_id: int | None
    """By which it can be taken back; None where the day is rest, or quiet, for another reason."""
    kept: bool
    today: Today


@dataclass(frozen=True, slots=True, kw_only=True)
class TakenBack:
    """Days that are not rest after all; none where that was done before, or they are closed."""

    span: RestSpan | None
    rests: Rests


@dataclass(frozen=True, slots=True, kw_only=True)
class Paused:
    """A pause by its first and its last day, which may be open, or gone by."""

    from_day: date
    to_day: date
    today: Today


@dataclass(frozen=True, slots=True, kw_only=True)
class Resumed:
    """`ended` is False where no pause of the member's own was running."""

    ended: bool
    today: Today


@dataclass(frozen=True, slots=True, kw_only=True)
class OnNights:
    """Nights as they were just set."""

    nights: Nights
    today: Today


@dataclass(frozen=True, slots=True, kw_only=True)
class NightsOver:
    """The last day that belongs to the nights; None where there were none."""

    last: date | None
    today: Today


class RestService:
    """Every act is one transaction, and the same act sent again changes nothing."""

    def __init__(self, records: Records) -> None:
        self._records = records

    async def look(self, actor: Actor, now: datetime) -> Rests:
        """All of it. Raises NotJoined, as everything here does for somebody without records."""
        async with self._records.reading() as tx:
            return await _rests(tx, await _page(tx, actor, now), now)

    async def take(self, actor: Actor, day: date | Near, now: datetime) -> Rested:
        """Call today rest, or yesterday while it is open, also after it was answered. Raises UserError for others."""
        async with self._records.writing() as tx:
            page = await _page(tx, actor, now)
            day = rules.near(day, await signed(tx, page, now))
            if day < page.ledger.started_day:
                raise UserError("That was before you joined, so nothing of it is asked.", again=False)
            if day not in open_days_of(page, now):
                raise Closed
            before = ledgers.kind(page.ledger, day)
            if before is DayKind.PLANNED and await _is_new(tx, actor, f"rest:{actor.interaction_id}", now):
                await spans.rest(tx, page.member_id, day, day)
            alone = [
                span.id for span in await spans.rests(tx, page.member_id, day) if span.from_day == span.to_day == day
            ]
            page = await _page(tx, actor, now)
            return Rested(
                day=day,
                before=before,
                span_id=alone[0] if alone else None,
                kept=ledgers.is_kept(page.ledger, day),
                today=today(page, now),
            )

    async def take_back(self, actor: Actor, span_id: int, now: datetime) -> TakenBack:
        """Let days not be rest after all, as far as they can still be answered for or are to come."""
        async with self._records.writing() as tx:
            page = await _page(tx, actor, now)
            await signed(tx, page, now)
            span = await spans.take_back(tx, page.member_id, span_id, open_days_of(page, now)[-1])
            return TakenBack(span=span, rests=await _rests(tx, await _page(tx, actor, now), now))

    async def plan(self, actor: Actor, names: str, dates: str, now: datetime, *, operation: str) -> Rests:
        """Let weekdays be rest from today on, or dates, or both. Raises UserError for words that can't be used."""
        async with self._records.writing() as tx:
            page = await _page(tx, actor, now)
            day = await signed(tx, page, now)
            if ledgers.phase(page.ledger, day)[0] in GENTLE:
                raise UserError(
                    "Nothing is asked of you right now, so no day has to be set aside. "
                    "Rest days can wait until you plan again.",
                    again=False,
                )
            if not (names.strip() or dates.strip()):
                raise UserError("Weekdays, dates or both work here, such as `Sunday` or `24 Dec to 2 Jan`.")
            mask = weekdays.understand(names) if names.strip() else None
            span = rules.rest_dates(dates, day, open_days_of(page, now)[-1]) if dates.strip() else None
            if await _is_new(tx, actor, operation, now):
                if mask is not None and mask != ledgers.rest_mask(page.ledger, day):
                    await spans.rest_weekdays(tx, page.member_id, day, mask)
                if span is not None:
                    await spans.rest(tx, page.member_id, *span)
            return await _rests(tx, await _page(tx, actor, now), now)

    async def pause(self, actor: Actor, until: str, since: str, now: datetime, *, operation: str) -> Paused:
        """Pause at once, in the place of a pause that runs. Raises UserError for days that can't be."""
        async with self._records.writing() as tx:
            page = await _page(tx, actor, now)
            day = await signed(tx, page, now)
            from_day, to_day = rules.pause_days(until, since, day)
            if await _is_new(tx, actor, operation, now):
                await spans.pause(tx, page.member_id, day, from_day, to_day)
            return Paused(from_day=from_day, to_day=to_day, today=today(await _page(tx, actor, now), now))

    async def resume(self, actor: Actor, now: datetime) -> Resumed:
        """Let everything go on from today; the days before stay a pause."""
        async with self._records.writing() as tx:
            page = await _page(tx, actor, now)
            ended = await spans.resume(tx, page.member_id, await signed(tx, page, now))
            return Resumed(ended=ended, today=today(await _page(tx, actor, now), now))

    async def nights(
        self, actor: Actor, until: str, wake: str, sleep: str, now: datetime, *, operation: str
    ) -> OnNights:
        """Begin nights today, in the place of those that run. Raises UserError for times or a day that can't be."""
        async with self._records.writing() as tx:
            page = await _page(tx, actor, now)
            last = rules.until_night(until, await signed(tx, page, now))
            times = rules.shift(clock_times.understand(wake), clock_times.understand(sleep))
            nights = rules.nights_from(page.ledger.timetable, times, last, now)
            if await _is_new(tx, actor, operation, now):
                await spans.add_nights(tx, page.member_id, nights)
                await plan_anew(tx, await _page(tx, actor, now), now)
            return OnNights(nights=nights, today=today(await _page(tx, actor, now), now))

    async def end_nights(self, actor: Actor, now: datetime) -> NightsOver:
        """Let nights be over at once, or with this one where only its cut still holds today."""
        async with self._records.writing() as tx:
            page = await _page(tx, actor, now)
            day = await signed(tx, page, now)
            last = rules.last_night(page.ledger.timetable, now)
            runs = any(span.to_day >= day for span in page.ledger.timetable.nights)
            if await spans.end_nights(tx, page.member_id, last + DAY):
                await plan_anew(tx, await _page(tx, actor, now), now)
            return NightsOver(last=last if runs else None, today=today(await _page(tx, actor, now), now))


async def _page(tx: Transaction, actor: Actor, now: datetime) -> Page:
    return await page_of(tx, actor, now, now.date() - LOOKS_BACK)


async def _is_new(tx: Transaction, actor: Actor, operation: str, now: datetime) -> bool:
    return await applied.first_time(tx, operation, actor.interaction_id, now)


async def _rests(tx: Transaction, page: Page, now: datetime) -> Rests:
    open_days, ledger, shown = open_days_of(page, now), page.ledger, today(page, now)
    return Rests(
        today=shown,
        weekdays=ledgers.rest_mask(ledger, shown.day),
        coming=tuple(await spans.rests(tx, page.member_id, open_days[-1])),
        free=tuple(day for day in open_days if ledgers.kind(ledger, day) is DayKind.PLANNED),
        nights=next((span for span in ledger.timetable.nights if span.to_day >= shown.day), None),
    )
