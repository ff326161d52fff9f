"""What does a prompt say? Letters become the JSON body that Discord gets.

The first 120 characters are what a locked phone shows: no exam, no result, no mood, no help.
"""

import json
from typing import Any

import discord
from discord.http import handle_message_parameters

from bot.domain import prompts as rules
from bot.domain.check_ins import Outcome, is_kept
from bot.domain.days import Kind
from bot.domain.letters import Letter
from bot.domain.phases import GENTLE, LOOK_BACK_DAY, Phase
from bot.replies import QUIET
from bot.ui.check_ins import EVENING, MORNING, MORNING_AFTER_REST, asking, fact_line, how_did_it_go
from bot.ui.crisis import HelpButton
from bot.ui.lasting import view_of
from bot.ui.paths import PathButton
from bot.ui.words import call, count, day_name, minute_of_day, place

GENTLE_EVENINGS = (
    "Whatever today was, it is allowed to be over now.",
    "Most things can wait this week. My first message says which few can't.",
    "Something to eat and an early night are enough for one evening.",
    "You don't have to understand it yet.",
    "Whom to tell, and when, is yours to choose.",
    "There is no right speed for this.",
    "Not thinking about it for an hour is allowed as well.",
)
LOOK_BACK = (
    "A week has gone by. If you ever want to look at what happened, or ahead, it starts with *I'm ready to plan* "
    "below. There is no date for it, and I won't ask again."
)
WHO_SEES = (
    "**Who sees what:** your answers and notes are yours. Nobody in the server sees them, moderators included. "
    "Notes are stored locked, but whoever hosts me could open them."
)
TO_STOP = "**To stop:** the button below, any time, no reason asked."
A_PROGRAM = (
    "I'm a program, and nobody watches this chat. For people to talk to, at any hour: *I need help*, or `/crisis`."
)
NOTHING_TO_DECIDE = (
    "**Nothing to decide this week**\n"
    "• What can wait: almost everything. A new date, a plan, what to change.\n"
    "• What may have a date: telling your school, if its rules ask for it. Looking up by when is enough.\n"
    "• Who hears of it from me: nobody. Not your school, not your family, not the server.\n"
    "• People to talk to: *I need help* below."
)


def compose(letter: Letter) -> str:
    """The body of one message: text, lasting buttons, and the nonce that makes a repetition harmless."""
    text, view = _MESSAGES[letter.kind](letter)
    with handle_message_parameters(text, view=view, allowed_mentions=QUIET) as parameters:
        body: dict[str, Any] = dict(parameters.payload or {})
    body |= {"nonce": rules.nonce(letter.prompt_id), "enforce_nonce": True}
    return json.dumps(body)


def _morning(letter: Letter) -> tuple[str, discord.ui.View]:
    after_rest = letter.day_before is not None and letter.day_before.outcome is Outcome.ROUGH
    if after_rest:
        rest = "Yesterday was rest, so today opens with the floor: the least that still counts as a day."
        text = f"Good morning, {call(letter.name)}.\n{rest}"
        return text, asking(letter.prompt_id, letter.study_day, MORNING_AFTER_REST)
    lines = [f"Good morning, {call(letter.name)}."]
    if (fact := _lately(letter)) is not None:
        lines.append(fact)
    lines.append("What kind of day is it? *Usual*, or *Floor today*: the least that still counts.")
    return "\n".join(lines), asking(letter.prompt_id, letter.study_day, MORNING)


def _lately(letter: Letter) -> str | None:
    """One fact about the days just gone, or nothing."""
    before = letter.day_before
    if before is not None and is_kept(before.outcome) and before.questions:
        return f"Yesterday: {count(before.questions, 'question')}."
    if letter.kept is not None:
        return fact_line(letter.kept)
    return "Yesterday was a kept day." if before is not None and is_kept(before.outcome) else None


def _evening(letter: Letter) -> tuple[str, discord.ui.View]:
    if letter.phase in GENTLE:
        return _gentle_evening(letter)
    if letter.late:
        text = f"Hello {call(letter.name)}.\n**{day_name(letter.study_day)}:** {how_did_it_go(letter.choice)} "
        return f"{text}One tap is the whole answer.", asking(letter.prompt_id, letter.study_day, EVENING)
    asked = how_did_it_go(letter.choice) if letter.choice else "how did today go?"
    text = f"Good evening, {call(letter.name)}.\n{asked[0].upper()}{asked[1:]} One tap is the whole answer."
    return text, asking(letter.prompt_id, letter.study_day, EVENING)


def _gentle_evening(letter: Letter) -> tuple[str, discord.ui.View]:
    looks_back = letter.phase is Phase.JUST_FOUND_OUT and letter.phase_day == LOOK_BACK_DAY
    word = LOOK_BACK if looks_back else GENTLE_EVENINGS[letter.phase_day % len(GENTLE_EVENINGS)]
    text = f"Good evening, {call(letter.name)}.\nNothing to answer tonight. {word}"
    return text, view_of(HelpButton(letter.prompt_id), PathButton("ready"), PathButton("stop"))


def _welcome(letter: Letter) -> tuple[str, discord.ui.View]:
    clock = letter.clock
    evening = minute_of_day(clock.evening_minute)
    hello = f"Hello {call(letter.name)}, this is where I'll write to you."
    if letter.phase in GENTLE:
        comes = (
            f"**What comes:** at most one short message a day, around {evening} ({place(clock.zone)} time). "
            "It needs no answer. No goals, no dates, no plan until you say so."
        )
        text = "\n\n".join((hello, comes, NOTHING_TO_DECIDE, WHO_SEES, TO_STOP, A_PROGRAM))
        return text, view_of(HelpButton(letter.prompt_id), PathButton("ready"), PathButton("stop"))
    comes = (
        f"**What comes:** a short message at {minute_of_day(clock.morning_minute)} and one at {evening} "
        f"({place(clock.zone)} time). One tap is a whole answer; no answer is fine too, and costs nothing."
    )
    text = "\n\n".join((hello, comes, WHO_SEES, TO_STOP, A_PROGRAM))
    return text, view_of(PathButton("stop"), HelpButton(letter.prompt_id))


_MESSAGES = {Kind.MORNING: _morning, Kind.EVENING: _evening, Kind.WELCOME: _welcome}
