"""What a study week shows: counts of what was done, blank days, and never a fall alone."""

import itertools
import re
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from statistics import fmean
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain import ledgers, weeks
from bot.domain.blocks import MOST, Work
from bot.domain.charts import Bar, Chart
from bot.domain.check_ins import Choice, Outcome
from bot.domain.days import Clock, Nights, Timetable, open_days, study_day, week_start
from bot.domain.ledgers import DayKind, Ledger, Record, SpanKind
from bot.domain.phases import Phase
from bot.domain.statistics import Change, Tally
from bot.domain.weeks import CALM, Measure, Tallies, Trend, Week, week_of
from bot.ui.weeks import review, week_lines
from tests.test_ledgers_rules import (
    DAY,
    LONGEST,
    MONDAY,
    STUDIES,
    SUNDAYS,
    chosen,
    did,
    lives,
    restful_changes,
    rules,
    span,
    with_days,
)

SUNDAY = MONDAY + 6 * DAY
LATER = MONDAY + 56 * DAY
"""A Monday eight weeks on."""
NOTHING_YET = "Nothing is written down for this week so far, and nothing is owed for it."
SHAME = re.compile(r"missed|failed|behind|catch up|streak|only|!| of \d|\bno kept|\b0\b", re.IGNORECASE)

todays = st.integers(0, LONGEST).map(lambda number: MONDAY + number * DAY)
some_tallies = st.dictionaries(
    st.integers(0, LONGEST).map(lambda number: MONDAY + number * DAY),
    st.integers(1, 80).flatmap(lambda done: st.integers(0, done).map(lambda right: Tally(done=done, right=right))),
    max_size=LONGEST,
)


def week(ledger: Ledger, today: date, tallies: Tallies | None = None) -> Week:
    """As it is in the evening, when yesterday can't be answered any more."""
    return week_of(ledger, tallies or {}, today, today - DAY)


def questions(chart: Chart) -> list[int | None]:
    return [bar.questions for bar in chart.bars]


# --- counts


def test_a_week_counts_what_was_done_kept_and_rested() -> None:
    ledger = with_days(
        replace(STUDIES, goals=(chosen(),), rest_weekdays=((MONDAY, SUNDAYS),)),
        *[did(20)] * 5,
        None,
        None,
        did(10),
        did(5),
        None,
        Record(work={Work.QUESTIONS: 40, Work.VIDEOS: 2}),
        None,
        Record(outcome=Outcome.ROUGH),
    )
    found = week(ledger, MONDAY + 13 * DAY)
    assert found.done == {Work.QUESTIONS: 55, Work.VIDEOS: 2}
    assert (found.kept, found.kept_four_weeks) == (2, 7)
    assert (found.rest_days, found.reserve_days) == (2, 2)
    assert found.is_new
    assert not week(ledger, MONDAY + 29 * DAY).is_new
    assert (found.up, found.down, found.calm) == (None, None, None)


@given(st.data(), lives, todays)
@rules
def test_rest_a_pause_an_outage_or_a_date_never_take_anything_back(
    data: st.DataObject, life: Ledger, today: date
) -> None:
    before, after = week(life, today), week(data.draw(restful_changes(life)), today)
    assert before.done == after.done
    assert (before.monday, before.until) == (after.monday, after.until)
    assert questions(before.four_weeks) == questions(after.four_weeks)
    if after.calm is None:
        assert after.kept >= before.kept
        assert after.kept_four_weeks >= before.kept_four_weeks


@given(lives, todays)
@rules
def test_what_is_counted_lies_within_the_week(life: Ledger, today: date) -> None:
    found = week(life, today)
    length = (found.until - found.monday).days + 1
    assert 1 <= length <= 7
    assert found.kept <= found.kept_four_weeks <= 28
    assert found.kept <= length
    assert found.rest_days + found.reserve_days <= length
    assert all(found.done.values())
    outside = {day: said for day, said in life.records.items() if not found.monday <= day <= found.until}
    elsewhere = week(replace(life, records=outside), today)
    if (elsewhere.monday, today) == (found.monday, found.until):
        assert elsewhere.done == {}


# --- where a week begins and ends


@given(lives, todays)
@rules
def test_a_week_is_the_study_week_of_today_but_for_an_empty_monday(life: Ledger, today: date) -> None:
    found = week(life, today)
    assert found.monday.weekday() == 0
    if found.is_over:
        assert today.weekday() == 0
        assert (found.monday, found.until) == (today - 7 * DAY, today - DAY)
        assert not any(life.on(today).work.values())
    else:
        assert (found.monday, found.until) == (week_start(today), today)


