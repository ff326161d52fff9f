"""How long does the event loop stand still while charts are drawn?"""

import asyncio
import time
from contextlib import suppress
from datetime import date, timedelta

from bot.domain.charts import Bar, Chart
from bot.ui import charts

DRAWN = 20
MAY_STALL = 50
"""Milliseconds that nothing may keep the loop for."""

_FOUR_WEEKS = Chart(
    bars=tuple(
        Bar(day=date(2026, 3, 2) + timedelta(days=number), questions=20 + number if number % 3 else None, floor=20)
        for number in range(28)
    )
)


async def longest_stall() -> float:
    """Milliseconds beyond what a task asked to sleep; all charts wait at once, the first one loads Pillow."""
    gaps: list[float] = []
    watching = asyncio.create_task(_watch(gaps))
    await asyncio.gather(*(charts.picture(_FOUR_WEEKS) for _ in range(DRAWN)))
    watching.cancel()
    with suppress(asyncio.CancelledError):
        await watching
    return max(gaps) * 1000


async def _watch(gaps: list[float]) -> None:
    nap = 0.001
    while True:
        began = time.perf_counter()
        await asyncio.sleep(nap)
        gaps.append(time.perf_counter() - began - nap)
