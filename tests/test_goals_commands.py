"""A member sets goals, has them suggested from what they really did, and takes them back."""

from typing import Any

import pytest

from bot.services.actors import NotJoined
from tests.conftest import World, buttons

STRANGER = str(NotJoined())
GENTLE = ["Just found out", "Not ready to plan"]
ORDER = "The floor is the smallest of the three and the stretch the largest, such as `10`, `20`, `30`."
KEPT_FOR_A_DAY = "Your words are kept for a day."


async def goal(world: World, command: str, person: Any = None, **options: str) -> Any:
    """What a command under `/goal` shows, to that person alone."""
    answered = (await (person or world.ana).slash(world.channel, f"goal {command}", **options)).response
    assert answered.ephemeral
    return answered


async def log(world: World, questions: int, **options: str) -> Any:
    return (await world.ana.slash(world.channel, "log", questions=str(questions), **options)).response


async def pressed(world: World, message: Any, *labels: str) -> Any:
    """What a message has become after buttons were pressed, one after the other."""
    for label in labels:
        message = (await world.ana.click(message, label=label)).response
    return message


async def sent(world: World, message: Any, label: str, **values: str) -> Any:
    """What is shown after a form was opened by a button and sent."""
    return (await world.ana.submit_modal(await world.ana.click(message, label=label), values)).response


def prefilled(form: Any) -> dict[str, str]:
    """What a form holds when it opens."""
    fields = [label["component"] for label in form.modal["components"]]
    return {field["custom_id"]: field.get("value") or "" for field in fields}


@pytest.fixture
async def joined(world: World) -> World:
    """Ana has joined on Monday; it is Tuesday noon."""
    await world.join(world.ana)
    world.clock.set("2026-03-03 12:00")
    return world


async def worked(world: World, a_day: int, days: int) -> None:
    """So many questions on each of the next days, across the change of clocks on 8 March, from Tuesday on."""
    for number in range(days):
        world.clock.set(f"2026-03-{3 + number:02} 12:00")
        await log(world, a_day)


# --- setting


async def test_a_goal_is_set_with_one_command_and_stands_on_the_panel_and_in_the_morning(joined: World) -> None:
    said = (await goal(joined, "set", floor="10", usual="20", stretch="30")).content
    assert said.startswith("Goal: 10 / 20 / 30 questions.\n\n**Tuesday, 3 March**")
    assert "Goal: **10 / 20 / 30** questions (floor / usual / stretch)" in said
    await joined.at("2026-03-04 07:30")
    assert "Floor / usual / stretch: 10 / 20 / 30 questions." in joined.dms(joined.ana)[-1].content


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"floor": "10", "usual": "20"}, "Goal: 10 / 20 / 25 questions."),
        ({"floor": "half a block", "usual": "1 block", "stretch": "2 blocks"}, "Goal: 10 / 20 / 40 questions."),
        ({"floor": "ten", "usual": "about twenty"}, "Goal: 10 / 20 / 25 questions."),
        ({"floor": "1", "usual": "2", "kind": "videos"}, "Goal: 1 / 2 / 5 videos."),
        ({"floor": "100", "usual": "1,000", "kind": "flashcards"}, "Goal: 100 / 1000 / 1250 flashcards."),
        (
            {"floor": "5", "usual": "10", "weekdays": "sat & sun"},
            "Goal on Saturday and Sunday: 5 / 10 / 15 questions.",
        ),
        ({"floor": "5", "usual": "10", "weekdays": "every day"}, "Goal: 5 / 10 / 15 questions."),
        ({"floor": "none", "usual": "none"}, "No goal for questions any more."),
        ({"floor": "0", "usual": "0", "weekdays": "Sunday"}, "Sunday: no goal of their own any more."),
    ],
)
async def test_words_for_a_goal_are_understood(joined: World, options: dict[str, str], said: str) -> None:
    assert (await goal(joined, "set", **options)).content.startswith(f"{said}\n\n")


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"floor": "30", "usual": "20"}, ORDER),
        ({"floor": "10", "usual": "20", "stretch": "15"}, ORDER),
        ({"floor": "0", "usual": "20"}, "The floor is at least 1: it is the least that still counts as a kept day."),
        ({"floor": "10", "usual": "501"}, "Any number from 0 to 500 works here, such as `40` or `2 blocks`."),
        ({"floor": "forty-ish 🙂", "usual": "20"}, "Any number from 0 to 500 works here"),
        ({"floor": "10", "usual": "20", "weekdays": "@everyone"}, "Days of the week work here"),
        ({"floor": "10", "usual": "20", "weekdays": "none"}, "Days of the week work here"),
    ],
)
async def test_a_goal_that_can_not_be_gets_one_sentence_and_the_words_back(
    joined: World, options: dict[str, str], said: str
) -> None:
    answered = await goal(joined, "set", **options)
    assert answered.content.startswith(said)
    assert options["floor"] in answered.content
    assert "No goal is set" in (await goal(joined, "show")).content


