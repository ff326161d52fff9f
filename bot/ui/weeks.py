"""How does a study week look, in words and as a picture that says no more than they do?"""

import asyncio
import io
import logging
from collections.abc import Iterable, Mapping
from datetime import date
from fractions import Fraction
from typing import Any

import discord

from bot.domain.blocks import Work
from bot.domain.charts import Bar, Chart
from bot.domain.dates import written
from bot.domain.days import week_start
from bot.domain.ledgers import DayKind
from bot.domain.weeks import Measure, Trend, Week
from bot.replies import actor_of, services_of
from bot.ui import charts
from bot.ui.lasting import view_of
from bot.ui.pages import PageButton, Pictured, shows
from bot.ui.today import QUIET_DAYS
from bot.ui.words import amount, count

log = logging.getLogger(__name__)

PATIENCE = 1.0
"""Seconds that a page waits for its picture: others may be drawn first, and Discord forgets whom we don't answer."""

NOTHING = {
    False: "Nothing is written down for this week so far, and nothing is owed for it.",
    True: "Nothing is written down for that week, and nothing is owed for it.",
}
"""By whether the week is over."""
WAYS = {
    Measure.RATE: (
        "That can have many reasons, and it isn't a forecast. Fewer questions with more time for each is one way."
    ),
    Measure.PACE: "If fewer suits your days now, `/goal suggest` makes a goal of it.",
}
"""What stands beside a fall: why it need not mean much, and one way out."""


@shows("week")
async def week_page(interaction: discord.Interaction[Any]) -> Pictured:
    """The study week of whoever asks."""
    week = await _look(interaction)
    return await _pictured(review(week), PageButton("four_weeks", "Four weeks"), week.days)


@shows("four_weeks")
async def four_weeks_page(interaction: discord.Interaction[Any]) -> Pictured:
    """The last four study weeks of whoever asks."""
    week = await _look(interaction)
    return await _pictured(_four_weeks(week), PageButton("week", "One week"), week.four_weeks)


async def _look(interaction: discord.Interaction[Any]) -> Week:
    services = services_of(interaction)
    return await services.weeks.look(actor_of(interaction), services.clock())


def review(week: Week) -> str:
    """The week in words, under its heading."""
    since = written(week.monday)
    heading = f"Last week, {since} to {written(week.until)}" if week.is_over else f"This week, from Monday, {since}"
    return "\n".join([f"**{heading}**", *week_lines(week)])


def week_lines(week: Week) -> list[str]:
    """The week in words: what was done, what was kept, rest, and what changed."""
    done = _done(week.done, week.days.bars)
    if week.calm is not None:
        return done if week.calm is DayKind.EXAM_DAY and done else [QUIET_DAYS[week.calm], *done]
    if week.is_empty:
        return [NOTHING[week.is_over], *_kept_lately(week), *_rest(week.rest_days)]
    return [*done, *_kept(week), *_rest(week.rest_days + week.reserve_days), *_trends(week)]


def _four_weeks(week: Week) -> str:
    bars, done = week.four_weeks.bars, week.done_four_weeks
    heading = f"**Four weeks, {written(bars[0].day)} to {written(week.until)}**"
    lines = [*_by_week(bars, week), *_others(done)]
    if week.calm is not None:
        return "\n".join([heading, QUIET_DAYS[week.calm], *lines])
    lines += [*_kept_lately(week), *_trends(week)]
    return "\n".join([heading, *(lines or ["Nothing is written down for these weeks, and nothing is owed for them."])])


def _done(done: Mapping[Work, int], bars: Iterable[Bar]) -> list[str]:
    """Questions by day, then all other work."""
    questions = done.get(Work.QUESTIONS, 0)
    return [*([_questions(questions, bars)] if questions else []), *_others(done)]


def _others(done: Mapping[Work, int]) -> list[str]:
    others = ", ".join(amount(number, work) for work, number in done.items() if work is not Work.QUESTIONS)
    also = "Also " if Work.QUESTIONS in done else ""
    return [f"{also}{others}."] if others else []


