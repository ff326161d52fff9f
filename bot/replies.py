"""How is any interaction answered, also when something goes wrong?"""

import asyncio
import logging
import secrets
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Self, cast

import discord
from discord import app_commands

from bot.domain.errors import Resting, UserError
from bot.heard import beside, card_instead, follow
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Unsaved:
    """A form that was sent and could not be saved: the database may be the thing that failed, so memory holds it."""

    discord_id: int
    form: str
    values: dict[str, str]


_unsaved: OrderedDict[str, Unsaved] = OrderedDict()
MOST_UNSAVED = 500


def _keep_unsaved(unsaved: Unsaved) -> str:
    token = secrets.token_hex(6)
    _unsaved[token] = unsaved
    while len(_unsaved) > MOST_UNSAVED:
        _unsaved.popitem(last=False)
    return token


def take_unsaved(token: str, discord_id: int) -> Unsaved | None:
    """What could not be saved, for the person who wrote it, as long as the program runs."""
    unsaved = _unsaved.get(token)
    return unsaved if unsaved is not None and unsaved.discord_id == discord_id else None


After = Callable[[discord.Interaction[Any]], Awaitable[None]]
_afterwards: list[After] = []


def after_commands(tell_more: After) -> After:
    """Let a function say what else somebody is to know, once a command is answered; the last one registered does."""
    _afterwards[:] = [tell_more]
    return tell_more


class answering:  # noqa: N801 - reads as a phrase: `async with answering(interaction):`
    """The door of every command, button and form: whatever happens inside, the person reads one clear sentence.

    `words` are handed back where they were not saved; with `unsaved`, one tap sends them again.
    """

    def __init__(self, interaction: discord.Interaction[Any], words: str = "", unsaved: Unsaved | None = None) -> None:
        self._interaction = interaction
        self.words = words
        self._unsaved = unsaved
        self._telling: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Self:
        loop = asyncio.get_running_loop()
        began = loop.time()
        await card_instead(self._interaction)  # before anything is saved: no slow or broken record may delay it
        self._patience = asyncio.timeout_at(began + PATIENCE)
        await self._patience.__aenter__()
        self._last_call = loop.call_at(began + LAST_CALL, self._tell_now)
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
        if isinstance(error, Exception) and not told:
            await report(self._interaction, error, self.words, self._unsaved)
        if error is None or isinstance(error, Exception):
            await follow(self._interaction)
            await _afterwards_told(self._interaction)
        return isinstance(error, Exception)

    def _tell_now(self) -> None:
        self._telling = asyncio.create_task(report(self._interaction, TimeoutError(), self.words, self._unsaved))


async def _afterwards_told(interaction: discord.Interaction[Any]) -> None:
    """Not below a form that is open, nor, as `tell` sees to, beside a card; the command was answered in any case."""
    is_command = interaction.type is discord.InteractionType.application_command
    is_answered = interaction.response.type is discord.InteractionResponseType.channel_message
    if not (is_command and is_answered and _afterwards):
        return
    try:
        async with asyncio.timeout(PATIENCE):
            await _afterwards[0](interaction)
    except (Resting, TimeoutError) as error:
        log.debug("interaction %s: nothing more is told now: %s", interaction.id, type(error).__name__)
    except Exception as error:  # noqa: BLE001 - as above
        log.error("interaction %s: nothing more was told: %s", interaction.id, type(error).__name__)


async def report(
    interaction: discord.Interaction[Any], error: BaseException, words: str = "", unsaved: Unsaved | None = None
) -> None:
    """Tell a person what went wrong, and hand back `words` that were not saved."""
    while isinstance(error, app_commands.CommandInvokeError | app_commands.TransformerError):
        if error.__cause__ is None:
            break
        error = error.__cause__
    sentence = _sentence(interaction, error)
    if words:
        sentence += f"\n\nYour words, so that they aren't lost:\n>>> {words[:1500]}"
    await hand_back(interaction, sentence, _try_again(error, unsaved))
    await follow(interaction)


