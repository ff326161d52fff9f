"""What a member's days are: planned, kept, silent, covered by a reserve; and what they show the member can do."""

from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain import ledgers
from bot.domain.blocks import Work
from bot.domain.check_ins import Choice, Outcome
from bot.domain.days import Clock, Timetable
from bot.domain.goals import EVERY_DAY, Chosen, Goal
from bot.domain.ledgers import FOREVER, DayKind, Enrolment, Ledger, Record, Span, SpanKind
from bot.domain.phases import Phase

MONDAY = date(2026, 3, 2)
DAY = timedelta(days=1)
SUNDAYS, WEEKENDS = 0b1000000, 0b1100000
GOAL = Goal(floor=10, usual=20, stretch=30)
STUDIES = Ledger(
    started_day=MONDAY,
    timetable=Timetable(clocks=((MONDAY, Clock(zone="America/Chicago")),)),
    phases=((MONDAY, Phase.REBUILDING),),
)
"""Joined on a Monday, ready to plan, and nothing said since."""

rules = settings(deadline=None, max_examples=50)


def did(questions: int = 0, **said: Any) -> Record:
    """A day with so many questions done, and what was said about it."""
    return Record(work={Work.QUESTIONS: questions} if questions else {}, **said)


def chosen(
    from_day: date = MONDAY, goal: Goal | None = GOAL, weekday: int = EVERY_DAY, kind: Work = Work.QUESTIONS
) -> Chosen:
    return Chosen(kind=kind, weekday=weekday, from_day=from_day, goal=goal)


def span(kind: SpanKind, from_day: date = MONDAY, to_day: date | None = None) -> Span:
    return Span(kind=kind, from_day=from_day, to_day=to_day or from_day)


def with_days(ledger: Ledger, *days: Record | None, first: date = MONDAY) -> Ledger:
    """The ledger with these days in a row; None is a day on which nothing was said."""
    said = {first + number * DAY: record for number, record in enumerate(days) if record is not None}
    return replace(ledger, records={**ledger.records, **said})


def a_month(first: date = MONDAY, days: int = 28) -> list[date]:
    return [first + number * DAY for number in range(days)]


# --- any life of some weeks

LONGEST = 80
some_days = st.integers(-3, LONGEST).map(lambda number: MONDAY + number * DAY)


def _lasting(kind: SpanKind, first: date, days: int) -> Span:
    return Span(kind=kind, from_day=first, to_day=first + days * DAY)


some_spans = st.builds(_lasting, st.sampled_from(SpanKind), some_days, st.integers(0, 12) | st.just(3000))
some_pauses = st.builds(_lasting, st.just(SpanKind.PAUSE), some_days, st.integers(0, 12) | st.just(3000))
numbers = st.integers(1, 100)
some_goals = (
    st.tuples(numbers, numbers, numbers).map(sorted).map(lambda it: Goal(floor=it[0], usual=it[1], stretch=it[2]))
)
some_choices = st.builds(
    Chosen,
    kind=st.sampled_from(Work),
    weekday=st.integers(-1, 6),
    from_day=some_days,
    goal=st.none() | some_goals,
)
some_records = st.builds(
    Record,
    choice=st.sampled_from(Choice),
    outcome=st.sampled_from(Outcome),
    mood=st.none() | st.integers(1, 5),
    work=st.dictionaries(st.sampled_from(Work), st.integers(0, 120), max_size=2),
)
some_places = st.builds(
    Enrolment,
    from_day=some_days,
    to_day=some_days | st.just(FOREVER),
    pauses=st.lists(some_pauses, max_size=2).map(tuple),
)


def _in_order(pairs: list[tuple[date, Any]]) -> tuple[tuple[date, Any], ...]:
    return tuple(sorted(dict(pairs).items()))


def _dated(values: st.SearchStrategy[Any], most: int) -> st.SearchStrategy[Any]:
    return st.lists(st.tuples(some_days, values), max_size=most).map(_in_order)


