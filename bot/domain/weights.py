"""How much do the words of a note weigh together, beside what people in danger and people at study wrote?

The phrases of the pattern file find what somebody thought of; the weights are for everything else. They are learned
from labelled notes (`python -m tests.notes`): one number for every word, pair of neighbours and beginning of a long
word. They may open a card, or make a card the gentle line, or take back a gentle line; a card they never take back.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from math import fsum
from typing import NamedTuple

from bot.domain.plain_words import COMMA

PIECE = 60
"""Words that are weighed together; the labelled notes are no longer."""

OVERLAP = 20
"""Words that a part of an endless sentence shares with the next one."""

BEGINNING = 5
"""Letters by which `hanging` and `hanged` are one."""

NUMBER = "#"
LAUGH = "*laugh*"
EDGE = "|"
"""Stands before the first and after the last word of a sentence."""

# Chosen so that few ordinary notes are answered that no weight was learned from: `python -m tests.notes --check`.
DANGER = 1.1
"""From here on a card opens, whatever the patterns say."""

DOUBT = -1.6
"""Below this, a card that the patterns would open is the gentle line."""

WORRY = 1.5
"""From here on there is a gentle line."""

HARMLESS = -1.0
"""Below this, a gentle line that the patterns would say is not said."""


class Scales(NamedTuple):
    """One number for each question; above zero is rather yes."""

    worry: float = 0
    """Not an ordinary note."""
    danger: float = 0
    """Tier A."""
    hurt: float = 0
    """The rest: which card, should it be A; named as in `screens.Card`."""
    self: float = 0
    harm_to: float = 0
    harm_from: float = 0
    other: float = 0


CARDS = Scales._fields[2:]


class Words(NamedTuple):
    """One sentence, as it is weighed."""

    words: Sequence[str]
    laughs: bool


class Weighed(NamedTuple):
    """What a note weighs. A day's log around one sentence must not hide it, nor that sentence stand for the day."""

    worry: float
    """Half by the whole and half by the heaviest sentence, as `danger` is: by these an answer is raised."""
    danger: float
    worry_at_most: float
    """The same, or that sentence alone where it weighs more: by these an answer is lowered."""
    danger_at_most: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Weights:
    """`of` by mark, as `marks` makes them; `start` is what a note weighs of which nothing is known."""

    start: Scales
    of: Mapping[str, Scales]
    both: Mapping[str, tuple[float, float]] = field(init=False, repr=False, compare=False)
    """Worry and danger alone, which every note is asked for."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "both", {mark: (row.worry, row.danger) for mark, row in self.of.items()})

    def of_note(self, sentences: Sequence[Words]) -> Weighed | None:
        """Of the piece that weighs most, for each question by itself; None where most words are unknown."""
        words = {word for sentence in sentences for word in sentence.words}
        if not words or 2 * len(words & self.of.keys()) < len(words):
            return None
        return _most([self._of_piece(piece) for piece in _pieces(sentences)])

    def card(self, sentences: Iterable[Words]) -> str:
        """The name of the heaviest card."""
        every = {mark for sentence in sentences for mark in marks(sentence)}
        rows = [row for mark in every if (row := self.of.get(mark)) is not None]
        sums = Scales(*map(fsum, zip(self.start, *rows, strict=True)))
        return max(CARDS, key=lambda name: getattr(sums, name))

    def _of_piece(self, piece: Sequence[Words]) -> Weighed:
        start, first = self.start, marks(piece[0])
        worry, danger = self._sum(first)
        worry, danger = start.worry + worry, start.danger + danger
        if len(piece) == 1:
            return Weighed(worry, danger, worry, danger)
        most_worry, most_danger, seen = worry, danger, first
        for sentence in piece[1:]:
            marked = marks(sentence)
            new, again = self._sum(marked - seen), self._sum(marked & seen)
            worry, danger = worry + new[0], danger + new[1]
            most_worry = max(most_worry, start.worry + new[0] + again[0])
            most_danger = max(most_danger, start.danger + new[1] + again[1])
            seen |= marked
        worry, danger = (worry + most_worry) / 2, (danger + most_danger) / 2
        return Weighed(worry, danger, max(worry, most_worry), max(danger, most_danger))

    def _sum(self, marked: Iterable[str]) -> tuple[float, float]:
        rows = [self.both[mark] for mark in marked if mark in self.both]
        return fsum([row[0] for row in rows]), fsum([row[1] for row in rows])  # whatever the order of a set, the same


def marks(sentence: Words) -> set[str]:
    """Its words, neighbours and beginnings, each once."""
    words = [NUMBER if word[0].isdigit() else word for word in sentence.words if word != COMMA]
    found = {*words, *map(" ".join, pairwise((EDGE, *words, EDGE)))}
    found.update([word[:BEGINNING] + "-" for word in words if len(word) > BEGINNING])
    if sentence.laughs:
        found.add(LAUGH)
    return found


def _most(pieces: Sequence[Weighed]) -> Weighed:
    return pieces[0] if len(pieces) == 1 else Weighed(*map(max, zip(*pieces, strict=True)))


def _pieces(sentences: Sequence[Words]) -> Iterator[Sequence[Words]]:
    """Neighbouring sentences that are weighed together; one that never ends is read in overlapping parts."""
    if sum(len(sentence.words) for sentence in sentences) <= PIECE:
        yield sentences
        return
    found: list[Words] = []
    length = 0
    for sentence in _parts(sentences):
        if found and length + len(sentence.words) > PIECE:
            yield found
            found, length = [], 0
        found.append(sentence)
        length += len(sentence.words)
    yield found


def _parts(sentences: Iterable[Words]) -> Iterator[Words]:
    for sentence in sentences:
        for first in range(0, max(1, len(sentence.words) - OVERLAP), PIECE - OVERLAP):
            yield Words(sentence.words[first : first + PIECE], sentence.laughs)
