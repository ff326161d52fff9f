"""What a member means to do on a study day, from which day on, and what would be realistic."""

from datetime import date, timedelta
from fractions import Fraction
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain import goals
from bot.domain.blocks import MOST, Work
from bot.domain.errors import UserError
from bot.domain.goals import EVERY_DAY, Chosen, Goal

MONDAY = date(2026, 3, 2)
DAY = timedelta(days=1)
ASCENDING = "The floor is the smallest of the three and the stretch the largest, such as `10`, `20`, `30`."

rules = settings(deadline=None)


def goal(usual: int) -> Goal:
    return Goal(floor=1, usual=usual, stretch=1000)


def chosen(usual: int | None, day: int = 0, weekday: int = EVERY_DAY, kind: Work = Work.QUESTIONS) -> Chosen:
    """A goal that rules from so many days after a Monday on; None takes it back."""
    return Chosen(kind=kind, weekday=weekday, from_day=MONDAY + day * DAY, goal=None if usual is None else goal(usual))


def usual_on(day: int, *choices: Chosen, kind: Work = Work.QUESTIONS) -> int | None:
    found = goals.on(choices, kind, MONDAY + day * DAY)
    return None if found is None else found.usual


# --- three numbers


@pytest.mark.parametrize("numbers", [(1, 1, 1), (10, 20, 30), (10, 10, 20), (10, 20, 20)])
def test_floor_usual_and_stretch_may_be_the_same_but_never_fall(numbers: tuple[int, int, int]) -> None:
    floor, usual, stretch = numbers
    assert str(Goal(floor=floor, usual=usual, stretch=stretch)) == f"{floor} / {usual} / {stretch}"


@pytest.mark.parametrize("numbers", [(0, 10, 20), (-1, 10, 20), (21, 20, 30), (10, 31, 30), (30, 20, 10)])
def test_a_floor_above_the_usual_or_a_usual_above_the_stretch_is_no_goal(numbers: tuple[int, int, int]) -> None:
    floor, usual, stretch = numbers
    with pytest.raises(UserError) as refused:
        Goal(floor=floor, usual=usual, stretch=stretch)
    assert str(refused.value) == ASCENDING


@pytest.mark.parametrize(
    ("usual", "stretch"), [(1, 5), (4, 5), (5, 10), (20, 25), (40, 50), (41, 55), (400, 500), (401, 500), (500, 500)]
)
def test_a_stretch_left_out_is_125_percent_of_the_usual_rounded_up_to_5(usual: int, stretch: int) -> None:
    assert goals.of_numbers(Work.QUESTIONS, 1, usual, None) == Goal(floor=1, usual=usual, stretch=stretch)


@pytest.mark.parametrize("kind", Work)
def test_a_goal_is_never_more_than_anybody_does_in_a_day(kind: Work) -> None:
    most = MOST[kind]
    assert goals.of_numbers(kind, most, most, most).usual == most
    for numbers in ((1, 2, most + 1), (1, most + 1, None), (most + 1, 1, None)):
        with pytest.raises(UserError, match=f"up to {most} a day"):
            goals.of_numbers(kind, *numbers)


@given(st.integers(-5, 600), st.integers(-5, 600), st.none() | st.integers(-5, 600), st.sampled_from(Work))
@rules
def test_any_three_numbers_make_a_goal_or_one_sentence(floor: int, usual: int, stretch: int | None, kind: Work) -> None:
    fits = 1 <= floor <= usual <= (usual if stretch is None else stretch) <= MOST[kind]
    try:
        made = goals.of_numbers(kind, floor, usual, stretch)
    except UserError:
        assert not fits
    else:
        assert fits
        assert (made.floor, made.usual) == (floor, usual)
        assert usual <= made.stretch <= MOST[kind]


# --- what would be realistic


@pytest.mark.parametrize(
    ("capacity", "numbers"),
    [
        (0, (5, 5, 10)),
        (2, (5, 5, 10)),
        (7, (5, 5, 10)),
        (Fraction(15, 2), (5, 10, 15)),
        (12, (5, 10, 15)),
        (Fraction(25, 2), (6, 15, 20)),
        (20, (8, 20, 25)),
        (Fraction(224, 10), (8, 20, 25)),
        (Fraction(225, 10), (10, 25, 35)),
        (40, (16, 40, 50)),
        (60, (24, 60, 75)),
        (100, (40, 100, 125)),
    ],
)
def test_a_suggestion_is_capacity_rounded_to_5_with_two_fifths_as_floor_and_five_quarters_as_stretch(
    capacity: Fraction | int, numbers: tuple[int, int, int]
) -> None:
    floor, usual, stretch = numbers
    assert goals.suggest(Fraction(capacity)) == Goal(floor=floor, usual=usual, stretch=stretch)


