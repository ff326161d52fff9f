"""Is no change claimed from noise, and a real one found? Counted over thousands of weeks in which nothing changed."""

import math
from collections.abc import Callable, Sequence
from fractions import Fraction
from functools import cache
from random import Random
from statistics import NormalDist

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain import statistics
from bot.domain.statistics import Change, Tally, change_of_mean, change_of_rate

WINDOW = 28
SUNDAYS = 13
PLANNED_DAYS = 24
"""Of a window, for somebody who rests on Sundays."""

Day = tuple[int | None, int]
"""Questions on a planned day, None on one of rest, and how many were right."""


def same(done: int, right: int, days: int = 20) -> list[Tally]:
    """As many days, each alike."""
    return [Tally(done=done, right=right)] * days


tallies = st.lists(
    st.integers(1, 80).flatmap(lambda done: st.integers(0, done).map(lambda right: Tally(done=done, right=right))),
    max_size=28,
)
counts = st.lists(st.integers(0, 300), max_size=28)


# --- what is claimed


def test_a_rise_is_told_with_the_numbers_it_rests_on() -> None:
    assert change_of_rate(same(20, 11), same(20, 14)) == Change(
        before=Fraction(11, 20), after=Fraction(14, 20), counted_before=400, counted_after=400
    )
    assert change_of_mean([20, 25] * 10, [40, 50] * 8) == Change(
        before=Fraction(45, 2), after=Fraction(45), counted_before=20, counted_after=16
    )


