"""What becomes of what somebody typed for a setting: is it understood, or asked again with guesses?"""

import re
from typing import Any, Self

import discord

from bot.data import places as atlas
from bot.domain import crisis, place_names, places
from bot.domain.errors import NotFound, UserError
from bot.domain.places import Place
from bot.replies import actor_of, answering, services_of, turn
from bot.services.settings import Choices
from bot.ui import forms, words
from bot.ui.joining import LONGEST_CITY, NO_COUNTRY
from bot.ui.lasting import Button, view_of
from bot.ui.pages import Page, PageButton
from bot.ui.setting_forms import COUNTRY, CUT, EVENING, MORNING, PLACE, SIZE, WHAT, SettingButton, setting_form
from bot.ui.settings import drawn
from bot.ui.words import minute_of_day, plain, short_day

SUGGESTIONS = 25
"""Of one autocomplete; Discord's limit."""
MOST_GUESSES = 5
SOME_PLACE = "A larger city in your time zone works, for example Chicago, Kingston or Manila."
SOME_COUNTRY = "`/settings country` lists the countries I have lines for, and `/crisis` works everywhere."

_COUNTRY = r"(?P<country>[A-Z]{2})"
_PLACE = rf"{_COUNTRY}:(?P<zone>[A-Za-z0-9_+/-]{{1,40}})"


class ZoneButton(discord.ui.DynamicItem[Button], template=rf"settings:place:{_PLACE}"):
    """A guess at what a place meant."""

    def __init__(self, place: Place) -> None:
        self.place = place
        super().__init__(discord.ui.Button(label=place.label, custom_id=f"settings:place:{_value(place)}"))

    @classmethod
    async def from_custom_id(
        cls, _interaction: discord.Interaction[Any], _item: discord.ui.Item[Any], match: re.Match[str], /
    ) -> Self:
        return cls(_picked(match))

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        async with answering(interaction):
            await turn(interaction, *await _move(interaction, self.place, f"zone:{interaction.id}"))


class CountryButton(discord.ui.DynamicItem[Button], template=rf"settings:country:{_COUNTRY}"):
    """A guess at what a country meant."""

    def __init__(self, code: str, label: str = "Country") -> None:
        self.code = code
        super().__init__(discord.ui.Button(label=label, custom_id=f"settings:country:{code}"))

    @classmethod
    async def from_custom_id(
        cls, _interaction: discord.Interaction[Any], _item: discord.ui.Item[Any], match: re.Match[str], /
    ) -> Self:
        return cls(match["country"])

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        async with answering(interaction):
            country = services_of(interaction).crisis.country(self.code)
            if country is None:
                raise NotFound
            await turn(interaction, *await _set_country(interaction, country, f"country:{interaction.id}"))


async def setting_again(
    _interaction: discord.Interaction[Any], match: re.Match[str], values: forms.Values
) -> forms.Form:
    """The form once more, with the words that were in it."""
    return setting_form(match["what"], values)


@forms.handles(rf"set:{WHAT}:{forms.MINT}", setting_again)
async def setting_sent(interaction: discord.Interaction[Any], match: re.Match[str], values: forms.Values) -> None:
    """Write the setting down and show all of them."""
    await turn(interaction, *await changed(interaction, match["what"], values, f"settings:{match['mint']}"))


async def changed(interaction: discord.Interaction[Any], what: str, typed: forms.Values, operation: str) -> Page:
    """Write one setting down as it was typed and show all of them, or ask again with guesses.

    Raises UserError for words that can't be used.
    """
    settings, actor, now = services_of(interaction).settings, actor_of(interaction), services_of(interaction).clock()
    match what:
        case "zone":
            return await _place(interaction, typed.get(PLACE.name, ""), operation)
        case "country":
            return await _country(interaction, typed.get(COUNTRY.name, ""), operation)
        case "times":
            morning, evening = typed.get(MORNING.name, ""), typed.get(EVENING.name, "")
            done = await settings.set_times(actor, morning, evening, now, operation=operation)
            times = f"{minute_of_day(done.clock.morning_minute)} and {minute_of_day(done.clock.evening_minute)}"
            said = f"I write at {times} from now on.{_after_nights(done)}"
        case "day":
            done = await settings.set_cut(actor, typed.get(CUT.name, ""), now, operation=operation)
            said = f"Your days end at {minute_of_day(done.clock.cut_hour * 60)} from now on.{_after_nights(done)}"
        case _:
            done = await settings.set_block_size(actor, typed.get(SIZE.name, ""), now, operation=operation)
            said = f"A block is {done.block_size} questions now."
    return drawn(interaction, done, said)


