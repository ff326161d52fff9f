"""What can truly be said about somebody's days, and when nothing should be."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain import facts, ledgers
from bot.domain.blocks import Work
from bot.domain.check_ins import Choice, Outcome
from bot.domain.facts import Fact, FactKind
from bot.domain.goals import EVERY_DAY, Chosen, Goal
from bot.domain.ledgers import DayKind, Ledger, Record, Span, SpanKind
from bot.domain.phases import Phase
from tests.histories import A_WEDNESDAY, ALWAYS, LONG_AGO, histories, nights

DAY = timedelta(days=1)


def did(questions: int = 0, outcome: Outcome = Outcome.NONE, mood: int | None = None) -> Record:
    work = {Work.QUESTIONS: questions} if questions else {}
    return Record(outcome=outcome, mood=mood, work=work)


def lived(*days: Record | None, started: date = LONG_AGO, floor: int = 10, usual: int = 20) -> Ledger:
    """Days in a row that end with a Wednesday; None is a silent one."""
    first = A_WEDNESDAY - (len(days) - 1) * DAY
    goal = Goal(floor=floor, usual=usual, stretch=max(usual, 30))
    return Ledger(
        started_day=started,
        timetable=ALWAYS,
        phases=((LONG_AGO, Phase.REBUILDING),),
        goals=(Chosen(kind=Work.QUESTIONS, weekday=EVERY_DAY, from_day=LONG_AGO, goal=goal),),
        records={first + number * DAY: day for number, day in enumerate(days) if day is not None},
    )


def true(ledger: Ledger, day: date = A_WEDNESDAY) -> facts.Facts:
    return facts.of_day(ledger, day)


# --- when nothing is said


@given(histories())
def test_nothing_is_said_beside_a_low_mood_on_a_rough_day_or_where_nothing_is_asked(found: Ledger) -> None:
    said = found.on(A_WEDNESDAY)
    kind = ledgers.kind(found, A_WEDNESDAY)
    quiet = said.mood in (1, 2) or said.outcome is Outcome.ROUGH or said.is_silent
    if quiet or kind not in (DayKind.PLANNED, DayKind.OUTAGE):
        assert not true(found)


@given(histories())
def test_not_today_stands_alone_beside_what_came_together_before_it(found: Ledger) -> None:
    said = replace(found.on(A_WEDNESDAY), outcome=Outcome.NOT_TODAY, mood=None)
    told = true(replace(found, records={**found.records, A_WEDNESDAY: said}))
    if any(said.work.values()):
        assert not told
    counts = {
        FactKind.NOT_TODAY_SAID,
        FactKind.KEPT_THIS_WEEK,
        FactKind.QUESTIONS_THIS_WEEK,
        FactKind.KEPT_SO_FAR,
        FactKind.KEPT_FOUR_WEEKS,
        FactKind.QUESTIONS_FOUR_WEEKS,
    }
    assert told.keys() <= counts
    assert not told or FactKind.NOT_TODAY_SAID in told


@pytest.mark.parametrize("phase", [Phase.WAITING, Phase.RESULT, Phase.EXAM_DAY, *ledgers.GENTLE])
def test_waiting_results_and_the_gentle_path_hear_nothing_about_work(phase: Phase) -> None:
    assert not true(replace(lived(did(40)), phases=((LONG_AGO, phase),)))


# --- every number is one that can be counted


@given(histories())
def test_every_number_that_is_said_can_be_counted_again(found: Ledger) -> None:
    told, today = true(found), found.on(A_WEDNESDAY)
    monday = A_WEDNESDAY - 2 * DAY
    month = {day: said for day, said in found.records.items() if A_WEDNESDAY - 28 * DAY < day <= A_WEDNESDAY}
    week = {day: said for day, said in month.items() if day >= monday}
    expected = {
        FactKind.KEPT_THIS_WEEK: sum(ledgers.is_kept(found, day) for day in week),
        FactKind.KEPT_SO_FAR: sum(ledgers.is_kept(found, day) for day in month),
        FactKind.KEPT_FOUR_WEEKS: sum(ledgers.is_kept(found, day) for day in month),
        FactKind.QUESTIONS_THIS_WEEK: sum(said.questions for said in week.values()),
        FactKind.QUESTIONS_FOUR_WEEKS: sum(said.questions for said in month.values()),
        FactKind.SOME_DONE: today.questions,
        FactKind.FLOOR_REACHED: today.questions,
        FactKind.FLOOR_CHOSEN: today.questions,
        FactKind.USUAL_REACHED: today.questions,
        FactKind.WORKED_THROUGH: today.worked_through,
        FactKind.UNSEEN: today.unseen,
        FactKind.PRACTICE_SAT: today.work.get(Work.PRACTICE, 0),
        FactKind.PAGES: today.work.get(Work.PAGES, 0),
        FactKind.VIDEOS: today.work.get(Work.VIDEOS, 0),
        FactKind.FLASHCARDS: today.work.get(Work.FLASHCARDS, 0),
    }
    for kind, number in told.items():
        if kind in expected:
            assert number == expected[kind] > 0
    assert told.get(FactKind.KEPT_THIS_WEEK, 2) >= 2
    assert told.get(FactKind.KEPT_FOUR_WEEKS, 3) > told.get(FactKind.KEPT_THIS_WEEK, 0)


@pytest.mark.parametrize(("ago", "kind"), [(27, FactKind.KEPT_SO_FAR), (28, FactKind.KEPT_FOUR_WEEKS)])
def test_four_weeks_are_named_only_once_they_have_gone_by(ago: int, kind: FactKind) -> None:
    days = (did(20), did(20), did(20))
    assert facts.kept(lived(*days, started=A_WEDNESDAY - ago * DAY), A_WEDNESDAY) == Fact(kind=kind, number=3)


def test_one_kept_day_is_not_counted_aloud() -> None:
    assert facts.kept(lived(did(20)), A_WEDNESDAY) is None


# --- beside the goal


@pytest.mark.parametrize(
    ("questions", "kind"),
    [
        (9, FactKind.SOME_DONE),
        (10, FactKind.FLOOR_REACHED),
        (19, FactKind.FLOOR_REACHED),
        (20, FactKind.USUAL_REACHED),
        (31, FactKind.USUAL_REACHED),
    ],
)
def test_a_day_is_below_its_floor_at_it_or_at_the_usual_and_never_spoken_of_beyond(
    questions: int, kind: FactKind
) -> None:
    beside = {FactKind.SOME_DONE, FactKind.FLOOR_REACHED, FactKind.USUAL_REACHED}
    assert true(lived(did(20), did(questions))).keys() & beside == {kind}


def test_a_floor_that_was_chosen_is_spoken_of_only_when_it_was_reached_and_nothing_above() -> None:
    chosen = [replace(did(questions), choice=Choice.FLOOR) for questions in (9, 10, 20)]
    assert [FactKind.FLOOR_CHOSEN in true(lived(did(20), day)) for day in chosen] == [False, True, False]


@pytest.mark.parametrize(
    ("days", "holds"),
    [
        ((did(10), did(10), did(10)), True),
        ((did(10), did(9), did(10)), False),
        ((did(10), None, did(10), did(10)), False),
        ((did(10), did(10)), False),
        ((did(10), did(0, Outcome.ROUGH), did(10), did(10)), True),
    ],
)
def test_three_days_at_the_floor_may_have_rest_but_no_silence_between_them(
    days: tuple[Record | None, ...], holds: bool
) -> None:
    assert (FactKind.FLOOR_THREE_DAYS in true(lived(*days))) is holds


# --- beginnings


def test_a_first_day_is_called_one_and_the_only_day_at_hand_of_an_old_member_is_not() -> None:
    assert FactKind.FIRST_DAY in true(lived(did(20), started=A_WEDNESDAY))
    assert FactKind.FIRST_DAY not in true(lived(did(20), started=A_WEDNESDAY - 28 * DAY))


@pytest.mark.parametrize(("silent", "gap"), [(2, None), (3, 3), (6, 6), (34, 34), (35, None)])
def test_a_return_is_spoken_of_after_three_silent_days_and_counted_as_far_as_it_is_known(
    silent: int, gap: int | None
) -> None:
    assert true(lived(did(20), *[None] * silent, did(20))).get(FactKind.BACK_AFTER_GAP) == gap


def test_rest_makes_no_gap() -> None:
    rest = Span(kind=SpanKind.REST, from_day=A_WEDNESDAY - 6 * DAY, to_day=A_WEDNESDAY - DAY)
    assert FactKind.BACK_AFTER_GAP not in true(replace(lived(did(20), *[None] * 6, did(20)), spans=(rest,)))


def test_a_silent_yesterday_that_a_reserve_covers_is_one_and_a_third_one_is_not() -> None:
    assert FactKind.AFTER_RESERVE in true(lived(did(20), None, did(20)))
    friday = A_WEDNESDAY + 2 * DAY
    third = replace(lived(did(20)), records={friday - 5 * DAY: did(20), friday: did(20)})
    assert FactKind.AFTER_RESERVE not in true(third, friday)


def test_the_day_after_a_rough_day_and_after_planned_rest_are_told_apart() -> None:
    rough = lived(did(20), did(0, Outcome.ROUGH), did(20))
    assert true(rough).keys() >= {FactKind.AFTER_ROUGH_DAY}
    assert FactKind.REST_TAKEN not in true(rough)
    tuesday = Span(kind=SpanKind.REST, from_day=A_WEDNESDAY - DAY, to_day=A_WEDNESDAY - DAY)
    rested = replace(lived(did(20), None, did(20)), spans=(tuesday,))
    assert FactKind.REST_TAKEN in true(rested)
    worked = replace(lived(did(20), did(5), did(20)), spans=(tuesday,))
    assert FactKind.REST_TAKEN not in true(worked)


def test_the_first_work_after_a_pause_is_spoken_of_once() -> None:
    pause = Span(kind=SpanKind.PAUSE, from_day=A_WEDNESDAY - 9 * DAY, to_day=A_WEDNESDAY - 2 * DAY)
    assert FactKind.AFTER_PAUSE in true(replace(lived(did(20)), spans=(pause,)))
    assert FactKind.AFTER_PAUSE not in true(replace(lived(did(20), did(20)), spans=(pause,)))


BEGINNINGS = {
    FactKind.FIRST_DAY,
    FactKind.AFTER_PAUSE,
    FactKind.AFTER_ROUGH_DAY,
    FactKind.BACK_AFTER_GAP,
    FactKind.AFTER_RESERVE,
    FactKind.REST_TAKEN,
}
EXCLUSIVE = (
    BEGINNINGS,
    {FactKind.SOME_DONE, FactKind.FLOOR_REACHED, FactKind.USUAL_REACHED, FactKind.NOT_TODAY_SAID},
    {FactKind.KEPT_SO_FAR, FactKind.KEPT_FOUR_WEEKS},
    {FactKind.FLOOR_THREE_DAYS, FactKind.BACK_AFTER_GAP},
    {FactKind.FLOOR_THREE_DAYS, FactKind.AFTER_RESERVE},
    {FactKind.FLOOR_THREE_DAYS, FactKind.SOME_DONE},
    {FactKind.FIRST_DAY, FactKind.KEPT_THIS_WEEK},
    {FactKind.FIRST_DAY, FactKind.QUESTIONS_THIS_WEEK},
)


@given(histories())
def test_facts_that_contradict_each_other_are_never_true_of_one_day(found: Ledger) -> None:
    for day in found.records:
        told = true(found, day)
        assert all(len(told.keys() & some) <= 1 for some in EXCLUSIVE)


# --- what was decided, and where somebody is


@pytest.mark.parametrize(("ago", "holds"), [(0, True), (2, True), (3, False)])
def test_a_smaller_goal_is_news_for_three_days_and_a_larger_one_never(ago: int, holds: bool) -> None:
    def changed(usual: int) -> Ledger:
        found = lived(did(20), did(20))
        goal = Goal(floor=5, usual=usual, stretch=60)
        chosen = Chosen(kind=Work.QUESTIONS, weekday=EVERY_DAY, from_day=A_WEDNESDAY - ago * DAY, goal=goal)
        return replace(found, goals=(*found.goals, chosen))

    assert (FactKind.GOAL_LOWERED in true(changed(15))) is holds
    assert FactKind.GOAL_LOWERED not in true(changed(25))


def test_a_later_exam_date_is_news_and_an_earlier_one_is_not() -> None:
    def moved(to: date) -> Ledger:
        dates = ((LONG_AGO, A_WEDNESDAY + 60 * DAY), (A_WEDNESDAY - 2 * DAY, to))
        return replace(lived(did(20), did(20)), exam_dates=dates)

    assert FactKind.DATE_MOVED in true(moved(A_WEDNESDAY + 90 * DAY))
    assert FactKind.DATE_MOVED not in true(moved(A_WEDNESDAY + 50 * DAY))


@pytest.mark.parametrize(
    ("away", "stretch", "lighter"), [(15, False, False), (14, True, False), (6, True, False), (5, True, True)]
)
def test_the_last_two_weeks_are_the_last_stretch_and_less_in_the_last_five_days_is_a_lighter_day(
    away: int, stretch: bool, lighter: bool
) -> None:
    found = replace(lived(did(20), did(12)), exam_dates=((LONG_AGO, A_WEDNESDAY + away * DAY),))
    assert (FactKind.LAST_STRETCH in true(found)) is stretch
    assert (facts.stage(found, A_WEDNESDAY) is Phase.LAST_STRETCH) is stretch
    assert (FactKind.LIGHTER_DAY in true(found)) is lighter


def test_nights_are_named_while_somebody_is_on_them() -> None:
    on = replace(lived(did(20), did(20)), timetable=nights(A_WEDNESDAY - DAY, A_WEDNESDAY))
    over = replace(lived(did(20), did(20)), timetable=nights(A_WEDNESDAY - 5 * DAY, A_WEDNESDAY - DAY))
    assert (FactKind.ON_NIGHTS in true(on), FactKind.ON_NIGHTS in true(over)) == (True, False)


# --- the gentle path


@given(st.integers(0, 40), st.integers(0, 5), st.sampled_from(sorted(ledgers.GENTLE)))
def test_a_gentle_evening_knows_how_long_it_has_been_and_whether_somebody_looked(
    passed: int, ago: int, phase: Phase
) -> None:
    """The first week is that of the news; who is not ready yet may have had theirs long ago."""
    found = replace(lived(), phases=((A_WEDNESDAY - passed * DAY, phase),))
    told = facts.of_gentle_evening(found, A_WEDNESDAY, A_WEDNESDAY - ago * DAY)
    if not passed:
        assert not told
        return
    expected = {FactKind.GENTLE_LOOKED if ago <= 1 else FactKind.GENTLE_QUIET}
    if passed > 7:
        expected |= {FactKind.GENTLE_LATER}
    elif phase is Phase.JUST_FOUND_OUT:
        expected |= {FactKind.GENTLE_FIRST_WEEK}
    assert told.keys() == expected


def test_nobody_who_studies_gets_a_gentle_line() -> None:
    assert not facts.of_gentle_evening(lived(), A_WEDNESDAY, A_WEDNESDAY)
