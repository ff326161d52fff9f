"""Work is written down by a command or a form, shown on one panel, corrected and taken back; nothing counts twice."""

from typing import Any

import pytest
from simcord.backend.errors import SetupError

from bot.domain.blocks import Work
from tests.conftest import World, buttons

PANEL = "**Monday, 2 March**\nNo goal is set; whatever you do counts.\n"
GONE = "I can't find that any more. `/today` always opens what there is."
KEPT_FOR_A_DAY = " Your words are kept for a day."
UNIT = {
    "questions": "questions",
    "flashcards": "flashcards",
    "pages": "First Aid pages",
    "videos": "videos",
    "practice": "practice",
}
UNDERSTOOD = ["40", "forty", "about 40", "2 blocks", "2x20", "٤٠", "4\u200b0", "\u202e40", "**40**", "40 🎉"]
NOT_UNDERSTOOD = [
    *("-1", "0", "1e9", "501", "99999999999", "lots", "🎓", "مرحبا", "\u202eabc", "\u200b", "@everyone"),
    *("**", "30 February", "yesterday", "year 9999", "`code`", "x" * 60),
]
NO_DAY = [
    "30 February",
    "year 9999",
    "1.1.9999",
    "tomorrow",
    "forty",
    "-1",
    "1e9",
    "🎓",
    "\u202eabc",
    "@everyone",
    "**",
]


async def log(world: World, person: Any = None, **options: Any) -> Any:
    """What `/log` shows in the server."""
    return (await (person or world.ana).slash(world.channel, "log", **options)).response


async def today(world: World) -> Any:
    return (await world.ana.slash(world.channel, "today")).response


async def undo(world: World) -> Any:
    return (await world.ana.slash(world.channel, "undo")).response


async def tap(world: World, shown: Any, label: str) -> Any:
    """What a message has become after a button of it was tapped."""
    return (await world.ana.click(shown, label=label)).response


async def page(world: World, name: str) -> Any:
    """A page behind *More*."""
    return await tap(world, await tap(world, await today(world), "More"), name)


async def form_of(world: World, shown: Any, label: str = "Log a block") -> Any:
    return await world.ana.click(shown, label=label)


async def sent(world: World, form: Any, **values: Any) -> Any:
    return (await world.ana.submit_modal(form, values)).response


def first_line(shown: Any) -> str:
    return str(shown.content).split("\n")[0]


def fields(form: Any) -> dict[str, Any]:
    return {label["component"]["custom_id"]: label for label in form.modal["components"]}


def filled(form: Any) -> dict[str, str]:
    """What a form holds when it opens."""
    return {
        name: str(label["component"].get("value") or "")
        or " ".join(it["value"] for it in label["component"].get("options", ()) if it.get("default"))
        for name, label in fields(form).items()
    }


async def done(world: World) -> str:
    """What the panel says was done; empty for nothing."""
    return next((line for line in (await today(world)).content.split("\n") if line.startswith("Done: ")), "")


# --- the command


@pytest.mark.parametrize("kind", Work)
async def test_each_kind_of_work_is_logged_with_its_own_unit(world: World, kind: Work) -> None:
    await world.join(world.ana)
    shown = await log(world, questions="30", kind=kind.value)
    assert shown.ephemeral
    assert first_line(shown).startswith(f"Logged: 30 {UNIT[kind.value]}")
    assert UNIT[kind.value] in await done(world)


async def test_a_log_shows_the_day_and_a_way_to_take_it_back(world: World) -> None:
    await world.join(world.ana)
    shown = await log(world, questions="40", correct=28, minutes=50)
    line, panel = shown.content.split("\n\n")
    assert line == "Logged: 40 questions, 28 right, 50 minutes."
    assert panel.startswith(f"{PANEL}Done: 40 questions (2 blocks). That makes it a kept day.\n")
    assert list(buttons(shown)) == ["Log a block", "Check in", "Rough day", "I need help", "More", "Undo"]


