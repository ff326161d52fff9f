"""How do the crisis cards and their buttons look, and what does each button turn them to?

Everything here answers from packaged data; records, if they answer soon, only add a line of one's own and remember a
choice.
"""

import logging
import re
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import groupby
from typing import Any, Self, cast

import discord

from bot.domain import crisis as rules
from bot.domain import crisis_cards as cards
from bot.domain.crisis import Card, Here
from bot.domain.crisis_cards import Campus, Whose
from bot.domain.who_else import Others, who_else
from bot.replies import QUIET, services_of
from bot.services import Services
from bot.ui.pages import PageButton
from bot.ui.words import plain

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
    """What a button turns a card to."""

    CARD = "card"
    MORE = "more"
    OTHER = "other"
    HURT = "hurt"
    WHO = "who"
    NOT_MEANT = "unmeant"
    AWAY = "away"
    OTHERS = "others"
    """Who else could help, after the lines."""


LABELS = {
    Page.CARD: "Back",
    Page.MORE: "More lines",
    Page.OTHER: "Other country",
    Page.HURT: "Already hurt or taken something",
    Page.WHO: "Who hears of it?",
    Page.NOT_MEANT: "Not what I meant",
    Page.AWAY: "Put this away",
    Page.OTHERS: "Who else could help",
}
OTHER_CARDS = {Card.OTHER: "Worried about someone", Card.HARM_FROM: "Somebody hurts me"}
"""The cards that the main card leads to."""

BACK_TO_THE_DAY = "Back to the day"
"""The ordinary reply to what somebody wrote waits behind it."""

BACK_TO_SELF = "Other help"
"""Leads from those to the main card: whoever came by a misread word, too."""

