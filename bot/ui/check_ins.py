"""How is a day asked about and answered?"""

import re
from datetime import date
from typing import Any, Self

import discord

from bot.domain.check_ins import CheckIn, Choice, Outcome, already
from bot.domain.lines import Moment
from bot.replies import actor_of, answering, services_of, turn
from bot.services.check_ins import Answered
from bot.ui.crisis import HelpButton
from bot.ui.evening import evening_form, words_of
from bot.ui.lasting import DAY, PROMPT, VERSION, Button, day_of, view_of
from bot.ui.lines import UnhelpfulButton, redraws, text_of
from bot.ui.pages import PageButton
from bot.ui.words import count, day_name

LABELS: dict[Choice | Outcome, str] = {
    Choice.USUAL: "Usual",
    Choice.FLOOR: "Floor today",
    Outcome.KEPT: "Kept it",
    Outcome.SOME: "Some of it",
    Outcome.NOT_TODAY: "Not today",
    Outcome.ROUGH: "Rough day",
}
MORNING = (Choice.USUAL, Choice.FLOOR, Outcome.ROUGH)
MORNING_AFTER_REST = (Choice.FLOOR, Choice.USUAL, Outcome.ROUGH)
EVENING = (Outcome.KEPT, Outcome.SOME, Outcome.NOT_TODAY, Outcome.ROUGH)


class AnswerButton(
    discord.ui.DynamicItem[Button],
    template=rf"answer:{PROMPT}:{DAY}:{VERSION}:(?P<said>{'|'.join(LABELS)})",
):
    """One tap is a complete answer; it replaces another only where it names that one's version."""

    def __init__(self, prompt_id: int, day: date | str, version: int, said: Choice | Outcome) -> None:
        self.prompt_id, self.day, self.version, self.said = prompt_id, str(day), version, said
        custom_id = f"answer:{prompt_id}:{day}:{version}:{said}"
        super().__init__(discord.ui.Button(label=LABELS[said], custom_id=custom_id))

    @classmethod
    async def from_custom_id(
        cls, _interaction: discord.Interaction[Any], _item: discord.ui.Item[Any], match: re.Match[str], /
    ) -> Self:
        said = next(said for said in LABELS if said == match["said"])
        return cls(int(match["prompt"]), match["day"], int(match["version"]), said)

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        async with answering(interaction):
            services = services_of(interaction)
            answered = await services.check_ins.answer(
                actor_of(interaction),
                day_of(self.day),
                self.said,
                services.clock(),
                prompt_id=self.prompt_id,
                instead_of=self.version,
            )
            if answered.stale:
                await turn(interaction, *conflict(answered.check_in, self.said, self.prompt_id))
            else:
                await turn(interaction, *standing(answered, self.prompt_id))


class LookButton(discord.ui.DynamicItem[Button], template=rf"(?P<verb>change|choose|leave):{PROMPT}:{DAY}"):
    """Look at an open day again: to change its answer, to choose its morning anew, or to leave it as it is."""

    LABELS = {"change": "Change", "choose": "Change", "leave": "Leave it"}  # noqa: RUF012 - never changed

    def __init__(self, verb: str, prompt_id: int, day: date | str, label: str = "") -> None:
        self.verb, self.prompt_id, self.day = verb, prompt_id, str(day)
        custom_id = f"{verb}:{prompt_id}:{day}"
        super().__init__(discord.ui.Button(label=label or self.LABELS[verb], custom_id=custom_id))

    @classmethod
    async def from_custom_id(
        cls, _interaction: discord.Interaction[Any], _item: discord.ui.Item[Any], match: re.Match[str], /
    ) -> Self:
        return cls(match["verb"], int(match["prompt"]), match["day"])

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        async with answering(interaction):
            check_in = await open_day(interaction, day_of(self.day))
            if self.verb == "change":
                await turn(interaction, *question(check_in, self.prompt_id))
            elif self.verb == "choose":
                await turn(interaction, *morning_question(check_in, self.prompt_id))
            else:
                await turn(interaction, *standing(Answered(check_in=check_in), self.prompt_id))


class DetailsButton(discord.ui.DynamicItem[Button], template=rf"details:{PROMPT}:{DAY}"):
    """Open the form for a number, a mood or a line, filled with what stands."""

    def __init__(self, prompt_id: int, day: date | str) -> None:
        self.prompt_id, self.day = prompt_id, str(day)
        custom_id = f"details:{prompt_id}:{day}"
        super().__init__(discord.ui.Button(label="Add a number or a line", custom_id=custom_id))

    @classmethod
    async def from_custom_id(
        cls, _interaction: discord.Interaction[Any], _item: discord.ui.Item[Any], match: re.Match[str], /
    ) -> Self:
        return cls(int(match["prompt"]), match["day"])

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        async with answering(interaction):
            check_in = await open_day(interaction, day_of(self.day))
            form = evening_form(self.prompt_id, check_in, words_of(check_in))
            await interaction.response.send_modal(form)


