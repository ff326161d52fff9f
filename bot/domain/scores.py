"""How many questions were done, and how many of them were right?"""

import re
from dataclasses import dataclass
from fractions import Fraction

from bot.domain import numbers
from bot.domain.errors import UserError

MOST = 500
"""Questions in one entry."""

_FLAGS = re.IGNORECASE | re.DOTALL
_RIGHT = re.compile(r"\b(?:right|correct(?:ly)?)\b|[✓✔✅]", _FLAGS)
_WRONG = re.compile(r"\b(?:wrong|incorrect|missed|false)\b|[✗✘❌]", _FLAGS)
_BESIDE = re.compile(r"\b(?:got|were|was|are|had|answers?|(?:of )?(?:them|those))\b", _FLAGS)
_SHARE = re.compile(r"(\d{1,3}(?:[.,]\d{1,2})?)\s*(?:[%％٪]|per ?cent\b)", _FLAGS)
_PERCENTAGE = re.compile(rf"[^\d\-−]*{_SHARE.pattern}\D*", _FLAGS)
_PAIRED = (
    re.compile(r"(.*)[/／⁄∕](.*)", _FLAGS),
    re.compile(r"(\D*\d+\s*)\(([^()]*)\)\s*", _FLAGS),
    re.compile(r"(.*)\bout\s+of\b(.*)", _FLAGS),
    re.compile(r"(.*)\bof\b(?! (?:them|those))(.*)", _FLAGS),
)
"""Two amounts that belong together whatever stands beside them."""
_LISTED = (
    re.compile(r"(.*)(?:[,;:@&]|\b(?:with|at|and|but)\b|\s-\s)(.*)", _FLAGS),
    re.compile(r"(.*)\s(?=\d)(.*)", _FLAGS),
)
"""Two amounts that belong together only when one is said to be right, wrong or a percentage."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """Questions done, 0 to 500, and how many of them were right, if that was said."""

    done: int
    correct: int | None


def understand(text: str, block_size: int) -> Score:
    """What somebody means by "20/14", "14 of 20", "20, 14 right", "20/70%", "2 blocks" or "forty".

    The larger number is what was done. A percentage is rounded to whole questions. Raises UserError with a sentence
    that says what works.
    """
    try:
        return Score(done=numbers.count(text, block_size, MOST), correct=None)
    except UserError:
        score = _score(text, block_size) if len(text) <= numbers.LONGEST_TEXT else None
    if score is None and _PERCENTAGE.fullmatch(text[: numbers.LONGEST_TEXT]):
        raise UserError("A percentage works with the number done before it, such as `20/70%`.")
    if score is None or score.done > MOST:
        raise UserError(
            f"Any number done from 0 to {MOST} works here, such as `20`, or done and right, such as `20/14`."
        )
    return score


def _score(text: str, block_size: int) -> Score | None:
    marked = any(mark.search(text) for mark in (_RIGHT, _WRONG, _SHARE))
    for pattern in (*_PAIRED, *_LISTED) if marked else _PAIRED:
        if halves := pattern.fullmatch(text):
            try:
                return _together(halves[1], halves[2], block_size)
            except UserError:
                return None
    return None


def _together(one: str, other: str, block_size: int) -> Score | None:
    for share, whole in ((one, other), (other, one)):
        if percentage := _PERCENTAGE.fullmatch(share):
            return _part(Fraction(percentage[1].replace(",", ".")) / 100, _amount(whole, block_size))
    amounts = [_amount(half, block_size) for half in (one, other)]
    wrong = [bool(_WRONG.search(half)) for half in (one, other)]
    if wrong[0] != wrong[1] and _RIGHT.search(one if wrong[1] else other):
        return Score(done=sum(amounts), correct=amounts[wrong.index(False)])
    less, more = sorted(amounts)
    return Score(done=more, correct=more - less if any(wrong) else less)


def _part(share: Fraction, done: int) -> Score | None:
    return Score(done=done, correct=int(share * done + Fraction(1, 2))) if share <= 1 else None


def _amount(half: str, block_size: int) -> int:
    for words in (_WRONG, _RIGHT, _BESIDE):
        half = words.sub(" ", half)
    return numbers.count(half, block_size, MOST)
