"""What does a prompt say? Letters become the JSON body that Discord gets.

The first 120 characters are what a locked phone shows: no exam, no result, no mood, no help.
"""

import json
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

import discord
from discord.http import handle_message_parameters

from bot.domain import prompts as rules
from bot.domain.days import Kind
from bot.domain.facts import LOW_MOODS, FactKind
from bot.domain.letters import Letter, Opening
from bot.domain.lines import Moment
from bot.domain.phases import GENTLE, LOOK_BACK_DAY, Phase
from bot.domain.silences import Ask
from bot.replies import QUIET
from bot.ui import charts
from bot.ui.check_ins import EVENING, MORNING, MORNING_AFTER_REST, asking, how_did_it_go
from bot.ui.crisis import HelpButton
from bot.ui.lasting import view_of
from bot.ui.lines import UnhelpfulButton, redraws, text_of
from bot.ui.pages import PageButton
from bot.ui.paths import PathButton
from bot.ui.plans import shortfall_line
from bot.ui.weeks import line_of, review
from bot.ui.words import MOST_GOALS, amount, call, count, day_name, minute_of_day, place, short_day

Message = tuple[str, discord.ui.View]

GENTLE_EVENINGS = (
    "Whatever today was, it is allowed to be over now.",
    "Most things can wait this week. My first message says which few can't.",
    "Something to eat and an early night are enough for one evening.",
    "You don't have to understand it yet.",
    "Whom to tell, and when, is yours to choose.",
    "There is no right speed for this.",
    "Not thinking about it for an hour is allowed as well.",
)
NO_ANSWER = "Nothing to answer tonight."
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
AFTER_A_CARD = (Opening.HOW_ARE_YOU, Opening.HERE_WHEN_YOU_WANT)
HOW_ARE_YOU = "How are you?"
HOW_ARE_YOU_MORNING = (
    "How are you? There is no goal this morning, and nothing has to be answered. If you feel like a day, one tap: "
    "*Floor today* or *Usual*. *Rough day* makes it rest."
)
HOW_ARE_YOU_EVENING = "How are you? Nothing has to be answered. If you'd like to say how {day} went, one tap is enough."
HERE_WHEN_YOU_WANT = "I'm here when you want. Nothing is asked of you, nothing is missing, and nothing has piled up."
NOTHING_TO_DECIDE = (
    "**Nothing to decide this week**\n"
    "• What can wait: almost everything. A new date, a plan, what to change.\n"
    "• What may have a date: telling your school, if its rules ask for it. Looking up by when is enough.\n"
    "• Who hears of it from me: nobody. Not your school, not your family, not the server.\n"
    "• People to talk to: *I need help* below."
)

OPENINGS = {
    Opening.AFTER_ROUGH_DAY: "Yesterday was rest, so today opens with the floor: the least that still counts as a day.",
    Opening.AFTER_PAUSE: "It is good to have you back. Nothing has piled up; today opens with the floor.",
}
SELDOM = "I write less often now, because that may suit you better. Whenever you like, it starts from today."
ONCE_A_WEEK = "**About the plan, once a week at most:**"
DOOR = (
    "This is my last message for now. The door stays open: one tap, whenever you like, and it starts from that day. "
    "Nothing is kept against you, and nothing waits."
)


def compose(letter: Letter) -> str:
    """The body of one message: text, lasting buttons, and the nonce that makes a repetition harmless."""
    text, view = _MESSAGES[letter.kind](letter)
    with handle_message_parameters(text, view=view, allowed_mentions=QUIET) as parameters:
        body: dict[str, Any] = dict(parameters.payload or {})
    body |= {"nonce": rules.nonce(letter.prompt_id), "enforce_nonce": True}
    if letter.week is not None and any(bar.questions for bar in letter.week.days.bars):
        body["chart"] = charts.packed(letter.week.days)
    return json.dumps(body)


def _morning(letter: Letter) -> Message:
    if letter.ask is not Ask.AS_USUAL:
        return _after_silence(letter)
    if letter.opening in AFTER_A_CARD:
        return _after_card(letter)
    hello = f"{_greeting(letter)} {call(letter.name)}."
    if letter.opening is Opening.PLAIN:
        lines = [hello, *filter(None, (_offline(letter), _lately(letter), _numbers(letter)))]
        lines.append("What kind of day is it? *Usual*, or *Floor today*: the least that still counts.")
        if letter.shortfall is not None:
            lines.append(f"One tap is the whole answer.\n\n{ONCE_A_WEEK} {shortfall_line(letter.shortfall)}")
        return "\n".join(lines), asking(letter.prompt_id, letter.study_day, MORNING)
    lines = [hello, *filter(None, (_offline(letter), OPENINGS[letter.opening], _floor(letter)))]
    return "\n".join(lines), asking(letter.prompt_id, letter.study_day, MORNING_AFTER_REST)


def _greeting(letter: Letter) -> str:
    """By the clock on the wall: somebody on nights is not wished a good evening at breakfast."""
    hour = letter.clock.minute_of(letter.kind) // 60
    if letter.kind is Kind.MORNING:
        return "Good morning," if 4 <= hour < 12 else "Hello"
    return "Good evening," if hour >= 17 or hour < 4 else "Hello"


