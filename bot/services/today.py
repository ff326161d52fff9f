"""Where does a member stand today? What `/today` shows, from one question to the records."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from bot.domain import ledgers
from bot.domain.blocks import Work
from bot.domain.check_ins import CheckIn
from bot.domain.days import Kind as PromptKind
from bot.domain.days import Nights, due_at, start
from bot.domain.goals import Goal
from bot.domain.ledgers import DayKind, Ledger, Span, SpanKind
from bot.domain.phases import Phase
from bot.services.actors import Actor
from bot.services.pages import next_message, open_days_of, page_of, signed
from bot.services.records import Records
from bot.storage import help_requests
from bot.storage.help_requests import Asked
from bot.storage.ledgers import Page

LOOKS_BACK = timedelta(days=4)
"""No count on the panel needs more than the days that may still be written, in any zone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Today:
    """A study day as its member sees it; all instants are in UTC, `zone` is theirs."""

    now: datetime
    day: date
    zone: str
    day_kind: DayKind
    phase: Phase
    check_in: CheckIn
    before_evening: bool
    """The evening is not asked about yet."""
    yesterday: CheckIn | None
    """Only while it may still be written, and where something was planned: rest and pause are not mentioned."""
    goals: Mapping[Work, Goal]
    done: Mapping[Work, int]
    kept: bool
    block_size: int
    next_due: datetime | None
    pause: Span | None
    """The member's own pause; None also while only their cohort pauses."""
    nights: Nights | None
    dms_closed: bool
    first_sign: bool
    """Nothing was heard from the member on this study day before."""
    asked: Asked | None = None
    """What they asked volunteers and which stands, or an end that they were not told."""


def today(page: Page, now: datetime) -> Today:
    """Everything for the panel, from a member's page."""
    ledger = page.ledger
    day, *earlier = open_days_of(page, now)
    paused = [span for span in ledger.spans if span.kind is SpanKind.PAUSE and span.holds(day)]
    return Today(
        now=now,
        day=day,
        zone=ledger.timetable.on(day).zone,
        day_kind=ledgers.kind(ledger, day),
        phase=ledgers.phase(ledger, day)[0],
        check_in=page.check_in(day),
        before_evening=now < due_at(PromptKind.EVENING, day, ledger.timetable),
        yesterday=page.check_in(earlier[0]) if earlier and _was_planned(ledger, earlier[0]) else None,
        goals=ledgers.goals_on(ledger, day),
        done={work: number for work, number in ledger.on(day).work.items() if number},
        kept=ledgers.is_kept(ledger, day),
        block_size=page.block_size,
        next_due=next_message(page, now),
        pause=paused[-1] if paused else None,
        nights=ledger.timetable.nights_on(day),
        dms_closed=page.dms_closed,
        first_sign=page.last_sign_at < start(day, ledger.timetable),
    )


def _was_planned(ledger: Ledger, day: date) -> bool:
    return ledgers.kind(ledger, day) is DayKind.PLANNED


class TodayService:
    """The panel, and the signs of life that come with looking at it."""

    def __init__(self, records: Records) -> None:
        self._records = records

    async def look(self, actor: Actor, now: datetime) -> Today:
        """Where the member stands. Raises NotJoined."""
        async with self._records.reading() as tx:
            page = await page_of(tx, actor, now, now.date() - LOOKS_BACK)
            asked = await help_requests.asked_by(tx, page.member_id) if page.has_asked else []
            return replace(today(page, now), asked=asked[0] if asked else None)

    async def seen(self, actor: Actor, now: datetime) -> None:
        """Somebody looked: a sign of life, which brings the normal rhythm back."""
        async with self._records.writing() as tx:
            await signed(tx, await page_of(tx, actor, now, now.date()), now)
