"""What does each crisis card say, to whom, and in which order?

The words stand here, the numbers in the packaged data. The cards without a country need no data at all.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from bot.domain.crisis import Card, Country, Here, Line, Role
from bot.domain.crisis_lines import Now, at_this_hour, entry, has_more, link, on_the_card, open_first, with_all_ways

LONGEST = 1_900
"""Characters of one message; Discord's own limit is 2,000."""

LONGEST_CAMPUS = 120
"""Characters of the line that a cohort or a server added."""

ABOUT = "I'm a bot: nobody is watching, and I can't call anyone. Only you see this."
NOT_FOUND = "I couldn't find that country, so here is what works everywhere."
NOT_MEANT = (
    "Thanks for telling me. I read words one by one and can be wrong. I keep nothing of it but the time a card "
    "was shown. `/crisis` opens the numbers, at any hour."
)
FROM_ME = (
    "**From me, nobody:** no school, no server, and no volunteer unless you ask for one. I keep the time a card was "
    "shown, a country you pick here, and what the next days should be like; not what you read. Whoever runs me could "
    "look at that, and messages pass through Discord."
)
FROM_LINES = (
    "**My school, a visa office, my family?** From a line, usually not. You can ask before you say your name: “Who do "
    "you tell?”\n\n"
    "**The police?** A line may send help when it thinks that a life is in danger. One research page puts that at "
    "under 1 in 100 cases. You can ask a line when it would."
)
"""Of schools, visa offices and families no source says anything that holds everywhere; of the police, the page of a
trial with 39,450 people (2017) does."""

PUT_AWAY = "Put away."
"""Says nothing to whoever looks at the screen next."""

INTERNATIONAL = "112"
WHERE_YOU_ARE = "where you are"
ELSEWHERE = f"the emergency number {WHERE_YOU_ARE}; 112 works on most mobile phones"
ANOTHER_COUNTRY = "They live elsewhere? *Other country* has the numbers."
HOSPITAL = "Or go to the nearest emergency department."

FIND_A_HELPLINE = "findahelpline.com"
BEFRIENDERS = "befrienders.org"
CRISIS_CENTRES = "iasp.info/suicidalthoughts"
SEARCH = f"{link(FIND_A_HELPLINE)} finds lines to call, text or chat with, by country."
SEARCH_TOPIC = f"{link(FIND_A_HELPLINE)} finds lines by country and topic."
SEARCH_NOW = f"{link(FIND_A_HELPLINE)} finds lines, at any hour."


