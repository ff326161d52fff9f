"""What does not fit before the exam is told truly, seldom, and never on a hard day."""

import json
from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain import ledgers, plans, weekdays
from bot.domain.blocks import Work
from bot.domain.check_ins import Outcome
from bot.domain.days import DAY, Clock, Kind, Timetable, week_start
from bot.domain.errors import UserError
from bot.domain.ledgers import FOREVER, DayKind, Ledger, Record, Span, SpanKind
from bot.domain.letters import Letter, Opening
from bot.domain.phases import GENTLE, STUDYING, Phase
from bot.domain.plans import FARTHEST, LAST_DAYS, MOST_LEFT, Left, Shortfall
from bot.domain.silences import Ask
from bot.ui.plans import shortfall_line
from bot.ui.prompts import compose

TODAY = date(2026, 6, 1)
"""A Monday."""
OVER = TODAY - 2 * DAY
STARTED = TODAY - 60 * DAY
EXAM = date(2026, 7, 1)
TIMETABLE = Timetable(clocks=((STARTED, Clock(zone="America/Chicago")),))


def studied(a_day: int, **more: Any) -> Ledger:
    """Sixty days with the same number of questions on each, up to yesterday."""
    days = (TODAY - number * DAY for number in range(1, 61))
    standing: dict[str, Any] = {
        "started_day": STARTED,
        "timetable": TIMETABLE,
        "phases": ((STARTED, Phase.EXAM_BOOKED),),
        "exam_dates": ((STARTED, EXAM),),
        "records": {day: Record(work={Work.QUESTIONS: a_day}) for day in days if a_day},
    }
    return Ledger(**standing | more)


def short(ledger: Ledger, left: int, today: date = TODAY, over: date = OVER) -> Shortfall | None:
    return plans.shortfall(ledger, Left(unseen=left, seen=0), today, over)


# --- when it is a shortfall


def test_what_fits_to_the_last_question_is_no_shortfall_and_one_more_is() -> None:
    days = (EXAM - TODAY).days
    assert short(studied(20), 20 * days) is None
    assert short(studied(20), 20 * days + 1) == Shortfall(left=20 * days + 1, fits=20 * days, exam=EXAM)


def test_today_is_a_day_to_come_only_as_long_as_no_questions_are_logged_for_it() -> None:
    begun = studied(20)
    begun = replace(begun, records={**begun.records, TODAY: Record(work={Work.QUESTIONS: 5})})
    days = (EXAM - TODAY).days
    assert short(begun, 20 * (days - 1)) is None
    assert short(begun, 20 * (days - 1) + 1) is not None
    watched = replace(begun, records={**begun.records, TODAY: Record(work={Work.VIDEOS: 1})})
    assert short(watched, 20 * days) is None


@pytest.mark.parametrize(
    "more",
    [
        {"rest_weekdays": ((TODAY, weekdays.WEEKEND),)},
        {"spans": (Span(kind=SpanKind.REST, from_day=TODAY + DAY, to_day=TODAY + 8 * DAY),)},
        {"spans": (Span(kind=SpanKind.PAUSE, from_day=TODAY + 3 * DAY, to_day=TODAY + 10 * DAY),)},
    ],
)
def test_rest_and_pauses_to_come_hold_nothing(more: dict[str, Any]) -> None:
    ledger = studied(20, **more)
    planned = sum(ledgers.kind(ledger, TODAY + n * DAY) is DayKind.PLANNED for n in range((EXAM - TODAY).days))
    assert planned == (EXAM - TODAY).days - 8
    assert short(ledger, 20 * planned) is None
    assert short(ledger, 20 * planned + 1) == Shortfall(left=20 * planned + 1, fits=20 * planned, exam=EXAM)


@pytest.mark.parametrize(
    "more",
    [
        {"exam_dates": ()},
        {"exam_dates": ((STARTED, EXAM), (TODAY, None))},
        {"exam_dates": ((STARTED, TODAY),)},
        {"exam_dates": ((STARTED, TODAY + DAY),)},
        {"exam_dates": ((STARTED, TODAY - DAY),)},
        {"exam_dates": ((STARTED, TODAY - DAY),), "phases": ((TODAY, Phase.REBUILDING),)},
        {"spans": (Span(kind=SpanKind.PAUSE, from_day=TODAY, to_day=FOREVER),)},
        {"started_day": TODAY - 10 * DAY},
        *({"phases": ((STARTED, phase),)} for phase in Phase if phase not in STUDYING),
    ],
)
def test_without_a_date_to_come_a_known_pace_or_a_plan_nothing_is_a_shortfall(more: dict[str, Any]) -> None:
    assert short(studied(1), MOST_LEFT) is not None
    assert short(studied(1, **more), MOST_LEFT) is None


