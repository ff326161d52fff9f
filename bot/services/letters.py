"""What does a prompt that is claimed say? Its facts, from the records, before anybody decides how it looks."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from bot.domain import facts
from bot.domain import ledgers as days_of
from bot.domain.days import DAY, Kind, study_day
from bot.domain.ledgers import SILENCE, DayKind, Ledger
from bot.domain.letters import Letter, Opening
from bot.domain.lines import Said, Tone
from bot.domain.next_days import Quiet
from bot.domain.plans import Shortfall
from bot.domain.silences import Ask, asks
from bot.domain.weeks import LOOKS_BACK, Week
from bot.services import plans
from bot.services.lines import Speaker
from bot.services.pages import day_of
from bot.services.weeks import week_of
from bot.storage import ledgers, members, meta, shown
from bot.storage.database import Transaction
from bot.storage.ledgers import Page
from bot.storage.prompts import Waiting
from bot.storage.shown import Shown

Outage = tuple[datetime, datetime]

LAST_WORD = "last_word"
ABOUT_THE_DAY = (Kind.MORNING, Kind.EVENING)
SUNDAY = 6
LATE = timedelta(minutes=1)
"""A prompt that goes out this long after its time may have an outage to explain."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A prompt that waits, and all that is known of its member."""

    row: Waiting
    page: Page | None
    ask: Ask = Ask.AS_USUAL
    """How often somebody is asked follows from the planned days since their last sign of life."""

    @property
    def known(self) -> Page:
        if self.page is None:
            raise LookupError("a member without a clock is owed a prompt")
        return self.page


async def cases_of(tx: Transaction, rows: Sequence[Waiting]) -> list[Case]:
    """The prompts with their members. A silence is counted from the last sign of life, however long ago."""
    if not rows:
        return []
    since = min(row.study_day for row in rows) - ledgers.RECENT
    pages = await ledgers.of_members(tx, {row.member_id for row in rows}, since)
    cases = [_case(row, pages.get(row.member_id)) for row in rows]
    lasts = [case.row.member_id for case in cases if case.ask is Ask.LAST_WORD]
    said = await shown.latest(tx, lasts, LAST_WORD) if lasts else {}
    return [_once(case, said.get(case.row.member_id)) for case in cases]


def _case(row: Waiting, page: Page | None) -> Case:
    if page is None:
        return Case(row=row, page=None)
    silent = days_of.silent_run(page.ledger, day_of(page, page.last_sign_at), row.study_day)
    return Case(row=row, page=page, ask=asks(silent) if page.quiet.opening is None else Ask.AS_USUAL)


def _once(case: Case, said: Shown | None) -> Case:
    """The last word of a silence is said for one day only, however often that one is attempted."""
    if case.ask is not Ask.LAST_WORD or said is None or said.at <= case.known.last_sign_at:
        return case
    return case if said.subject == str(case.row.study_day) else replace(case, ask=Ask.NOT)


@dataclass(frozen=True, slots=True, kw_only=True)
class Extras:
    """What a letter says that has to be asked for, or remembered as said."""

    offline: Outage | None = None
    shortfall: Shortfall | None = None
    said: Said | None = None
    week: Week | None = None


class Writer:
    """Finds what letters say beyond the days of their members."""

    def __init__(self, speaker: Speaker) -> None:
        self._speaker = speaker

    async def extras(
        self, tx: Transaction, going: Collection[Case], merged: Collection[tuple[datetime, int]], now: datetime
    ) -> dict[int, Extras]:
        """For each prompt that goes, by its id; `merged` are the due times of others with the prompt they went into.

        What may be said once in a while is remembered as said.
        """
        offline = await _offline(tx, going, merged, now)
        shortfalls = await plans.of_mornings(tx, _mornings(going, offline), now)
        lines = await self._speaker.of_gentle_evenings(tx, list(_gentle_evenings(going)), now)
        weeks = {page.member_id: await _week(tx, page, now) for page, _ in _sundays(going)}
        for case in going:
            if case.ask is Ask.LAST_WORD:
                await shown.keep(tx, case.row.member_id, LAST_WORD, str(case.row.study_day), now)
            if _opens_anew(case):
                await members.set_quiet(tx, case.row.member_id, Quiet())
            if case.row.member_id in shortfalls:
                await plans.keep_told(tx, case.row.member_id, case.row.study_day, now)
        return {
            case.row.id: Extras(
                offline=offline.get(case.row.id),
                shortfall=shortfalls.get(case.row.member_id),
                said=lines.get(case.row.member_id),
                week=weeks.get(case.row.member_id),
            )
            for case in going
        }


