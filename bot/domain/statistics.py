"""Is a difference between two stretches of days real, or is it noise?

Nothing is claimed unless a 99 % interval leaves no doubt about the direction. 95 % would do for somebody who looks
once. A member looks every Sunday, at windows that overlap, and would read of a change that is not there about two
times in five within a quarter of a year; with 99 % it is one in ten. tests/test_statistics_rules.py counts.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import sqrt
from statistics import NormalDist, fmean, variance

LEAST_QUESTIONS = 200
"""Unseen questions in each window, under which no rate is compared."""
LEAST_DAYS = 10
"""Planned days in each window under which no pace is compared; for rates, days with unseen questions in both."""
CONFIDENCE = 0.99
_Z = NormalDist().inv_cdf((1 + CONFIDENCE) / 2)


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """Questions of which it is known how many were right."""

    done: int
    right: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """Two averages that differ by more than noise, and how many questions or days each of them rests on."""

    before: Fraction
    after: Fraction
    counted_before: int
    counted_after: int

    @property
    def is_up(self) -> bool:
        return self.after > self.before


def change_of_rate(before: Sequence[Tally], after: Sequence[Tally]) -> Change | None:
    """The change of the share that was right, from one tally a day; None for too few questions, or within noise.

    Newcombe's hybrid score interval for a difference of proportions: R. G. Newcombe, "Interval estimation for the
    difference between independent proportions", Statistics in Medicine 17 (1998), 873-890, method 10. Questions of
    one day are of one subject more often than not, so a day is easy or hard as a whole: where days differ by more
    than chance, each window counts as so many fewer questions (`_dispersion`).
    """
    all_before, all_after = _sum(before), _sum(after)
    days = len(before) + len(after)
    if min(all_before.done, all_after.done) < LEAST_QUESTIONS or days < LEAST_DAYS:
        return None
    quantile, share = _t(days - 2), 1 / _dispersion(before, after)
    low_before, rate_before, high_before = _wilson(all_before, share, quantile)
    low_after, rate_after, high_after = _wilson(all_after, share, quantile)
    difference = rate_after - rate_before
    lowest = difference - sqrt((rate_after - low_after) ** 2 + (high_before - rate_before) ** 2)
    highest = difference + sqrt((high_after - rate_after) ** 2 + (rate_before - low_before) ** 2)
    if lowest <= 0 <= highest:
        return None
    return Change(
        before=Fraction(all_before.right, all_before.done),
        after=Fraction(all_after.right, all_after.done),
        counted_before=all_before.done,
        counted_after=all_after.done,
    )


def change_of_mean(before: Sequence[int], after: Sequence[int]) -> Change | None:
    """The change of the average of days; None under ten days on either side, or within noise.

    Welch's interval: the days of two windows may vary differently.
    """
    if min(len(before), len(after)) < LEAST_DAYS:
        return None
    difference = abs(fmean(after) - fmean(before))
    spread = variance(before) / len(before) + variance(after) / len(after)
    if difference == 0 or (spread and difference <= _t(_freedom(before, after)) * sqrt(spread)):
        return None
    return Change(
        before=Fraction(sum(before), len(before)),
        after=Fraction(sum(after), len(after)),
        counted_before=len(before),
        counted_after=len(after),
    )


def _sum(tallies: Sequence[Tally]) -> Tally:
    return Tally(done=sum(tally.done for tally in tallies), right=sum(tally.right for tally in tallies))


def _wilson(tally: Tally, share: float, quantile: float) -> tuple[float, float, float]:
    """Wilson's score interval of a proportion, with the proportion in its middle; `share` of the questions count."""
    rate, done, square = tally.right / tally.done, tally.done * share, quantile * quantile
    centre, half = done * rate + square / 2, quantile * sqrt(done * rate * (1 - rate) + square / 4)
    return (centre - half) / (done + square), rate, (centre + half) / (done + square)


def _dispersion(before: Sequence[Tally], after: Sequence[Tally]) -> float:
    """How many times more the days vary around the rate of their window than chance would have it; at least 1.

    The design effect of a ratio estimated from clusters (Cochran, Sampling Techniques, 1977, chapter 9A), from the
    days of both windows together.
    """
    found = chance = 0.0
    for days in (before, after):
        whole = _sum(days)
        rate = whole.right / whole.done
        found += sum((day.right - rate * day.done) ** 2 for day in days)
        chance += whole.done * rate * (1 - rate)
    days = len(before) + len(after)
    return max(1.0, found / chance * days / (days - 2)) if chance else 1.0


def _freedom(before: Sequence[int], after: Sequence[int]) -> float:
    """Degrees of freedom after Welch and Satterthwaite, never fewer than those of the shorter window."""
    parts = [(variance(days) / len(days), len(days) - 1) for days in (before, after)]
    return sum(part for part, _ in parts) ** 2 / sum(part * part / freedom for part, freedom in parts)


def _t(freedom: float) -> float:
    """Student's two-sided quantile, within 0.001 from eight degrees of freedom on.

    The expansion around the normal quantile in Abramowitz and Stegun, Handbook of Mathematical Functions, 26.7.5.
    """
    z = _Z
    terms = (
        (z**3 + z) / 4,
        (5 * z**5 + 16 * z**3 + 3 * z) / 96,
        (3 * z**7 + 19 * z**5 + 17 * z**3 - 15 * z) / 384,
        (79 * z**9 + 776 * z**7 + 1482 * z**5 - 1920 * z**3 - 945 * z) / 92160,
    )
    return z + sum(term / freedom**power for power, term in enumerate(terms, 1))