def test_a_pace_of_nothing_fits_nothing() -> None:
    assert short(studied(0), 1) == Shortfall(left=1, fits=0, exam=EXAM)
    assert short(studied(0), 0) is None


NOTHING: dict[Work, int] = {}
RECORDS = st.builds(
    Record,
    outcome=st.sampled_from(Outcome),
    mood=st.none() | st.integers(1, 5),
    work=st.just(NOTHING) | st.integers(1, 80).map(lambda number: {Work.QUESTIONS: number}),
)


@st.composite
def any_ledgers(draw: st.DrawFn) -> Ledger:
    """Somebody's days up to yesterday, with weekdays of rest, perhaps a pause, and an exam that may be over."""
    records = draw(st.lists(RECORDS, max_size=90))
    pause = draw(st.none() | st.integers(1, 60))
    spans = () if pause is None else (Span(kind=SpanKind.PAUSE, from_day=TODAY - pause * DAY, to_day=TODAY - DAY),)
    return studied(
        0,
        records={TODAY - (number + 1) * DAY: record for number, record in enumerate(records)},
        started_day=TODAY - draw(st.integers(0, 100)) * DAY,
        rest_weekdays=((STARTED, draw(st.integers(0, 127))),),
        exam_dates=((STARTED, TODAY + draw(st.integers(-5, 80)) * DAY),),
        spans=spans,
    )


LEDGERS = any_ledgers()


def planned_days(ledger: Ledger, exam: date) -> int:
    first = TODAY + DAY if ledger.on(TODAY).questions else TODAY
    days = (exam - first).days if exam > first else 0
    return sum(ledgers.kind(ledger, first + number * DAY) is DayKind.PLANNED for number in range(days))


@given(ledger=LEDGERS, left=st.integers(0, 3000))
def test_it_is_said_only_where_each_planned_day_would_have_to_hold_more_than_it_really_does(
    ledger: Ledger, left: int
) -> None:
    capacity = ledgers.capacity(ledger, OVER)
    exam = ledgers.exam_date(ledger, TODAY)
    found = short(ledger, left)
    assert exam is not None
    if capacity is None or exam - TODAY <= DAY:
        assert found is None
        return
    days = planned_days(ledger, exam)
    fits = capacity * days >= left
    assert (found is None) is (fits or ledgers.kind(ledger, TODAY) is DayKind.WAITING)
    if found is not None:
        assert found.fits == int(capacity * days) < left
        assert days == 0 or Fraction(left, days) > capacity


@given(ledger=LEDGERS, left=st.integers(0, 3000), more=st.integers(0, 500), later=st.integers(0, 60))
def test_more_left_never_mends_it_and_a_later_date_never_causes_it(
    ledger: Ledger, left: int, more: int, later: int
) -> None:
    exam = ledgers.exam_date(ledger, TODAY)
    assert exam is not None
    now = short(ledger, left)
    if now is not None:
        assert short(ledger, left + more) is not None
    elif exam - TODAY > DAY:
        assert short(replace(ledger, exam_dates=((STARTED, exam + later * DAY),)), left) is None


@given(ledger=LEDGERS, left=st.integers(0, 3000), known=st.integers(20, 60))
def test_knowing_only_the_last_weeks_never_hides_a_shortfall(ledger: Ledger, left: int, known: int) -> None:
    """So whoever has none by the last weeks alone need not be looked at further."""
    recent = {day: said for day, said in ledger.records.items() if day >= TODAY - known * DAY}
    if short(replace(ledger, records=recent), left) is None:
        assert short(ledger, left) is None


@given(ledger=LEDGERS, known=st.integers(0, 90))
def test_older_days_are_left_unread_only_where_they_decide_nothing(ledger: Ledger, known: int) -> None:
    since = TODAY - known * DAY
    recent = {day: said for day, said in ledger.records.items() if day >= since}
    if plans.suffices(replace(ledger, records=recent), since, OVER):
        assert ledgers.capacity(replace(ledger, records=recent), OVER) == ledgers.capacity(ledger, OVER)


def test_four_weeks_of_planned_days_suffice_and_fewer_do_not() -> None:
    assert plans.suffices(studied(20), OVER - 27 * DAY, OVER)
    assert not plans.suffices(studied(20), OVER - 26 * DAY, OVER)
    assert not plans.suffices(studied(0), OVER - 40 * DAY, OVER)
    assert plans.suffices(studied(0), STARTED, OVER)


# --- when it is said unasked


