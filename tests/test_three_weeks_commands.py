"""Three weeks as two people live them: every command and button in its place, across a clock change.

Ana studies by day in Chicago, where the clocks go forward on 8 March 2026. Ben works nights from the second week on.
"""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from tests.conftest import World, buttons

MONDAY = date(2026, 3, 2)
"""They join at noon."""


class Weeks:
    """The world, and what arrived in it while time went by."""

    def __init__(self, world: World, person: Any) -> None:
        self.world = world
        self.person = person
        self.seen = len(world.dms(person))
        self.arrived: dict[tuple[date, str], str] = {}
        """The first line of every message, by its local date and time."""

    async def until(self, day: date, at: str, zone: str = "America/Chicago") -> Any:
        """Let it be that time, minute by minute enough for what is due; returns the newest message, if any came."""
        await self.world.at(f"{day} {at}", zone)
        new = self.world.dms(self.person)[self.seen :]
        self.seen += len(new)
        for message in new:
            self.arrived[day, at] = message.content
        assert len(new) <= 1, [message.content for message in new]
        return new[0] if new else None

    async def tap(self, message: Any, label: str) -> str:
        """A button of a DM; returns what the message says then."""
        return str((await self.person.user.click(message, label=label)).response.content)

    async def slash(self, command: str, **options: Any) -> Any:
        """A command typed in the server; returns the answer."""
        return (await self.person.slash(self.world.channel, command, **options)).response


def days(first: date, count: int) -> Iterable[date]:
    return (first + timedelta(days=number) for number in range(count))


async def test_ana_has_two_messages_a_day_at_her_own_time_and_loses_nothing_by_rest_or_silence(world: World) -> None:
    await world.join(world.ana)
    ana = Weeks(world, world.ana)

    # The first week: a goal by guess, blocks, one rough day, a rest day each Sunday, the clocks go forward.
    assert "kept" not in (await ana.slash("today")).content
    await ana.slash("goal set", floor="10", usual="20", stretch="30")
    assert "10 / 20 / 30" in (await ana.slash("today")).content
    await ana.slash("rest days", weekdays="Sundays")
    assert await ana.until(MONDAY, "21:00") is not None

    tuesday, wednesday, thursday, friday, saturday, sunday = days(MONDAY + timedelta(days=1), 6)
    morning = await ana.until(tuesday, "07:30")
    assert "10 / 20 / 30" in morning.content
    await ana.tap(morning, "Usual")
    answer = await ana.slash("log", questions="20/14", minutes=45)
    assert "That makes it a kept day." in answer.content
    evening = await ana.until(tuesday, "21:00")
    assert "Logged: 20 questions." in evening.content
    await ana.tap(evening, "Kept it")

    morning = await ana.until(wednesday, "07:30")
    assert "Yesterday: 20 questions." in morning.content
    await ana.tap(morning, "Rough day")
    assert await ana.until(wednesday, "21:00") is None, "a rough day is rest, and nothing more comes"

    morning = await ana.until(thursday, "07:30")
    assert next(iter(buttons(morning))) == "Floor today", "it opens with the floor"
    assert await ana.until(thursday, "21:00") is not None
    for day in (friday, saturday):  # silence: nothing happens
        assert await ana.until(day, "07:30") is not None
        assert await ana.until(day, "21:00") is not None
    assert await ana.until(sunday, "07:30") is None, "Sundays are rest"
    assert await ana.until(sunday, "21:00") is None
    assert "rest" in (await ana.slash("today")).content

    # The second week: after the clocks changed it is 07:30 and 21:00 all the same; ill from Wednesday on.
    second = list(days(MONDAY + timedelta(days=7), 7))
    for day in second[:2]:
        morning = await ana.until(day, "07:30")
        assert "missed" not in morning.content.lower()
        await ana.tap(morning, "Floor today")
        await ana.slash("log", questions="10")
        await ana.tap(await ana.until(day, "21:00"), "Kept it")
    await ana.slash("rest pause", until=f"{second[5]:%d} March")
    for day in second[2:6]:
        assert await ana.until(day, "07:30") is None
        assert await ana.until(day, "21:00") is None
    assert await ana.until(second[6], "07:30") is None, "the first day after it is a Sunday"

    # The third week: one warm line and the floor, then an ordinary day, taken back and corrected.
    third = list(days(MONDAY + timedelta(days=14), 7))
    morning = await ana.until(third[0], "07:30")
    await ana.tap(morning, "Usual")
    await ana.slash("log", questions="2 blocks")
    assert "40 questions" in (await ana.slash("today")).content
    assert "Taken back: 40 questions" in (await ana.slash("undo")).content
    assert "40 questions" not in (await ana.slash("today")).content
    await ana.slash("log", questions="20", kind="flashcards")
    assert "20 flashcards" in (await ana.slash("today")).content
    assert await ana.until(third[0], "21:00") is not None

    mornings = [at for at in ana.arrived if at[1] == "07:30"]
    assert len(mornings) == len(set(mornings))


async def test_on_nights_ben_is_written_to_after_waking_and_before_sleep(world: World) -> None:
    ben = world.newcomer("Ben")
    await world.join(ben)
    weeks = Weeks(world, ben)
    assert await weeks.until(MONDAY, "21:00") is not None
    for day in days(MONDAY + timedelta(days=1), 6):
        assert await weeks.until(day, "07:30") is not None
        await weeks.tap(await weeks.until(day, "21:00"), "Some of it")

    shift = list(days(MONDAY + timedelta(days=7), 5))
    assert await weeks.until(shift[0], "07:30") is not None
    await weeks.slash("rest nights", until=f"{shift[4]:%d} March", wake="4 pm", sleep="8:30")
    assert await weeks.until(shift[0], "16:30") is None, "that day's morning was asked already"
    assert await weeks.until(shift[0], "21:00") is None
    for day in shift[1:]:
        await weeks.tap(await weeks.until(day, "07:30"), "Kept it")  # the evening of the night before
        assert await weeks.until(day, "16:30") is not None
        assert await weeks.until(day, "21:00") is None

    after = shift[4] + timedelta(days=1)
    last = await weeks.until(after, "07:30")
    assert last is not None, "the last night keeps its own evening"
    await weeks.tap(last, "Kept it")
    assert await weeks.until(after, "12:00") is not None, "the day after begins when the last night is over"
    assert await weeks.until(after, "21:00") is not None
    for day in days(after + timedelta(days=1), 7):
        assert await weeks.until(day, "07:30") is not None
        await weeks.tap(await weeks.until(day, "21:00"), "Some of it")
