"""What the README says is what the program does."""

import re
from pathlib import Path
from typing import cast

import pytest
from discord import app_commands
from discord.ext import commands

from bot.config import DISCORD_API, Settings
from tests.conftest import World

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")


def _section(title: str) -> str:
    return README.split(f"{title}\n", 1)[1].split("\n## ", 1)[0]


def _first_column(text: str) -> list[str]:
    return re.findall(r"^\| `([^`]+)` \|", text, re.MULTILINE)


def test_every_setting_is_explained_and_no_other() -> None:
    assert _first_column(_section("### Settings")) == [name.upper() for name in Settings.model_fields]
    assert f"`{DISCORD_API}`" in _section("### Settings")


async def test_every_command_is_explained_and_no_other(world: World) -> None:
    bot = cast("commands.Bot", world.env.bot)
    known = {
        f"/{command.qualified_name}"
        for command in bot.tree.walk_commands()
        if isinstance(command, app_commands.Command)
    }
    assert set(_first_column(_section("## Commands"))) == known


@pytest.mark.parametrize(
    "option", ["--story", "--days", "--from", "--zone", "--phase", "--browser", "--as", "--at", "--port"]
)
def test_every_option_of_the_rehearsal_is_explained(option: str) -> None:
    assert f"`{option}" in README


def test_the_invite_link_asks_for_two_permissions_only() -> None:
    view_channels, send_messages = 1 << 10, 1 << 11
    assert f"permissions={view_channels + send_messages}`" in README