def _try_again(error: BaseException, unsaved: Unsaved | None) -> discord.ui.View | None:
    if unsaved is None or (isinstance(error, UserError) and not isinstance(error, Resting)):
        return None
    view = discord.ui.View(timeout=None)
    view.add_item(discord.ui.Button(label="Try again", custom_id=f"again:{_keep_unsaved(unsaved)}"))
    view.stop()  # its button is known by its custom_id; discord.py would remember this view beside it
    return view


def _sentence(interaction: discord.Interaction[Any], error: BaseException) -> str:
    match error:
        case UserError():
            return str(error)
        case TimeoutError():
            log.warning("interaction %s: no answer within %.1f s", interaction.id, PATIENCE)
            return (
                "That took too long, and I can't say whether it was saved. "
                "Please look with `/today` before you try again. `/crisis` works as always."
            )
        case app_commands.NoPrivateMessage():
            return "That works in the study server only, not here."
        case app_commands.CommandNotFound() | app_commands.CommandSignatureMismatch():
            return "That command has changed. Please type it again in a minute."
        case _:
            log.error("interaction %s failed", interaction.id, exc_info=_without_words(error))
            return (
                "Something went wrong on my side, and I can't say whether it was saved. `/today` shows what is; "
                f"the host can find the rest under {interaction.id}. `/crisis` works as always."
            )


async def show(
    interaction: discord.Interaction[Any], text: str, view: discord.ui.View, picture: discord.File | None = None
) -> None:
    """Answer with something that stays: for one person alone in a server, plainly in a DM."""
    if await card_instead(interaction):
        return
    text = await beside(interaction, text, view)
    private, file = interaction.guild_id is not None, picture or discord.utils.MISSING
    await interaction.response.send_message(text, view=view, file=file, ephemeral=private, allowed_mentions=QUIET)


async def turn(
    interaction: discord.Interaction[Any], text: str, view: discord.ui.View, picture: discord.File | None = None
) -> None:
    """Turn the message that a button or form belongs to into something else; its picture leaves with it."""
    if await card_instead(interaction):
        return
    text = await beside(interaction, text, view)
    files = [] if picture is None else [picture]
    await interaction.response.edit_message(content=text, view=view, attachments=files, allowed_mentions=QUIET)


async def tell(interaction: discord.Interaction[Any], sentence: str, view: discord.ui.View | None = None) -> bool:
    """Say something to the person alone; a person who can't be reached any more is let go. Whether it was said."""
    return not await card_instead(interaction) and await _say(interaction, sentence, view)


async def hand_back(interaction: discord.Interaction[Any], sentence: str, view: discord.ui.View | None = None) -> None:
    """As `tell`, for what must be read also where a card is the answer: it stands below the card."""
    await card_instead(interaction)
    await _say(interaction, sentence, view)


async def _say(interaction: discord.Interaction[Any], sentence: str, view: discord.ui.View | None) -> bool:
    drawn = view or discord.ui.View(timeout=None)
    drawn.stop()
    sentence = (await beside(interaction, sentence, drawn))[:LONGEST]
    buttons = drawn if drawn.children else discord.utils.MISSING
    try:
        if interaction.response.is_done():
            await interaction.followup.send(sentence, view=buttons, ephemeral=True, allowed_mentions=QUIET)
        else:
            await interaction.response.send_message(sentence, view=buttons, ephemeral=True, allowed_mentions=QUIET)
    except (discord.HTTPException, OSError) as error:
        log.warning("interaction %s could not be answered: %s", interaction.id, type(error).__name__)
        return False
    return True


def _without_words(error: BaseException) -> BaseException:
    """The traceback without the error's own text, which may quote what somebody wrote."""
    return RuntimeError(type(error).__name__).with_traceback(error.__traceback__)
