"""One panel shows a member their day, whatever kind of day it is, and every button on it leads somewhere and back."""

from datetime import date, timedelta
from typing import Any

import pytest

from bot.ui.joining import THE_WAY
from tests.conftest import World, buttons

ALWAYS = ["Log a block", "Check in", "Rough day", "I need help", "More"]
NEVER = ("missed", "failed", "behind", "catch up", "streak", "!")
MONDAY = date(2026, 3, 2)


async def look(world: World, person: Any = None) -> Any:
    """The panel, in the server."""
    return (await (person or world.ana).slash(world.channel, "today")).response


async def tap(world: World, shown: Any, label: str) -> Any:
    return (await world.ana.click(shown, label=label)).response


async def write(world: World, table: str, **values: object) -> None:
    """Put a row of Ana's into the records."""
    names, marks = ", ".join(values), ", ".join(f":{name}" for name in values)
    async with world.services.records.writing() as tx:
        await tx.execute(
            f"INSERT INTO {table} (member_id, {names}) SELECT id, {marks} FROM members WHERE name = 'Ana'", **values
        )


async def set_goal(world: World, kind: str = "questions", floor: int = 10) -> None:
    numbers = {"floor": floor, "usual": 2 * floor, "stretch": 3 * floor}
    await write(world, "goals", kind=kind, weekday=-1, from_day=MONDAY, **numbers)


def lines(shown: Any) -> list[str]:
    """What is read, none of which may shame anybody."""
    assert not any(word in shown.content.lower() for word in NEVER), shown.content
    return str(shown.content).split("\n")


# --- a planned day


async def test_a_day_without_a_goal_says_that_anything_counts(world: World) -> None:
    await world.join(world.ana)
    shown = await look(world)
    assert lines(shown) == [
        "**Monday, 2 March**",
        "No goal is set; whatever you do counts.",
        "Check-in: open.",
        "Next message: today at 21:00.",
    ]
    assert list(buttons(shown)) == ALWAYS


async def test_the_panel_is_for_one_person_in_a_server_and_plain_in_a_dm(world: World) -> None:
    await world.join(world.ana)
    in_server, in_dm = await look(world), (await world.ana.user.slash("today")).response
    assert in_server.ephemeral
    assert not in_dm.ephemeral
    assert in_server.content == in_dm.content
    assert buttons(in_server) == buttons(in_dm)


async def test_goal_and_progress_stand_on_top_and_a_kept_day_is_named_once_the_floor_is_reached(world: World) -> None:
    await world.join(world.ana)
    await set_goal(world)
    assert lines(await look(world))[1] == "Goal: **10 / 20 / 30** questions (floor / usual / stretch)"
    await world.ana.slash(world.channel, "log", questions="9")
    assert lines(await look(world))[2] == "Done: 9 questions."
    await world.ana.slash(world.channel, "log", questions="1")
    assert lines(await look(world))[2] == "Done: 10 questions. That makes it a kept day."


async def test_at_most_three_goals_are_shown_questions_first(world: World) -> None:
    await world.join(world.ana)
    for number, kind in enumerate(("practice", "videos", "pages", "flashcards", "questions"), 1):
        await set_goal(world, kind, number)
    units = [line.split("** ")[1].split(" (")[0] for line in lines(await look(world)) if line.startswith("Goal")]
    assert units == ["questions", "flashcards", "First Aid pages"]


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        ("Usual", "Check-in: a usual day; the evening is open."),
        ("Floor today", "Check-in: the floor for today; the evening is open."),
    ],
)
async def test_before_the_evening_check_in_asks_what_kind_of_day_it_is(world: World, answer: str, said: str) -> None:
    await world.join(world.ana)
    panel = await look(world)
    question = await tap(world, panel, "Check in")
    assert list(buttons(question))[:3] == ["Usual", "Floor today", "Rough day"]
    answered = await tap(world, question, answer)
    back = await tap(world, answered, "Today")
    assert {question.id, answered.id, back.id} == {panel.id}
    assert said in lines(back)


