"""What do the words that came with an interaction call for, and is that what the person gets?

Every form, command and button is answered through `bot.replies`, and every answer there passes here first.
"""

import logging
from collections import OrderedDict
from collections.abc import Iterator
from typing import Any, Protocol, cast

import discord

from bot.domain.patterns import Tier
from bot.domain.screens import Outcome
from bot.services import Services

log = logging.getLogger(__name__)

SCREENED, TO_SAY, OPENED, FOLLOWED = "screened", "to_say", "card_opened", "card_followed"
"""What an interaction carries in its `extras`: what its words call for, and how far that is answered."""

BRING_WORDS = (discord.InteractionType.application_command, discord.InteractionType.modal_submit)
"""What is typed into an autocomplete is not sent yet, and is not read; nor is a button's own id."""


class Cards(Protocol):
    """Who knows how a help card looks; it stands above this module, and tells so with `opens_cards`."""

    async def open(self, interaction: discord.Interaction[Any], outcome: Outcome) -> None:
        """Answer with the card."""
        ...

    async def follow(self, interaction: discord.Interaction[Any], outcome: Outcome) -> None:
        """What comes after the card; never raises."""
        ...

    def within_reach(self, text: str, view: discord.ui.View) -> str:
        """The text with one gentle line, and a way to the card among the buttons."""
        ...


_cards: list[Cards] = []


def opens_cards(cards: Cards) -> None:
    """Say who draws the cards; the last one said does."""
    _cards[:] = [cards]


async def screened(interaction: discord.Interaction[Any]) -> Outcome:
    """What the words that came with an interaction call for: all fields of a form, all options of a command.

    They are read once; nothing of them is kept. Never raises, and may take as long as `Soon` does: whoever answers
    asks early.
    """
    if SCREENED not in interaction.extras:
        outcome = await _screened(interaction)
        interaction.extras[SCREENED] = outcome
        if outcome.tier is Tier.B:
            interaction.extras[TO_SAY] = await _may_say(interaction)
    return cast("Outcome", interaction.extras[SCREENED])


async def card_instead(interaction: discord.Interaction[Any]) -> bool:
    """Answer with the card, once, where the words call for it; the ordinary reply waits behind one of its buttons."""
    outcome = await screened(interaction)
    if outcome.tier is not Tier.A or not _cards:
        return False
    if OPENED not in interaction.extras:
        interaction.extras[OPENED] = False
        try:
            await _cards[0].open(interaction, outcome)
            interaction.extras[OPENED] = True
        except Exception as error:  # noqa: BLE001 - then the ordinary reply is better than none
            log.error("interaction %s got no card: %s", interaction.id, type(error).__name__)
    return bool(interaction.extras[OPENED])


async def follow(interaction: discord.Interaction[Any]) -> None:
    """After everything is answered: what comes after a card that was opened, once."""
    if interaction.extras.get(OPENED) and FOLLOWED not in interaction.extras:
        interaction.extras[FOLLOWED] = True
        await _cards[0].follow(interaction, await screened(interaction))


async def beside(interaction: discord.Interaction[Any], text: str, view: discord.ui.View) -> str:
    """The text of a reply, with one gentle line where the words call for it and it was not said today."""
    await screened(interaction)
    return _cards[0].within_reach(text, view) if interaction.extras.pop(TO_SAY, False) and _cards else text


async def _screened(interaction: discord.Interaction[Any]) -> Outcome:
    if interaction.type not in BRING_WORDS:
        return Outcome()
    words = "\n".join(written(dict(interaction.data or {})))
    if not words.strip():
        return Outcome()
    try:
        return await _services(interaction).screening.screen(words)
    except Exception as error:  # noqa: BLE001 - no screen is no reason to leave somebody without an answer
        log.error("interaction %s could not be screened: %s", interaction.id, type(error).__name__)
        return Outcome(tier=Tier.B)


async def _may_say(interaction: discord.Interaction[Any]) -> bool:
    try:
        services = _services(interaction)
        return await services.screening.may_say(interaction.user.id, services.clock())
    except Exception as error:  # noqa: BLE001 - as above
        log.error("interaction %s: no look at what was said: %s", interaction.id, type(error).__name__)
        return True


MOST_MESSAGES = 1000
"""Direct messages of which is known what they said last; an edit of an older one is heard in any case."""


class LastWords:
    """Do these words of a direct message differ from what it said when it was last heard?

    Discord tells of an edit also where only a link's preview was added. Of the words a number is kept, in memory, from
    which nobody can read them.
    """

    def __init__(self) -> None:
        self._last: OrderedDict[int, int] = OrderedDict()

    def are_new(self, message_id: int, text: str) -> bool:
        """Whether they differ, which is then remembered."""
        said = hash(text)
        if self._last.get(message_id) == said:
            return False
        self._last[message_id] = said
        self._last.move_to_end(message_id)
        while len(self._last) > MOST_MESSAGES:
            self._last.popitem(last=False)
        return True


def written(part: dict[str, Any]) -> Iterator[str]:
    """Everything in a payload that somebody typed."""
    if isinstance(part.get("value"), str):
        yield part["value"]
    for inner in (*part.get("options", ()), *part.get("components", ()), part.get("component")):
        if isinstance(inner, dict):
            yield from written(cast("dict[str, Any]", inner))


def _services(interaction: discord.Interaction[Any]) -> Services:
    return cast("Services", interaction.client.services)
