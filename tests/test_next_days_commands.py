"""After a help card: what somebody is asked, what arrives in the next days, and that nobody else can tell."""

import sqlite3
from contextlib import closing
from typing import Any

import pytest

from bot.ui.next_days import QUESTION, SAID
from tests.conftest import World, buttons

CARD = "In danger now, or already hurt?"
CHOICES = ["Ask me tomorrow", "Be quiet for 48 hours", "Carry on"]
EVENING, MORNING = ["Kept it", "Some of it", "Not today", "Rough day", "I need help"], "What kind of day is it?"


async def arriving(world: World, person: Any, local: str) -> list[str]:
    """What is new in somebody's DMs at that time."""
    before = len(world.dms(person))
    await world.at(local)
    return [message.content for message in world.dms(person)[before:]]


def row(world: World, person: Any) -> dict[str, Any]:
    """A member as they are stored."""
    with closing(sqlite3.connect(world.records_folder / "comeback.db")) as connection:
        connection.row_factory = sqlite3.Row
        found = connection.execute("SELECT * FROM members WHERE discord_id = ?", (person.id,)).fetchone()
        return dict(found) if found else {}


def stored(world: World) -> dict[str, list[Any]]:
    with closing(sqlite3.connect(world.records_folder / "comeback.db")) as connection:
        names = [name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        return {name: connection.execute(f"SELECT * FROM {name}").fetchall() for name in names}


async def needs_help(world: World, person: Any) -> Any:
    """The button on the newest DM; returns what was asked below the card."""
    shown = await person.user.click(world.dms(person)[-1], label="I need help")
    assert CARD in shown.response.content
    (below,) = shown.followups
    assert below.content == QUESTION
    assert below.ephemeral
    assert list(buttons(below)) == CHOICES
    return below


async def test_unless_something_is_chosen_it_is_quiet_until_tomorrow_which_opens_with_how_are_you(world: World) -> None:
    await world.join(world.ana)
    await world.ana.slash(world.channel, "goal set", floor="10", usual="20")
    await needs_help(world, world.ana)
    assert await arriving(world, world.ana, "2026-03-02 21:00") == []
    (morning,) = await arriving(world, world.ana, "2026-03-03 07:30")
    assert morning.startswith("Good morning, Ana.\nHow are you?")
    assert "20" not in morning
    (evening,) = await arriving(world, world.ana, "2026-03-03 21:00")
    assert "How are you" not in evening
    (next_morning,) = await arriving(world, world.ana, "2026-03-04 07:30")
    assert MORNING in next_morning


async def test_the_next_message_is_told_on_the_panel_as_it_will_come(world: World) -> None:
    await world.join(world.ana)
    assert "Next message: today at 21:00" in (await world.ana.slash(world.channel, "today")).response.content
    await needs_help(world, world.ana)
    panel = (await world.ana.slash(world.channel, "today")).response.content
    assert "Next message: tomorrow at 07:30" in panel
    assert "Nothing is asked, and nothing is missing." in panel


async def test_48_hours_of_quiet_are_quiet_and_nothing_of_them_counts_as_missed(world: World) -> None:
    await world.join(world.ana)
    below = await needs_help(world, world.ana)
    chosen = await world.ana.user.click(below, label="Be quiet for 48 hours")
    assert chosen.response.content == "Quiet for 48 hours, then. Nothing counts as missed."
    assert list(buttons(chosen.response)) == ["Ask me tomorrow", "Carry on"]
    panel = (await world.ana.slash(world.channel, "today")).response.content
    assert "Next message: on Wednesday, 4 March at 21:00" in panel
    for time in ("02 21:00", "03 07:30", "03 21:00", "04 07:30"):
        assert await arriving(world, world.ana, f"2026-03-{time}") == [], time
    (evening,) = await arriving(world, world.ana, "2026-03-04 21:00")
    assert evening.startswith("Good evening, Ana.\nHow are you?")
    assert quiet_days(world) == [("2026-03-02", "2026-03-03")]


def quiet_days(world: World) -> list[Any]:
    with closing(sqlite3.connect(world.records_folder / "comeback.db")) as connection:
        return connection.execute("SELECT from_day, to_day FROM spans WHERE kind = 'rest'").fetchall()


async def test_to_carry_on_brings_the_next_message_as_usual_but_for_its_opening(world: World) -> None:
    await world.join(world.ana)
    below = await needs_help(world, world.ana)
    await world.ana.user.click(below, label="Carry on")
    assert quiet_days(world) == []
    (evening,) = await arriving(world, world.ana, "2026-03-02 21:00")
    assert evening.startswith("Good evening, Ana.\nHow are you?")
    assert list(buttons(world.dms(world.ana)[-1])) == EVENING
    (morning,) = await arriving(world, world.ana, "2026-03-03 07:30")
    assert MORNING in morning


async def test_the_newest_choice_holds_and_an_earlier_one_leaves_nothing_behind(world: World) -> None:
    await world.join(world.ana)
    below = await needs_help(world, world.ana)
    await world.ana.user.click(below, label="Be quiet for 48 hours")
    await world.ana.user.click(below, label="Ask me tomorrow")
    assert quiet_days(world) == [("2026-03-02", "2026-03-02")]
    (morning,) = await arriving(world, world.ana, "2026-03-03 07:30")
    assert "How are you?" in morning


async def test_another_card_does_not_shorten_a_quiet_that_was_chosen(world: World) -> None:
    await world.join(world.ana)
    below = await needs_help(world, world.ana)
    await world.ana.user.click(below, label="Be quiet for 48 hours")
    await needs_help(world, world.ana)
    assert await arriving(world, world.ana, "2026-03-03 07:30") == []


async def test_whoever_was_hurt_is_left_alone_and_hears_one_word_the_next_evening(world: World) -> None:
    await world.join(world.ana)
    shown = await world.ana.slash(world.channel, "crisis")
    await world.ana.click(shown.response, label="Already hurt or taken something")
    assert shown.response.content.startswith("**Call now:")
    assert list(buttons(shown.response)) == ["Back"]
    for time in ("02 21:00", "03 07:30"):
        assert await arriving(world, world.ana, f"2026-03-{time}") == [], time
    (word,) = await arriving(world, world.ana, "2026-03-03 21:00")
    assert word.startswith("Good evening, Ana.\nI'm here when you want.")
    assert list(buttons(world.dms(world.ana)[-1])) == ["I need help", "Open the day"]
    (morning,) = await arriving(world, world.ana, "2026-03-04 07:30")
    assert MORNING in morning


async def test_worry_about_somebody_else_changes_nothing(world: World) -> None:
    await world.join(world.ana)
    shown = await world.ana.slash(world.channel, "log", questions="my friend says he wants to die")
    assert "Are they in danger now" in shown.response.content
    await world.ana.click(shown.response, label="Already hurt or taken something")
    assert len(await arriving(world, world.ana, "2026-03-02 21:00")) == 1
    assert row(world, world.ana)["next_opening"] == ""


async def test_not_what_i_meant_brings_everything_back_as_it_was(world: World) -> None:
    await world.join(world.ana)
    shown = await world.ana.slash(world.channel, "log", questions="i want to die")
    assert row(world, world.ana)["next_opening"] == "how_are_you"
    await world.ana.click(shown.response, label="Not what I meant")
    after = row(world, world.ana)
    assert (after["next_opening"], after["quiet_until"]) == ("", None)
    assert quiet_days(world) == []
    (evening,) = await arriving(world, world.ana, "2026-03-02 21:00")
    assert "How are you" not in evening


async def test_not_what_i_meant_takes_back_no_quiet_that_was_chosen_before(world: World) -> None:
    await world.join(world.ana)
    below = await needs_help(world, world.ana)
    await world.ana.user.click(below, label="Be quiet for 48 hours")
    world.clock.move(hours=1)
    shown = await world.ana.slash(world.channel, "log", questions="i want to die")
    await world.ana.click(shown.response, label="Not what I meant")
    assert await arriving(world, world.ana, "2026-03-03 21:00") == []


@pytest.mark.parametrize("where", ["Just found out", "Not ready to plan"])
async def test_on_the_gentle_path_the_next_evening_asks_how_you_are_and_needs_no_answer(
    world: World, where: str
) -> None:
    await world.join(world.ana, where)
    await needs_help(world, world.ana)
    assert await arriving(world, world.ana, "2026-03-02 21:00") == []
    (evening,) = await arriving(world, world.ana, "2026-03-03 21:00")
    assert evening == "Good evening, Ana.\nHow are you? Nothing to answer tonight."


async def test_whoever_is_paused_is_asked_nothing_about_the_next_days(world: World) -> None:
    await world.join(world.ana)
    await world.ana.slash(world.channel, "rest pause")
    shown = await world.ana.slash(world.channel, "crisis")
    assert CARD in shown.response.content
    assert not shown.followups
    assert row(world, world.ana)["last_card_at"] is not None
    assert row(world, world.ana)["next_opening"] == ""


async def test_somebody_who_never_joined_gets_the_card_and_leaves_no_trace(world: World) -> None:
    before = stored(world)
    shown = await world.ana.slash(world.channel, "crisis")
    assert CARD in shown.response.content or "emergency" in shown.response.content
    assert not shown.followups
    assert stored(world) == before
    forged = await world.forge(world.ana, "next:quiet")
    assert forged.response.content.startswith("You haven't joined yet")
    assert stored(world) == before


async def test_without_records_the_card_is_the_whole_answer(world: World) -> None:
    await world.join(world.ana)
    await world.services.records.close()
    shown = await world.ana.slash(world.channel, "crisis")
    assert "emergency" in shown.response.content
    assert not shown.followups


async def test_somebody_silent_for_long_hears_how_are_you_the_next_morning(world: World) -> None:
    """Ten silent days in, one message in three days would be all."""
    await world.join(world.ana)
    for day in range(3, 15):
        await world.at(f"2026-03-{day:02} 21:00")
    world.clock.set("2026-03-14 22:00")
    await needs_help(world, world.ana)
    (morning,) = await arriving(world, world.ana, "2026-03-15 07:30")
    assert "How are you?" in morning


async def test_nobody_else_can_tell_that_somebody_opened_a_card_or_changed_what_comes_next(world: World) -> None:
    """What stands in the channel, what moderators read, and the sign of life that decides who is around."""
    bea = world.newcomer("Bea")
    await world.join(world.ana)
    await world.join(bea)
    signs = {person.id: row(world, person)["last_sign_at"] for person in (world.ana, bea)}
    before = await seen_by_others(world)
    world.clock.move(hours=1)
    below = await needs_help(world, world.ana)
    await world.ana.user.click(below, label="Be quiet for 48 hours")
    await world.ana.slash(world.channel, "rest days", dates="i want to die")
    await world.ana.send_dm("i want to die")
    assert await seen_by_others(world) == before
    assert {person.id: row(world, person)["last_sign_at"] for person in (world.ana, bea)} == signs


async def seen_by_others(world: World) -> list[Any]:
    """The channel as a member and a moderator see it, and what the moderators' commands that change nothing say."""
    channel = [message.content for message in world.channel.history(viewer=world.newcomer("Cleo"))]
    answers = [await world.moderator.slash(world.channel, command) for command in ("cohort list", "queue show")]
    return [channel, *(answer.response.content for answer in answers)]


def test_every_choice_has_a_word_of_its_own() -> None:
    assert len(set(SAID.values())) == len(CHOICES)
    assert all("!" not in text for text in (*SAID.values(), QUESTION))
