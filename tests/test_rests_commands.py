"""Rest, a pause and nights as a person uses them: by command, by button and by form, in a server and in a DM."""

from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from bot.services.actors import NotJoined
from bot.ui.joining import THE_WAY
from tests.conftest import World, buttons

CHICAGO = ZoneInfo("America/Chicago")
STRANGER = str(NotJoined())
CLOSED = "That day is closed, and nothing about it is owed. `/today` opens what there is."
NEVER = ("missed", "failed", "behind", "catch up", "streak", "!", "just", "simply", "great", "proud")


async def rest(world: World, command: str, person: Any = None, **options: Any) -> Any:
    """A command under `/rest`, typed in the server; what is answered hurts nobody."""
    shown = (await (person or world.ana).slash(world.channel, f"rest {command}", **options)).response
    assert shown.ephemeral
    assert not [word for word in NEVER if word in shown.content.lower()], shown.content
    return shown


async def tap(world: World, shown: Any, label: str) -> Any:
    return (await world.ana.click(shown, label=label)).response


async def today(world: World) -> Any:
    return (await world.ana.slash(world.channel, "today")).response


async def page(world: World) -> Any:
    """All rest, reached from the panel."""
    shown = await tap(world, await tap(world, await today(world), "More"), "Rest and pause")
    assert not [word for word in NEVER if word in shown.content.lower()], shown.content
    return shown


async def came(world: World, local: str, person: Any = None) -> list[str]:
    """What is new in somebody's DMs at that time."""
    who = person or world.ana
    before = len(world.dms(who))
    await world.at(local)
    return [message.content for message in world.dms(who)[before:]]


async def filled(world: World, shown: Any, label: str, **values: str) -> Any:
    """A form behind a button, sent."""
    form = await world.ana.click(shown, label=label)
    assert len(form.modal["components"]) <= 3
    return (await world.ana.submit_modal(form, values)).response


def known(form: Any) -> dict[str, str]:
    """What stands in the fields of an open form."""
    fields = [label["component"] for label in form.modal["components"]]
    return {field["custom_id"]: field.get("value", "") for field in fields}


def first_line(shown: Any) -> str:
    return str(shown.content).split("\n")[0]


async def goal(world: World) -> None:
    """Ten questions are a whole day."""
    async with world.services.records.writing() as tx:
        await tx.execute("INSERT INTO goals VALUES (1, 'questions', -1, '2026-03-02', 10, 20, 30, 0)")


@pytest.fixture
async def joined(world: World) -> World:
    """Ana, who joined on Monday at noon in Chicago."""
    await world.join(world.ana)
    return world


# --- rest today


async def test_rest_today_ends_the_day_and_the_next_begins_as_usual(joined: World) -> None:
    shown = await rest(joined, "today")
    assert shown.content == (
        "Rest it is.\n\n**Monday, 2 March**\nToday is rest. Nothing is asked, and nothing is missing.\n"
        "Next message: tomorrow at 07:30."
    )
    assert await came(joined, "2026-03-02 21:00") == []
    assert len(await came(joined, "2026-03-03 07:30")) == 1


async def test_after_the_evening_came_rest_can_be_taken_and_nothing_else_comes(joined: World) -> None:
    assert len(await came(joined, "2026-03-02 21:00")) == 1
    assert first_line(await rest(joined, "today")) == "Rest it is."
    assert await came(joined, "2026-03-03 03:00") == []
    assert len(await came(joined, "2026-03-03 07:30")) == 1
    assert len(await came(joined, "2026-03-03 21:00")) == 1


async def test_an_evening_that_is_due_at_that_moment_is_not_sent(joined: World) -> None:
    joined.clock.set("2026-03-02 21:00")
    await joined.services.planning.plan_due(joined.clock())
    await rest(joined, "today")
    assert await came(joined, "2026-03-02 21:01") == []


async def test_yesterday_can_be_rest_until_tonight(joined: World) -> None:
    await joined.at("2026-03-03 20:00")
    shown = await rest(joined, "today", day="yesterday")
    assert first_line(shown) == "Monday, 2 March is a rest day now."
    assert "Check-in: open." in shown.content, "today goes on"
    await joined.at("2026-03-03 21:00")
    assert (await tap(joined, shown, "Not rest after all")).content.startswith("**Tuesday, 3 March**")
    assert first_line(await rest(joined, "today", day="yesterday")) == CLOSED