async def test_a_kept_day_stays_kept_and_the_answer_says_when_it_begins(joined: World) -> None:
    await goal(joined, "set", floor="10", usual="20")
    await log(joined, 12)
    said = (await goal(joined, "set", floor="15", usual="30")).content
    assert said.startswith("Today is a kept day and stays one, so this begins tomorrow. Goal: 15 / 30 / 40 questions.")
    assert "That makes it a kept day." in said
    assert "**10 / 20 / 25**. From tomorrow: **15 / 30 / 40**." in (await goal(joined, "show")).content
    joined.clock.set("2026-03-04 12:00")
    assert "Questions: **15 / 30 / 40**.\n" in (await goal(joined, "show")).content


async def test_it_works_in_dms_as_well(joined: World) -> None:
    said = (await joined.ana.user.slash("goal set", floor="10", usual="20")).response
    assert said.content.startswith("Goal: 10 / 20 / 25 questions.")


async def test_who_never_joined_is_told_how(world: World) -> None:
    for command, options in (("show", {}), ("suggest", {}), ("set", {"floor": "1", "usual": "2"})):
        assert (await goal(world, command, **options)).content.startswith(STRANGER)


# --- the page


async def test_the_page_behind_more_shows_every_goal_and_every_day_that_differs(joined: World) -> None:
    await goal(joined, "set", floor="10", usual="20", stretch="30")
    await goal(joined, "set", floor="5", usual="10", weekdays="weekend")
    await goal(joined, "set", floor="40", usual="80", stretch="100", kind="flashcards")
    today = (await joined.ana.slash(joined.channel, "today")).response
    page = await pressed(joined, today, "More", "Goal")
    assert page.content == (
        "**Goal**\n"
        "Questions: **10 / 20 / 30**; Saturday and Sunday **5 / 10 / 15**.\n"
        "Flashcards: **40 / 80 / 100**.\n"
        "Floor / usual / stretch: the floor is the least that still counts as a kept day."
    )
    labels = ["Set", "Suggest", "Other work", "No goal: questions", "No goal: flashcards", "Back"]
    assert list(buttons(page)) == labels
    assert (await goal(joined, "show")).content == page.content
    assert (await pressed(joined, page, "Back")).content == "**More**"


async def test_a_form_sets_a_goal_and_opens_with_what_stands(joined: World) -> None:
    page = await goal(joined, "show")
    assert page.content == "**Goal**\nNo goal is set; whatever you do counts."
    form = await joined.ana.click(page, label="Set")
    assert prefilled(form) == {"numbers": "", "days": ""}
    assert 1 <= len(form.modal["components"]) <= 3
    assert (await joined.ana.submit_modal(form, {"numbers": "10/20/30"})).response.content.startswith(
        "Goal: 10 / 20 / 30 questions.\n\n**Tuesday, 3 March**"
    )
    form = await joined.ana.click(await goal(joined, "show"), label="Set")
    assert prefilled(form) == {"numbers": "10 / 20 / 30", "days": ""}


@pytest.mark.parametrize(
    ("numbers", "said"),
    [
        ("10, 20, 30", "Goal: 10 / 20 / 30 questions."),
        ("10 20 30", "Goal: 10 / 20 / 30 questions."),
        ("10-20-30", "Goal: 10 / 20 / 30 questions."),
        ("floor 10, usual 20", "Goal: 10 / 20 / 25 questions."),
        ("half a block / 1 block / 2 blocks", "Goal: 10 / 20 / 40 questions."),
        ("20", "Goal: 8 / 20 / 25 questions."),
        ("none", "No goal for questions any more."),
    ],
)
async def test_numbers_on_one_line_are_understood(joined: World, numbers: str, said: str) -> None:
    answered = await sent(joined, await goal(joined, "show"), "Set", numbers=numbers)
    assert answered.content.startswith(f"{said}\n\n")


