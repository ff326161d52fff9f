"""A line typed for volunteers is there until it is sent or left, also where a help card comes first."""

from typing import Any

import pytest

from bot.domain.crisis import Card
from bot.services.actors import Actor
from bot.ui.next_days import QUESTION
from tests.conftest import World
from tests.queues import COHORT, Queue, labels, opened
from tests.test_doors_commands import everything_logged
from tests.test_screen_commands import NOTES, is_card

__all__ = ["everything_logged"]

WORRYING = "Canary, i want to die. Evenings are best."
WAITS = "Nothing was sent to the moderators. Your words are kept for a day."


@pytest.fixture
async def queue(world: World) -> Queue:
    return await opened(world)


async def human(queue: Queue) -> Any:
    return (await queue.world.ana.slash(queue.world.channel, "human")).response


async def typed(queue: Queue, line: str, shown: Any = None) -> Any:
    """Ana types a line; whatever comes, nothing is sent."""
    ana = queue.world.ana
    result = await ana.submit_modal(await ana.click(shown or await human(queue), label="Add a line"), {"line": line})
    await queue.look()
    assert not queue.messages
    return result


def is_preview(message: Any, line: str) -> bool:
    first = ["Send it", "Change the line", "Leave it", "I need help"]
    return f"\n> {line}\n" in message.content and labels(message) == first


async def drafts(queue: Queue) -> list[bytes]:
    async with queue.world.services.records.reading() as tx:
        return await tx.all(bytes, "SELECT cipher FROM drafts")


async def test_a_card_comes_first_and_the_line_waits_behind_a_button_to_what_will_be_seen(queue: Queue) -> None:
    ana = queue.world.ana
    result = await typed(queue, WORRYING)
    assert is_card(result.response)
    waits, question = result.followups
    assert waits.ephemeral
    assert (waits.content, labels(waits)) == (WAITS, ["Back to my line"])
    assert question.content == QUESTION
    preview = (await ana.click(waits, label="Back to my line")).response
    assert is_preview(preview, WORRYING)
    await queue.look()
    assert not queue.messages
    await ana.click(preview, label="Send it")
    await queue.look()
    assert f"> {WORRYING}" in queue.request.content


async def test_the_card_itself_leads_there_too_by_the_volunteers(queue: Queue) -> None:
    ana = queue.world.ana
    card = (await typed(queue, WORRYING)).response
    others = (await ana.click(card, label="Who else could help")).response
    assert is_preview((await ana.click(others, label="Ask a volunteer")).response, WORRYING)


async def test_the_card_for_somebody_already_hurt_has_nothing_more_to_read_and_the_line_is_kept(queue: Queue) -> None:
    words, beginning = NOTES[Card.HURT]
    result = await typed(queue, words)
    assert result.response.content.startswith(beginning)
    assert result.followups == []
    assert is_preview(await human(queue), words)


async def test_the_line_is_there_after_a_restart_and_on_another_day_it_is_gone(queue: Queue) -> None:
    await typed(queue, WORRYING)
    await queue.restart()
    await queue.after(hours=23)
    assert is_preview(await human(queue), WORRYING)
    await queue.after(hours=2)
    assert "no note of yours" in (await human(queue)).content


@pytest.mark.parametrize("line", [WORRYING, "Evenings are best."])
async def test_a_line_is_locked_while_it_waits_and_logged_nowhere(
    queue: Queue, everything_logged: pytest.LogCaptureFixture, line: str
) -> None:
    await typed(queue, f"Canary {line}")
    await human(queue)
    assert [b"anary" in cipher for cipher in await drafts(queue)] == [False]
    assert "canary" not in everything_logged.text.casefold()
    assert "want to die" not in everything_logged.text.casefold()


@pytest.mark.parametrize("line", [WORRYING, "Evenings are best."])
async def test_a_line_that_is_left_is_forgotten(queue: Queue, line: str) -> None:
    await typed(queue, line)
    day = (await queue.world.ana.click(await human(queue), label="Leave it")).response
    assert day.content.startswith("**Monday, 2 March**")
    assert "no note of yours" in (await human(queue)).content
    assert await drafts(queue) == []


async def test_a_line_that_was_sent_is_not_there_for_the_next_request(queue: Queue) -> None:
    ana = queue.world.ana
    await typed(queue, WORRYING)
    press = queue.world.press(ana, await human(queue), "Send it")
    first, second = await queue.world.at_once(press, press)
    assert first.response.content == second.response.content
    await queue.look()
    assert len(queue.messages) == 1
    assert await drafts(queue) == []
    await ana.click(await human(queue), label="Withdraw")
    assert "no note of yours" in (await human(queue)).content


async def test_what_is_shown_without_the_line_is_sent_without_it_and_the_line_waits_on(queue: Queue) -> None:
    ana = queue.world.ana
    shown = await human(queue)
    await typed(queue, WORRYING, shown)
    assert "no note of yours" in shown.content
    sent = (await ana.click(shown, label="Send it")).response
    await queue.look()
    assert "\n> " not in queue.request.content
    await ana.click(sent, label="Withdraw")
    assert is_preview(await human(queue), WORRYING)


async def test_the_newest_line_is_the_one_that_waits(queue: Queue) -> None:
    ana = queue.world.ana
    await typed(queue, WORRYING)
    form = await ana.click(await human(queue), label="Change the line")
    assert form.modal["components"][0]["component"]["value"] == WORRYING
    assert is_preview((await ana.submit_modal(form, {"line": "Only this."})).response, "Only this.")
    assert is_preview(await human(queue), "Only this.")
    form = await ana.click(await human(queue), label="Change the line")
    emptied = (await ana.submit_modal(form, {"line": ""})).response
    assert "no note of yours" in emptied.content
    assert await drafts(queue) == []


async def test_a_line_waits_for_the_cohort_it_was_typed_for(queue: Queue) -> None:
    world = queue.world
    await world.join(world.newcomer("Bea"))
    invitation = [m for m in world.channel.history() if not m.flags.ephemeral][-1]
    panel = (await world.ana.click(invitation, label="Join")).response
    await world.ana.submit_modal(await world.ana.click(panel, label="Ready to plan"), {"city": "Chicago"})
    chosen = (await world.ana.click(await human(queue), label=COHORT)).response
    result = await typed(queue, WORRYING, chosen)
    assert is_preview((await world.ana.click(result.followups[0], label="Back to my line")).response, WORRYING)
    other = await world.forge(world.ana, "human:cohort:2")
    assert "In “Group of bea” no volunteer can be asked right now." in other.response.content
    assert WORRYING not in other.response.content
    actor = Actor(discord_id=world.ana.id, name="Ana", locale="en-US", interaction_id=1)
    look = world.services.help_requests.look
    lines = [await look(actor, None, world.clock(), cohort_id=cohort) for cohort in (1, 2)]
    assert [asking.line for asking in lines] == [WORRYING, ""]


async def test_nobody_finds_the_line_of_somebody_else(queue: Queue) -> None:
    world = queue.world
    await typed(queue, WORRYING)
    bea = world.newcomer("Bea")
    invitation = [m for m in world.channel.history() if not m.flags.ephemeral][-1]
    panel = (await bea.click(invitation, label="Join")).response
    await bea.submit_modal(await bea.click(panel, label="Ready to plan"), {"city": "Chicago"})
    assert "no note of yours" in (await bea.slash(world.channel, "human")).response.content
    await world.forge(bea, "human:leave")
    assert is_preview(await human(queue), WORRYING)
