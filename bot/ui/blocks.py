"""How is a block logged, looked at, corrected and taken back?"""

import re
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any, Self

import discord

from bot.domain.blocks import Block, Entry, Typed, Work
from bot.domain.lines import Moment
from bot.domain.patterns import Tier
from bot.heard import screened
from bot.replies import actor_of, answering, services_of, turn
from bot.services.blocks import Logged
from bot.ui import forms
from bot.ui.block_forms import OPENED, WORK, LogButton, correction_form, log_form
from bot.ui.lasting import Button, view_of
from bot.ui.lines import UnhelpfulButton, redraws, text_of
from bot.ui.pages import Page, PageButton, shows
from bot.ui.today import panel, today_page
from bot.ui.words import amount, short_day

SHORT_TICKS = {"timed": "timed", "unseen": "unseen", "worked_through": "worked through", "notebook": "notebook"}

_ENTRY = r"(?P<entry>\d{1,18})"


class EntryButton(discord.ui.DynamicItem[Button], template=rf"entry:(?P<act>undo|redo|edit):{_ENTRY}"):
    """Take one entry back, let it stand again, or correct its numbers."""

    LABELS = {"undo": "Undo", "redo": "Put it back", "edit": "Correct"}  # noqa: RUF012 - never changed

    def __init__(self, act: str, entry_id: int, label: str = "") -> None:
        self.act, self.entry_id = act, entry_id
        super().__init__(discord.ui.Button(label=label or self.LABELS[act], custom_id=f"entry:{act}:{entry_id}"))

    @classmethod
    async def from_custom_id(
        cls, _interaction: discord.Interaction[Any], _item: discord.ui.Item[Any], match: re.Match[str], /
    ) -> Self:
        return cls(match["act"], int(match["entry"]))

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        async with answering(interaction):
            services, actor = services_of(interaction), actor_of(interaction)
            if self.act == "undo":
                await turn(
                    interaction, *taken_back(await services.blocks.take_back(actor, self.entry_id, services.clock()))
                )
            elif self.act == "redo":
                await turn(interaction, *logged(await services.blocks.put_back(actor, self.entry_id, services.clock())))
            else:
                entry = await services.blocks.entry(actor, self.entry_id, services.clock())
                await interaction.response.send_modal(correction_form(entry, {}))


async def log_again(_interaction: discord.Interaction[Any], match: re.Match[str], values: forms.Values) -> forms.Form:
    """The form once more, with the words that were in it."""
    return log_form(Work(match["work"]), int(match["opened"]), values)


@forms.handles(rf"logged:{WORK}:{OPENED}:{forms.MINT}", log_again)
async def log_sent(interaction: discord.Interaction[Any], match: re.Match[str], values: forms.Values) -> None:
    """Write the block down and show the day."""
    services, typed = services_of(interaction), _typed(values, Work(match["work"]))
    done = await services.blocks.log(
        actor_of(interaction),
        typed,
        services.clock(),
        operation=f"log:{match['mint']}",
        opened_at=datetime.fromtimestamp(int(match["opened"]), UTC),
    )
    await turn(interaction, *logged(await _hushed(interaction, done)))


async def correct_again(
    interaction: discord.Interaction[Any], match: re.Match[str], values: forms.Values
) -> forms.Form:
    """The form once more, with the words that were in it."""
    services = services_of(interaction)
    entry = await services.blocks.entry(actor_of(interaction), int(match["entry"]), services.clock())
    return correction_form(entry, values)


@forms.handles(rf"corrected:{_ENTRY}", correct_again)
async def correction_sent(interaction: discord.Interaction[Any], match: re.Match[str], values: forms.Values) -> None:
    """Write the new numbers and show the day."""
    services = services_of(interaction)
    done = await services.blocks.correct(actor_of(interaction), int(match["entry"]), _typed(values), services.clock())
    await turn(interaction, *corrected(await _hushed(interaction, done)))


async def _hushed(interaction: discord.Interaction[Any], done: Logged) -> Logged:
    """No line of ours stands beside words that call for help."""
    heard = await screened(interaction)
    return done if heard.tier is Tier.NONE else replace(done, said=None)


def _typed(values: forms.Values, kind: Work = Work.QUESTIONS) -> Typed:
    return Typed(
        kind=kind,
        amount=values.get("amount", ""),
        minutes=values.get("minutes", ""),
        ticks=frozenset(values.get("ticks", "").split()),
        day=values.get("day", ""),
        note=values.get("note", ""),
    )


def logged(done: Logged) -> Page:
    """The day after something was logged, with a way to take it back; an act that arrives late changes nothing."""
    if done.entry.taken_back:
        return taken_back(done)
    line = f"\n{text_of(done.said)}" if done.said else ""
    text, view = panel(done.today, f"Logged: {_what(done)}.{line}")
    view.add_item(EntryButton("undo", done.entry.id))
    if done.said is not None:
        view.add_item(UnhelpfulButton(Moment.LOG, 0, done.entry.study_day, done.said.line.id))
    return text, view


@redraws(Moment.LOG)
async def without_line(interaction: discord.Interaction[Any], _prompt_id: int, _day: date) -> Page:
    """The day as it is now."""
    return await today_page(interaction)


def corrected(done: Logged) -> Page:
    """The day after an entry was corrected."""
    return panel(done.today, f"Corrected: {_what(done)}.")


def taken_back(done: Logged) -> Page:
    """The day after something was taken back; it names what, and can put it back."""
    if not done.entry.taken_back:
        return logged(done)
    text, view = panel(done.today, f"Taken back: {_what(done)}.")
    view.add_item(EntryButton("redo", done.entry.id))
    return text, view


def _what(done: Logged) -> str:
    block, day = done.entry.block, done.entry.study_day
    when = "" if day == done.today.day else f", on {short_day(day)}"
    return f"{_numbers(block)}{when}"


def _numbers(block: Block) -> str:
    right = "" if block.correct is None else f", {block.correct} right"
    minutes = "" if block.minutes is None else f", {block.minutes} minutes"
    return f"{amount(block.amount, block.kind)}{right}{minutes}"


def entry_line(entry: Entry) -> str:
    """One entry with its day and what was ticked."""
    ticked = [short for name, short in SHORT_TICKS.items() if getattr(entry.block, name)]
    return f"{short_day(entry.study_day)}: {', '.join([_numbers(entry.block), *ticked])}"


@shows("work")
async def work_page(_interaction: discord.Interaction[Any]) -> Page:
    """All that is counted beside questions."""
    others = (LogButton(work) for work in Work if work is not Work.QUESTIONS)
    return "**What did you do?**", view_of(*others, PageButton("more"))


@shows("entries")
async def entries_page(interaction: discord.Interaction[Any]) -> Page:
    """The last five entries, each to correct or to take back."""
    services = services_of(interaction)
    entries = await services.blocks.latest(actor_of(interaction), services.clock())
    if not entries:
        return "Nothing is logged yet.", view_of(LogButton(Work.QUESTIONS, "Log a block"), PageButton("more"))
    lines = [f"{number}. {entry_line(entry)}" for number, entry in enumerate(entries, 1)]
    view = view_of()
    for number, entry in enumerate(entries, 1):
        for act, label in (("edit", f"Correct {number}"), ("undo", f"Undo {number}")):
            view.add_item(EntryButton(act, entry.id, label))
    view.add_item(PageButton("more"))
    return "**Your last entries**\n" + "\n".join(lines), view


ITEMS: tuple[type[discord.ui.DynamicItem[Any]], ...] = (EntryButton,)
