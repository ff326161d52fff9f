"""Whether a message that is owed may go out, and what one attempt decided."""

import json
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain import prompts as rules
from bot.domain.blocks import Work
from bot.domain.check_ins import Choice, Outcome
from bot.domain.days import Clock, Kind, Timetable
from bot.domain.ledgers import FOREVER, Ledger, Record, Span, SpanKind
from bot.domain.phases import GENTLE, STUDYING, Phase
from bot.domain.prompts import (
    Attempt,
    ClosedDoor,
    NoLongerUseful,
    Rejected,
    Result,
    Sent,
    Settlement,
    StaleChannel,
    Standing,
    State,
    TokenRefused,
    TryLater,
    Uncertain,
)
from bot.domain.silences import Ask

NOW = datetime(2026, 3, 3, 13, 30, tzinfo=UTC)
TODAY = date(2026, 3, 3)
SECOND, HOUR, DAY = timedelta(seconds=1), timedelta(hours=1), timedelta(days=1)
WAIT = 5 * SECOND

MORNING = Standing(
    kind=Kind.MORNING,
    due_at=NOW,
    useful_until=NOW + 13 * HOUR,
    wanted=True,
    gentle=False,
    reachable=True,
    newer=None,
)
EVENING = replace(MORNING, kind=Kind.EVENING, useful_until=NOW + 24 * HOUR)
WELCOME = replace(EVENING, kind=Kind.WELCOME)
GENTLE_EVENING = replace(EVENING, gentle=True)


# May it go out?


@pytest.mark.parametrize(
    ("standing", "ends"),
    [
        (MORNING, State.SENDING),
        (EVENING, State.SENDING),
        (WELCOME, State.SENDING),
        (GENTLE_EVENING, State.SENDING),
        (replace(MORNING, useful_until=NOW), State.NOT_ASKED),
        (replace(MORNING, useful_until=NOW + SECOND), State.SENDING),
        (replace(WELCOME, useful_until=NOW), State.NOT_ASKED),
        (replace(MORNING, reachable=False), State.CANCELLED),
        (replace(WELCOME, reachable=False), State.CANCELLED),
        (replace(MORNING, wanted=False), State.CANCELLED),
        (replace(EVENING, wanted=False), State.CANCELLED),
        (replace(GENTLE_EVENING, wanted=False), State.CANCELLED),
        (replace(WELCOME, wanted=False), State.SENDING),
        (replace(GENTLE_EVENING, due_at=NOW - 3 * HOUR + SECOND), State.SENDING),
        (replace(GENTLE_EVENING, due_at=NOW - 3 * HOUR), State.NOT_ASKED),
        (replace(EVENING, due_at=NOW - 3 * HOUR), State.SENDING),
        (replace(WELCOME, gentle=True, due_at=NOW - 3 * HOUR), State.SENDING),
        (replace(EVENING, newer=7), State.MERGED),
        (replace(WELCOME, newer=7), State.SENDING),
        (replace(EVENING, newer=7, wanted=False), State.CANCELLED),
        (replace(EVENING, newer=7, reachable=False), State.CANCELLED),
        (replace(EVENING, newer=7, useful_until=NOW), State.NOT_ASKED),
    ],
)
def test_a_prompt_goes_out_only_while_it_is_wanted(standing: Standing, ends: State) -> None:
    assert rules.judge(standing, NOW) is ends


STANDINGS = st.builds(
    Standing,
    kind=st.sampled_from(Kind),
    due_at=st.sampled_from([NOW - DAY, NOW - HOUR, NOW]),
    useful_until=st.sampled_from([NOW - HOUR, NOW, NOW + HOUR]),
    wanted=st.booleans(),
    gentle=st.booleans(),
    reachable=st.booleans(),
    newer=st.sampled_from([None, 7]),
)


@given(STANDINGS)
def test_a_verdict_is_to_send_or_an_end_from_planned(standing: Standing) -> None:
    verdict = rules.judge(standing, NOW)
    assert verdict in {State.SENDING, State.NOT_ASKED, State.CANCELLED, State.MERGED}
    if verdict in {State.SENDING, State.MERGED}:
        assert standing.reachable
        assert standing.useful_until > NOW
        assert standing.wanted or standing.kind is Kind.WELCOME
    assert (verdict is State.MERGED) <= (standing.newer is not None)


# Is there anything to ask of a day?

RHYTHMS = (Kind.MORNING, Kind.EVENING)


