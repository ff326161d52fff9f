"""A request stands once in its queue and is told once, whatever breaks on the way, in the real program."""

import sqlite3
import time
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

import pytest

from tests.process.entities import Guild, User
from tests.process.loopback import Loopback
from tests.process.program import Program
from tests.process.seed import Seed, plant

pytestmark = [pytest.mark.process, pytest.mark.enable_socket]

HOUR = 3_600_000
VIEW_CHANNEL = 1 << 10
SENDS = "POST /channels/*/messages"


async def asked(
    discord: Loopback,
    migrated: Path,
    folder: Path,
    hours_ago: float,
    *,
    seen: bool = False,
    others: Sequence[Seed] = (),
) -> tuple[Guild, User, int]:
    """A member who asked, a moderator on duty, and the channel of the queue, where the request was `seen` or not.

    `others` are members who are owed a prompt.
    """
    guild = discord.add_guild()
    role, channel = guild.add_role("Guides"), guild.add_channel("requests")
    guild.everyone.permissions &= ~VIEW_CHANNEL  # a queue is for its moderators alone
    ana, mo = discord.add_user("ana"), discord.add_user("mo")
    guild.join(ana)
    guild.join(mo, role)
    await plant(discord, migrated, folder / "data", others)
    now = time.time_ns() // 1_000_000
    begun = int(now - hours_ago * HOUR)
    with closing(sqlite3.connect(folder / "data" / "comeback.db")) as connection, connection:
        asker, moderator = (
            connection.execute(
                """INSERT INTO members (discord_id, name, locale, started_day, latest_day, last_sign_at)
                   VALUES (?, ?, 'en-US', '2026-01-01', '2026-01-01', 0)""",
                (user.id, user.name),
            ).lastrowid
            for user in (ana, mo)
        )
        connection.execute("INSERT INTO guilds (id) VALUES (?)", (guild.id,))
        connection.execute(
            """INSERT INTO cohorts (guild_id, name, name_key, channel_id, queue_channel_id, moderator_role_id,
                 created_at)
               VALUES (?, 'Spring', 'spring', 1, ?, ?, 0)""",
            (guild.id, channel.id, role.id),
        )
        connection.execute("INSERT INTO enrolments (member_id, cohort_id, since) VALUES (?, 1, 0)", (asker,))
        connection.execute("INSERT INTO moderators (cohort_id, member_id, on_duty) VALUES (1, ?, 1)", (moderator,))
        connection.execute(
            "INSERT INTO addresses (member_id, kind, channel_id, checked_at) VALUES (?, 'dm', ?, 0)",
            (asker, discord.dm(ana).id),
        )
        connection.execute(
            """INSERT INTO help_requests (member_id, cohort_id, asked_at, next_step_at, seen_at)
               VALUES (?, 1, ?, ?, ?)""",
            (asker, begun, begun + 2 * HOUR, begun if seen else None),
        )
    return guild, ana, channel.id


@pytest.mark.parametrize("nonce_memory", [180.0, 0.0])
async def test_killed_after_its_message_exists_and_before_that_is_known_it_stands_once(
    migrated: Path, tmp_path: Path, nonce_memory: float
) -> None:
    async with Loopback() as discord:
        discord.nonce_memory = nonce_memory
        _, _, channel = await asked(discord, migrated, tmp_path, hours_ago=0)
        discord.fail(SENDS, loss="hang_after", count=1)
        async with Program(discord, tmp_path) as program:
            await discord.wait_for(lambda: len(discord.in_channel(channel)) == 1, 20)
            assert await program.kill() == -9
            since = len(discord.asked("GET /channels/*/messages*"))
            await program.start()
            await discord.wait_for(lambda: len(discord.asked("GET /channels/*/messages*")) > since, 20)
            assert await program.terminate() == 0
        assert len(discord.in_channel(channel)) == 1
        assert discord.unknown_routes == []
        assert "Traceback" not in program.text


async def test_what_nobody_could_see_while_the_program_was_off_stands_once_and_its_time_begins_anew(
    migrated: Path, tmp_path: Path
) -> None:
    async with Loopback() as discord:
        _, ana, channel = await asked(discord, migrated, tmp_path, hours_ago=25)
        async with Program(discord, tmp_path) as program:
            await discord.wait_for(lambda: len(discord.dms_to(ana)) == 1, 20)
            assert await program.terminate() == 0
        (request,) = discord.in_channel(channel)
        assert request.content.endswith("Nobody has taken it yet.")
        assert "It stands with them now" in discord.dms_to(ana)[0].content


async def test_what_became_due_while_the_program_was_off_is_made_good_once(migrated: Path, tmp_path: Path) -> None:
    async with Loopback() as discord:
        _, ana, channel = await asked(discord, migrated, tmp_path, hours_ago=3, seen=True)
        async with Program(discord, tmp_path) as program:
            await discord.wait_for(lambda: len(discord.dms_to(ana)) == 1, 20)
            assert await program.kill() == -9
            await program.start()
            await discord.wait_connected(logins=2)
            assert await program.terminate() == 0
        request, reminder = discord.in_channel(channel)
        assert request.content.startswith("**Somebody asked to be contacted:**")
        assert "Somebody has waited two hours" in reminder.content
        assert len(discord.dms_to(ana)) == 1
        assert discord.unknown_routes == []
        for account in (str(ana.id), "ana"):
            assert account not in program.text


async def test_removed_from_the_server_it_says_so_to_whoever_asked(migrated: Path, tmp_path: Path) -> None:
    async with Loopback() as discord:
        guild, ana, channel = await asked(discord, migrated, tmp_path, hours_ago=0)
        async with Program(discord, tmp_path) as program:
            await discord.wait_for(lambda: len(discord.in_channel(channel)) == 1, 20)
            await discord.outage_of(guild)
            await discord.outage_over(guild)
            assert discord.dms_to(ana) == [], "an outage of Discord's is no removal"
            await discord.remove_from(guild)
            await discord.wait_for(lambda: len(discord.dms_to(ana)) == 1, 20)
            assert "I am no longer in the server of “Spring”" in discord.dms_to(ana)[0].content
            assert await program.terminate() == 0
