"""How does a goal look, and how is it set, suggested and taken back?"""

import re
from fractions import Fraction
from typing import Any, Self

import discord

from bot.domain import weekdays
from bot.domain.blocks import Work
from bot.domain.goals import EVERY_DAY, Goal, split
from bot.domain.phases import GENTLE
from bot.replies import actor_of, answering, services_of, turn
from bot.services.goals import ByWeekday, Change, Goals, Suggestion
from bot.ui import forms
from bot.ui.block_forms import LABELS, WORK
from bot.ui.lasting import Button, view_of
from bot.ui.pages import Page, PageButton, shows
from bot.ui.paths import PathButton
from bot.ui.today import panel
from bot.ui.words import amount

CAN_WAIT = "A goal can wait until you are ready to plan. Nothing is asked of you here."
A_GUESS = "I don't know your days yet. What would an ordinary day hold? It's a guess, and easy to change."

_NUMBERS = r"(?P<floor>[1-9]\d{0,3})-(?P<usual>\d{1,4})-(?P<stretch>\d{1,4})"


class GoalButton(discord.ui.DynamicItem[Button], template=rf"goal:(?P<act>set|end):{WORK}"):
    """Open the form for the goal of one kind of work, or take that goal back."""

    def __init__(self, act: str, work: Work, label: str = "Set") -> None:
        self.act, self.work = act, work
        super().__init__(discord.ui.Button(label=label, custom_id=f"goal:{act}:{work}"))

    @classmethod
    async def from_custom_id(
        cls, _interaction: discord.Interaction[Any], _item: discord.ui.Item[Any], match: re.Match[str], /
    ) -> Self:
        return cls(match["act"], Work(match["work"]))

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        async with answering(interaction):
            services, actor = services_of(interaction), actor_of(interaction)
            if self.act == "end":
                ended = await services.goals.set(
                    actor, self.work, ["none"], "", services.clock(), operation=f"goal:{interaction.id}"
                )
                await turn(interaction, *changed(ended))
            else:
                goals = await services.goals.look(actor, services.clock())
                standing = goals.tomorrow.get(self.work, {}).get(EVERY_DAY)
                await interaction.response.send_modal(_goal_form(self.work, {"numbers": str(standing or "")}))


class SuggestedButton(discord.ui.DynamicItem[Button], template=rf"goal:(?P<act>take|other):{_NUMBERS}"):
    """Take suggested numbers with one tap, or open the form with them; they become the presser's own goal."""

    LABELS = {"take": "Take it", "other": "Other numbers"}  # noqa: RUF012 - never changed

    def __init__(self, act: str, floor: int, usual: int, stretch: int) -> None:
        self.act, self.numbers = act, (floor, usual, stretch)
        style = discord.ButtonStyle.primary if act == "take" else discord.ButtonStyle.secondary
        custom_id = f"goal:{act}:{floor}-{usual}-{stretch}"
        super().__init__(discord.ui.Button(label=self.LABELS[act], style=style, custom_id=custom_id))

    @classmethod
    async def from_custom_id(
        cls, _interaction: discord.Interaction[Any], _item: discord.ui.Item[Any], match: re.Match[str], /
    ) -> Self:
        return cls(match["act"], int(match["floor"]), int(match["usual"]), int(match["stretch"]))

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        async with answering(interaction):
            typed = [str(number) for number in self.numbers]
            if self.act == "other":
                await interaction.response.send_modal(_goal_form(Work.QUESTIONS, {"numbers": " / ".join(typed)}))
                return
            services, operation = services_of(interaction), f"goal:{interaction.id}"
            taken = await services.goals.set(
                actor_of(interaction), Work.QUESTIONS, typed, "", services.clock(), operation=operation
            )
            await turn(interaction, *changed(taken))


class GuessButton(discord.ui.DynamicItem[Button], template=r"goal:guess"):
    """Open the form with the one question."""

    def __init__(self) -> None:
        super().__init__(discord.ui.Button(label="My guess", style=discord.ButtonStyle.primary, custom_id="goal:guess"))

    @classmethod
    async def from_custom_id(
        cls, _interaction: discord.Interaction[Any], _item: discord.ui.Item[Any], _match: re.Match[str], /
    ) -> Self:
        return cls()

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        async with answering(interaction):
            await interaction.response.send_modal(_guess_form({}))


def _goal_form(work: Work, values: forms.Values) -> forms.Form:
    form = forms.Form(title=f"Goal: {LABELS[work].lower()}", custom_id=f"goal_set:{work}:{forms.mint()}")
    form.ask(
        "Floor / usual / stretch",
        forms.line("numbers", 60, values.get("numbers", ""), example="10 / 20 / 30", required=True),
        "The least that still counts as a day; an ordinary day; a good one. none takes it back.",
    )
    form.ask(
        "Only on these weekdays",
        forms.line("days", 60, values.get("days", ""), example="Sat and Sun"),
        "If they differ from the other days. Left empty: the days that have no goal of their own.",
    )
    return form


def _guess_form(values: forms.Values) -> forms.Form:
    form = forms.Form(title="An ordinary day", custom_id=f"goal_guess:{forms.mint()}")
    form.ask("Questions", forms.line("numbers", 60, values.get("numbers", ""), example="20", required=True), "A guess.")
    return form


async def _goal_again(_interaction: discord.Interaction[Any], match: re.Match[str], values: forms.Values) -> forms.Form:
    return _goal_form(Work(match["work"]), values)


async def _guess_again(
    _interaction: discord.Interaction[Any], _match: re.Match[str], values: forms.Values
) -> forms.Form:
    return _guess_form(values)