def test_the_bar_is_where_newcombes_interval_ends() -> None:
    """Twice 20 days of 20 questions; worked out by hand from Wilson's limits with t for 38 degrees of freedom."""
    quantile, done = 2.7116, 400

    def limits(right: int) -> tuple[float, float]:
        rate, square = right / done, quantile**2
        half = quantile * math.sqrt(rate * (1 - rate) / done + square / (4 * done**2))
        middle = rate + square / (2 * done)
        return (middle - half) / (1 + square / done), (middle + half) / (1 + square / done)

    for more in range(20, 60):
        before, after = 220, 220 + more
        upper, lower = limits(before)[1], limits(after)[0]
        margin = math.hypot((after / done) - lower, upper - before / done)
        spread = [Tally(done=20, right=after // 20 + (number < after % 20)) for number in range(20)]
        assert (change_of_rate(same(20, 11), spread) is not None) == (more / done > margin), more


@given(tallies, tallies)
def test_a_rate_under_200_questions_in_a_window_is_never_compared(before: list[Tally], after: list[Tally]) -> None:
    if min(sum(day.done for day in window) for window in (before, after)) < 200 or len(before) + len(after) < 10:
        assert change_of_rate(before, after) is None


@given(counts, counts)
def test_a_pace_under_ten_days_in_a_window_is_never_compared(before: list[int], after: list[int]) -> None:
    if min(len(before), len(after)) < 10:
        assert change_of_mean(before, after) is None


@given(st.sampled_from([change_of_rate, change_of_mean]), st.data())
def test_the_other_way_around_a_rise_is_a_fall(
    change: Callable[[Sequence[object], Sequence[object]], Change | None], data: st.DataObject
) -> None:
    windows: st.SearchStrategy[list[object]] = tallies if change is change_of_rate else counts  # pyright: ignore[reportAssignmentType]
    before, after = data.draw(windows), data.draw(windows)
    one, other = change(before, after), change(after, before)
    assert (one is None) == (other is None)
    if one is not None and other is not None:
        assert one.before != one.after
        assert one.is_up != other.is_up
        assert (one.before, one.counted_before) == (other.after, other.counted_after)


@given(tallies, tallies, st.permutations(range(28)))
def test_the_order_of_days_changes_nothing(before: list[Tally], after: list[Tally], order: list[int]) -> None:
    shuffled = [before[number] for number in order if number < len(before)]
    assert change_of_rate(shuffled, after) == change_of_rate(before, after)


def test_days_that_never_vary_break_nothing() -> None:
    assert change_of_mean([20] * 10, [20] * 10) is None
    assert change_of_mean([0] * 28, [0] * 28) is None
    assert change_of_mean([20] * 10, [40] * 10) is not None
    assert change_of_rate(same(20, 20), same(20, 20)) is None
    assert change_of_rate(same(20, 0), same(20, 0)) is None
    assert change_of_rate(same(20, 0), same(20, 20)) is not None


def test_few_questions_a_day_and_many_are_the_same_evidence_unless_days_differ() -> None:
    """A day of one subject is easy or hard as a whole, which makes 400 questions worth fewer."""
    uneven = [Tally(done=20, right=right) for right in (8, 20)] * 10
    assert change_of_rate(same(20, 11), same(20, 14)) is not None
    assert change_of_rate([Tally(done=20, right=right) for right in (5, 17)] * 10, uneven) is None


@pytest.mark.parametrize(
    ("freedom", "quantile"),
    [(8, 3.3554), (9, 3.2498), (10, 3.1693), (15, 2.9467), (20, 2.8453), (30, 2.7500), (54, 2.6700), (1e9, 2.5758)],
)
def test_students_quantile_is_that_of_the_tables(freedom: float, quantile: float) -> None:
    assert vars(statistics)["_t"](freedom) == pytest.approx(quantile, abs=1e-3)


# --- how often something is claimed that is not there


def a_life(random: Random, rate: float, unevenness: float = 0.0) -> list[Day]:
    """Days on which nothing ever changes: Sundays rest, a quarter of the others silent, else one to three blocks.

    `unevenness` is how far days lie around the rate, as a standard deviation.
    """
    days: list[Day] = []
    for number in range((SUNDAYS - 1) * 7 + 2 * WINDOW):
        if number % 7 == 6:
            days.append((None, 0))
            continue
        done = 0 if random.random() < 0.25 else 20 * random.choice((1, 1, 2, 2, 3))
        today = min(0.99, max(0.01, random.gauss(rate, unevenness)))
        days.append((done, sum(random.random() < today for _ in range(done))))
    return days


def changes(life: list[Day], end: int) -> list[Change]:
    """What differs between the four weeks up to `end` and those before."""
    before, after = life[end - 2 * WINDOW : end - WINDOW], life[end - WINDOW : end]
    rates = [[Tally(done=done, right=right) for done, right in window if done] for window in (before, after)]
    paces = [[done for done, _ in window if done is not None] for window in (before, after)]
    return [change for change in (change_of_rate(*rates), change_of_mean(*paces)) if change is not None]


@cache
def lives() -> list[list[Day]]:
    """In half of them, days are easy or hard as a whole."""
    return [a_life(Random(f"{one} {spread}"), 0.6, spread) for spread in (0.0, 0.08) for one in range(300)]


def share_told() -> float:
    """How many of them read of a change on one of 13 Sundays; something is said only where there is a rise."""
    sundays = range(2 * WINDOW, 2 * WINDOW + 7 * SUNDAYS, 7)
    told = sum(any(change.is_up for end in sundays for change in changes(life, end)) for life in lives())
    return told / len(lives())


@pytest.mark.parametrize("rate", [0.4, 0.6, 0.8])
@pytest.mark.parametrize("done", [10, 20, 40])
def test_one_look_at_a_rate_that_never_changed_claims_a_change_about_once_in_a_hundred(rate: float, done: int) -> None:
    random = Random(f"{rate} {done}")
    chances = [math.comb(done, right) * rate**right * (1 - rate) ** (done - right) for right in range(done + 1)]
    looks = 2000
    claims = 0
    for _ in range(looks):
        days = [Tally(done=done, right=right) for right in random.choices(range(done + 1), chances, k=40)]
        claims += change_of_rate(days[:20], days[20:]) is not None
    assert claims / looks <= 0.015


@pytest.mark.parametrize("silent", [0.0, 0.3, 0.7])
def test_one_look_at_a_pace_that_never_changed_claims_a_change_about_once_in_a_hundred(silent: float) -> None:
    random = Random(f"{silent}")
    looks, claims = 3000, 0
    for _ in range(looks):
        days = [0 if random.random() < silent else 20 * random.choice((1, 1, 2, 2, 5)) for _ in range(2 * PLANNED_DAYS)]
        claims += change_of_mean(days[:PLANNED_DAYS], days[PLANNED_DAYS:]) is not None
    assert claims / looks <= 0.02


def test_over_13_sundays_at_most_one_in_six_reads_of_a_change_that_is_not_there() -> None:
    """More than at one look, though windows overlap: a quarter of a year is about five looks."""
    assert share_told() <= 1 / 6


def test_the_usual_95_percent_would_tell_more_than_one_in_three(monkeypatch: pytest.MonkeyPatch) -> None:
    """Why it is 99 %, and that the bar above can fail."""
    monkeypatch.setattr(statistics, "_Z", NormalDist().inv_cdf(0.975))
    assert share_told() > 1 / 3


def test_a_rate_that_rose_by_15_points_is_found_nine_times_in_ten() -> None:
    random = Random("rose")
    found = 0
    for _ in range(300):
        windows = [
            [Tally(done=20, right=sum(random.random() < rate for _ in range(20))) for _ in range(20)]
            for rate in (0.55, 0.7)
        ]
        change = change_of_rate(*windows)
        found += change is not None and change.is_up
    assert found / 300 >= 0.9