lives = st.builds(
    Ledger,
    started_day=st.just(MONDAY),
    timetable=st.just(STUDIES.timetable),
    phases=_dated(st.sampled_from((*Phase, *[Phase.REBUILDING] * 10)), 3).map(lambda it: it or STUDIES.phases),
    spans=st.lists(some_spans, max_size=3).map(tuple),
    enrolments=st.lists(some_places, max_size=2).map(tuple),
    rest_weekdays=_dated(st.integers(0, 127), 3),
    goals=st.lists(some_choices, max_size=4, unique_by=lambda it: (it.kind, it.weekday, it.from_day)).map(
        lambda it: tuple(sorted(it, key=lambda one: one.from_day))
    ),
    exam_dates=_dated(st.none() | some_days, 2),
    records=st.dictionaries(some_days, some_records, max_size=40),
)


@st.composite
def restful_changes(draw: st.DrawFn, ledger: Ledger) -> Ledger:
    """The same life with more rest, a pause, an outage, a paused cohort, an exam date, or another phase in it."""
    spans, days = tuple(draw(st.lists(some_spans, max_size=3))), draw(some_days)
    kept_first = tuple((day, mask) for day, mask in ledger.rest_weekdays if day != days)
    return draw(
        st.sampled_from(
            [
                replace(ledger, spans=ledger.spans + spans),
                replace(ledger, enrolments=(*ledger.enrolments, draw(some_places))),
                replace(ledger, rest_weekdays=tuple(sorted([*kept_first, (days, draw(st.integers(0, 127)))]))),
                replace(ledger, exam_dates=((MONDAY - 9 * DAY, days), *ledger.exam_dates)),
                replace(ledger, phases=((MONDAY, draw(st.sampled_from(Phase))),)),
            ]
        )
    )


@given(st.data(), lives, some_days)
@rules
def test_no_count_falls_because_of_rest_a_pause_an_outage_or_a_changed_setting(
    data: st.DataObject, ledger: Ledger, until: date
) -> None:
    after = data.draw(restful_changes(ledger))
    assert ledgers.kept_days(after, until) == ledgers.kept_days(ledger, until)
    assert ledgers.questions_this_week(after, until) == ledgers.questions_this_week(ledger, until)


@given(lives, some_choices, some_days)
@rules
def test_another_goal_leaves_every_day_before_it_as_it_was(ledger: Ledger, choice: Chosen, until: date) -> None:
    same_day = [
        it
        for it in ledger.goals
        if (it.kind, it.weekday, it.from_day) != (choice.kind, choice.weekday, choice.from_day)
    ]
    after = replace(ledger, goals=tuple(sorted([*same_day, choice], key=lambda it: it.from_day)))
    for day in a_month(min(until, choice.from_day) - 30 * DAY, 30):
        assert ledgers.goals_on(after, day) == ledgers.goals_on(ledger, day)
        assert ledgers.is_kept(after, day) == ledgers.is_kept(ledger, day)
    if until < choice.from_day:
        assert ledgers.kept_days(after, until) == ledgers.kept_days(ledger, until)


@given(lives, some_days, st.integers(0, 127), st.sampled_from(Phase), st.none() | some_days)
@rules
def test_what_is_chosen_from_a_day_on_leaves_the_kind_of_every_day_before_it(
    ledger: Ledger, from_day: date, mask: int, phase: Phase, exam: date | None
) -> None:
    def later(before: tuple[tuple[date, Any], ...], value: Any) -> tuple[tuple[date, Any], ...]:
        return (*((day, old) for day, old in before if day < from_day), (from_day, value))

    after = replace(
        ledger,
        rest_weekdays=later(ledger.rest_weekdays, mask),
        phases=later(ledger.phases, phase),
        exam_dates=later(ledger.exam_dates, exam),
    )
    for day in a_month(from_day - 40 * DAY, 40):
        assert ledgers.kind(after, day) is ledgers.kind(ledger, day)


# --- planned days

