"""How does somebody join: where are you right now, and which city?"""

import contextlib
import re
from collections.abc import Sequence
from typing import Any, Self

import discord

from bot.data import places as atlas
from bot.domain import days, places
from bot.domain.errors import UserError
from bot.domain.phases import GENTLE, JOINING, Phase
from bot.domain.places import Place
from bot.domain.prompts import State
from bot.replies import QUIET, actor_of, answering, services_of, show, turn
from bot.services.joining import Joined
from bot.ui import forms, words
from bot.ui.crisis import HelpButton
from bot.ui.lasting import Button, view_of
from bot.ui.words import plain

LABELS = {
    Phase.JUST_FOUND_OUT: "Just found out",
    Phase.NOT_READY: "Not ready to plan",
    Phase.REBUILDING: "Ready to plan",
    Phase.EXAM_BOOKED: "Exam booked",
}
PANEL = (
    "**Where are you right now?**\n"
    "Only you see this, and nobody in the server will see your answer, moderators included. It decides what I ask "
    "of you, and `/join` changes it any time. The next question is your city, for the time of day; that is all."
)
NO_COUNTRY = "ZZ"
LONGEST_CITY = 100
"""Characters of a city's name."""

_COHORT = r"(?P<cohort>\d{1,18})"
_PHASE = rf"(?P<phase>{'|'.join(JOINING)})"

THE_WAY = (
    "To open them for this one server only: tap the server's name at the top, then *Privacy Settings*, and switch on "
    "*Direct Messages*."
)
HOW_TO_OPEN_DMS = (
    "You're in, but Discord won't let me write to you: your DMs are closed for this server. "
    f"{THE_WAY} Until then nothing comes by itself; `/checkin` works here all the same, and only you see it."
)


class JoinButton(discord.ui.DynamicItem[Button], template=rf"join:{_COHORT}"):
    """The button of an invitation; it works for as long as the message stands."""

    def __init__(self, cohort_id: int) -> None:
        self.cohort_id = cohort_id
        button: Button = discord.ui.Button(
            label="Join", style=discord.ButtonStyle.primary, custom_id=f"join:{cohort_id}"
        )
        super().__init__(button)

    @classmethod
    async def from_custom_id(
        cls, _interaction: discord.Interaction[Any], _item: discord.ui.Item[Any], match: re.Match[str], /
    ) -> Self:
        return cls(int(match["cohort"]))

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        async with answering(interaction):
            cohort = await services_of(interaction).joining.cohort_here(server_of(interaction), self.cohort_id)
            await open_panel(interaction, cohort.id)


class WhereButton(discord.ui.DynamicItem[Button], template=rf"where:{_COHORT}:{_PHASE}"):
    """One answer to "Where are you right now?"; it opens the question for the city."""

    def __init__(self, cohort_id: int, phase: Phase, label: str = "") -> None:
        self.cohort_id, self.phase = cohort_id, phase
        button: Button = discord.ui.Button(label=label or LABELS[phase], custom_id=f"where:{cohort_id}:{phase}")
        super().__init__(button)

    @classmethod
    async def from_custom_id(
        cls, _interaction: discord.Interaction[Any], _item: discord.ui.Item[Any], match: re.Match[str], /
    ) -> Self:
        return cls(int(match["cohort"]), Phase(match["phase"]))

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        async with answering(interaction):
            await interaction.response.send_modal(city_form(self.cohort_id, self.phase))


class PlaceButton(
    discord.ui.DynamicItem[Button],
    template=rf"place:{_COHORT}:{_PHASE}:(?P<country>[A-Z]{{2}}):(?P<zone>[A-Za-z0-9_+/-]{{1,40}})",
):
    """A guess at what a city meant."""

    def __init__(self, cohort_id: int, phase: Phase, place: Place) -> None:
        self.cohort_id, self.phase, self.place = cohort_id, phase, place
        custom_id = f"place:{cohort_id}:{phase}:{place.country or NO_COUNTRY}:{place.zone}"
        button: Button = discord.ui.Button(label=place.label, custom_id=custom_id)
        super().__init__(button)

    @classmethod
    async def from_custom_id(
        cls, _interaction: discord.Interaction[Any], _item: discord.ui.Item[Any], match: re.Match[str], /
    ) -> Self:
        country = None if match["country"] == NO_COUNTRY else match["country"]
        place = Place(label=words.place(match["zone"]), zone=match["zone"], country=country)
        return cls(int(match["cohort"]), Phase(match["phase"]), place)

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        async with answering(interaction):
            await _join(interaction, self.cohort_id, self.phase, self.place)


