"""How does a form that somebody sends reach its meaning, even after a restart?

discord.py forgets open modals when the program ends, and the words typed into them would be lost. So modals
here are only drawn; what they carry comes back by their custom_id and is routed like a lasting button.

What was typed is never lost: a form that can't be used as it is can be opened again with the same words, and one
that could not be saved is sent once more with one tap.
"""

import re
import secrets
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, Self

import discord

from bot.domain.errors import UserError
from bot.replies import Unsaved, actor_of, answering, hand_back, services_of, take_unsaved
from bot.services.actors import NotJoined
from bot.services.drafts import Draft
from bot.ui.lasting import Button, view_of

Values = dict[str, str]
"""What was typed or picked, by the custom_id of the field; an untouched field is empty, several ticks are one line."""

Handler = Callable[[discord.Interaction[Any], re.Match[str], Values], Awaitable[None]]
Drawer = Callable[[discord.Interaction[Any], re.Match[str], Values], Awaitable["Form"]]

MINT = r"(?P<mint>[0-9a-f]{12})"
"""A mark of its own for each form that is drawn, so that sending it twice changes nothing the second time."""


@dataclass(frozen=True, slots=True)
class _Kind:
    handler: Handler
    drawer: Drawer | None


_kinds: dict[re.Pattern[str], _Kind] = {}


class Form(discord.ui.Modal):
    """A modal that is only drawn; `on_submit` does nothing, `route` does."""

    def __init__(self, *, title: str, custom_id: str) -> None:
        super().__init__(title=title, custom_id=custom_id)
        self.stop()  # discord.py would keep each form that nobody sends for as long as the program runs

    async def on_submit(self, interaction: discord.Interaction[Any]) -> None:
        """See `route`."""

    def ask(self, label: str, field: discord.ui.Item[discord.ui.Modal], description: str | None = None) -> None:
        """Add a field under its label; five at most, labels up to 45 characters, descriptions up to 100."""
        self.add_item(discord.ui.Label(text=label, description=description, component=field))


def line(
    custom_id: str, longest: int, known: str = "", *, example: str = "", required: bool = False, tall: bool = False
) -> discord.ui.TextInput[discord.ui.Modal]:
    """A field for words."""
    return discord.ui.TextInput[discord.ui.Modal](
        custom_id=custom_id,
        required=required,
        max_length=longest,
        default=known[:longest] or None,
        placeholder=example or None,
        style=discord.TextStyle.paragraph if tall else discord.TextStyle.short,
    )


def mint() -> str:
    """See MINT."""
    return secrets.token_hex(6)


def handles(template: str, drawer: Drawer | None = None) -> Callable[[Handler], Handler]:
    """Let a function receive every form whose whole custom_id matches `template`; `drawer` opens it again."""

    def register(handler: Handler) -> Handler:
        _kinds[re.compile(template)] = _Kind(handler, drawer)
        return handler

    return register


async def route(interaction: discord.Interaction[Any]) -> bool:
    """Hand a submitted form to its function. False where nothing knows its custom_id."""
    data: dict[str, Any] = dict(interaction.data or {})
    if _find(data["custom_id"]) is None:
        return False
    await _send(interaction, data["custom_id"], _values(data["components"]))
    return True


def typed(interaction: discord.Interaction[Any]) -> str:
    """Everything that was written into a submitted form, to hand it back where nothing knows what to do with it."""
    data: dict[str, Any] = dict(interaction.data or {})
    return _words(_values(data.get("components", [])))


async def offer_again(interaction: discord.Interaction[Any], custom_id: str, values: Values, sentence: str) -> None:
    """Say what would work, and keep the words behind a button. Raises NotJoined for somebody without records."""
    services = services_of(interaction)
    draft = Draft(form=custom_id, values=values)
    draft_id = await services.drafts.keep(actor_of(interaction), draft, services.clock())
    await hand_back(interaction, f"{sentence} Your words are kept for a day.", view_of(DraftButton(draft_id)))


class DraftButton(discord.ui.DynamicItem[Button], template=r"draft:(?P<draft>\d{1,18})"):
    """Open a form again with words that could not be used."""

    def __init__(self, draft_id: int) -> None:
        self.draft_id = draft_id
        super().__init__(discord.ui.Button(label="Open it again", custom_id=f"draft:{draft_id}"))

    @classmethod
    async def from_custom_id(
        cls, _interaction: discord.Interaction[Any], _item: discord.ui.Item[Any], match: re.Match[str], /
    ) -> Self:
        return cls(int(match["draft"]))

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        async with answering(interaction) as door:
            services = services_of(interaction)
            draft = await services.drafts.find(actor_of(interaction), self.draft_id, services.clock())
            door.words = _words(draft.values)
            found = _find(draft.form)
            if found is None or found[0].drawer is None:
                raise UserError("I don't know that form any more.", again=False)
            await interaction.response.send_modal(await found[0].drawer(interaction, found[1], draft.values))


class AgainButton(discord.ui.DynamicItem[Button], template=r"again:(?P<token>[0-9a-f]{12})"):
    """Send once more what could not be saved; it means the same act, so it is never done twice."""

    def __init__(self, token: str) -> None:
        self.token = token
        super().__init__(discord.ui.Button(label="Try again", custom_id=f"again:{token}"))

    @classmethod
    async def from_custom_id(
        cls, _interaction: discord.Interaction[Any], _item: discord.ui.Item[Any], match: re.Match[str], /
    ) -> Self:
        return cls(match["token"])

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        unsaved = take_unsaved(self.token, interaction.user.id)
        if unsaved is None:
            async with answering(interaction):
                raise UserError("I no longer have them at hand. They stand in this message, to copy.", again=False)
        else:
            await _send(interaction, unsaved.form, unsaved.values)


async def _send(interaction: discord.Interaction[Any], custom_id: str, values: Values) -> None:
    found = _find(custom_id)
    words = _words(values)
    unsaved = Unsaved(discord_id=interaction.user.id, form=custom_id, values=values) if words else None
    async with answering(interaction, words=words, unsaved=unsaved):
        if found is None:
            raise UserError("I don't know that form any more. `/today` opens a new one.", again=False)
        kind, match = found
        try:
            await kind.handler(interaction, match, values)
        except UserError as error:
            if not error.again or kind.drawer is None or not words:
                raise
            try:
                await offer_again(interaction, custom_id, values, str(error))
            except NotJoined:
                raise error from None


def _find(custom_id: str) -> tuple[_Kind, re.Match[str]] | None:
    for template, kind in _kinds.items():
        match = template.fullmatch(custom_id)
        if match is not None:
            return kind, match
    return None


def _words(values: Values) -> str:
    """What somebody wrote, without what they only ticked."""
    return "\n".join(value for name, value in values.items() if value and name not in TICKED)


TICKED = frozenset({"mood", "ticks"})
"""Custom_ids of fields in which nothing is written."""


def _values(components: list[dict[str, Any]]) -> Values:
    found: Values = {}
    for part in components:
        inner = part.get("component")
        nested = [inner] if inner else part.get("components", [])
        if nested:
            found |= _values(nested)
        elif "custom_id" in part:
            found[part["custom_id"]] = str(part.get("value") or " ".join(part.get("values") or ()))
    return found


ITEMS: tuple[type[discord.ui.DynamicItem[Any]], ...] = (DraftButton, AgainButton)
