"""What arrives in somebody's DMs, when, and how it stops: the first message, the gentle path, mornings and evenings."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from bot.ui.joining import THE_WAY
from tests.conftest import World, buttons

MORNING = ["Usual", "Floor today", "Rough day", "I need help"]
EVENING = ["Kept it", "Some of it", "Not today", "Rough day", "I need help"]
GENTLE = ["Just found out", "Not ready to plan"]
STUDYING = ["Ready to plan", "Exam booked"]


async def arriving(world: World, person: Any, local: str, zone: str = "America/Chicago") -> list[Any]:
    """What is new in somebody's DMs at that time."""
    before = len(world.dms(person))
    await world.at(local, zone)
    return world.dms(person)[before:]


def days_from(first: str, count: int) -> list[str]:
    return [str(date.fromisoformat(first) + timedelta(days=number)) for number in range(count)]


def label_of(message: Any, starting_with: str) -> str:
    """The label of the button whose custom_id begins like this."""
    return next(label for label, custom_id in buttons(message).items() if custom_id.startswith(starting_with))


# --- the first message


@pytest.mark.parametrize("where", STUDYING)
async def test_the_first_message_says_what_comes_who_sees_what_and_how_to_stop(world: World, where: str) -> None:
    await world.join(world.ana, where)
    (first,) = world.dms(world.ana)
    assert "a short message at 07:30 and one at 21:00 (Chicago time)" in first.content
    assert "no answer is fine too, and costs nothing" in first.content
    assert "**Who sees what:**" in first.content
    assert "moderators included" in first.content
    assert "whoever hosts me could open them" in first.content
    assert "**To stop:** the button below" in first.content
    assert "I'm a program" in first.content
    assert sorted(buttons(first)) == ["I need help", "Stop these messages"]


@pytest.mark.parametrize("where", GENTLE)
async def test_the_gentle_first_message_asks_for_nothing_and_says_what_can_wait(world: World, where: str) -> None:
    answered = await world.join(world.ana, where)
    assert "nothing is asked of you" in answered.response.content
    (first,) = world.dms(world.ana)
    assert "**Nothing to decide this week**" in first.content
    assert "Who hears of it from me: nobody." in first.content
    assert "at most one short message a day, around 21:00 (Chicago time)" in first.content
    assert "No goals, no dates, no plan until you say so" in first.content
    assert "07:30" not in first.content
    assert "?" not in first.content
    assert sorted(buttons(first)) == ["I need help", "I'm ready to plan", "Stop these messages"]


async def test_times_are_named_in_the_members_own_place(world: World) -> None:
    await world.join(world.ana, city="Manila")
    assert "(Manila time)" in world.dms(world.ana)[0].content


# --- the gentle path


@pytest.mark.parametrize("where", GENTLE)
async def test_on_the_gentle_path_at_most_one_message_a_day_comes_in_the_evening_with_nothing_to_answer(
    world: World, where: str
) -> None:
    await world.join(world.ana, where)
    came: list[int] = []
    for day in days_from("2026-03-02", 21):
        assert not came or not await arriving(world, world.ana, f"{day} 07:30")
        evening = await arriving(world, world.ana, f"{day} 21:00")
        came.append(len(evening))
        assert not await arriving(world, world.ana, f"{day} 23:59")
        for message in evening:
            assert "Nothing to answer tonight" in message.content
            assert "?" not in message.content
            assert sorted(buttons(message)) == ["I need help", "I'm ready to plan", "Stop these messages"]
    assert came == [0, *[1] * 7, 0, 0, 1, 0, 0, 1, 0, 0, 1, 0, 0, 1, 0], "the first message was the first day's"


async def test_looking_back_is_offered_once_after_seven_days_and_only_to_those_who_just_found_out(world: World) -> None:
    bea = world.newcomer("Bea")
    await world.join(world.ana, "Just found out")
    await world.join(bea, "Not ready to plan")
    for day in days_from("2026-03-03", 40):
        await world.at(f"{day} 21:00")
    offers = [message for message in world.dms(world.ana) if "A week has gone by" in message.content]
    assert len(offers) == 1
    assert "I won't ask again" in offers[0].content
    assert next(label for label in buttons(offers[0]) if f"*{label}*" in offers[0].content) == "I'm ready to plan"
    assert not [message for message in world.dms(bea) if "A week has gone by" in message.content]


