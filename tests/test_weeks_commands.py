"""A member looks at their week: for them alone in a server, plain in a DM, in words that say all of the picture."""

from typing import Any

import pytest

from bot.domain.charts import Chart
from bot.domain.errors import Resting
from bot.services.actors import NotJoined
from bot.ui import charts
from tests.conftest import World, buttons

NOTHING_YET = "Nothing is written down for this week so far, and nothing is owed for it."
CALM = "Nothing is asked of you right now, and nothing is missing."


async def look(world: World, person: Any = None) -> Any:
    """The week, in the server."""
    return (await (person or world.ana).slash(world.channel, "week")).response


async def tap(world: World, shown: Any, label: str) -> Any:
    return (await world.ana.click(shown, label=label)).response


async def worked(world: World, **days: str) -> None:
    """Ana logs on days of March 2026, by their number: `worked(world, d02="20")`."""
    for day, questions in days.items():
        world.clock.set(f"2026-03-{day[1:]} 12:00")
        await world.ana.slash(world.channel, "log", questions=questions)


def pictures(message: Any) -> list[tuple[str, str | None]]:
    return [(attachment.filename, attachment.description) for attachment in message.attachments]


@pytest.fixture
async def joined(world: World) -> World:
    """Ana has joined on Monday, 2 March."""
    await world.join(world.ana)
    return world


# --- where it shows


async def test_a_week_is_for_one_person_in_a_server_and_plain_in_a_dm(joined: World) -> None:
    await worked(joined, d02="20", d04="40")
    in_server, in_dm = await look(joined), (await joined.ana.user.slash("week")).response
    assert in_server.ephemeral
    assert not in_dm.ephemeral
    assert in_server.content == in_dm.content
    assert in_server.content == ("**This week, from Monday, 2 March**\n60 questions: Mon 20, Wed 40.\n2 kept days.")
    assert pictures(in_server) == pictures(in_dm)
    joined.clock.set("2026-03-04 22:00")
    assert (await look(joined)).content.endswith("\nRest: 1 day.")


async def test_who_never_joined_is_told_how_and_sees_nobodys_week(joined: World) -> None:
    await worked(joined, d02="20")
    ben = joined.newcomer("Ben")
    for answered in (await look(joined, ben), (await ben.user.slash("week")).response):
        assert answered.content.startswith(str(NotJoined()))
        assert not answered.attachments
    shown = await look(joined)
    (taken,) = await joined.at_once(joined.press(ben, shown, "Four weeks"))
    assert taken.response.content.startswith(str(NotJoined()))
    assert "20 questions" in (await look(joined)).content


async def test_somebody_elses_work_is_not_in_it(joined: World) -> None:
    bea = joined.newcomer("Bea")
    await joined.join(bea)
    await bea.slash(joined.channel, "log", questions="400")
    assert (await look(joined)).content.endswith(NOTHING_YET)


async def test_while_records_rest_a_week_says_so(joined: World) -> None:
    shown = await look(joined)
    await joined.services.records.close()
    assert (await look(joined)).content == str(Resting())
    assert (await tap(joined, shown, "Four weeks")).content == str(Resting())


# --- the picture


async def test_a_picture_is_described_for_whoever_can_not_see_it(joined: World) -> None:
    await worked(joined, d02="20", d04="40")
    ((name, description),) = pictures(await look(joined))
    assert name == "week.png"
    assert description is not None
    assert "20" in description
    assert "40" in description
    assert len(description) <= 1024


async def test_a_week_without_questions_has_no_picture(joined: World) -> None:
    shown = await look(joined)
    assert shown.content == f"**This week, from Monday, 2 March**\n{NOTHING_YET}"
    assert not shown.attachments
    await joined.ana.slash(joined.channel, "log", questions="30", kind="flashcards")
    shown = await look(joined)
    assert "30 flashcards." in shown.content
    assert not shown.attachments


