"""A silence as a member lives it: messages thin, one last word comes, and any sign of life brings all of them back."""

from collections.abc import Awaitable, Callable
from datetime import date, timedelta
from typing import Any

import pytest

from tests.conftest import World, buttons

MONDAY = date(2026, 3, 2)
"""They join at noon."""
DAY = timedelta(days=1)
WAY_BACK = ["Start from today", "I need help"]
MORNING_BACK = ["Floor today", "Usual", "Rough day", "I need help"]
LAST = "This is my last message for now."
NEVER = ("missed", "failed", "behind", "silent", "ago", "since", "streak", "you haven't", "you have not", "!", "sorry")


class Life:
    """Days that go by, and what arrives on each of them."""

    def __init__(self, world: World, person: Any = None) -> None:
        self.world = world
        self.person = person or world.ana
        self.day = MONDAY
        self.seen = len(world.dms(self.person))

    def new(self) -> list[Any]:
        arrived = self.world.dms(self.person)[self.seen :]
        self.seen += len(arrived)
        return arrived

    async def at(self, time: str) -> list[Any]:
        """What arrives at that time of this day."""
        await self.world.at(f"{self.day} {time}")
        return self.new()

    async def next_day(self) -> str:
        """The next day's messages: "m" and "e" for its questions, "s" for a seldom one, "L" for the last word."""
        self.day += DAY
        came = ""
        for time in ("07:30", "21:00"):
            for message in await self.at(time):
                came += _kind(message)
        return came

    async def days(self, count: int) -> list[str]:
        return [await self.next_day() for _ in range(count)]


def _kind(message: Any) -> str:
    """Which sort of message it is; none of them holds what it must not."""
    text = message.content.lower()
    assert not any(word in text for word in NEVER), message.content
    if list(buttons(message)) == WAY_BACK:
        assert "?" not in text
        assert not any(character.isdigit() for character in text), message.content
        return "L" if LAST in message.content else "s"
    return "m" if text.startswith("good morning") else "e"


def of_a_silence(days: int) -> list[str]:
    third, week = ["", "", "s"], [*[""] * 6, "s"]
    whole = [*["me"] * 5, *third * 4, "", "", *week * 4, *[""] * 6, "L"]
    return [*whole, *[""] * days][:days]


async def joined(world: World, person: Any = None) -> Life:
    """Somebody joined on Monday, and its evening came."""
    await world.join(person or world.ana)
    life = Life(world, person)
    assert [_kind(message) for message in await life.at("21:00")] == ["e"]
    return life


async def write(world: World, table: str, **values: object) -> None:
    """Put a row of Ana's into the records."""
    names, marks = ", ".join(values), ", ".join(f":{name}" for name in values)
    async with world.services.records.writing() as tx:
        await tx.execute(
            f"INSERT INTO {table} (member_id, {names}) SELECT id, {marks} FROM members WHERE name = 'Ana'", **values
        )


# --- thinning


async def test_two_months_of_silence_bring_fewer_and_fewer_messages_one_last_word_and_then_none(world: World) -> None:
    await world.join(world.ana)
    await write(world, "goals", kind="questions", weekday=-1, from_day=MONDAY, floor=10, usual=20, stretch=30)
    life = Life(world)
    await life.at("21:00")
    assert await life.days(60) == of_a_silence(60)
    assert sum(LAST in message.content for message in world.dms(world.ana)) == 1


async def test_a_restart_of_the_program_on_every_day_changes_nothing(world: World) -> None:
    life = await joined(world)
    came: list[str] = []
    for _ in range(12):
        await world.restart()
        came.append(await life.next_day())
    assert came == of_a_silence(12)


async def test_somebody_who_answers_goes_on_being_asked_while_another_fades(world: World) -> None:
    bea = world.newcomer("Bea")
    await world.join(bea)
    ana, others = await joined(world), Life(world, bea)
    others.new()
    silent: list[str] = []
    for _ in range(12):
        silent.append(await ana.next_day())
        morning, evening = others.new()
        assert _kind(morning) + _kind(evening) == "me"
        await bea.user.click(evening, label="Not today")
    assert silent == of_a_silence(12)


async def test_rest_days_put_a_silence_off_and_bring_no_message(world: World) -> None:
    await world.join(world.ana)
    await write(world, "rest_weekdays", from_day=MONDAY, mask=0b1100000)
    life = Life(world)
    await life.at("21:00")
    came = {MONDAY + number * DAY: said for number, said in enumerate(await life.days(77), 1)}
    assert {said for day, said in came.items() if day.weekday() > 4} == {""}
    assert [said for day, said in came.items() if day.weekday() < 5] == of_a_silence(55)


@pytest.mark.parametrize("after", [2, 20])
async def test_a_pause_of_the_cohort_puts_a_silence_off_and_brings_no_message(world: World, after: int) -> None:
    life = await joined(world)
    before = await life.days(after)
    async with world.services.records.writing() as tx:
        await tx.execute(
            "INSERT INTO spans (cohort_id, kind, from_day, to_day) SELECT id, 'pause', :first, :last FROM cohorts",
            first=life.day + DAY,
            last=life.day + 10 * DAY,
        )
    assert await life.days(10) == [""] * 10
    assert before + await life.days(56 - after) == of_a_silence(56)


async def test_a_pause_of_their_own_is_a_sign_of_life_and_the_first_morning_after_it_is_warm(world: World) -> None:
    life = await joined(world)
    await life.days(8)
    await world.ana.slash(world.channel, "rest pause", until=f"{life.day + 5 * DAY:%d %B}")
    assert await life.days(5) == [""] * 5
    life.day += DAY
    (morning,) = await life.at("07:30")
    assert "It is good to have you back. Nothing has piled up" in morning.content
    assert list(buttons(morning)) == MORNING_BACK
    assert [_kind(message) for message in await life.at("21:00")] == ["e"]
    assert await life.days(4) == ["me"] * 4