@pytest.mark.parametrize("where", GENTLE)
async def test_on_the_gentle_path_checkin_asks_for_nothing_either(world: World, where: str) -> None:
    await world.join(world.ana, where)
    opened = (await world.ana.slash(world.channel, "checkin")).response
    assert opened.ephemeral
    assert opened.content.startswith("**Monday, 2 March**\nNothing is asked of you right now, and nothing is missing.")
    assert "?" not in opened.content
    assert sorted(buttons(opened)) == ["I need help", "I'm ready to plan", "More", "Stop these messages"]


@pytest.mark.parametrize("restarted", [False, True])
async def test_ready_to_plan_brings_mornings_and_questions(world: World, restarted: bool) -> None:
    await world.join(world.ana, "Not ready to plan")
    (first,) = world.dms(world.ana)
    if restarted:
        await world.restart()
    said = await world.ana.user.click(first, label="I'm ready to plan")
    assert "a short message in the morning and one in the evening" in said.response.content
    (evening,) = await arriving(world, world.ana, "2026-03-02 21:00")
    assert list(buttons(evening)) == EVENING
    (morning,) = await arriving(world, world.ana, "2026-03-03 07:30")
    assert list(buttons(morning)) == MORNING


# --- stopping and coming back


@pytest.mark.parametrize("where", ["Just found out", "Ready to plan"])
async def test_nothing_arrives_while_stopped_and_all_of_it_after_starting_again(world: World, where: str) -> None:
    await world.join(world.ana, where)
    (first,) = world.dms(world.ana)
    stopped = await world.ana.user.click(first, label="Stop these messages")
    assert "Nothing more comes until you say so, and nothing of yours is erased" in stopped.response.content
    count = len(world.dms(world.ana))
    for day in days_from("2026-03-02", 12):
        for time in ("07:30", "12:00", "21:00"):
            if f"{day} {time}" > "2026-03-02 12:00":
                await world.at(f"{day} {time}")
    assert len(world.dms(world.ana)) == count
    await world.restart()
    world.clock.set("2026-03-14 12:00")
    back = await world.ana.user.click(stopped.response, label="Start again")
    assert back.response.content.startswith("Good to see you. It starts from today")
    assert "missed" not in back.response.content
    for day in days_from("2026-03-14", 3):
        await world.at(f"{day} 21:00")
    assert world.dms(world.ana)[count].content.startswith("Good evening, Ana.")


async def test_starting_again_announces_only_an_evening_that_comes(world: World) -> None:
    await world.join(world.ana, "Just found out")
    stopped = await world.ana.user.click(world.dms(world.ana)[0], label="Stop these messages")
    world.clock.set("2026-03-14 12:00")
    back = await world.ana.user.click(stopped.response, label="Start again")
    announced = datetime.fromtimestamp(int(back.response.content.split("<t:")[1].split(":")[0]), UTC)
    before = len(world.dms(world.ana))
    world.clock.now = announced
    await world.deliver()
    assert len(world.dms(world.ana)) == before + 1


async def test_a_prompt_that_was_due_when_somebody_stopped_does_not_arrive(world: World) -> None:
    await world.join(world.ana)
    world.clock.set("2026-03-02 21:00")
    await world.services.planning.plan_due(world.clock())
    await world.ana.user.click(world.dms(world.ana)[0], label="Stop these messages")
    count = len(world.dms(world.ana))
    await world.deliver()
    assert len(world.dms(world.ana)) == count


@pytest.mark.parametrize("where", ["Just found out", "Ready to plan"])
async def test_checkin_says_that_messages_are_stopped_and_starts_them_again(world: World, where: str) -> None:
    await world.join(world.ana, where)
    await world.ana.user.click(world.dms(world.ana)[0], label="Stop these messages")
    opened = (await world.ana.slash(world.channel, "checkin")).response
    stopped = "Messages are stopped." if where == "Ready to plan" else "Paused until you say so."
    assert stopped in opened.content
    assert "Next message" not in opened.content
    back = await world.ana.click(opened, label="Start again")
    assert back.response.ephemeral
    assert back.response.content.startswith(("Good to see you.", "Good to have you back."))
    evening = await arriving(world, world.ana, "2026-03-02 21:00")
    assert len(evening) == (where == "Ready to plan"), "the gentle path has had its message of the day"
    assert len(await arriving(world, world.ana, "2026-03-03 21:00")) == 1


