"""What follows a help card: which messages are held back, which days are planned, and how the next message opens."""

import json
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain import ledgers, next_days, prompts
from bot.domain.check_ins import Outcome
from bot.domain.days import DAY, Clock, Kind, Timetable, due_at, start, study_day
from bot.domain.goals import Goal
from bot.domain.ledgers import SILENCE, DayKind, Ledger, Record, Span, SpanKind
from bot.domain.letters import Letter, Opening
from bot.domain.next_days import Course, Next, Quiet
from bot.domain.phases import GENTLE, Phase
from bot.domain.silences import Ask
from bot.ui.prompts import compose
from tests.histories import ALWAYS, histories, nights

MONDAY = date(2026, 3, 2)
LEDGER = Ledger(
    started_day=MONDAY - 30 * DAY,
    timetable=Timetable(clocks=((MONDAY - 30 * DAY, Clock(zone="America/Chicago")),)),
    phases=((MONDAY - 30 * DAY, Phase.REBUILDING),),
)
rules = settings(deadline=None, max_examples=60)

INSTANTS = st.datetimes(datetime(2026, 2, 20), datetime(2026, 3, 20), timezones=st.just(UTC))  # noqa: DTZ001 - aware
TIMETABLES = st.sampled_from([ALWAYS, nights(date(2026, 3, 1), date(2026, 3, 12))])


def local(text: str) -> datetime:
    """A time in Chicago."""
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo("America/Chicago")).astimezone(UTC)


def after(ledger: Ledger, course: Course) -> Ledger:
    """The ledger as it is once a course is kept."""
    if course.days is None:
        return ledger
    return replace(
        ledger, spans=(*ledger.spans, Span(kind=SpanKind.REST, from_day=course.days[0], to_day=course.days[1]))
    )


def asked(ledger: Ledger, course: Course, kind: Kind, day: date) -> bool:
    due = due_at(kind, day, ledger.timetable)
    return next_days.wanted(after(ledger, course), kind, day, due, course.quiet)


# --- when it is quiet


@rules
@given(now=INSTANTS, timetable=TIMETABLES)
def test_ask_me_tomorrow_is_quiet_for_the_rest_of_the_study_day(now: datetime, timetable: Timetable) -> None:
    course = next_days.chosen(Next.TOMORROW, now, timetable)
    assert course.quiet.until == start(study_day(now, timetable) + DAY, timetable)
    assert course.quiet.opening is Opening.HOW_ARE_YOU


@rules
@given(now=INSTANTS, timetable=TIMETABLES)
def test_quiet_lasts_48_hours_to_the_second(now: datetime, timetable: Timetable) -> None:
    course = next_days.chosen(Next.QUIET, now, timetable)
    assert course.quiet.until == now + timedelta(hours=48)
    assert not course.quiet.holds(now + timedelta(hours=48))
    assert course.quiet.holds(now + timedelta(hours=48) - timedelta(seconds=1))


@rules
@given(now=INSTANTS, timetable=TIMETABLES)
def test_to_carry_on_holds_nothing_back_and_takes_no_day(now: datetime, timetable: Timetable) -> None:
    course = next_days.chosen(Next.CARRY_ON, now, timetable)
    assert course.days is None
    assert not course.quiet.holds(now)
    assert course.quiet.opening is Opening.HOW_ARE_YOU


@rules
@given(now=INSTANTS, timetable=TIMETABLES, choice=st.sampled_from([Next.TOMORROW, Next.QUIET]))
def test_a_day_is_not_planned_exactly_where_its_evening_falls_into_the_quiet(
    now: datetime, timetable: Timetable, choice: Next
) -> None:
    course = next_days.chosen(choice, now, timetable)
    first, last = course.days or (MONDAY, MONDAY - DAY)
    today = study_day(now, timetable)
    for number in range(-2, 6):
        day = today + number * DAY
        evening = due_at(Kind.EVENING, day, timetable)
        assert (first <= day <= last) == (now < evening and course.quiet.holds(evening))


@rules
@given(now=INSTANTS, timetable=TIMETABLES)
def test_whoever_was_hurt_hears_nothing_until_tomorrows_evening_and_then_one_word(
    now: datetime, timetable: Timetable
) -> None:
    course = next_days.hurt(now, timetable)
    tomorrow = study_day(now, timetable) + DAY
    assert course.quiet.until == due_at(Kind.EVENING, tomorrow, timetable)
    ledger = replace(LEDGER, timetable=timetable)
    assert not asked(ledger, course, Kind.MORNING, tomorrow)
    assert asked(ledger, course, Kind.EVENING, tomorrow)
    assert ledgers.kind(after(ledger, course), tomorrow) is DayKind.REST


@rules
@given(
    ledger=histories(),
    now=INSTANTS,
    choice=st.one_of(st.none(), st.sampled_from(Next)),
    kind=st.sampled_from([Kind.MORNING, Kind.EVENING]),
    number=st.integers(0, 4),
)
def test_no_message_about_a_day_falls_into_the_quiet(
    ledger: Ledger, now: datetime, choice: Next | None, kind: Kind, number: int
) -> None:
    course = (
        next_days.hurt(now, ledger.timetable) if choice is None else next_days.chosen(choice, now, ledger.timetable)
    )
    day = study_day(now, ledger.timetable) + number * DAY
    if asked(ledger, course, kind, day):
        assert not course.quiet.holds(due_at(kind, day, ledger.timetable))