async def open_day(interaction: discord.Interaction[Any], day: date) -> CheckIn:
    """What stands for a day that may still be written; raises Closed for any other, before anybody types."""
    services = services_of(interaction)
    return await services.check_ins.of_day(actor_of(interaction), day, services.clock())


def asking(prompt_id: int, day: date, answers: tuple[Choice | Outcome, ...], version: int = 0) -> discord.ui.View:
    """The buttons of a question about a day: its answers, and *I need help*."""
    return view_of(*(AnswerButton(prompt_id, day, version, said) for said in answers), HelpButton(prompt_id))


def question(check_in: CheckIn, prompt_id: int) -> tuple[str, discord.ui.View]:
    """A day asked about, again or by the member's own wish."""
    day = check_in.study_day
    text = f"**{day_name(day)}:** {how_did_it_go(check_in.choice)} One tap is the whole answer."
    return text, asking(prompt_id, day, EVENING, check_in.version)


def morning_question(check_in: CheckIn, prompt_id: int, first: Choice = Choice.USUAL) -> tuple[str, discord.ui.View]:
    """A morning's choice; on a return the floor stands first."""
    day = check_in.study_day
    text = f"**{day_name(day)}:** what kind of day is it? One tap is the whole answer."
    answers = MORNING if first is Choice.USUAL else MORNING_AFTER_REST
    return text, asking(prompt_id, day, answers, check_in.version)


def how_did_it_go(choice: Choice) -> str:
    """The evening's question, which knows what the morning said; without its first capital."""
    match choice:
        case Choice.USUAL:
            return "you set out for a usual day. How did it go?"
        case Choice.FLOOR:
            return "you set out for the floor. How did it go?"
        case Choice.NONE:
            return "how did it go?"


def standing(answered: Answered, prompt_id: int) -> tuple[str, discord.ui.View]:
    """A day as it stands: what was said, one line of fact or nothing, and the way to change it."""
    check_in, day = answered.check_in, answered.check_in.study_day
    change = LookButton("change", prompt_id, day)
    rest: list[discord.ui.Item[Any]] = [HelpButton(prompt_id)]
    if not prompt_id:
        rest.append(PageButton("today", "Today"))
    if check_in.outcome is Outcome.ROUGH:
        text = f"**{day_name(day)}** is a rest day now. Nothing else is needed."
        return text, view_of(change, *rest)
    if check_in.outcome:
        text = f"**{day_name(day)}:** {LABELS[check_in.outcome].lower()}{details(check_in)}.{_after(answered)}"
        unhelpful = [UnhelpfulButton(Moment.EVENING, prompt_id, day, answered.said.line.id)] if answered.said else []
        return text, view_of(DetailsButton(prompt_id, day), change, *rest, *unhelpful)
    if check_in.choice:
        text = f"**{day_name(day)}:** {LABELS[check_in.choice].lower()}. That is all for the morning."
        return text, view_of(LookButton("choose", prompt_id, day), *rest)
    return question(check_in, prompt_id)


def conflict(check_in: CheckIn, said: Choice | Outcome, prompt_id: int) -> tuple[str, discord.ui.View]:
    """Two answers for one day: the first stands until the member says otherwise."""
    day = check_in.study_day
    before = already(check_in, said)
    text = f"**{day_name(day)}** says “{LABELS[before].lower()}” already. Change it to “{LABELS[said].lower()}”?"
    return text, view_of(
        AnswerButton(prompt_id, day, check_in.version, said),
        LookButton("leave", prompt_id, day),
        HelpButton(prompt_id),
    )


def details(check_in: CheckIn) -> str:
    """What stands beside an answer; neither mood nor line, for a phone may lie open on a table."""
    number = "" if check_in.questions is None else f", {count(check_in.questions, 'question')}"
    rest = ". The rest is kept" if check_in.mood is not None or check_in.has_line else ""
    return number + rest


def _after(answered: Answered) -> str:
    if answered.said is not None:
        return f"\n{text_of(answered.said)}"
    if answered.check_in.outcome is Outcome.NOT_TODAY:
        return "\nNothing of it is carried over."
    return ""


@redraws(Moment.EVENING)
async def without_line(interaction: discord.Interaction[Any], prompt_id: int, day: date) -> tuple[str, discord.ui.View]:
    """The day as it stands, with nothing said about it."""
    return standing(Answered(check_in=await open_day(interaction, day)), prompt_id)


ITEMS: tuple[type[discord.ui.DynamicItem[Any]], ...] = (AnswerButton, LookButton, DetailsButton)