async def test_stopping_twice_and_starting_twice_change_nothing_more(world: World) -> None:
    await world.join(world.ana)
    (first,) = world.dms(world.ana)
    stopped = await world.ana.user.click(first, label="Stop these messages")
    await world.ana.user.click(first, label="Stop these messages")
    for _ in range(2):
        await world.ana.user.click(stopped.response, label="Start again")
    assert len(await arriving(world, world.ana, "2026-03-02 21:00")) == 1


async def test_whoever_stopped_and_then_says_ready_gets_what_was_announced(world: World) -> None:
    await world.join(world.ana, "Not ready to plan")
    (first,) = world.dms(world.ana)
    await world.ana.user.click(first, label="Stop these messages")
    said = await world.ana.user.click(first, label="I'm ready to plan")
    assert "From now on there is a short message" in said.response.content
    assert len(await arriving(world, world.ana, "2026-03-02 21:00")) == 1


# --- closed DMs


async def closed(world: World) -> tuple[Any, str]:
    """Ana joins with closed DMs: what she sees, and the path by which she could have been written to."""
    path = f"/channels/{world.ana.user.dm_channel.id}/messages"
    world.env.inject_error("POST", path, status=403, code=50007, times=None)
    return await world.join(world.ana), path


async def test_closed_dms_are_said_on_the_panel_with_the_way_to_open_them(world: World) -> None:
    answered, _ = await closed(world)
    assert answered.response.content.startswith("You're in, but Discord won't let me write to you")
    assert THE_WAY in answered.response.content
    assert sorted(buttons(answered.response)) == ["I need help", "I've opened them"]
    assert not world.dms(world.ana)


async def test_closed_dms_cost_exactly_one_refused_request(world: World) -> None:
    _, path = await closed(world)
    for day in days_from("2026-03-03", 4):
        await world.at(f"{day} 07:30")
        await world.at(f"{day} 21:00")
    assert world.requests.count(("POST", path)) == 1


async def test_checkin_works_with_closed_dms_and_says_so(world: World) -> None:
    await closed(world)
    opened = (await world.ana.slash(world.channel, "checkin")).response
    assert "your DMs are closed for the study server" in opened.content
    assert THE_WAY in opened.content
    assert "Next message" not in opened.content
    await world.ana.click(opened, label="Rough day")
    again = (await world.ana.slash(world.channel, "checkin")).response
    assert "is a rest day now" in again.content
    assert "I've opened them" in buttons(again)


@pytest.mark.parametrize("by", ["panel", "checkin"])
async def test_opened_dms_bring_the_first_message_and_the_rhythm(world: World, by: str) -> None:
    answered, path = await closed(world)
    world.env.backend.faults.clear()
    shown = answered if by == "panel" else await world.ana.slash(world.channel, "checkin")
    said = await world.ana.click(shown.response, label="I've opened them")
    assert said.response.ephemeral
    await world.deliver()
    (first,) = world.dms(world.ana)
    assert first.content.startswith("Hello Ana,")
    assert len(await arriving(world, world.ana, "2026-03-02 21:00")) == 1
    assert world.requests.count(("POST", path)) == 3


async def test_dms_that_are_still_closed_are_said_to_be(world: World) -> None:
    answered, path = await closed(world)
    said = await world.ana.click(answered.response, label="I've opened them")
    await world.deliver()
    assert said.response.content.startswith("You're in, but Discord won't let me write to you")
    assert "I've opened them" in buttons(said.response)
    assert world.requests.count(("POST", path)) == 2


async def test_dms_that_close_later_are_said_at_the_next_command_and_nothing_else_is_tried(world: World) -> None:
    await world.join(world.ana)
    path = f"/channels/{world.ana.user.dm_channel.id}/messages"
    world.env.inject_error("POST", path, status=403, code=50007, times=None)
    tried = world.requests.count(("POST", path))
    await world.at("2026-03-02 21:00")
    await world.at("2026-03-03 07:30")
    await world.at("2026-03-03 21:00")
    assert world.requests.count(("POST", path)) == tried + 1
    opened = (await world.ana.slash(world.channel, "checkin")).response
    assert "your DMs are closed for the study server" in opened.content