@rules
@given(ledger=histories(), kind=st.sampled_from([Kind.MORNING, Kind.EVENING]), ask=st.sampled_from(Ask))
def test_without_a_card_everything_is_as_it_was(ledger: Ledger, kind: Kind, ask: Ask) -> None:
    for day in ledger.records:
        due = due_at(kind, day, ledger.timetable)
        assert next_days.wanted(ledger, kind, day, due, Quiet(), ask) == prompts.wanted(ledger, kind, day, ask)


@rules
@given(ledger=histories(), now=INSTANTS, choice=st.sampled_from(Next))
def test_quiet_days_are_never_silent_and_take_no_kept_day_back(ledger: Ledger, now: datetime, choice: Next) -> None:
    course = next_days.chosen(choice, now, ledger.timetable)
    quiet = after(ledger, course)
    for day in ledger.records:
        assert ledgers.is_kept(quiet, day) == ledgers.is_kept(ledger, day)
        if course.days is not None and course.days[0] <= day <= course.days[1]:
            assert not ledgers.is_silent(quiet, day)


@pytest.mark.parametrize("there", [DayKind.PAUSE, DayKind.EXAM_DAY, DayKind.WAITING])
def test_a_pause_an_exam_and_its_waiting_stay_silent_also_after_a_card(there: DayKind) -> None:
    tuesday = MONDAY + DAY
    ledgers_there = {
        DayKind.PAUSE: replace(LEDGER, spans=(Span(kind=SpanKind.PAUSE, from_day=MONDAY, to_day=tuesday),)),
        DayKind.EXAM_DAY: replace(LEDGER, exam_dates=((MONDAY, tuesday),)),
        DayKind.WAITING: replace(LEDGER, exam_dates=((LEDGER.started_day, MONDAY),)),
    }
    ledger = ledgers_there[there]
    assert ledgers.kind(ledger, tuesday) is there
    for course in (next_days.hurt(local("2026-03-02 12:00"), ledger.timetable), Course(quiet=Quiet())):
        assert not asked(ledger, course, Kind.EVENING, tuesday)


def test_a_day_that_was_answered_is_not_asked_about_after_a_card() -> None:
    course = next_days.hurt(local("2026-03-02 12:00"), LEDGER.timetable)
    tuesday = MONDAY + DAY
    answered = replace(LEDGER, records={tuesday: Record(outcome=Outcome.KEPT)})
    assert not asked(answered, course, Kind.EVENING, tuesday)


@rules
@given(now=INSTANTS, timetable=TIMETABLES)
def test_only_a_button_brings_two_days_of_quiet(now: datetime, timetable: Timetable) -> None:
    assert not next_days.is_by_choice(Quiet(), now, timetable)
    assert not next_days.is_by_choice(next_days.chosen(Next.TOMORROW, now, timetable).quiet, now, timetable)
    assert not next_days.is_by_choice(next_days.hurt(now, timetable).quiet, now, timetable)
    quiet = next_days.chosen(Next.QUIET, now, timetable).quiet
    later = now + timedelta(hours=1)
    expected = quiet.until not in (
        next_days.chosen(Next.TOMORROW, later, timetable).quiet.until,
        next_days.hurt(later, timetable).quiet.until,
    )
    assert next_days.is_by_choice(quiet, later, timetable) == expected


# --- how the next message opens

LETTER = Letter(
    prompt_id=7,
    kind=Kind.MORNING,
    name="Ana",
    study_day=MONDAY + DAY,
    late=False,
    phase=Phase.REBUILDING,
    phase_day=9,
    today=SILENCE,
    goals={next(iter(ledgers.Work)): Goal(floor=11, usual=22, stretch=33)},
    opening=Opening.HOW_ARE_YOU,
    ask=Ask.AS_USUAL,
    day_before=Record(outcome=Outcome.KEPT, work={next(iter(ledgers.Work)): 44}),
    day_before_kept=True,
    kept=None,
    clock=Clock(zone="America/Chicago"),
)


def composed(**change: Any) -> tuple[str, list[str]]:
    body = json.loads(compose(replace(LETTER, **change)))
    return body["content"], [item["label"] for row in body["components"] for item in row["components"]]


@pytest.mark.parametrize("kind", [Kind.MORNING, Kind.EVENING])
@pytest.mark.parametrize("phase", [Phase.REBUILDING, *GENTLE])
@pytest.mark.parametrize("opening", [Opening.HOW_ARE_YOU, Opening.HERE_WHEN_YOU_WANT])
def test_the_next_message_names_no_goal_no_number_and_keeps_help_within_reach(
    kind: Kind, phase: Phase, opening: Opening
) -> None:
    text, labels = composed(kind=kind, phase=phase, opening=opening)
    first = {Opening.HOW_ARE_YOU: "How are you?", Opening.HERE_WHEN_YOU_WANT: "I'm here when you want."}[opening]
    assert text.split("\n")[1].startswith(first)
    assert not any(letter.isdigit() for letter in text)
    assert "yesterday" not in text.casefold()
    assert "I need help" in labels


def test_how_are_you_leaves_the_day_to_one_tap() -> None:
    assert composed()[1] == ["Floor today", "Usual", "Rough day", "I need help"]
    assert composed(kind=Kind.EVENING)[1] == ["Kept it", "Some of it", "Not today", "Rough day", "I need help"]


def test_a_late_evening_says_which_day_it_means() -> None:
    assert "how Tuesday, 3 March went" in composed(kind=Kind.EVENING, late=True)[0]


def test_i_am_here_asks_nothing_about_the_day() -> None:
    assert composed(kind=Kind.EVENING, opening=Opening.HERE_WHEN_YOU_WANT)[1] == ["I need help", "Open the day"]
