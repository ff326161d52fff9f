"""What happens to a number, a mood and a line that somebody sent?"""

import logging
import re
from dataclasses import replace
from datetime import date
from typing import Any

import discord

from bot.domain.check_ins import CheckIn
from bot.domain.patterns import Tier
from bot.heard import screened
from bot.replies import QUIET, actor_of, services_of, turn
from bot.services.check_ins import Words
from bot.ui import forms
from bot.ui.check_ins import LABELS, details, open_day, standing
from bot.ui.evening import evening_form
from bot.ui.lasting import DAY, PROMPT, VERSION, day_of
from bot.ui.low_moods import record
from bot.ui.words import day_name, plain

log = logging.getLogger(__name__)


async def evening_again(
    interaction: discord.Interaction[Any], match: re.Match[str], values: forms.Values
) -> forms.Form:
    """The form once more, with the words that were in it, over what stands now."""
    check_in = await open_day(interaction, day_of(match["day"]))
    return evening_form(int(match["prompt"]), check_in, _words(values))


@forms.handles(rf"evening:{PROMPT}:{DAY}:{VERSION}:{forms.MINT}", evening_again)
async def evening_sent(interaction: discord.Interaction[Any], match: re.Match[str], values: forms.Values) -> None:
    """Save the details of a day; over a state that is no longer the newest, show both and overwrite nothing."""
    services, words = services_of(interaction), _words(values)
    answered = await services.check_ins.describe(
        actor_of(interaction),
        day_of(match["day"]),
        words,
        services.clock(),
        operation=f"evening:{match['mint']}",
        instead_of=int(match["version"]),
    )
    if answered.stale:
        await forms.offer_again(interaction, match[0], values, _both(answered.check_in, words))
        return
    heard = await screened(interaction)
    if heard.tier is not Tier.NONE:
        answered = replace(answered, said=None)  # no line of ours stands beside words like these
    await turn(interaction, *standing(answered, int(match["prompt"])))
    if words.mood is not None and heard.tier is not Tier.A:
        await _show_moods(interaction, answered.check_in.study_day)


async def _show_moods(interaction: discord.Interaction[Any], day: date) -> None:
    """Once a fortnight, below the answer and for the member alone: how their evenings were."""
    services = services_of(interaction)
    try:
        moods = await services.low_moods.to_show(actor_of(interaction), day, services.clock())
        if moods is not None:
            text, view = record(moods)
            await interaction.followup.send(text, view=view, ephemeral=True, allowed_mentions=QUIET)
    except Exception as error:  # noqa: BLE001 - the day is saved and answered: nothing here may make that doubtful
        log.warning("interaction %s: no look at the moods: %s", interaction.id, type(error).__name__)


def _words(values: forms.Values) -> Words:
    mood = values.get("mood", "")
    return Words(
        questions=values.get("questions", ""),
        mood=int(mood) if mood in ("1", "2", "3", "4", "5") else None,
        line=values.get("line", ""),
    )


def _both(check_in: CheckIn, words: Words) -> str:
    """What stands and what was sent over an older state of it; neither mood nor line is repeated."""
    said = LABELS[check_in.outcome].lower() if check_in.outcome else "no answer yet"
    parts = [plain(words.questions), "a mood" if words.mood else "", "a line" if words.line.strip() else ""]
    yours = ", ".join(filter(None, parts)) or "an empty form"
    return (
        f"{day_name(check_in.study_day)} was changed meanwhile, so nothing was overwritten.\n"
        f"It says: {said}{details(check_in)}.\nYours says: {yours}."
    )