async def test_in_a_dm_it_is_plain(world: World) -> None:
    await world.join(world.ana)
    shown = (await world.ana.user.slash("log", questions="20/14")).response
    assert not shown.ephemeral
    assert first_line(shown) == "Logged: 20 questions, 14 right."


async def test_a_number_that_a_person_would_understand_is_understood(world: World) -> None:
    await world.join(world.ana)
    for number in UNDERSTOOD:
        assert first_line(await log(world, questions=number)) == "Logged: 40 questions."


async def test_a_number_that_nobody_would_understand_gets_one_sentence_and_the_words_back(world: World) -> None:
    await world.join(world.ana)
    for number in NOT_UNDERSTOOD:
        shown = await log(world, questions=number)
        sentence, words = shown.content.split("\n\nYour words, so that they aren't lost:\n>>> ")
        assert "works here, such as `20`" in sentence
        assert words == number
        assert shown.ephemeral
    with pytest.raises(SetupError):
        await log(world, questions="x" * 61)
    assert await done(world) == ""


async def test_more_right_than_done_is_refused_and_never_turned_around(world: World) -> None:
    await world.join(world.ana)
    assert "can't be more than the number done" in (await log(world, questions="20", correct=30)).content
    assert "goes with questions" in (await log(world, questions="3", correct=2, kind="videos")).content
    assert await done(world) == ""


async def test_the_same_numbers_on_two_devices_count_twice(world: World) -> None:
    await world.join(world.ana)
    for _ in range(2):
        await log(world, questions="20")
    assert "40 questions (2 blocks)" in await done(world)


async def test_somebody_who_never_joined_is_told_how(world: World) -> None:
    for command, options in (("log", {"questions": "20"}), ("undo", {}), ("today", {})):
        shown = (await world.ana.slash(world.channel, command, **options)).response
        assert shown.content.startswith("You haven't joined yet")
        assert shown.ephemeral


# --- taken back, put back, corrected


async def test_undo_without_anything_says_so(world: World) -> None:
    await world.join(world.ana)
    assert (await undo(world)).content == "There is nothing to take back. `/log` writes a block down."


async def test_undo_names_what_it_takes_back_one_after_the_other(world: World) -> None:
    await world.join(world.ana)
    await log(world, questions="20/14")
    await log(world, questions="30", kind="flashcards")
    assert first_line(await undo(world)) == "Taken back: 30 flashcards."
    assert first_line(await undo(world)) == "Taken back: 20 questions, 14 right."
    assert "nothing to take back" in (await undo(world)).content
    assert await done(world) == ""


async def test_what_was_taken_back_is_put_back_with_one_tap_on_the_same_message(world: World) -> None:
    await world.join(world.ana)
    shown = await log(world, questions="20")
    taken = await tap(world, shown, "Undo")
    assert (taken.id, first_line(taken)) == (shown.id, "Taken back: 20 questions.")
    assert "Done" not in taken.content
    back = await tap(world, taken, "Put it back")
    assert (back.id, first_line(back)) == (shown.id, "Logged: 20 questions.")
    assert "20 questions (1 block)" in await done(world)


async def test_a_double_click_on_undo_takes_back_one(world: World) -> None:
    await world.join(world.ana)
    await log(world, questions="30")
    shown = await log(world, questions="20")
    results = await world.at_once(*(world.press(world.ana, shown, "Undo") for _ in range(2)))
    assert [first_line(it.response) for it in results] == ["Taken back: 20 questions."] * 2
    assert "30 questions" in await done(world)


async def test_undo_by_command_and_by_button_for_one_entry_never_touches_another(world: World) -> None:
    await world.join(world.ana)
    await log(world, questions="30")
    shown = await log(world, questions="20")
    await undo(world)
    assert first_line(await tap(world, shown, "Undo")) == "Taken back: 20 questions."
    assert "30 questions" in await done(world)


