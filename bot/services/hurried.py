"""How does a task that looks now and then learn that somebody waits?"""

import asyncio
from datetime import timedelta


class Hurried:
    """What such a task asks for its work."""

    def __init__(self) -> None:
        self._hurry = asyncio.Event()

    def hurry(self) -> None:
        """Something changed, or somebody waits: let the task look now."""
        self._hurry.set()

    async def work(self, idle: timedelta) -> None:
        """Return as soon as somebody hurries, else after `idle`."""
        try:
            async with asyncio.timeout(idle.total_seconds()):
                await self._hurry.wait()
        except TimeoutError:
            pass
        self._hurry.clear()
