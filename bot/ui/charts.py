"""How does a chart reach somebody: as a picture, in words, and inside the body of a message?"""

import asyncio
import json
import logging
from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from itertools import groupby
from typing import Any

from bot.domain.charts import Bar, Chart
from bot.domain.dates import written
from bot.domain.days import week_start

log = logging.getLogger(__name__)

FILENAME = "week.png"
DESCRIPTION_MAX = 1024
"""Characters that Discord takes as the description of an attachment."""

DAYS_BY_NAME = 7
"""Up to so many days each has its letter and its number; of more, only the Mondays are named."""

PATIENCE = 1.0
"""Seconds that a message waits for its picture before it goes without one: a hundred times what a picture takes, and
so little that all messages of one claim are sent within their lease."""

_KEY = "chart"
_MARK = f'"{_KEY}":'
"""Only a key of ours looks like this: inside a text of anybody's, JSON puts a backslash before each quote."""

_STEPS_TOLD = 4
_worker = ThreadPoolExecutor(max_workers=1, thread_name_prefix="charts")
"""One picture at a time, beside the event loop; a semaphore would belong to one loop only."""


async def picture(chart: Chart) -> bytes:
    """A PNG of 960 by 450 pixels, drawn off the event loop.

    Raises ValueError without a worked day: an empty picture would look like a verdict, so there is none.
    """
    if not any(bar.questions for bar in chart.bars):
        raise ValueError("no worked day to draw")
    return await asyncio.get_running_loop().run_in_executor(_worker, _drawn, chart)


def description(chart: Chart) -> str:
    """What the picture shows, in words: the days it spans, what was done, and the floor. At most 1,024 characters."""
    first, last = chart.bars[0].day, chart.bars[-1].day
    days = written(first) if first == last else f"{written(first)} to {written(last)}"
    done = _by_day(chart.bars) if len(chart.bars) <= DAYS_BY_NAME else _by_week(chart.bars)
    sentences = [f"Questions, {days}{': ' if done else ''}{', '.join(done)}.", *_floor(chart.bars)]
    return " ".join(sentences)[:DESCRIPTION_MAX]


def packed(chart: Chart) -> dict[str, Any]:
    """What a frozen message keeps of a chart, under its key "chart"; meant for charts with a worked day."""
    return {"bars": [[bar.day.isoformat(), bar.questions, bar.floor] for bar in chart.bars]}


async def unpacked(payload: str) -> tuple[str, bytes | None]:
    """The body that Discord gets, and the picture to send with it, if there is one.

    A picture that can't be drawn is left out: it holds up no message.
    """
    if _MARK not in payload:
        return payload, None
    body = json.loads(payload)
    kept = body.pop(_KEY, None)
    try:
        chart = _chart(kept)
        async with asyncio.timeout(PATIENCE):
            drawn = await picture(chart)
        body["attachments"] = [{"id": 0, "filename": FILENAME, "description": description(chart)}]
    except Exception as error:  # noqa: BLE001 - whatever is wrong with a picture, the words are what counts
        log.error("a picture could not be drawn: %s", type(error).__name__)
        return json.dumps(body), None
    return json.dumps(body), drawn


def _drawn(chart: Chart) -> bytes:
    from bot.ui.drawings import drawn  # Pillow is loaded with the first picture, off the event loop as well

    return drawn(chart, by_name=len(chart.bars) <= DAYS_BY_NAME)


def _chart(kept: Mapping[str, Any]) -> Chart:
    """Raises KeyError, TypeError or ValueError for what `packed` never made."""
    return Chart(
        bars=tuple(
            Bar(day=date.fromisoformat(day), questions=questions, floor=floor) for day, questions, floor in kept["bars"]
        )
    )


def _by_day(bars: Iterable[Bar]) -> list[str]:
    return [f"{bar.day:%A} {bar.questions}" for bar in bars if bar.questions]


def _by_week(bars: Iterable[Bar]) -> list[str]:
    """The sum of each study week in which any questions were done."""
    weeks = groupby((bar for bar in bars if bar.questions), key=lambda bar: week_start(bar.day))
    return [f"{sum(bar.questions or 0 for bar in week)} in the week of {written(monday)}" for monday, week in weeks]


def _floor(bars: tuple[Bar, ...]) -> list[str]:
    """The line: one number, the days from which it was another, or its range where that were too many."""
    known = [bar for bar in bars if bar.floor is not None]
    steps = [next(same) for _, same in groupby(known, key=lambda bar: bar.floor)]
    if not steps:
        return []
    if steps == [bars[0]]:
        told = f"{steps[0].floor}"
    elif len(steps) <= _STEPS_TOLD:
        told = ", ".join(f"{bar.floor} from {written(bar.day)}" for bar in steps)
    else:
        floors = [bar.floor or 0 for bar in steps]
        told = f"{min(floors)} to {max(floors)}"
    return [f"The line is the floor: {told}."]