@pytest.mark.parametrize("said", [None, Record(choice=Choice.USUAL), did(0)])
def test_on_a_monday_on_which_nothing_was_done_yet_the_week_that_ended_is_shown(said: Record | None) -> None:
    ledger = with_days(STUDIES, did(20), *[None] * 6, said)
    found = week(ledger, MONDAY + 7 * DAY)
    assert found.is_over
    assert found.done == {Work.QUESTIONS: 20}
    assert review(found).startswith("**Last week, 2 March to 8 March**\n20 questions, on Monday.")


@pytest.mark.parametrize("said", [did(5), Record(outcome=Outcome.NOT_TODAY), Record(work={Work.PAGES: 1})])
def test_once_anything_is_done_or_said_on_monday_it_is_the_new_week(said: Record) -> None:
    assert not week(with_days(STUDIES, did(20), *[None] * 6, said), MONDAY + 7 * DAY).is_over


def test_there_is_no_week_before_somebody_came() -> None:
    found = week(STUDIES, MONDAY)
    assert not found.is_over
    assert week_lines(found) == [NOTHING_YET]


@pytest.mark.parametrize("today", ["2026-03-01", "2026-03-08", "2026-10-25", "2026-11-01"])
@pytest.mark.parametrize("zone", ["America/Chicago", "Europe/London", "Pacific/Auckland"])
def test_the_week_turns_with_the_study_day_also_when_clocks_change(today: str, zone: str) -> None:
    """At the cut, four in the morning by that day's own clock; these are Sundays."""
    sunday, clocks = date.fromisoformat(today), ((MONDAY - 99 * DAY, Clock(zone=zone)),)
    ledger = replace(STUDIES, started_day=MONDAY - 99 * DAY, timetable=Timetable(clocks=clocks))
    for hour, minute, still in ((3, 59, True), (4, 0, False)):
        local = datetime.combine(sunday + DAY, datetime.min.time(), ZoneInfo(zone)) + timedelta(
            hours=hour, minutes=minute
        )
        now = local.astimezone(UTC)
        day = study_day(now, ledger.timetable)
        found = week_of(with_days(ledger, did(20), first=day), {}, day, open_days(now, ledger.timetable)[-1] - DAY)
        assert (found.until == sunday) is still
        assert found.monday == (sunday - 6 * DAY if still else sunday + DAY)


def test_on_nights_a_week_ends_with_the_last_night() -> None:
    """Their Sunday ends at ten on Monday morning."""
    nights = Nights(from_day=MONDAY, to_day=MONDAY + 20 * DAY, cut_hour=10, morning_minute=960, evening_minute=510)
    timetable = replace(STUDIES.timetable, nights=(nights,))
    morning = datetime(2026, 3, 9, 9, 30, tzinfo=ZoneInfo("America/Chicago")).astimezone(UTC)
    day = study_day(morning, timetable)
    found = week(with_days(replace(STUDIES, timetable=timetable), did(20), first=day), day)
    assert (found.until, found.done) == (SUNDAY, {Work.QUESTIONS: 20})


# --- the picture


@given(lives, todays)
@rules
def test_a_picture_shows_every_worked_day_and_nothing_else(life: Ledger, today: date) -> None:
    found = week(life, today)
    for chart, first, length in ((found.days, found.monday, 7), (found.four_weeks, found.until - 27 * DAY, 28)):
        assert [bar.day for bar in chart.bars] == [first + number * DAY for number in range(length)]
        for bar in chart.bars:
            expected = life.on(bar.day).questions if bar.day <= found.until else 0
            assert bar.questions == (expected or None)
            if bar.day > found.until or found.calm:
                assert bar.floor is None


def test_rest_silence_and_days_to_come_are_blank_and_the_floor_tells_nobody_which_were_which() -> None:
    ledger = replace(
        STUDIES, goals=(chosen(),), spans=(span(SpanKind.REST, MONDAY + DAY), span(SpanKind.PAUSE, SUNDAY - 3 * DAY))
    )
    found = week(with_days(ledger, did(20), None, None, None, did(15)), MONDAY + 4 * DAY)
    assert found.days == Chart(
        bars=(
            Bar(day=MONDAY, questions=20, floor=10),
            *(Bar(day=MONDAY + number * DAY, floor=10) for number in (1, 2, 3)),
            Bar(day=MONDAY + 4 * DAY, questions=15, floor=10),
            Bar(day=MONDAY + 5 * DAY),
            Bar(day=MONDAY + 6 * DAY),
        )
    )


