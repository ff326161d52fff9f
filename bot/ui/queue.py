"""How do requests look to the moderators who answer them, and what does each button do?"""

import json
import re
from collections.abc import Sequence
from typing import Any, Self

import discord
from discord.http import handle_message_parameters

from bot.domain.help_requests import STANDING, State
from bot.replies import QUIET, actor_of, answering, services_of, tell
from bot.services.queue_keeping import Drawing, Ping
from bot.storage.help_requests import Card
from bot.ui.cohorts import rights_of
from bot.ui.lasting import Button, view_of
from bot.ui.pages import Page
from bot.ui.queue_notes import AFTER, NoteButton
from bot.ui.words import count, plain

_REQUEST = r"(?P<request>\d{1,18})"
MOST_LISTED = 6
"""Requests that `/queue show` lists."""
ENDS = {
    State.HANDLED: "Handled",
    State.WITHDRAWN: "Withdrawn by the member; nothing is to be done.",
    State.EXPIRED: "Nobody took it within a day, so it is closed. The member is told who else there is.",
    State.CLOSED: "Closed; nothing is to be done.",
}
TAKEN = (
    "It's yours, and the member is told so. Write to them in private, as soon as you can. If it gets too much, or it "
    "doesn't fit today, *Hand over* is right. If Discord won't let you write to them, *Hand over* and tell the others; "
    "don't mark it handled. Within a day, *Handled* or *Hand over*; otherwise it goes back to the "
    "others."
)
HANDED_OVER = "It is with the others again, and the member is told so. It was right to say so."


class ClaimButton(discord.ui.DynamicItem[Button], template=rf"queue:claim:{_REQUEST}:(?P<step>\d)"):
    """Take a request; `step` says by which reminder, 0 on its own message."""

    def __init__(self, request_id: int, step: int = 0) -> None:
        self.request_id = request_id
        custom_id = f"queue:claim:{request_id}:{step}"
        super().__init__(discord.ui.Button(label="Claim", style=discord.ButtonStyle.primary, custom_id=custom_id))

    @classmethod
    async def from_custom_id(
        cls, _interaction: discord.Interaction[Any], _item: discord.ui.Item[Any], match: re.Match[str], /
    ) -> Self:
        return cls(int(match["request"]), int(match["step"]))

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        async with answering(interaction):
            services = services_of(interaction)
            actor, rights = actor_of(interaction), rights_of(interaction)
            await services.queues.claim(actor, rights, self.request_id, services.clock())
            buttons = HoldButton("handled", self.request_id), HoldButton("hand_over", self.request_id)
            await tell(interaction, TAKEN, view_of(*buttons, NoteButton("note")))


LABELS = {"handled": "Handled", "hand_over": "Hand over"}


class HoldButton(discord.ui.DynamicItem[Button], template=rf"queue:(?P<act>handled|hand_over):{_REQUEST}"):
    """Let go of a request that one has: because a person was there, or because somebody else is to be."""

    def __init__(self, act: str, request_id: int) -> None:
        self.act, self.request_id = act, request_id
        super().__init__(discord.ui.Button(label=LABELS[act], custom_id=f"queue:{act}:{request_id}"))

    @classmethod
    async def from_custom_id(
        cls, _interaction: discord.Interaction[Any], _item: discord.ui.Item[Any], match: re.Match[str], /
    ) -> Self:
        return cls(match["act"], int(match["request"]))

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        async with answering(interaction):
            services = services_of(interaction)
            actor, rights, now = actor_of(interaction), rights_of(interaction), services.clock()
            if self.act == "handled":
                await services.queues.handle(actor, rights, self.request_id, now)
                await tell(interaction, AFTER, view_of(NoteButton("incident")))
            else:
                await services.queues.hand_over(actor, rights, self.request_id, now)
                await tell(interaction, HANDED_OVER, view_of(NoteButton("after")))


def marks(request_id: int) -> tuple[str, ...]:
    """What the message of a request holds, and no other: by it, it is found again in its channel."""
    return tuple(f'"queue:{part}"' for part in (f"claim:{request_id}:0", f"handled:{request_id}"))


def who_asked(discord_id: int, name: str, cohort: str) -> str:
    """The one sentence about a member that moderators see; the member is shown it before, word for word."""
    return (
        f"**Somebody asked to be contacted:** <@{discord_id}> ({plain(name[:40]) or 'no name'}), in “{plain(cohort)}”."
    )


def quoted(line: str) -> str:
    """The line that a member added, as it is shown to them before and to moderators after."""
    return f"> {plain(line)}" if line else ""