@given(st.fractions(0, 400))
@rules
def test_a_suggestion_asks_for_no_more_than_was_done_but_for_the_rounding_and_never_for_less_than_5(
    capacity: Fraction,
) -> None:
    made = goals.suggest(capacity)
    assert made.usual % 5 == 0
    assert made.usual == 5 or abs(made.usual - capacity) <= Fraction(5, 2)
    assert 5 <= made.floor <= made.usual
    assert made.floor == 5 or made.floor <= made.usual * Fraction(2, 5)
    assert made.stretch % 5 == 0
    assert 0 <= made.stretch - made.usual * Fraction(5, 4) < 5


@pytest.mark.parametrize("capacity", [450, 499, 500, 501, 600, 5000])
def test_a_suggestion_stays_within_what_a_goal_may_be(capacity: int) -> None:
    made = goals.suggest(Fraction(capacity))
    assert goals.of_numbers(Work.QUESTIONS, made.floor, made.usual, made.stretch) == made


@given(st.fractions(0, 300), st.fractions(0, 300))
@rules
def test_who_did_less_is_never_asked_for_more(one: Fraction, other: Fraction) -> None:
    less, more = goals.suggest(min(one, other)), goals.suggest(max(one, other))
    assert (less.floor, less.usual, less.stretch) <= (more.floor, more.usual, more.stretch)
    assert less.floor <= more.floor
    assert less.stretch <= more.stretch


# --- from which day on


def test_a_goal_rules_from_its_day_on_and_leaves_earlier_days_theirs() -> None:
    choices = (chosen(20, 2), chosen(30, 5))
    assert [usual_on(day, *choices) for day in range(8)] == [None, None, 20, 20, 20, 30, 30, 30]


def test_a_weekday_of_its_own_comes_before_that_of_every_day() -> None:
    choices = (chosen(20), chosen(40, weekday=5), chosen(60, 7))
    assert [usual_on(day, *choices) for day in range(14)] == [20] * 5 + [40, 20] + [60] * 5 + [40, 60]


def test_a_weekday_taken_back_follows_every_day_again() -> None:
    choices = (chosen(20), chosen(40, weekday=5), chosen(None, 7, weekday=5))
    assert [usual_on(day, *choices) for day in (5, 6, 12)] == [40, 20, 20]


def test_a_goal_taken_back_leaves_the_weekdays_that_have_one_of_their_own() -> None:
    choices = (chosen(20), chosen(40, weekday=5), chosen(None, 3))
    assert [usual_on(day, *choices) for day in range(7)] == [20, 20, 20, None, None, 40, None]


def test_kinds_of_work_have_goals_of_their_own() -> None:
    choices = (chosen(20), chosen(100, kind=Work.FLASHCARDS))
    assert usual_on(0, *choices) == 20
    assert usual_on(0, *choices, kind=Work.FLASHCARDS) == 100
    assert usual_on(0, *choices, kind=Work.PAGES) is None


def choices_of(sizes: dict[tuple[int, int], int | None]) -> list[Chosen]:
    return [chosen(usual, day, weekday) for (day, weekday), usual in sizes.items()]


@given(
    st.dictionaries(st.tuples(st.integers(0, 30), st.integers(-1, 6)), st.none() | st.integers(1, 90), max_size=10).map(
        choices_of
    ),
    st.integers(0, 40),
    st.randoms(),
)
@rules
def test_the_newest_choice_holds_in_whatever_order_choices_are_kept(
    choices: list[Chosen], day: int, chance: Random
) -> None:
    weekday = (MONDAY + day * DAY).weekday()
    expected = None
    for place in (EVERY_DAY, weekday):
        made = [it for it in choices if it.weekday == place and it.from_day <= MONDAY + day * DAY]
        newest = max(made, key=lambda it: it.from_day, default=None)
        expected = newest.goal if newest and newest.goal else expected
    chance.shuffle(choices)
    assert goals.on(choices, Work.QUESTIONS, MONDAY + day * DAY) == expected
