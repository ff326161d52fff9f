"""How does a member ask a volunteer to get in touch, and what do they see before, during and after?"""

import asyncio
import contextlib
import re
from typing import Any, Self

import discord

from bot.domain.errors import Resting
from bot.domain.help_requests import LONGEST_LINE
from bot.domain.patterns import Card
from bot.heard import card_instead, screened
from bot.replies import actor_of, after_commands, answering, hand_back, services_of, show, tell, turn
from bot.services.help_requests import Asking
from bot.ui import forms
from bot.ui import help_words as words
from bot.ui.crisis import HelpButton
from bot.ui.lasting import Button, view_of
from bot.ui.pages import Page, PageButton, page, shows
from bot.ui.settings import labelled

_COHORT = r"(?P<cohort>\d{1,18})"
_REQUEST = r"(?P<request>\d{1,18})"
_DRAFT = r"(?P<draft>\d{1,18})"
LONGEST_CHECK = 1.0
"""Seconds for which a page waits to hear whether those on duty are still there."""
LINE_WAITS = "Nothing was sent to the moderators. Your words are kept for a day."
"""Below a card that a line of theirs opened; it leads back to what they were about to send."""
MOST_COHORTS = 15
"""Cohorts to choose from on one screen."""


class SendButton(discord.ui.DynamicItem[Button], template=rf"human:send:{_COHORT}:{_DRAFT}:{forms.MINT}"):
    """Send what is shown above it; a second press of the same button sends nothing."""

    def __init__(self, cohort_id: int, draft_id: int, mint: str) -> None:
        self.cohort_id, self.draft_id, self.mint = cohort_id, draft_id, mint
        custom_id = f"human:send:{cohort_id}:{draft_id}:{mint}"
        super().__init__(discord.ui.Button(label="Send it", style=discord.ButtonStyle.primary, custom_id=custom_id))

    @classmethod
    async def from_custom_id(
        cls, _interaction: discord.Interaction[Any], _item: discord.ui.Item[Any], match: re.Match[str], /
    ) -> Self:
        return cls(int(match["cohort"]), int(match["draft"]), match["mint"])

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        async with answering(interaction):
            services, actor = services_of(interaction), actor_of(interaction)
            operation = f"human:{self.mint}"
            done = await services.help_requests.ask(
                actor, self.cohort_id, self.draft_id, services.clock(), operation=operation
            )
            await turn(interaction, *drawn(done))


class LineButton(discord.ui.DynamicItem[Button], template=rf"human:line:{_COHORT}:{_DRAFT}"):
    """Open the form for a line that moderators will read."""

    def __init__(self, cohort_id: int, draft_id: int = 0) -> None:
        self.cohort_id, self.draft_id = cohort_id, draft_id
        label = "Change the line" if draft_id else "Add a line"
        super().__init__(discord.ui.Button(label=label, custom_id=f"human:line:{cohort_id}:{draft_id}"))

    @classmethod
    async def from_custom_id(
        cls, _interaction: discord.Interaction[Any], _item: discord.ui.Item[Any], match: re.Match[str], /
    ) -> Self:
        return cls(int(match["cohort"]), int(match["draft"]))

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        async with answering(interaction):
            asking = await _look(interaction, cohort_id=self.cohort_id, draft_id=self.draft_id)
            await interaction.response.send_modal(line_form(self.cohort_id, asking.line))


class LeaveButton(discord.ui.DynamicItem[Button], template=r"human:leave"):
    """Send nothing, forget the line that was typed, and show the day."""

    def __init__(self) -> None:
        super().__init__(discord.ui.Button(label="Leave it", custom_id="human:leave"))

    @classmethod
    async def from_custom_id(
        cls, _interaction: discord.Interaction[Any], _item: discord.ui.Item[Any], _match: re.Match[str], /
    ) -> Self:
        return cls()

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        async with answering(interaction):
            await services_of(interaction).help_requests.leave_line(actor_of(interaction))
            await turn(interaction, *await page(interaction, "today"))