async def test_the_day_before_joining_is_nobodys(joined: World) -> None:
    shown = await rest(joined, "today", day="yesterday")
    assert shown.content == "That was before you joined, so nothing of it is asked."


async def test_rest_is_taken_back_and_messages_come(joined: World) -> None:
    shown = await rest(joined, "today")
    back = await tap(joined, shown, "Not rest after all")
    assert back.id == shown.id
    assert first_line(back) == "Taken back: Mon 2 March."
    assert "Not rest after all" not in buttons(back)
    assert len(await came(joined, "2026-03-02 21:00")) == 1


async def test_a_day_that_is_rest_already_is_said_to_be(joined: World) -> None:
    await rest(joined, "today")
    again = await rest(joined, "today")
    assert first_line(again) == "Today is rest already."
    assert "Not rest after all" in buttons(again)
    await rest(joined, "days", weekdays="Monday")
    assert (await tap(joined, again, "Not rest after all")).content.startswith("Taken back: Mon 2 March.")
    third = await rest(joined, "today")
    assert first_line(third) == "Today is rest already."
    assert "Not rest after all" not in buttons(third)


async def test_a_kept_day_stays_kept(joined: World) -> None:
    await joined.ana.slash(joined.channel, "log", questions="20")
    shown = await rest(joined, "today")
    assert first_line(shown) == "Rest it is. It stays a kept day."
    assert "Done: 20 questions (1 block). That makes it a kept day." in shown.content


async def test_rest_answers_a_rough_day_without_touching_it(joined: World) -> None:
    await tap(joined, await today(joined), "Rough day")
    assert first_line(await rest(joined, "today")) == "Today is rest already."


# --- rest days


async def test_a_weekday_of_rest_has_no_messages(joined: World) -> None:
    shown = await rest(joined, "days", weekdays="tue and sat")
    assert shown.content == ("It stands like this now.\n\n**Rest and pause**\nEvery week: Tuesday and Saturday.")
    assert len(await came(joined, "2026-03-02 21:00")) == 1
    for time in ("07:30", "21:00"):
        assert await came(joined, f"2026-03-03 {time}") == []
    for time in ("07:30", "21:00"):
        assert len(await came(joined, f"2026-03-04 {time}")) == 1
    assert "no day is set aside" in (await rest(joined, "days", weekdays="none")).content


async def test_dates_of_rest_are_listed_and_each_can_be_taken_back(joined: World) -> None:
    await rest(joined, "days", dates="tomorrow")
    shown = await rest(joined, "days", dates="24-26 Dec")
    assert shown.content.endswith("\n1. Tue 3 March\n2. Thu 24 December to Sat 26 December")
    assert [label for label in buttons(shown) if label.startswith("Take")] == ["Take back 1", "Take back 2"]
    back = await tap(joined, shown, "Take back 1")
    assert back.id == shown.id
    assert back.content.startswith("Taken back: Tue 3 March.\n\n**Rest and pause**")
    assert back.content.endswith("\n1. Thu 24 December to Sat 26 December")
    assert len(await came(joined, "2026-03-03 07:30")) == 1


async def test_dates_of_rest_have_no_messages(joined: World) -> None:
    await rest(joined, "days", dates="today to Wednesday")
    for day in (2, 3, 4):
        for time in ("07:30", "21:00"):
            assert await came(joined, f"2026-03-0{day} {time}") == []
    assert len(await came(joined, "2026-03-05 07:30")) == 1


async def test_the_next_five_are_shown_and_the_rest_is_counted(joined: World) -> None:
    for day in range(10, 17):
        await rest(joined, "days", dates=f"{day} May")
    shown = await page(joined)
    assert shown.content.endswith("5. Thu 14 May\nAnd 2 more after these.")
    assert "Take back 5" in buttons(shown)
    assert "Take back 6" not in buttons(shown)


