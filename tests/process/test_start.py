"""How the program starts, or says in one line why it can't, and how crisis help outlives everything else."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from tests.process.loopback import Loopback
from tests.process.program import Program
from tests.process.seed import Seed, people, plant

pytestmark = [pytest.mark.process, pytest.mark.enable_socket]


async def crisis_answers(discord: Loopback) -> None:
    stranger = discord.add_user("stranger")
    for guild in (discord.add_elsewhere(), None):
        answer = await discord.slash(stranger, "crisis", guild=guild, user_install=guild is not None)
        assert answer.seconds < 1
        assert "findahelpline.com" in answer.data["content"]
        assert answer.data["flags"] & 64


async def test_a_first_start_makes_all_it_needs_and_a_second_syncs_nothing(tmp_path: Path) -> None:
    async with Loopback() as discord:
        async with Program(discord, tmp_path) as program:
            await discord.wait_connected()
            await crisis_answers(discord)
            assert await program.terminate() == 0
            key = tmp_path / "data" / "comeback.key"
            assert key.stat().st_mode & 0o777 == 0o600
            assert len(discord.asked("PUT /applications/*/commands")) == 1
            await program.start()
            await discord.wait_connected(logins=2)
            assert len(discord.asked("PUT /applications/*/commands")) == 1
            assert await program.terminate() == 0
        assert "Traceback" not in program.text
        assert discord.identifies[0].intents == (1 << 0) | (1 << 12)  # guilds and direct messages, no more


async def test_only_the_right_button_press_is_needed_after_a_restart(tmp_path: Path) -> None:
    async with Loopback() as discord:
        guild = discord.add_guild()
        moderator = discord.add_user("mod")
        guild.join(moderator, guild.add_role("Mods", permissions=1 << 5))
        channel = guild.add_channel("study-hall")
        async with Program(discord, tmp_path) as program:
            await discord.wait_connected()
            await discord.slash(moderator, "cohort create", guild=guild, options={"name": "Spring", "channel": channel})
            await discord.slash(moderator, "cohort invite", guild=guild)
            (invitation,) = discord.in_channel(channel.id)
            assert await program.kill() == -9
            await program.start()
            await discord.wait_connected(logins=2)
            ana = discord.add_user("ana")
            panel = await discord.click(ana, invitation, "join:1")
            assert "Where are you right now?" in panel.data["content"]
            assert panel.message is not None
            await discord.click(ana, panel.message, "where:1:rebuilding")
            assert await program.kill() == -9  # the form is open, the program dies, and comes back
            await program.start()
            await discord.wait_connected(logins=3)
            joined = await discord.submit(ana, "city:1:rebuilding", {"city": "Lagos"}, guild=guild)
            assert "You're in" in joined.data["content"]
            await discord.wait_for(lambda: discord.dms_to(ana))
            assert await program.terminate() == 0
        assert discord.unknown_routes == []


async def test_without_a_database_crisis_help_answers_and_the_rest_says_so(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "comeback.db").write_text("this is no database, and long enough to be read as a header")
    async with Loopback() as discord, Program(discord, tmp_path) as program:
        await discord.wait_connected()
        await crisis_answers(discord)
        answer = await discord.slash(discord.add_user("ana"), "checkin")
        assert "can't reach my records" in answer.data["content"]
        assert await program.terminate() == 0
        assert "Traceback" not in program.text


async def test_a_database_newer_than_the_code_is_not_touched(migrated: Path, tmp_path: Path) -> None:
    file = tmp_path / "data" / "comeback.db"
    async with Loopback() as discord:
        await plant(discord, migrated, tmp_path / "data", [Seed(people(discord, 1)[0])])
        with closing(sqlite3.connect(file)) as connection:
            connection.execute("UPDATE alembic_version SET version_num = '9999'")
            connection.commit()
        before = file.read_bytes()
        async with Program(discord, tmp_path) as program:
            await discord.wait_connected()
            await crisis_answers(discord)
            await program.line(containing="revision 9999")
            assert await program.terminate() == 0
        assert file.read_bytes() == before
        assert discord.messages == []


async def test_a_missing_key_orphans_no_note(migrated: Path, tmp_path: Path) -> None:
    async with Loopback() as discord:
        await plant(discord, migrated, tmp_path / "data", [Seed(people(discord, 1)[0])])
        key = tmp_path / "data" / "comeback.key"
        key.unlink()
        async with Program(discord, tmp_path) as program:
            await discord.wait_connected()
            await crisis_answers(discord)
            await program.line(containing="COMEBACK_KEY_FILE")
            assert await program.terminate() == 0
        assert not key.exists()


@pytest.mark.parametrize(
    ("settings", "sentence"),
    [
        ({"DISCORD_TOKEN": "not.the.right.token.at.all"}, "DISCORD_TOKEN is not accepted by Discord"),
        ({"DISCORD_TOKEN": None}, "DISCORD_TOKEN is missing"),
        ({"DISCORD_TOKEN": "short"}, "DISCORD_TOKEN can't be read"),
        ({"DATABASE_URL": "mysql://nowhere"}, "DATABASE_URL can't be read"),
        ({"LOG_LEVEL": "loud"}, "LOG_LEVEL can't be read"),
        ({"DISCORD_API_URL": "discord.com"}, "DISCORD_API_URL can't be read"),
        ({"DISCORD_API_URL": "http://127.0.0.1:9"}, "Discord can't be reached"),
        ({"COMEBACK_DATA_DIR": "/dev/null/data"}, "COMEBACK_DATA_DIR can't be used"),
    ],
)
async def test_a_wrong_setting_is_one_line(tmp_path: Path, settings: dict[str, str | None], sentence: str) -> None:
    async with Loopback() as discord, Program(discord, tmp_path, settings=settings) as program:
        assert await program.wait(timeout=20) == 2
        assert sentence in program.lines[-1]
        assert "Traceback" not in program.text


async def test_a_second_program_on_the_same_records_stops_at_once(tmp_path: Path) -> None:
    async with Loopback() as discord, Program(discord, tmp_path) as first:
        await discord.wait_connected()
        async with Program(discord, tmp_path) as second:
            assert await second.wait() == 2
            assert "another Comeback holds" in second.lines[-1]
        assert await first.terminate() == 0
