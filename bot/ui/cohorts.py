"""How does a cohort look to whoever joins it, and to whoever looks after it?"""

import re
from collections.abc import Sequence
from typing import Any, Self

import discord

from bot.domain.errors import UserError
from bot.domain.ledgers import FOREVER
from bot.replies import QUIET, answering, services_of
from bot.services.cohorts import QueueChannel, Rights, Standing
from bot.storage.cohorts import Cohort, Pause
from bot.ui.joining import JoinButton
from bot.ui.lasting import Button, view_of
from bot.ui.words import day_name, plain

SILENT_ROLE = (
    "I can't mention the moderator role, so a request that nobody took for twelve hours reaches no phone. In the "
    "role's settings, *Allow anyone to @mention this role* changes that."
)

_ID = r"\d{1,18}"


class ResumeButton(discord.ui.DynamicItem[Button], template=rf"cohort:resume:(?P<cohort>{_ID}):(?P<pause>{_ID})"):
    """End one pause of a cohort; rights are looked at when it is pressed."""

    def __init__(self, cohort_id: int, pause_id: int, label: str = "Resume now") -> None:
        self.cohort_id, self.pause_id = cohort_id, pause_id
        super().__init__(discord.ui.Button(label=label, custom_id=f"cohort:resume:{cohort_id}:{pause_id}"))

    @classmethod
    async def from_custom_id(
        cls, _interaction: discord.Interaction[Any], _item: discord.ui.Item[Any], match: re.Match[str], /
    ) -> Self:
        return cls(int(match["cohort"]), int(match["pause"]))

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        async with answering(interaction):
            services = services_of(interaction)
            standing = await services.cohorts.resume(
                rights_of(interaction), self.cohort_id, self.pause_id, services.clock()
            )
            text, view = paused(standing) if standing.pause else resumed(standing)
            await interaction.response.edit_message(content=text, view=view, allowed_mentions=QUIET)


class ListButton(discord.ui.DynamicItem[Button], template=rf"cohort:list:(?P<after>{_ID})"):
    """Show the cohorts that come after one, or all from the start."""

    def __init__(self, after: int) -> None:
        self.after = after
        label = "More cohorts" if after else "All cohorts"
        super().__init__(discord.ui.Button(label=label, custom_id=f"cohort:list:{after}"))

    @classmethod
    async def from_custom_id(
        cls, _interaction: discord.Interaction[Any], _item: discord.ui.Item[Any], match: re.Match[str], /
    ) -> Self:
        return cls(int(match["after"]))

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        async with answering(interaction):
            services = services_of(interaction)
            page, more = await services.cohorts.listed(rights_of(interaction), self.after, services.clock())
            text, view = listed(page, self.after, more)
            await interaction.response.edit_message(content=text, view=view, allowed_mentions=QUIET)


async def suggested(interaction: discord.Interaction[Any], typed: str) -> list[discord.app_commands.Choice[str]]:
    """The cohorts that somebody looks after and may mean; none for a stranger."""
    try:
        names = await services_of(interaction).cohorts.names(rights_of(interaction))
    except UserError:
        return []
    wanted = typed.casefold()
    return [discord.app_commands.Choice(name=name, value=name) for name in names if wanted in name.casefold()][:25]


def rights_of(interaction: discord.Interaction[Any]) -> Rights:
    """What the person behind an interaction may do here; in a DM, nothing."""
    roles = interaction.user.roles if isinstance(interaction.user, discord.Member) else []
    return Rights(
        guild_id=interaction.guild_id or 0,
        may_manage=interaction.permissions.manage_guild,
        role_ids=frozenset(role.id for role in roles),
    )


def queue_channel(channel: discord.TextChannel) -> QueueChannel:
    """What Discord says of a channel right now: who reads it, and what is missing for us to write there."""
    ours = channel.permissions_for(channel.guild.me)
    needed = {
        "View Channel": ours.view_channel,
        "Send Messages": ours.send_messages,
        "Read Message History": ours.read_message_history,
    }
    return QueueChannel(
        id=channel.id,
        open_to_all=channel.permissions_for(channel.guild.default_role).view_channel,
        missing=tuple(name for name, given in needed.items() if not given),
    )


