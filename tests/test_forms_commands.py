"""Nothing that was typed into a form is lost: it is sent again with one tap, or opened again with the same words."""

import sqlite3
from collections import OrderedDict
from contextlib import closing
from typing import Any

import pytest

from bot import replies
from bot.domain.errors import Resting
from bot.replies import Unsaved
from tests.conftest import World, buttons

RESTING = str(Resting())
AT_HAND_NO_MORE = "I no longer have them at hand. They stand in this message, to copy."
UNCLEAR = "Your words are kept for a day."


async def opened(world: World, form: str) -> tuple[Any, Any]:
    """Ana has joined, and a form is open before her: the message it came from, and the form."""
    await world.join(world.ana)
    if form == "evening":
        await world.at("2026-03-02 21:00")
        source = (await world.ana.user.click(world.dms(world.ana)[-1], label="Kept it")).response
        return source, await world.ana.user.click(source, label="Add a number or a line")
    panel = (await world.ana.user.slash("today")).response
    if form == "log":
        return panel, await world.ana.user.click(panel, label="Log a block")
    await world.ana.user.slash("log", questions="10")
    return panel, await world.forge_dm(world.ana, "entry:edit:1")


TYPED = {
    "evening": {"questions": "40", "mood": ["4"], "line": "My line."},
    "log": {"amount": "40/30", "minutes": "50", "ticks": ["timed", "unseen"], "day": "today", "note": "My note."},
    "correct": {"amount": "40/30", "minutes": "50", "ticks": ["timed", "unseen"]},
}
HANDED_BACK = {"evening": "40\nMy line.", "log": "40/30\n50\ntoday\nMy note.", "correct": "40/30\n50"}
SAVED = {
    "evening": "**Monday, 2 March:** kept it, 40 questions. The rest is kept.",
    "log": "Logged: 40 questions, 30 right, 50 minutes.",
    "correct": "Corrected: 40 questions, 30 right, 50 minutes.",
}
ALL = list(TYPED)


async def refused(world: World, form: str) -> Any:
    """A form was sent while the records rested; they are open again."""
    _, shown = await opened(world, form)
    await world.services.records.close()
    said = (await world.ana.user.submit_modal(shown, TYPED[form])).response
    await world.services.records.open()
    return said


def stored(world: World) -> list[tuple[Any, ...]]:
    """All that a form may write, the hour and the words apart."""
    with closing(sqlite3.connect(world.records_folder / "comeback.db")) as connection:
        return [
            *connection.execute("SELECT study_day, outcome, mood, version FROM check_ins"),
            *connection.execute("SELECT study_day, amount, correct, minutes, timed, unseen, voided_at FROM entries"),
            *connection.execute("SELECT kind, count(*) FROM texts GROUP BY kind"),
        ]


# --- what could not be saved


@pytest.mark.parametrize("form", ALL)
async def test_a_form_that_could_not_be_saved_is_saved_with_one_tap(world: World, form: str) -> None:
    said = await refused(world, form)
    assert said.content == f"{RESTING}\n\nYour words, so that they aren't lost:\n>>> {HANDED_BACK[form]}"
    assert list(buttons(said)) == ["Try again"]
    saved = await world.ana.user.click(said, label="Try again")
    assert saved.response.content.startswith(SAVED[form])


@pytest.mark.parametrize("form", ALL)
async def test_what_is_tried_again_twice_is_saved_once(world: World, form: str) -> None:
    said = await refused(world, form)
    again = [world.press(world.ana.user, said, "Try again") for _ in range(3)]
    first, second = await world.at_once(*again[:2])
    once = stored(world)
    (third,) = await world.at_once(again[2])
    assert stored(world) == once
    for result in (first, second, third):
        assert result.response.content.startswith(SAVED[form])
    assert sum(40 in row for row in once) == 1


async def test_records_that_rest_still_are_tried_again_again(world: World) -> None:
    _, shown = await opened(world, "log")
    await world.services.records.close()
    said = (await world.ana.user.submit_modal(shown, TYPED["log"])).response
    for _ in range(2):
        said = (await world.ana.user.click(said, label="Try again")).response
        assert said.content.endswith(f">>> {HANDED_BACK['log']}")
    await world.services.records.open()
    assert (await world.ana.user.click(said, label="Try again")).response.content.startswith(SAVED["log"])


async def test_somebody_else_can_not_send_it(world: World) -> None:
    said = await refused(world, "log")
    bea = world.newcomer("Bea")
    await world.join(bea)
    before = stored(world)
    result = await world.forge(bea, buttons(said)["Try again"])
    assert result.response.content == AT_HAND_NO_MORE
    assert stored(world) == before
    assert (await world.ana.user.click(said, label="Try again")).response.content.startswith(SAVED["log"])


