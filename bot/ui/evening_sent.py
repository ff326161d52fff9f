"""What happens to a number, a mood and a line that somebody sent?"""

import re
from typing import Any, Self

import discord

from bot.domain.check_ins import CheckIn
from bot.replies import QUIET, actor_of, answering, services_of
from bot.services.check_ins import Unclear, Words
from bot.ui import forms
from bot.ui.check_ins import LABELS, details, open_day, standing
from bot.ui.evening import evening_form
from bot.ui.lasting import DAY, PROMPT, VERSION, Button, day_of, view_of
from bot.ui.words import day_name, plain


class DraftButton(discord.ui.DynamicItem[Button], template=rf"draft:(?P<draft>\d{{1,18}}):{PROMPT}:{DAY}"):
    """Open the form again with words that could not be used, over what stands now."""

    def __init__(self, draft_id: int, prompt_id: int, day: str) -> None:
        self.draft_id, self.prompt_id, self.day = draft_id, prompt_id, day
        custom_id = f"draft:{draft_id}:{prompt_id}:{day}"
        super().__init__(discord.ui.Button(label="Open it again", custom_id=custom_id))

    @classmethod
    async def from_custom_id(
        cls, _interaction: discord.Interaction[Any], _item: discord.ui.Item[Any], match: re.Match[str], /
    ) -> Self:
        return cls(int(match["draft"]), int(match["prompt"]), match["day"])

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        async with answering(interaction) as door:
            services, actor = services_of(interaction), actor_of(interaction)
            words = await services.check_ins.draft(actor, self.draft_id, services.clock())
            door.words = typed(words)
            check_in = await open_day(interaction, day_of(self.day))
            await interaction.response.send_modal(evening_form(self.prompt_id, check_in, words))


@forms.handles(rf"evening:{PROMPT}:{DAY}:{VERSION}:(?P<mint>[0-9a-f]{{12}})")
async def evening_sent(interaction: discord.Interaction[Any], match: re.Match[str], values: forms.Values) -> None:
    """Save the details of a day, or say in one sentence what would work and keep the words."""
    mood = values.get("mood", "")
    words = Words(
        questions=values.get("questions", ""),
        mood=int(mood) if mood in ("1", "2", "3", "4", "5") else None,
        line=values.get("line", ""),
    )
    async with answering(interaction, words=typed(words)):
        services, actor = services_of(interaction), actor_of(interaction)
        try:
            answered = await services.check_ins.describe(
                actor,
                day_of(match["day"]),
                words,
                services.clock(),
                operation=f"evening:{match['mint']}",
                instead_of=int(match["version"]),
            )
        except Unclear as error:
            await _offer_again(interaction, match, words, f"{error} Your words are kept for a day.")
            return
        if answered.stale:
            sentence = _both(answered.check_in, words)
            await _offer_again(interaction, match, words, sentence)
            return
        text, view = standing(answered, int(match["prompt"]))
        await interaction.response.edit_message(content=text, view=view, allowed_mentions=QUIET)


def typed(words: Words) -> str:
    """What somebody wrote, to hand it back."""
    return "\n".join(filter(None, (words.questions, words.line)))


def _both(check_in: CheckIn, words: Words) -> str:
    """What stands and what was sent over an older state of it; neither mood nor line is repeated."""
    said = LABELS[check_in.outcome].lower() if check_in.outcome else "no answer yet"
    parts = [plain(words.questions), "a mood" if words.mood else "", "a line" if words.line.strip() else ""]
    yours = ", ".join(filter(None, parts)) or "an empty form"
    return (
        f"{day_name(check_in.study_day)} was changed meanwhile, so nothing was overwritten.\n"
        f"It says: {said}{details(check_in)}.\nYours says: {yours}. It is kept for a day."
    )


async def _offer_again(
    interaction: discord.Interaction[Any], match: re.Match[str], words: Words, sentence: str
) -> None:
    services = services_of(interaction)
    draft = await services.check_ins.keep_draft(actor_of(interaction), words, services.clock())
    view = view_of(DraftButton(draft, int(match["prompt"]), match["day"]))
    await interaction.response.send_message(sentence, view=view, ephemeral=True, allowed_mentions=QUIET)


ITEMS: tuple[type[discord.ui.DynamicItem[Any]], ...] = (DraftButton,)
