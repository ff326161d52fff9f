"""How does a member keep the names of people they could write to?"""

import re
from collections.abc import Sequence
from typing import Any, Self

import discord

from bot.domain.people import LONGEST_NAME
from bot.domain.who_else import TO_COPY
from bot.replies import actor_of, answering, services_of, turn
from bot.ui import forms
from bot.ui.lasting import Button, view_of
from bot.ui.pages import Page, PageButton, shows
from bot.ui.words import plain

FIELDS = {"first": "Somebody you know", "second": "Somebody else", "third": "And one more"}
WHO_SEES = (
    "Stored locked. Only you see them; whoever hosts me could open them. None of them hears anything from me, and "
    "moderators don't see that there are any."
)
WHAT_FOR = "For a hard day: up to three people you could write to. They stand first under *Who else could help*."


class PeopleButton(discord.ui.DynamicItem[Button], template=r"people:change"):
    """Open the form, filled with the names that stand."""

    def __init__(self, label: str = "Change") -> None:
        super().__init__(discord.ui.Button(label=label, custom_id="people:change"))

    @classmethod
    async def from_custom_id(
        cls, _interaction: discord.Interaction[Any], _item: discord.ui.Item[Any], _match: re.Match[str], /
    ) -> Self:
        return cls()

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        async with answering(interaction):
            names = await services_of(interaction).people.mine(actor_of(interaction))
            await interaction.response.send_modal(people_form(names))


def people_form(names: Sequence[str]) -> forms.Form:
    """Three lines, each optional."""
    form = forms.Form(title="My people", custom_id=f"people:{forms.mint()}")
    for number, (field, label) in enumerate(FIELDS.items()):
        known = names[number] if number < len(names) else ""
        form.ask(label, forms.line(field, LONGEST_NAME, known), "A name, as you call them. Only you see it.")
    return form


async def people_again(
    _interaction: discord.Interaction[Any], _match: re.Match[str], values: forms.Values
) -> forms.Form:
    """The form once more, with the words that were in it."""
    return people_form([values.get(field, "") for field in FIELDS])


@forms.handles(rf"people:{forms.MINT}", people_again)
async def people_sent(interaction: discord.Interaction[Any], match: re.Match[str], values: forms.Values) -> None:
    """Keep the names and show them."""
    services = services_of(interaction)
    names = await services.people.keep(
        actor_of(interaction),
        [values.get(field, "") for field in FIELDS],
        services.clock(),
        operation=f"people:{match['mint']}",
    )
    await turn(interaction, *drawn(names))


@shows("people")
async def people_page(interaction: discord.Interaction[Any]) -> Page:
    """The names of whoever asks."""
    return drawn(await services_of(interaction).people.mine(actor_of(interaction)))


def drawn(names: Sequence[str]) -> Page:
    """The names, what they are for, and who sees them."""
    kept = "\n".join(f"• {plain(name)}" for name in names) or "Nobody is named yet."
    copy = [f"A message you could copy:\n```\n{TO_COPY}\n```"] if names else []
    text = "\n".join(("**My people**", WHAT_FOR, "", kept, *copy, "", WHO_SEES))
    button = PeopleButton("Change" if names else "Name somebody")
    return text, view_of(button, PageButton("more"))


ITEMS: tuple[type[discord.ui.DynamicItem[Any]], ...] = (PeopleButton,)