EXAM = MONDAY + 10 * DAY


@pytest.mark.parametrize(
    ("changes", "kind"),
    [
        ({}, DayKind.PLANNED),
        ({"started_day": MONDAY + DAY}, DayKind.BEFORE),
        ({"phases": ()}, DayKind.GENTLE),
        ({"phases": ((MONDAY, Phase.JUST_FOUND_OUT),)}, DayKind.GENTLE),
        ({"phases": ((MONDAY, Phase.NOT_READY),)}, DayKind.GENTLE),
        ({"phases": ((MONDAY, Phase.EXAM_BOOKED),)}, DayKind.PLANNED),
        ({"phases": ((MONDAY, Phase.LAST_STRETCH),)}, DayKind.PLANNED),
        ({"phases": ((MONDAY, Phase.EXAM_DAY),)}, DayKind.EXAM_DAY),
        ({"phases": ((MONDAY, Phase.WAITING),)}, DayKind.WAITING),
        ({"phases": ((MONDAY, Phase.RESULT),)}, DayKind.WAITING),
        ({"phases": ((MONDAY - DAY, Phase.NOT_READY), (MONDAY, Phase.REBUILDING))}, DayKind.PLANNED),
        ({"phases": ((MONDAY - DAY, Phase.REBUILDING), (MONDAY + DAY, Phase.NOT_READY))}, DayKind.PLANNED),
        ({"spans": (span(SpanKind.PAUSE, MONDAY - DAY, FOREVER),)}, DayKind.PAUSE),
        ({"spans": (span(SpanKind.REST),)}, DayKind.REST),
        ({"spans": (span(SpanKind.OUTAGE),)}, DayKind.OUTAGE),
        ({"spans": (span(SpanKind.PAUSE, MONDAY - 3 * DAY, MONDAY - DAY),)}, DayKind.PLANNED),
        ({"spans": (span(SpanKind.REST, MONDAY + DAY),)}, DayKind.PLANNED),
        ({"rest_weekdays": ((MONDAY, 0b0000001),)}, DayKind.REST),
        ({"rest_weekdays": ((MONDAY, SUNDAYS),)}, DayKind.PLANNED),
        ({"rest_weekdays": ((MONDAY - DAY, 0b0000001), (MONDAY, 0))}, DayKind.PLANNED),
        ({"rest_weekdays": ((MONDAY - DAY, 0b0000001), (MONDAY + DAY, 0))}, DayKind.REST),
        ({"records": {MONDAY: did(outcome=Outcome.ROUGH)}}, DayKind.REST),
        ({"records": {MONDAY: did(outcome=Outcome.NOT_TODAY)}}, DayKind.PLANNED),
        ({"exam_dates": ((MONDAY - DAY, MONDAY),)}, DayKind.EXAM_DAY),
        ({"exam_dates": ((MONDAY, MONDAY),)}, DayKind.EXAM_DAY),
        ({"exam_dates": ((MONDAY - DAY, MONDAY + DAY),)}, DayKind.PLANNED),
        ({"exam_dates": ((MONDAY - DAY, MONDAY), (MONDAY, EXAM))}, DayKind.PLANNED),
        ({"exam_dates": ((MONDAY - DAY, MONDAY), (MONDAY, None))}, DayKind.PLANNED),
        ({"exam_dates": ((MONDAY - DAY, MONDAY), (MONDAY + DAY, EXAM))}, DayKind.EXAM_DAY),
    ],
)
def test_a_planned_day_is_one_without_rest_pause_outage_exam_waiting_gentle_phase_or_joining_to_come(
    changes: dict[str, Any], kind: DayKind
) -> None:
    assert ledgers.kind(replace(STUDIES, **changes), MONDAY) is kind


