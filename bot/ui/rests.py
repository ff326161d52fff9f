"""How is rest taken, planned and taken back, and what is said about it?"""

import re
from collections.abc import Iterator
from datetime import date
from typing import Any, Self

import discord

from bot.domain import weekdays
from bot.domain.days import Nights
from bot.domain.ledgers import FOREVER, DayKind
from bot.domain.phases import GENTLE
from bot.replies import actor_of, answering, services_of, turn
from bot.services.rests import NightsOver, OnNights, Paused, Rested, Rests, TakenBack
from bot.storage.spans import RestSpan
from bot.ui import forms
from bot.ui.lasting import DAY, Button, day_of, view_of
from bot.ui.pages import Page, PageButton, shows
from bot.ui.rest_forms import SENT, RestFormButton, drawn
from bot.ui.today import ResumeButton, panel
from bot.ui.words import day_name, minute_of_day, short_day

MOST_SPANS = 5
"""Spans of rest that are shown at once, each with its button."""

_SPAN = r"(?P<span>\d{1,18})"


class RestDayButton(discord.ui.DynamicItem[Button], template=rf"rest:day:{DAY}"):
    """Call one open day rest."""

    def __init__(self, day: date | str, label: str = "Rest today") -> None:
        self.day = str(day)
        super().__init__(discord.ui.Button(label=label, custom_id=f"rest:day:{day}"))

    @classmethod
    async def from_custom_id(
        cls, _interaction: discord.Interaction[Any], _item: discord.ui.Item[Any], match: re.Match[str], /
    ) -> Self:
        return cls(match["day"])

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        async with answering(interaction):
            services = services_of(interaction)
            done = await services.rests.take(actor_of(interaction), day_of(self.day), services.clock())
            await turn(interaction, *rested(done))


class TakeBackButton(discord.ui.DynamicItem[Button], template=rf"rest:(?P<to>undo|drop):{_SPAN}"):
    """Let a span of rest not be one: `undo` shows the day then, `drop` the page of all rest."""

    def __init__(self, to: str, span_id: int, label: str = "Not rest after all") -> None:
        self.to, self.span_id = to, span_id
        super().__init__(discord.ui.Button(label=label, custom_id=f"rest:{to}:{span_id}"))

    @classmethod
    async def from_custom_id(
        cls, _interaction: discord.Interaction[Any], _item: discord.ui.Item[Any], match: re.Match[str], /
    ) -> Self:
        return cls(match["to"], int(match["span"]))

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        async with answering(interaction):
            services = services_of(interaction)
            done = await services.rests.take_back(actor_of(interaction), self.span_id, services.clock())
            await turn(interaction, *taken_back(done, to_page=self.to == "drop"))


class NightsOverButton(discord.ui.DynamicItem[Button], template=r"rest:nights_over"):
    """End the nights that run."""

    def __init__(self) -> None:
        super().__init__(discord.ui.Button(label="Nights are over", custom_id="rest:nights_over"))

    @classmethod
    async def from_custom_id(
        cls, _interaction: discord.Interaction[Any], _item: discord.ui.Item[Any], _match: re.Match[str], /
    ) -> Self:
        return cls()

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        async with answering(interaction):
            services = services_of(interaction)
            await turn(
                interaction, *nights_over(await services.rests.end_nights(actor_of(interaction), services.clock()))
            )


async def open_again(_interaction: discord.Interaction[Any], match: re.Match[str], values: forms.Values) -> forms.Form:
    """A form once more, with the words that were in it."""
    return drawn(match["what"], values)


@forms.handles(SENT, open_again)
async def form_sent(interaction: discord.Interaction[Any], match: re.Match[str], values: forms.Values) -> None:
    """Do what a form says, and show what holds now."""
    services, actor = services_of(interaction), actor_of(interaction)
    now, operation = services.clock(), f"{match['what']}:{match['mint']}"
    first, second, third = (values.get(name, "") for name in ("until", "wake", "sleep"))
    match match["what"]:
        case "days":
            typed = values.get("weekdays", ""), values.get("dates", "")
            page = planned(await services.rests.plan(actor, *typed, now, operation=operation))
        case "pause":
            page = paused(await services.rests.pause(actor, first, values.get("since", ""), now, operation=operation))
        case _:
            page = on_nights(await services.rests.nights(actor, first, second, third, now, operation=operation))
    await turn(interaction, *page)


def rested(done: Rested) -> Page:
    """The day after something was called rest, with a way to take it back."""
    today = done.day == done.today.day
    name = "Today" if today else day_name(done.day)
    if done.before is DayKind.PLANNED:
        said = "Rest it is." if today else f"{name} is a rest day now."
        said += " It stays a kept day." if done.kept else ""
    elif done.before is DayKind.REST:
        said = f"{name} is rest already."
    else:
        said = f"Nothing is asked of you {'today' if today else f'for {name}'} anyway."
    text, view = panel(done.today, said)
    if done.span_id is not None:
        view.add_item(TakeBackButton("undo", done.span_id))
    return text, view


