"""What time is it? The only place that asks."""

from datetime import UTC, datetime
from typing import Protocol


class Clock(Protocol):
    """Gives the present instant, aware and in UTC."""

    def __call__(self) -> datetime: ...


def system_clock() -> datetime:
    return datetime.now(UTC)