def _after_silence(letter: Letter) -> Message:
    """No question about what was; one way back."""
    word = DOOR if letter.ask is Ask.LAST_WORD else SELDOM
    text = f"Hello {call(letter.name)}.\n{word}"
    return text, view_of(PathButton("restart"), HelpButton(letter.prompt_id))


def _numbers(letter: Letter) -> str | None:
    """Today's numbers, most of all of questions."""
    goals = [f"{goal} {amount(goal.usual, work, number_too=False)}" for work, goal in letter.goals.items()]
    if not goals:
        return None
    return f"Floor / usual / stretch: {'; '.join(goals[:MOST_GOALS])}."


def _floor(letter: Letter) -> str | None:
    floors = [amount(goal.floor, work) for work, goal in letter.goals.items()]
    return f"The floor is {', '.join(floors[:1])}." if floors else None


def _offline(letter: Letter) -> str | None:
    """What an outage meant: nothing."""
    if letter.offline is None:
        return None
    began, ended = (at.astimezone(ZoneInfo(letter.clock.zone)) for at in letter.offline)
    since = f"{began:%H:%M}" if began.date() == ended.date() else f"{began:%H:%M} on {short_day(began.date())}"
    return f"I was offline from {since} to {ended:%H:%M}; nothing counted."


def _lately(letter: Letter) -> str | None:
    """One fact about the days just gone, or nothing; no number the day after a low mood, as if it had been worth it."""
    before = letter.day_before
    if before.mood in LOW_MOODS:
        return None
    if letter.day_before_kept and before.questions:
        return f"Yesterday: {count(before.questions, 'question')}."
    if letter.kept is not None:
        span = "so far" if letter.kept.kind is FactKind.KEPT_SO_FAR else "in the last four weeks"
        return f"{count(letter.kept.number, 'kept day')} {span}."
    return "Yesterday was a kept day." if letter.day_before_kept else None


def _after_card(letter: Letter) -> Message:
    """How are you, or a word that I am here: no goal, no number and no question about what was."""
    hello = f"{_greeting(letter)} {call(letter.name)}."
    if letter.opening is Opening.HERE_WHEN_YOU_WANT:
        text, buttons = HERE_WHEN_YOU_WANT, view_of(HelpButton(letter.prompt_id), PageButton("today", "Open the day"))
    elif letter.phase in GENTLE:
        text, buttons = f"{HOW_ARE_YOU} {NO_ANSWER}", _gentle_buttons(letter.prompt_id)
    elif letter.kind is Kind.MORNING:
        text, buttons = HOW_ARE_YOU_MORNING, asking(letter.prompt_id, letter.study_day, MORNING_AFTER_REST)
    else:
        day = day_name(letter.study_day) if letter.late else "the day"
        text, buttons = HOW_ARE_YOU_EVENING.format(day=day), asking(letter.prompt_id, letter.study_day, EVENING)
    return "\n".join(filter(None, (hello, _offline(letter), text))), buttons


def _gentle_buttons(prompt_id: int) -> discord.ui.View:
    return view_of(HelpButton(prompt_id), PathButton("ready"), PathButton("stop"))


def _evening(letter: Letter) -> Message:
    if letter.opening in AFTER_A_CARD:
        return _after_card(letter)
    if letter.phase in GENTLE:
        return _gentle_evening(letter)
    asked = how_did_it_go(letter.today.choice)
    if letter.late:
        lines = [
            f"Hello {call(letter.name)}.",
            f"**{day_name(letter.study_day)}:** {asked} One tap is the whole answer.",
        ]
    else:
        asked = asked if letter.today.choice else "how did today go?"
        lines = [
            f"{_greeting(letter)} {call(letter.name)}.",
            f"{asked[0].upper()}{asked[1:]} One tap is the whole answer.",
        ]
    if (offline := _offline(letter)) is not None:
        lines.insert(1, offline)
    if letter.today.work:
        lines.append(f"Logged: {', '.join(amount(number, work) for work, number in letter.today.work.items())}.")
    if letter.week is not None:
        lines.append("\n".join(["", review(letter.week), *line_of(letter.week.days)]))
    return "\n".join(lines), asking(letter.prompt_id, letter.study_day, EVENING)


def _gentle_evening(letter: Letter) -> Message:
    looks_back = letter.phase is Phase.JUST_FOUND_OUT and letter.phase_day == LOOK_BACK_DAY
    hello = f"Good evening, {call(letter.name)}.\n{NO_ANSWER}"
    buttons = (HelpButton(letter.prompt_id), PathButton("ready"), PathButton("stop"))
    if looks_back:
        return f"{hello} {LOOK_BACK}", view_of(*buttons)
    if letter.said is None:
        return f"{hello} {GENTLE_EVENINGS[letter.phase_day % len(GENTLE_EVENINGS)]}", view_of(*buttons)
    unhelpful = UnhelpfulButton(Moment.GENTLE, letter.prompt_id, letter.study_day, letter.said.line.id)
    return f"{hello} {text_of(letter.said)}", view_of(*buttons, unhelpful)


@redraws(Moment.GENTLE)
async def without_line(_interaction: discord.Interaction[Any], prompt_id: int, _day: date) -> Message:
    """The evening with nothing more than that."""
    return NO_ANSWER, _gentle_buttons(prompt_id)


def _welcome(letter: Letter) -> Message:
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