@pytest.mark.parametrize("before", [Outcome.NOT_TODAY, Outcome.ROUGH])
def test_it_is_not_said_on_the_morning_after_not_today_or_a_rough_day(before: Outcome) -> None:
    ledger = studied(20)
    assert plans.may_say(ledger, TODAY)
    records = {**ledger.records, TODAY - DAY: Record(outcome=before, work={Work.QUESTIONS: 3})}
    assert not plans.may_say(replace(ledger, records=records), TODAY)


@pytest.mark.parametrize("mood", [None, 1, 2, 3, 4, 5])
def test_it_is_not_said_on_the_morning_after_a_low_evening(mood: int | None) -> None:
    ledger = studied(20)
    records = {**ledger.records, TODAY - DAY: Record(outcome=Outcome.KEPT, mood=mood)}
    assert plans.may_say(replace(ledger, records=records), TODAY) is (mood not in (1, 2))


def test_it_is_not_said_on_the_return_from_a_pause_nor_on_rest() -> None:
    pause = Span(kind=SpanKind.PAUSE, from_day=TODAY - 3 * DAY, to_day=TODAY - DAY)
    assert not plans.may_say(studied(20, spans=(pause,)), TODAY)
    assert plans.may_say(studied(20, spans=(pause,)), TODAY + DAY)
    assert not plans.may_say(studied(20, rest_weekdays=((STARTED, 0b0000001),)), TODAY)


@pytest.mark.parametrize(("away", "said"), [(LAST_DAYS, False), (LAST_DAYS + DAY, True), (timedelta(0), False)])
def test_it_is_not_said_in_the_last_week_before_the_exam(away: timedelta, said: bool) -> None:
    assert plans.may_say(studied(20, exam_dates=((STARTED, TODAY + away),)), TODAY) is said


@pytest.mark.parametrize("phase", Phase)
def test_it_is_said_to_nobody_but_those_who_study(phase: Phase) -> None:
    assert plans.may_say(studied(20, phases=((STARTED, phase),)), TODAY) is (phase in STUDYING)


@given(mornings=st.lists(st.integers(1, 9), max_size=30))
def test_it_is_never_said_twice_in_a_study_week_nor_within_seven_days(mornings: list[int]) -> None:
    day, said = TODAY, list[date]()
    for gap in mornings:
        day += gap * DAY
        if plans.is_due(said[-1] if said else None, day):
            said.append(day)
    assert len({week_start(day) for day in said}) == len(said)
    assert all(after - before >= timedelta(days=7) for before, after in pairwise(said))
    assert bool(said) is bool(mornings)


# --- what is left


@given(
    unseen=st.integers(0, 500),
    seen=st.integers(0, 500),
    acts=st.lists(st.tuples(st.booleans(), st.integers(1, 60)), max_size=30),
)
def test_all_that_is_done_is_taken_off_and_never_more_than_there_is(
    unseen: int, seen: int, acts: list[tuple[bool, int]]
) -> None:
    done_unseen = sum(number for ticked, number in acts if ticked)
    done_others = sum(number for ticked, number in acts if not ticked)
    left = Left(unseen=unseen, seen=seen).after(done_unseen, done_others)
    assert 0 <= left.unseen <= unseen
    assert 0 <= left.seen <= seen
    assert left.seen == max(0, seen - done_others)
    if not done_others:
        assert left.unseen == max(0, unseen - done_unseen)
    if done_unseen <= unseen:
        assert left.total == max(0, unseen + seen - done_unseen - done_others)


@given(unseen=st.integers(0, 500), seen=st.integers(0, 500), first=st.integers(0, 90), second=st.integers(0, 90))
def test_what_was_done_before_it_was_said_is_not_taken_off(unseen: int, seen: int, first: int, second: int) -> None:
    said = Left(unseen=unseen, seen=seen)
    assert said.before(first, second).after(first, second) == said


@pytest.mark.parametrize(
    ("unseen", "seen", "found"),
    [
        ("1400", "", Left(unseen=1400, seen=30)),
        ("1,400", "200", Left(unseen=1400, seen=200)),
        ("", "about 90", Left(unseen=70, seen=90)),
        ("40 blocks", "none", Left(unseen=800, seen=0)),
        ("ten thousand and none", "0", None),
        ("10000", "10000", Left(unseen=10_000, seen=10_000)),
        ("10001", "", None),
        ("-1", "", None),
        ("1e9", "", None),
        ("lots 🙂", "", None),
        ("", " ", None),
    ],
)
def test_numbers_left_are_understood_or_gently_asked_again(unseen: str, seen: str, found: Left | None) -> None:
    known = Left(unseen=70, seen=30)
    if found is None:
        with pytest.raises(UserError):
            plans.read_left(unseen, seen, known, 20)
    else:
        assert plans.read_left(unseen, seen, known, 20) == found