WHERE = r"(?P<where>[a-z_:]*)"
"""Read leniently: a card from an older or a newer version must turn to help, and not to a word about old buttons."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Where:
    """Where somebody is among the cards; a custom_id says all of it.

    `screened` is a card that a screen opened from what somebody wrote, and which they did not ask for.
    """

    code: str = NOWHERE
    kind: Card = Card.SELF
    screened: bool = False

    @property
    def suffix(self) -> str:
        """The end of a custom_id."""
        return f":{self.kind}:{'screened' if self.screened else 'asked'}"

    @classmethod
    def of(cls, match: re.Match[str], code: str = NOWHERE) -> Self:
        """What a custom_id ends in; the card for oneself where it says nothing that is known."""
        said = match["where"].split(":")
        kind = next((it for it in (*OTHER_CARDS, Card.HARM_TO) if it in said), Card.SELF)
        return cls(code=code, kind=kind, screened="screened" in said)


class CardButton(
    discord.ui.DynamicItem[Button],
    template=rf"crisis:(?P<page>card|more|other|hurt|who|unmeant|away|others):(?P<code>[A-Z]{{2}}){WHERE}",
):
    """Turns a card to another page, or to another card; the custom_id says all there is to know."""

    def __init__(self, page: Page, where: Where, label: str | None = None) -> None:
        self.page = page
        self.where = where
        button = Button(
            label=label or LABELS[page],
            style=discord.ButtonStyle.secondary,
            custom_id=f"crisis:{page}:{where.code}{where.suffix}",
        )
        super().__init__(button)

    @classmethod
    async def from_custom_id(
        cls, _interaction: discord.Interaction[Any], _item: discord.ui.Item[Any], match: re.Match[str], /
    ) -> Self:
        return cls(Page(match["page"]), Where.of(match, match["code"]))

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        await turn(interaction, self.page, country_of(interaction, self.where.code), self.where)
        with never_in_the_way():
            await self._followed(services_of(interaction), interaction.user.id)

    async def _followed(self, services: Services, discord_id: int) -> None:
        if self.page is Page.NOT_MEANT:
            await services.next_days.not_meant(discord_id, services.clock())
        elif self.page is Page.HURT and self.where.kind is not Card.OTHER:
            await services.next_days.card_opened(discord_id, Card.HURT, services.clock())


class CountrySelect(discord.ui.DynamicItem[Select], template=rf"crisis:country:(?P<part>\d){WHERE}"):
    """Countries of a few letters of the alphabet; choosing one turns to its card.

    It is remembered from a card for oneself only: somebody else may be anywhere.
    """

    def __init__(self, select: Select, where: Where) -> None:
        self.where = where
        super().__init__(select)

    @classmethod
    def of(cls, part: int, countries: Sequence[rules.Country], where: Where) -> Self:
        first, last = countries[0].name[0], countries[-1].name[0]
        select = Select(
            custom_id=f"crisis:country:{part}{where.suffix}",
            placeholder=f"Countries {first} to {last}" if first != last else f"Countries with {first}",
            options=[discord.SelectOption(label=it.name, value=it.code) for it in countries],
        )
        return cls(select, where)

    @classmethod
    async def from_custom_id(
        cls, _interaction: discord.Interaction[Any], item: discord.ui.Item[Any], match: re.Match[str], /
    ) -> Self:
        return cls(cast("Select", item), Where.of(match))

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        code = self.item.values[0]
        await turn(interaction, Page.CARD, country_of(interaction, code), self.where)
        if self.where.kind is not Card.OTHER:
            with never_in_the_way():
                await services_of(interaction).crisis.choose(interaction.user.id, code)


def drawn(
    page: Page,
    country: rules.Country | None,
    countries: Sequence[rules.Country],
    *,
    kind: Card = Card.SELF,
    screened: bool = False,
    here: Here = Here(),  # noqa: B008 - frozen
    whose: Whose = Whose.COHORT,
    others: Others = Others(),  # noqa: B008 - frozen
) -> tuple[str, discord.ui.View]:
    """The words and the buttons of one page; the numbers stay in sight while a country is chosen.

    `whose` says whose line `here.campus` is.
    """
    if kind is Card.HURT:
        page, kind = (Page.HURT if page is Page.CARD else page), Card.SELF
    here = replace(here, campus=plain(here.campus[: cards.LONGEST_CAMPUS]))
    where = Where(code=country.code if country else NOWHERE, kind=kind, screened=screened)
    items = _items(page, country, countries, where)
    if screened and page is not Page.AWAY:
        extra = [] if page is Page.NOT_MEANT else [CardButton(Page.NOT_MEANT, where)]
        buttons = sum(not isinstance(item, CountrySelect) for item in items)
        items[buttons:buttons] = [PageButton("today", BACK_TO_THE_DAY), *extra]
    view = discord.ui.View(timeout=None)
    view.stop()  # as in bot.ui.lasting: discord.py need not remember it
    for item in items:
        view.add_item(item)
    return _words(page, country, kind, here, whose, others), view


def _words(page: Page, country: rules.Country | None, kind: Card, here: Here, whose: Whose, others: Others) -> str:
    match page:
        case Page.HURT:
            return cards.hurt_card(country)
        case Page.MORE:
            return cards.more(country, here) or cards.card(country, kind, here, whose)
        case Page.WHO:
            return cards.who_hears(country)
        case Page.NOT_MEANT:
            return cards.NOT_MEANT
        case Page.AWAY:
            return cards.PUT_AWAY
        case Page.OTHERS:
            return who_else(country, _plain(others), here)
        case Page.CARD | Page.OTHER:
            return cards.card(country, kind, here, whose)


def _items(
    page: Page, country: rules.Country | None, countries: Sequence[rules.Country], where: Where
) -> list[discord.ui.Item[Any]]:
    back = CardButton(Page.CARD, where)
    match page:
        case Page.HURT | Page.NOT_MEANT:
            return [back]
        case Page.AWAY:
            return []
        case Page.MORE | Page.WHO:
            return [CardButton(Page.HURT, where), back]
        case Page.OTHERS:
            return [CardButton(Page.HURT, where), PageButton("human", "Ask a volunteer"), back]
        case Page.OTHER:
            elsewhere = CardButton(Page.CARD, replace(where, code=NOWHERE), label="Elsewhere")
            return [CardButton(Page.HURT, where), *([elsewhere, back] if country else []), *_selects(countries, where)]
        case Page.CARD:
            return _card_items(country, countries, where)


def _card_items(
    country: rules.Country | None, countries: Sequence[rules.Country], where: Where
) -> list[discord.ui.Item[Any]]:
    """What a card leads to: the nearest to danger first, the quieter ones after it."""
    items: list[discord.ui.Item[Any]] = [CardButton(Page.HURT, where)]
    if cards.more(country):
        items.append(CardButton(Page.MORE, where))
    if country:
        items.append(CardButton(Page.OTHER, where))
    if where.kind is Card.SELF:
        items += [CardButton(Page.CARD, replace(where, kind=it), label) for it, label in OTHER_CARDS.items()]
    else:
        items.append(CardButton(Page.CARD, replace(where, kind=Card.SELF), BACK_TO_SELF))
    items.append(CardButton(Page.WHO, where))
    if where.kind is not Card.OTHER:
        items.append(CardButton(Page.OTHERS, where))
    if where.kind is Card.HARM_FROM:
        items.append(CardButton(Page.AWAY, where))
    return items if country else items + _selects(countries, where)


def _plain(others: Others) -> Others:
    """Names and a line as somebody typed them, in the middle of ours."""
    line = plain(others.campus.line[: cards.LONGEST_CAMPUS])
    return replace(others, people=tuple(map(plain, others.people)), campus=replace(others.campus, line=line))


def _selects(countries: Sequence[rules.Country], where: Where) -> list[discord.ui.Item[Any]]:
    return [CountrySelect.of(part, group, where) for part, group in enumerate(grouped(countries))]


def grouped(countries: Sequence[rules.Country]) -> list[list[rules.Country]]:
    """Countries by name, whole letters together, no more in a group than one select takes."""
    groups: list[list[rules.Country]] = [[]]
    for _, some in groupby(sorted(countries, key=lambda it: it.name), key=lambda it: it.name[0]):
        letter = list(some)[:OPTIONS]
        if len(groups[-1]) + len(letter) > OPTIONS:
            groups.append([])
        groups[-1] += letter
    return [group for group in groups if group][:SELECTS]


async def turn(interaction: discord.Interaction[Any], page: Page, country: rules.Country | None, where: Where) -> None:
    """Turn the message that was pressed into another page."""
    others, campus = Others(), Campus()
    if page in (Page.CARD, Page.OTHER):
        campus = await campus_of(interaction)
    elif page is Page.OTHERS:
        with never_in_the_way():
            others = await services_of(interaction).people.others(interaction.user.id, interaction.guild_id)
    content, view = drawn(
        page,
        country,
        countries_of(interaction),
        kind=where.kind,
        screened=where.screened,
        here=replace(here_of(interaction), campus=campus.line),
        whose=campus.whose,
        others=others,
    )
    await interaction.response.edit_message(content=content, view=view, suppress_embeds=True, allowed_mentions=QUIET)


def here_of(interaction: discord.Interaction[Any]) -> Here:
    """The instant is Discord's own, and needs no service; each phone shows times in the zone where it is."""
    return Here(now=interaction.created_at)


async def campus_of(interaction: discord.Interaction[Any]) -> Campus:
    """The line of this person's cohort or server; none where the records don't say it soon."""
    with never_in_the_way():
        return await services_of(interaction).people.campus(interaction.user.id, interaction.guild_id)
    return Campus()


def country_of(interaction: discord.Interaction[Any], code: str) -> rules.Country | None:
    """The country that serves an ISO code; None for no such country, and for no data."""
    with never_in_the_way():
        return services_of(interaction).crisis.country(code)
    return None


def countries_of(interaction: discord.Interaction[Any]) -> Sequence[rules.Country]:
    """All countries that have a card of their own; none without data."""
    with never_in_the_way():
        return services_of(interaction).crisis.countries
    return ()


@contextmanager
def never_in_the_way() -> Generator[None]:
    """Whatever is broken inside, the card is shown."""
    try:
        yield
    except Exception as error:  # noqa: BLE001 - the card that works everywhere needs nothing of what failed
        log.warning("crisis card without services: %s", type(error).__name__)