async def test_a_program_that_started_anew_says_that_the_words_stand_in_the_message(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = await refused(world, "log")
    before = stored(world)
    monkeypatch.setattr(replies, "_unsaved", OrderedDict[str, Unsaved]())  # the memory of another process
    await world.restart()
    result = await world.ana.user.click(said, label="Try again")
    assert result.response.content == AT_HAND_NO_MORE
    assert not buttons(result.response)
    assert stored(world) == before


async def test_the_oldest_are_forgotten_before_memory_fills(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(replies, "MOST_UNSAVED", 2)
    source, shown = await opened(world, "log")
    await world.services.records.close()
    said = [
        (await world.at_once(world.send(world.ana.user, shown, source, amount=str(number))))[0].response
        for number in (10, 20, 30)
    ]
    await world.services.records.open()
    found = [(await world.forge_dm(world.ana, buttons(each)["Try again"])).response.content for each in said]
    assert found[0] == AT_HAND_NO_MORE
    assert found[1].startswith("Logged: 20 questions.")


async def test_a_form_that_met_a_bug_of_ours_is_sent_again_as_well(world: World) -> None:
    world.breaks = True
    _, shown = await opened(world, "log")
    with closing(sqlite3.connect(world.records_folder / "comeback.db")) as connection:
        broken = "CREATE TRIGGER broken BEFORE INSERT ON entries BEGIN SELECT RAISE(ABORT, 'broken'); END"
        connection.execute(broken)
        connection.commit()
        said = (await world.ana.user.submit_modal(shown, TYPED["log"])).response
        assert said.content.startswith("Something went wrong on my side")
        assert said.content.endswith(f">>> {HANDED_BACK['log']}")
        connection.execute("DROP TRIGGER broken")
        connection.commit()
    assert (await world.ana.user.click(said, label="Try again")).response.content.startswith(SAVED["log"])


async def test_words_that_can_not_be_used_are_offered_to_be_opened_once_they_could_be_read(world: World) -> None:
    _, shown = await opened(world, "log")
    await world.services.records.close()
    said = (await world.ana.user.submit_modal(shown, TYPED["log"] | {"amount": "lots"})).response
    await world.services.records.open()
    unclear = (await world.ana.user.click(said, label="Try again")).response
    assert unclear.content.endswith(UNCLEAR)
    assert list(buttons(unclear)) == ["Open it again"]


# --- what can not be used as it is


def shown_in(form: Any) -> dict[str, Any]:
    """What a form holds when it opens; ticks as a list."""
    values: dict[str, Any] = {}
    for label in form.modal["components"]:
        field = label["component"]
        chosen = [option["value"] for option in field.get("options", []) if option.get("default")]
        values[field["custom_id"]] = field.get("value") or chosen or ""
    return values


@pytest.mark.parametrize("restarted", [False, True])
@pytest.mark.parametrize(
    ("form", "unclear"), [("log", {"amount": "lots"}), ("log", {"day": "30 February"}), ("correct", {"amount": "-1"})]
)
async def test_any_form_opens_again_as_it_was_sent_and_is_saved_then(
    world: World, form: str, unclear: dict[str, str], restarted: bool
) -> None:
    _, shown = await opened(world, form)
    before = stored(world)
    said = (await world.ana.user.submit_modal(shown, TYPED[form] | unclear)).response
    assert said.content.endswith(UNCLEAR)
    assert stored(world) == before
    if restarted:
        await world.restart()
    again = await world.ana.user.click(said, label="Open it again")
    assert shown_in(again) == TYPED[form] | unclear
    saved = await world.ana.user.submit_modal(again, TYPED[form])
    assert saved.response.content.startswith(SAVED[form])


async def test_a_correction_of_an_entry_that_is_gone_hands_the_words_back(world: World) -> None:
    _, shown = await opened(world, "correct")
    said = (await world.ana.user.submit_modal(shown, {"amount": "lots"})).response
    with closing(sqlite3.connect(world.records_folder / "comeback.db")) as connection:
        connection.execute("DELETE FROM entries")
        connection.commit()
    gone = (await world.ana.user.click(said, label="Open it again")).response
    assert gone.content.endswith(">>> lots")
    assert not buttons(gone)


async def test_a_refusal_that_no_words_would_mend_offers_nothing_and_hands_them_back(world: World) -> None:
    source, shown = await opened(world, "evening")
    world.clock.set("2026-03-04 21:00")
    result = (await world.at_once(world.send(world.ana.user, shown, source, questions="lots", line="My line.")))[0]
    assert result.response.content.startswith("That day is closed")
    assert result.response.content.endswith(">>> lots\nMy line.")
    assert not buttons(result.response)


# --- how a form arrives


async def test_ticks_arrive_each_and_an_empty_form_is_no_words(world: World) -> None:
    _, shown = await opened(world, "log")
    ticks = ["timed", "unseen", "worked_through", "notebook"]
    await world.ana.user.submit_modal(shown, {"amount": "20", "ticks": ticks})
    again = await world.forge_dm(world.ana, "entry:edit:1")
    assert shown_in(again)["ticks"] == ticks
    await world.ana.user.submit_modal(again, {"amount": "20", "ticks": []})
    assert shown_in(await world.forge_dm(world.ana, "entry:edit:1"))["ticks"] == ""


async def test_two_forms_drawn_alike_are_two_acts_and_one_form_sent_twice_is_one(world: World) -> None:
    source, shown = await opened(world, "log")
    other = await world.ana.user.click(source, label="Log a block")
    twice = [world.send(world.ana.user, shown, source, amount="20") for _ in range(2)]
    await world.at_once(*twice, world.send(world.ana.user, other, source, amount="20"))
    assert len([row for row in stored(world) if 20 in row]) == 2
