"""What do the records say, if they say it soon?"""

import asyncio
import logging
from collections.abc import Coroutine
from typing import Any, TypeVar

PATIENCE = 0.5
"""Seconds the records may take where somebody waits for help; nothing waits for them any longer."""

T = TypeVar("T")

log = logging.getLogger(__name__)


class Soon:
    """Asks records that may fail or hang; never raises, and never waits beyond `PATIENCE`."""

    def __init__(self) -> None:
        self._abandoned: set[asyncio.Task[Any]] = set()

    async def ask(self, asking: Coroutine[Any, Any, T]) -> T | None:
        """What the records say, or None.

        Not `asyncio.timeout`: that waits until the cancelled work has cleaned up, and a database that is
        stuck is stuck in its rollback too.
        """
        task = asyncio.create_task(asking)
        try:
            await asyncio.wait({task}, timeout=PATIENCE)
        finally:
            if not task.done():
                task.cancel()
                self._abandoned.add(task)
                task.add_done_callback(self._forget)
        return self._outcome(task) if task.done() else self._too_late()

    def _outcome(self, task: asyncio.Task[T]) -> T | None:
        try:
            return task.result()
        except (Exception, asyncio.CancelledError) as error:  # noqa: BLE001 - nothing may stand before the card
            log.warning("crisis card without records: %s", type(error).__name__)
            return None

    def _too_late(self) -> None:
        log.warning("crisis card without records: no answer in %s seconds", PATIENCE)

    def _forget(self, task: asyncio.Task[Any]) -> None:
        self._abandoned.discard(task)
        if not task.cancelled() and (error := task.exception()):
            log.warning("crisis card without records: %s, later", type(error).__name__)
