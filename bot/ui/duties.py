"""How does a moderator see and change when they can be asked?"""

import re
from typing import Any, Self
from zoneinfo import ZoneInfo

import discord

from bot.data import places as atlas
from bot.domain import places, weekdays
from bot.domain.clock_times import DAY
from bot.domain.days import DAY as ONE_DAY
from bot.domain.duties import Duty
from bot.domain.errors import UserError
from bot.replies import actor_of, answering, services_of, turn
from bot.services.duties import Duties
from bot.ui.cohorts import rights_of
from bot.ui.lasting import Button, view_of
from bot.ui.pages import Page
from bot.ui.queue_notes import NoteButton
from bot.ui.words import day_name, minute_of_day, place, plain

_COHORT = r"(?P<cohort>\d{1,18})"
LABELS = {"alone": "Open it with me alone", "step_down": "Step down"}
NOT_NAMED = (
    "You aren't named for it. `/queue duty on:True` names you and puts you on duty; `hours:`, `days:` and `zone:` say "
    "when."
)
ALONE = (
    "You are the only one who is named, so it opens only if you say so. What that means: while you sleep or are away "
    "nobody takes over, and what you don't take within a day is closed. You are not crisis help, and members read that "
    "before they ask. A second moderator who uses `/queue duty` makes it lighter."
)


class DutyButton(discord.ui.DynamicItem[Button], template=rf"queue:(?P<act>alone|step_down):{_COHORT}"):
    """Open a queue as the only one, or be named for it no longer."""

    def __init__(self, act: str, cohort_id: int) -> None:
        self.act, self.cohort_id = act, cohort_id
        super().__init__(discord.ui.Button(label=LABELS[act], custom_id=f"queue:{act}:{cohort_id}"))

    @classmethod
    async def from_custom_id(
        cls, _interaction: discord.Interaction[Any], _item: discord.ui.Item[Any], match: re.Match[str], /
    ) -> Self:
        return cls(match["act"], int(match["cohort"]))

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        async with answering(interaction):
            services = services_of(interaction)
            step = services.duties.confirm if self.act == "alone" else services.duties.step_down
            done = await step(actor_of(interaction), rights_of(interaction), self.cohort_id, services.clock())
            await turn(interaction, *card(done))


def zone_of(interaction: discord.Interaction[Any], text: str) -> str:
    """The zone of a place as somebody writes it; empty for no words. Raises UserError for one that isn't clear."""
    if not text.strip():
        return ""
    picked = re.fullmatch(r"[A-Z]{2}:([A-Za-z0-9_+/-]{1,40})", text)  # a suggestion's value
    if picked is not None:
        return picked[1]
    understood = places.understand(text, atlas.atlas(), services_of(interaction).clock())
    if understood.place is None:
        raise UserError("I can't place that for sure. A larger city in your time zone works; the list helps.")
    return understood.place.zone


def card(duties: Duties) -> Page:
    """How a queue is looked after, and what of that is one's own."""
    cohort, mine = duties.cohort, duties.mine
    lines = [
        f"**Requests in “{plain(cohort.name)}”**",
        _mine(mine, duties) if mine is not None else NOT_NAMED,
    ]
    lines.append(f"Named: {duties.named}. On duty right now: {duties.on_duty}.")
    buttons: list[discord.ui.Item[Any]] = []
    if duties.is_open:
        lines.append("Members can ask.")
    else:
        lines.append("Members can't ask yet.")
        if cohort.queue_channel_id is None:
            lines.append("• It needs a channel that only the moderators can read: `/cohort edit queue:`.")
        if duties.is_held:
            lines.append("• Its channel is gone, or everybody can read it now: `/cohort edit queue:`, or its settings.")
        if not duties.may_confirm and duties.named < 2:
            lines.append("• It needs two moderators who are named here.")
    if duties.may_confirm:
        lines.append(ALONE)
        buttons.append(DutyButton("alone", cohort.id))
    if mine is not None:
        buttons.append(DutyButton("step_down", cohort.id))
    return "\n".join(lines), view_of(*buttons, NoteButton("note"))


def _mine(duty: Duty, duties: Duties) -> str:
    if not duty.on_duty:
        return "You are named, and off duty: no reminder rings your phone. `/queue duty on:True` changes that."
    if duty.off_until is not None and duties.is_away:
        last = duty.off_until.astimezone(ZoneInfo(duty.zone)).date() - ONE_DAY
        return f"You are named, and away until {day_name(last)}, included."
    now = "right now, too" if duties.is_on_now else "not right now"
    return f"You are on duty {_when(duty)}; {now}. A reminder may ring your phone then."


def _when(duty: Duty) -> str:
    """For example "Monday to Friday, 18:00 to 22:00 (Chicago)"."""
    days = weekdays.names(duty.duty_weekdays)
    if (duty.duty_from_minute, duty.duty_to_minute) == (0, DAY):
        return f"{days}, at any hour ({place(duty.zone)})"
    ends = minute_of_day(duty.duty_to_minute % DAY)
    return f"{days}, {minute_of_day(duty.duty_from_minute)} to {ends} ({place(duty.zone)})"


ITEMS: tuple[type[discord.ui.DynamicItem[Any]], ...] = (DutyButton,)
