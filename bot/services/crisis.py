"""Whose card is it? Answers within half a second, with or without records."""

import asyncio
import logging
from collections.abc import Coroutine
from typing import Any, Protocol, TypeVar

from bot.domain import crisis as rules

PATIENCE = 0.5
"""Seconds the records may take; the card does not wait for them any longer."""

T = TypeVar("T")

log = logging.getLogger(__name__)


class Records(Protocol):
    """What is kept about people, as far as the card wants it; any of it may fail or hang."""

    async def country_of(self, discord_id: int) -> str | None:
        """The ISO code somebody chose, else the one of their time zone, else None."""
        ...

    async def remember_country(self, discord_id: int, code: str) -> None:
        """Keep a choice, for members only."""
        ...


class CrisisService:
    """Finds the country of a card; no method ever raises, or waits for the records beyond `PATIENCE`."""

    def __init__(self, resources: rules.Resources, records: Records) -> None:
        self._resources = resources
        self._records = records
        self._abandoned: set[asyncio.Task[Any]] = set()

    @property
    def countries(self) -> tuple[rules.Country, ...]:
        """All countries that have a card of their own, in the order of the data."""
        return self._resources.countries

    def country(self, code: str) -> rules.Country | None:
        """The country an ISO code is served by."""
        return self._resources.country(code)

    async def country_for(self, discord_id: int) -> rules.Country | None:
        """The country to open with; None means the card that works everywhere."""
        code = await self._answer(self._records_say(discord_id))
        return self._resources.country(code) if isinstance(code, str) else None

    async def choose(self, discord_id: int, code: str) -> None:
        """Remember a choice where there is something to remember it in."""
        if self._resources.country(code):
            await self._answer(self._remember(discord_id, code))

    async def _records_say(self, discord_id: int) -> str | None:
        return await self._records.country_of(discord_id)

    async def _remember(self, discord_id: int, code: str) -> None:
        await self._records.remember_country(discord_id, code)

    async def _answer(self, asking: Coroutine[Any, Any, T]) -> T | None:
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