@forms.handles(rf"goal_set:{WORK}:{forms.MINT}", _goal_again)
async def goal_sent(interaction: discord.Interaction[Any], match: re.Match[str], values: forms.Values) -> None:
    """Set the goal and show the day."""
    await _set(interaction, Work(match["work"]), values, f"goal:{match['mint']}")


@forms.handles(rf"goal_guess:{forms.MINT}", _guess_again)
async def guess_sent(interaction: discord.Interaction[Any], match: re.Match[str], values: forms.Values) -> None:
    """Set a goal around the guess and show the day."""
    await _set(interaction, Work.QUESTIONS, values, f"goal:{match['mint']}")


async def _set(interaction: discord.Interaction[Any], work: Work, values: forms.Values, operation: str) -> None:
    services, typed = services_of(interaction), split(values.get("numbers", ""))
    days = values.get("days", "")
    done = await services.goals.set(actor_of(interaction), work, typed, days, services.clock(), operation=operation)
    await turn(interaction, *changed(done))


@shows("goal")
async def goal_page(interaction: discord.Interaction[Any]) -> Page:
    """The goals as they stand, and the ways to change them."""
    services = services_of(interaction)
    return card(await services.goals.look(actor_of(interaction), services.clock()))


@shows("goal_kinds")
async def kinds_page(_interaction: discord.Interaction[Any]) -> Page:
    """A goal for something else than questions."""
    others = (GoalButton("set", work, LABELS[work]) for work in Work if work is not Work.QUESTIONS)
    return "**A goal for what?**", view_of(*others, PageButton("goal"))


@shows("suggestion")
async def suggestion_page(interaction: discord.Interaction[Any]) -> Page:
    """What would be realistic."""
    services = services_of(interaction)
    return suggested(await services.goals.suggest(actor_of(interaction), services.clock()))


def card(goals: Goals) -> Page:
    """Every goal on a line of its own, weekdays that differ included."""
    lines = ["**Goal**", *([CAN_WAIT] if goals.gentle else [])]
    kinds = [work for work in Work if work in goals.now or work in goals.tomorrow]
    lines += [_line(work, goals) for work in kinds]
    if kinds:
        lines.append("Floor / usual / stretch: the floor is the least that still counts as a kept day.")
    elif not goals.gentle:
        lines.append("No goal is set; whatever you do counts.")
    buttons: list[discord.ui.Item[Any]] = [PathButton("ready")]
    if not goals.gentle:
        other = PageButton("goal_kinds", "Other work")
        buttons = [GoalButton("set", Work.QUESTIONS), PageButton("suggestion", "Suggest"), other]
    for work in kinds:
        buttons.append(GoalButton("end", work, f"No goal: {LABELS[work].lower()}" if kinds[1:] else "No goal"))
    return "\n".join(lines), view_of(*buttons, PageButton("more"))


def _line(work: Work, goals: Goals) -> str:
    now, then = goals.now.get(work, {}), goals.tomorrow.get(work, {})
    line = f"{LABELS[work]}: {_numbers(now)}."
    return line if now == then else f"{line} From tomorrow: {_numbers(then)}."


def _numbers(goals: ByWeekday) -> str:
    """The numbers of every day, then those of the weekdays that differ."""
    masks: dict[str, int] = {}
    for weekday, goal in sorted(goals.items()):
        if weekday != EVERY_DAY:
            masks[str(goal)] = masks.get(str(goal), weekdays.NO_DAY) | 1 << weekday
    parts = [f"**{goals[EVERY_DAY]}**"] if EVERY_DAY in goals else []
    parts += [f"{weekdays.names(mask)} **{numbers}**" for numbers, mask in masks.items()]
    return "; ".join(parts) or "no goal"


def changed(change: Change) -> Page:
    """The day after a goal was set or taken back."""
    said = _what(change)
    if change.from_tomorrow:
        said = f"Today is a kept day and stays one, so this begins tomorrow. {said}"
    elif change.goal is not None and change.today.phase in GENTLE:
        said = f"{said} It is kept for when you are ready to plan."
    return panel(change.today, said)


def _what(change: Change) -> str:
    some_days = change.days not in (None, weekdays.EVERY_DAY)
    days = weekdays.names(change.days or 0) if some_days else ""
    if change.goal is None:
        unit = amount(2, change.kind, number_too=False)
        return f"{days}: no goal of their own any more." if some_days else f"No goal for {unit} any more."
    return f"Goal{f' on {days}' if some_days else ''}: {_with_unit(change.goal, change.kind)}."


def _with_unit(goal: Goal, work: Work) -> str:
    return f"{goal} {amount(goal.usual, work, number_too=False)}"


def suggested(suggestion: Suggestion) -> Page:
    """Numbers from what was really done, one tap away; or the question for a guess."""
    if suggestion.gentle:
        return CAN_WAIT, view_of(PathButton("ready"), PageButton("today", "Today"))
    if suggestion.goal is None or suggestion.capacity is None:
        return A_GUESS, view_of(GuessButton(), PageButton("goal"))
    goal, a_day = suggestion.goal, int(suggestion.capacity + Fraction(1, 2))
    source = f"From what you really did on your last planned days (28 at most), quiet ones included: {a_day} a day."
    numbers = (goal.floor, goal.usual, goal.stretch)
    other = SuggestedButton("other", *numbers)
    if goal == suggestion.standing:
        text = f"{source}\nThat is your goal already: **{goal}** (floor / usual / stretch)."
        return text, view_of(other, PageButton("goal"))
    text = f"{source}\nAs a goal: **{_with_unit(goal, Work.QUESTIONS)}** (floor / usual / stretch)."
    return text, view_of(SuggestedButton("take", *numbers), other, PageButton("goal"))


ITEMS: tuple[type[discord.ui.DynamicItem[Any]], ...] = (GoalButton, SuggestedButton, GuessButton)
