"""How does somebody come to a crisis card, by asking or by what they wrote?

Everything here answers from packaged data; records, if they answer soon, only choose where to open and add one line.
"""

import asyncio
import re
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any, Self, cast

import discord

from bot.domain import crisis as rules
from bot.domain import crisis_cards as cards
from bot.domain.crisis import Card, Here
from bot.domain.crisis_cards import Campus
from bot.domain.patterns import Tier
from bot.domain.screens import Outcome
from bot.heard import opens_cards
from bot.replies import LONGEST, QUIET, services_of
from bot.services import Services
from bot.ui.crisis_pages import (
    OPTIONS,
    Button,
    CardButton,
    CountrySelect,
    Page,
    campus_of,
    countries_of,
    drawn,
    here_of,
    never_in_the_way,
)
from bot.ui.next_days import question

WITHIN_REACH = "If things are heavy right now: *I need help* opens people to talk to, at any hour."

Say = Callable[[str, discord.ui.View], Awaitable[object]]


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
    campus: Campus = Campus(),  # noqa: B008 - frozen
) -> None:
    """Answer with a card, for this person's eyes only; `first` is one sentence to say before it.

    `screened`: a screen opened it.
    """
    content, view = drawn(
        Page.CARD,
        country,
        countries_of(interaction),
        kind=kind,
        screened=screened,
        here=replace(here_of(interaction), campus=campus.line),
        whose=campus.whose,
    )
    answered = interaction.response.is_done()
    send = interaction.followup.send if answered else cast("Any", interaction.response.send_message)
    await send(
        f"{first}\n\n{content}" if first else content,
        view=view,
        ephemeral=True,
        suppress_embeds=True,
        allowed_mentions=QUIET,
    )


async def open_own_card(
    interaction: discord.Interaction[Any], kind: Card = Card.SELF, *, screened: bool = False
) -> None:
    """Answer with a card of the country this person chose, else of their zone, else of everywhere."""
    await _open_own(interaction, kind, screened=screened)
    await follow(interaction, kind)


async def _open_own(interaction: discord.Interaction[Any], kind: Card, *, screened: bool) -> None:
    """Records are asked for both at once: nobody waits for them twice."""
    country, campus = await asyncio.gather(_country(interaction), campus_of(interaction))
    await open_card(interaction, country, kind, screened=screened, campus=campus)


async def open_card_of(interaction: discord.Interaction[Any], place: str) -> None:
    """Answer with the card of a country as a person writes it.

    The words are never shown again: anything may stand in that field, and what else they say is heard as well. Nor is
    the choice remembered: it may be for a friend.
    """
    country = rules.named(place, countries_of(interaction))
    kind, campus = await asyncio.gather(_kind_for(interaction, place), campus_of(interaction))
    first = "" if country or kind is Card.HURT else cards.NOT_FOUND
    await open_card(interaction, country, kind, first=first, campus=campus)
    await follow(interaction, kind)


async def _kind_for(interaction: discord.Interaction[Any], words: str) -> Card:
    with never_in_the_way():
        outcome = await services_of(interaction).screening.screen(words)
        return kind_of(outcome) if outcome.tier is Tier.A else Card.SELF
    return Card.SELF


async def follow(interaction: discord.Interaction[Any], kind: Card) -> None:
    """What comes after a card that was shown: it is remembered, and a member is asked about the next days."""

    async def say(text: str, view: discord.ui.View) -> None:
        await interaction.followup.send(text, view=view, ephemeral=True, allowed_mentions=QUIET)

    with never_in_the_way():
        await after(services_of(interaction), interaction.user.id, kind, say)


async def after(services: Services, discord_id: int, kind: Card, say: Say) -> None:
    """As `follow`, wherever the card stands; the caller sees to it that nothing of it is in the way."""
    if await services.next_days.card_opened(discord_id, kind, services.clock()):
        await say(*question())


def kind_of(outcome: Outcome) -> Card:
    """The card that a screen asks for."""
    return Card[outcome.card.name]


async def answer_words(services: Services, message: discord.Message, outcome: Outcome) -> None:
    """Answer a direct message with the card that its words call for.

    Without a notification: whoever wrote has the chat open, and a locked phone shows nothing of it.
    """

    async def say(text: str, view: discord.ui.View) -> None:
        await message.channel.send(text, view=view, silent=True, suppress_embeds=True, allowed_mentions=QUIET)

    kind, writer = kind_of(outcome), message.author.id
    country, campus = await asyncio.gather(services.crisis.country_for(writer), services.people.campus(writer, None))
    here = Here(now=message.edited_at or message.created_at, campus=campus.line)
    countries = services.crisis.countries
    await say(*drawn(Page.CARD, country, countries, kind=kind, screened=True, here=here, whose=campus.whose))
    with never_in_the_way():
        await after(services, writer, kind, say)


class _Cards:
    """See `bot.heard.Cards`."""

    async def open(self, interaction: discord.Interaction[Any], outcome: Outcome) -> None:
        await _open_own(interaction, kind_of(outcome), screened=True)

    async def follow(self, interaction: discord.Interaction[Any], outcome: Outcome) -> None:
        await follow(interaction, kind_of(outcome))

    def within_reach(self, text: str, view: discord.ui.View) -> str:
        if not any(isinstance(item, HelpButton) for item in view.children):
            with never_in_the_way():  # a message takes 25 buttons
                view.add_item(HelpButton(0))
        return f"{text}\n\n{WITHIN_REACH}" if len(text) + len(WITHIN_REACH) + 2 <= LONGEST else text


opens_cards(_Cards())


async def _country(interaction: discord.Interaction[Any]) -> rules.Country | None:
    with never_in_the_way():
        return await services_of(interaction).crisis.country_for(interaction.user.id)
    return None


def suggestions(interaction: discord.Interaction[Any], typed: str) -> list[discord.app_commands.Choice[str]]:
    """Countries that the letters typed so far may mean.

    The value is the name, not the code: the code of Canada is how a Californian writes home.
    """
    found = rules.find(typed, countries_of(interaction))[:OPTIONS]
    return [discord.app_commands.Choice(name=place.name, value=place.name) for place in found]