async def test_the_same_days_twice_are_harmless(joined: World) -> None:
    await rest(joined, "days", weekdays="Sunday", dates="Friday")
    shown = await rest(joined, "days", weekdays="Sunday", dates="Friday")
    assert shown.content.endswith("Every week: Sunday.\n1. Fri 6 March")


@pytest.mark.parametrize(
    ("weekdays", "dates", "said"),
    [
        ("", "", "Weekdays, dates or both work here, such as `Sunday` or `24 Dec to 2 Jan`."),
        ("someday", "", "Days of the week work here, such as `Sunday`, `Sat and Sun` or `none`."),
        ("@everyone", "Friday", "Days of the week work here, such as `Sunday`, `Sat and Sun` or `none`."),
        ("Sunday", "30 February", "There is no 30 February"),
        ("", "yesterday", "Rest can be planned from today up to a year ahead; `/rest pause` reaches a week back."),
        ("", "1 Jan 9999", "The year 9999 is too far away"),
        ("\u200b", "🎄", "Days of the week work here"),
    ],
)
async def test_other_words_get_one_sentence_and_are_handed_back(
    joined: World, weekdays: str, dates: str, said: str
) -> None:
    shown = await rest(joined, "days", weekdays=weekdays, dates=dates)
    assert shown.content.startswith(said)
    for words in (weekdays, dates):
        assert words in shown.content
    assert "no day is set aside" in (await page(joined)).content


# --- a pause


async def test_a_pause_stops_the_messages_at_once_and_asks_no_reason(joined: World) -> None:
    shown = await rest(joined, "pause")
    assert shown.content == (
        "Rest well. Nothing comes until you say so: *Start again* below, or `/rest resume`.\n\n"
        "**Monday, 2 March**\nPaused until you say so. Nothing is asked, and nothing is missing."
    )
    assert "Start again" in buttons(shown)
    for day in range(2, 9):
        for time in ("07:30", "21:00"):
            assert await came(joined, f"2026-03-0{day} {time}") == []


async def test_a_pause_with_a_last_day_ends_by_itself_and_the_next_morning_opens_with_the_floor(joined: World) -> None:
    await goal(joined)
    shown = await rest(joined, "pause", until="Wednesday")
    assert shown.content.startswith("Rest well. It ends by itself, or sooner with *Start again* below.")
    assert "Paused until Wed 4 March, included." in shown.content
    assert "Next message: on Thursday, 5 March at 07:30." in shown.content
    for day in (2, 3, 4):
        for time in ("07:30", "21:00"):
            assert await came(joined, f"2026-03-0{day} {time}") == []
    [morning] = await came(joined, "2026-03-05 07:30")
    assert "It is good to have you back. Nothing has piled up; today opens with the floor." in morning
    assert next(iter(buttons(joined.dms(joined.ana)[-1]))) == "Floor today"


async def test_a_pause_can_reach_back_and_its_end_can_be_moved(joined: World) -> None:
    await joined.at("2026-03-06 12:00")
    shown = await rest(joined, "pause", since="Tuesday", until="20 March")
    assert "It counts from Tue 3 March." in first_line(shown)
    shown = await rest(joined, "pause", until="Saturday")
    assert "Paused until Sat 7 March, included." in shown.content
    assert await came(joined, "2026-03-07 21:00") == []
    assert len(await came(joined, "2026-03-08 07:30")) == 1


async def test_days_gone_by_can_be_written_down_as_a_pause(joined: World) -> None:
    await joined.at("2026-03-06 12:00")
    shown = await rest(joined, "pause", since="Tuesday", until="yesterday")
    assert first_line(shown) == "Written down as a pause: Tue 3 March to Thu 5 March."
    assert len(await came(joined, "2026-03-06 21:00")) == 1


async def test_resuming_says_one_warm_line_and_the_floor(joined: World) -> None:
    await goal(joined)
    await rest(joined, "pause")
    await joined.at("2026-03-05 12:00")
    shown = await rest(joined, "resume")
    assert first_line(shown) == ("Good to have you back. Nothing has piled up; 10 questions would be a whole day.")
    assert "Goal: **10 / 20 / 30** questions" in shown.content
    assert len(await came(joined, "2026-03-05 21:00")) == 1


