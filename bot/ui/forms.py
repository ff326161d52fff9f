"""How does a form that somebody sends reach its meaning, even after a restart?

discord.py forgets open modals when the program ends, and the words typed into them would be lost. So modals
here are only drawn; what they carry comes back by their custom_id and is routed like a lasting button.
"""

import re
from collections.abc import Awaitable, Callable
from typing import Any

import discord

Values = dict[str, str]
"""What was typed or picked, by the custom_id of the field; an untouched field is empty."""

Handler = Callable[[discord.Interaction[Any], re.Match[str], Values], Awaitable[None]]

_handlers: dict[re.Pattern[str], Handler] = {}


class Form(discord.ui.Modal):
    """A modal that is only drawn; `on_submit` does nothing, `route` does."""

    async def on_submit(self, interaction: discord.Interaction[Any]) -> None:
        """See `route`."""


def handles(template: str) -> Callable[[Handler], Handler]:
    """Let a function receive every form whose whole custom_id matches `template`."""

    def register(handler: Handler) -> Handler:
        _handlers[re.compile(template)] = handler
        return handler

    return register


async def route(interaction: discord.Interaction[Any]) -> bool:
    """Hand a submitted form to its function. False where nothing knows its custom_id."""
    data: dict[str, Any] = dict(interaction.data or {})
    for template, handler in _handlers.items():
        match = template.fullmatch(data["custom_id"])
        if match is not None:
            await handler(interaction, match, _values(data["components"]))
            return True
    return False


def typed(interaction: discord.Interaction[Any]) -> str:
    """Everything that was written into a submitted form, to hand it back where nothing knows what to do with it."""
    data: dict[str, Any] = dict(interaction.data or {})
    return "\n".join(filter(None, _values(data.get("components", [])).values()))


def _values(components: list[dict[str, Any]]) -> Values:
    found: Values = {}
    for part in components:
        inner = part.get("component")
        nested = [inner] if inner else part.get("components", [])
        if nested:
            found |= _values(nested)
        elif "custom_id" in part:
            found[part["custom_id"]] = str(part.get("value") or "")
    return found
