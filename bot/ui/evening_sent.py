"""What happens to a number, a mood and a line that somebody sent?"""

import re
from typing import Any

import discord

from bot.domain.check_ins import CheckIn
from bot.replies import actor_of, services_of, turn
from bot.services.check_ins import Words
from bot.ui import forms
from bot.ui.check_ins import LABELS, details, open_day, standing
from bot.ui.evening import evening_form
from bot.ui.lasting import DAY, PROMPT, VERSION, day_of
from bot.ui.words import day_name, plain


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
    await turn(interaction, *standing(answered, int(match["prompt"])))


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
