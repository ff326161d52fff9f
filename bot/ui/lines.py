"""How is a line said, and what happens when it was not helpful?"""

import re
from collections.abc import Awaitable, Callable, Mapping
from datetime import date
from typing import Any, Self

import discord

from bot.domain.blocks import Work
from bot.domain.errors import NotFound
from bot.domain.lines import PLACEHOLDERS, Moment, Said
from bot.replies import actor_of, answering, services_of, turn
from bot.ui.lasting import DAY, PROMPT, Button, day_of
from bot.ui.words import amount, count

RETIRED = "Thank you. That line won't come again."

NOUNS: Mapping[str, Work | str] = {
    "practice": Work.PRACTICE,
    "questions": Work.QUESTIONS,
    "worked_through": Work.QUESTIONS,
    "unseen": Work.QUESTIONS,
    "questions_week": Work.QUESTIONS,
    "questions_month": Work.QUESTIONS,
    "pages": Work.PAGES,
    "videos": Work.VIDEOS,
    "flashcards": Work.FLASHCARDS,
    "gap": "day",
    "kept_week": "kept day",
    "kept_so_far": "kept day",
    "kept": "kept day",
}
"""What is counted under each name that a line may hold."""

Redraw = Callable[[discord.Interaction[Any], int, date], Awaitable[tuple[str, discord.ui.View]]]
_redraws: dict[Moment, Redraw] = {}


def redraws(moment: Moment) -> Callable[[Redraw], Redraw]:
    """Let a function draw the message of that moment without its line, from the prompt's id and the study day."""

    def register(redraw: Redraw) -> Redraw:
        _redraws[moment] = redraw
        return redraw

    return register


def text_of(said: Said) -> str:
    """The line with its numbers filled in."""
    numbers = {PLACEHOLDERS[kind]: number for kind, number in said.true.items() if kind in PLACEHOLDERS}
    return said.line.text.format(**{name: _counted(name, number) for name, number in numbers.items()})


def _counted(name: str, number: int) -> str:
    noun = NOUNS[name]
    return amount(number, noun) if isinstance(noun, Work) else count(number, noun)


class UnhelpfulButton(
    discord.ui.DynamicItem[Button],
    template=rf"unhelpful:(?P<moment>evening|log|gentle):{PROMPT}:{DAY}:(?P<line>[a-z0-9-]{{1,40}})",
):
    """*Not helpful*: the line beside it is never said to this member again."""

    def __init__(self, moment: Moment, prompt_id: int, day: date | str, line_id: str) -> None:
        self.moment, self.prompt_id, self.day, self.line_id = moment, prompt_id, str(day), line_id
        custom_id = f"unhelpful:{moment}:{prompt_id}:{day}:{line_id}"
        super().__init__(discord.ui.Button(label="Not helpful", custom_id=custom_id))

    @classmethod
    async def from_custom_id(
        cls, _interaction: discord.Interaction[Any], _item: discord.ui.Item[Any], match: re.Match[str], /
    ) -> Self:
        return cls(Moment(match["moment"]), int(match["prompt"]), match["day"], match["line"])

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        async with answering(interaction):
            services, redraw = services_of(interaction), _redraws.get(self.moment)
            if redraw is None:
                raise NotFound
            await services.lines.retire(actor_of(interaction), self.line_id, services.clock())
            text, view = await redraw(interaction, self.prompt_id, day_of(self.day))
            await turn(interaction, f"{text}\n{RETIRED}", view)


ITEMS: tuple[type[discord.ui.DynamicItem[Any]], ...] = (UnhelpfulButton,)
