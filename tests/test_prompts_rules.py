"""What an attempt decides, and which prompt is still wanted."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain import prompts as rules
from bot.domain.check_ins import Choice, Outcome
from bot.domain.days import Kind
from bot.domain.phases import Phase
from bot.domain.prompts import Attempt, Result, Standing, State

NOW = datetime(2026, 3, 4, 3, 0, tzinfo=UTC)
ATTEMPT = Attempt(
    prompt_id=1,
    member_id=1,
    recipient=7,
    channel_id=9,
    payload="{}",
    attempts=1,
    uncertain=False,
    first_attempt_at=NOW,
    useful_until=NOW + timedelta(hours=20),
    wanted=True,
    reopened=False,
)
STANDING = Standing(
    kind=Kind.EVENING,
    study_day=date(2026, 3, 3),
    due_at=NOW,
    useful_until=NOW + timedelta(hours=24),
    phase=Phase.REBUILDING,
    phase_began=date(2026, 3, 1),
    resting=False,
    reachable=True,
    choice=Choice.NONE,
    outcome=Outcome.NONE,
    newer=None,
)

results: st.SearchStrategy[Result] = st.one_of(
    st.builds(rules.Sent, st.integers(1)),
    st.just(rules.Uncertain()),
    st.builds(rules.TryLater, st.timedeltas(timedelta(0), timedelta(hours=1))),
    st.builds(rules.ClosedDoor, st.sampled_from([50007, 50278])),
    st.just(rules.NoLongerUseful()),
    st.builds(rules.Rejected, st.integers(50000, 60000)),
    st.just(rules.TokenRefused()),
)
attempts = st.builds(
    replace,
    st.just(ATTEMPT),
    attempts=st.integers(1, 40),
    uncertain=st.booleans(),
    reopened=st.booleans(),
    first_attempt_at=st.datetimes(datetime(2026, 3, 1), datetime(2026, 3, 4), timezones=st.just(UTC)),  # noqa: DTZ001
)


@given(attempts, results)
def test_a_message_that_may_exist_is_never_owed_anew(attempt: Attempt, result: Result) -> None:
    settled = rules.settle(attempt, result, NOW)
    in_doubt = attempt.uncertain or isinstance(result, rules.Uncertain)
    assert not (in_doubt and settled.state is State.PLANNED)
    assert settled.uncertain or settled.state is not State.UNKNOWN


@given(attempts, results)
def test_what_waits_has_a_time_and_what_ended_has_none(attempt: Attempt, result: Result) -> None:
    settled = rules.settle(attempt, result, NOW)
    waits = settled.state in (State.PLANNED, State.UNKNOWN)
    assert waits == (settled.not_before is not None)
    assert settled.not_before is None or settled.not_before >= NOW


def test_after_a_day_of_not_knowing_it_is_left_alone() -> None:
    old = replace(ATTEMPT, first_attempt_at=NOW - timedelta(days=1))
    assert rules.settle(old, rules.Uncertain(), NOW).state is State.UNRESOLVED
    younger = replace(ATTEMPT, first_attempt_at=NOW - timedelta(days=1) + timedelta(seconds=1))
    assert rules.settle(younger, rules.Uncertain(), NOW).state is State.UNKNOWN


def test_a_stale_channel_is_opened_anew_once() -> None:
    assert rules.settle(ATTEMPT, rules.StaleChannel(), NOW).state is State.PLANNED
    again = replace(ATTEMPT, reopened=True)
    assert rules.settle(again, rules.StaleChannel(), NOW).state is State.UNREACHABLE


def test_waiting_doubles_up_to_a_minute() -> None:
    waits = [rules.backoff(attempt).total_seconds() for attempt in (1, 2, 3, 6, 7, 100)]
    assert waits == [1, 2, 4, 32, 60, 60]


@pytest.mark.parametrize(
    ("change", "state"),
    [
        ({}, State.SENDING),
        ({"kind": Kind.MORNING}, State.SENDING),
        ({"kind": Kind.MORNING, "choice": Choice.FLOOR}, State.CANCELLED),
        ({"choice": Choice.FLOOR}, State.SENDING),
        ({"outcome": Outcome.KEPT}, State.CANCELLED),
        ({"kind": Kind.MORNING, "outcome": Outcome.ROUGH}, State.CANCELLED),
        ({"resting": True}, State.CANCELLED),
        ({"reachable": False}, State.CANCELLED),
        ({"newer": 5}, State.MERGED),
        ({"useful_until": NOW}, State.NOT_ASKED),
        ({"phase": Phase.JUST_FOUND_OUT}, State.SENDING),
        ({"phase": Phase.JUST_FOUND_OUT, "kind": Kind.MORNING}, State.CANCELLED),
        ({"phase": Phase.NOT_READY, "due_at": NOW - timedelta(hours=3)}, State.NOT_ASKED),
        ({"phase": Phase.EXAM_DAY}, State.CANCELLED),
        ({"phase": Phase.WAITING}, State.CANCELLED),
        ({"phase": Phase.RESULT}, State.CANCELLED),
        ({"kind": Kind.WELCOME, "resting": True, "newer": 5}, State.SENDING),
        ({"kind": Kind.WELCOME, "reachable": False}, State.CANCELLED),
    ],
)
def test_only_what_is_still_wanted_goes_out(change: dict[str, object], state: State) -> None:
    assert rules.judge(replace(STANDING, **change), NOW) is state  # pyright: ignore[reportArgumentType]


@pytest.mark.parametrize(("passed", "speaks"), [(0, True), (6, True), (7, True), (8, False), (9, False), (10, True)])
def test_the_gentle_path_speaks_daily_for_a_week_and_then_every_third_evening(passed: int, speaks: bool) -> None:
    began = STANDING.study_day - timedelta(days=passed)
    gentle = replace(STANDING, phase=Phase.JUST_FOUND_OUT, phase_began=began)
    assert (rules.judge(gentle, NOW) is State.SENDING) is speaks
