"""Which forms does work need, and which button opens one?"""

import re
from typing import Any, Self

import discord

from bot.domain.blocks import HAVE_CORRECT, LONGEST_NOTE, Entry, Work
from bot.replies import answering, services_of
from bot.ui import forms
from bot.ui.lasting import Button

LABELS = {
    Work.QUESTIONS: "Questions",
    Work.FLASHCARDS: "Flashcards",
    Work.PAGES: "First Aid pages",
    Work.VIDEOS: "Videos",
    Work.PRACTICE: "Practice exam",
}
TICKS = {
    "timed": "Timed (unticked: tutor mode)",
    "unseen": "Unseen questions (unticked: seen before)",
    "worked_through": "Explanations worked through",
    "notebook": "Something went into the notebook",
}

WORK = rf"(?P<work>{'|'.join(Work)})"
OPENED = r"(?P<opened>\d{1,12})"
"""Seconds since 1970: a form that is sent after the day's end was opened for the day before."""


class LogButton(discord.ui.DynamicItem[Button], template=rf"log:{WORK}"):
    """Open the form for one kind of work."""

    def __init__(self, work: Work, label: str = "", style: discord.ButtonStyle = discord.ButtonStyle.secondary) -> None:
        self.work = work
        super().__init__(discord.ui.Button(label=label or LABELS[work], style=style, custom_id=f"log:{work}"))

    @classmethod
    async def from_custom_id(
        cls, _interaction: discord.Interaction[Any], _item: discord.ui.Item[Any], match: re.Match[str], /
    ) -> Self:
        return cls(Work(match["work"]))

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        async with answering(interaction):
            opened = int(services_of(interaction).clock().timestamp())
            await interaction.response.send_modal(log_form(self.work, opened, {}))


def log_form(work: Work, opened: int, values: forms.Values) -> forms.Form:
    """Five fields for questions, three for all else; only the first must be filled. `opened` is in epoch seconds."""
    form = forms.Form(title=f"Log: {LABELS[work].lower()}", custom_id=f"logged:{work}:{opened}:{forms.mint()}")
    if work in HAVE_CORRECT:
        form.ask(
            "Questions, and how many were right",
            forms.line("amount", 60, values.get("amount", ""), example="20/14", required=True),
            "20/14, or only 20, or 2 blocks.",
        )
    else:
        form.ask("How many", forms.line("amount", 60, values.get("amount", ""), example="20", required=True))
    form.ask("Minutes", forms.line("minutes", 20, values.get("minutes", "")), "If you like.")
    if work is Work.QUESTIONS:
        form.ask("How", _ticks(values.get("ticks", "").split()), "Tick what is true.")
    form.ask(
        "Which day", forms.line("day", 40, values.get("day", ""), example="today"), "Up to a week back, or nothing."
    )
    form.ask(
        "A note, for yourself",
        forms.line("note", LONGEST_NOTE, values.get("note", "")),
        "Stored locked. Only you see it; whoever hosts me could open it.",
    )
    return form


def correction_form(entry: Entry, values: forms.Values) -> forms.Form:
    """The numbers of an entry, to change."""
    block = entry.block
    known = str(block.amount) if block.correct is None else f"{block.amount}/{block.correct}"
    minutes = "" if block.minutes is None else str(block.minutes)
    form = forms.Form(title=f"Correct: {LABELS[block.kind].lower()}", custom_id=f"corrected:{entry.id}")
    form.ask("Number", forms.line("amount", 60, values.get("amount", known), required=True))
    form.ask("Minutes", forms.line("minutes", 20, values.get("minutes", minutes)), "If you like.")
    if block.kind is Work.QUESTIONS:
        ticked = values["ticks"].split() if "ticks" in values else [name for name in TICKS if getattr(block, name)]
        form.ask("How", _ticks(ticked), "Tick what is true.")
    return form


def _ticks(ticked: list[str]) -> discord.ui.CheckboxGroup[discord.ui.Modal]:
    return discord.ui.CheckboxGroup[discord.ui.Modal](
        custom_id="ticks",
        required=False,
        options=[
            discord.CheckboxGroupOption(label=label, value=name, default=name in ticked)
            for name, label in TICKS.items()
        ],
    )


ITEMS: tuple[type[discord.ui.DynamicItem[Any]], ...] = (LogButton,)
