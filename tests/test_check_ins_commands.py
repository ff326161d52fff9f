"""A day is answered with one tap, changed, described in a form, or left alone; nothing typed is ever lost."""

from typing import Any

import pytest
from simcord.backend.errors import SetupError

from tests.conftest import World, buttons

DAY = "**Tuesday, 3 March**"
CLOSED = "That day is closed, and nothing about it is owed. `/today` opens what there is."
GONE = "Those words were kept for a day, and are gone now. `/today` opens a new form."
REFUSED = "Any number from 0 to 500 works here, such as `40` or `2 blocks`."


async def morning(world: World) -> Any:
    """Ana has joined, and Tuesday's morning has arrived."""
    await world.join(world.ana)
    await world.at("2026-03-03 07:30")
    return world.dms(world.ana)[-1]


async def evening(world: World) -> Any:
    """Ana has joined, and Tuesday's evening has arrived."""
    await world.join(world.ana)
    await world.at("2026-03-03 21:00")
    return world.dms(world.ana)[-1]


async def tap(world: World, message: Any, label: str) -> Any:
    """What a message of Ana's DMs has become after she tapped a button."""
    return (await world.ana.user.click(message, label=label)).response


async def kept(world: World) -> Any:
    """Tuesday is answered with *Kept it*."""
    return await tap(world, await evening(world), "Kept it")


async def opened(world: World, message: Any) -> Any:
    """The form for a number, a mood and a line."""
    return await world.ana.user.click(message, label="Add a number or a line")


async def filled(world: World, message: Any, **values: Any) -> Any:
    """What Ana sees after she sent the form."""
    return (await world.ana.user.submit_modal(await opened(world, message), values)).response


def shown_in(form: Any) -> dict[str, Any]:
    """What a form holds when it opens."""
    values: dict[str, Any] = {}
    for label in form.modal["components"]:
        field = label["component"]
        chosen = [option["value"] for option in field.get("options", []) if option.get("default")]
        values[field["custom_id"]] = field.get("value") or "".join(chosen)
    return values


async def checkin(world: World, person: Any = None) -> Any:
    return (await (person or world.ana).slash(world.channel, "checkin")).response


# --- one tap


@pytest.mark.parametrize(("label", "said"), [("Usual", "usual"), ("Floor today", "floor today")])
async def test_one_tap_answers_a_morning(world: World, label: str, said: str) -> None:
    answered = await tap(world, await morning(world), label)
    assert answered.content == f"{DAY}: {said}. That is all for the morning.".replace("**:", ":**")
    assert sorted(buttons(answered)) == ["Change", "I need help"]


@pytest.mark.parametrize(
    ("label", "said"),
    [
        ("Kept it", "**Tuesday, 3 March:** kept it."),
        ("Some of it", "**Tuesday, 3 March:** some of it."),
        ("Not today", "**Tuesday, 3 March:** not today.\nNothing of it is carried over."),
    ],
)
async def test_one_tap_answers_an_evening(world: World, label: str, said: str) -> None:
    answered = await tap(world, await evening(world), label)
    assert answered.content == said
    assert sorted(buttons(answered)) == ["Add a number or a line", "Change", "I need help"]
    assert said.split("\n")[0] in (await checkin(world)).content


async def test_an_answer_stays_after_a_restart_and_its_buttons_work(world: World) -> None:
    prompt = await evening(world)
    await world.restart()
    answered = await tap(world, prompt, "Kept it")
    await world.restart()
    again = await tap(world, answered, "Change")
    await world.restart()
    assert "some of it" in (await tap(world, again, "Some of it")).content


async def test_checkin_starts_a_day_that_nobody_asked_about(world: World) -> None:
    await world.join(world.ana)
    question = await checkin(world)
    assert question.ephemeral
    assert question.content.startswith("**Monday, 2 March:** what kind of day is it? One tap is the whole answer.")
    assert list(buttons(question)) == ["Usual", "Floor today", "Rough day", "I need help"]
    answered = await world.ana.click(question, label="Floor today")
    assert "floor today" in answered.response.content


@pytest.mark.parametrize("time", ["2026-03-02 21:00", "2026-03-02 23:30", "2026-03-03 03:59"])
async def test_checkin_asks_how_a_day_went_from_its_evening_on(world: World, time: str) -> None:
    await world.join(world.ana)
    world.clock.set(time)
    question = await checkin(world)
    assert question.content.startswith("**Monday, 2 March:** how did it go? One tap is the whole answer.")
    answered = await world.ana.click(question, label="Not today")
    assert "not today" in answered.response.content


