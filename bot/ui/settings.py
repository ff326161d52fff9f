"""What do the settings show, and how does a member say where they are, or leave a cohort?"""

import re
from collections.abc import Sequence
from typing import Any, Self

import discord

from bot.domain.phases import GENTLE, JOINING, Phase
from bot.replies import actor_of, answering, services_of, turn
from bot.services.settings import Choices, Membership
from bot.storage.enrolments import Enrolled
from bot.ui import words
from bot.ui.joining import LABELS
from bot.ui.lasting import Button, view_of
from bot.ui.pages import Page, PageButton, shows
from bot.ui.setting_forms import SETTINGS, SettingButton
from bot.ui.words import minute_of_day, moment, plain, short_day

WHERE = (
    "**Where are you right now?**\n"
    "It decides what I ask of you, from today on. Nobody in the server sees your answer, moderators included."
)
MOST_BUTTONS = 20
"""Cohorts that get a button of their own; `/settings leave` knows them all."""
MOST_NAMES = 5
"""Cohorts that are named on one screen."""
LONGEST_LABEL = 80
"""Characters on a button; Discord's limit."""

_COHORT = r"(?P<cohort>\d{1,18})"


class PhaseButton(discord.ui.DynamicItem[Button], template=rf"settings:phase:(?P<phase>{'|'.join(JOINING)})"):
    """One answer to "Where are you right now?"."""

    def __init__(self, phase: Phase) -> None:
        self.phase = phase
        super().__init__(discord.ui.Button(label=LABELS[phase], custom_id=f"settings:phase:{phase}"))

    @classmethod
    async def from_custom_id(
        cls, _interaction: discord.Interaction[Any], _item: discord.ui.Item[Any], match: re.Match[str], /
    ) -> Self:
        return cls(Phase(match["phase"]))

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        async with answering(interaction):
            services = services_of(interaction)
            done = await services.settings.set_phase(actor_of(interaction), self.phase, services.clock())
            await turn(interaction, *drawn(interaction, done, _where(done)))


class LeaveButton(discord.ui.DynamicItem[Button], template=rf"settings:leave:{_COHORT}"):
    """Leave one cohort, at once."""

    def __init__(self, cohort_id: int, label: str = "Leave") -> None:
        self.cohort_id = cohort_id
        super().__init__(discord.ui.Button(label=label[:LONGEST_LABEL], custom_id=f"settings:leave:{cohort_id}"))

    @classmethod
    async def from_custom_id(
        cls, _interaction: discord.Interaction[Any], _item: discord.ui.Item[Any], match: re.Match[str], /
    ) -> Self:
        return cls(int(match["cohort"]))

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        async with answering(interaction):
            await turn(interaction, *await left(interaction, self.cohort_id))


class ComeBackButton(discord.ui.DynamicItem[Button], template=rf"settings:back:{_COHORT}:(?P<pause>\d{{1,18}})"):
    """Be in a cohort again that was left; it carries the pause that leaving began."""

    def __init__(self, cohort_id: int, pause_id: int) -> None:
        self.cohort_id, self.pause_id = cohort_id, pause_id
        super().__init__(discord.ui.Button(label="Come back", custom_id=f"settings:back:{cohort_id}:{pause_id}"))

    @classmethod
    async def from_custom_id(
        cls, _interaction: discord.Interaction[Any], _item: discord.ui.Item[Any], match: re.Match[str], /
    ) -> Self:
        return cls(int(match["cohort"]), int(match["pause"]))

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        async with answering(interaction):
            services, actor = services_of(interaction), actor_of(interaction)
            done = await services.settings.come_back(actor, self.cohort_id, self.pause_id, services.clock())
            said = f"You're back in “{plain(done.cohort.name)}”."
            await turn(interaction, *drawn(interaction, done.choices, said))


@shows("settings")
async def settings_page(interaction: discord.Interaction[Any]) -> Page:
    """Everything on one screen."""
    return drawn(interaction, await _looked(interaction))


@shows("settings_where")
async def where_page(_interaction: discord.Interaction[Any]) -> Page:
    """The answers to where somebody is."""
    return WHERE, view_of(*(PhaseButton(phase) for phase in JOINING), PageButton("settings"))


@shows("settings_leave")
async def leave_page(interaction: discord.Interaction[Any]) -> Page:
    """A button for each cohort."""
    choices = await _looked(interaction)
    named = labelled(interaction, choices.cohorts)[:MOST_BUTTONS]
    buttons = [LeaveButton(cohort.cohort_id, f"Leave {name}") for cohort, name in named]
    return "**Which one?**" if buttons else "You are in no cohort.", view_of(*buttons, PageButton("settings"))


async def _looked(interaction: discord.Interaction[Any]) -> Choices:
    services = services_of(interaction)
    return await services.settings.look(actor_of(interaction), services.clock())


def drawn(interaction: discord.Interaction[Any], choices: Choices, said: str = "") -> Page:
    """The panel, with the name of the country whose card opens first."""
    country = services_of(interaction).crisis.country(choices.country)
    return panel(choices, country.name if country else "", said)