class OpenedButton(discord.ui.DynamicItem[Button], template=r"dms:opened"):
    """The member says that their DMs are open now."""

    def __init__(self) -> None:
        button: Button = discord.ui.Button(label="I've opened them", custom_id="dms:opened")
        super().__init__(button)

    @classmethod
    async def from_custom_id(
        cls, _interaction: discord.Interaction[Any], _item: discord.ui.Item[Any], _match: re.Match[str], /
    ) -> Self:
        return cls()

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        services = services_of(interaction)
        welcome: int | None = None
        async with answering(interaction):
            welcome = await services.joining.try_dms_again(actor_of(interaction), services.clock())
            text = "I'm writing to you now. If nothing comes, this message will say so."
            await interaction.response.edit_message(content=text, view=None, allowed_mentions=QUIET)
        if welcome is not None:
            await _say_if_closed(interaction, welcome)


def server_of(interaction: discord.Interaction[Any]) -> int:
    """The server somebody acts in; raises UserError in a DM."""
    if interaction.guild_id is None:
        raise UserError("Joining works in the study server only, because the cohorts are there.")
    return interaction.guild_id


async def open_panel(interaction: discord.Interaction[Any], cohort_id: int) -> None:
    """Ask where somebody is, privately."""
    view = view_of(*(WhereButton(cohort_id, phase) for phase in JOINING), HelpButton(0))
    await show(interaction, PANEL, view)


def city_form(cohort_id: int, phase: Phase) -> forms.Form:
    """One field: which city's time."""
    form = forms.Form(title="Which city's time?", custom_id=f"city:{cohort_id}:{phase}")
    field = discord.ui.TextInput[discord.ui.Modal](
        custom_id="city", required=False, max_length=LONGEST_CITY, placeholder="Chicago"
    )
    form.add_item(
        discord.ui.Label(
            text="Your city, or a larger one nearby",
            description="For the time of day, and for help lines near you. Nobody else sees it.",
            component=field,
        )
    )
    return form


@forms.handles(rf"city:{_COHORT}:{_PHASE}")
async def city_sent(interaction: discord.Interaction[Any], match: re.Match[str], values: forms.Values) -> None:
    """Join with the city's time, or ask again with guesses."""
    text = values.get("city", "")
    cohort_id, phase = int(match["cohort"]), Phase(match["phase"])
    understood = places.understand(text, atlas.atlas(), services_of(interaction).clock())
    if understood.place is None:
        await turn(interaction, *_asked_again(text, understood.guesses, cohort_id, phase))
    else:
        await _join(interaction, cohort_id, phase, understood.place)


def _asked_again(text: str, guesses: Sequence[Place], cohort_id: int, phase: Phase) -> tuple[str, discord.ui.View]:
    """One sentence that says what works, and a button for each guess that leads elsewhere than another."""
    if guesses:
        sentence = f"{_quoted(text)}Which of these is it? Or type it again, perhaps with the country."
    else:
        sentence = f"{_quoted(text)}A larger city in your time zone works, for example Chicago, Kingston or Manila."
    buttons = {(place.zone, place.country): PlaceButton(cohort_id, phase, place) for place in reversed(guesses)}
    return sentence, view_of(*reversed(buttons.values()), WhereButton(cohort_id, phase, label="Type it again"))


async def _join(interaction: discord.Interaction[Any], cohort_id: int, phase: Phase, place: Place) -> None:
    services = services_of(interaction)
    server = server_of(interaction)
    if not days.is_zone(place.zone):
        raise UserError("I don't know that place. `/join` in the study server starts anew.")
    joined = await services.joining.enrol(
        actor_of(interaction),
        server,
        cohort_id,
        phase,
        place.zone,
        place.country or "",
        services.clock(),
    )
    await turn(interaction, _joined(joined, place), view_of())
    if joined.welcome_id is not None:
        await _say_if_closed(interaction, joined.welcome_id)


def _joined(joined: Joined, place: Place) -> str:
    where = f"Your times follow {place.label}."
    if joined.was_member:
        return f"You're in, at “{LABELS[joined.phase].lower()}”. {where}"
    if joined.phase in GENTLE:
        return f"You're in, and nothing is asked of you. {where} I've written you a first message, in your DMs."
    return f"You're in. {where} I've written you a first message, in your DMs; everything else happens there."


async def _say_if_closed(interaction: discord.Interaction[Any], welcome_id: int) -> None:
    """Closed DMs show only when the first one is refused: then say so here, with the way to open them."""

    async def hear(state: State) -> None:
        if state is not State.UNREACHABLE:
            return
        with contextlib.suppress(discord.HTTPException):  # the panel may be gone; `/checkin` says it too
            await interaction.edit_original_response(
                content=HOW_TO_OPEN_DMS, view=view_of(OpenedButton(), HelpButton(0)), allowed_mentions=QUIET
            )

    await services_of(interaction).delivery.listen(welcome_id, hear)


def _quoted(text: str) -> str:
    seen = any(character.isprintable() and not character.isspace() for character in text)
    return f"I can't place “{plain(text[:LONGEST_CITY])}” for sure. " if seen else ""


ITEMS: tuple[type[discord.ui.DynamicItem[Any]], ...] = (JoinButton, WhereButton, PlaceButton, OpenedButton)