def taken_back(done: TakenBack, *, to_page: bool) -> Page:
    """What holds after rest was taken back; a second time there is nothing to say."""
    said = f"Taken back: {_days(done.span.from_day, done.span.to_day)}." if done.span is not None else ""
    return rest(done.rests, said) if to_page else panel(done.rests.today, said)


def planned(rests: Rests) -> Page:
    """All rest after some was planned."""
    return rest(rests, "It stands like this now.")


def paused(done: Paused) -> Page:
    """A pause as it begins: when it ends, or how it is ended."""
    today = done.today.day
    if done.to_day < today:
        return panel(done.today, f"Written down as a pause: {_days(done.from_day, done.to_day)}.")
    since = f" It counts from {short_day(done.from_day)}." if done.from_day < today else ""
    if done.to_day == FOREVER:
        back = "Nothing comes until you say so: *Start again* below, or `/rest resume`."
    else:
        back = "It ends by itself, or sooner with *Start again* below."
    return panel(done.today, f"Rest well.{since} {back}")


def on_nights(done: OnNights) -> Page:
    """Nights as they begin, with a way out."""
    nights = done.nights
    since = "On nights" if nights.from_day <= done.today.day else f"On nights from {short_day(nights.from_day)}"
    until = f"{since} until {short_day(nights.to_day)}, included"
    said = f"{until}: {_times(nights, gentle=done.today.phase in GENTLE)}. Your day ends at {nights.cut_hour:02d}:00."
    text, view = panel(done.today, said)
    view.add_item(NightsOverButton())
    return text, view


def nights_over(done: NightsOver) -> Page:
    """The day as it is without nights."""
    if done.last is None:
        said = "No nights are set."
    elif done.last < done.today.day:
        said = "Nights are over. Your usual times hold from now."
    else:
        said = "This is the last night. After it your usual times hold."
    return panel(done.today, said)


@shows("rest")
async def rest_page(interaction: discord.Interaction[Any]) -> Page:
    """All rest of whoever asks."""
    services = services_of(interaction)
    return rest(await services.rests.look(actor_of(interaction), services.clock()))


def rest(rests: Rests, said: str = "") -> Page:
    """Weekdays, dates, pause and nights, each with a way to change it."""
    text = "\n".join(("**Rest and pause**", *_lines(rests)))
    return f"{said}\n\n{text}" if said else text, view_of(*_buttons(rests))


def _lines(rests: Rests) -> Iterator[str]:
    today = rests.today
    if today.phase in GENTLE:
        yield "Nothing is asked of you right now, so no day has to be set aside."
    else:
        yield f"Every week: {weekdays.names(rests.weekdays) if rests.weekdays else 'no day is set aside'}."
        yield from (f"{number}. {_days(span.from_day, span.to_day)}" for number, span in _numbered(rests))
        later = len(rests.coming) - MOST_SPANS
        if later > 0:
            yield f"And {later} more after these."
    if today.pause is not None:
        open_end = today.pause.to_day == FOREVER
        yield f"Paused until {'you say so' if open_end else f'{short_day(today.pause.to_day)}, included'}."
    elif today.day_kind is DayKind.PAUSE:
        yield "Your cohort pauses."
    if rests.nights is not None:
        times = _times(rests.nights, gentle=today.phase in GENTLE)
        yield f"On nights until {short_day(rests.nights.to_day)}, included: {times}."


def _buttons(rests: Rests) -> Iterator[discord.ui.Item[Any]]:
    for day in rests.free:
        yield RestDayButton(day, "Rest today" if day == rests.today.day else f"{day:%A} was rest")
    if rests.today.phase not in GENTLE:
        yield RestFormButton("days")
    if rests.today.pause is not None:
        yield ResumeButton()
        yield RestFormButton("pause", "Change the pause")
    else:
        yield RestFormButton("pause")
    if rests.nights is not None:
        yield NightsOverButton()
        yield RestFormButton("nights", "Change nights")
    else:
        yield RestFormButton("nights")
    if rests.today.phase not in GENTLE:
        yield from (TakeBackButton("drop", span.id, f"Take back {number}") for number, span in _numbered(rests))
    yield PageButton("more")


def _numbered(rests: Rests) -> list[tuple[int, RestSpan]]:
    return list(enumerate(rests.coming[:MOST_SPANS], 1))


def _days(first: date, last: date) -> str:
    return short_day(first) if first == last else f"{short_day(first)} to {short_day(last)}"


def _times(nights: Nights, *, gentle: bool) -> str:
    """The gentle path has no mornings."""
    evening = f"{minute_of_day(nights.evening_minute)}, before you sleep"
    if gentle:
        return f"what comes, comes at {evening}"
    return f"messages at {minute_of_day(nights.morning_minute)}, after you wake, and {evening}"


ITEMS: tuple[type[discord.ui.DynamicItem[Any]], ...] = (RestDayButton, TakeBackButton, NightsOverButton, ResumeButton)
