"""A prompt with a picture arrives once, as one without does; a picture that can't be drawn holds up nothing."""

import json
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.app import build_services
from bot.domain.charts import Bar, Chart
from bot.messenger import DiscordWire
from bot.sender import Answer, Pace, Sender
from bot.services.records import Records
from bot.ui import charts
from tests.process.entities import Message, User
from tests.process.loopback import Loopback
from tests.process.program import Program
from tests.process.seed import Seed, people, plant

pytestmark = [pytest.mark.process, pytest.mark.enable_socket]

SENDS = "POST /channels/*/messages"
WEEK = Chart(
    bars=tuple(
        Bar(day=date(2026, 3, 2) + timedelta(days=number), questions=questions, floor=20)
        for number, questions in enumerate((40, None, 60, None, None, 20, None))
    )
)
ATTACHED = {"id": 0, "filename": "week.png", "description": charts.description(WEEK)}


async def plant_pictured(discord: Loopback, migrated: Path, data: Path, kept: dict[User, Any]) -> None:
    """Members whose evening is due, frozen as after a first attempt, with what is `kept` of a chart in it."""
    await plant(discord, migrated, data, [Seed(user) for user in kept])
    records = Records(data / "comeback.db", data / "comeback.key")
    await records.open()
    try:
        now = datetime.now(UTC)
        services = build_services(records, lambda: now)
        await services.planning.plan_due(now)
        attempts = await services.delivery.claim(now, len(kept))
        by_id = {user.id: shown for user, shown in kept.items()}
        async with records.writing() as tx:
            for attempt in attempts:
                payload = json.dumps(json.loads(attempt.payload) | {"chart": by_id[attempt.recipient]})
                locked = records.vault.lock(payload)
                await tx.execute(
                    """UPDATE prompts SET state = 'planned', attempts = 0, first_attempt_at = NULL, lease_until = NULL,
                         key_no = :key_no, payload = :payload WHERE id = :id""",
                    id=attempt.prompt_id,
                    key_no=locked.key_no,
                    payload=locked.cipher,
                )
    finally:
        await records.close()


def files(message: Message) -> list[tuple[str, bytes]]:
    return [(upload.name, upload.data) for upload in message.uploads]


async def test_a_prompt_brings_its_picture_and_the_words_for_it(migrated: Path, tmp_path: Path) -> None:
    async with Loopback() as discord:
        ana, ben = people(discord, 2)
        await plant_pictured(discord, migrated, tmp_path / "data", {ana: charts.packed(WEEK), ben: charts.packed(WEEK)})
        async with Program(discord, tmp_path) as program:
            await discord.wait_for(lambda: all(discord.dms_to(user) for user in (ana, ben)), 20)
            assert await program.terminate() == 0
        drawn = await charts.picture(WEEK)
        for user in (ana, ben):
            (message,) = discord.dms_to(user)
            assert message.content
            assert "chart" not in message.body
            assert message.body["attachments"] == [ATTACHED]
            assert files(message) == [("week.png", drawn)]
            (shown,) = message.payload["attachments"]
            assert (shown["filename"], shown["description"]) == ("week.png", ATTACHED["description"])
            assert shown["size"] == len(drawn)


@pytest.mark.parametrize("history_lag", [0, 60], ids=["found in the channel", "told by its nonce"])
async def test_a_picture_whose_answer_was_lost_comes_once(migrated: Path, tmp_path: Path, history_lag: float) -> None:
    async with Loopback() as discord:
        (ana,) = people(discord, 1)
        discord.history_lag = history_lag
        await plant_pictured(discord, migrated, tmp_path / "data", {ana: charts.packed(WEEK)})
        discord.fail(SENDS, loss="lose_answer", count=1)
        async with Program(discord, tmp_path) as program:
            await program.line(containing=": sent after 2", timeout=60)
            assert await program.terminate() == 0
        (message,) = discord.dms_to(ana)
        assert [len(request.uploads) for request in discord.asked(SENDS)] == ([1, 1] if history_lag else [1])
        assert len(message.payload["attachments"]) == 1


async def test_a_picture_that_cannot_be_drawn_leaves_the_prompt(migrated: Path, tmp_path: Path) -> None:
    broken = {"bars": [["canary", 40, 20]]}
    async with Loopback() as discord:
        ana, ben = people(discord, 2)
        await plant_pictured(discord, migrated, tmp_path / "data", {ana: broken, ben: charts.packed(WEEK)})
        async with Program(discord, tmp_path) as program:
            await discord.wait_for(lambda: all(discord.dms_to(user) for user in (ana, ben)), 20)
            assert await program.terminate() == 0
            await program.line(containing="a picture could not be drawn: ValueError")
            assert "canary" not in program.text
        (without,), (beside,) = discord.dms_to(ana), discord.dms_to(ben)
        assert without.content
        assert (without.uploads, without.payload["attachments"]) == ([], [])
        assert len(beside.uploads) == 1


async def test_a_picture_is_drawn_before_its_turn_so_that_no_turns_pile_up(migrated: Path, tmp_path: Path) -> None:
    seen: list[str] = []

    class Turns(Pace):
        async def turn(self) -> None:
            seen.append("turn")

    async def wire(method: str, path: str, body: str | None = None, picture: bytes | None = None) -> Answer:
        seen.append("sent" if picture else "sent without")
        return Answer(status=200, body={"id": "1"})

    data = tmp_path / "data"
    async with Loopback() as discord:
        kept = {user: charts.packed(WEEK) for user in people(discord, 3)}
        await plant_pictured(discord, migrated, data, kept)
    records = Records(data / "comeback.db", data / "comeback.key")
    await records.open()
    try:
        now = datetime.now(UTC)
        sender = Sender(build_services(records, lambda: now).delivery, wire, lambda: now, Turns())
        assert await sender.step() == 3
        await sender.settled()
    finally:
        await records.close()
    assert seen == ["turn", "sent"] * 3


async def test_what_has_no_picture_goes_as_json_through_the_same_wire() -> None:
    async with Loopback() as discord:
        (ana,) = people(discord, 1)
        path = f"/channels/{discord.dm(ana).id}/messages"
        wire = DiscordWire(discord.api_url, discord.token)
        try:
            pictured = await wire("POST", path, json.dumps({"content": "look", "attachments": [ATTACHED]}), b"drawn")
            plain = await wire("POST", path, json.dumps({"content": "read"}))
            history = await wire("GET", path + "?limit=10")
        finally:
            await wire.close()
        assert (pictured.status, plain.status) == (200, 200)
        assert [message["content"] for message in history.body] == ["read", "look"]
        assert [files(message) for message in discord.messages] == [[("week.png", b"drawn")], []]


async def test_a_page_brings_its_picture_and_takes_it_along(migrated: Path, tmp_path: Path) -> None:
    async with Loopback() as discord:
        (ana,) = people(discord, 1)
        await plant(discord, migrated, tmp_path / "data", [Seed(ana, history=40)])
        async with Program(discord, tmp_path) as program:
            await discord.wait_connected(30)
            week = (await discord.slash(ana, "week")).message
            assert week is not None
            (first,) = week.payload["attachments"]
            assert first["description"].startswith("Questions, ")
            await discord.click(ana, week, "page:four_weeks")
            (second,) = week.payload["attachments"]
            assert "in the week of" in second["description"]
            assert second["id"] != first["id"]
            await discord.click(ana, week, "page:today")
            assert week.payload["attachments"] == []
            assert await program.terminate() == 0