class CohortButton(discord.ui.DynamicItem[Button], template=rf"human:cohort:{_COHORT}"):
    """Choose whose volunteers are asked."""

    def __init__(self, cohort_id: int, label: str = "Cohort") -> None:
        self.cohort_id = cohort_id
        super().__init__(discord.ui.Button(label=label[:80], custom_id=f"human:cohort:{cohort_id}"))

    @classmethod
    async def from_custom_id(
        cls, _interaction: discord.Interaction[Any], _item: discord.ui.Item[Any], match: re.Match[str], /
    ) -> Self:
        return cls(int(match["cohort"]))

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        async with answering(interaction):
            asking = await _look(interaction, cohort_id=self.cohort_id)
            await turn(interaction, *drawn(asking))
            await _heard(interaction, asking)


class WithdrawButton(discord.ui.DynamicItem[Button], template=rf"human:withdraw:{_REQUEST}"):
    """Take a request back, at any time."""

    def __init__(self, request_id: int) -> None:
        self.request_id = request_id
        super().__init__(discord.ui.Button(label="Withdraw", custom_id=f"human:withdraw:{request_id}"))

    @classmethod
    async def from_custom_id(
        cls, _interaction: discord.Interaction[Any], _item: discord.ui.Item[Any], match: re.Match[str], /
    ) -> Self:
        return cls(int(match["request"]))

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        async with answering(interaction):
            services = services_of(interaction)
            done = await services.help_requests.withdraw(actor_of(interaction), self.request_id, services.clock())
            await turn(interaction, words.status(done), view_of(HelpButton(0), PageButton("more")))


class StandsButton(discord.ui.DynamicItem[Button], template=rf"human:stands:{_REQUEST}:(?P<told>\d{{1,9}})"):
    """Show how it stands now; it carries the number of the word that it stands under, which is found again by it."""

    def __init__(self, request_id: int, told: int) -> None:
        self.request_id, self.told = request_id, told
        super().__init__(discord.ui.Button(label="How it stands", custom_id=f"human:stands:{request_id}:{told}"))

    @classmethod
    async def from_custom_id(
        cls, _interaction: discord.Interaction[Any], _item: discord.ui.Item[Any], match: re.Match[str], /
    ) -> Self:
        return cls(int(match["request"]), int(match["told"]))

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        async with answering(interaction):
            asking = await _look(interaction)
            await turn(interaction, *drawn(asking, interaction))
            await _heard(interaction, asking)


async def line_again(_interaction: discord.Interaction[Any], match: re.Match[str], values: forms.Values) -> forms.Form:
    """The form once more, with the words that were too many."""
    return line_form(int(match["cohort"]), values.get("line", ""))


@forms.handles(rf"human:line:{_COHORT}:{forms.MINT}", line_again)
async def line_sent(interaction: discord.Interaction[Any], match: re.Match[str], values: forms.Values) -> None:
    """Show the line as moderators would see it; nothing is sent yet. Where a card comes first, the line waits below."""
    services, actor, cohort_id = services_of(interaction), actor_of(interaction), int(match["cohort"])
    keep, line = services.help_requests.keep_line, values.get("line", "")
    draft_id = await keep(actor, line, services.clock(), cohort_id=cohort_id)
    if draft_id and await card_instead(interaction):
        if (await screened(interaction)).card is not Card.HURT:  # that card stands alone; `/human` has the line
            await hand_back(interaction, LINE_WAITS, view_of(PageButton("human", "Back to my line")))
        return
    await turn(interaction, *drawn(await _look(interaction, cohort_id=cohort_id, draft_id=draft_id)))


def line_form(cohort_id: int, known: str = "") -> forms.Form:
    """One field: what the moderators are to read."""
    form = forms.Form(title="A line for the moderators", custom_id=f"human:line:{cohort_id}:{forms.mint()}")
    field = forms.line("line", LONGEST_LINE, known, example="Evenings are best for me.")
    form.ask("A line, if you like", field, "The moderators of your cohort will read it. You see it once more before.")
    return form


