"""How much do the words of a note weigh together, beside what people in danger and people at study wrote?

The phrases of the pattern file find what somebody thought of; the weights are for everything else. They are learned
from labelled notes (`python -m tests.notes`): one row of numbers for every word, pair of neighbours and beginning of
a long word. By them a card may open, become the gentle line, or a gentle line be left out; never a card be left out.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from math import fsum, inf, log
from typing import NamedTuple

from bot.domain.plain_words import COMMA

PIECE = 60
"""Words that are weighed together; few of the labelled notes are longer."""

OVERLAP = 20
"""Words that a part of an endless sentence shares with the next one."""

BEGINNING = 5
"""Letters by which `hanging` and `hanged` are one."""

NUMBER, LARGE_NUMBER = "#", "##"
"""Two tablets are not forty."""

LAUGH = "*laugh*"
EDGE = "|"
"""Stands before the first and after the last word of a sentence."""

JOINTS = frozenset({COMMA, "but", "and", "then", "so", "though", "yet", "because"})
"""Where a clause may end: what somebody did that day must not hide what they say in the same breath."""

# Chosen so that few ordinary notes are answered that no weight was learned from: `python -m tests.notes --check`.
DANGER = 1.2
"""From here on a card opens, whatever the patterns say."""

DOUBT = -1.6
"""Below this, a card that the patterns would open is the gentle line."""

WORRY = -0.1
"""From here on `Weighed.either` is a gentle line."""

LEAN = 0.35
"""What danger counts there beside worry: a question each, and each knows something of the other."""

HARMLESS, NO_DANGER = -0.7, -0.8
"""Below both, of worry and of danger, a gentle line that the patterns would say is not said."""

LENGTH, FEW, USUAL = 0.3, 4, 10
"""How much for every e-fold of words more than ten, counted from four on: of more, more weigh something by chance."""


class Scales(NamedTuple):
    """One number for each question; above zero is rather yes."""

    worry: float = 0
    """Not an ordinary note."""
    danger: float = 0
    """Tier A."""
    hurt: float = 0
    """The rest: which card, should it be A; named as in `patterns.Card`."""
    self: float = 0
    harm_to: float = 0
    harm_from: float = 0
    other: float = 0


CARDS = Scales._fields[2:]


@dataclass(slots=True)
class Bare:
    """One sentence, as it is weighed."""

    words: Sequence[str]
    laughs: bool
    _marks: frozenset[str] | None = field(default=None, init=False, repr=False, compare=False)
    alone: tuple[float, float] | None = field(default=None, init=False, repr=False, compare=False)
    """What it weighs by itself, once somebody asked."""

    @property
    def marks(self) -> frozenset[str]:
        """Its words, neighbours and beginnings, each once; worked out once."""
        if self._marks is None:
            self._marks = _marks(self)
        return self._marks


class Weighed(NamedTuple):
    """What some words weigh for the two questions that every note is asked."""

    worry: float
    danger: float

    @property
    def either(self) -> float:
        """How much speaks for any answer at all."""
        return self.worry + LEAN * self.danger


def by_chance(words: int) -> float:
    """What a note of so many words weighs more than it means; below zero for a few words."""
    return LENGTH * log(max(FEW, min(words, PIECE)) / USUAL)


@dataclass(frozen=True, slots=True, kw_only=True)
class Weights:
    """`of` by mark, as `Bare` has them; `start` is what a note weighs of which nothing is known."""

    start: Scales
    of: Mapping[str, Scales]
    both: Mapping[str, tuple[float, float]] = field(init=False, repr=False, compare=False)
    """Worry and danger alone, which every note is asked for."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "both", {mark: (row.worry, row.danger) for mark, row in self.of.items()})

    def of_note(self, sentences: Sequence[Bare]) -> Weighed:
        """Half as a whole, half by its heaviest sentence, which a day's log must not hide; of a long note the most."""
        found = [self._of_piece(piece) for piece in _pieces(sentences)]
        worry, danger = found[0] if len(found) == 1 else map(max, zip(*found, strict=True))
        chance = _chance(sentences)
        return Weighed(worry - chance, danger - chance)

    def is_below(self, bound: Weighed, sentences: Iterable[Bare], note: Sequence[Bare]) -> bool:
        """Whether none of these sentences of a note, nor a clause of one, reaches either bound by itself.

        False where most words of a clause are unknown: of those nothing can be said.
        """
        chance = _chance(note)
        worry, danger = (
            at + chance - start for at, start in zip(bound, (self.start.worry, self.start.danger), strict=True)
        )
        for clause in (part for sentence in sentences for part in _clauses(sentence)):
            alone = self._alone(clause)
            if alone[0] >= worry or alone[1] >= danger:
                return False
            words = {*_words(clause), *([LAUGH] if clause.laughs else ())}
            if 2 * sum(word in self.both for word in words) < len(words):
                return False
        return True

    def card(self, sentences: Sequence[Bare]) -> str:
        """The name of the heaviest card, by the sentence in which the danger is."""
        each = [*parts(sentences, PIECE, OVERLAP)]
        one = each[0] if len(each) == 1 else max(each, key=lambda it: self._alone(it)[1])
        rows = [row for mark in one.marks if (row := self.of.get(mark)) is not None]
        sums = Scales(*map(sum, zip(self.start, *rows, strict=True)))
        return max(CARDS, key=lambda name: getattr(sums, name))

    def _of_piece(self, piece: Sequence[Bare]) -> Weighed:
        worry, danger = self.start.worry, self.start.danger
        most_worry, most_danger, seen = -inf, -inf, frozenset[str]()
        for sentence in piece:
            alone = self._alone(sentence)
            again = self._sum(sentence.marks & seen) if seen else (0.0, 0.0)
            worry, danger = worry + alone[0] - again[0], danger + alone[1] - again[1]
            most_worry = max(most_worry, self.start.worry + alone[0])
            most_danger = max(most_danger, self.start.danger + alone[1])
            seen |= sentence.marks
        return Weighed((worry + most_worry) / 2, (danger + most_danger) / 2) if piece else Weighed(worry, danger)

    def _alone(self, sentence: Bare) -> tuple[float, float]:
        if sentence.alone is None:
            sentence.alone = self._sum(sentence.marks)
        return sentence.alone

    def _sum(self, marked: Iterable[str]) -> tuple[float, float]:
        rows = [self.both[mark] for mark in marked if mark in self.both]
        return fsum([row[0] for row in rows]), fsum([row[1] for row in rows])  # whatever the order of a set, the same