@pytest.mark.parametrize("answer", ["Kept it", "Some of it", "Not today"])
async def test_in_the_evening_check_in_asks_how_it_went_and_leads_back(world: World, answer: str) -> None:
    await world.join(world.ana)
    world.clock.set("2026-03-02 21:30")
    panel = await look(world)
    answered = await tap(world, await tap(world, panel, "Check in"), answer)
    assert answered.id == panel.id
    back = await tap(world, answered, "Today")
    assert f"Check-in: {answer.lower()}." in lines(back)
    assert "Next message: tomorrow at 07:30." in lines(back)
    again = await tap(world, back, "Check in")
    assert again.content.startswith(f"**Monday, 2 March:** {answer.lower()}.")


async def test_the_next_message_is_told_in_the_members_own_time(world: World) -> None:
    await world.join(world.ana, city="Manila")
    assert "Next message: today at 07:30." in lines(await look(world))  # noon in Chicago is two at night there
    await world.at("2026-03-03 07:30", "Asia/Manila")
    assert "Next message: today at 21:00." in lines(await look(world))


async def test_until_the_cut_the_panel_shows_the_day_before(world: World) -> None:
    await world.join(world.ana)
    world.clock.set("2026-03-03 03:59")
    assert lines(await look(world))[0] == "**Monday, 2 March**"
    world.clock.set("2026-03-03 04:00")
    assert lines(await look(world))[0] == "**Tuesday, 3 March**"


# --- yesterday


async def test_yesterday_can_be_answered_until_its_check_in_closes(world: World) -> None:
    await world.join(world.ana)
    await world.at("2026-03-03 12:00")
    panel = await look(world)
    assert list(buttons(panel)) == [*ALWAYS, "Answer for Monday"]
    answered = await tap(world, await tap(world, panel, "Answer for Monday"), "Some of it")
    assert answered.content.startswith("**Monday, 2 March:** some of it.")
    assert list(buttons(await look(world))) == ALWAYS
    await world.at("2026-03-04 20:59")
    assert "Answer for Tuesday" in buttons(await look(world))
    await world.at("2026-03-04 21:00")
    assert list(buttons(await look(world))) == ALWAYS


@pytest.mark.parametrize("kind", ["rest", "pause"])
async def test_a_yesterday_of_rest_or_pause_is_not_brought_up(world: World, kind: str) -> None:
    await world.join(world.ana)
    await write(world, "spans", kind=kind, from_day=MONDAY, to_day=MONDAY)
    await world.at("2026-03-03 12:00")
    assert list(buttons(await look(world))) == ALWAYS


async def test_in_a_pause_and_on_the_gentle_path_yesterday_is_not_brought_up_either(world: World) -> None:
    await world.join(world.ana)
    await write(world, "spans", kind="pause", from_day=MONDAY + timedelta(days=1))
    bea = world.newcomer("Bea")
    await world.join(bea, "Just found out")
    await world.at("2026-03-03 12:00")
    for person in (world.ana, bea):
        assert "Answer for Monday" not in buttons(await look(world, person))


# --- days on which nothing is asked


async def test_a_rough_day_is_rest_in_one_line_and_can_be_taken_back(world: World) -> None:
    await world.join(world.ana)
    await set_goal(world)
    panel = await look(world)
    rough = await tap(world, panel, "Rough day")
    assert rough.id == panel.id
    assert lines(rough) == ["**Monday, 2 March** is a rest day now. Nothing else is needed."]
    back = await tap(world, rough, "Today")
    assert lines(back) == [
        "**Monday, 2 March**",
        "Today is rest. Nothing is asked, and nothing is missing.",
        "Next message: tomorrow at 07:30.",
    ]
    question = await tap(world, back, "Not rest after all")
    await tap(world, question, "Some of it")
    assert "Check-in: some of it." in lines(await look(world))