def ledger(phase: Phase = Phase.REBUILDING, began: date = TODAY - 20 * DAY, **changes: Any) -> Ledger:
    plain = Ledger(
        started_day=TODAY - 60 * DAY,
        timetable=Timetable(clocks=((date.min, Clock(zone="America/Chicago")),)),
        phases=((began, phase),),
    )
    return replace(plain, **changes)


def answered(choice: Choice = Choice.NONE, outcome: Outcome = Outcome.NONE, questions: int = 0) -> Ledger:
    """A study day with this on it."""
    work = {Work.QUESTIONS: questions} if questions else {}
    return ledger(records={TODAY: Record(choice=choice, outcome=outcome, work=work)})


def span(kind: SpanKind, first: date = TODAY, last: date = TODAY) -> Ledger:
    return ledger(spans=(Span(kind=kind, from_day=first, to_day=last),))


def asks(found: Ledger, day: date = TODAY, ask: Ask = Ask.AS_USUAL) -> list[Kind]:
    """Which rhythms have anything to ask."""
    return [kind for kind in RHYTHMS if rules.wanted(found, kind, day, ask)]


def test_a_planned_day_is_asked_about_in_the_morning_and_in_the_evening() -> None:
    assert asks(ledger()) == [Kind.MORNING, Kind.EVENING]


@pytest.mark.parametrize("choice", [Choice.USUAL, Choice.FLOOR])
def test_a_choice_answers_the_morning_and_leaves_the_evening(choice: Choice) -> None:
    assert asks(answered(choice)) == [Kind.EVENING]


def test_work_alone_answers_nothing() -> None:
    assert asks(answered(questions=500)) == [Kind.MORNING, Kind.EVENING]


@pytest.mark.parametrize("outcome", [outcome for outcome in Outcome if outcome])
@pytest.mark.parametrize("phase", [Phase.REBUILDING, *GENTLE])
@pytest.mark.parametrize("ask", Ask)
def test_a_day_that_was_answered_for_is_not_asked_about(outcome: Outcome, phase: Phase, ask: Ask) -> None:
    found = ledger(phase, TODAY - DAY, records={TODAY: Record(outcome=outcome)})
    assert asks(found, ask=ask) == []


@pytest.mark.parametrize("phase", Phase)
def test_only_those_who_study_are_asked_for_anything(phase: Phase) -> None:
    """A word on a gentle evening asks for nothing."""
    expected = [Kind.MORNING, Kind.EVENING] if phase in STUDYING else [Kind.EVENING] if phase in GENTLE else []
    assert asks(ledger(phase, TODAY - DAY)) == expected


@pytest.mark.parametrize(
    ("found", "why"),
    [
        (span(SpanKind.REST), "rest by date"),
        (span(SpanKind.PAUSE), "pause"),
        (span(SpanKind.PAUSE, TODAY - DAY, FOREVER), "an open pause"),
        (span(SpanKind.OUTAGE), "outage"),
        (ledger(rest_weekdays=((TODAY - 9 * DAY, 1 << TODAY.weekday()),)), "rest by weekday"),
        (ledger(exam_dates=((TODAY - 9 * DAY, TODAY),)), "exam day"),
        (ledger(exam_dates=((TODAY - 9 * DAY, TODAY - DAY),)), "waiting for a result"),
        (ledger(started_day=TODAY + DAY), "not joined yet"),
    ],
)
def test_a_day_that_is_not_planned_is_not_asked_about(found: Ledger, why: str) -> None:
    assert asks(found) == [], why


@pytest.mark.parametrize("kind", [SpanKind.PAUSE, SpanKind.REST, SpanKind.OUTAGE])
def test_the_days_around_one_that_is_not_planned_are_asked_about(kind: SpanKind) -> None:
    for day in (TODAY - DAY, TODAY + DAY):
        assert asks(span(kind), day) == [Kind.MORNING, Kind.EVENING]


@pytest.mark.parametrize("phase", GENTLE)
def test_the_gentle_path_has_no_word_on_its_first_day_then_one_each_evening_for_a_week_then_every_third(
    phase: Phase,
) -> None:
    """On the first day the first message has come already, and one a day is the most."""
    asked = [number for number in range(40) if asks(ledger(phase, TODAY), TODAY + number * DAY) == [Kind.EVENING]]
    assert asked == [1, 2, 3, 4, 5, 6, 7, 10, 13, 16, 19, 22, 25, 28, 31, 34, 37]