async def away(life: Life, since: str, hours: int) -> None:
    """The program is not there for so many hours from that time of the day on; `life.day` is over then."""
    world = life.world
    world.clock.set(f"{life.day} {since}")
    await world.services.outages.beat(world.clock())
    world.clock.move(hours=hours)
    later, hour = divmod(int(since[:2]) + hours, 24)
    life.day += (later - (hour < 7)) * DAY
    await world.services.outages.beat(world.clock())
    await world.deliver()


async def test_a_day_lost_to_an_outage_is_no_day_of_silence(world: World) -> None:
    life = await joined(world)
    assert await life.days(3) == ["me"] * 3
    life.day += DAY
    assert list(map(_kind, await life.at("07:30"))) == ["m"]
    await away(life, "12:00", 40)  # back at four in the morning, when the next day's evening may still be answered
    assert list(map(_kind, life.new())) == ["e"]
    assert await life.days(20) == of_a_silence(24)[4:]


@pytest.mark.parametrize(
    ("since", "hours", "rests"),
    [("04:00", 16, False), ("04:00", 18, False), ("04:00", 44, False), ("12:00", 40, False), ("12:00", 40, True)],
)
async def test_the_last_word_is_said_once_also_if_the_program_is_away_on_that_day(
    world: World, since: str, hours: int, rests: bool
) -> None:
    life = await joined(world)
    if rests:
        tomorrow = MONDAY + 55 * DAY
        await write(world, "spans", kind="rest", from_day=tomorrow, to_day=tomorrow)
    await life.days(53)
    life.day += DAY
    if since > "07:30":
        await life.at("07:30")
    await away(life, since, hours)
    await life.days(10)
    assert sum(LAST in message.content for message in world.dms(world.ana)) == 1


# --- and back


@pytest.mark.parametrize("days", [8, 25, 60])
async def test_start_from_today_brings_one_question_and_then_the_normal_rhythm(world: World, days: int) -> None:
    life = await joined(world)
    await life.days(days)
    world.clock.set(f"{life.day} 22:00")
    seldom = world.dms(world.ana)[-1]
    assert list(buttons(seldom)) == WAY_BACK
    question = (await world.ana.user.click(seldom, label="Start from today")).response
    assert question.content.count("?") == 1
    assert not any(word in question.content.lower() for word in NEVER)
    assert list(buttons(question))[:4] == MORNING_BACK
    life.new()
    answered = (await world.ana.user.click(question, label="Floor today")).response
    assert "floor today" in answered.content
    life.new()
    assert await life.days(5) == ["me"] * 5
    assert await life.days(3) == ["", "", "s"]


async def test_start_from_today_at_noon_brings_that_days_evening(world: World) -> None:
    life = await joined(world)
    await life.days(7)
    life.day += DAY
    (seldom,) = await life.at("07:30")
    world.clock.set(f"{life.day} 12:00")
    await world.ana.user.click(seldom, label="Start from today")
    life.new()
    assert list(map(_kind, await life.at("21:00"))) == ["e"]
    assert await life.next_day() == "me"


async def test_a_last_word_pressed_twice_and_after_a_restart_starts_once_more(world: World) -> None:
    life = await joined(world)
    await life.days(58)
    await world.restart()
    last = world.dms(world.ana)[-1]
    results = await world.at_once(*(world.press(world.ana.user, last, "Start from today") for _ in range(2)))
    assert len({it.response.content for it in results}) == 1
    life.new()
    assert await life.days(2) == ["me"] * 2


Sign = Callable[[World], Awaitable[Any]]


async def _looks(world: World) -> None:
    await world.ana.slash(world.channel, "today")


async def _looks_in_a_dm(world: World) -> None:
    await world.ana.user.slash("today")


async def _logs(world: World) -> None:
    await world.ana.slash(world.channel, "log", questions="5")


async def _opens_the_check_in(world: World) -> None:
    await world.ana.slash(world.channel, "checkin")


async def _answers_a_day_that_is_closed(world: World) -> None:
    evening = next(it for it in reversed(world.dms(world.ana)) if "Kept it" in buttons(it))
    await world.ana.user.click(evening, label="Kept it")


@pytest.mark.parametrize("days", [7, 60])
@pytest.mark.parametrize("sign", [_looks, _looks_in_a_dm, _logs, _opens_the_check_in, _answers_a_day_that_is_closed])
async def test_any_sign_of_life_brings_the_normal_rhythm_back(world: World, sign: Sign, days: int) -> None:
    life = await joined(world)
    await life.days(days)
    world.clock.set(f"{life.day} 22:00")
    await sign(world)
    life.new()
    assert await life.days(2) == ["me"] * 2


async def test_the_panel_of_somebody_who_comes_back_is_that_of_any_day(world: World) -> None:
    life = await joined(world)
    fresh = (await world.ana.slash(world.channel, "today")).response
    await life.days(60)
    life.day += DAY
    await life.at("07:30")
    world.clock.set(f"{life.day} 12:00")
    back = (await world.ana.slash(world.channel, "today")).response
    assert back.content.split("\n")[1:] == [
        "No goal is set; whatever you do counts.",
        "Check-in: open.",
        "Next message: today at 21:00.",
    ]
    ways = list(buttons(back))
    assert ways[: len(buttons(fresh))] == list(buttons(fresh))
    assert len(ways) <= len(buttons(fresh)) + 1
    assert list(map(_kind, await life.at("21:00"))) == ["e"]