def test_after_the_exam_a_member_waits_until_they_say_what_comes_next() -> None:
    booked = replace(STUDIES, exam_dates=((MONDAY, EXAM),))
    assert ledgers.kind(booked, EXAM - DAY) is DayKind.PLANNED
    assert ledgers.kind(booked, EXAM) is DayKind.EXAM_DAY
    assert {ledgers.kind(booked, day) for day in a_month(EXAM + DAY, 400)} == {DayKind.WAITING}
    goes_on = replace(booked, phases=(*STUDIES.phases, (EXAM + 5 * DAY, Phase.REBUILDING)))
    assert ledgers.kind(goes_on, EXAM + 4 * DAY) is DayKind.WAITING
    assert ledgers.kind(goes_on, EXAM + 5 * DAY) is DayKind.PLANNED
    again = replace(booked, exam_dates=((MONDAY, EXAM), (EXAM + 5 * DAY, EXAM + 90 * DAY)))
    assert ledgers.kind(again, EXAM + 4 * DAY) is DayKind.WAITING
    assert ledgers.kind(again, EXAM + 5 * DAY) is DayKind.PLANNED


@pytest.mark.parametrize(
    ("changes", "kind"),
    [
        ({"phases": ((MONDAY, Phase.JUST_FOUND_OUT),)}, DayKind.PAUSE),
        ({"exam_dates": ((MONDAY, MONDAY),)}, DayKind.PAUSE),
        ({"spans": (span(SpanKind.PAUSE), span(SpanKind.REST), span(SpanKind.OUTAGE))}, DayKind.PAUSE),
    ],
)
def test_a_pause_outweighs_all_else(changes: dict[str, Any], kind: DayKind) -> None:
    ledger = replace(STUDIES, spans=(span(SpanKind.PAUSE),))
    assert ledgers.kind(replace(ledger, **changes), MONDAY) is kind


def test_the_exam_outweighs_rest() -> None:
    ledger = replace(STUDIES, exam_dates=((MONDAY, MONDAY),), rest_weekdays=((MONDAY, 127),))
    assert ledgers.kind(ledger, MONDAY) is DayKind.EXAM_DAY


def test_a_member_pauses_with_their_cohorts_only_while_all_of_them_pause() -> None:
    paused = Enrolment(from_day=MONDAY, to_day=FOREVER, pauses=(span(SpanKind.PAUSE, MONDAY, MONDAY + 2 * DAY),))
    goes_on = Enrolment(from_day=MONDAY + DAY, to_day=MONDAY + DAY)
    alone, both = replace(STUDIES, enrolments=(paused,)), replace(STUDIES, enrolments=(paused, goes_on))
    week = a_month(days=4)
    assert [ledgers.is_paused(alone, day) for day in week] == [True, True, True, False]
    assert [ledgers.is_paused(both, day) for day in week] == [True, False, True, False]
    assert [ledgers.kind(alone, day) for day in week] == [*[DayKind.PAUSE] * 3, DayKind.PLANNED]
    assert ledgers.kind(both, MONDAY + DAY) is DayKind.PLANNED
    assert not ledgers.is_paused(STUDIES, MONDAY)