async def test_the_line_in_the_picture_is_named_where_there_is_one(joined: World) -> None:
    await joined.ana.slash(joined.channel, "goal set", floor="10", usual="20")
    assert "The line" not in (await look(joined)).content
    await worked(joined, d02="20")
    assert (await look(joined)).content.endswith("\nThe line is your floor: 10.")


async def test_a_picture_leaves_with_its_page(joined: World) -> None:
    await worked(joined, d02="20")
    shown = await look(joined)
    for label, has_picture in (("Four weeks", True), ("One week", True), ("Today", False)):
        turned = await tap(joined, shown, label)
        assert turned.id == shown.id
        assert len(turned.attachments) == has_picture, label
        shown = turned


@pytest.mark.parametrize("error", [OSError, TimeoutError, ImportError, ValueError])
async def test_words_come_also_where_no_picture_can_be_drawn(
    joined: World, monkeypatch: pytest.MonkeyPatch, error: type[Exception]
) -> None:
    joined.breaks = True

    async def undrawn(_chart: Chart) -> bytes:
        raise error

    monkeypatch.setattr(charts, "picture", undrawn)
    await joined.ana.slash(joined.channel, "goal set", floor="10", usual="20")
    await worked(joined, d02="20")
    shown = await look(joined)
    assert "20 questions, on Monday." in shown.content
    assert "The line" not in shown.content
    assert not shown.attachments


# --- one week and four


async def test_four_weeks_are_one_tap_away_and_back(joined: World) -> None:
    await worked(joined, d02="20", d10="40", d11="5")
    shown = await look(joined)
    assert list(buttons(shown)) == ["Four weeks", "Today", "Back"]
    assert shown.content.startswith("**This week, from Monday, 9 March**\n45 questions: Tue 40, Wed 5.\n")
    four = await tap(joined, shown, "Four weeks")
    assert list(buttons(four)) == ["One week", "Today", "Back"]
    assert four.content == (
        "**Four weeks, 12 February to 11 March**\n"
        "65 questions: 20 in the week of 2 March, 45 this week so far.\n3 kept days since you joined."
    )
    assert (await tap(joined, four, "One week")).content == shown.content


async def test_its_buttons_work_after_a_restart(joined: World) -> None:
    await worked(joined, d02="20")
    shown = (await joined.ana.user.slash("week")).response
    await joined.restart()
    four = (await joined.ana.user.click(shown, label="Four weeks")).response
    assert "20 questions, this week so far." in four.content
    assert len(four.attachments) == 1
    assert "**Monday, 2 March**" in (await joined.ana.user.click(four, label="Today")).response.content


async def test_the_week_is_reached_from_today(joined: World) -> None:
    await worked(joined, d02="20")
    shown = (await joined.ana.slash(joined.channel, "today")).response
    for label in ("More", "The week"):
        shown = await tap(joined, shown, label)
    assert shown.content.startswith("**This week")
    assert len(shown.attachments) == 1


async def test_on_an_empty_monday_the_week_that_ended_is_shown(joined: World) -> None:
    await worked(joined, d02="20", d08="40")
    joined.clock.set("2026-03-09 08:00")
    assert (await look(joined)).content.startswith(
        "**Last week, 2 March to 8 March**\n60 questions: Mon 20, Sun 40.\n2 kept days."
    )
    await worked(joined, d09="10")
    assert (await look(joined)).content.startswith("**This week, from Monday, 9 March**\n10 questions, on Monday.")


async def test_what_was_taken_back_is_gone_from_the_week(joined: World) -> None:
    await worked(joined, d02="20")
    await joined.ana.slash(joined.channel, "undo")
    assert NOTHING_YET in (await look(joined)).content


# --- a real change, told by its numbers


