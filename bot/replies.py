"""How is any interaction answered, also when something goes wrong?"""

import asyncio
import logging
from types import TracebackType
from typing import Any, Self, cast

import discord
from discord import app_commands

from bot.domain.errors import UserError
from bot.services import Services
from bot.services.actors import Actor

log = logging.getLogger(__name__)

PATIENCE = 2.4
"""Seconds; Discord forgets an interaction that is not answered within three."""

LAST_CALL = PATIENCE + 0.1
"""Seconds until a person is told, also if the work does not let itself be stopped: a database finishes its step."""

LONGEST = 2000
"""Characters of one message; Discord's limit."""

QUIET = discord.AllowedMentions.none()


def services_of(interaction: discord.Interaction[Any]) -> Services:
    """The services of the program that received this interaction."""
    return cast("Services", interaction.client.services)


def actor_of(interaction: discord.Interaction[Any]) -> Actor:
    """The person behind an interaction, under the name they chose for themselves."""
    user = interaction.user
    return Actor(
        discord_id=user.id,
        name=user.global_name or user.name,
        locale=str(interaction.locale),
        interaction_id=interaction.id,
    )


class answering:  # noqa: N801 - reads as a phrase: `async with answering(interaction):`
    """The door of every command, button and form: whatever happens inside, the person reads one clear sentence.

    `words` are handed back where they were not saved.
    """

    def __init__(self, interaction: discord.Interaction[Any], words: str = "") -> None:
        self._interaction = interaction
        self.words = words
        self._patience = asyncio.timeout(PATIENCE)
        self._telling: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Self:
        await self._patience.__aenter__()
        self._last_call = asyncio.get_running_loop().call_later(LAST_CALL, self._tell_now)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> bool:
        self._last_call.cancel()
        try:
            await self._patience.__aexit__(kind, error, trace)
        except TimeoutError as late:
            error = late
        told = self._telling is not None
        if self._telling is not None:
            await self._telling
        if not isinstance(error, Exception):
            return False
        if not told:
            await report(self._interaction, error, self.words)
        return True

    def _tell_now(self) -> None:
        self._telling = asyncio.create_task(report(self._interaction, TimeoutError(), self.words))


async def report(interaction: discord.Interaction[Any], error: BaseException, words: str = "") -> None:
    """Tell a person what went wrong, and hand back `words` that were not saved."""
    while isinstance(error, app_commands.CommandInvokeError | app_commands.TransformerError):
        if error.__cause__ is None:
            break
        error = error.__cause__
    sentence = _sentence(interaction, error)
    if words:
        sentence += f"\n\nYour words, so that they aren't lost:\n>>> {words[:1500]}"
    await tell(interaction, sentence)


def _sentence(interaction: discord.Interaction[Any], error: BaseException) -> str:
    match error:
        case UserError():
            return str(error)
        case TimeoutError():
            log.warning("interaction %s: no answer within %.1f s", interaction.id, PATIENCE)
            return (
                "That took too long, and I can't say whether it was saved. "
                "Please look with `/checkin` and try again. `/crisis` works as always."
            )
        case app_commands.NoPrivateMessage():
            return "That works in the study server only, not here."
        case app_commands.CommandNotFound() | app_commands.CommandSignatureMismatch():
            return "That command has changed. Please type it again in a minute."
        case _:
            log.error("interaction %s failed", interaction.id, exc_info=_without_words(error))
            return (
                "Something went wrong on my side, and I can't say whether it was saved. `/checkin` shows what is; "
                f"the host can find the rest under {interaction.id}. `/crisis` works as always."
            )


async def tell(interaction: discord.Interaction[Any], sentence: str) -> None:
    """Say something to the person alone; a person who can't be reached any more is let go."""
    sentence = sentence[:LONGEST]
    try:
        if interaction.response.is_done():
            await interaction.followup.send(sentence, ephemeral=True, allowed_mentions=QUIET)
        else:
            await interaction.response.send_message(sentence, ephemeral=True, allowed_mentions=QUIET)
    except (discord.HTTPException, OSError) as error:
        log.warning("interaction %s could not be answered: %s", interaction.id, type(error).__name__)


def _without_words(error: BaseException) -> BaseException:
    """The traceback without the error's own text, which may quote what somebody wrote."""
    return RuntimeError(type(error).__name__).with_traceback(error.__traceback__)