@pytest.mark.parametrize(
    ("ask", "expected"),
    [
        (Ask.AS_USUAL, [Kind.MORNING, Kind.EVENING]),
        (Ask.ONCE, [Kind.MORNING]),
        (Ask.LAST_WORD, [Kind.MORNING]),
        (Ask.NOT, []),
    ],
)
def test_after_a_long_silence_a_day_has_one_message_or_none(ask: Ask, expected: list[Kind]) -> None:
    assert asks(ledger(), ask=ask) == expected


@pytest.mark.parametrize("ask", Ask)
def test_no_silence_makes_a_day_that_is_not_planned_one_to_ask_about(ask: Ask) -> None:
    assert asks(span(SpanKind.REST), ask=ask) == []
    assert asks(span(SpanKind.PAUSE), ask=ask) == []


# What did an attempt decide?


def attempt(**changes: Any) -> Attempt:
    values: dict[str, Any] = {
        "prompt_id": 12,
        "member_id": 1,
        "recipient": 101,
        "channel_id": 9,
        "payload": "{}",
        "attempts": 1,
        "uncertain": False,
        "first_attempt_at": NOW - HOUR,
        "due_at": NOW - HOUR,
        "useful_until": NOW + HOUR,
        "wanted": True,
        "reopened": False,
    }
    known = Attempt.__dataclass_fields__
    return Attempt(**{name: value for name, value in (values | changes).items() if name in known})


LONG = NOW - rules.GIVE_UP

PLAINLY: list[tuple[Result, Settlement]] = [
    (Sent(77), Settlement(state=State.SENT, message_id=77)),
    (ClosedDoor(50007), Settlement(state=State.UNREACHABLE, refusal=50007)),
    (NoLongerUseful(), Settlement(state=State.NOT_ASKED)),
    (Rejected(50035), Settlement(state=State.FAILED, refusal=50035)),
]


@pytest.mark.parametrize(("result", "settlement"), PLAINLY)
@pytest.mark.parametrize("uncertain", [False, True])
@pytest.mark.parametrize("attempts", [1, 2, 50])
@pytest.mark.parametrize("first", [NOW - HOUR, LONG])
def test_what_is_certain_is_an_end_whatever_went_before(
    result: Result, settlement: Settlement, uncertain: bool, attempts: int, first: datetime
) -> None:
    made = attempt(uncertain=uncertain, attempts=attempts, first_attempt_at=first)
    assert rules.settle(made, result, NOW) == settlement


@pytest.mark.parametrize(("result", "not_before"), [(TryLater(WAIT), NOW + WAIT), (TokenRefused(), NOW)])
@pytest.mark.parametrize("uncertain", [False, True])
@pytest.mark.parametrize("attempts", [1, 2, 50])
@pytest.mark.parametrize("first", [NOW - HOUR, LONG])
def test_a_refusal_for_now_settles_its_own_attempt_and_no_earlier_doubt(
    result: Result, not_before: datetime, uncertain: bool, attempts: int, first: datetime
) -> None:
    made = attempt(uncertain=uncertain, attempts=attempts, first_attempt_at=first)
    state = State.UNKNOWN if uncertain else State.PLANNED
    assert rules.settle(made, result, NOW) == Settlement(state=state, not_before=not_before, uncertain=uncertain)


@pytest.mark.parametrize("uncertain", [False, True])
@pytest.mark.parametrize(("attempts", "wait"), [(1, 1), (2, 2), (3, 4), (6, 32), (7, 60), (50, 60)])
def test_a_doubt_is_looked_into_later_and_later(uncertain: bool, attempts: int, wait: int) -> None:
    made = attempt(uncertain=uncertain, attempts=attempts, first_attempt_at=LONG + SECOND)
    expected = Settlement(state=State.UNKNOWN, not_before=NOW + wait * SECOND, uncertain=True)
    assert rules.settle(made, Uncertain(), NOW) == expected


@pytest.mark.parametrize("uncertain", [False, True])
def test_a_doubt_of_a_day_is_given_up(uncertain: bool) -> None:
    made = attempt(uncertain=uncertain, first_attempt_at=LONG)
    assert rules.settle(made, Uncertain(), NOW) == Settlement(state=State.UNRESOLVED)