async def test_work_on_a_rest_day_is_welcome_and_counts(world: World) -> None:
    await world.join(world.ana)
    await set_goal(world)
    await write(world, "rest_weekdays", from_day=MONDAY, mask=0b0000001)
    shown = await look(world)
    assert lines(shown)[1] == "Today is rest. Nothing is asked, and nothing is missing."
    assert not any("Goal" in line or "Check-in" in line for line in lines(shown))
    assert list(buttons(shown)) == ["Log a block", "Check in", "I need help", "More"]
    logged = await world.ana.slash(world.channel, "log", questions="10")
    assert "Done: 10 questions. That makes it a kept day." in lines(logged.response)


@pytest.mark.parametrize(
    ("to_day", "until"),
    [("9999-12-31", "Paused until you say so."), ("2026-03-05", "Paused until Thu 5 March, included.")],
)
async def test_a_pause_says_until_when_and_ends_with_one_tap_on_the_same_message(
    world: World, to_day: str, until: str
) -> None:
    await world.join(world.ana)
    await set_goal(world)
    await write(world, "spans", kind="pause", from_day=MONDAY, to_day=to_day)
    shown = await look(world)
    assert lines(shown)[1] == f"{until} Nothing is asked, and nothing is missing."
    assert not any("Goal" in line or "Check-in" in line for line in lines(shown))
    assert list(buttons(shown)) == ["Start again", "Log a block", "I need help", "More"]
    back = await tap(world, shown, "Start again")
    assert back.id == shown.id
    assert lines(back)[0] == "Good to have you back. Nothing has piled up; 10 questions would be a whole day."
    assert list(buttons(back)) == ALWAYS


async def test_an_open_pause_promises_no_message_and_one_with_an_end_names_the_first(world: World) -> None:
    await world.join(world.ana)
    await write(world, "spans", kind="pause", from_day=MONDAY, to_day=MONDAY + timedelta(days=3))
    assert "Next message: on Friday, 6 March at 07:30." in lines(await look(world))
    await write(world, "spans", kind="pause", from_day=MONDAY)
    assert not any("Next message" in line for line in lines(await look(world)))


async def test_while_the_cohort_pauses_nothing_is_asked_and_work_is_still_welcome(world: World) -> None:
    await world.join(world.ana)
    async with world.services.records.writing() as tx:
        await tx.execute("INSERT INTO spans (cohort_id, kind, from_day) SELECT id, 'pause', '2026-03-02' FROM cohorts")
    shown = await look(world)
    assert lines(shown)[1] == "Your cohort pauses. Nothing is asked, and nothing is missing."
    assert not any("Goal" in line or "Check-in" in line or "Next" in line for line in lines(shown))
    assert "Start again" not in buttons(shown)
    assert "Log a block" in buttons(shown)


@pytest.mark.parametrize("where", ["Just found out", "Not ready to plan"])
async def test_on_the_gentle_path_the_panel_asks_for_nothing(world: World, where: str) -> None:
    await world.join(world.ana, where)
    await set_goal(world)
    shown = await look(world)
    assert lines(shown)[1] == "Nothing is asked of you right now, and nothing is missing."
    assert not any("Goal" in line or "Check-in" in line or "?" in line for line in lines(shown))
    assert list(buttons(shown)) == ["I need help", "I'm ready to plan", "Stop these messages", "More"]


async def test_on_the_day_of_the_exam_and_while_waiting_nothing_is_asked(world: World) -> None:
    await world.join(world.ana)
    await set_goal(world)
    await write(world, "exam_dates", from_day=MONDAY, date=MONDAY + timedelta(days=1))
    await world.at("2026-03-03 12:00")
    assert lines(await look(world))[1:] == ["I stay quiet today."]
    await world.at("2026-03-05 12:00")
    waiting = await look(world)
    assert lines(waiting)[1:] == ["The date you gave has passed. I stay quiet until you say what comes next."]
    assert list(buttons(waiting)) == ["I'm ready to plan", "I need help", "More"]


async def test_after_the_exam_ready_to_plan_makes_days_planned_again(world: World) -> None:
    await world.join(world.ana)
    await write(world, "exam_dates", from_day=MONDAY, date=MONDAY + timedelta(days=1))
    await world.at("2026-03-05 12:00")
    await tap(world, await look(world), "I'm ready to plan")
    assert "Check-in: open." in lines(await look(world))


