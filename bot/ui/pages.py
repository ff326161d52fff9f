"""Which pages does `/today` lead to, and how does one button turn to any of them?

A page is a message that is turned in place: nobody is left with a stack of old ones.
"""

import re
from collections.abc import Awaitable, Callable
from typing import Any, Self, TypeVar

import discord

from bot.domain.errors import NotFound
from bot.replies import answering, turn
from bot.ui.lasting import Button

Page = tuple[str, discord.ui.View]
Pictured = tuple[str, discord.ui.View, discord.File | None]
"""A page with a picture beside it, where there is anything to draw."""
Shower = Callable[[discord.Interaction[Any]], Awaitable[Page | Pictured]]
AnyShower = TypeVar("AnyShower", bound=Shower)

_showers: dict[str, Shower] = {}


def shows(name: str) -> Callable[[AnyShower], AnyShower]:
    """Let a function be the page of that name."""

    def register(shower: AnyShower) -> AnyShower:
        _showers[name] = shower
        return shower

    return register


async def page(interaction: discord.Interaction[Any], name: str) -> Pictured:
    """A page as it is now, for whoever asks; raises NotFound for one that is not known."""
    shower = _showers.get(name)
    if shower is None:
        raise NotFound
    shown = await shower(interaction)
    return shown if len(shown) == 3 else (*shown, None)


class PageButton(discord.ui.DynamicItem[Button], template=r"page:(?P<name>[a-z_]{1,20})"):
    """Turns the message to a page; it shows whoever presses it their own."""

    def __init__(
        self, name: str, label: str = "Back", style: discord.ButtonStyle = discord.ButtonStyle.secondary
    ) -> None:
        self.name = name
        super().__init__(discord.ui.Button(label=label, style=style, custom_id=f"page:{name}"))

    @classmethod
    async def from_custom_id(
        cls, _interaction: discord.Interaction[Any], _item: discord.ui.Item[Any], match: re.Match[str], /
    ) -> Self:
        return cls(match["name"])

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        async with answering(interaction):
            await turn(interaction, *await page(interaction, self.name))


ITEMS: tuple[type[discord.ui.DynamicItem[Any]], ...] = (PageButton,)