async def test_resuming_without_a_goal_or_on_a_rest_day_asks_for_nothing(joined: World) -> None:
    await rest(joined, "pause")
    assert first_line(await rest(joined, "resume")) == "Good to have you back. Nothing has piled up."
    await goal(joined)
    await rest(joined, "days", weekdays="every day")
    await rest(joined, "pause")
    assert first_line(await rest(joined, "resume")) == "Good to have you back. Nothing has piled up."


async def test_with_no_pause_running_resuming_says_so(joined: World) -> None:
    assert first_line(await rest(joined, "resume")) == "No pause of yours is running."
    assert len(await came(joined, "2026-03-02 21:00")) == 1


async def test_a_cohorts_pause_is_not_the_members_to_end(joined: World) -> None:
    await joined.moderator.slash(joined.channel, "cohort pause", until="Friday")
    shown = await rest(joined, "resume")
    assert first_line(shown) == "No pause of yours is running."
    assert "Your cohort pauses." in shown.content
    assert "Your cohort pauses." in (await page(joined)).content
    assert first_line(await rest(joined, "today")) == "Nothing is asked of you today anyway."


async def test_the_panel_of_a_pause_starts_again_in_its_place(joined: World) -> None:
    shown = await rest(joined, "pause")
    late = joined.press(joined.ana, shown, "Start again")
    back = await tap(joined, shown, "Start again")
    assert back.id == shown.id
    assert first_line(back) == "Good to have you back. Nothing has piled up."
    [second] = await joined.at_once(late)
    assert first_line(second.response) == "No pause of yours is running."


async def test_stopped_messages_come_again_by_resume(joined: World) -> None:
    [first] = joined.dms(joined.ana)
    await joined.ana.user.click(first, label="Stop these messages")
    assert await came(joined, "2026-03-02 21:00") == []
    assert first_line(await rest(joined, "resume")) == "Good to have you back. Nothing has piled up."
    assert len(await came(joined, "2026-03-03 07:30")) == 1


@pytest.mark.parametrize(
    ("until", "since", "said"),
    [
        ("yesterday", "", "A pause can end between its first day and a year from now"),
        ("when it is over", "", "A date such as"),
        ("", "tomorrow", "A pause can begin today or up to seven days back, such as `yesterday`."),
        ("", "1 February", "A pause can begin today or up to seven days back"),
        ("3/4", "", "That could be two different days"),
    ],
)
async def test_other_days_of_a_pause_change_nothing(joined: World, until: str, since: str, said: str) -> None:
    shown = await rest(joined, "pause", until=until, since=since)
    assert shown.content.startswith(said)
    assert len(await came(joined, "2026-03-02 21:00")) == 1


# --- nights


async def test_on_nights_messages_come_after_waking_and_before_sleep_through_a_change_of_clocks(joined: World) -> None:
    await joined.at("2026-03-06 12:00")
    shown = await rest(joined, "nights", until="Sunday", wake="4 pm", sleep="8:30")
    assert first_line(shown) == (
        "On nights until Sun 8 March, included: messages at 16:30, after you wake, and 07:30, before you sleep. "
        "Your day ends at 09:00."
    )
    assert "Next message: tomorrow at 07:30." in shown.content
    found: list[str] = []
    for hour in range(4 * 24):
        at = joined.clock() + timedelta(minutes=30)
        joined.clock.now = at
        before = len(joined.dms(joined.ana))
        await joined.deliver()
        local = at.astimezone(CHICAGO)
        found += [f"{local:%a %H:%M}" for _ in joined.dms(joined.ana)[before:]]
        joined.clock.move(minutes=30)
        assert hour < 100
    assert found == [
        "Sat 07:30",
        "Sat 16:30",
        "Sun 07:30",  # the clocks went forward
        "Sun 16:30",
        "Mon 07:30",
        "Mon 09:30",  # due at 09:00, when the last night is over
        "Mon 21:30",
        "Tue 07:30",
    ]


