"""A member says when the exam is and what is left, and hears the truth about both, kindly and seldom."""

from datetime import date, timedelta
from itertools import pairwise
from typing import Any

import pytest

from bot.services.actors import NotJoined
from tests.conftest import World, buttons

STRANGER = str(NotJoined())
GENTLE = ["Just found out", "Not ready to plan"]
WAYS_OUT = "Three ways out: fewer questions, a later date, or talking to an adviser."
CAN_WAIT = "A date and a plan can wait until you are ready. Nothing is asked of you here."
QUIET = "On that day and after it I stay quiet, until you say what comes next."


async def used(world: World, command: str, person: Any = None, **options: str) -> Any:
    """What a command shows, to that person alone."""
    answered = (await (person or world.ana).slash(world.channel, command, **options)).response
    assert answered.ephemeral
    return answered


async def opened(world: World) -> Any:
    """The page behind More."""
    message = await used(world, "today")
    for label in ("More", "Exam and plan"):
        message = (await world.ana.click(message, label=label)).response
    return message


async def sent(world: World, message: Any, label: str, **values: str) -> Any:
    """What is shown after a form was opened by a button and sent."""
    return (await world.ana.submit_modal(await world.ana.click(message, label=label), values)).response


@pytest.fixture
async def joined(world: World) -> World:
    """Ana has joined on Monday; it is Tuesday noon."""
    await world.join(world.ana)
    world.clock.set("2026-03-03 12:00")
    return world


async def day_of_work(world: World, day: date, questions: int = 20) -> list[str]:
    """What arrives in the morning and in the evening of a day on which somebody works."""
    before = len(world.dms(world.ana))
    await world.at(f"{day} 07:30")
    world.clock.set(f"{day} 12:00")
    if questions:
        await used(world, "log", questions=str(questions))
    await world.at(f"{day} 21:00")
    return [message.content for message in world.dms(world.ana)[before:]]


# --- the date


async def test_a_date_is_kept_and_answered_without_alarm(joined: World) -> None:
    answered = await used(joined, "exam date", date="30 May")
    assert answered.content == (
        f"Kept: Saturday, 30 May. {QUIET}\n\n"
        "**Exam and plan**\nExam date: Saturday, 30 May.\nHow many questions are left is not said yet."
    )
    assert list(buttons(answered)) == ["Exam date", "Questions left", "Back"]
    assert (await opened(joined)).content == answered.content.split("\n\n", 1)[1]


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("2026-06-12", "Kept: Friday, 12 June."),
        ("in 8 weeks", "Kept: Tuesday, 28 April."),
        ("5 Jan 2027", "Kept: Tuesday, 5 January 2027."),
        ("today", "Kept: Tuesday, 3 March."),
        ("none", "The date is taken back."),
        ("yesterday", "A date from today to two years ahead works here, such as `2 May`; `none` takes it back."),
        ("4 March 2028", "A date from today to two years ahead works here"),
        ("30 February", "There is no 30 February, but a date such as"),
        ("year 9999", "A date such as"),
        ("3/4", "That could be two different days"),
        ("\u202e@everyone **soon**", "A date such as"),
    ],
)
async def test_dates_are_understood_or_gently_asked_again(joined: World, typed: str, said: str) -> None:
    assert (await used(joined, "exam date", date=typed)).content.startswith(said)


async def test_a_form_does_the_same_and_keeps_words_it_can_not_use(joined: World) -> None:
    page = await opened(joined)
    assert page.content == ("**Exam and plan**\nNo exam date is set.\nHow many questions are left is not said yet.")
    refused = await sent(joined, page, "Exam date", date="after Easter")
    assert refused.content.endswith("Your words are kept for a day.")
    again = await joined.ana.click(refused, label="Open it again")
    assert again.modal["components"][0]["component"]["value"] == "after Easter"
    assert (await joined.ana.submit_modal(again, {"date": "12 June"})).response.content.startswith(
        "Kept: Friday, 12 June."
    )
    refused = await sent(joined, await opened(joined), "Questions left", unseen="many", seen="200")
    again = await joined.ana.click(refused, label="Open it again")
    assert [label["component"].get("value") for label in again.modal["components"]] == ["many", "200"]
    done = (await joined.ana.submit_modal(again, {"unseen": "1,400", "seen": "200"})).response
    assert done.content.startswith("Kept. What you log from now on is taken off.")
    assert "Questions left: 1,400 unseen and 200 seen before." in done.content


async def test_the_exam_day_and_the_days_after_are_quiet_until_somebody_says_what_comes_next(joined: World) -> None:
    await used(joined, "exam date", date="12 March")
    came = [await day_of_work(joined, date(2026, 3, 3) + timedelta(days=number), 0) for number in range(1, 20)]
    assert [len(messages) for messages in came[:4]] == [2] * 4
    assert not any(came[8:])
    assert (await opened(joined)).content.startswith(
        "**Exam and plan**\nThe date you gave has passed. A new one can be set whenever there is one."
    )
    await used(joined, "exam date", date="1 June")
    assert len(await day_of_work(joined, date(2026, 3, 24))) == 2


async def test_ready_to_plan_after_the_exam_starts_anew(joined: World) -> None:
    await used(joined, "exam date", date="12 March")
    joined.clock.set("2026-03-20 12:00")
    await joined.ana.click(await used(joined, "today"), label="I'm ready to plan")
    assert len(await day_of_work(joined, date(2026, 3, 21))) == 2
    assert "No exam date is set." in (await opened(joined)).content


# --- what is left