async def test_saying_twice_that_dms_are_open_brings_one_first_message(world: World) -> None:
    answered, _ = await closed(world)
    opened = await world.ana.slash(world.channel, "checkin")
    world.env.backend.faults.clear()
    await world.ana.click(answered.response, label="I've opened them")
    await world.ana.click(opened.response, label="I've opened them")
    await world.deliver()
    assert len(world.dms(world.ana)) == 1


# --- mornings and evenings


@pytest.mark.parametrize("first", ["2026-03-06", "2026-10-30"])
async def test_prompts_come_at_each_members_own_half_past_seven_and_nine_also_when_clocks_change(
    world: World, first: str
) -> None:
    bea = world.newcomer("Bea")
    zones = {world.ana: ZoneInfo("America/Chicago"), bea: ZoneInfo("Asia/Manila")}
    world.clock.now = datetime.fromisoformat(first).replace(hour=18, tzinfo=UTC)
    await world.join(world.ana)
    await world.join(bea, city="Manila")
    seen = {person: len(world.dms(person)) for person in zones}
    came: dict[Any, list[str]] = {person: [] for person in zones}
    for _ in range(4 * 24 * 2):
        world.clock.move(minutes=30)
        await world.deliver()
        for person, zone in zones.items():
            for message in world.dms(person)[seen[person] :]:
                seen[person] += 1
                kind = message.content.split(",")[0].removeprefix("Good ")
                came[person].append(f"{world.clock().astimezone(zone):%m-%d %H:%M} {kind}")
    for person, zone in zones.items():
        until = world.clock().astimezone(zone)
        expected = [
            f"{day[5:]} {time} {kind}"
            for day in days_from(first, 6)
            for time, kind in (("07:30", "morning"), ("21:00", "evening"))
        ]
        joined = datetime.fromisoformat(first).replace(hour=18, tzinfo=UTC).astimezone(zone)
        window = (f"{joined:%m-%d %H:%M}", f"{until:%m-%d %H:%M}")
        assert came[person] == [line for line in expected if window[0] < line[:11] <= window[1]]


async def test_a_morning_asks_with_four_buttons_and_an_evening_with_five(world: World) -> None:
    await world.join(world.ana)
    (morning,) = await arriving(world, world.ana, "2026-03-03 07:30")
    assert morning.content.startswith("Good morning, Ana.\n")
    assert list(buttons(morning)) == MORNING
    (evening,) = await arriving(world, world.ana, "2026-03-03 21:00")
    assert evening.content.startswith("Good evening, Ana.\n")
    assert list(buttons(evening)) == EVENING


async def test_the_evening_knows_what_the_morning_said(world: World) -> None:
    await world.join(world.ana)
    (morning,) = await arriving(world, world.ana, "2026-03-03 07:30")
    await world.ana.user.click(morning, label="Floor today")
    (evening,) = await arriving(world, world.ana, "2026-03-03 21:00")
    assert "You set out for the floor. How did it go?" in evening.content


async def test_a_day_that_was_answered_before_is_not_asked_about_again(world: World) -> None:
    await world.join(world.ana)
    await world.at("2026-03-03 07:30")
    world.clock.set("2026-03-03 15:00")
    opened = await world.ana.slash(world.channel, "checkin")
    await world.ana.click(opened.response, label="Usual")
    opened = await world.ana.slash(world.channel, "checkin")
    await world.ana.click(opened.response, label="Kept it")
    assert not await arriving(world, world.ana, "2026-03-03 21:00")
    (morning,) = await arriving(world, world.ana, "2026-03-04 07:30")
    assert "Yesterday was a kept day." in morning.content


@pytest.mark.parametrize("answer", ["Kept it", "Rough day"])
async def test_checkin_announces_only_a_message_that_will_come(world: World, answer: str) -> None:
    await world.join(world.ana)
    world.clock.set("2026-03-03 15:00")
    await world.deliver()
    for label in ("Usual", answer) if answer == "Kept it" else (answer,):
        opened = await world.ana.slash(world.channel, "checkin")
        await world.ana.click(opened.response, label=label)
    again = (await world.ana.slash(world.channel, "checkin")).response
    assert "Next message: tomorrow at 07:30." in again.content