def test_a_channel_that_is_gone_is_opened_anew_once() -> None:
    again = Settlement(state=State.PLANNED, not_before=NOW, refusal=rules.UNKNOWN_CHANNEL)
    assert rules.settle(attempt(), StaleChannel(), NOW) == again
    over = Settlement(state=State.UNREACHABLE, refusal=rules.UNKNOWN_CHANNEL)
    assert rules.settle(attempt(reopened=True), StaleChannel(), NOW) == over


@pytest.mark.parametrize("reopened", [False, True])
def test_a_channel_that_is_gone_leaves_a_doubt_where_it_was(reopened: bool) -> None:
    """In a new channel nobody could tell whether the message exists already."""
    made = attempt(uncertain=True, reopened=reopened)
    doubt = Settlement(state=State.UNKNOWN, not_before=NOW + SECOND, uncertain=True)
    assert rules.settle(made, StaleChannel(), NOW) == doubt
    long_ago = attempt(uncertain=True, reopened=reopened, first_attempt_at=LONG)
    assert rules.settle(long_ago, StaleChannel(), NOW) == Settlement(state=State.UNRESOLVED)


RESULTS = st.one_of(
    st.builds(Sent, st.just(77)),
    st.just(Uncertain()),
    st.builds(TryLater, st.timedeltas(timedelta(0), timedelta(minutes=10))),
    st.builds(ClosedDoor, st.sampled_from([50007, 50278])),
    st.just(StaleChannel()),
    st.just(NoLongerUseful()),
    st.builds(Rejected, st.just(50035)),
    st.just(TokenRefused()),
)


@given(st.lists(st.tuples(RESULTS, st.timedeltas(timedelta(0), 3 * HOUR)), min_size=1))
def test_a_doubt_stays_a_doubt_until_history_answers_and_an_end_is_an_end(
    turns: list[tuple[Result, timedelta]],
) -> None:
    now, made = NOW, attempt(first_attempt_at=NOW)
    for result, passes in turns:
        settlement = rules.settle(made, result, now)
        if settlement.state not in rules.WAITING_STATES:
            assert (settlement.not_before, settlement.uncertain) == (None, False)
            break
        assert settlement.state in {State.PLANNED, State.UNKNOWN}
        assert settlement.uncertain == (settlement.state is State.UNKNOWN)
        assert settlement.uncertain >= made.uncertain
        assert settlement.uncertain >= isinstance(result, Uncertain)
        assert settlement.not_before is not None
        assert settlement.not_before >= now
        assert settlement.message_id is None
        now = settlement.not_before + passes
        made = replace(
            made,
            attempts=made.attempts + 1,
            uncertain=settlement.uncertain,
            reopened=made.reopened or settlement.refusal is not None,
        )


def test_a_doubt_that_nothing_ever_answers_ends_within_a_day_and_a_minute() -> None:
    now, made = NOW, attempt(first_attempt_at=NOW)
    while (settlement := rules.settle(made, Uncertain(), now)).state is State.UNKNOWN:
        assert settlement.not_before is not None
        now, made = settlement.not_before, replace(made, attempts=made.attempts + 1, uncertain=True)
    assert settlement.state is State.UNRESOLVED
    assert rules.GIVE_UP <= now - NOW <= rules.GIVE_UP + rules.LONGEST_WAIT
    assert made.attempts < 1_500


@given(st.integers(1, 10**9))
def test_waits_grow_from_a_second_to_a_minute(attempts: int) -> None:
    assert SECOND <= rules.backoff(attempts) <= rules.backoff(attempts + 1) <= timedelta(minutes=1)


def test_an_attempt_is_over_before_its_lease_is() -> None:
    """Opening a DM, reading and posting have 8 seconds each, and a place in the queue for each."""
    assert timedelta(seconds=3 * 8 + 3 * 7) < rules.LEASE


# Names that leave the program


@given(st.integers(1, 2**63 - 1))
def test_a_nonce_is_short_enough_for_discord(prompt_id: int) -> None:
    assert len(rules.nonce(prompt_id)) <= 25
    assert rules.nonce(prompt_id) != rules.nonce(prompt_id - 1)


@given(st.integers(1, 2000), st.integers(1, 2000))
def test_a_mark_is_found_in_its_own_message_only(one: int, other: int) -> None:
    components = [{"type": 1, "components": [{"type": 2, "label": "I need help", "custom_id": f"help:{one}"}]}]
    assert (rules.mark(other) in json.dumps(components)) == (one == other)