def _after_nights(choices: Choices) -> str:
    if choices.nights is None:
        return ""
    return f" That is for ordinary days: you're on nights until {short_day(choices.nights.to_day)}."


async def _place(interaction: discord.Interaction[Any], text: str, operation: str) -> Page:
    services = services_of(interaction)
    picked = re.fullmatch(_PLACE, text)
    if picked is not None:
        return await _move(interaction, _picked(picked), operation)
    understood = places.understand(text, atlas.atlas(), services.clock())
    if understood.place is not None:
        return await _move(interaction, understood.place, operation)
    await services.settings.look(actor_of(interaction), services.clock())  # only members are asked again
    if not understood.guesses:
        raise UserError(f"{_quoted(text)}{SOME_PLACE}")
    guesses = {(place.zone, place.country): place for place in reversed(understood.guesses)}
    buttons = [ZoneButton(place) for place in reversed(guesses.values())]
    asked = f"{_quoted(text)}Which of these is it? Or type it again, perhaps with the country."
    return asked, view_of(*buttons, SettingButton("zone", "Type it again"), PageButton("settings"))


async def _move(interaction: discord.Interaction[Any], place: Place, operation: str) -> Page:
    services, actor = services_of(interaction), actor_of(interaction)
    country, now = place.country or "", services.clock()
    done = await services.settings.move(actor, place.zone, country, now, operation=operation)
    return drawn(interaction, done, f"Your times follow {words.place(done.clock.zone)} from now on.")


async def _country(interaction: discord.Interaction[Any], text: str, operation: str) -> Page:
    services = services_of(interaction)
    country = crisis.named(text, services.crisis.countries)
    if country is not None:
        return await _set_country(interaction, country, operation)
    await services.settings.look(actor_of(interaction), services.clock())
    guesses = crisis.find(text, services.crisis.countries)[:MOST_GUESSES] if crisis.folded(text) else []
    if not guesses:
        raise UserError(f"{_quoted(text)}{SOME_COUNTRY}")
    buttons = [CountryButton(guess.code, guess.name) for guess in guesses]
    asked = f"{_quoted(text)}Which of these is it?"
    return asked, view_of(*buttons, SettingButton("country", "Type it again"), PageButton("settings"))


async def _set_country(interaction: discord.Interaction[Any], country: crisis.Country, operation: str) -> Page:
    services, actor = services_of(interaction), actor_of(interaction)
    done = await services.settings.set_country(actor, country.code, services.clock(), operation=operation)
    stands = services.crisis.country(done.country) or country
    return drawn(interaction, done, f"Your country is {stands.name} now.")


def place_suggestions(interaction: discord.Interaction[Any], typed: str) -> list[discord.app_commands.Choice[str]]:
    """Places that the letters typed so far may mean; the value is one that is understood for sure."""
    now = services_of(interaction).clock()
    found = place_names.suggested(typed, atlas.atlas(), now, SUGGESTIONS)
    return [discord.app_commands.Choice(name=place.label, value=_value(place)) for place in found]


def _value(place: Place) -> str:
    return f"{place.country or NO_COUNTRY}:{place.zone}"


def _picked(match: re.Match[str]) -> Place:
    country = None if match["country"] == NO_COUNTRY else match["country"]
    return Place(label=words.place(match["zone"]), zone=match["zone"], country=country)


def _quoted(text: str) -> str:
    seen = any(character.isprintable() and not character.isspace() for character in text)
    return f"I can't place “{plain(text[:LONGEST_CITY])}” for sure. " if seen else ""


ITEMS: tuple[type[discord.ui.DynamicItem[Any]], ...] = (ZoneButton, CountryButton)
