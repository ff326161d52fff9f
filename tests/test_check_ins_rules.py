"""What can truly be said about somebody's days, and when nothing should be."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.check_ins import (
    CheckIn,
    Choice,
    Day,
    FactKind,
    Outcome,
    already,
    evening_fact,
    is_kept,
    kept_days,
    kept_fact,
    questions_this_week,
)

A_WEDNESDAY = date(2026, 3, 4)
LONG_AGO = date(2025, 1, 1)


def days(*outcomes: Outcome, questions: int = 0) -> dict[date, Day]:
    """Days in a row that end with a Wednesday."""
    first = A_WEDNESDAY - timedelta(days=len(outcomes) - 1)
    dated = {first + timedelta(days=number): outcome for number, outcome in enumerate(outcomes)}
    return {when: Day(study_day=when, outcome=outcome, questions=questions) for when, outcome in dated.items()}


histories = st.dictionaries(
    st.dates(A_WEDNESDAY - timedelta(days=60), A_WEDNESDAY + timedelta(days=3)),
    st.tuples(st.sampled_from(Outcome), st.integers(0, 400)),
).map(lambda rows: {when: Day(study_day=when, outcome=said, questions=count) for when, (said, count) in rows.items()})


@pytest.mark.parametrize(
    ("outcome", "kept"),
    [
        (Outcome.KEPT, True),
        (Outcome.SOME, True),
        (Outcome.NOT_TODAY, False),
        (Outcome.ROUGH, False),
        (Outcome.NONE, False),
    ],
)
def test_without_a_goal_some_of_it_counts_like_kept_it(outcome: Outcome, kept: bool) -> None:
    assert is_kept(outcome) is kept


@given(histories)
def test_kept_days_count_four_weeks_and_nothing_else(history: dict[date, Day]) -> None:
    by_hand = sum(
        is_kept(history[day].outcome)
        for day in (A_WEDNESDAY - timedelta(days=back) for back in range(28))
        if day in history
    )
    assert kept_days(history, A_WEDNESDAY) == by_hand


@given(histories)
def test_this_weeks_questions_begin_with_monday(history: dict[date, Day]) -> None:
    week = [A_WEDNESDAY - timedelta(days=back) for back in range(3)]
    assert questions_this_week(history, A_WEDNESDAY) == sum(history[day].questions for day in week if day in history)


@given(histories, st.sampled_from([Outcome.NOT_TODAY, Outcome.ROUGH, Outcome.NONE]))
def test_no_number_follows_a_day_that_was_not_kept(history: dict[date, Day], said: Outcome) -> None:
    today = Day(study_day=A_WEDNESDAY, outcome=said, questions=40)
    assert evening_fact({**history, A_WEDNESDAY: today}, A_WEDNESDAY, LONG_AGO, None) is None


@given(histories, st.sampled_from([1, 2]))
def test_no_number_stands_beside_a_low_mood(history: dict[date, Day], mood: int) -> None:
    assert evening_fact(history, A_WEDNESDAY, LONG_AGO, mood) is None


def test_a_first_day_is_called_one() -> None:
    fact = evening_fact(days(Outcome.KEPT), A_WEDNESDAY, A_WEDNESDAY, None)
    assert fact is not None
    assert fact.kind is FactKind.FIRST


def test_a_weeks_questions_are_said_only_when_more_than_todays() -> None:
    fact = evening_fact(days(Outcome.KEPT, Outcome.SOME, questions=20), A_WEDNESDAY, LONG_AGO, 3)
    assert fact is not None
    assert (fact.kind, fact.number) == (FactKind.QUESTIONS_THIS_WEEK, 40)


@pytest.mark.parametrize(
    ("started", "kind"),
    [
        (A_WEDNESDAY - timedelta(days=27), FactKind.KEPT_SO_FAR),
        (A_WEDNESDAY - timedelta(days=28), FactKind.KEPT_DAYS),
    ],
)
def test_four_weeks_are_named_only_once_they_have_gone_by(started: date, kind: FactKind) -> None:
    fact = kept_fact(days(Outcome.KEPT, Outcome.KEPT, Outcome.SOME), A_WEDNESDAY, started)
    assert fact is not None
    assert (fact.kind, fact.number) == (kind, 3)


def test_one_kept_day_is_not_counted_aloud() -> None:
    assert kept_fact(days(Outcome.KEPT), A_WEDNESDAY, LONG_AGO) is None


def test_a_mornings_choice_would_replace_a_rough_day_and_no_other_evening() -> None:
    rough = CheckIn(study_day=A_WEDNESDAY, outcome=Outcome.ROUGH)
    kept = CheckIn(study_day=A_WEDNESDAY, choice=Choice.FLOOR, outcome=Outcome.KEPT)
    assert already(rough, Choice.USUAL) is Outcome.ROUGH
    assert already(kept, Choice.USUAL) is Choice.FLOOR
    assert already(kept, Outcome.SOME) is Outcome.KEPT
