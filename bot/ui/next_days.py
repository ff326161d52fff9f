"""How is somebody asked, after a help card, what the next days should be like?"""

import re
from typing import Any, Self

import discord

from bot.domain.next_days import Next
from bot.replies import actor_of, answering, services_of, turn
from bot.ui.lasting import Button, view_of

QUESTION = (
    "**For the next days:** I stay quiet until tomorrow, or as you chose before, unless you choose something else. "
    "Whatever it is, my next message asks how you are, not for a goal."
)
LABELS = {
    Next.TOMORROW: "Ask me tomorrow",
    Next.QUIET: "Be quiet for 48 hours",
    Next.CARRY_ON: "Carry on",
}
SAID = {
    Next.TOMORROW: "Quiet until tomorrow, then. Nothing counts as missed.",
    Next.QUIET: "Quiet for 48 hours, then. Nothing counts as missed.",
    Next.CARRY_ON: "As usual, then. My next message asks how you are first.",
}


class NextButton(discord.ui.DynamicItem[Button], template=r"next:(?P<choice>tomorrow|quiet|carry_on)"):
    """One choice; the other two stay within reach."""

    def __init__(self, choice: Next) -> None:
        self.choice = choice
        super().__init__(discord.ui.Button(label=LABELS[choice], custom_id=f"next:{choice}"))

    @classmethod
    async def from_custom_id(
        cls, _interaction: discord.Interaction[Any], _item: discord.ui.Item[Any], match: re.Match[str], /
    ) -> Self:
        return cls(Next(match["choice"]))

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        async with answering(interaction):
            services = services_of(interaction)
            await services.next_days.choose(actor_of(interaction), self.choice, services.clock())
            others = (NextButton(choice) for choice in Next if choice is not self.choice)
            await turn(interaction, SAID[self.choice], view_of(*others))


def question() -> tuple[str, discord.ui.View]:
    """What is asked below a card."""
    return QUESTION, view_of(*(NextButton(choice) for choice in Next))


ITEMS: tuple[type[discord.ui.DynamicItem[Any]], ...] = (NextButton,)
