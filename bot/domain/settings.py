"""What may a member choose for their days? Words in; a clock or a number out."""

from dataclasses import replace

from bot.domain import clock_times, numbers
from bot.domain.blocks import LARGEST_BLOCK, SMALLEST_BLOCK
from bot.domain.days import MINUTES_A_DAY, Clock
from bot.domain.errors import UserError

HOURS = range(24)


def with_times(clock: Clock, morning: str, evening: str) -> Clock:
    """The clock with the times as typed; an empty one stays as it is.

    Raises UserError for words that are no time, for none at all, and for two times that do not fit the day.
    """
    if not (morning.strip() or evening.strip()):
        raise UserError("A morning time, an evening time or both work here, such as `7:30` and `21:00`.")
    try:
        return replace(
            clock,
            morning_minute=clock_times.understand(morning) if morning.strip() else clock.morning_minute,
            evening_minute=clock_times.understand(evening) if evening.strip() else clock.evening_minute,
        )
    except ValueError:
        raise UserError(
            "The evening has to come at least two hours after the morning, before your day ends at "
            f"{_hour(clock.cut_hour)}; `/settings day` moves that end."
        ) from None


def with_cut(clock: Clock, hour: str) -> Clock:
    """The clock with its days cut at the hour as typed. Raises UserError for one that does not fit its times."""
    minute = clock_times.understand(hour)
    if minute % 60:
        raise UserError("A day can end at a whole hour only, such as `4:00` or `midnight`.")
    if not _fits(clock, minute // 60):
        fitting = _fitting(clock)
        works = f"anything from {_hour(fitting[0])} to {_hour(fitting[-1])}" if len(fitting) > 1 else _hour(fitting[0])
        raise UserError(f"The end of your day has to lie between your evening and your morning message: {works} works.")
    return replace(clock, cut_hour=minute // 60)


def block_size(text: str) -> int:
    """How many questions make a block. Raises UserError unless it is a number from 10 to 50."""
    try:
        size = numbers.count(text, block_size=0, most=LARGEST_BLOCK)
    except UserError:
        size = 0
    if size < SMALLEST_BLOCK:
        raise UserError(f"A block can have {SMALLEST_BLOCK} to {LARGEST_BLOCK} questions, such as `20`.")
    return size


def _fitting(clock: Clock) -> list[int]:
    """The hours at which this clock's days can be cut, from the evening on; the one that holds is among them."""
    around = sorted(HOURS, key=lambda hour: (hour * 60 - clock.evening_minute - 1) % MINUTES_A_DAY)
    return [hour for hour in around if _fits(clock, hour)]


def _fits(clock: Clock, hour: int) -> bool:
    try:
        replace(clock, cut_hour=hour)
    except ValueError:
        return False
    return True


def _hour(hour: int) -> str:
    return f"{hour:02d}:00"