def is_silent(guild: discord.Guild | None, cohort: Cohort) -> bool:
    """Whether a cohort has a queue whose role we can't mention."""
    role = guild.get_role(cohort.moderator_role_id or 0) if guild is not None else None
    channel = guild.get_channel(cohort.queue_channel_id or 0) if guild is not None else None
    if guild is None or role is None or channel is None:
        return False
    return not role.mentionable and not channel.permissions_for(guild.me).mention_everyone


def invitation(cohort: Cohort) -> tuple[str, discord.ui.View]:
    """A lasting panel for a channel: it says nothing about anybody who joins."""
    text = (
        f"**{plain(cohort.name)}**\n"
        "A quiet companion for a long stretch of study: a short message in the morning and one in the evening, "
        "by DM, at your own time. You say what is realistic; rest counts as rest; a missed day costs nothing.\n\n"
        "Who joins, and what anybody answers, is shown to nobody here, moderators included. "
        "It is a program: for people to talk to, `/crisis` answers everybody, at any hour."
    )
    return text, view_of(JoinButton(cohort.id))


def edited(standing: Standing, invitation_differs: bool, silent_role: bool = False) -> str:
    """A cohort after a change; `silent_role`: the moderator role can't be mentioned by us."""
    text = f"It stands like this now.\n{_line(standing)}"
    if standing.cohort.campus_line:
        text += f"\nIts own line: {plain(standing.cohort.campus_line)}."
    elif standing.server_line:
        text += f"\nThe server's line: {plain(standing.server_line)}."
    if silent_role:
        text += f"\n{SILENT_ROLE}"
    if not invitation_differs:
        return text
    return (
        f"{text}\n\nAn invitation that is posted already keeps its words and its place, and its button works. "
        "`/cohort invite` posts a new one."
    )


def paused(standing: Standing) -> tuple[str, discord.ui.View]:
    """A pause as it stands, what members notice of it, and the way out."""
    cohort, pause = standing.cohort, standing.pause
    if pause is None:
        return resumed(standing)
    end = "Messages come again when you resume." if pause.to_day == FOREVER else "Then messages come again."
    text = (
        f"**{plain(cohort.name)}** is paused {_until(pause)}. {end}\n\n"
        "Its members get no morning and evening messages, and nothing of these days counts as missed. Check-ins, "
        "`/crisis` and everything else work as always. I write to nobody about it. "
        "Somebody who is in another cohort too still gets theirs."
    )
    return text, view_of(ResumeButton(cohort.id, pause.id))


def resumed(standing: Standing) -> tuple[str, discord.ui.View]:
    """A cohort that goes on."""
    text = (
        f"**{plain(standing.cohort.name)}** is not paused. After a pause the first messages come within a day, "
        "to each member at their own time; what fell into it is not made up for."
    )
    return text, view_of(ListButton(0))


def listed(page: Sequence[Standing], after: int, more: bool) -> tuple[str, discord.ui.View]:
    """Some of the cohorts that somebody looks after, a line each, and a button for every one that is paused."""
    view = view_of()
    for standing in page:
        if standing.pause is not None:
            # A label shows neither markdown nor mentions, so the name stands as it is.
            label = f"Resume {standing.cohort.name}"
            view.add_item(ResumeButton(standing.cohort.id, standing.pause.id, label))
    if more:
        view.add_item(ListButton(page[-1].cohort.id))
    elif after:
        view.add_item(ListButton(0))
    return "Cohorts of this server that you look after:\n" + "\n".join(_line(one) for one in page), view


def _line(standing: Standing) -> str:
    cohort, pause = standing.cohort, standing.pause
    role = f"moderators <@&{cohort.moderator_role_id}>" if cohort.moderator_role_id else "no moderator role"
    # One wording from none to four: a number that changes would tell who joined.
    size = f"{standing.size} members" if standing.size is not None else "fewer than five members"
    line = f"**{plain(cohort.name)}**: <#{cohort.channel_id}>, {role}, {size}."
    if cohort.queue_channel_id:
        line += f" Requests stand in <#{cohort.queue_channel_id}>."
    return line if pause is None else f"{line} Paused {_until(pause)}."


def _until(pause: Pause) -> str:
    return "until somebody resumes it" if pause.to_day == FOREVER else f"until {day_name(pause.to_day)}, included"


ITEMS: tuple[type[discord.ui.DynamicItem[Any]], ...] = (ResumeButton, ListButton)