# --- kept days


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        (did(10), True),
        (did(9), False),
        (did(10, outcome=Outcome.NOT_TODAY), True),
        (did(10, outcome=Outcome.ROUGH), True),
        (did(outcome=Outcome.KEPT), True),
        (did(9, outcome=Outcome.KEPT), False),
        (Record(outcome=Outcome.KEPT, work={Work.QUESTIONS: 0}), False),
        (Record(outcome=Outcome.KEPT, work={Work.FLASHCARDS: 3}), True),
        (did(outcome=Outcome.SOME), False),
        (did(9, outcome=Outcome.SOME), False),
        (Record(work={Work.FLASHCARDS: 100}), False),
        (did(outcome=Outcome.NOT_TODAY), False),
        (did(outcome=Outcome.ROUGH), False),
        (did(choice=Choice.USUAL), False),
        (Record(), False),
    ],
)
def test_with_a_goal_a_day_is_kept_by_reaching_the_floor_or_by_kept_it_without_a_number(
    said: Record, kept: bool
) -> None:
    assert ledgers.is_kept(with_days(replace(STUDIES, goals=(chosen(),)), said), MONDAY) is kept


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        (did(1), True),
        (Record(work={Work.VIDEOS: 1}), True),
        (did(outcome=Outcome.KEPT), True),
        (Record(outcome=Outcome.KEPT, work={Work.QUESTIONS: 0}), True),
        (did(outcome=Outcome.SOME), True),
        (Record(work={Work.QUESTIONS: 0}), False),
        (did(outcome=Outcome.NOT_TODAY), False),
        (did(outcome=Outcome.ROUGH), False),
        (did(choice=Choice.FLOOR), False),
        (Record(), False),
    ],
)
@pytest.mark.parametrize("goals", [(), (chosen(), chosen(MONDAY, None)), (chosen(MONDAY + DAY),)])
def test_without_a_countable_goal_some_of_it_and_any_work_keep_a_day(
    said: Record, kept: bool, goals: tuple[Chosen, ...]
) -> None:
    assert ledgers.is_kept(with_days(replace(STUDIES, goals=goals), said), MONDAY) is kept


def test_the_floor_of_any_goal_keeps_a_day() -> None:
    ledger = replace(STUDIES, goals=(chosen(), chosen(kind=Work.FLASHCARDS)))
    assert ledgers.is_kept(with_days(ledger, Record(work={Work.FLASHCARDS: 10, Work.QUESTIONS: 1})), MONDAY)
    assert not ledgers.is_kept(with_days(ledger, Record(work={Work.FLASHCARDS: 9, Work.QUESTIONS: 9})), MONDAY)


@given(lives, some_records, some_days)
@rules
def test_more_work_never_takes_a_kept_day_back(ledger: Ledger, said: Record, day: date) -> None:
    said = replace(said, work={kind: number for kind, number in said.work.items() if number})
    before = replace(ledger, records={day: said})
    for kind in said.work:
        more = replace(said, work={**said.work, kind: said.work[kind] + 1})
        assert ledgers.is_kept(replace(before, records={day: more}), day) >= ledgers.is_kept(before, day)


def test_kept_days_are_those_of_the_last_four_weeks() -> None:
    ledger = with_days(STUDIES, *[did(10)] * 40)
    for days in range(1, 41):
        assert ledgers.kept_days(ledger, MONDAY + (days - 1) * DAY) == min(days, 28)
    only = with_days(STUDIES, did(10))
    assert [ledgers.kept_days(only, MONDAY + number * DAY) for number in (-1, 0, 27, 28)] == [0, 1, 1, 0]


EVERY_DAY_AWAY: list[dict[str, Any]] = [
    *({"spans": (span(kind, MONDAY, FOREVER),)} for kind in SpanKind),
    {"enrolments": (Enrolment(from_day=MONDAY, to_day=FOREVER, pauses=(span(SpanKind.PAUSE, MONDAY, FOREVER),)),)},
    {"rest_weekdays": ((MONDAY, 127),)},
    {"exam_dates": ((MONDAY, MONDAY),)},
    *({"phases": ((MONDAY, phase),)} for phase in Phase),
    {"started_day": MONDAY + 28 * DAY},
]


@pytest.mark.parametrize("changes", EVERY_DAY_AWAY)
@pytest.mark.parametrize("said", [did(10), did(outcome=Outcome.KEPT)])
def test_a_kept_day_stays_one_whatever_kind_of_day_it_was(changes: dict[str, Any], said: Record) -> None:
    ledger = with_days(replace(STUDIES, goals=(chosen(),), **changes), *[said] * 28)
    until = MONDAY + 27 * DAY
    assert ledgers.kept_days(ledger, until) == 28
    assert ledgers.questions_this_week(ledger, until) == 7 * said.questions


def test_questions_of_this_week_begin_on_monday() -> None:
    ledger = with_days(STUDIES, *[did(1 + number) for number in range(10)])
    assert [ledgers.questions_this_week(ledger, day) for day in a_month(days=10)] == [
        *(1, 3, 6, 10, 15, 21, 28),
        *(8, 17, 27),
    ]


