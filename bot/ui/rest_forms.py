"""Which forms ask for rest days, a pause and nights?"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

import discord

from bot.domain import dates, weekdays
from bot.domain.ledgers import FOREVER
from bot.domain.rests import wake_and_sleep
from bot.replies import actor_of, answering, services_of
from bot.services.rests import Rests
from bot.ui import forms
from bot.ui.lasting import Button
from bot.ui.words import minute_of_day

LONGEST = 100
"""Characters of days or a time in words."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One line of a form."""

    label: str
    description: str
    example: str
    required: bool = False


FIELDS: Mapping[str, Mapping[str, Field]] = {
    "days": {
        "weekdays": Field(
            label="Rest every week",
            description="From today on. “none” ends it; left empty, it stays as it is.",
            example="Sunday",
        ),
        "dates": Field(
            label="Rest on these days",
            description="One day or several, up to a year ahead.",
            example="24 Dec to 2 Jan",
        ),
    },
    "pause": {
        "until": Field(label="The last day", description="Empty: until you say so.", example="Friday"),
        "since": Field(label="The first day", description="Up to a week back. Empty: today.", example="yesterday"),
    },
    "nights": {
        "until": Field(label="The last day on nights", description="Included.", example="Friday", required=True),
        "wake": Field(
            label="You wake up at", description="A message comes half an hour later.", example="16:00", required=True
        ),
        "sleep": Field(
            label="You go to sleep at", description="A message comes an hour before.", example="8:30", required=True
        ),
    },
}
"""By the name of the command under `/rest`."""
TITLES = {"days": "Rest days", "pause": "Pause", "nights": "Nights"}

WHAT = rf"(?P<what>{'|'.join(FIELDS)})"
SENT = rf"rested:{WHAT}:{forms.MINT}"


class RestFormButton(discord.ui.DynamicItem[Button], template=rf"rest:form:{WHAT}"):
    """Open the form for rest days, a pause or nights, filled with what holds now."""

    def __init__(self, what: str, label: str = "") -> None:
        self.what = what
        super().__init__(discord.ui.Button(label=label or TITLES[what], custom_id=f"rest:form:{what}"))

    @classmethod
    async def from_custom_id(
        cls, _interaction: discord.Interaction[Any], _item: discord.ui.Item[Any], match: re.Match[str], /
    ) -> Self:
        return cls(match["what"])

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        async with answering(interaction):
            services = services_of(interaction)
            rests = await services.rests.look(actor_of(interaction), services.clock())
            await interaction.response.send_modal(drawn(self.what, _standing(self.what, rests)))


def drawn(what: str, values: forms.Values) -> forms.Form:
    """One of the forms, with words in its fields."""
    form = forms.Form(title=TITLES[what], custom_id=f"rested:{what}:{forms.mint()}")
    for name, field in FIELDS[what].items():
        known = values.get(name, "")
        typed = forms.line(name, LONGEST, known, example=field.example, required=field.required)
        form.ask(field.label, typed, field.description)
    return form


def _standing(what: str, rests: Rests) -> forms.Values:
    """What a form would say if what holds now had been typed into it."""
    if what == "days":
        return {"weekdays": weekdays.names(rests.weekdays) if rests.weekdays else ""}
    pause, nights = rests.today.pause, rests.nights
    if what == "pause":
        return {"until": dates.written(pause.to_day) if pause is not None and pause.to_day != FOREVER else ""}
    if nights is None:
        return {}
    wake, sleep = wake_and_sleep(nights)
    return {"until": dates.written(nights.to_day), "wake": minute_of_day(wake), "sleep": minute_of_day(sleep)}


ITEMS: tuple[type[discord.ui.DynamicItem[Any]], ...] = (RestFormButton,)