async def test_the_last_entries_are_listed_each_to_correct_and_to_take_back(world: World) -> None:
    await world.join(world.ana)
    assert (await page(world, "Last entries")).content == "Nothing is logged yet."
    for number in range(1, 7):
        await log(world, questions=str(number))
    shown = await page(world, "Last entries")
    assert shown.content.split("\n")[1:] == [
        f"{place}. Mon 2 March: {number} questions" for place, number in enumerate((6, 5, 4, 3, 2), 1)
    ]
    assert first_line(await tap(world, shown, "Undo 2")) == "Taken back: 5 questions."
    assert "16 questions" in await done(world)


async def test_numbers_are_corrected_in_a_form_that_holds_what_stands(world: World) -> None:
    await world.join(world.ana)
    form = await form_of(world, await today(world))
    await sent(world, form, amount="20/14", minutes="30", ticks=["timed", "notebook"])
    entries = await page(world, "Last entries")
    assert entries.content.endswith("1. Mon 2 March: 20 questions, 14 right, 30 minutes, timed, notebook")
    correction = await form_of(world, entries, "Correct 1")
    assert filled(correction) == {"amount": "20/14", "minutes": "30", "ticks": "timed notebook"}
    corrected = await sent(world, correction, amount="40", minutes="", ticks=["unseen"])
    assert (corrected.id, first_line(corrected)) == (entries.id, "Corrected: 40 questions.")
    assert "40 questions (2 blocks)" in await done(world)
    again = await page(world, "Last entries")
    assert again.content.endswith("1. Mon 2 March: 40 questions, unseen")


@pytest.mark.parametrize("wrong", ["lots", "0", "-1", "20/30 right/"])
async def test_a_correction_that_cannot_be_is_asked_again_with_what_was_typed(world: World, wrong: str) -> None:
    await world.join(world.ana)
    await log(world, questions="20")
    correction = await form_of(world, await page(world, "Last entries"), "Correct 1")
    refused = await sent(world, correction, amount=wrong, minutes="5")
    assert refused.content.endswith(KEPT_FOR_A_DAY)
    again = await form_of(world, refused, "Open it again")
    assert (filled(again)["amount"], filled(again)["minutes"]) == (wrong, "5")
    assert "20 questions" in await done(world)
    assert first_line(await sent(world, again, amount="25")) == "Corrected: 25 questions."


async def test_what_was_taken_back_meanwhile_is_not_corrected_and_the_words_come_back(world: World) -> None:
    await world.join(world.ana)
    await log(world, questions="20")
    correction = await form_of(world, await page(world, "Last entries"), "Correct 1")
    await undo(world)
    refused = await sent(world, correction, amount="40")
    assert refused.content.startswith("That entry was taken back meanwhile.")
    assert refused.content.endswith(">>> 40")
    assert await done(world) == ""


# --- the form


async def test_the_form_asks_for_one_number_and_says_who_sees_the_note(world: World) -> None:
    await world.join(world.ana)
    form = fields(await form_of(world, await today(world)))
    assert list(form) == ["amount", "minutes", "ticks", "day", "note"]
    assert [name for name, label in form.items() if label["component"]["required"]] == ["amount"]
    assert form["note"]["description"] == "Stored locked. Only you see it; whoever hosts me could open it."


@pytest.mark.parametrize("kind", [kind for kind in Work if kind is not Work.QUESTIONS])
async def test_other_work_has_a_form_of_its_own(world: World, kind: Work) -> None:
    await world.join(world.ana)
    shown = await page(world, "Other work")
    label = next(label for label, custom_id in buttons(shown).items() if custom_id == f"log:{kind}")
    form = await form_of(world, shown, label)
    assert "ticks" not in fields(form)
    saved = await sent(world, form, amount="30")
    assert saved.id == shown.id
    assert first_line(saved).startswith(f"Logged: 30 {UNIT[kind.value]}")


async def test_a_form_turns_the_panel_in_place_and_leaves_one_message(world: World) -> None:
    await world.join(world.ana)
    panel = await today(world)
    for number in (20, 40, 60):
        shown = await sent(world, await form_of(world, panel), amount="20")
        assert shown.id == panel.id
        assert f"Done: {number} questions" in shown.content