async def test_nights_are_over_by_one_tap_and_the_usual_times_hold(joined: World) -> None:
    shown = await rest(joined, "nights", until="Friday", wake="16:00", sleep="8:30")
    late = joined.press(joined.ana, shown, "Nights are over")
    over = await tap(joined, shown, "Nights are over")
    assert over.id == shown.id
    assert first_line(over) == "Nights are over. Your usual times hold from now."
    assert "On nights" not in over.content
    assert "Next message: today at 21:00." in over.content
    [second] = await joined.at_once(late)
    assert first_line(second.response) == "No nights are set."
    assert len(await came(joined, "2026-03-02 21:00")) == 1


async def test_within_a_night_it_goes_on_to_its_end(joined: World) -> None:
    await rest(joined, "nights", until="Friday", wake="16:00", sleep="8:30")
    await joined.at("2026-03-03 05:00")
    over = await tap(joined, await page(joined), "Nights are over")
    assert first_line(over) == "This is the last night. After it your usual times hold."
    assert "**Monday, 2 March**" in over.content
    [evening] = await came(joined, "2026-03-03 07:30")
    assert "How did today go?" in evening
    [morning] = await came(joined, "2026-03-03 09:00")
    assert morning.startswith("Good morning, Ana.")
    assert len(await came(joined, "2026-03-03 21:00")) == 1


async def test_nights_that_would_end_the_day_at_once_begin_tomorrow(joined: World) -> None:
    await joined.at("2026-03-03 03:30")
    shown = await rest(joined, "nights", until="Friday", wake="10:00", sleep="1:00")
    assert first_line(shown).startswith("On nights from Tue 3 March until Fri 6 March, included:")
    assert "**Monday, 2 March**" in shown.content
    assert "On nights until Fri 6 March" in (await page(joined)).content


@pytest.mark.parametrize(
    ("until", "wake", "sleep", "said"),
    [
        ("Friday", "16:00", "15:30", "Between sleep and waking there has to be an hour"),
        ("Friday", "16:00", "18:00", "Between waking and sleep there have to be three and a half hours"),
        ("Friday", "whenever", "8:30", "A time of day works here, such as `7:30`, `19:30` or `7 pm`."),
        ("Friday", "16:00", "25:00", "A time of day works here"),
        ("in 3 months", "16:00", "8:30", "Nights can end today or up to 60 days ahead, such as `Friday`."),
        ("someday", "16:00", "8:30", "A date such as"),
    ],
)
async def test_nights_that_cant_be_get_one_sentence(
    joined: World, until: str, wake: str, sleep: str, said: str
) -> None:
    shown = await rest(joined, "nights", until=until, wake=wake, sleep=sleep)
    assert shown.content.startswith(said)
    assert shown.content.endswith(f">>> {until}\n{wake}\n{sleep}")
    assert len(await came(joined, "2026-03-02 21:00")) == 1


# --- the page


async def test_everything_is_reached_by_buttons(joined: World) -> None:
    shown = await page(joined)
    assert shown.content == "**Rest and pause**\nEvery week: no day is set aside."
    assert list(buttons(shown)) == ["Rest today", "Rest days", "Pause", "Nights", "Back"]
    planned = await filled(joined, shown, "Rest days", weekdays="Sunday", dates="Friday")
    assert planned.content.endswith("Every week: Sunday.\n1. Fri 6 March")
    paused = await filled(joined, await page(joined), "Pause", until="Wednesday", since="")
    assert "Paused until Wed 4 March" in paused.content
    nights = await filled(joined, await page(joined), "Nights", until="Friday", wake="16:00", sleep="8:30")
    assert "On nights until Fri 6 March" in nights.content
    shown = await page(joined)
    assert shown.content == (
        "**Rest and pause**\nEvery week: Sunday.\n1. Fri 6 March\nPaused until Wed 4 March, included.\n"
        "On nights until Fri 6 March, included: messages at 16:30, after you wake, and 07:30, before you sleep."
    )
    assert list(buttons(shown)) == [
        "Rest days",
        "Start again",
        "Change the pause",
        "Nights are over",
        "Change nights",
        "Take back 1",
        "Back",
    ]
    back = await tap(joined, shown, "Start again")
    assert first_line(back) == "Good to have you back. Nothing has piled up."
    rested = await tap(joined, await page(joined), "Rest today")
    assert first_line(rested) == "Rest it is."