def drawn(drawing: Drawing) -> Page:
    """A request as its message shows it; one that has ended names nobody but who handled it."""
    card = drawing.card
    holder = f"<@{card.holder_discord_id}>" if card.holder_discord_id else "somebody"
    if card.state not in STANDING:
        by = f" by {holder}." if card.state is State.HANDLED else ""
        return f"**A request has ended.** {ENDS[card.state]}{by}", view_of()
    lines = [who_asked(card.discord_id, card.name, card.cohort), quoted(drawing.line)]
    lines.append(f"Asked {discord.utils.format_dt(card.asked_at, 'R')}.")
    if card.state is State.OPEN:
        lines.append("Nobody has taken it yet.")
        view = view_of(ClaimButton(card.id), NoteButton("note"))
    else:
        lines.append(f"{holder} has it.")
        view = view_of(HoldButton("handled", card.id), HoldButton("hand_over", card.id), NoteButton("note"))
    return "\n".join(filter(None, lines)), view


def body_of(drawing: Drawing) -> str:
    """The body of a request's message; posting it twice makes one message, and an edit has no nonce."""
    (text, view), card = drawn(drawing), drawing.card
    # Not the id alone: of a message that was deleted, Discord would remember the nonce, and make no other.
    return message_body(text, view, "" if card.message_id is not None else f"h{card.id}v{card.version}")


def reminder(ping: Ping, accounts: Sequence[int] = ()) -> str:
    """The body of a reminder: the one message of ours that makes a phone ring in a server.

    It rings these accounts one by one, or without any the whole role: Discord can spare nobody who has it.
    """
    owed, since = ping.owed, "twelve hours" if ping.is_for_role else "two hours"
    if accounts:
        whom, mentions = " ".join(f"<@{account}>" for account in accounts), _may_ring(users=accounts)
    else:
        whom, mentions = f"<@&{owed.moderator_role_id}>", _may_ring(roles=[owed.moderator_role_id or 0])
    text = (
        f"{whom} Somebody has waited {since} to be contacted: {link(owed.guild_id, owed.channel_id, owed.message_id)}"
    )
    return message_body(text, view_of(ClaimButton(owed.id, owed.step)), f"h{owed.id}p{owed.step}", mentions)


def reminder_mark(ping: Ping) -> str:
    """What a reminder holds, and no other message."""
    return f'"queue:claim:{ping.owed.id}:{ping.owed.step}"'


def _may_ring(users: Sequence[int] = (), roles: Sequence[int] = ()) -> discord.AllowedMentions:
    return discord.AllowedMentions(
        everyone=False,
        users=[discord.Object(account) for account in users] or False,
        roles=[discord.Object(role) for role in roles] or False,
        replied_user=False,
    )


def message_body(text: str, view: discord.ui.View, nonce: str, mentions: discord.AllowedMentions = QUIET) -> str:
    """The JSON of one message, as the library itself builds it; without a nonce, that of an edit."""
    flags = discord.MessageFlags(suppress_embeds=True)
    with handle_message_parameters(text, view=view, allowed_mentions=mentions, flags=flags) as parameters:
        body: dict[str, Any] = dict(parameters.payload or {})
    return json.dumps(body | ({"nonce": nonce, "enforce_nonce": True} if nonce else {}))


def link(guild_id: int, channel_id: int, message_id: int) -> str:
    """Where a message stands."""
    return f"https://discord.com/channels/{guild_id}/{channel_id}/{message_id}"


def listed(cards: Sequence[Card]) -> Page:
    """What stands in the queues that somebody looks after; no names and no words."""
    view = view_of(NoteButton("note"), NoteButton("incident"), NoteButton("death"))
    if not cards:
        return "Nobody is waiting right now.", view
    lines = [_listed(card) for card in cards[:MOST_LISTED]]
    more = len(cards) - len(lines)
    lines += [f"And {count(more, 'more request')}, which stand in the queue itself."] if more else []
    return "**Requests that stand**\n" + "\n".join(lines), view


def _listed(card: Card) -> str:
    has = f"<@{card.holder_discord_id}> has it" if card.holder_discord_id else "nobody has it yet"
    where = ""
    if card.message_id is not None and card.channel_id is not None:
        where = f" {link(card.guild_id, card.channel_id, card.message_id)}"
    return f"• “{plain(card.cohort)}”, asked {discord.utils.format_dt(card.asked_at, 'R')}: {has}.{where}"


ITEMS: tuple[type[discord.ui.DynamicItem[Any]], ...] = (ClaimButton, HoldButton)
