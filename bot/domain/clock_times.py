"""Which time of day does somebody mean?"""

import re

from bot.domain import numbers
from bot.domain.errors import UserError
from bot.domain.weekdays import plain

NOON, DAY = 12 * 60, 24 * 60
"""In minutes."""

_UP_TO_NINE = "one|two|three|four|five|six|seven|eight|nine"
_SPELLED = re.compile(
    rf"\b(?:(?:twenty|thirty|forty|fifty)(?:[ -](?:{_UP_TO_NINE}))?|(?:four|six|seven|eight|nine)teen"
    rf"|{_UP_TO_NINE}|ten|eleven|twelve|thirteen|fifteen)\b"
)
_SAME = (
    (re.compile(r"(?<=[a-z])\.|'"), ""),
    (re.compile(r"\b(?:12(?:[:.]00)? ?)?(?:noon|midday)\b"), "12pm"),
    (re.compile(r"\b(?:12(?:[:.]00)? ?|24(?:[:.]00)? ?)?midnight\b"), "12am"),
    (re.compile(r"\b(?:in the |this )?morning\b"), "am"),
    (re.compile(r"\b(?:in the |this )?afternoon\b"), "pm"),
    (re.compile(r"\b(?:in the |this )?evening\b"), "evening"),
    (re.compile(r"\b(?:at |in the )?night\b|\btonight\b"), "night"),
    (re.compile(r"(?<![a-z])([ap]) ?m\b"), r"\1m"),
    (re.compile(r"\b(?:o ?clock|uhr|hours?|hrs?|minutes?|mins?|sharp|about|around|at|by|a(?= quarter))\b"), ""),
)
_HOUR = r"(?P<hour>\d{1,2}?)"
_HALF = r" *(?P<half>am?|pm?|evening|night)?"
_DIGITS = re.compile(rf"{_HOUR}(?: *[:;.,h]? *(?P<minute>\d\d))? *h?{_HALF}")
_PAST_OR_TO = re.compile(rf"(?P<part>half|quarter|\d\d?) *(?P<way>past|after|to|till?|before) *{_HOUR}{_HALF}")
_PARTS = {"half": 30, "quarter": 15}


def understand(text: str) -> int:
    """The minutes past midnight, 0 to 1439, that somebody means by "7:30", "730", "7 pm", "19h30" or "half past seven".

    Without am or pm the clock has 24 hours; 24:00 is midnight. Raises UserError with a sentence that says what works.
    """
    said = _SPELLED.sub(lambda words: str(numbers.count(words[0])), plain(text))
    for pattern, same in _SAME:
        said = pattern.sub(same, said)
    minute = _minute(said.strip(" .,!?~()"))
    if minute is None:
        raise UserError("A time of day works here, such as `7:30`, `19:30` or `7 pm`.")
    return minute % DAY


def _minute(said: str) -> int | None:
    """Minutes past midnight, or before it when negative."""
    if digits := _DIGITS.fullmatch(said):
        hour, minute = _on_the_clock(int(digits["hour"]), digits["half"]), int(digits["minute"] or 0)
        late = hour == 24 and minute
        return None if hour is None or minute > 59 or late else hour * 60 + minute
    if around := _PAST_OR_TO.fullmatch(said):
        hour, part = _on_the_clock(int(around["hour"]), around["half"]), around["part"]
        minutes, back = _PARTS.get(part) or int(part), around["way"] not in {"past", "after"}
        unsaid = part == "half" and back  # nobody says half to eight
        return None if hour is None or minutes > 59 or unsaid else hour * 60 + (-minutes if back else minutes)
    return None


def _on_the_clock(hour: int, half: str | None) -> int | None:
    """The hour of 24, or None when the two don't go together; two at night is early, nine at night late."""
    if hour > (24 if half is None else 23) or (half in {"a", "am"} and hour > 12):
        return None
    match half:
        case "am" | "a" | "evening" | "night" if hour == 12:
            return 0
        case "pm" | "p" | "evening" if hour == 0:
            return None
        case "pm" | "p" | "evening" if hour < 12:
            return hour + 12
        case "night" if 6 <= hour < 12:
            return hour + 12
        case _:
            return hour
