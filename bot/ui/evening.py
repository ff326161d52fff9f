"""What does the form for a number, a mood and a line look like?"""

import secrets

import discord

from bot.domain.check_ins import LONGEST_LINE, CheckIn
from bot.services.check_ins import Words
from bot.ui.forms import Form

MOODS = {1: "1, very low", 2: "2, low", 3: "3, in between", 4: "4, all right", 5: "5, good"}


def words_of(check_in: CheckIn) -> Words:
    """What the form shows at first: what stands."""
    number = "" if check_in.questions is None else str(check_in.questions)
    return Words(questions=number, mood=check_in.mood, line=check_in.line)


def evening_form(prompt_id: int, check_in: CheckIn, words: Words) -> Form:
    """Three optional fields. The custom_id holds the version it was drawn over, and a mint mark of its own,
    so that sending it twice changes nothing the second time.
    """
    mint = secrets.token_hex(6)
    custom_id = f"evening:{prompt_id}:{check_in.study_day}:{check_in.version}:{mint}"
    form = Form(title="The day, if you like", custom_id=custom_id)
    number = discord.ui.TextInput[discord.ui.Modal](
        custom_id="questions", required=False, max_length=60, default=words.questions[:60] or None
    )
    mood = discord.ui.RadioGroup[discord.ui.Modal](
        custom_id="mood",
        required=False,
        options=[
            discord.RadioGroupOption(label=label, value=str(value), default=words.mood == value)
            for value, label in MOODS.items()
        ],
    )
    line = discord.ui.TextInput[discord.ui.Modal](
        custom_id="line",
        required=False,
        max_length=LONGEST_LINE,
        style=discord.TextStyle.paragraph,
        default=words.line[:LONGEST_LINE] or None,
    )
    for text, description, field in (
        ("Questions done, all day", "A number, or nothing.", number),
        ("How are you?", None, mood),
        ("One line, for yourself", "Stored locked. Only you see it; whoever hosts me could open it.", line),
    ):
        form.add_item(discord.ui.Label(text=text, description=description, component=field))
    return form