async def test_checkin_in_a_dm_opens_the_same_day(world: World) -> None:
    await kept(world)
    assert "kept it" in (await world.ana.user.slash("checkin")).response.content


async def test_checkin_says_when_the_next_message_comes(world: World) -> None:
    await world.join(world.ana)
    assert "Next message: today at 21:00." in (await checkin(world)).content
    world.clock.set("2026-03-02 22:00")
    await world.deliver()
    assert "Next message: tomorrow at 07:30." in (await checkin(world)).content


# --- changing one's mind


async def test_change_asks_again_and_takes_the_new_answer_without_another_question(world: World) -> None:
    again = await tap(world, await kept(world), "Change")
    assert again.content == "**Tuesday, 3 March:** how did it go? One tap is the whole answer."
    assert (await tap(world, again, "Not today")).content.startswith("**Tuesday, 3 March:** not today.")


async def test_a_mornings_choice_is_changed_into_the_other_one(world: World) -> None:
    chosen = await tap(world, await morning(world), "Usual")
    again = await tap(world, chosen, "Change")
    assert again.content == "**Tuesday, 3 March:** what kind of day is it? One tap is the whole answer."
    assert "floor today" in (await tap(world, again, "Floor today")).content
    await world.at("2026-03-03 21:00")
    assert "You set out for the floor." in world.dms(world.ana)[-1].content


async def test_checkin_in_the_evening_asks_how_the_day_went_also_after_a_mornings_choice(world: World) -> None:
    await tap(world, await morning(world), "Usual")
    world.clock.set("2026-03-03 20:00")
    question = await checkin(world)
    assert "you set out for a usual day. How did it go?" in question.content
    assert "Kept it" in buttons(question)


@pytest.mark.parametrize("answer", ["leave", "change"])
async def test_a_tap_on_another_answer_asks_before_it_overwrites(world: World, answer: str) -> None:
    prompt = await evening(world)
    late = world.press(world.ana.user, prompt, "Not today")
    await tap(world, prompt, "Kept it")
    (second,) = await world.at_once(late)
    asked = second.response
    assert asked.content == f"{DAY} says “kept it” already. Change it to “not today”?"
    assert list(buttons(asked)) == ["Not today", "Leave it", "I need help"]
    assert "kept it" in (await checkin(world)).content
    stands = await tap(world, asked, "Leave it" if answer == "leave" else "Not today")
    expected = "kept it" if answer == "leave" else "not today"
    assert expected in stands.content
    assert expected in (await checkin(world)).content


async def test_another_mornings_choice_asks_as_well(world: World) -> None:
    prompt = await morning(world)
    late = world.press(world.ana.user, prompt, "Floor today")
    await tap(world, prompt, "Usual")
    (second,) = await world.at_once(late)
    assert second.response.content == f"{DAY} says “usual” already. Change it to “floor today”?"


async def test_the_same_answer_twice_is_one_answer(world: World) -> None:
    prompt = await evening(world)
    first, second = await world.at_once(*(world.press(world.ana.user, prompt, "Kept it") for _ in range(2)))
    assert first.response.content == second.response.content
    assert (await shown_version(world)) == 1


async def test_two_devices_with_two_answers_give_one_and_a_question(world: World) -> None:
    prompt = await evening(world)
    await world.at_once(
        world.press(world.ana.user, prompt, "Kept it"), world.press(world.ana.user, prompt, "Some of it")
    )
    assert "says “kept it” already. Change it to “some of it”?" in world.dms(world.ana)[-1].content
    assert "kept it" in (await checkin(world)).content
    assert (await shown_version(world)) == 1


async def shown_version(world: World) -> int:
    """How often Tuesday was written: the form's custom_id names it."""
    form = await world.ana.click(await checkin(world), label="Add a number or a line")
    return int(form.modal["custom_id"].split(":")[3])


async def test_a_question_that_was_asked_about_an_older_answer_asks_anew(world: World) -> None:
    prompt = await evening(world)
    late = world.press(world.ana.user, prompt, "Not today")
    await tap(world, prompt, "Kept it")
    (second,) = await world.at_once(late)
    conflict = second.response.message
    panel = await checkin(world)
    again = await world.ana.click(panel, label="Change")
    await world.ana.click(again.response, label="Some of it")
    assert "says “some of it” already" in (await tap(world, conflict, "Not today")).content
    assert "some of it" in (await checkin(world)).content