# --- up and down


def two_windows(before: tuple[int, int], after: tuple[int, int]) -> tuple[Ledger, dict[date, Tally]]:
    """Eight weeks up to the day before LATER, with so many questions each day and so many percent right."""
    days = [*[before] * 28, *[after] * 28]
    ledger = with_days(STUDIES, *(did(done) for done, _ in days))
    return ledger, {
        MONDAY + number * DAY: Tally(done=done, right=done * percent // 100)
        for number, (done, percent) in enumerate(days)
    }


def trends(
    before: tuple[int, int], after: tuple[int, int], today: date = LATER
) -> tuple[Measure | None, Measure | None]:
    ledger, tallies = two_windows(before, after)
    found = week(ledger, today, tallies)
    return found.up and found.up.measure, found.down and found.down.measure


@pytest.mark.parametrize(
    ("before", "after", "up", "down"),
    [
        ((20, 50), (20, 50), None, None),
        ((20, 50), (20, 80), Measure.RATE, None),
        ((20, 50), (40, 50), Measure.PACE, None),
        ((20, 50), (40, 80), Measure.RATE, None),
        ((40, 50), (20, 80), Measure.RATE, Measure.PACE),
        ((20, 80), (40, 50), Measure.PACE, Measure.RATE),
        ((20, 80), (20, 50), None, None),
        ((40, 50), (20, 50), None, None),
        ((40, 80), (20, 50), None, None),
    ],
)
def test_one_thing_up_may_stand_alone_and_one_down_stands_beside_it_or_not_at_all(
    before: tuple[int, int], after: tuple[int, int], up: Measure | None, down: Measure | None
) -> None:
    assert trends(before, after) == (up, down)


@given(lives, some_tallies, todays)
@rules
def test_nothing_falls_alone_and_nothing_is_told_on_too_little(life: Ledger, tallies: Tallies, today: date) -> None:
    found = week(life, today, tallies)
    assert found.down is None or found.up is not None
    for trend in (found.up, found.down):
        if trend is not None:
            assert trend.change.is_up is (trend is found.up)
            least = 200 if trend.measure is Measure.RATE else 10
            assert min(trend.change.counted_before, trend.change.counted_after) >= least
            assert found.calm is None


def test_windows_are_28_days_next_to_each_other_up_to_the_last_day_over_or_worked() -> None:
    ledger, tallies = two_windows((20, 50), (20, 80))
    found = week(ledger, LATER, tallies)
    assert found.up == Trend(
        measure=Measure.RATE,
        change=Change(before=Fraction(1, 2), after=Fraction(4, 5), counted_before=560, counted_after=560),
    )
    worked = with_days(ledger, did(20), first=LATER)
    moved = week(worked, LATER, {**tallies, LATER: Tally(done=20, right=16)})
    assert moved.up is not None
    assert moved.up.change.before == Fraction(10 * 27 + 16, 20 * 28)
    assert week_of(worked, tallies, LATER, LATER - 2 * DAY).up is not None


def test_what_came_after_today_does_not_exist_yet() -> None:
    """Records may run ahead of the member's day after a move between zones."""
    ledger, tallies = two_windows((20, 50), (20, 80))
    assert week(with_days(ledger, did(100), first=LATER + 3 * DAY), LATER, tallies) == week(ledger, LATER, tallies)


@given(lives, todays)
@rules
def test_a_pace_counts_days_as_capacity_does(life: Ledger, today: date) -> None:
    planned = vars(weeks)["_planned"](life, today)
    until = [today - number * DAY for number in range(28)]
    window = replace(life, started_day=max(life.started_day, until[-1]))
    capacity = ledgers.capacity(window, today)
    assert (len(planned) >= 10) == (capacity is not None)
    if capacity is not None:
        assert fmean(planned) == pytest.approx(float(capacity))


@pytest.mark.parametrize(
    "change",
    [
        {"spans": (span(SpanKind.PAUSE, LATER),)},
        {"records": {LATER: Record(outcome=Outcome.ROUGH)}},
        {"records": {LATER - 6 * DAY: did(20, mood=2)}},
        {"phases": ((MONDAY, Phase.REBUILDING), (LATER, Phase.JUST_FOUND_OUT))},
        {"exam_dates": ((MONDAY, LATER),)},
        {"exam_dates": ((MONDAY, LATER - DAY),)},
    ],
)
def test_nothing_rises_or_falls_on_a_hard_day_nor_where_nothing_is_asked(change: dict[str, object]) -> None:
    ledger, tallies = two_windows((20, 50), (40, 80))
    records = change.pop("records", {})
    assert isinstance(records, dict)
    hard = replace(ledger, records={**ledger.records, **records}, **change)  # pyright: ignore[reportArgumentType, reportUnknownArgumentType]
    assert week(ledger, LATER, tallies).up is not None
    assert week(hard, LATER, tallies).up is None


def test_a_low_mood_that_lifted_since_is_no_reason_for_silence() -> None:
    ledger, tallies = two_windows((20, 50), (40, 80))
    said = {LATER - 3 * DAY: did(40, mood=1), LATER - DAY: did(40, mood=3)}
    assert week(replace(ledger, records={**ledger.records, **said}), LATER, tallies).up is not None


# --- where nothing is asked


@given(lives, todays)
@rules
def test_where_nothing_is_asked_nothing_is_counted(life: Ledger, today: date) -> None:
    found = week(life, today)
    assert (found.calm is not None) == (ledgers.kind(life, today) in CALM)
    if found.calm is not None:
        assert not any((found.kept, found.kept_four_weeks, found.rest_days, found.reserve_days, found.up, found.down))
        assert "kept" not in review(found)


@pytest.mark.parametrize("phase", [Phase.JUST_FOUND_OUT, Phase.NOT_READY])
def test_on_the_gentle_path_one_calm_sentence_comes_first_and_then_what_was_done(phase: Phase) -> None:
    gentle = replace(STUDIES, phases=((MONDAY, phase),))
    calm = "Nothing is asked of you right now, and nothing is missing."
    assert week_lines(week(gentle, SUNDAY)) == [calm]
    assert week_lines(week(with_days(gentle, did(20)), SUNDAY)) == [calm, "20 questions, on Monday."]


# --- words


A_CHANGE = Change(before=Fraction(54, 100), after=Fraction(61, 100), counted_before=388, counted_after=412)


def told(**changes: object) -> str:
    return "\n".join(week_lines(replace(week(with_days(STUDIES, did(40)), SUNDAY), **changes)))  # pyright: ignore[reportArgumentType]


def test_a_rise_cites_its_numbers_and_a_fall_has_a_way_out() -> None:
    up = Trend(measure=Measure.RATE, change=A_CHANGE)
    slower = Change(before=Fraction(42), after=Fraction(61, 2), counted_before=24, counted_after=22)
    assert told(up=up, down=Trend(measure=Measure.PACE, change=slower)).split("\n")[-2:] == [
        "Up: 61 % right on 412 unseen questions in these four weeks; 54 % on 388 in the four before.",
        "Down: about 30 questions on a planned day in these four weeks; about 42 in the four before. "
        "If fewer suits your days now, `/goal suggest` makes a goal of it.",
    ]
    faster = replace(slower, before=slower.after, after=slower.before)
    fewer = replace(A_CHANGE, before=A_CHANGE.after, after=A_CHANGE.before)
    said = told(up=Trend(measure=Measure.PACE, change=faster), down=Trend(measure=Measure.RATE, change=fewer))
    assert "Up: about 42 questions on a planned day in these four weeks; about 30 in the four before." in said
    assert "Down: 54 % right on 412 unseen questions" in said
    assert said.endswith("it isn't a forecast. Fewer questions with more time for each is one way.")


def test_two_numbers_that_differ_never_read_the_same() -> None:
    near = Change(before=Fraction(202, 10), after=Fraction(204, 10), counted_before=24, counted_after=24)
    assert "about 20.4 questions on a planned day in these four weeks; about 20.2 in" in told(
        up=Trend(measure=Measure.PACE, change=near)
    )


@pytest.mark.parametrize(
    ("days", "said"),
    [
        ([did(20)], ["20 questions, on Monday.", "1 kept day."]),
        ([did(20), None, did(1)], ["21 questions: Mon 20, Wed 1.", "2 kept days."]),
        ([None, Record(work={Work.VIDEOS: 1, Work.PAGES: 8})], ["8 First Aid pages, 1 video.", "1 kept day."]),
        (
            [did(40), Record(work={Work.FLASHCARDS: 9})],
            ["40 questions, on Monday.", "Also 9 flashcards.", "2 kept days."],
        ),
        ([Record(outcome=Outcome.KEPT)], ["1 kept day."]),
        ([Record(outcome=Outcome.ROUGH)], [NOTHING_YET, "Rest: 1 day."]),
        ([Record(outcome=Outcome.NOT_TODAY)], [NOTHING_YET]),
    ],
)
def test_what_was_done_is_told_in_a_few_short_lines(days: list[Record | None], said: list[str]) -> None:
    assert week_lines(week(with_days(STUDIES, *days), MONDAY + 2 * DAY))[: len(said)] == said


def test_kept_days_are_counts_and_say_over_what_time() -> None:
    for after, span_of_time in ((10, "since you joined"), (30, "in four weeks")):
        found = week(with_days(STUDIES, *[did(20)] * (after + 1)), MONDAY + after * DAY)
        assert f"{found.kept} kept days; {found.kept_four_weeks} {span_of_time}, these included." in week_lines(found)
        quiet = replace(found, kept=0, done={})
        assert f"{found.kept_four_weeks} kept days {span_of_time}." in week_lines(quiet)


def test_a_reserve_day_is_rest_and_counted_with_it() -> None:
    ledger = with_days(replace(STUDIES, rest_weekdays=((MONDAY, SUNDAYS),)), did(20))
    assert week_lines(week(ledger, SUNDAY))[-1] == "Rest: 3 days."
    assert week_lines(replace(week(ledger, SUNDAY), reserve_days=0))[-1] == "Rest: 1 day."


def test_nothing_that_changed_is_said_of_an_empty_week() -> None:
    empty = replace(week(STUDIES, SUNDAY), up=Trend(measure=Measure.RATE, change=A_CHANGE))
    assert week_lines(empty) == [NOTHING_YET]


def test_a_rise_out_of_silent_weeks_is_not_told() -> None:
    """To be back is not to be better, and silence was no low answer."""
    back = with_days(STUDIES, *[None] * 28, *[did(20)] * 28)
    assert week(back, MONDAY + 55 * DAY).up is None
    slow = with_days(STUDIES, *[did(5), did(6)] * 14, *[did(40), did(41)] * 14)
    assert week(slow, MONDAY + 55 * DAY).up is not None


def test_four_weeks_tell_other_work_too() -> None:
    cards = week(with_days(STUDIES, Record(work={Work.FLASHCARDS: 150})), MONDAY)
    assert cards.done_four_weeks == {Work.FLASHCARDS: 150}


@given(lives, some_tallies, todays)
@rules
def test_no_week_shames_anybody_and_every_week_fits_on_a_phone(life: Ledger, tallies: Tallies, today: date) -> None:
    said = review(week(life, today, tallies))
    assert not SHAME.search(said), said
    assert len(said) < 1000
    assert "\n\n" not in said


def test_the_longest_week_fits_into_one_message() -> None:
    most = dict(MOST.items())
    ledger = with_days(STUDIES, *[Record(work=most)] * 7)
    up = Trend(measure=Measure.RATE, change=A_CHANGE)
    down = Trend(measure=Measure.PACE, change=replace(A_CHANGE, before=A_CHANGE.after, after=A_CHANGE.before))
    for one, other in itertools.permutations((up, down)):
        full = replace(
            week(ledger, SUNDAY), up=one, down=other, rest_days=7, reserve_days=2, kept=7, kept_four_weeks=28
        )
        assert len(review(full)) < 1000


def test_a_day_that_is_over_can_be_any_kind_of_day() -> None:
    """Of every kind there is one here, and none of them stops the week from being told."""
    kinds = {
        DayKind.PAUSE: {"spans": (span(SpanKind.PAUSE, SUNDAY),)},
        DayKind.OUTAGE: {"spans": (span(SpanKind.OUTAGE, SUNDAY),)},
        DayKind.REST: {"spans": (span(SpanKind.REST, SUNDAY),)},
        DayKind.EXAM_DAY: {"exam_dates": ((MONDAY, SUNDAY),)},
        DayKind.WAITING: {"exam_dates": ((MONDAY, SUNDAY - DAY),)},
        DayKind.GENTLE: {"phases": ((MONDAY, Phase.NOT_READY),)},
        DayKind.PLANNED: {},
    }
    for kind, change in kinds.items():
        ledger = replace(with_days(STUDIES, did(20)), **change)  # pyright: ignore[reportArgumentType]
        assert ledgers.kind(ledger, SUNDAY) is kind
        assert "20 questions, on Monday." in review(week(ledger, SUNDAY))