async def _offline(
    tx: Transaction, going: Collection[Case], merged: Collection[tuple[datetime, int]], now: datetime
) -> dict[int, Outage]:
    """The last outage, for each prompt that was due in it, or into which one went that was."""
    due = [(case.row.due_at, case.row.id) for case in going] + list(merged)
    if not any(now - at > LATE for at, _ in due):
        return {}
    outage = await meta.last_outage(tx)
    return {} if outage is None else {prompt_id: outage for at, prompt_id in due if outage[0] <= at <= outage[1]}


def _opens_anew(case: Case) -> bool:
    """Whether this message, which is composed now, is the one that opens as is owed after a help card."""
    page, row = case.page, case.row
    return page is not None and page.quiet.opening is not None and row.payload is None and row.kind in ABOUT_THE_DAY


def _mornings(going: Iterable[Case], offline: Collection[int]) -> Iterator[tuple[Page, date]]:
    """The mornings before an exam that are composed now; none that is frozen, none after a silence or an outage."""
    for case in going:
        row, page = case.row, case.page
        if row.kind is Kind.MORNING and row.payload is None and page is not None and row.id not in offline:
            if page.quiet.opening is not None:
                continue
            exam = days_of.exam_date(page.ledger, row.study_day)
            if exam is not None and case.ask is Ask.AS_USUAL:
                yield page, row.study_day


def _sundays(going: Iterable[Case]) -> Iterator[tuple[Page, date]]:
    """The evenings that end a study week of somebody who studies; one message holds the question and the review."""
    for case in going:
        row, page = case.row, case.page
        if row.kind is not Kind.EVENING or row.payload is not None or page is None or case.ask is not Ask.AS_USUAL:
            continue
        if page.quiet.opening is not None or row.study_day.weekday() != SUNDAY:
            continue
        if days_of.kind(page.ledger, row.study_day) is DayKind.PLANNED:
            yield page, row.study_day


async def _week(tx: Transaction, page: Page, now: datetime) -> Week | None:
    """One member's week, or None for an empty one, which nobody is told of unasked.

    Asked for on its own: eight weeks of forty members at once would hold up every button.
    """
    longer = await ledgers.of_members(tx, [page.member_id], now.date() - LOOKS_BACK)
    if page.member_id not in longer:
        return None
    week = await week_of(tx, longer[page.member_id], now)
    return None if week.is_empty else week


def _gentle_evenings(going: Iterable[Case]) -> Iterator[tuple[Page, date]]:
    for case in going:
        row, page = case.row, case.page
        if row.kind is not Kind.EVENING or row.payload is not None or page is None:
            continue
        if page.quiet.opening is None and days_of.kind(page.ledger, row.study_day) is DayKind.GENTLE:
            yield page, row.study_day


def letter(case: Case, extras: Extras, now: datetime) -> Letter:
    """One message to one member."""
    row, page = case.row, case.known
    ledger, yesterday = page.ledger, row.study_day - DAY
    phase, phase_began = days_of.phase(ledger, row.study_day)
    unspoken = page.tone is Tone.NONE
    return Letter(
        prompt_id=row.id,
        kind=row.kind,
        name=page.name,
        study_day=row.study_day,
        late=study_day(now, ledger.timetable) > row.study_day,
        phase=phase,
        phase_day=(row.study_day - phase_began).days,
        today=ledger.on(row.study_day),
        goals=days_of.goals_on(ledger, row.study_day),
        opening=page.quiet.opening or _opening(ledger, row.study_day),
        ask=case.ask,
        day_before=SILENCE if unspoken else ledger.on(yesterday),
        day_before_kept=not unspoken and days_of.is_kept(ledger, yesterday),
        kept=None if unspoken else facts.kept(ledger, yesterday),
        clock=ledger.timetable.on(row.study_day),
        offline=extras.offline,
        shortfall=extras.shortfall,
        said=extras.said,
        week=extras.week,
    )


def _opening(ledger: Ledger, day: date) -> Opening:
    if days_of.comes_back(ledger, day):
        return Opening.AFTER_PAUSE
    return Opening.AFTER_ROUGH_DAY if days_of.follows_rest(ledger, day) else Opening.PLAIN