async def test_a_mornings_choice_after_a_rough_day_asks_which_one_holds(world: World) -> None:
    prompt = await morning(world)
    late = world.press(world.ana.user, prompt, "Usual")
    await tap(world, prompt, "Rough day")
    (second,) = await world.at_once(late)
    assert "says “rough day” already. Change it to “usual”?" in second.response.content


# --- late, and too late


async def test_a_late_answer_by_the_prompt_itself_counts_for_the_day_it_asked_about(world: World) -> None:
    prompt = await evening(world)
    await world.at("2026-03-04 20:59")
    assert (await tap(world, prompt, "Kept it")).content.startswith("**Tuesday, 3 March:** kept it.")


async def test_a_late_answer_by_checkin_next_morning(world: World) -> None:
    await evening(world)
    await world.at("2026-03-04 09:00")
    today = await checkin(world)
    assert today.content.startswith("**Wednesday, 4 March:**")
    yesterday = await world.ana.click(today, label="Answer for Tuesday")
    assert yesterday.response.content.startswith("**Tuesday, 3 March:** how did it go?")
    answered = await world.ana.click(yesterday.response, label="Some of it")
    assert answered.response.content.startswith("**Tuesday, 3 March:** some of it.")


async def test_yesterdays_answer_is_changed_by_checkin_until_tonight(world: World) -> None:
    await kept(world)
    await world.at("2026-03-04 09:00")
    yesterday = await world.ana.click(await checkin(world), label="Look at Tuesday")
    assert yesterday.response.content.startswith("**Tuesday, 3 March:** kept it.")
    again = await world.ana.click(yesterday.response, label="Change")
    answered = await world.ana.click(again.response, label="Not today")
    assert answered.response.content.startswith("**Tuesday, 3 March:** not today.")


@pytest.mark.parametrize("label", ["Kept it", "Change", "Add a number or a line"])
async def test_from_the_next_evening_on_a_day_is_closed_and_says_so_at_the_first_tap(world: World, label: str) -> None:
    prompt = await evening(world)
    if label != "Kept it":
        prompt = (await tap(world, prompt, "Not today")).message
    await world.at("2026-03-04 21:00")
    said = await tap(world, prompt, label)
    assert said.content == CLOSED
    panel = await checkin(world)
    assert not [label for label in buttons(panel) if "Tuesday" in label]


async def test_a_question_left_open_too_long_leaves_what_stood(world: World) -> None:
    again = await tap(world, await kept(world), "Change")
    await world.at("2026-03-04 21:00")
    assert (await tap(world, again, "Not today")).content == CLOSED


async def test_nobody_is_asked_about_a_day_before_they_joined(world: World) -> None:
    await world.join(world.ana)
    assert "Answer for Sunday" not in buttons(await checkin(world))


# --- the form


async def test_the_form_has_three_fields_that_may_all_be_left_empty_and_says_who_sees_them(world: World) -> None:
    form = await opened(world, await kept(world))
    fields = {label["component"]["custom_id"]: label for label in form.modal["components"]}
    assert list(fields) == ["questions", "mood", "line"]
    assert not any(label["component"]["required"] for label in fields.values())
    assert fields["line"]["description"] == "Stored locked. Only you see it; whoever hosts me could open it."
    assert shown_in(form) == {"questions": "", "mood": "", "line": ""}


async def test_number_mood_and_line_are_kept_and_only_the_number_is_shown(world: World) -> None:
    said = await filled(world, await kept(world), questions="40", mood=["2"], line="Slept badly.")
    assert said.content == "**Tuesday, 3 March:** kept it, 40 questions. The rest is kept."
    assert shown_in(await opened(world, said)) == {"questions": "40", "mood": "2", "line": "Slept badly."}


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({}, "**Tuesday, 3 March:** kept it."),
        ({"questions": "1"}, "**Tuesday, 3 March:** kept it, 1 question."),
        ({"questions": "0"}, "**Tuesday, 3 March:** kept it, 0 questions."),
        ({"mood": ["5"]}, "**Tuesday, 3 March:** kept it. The rest is kept."),
        ({"line": "One line."}, "**Tuesday, 3 March:** kept it. The rest is kept."),
    ],
)
async def test_each_field_may_stand_alone(world: World, values: dict[str, str], said: str) -> None:
    assert (await filled(world, await kept(world), **values)).content == said