async def test_yesterday_has_a_button_while_it_is_open(joined: World) -> None:
    await joined.at("2026-03-03 12:00")
    rested = await tap(joined, await page(joined), "Monday was rest")
    assert first_line(rested) == "Monday, 2 March is a rest day now."
    await joined.at("2026-03-03 21:00")
    assert not [label for label in buttons(await page(joined)) if label.endswith("was rest")]


async def test_forms_show_what_holds(joined: World) -> None:
    await rest(joined, "days", weekdays="weekends", dates="Friday")
    await rest(joined, "pause", until="20 March")
    await rest(joined, "nights", until="Friday", wake="4 pm", sleep="8:30")
    before = (await page(joined)).content
    for label, holds in (
        ("Rest days", {"weekdays": "Saturday and Sunday", "dates": ""}),
        ("Change the pause", {"until": "20 March", "since": ""}),
        ("Change nights", {"until": "6 March", "wake": "16:00", "sleep": "08:30"}),
    ):
        form = await joined.ana.click(await page(joined), label=label)
        assert known(form) == holds
        await joined.ana.submit_modal(form, holds)
        assert (await page(joined)).content == before


@pytest.mark.parametrize(
    ("label", "values", "said"),
    [
        ("Rest days", {"weekdays": "someday", "dates": "Friday"}, "Days of the week work here"),
        ("Pause", {"until": "soon", "since": ""}, "A date such as"),
        ("Nights", {"until": "Friday", "wake": "16:00", "sleep": "dawn"}, "A time of day works here"),
    ],
)
async def test_a_form_that_cant_be_used_is_opened_again_with_its_words(
    joined: World, label: str, values: dict[str, str], said: str
) -> None:
    refused = await filled(joined, await page(joined), label, **values)
    assert refused.content.startswith(said)
    assert refused.content.endswith("Your words are kept for a day.")
    again = await joined.ana.click(refused, label="Open it again")
    assert known(again) == values
    mended = {"weekdays": "Sunday", "dates": "Friday", "until": "Friday", "since": "", "wake": "16:00", "sleep": "8:30"}
    done = (await joined.ana.submit_modal(again, {name: mended[name] for name in values})).response
    assert "6 March" in done.content


async def test_a_form_sent_twice_is_one_act(joined: World) -> None:
    shown = await page(joined)
    form = await joined.ana.click(shown, label="Rest days")
    send = joined.send(joined.ana, form, shown, weekdays="Sunday", dates="Friday")
    first, second = await joined.at_once(send, send)
    assert first.response.content == second.response.content
    assert second.response.content.endswith("Every week: Sunday.\n1. Fri 6 March")


async def test_a_form_that_arrives_again_does_not_undo_what_came_after(joined: World) -> None:
    shown = await page(joined)
    form = await joined.ana.click(shown, label="Pause")
    send = joined.send(joined.ana, form, shown, until="", since="")
    await joined.at_once(send)
    await rest(joined, "resume")
    await joined.at_once(send)
    assert len(await came(joined, "2026-03-02 21:00")) == 1


async def test_double_taps_are_harmless(joined: World) -> None:
    shown = await page(joined)
    await joined.at_once(*(joined.press(joined.ana, shown, "Rest today") for _ in range(2)))
    rested = await rest(joined, "today")
    assert first_line(rested) == "Today is rest already."
    await joined.at_once(*(joined.press(joined.ana, rested, "Not rest after all") for _ in range(2)))
    assert len(await came(joined, "2026-03-02 21:00")) == 1


async def test_buttons_and_forms_outlive_the_program(joined: World) -> None:
    shown = await page(joined)
    form = await joined.ana.click(shown, label="Nights")
    await joined.restart()
    done = (await joined.ana.submit_modal(form, {"until": "Friday", "wake": "16:00", "sleep": "8:30"})).response
    assert first_line(await tap(joined, done, "Nights are over")).startswith("Nights are over.")


# --- whoever it is, and wherever


async def test_in_a_dm_it_is_answered_plainly(joined: World) -> None:
    for command, options in (
        ("today", {}),
        ("days", {"weekdays": "Sunday"}),
        ("pause", {}),
        ("resume", {}),
        ("nights", {"until": "Friday", "wake": "16:00", "sleep": "8:30"}),
    ):
        shown = (await joined.ana.user.slash(f"rest {command}", **options)).response
        assert not shown.ephemeral
        assert "**" in shown.content


