"""What was a study week, and did anything change that is not noise?

Counts of what was done, and nothing to hold them against: no total, no goal, no day without work.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from bot.domain import goals, ledgers
from bot.domain.blocks import Work
from bot.domain.charts import Bar, Chart
from bot.domain.check_ins import Outcome
from bot.domain.days import DAY, week_start
from bot.domain.facts import LOW_MOODS
from bot.domain.ledgers import FOUR_WEEKS, DayKind, Ledger, Record
from bot.domain.statistics import Change, Tally, change_of_mean, change_of_rate

LOOKS_BACK = 64 * DAY
"""How far back of today, in any zone, a week has to know records and tallies: eight weeks, and the open days."""

LEAST_WORKED = 8
"""Days with questions in each window of four weeks, under which no pace is compared."""

CALM = frozenset({DayKind.GENTLE, DayKind.EXAM_DAY, DayKind.WAITING})
"""Where somebody is asked nothing, they are shown what they did, and nothing is counted."""

Tallies = Mapping[date, Tally]
"""Unseen questions that were corrected, by study day."""


class Measure(StrEnum):
    """What may be said to have changed; the first comes first where both did."""

    RATE = "rate"
    """The share of unseen questions that was right."""
    PACE = "pace"
    """Questions per planned day, silent ones counted as zero."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Trend:
    """One thing that changed between two windows of four weeks next to each other, beyond noise."""

    measure: Measure
    change: Change


@dataclass(frozen=True, slots=True, kw_only=True)
class Week:
    """A study week of one member, from its Monday until the last day of it that has begun."""

    monday: date
    until: date
    is_over: bool
    """It is Monday and nothing was done yet: this is the week that ended."""
    calm: DayKind | None
    """What today is, where nothing is counted: then only `done` and the charts say anything."""
    done: Mapping[Work, int]
    kept: int
    """Kept days of this week."""
    kept_four_weeks: int
    """Kept days of the 28 that end with `until`."""
    is_new: bool
    """A member for less than four weeks."""
    rest_days: int
    reserve_days: int
    up: Trend | None
    down: Trend | None
    """Never without an `up` beside it."""
    days: Chart
    """Monday to Sunday; days that have not begun are blank."""
    four_weeks: Chart
    """The 28 days that end with `until`."""
    done_four_weeks: Mapping[Work, int]
    """What was done in them, by kind of work."""

    @property
    def is_empty(self) -> bool:
        """Nothing was done and nothing kept: nobody is told so unasked."""
        return not self.done and not self.kept


def week_of(ledger: Ledger, tallies: Tallies, today: date, over: date) -> Week:
    """The study week of `today`; on a Monday on which nothing was done yet, the one before it.

    `over` is the last day that can't be answered any more. Ledger and tallies must reach `LOOKS_BACK`.
    """
    is_over = today == week_start(today) > ledger.started_day and not _has_something(ledger.on(today))
    until = today - DAY if is_over else today
    monday, kind = week_start(until), ledgers.kind(ledger, today)
    calm = kind if kind in CALM else None
    days = [monday + number * DAY for number in range((until - monday).days + 1)]
    up, down = (None, None) if calm or _is_hard(ledger, today) else _trends(ledger, tallies, today, over)
    return Week(
        monday=monday,
        until=until,
        is_over=is_over,
        calm=calm,
        done=_done(ledger, days),
        done_four_weeks=_done(ledger, [until - number * DAY for number in range(FOUR_WEEKS.days)]),
        kept=0 if calm else sum(ledgers.is_kept(ledger, day) for day in days),
        kept_four_weeks=0 if calm else ledgers.kept_days(ledger, until),
        is_new=until - ledger.started_day < FOUR_WEEKS,
        rest_days=0 if calm else sum(ledgers.kind(ledger, day) is DayKind.REST for day in days),
        reserve_days=0 if calm else len(ledgers.reserve_days(ledger, until, over)),
        up=up,
        down=down,
        days=_chart(ledger, monday, until, 7, floors=not calm),
        four_weeks=_chart(ledger, until - FOUR_WEEKS + DAY, until, 28, floors=not calm),
    )


def _has_something(said: Record) -> bool:
    """Whether a day says more than how it was meant to go."""
    return any(said.work.values()) or bool(said.outcome)


def _done(ledger: Ledger, days: list[date]) -> dict[Work, int]:
    """What was done on these days, by kind of work, only what there is."""
    found = {work: sum(ledger.on(day).work.get(work, 0) for day in days) for work in Work}
    return {work: number for work, number in found.items() if number}


def _chart(ledger: Ledger, first: date, until: date, length: int, *, floors: bool) -> Chart:
    """The floor goes on through rest and silence alike: a gap in it would show which was which."""
    bars: list[Bar] = []
    for day in (first + number * DAY for number in range(length)):
        if day > until:
            bars.append(Bar(day=day))
            continue
        goal = goals.on(ledger.goals, Work.QUESTIONS, day) if floors else None
        bars.append(Bar(day=day, questions=ledger.on(day).questions or None, floor=goal and goal.floor))
    return Chart(bars=tuple(bars))


def _is_hard(ledger: Ledger, today: date) -> bool:
    """Whether numbers that rise or fall would be out of place: a pause, a rough day, a low mood as the last one said.

    A rise would read as praise for going on regardless.
    """
    if ledgers.kind(ledger, today) is DayKind.PAUSE or ledger.on(today).outcome is Outcome.ROUGH:
        return True
    moods = [ledger.on(today - number * DAY).mood for number in range(7)]
    return next((mood for mood in moods if mood is not None), None) in LOW_MOODS


def _trends(ledger: Ledger, tallies: Tallies, today: date, over: date) -> tuple[Trend | None, Trend | None]:
    """One thing up, and one thing down beside it; the windows end with the last day that is over or worked."""
    worked = (day for day, said in ledger.records.items() if said.questions and day <= today)
    end = max(over, max(worked, default=over))
    found = [
        Trend(measure=measure, change=change)
        for measure, change in (
            (Measure.RATE, _change_of_rate(tallies, end)),
            (Measure.PACE, _change_of_pace(ledger, end)),
        )
        if change is not None
    ]
    up = next((trend for trend in found if trend.change.is_up), None)
    down = next((trend for trend in found if not trend.change.is_up), None)
    return up, down if up is not None else None


def _change_of_rate(tallies: Tallies, end: date) -> Change | None:
    before, after = (
        [tally for day, tally in tallies.items() if last - FOUR_WEEKS < day <= last] for last in (end - FOUR_WEEKS, end)
    )
    return change_of_rate(before, after)


def _change_of_pace(ledger: Ledger, end: date) -> Change | None:
    """None also beside a silence: to be back is not to be better, nor were silent weeks a low answer."""
    before, after = _planned(ledger, end - FOUR_WEEKS), _planned(ledger, end)
    worked = min(sum(map(bool, window)) for window in (before, after))
    return change_of_mean(before, after) if worked >= LEAST_WORKED else None


def _planned(ledger: Ledger, last: date) -> list[int]:
    """Questions of each planned day in the four weeks up to `last`, as capacity counts them."""
    days = [last - number * DAY for number in range(FOUR_WEEKS.days)]
    said = {day: ledger.on(day) for day in days if ledgers.kind(ledger, day) is DayKind.PLANNED}
    return [record.questions for record in said.values() if ledgers.is_known(record)]
