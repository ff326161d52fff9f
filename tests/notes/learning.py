"""What do the words of labelled notes weigh? Logistic regression, one question at a time.

Coordinate by coordinate with Newton's step, as in Chang, Hsieh and Lin 2008 (JMLR 9): no library is needed, and the
same notes give the same weights on every machine.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass
from math import exp

PENALTY = 1.0
"""What the square of a weight costs beside the doubt about one note; chosen with `--check`."""

ROUNDS = 40
CLOSE = 0.002
"""The largest step of a round after which it is over."""

SELDOM = 4
"""Notes in which a mark must stand to be weighed at all."""


@dataclass(frozen=True, slots=True)
class Learned:
    """What a mark adds towards yes, and what is there before any."""

    start: float
    of: Mapping[str, float]

    def weigh(self, marks: Iterable[str]) -> float:
        return self.start + sum(self.of.get(mark, 0.0) for mark in marks)


def frequent(notes: Iterable[Set[str]]) -> frozenset[str]:
    """Marks that stand in enough notes."""
    times = Counter(mark for marks in notes for mark in marks)
    return frozenset(mark for mark, often in times.items() if often >= SELDOM)


def learn(notes: Sequence[Set[str]], answers: Sequence[bool]) -> Learned:
    """Weights with which the notes' marks give the answers best, small ones preferred."""
    places: dict[str, list[int]] = {"": list(range(len(notes)))}  # in every note: the start
    for at, marks in enumerate(notes):
        for mark in sorted(marks):
            places.setdefault(mark, []).append(at)
    weights = dict.fromkeys(places, 0.0)
    sums = [0.0] * len(notes)
    doubts = [_likely(0.0) - answer for answer in answers]
    for _ in range(ROUNDS):
        furthest = 0.0
        for mark, where in places.items():
            penalty = PENALTY if mark else 0.0
            slope = penalty * weights[mark] + sum(doubts[at] for at in where)
            bend = penalty + sum(_bend(doubts[at]) for at in where) + 1e-9
            step = max(-1.0, min(1.0, -slope / bend))
            if abs(step) < CLOSE / 10:
                continue
            weights[mark] += step
            furthest = max(furthest, abs(step))
            for at in where:
                sums[at] += step
                doubts[at] = _likely(sums[at]) - answers[at]
        if furthest < CLOSE:
            break
    start = weights.pop("")
    return Learned(start, weights)


def _likely(weight: float) -> float:
    return 1 / (1 + exp(-weight)) if weight > -500 else 0.0


def _bend(doubt: float) -> float:
    """How much one more unit of weight changes the doubt."""
    return abs(doubt) * (1 - abs(doubt))
