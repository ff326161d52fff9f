"""Words that somebody puts into an old direct message are heard like those of a new one, once."""

from typing import Any

import pytest

from bot import heard
from bot.domain import crisis_cards
from bot.heard import LastWords
from bot.ui.next_days import QUESTION
from cogs.messages import ANSWER
from tests.conftest import IDLE, World, buttons
from tests.test_doors_commands import everything_logged
from tests.test_screen_commands import GENTLE, HARMLESS, WORRYING, is_card

__all__ = ["everything_logged"]

AN_EDIT = "2026-03-02T18:05:00.000000+00:00"


async def edited(world: World, message: Any, content: str) -> None:
    """Its writer edits a message."""
    world.env.backend.edit_message(message.channel.id, message.id, {"content": content})
    await world.env.settle(idle=IDLE)


async def previewed(world: World, message: Any, content: str, edited_at: str | None = None) -> None:
    """Discord adds the preview of a link, and tells so like an edit: `edited_at` is when the words were edited last."""
    payload = await payload_of(world, message)
    embed = {"type": "link", "url": "https://example.org", "title": "Example"}
    world.env.backend.emit(
        "MESSAGE_UPDATE", {**payload, "content": content, "embeds": [embed], "edited_timestamp": edited_at}
    )
    await world.env.settle(idle=IDLE)


async def payload_of(world: World, message: Any) -> dict[str, Any]:
    from simcord.backend.serializers import message_payload

    stored = world.env.backend.get_message(message.channel.id, message.id)
    return dict(message_payload(world.env.backend, stored))


@pytest.fixture
async def before(world: World) -> int:
    """How many messages a member had before they wrote anything."""
    await world.join(world.ana)
    return len(world.dms(world.ana))


async def test_worrying_words_in_an_edit_bring_the_card_once_as_in_a_new_message(world: World, before: int) -> None:
    message = await world.ana.send_dm(HARMLESS)
    await edited(world, message, WORRYING)
    answer, card, asked = world.dms(world.ana)[before:]
    assert answer.content == ANSWER
    assert is_card(card)
    assert asked.content == QUESTION
    turned = await world.ana.user.click(card, label="Not what I meant")
    assert turned.response.content == crisis_cards.NOT_MEANT


async def test_every_edit_with_new_words_is_answered_also_where_old_ones_come_back(world: World, before: int) -> None:
    message = await world.ana.send_dm(HARMLESS)
    for words in (GENTLE, HARMLESS, GENTLE):
        await edited(world, message, words)
    answers = world.dms(world.ana)[before:]
    assert [answer.content for answer in answers] == [ANSWER] * 4
    assert all(list(buttons(answer)) == ["I need help"] for answer in answers)


async def test_an_edit_that_leaves_the_words_as_they_are_is_not_answered(world: World, before: int) -> None:
    message = await world.ana.send_dm(WORRYING)
    await edited(world, message, WORRYING)
    assert len(world.dms(world.ana)) == before + 2, "the card, and what is asked after it"


async def test_a_preview_of_a_link_is_no_edit(world: World, before: int) -> None:
    linked = f"{HARMLESS} https://example.org"
    message = await world.ana.send_dm(linked)
    await previewed(world, message, linked)
    await edited(world, message, f"{WORRYING} https://example.org")
    said = len(world.dms(world.ana))
    assert said == before + 3
    await previewed(world, message, f"{WORRYING} https://example.org", AN_EDIT)
    assert len(world.dms(world.ana)) == said


async def test_after_a_restart_a_preview_is_no_edit_and_an_edit_is_answered(world: World, before: int) -> None:
    message = await world.ana.send_dm(HARMLESS)
    await world.restart()
    await previewed(world, message, HARMLESS)
    assert len(world.dms(world.ana)) == before + 1
    await edited(world, message, WORRYING)
    assert is_card(world.dms(world.ana)[before + 1])


async def test_the_programs_own_edits_are_not_answered(world: World, before: int) -> None:
    own = world.dms(world.ana)[0]
    channel = world.bot.get_partial_messageable(own.channel.id)
    await channel.get_partial_message(own.id).edit(content=WORRYING)
    await world.env.settle(idle=IDLE)
    assert len(world.dms(world.ana)) == before


async def test_an_edit_in_the_server_is_nobodys_business(world: World) -> None:
    message = await world.ana.send(world.channel, HARMLESS)
    await edited(world, message, WORRYING)
    assert len(world.channel.history()) == 1
    assert world.dms(world.ana) == []


async def test_somebody_who_never_joined_is_answered_too(world: World) -> None:
    message = await world.ana.send_dm(HARMLESS)
    await edited(world, message, WORRYING)
    assert is_card(world.dms(world.ana)[1])


async def test_while_records_rest_an_edit_is_heard_all_the_same(world: World, before: int) -> None:
    message = await world.ana.send_dm(HARMLESS)
    await world.services.records.close()
    await edited(world, message, WORRYING)
    assert is_card(world.dms(world.ana)[before + 1])


async def test_nothing_of_an_edit_is_logged(world: World, everything_logged: pytest.LogCaptureFixture) -> None:
    message = await world.ana.send_dm("Canaryfirst")
    await edited(world, message, f"Canarysecond {WORRYING}")
    text = everything_logged.text.casefold()
    assert "canary" not in text
    assert "want to die" not in text
    assert str(world.ana.id) not in text


def test_of_old_messages_nothing_is_kept_and_nothing_of_the_words() -> None:
    last = LastWords()
    for number in range(3 * heard.MOST_MESSAGES):
        assert last.are_new(number, "Canary words")
        assert not last.are_new(number, "Canary words")
    kept = vars(last)["_last"]
    assert len(kept) == heard.MOST_MESSAGES
    assert "Canary" not in str(kept)