# --- silence and reserves


@pytest.mark.parametrize(
    ("said", "silent"),
    [
        (Record(), True),
        (Record(mood=3), True),
        (did(1), False),
        (Record(work={Work.PAGES: 1}), False),
        (Record(work={Work.QUESTIONS: 0}), False),
        (did(choice=Choice.FLOOR), False),
        *((did(outcome=outcome), False) for outcome in (Outcome.KEPT, Outcome.SOME, Outcome.NOT_TODAY, Outcome.ROUGH)),
    ],
)
def test_a_day_is_silent_when_nothing_was_said_and_nothing_logged(said: Record, silent: bool) -> None:
    assert ledgers.is_silent(with_days(STUDIES, said), MONDAY) is silent


@pytest.mark.parametrize("kind", SpanKind)
def test_rest_pause_and_outage_days_are_not_silent(kind: SpanKind) -> None:
    assert not ledgers.is_silent(replace(STUDIES, spans=(span(kind),)), MONDAY)


@given(lives, some_days, some_days)
@rules
def test_a_reserve_is_spent_on_silent_planned_days_that_are_over_two_a_study_week_at_most(
    ledger: Ledger, week: date, over: date
) -> None:
    spent = ledgers.reserve_days(ledger, week, over)
    assert len(spent) <= 2
    assert spent == sorted(set(spent))
    monday = week - week.weekday() * DAY
    for day in spent:
        assert monday <= day <= monday + 6 * DAY
        assert day <= over
        assert ledgers.kind(ledger, day) is DayKind.PLANNED
        said = ledger.on(day)
        assert not said.work
        assert said.outcome is Outcome.NONE
        assert said.choice is Choice.NONE


@given(lives, some_days, some_days)
@rules
def test_no_silent_day_goes_uncovered_while_a_reserve_is_left(ledger: Ledger, week: date, over: date) -> None:
    spent = ledgers.reserve_days(ledger, week, over)
    monday = week - week.weekday() * DAY
    silent = [day for day in a_month(monday, 7) if day <= over and ledgers.is_silent(ledger, day)]
    assert spent == silent if len(silent) <= 2 else spent == silent[:2]


@given(lives, some_days, some_days, st.sampled_from(Outcome), st.sampled_from(Choice), st.sampled_from(Work))
@rules
def test_an_answer_or_work_takes_a_reserve_off_its_day(
    ledger: Ledger, week: date, over: date, outcome: Outcome, choice: Choice, kind: Work
) -> None:
    for day in ledgers.reserve_days(ledger, week, over):
        for said in (Record(outcome=outcome), Record(choice=choice), Record(work={kind: 1})):
            if said != Record():
                after = replace(ledger, records={**ledger.records, day: said})
                assert day not in ledgers.reserve_days(after, week, over)


@given(lives, some_days, some_days)
@rules
def test_a_reserve_once_spent_is_not_moved_as_time_goes_on(ledger: Ledger, week: date, over: date) -> None:
    spent = ledgers.reserve_days(ledger, week, over)
    assert ledgers.reserve_days(ledger, week, over + DAY)[: len(spent)] == spent


def test_a_study_week_of_reserves_goes_from_monday_to_sunday() -> None:
    ledger = with_days(STUDIES, *[did(10)] * 6, None, None, None, None)
    sunday = MONDAY + 6 * DAY
    assert ledgers.reserve_days(ledger, MONDAY, sunday + 3 * DAY) == [sunday]
    assert ledgers.reserve_days(ledger, sunday, sunday + 3 * DAY) == [sunday]
    assert ledgers.reserve_days(ledger, sunday + DAY, sunday + 3 * DAY) == [sunday + DAY, sunday + 2 * DAY]