@pytest.mark.parametrize(
    "values", [{"numbers": "30 / 20 / 10"}, {"numbers": "1/2/3/4"}, {"numbers": "9 / 9 / 9", "days": "someday"}]
)
async def test_a_form_that_can_not_be_used_opens_again_with_its_words(joined: World, values: dict[str, str]) -> None:
    refused = await sent(joined, await goal(joined, "show"), "Set", **values)
    assert refused.content.endswith(KEPT_FOR_A_DAY)
    again = await joined.ana.click(refused, label="Open it again")
    assert prefilled(again) == {"days": ""} | values
    done = (await joined.ana.submit_modal(again, {"numbers": "10 / 20 / 30", "days": ""})).response
    assert done.content.startswith("Goal: 10 / 20 / 30 questions.")


async def test_other_work_has_goals_of_its_own_and_three_are_shown(joined: World) -> None:
    page = await pressed(joined, await goal(joined, "show"), "Other work")
    assert list(buttons(page)) == ["Flashcards", "First Aid pages", "Videos", "Practice exam", "Back"]
    for label, numbers in (
        ("Flashcards", "40/80"),
        ("First Aid pages", "4/8"),
        ("Videos", "1/2"),
        ("Practice exam", "9/9"),
    ):
        page = await pressed(joined, await goal(joined, "show"), "Other work")
        panel = await sent(joined, page, label, numbers=numbers)
    assert panel.content.count("(floor / usual / stretch)") == 3
    assert len(buttons(await goal(joined, "show"))) == 3 + 4 + 1


async def test_a_goal_is_taken_back_with_one_tap_and_twice_is_once(joined: World) -> None:
    await goal(joined, "set", floor="10", usual="20")
    await goal(joined, "set", floor="5", usual="10", weekdays="Sunday")
    page = await goal(joined, "show")
    await joined.at_once(*[joined.press(joined.ana, page, "No goal") for _ in range(2)])
    assert (await goal(joined, "show")).content == "**Goal**\nNo goal is set; whatever you do counts."
    said = (await joined.ana.slash(joined.channel, "today")).response.content
    assert "No goal is set; whatever you do counts." in said


async def test_one_of_several_goals_is_taken_back_by_its_name(joined: World) -> None:
    await goal(joined, "set", floor="10", usual="20")
    await goal(joined, "set", floor="1", usual="2", kind="videos")
    done = await pressed(joined, await goal(joined, "show"), "No goal: videos")
    assert done.content.startswith("No goal for videos any more.\n\n")
    assert "**10 / 20 / 25** questions" in done.content


# --- suggesting


async def test_under_ten_planned_days_a_guess_is_asked_for_and_called_one(joined: World) -> None:
    page = await goal(joined, "suggest")
    assert page.content == (
        "I don't know your days yet. What would an ordinary day hold? It's a guess, and easy to change."
    )
    form = await joined.ana.click(page, label="My guess")
    assert len(form.modal["components"]) == 1
    done = (await joined.ana.submit_modal(form, {"numbers": "about 22"})).response
    assert done.content.startswith("Goal: 8 / 22 / 30 questions.\n\n")


@pytest.mark.parametrize(("guess", "numbers"), [("3", "3 / 3 / 5"), ("6", "5 / 6 / 10"), ("500", "200 / 500 / 500")])
async def test_the_floor_of_a_guess_is_never_above_it(joined: World, guess: str, numbers: str) -> None:
    done = await sent(joined, await goal(joined, "suggest"), "My guess", numbers=guess)
    assert done.content.startswith(f"Goal: {numbers} questions.")


async def test_a_guess_nobody_would_understand_opens_again_with_its_words(joined: World) -> None:
    refused = await sent(joined, await goal(joined, "suggest"), "My guess", numbers="as many as I can")
    assert refused.content.endswith(KEPT_FOR_A_DAY)
    again = await joined.ana.click(refused, label="Open it again")
    assert prefilled(again) == {"numbers": "as many as I can"}


