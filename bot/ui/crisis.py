"""How do the crisis card and its buttons look, and what happens when one is pressed?

Everything here answers at once and from packaged data; records, if there are any, only choose where to open.
"""

import logging
import re
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from enum import StrEnum
from itertools import groupby
from typing import Any, Self, cast

import discord

from bot.domain import crisis as rules
from bot.replies import QUIET, services_of

Button = discord.ui.Button[discord.ui.View]
Select = discord.ui.Select[discord.ui.View]

NOWHERE = "ZZ"
"""Stands in a custom_id for no country; ISO 3166 leaves it free."""

OPTIONS = 25
"""Choices in one select, and suggestions of one autocomplete; Discord's limit."""

SELECTS = 4
"""Selects of one message: five rows, less the one with the buttons."""

log = logging.getLogger(__name__)


class Page(StrEnum):
    """What a button turns the card to."""

    CARD = "card"
    MORE = "more"
    OTHER = "other"
    HURT = "hurt"


LABELS = {
    Page.CARD: "Back",
    Page.MORE: "More lines",
    Page.OTHER: "Other country",
    Page.HURT: "Already hurt or taken something",
}


class CardButton(
    discord.ui.DynamicItem[Button],
    template=r"crisis:(?P<page>card|more|other|hurt):(?P<code>[A-Z]{2})",
):
    """Turns the card to another page; the custom_id says all there is to know."""

    def __init__(self, page: Page, code: str, label: str | None = None) -> None:
        self.page = page
        self.code = code
        button = Button(
            label=label or LABELS[page],
            style=discord.ButtonStyle.secondary,
            custom_id=f"crisis:{page}:{code}",
        )
        super().__init__(button)

    @classmethod
    async def from_custom_id(
        cls, _interaction: discord.Interaction[Any], _item: discord.ui.Item[Any], match: re.Match[str], /
    ) -> Self:
        return cls(Page(match["page"]), match["code"])

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        await _turn(interaction, self.page, _country(interaction, self.code))


class CountrySelect(discord.ui.DynamicItem[Select], template=r"crisis:country:(?P<part>\d)"):
    """Countries of a few letters of the alphabet; choosing one turns to its card, and is remembered."""

    @classmethod
    def of(cls, part: int, countries: Sequence[rules.Country]) -> Self:
        first, last = countries[0].name[0], countries[-1].name[0]
        select = Select(
            custom_id=f"crisis:country:{part}",
            placeholder=f"Countries {first} to {last}" if first != last else f"Countries with {first}",
            options=[discord.SelectOption(label=place.name, value=place.code) for place in countries],
        )
        return cls(select)

    @classmethod
    async def from_custom_id(
        cls, _interaction: discord.Interaction[Any], item: discord.ui.Item[Any], _match: re.Match[str], /
    ) -> Self:
        return cls(cast("Select", item))

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        code = self.item.values[0]
        await _turn(interaction, Page.CARD, _country(interaction, code))
        with _never_in_the_way():
            await services_of(interaction).crisis.choose(interaction.user.id, code)


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


async def open_card(interaction: discord.Interaction[Any], country: rules.Country | None, *, first: str = "") -> None:
    """Answer with the card, for this person's eyes only; `first` is one sentence to say before it."""
    content, view = drawn(Page.CARD, country, _countries(interaction))
    await interaction.response.send_message(
        f"{first}\n\n{content}" if first else content,
        view=view,
        ephemeral=True,
        allowed_mentions=QUIET,
    )


async def open_own_card(interaction: discord.Interaction[Any]) -> None:
    """Answer with the card of the country this person chose, else of their zone, else of everywhere."""
    country = None
    with _never_in_the_way():
        country = await services_of(interaction).crisis.country_for(interaction.user.id)
    await open_card(interaction, country)


async def open_card_of(interaction: discord.Interaction[Any], place: str) -> None:
    """Answer with the card of a country as a person writes it.

    The words are never shown again: anything may stand in that field. Nor is the choice remembered: it may be
    for a friend.
    """
    country = rules.named(place, _countries(interaction))
    await open_card(interaction, country, first="" if country else rules.NOT_FOUND)


def suggestions(interaction: discord.Interaction[Any], typed: str) -> list[discord.app_commands.Choice[str]]:
    """Countries that the letters typed so far may mean.

    The value is the name, not the code: the code of Canada is how a Californian writes home.
    """
    found = rules.find(typed, _countries(interaction))[:OPTIONS]
    return [discord.app_commands.Choice(name=place.name, value=place.name) for place in found]


def drawn(page: Page, country: rules.Country | None, countries: Sequence[rules.Country]) -> tuple[str, discord.ui.View]:
    """The words and the buttons of one page; the numbers stay in sight while a country is chosen."""
    code = country.code if country else NOWHERE
    view = discord.ui.View(timeout=None)
    view.stop()  # as in bot.ui.lasting: discord.py need not remember it
    if page is Page.HURT:
        view.add_item(CardButton(Page.CARD, code))
        return rules.hurt_card(country), view
    view.add_item(CardButton(Page.HURT, code))
    if page is Page.MORE:
        view.add_item(CardButton(Page.CARD, code))
        return rules.more(country) or rules.card(country), view
    if rules.more(country):
        view.add_item(CardButton(Page.MORE, code))
    if country:
        other = CardButton(Page.CARD, NOWHERE, label="Elsewhere") if page is Page.OTHER else None
        view.add_item(other or CardButton(Page.OTHER, code))
    if page is Page.OTHER or not country:
        for part, group in enumerate(grouped(countries)):
            view.add_item(CountrySelect.of(part, group))
    return rules.card(country), view


def grouped(countries: Sequence[rules.Country]) -> list[list[rules.Country]]:
    """Countries by name, whole letters together, no more in a group than one select takes."""
    groups: list[list[rules.Country]] = [[]]
    for _, some in groupby(sorted(countries, key=lambda it: it.name), key=lambda it: it.name[0]):
        letter = list(some)[:OPTIONS]
        if len(groups[-1]) + len(letter) > OPTIONS:
            groups.append([])
        groups[-1] += letter
    return [group for group in groups if group][:SELECTS]


async def _turn(interaction: discord.Interaction[Any], page: Page, country: rules.Country | None) -> None:
    content, view = drawn(page, country, _countries(interaction))
    await interaction.response.edit_message(content=content, view=view, allowed_mentions=QUIET)


def _country(interaction: discord.Interaction[Any], code: str) -> rules.Country | None:
    with _never_in_the_way():
        return services_of(interaction).crisis.country(code)
    return None


def _countries(interaction: discord.Interaction[Any]) -> Sequence[rules.Country]:
    with _never_in_the_way():
        return services_of(interaction).crisis.countries
    return ()


@contextmanager
def _never_in_the_way() -> Generator[None]:
    """Whatever is broken inside, the card is shown."""
    try:
        yield
    except Exception as error:  # noqa: BLE001 - the card that works everywhere needs nothing of what failed
        log.warning("crisis card without services: %s", type(error).__name__)
