"""What does the form for a number, a mood and a line look like?"""

import discord

from bot.domain.check_ins import LONGEST_LINE, CheckIn
from bot.services.check_ins import Words
from bot.ui import forms

MOODS = {1: "1, very low", 2: "2, low", 3: "3, in between", 4: "4, all right", 5: "5, good"}


def words_of(check_in: CheckIn) -> Words:
    """What the form shows at first: what stands."""
    number = "" if check_in.questions is None else str(check_in.questions)
    return Words(questions=number, mood=check_in.mood, line=check_in.line)


def evening_form(prompt_id: int, check_in: CheckIn, words: Words) -> forms.Form:
    """Three optional fields; the custom_id holds the version of the day that the form was drawn over."""
    custom_id = f"evening:{prompt_id}:{check_in.study_day}:{check_in.version}:{forms.mint()}"
    form = forms.Form(title="The day, if you like", custom_id=custom_id)
    form.ask("Questions done, all day", forms.line("questions", 60, words.questions), "A number, or nothing.")
    mood = discord.ui.Select[discord.ui.Modal](  # five stacked choices would push the line out of a phone's sight
        custom_id="mood",
        placeholder="One of five, or nothing",
        required=False,
        min_values=0,
        options=[
            discord.SelectOption(label=label, value=str(value), default=words.mood == value)
            for value, label in MOODS.items()
        ],
    )
    form.ask("How are you?", mood)
    form.ask(
        "One line, for yourself",
        forms.line("line", LONGEST_LINE, words.line, tall=True),
        "Stored locked. Only you see it; whoever hosts me could open it.",
    )
    return form
