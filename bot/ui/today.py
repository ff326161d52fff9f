"""What does `/today` show? One panel, from which a member reaches everything."""

import contextlib
import re
from collections.abc import Callable
from typing import Any, Self

import discord

from bot.domain.blocks import Work
from bot.domain.check_ins import CheckIn, Choice, Outcome
from bot.domain.errors import Resting
from bot.domain.goals import Goal
from bot.domain.ledgers import FOREVER, DayKind
from bot.domain.phases import GENTLE
from bot.replies import actor_of, answering, services_of, show, turn
from bot.services.check_ins import Answered
from bot.services.rests import Resumed
from bot.services.today import Today
from bot.ui.block_forms import LogButton
from bot.ui.check_ins import LABELS, AnswerButton, LookButton, morning_question, question, standing
from bot.ui.crisis import HelpButton
from bot.ui.help_words import line_for_today
from bot.ui.joining import THE_WAY, OpenedButton
from bot.ui.lasting import Button, view_of
from bot.ui.pages import Page, PageButton, shows
from bot.ui.paths import PathButton
from bot.ui.words import MOST_GOALS, amount, blocks_of, day_name, moment, short_day

DMS_CLOSED = f"My messages don't reach you: your DMs are closed for the study server. {THE_WAY}"
QUIET_DAYS = {
    DayKind.GENTLE: "Nothing is asked of you right now, and nothing is missing.",
    DayKind.REST: "Today is rest. Nothing is asked, and nothing is missing.",
    DayKind.OUTAGE: "I was away for most of this day. Nothing of it counts.",
    DayKind.EXAM_DAY: "I stay quiet today.",
    DayKind.WAITING: "The date you gave has passed. I stay quiet until you say what comes next.",
}
ASK_NOTHING = frozenset({DayKind.PAUSE, DayKind.GENTLE, DayKind.WAITING})
"""Days on which yesterday is not brought up either."""


class ResumeButton(discord.ui.DynamicItem[Button], template=r"rest:resume"):
    """End the pause of whoever presses it, and show the day."""

    def __init__(self) -> None:
        super().__init__(discord.ui.Button(label="Start again", custom_id="rest:resume"))

    @classmethod
    async def from_custom_id(
        cls, _interaction: discord.Interaction[Any], _item: discord.ui.Item[Any], _match: re.Match[str], /
    ) -> Self:
        return cls()

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        async with answering(interaction):
            services = services_of(interaction)
            await turn(interaction, *resumed(await services.rests.resume(actor_of(interaction), services.clock())))


CHOSEN = {Choice.USUAL: "a usual day; ", Choice.FLOOR: "the floor for today; "}


@shows("today")
async def today_page(interaction: discord.Interaction[Any]) -> Page:
    """The panel of whoever asks."""
    services = services_of(interaction)
    return panel(await services.today.look(actor_of(interaction), services.clock()))


async def open_with(interaction: discord.Interaction[Any], draw: Callable[[Today], Page]) -> None:
    """Show the day to whoever asks; to look at it is a sign of life, written down once the answer is there."""
    async with answering(interaction):
        services, actor = services_of(interaction), actor_of(interaction)
        today = await services.today.look(actor, services.clock())
        await show(interaction, *draw(today))
        if today.first_sign:
            with contextlib.suppress(Resting):  # the answer is there; the next sign will do
                await services.today.seen(actor, today.now)
        if today.asked is not None and today.asked.notice:
            with contextlib.suppress(Resting):  # said twice, it harms nobody
                await services.help_requests.heard(actor, [today.asked])


def panel(today: Today, said: str = "") -> Page:
    """The day, on one screen; `said` is one line about what was just done."""
    lines = [f"**{day_name(today.day)}**", *_quiet(today), *_work(today), *_check_in(today), *_next(today)]
    text = "\n".join(lines)
    return f"{said}\n\n{text}" if said else text, _buttons(today)


def resumed(done: Resumed) -> Page:
    """The day after a pause, with the least that is a whole day."""
    today = done.today
    if not done.ended:
        return panel(today, "No pause of yours is running.")
    floors = [amount(goal.floor, work) for work, goal in today.goals.items()][:1]
    asks = floors if today.day_kind is DayKind.PLANNED and not today.kept else []
    enough = "".join(f"; {floor} would be a whole day" for floor in asks)
    return panel(today, f"Good to have you back. Nothing has piled up{enough}.")


def _quiet(today: Today) -> list[str]:
    """One line where nothing is asked today."""
    if today.day_kind is DayKind.PAUSE:
        if today.pause is None:
            return ["Your cohort pauses. Nothing is asked, and nothing is missing."]
        until = "you say so" if today.pause.to_day == FOREVER else f"{short_day(today.pause.to_day)}, included"
        return [f"Paused until {until}. Nothing is asked, and nothing is missing."]
    line = QUIET_DAYS.get(today.day_kind)
    return [line] if line else []


