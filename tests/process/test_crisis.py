"""The card comes, whole, when Discord takes nothing else of the program; what had to wait comes when it does again."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.process.entities import Interaction, Message, User, walk
from tests.process.loopback import Loopback
from tests.process.program import Program
from tests.process.records import Loss
from tests.process.seed import Seed, people
from tests.process.test_queue import asked

pytestmark = [pytest.mark.process, pytest.mark.enable_socket]

CALLBACK = re.compile(r"/interactions/\d+/(?P<token>[^/]+)/callback")
MARK = re.compile(r"<t:\d+")
"""A moment, which is another one when the same card is opened again."""


def all_but_crisis_help(discord: Loopback) -> Callable[[str, str], bool]:
    """Every request but the answer to `/crisis`, to *I need help*, and to what is pressed on a card."""

    def strikes(_method: str, path: str) -> bool:
        match = CALLBACK.fullmatch(path)
        if match is None:
            return True
        data = discord.by_token[match["token"]].payload["data"]
        return not (data.get("name") == "crisis" or str(data.get("custom_id")).startswith(("crisis:", "help:")))

    return strikes


def to_messages_of(*channels: int) -> Callable[[str, str], bool]:
    """Messages posted in these channels."""
    paths = [f"/channels/{channel}/messages" for channel in channels]
    return lambda method, path: method == "POST" and path in paths


def button(message: Message, label: str) -> str:
    """The custom_id of a button."""
    (found,) = (part["custom_id"] for part in walk(message.payload["components"]) if part.get("label") == label)
    return str(found)


def drawn(answer: Interaction) -> dict[str, Any]:
    """What the person sees, but for the moments in it."""
    return answer.data | {"content": MARK.sub("<t:", answer.data["content"])}


async def cards(discord: Loopback, ben: User, prompt: Message) -> list[Interaction]:
    """Every way to a card: a stranger with the command in their pocket, a member in a DM, the button on a prompt."""
    stranger, elsewhere = discord.add_user("stranger"), discord.add_elsewhere()
    return [
        await discord.slash(stranger, "crisis", guild=elsewhere, user_install=True),
        await discord.slash(stranger, "crisis"),
        await discord.slash(stranger, "crisis", options={"country": "Philippines"}),
        await discord.slash(ben, "crisis"),
        await discord.click(ben, prompt, button(prompt, "I need help")),
    ]


@pytest.mark.parametrize("loss", [None, "hang", "reset"])
async def test_the_card_needs_nothing_of_discord_but_to_take_the_answer(
    migrated: Path, tmp_path: Path, loss: Loss | None
) -> None:
    async with Loopback() as discord:
        ben, cara = people(discord, 2)
        seeds = [Seed(ben, country="US"), Seed(cara)]
        guild, _, queue = await asked(discord, migrated, tmp_path, hours_ago=0, others=seeds)
        first = discord.fail(to_messages_of(queue, discord.dm(cara).id), status=500)
        async with Program(discord, tmp_path) as program:
            await discord.wait_for(lambda: discord.dms_to(ben) and first.hits >= 2, 20)
            (prompt,) = discord.dms_to(ben)
            before = [drawn(answer) for answer in await cards(discord, ben, prompt)]

            trouble = discord.fail(all_but_crisis_help(discord), status=None if loss else 500, loss=loss)
            first.off()
            since = len(discord.requests)
            with pytest.raises(AssertionError, match="no answer"):
                await discord.slash(ben, "today", timeout=1)
            await discord.drop()
            await discord.wait_for(lambda: discord.resumes, 20)
            shown = await cards(discord, ben, prompt)
            assert [drawn(answer) for answer in shown] == before
            for text, number in zip(before, ("findahelpline", "findahelpline", "1553", "988", "988"), strict=True):
                assert number in text["content"]
            each_answered_by_one_request(discord, shown, since)
            await a_card_can_be_turned(discord, ben, shown[-1])
            assert trouble.hits >= 2
            assert discord.dms_to(cara) == discord.in_channel(queue) == []

            await discord.outage_of(guild)
            trouble.off()
            await discord.outage_over(guild)
            await discord.wait_for(lambda: discord.dms_to(cara) and discord.in_channel(queue), 60)
            assert "Next message" in (await discord.slash(ben, "today")).data["content"]
            assert len(discord.dms_to(cara)) == len(discord.in_channel(queue)) == 1
            assert await program.terminate(timeout=20) == 0
        assert discord.unknown_routes == []
        for private in (str(ben.id), ben.name, *(answer.token for answer in shown)):
            assert private not in program.text


def each_answered_by_one_request(discord: Loopback, shown: list[Interaction], since: int) -> None:
    for answer in shown:
        assert answer.seconds < 1
        assert answer.data["flags"] & 64
        taken = [it for it in discord.requests[since:] if answer.token in it.path and it.status in (200, 204)]
        assert [CALLBACK.fullmatch(it.path) is not None for it in taken] == [True]
        assert next(it for it in discord.requests[since:] if answer.token in it.path) is taken[0]


async def a_card_can_be_turned(discord: Loopback, ben: User, card: Interaction) -> None:
    assert card.message is not None
    hurt = await discord.click(ben, card.message, button(card.message, "Already hurt or taken something"))
    assert "911" in hurt.data["content"]


async def test_a_start_while_discord_does_not_take_the_commands_answers_all_the_same(tmp_path: Path) -> None:
    async with Loopback() as discord:
        stranger, elsewhere = discord.add_user("stranger"), discord.add_elsewhere()
        refused = discord.fail(lambda method, path: method == "PUT" and path.endswith("/commands"), status=503)
        async with Program(discord, tmp_path) as program:
            await discord.wait_connected(30)
            assert "findahelpline" in (await discord.slash(stranger, "crisis", guild=elsewhere)).data["content"]
            assert await program.terminate(timeout=20) == 0
        assert refused.hits == 1
        refused.off()
        async with Program(discord, tmp_path) as program:
            await discord.wait_for(
                lambda: [it for it in discord.requests if it.path.endswith("/commands") and it.status == 200], 30
            )
            assert await program.terminate(timeout=20) == 0


@pytest.mark.parametrize("path", ["/users/@me", "/oauth2/applications/@me", "/gateway/bot"])
async def test_a_start_waits_for_a_discord_that_has_trouble_of_its_own(tmp_path: Path, path: str) -> None:
    async with Loopback() as discord:
        stranger, elsewhere = discord.add_user("stranger"), discord.add_elsewhere()
        trouble = discord.fail(lambda _method, asked: asked == path, status=503)
        async with Program(discord, tmp_path) as program:
            await discord.wait_for(lambda: trouble.hits >= 2, 30)
            trouble.off()
            await discord.wait_connected(30)
            assert "findahelpline" in (await discord.slash(stranger, "crisis", guild=elsewhere)).data["content"]
            assert await program.terminate(timeout=20) == 0
        assert "Discord has trouble of its own" in program.text
        assert "Traceback" not in program.text
        assert "nclosed" not in program.text


async def test_a_start_that_waits_for_discord_can_be_stopped(tmp_path: Path) -> None:
    async with Loopback() as discord:
        trouble = discord.fail(lambda _method, path: path == "/users/@me", status=503)
        async with Program(discord, tmp_path) as program:
            await discord.wait_for(lambda: trouble.hits >= 2, 30)
            assert await program.terminate(timeout=20) == 0
        assert "Traceback" not in program.text


async def test_a_start_at_an_address_that_is_not_discords_ends_with_a_sentence(tmp_path: Path) -> None:
    async with Loopback() as discord:
        discord.fail(lambda _method, path: path == "/gateway/bot", status=404)
        async with Program(discord, tmp_path) as program:
            assert await program.wait(timeout=30) == 2
        assert "check the network and DISCORD_API_URL" in program.text