@shows("human")
async def human_page(interaction: discord.Interaction[Any]) -> Page:
    """Who could be asked, what they would see, and how an earlier request stands."""
    return drawn(await _look(interaction), interaction)


async def open_page(interaction: discord.Interaction[Any]) -> None:
    """Show the page; what it says of an ended request is not told again."""
    asking = await _look(interaction)
    await show(interaction, *drawn(asking, interaction))
    await _heard(interaction, asking)


async def _look(interaction: discord.Interaction[Any], *, cohort_id: int = 0, draft_id: int = 0) -> Asking:
    services = services_of(interaction)
    look, actor, guild_id = services.help_requests.look, actor_of(interaction), interaction.guild_id
    asking = await look(actor, guild_id, services.clock(), cohort_id=cohort_id, draft_id=draft_id)
    if asking.cohort is None or asking.stands or not asking.on_duty:
        return asking
    with contextlib.suppress(TimeoutError):  # what is known has to do: an answer is due within three seconds
        async with asyncio.timeout(LONGEST_CHECK):
            await services.queue_keeping.check_on_duty(asking.cohort.cohort_id, services.clock())
    return await look(actor, guild_id, services.clock(), cohort_id=cohort_id, draft_id=draft_id)


async def _heard(interaction: discord.Interaction[Any], asking: Asking) -> None:
    if asking.asked is not None and asking.asked.notice:
        with contextlib.suppress(Resting):  # the answer is there; a word said twice harms nobody
            await services_of(interaction).help_requests.heard(actor_of(interaction), [asking.asked])


@after_commands
async def tell_news(interaction: discord.Interaction[Any]) -> None:
    """Below the answer to a command: how a request stands, once, for somebody whom no DM reaches."""
    service, actor = services_of(interaction).help_requests, actor_of(interaction)
    news = await service.news(actor)
    try:
        if news and await tell(interaction, "\n".join(map(words.line_for_today, news))):
            await service.heard(actor, news)
    finally:
        service.told(news)


def drawn(asking: Asking, interaction: discord.Interaction[Any] | None = None) -> Page:
    """The page of one member; `interaction` only names servers where two cohorts are called the same."""
    if asking.cohort is None:
        return _which(asking, interaction)
    if asking.asked is not None and asking.stands:
        buttons = WithdrawButton(asking.asked.id), HelpButton(0), PageButton("more")
        return f"{words.status(asking.asked)}\n\n{words.WHAT_FOLLOWS}", view_of(*buttons)
    told = f"{words.status(asking.asked)}\n\n" if asking.asked is not None else ""
    if not asking.is_open:
        return f"{told}{words.closed(asking)}", view_of(HelpButton(0), PageButton("more"))
    send = SendButton(asking.cohort.cohort_id, asking.draft_id, forms.mint())
    line = LineButton(asking.cohort.cohort_id, asking.draft_id)
    leave = LeaveButton() if asking.draft_id else PageButton("today", "Leave it")
    return f"{told}{words.preview(asking, asking.cohort)}", view_of(send, line, leave, HelpButton(0))


def _which(asking: Asking, interaction: discord.Interaction[Any] | None) -> Page:
    cohorts = asking.cohorts[:MOST_COHORTS]
    named = labelled(interaction, cohorts) if interaction is not None else [(one, one.name) for one in cohorts]
    view = view_of(*(CohortButton(cohort.cohort_id, name) for cohort, name in named), HelpButton(0))
    return "**Ask a person**\nYou are in several cohorts. Whose moderators would you like to ask?", view


ITEMS: tuple[type[discord.ui.DynamicItem[Any]], ...] = (
    SendButton,
    LineButton,
    LeaveButton,
    CohortButton,
    WithdrawButton,
    StandsButton,
)