async def test_numbers_from_what_was_really_done_are_one_tap_away(joined: World) -> None:
    await worked(joined, 22, 14)
    page = await goal(joined, "suggest")
    assert page.content == (
        "From what you really did on your last planned days (28 at most), quiet ones included: 20 a day.\n"
        "As a goal: **8 / 20 / 25 questions** (floor / usual / stretch)."
    )
    assert list(buttons(page)) == ["Take it", "Other numbers", "Back"]
    await joined.restart()
    done = await pressed(joined, page, "Take it")
    assert done.content.startswith("Goal: 8 / 20 / 25 questions.\n\n")
    assert "That is your goal already: **8 / 20 / 25**" in (await goal(joined, "suggest")).content
    assert list(buttons(await goal(joined, "suggest"))) == ["Other numbers", "Back"]


async def test_other_numbers_start_from_the_suggestion(joined: World) -> None:
    await worked(joined, 22, 14)
    form = await joined.ana.click(await goal(joined, "suggest"), label="Other numbers")
    assert prefilled(form) == {"numbers": "8 / 20 / 25", "days": ""}
    done = (await joined.ana.submit_modal(form, {"numbers": "10 / 30 / 40"})).response
    assert "Goal: 10 / 30 / 40 questions." in done.content


async def test_nothing_is_raised_by_itself_over_three_weeks(joined: World) -> None:
    await goal(joined, "set", floor="5", usual="10", stretch="15")
    for day in range(4, 25):
        await joined.at(f"2026-03-{day:02} 07:30")
        assert "Floor / usual / stretch: 5 / 10 / 15 questions." in joined.dms(joined.ana)[-1].content
        joined.clock.set(f"2026-03-{day:02} 12:00")
        await log(joined, 60)
        await joined.at(f"2026-03-{day:02} 21:00")
    assert "Questions: **5 / 10 / 15**." in (await goal(joined, "show")).content


@pytest.mark.parametrize("numbers", ["30-20-10", "1-2-9999", "9999-9999-9999"])
async def test_forged_numbers_are_looked_at_like_typed_ones(joined: World, numbers: str) -> None:
    answered = (await joined.forge(joined.ana, f"goal:take:{numbers}")).response
    assert answered.content.startswith((ORDER, "Numbers up to", "Any number from 0 to 500"))
    assert "No goal is set" in (await goal(joined, "show")).content


async def test_a_button_of_somebody_elses_sets_the_pressers_own_goal_only(joined: World) -> None:
    ben = joined.newcomer("Ben")
    await joined.join(ben)
    joined.clock.set("2026-03-03 12:00")
    await joined.forge(ben, "goal:take:8-20-25")
    assert "**8 / 20 / 25**" in (await goal(joined, "show", ben)).content
    assert "No goal is set" in (await goal(joined, "show")).content


# --- nobody is asked before they are ready


@pytest.mark.parametrize("where", GENTLE)
async def test_on_the_gentle_path_nothing_is_asked_and_an_own_wish_is_kept(world: World, where: str) -> None:
    await world.join(world.ana, where)
    for command in ("show", "suggest"):
        page = await goal(world, command)
        assert "A goal can wait until you are ready to plan. Nothing is asked of you here." in page.content
        assert "?" not in page.content
        assert "I'm ready to plan" in buttons(page)
        assert "Set" not in buttons(page)
    said = (await goal(world, "set", floor="10", usual="20")).content
    assert said.startswith("Goal: 10 / 20 / 25 questions. It is kept for when you are ready to plan.\n\n")
    assert "Nothing is asked of you right now, and nothing is missing." in said
    await world.at("2026-03-03 07:30")
    assert "Good morning" not in world.dms(world.ana)[-1].content
    page = await goal(world, "show")
    assert "Questions: **10 / 20 / 25**." in page.content
    assert list(buttons(page)) == ["I'm ready to plan", "No goal", "Back"]
    await world.ana.click(page, label="I'm ready to plan")
    await world.at("2026-03-04 07:30")
    assert "10 / 20 / 25 questions" in world.dms(world.ana)[-1].content