async def test_what_is_logged_comes_off_what_is_left(joined: World) -> None:
    await used(joined, "log", questions="20")
    said = (await used(joined, "plan left", unseen="1400", seen="about 200")).content
    assert said.startswith("Kept. What you log from now on is taken off.\n\n**Exam and plan**")
    assert "Questions left: 1,400 unseen and 200 seen before." in said
    await used(joined, "log", questions="2 blocks")
    assert "Questions left: 1,400 unseen and 160 seen before." in (await opened(joined)).content
    assert "Questions left: none." in (await used(joined, "plan left", unseen="0", seen="none")).content


@pytest.mark.parametrize("options", [{}, {"unseen": "-1"}, {"seen": "1e9"}, {"unseen": "20/14"}, {"seen": "10001"}])
async def test_numbers_that_can_not_be_left_get_one_sentence(joined: World, options: dict[str, str]) -> None:
    said = (await used(joined, "plan left", **options)).content
    assert "works here" in said or said == "One number is enough, such as `1400` unseen questions."
    assert "not said yet" in (await opened(joined)).content


async def test_both_work_in_dms_as_well_and_who_never_joined_is_told_how(joined: World) -> None:
    assert (await joined.ana.user.slash("exam date", date="30 May")).response.content.startswith("Kept:")
    assert (await joined.ana.user.slash("plan left", unseen="9")).response.content.startswith("Kept.")
    ben = joined.newcomer("Ben")
    for command, options in (("exam date", {"date": "30 May"}), ("plan left", {"unseen": "9"})):
        assert (await used(joined, command, ben, **options)).content.startswith(STRANGER)


# --- what does not fit


async def test_over_four_weeks_a_plan_that_does_not_fit_is_told_once_a_week_and_whenever_asked(joined: World) -> None:
    await used(joined, "exam date", date="30 May")
    assert WAYS_OUT not in (await used(joined, "plan left", unseen="2700")).content
    told: list[date] = []
    for number in range(28):
        day = date(2026, 3, 4) + timedelta(days=number)
        messages = await day_of_work(joined, day)
        told += [day for message in messages if WAYS_OUT in message]
        for message in messages:
            assert "fit" not in message[:120]
    assert told[0] == date(2026, 3, 13)  # ten planned days are known, and can't be answered any more
    assert len(told) == 3
    assert all(later - day == timedelta(days=7) for day, later in pairwise(told))
    answered = await used(joined, "exam date", date="30 May")
    assert answered.content.endswith(
        f"At your own pace about 1,130 of the 2,140 questions left fit before 30 May. {WAYS_OUT}"
    )
    assert (await opened(joined)).content.endswith(WAYS_OUT)


async def test_the_ways_out_are_real_ones(joined: World) -> None:
    await used(joined, "exam date", date="30 May")
    await used(joined, "plan left", unseen="2700")
    for day in range(3, 16):
        joined.clock.set(f"2026-03-{day:02} 12:00")
        await used(joined, "log", questions="20")
    assert WAYS_OUT in (await opened(joined)).content
    assert WAYS_OUT not in (await used(joined, "exam date", date="1 September")).content
    assert WAYS_OUT in (await used(joined, "exam date", date="30 May")).content
    assert WAYS_OUT not in (await used(joined, "plan left", unseen="1000")).content


async def test_during_a_pause_it_is_not_said_even_when_looked_at(joined: World) -> None:
    await used(joined, "exam date", date="30 May")
    await used(joined, "plan left", unseen="9000")
    for day in range(3, 16):
        joined.clock.set(f"2026-03-{day:02} 12:00")
        await used(joined, "log", questions="20")
    assert WAYS_OUT in (await opened(joined)).content
    await joined.ana.user.click(joined.dms(joined.ana)[0], label="Stop these messages")
    assert WAYS_OUT not in (await opened(joined)).content


# --- nobody is asked before they are ready


@pytest.mark.parametrize("where", GENTLE)
async def test_on_the_gentle_path_it_can_wait_and_an_own_wish_is_kept(world: World, where: str) -> None:
    await world.join(world.ana, where)
    page = await opened(world)
    assert page.content == f"**Exam and plan**\n{CAN_WAIT}"
    assert list(buttons(page)) == ["I'm ready to plan", "Back"]
    said = (await used(world, "exam date", date="30 May")).content
    assert said == (
        "Kept: Saturday, 30 May. It changes nothing for now.\n\n"
        f"**Exam and plan**\n{CAN_WAIT}\nExam date: Saturday, 30 May."
    )
    assert "Questions left: 1,400 unseen." in (await used(world, "plan left", unseen="1400")).content
    for number in range(1, 9):
        for message in await day_of_work(world, date(2026, 3, 2) + timedelta(days=number), 0):
            assert message.startswith("Good evening")
            assert "?" not in message
            assert WAYS_OUT not in message
    assert "The date is taken back." in (await used(world, "exam date", date="none")).content


# --- odd doors


async def test_forged_and_strangers_doors_change_nothing(joined: World) -> None:
    ben = joined.newcomer("Ben")
    form = await joined.ana.click(await opened(joined), label="Exam date")
    act = joined.form(ben, form.modal["custom_id"], await joined.invite("Another"), date="30 May")
    (answered,) = await joined.at_once(act)
    assert STRANGER in answered.response.content
    assert "No exam date is set." in (await opened(joined)).content


async def test_a_form_sent_twice_keeps_the_date_once(joined: World) -> None:
    page = await opened(joined)
    form = await joined.ana.click(page, label="Exam date")
    await joined.ana.submit_modal(form, {"date": "30 May"})
    await used(joined, "exam date", date="none")
    await joined.at_once(joined.send(joined.ana, form, page, date="30 May"))
    assert "No exam date is set." in (await opened(joined)).content