def _chance(note: Iterable[Bare]) -> float:
    return by_chance(sum(len(sentence.words) for sentence in note))


def _marks(sentence: Bare) -> frozenset[str]:
    words = _words(sentence)
    pairs = map(" ".join, pairwise((EDGE, *words, EDGE)))
    beginnings = [word[:BEGINNING] + "-" for word in words if len(word) > BEGINNING]
    return frozenset((*words, *pairs, *beginnings, LAUGH) if sentence.laughs else (*words, *pairs, *beginnings))


def _words(sentence: Bare) -> list[str]:
    return [_number(word) if word[0].isdigit() else word for word in sentence.words if word != COMMA]


def _number(word: str) -> str:
    return LARGE_NUMBER if word[1:2].isdigit() else NUMBER


def _clauses(sentence: Bare) -> Iterator[Bare]:
    """The sentence as a whole, and its clauses where there are several."""
    yield sentence
    if JOINTS.isdisjoint(sentence.words) and len(sentence.words) <= PIECE:
        return
    first = 0
    for at, word in enumerate([*sentence.words, COMMA]):
        if word in JOINTS or at - first == PIECE:
            if at > first:
                yield Bare(sentence.words[first:at], sentence.laughs)
            first = at + (word in JOINTS)


def _pieces(sentences: Sequence[Bare]) -> Iterator[Sequence[Bare]]:
    """Neighbouring sentences that are weighed together; one that never ends is read in overlapping parts."""
    if sum(len(sentence.words) for sentence in sentences) <= PIECE:
        yield sentences
        return
    found: list[Bare] = []
    length = 0
    for sentence in parts(sentences, PIECE, OVERLAP):
        if found and length + len(sentence.words) > PIECE:
            yield found
            found, length = [], 0
        found.append(sentence)
        length += len(sentence.words)
    yield found


def parts(sentences: Iterable[Bare], longest: int, overlap: int) -> Iterator[Bare]:
    """A sentence that never ends is read in overlapping parts, so that twice the text is twice the work."""
    for sentence in sentences:
        if len(sentence.words) <= longest:
            yield sentence
            continue
        for first in range(0, len(sentence.words) - overlap, longest - overlap):
            yield Bare(sentence.words[first : first + longest], sentence.laughs)