async def test_a_gentle_evening_that_an_outage_swallowed_does_not_come_in_the_morning(world: World) -> None:
    await world.join(world.ana, "Just found out")
    assert not await arriving(world, world.ana, "2026-03-03 07:30")


async def test_an_evening_that_comes_next_morning_does_not_ask_about_today(world: World) -> None:
    await world.join(world.ana)
    (late,) = await arriving(world, world.ana, "2026-03-03 07:00")
    assert "today" not in late.content
    assert not late.content.startswith("Good evening")


async def test_silence_is_answered_with_the_next_morning_and_no_word_about_it(world: World) -> None:
    await world.join(world.ana)
    texts: list[str] = []
    for day in days_from("2026-03-03", 3):
        for time in ("07:30", "21:00"):
            texts += [message.content for message in await arriving(world, world.ana, f"{day} {time}")]
    assert len(texts) == 6
    assert len(set(texts)) == 2
    for word in ("miss", "yesterday", "streak", "0", "still", "forgot"):
        assert not [text for text in texts if word in text.casefold().replace("the least that still counts", "")]


# --- what a morning and an evening say of the day


async def has_goal(world: World, kind: str, *numbers: int) -> None:
    """Everybody has this goal every day from now on."""
    async with world.services.records.writing() as tx:
        await tx.execute(
            """INSERT INTO goals (member_id, kind, weekday, from_day, floor, usual, stretch)
               SELECT id, :kind, -1, '2026-03-02', :floor, :usual, :stretch FROM members""",
            kind=kind,
            floor=numbers[0],
            usual=numbers[1],
            stretch=numbers[2],
        )


async def test_a_morning_names_todays_numbers_and_no_more_than_three_goals(world: World) -> None:
    await world.join(world.ana)
    await has_goal(world, "questions", 10, 20, 30)
    (morning,) = await arriving(world, world.ana, "2026-03-03 07:30")
    assert morning.content.splitlines() == [
        "Good morning, Ana.",
        "Floor / usual / stretch: 10 / 20 / 30 questions.",
        "What kind of day is it? *Usual*, or *Floor today*: the least that still counts.",
    ]
    for kind in ("flashcards", "pages", "videos"):
        await has_goal(world, kind, 1, 1, 2)
    (morning,) = await arriving(world, world.ana, "2026-03-04 07:30")
    assert "10 / 20 / 30 questions; 1 / 1 / 2 flashcard; 1 / 1 / 2 First Aid page." in morning.content


async def test_without_a_goal_a_morning_names_no_number(world: World) -> None:
    await world.join(world.ana)
    (morning,) = await arriving(world, world.ana, "2026-03-03 07:30")
    assert not any(character.isdigit() for character in morning.content)


async def test_a_morning_after_a_rough_day_and_after_a_pause_names_only_the_floor(world: World) -> None:
    await world.join(world.ana)
    await has_goal(world, "questions", 10, 20, 30)
    (prompt,) = await arriving(world, world.ana, "2026-03-03 07:30")
    await world.ana.user.click(prompt, label="Rough day")
    (after_rest,) = await arriving(world, world.ana, "2026-03-04 07:30")
    assert after_rest.content.splitlines() == [
        "Good morning, Ana.",
        "Yesterday was rest, so today opens with the floor: the least that still counts as a day.",
        "The floor is 10 questions.",
    ]
    stopped = await world.ana.user.click(world.dms(world.ana)[0], label="Stop these messages")
    assert not await arriving(world, world.ana, "2026-03-07 07:30")
    world.clock.set("2026-03-08 06:00")
    await world.ana.user.click(stopped.response, label="Start again")
    (after_pause,) = await arriving(world, world.ana, "2026-03-08 07:30")
    assert after_pause.content.splitlines() == [
        "Good morning, Ana.",
        "It is good to have you back. Nothing has piled up; today opens with the floor.",
        "The floor is 10 questions.",
    ]
    for morning in (after_rest, after_pause):
        assert list(buttons(morning)) == ["Floor today", "Usual", "Rough day", "I need help"]
    (next_morning,) = (await arriving(world, world.ana, "2026-03-09 07:30"))[-1:]
    assert "10 / 20 / 30 questions" in next_morning.content