async def test_a_rise_that_is_no_noise_is_told_with_its_numbers(joined: World) -> None:
    async with joined.services.records.writing() as tx:
        for number in range(56):
            await tx.execute(
                """INSERT INTO entries (member_id, study_day, kind, amount, correct, unseen, source, at)
                   SELECT id, date('2026-03-03', :after), 'questions', 20, :right, 1, 'log', 0 FROM members""",
                after=f"+{number} days",
                right=10 if number < 28 else 14,
            )
    joined.clock.set("2026-04-27 12:00")
    rise = "Up: 70 % right on 560 unseen questions in these four weeks; 50 % on 560 in the four before."
    shown = await look(joined)
    assert rise in shown.content
    assert "Down" not in shown.content
    assert rise in (await tap(joined, shown, "Four weeks")).content


# --- where nothing is asked


@pytest.mark.parametrize("where", ["Just found out", "Not ready to plan"])
async def test_on_the_gentle_path_one_calm_sentence_stands_alone(world: World, where: str) -> None:
    await world.join(world.ana, where)
    shown = await look(world)
    assert shown.content == f"**This week, from Monday, 2 March**\n{CALM}"
    assert not shown.attachments
    four = await tap(world, shown, "Four weeks")
    assert four.content == f"**Four weeks, 3 February to 2 March**\n{CALM}"
    await worked(world, d02="20")
    shown = await look(world)
    assert shown.content.endswith(f"{CALM}\n20 questions, on Monday.")
    assert "kept" not in shown.content


async def test_after_the_exam_no_days_are_counted(joined: World) -> None:
    await worked(joined, d02="20")
    await joined.ana.slash(joined.channel, "exam date", date="4 March")
    joined.clock.set("2026-03-05 12:00")
    shown = await look(joined)
    assert shown.content == (
        "**This week, from Monday, 2 March**\n"
        "The date you gave has passed. I stay quiet until you say what comes next.\n20 questions, on Monday."
    )


# --- on Sunday evening


async def sunday(world: World) -> Any:
    """What arrives on the evening of Sunday, 8 March."""
    await world.at("2026-03-08 21:00")
    return world.dms(world.ana)[-1]


async def test_on_sunday_the_evenings_question_and_the_week_are_one_message(joined: World) -> None:
    await worked(joined, d02="20", d04="40")
    await joined.ana.slash(joined.channel, "goal set", floor="15", usual="30")
    before = len(joined.dms(joined.ana))
    arrived = await sunday(joined)
    assert len(joined.dms(joined.ana)) == before + 1
    assert arrived.content.startswith(
        "Good evening, Ana.\nHow did today go? One tap is the whole answer.\n\n**This week"
    )
    assert "\n60 questions: Mon 20, Wed 40.\n" in arrived.content
    assert arrived.content.endswith("\nThe line is your floor: 15.")
    assert [name for name, _ in pictures(arrived)] == [charts.FILENAME]
    assert "Wednesday 40" in (pictures(arrived)[0][1] or "")
    assert list(buttons(arrived)) == ["Kept it", "Some of it", "Not today", "Rough day", "I need help"]


async def test_nobody_is_told_unasked_that_a_week_is_empty(joined: World) -> None:
    await worked(joined, d08="1")
    await joined.ana.slash(joined.channel, "undo")
    arrived = await sunday(joined)
    assert "week" not in arrived.content
    assert not pictures(arrived)
    assert NOTHING_YET in (await look(joined)).content


async def test_an_answer_to_sundays_message_takes_its_picture_away(joined: World) -> None:
    await worked(joined, d02="20", d05="20")
    answered = (await joined.ana.user.click(await sunday(joined), label="Kept it")).response
    assert "Sunday, 8 March:** kept it" in answered.content
    assert not pictures(answered)


@pytest.mark.parametrize("day", ["2026-03-07 21:00", "2026-03-09 21:00"])
async def test_no_other_evening_looks_back_on_the_week(joined: World, day: str) -> None:
    await worked(joined, d02="20")
    await joined.at(day)
    assert "week" not in joined.dms(joined.ana)[-1].content


async def test_the_gentle_path_has_no_sunday_review(world: World) -> None:
    await world.join(world.ana, "Just found out")
    arrived = await sunday(world)
    assert "**" not in arrived.content
    assert not pictures(arrived)