class Whose(StrEnum):
    """Whose campus line stands on a card, as the card says it."""

    COHORT = "Your cohort's own line"
    SERVER = "Your server's own line"
    ANOTHER = "Another line of yours"
    """Of a cohort or server that is theirs, but not the one that is spoken of."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Campus:
    """The line that a cohort or a server added, as a moderator typed it; empty where there is none."""

    line: str = ""
    whose: Whose = Whose.COHORT


@dataclass(frozen=True, slots=True, kw_only=True)
class _Words:
    """What one card says around the numbers; `danger` takes the emergency number."""

    opening: str
    danger: str
    advice: str = ""
    people: str = "Someone to talk to"
    before: str = ""
    after: str = ""


_WORDS = {
    Card.SELF: _Words(
        opening="You don't have to carry this alone, or find the right words.",
        danger=f"**In danger now, or already hurt?** Call {{}}. {HOSPITAL}",
    ),
    Card.OTHER: _Words(
        opening="It's hard to carry worry for someone. You don't have to do it alone.",
        danger=(
            "**Are they in danger now, or already hurt?** Call {}. Do so even if they ask you not to. "
            "Or go with them to the nearest emergency department. Stay, there or in chat, until help has come.\n"
            "You don't know where they are? Report their message to Discord as self-harm."
        ),
        advice=(
            "**If there is time**\n"
            "Ask: “Are you thinking about suicide?” Asking does not plant the idea.\n"
            "Listen. Ask who is near them. Don't agree to keep it secret."
        ),
        people="For them, and for you",
        before="You can call because you are worried about someone.",
    ),
    Card.HARM_FROM: _Words(
        opening="Nobody has the right to hurt or control you. You don't have to sort this out alone.",
        danger=f"**In danger now, or hurt?** If it's safe to, call {{}}. {HOSPITAL}",
        after=(
            "**Is it safe to have this on your phone?** Whoever opens it can see this, your messages and your "
            "calls. *Put this away* clears this page. A phone that they can't open is safer."
        ),
    ),
    Card.HARM_TO: _Words(
        opening="A thought is not an act. You can talk about it with a person, before anything happens.",
        danger=(
            f"**Might you act on it now?** Call {{}}. {HOSPITAL} If you can, go where the other person isn't, and "
            "away from anything you could use."
        ),
    ),
}


def card(
    country: Country | None,
    kind: Card = Card.SELF,
    here: Here = Here(),  # noqa: B008 - frozen
    whose: Whose = Whose.COHORT,
) -> str:
    """The first thing somebody in need reads: safety, then people; for oneself in 90 words, a few more for hours.

    `whose` says whose line `here.campus` is.
    """
    if kind is Card.HURT:
        return hurt_card(country)
    words = _WORDS[kind]
    danger = words.danger.format(_emergency(country))
    if kind is Card.OTHER:
        danger = danger.replace(WHERE_YOU_ARE, "where they are")
        danger += f" {ANOTHER_COUNTRY}" if country else ""
    parts = (words.opening, danger, words.advice, _people(country, kind, here, whose), words.after, ABOUT)
    return "\n\n".join(part for part in parts if part)


def hurt_card(country: Country | None) -> str:
    """For somebody already hurt: whom to call, and that the press of the button called nobody."""
    call = f"**Call now: {_emergency(country)}.**"
    return f"{call}\n{HOSPITAL}\nI can't call for you. Didn't get through? Call again, or ask anyone near you to call."


def more(country: Country | None, here: Here = Here()) -> str:  # noqa: B008 - frozen
    """What the card left out, one message long, open lines first; empty when the card said it all."""
    if country is None:
        return ""
    entries = [entry(line, here) for line in open_first(country.lines, here.now) if has_more(line)]
    if not entries:
        return ""
    end = f"Others: {link(FIND_A_HELPLINE)}"
    text = f"{in_danger(country)}\n\n**More people to talk to ({country.name})**"
    for each in entries:
        if len(text) + len(each) + len(end) + 4 <= LONGEST:
            text += f"\n\n{each}"
    return f"{text}\n\n{end}"


def who_hears(country: Country | None) -> str:
    """What people fear to ask before they call, answered only as far as a source does; for the bot itself, in full."""
    answers = [f"**{it.asks}** {it.says}" for it in country.answers] if country else []
    told = [f"{line.name}: {line.tells}" for line in country.lines if line.tells] if country else []
    lines = ["\n".join(("**What lines say themselves**", *told))] if told else []
    return "\n\n".join((f"{in_danger(country)}\n\n**Who hears of it?**", FROM_ME, FROM_LINES, *answers, *lines))


def in_danger(country: Country | None) -> str:
    """The emergency number in one line, for the head of a page."""
    return f"**In danger now?** Call {_emergency(country)}."


def _emergency(country: Country | None) -> str:
    if country is None:
        return ELSEWHERE
    everything = [entry for entry in country.emergency if entry.confidence == "read" and not entry.service]
    entries = everything or country.emergency  # a number nobody read adds only doubt to one that was
    numbers = " or ".join(f"{it.number} ({it.service})" if it.service else it.number for it in entries)
    if all(entry.confidence == "read" for entry in entries):
        return numbers
    return ELSEWHERE if numbers == INTERNATIONAL else f"{numbers}, or {ELSEWHERE}"


def _people(country: Country | None, kind: Card, here: Here, whose: Whose) -> str:
    words = _WORDS[kind]
    title = f"**{words.people}{f' ({country.name})' if country else ''}**"
    usual = _on_card(country, here)
    own = open_first([it for it in country.lines if it.harmed], here.now) if country and kind is Card.HARM_FROM else []
    search = _search(country, kind, [at_this_hour(line, here.now) for line in (*own, *usual)], own)
    lines = [with_all_ways(line, here) for line in own]
    lines += [on_the_card(line, here, first=not place, kind=kind) for place, line in enumerate(usual)]
    campus = f"**{whose}:** {here.campus}" if here.campus else ""
    return "\n".join(
        filter(None, (title, words.before, search, *lines, campus, _otherwise(usual, searched=bool(search))))
    )


def _on_card(country: Country | None, here: Here) -> list[Line]:
    """The lines that the data puts on the card, those first that are open at this hour."""
    if country is None:
        return []
    shown = dict.fromkeys(line for role in Role if (line := country.on_card(role)))
    return open_first(shown, here.now)


def _search(country: Country | None, kind: Card, hours: Sequence[Now], own: Sequence[Line]) -> str:
    """Where else to look, said first when the lines of this country are missing, about other things, or closed."""
    harmed = kind is Card.HARM_FROM and not own
    if country is None or not hours:
        unknown = "I have no confirmed line for this country. " if country else ""
        return unknown + (SEARCH_TOPIC if harmed else SEARCH)
    if harmed:
        return SEARCH_TOPIC
    return SEARCH_NOW if all(hour is Now.CLOSED for hour in hours) else ""


def _otherwise(usual: Sequence[Line], *, searched: bool) -> str:
    text = any(Role.TEXT in line.on_card for line in usual)
    several = len(usual) > 1
    if searched:
        centres = "" if usual else f" or {link(CRISIS_CENTRES)}"
        return f"**Didn't get through?** Try {'the next, or ' if several else ''}{link(BEFRIENDERS)}{centres}."
    ask = "Didn't get through?" if text else "Didn't get through, or rather text?"
    return f"**{ask}** Try {'the next, or ' if several and text else ''}{link(FIND_A_HELPLINE)}."