async def test_an_evening_says_what_was_logged_and_a_morning_what_yesterday_held(world: World) -> None:
    await world.join(world.ana)
    await world.at("2026-03-03 07:30")
    await world.ana.slash(world.channel, "log", questions="25")
    (evening,) = await arriving(world, world.ana, "2026-03-03 21:00")
    assert evening.content.splitlines()[-1] == "Logged: 25 questions."
    (morning,) = await arriving(world, world.ana, "2026-03-04 07:30")
    assert morning.content.splitlines()[1] == "Yesterday: 25 questions."


async def test_a_message_that_an_outage_held_up_says_so_in_the_members_own_time(world: World) -> None:
    await world.join(world.ana)
    world.clock.set("2026-03-03 07:10")
    await world.services.outages.beat(world.clock())
    world.clock.set("2026-03-03 09:02")
    await world.services.outages.beat(world.clock())
    await world.deliver()
    late = world.dms(world.ana)[-1]
    assert late.content.splitlines()[1] == "I was offline from 07:10 to 09:02; nothing counted."


async def test_a_night_without_the_program_is_one_message_that_explains_itself(world: World) -> None:
    await world.join(world.ana)
    await world.at("2026-03-03 07:30")
    world.clock.set("2026-03-03 20:00")
    await world.services.outages.beat(world.clock())
    world.clock.set("2026-03-04 08:00")
    await world.services.outages.beat(world.clock())
    before = len(world.dms(world.ana))
    await world.deliver()
    (late,) = world.dms(world.ana)[before:]
    assert late.content.splitlines()[1] == "I was offline from 20:00 on Tue 3 March to 08:00; nothing counted."
    assert list(buttons(late)) == MORNING


# --- after a silence


async def test_after_five_silent_days_one_message_offers_to_start_from_today_and_asks_nothing(world: World) -> None:
    await world.join(world.ana)
    for day in days_from("2026-03-03", 7):
        for time in ("07:30", "21:00"):
            await world.at(f"{day} {time}")
    (seldom,) = await arriving(world, world.ana, "2026-03-10 07:30")
    assert seldom.content.startswith("Hello Ana.\n")
    assert "?" not in seldom.content
    assert not any(character.isdigit() for character in seldom.content)
    assert list(buttons(seldom)) == ["Start from today", "I need help"]
    assert not await arriving(world, world.ana, "2026-03-10 21:00")
    world.clock.set("2026-03-11 09:00")
    back = await world.ana.user.click(seldom, label="Start from today")
    assert back.response.content.startswith("Good to see you. **Wednesday, 11 March:** what kind of day is it?")
    assert list(buttons(back.response)) == ["Floor today", "Usual", "Rough day", "I need help"]
    assert len(await arriving(world, world.ana, "2026-03-11 21:00")) == 1
    assert len(await arriving(world, world.ana, "2026-03-12 07:30")) == 1


# --- a rough day


@pytest.mark.parametrize("when", ["07:30", "21:00"])
async def test_a_rough_day_is_rest_and_the_next_morning_opens_with_the_floor(world: World, when: str) -> None:
    await world.join(world.ana)
    await world.at("2026-03-03 07:30")
    (prompt,) = world.dms(world.ana)[-1:] if when == "07:30" else await arriving(world, world.ana, f"2026-03-03 {when}")
    said = await world.ana.user.click(prompt, label="Rough day")
    content = said.response.content
    assert content == "**Tuesday, 3 March** is a rest day now. Nothing else is needed."
    assert sorted(buttons(said.response)) == ["Change", "I need help"]
    if when == "07:30":
        assert not await arriving(world, world.ana, "2026-03-03 21:00")
    (morning,) = await arriving(world, world.ana, "2026-03-04 07:30")
    assert "Yesterday was rest, so today opens with the floor" in morning.content
    assert list(buttons(morning)) == ["Floor today", "Usual", "Rough day", "I need help"]


async def test_a_rough_day_can_be_taken_back(world: World) -> None:
    await world.join(world.ana)
    (morning,) = await arriving(world, world.ana, "2026-03-03 07:30")
    said = await world.ana.user.click(morning, label="Rough day")
    again = await world.ana.user.click(said.response, label="Change")
    await world.ana.user.click(again.response, label="Kept it")
    (next_morning,) = await arriving(world, world.ana, "2026-03-04 07:30")
    assert "Yesterday was a kept day." in next_morning.content
    assert list(buttons(next_morning)) == MORNING
