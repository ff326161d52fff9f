"""How does a member choose the tone in which they are spoken to?"""

import re
from typing import Any, Self

import discord

from bot.domain.lines import Tone
from bot.replies import actor_of, answering, services_of, turn
from bot.ui.lasting import Button, view_of
from bot.ui.pages import Page, PageButton, shows
from bot.ui.settings import drawn

ASKED = (
    "**How shall I speak about your days?**\n"
    "After some of your answers, or a logged block, I say one line about what you did. *Plain* is matter-of-fact. "
    "*Warm* is a little closer and *Dry* has some humour; both have plain lines among them. With *None* I say nothing."
)
LABELS = {Tone.PLAIN: "Plain", Tone.WARM: "Warm", Tone.DRY: "Dry", Tone.NONE: "None"}
SAID = {
    Tone.PLAIN: "Plain it is, from now on.",
    Tone.WARM: "Warm it is, from now on.",
    Tone.DRY: "Dry it is, from now on.",
    Tone.NONE: "None it is. I say nothing about what you did, after answers or in the morning.",
}


class ToneButton(discord.ui.DynamicItem[Button], template=rf"settings:tone:(?P<tone>{'|'.join(Tone)})"):
    """One way to be spoken to."""

    def __init__(self, tone: Tone) -> None:
        self.tone = tone
        super().__init__(discord.ui.Button(label=LABELS[tone], custom_id=f"settings:tone:{tone}"))

    @classmethod
    async def from_custom_id(
        cls, _interaction: discord.Interaction[Any], _item: discord.ui.Item[Any], match: re.Match[str], /
    ) -> Self:
        return cls(Tone(match["tone"]))

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        async with answering(interaction):
            await turn(interaction, *await set_tone(interaction, self.tone))


@shows("settings_tone")
async def tone_page(interaction: discord.Interaction[Any]) -> Page:
    """The four of them, and the one that holds."""
    services = services_of(interaction)
    now = (await services.settings.look(actor_of(interaction), services.clock())).tone
    return f"{ASKED}\nRight now: {LABELS[now].lower()}.", view_of(
        *(ToneButton(tone) for tone in Tone), PageButton("settings")
    )


async def set_tone(interaction: discord.Interaction[Any], tone: Tone) -> Page:
    """Choose one, and show all settings."""
    services = services_of(interaction)
    choices = await services.settings.set_tone(actor_of(interaction), tone, services.clock())
    return drawn(interaction, choices, SAID[tone])


ITEMS: tuple[type[discord.ui.DynamicItem[Any]], ...] = (ToneButton,)