async def test_a_form_sent_twice_counts_once(world: World) -> None:
    await world.join(world.ana)
    panel = await today(world)
    form = await form_of(world, panel)
    results = await world.at_once(*(world.send(world.ana, form, panel, amount="20") for _ in range(2)))
    assert [first_line(it.response) for it in results] == ["Logged: 20 questions."] * 2
    assert "20 questions" in await done(world)


async def test_a_form_that_arrives_again_after_undo_stays_taken_back_and_says_so(world: World) -> None:
    await world.join(world.ana)
    panel = await today(world)
    form = await form_of(world, panel)
    await sent(world, form, amount="20")
    await undo(world)
    (late,) = await world.at_once(world.send(world.ana, form, panel, amount="20"))
    assert first_line(late.response) == "Taken back: 20 questions."
    assert await done(world) == ""


async def test_two_forms_opened_on_two_devices_both_count(world: World) -> None:
    await world.join(world.ana)
    panel = await today(world)
    forms = [await form_of(world, panel) for _ in range(2)]
    await world.at_once(*(world.send(world.ana, form, panel, amount="20") for form in forms))
    assert "40 questions" in await done(world)


async def test_a_number_in_the_form_is_understood_or_asked_again_with_every_word_kept(world: World) -> None:
    await world.join(world.ana)
    panel = await today(world)
    for number in NOT_UNDERSTOOD:
        words = {"amount": number, "minutes": "30", "day": "yesterday", "note": "A note."}
        refused = await sent(world, await form_of(world, panel), **words, ticks=["unseen", "timed"])
        assert refused.ephemeral
        assert refused.content.endswith(KEPT_FOR_A_DAY)
        assert "works here" in refused.content
        again = await form_of(world, refused, "Open it again")
        assert filled(again) == {**words, "ticks": "timed unseen"}
    assert await done(world) == ""


async def test_words_that_were_asked_again_are_saved_once_they_fit(world: World) -> None:
    await world.join(world.ana)
    refused = await sent(world, await form_of(world, await today(world)), amount="lots", note="A note.")
    again = await form_of(world, refused, "Open it again")
    shown = await sent(world, again, amount="40", note="A note.")
    assert first_line(shown) == "Logged: 40 questions."
    assert "40 questions" in await done(world)


@pytest.mark.parametrize("minutes", ["-1", "1e9", "long", "🎓", "\u202eabc", "@everyone", "961", "30 February"])
async def test_minutes_that_cannot_be_are_asked_again(world: World, minutes: str) -> None:
    await world.join(world.ana)
    refused = await sent(world, await form_of(world, await today(world)), amount="20", minutes=minutes)
    assert refused.content == f"Minutes work as a number, such as `45`.{KEPT_FOR_A_DAY}"


async def test_a_day_that_cannot_be_is_asked_again_with_days_that_work(world: World) -> None:
    await world.join(world.ana)
    await world.at("2026-03-12 12:00")
    panel = await today(world)
    for day in NO_DAY:
        refused = await sent(world, await form_of(world, panel), amount="20", day=day)
        assert refused.content.endswith(KEPT_FOR_A_DAY), day
        assert "`yesterday`" in refused.content, day
    assert await done(world) == ""


async def test_work_of_a_day_in_the_past_week_is_named_with_its_day(world: World) -> None:
    await world.join(world.ana)
    await world.at("2026-03-12 12:00")
    panel = await today(world)
    for day, named in (("yesterday", "Wed 11 March"), ("Monday", "Mon 9 March"), ("5 March", "Thu 5 March")):
        shown = await sent(world, await form_of(world, panel), amount="20", day=day)
        assert first_line(shown) == f"Logged: 20 questions, on {named}."
    assert await done(world) == ""
    refused = await sent(world, await form_of(world, panel), amount="20", day="4 March")
    assert refused.content.startswith("Work can be written down for today and the past seven days")


