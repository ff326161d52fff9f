"""How does a member stop, come back, or say that they want to plan again?"""

import re
from datetime import datetime
from typing import Any, Self

import discord

from bot.domain.check_ins import Choice
from bot.replies import QUIET, actor_of, answering, services_of
from bot.services import Services
from bot.services.actors import Actor
from bot.ui.check_ins import morning_question
from bot.ui.lasting import Button, view_of

LABELS = {
    "ready": "I'm ready to plan",
    "stop": "Stop these messages",
    "again": "Start again",
    "restart": "Start from today",
}
STOPPED = "Stopped. Nothing more comes until you say so, and nothing of yours is erased. The door stays open."


class PathButton(discord.ui.DynamicItem[Button], template=r"path:(?P<way>ready|stop|again|restart)"):
    """A turn in how the bot goes along with somebody; it belongs to whoever presses it."""

    def __init__(self, way: str) -> None:
        self.way = way
        super().__init__(discord.ui.Button(label=LABELS[way], custom_id=f"path:{way}"))

    @classmethod
    async def from_custom_id(
        cls, _interaction: discord.Interaction[Any], _item: discord.ui.Item[Any], match: re.Match[str], /
    ) -> Self:
        return cls(match["way"])

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        async with answering(interaction):
            services = services_of(interaction)
            text, view = await _take(self.way, services, actor_of(interaction))
            await interaction.response.send_message(text, view=view, ephemeral=True, allowed_mentions=QUIET)


async def _take(way: str, services: Services, actor: Actor) -> tuple[str, discord.ui.View]:
    now = services.clock()
    if way == "stop":
        await services.joining.stop(actor, now)
        return STOPPED, view_of(PathButton("again"))
    if way == "ready":
        due = await services.joining.ready_to_plan(actor, now)
        text = f"All right. From now on there is a short message in the morning and one in the evening; {_next(due)}"
        return text, view_of(PathButton("stop"))
    if way == "restart":
        check_in = await services.check_ins.start_from_today(actor, now)
        text, view = morning_question(check_in, 0, first=Choice.FLOOR)
        return f"Good to see you. {text}", view
    due = await services.joining.start_again(actor, now)
    return f"Good to see you. It starts from today; {_next(due)}", view_of(PathButton("stop"))


def _next(due: datetime | None) -> str:
    if due is None:
        return "`/today` says when the next one comes."
    return f"the next one comes {discord.utils.format_dt(due, 'R')}."


ITEMS: tuple[type[discord.ui.DynamicItem[Any]], ...] = (PathButton,)
