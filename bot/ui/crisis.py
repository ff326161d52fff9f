"""How does somebody come to a crisis card?

Everything here answers at once and from packaged data; records, if there are any, only choose where to open.
"""

import re
from dataclasses import replace
from typing import Any, Self

import discord

from bot.domain import crisis as rules
from bot.domain import crisis_cards as cards
from bot.domain.crisis import Card
from bot.replies import QUIET, services_of
from bot.ui.crisis_pages import (
    OPTIONS,
    Button,
    CardButton,
    CountrySelect,
    Page,
    countries_of,
    drawn,
    here_of,
    never_in_the_way,
)


class HelpButton(discord.ui.DynamicItem[Button], template=r"help:(?P<prompt>\d+)"):
    """*I need help* on a prompt; its message is found again by the prompt's id."""

    def __init__(self, prompt: int) -> None:
        button = Button(label="I need help", style=discord.ButtonStyle.secondary, custom_id=f"help:{prompt}")
        super().__init__(button)

    @classmethod
    async def from_custom_id(
        cls, _interaction: discord.Interaction[Any], _item: discord.ui.Item[Any], match: re.Match[str], /
    ) -> Self:
        return cls(int(match["prompt"]))

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        await open_own_card(interaction)


ITEMS: tuple[type[discord.ui.DynamicItem[Any]], ...] = (CardButton, CountrySelect, HelpButton)
"""To be registered with the client, so that every card and every prompt works after a restart."""


async def open_card(
    interaction: discord.Interaction[Any],
    country: rules.Country | None,
    kind: Card = Card.SELF,
    *,
    first: str = "",
    screened: bool = False,
    campus: str = "",
) -> None:
    """Answer with a card, for this person's eyes only; `first` is one sentence to say before it.

    `screened`: a screen opened it. `campus` is the line of the person's own cohort or server, as somebody typed it.
    """
    content, view = drawn(
        Page.CARD,
        country,
        countries_of(interaction),
        kind=kind,
        screened=screened,
        here=replace(here_of(interaction), campus=campus),
    )
    await interaction.response.send_message(
        f"{first}\n\n{content}" if first else content,
        view=view,
        ephemeral=True,
        suppress_embeds=True,
        allowed_mentions=QUIET,
    )


async def open_own_card(
    interaction: discord.Interaction[Any], kind: Card = Card.SELF, *, screened: bool = False, campus: str = ""
) -> None:
    """Answer with a card of the country this person chose, else of their zone, else of everywhere."""
    country = None
    with never_in_the_way():
        country = await services_of(interaction).crisis.country_for(interaction.user.id)
    await open_card(interaction, country, kind, screened=screened, campus=campus)


async def open_card_of(interaction: discord.Interaction[Any], place: str) -> None:
    """Answer with the card of a country as a person writes it.

    The words are never shown again: anything may stand in that field. Nor is the choice remembered: it may be
    for a friend.
    """
    country = rules.named(place, countries_of(interaction))
    await open_card(interaction, country, first="" if country else cards.NOT_FOUND)


def suggestions(interaction: discord.Interaction[Any], typed: str) -> list[discord.app_commands.Choice[str]]:
    """Countries that the letters typed so far may mean.

    The value is the name, not the code: the code of Canada is how a Californian writes home.
    """
    found = rules.find(typed, countries_of(interaction))[:OPTIONS]
    return [discord.app_commands.Choice(name=place.name, value=place.name) for place in found]