async def test_on_the_first_day_yesterday_is_refused_with_the_day_from_which_on_work_counts(world: World) -> None:
    await world.join(world.ana)
    refused = await sent(world, await form_of(world, await today(world)), amount="20", day="yesterday")
    assert refused.content.startswith("Your days here began on 2 March;")


async def test_the_client_refuses_what_is_too_long_and_so_do_we(world: World) -> None:
    await world.join(world.ana)
    panel = await today(world)
    form = await form_of(world, panel)
    for words in ({"amount": ""}, {"amount": "1" * 61}, {"amount": "20", "note": "x" * 301}):
        with pytest.raises(SetupError):
            await world.ana.submit_modal(form, words)
    for number in ("1" * 61, "", "9" * 4000):
        (refused,) = await world.at_once(world.send(world.ana, form, panel, amount=number, note="A note."))
        assert "works here" in refused.response.content
        assert filled(await form_of(world, refused.response, "Open it again"))["note"] == "A note."
    assert await done(world) == ""


async def test_a_note_is_nowhere_readable_and_never_shown(world: World) -> None:
    await world.join(world.ana)
    note = "Canarybird @everyone **told** nobody."
    shown = await sent(world, await form_of(world, await today(world)), amount="20", note=note)
    refused = await sent(world, await form_of(world, shown), amount="lots", note=note)
    entries = await page(world, "Last entries")
    assert not any("Canarybird" in it.content for it in (shown, refused, entries))
    for file in ("comeback.db", "comeback.db-wal"):
        assert b"Canarybird" not in (world.records_folder / file).read_bytes()


async def test_an_open_form_and_every_button_outlive_a_restart(world: World) -> None:
    await world.join(world.ana)
    panel = await today(world)
    form = await form_of(world, panel)
    await world.restart()
    shown = await sent(world, form, amount="20")
    await world.restart()
    taken = await tap(world, shown, "Undo")
    await world.restart()
    assert first_line(await tap(world, taken, "Put it back")) == "Logged: 20 questions."


# --- whose


async def test_anothers_entry_and_one_that_never_was_get_the_same_words(world: World) -> None:
    await world.join(world.ana)
    bea = world.newcomer("Bea")
    await world.join(bea)
    shown = await log(world, questions="20")
    entry = buttons(shown)["Undo"].rsplit(":", 1)[1]
    for act in ("undo", "redo", "edit"):
        for number in (entry, "999999", "0"):
            forged = await world.forge(bea, f"entry:{act}:{number}")
            assert (forged.response.content, forged.modal) == (GONE, None)
    (sent_by_bea,) = await world.at_once(world.form(bea, f"corrected:{entry}", shown, amount="1"))
    assert sent_by_bea.response.content.startswith(GONE)
    assert "20 questions" in await done(world)


async def test_a_button_for_work_that_is_not_counted_is_from_an_older_time(world: World) -> None:
    await world.join(world.ana)
    for custom_id in ("log:naps", "entry:burn:1", "entry:undo:x", "page:Nowhere"):
        forged = await world.forge(world.ana, custom_id)
        assert forged.response.content == "That button is from an older time. `/today` opens what there is."


@pytest.mark.parametrize(
    ("opened", "sent", "day"),
    [
        ("2026-03-04 03:50", "2026-03-04 04:10", "on Tue 3 March"),
        ("2026-03-04 04:10", "2026-03-04 04:20", ""),
        ("2026-03-03 12:00", "2026-03-05 12:00", ""),
    ],
)
async def test_a_form_sent_after_the_days_end_counts_for_the_day_it_was_opened_on(
    world: World, opened: str, sent: str, day: str
) -> None:
    """As long as that day may still be answered; a form found open days later counts for today."""
    await world.join(world.ana)
    world.clock.set(opened)
    panel = (await world.ana.slash(world.channel, "today")).response
    form = await world.ana.click(panel, label="Log a block")
    world.clock.set(sent)
    said = (await world.ana.submit_modal(form, {"amount": "20"})).response.content
    assert said.startswith(f"Logged: 20 questions, {day}." if day else "Logged: 20 questions.")