def panel(choices: Choices, country: str, said: str = "") -> Page:
    """Everything on one screen; `said` is one line about what was just done."""
    clock = choices.clock
    lines = [
        "**Settings**",
        f"Place: {words.place(clock.zone)}",
        f"Messages: {minute_of_day(clock.morning_minute)} and {minute_of_day(clock.evening_minute)}",
        f"Day's cut: {minute_of_day(clock.cut_hour * 60)}; until then it is still the day before",
        f"Block size: {choices.block_size} questions",
        f"Tone of what I say about your days: {choices.tone}",
        f"Cohorts: {_names(choices.cohorts)}",
        f"Country, for help lines: {country or 'none known, so those that work everywhere'}",
        *_now(choices),
    ]
    text = "\n".join(lines)
    return f"{said}\n\n{text}" if said else text, _buttons(choices)


def _names(cohorts: Sequence[Enrolled]) -> str:
    shown = [f"“{plain(cohort.name)}”" for cohort in cohorts[:MOST_NAMES]]
    more = len(cohorts) - len(shown)
    return ", ".join(shown) + (f" and {more} more" if more else "") if shown else "none"


def _now(choices: Choices) -> list[str]:
    """Where the member is, the nights they are on, and what comes next."""
    lines: list[str] = []
    if choices.phase in LABELS:
        lines.append(f"Where you are: {LABELS[choices.phase].lower()}")
    if choices.nights is not None:
        lines.append(f"On nights until {short_day(choices.nights.to_day)}, at the times of your nights")
    if choices.next_due is not None:
        soon = choices.next_due <= choices.now
        when = "in a moment" if soon else moment(choices.next_due, choices.now, choices.clock.zone)
        lines.append(f"Next message: {when}")
    elif choices.is_paused:
        lines.append("Messages are stopped")
    return lines


def _buttons(choices: Choices) -> discord.ui.View:
    pages = PageButton("settings_tone", "Tone"), PageButton("settings_where", "Where I am")
    view = view_of(*(SettingButton(what) for what in SETTINGS), *pages)
    if len(choices.cohorts) == 1:
        view.add_item(LeaveButton(choices.cohorts[0].cohort_id, f"Leave {_label(choices.cohorts[0].name)}"))
    elif choices.cohorts:
        view.add_item(PageButton("settings_leave", "Leave a cohort"))
    view.add_item(PageButton("more"))
    return view


def labelled(interaction: discord.Interaction[Any], cohorts: Sequence[Enrolled]) -> list[tuple[Enrolled, str]]:
    """Cohorts with their names, and with their server's where two are called the same."""
    names = [_label(cohort.name) for cohort in cohorts]
    return [
        (cohort, name if names.count(name) == 1 else f"{name} ({_server(interaction, cohort)})")
        for cohort, name in zip(cohorts, names, strict=True)
    ]


def _server(interaction: discord.Interaction[Any], cohort: Enrolled) -> str:
    guild = interaction.client.get_guild(cohort.guild_id)
    return _label(guild.name) if guild else str(cohort.cohort_id)


def _label(name: str) -> str:
    """A name on a button, where nothing is markdown."""
    return " ".join(name.split())


def _where(choices: Choices) -> str:
    if choices.phase in GENTLE:
        return "Noted. From today on nothing is asked of you."
    if choices.is_paused:
        return "Noted, from today on. Messages stay stopped until you say so."
    return "Noted. From now on there is a short message in the morning and one in the evening."


async def leaving(interaction: discord.Interaction[Any], name: str) -> Page:
    """Leave the cohort of that name; without one, the only one there is, or choose among several."""
    if not name.strip() and len((await _looked(interaction)).cohorts) > 1:
        return await leave_page(interaction)
    return await left(interaction, name)


async def left(interaction: discord.Interaction[Any], cohort: int | str) -> Page:
    """Leave a cohort, by its id or name; the way back stands beside it."""
    services = services_of(interaction)
    done = await services.settings.leave(actor_of(interaction), cohort, services.clock())
    text, view = drawn(interaction, done.choices, _parting(done))
    view.add_item(ComeBackButton(done.cohort.cohort_id, done.pause_id))
    return text, view


def _parting(done: Membership) -> str:
    name = plain(done.cohort.name)
    if done.choices.cohorts:
        return f"You've left “{name}”. Nothing of yours is erased."
    stopped = "It was the only one, so messages have stopped."
    return f"You've left “{name}”. {stopped} Nothing of yours is erased, and `/today` still works."


async def cohort_suggestions(
    interaction: discord.Interaction[Any], typed: str
) -> list[discord.app_commands.Choice[str]]:
    """The cohorts somebody is in; the value is the id, as two may be called the same."""
    named = labelled(interaction, (await _looked(interaction)).cohorts)
    found = [(str(cohort.cohort_id), name) for cohort, name in named if typed.casefold() in name.casefold()]
    return [discord.app_commands.Choice(name=name[:100], value=value) for value, name in found[:25]]


ITEMS: tuple[type[discord.ui.DynamicItem[Any]], ...] = (PhaseButton, LeaveButton, ComeBackButton)
