"""How many questions does somebody mean?"""

import re
import unicodedata
from collections.abc import Iterator, Set
from fractions import Fraction

from bot.domain.errors import UserError

LONGEST_TEXT = 100
"""Characters within which everybody has said a number."""
LONGEST_SPELLED = 5
"""Words in the longest number that is spelled out, such as three hundred and forty five."""

_ONES = (
    *("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"),
    *("thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen"),
)
_TENS = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
_HALF = Fraction(1, 2)
_BLOCKS = frozenset({"block", "blocks", "blk", "blks"})
_TIMES = frozenset({"x", "*", "×", "times"})
_PLUS = frozenset({"+", "and", "plus"})
_NOISE = frozenset(
    {"about", "around", "roughly", "approx", "approximately", "circa", "ca", "maybe", "perhaps", "like", "almost"}
    | {"nearly", "only", "just", "exactly", "i", "did", "do", "done", "finished", "solved", "today", "tonight", "in"}
    | {"total", "so", "far", "the", "question", "questions", "q", "qs", "que", "ques", "mcq", "mcqs", "item", "items"}
    | {"~", "≈", "≃", ".", ",", "!", "?", ":", ";", "(", ")", '"', "'", "`", "_"}
)
_SAME = (
    (re.compile(r"(?<=\d),(?=\d{3}\b)"), ""),
    (re.compile(r"\*\*|(?<=[a-z])-(?=[a-z])"), " "),
    (re.compile(r"\b(?:none|nothing|nil|no|nope)\b"), "zero"),
    (re.compile(r"\bfourty\b"), "forty"),
    (re.compile(r"\bninty\b"), "ninety"),
    (re.compile(r"(?:\ba |(?<![a-z] )\b)hundred\b"), "one hundred"),
    (re.compile(r"\b(?:a )?couple(?: of)?\b"), "two"),
    (re.compile(r"\b(?:a )?dozen\b"), "twelve"),
    (re.compile(r"\b(?:an? )?half(?: of)?(?: an?\b| the\b)?"), "half"),
    (re.compile(r"\ban? (?=blo?c?k)"), "one "),
)
_MIXED = re.compile(r"(?<=\d)\s*½")
_TOKEN = re.compile(r"\d+(?:[.,]\d+)?|[^\W\d_]+|\S")
_SHARE = re.compile(r"\d\s*(?:/|(?:out )?of)\s*\d")


class _Unclear(Exception):
    """The words add up to nothing."""


def count(text: str, block_size: int = 20, most: int = 500) -> int:
    """The questions somebody means by "40", "about forty", "2 blocks", "20+20" or "2x20", from 0 to `most`.

    A part of a block is rounded to whole questions. Raises UserError with a sentence that says what works.
    """
    plain = _plain(text)
    if _SHARE.search(plain):
        raise UserError(f"Only the number done works here, such as `{min(40, most)}`.")
    try:
        questions = _Reader(_tokens(plain), block_size).total() if len(text) <= LONGEST_TEXT else -1
    except _Unclear:
        questions = -1
    if not 0 <= questions <= most:
        blocks = " or `2 blocks`" if 2 * block_size <= most else ""
        raise UserError(f"Any number from 0 to {most} works here, such as `{min(40, most)}`{blocks}.")
    return questions


def _plain(text: str) -> str:
    """Small letters, digits of any script as 0 to 9, without emoji, marks or what can't be seen."""
    text = _MIXED.sub(" and half ", text[: LONGEST_TEXT + 1]).replace("½", " half ")
    text = unicodedata.normalize("NFKC", text).lower()
    kept = (c for c in text if unicodedata.category(c) not in {"Cf", "Mn", "Me", "So", "Sk"})
    return "".join(str(unicodedata.decimal(c, c)) for c in kept)


def _tokens(text: str) -> list[str]:
    for pattern, same in _SAME:
        text = pattern.sub(same, text)
    return [token for token in _TOKEN.findall(text) if token not in _NOISE]


class _Reader:
    """Reads: sum = product {+ product}; product = number {x number} [blocks [of number]]."""

    def __init__(self, tokens: list[str], block_size: int) -> None:
        self.tokens = tokens
        self.block_size = block_size
        self.block: int | Fraction = 0
        """Questions in the last block that was named."""

    def total(self) -> int:
        """All of it, halves of blocks rounded up; raises _Unclear when words are left or questions are in parts."""
        total = self._product()
        while self._take(_PLUS):
            term = self._product()
            total += term * self.block if term == _HALF and self.block else term
        if self.tokens or (total.denominator > 1 and not self.block):
            raise _Unclear
        return int(total + _HALF)

    def _product(self) -> Fraction:
        product = self._number()
        while self._take(_TIMES):
            product *= self._number()
        if self._take(_BLOCKS):
            self.block = self._number() if self._take(_TIMES | {"of"}) else self.block_size
            product *= self.block
        return product

    def _number(self) -> Fraction:
        if not self.tokens:
            raise _Unclear
        if self._take({"half"}):
            return _HALF
        if self.tokens[0] in _BLOCKS:
            return Fraction(1)
        number = self._digits() if self.tokens[0][0].isdecimal() else self._words()
        if self.tokens[:2] == ["and", "half"] and len(self.tokens) > 2:
            del self.tokens[:2]
            return number + _HALF
        return number * _HALF if self._take({"half"}) else number

    def _digits(self) -> Fraction:
        return Fraction(self.tokens.pop(0).replace(",", "."))

    def _words(self) -> Fraction:
        for length in range(LONGEST_SPELLED, 0, -1):
            number = _SPELLED.get(" ".join(self.tokens[:length]))
            if number is not None:
                del self.tokens[:length]
                return Fraction(number)
        raise _Unclear

    def _take(self, wanted: Set[str]) -> bool:
        found = bool(self.tokens) and self.tokens[0] in wanted
        if found:
            del self.tokens[0]
        return found


def _spelled() -> Iterator[tuple[str, int]]:
    """Every number under a thousand in words, with and without and."""
    under = [*_ONES, *(f"{tens} {one}".removesuffix(" zero") for tens in _TENS for one in _ONES[:10])]
    for number, words in enumerate(under):
        yield words, number
        for hundreds in range(1, 10):
            for link in (" ", " and ") if number else ("",):
                yield f"{_ONES[hundreds]} hundred{link}{words if number else ''}", 100 * hundreds + number


_SPELLED = dict(_spelled())