def _questions(questions: int, bars: Iterable[Bar]) -> str:
    worked = [bar for bar in bars if bar.questions]
    if len(worked) == 1:
        return f"{amount(questions, Work.QUESTIONS)}, on {worked[0].day:%A}."
    return f"{amount(questions, Work.QUESTIONS)}: {', '.join(f'{bar.day:%a} {bar.questions}' for bar in worked)}."


def _by_week(bars: Iterable[Bar], week: Week) -> list[str]:
    """The sum of each study week in which any questions were done; the last one may not be over."""
    sums: dict[date, int] = {}
    for bar in bars:
        if bar.questions:
            sums[week_start(bar.day)] = sums.get(week_start(bar.day), 0) + bar.questions
    total = amount(sum(sums.values()), Work.QUESTIONS)
    named = {monday: f"in the week of {written(monday)}" for monday in sums}
    if week.monday in named and not week.is_over:
        named[week.monday] = "this week so far"
    if len(sums) == 1:
        return [f"{total}, {named.popitem()[1]}."]
    return [f"{total}: {', '.join(f'{number} {named[monday]}' for monday, number in sums.items())}."] if sums else []


def _kept(week: Week) -> list[str]:
    """Counts of kept days; none is not said."""
    if not week.kept:
        return _kept_lately(week)
    more = week.kept_four_weeks > week.kept
    included = f"; {week.kept_four_weeks} {_span(week)}, these included" if more else ""
    return [f"{count(week.kept, 'kept day')}{included}."]


def _kept_lately(week: Week) -> list[str]:
    return [f"{count(week.kept_four_weeks, 'kept day')} {_span(week)}."] if week.kept_four_weeks else []


def _span(week: Week) -> str:
    return "since you joined" if week.is_new else "in four weeks"


def _rest(days: int) -> list[str]:
    """Rest of every kind as one count: planned, taken, and from the reserve."""
    return [f"Rest: {count(days, 'day')}."] if days else []


def _trends(week: Week) -> list[str]:
    lines = [f"Up: {_compared(week.up)}"] if week.up is not None else []
    if week.down is not None:
        lines.append(f"Down: {_compared(week.down)} {WAYS[week.down.measure]}")
    return lines


def _compared(trend: Trend) -> str:
    change = trend.change
    if trend.measure is Measure.RATE:
        before, after = _apart(change.before * 100, change.after * 100)
        now = f"{after} % right on {change.counted_after} unseen questions"
        return f"{now} in these four weeks; {before} % on {change.counted_before} in the four before."
    before, after = _apart(change.before, change.after)
    return f"about {after} questions on a planned day in these four weeks; about {before} in the four before."


def _apart(before: Fraction, after: Fraction) -> tuple[str, str]:
    """Two numbers in whole ones, or with so many places that they differ."""
    pairs = [(f"{float(before):.{places}f}", f"{float(after):.{places}f}") for places in range(4)]
    return next((pair for pair in pairs if pair[0] != pair[1]), pairs[-1])


async def _pictured(text: str, other: PageButton, chart: Chart) -> Pictured:
    """The page with its picture; without one where there is no work to draw, or it can't be drawn in time."""
    buttons = view_of(other, PageButton("today", "Today"), PageButton("more"))
    if not any(bar.questions for bar in chart.bars):
        return text, buttons, None
    try:
        async with asyncio.timeout(PATIENCE):
            drawn = await charts.picture(chart)
    except (ImportError, OSError, ValueError) as error:  # TimeoutError is an OSError
        log.error("the picture of a week could not be drawn: %s", type(error).__name__)
        return text, buttons, None
    file = discord.File(io.BytesIO(drawn), filename=charts.FILENAME, description=charts.description(chart))
    return "\n".join([text, *line_of(chart)]), buttons, file


def line_of(chart: Chart) -> list[str]:
    """What the line in the picture is, where there is one and anything to draw."""
    if not any(bar.questions for bar in chart.bars):
        return []
    floors = [bar.floor for bar in chart.bars if bar.floor is not None]
    if not floors:
        return []
    ends = dict.fromkeys((min(floors), max(floors)))
    return [f"The line is your floor: {' to '.join(str(floor) for floor in ends)}."]
