"""Which service method runs how often? Never when somebody is due: that is computed by us, row by row."""

import logging
from collections.abc import Awaitable, Callable

from apscheduler.schedulers.asyncio import AsyncIOScheduler  # pyright: ignore[reportMissingTypeStubs]

from bot.domain.errors import Resting
from bot.services import Services

log = logging.getLogger(__name__)

PLAN_EVERY, BEAT_EVERY, TIDY_EVERY = 1, 30, 3600
"""Seconds."""


class Scheduler:
    """Interval jobs only; one that is late runs once, and never beside itself."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._jobs = AsyncIOScheduler(
            timezone="UTC",
            job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None},
        )
        for job, seconds in ((self._plan, PLAN_EVERY), (self._beat, BEAT_EVERY), (self._tidy, TIDY_EVERY)):
            self._jobs.add_job(_guarded(job), "interval", seconds=seconds)  # pyright: ignore[reportUnknownMemberType]

    def start(self) -> None:
        self._jobs.start()

    def stop(self) -> None:
        """Nothing is planned any more; what runs is cut off and rolls back."""
        self._jobs.shutdown(wait=False)

    async def _plan(self) -> None:
        planned = await self._services.planning.plan_due(self._services.clock())
        if planned:
            self._services.delivery.hurry()

    async def _beat(self) -> None:
        now = self._services.clock()
        outage = await self._services.outages.beat(now)
        if outage is not None:
            log.warning("away from %s to %s; nothing of it counts", outage.began, outage.ended)
        await self._services.delivery.doubt_expired(now)

    async def _tidy(self) -> None:
        await self._services.planning.tidy(self._services.clock())


def _guarded(job: Callable[[], Awaitable[None]]) -> Callable[[], Awaitable[None]]:
    async def run() -> None:
        try:
            await job()
        except Resting:
            log.warning("records can't be reached; %s is tried again", job.__name__)
        except Exception as error:  # noqa: BLE001 - one failure must not end all later runs
            log.error("%s failed: %s", job.__name__, type(error).__name__)

    return run