async def test_editing_again_replaces_and_emptying_takes_back(world: World) -> None:
    first = await filled(world, await kept(world), questions="40", mood=["3"], line="First.")
    second = await filled(world, first, questions="60", mood=["4"], line="Second.")
    assert shown_in(await opened(world, second)) == {"questions": "60", "mood": "4", "line": "Second."}
    emptied = await filled(world, second, questions="", line="")
    assert emptied.content.startswith("**Tuesday, 3 March:** kept it.")
    assert "question" not in emptied.content
    assert shown_in(await opened(world, emptied)) == {"questions": "", "mood": "", "line": ""}


@pytest.mark.parametrize(
    "number",
    ["40", " 40 ", "forty", "about 40", "2 blocks", "20+20", "2x20", "٤٠", "4\u200b0", "**40**", "40 🎉", "\u202e40"],
)
async def test_a_number_that_a_person_would_understand_is_understood(world: World, number: str) -> None:
    assert "kept it, 40 questions" in (await filled(world, await kept(world), questions=number)).content


@pytest.mark.parametrize(
    "number",
    [
        "-1",
        "1e9",
        "501",
        "🎓",
        "مرحبا",
        "\u202eabc",
        "\u200b",
        "@everyone",
        "**",
        "lots",
        "30 February",
        "NaN",
        "x" * 60,
    ],
)
async def test_a_number_that_nobody_would_understand_is_asked_again_and_the_words_are_kept(
    world: World, number: str
) -> None:
    refused = await filled(world, await kept(world), questions=number, mood=["4"], line="A line.")
    assert refused.content == f"{REFUSED} Your words are kept for a day."
    assert refused.ephemeral
    assert "questions" not in (await checkin(world)).content
    again = await world.ana.user.click(refused, label="Open it again")
    assert shown_in(again) == {"questions": number, "mood": "4", "line": "A line."}
    saved = await world.ana.user.submit_modal(again, {"questions": "40", "mood": ["4"], "line": "A line."})
    assert "kept it, 40 questions. The rest is kept." in saved.response.content


async def test_a_share_gets_the_sentence_that_fits_it(world: World) -> None:
    refused = await filled(world, await kept(world), questions="24/40")
    assert refused.content.startswith("Only the number done works here, such as `40`.")


async def test_a_number_longer_than_the_field_is_refused_by_the_client_and_by_us(world: World) -> None:
    answered = await kept(world)
    form = await opened(world, answered)
    with pytest.raises(SetupError, match="max_length"):
        await world.ana.user.submit_modal(form, {"questions": "1" * 61})
    (refused,) = await world.at_once(world.send(world.ana.user, form, answered, questions="1" * 61, line="A line."))
    assert refused.response.content.startswith(REFUSED)
    again = await world.ana.user.click(refused.response, label="Open it again")
    assert shown_in(again)["line"] == "A line."


@pytest.mark.parametrize(
    "line",
    [
        "x" * 500,
        "@everyone **bold** <@123456789012345678> # big",
        "مرحبا \u202e zw\u200bj 🎓\nsecond",
        "```\ncode\n```",
    ],
)
async def test_any_line_comes_back_as_it_was_typed_and_is_never_shown_beside_an_answer(world: World, line: str) -> None:
    said = await filled(world, await kept(world), line=line)
    assert said.content == "**Tuesday, 3 March:** kept it. The rest is kept."
    assert shown_in(await opened(world, said))["line"] == line


async def test_a_line_is_nowhere_readable_in_the_records(world: World) -> None:
    await filled(world, await kept(world), questions="nonsense", line="Canarybird told nobody.")
    (file,) = [path for path in world.records_folder.iterdir() if path.name == "comeback.db"]
    for path in (file, file.with_name("comeback.db-wal")):
        assert b"Canarybird" not in path.read_bytes()


async def test_a_form_that_comes_after_the_day_turned_is_saved_for_the_day_it_was_opened_for(world: World) -> None:
    form = await opened(world, await kept(world))
    await world.at("2026-03-04 05:00")
    saved = await world.ana.user.submit_modal(form, {"questions": "40"})
    assert saved.response.content.startswith("**Tuesday, 3 March:** kept it, 40 questions.")
    assert (await checkin(world)).content.startswith("**Wednesday, 4 March:** what kind of day is it?")


