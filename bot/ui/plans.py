"""How do a date, what is left, and what does not fit look?"""

import re
from datetime import date
from typing import Any, Self

import discord

from bot.domain.dates import written
from bot.domain.ledgers import DayKind
from bot.domain.plans import Left, Shortfall
from bot.replies import actor_of, answering, services_of, turn
from bot.services.plans import Plan
from bot.ui import forms
from bot.ui.lasting import Button, view_of
from bot.ui.pages import Page, PageButton, shows
from bot.ui.paths import PathButton
from bot.ui.words import day_name

LABELS = {"date": "Exam date", "left": "Questions left"}
CAN_WAIT = "A date and a plan can wait until you are ready. Nothing is asked of you here."
ROUND_TO = 10
"""Questions; a pace is not known more exactly than this."""


class PlanButton(discord.ui.DynamicItem[Button], template=r"plan:(?P<what>date|left)"):
    """Open the form for the date, or for what is left."""

    def __init__(self, what: str) -> None:
        self.what = what
        super().__init__(discord.ui.Button(label=LABELS[what], custom_id=f"plan:{what}"))

    @classmethod
    async def from_custom_id(
        cls, _interaction: discord.Interaction[Any], _item: discord.ui.Item[Any], match: re.Match[str], /
    ) -> Self:
        return cls(match["what"])

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        async with answering(interaction):
            await interaction.response.send_modal(_date_form({}) if self.what == "date" else _left_form({}))


def _date_form(values: forms.Values) -> forms.Form:
    form = forms.Form(title="Exam date", custom_id=f"exam_date:{forms.mint()}")
    form.ask(
        "Which day",
        forms.line("date", 100, values.get("date", ""), example="30 May", required=True),
        "It can be changed at any time. none takes it back.",
    )
    return form


def _left_form(values: forms.Values) -> forms.Form:
    form = forms.Form(title="Questions left", custom_id=f"plan_left:{forms.mint()}")
    form.ask("Unseen questions", forms.line("unseen", 60, values.get("unseen", ""), example="1400"), "Never done yet.")
    form.ask("Questions seen before", forms.line("seen", 60, values.get("seen", "")), "Those you mean to do again.")
    return form


async def _date_again(
    _interaction: discord.Interaction[Any], _match: re.Match[str], values: forms.Values
) -> forms.Form:
    return _date_form(values)


async def _left_again(
    _interaction: discord.Interaction[Any], _match: re.Match[str], values: forms.Values
) -> forms.Form:
    return _left_form(values)


@forms.handles(rf"exam_date:{forms.MINT}", _date_again)
async def date_sent(interaction: discord.Interaction[Any], match: re.Match[str], values: forms.Values) -> None:
    """Keep the date and show the plan."""
    services, typed = services_of(interaction), values.get("date", "")
    operation = f"exam_date:{match['mint']}"
    plan = await services.plans.set_exam(actor_of(interaction), typed, services.clock(), operation=operation)
    await turn(interaction, *dated(plan))


@forms.handles(rf"plan_left:{forms.MINT}", _left_again)
async def left_sent(interaction: discord.Interaction[Any], match: re.Match[str], values: forms.Values) -> None:
    """Keep what is left and show the plan."""
    services, unseen, seen = services_of(interaction), values.get("unseen", ""), values.get("seen", "")
    operation = f"plan_left:{match['mint']}"
    plan = await services.plans.set_left(actor_of(interaction), unseen, seen, services.clock(), operation=operation)
    await turn(interaction, *numbered(plan))


@shows("plan")
async def plan_page(interaction: discord.Interaction[Any]) -> Page:
    """Date, questions left, and what follows from both."""
    services = services_of(interaction)
    return card(await services.plans.look(actor_of(interaction), services.clock()))


def card(plan: Plan, said: str = "") -> Page:
    """The plan on one screen; `said` is one line about what was just done."""
    lines = [said, ""] if said else []
    lines += ["**Exam and plan**", *([CAN_WAIT] if plan.gentle else []), *_date_lines(plan), *_left_lines(plan)]
    if plan.shortfall is not None:
        lines += ["", shortfall_line(plan.shortfall)]
    if plan.gentle:
        return "\n".join(lines), view_of(PathButton("ready"), PageButton("more"))
    return "\n".join(lines), view_of(PlanButton("date"), PlanButton("left"), PageButton("more"))


def _date_lines(plan: Plan) -> list[str]:
    if plan.exam is not None and plan.exam >= plan.day:
        return [f"Exam date: {_day(plan.exam, plan.day)}."]
    if plan.day_kind is DayKind.WAITING:
        return ["The date you gave has passed. A new one can be set whenever there is one."]
    return [] if plan.gentle else ["No exam date is set."]


def _left_lines(plan: Plan) -> list[str]:
    if plan.left is not None:
        return [f"Questions left: {_left(plan.left)}."]
    return [] if plan.gentle else ["How many questions are left is not said yet."]


def dated(plan: Plan) -> Page:
    """The plan after a date was set or taken back."""
    if plan.exam is None:
        return card(plan, "The date is taken back.")
    said = f"Kept: {_day(plan.exam, plan.day)}."
    if plan.gentle:
        return card(plan, f"{said} It changes nothing for now.")
    return card(plan, f"{said} On that day and after it I stay quiet, until you say what comes next.")


def numbered(plan: Plan) -> Page:
    """The plan after what is left was said."""
    return card(plan, "Kept. What you log from now on is taken off.")


def shortfall_line(shortfall: Shortfall) -> str:
    """What does not fit, and the three ways out; no number to catch up with."""
    left, day = f"{shortfall.left:,}", written(shortfall.exam)
    fits = shortfall.fits // ROUND_TO * ROUND_TO or shortfall.fits
    if fits:
        fact = f"At your own pace about {fits:,} of the {left} questions left fit before {day}."
    else:
        fact = f"At the pace of your last planned days the {left} questions left don't fit before {day}."
    return f"{fact} Three ways out: fewer questions, a later date, or talking to an adviser."


def _left(left: Left) -> str:
    parts = [f"{left.unseen:,} unseen" if left.unseen else "", f"{left.seen:,} seen before" if left.seen else ""]
    return " and ".join(filter(None, parts)) or "none"


def _day(day: date, today: date) -> str:
    return day_name(day) if day.year == today.year else f"{day_name(day)} {day.year}"


ITEMS: tuple[type[discord.ui.DynamicItem[Any]], ...] = (PlanButton,)