# --- the date


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("1 July", EXAM),
        ("2026-07-01", EXAM),
        ("today", TODAY),
        ("in 4 weeks", TODAY + 28 * DAY),
        ("1 June 2028", date(2028, 6, 1)),
        ("none", None),
        (" No. ", None),
    ],
)
def test_a_date_is_understood_from_today_to_two_years_ahead(typed: str, found: date | None) -> None:
    assert plans.read_date(typed, TODAY) == found


@pytest.mark.parametrize(
    "typed", ["yesterday", "31 May 2026", "3 June 2028", "9999-12-31", "30 February", "soon", "", "😀", "@everyone"]
)
def test_a_date_that_can_not_be_is_asked_for_again(typed: str) -> None:
    with pytest.raises(UserError):
        plans.read_date(typed, TODAY)


@given(today=st.dates(date(2026, 1, 1), date(2032, 12, 31)), ahead=st.integers(0, FARTHEST.days))
def test_every_date_within_reach_is_taken(today: date, ahead: int) -> None:
    day = today + ahead * DAY
    assert plans.read_date(day.isoformat(), today) == day


@pytest.mark.parametrize("phase", Phase)
@pytest.mark.parametrize("exam", [EXAM, None])
def test_a_date_moves_nobody_out_of_the_gentle_path(phase: Phase, exam: date | None) -> None:
    found = plans.phase_with(exam, phase)
    if phase in GENTLE:
        assert found is phase
    elif exam is not None:
        assert found is Phase.EXAM_BOOKED
    else:
        assert found is (Phase.REBUILDING if phase in STUDYING else phase)


@pytest.mark.parametrize("again", [{"exam_dates": ((STARTED, TODAY - DAY), (TODAY, EXAM))}, {"ready": True}])
def test_after_the_exam_a_new_date_or_being_ready_again_makes_days_planned_again(again: dict[str, Any]) -> None:
    passed = studied(20, exam_dates=((STARTED, TODAY - DAY),))
    assert ledgers.kind(passed, TODAY - DAY) is DayKind.EXAM_DAY
    assert ledgers.kind(passed, TODAY) is DayKind.WAITING
    more = {"phases": ((STARTED, Phase.EXAM_BOOKED), (TODAY, Phase.REBUILDING))} if "ready" in again else again
    anew = replace(passed, **more)
    assert ledgers.kind(anew, TODAY) is DayKind.PLANNED
    assert ledgers.kind(anew, TODAY + 20 * DAY) is DayKind.PLANNED
    assert ledgers.kind(anew, TODAY - DAY) is DayKind.EXAM_DAY


# --- the words


@given(left=st.integers(1, 20_000), fits=st.integers(0, 20_000))
def test_the_words_name_what_fits_and_three_ways_out_and_never_a_number_to_catch_up_with(left: int, fits: int) -> None:
    if fits >= left:
        return
    said = shortfall_line(Shortfall(left=left, fits=fits, exam=EXAM))
    assert said.endswith("Three ways out: fewer questions, a later date, or talking to an adviser.")
    named = {int(word.replace(",", "")) for word in said.split() if word.replace(",", "").isdigit()}
    rounded = fits // 10 * 10 or fits
    assert named == ({left, rounded, 1} if fits else {left, 1})  # 1 is the first of July
    assert rounded <= fits
    for word in ("behind", "more a day", "catch", "must", "should", "!"):
        assert word not in said


SHORTFALL = Shortfall(left=1400, fits=907, exam=date(2026, 6, 12))


def test_the_words_for_an_example() -> None:
    assert shortfall_line(SHORTFALL) == (
        "At your own pace about 900 of the 1,400 questions left fit before 12 June. "
        "Three ways out: fewer questions, a later date, or talking to an adviser."
    )


def test_a_locked_phone_shows_nothing_of_it() -> None:
    """The first 120 characters, marks for bold and slanted letters not counted."""
    letter = Letter(
        prompt_id=1,
        kind=Kind.MORNING,
        name="A",
        study_day=TODAY,
        late=False,
        phase=Phase.EXAM_BOOKED,
        phase_day=60,
        today=Record(),
        goals={},
        opening=Opening.PLAIN,
        ask=Ask.AS_USUAL,
        day_before=Record(),
        day_before_kept=False,
        kept=None,
        clock=TIMETABLE.on(TODAY),
    )
    said = shortfall_line(SHORTFALL)
    text = json.loads(compose(replace(letter, shortfall=SHORTFALL)))["content"]
    assert text.endswith(said)
    assert text.replace("*", "").index("About the plan, once a week at most:") > 120
    assert "Three ways out" not in json.loads(compose(letter))["content"]