def test_a_day_that_can_still_be_answered_costs_no_reserve() -> None:
    assert ledgers.reserve_days(STUDIES, MONDAY, MONDAY - DAY) == []
    assert ledgers.reserve_days(STUDIES, MONDAY, MONDAY) == [MONDAY]


def test_a_day_covered_by_a_reserve_stays_planned_silent_and_a_zero_of_capacity() -> None:
    ledger = with_days(STUDIES, *[did(20)] * 8, None, None, *[did(20)] * 2)
    covered = [MONDAY + 8 * DAY, MONDAY + 9 * DAY]
    assert ledgers.reserve_days(ledger, covered[0], MONDAY + 11 * DAY) == covered
    assert {ledgers.kind(ledger, day) for day in covered} == {DayKind.PLANNED}
    assert ledgers.silent_run(ledger, covered[0] - DAY, covered[1] + DAY) == 2
    assert ledgers.capacity(ledger, MONDAY + 11 * DAY) == Fraction(200, 12)


# --- capacity


def capacity(*days: Record | None, ledger: Ledger = STUDIES) -> Fraction | None:
    """Capacity at the end of these days, the first of which is a Monday."""
    return ledgers.capacity(with_days(ledger, *days), MONDAY + (len(days) - 1) * DAY)


def test_capacity_is_unknown_under_ten_planned_days() -> None:
    assert capacity(*[did(20)] * 9) is None
    assert capacity(*[did(20)] * 10) == 20


@pytest.mark.parametrize("zero", [None, did(outcome=Outcome.NOT_TODAY), Record(work={Work.QUESTIONS: 0})])
@pytest.mark.parametrize("choice", Choice)
def test_silence_not_today_and_a_zero_count_as_zero(zero: Record | None, choice: Choice) -> None:
    assert capacity(*[did(20)] * 10, *[zero and replace(zero, choice=choice)] * 10) == 10


@pytest.mark.parametrize(
    "answered",
    [
        did(outcome=Outcome.KEPT),
        did(outcome=Outcome.SOME),
        did(choice=Choice.USUAL),
        did(choice=Choice.FLOOR, outcome=Outcome.KEPT),
        Record(outcome=Outcome.KEPT, work={Work.FLASHCARDS: 50}),
        Record(outcome=Outcome.SOME, work={Work.VIDEOS: 1}),
    ],
)
def test_a_day_answered_without_a_number_is_left_out(answered: Record) -> None:
    assert capacity(*[did(20)] * 10, *[answered] * 10) == 20
    assert capacity(*[did(20)] * 9, *[answered] * 10) is None


@pytest.mark.parametrize("choice", Choice)
def test_other_work_alone_says_that_no_questions_were_done(choice: Choice) -> None:
    assert capacity(*[did(20)] * 10, *[Record(choice=choice, work={Work.FLASHCARDS: 50})] * 10) == 10


@pytest.mark.parametrize("kind", SpanKind)
def test_rest_pause_and_outage_are_left_out_even_where_work_was_done(kind: SpanKind) -> None:
    away = replace(STUDIES, spans=(span(kind, MONDAY + 10 * DAY, MONDAY + 19 * DAY),))
    assert capacity(*[did(20)] * 10, *[None] * 10, ledger=away) == 20
    assert capacity(*[did(20)] * 10, *[did(90)] * 10, ledger=away) == 20


def test_capacity_looks_back_on_28_planned_days_however_long_ago_they_were() -> None:
    assert capacity(*[did(90)] * 5, *[did(20)] * 28) == 20
    assert capacity(*[did(90)] * 5, *[did(20)] * 27) == Fraction(90 + 27 * 20, 28)
    long_ill = replace(STUDIES, spans=(span(SpanKind.PAUSE, MONDAY + 28 * DAY, MONDAY + 127 * DAY),))
    assert capacity(*[did(20)] * 28, *[None] * 100, ledger=long_ill) == 20