async def test_a_form_that_comes_after_the_day_closed_hands_the_words_back(world: World) -> None:
    form = await opened(world, await kept(world))
    await world.at("2026-03-04 21:00")
    refused = await world.ana.user.submit_modal(form, {"questions": "40", "line": "It was fine."})
    assert refused.response.content.startswith(CLOSED)
    assert refused.response.content.endswith(">>> 40\nIt was fine.")


async def test_a_form_survives_a_restart_of_the_program(world: World) -> None:
    form = await opened(world, await kept(world))
    await world.restart()
    saved = await world.ana.user.submit_modal(form, {"questions": "40", "line": "Still here."})
    assert "kept it, 40 questions. The rest is kept." in saved.response.content


async def test_a_form_sent_twice_is_saved_once(world: World) -> None:
    answered = await kept(world)
    form = await opened(world, answered)
    results = await world.at_once(
        *(world.send(world.ana.user, form, answered, questions="40", line="A") for _ in range(2))
    )
    said = "**Tuesday, 3 March:** kept it, 40 questions. The rest is kept."
    assert all(result.response.content.startswith(said) for result in results)
    assert await shown_version(world) == 2


async def test_a_form_over_an_older_state_shows_both_and_overwrites_nothing(world: World) -> None:
    answered = await kept(world)
    form = await opened(world, answered)
    panel = await checkin(world)
    again = await world.ana.click(panel, label="Change")
    other = await world.ana.click(again.response, label="Not today")
    assert "not today" in other.response.content
    stale = await world.ana.user.submit_modal(form, {"questions": "40", "mood": ["2"], "line": "Mine."})
    assert stale.response.content == (
        "Tuesday, 3 March was changed meanwhile, so nothing was overwritten.\n"
        "It says: not today.\nYours says: 40, a mood, a line. Your words are kept for a day."
    )
    assert "not today" in (await checkin(world)).content
    mine = await world.ana.user.click(stale.response, label="Open it again")
    assert shown_in(mine) == {"questions": "40", "mood": "2", "line": "Mine."}
    saved = await world.ana.user.submit_modal(mine, {"questions": "40", "mood": ["2"], "line": "Mine."})
    assert "not today, 40 questions. The rest is kept." in saved.response.content


async def test_two_forms_opened_together_give_the_first_and_a_question(world: World) -> None:
    answered = await kept(world)
    forms = [await opened(world, answered) for _ in range(2)]
    await world.ana.user.submit_modal(forms[0], {"questions": "40"})
    second = await world.ana.user.submit_modal(forms[1], {"questions": "60"})
    assert "It says: kept it, 40 questions.\nYours says: 60." in second.response.content
    assert "40 questions" in (await checkin(world)).content


# --- drafts


async def draft_of(world: World) -> tuple[Any, str]:
    """Ana's words that could not be used: the reply, and the custom_id of its button."""
    refused = await filled(world, await kept(world), questions="lots", line="Mine alone.")
    return refused, buttons(refused)["Open it again"]


async def test_a_draft_outlives_a_restart_and_ends_after_a_day(world: World) -> None:
    refused, _ = await draft_of(world)
    await world.restart()
    await world.at("2026-03-04 20:59")
    assert shown_in(await world.ana.user.click(refused, label="Open it again"))["line"] == "Mine alone."
    await world.at("2026-03-04 21:01")
    assert (await tap(world, refused, "Open it again")).content == GONE


async def test_anothers_draft_and_one_that_never_was_get_the_same_words(world: World) -> None:
    _, custom_id = await draft_of(world)
    bea = world.newcomer("Bea")
    await world.join(bea)
    assert custom_id == "draft:1"
    said = [await world.forge(bea, it) for it in (custom_id, "draft:999999")]
    assert [it.response.content for it in said] == [GONE, GONE]
    assert not any(it.modal for it in said)


async def test_a_draft_for_a_day_that_closed_hands_the_words_back(world: World) -> None:
    await kept(world)
    await world.at("2026-03-04 20:30")
    yesterday = await world.ana.click(await checkin(world), label="Look at Tuesday")
    form = await world.ana.click(yesterday.response, label="Add a number or a line")
    refused = await world.ana.submit_modal(form, {"questions": "lots", "line": "Mine alone."})
    await world.at("2026-03-04 21:00")
    said = await world.ana.click(refused.response, label="Open it again")
    assert said.response.content.startswith(CLOSED)
    assert said.response.content.endswith(">>> lots\nMine alone.")
