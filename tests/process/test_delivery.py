"""Each prompt arrives once, whatever breaks on the way: the loopback's own record is what counts."""

import asyncio
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.process.entities import User
from tests.process.loopback import Loopback
from tests.process.program import Program
from tests.process.seed import Seed, people, plant

pytestmark = [pytest.mark.process, pytest.mark.enable_socket]

SENDS = "POST /channels/*/messages"


def arrived(discord: Loopback, users: list[User]) -> list[int]:
    """How many messages each of them got."""
    return [len(discord.dms_to(user)) for user in users]


async def all_have_one(discord: Loopback, users: list[User], timeout: float = 60.0) -> None:
    await discord.wait_for(lambda: all(count >= 1 for count in arrived(discord, users)), timeout)
    assert arrived(discord, users) == [1] * len(users)


async def test_two_members_in_different_zones_get_theirs(migrated: Path, tmp_path: Path) -> None:
    async with Loopback() as discord:
        ana, ben = people(discord, 2)
        later = datetime.now(UTC) + timedelta(seconds=4)
        seeds = [Seed(ana, "America/Chicago"), Seed(ben, "Asia/Manila", later)]
        await plant(discord, migrated, tmp_path / "data", seeds, dm_known=False)
        async with Program(discord, tmp_path) as program:
            await all_have_one(discord, [ana])
            await all_have_one(discord, [ben])
            assert discord.dms_to(ben)[0].content.startswith(("Good evening, member1.", "Hello member1."))
            assert datetime.now(UTC) >= later
            assert await program.terminate() == 0
        assert discord.unknown_routes == []


@pytest.mark.parametrize(("nonce_memory", "lost_answers"), [(180.0, 0), (180.0, 25), (0.0, 25)])
async def test_killed_while_sending_and_started_again_everybody_has_one(
    migrated: Path, tmp_path: Path, nonce_memory: float, lost_answers: int
) -> None:
    async with Loopback() as discord:
        discord.nonce_memory = nonce_memory
        discord.latency = 0.2
        users = people(discord, 200)
        await plant(discord, migrated, tmp_path / "data", [Seed(user) for user in users])
        async with Program(discord, tmp_path) as program:
            for kills in (40, 100):
                if lost_answers:
                    discord.fail(SENDS, loss="lose_answer", count=lost_answers)
                await discord.wait_for(lambda enough=kills: len(discord.messages) >= enough, 60)
                assert await program.kill() == -9
                await program.start()
            await all_have_one(discord, users, 90)
            assert await program.terminate() == 0


async def test_asked_to_stop_in_the_middle_it_finishes_what_is_on_its_way(migrated: Path, tmp_path: Path) -> None:
    async with Loopback() as discord:
        discord.latency = 0.2
        users = people(discord, 120)
        await plant(discord, migrated, tmp_path / "data", [Seed(user) for user in users])
        async with Program(discord, tmp_path) as program:
            await discord.wait_for(lambda: len(discord.messages) >= 30)
            assert await program.terminate() == 0
            assert all(request.status == 200 for request in discord.asked(SENDS))
            before = len(program.lines)
            await program.start()
            await program.line(containing="0 prompts are looked for", since=before)
            await all_have_one(discord, users)
            assert discord.asked("GET /channels/*/messages*") == []


@pytest.mark.parametrize(("trouble", "seconds"), [("503", 10), ("hang", 10), ("hang_after", 2), ("reset", 2)])
async def test_trouble_on_the_way_loses_and_doubles_nothing(
    migrated: Path, tmp_path: Path, trouble: str, seconds: int
) -> None:
    async with Loopback() as discord:
        discord.nonce_memory = 0
        users = people(discord, 60)
        await plant(discord, migrated, tmp_path / "data", [Seed(user) for user in users])
        fault = (
            discord.fail(SENDS, status=503) if trouble == "503" else discord.fail(SENDS, loss=trouble)  # pyright: ignore[reportArgumentType]
        )
        async with Program(discord, tmp_path) as program:
            await discord.wait_for(lambda: fault.hits >= 60, 30)
            asyncio.get_running_loop().call_later(seconds, fault.off)
            await all_have_one(discord, users, 90)
            assert len(discord.asked(SENDS)) < 60 * 8  # far from a storm
            assert await program.terminate(timeout=15) == 0


async def test_a_closed_dm_is_tried_once_and_holds_up_nobody(migrated: Path, tmp_path: Path) -> None:
    async with Loopback() as discord:
        closed, *others = people(discord, 20)
        discord.close_dms(closed)
        await plant(discord, migrated, tmp_path / "data", [Seed(closed), *(Seed(user) for user in others)])
        async with Program(discord, tmp_path) as program:
            await all_have_one(discord, others)
            refused = [r for r in discord.asked(SENDS) if r.status == 403]
            assert len(refused) == 1
            await program.line(containing="unreachable")
            assert await program.terminate() == 0


async def test_a_gateway_that_drops_does_not_hold_up_prompts(migrated: Path, tmp_path: Path) -> None:
    async with Loopback() as discord:
        users = people(discord, 90)
        await plant(discord, migrated, tmp_path / "data", [Seed(user) for user in users])
        async with Program(discord, tmp_path) as program:
            await discord.wait_for(lambda: len(discord.messages) >= 20)
            await discord.drop()
            await all_have_one(discord, users)
            await discord.wait_for(lambda: discord.resumes, 20)
            assert await program.terminate() == 0