def test_capacity_leaves_out_days_before_joining_and_in_gentle_phases() -> None:
    later = replace(STUDIES, started_day=MONDAY + 5 * DAY)
    assert capacity(*[did(20)] * 14, ledger=later) is None
    assert capacity(*[did(90)] * 5, *[did(20)] * 10, ledger=later) == 20
    gentle = replace(STUDIES, phases=((MONDAY, Phase.NOT_READY), (MONDAY + 5 * DAY, Phase.REBUILDING)))
    assert capacity(*[None] * 5, *[did(20)] * 10, ledger=gentle) == 20


@given(lives, some_days)
@rules
def test_capacity_is_the_mean_of_the_last_28_planned_days_of_which_a_number_is_known(
    ledger: Ledger, until: date
) -> None:
    known: list[int] = []
    for day in reversed(a_month(MONDAY, (until - MONDAY).days + 1)):
        said = ledger.on(day)
        silent = not said.choice and not said.outcome and not said.work
        only_other_work = Work.QUESTIONS not in said.work and bool(said.work) and not said.outcome
        numbered = Work.QUESTIONS in said.work or said.outcome is Outcome.NOT_TODAY
        if ledgers.kind(ledger, day) is DayKind.PLANNED and (silent or only_other_work or numbered):
            known.append(said.work.get(Work.QUESTIONS, 0))
    expected = Fraction(sum(known[:28]), len(known[:28])) if len(known) >= 10 else None
    assert ledgers.capacity(ledger, until) == expected


# --- a silence


def run(ledger: Ledger, last_sign: int, day: int) -> int:
    return ledgers.silent_run(ledger, MONDAY + last_sign * DAY, MONDAY + day * DAY)


def test_a_silence_counts_the_planned_days_after_the_last_sign_of_life() -> None:
    assert [run(STUDIES, 0, day) for day in (0, 1, 2, 6)] == [0, 0, 1, 5]
    assert [run(STUDIES, 3, day) for day in (0, 3, 4, 6)] == [0, 0, 0, 2]


@pytest.mark.parametrize("kind", SpanKind)
def test_days_of_rest_pause_and_outage_lengthen_no_silence(kind: SpanKind) -> None:
    away = replace(STUDIES, spans=(span(kind, MONDAY + 2 * DAY, MONDAY + 20 * DAY),))
    assert [run(away, 0, day) for day in (2, 10, 21, 22)] == [1, 1, 1, 2]
    resting = replace(STUDIES, rest_weekdays=((MONDAY, WEEKENDS),))
    assert [run(resting, 0, day) for day in (5, 7, 8, 14)] == [4, 4, 5, 9]


@given(lives, some_days, some_days, some_spans)
@rules
def test_more_rest_never_lengthens_a_silence(ledger: Ledger, last_sign: date, day: date, more: Span) -> None:
    after = replace(ledger, spans=(*ledger.spans, more))
    assert ledgers.silent_run(after, last_sign, day) <= ledgers.silent_run(ledger, last_sign, day)


# --- coming back


def test_a_member_comes_back_on_the_first_day_after_a_pause_that_is_not_rest() -> None:
    paused = replace(STUDIES, spans=(span(SpanKind.PAUSE, MONDAY + DAY, MONDAY + 5 * DAY),))
    assert [day for day in a_month(days=12) if ledgers.comes_back(paused, day)] == [MONDAY + 6 * DAY]
    resting = replace(paused, rest_weekdays=((MONDAY, SUNDAYS),))
    back = [day for day in a_month(days=12) if ledgers.comes_back(resting, day)]
    assert [day for day in back if ledgers.kind(resting, day) is DayKind.PLANNED] == [MONDAY + 7 * DAY]


def test_a_day_opens_with_the_floor_after_a_rough_day_and_after_no_other() -> None:
    week = [did(outcome=outcome) for outcome in Outcome]
    ledger = with_days(STUDIES, *week)
    follows = [day for day in a_month(days=8) if ledgers.follows_rest(ledger, day)]
    assert follows == [MONDAY + (list(Outcome).index(Outcome.ROUGH) + 1) * DAY]
