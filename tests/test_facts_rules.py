"""What can truly be said about somebody's days, and when nothing should be."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain import facts, ledgers
from bot.domain.blocks import Work
from bot.domain.check_ins import Outcome
from bot.domain.days import Clock, Timetable
from bot.domain.facts import Fact, FactKind
from bot.domain.goals import EVERY_DAY, Chosen, Goal
from bot.domain.ledgers import Ledger, Record

A_WEDNESDAY = date(2026, 3, 4)
LONG_AGO = date(2025, 1, 1)
ALWAYS = Timetable(clocks=((date.min, Clock(zone="America/Chicago")),))


def record(outcome: Outcome = Outcome.NONE, questions: int = 0, mood: int | None = None) -> Record:
    return Record(outcome=outcome, mood=mood, work={Work.QUESTIONS: questions} if questions else {})


def ledger(*days: Record, started: date = LONG_AGO, floor: int = 0) -> Ledger:
    """Days in a row that end with a Wednesday; with a floor, a goal in questions."""
    first = A_WEDNESDAY - timedelta(days=len(days) - 1)
    goal = Goal(floor=floor, usual=500, stretch=500) if floor else None
    return Ledger(
        started_day=started,
        timetable=ALWAYS,
        goals=(Chosen(kind=Work.QUESTIONS, weekday=EVERY_DAY, from_day=date.min, goal=goal),),
        records={first + timedelta(days=number): day for number, day in enumerate(days)},
    )


def _found(days: dict[int, Record], here_for: int, floor: int) -> Ledger:
    """Records by how many days ago they are."""
    started = A_WEDNESDAY - timedelta(days=here_for)
    records = {A_WEDNESDAY - timedelta(days=ago): day for ago, day in days.items()}
    return replace(ledger(started=started, floor=floor), records=records)


RECORDS = st.builds(
    record, st.sampled_from(Outcome), st.sampled_from([0, 1, 39, 40, 200]), st.sampled_from([None, 1, 2, 3, 5])
)
LEDGERS = st.builds(
    _found,
    st.dictionaries(st.integers(-2, 35), RECORDS, max_size=10),
    st.sampled_from([0, 10, 27, 28, 60]),
    st.sampled_from([0, 1, 40]),
)


@given(LEDGERS)
def test_nothing_is_said_about_a_day_that_was_not_kept_or_that_felt_bad(found: Ledger) -> None:
    if not ledgers.is_kept(found, A_WEDNESDAY) or found.on(A_WEDNESDAY).mood in (1, 2):
        assert facts.of_evening(found, A_WEDNESDAY) is None


@given(LEDGERS, st.sampled_from([Outcome.NOT_TODAY, Outcome.ROUGH, Outcome.NONE]), st.sampled_from([0, 40]))
def test_no_number_follows_a_day_that_did_not_go_well_or_was_not_answered(
    found: Ledger, said: Outcome, questions: int
) -> None:
    """Whatever was done on it: it would read as a verdict."""
    found = replace(found, records={**found.records, A_WEDNESDAY: record(said, questions)})
    assert facts.of_evening(found, A_WEDNESDAY) is None


@pytest.mark.parametrize(("mood", "silent"), [(1, True), (2, True), (3, False), (4, False), (5, False), (None, False)])
def test_no_number_stands_beside_a_low_mood(mood: int | None, silent: bool) -> None:
    found = ledger(*[record(Outcome.KEPT, 40)] * 2, record(Outcome.KEPT, 40, mood))
    assert (facts.of_evening(found, A_WEDNESDAY) is None) is silent


@given(LEDGERS)
def test_every_number_that_is_said_is_one_that_can_be_counted(found: Ledger) -> None:
    fact = facts.of_evening(found, A_WEDNESDAY)
    match fact and fact.kind:
        case FactKind.FIRST:
            assert list(found.records) == [A_WEDNESDAY]
            assert A_WEDNESDAY - found.started_day < timedelta(days=28)
        case FactKind.QUESTIONS_THIS_WEEK:
            assert fact is not None
            monday = A_WEDNESDAY - timedelta(days=2)
            week = [day.questions for when, day in found.records.items() if monday <= when <= A_WEDNESDAY]
            assert fact.number == sum(week) > found.on(A_WEDNESDAY).questions
        case FactKind.KEPT_DAYS | FactKind.KEPT_SO_FAR:
            assert fact is not None
            days = [A_WEDNESDAY - timedelta(days=back) for back in range(28)]
            assert fact.number == sum(ledgers.is_kept(found, day) for day in days) >= 2
        case None:
            pass


def test_a_first_day_is_called_one() -> None:
    found = ledger(record(Outcome.KEPT), started=A_WEDNESDAY)
    assert facts.of_evening(found, A_WEDNESDAY) == Fact(kind=FactKind.FIRST, number=1)


@pytest.mark.parametrize(("ago", "first"), [(27, True), (28, False), (400, False)])
def test_the_only_day_at_hand_is_not_called_the_first_of_somebody_who_was_here_before(ago: int, first: bool) -> None:
    found = ledger(record(Outcome.KEPT), started=A_WEDNESDAY - timedelta(days=ago))
    assert facts.of_evening(found, A_WEDNESDAY) == (Fact(kind=FactKind.FIRST, number=1) if first else None)


def test_a_weeks_questions_are_said_only_when_more_than_todays() -> None:
    both = ledger(record(Outcome.KEPT, 20), record(Outcome.SOME, 20))
    assert facts.of_evening(both, A_WEDNESDAY) == Fact(kind=FactKind.QUESTIONS_THIS_WEEK, number=40)
    only_today = ledger(record(Outcome.KEPT), record(Outcome.KEPT, 20))
    assert facts.of_evening(only_today, A_WEDNESDAY) == Fact(kind=FactKind.KEPT_DAYS, number=2)


def test_with_a_goal_a_day_below_the_floor_gets_no_number_whatever_the_evening_said() -> None:
    days = [record(Outcome.KEPT, 40), record(Outcome.KEPT, 19)]
    assert facts.of_evening(ledger(*days, floor=20), A_WEDNESDAY) is None
    assert facts.of_evening(ledger(*days, floor=19), A_WEDNESDAY) is not None


@pytest.mark.parametrize(("ago", "kind"), [(27, FactKind.KEPT_SO_FAR), (28, FactKind.KEPT_DAYS)])
def test_four_weeks_are_named_only_once_they_have_gone_by(ago: int, kind: FactKind) -> None:
    days = (record(Outcome.KEPT), record(Outcome.KEPT), record(Outcome.SOME))
    fact = facts.kept(ledger(*days, started=A_WEDNESDAY - timedelta(days=ago)), A_WEDNESDAY)
    assert fact == Fact(kind=kind, number=3)


def test_one_kept_day_is_not_counted_aloud() -> None:
    assert facts.kept(ledger(record(Outcome.KEPT)), A_WEDNESDAY) is None