def _work(today: Today) -> list[str]:
    """Goals and what was done for them; work that was done without a goal is shown as well."""
    lines: list[str] = []
    if today.day_kind is DayKind.PLANNED:
        lines += [_goal(work, goal) for work, goal in today.goals.items()][:MOST_GOALS]
        lines += [] if lines else ["No goal is set; whatever you do counts."]
    done = ", ".join(_done(work, number, today.block_size) for work, number in today.done.items())
    if done:
        lines.append(f"Done: {done}.{' That makes it a kept day.' if today.kept else ''}")
    return lines


def _goal(work: Work, goal: Goal) -> str:
    return f"Goal: **{goal}** {amount(goal.usual, work, number_too=False)} (floor / usual / stretch)"


def _done(work: Work, number: int, block_size: int) -> str:
    blocks = blocks_of(number, block_size) if work is Work.QUESTIONS else ""
    return amount(number, work) + (f" ({blocks})" if blocks else "")


def _check_in(today: Today) -> list[str]:
    said = today.check_in
    if said.outcome:
        return [f"Check-in: {LABELS[said.outcome].lower()}."] if said.outcome is not Outcome.ROUGH else []
    if today.day_kind is not DayKind.PLANNED:
        return []
    return [f"Check-in: {CHOSEN[said.choice]}the evening is open."] if said.choice else ["Check-in: open."]


def _next(today: Today) -> list[str]:
    lines = [line_for_today(today.asked)] if today.asked is not None else []
    if today.nights is not None:
        lines.append(f"On nights until {short_day(today.nights.to_day)}.")
    if today.dms_closed:
        lines.append(DMS_CLOSED)
    elif today.next_due is not None:
        lines.append(f"Next message: {moment(today.next_due, today.now, today.zone)}.")
    return lines


def _buttons(today: Today) -> discord.ui.View:
    log = LogButton(Work.QUESTIONS, "Log a block", discord.ButtonStyle.primary)
    more, help_button = PageButton("more", "More"), HelpButton(0)
    if today.day_kind is DayKind.PAUSE and today.pause is not None:
        buttons: list[discord.ui.Item[Any]] = [ResumeButton(), log, help_button, more]
    elif today.day_kind is DayKind.GENTLE:
        buttons = [help_button, PathButton("ready"), PathButton("stop"), more]
    elif today.day_kind is DayKind.WAITING:
        buttons = [PathButton("ready"), help_button, more]
    elif today.day_kind is DayKind.REST and today.check_in.outcome is not Outcome.ROUGH:
        buttons = [log, check_in_button(today), help_button, more]
    else:
        buttons = [log, check_in_button(today), _rough(today), help_button, more]
    if today.yesterday is not None and not today.yesterday.outcome and today.day_kind not in ASK_NOTHING:
        buttons.append(LookButton("change", 0, today.yesterday.study_day, f"Answer for {today.yesterday.study_day:%A}"))
    if today.dms_closed:
        buttons.append(OpenedButton())
    return view_of(*buttons)


def check_in_button(today: Today) -> LookButton:
    """Choose the morning, answer the evening, or look at what was answered: whichever the day is at."""
    said = today.check_in
    if said.outcome:
        return LookButton("leave", 0, today.day, "Check in")
    return LookButton("choose" if today.before_evening and not said.choice else "change", 0, today.day, "Check in")


def _rough(today: Today) -> discord.ui.Item[Any]:
    if today.check_in.outcome is Outcome.ROUGH:
        return LookButton("change", 0, today.day, "Not rest after all")
    return AnswerButton(0, today.day, today.check_in.version, Outcome.ROUGH)


def check_in_page(today: Today) -> Page:
    """What `/checkin` opens: today at whichever question it is, and yesterday as a button while it is open."""
    said = today.check_in
    if today.phase in GENTLE and not said.outcome:
        return panel(today)
    if said.outcome:
        text, view = standing(Answered(check_in=said), 0)
    elif today.before_evening and not said.choice:
        text, view = morning_question(said, 0)
    else:
        text, view = question(said, 0)
    if today.yesterday is not None:
        view.add_item(_yesterday(today.yesterday))
    if today.pause is not None:
        view.add_item(PathButton("again"))
        text += "\n\nMessages are stopped."
    if today.dms_closed:
        view.add_item(OpenedButton())
    return "\n".join([text, "", *_next(today)]) if _next(today) else text, view


def _yesterday(said: CheckIn) -> LookButton:
    if said.outcome:
        return LookButton("leave", 0, said.study_day, f"Look at {said.study_day:%A}")
    return LookButton("change", 0, said.study_day, f"Answer for {said.study_day:%A}")
