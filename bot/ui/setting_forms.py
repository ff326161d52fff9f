"""Which forms do the settings have?"""

import re
from dataclasses import dataclass
from typing import Any, Self

import discord

from bot.replies import actor_of, answering, services_of
from bot.services.settings import Choices
from bot.ui import forms
from bot.ui.joining import LONGEST_CITY
from bot.ui.lasting import Button
from bot.ui.words import minute_of_day


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One line of a form."""

    name: str
    label: str
    description: str
    example: str
    longest: int = 40


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """Something to choose: the label of its button, and the form behind it."""

    label: str
    title: str
    fields: tuple[Field, ...]


PLACE = Field(
    name="place",
    label="Your city, or a larger one nearby",
    description="For the time of day, and for help lines near you. Nobody else sees it.",
    example="Chicago",
    longest=LONGEST_CITY,
)
MORNING = Field(name="morning", label="In the morning", description="Your local time.", example="7:30")
EVENING = Field(name="evening", label="In the evening", description="At least two hours later.", example="21:00")
CUT = Field(
    name="cut",
    label="The hour at which your day ends",
    description="Whatever comes before it still belongs to the day before.",
    example="4:00",
)
SIZE = Field(
    name="size",
    label="Questions in a block",
    description="10 to 50, for showing only: what you logged stays as it is.",
    example="20",
)
COUNTRY = Field(
    name="country",
    label="The country you are in",
    description="Its lines come first under I need help.",
    example="Jamaica",
    longest=LONGEST_CITY,
)
SETTINGS = {
    "zone": Setting(label="Place", title="Which city's time?", fields=(PLACE,)),
    "times": Setting(label="Times", title="When shall I write?", fields=(MORNING, EVENING)),
    "day": Setting(label="Day's cut", title="When does your day end?", fields=(CUT,)),
    "blocks": Setting(label="Block size", title="How big is a block?", fields=(SIZE,)),
    "country": Setting(label="Country", title="Which country are you in?", fields=(COUNTRY,)),
}
"""By the name of the command under `/settings`."""

WHAT = rf"(?P<what>{'|'.join(SETTINGS)})"


class SettingButton(discord.ui.DynamicItem[Button], template=rf"settings:{WHAT}"):
    """Open the form for one setting, filled with what holds now."""

    def __init__(self, what: str, label: str = "") -> None:
        self.what = what
        super().__init__(discord.ui.Button(label=label or SETTINGS[what].label, custom_id=f"settings:{what}"))

    @classmethod
    async def from_custom_id(
        cls, _interaction: discord.Interaction[Any], _item: discord.ui.Item[Any], match: re.Match[str], /
    ) -> Self:
        return cls(match["what"])

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        async with answering(interaction):
            services = services_of(interaction)
            choices = await services.settings.look(actor_of(interaction), services.clock())
            country = services.crisis.country(choices.country)
            known = _known(choices) | {COUNTRY.name: country.name if country else ""}
            await interaction.response.send_modal(setting_form(self.what, known))


def setting_form(what: str, known: forms.Values) -> forms.Form:
    """The form for one setting, with what is known already."""
    setting = SETTINGS[what]
    form = forms.Form(title=setting.title, custom_id=f"set:{what}:{forms.mint()}")
    for field in setting.fields:
        typed = forms.line(field.name, field.longest, known.get(field.name, ""), example=field.example)
        form.ask(field.label, typed, field.description)
    return form


def _known(choices: Choices) -> forms.Values:
    """What holds now, in words that are understood again; a place is typed anew."""
    return {
        MORNING.name: minute_of_day(choices.clock.morning_minute),
        EVENING.name: minute_of_day(choices.clock.evening_minute),
        CUT.name: minute_of_day(choices.clock.cut_hour * 60),
        SIZE.name: str(choices.block_size),
    }


ITEMS: tuple[type[discord.ui.DynamicItem[Any]], ...] = (SettingButton,)