async def test_on_nights_the_panel_says_until_when(world: World) -> None:
    await world.join(world.ana)
    times = {"cut_hour": 10, "morning_minute": 960, "evening_minute": 510}
    await write(world, "spans", kind="nights", from_day=MONDAY, to_day=MONDAY + timedelta(days=4), **times)
    assert "On nights until Fri 6 March." in lines(await look(world))


async def test_a_day_lost_to_an_outage_counts_for_nothing_and_says_so(world: World) -> None:
    await world.join(world.ana)
    await write(world, "spans", kind="outage", from_day=MONDAY, to_day=MONDAY)
    assert lines(await look(world))[1] == "I was away for most of this day. Nothing of it counts."


async def test_closed_dms_are_told_with_the_way_to_open_them(world: World) -> None:
    world.ana.user.allow_dms = False
    await world.join(world.ana)
    async with world.services.records.writing() as tx:
        await tx.execute("UPDATE addresses SET state = 'closed'")
        await tx.execute(
            """INSERT INTO addresses (member_id, kind, state, checked_at) SELECT id, 'dm', 'closed', 0 FROM members
               WHERE true ON CONFLICT DO NOTHING"""
        )
    shown = await look(world)
    assert THE_WAY in shown.content
    assert not any("Next message" in line for line in lines(shown))
    assert len(buttons(shown)) == len(ALWAYS) + 1


# --- every way leads somewhere, and back


async def test_every_page_behind_more_turns_the_same_message_and_leads_back(world: World) -> None:
    await world.join(world.ana)
    panel = await look(world)
    more = await tap(world, panel, "More")
    assert more.id == panel.id
    for label in buttons(more):
        shown = await tap(world, await tap(world, await look(world), "More"), label)
        assert shown.content
        if label == "Back to today":
            assert list(buttons(shown)) == ALWAYS
        else:
            ways = list(buttons(shown))
            assert len(shown.content) <= 2000
            assert "Back" in ways, label
            assert list(buttons(await tap(world, shown, "Back"))) == list(buttons(more))


async def test_help_is_one_tap_away_on_every_kind_of_panel(world: World) -> None:
    await world.join(world.ana)
    panel = await look(world)
    card = (await world.ana.click(panel, label="I need help")).response
    assert card.ephemeral
    assert card.id != panel.id
    quiet = await look(world)
    assert "Today is rest. Nothing is asked, and nothing is missing." in quiet.content
    assert "I need help" in buttons(quiet)


async def test_a_panel_somebody_else_presses_shows_them_their_own_day(world: World) -> None:
    await world.join(world.ana)
    await world.ana.slash(world.channel, "log", questions="40")
    bea = world.newcomer("Bea")
    await world.join(bea)
    shown = await world.forge(bea, "page:today")
    assert "40 questions" not in shown.response.content
    stranger = world.newcomer("Cleo")
    assert (await world.forge(stranger, "page:today")).response.content.startswith("You haven't joined yet")


async def test_a_page_that_is_not_known_is_not_found(world: World) -> None:
    await world.join(world.ana)
    shown = await world.forge(world.ana, "page:secrets")
    assert shown.response.content == "I can't find that any more. `/today` always opens what there is."


async def test_panels_of_yesterday_keep_working(world: World) -> None:
    await world.join(world.ana)
    old = (await world.ana.user.slash("today")).response
    await world.at("2026-03-04 12:00")
    await world.restart()
    again = (await world.ana.user.click(old, label="Rough day")).response
    assert again.content == "That day is closed, and nothing about it is owed. `/today` opens what there is."
    assert (await world.ana.user.click(old, label="More")).response.content == "**More**"


async def test_a_log_from_a_locked_phone_names_no_exam(world: World) -> None:
    """What was logged is repeated in the evening's first lines."""
    await world.join(world.ana)
    await world.ana.slash(world.channel, "log", questions="40", kind="practice")
    await set_goal(world, "practice")
    for time in ("2026-03-02 21:00", "2026-03-03 07:30"):
        await world.at(time)
        assert "exam" not in world.dms(world.ana)[-1].content[:120].lower()
