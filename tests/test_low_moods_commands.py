"""A member sees their own low evenings, once a fortnight, below the answer to a mood that they wrote."""

import sqlite3
from contextlib import closing
from typing import Any

from tests.conftest import World, buttons

HEAD = "**How your evenings were, as you wrote it**"


async def evening(world: World, day: str, mood: str = "", **more: str) -> Any:
    """Ana answers a day of March and adds a mood; returns the answer with what stands below it."""
    world.clock.set(f"2026-03-{day} 21:30")
    shown = await world.ana.slash(world.channel, "checkin")
    await world.ana.click(shown.response, label="Some of it")
    form = await world.ana.click(shown.response, label="Add a number or a line")
    return await world.ana.submit_modal(form, {"mood": [mood], **more} if mood else more)


async def low_evenings(world: World, first: int, count: int, mood: str = "1") -> list[Any]:
    return [await evening(world, f"{first + number:02}", mood) for number in range(count)]


def shown(result: Any) -> list[str]:
    return [below.content for below in result.followups]


async def test_the_seventh_low_evening_shows_the_record_and_no_earlier_one(world: World) -> None:
    await world.join(world.ana)
    results = await low_evenings(world, 3, 7)
    assert [shown(result) for result in results[:6]] == [[]] * 6
    (below,) = results[6].followups
    assert below.content.startswith(f"{HEAD}\nTue 3 March to Mon 9 March: very low")
    assert below.ephemeral
    assert list(buttons(below)) == ["I need help"]
    assert results[6].response.content.startswith("**Monday, 9 March:** some of it.")
    assert HEAD not in results[6].response.content, "a phone may lie open on a table"


async def test_it_is_shown_once_in_fourteen_days(world: World) -> None:
    await world.join(world.ana)
    results = await low_evenings(world, 3, 22)
    assert [number for number, result in enumerate(results) if shown(result)] == [6, 20]


async def test_an_evening_without_a_mood_or_with_a_better_one_shows_nothing(world: World) -> None:
    await world.join(world.ana)
    await low_evenings(world, 3, 6)
    assert not shown(await evening(world, "09", line="A line."))
    assert not shown(await evening(world, "10", "3"))
    assert shown(await evening(world, "11", "2"))


async def test_where_a_card_is_the_answer_the_record_waits_for_another_evening(world: World) -> None:
    await world.join(world.ana)
    await low_evenings(world, 3, 6)
    carded = await evening(world, "09", "1", line="i want to die")
    assert not any(HEAD in text for text in shown(carded))
    assert any(HEAD in text for text in shown(await evening(world, "10", "1")))


async def test_somebody_elses_evenings_are_nobodys(world: World) -> None:
    bea = world.newcomer("Bea")
    await world.join(bea)
    await world.join(world.ana)
    await low_evenings(world, 3, 6)
    world.clock.set("2026-03-09 21:30")
    asked = await bea.slash(world.channel, "checkin")
    await bea.click(asked.response, label="Some of it")
    form = await bea.click(asked.response, label="Add a number or a line")
    assert not (await bea.submit_modal(form, {"mood": ["1"]})).followups


async def test_a_record_that_can_t_be_looked_up_costs_nobody_their_answer(world: World) -> None:
    await world.join(world.ana)
    await low_evenings(world, 3, 6)
    with closing(sqlite3.connect(world.records_folder / "comeback.db")) as connection:
        breaks = "WHEN new.what = 'low_moods' BEGIN SELECT RAISE(ABORT, 'x'); END"
        connection.execute(f"CREATE TRIGGER broken BEFORE INSERT ON shown {breaks}")
        connection.commit()
    result = await evening(world, "09", "1")
    assert result.response.content.startswith("**Monday, 9 March:** some of it.")
    assert not result.followups