@pytest.mark.parametrize("where", ["Just found out", "Not ready to plan"])
async def test_on_the_gentle_path_a_pause_and_nights_work_and_rest_is_not_asked_for(world: World, where: str) -> None:
    await world.join(world.ana, where)
    assert first_line(await rest(world, "today")) == "Nothing is asked of you today anyway."
    assert (await rest(world, "days", weekdays="Sunday")).content.startswith(
        "Nothing is asked of you right now, so no day has to be set aside. Rest days can wait until you plan again."
    )
    shown = await page(world)
    assert shown.content == "**Rest and pause**\nNothing is asked of you right now, so no day has to be set aside."
    assert list(buttons(shown)) == ["Pause", "Nights", "Back"]
    nights = await rest(world, "nights", until="9 March", wake="16:00", sleep="8:30")
    assert first_line(nights) == (
        "On nights until Mon 9 March, included: what comes, comes at 07:30, before you sleep. Your day ends at 09:00."
    )
    await world.at("2026-03-03 16:30")
    [word] = await came(world, "2026-03-04 07:30")
    assert "Nothing to answer" in word
    await rest(world, "pause", until="Thursday")
    for day in (4, 5):
        assert await came(world, f"2026-03-0{day + 1} 07:30") == []
    assert first_line(await rest(world, "resume")) in {
        "Good to have you back. Nothing has piled up.",
        "No pause of yours is running.",
    }


async def test_with_closed_dms_everything_works_and_says_that_nothing_can_come(joined: World) -> None:
    path = f"/channels/{joined.ana.user.dm_channel.id}/messages"
    joined.env.inject_error("POST", path, status=403, code=50007, times=None)
    await joined.at("2026-03-02 21:00")
    for command, options in (("today", {}), ("pause", {"until": "Friday"}), ("resume", {})):
        shown = await rest(joined, command, **options)
        assert THE_WAY in shown.content
        assert "Next message" not in shown.content


@pytest.mark.parametrize(
    ("command", "options"),
    [
        ("today", {}),
        ("days", {"weekdays": "Sunday"}),
        ("pause", {}),
        ("resume", {}),
        ("nights", {"until": "Friday", "wake": "16:00", "sleep": "8:30"}),
    ],
)
async def test_a_stranger_reads_how_to_join(world: World, command: str, options: dict[str, str]) -> None:
    assert (await rest(world, command, **options)).content.startswith(STRANGER)


@pytest.mark.parametrize(
    "custom_id",
    ["rest:day:2026-03-02", "rest:undo:1", "rest:drop:1", "rest:resume", "rest:nights_over", "rest:form:days"],
)
async def test_a_strangers_button_leads_nowhere(joined: World, custom_id: str) -> None:
    await rest(joined, "today")
    bea = joined.newcomer("Bea")
    assert (await joined.forge(bea, custom_id)).response.content == STRANGER
    assert first_line(await rest(joined, "today")) == "Today is rest already."


async def test_anothers_rest_and_one_that_never_was_look_the_same(joined: World) -> None:
    await rest(joined, "today")
    bea = joined.newcomer("Bea")
    await joined.join(bea)
    for act in ("undo", "drop"):
        theirs, never = [
            (await joined.forge(bea, f"rest:{act}:{span}")).response.content for span in ("1", "999999999999999999")
        ]
        assert theirs == never
        assert "Taken back" not in theirs
    assert first_line(await rest(joined, "today")) == "Today is rest already."


@pytest.mark.parametrize("day", ["2026-03-01", "2026-03-03", "9999-12-31", "2026-02-30"])
async def test_a_day_that_is_not_open_is_one_sentence_and_changes_nothing(joined: World, day: str) -> None:
    said = (await joined.forge(joined.ana, f"rest:day:{day}")).response.content
    assert said in {
        CLOSED,
        "That was before you joined, so nothing of it is asked.",
        "I don't know that day. `/today` opens what there is.",
    }
    assert len(await came(joined, "2026-03-02 21:00")) == 1
