"""Which days of the week does somebody mean?

A set of weekdays is a mask: bit 0 is Monday, bit 6 is Sunday. `plain` and `nearest` serve dates and times, too.
"""

import re
import unicodedata
from collections.abc import Sequence
from datetime import date
from difflib import SequenceMatcher
from itertools import groupby

from bot.domain.errors import UserError
from bot.domain.numbers import LONGEST_TEXT

NAMES = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
NO_DAY, MONDAY_TO_FRIDAY, WEEKEND, EVERY_DAY = 0, 0b0011111, 0b1100000, 0b1111111
SHORTEST_MISSPELT, LONGEST_MISSPELT, ALIKE = 5, 12, 0.8
"""Letters of a word, and how much of it must be right, for a misspelling still to be told."""

_UNSEEN = frozenset({"Cf", "Cc", "Mn", "Me", "So", "Sk"})
_SIGNS = str.maketrans("‐‑‒–—−→’‘،", "-------'',", '*_~`"“”„')
_SHORT = {name[:letters].lower(): day for day, name in enumerate(NAMES) for letters in range(2, len(name) + 1)}
_LETTERS = {"m": 0b0000001, "w": 0b0000100, "f": 0b0010000, "mwf": 0b0010101, "tth": 0b0001010, "tuth": 0b0001010}
_SETS = _LETTERS | {"everyday": EVERY_DAY, "weekdays": MONDAY_TO_FRIDAY, "weekend": WEEKEND, "weekends": WEEKEND}
_NONE = frozenset({"none", "no", "nope", "never", "nothing", "-"})
_SAME = (
    (re.compile(r"'s?\b"), ""),
    (re.compile(r"\b(?:every ?|each |all |7 )days?\b|\bdaily\b|\ball week\b(?! ?days)"), "everyday"),
    (re.compile(r"\ball\b(?=$| but| except| apart)"), "everyday"),
    (re.compile(r"\b(?:week|work(?:ing)?|business) ?days?\b"), "weekdays"),
    (re.compile(r"\bweek ends?\b"), "weekend"),
)
_EXCEPT = re.compile(r"\b(?:except(?: for)?|but(?: not)?|apart from|without|not)\b")
_TO = frozenset({"-", "to", "till", "til", "until", "through", "thru"})
_NOISE = frozenset(
    {"and", "n", "also", "plus", "on", "every", "each", "all", "the", "my", "from", "off", "rest", "day", "days"}
    | {"please", ",", ";", "/", "&", "+", ".", "!", "(", ")"}
)
_TOKEN = re.compile(r"[a-z]+|\S")


class _Unclear(Exception):
    """The words name no days."""


def understand(text: str) -> int:
    """The mask that somebody means by "sat and sun", "Mon-Fri", "weekends", "every day but Sunday" or "none".

    A range may run over the end of the week. Raises UserError with a sentence that says what works.
    """
    said = plain(text)
    for pattern, same in _SAME:
        said = pattern.sub(same, said)
    try:
        return _mask(said.strip())
    except _Unclear:
        raise UserError("Days of the week work here, such as `Sunday`, `Sat and Sun` or `none`.") from None


def has(mask: int, day: date) -> bool:
    """Whether the date falls on one of these weekdays."""
    return bool(mask >> day.weekday() & 1)


def names(mask: int) -> str:
    """For people, and understood again: "Saturday and Sunday", "Monday to Friday", "every day", "no day"."""
    if mask in {NO_DAY, EVERY_DAY}:
        return "every day" if mask else "no day"
    missing = EVERY_DAY & ~mask
    if missing.bit_count() == 1:
        return f"every day but {names(missing)}"
    parts: list[str] = []
    for included, run in groupby(range(7), lambda day: mask >> day & 1):
        days = [NAMES[day] for day in run] if included else []
        parts += [f"{days[0]} to {days[-1]}"] if len(days) > 2 else days
    *others, last = parts
    return f"{', '.join(others)} and {last}" if others else last


def index(word: str) -> int | None:
    """0 for Monday to 6 for Sunday, if a word in small letters names a day: "monday", "mon", "mo", "mondya"."""
    known = _SHORT.get(word, _SHORT.get(word.removesuffix("s")))
    return nearest(word, NAMES) if known is None else known


def plain(text: str) -> str:
    """Small letters, digits of any script as 0 to 9, single spaces; no emoji, marks or quotes; one kind of dash.

    Empty when the text is longer than anybody needs, so that no text takes long.
    """
    if len(text) > LONGEST_TEXT:
        return ""
    text = unicodedata.normalize("NFKC", " ".join(text.split())).lower().translate(_SIGNS)
    kept = (c for c in text if unicodedata.category(c) not in _UNSEEN)
    return " ".join("".join(str(unicodedata.decimal(c, c)) for c in kept).split())


def nearest(word: str, choices: Sequence[str]) -> int | None:
    """The place of the one choice which a word of five letters or more misspells; None when two are as near."""
    if not SHORTEST_MISSPELT <= len(word) <= LONGEST_MISSPELT:
        return None
    alike = [SequenceMatcher(None, choice.lower(), word).ratio() for choice in choices]
    best = max(alike)
    return alike.index(best) if best >= ALIKE and alike.count(best) == 1 else None


def _mask(text: str) -> int:
    said, *left_out = _EXCEPT.split(text, maxsplit=1)
    words = [word for word in _TOKEN.findall(said) if word not in _NOISE]
    mask = NO_DAY if len(words) == 1 and words[0] in _NONE else _listed(words)
    return mask & ~_mask(left_out[0]) if left_out else mask


def _listed(words: Sequence[str]) -> int:
    """The days and ranges of days in a list; raises _Unclear for any other word, an open range, or no day at all."""
    mask, before, open_range = NO_DAY, None, False
    for word in words:
        if word in _TO and before is not None and not open_range:
            open_range = True
            continue
        day = index(word)
        if word in _SETS and not open_range:
            mask, before = mask | _SETS[word], None
        elif day is not None:
            mask |= _run(before, day) if open_range and before is not None else 1 << day
            before, open_range = day, False
        else:
            raise _Unclear
    if open_range or not mask:
        raise _Unclear
    return mask


def _run(first: int, last: int) -> int:
    return sum(1 << (first + days) % 7 for days in range((last - first) % 7 + 1))
