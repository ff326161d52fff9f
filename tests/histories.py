"""Days that somebody may have lived through, at random, for rules that must hold for all of them."""

from datetime import date, timedelta
from typing import Any

from hypothesis import strategies as st

from bot.domain.blocks import Work
from bot.domain.check_ins import Choice, Outcome
from bot.domain.days import Clock, Nights, Timetable
from bot.domain.goals import EVERY_DAY, Chosen, Goal
from bot.domain.ledgers import Ledger, Record, Span, SpanKind
from bot.domain.phases import Phase

A_WEDNESDAY = date(2026, 3, 4)
LONG_AGO = date(2025, 1, 1)
CLOCKS = ((date.min, Clock(zone="America/Chicago")),)
ALWAYS = Timetable(clocks=CLOCKS)


def nights(from_day: date, to_day: date) -> Timetable:
    """Shift work on those days."""
    on = Nights(from_day=from_day, to_day=to_day, cut_hour=9, morning_minute=16 * 60, evening_minute=8 * 60)
    return Timetable(clocks=CLOCKS, nights=(on,))


def _record(work: dict[Work, int], ticked: int, **more: Any) -> Record:
    questions = work.get(Work.QUESTIONS, 0)
    return Record(
        work=work,
        worked_through=questions if ticked & 1 else 0,
        unseen=questions if ticked & 2 else 0,
        notebook=bool(ticked & 4 and questions),
        **more,
    )


RECORDS = st.builds(
    _record,
    work=st.dictionaries(st.sampled_from(Work), st.sampled_from([0, 4, 12, 25, 80]), max_size=2),
    ticked=st.integers(0, 7),
    choice=st.sampled_from(Choice),
    outcome=st.sampled_from(Outcome),
    mood=st.sampled_from([None, None, 1, 2, 3, 5]),
)


@st.composite
def histories(draw: st.DrawFn, days: int = 60) -> Ledger:
    """A ledger whose last day is a Wednesday, with goals, rest, a pause, nights and an exam date as it comes."""
    first = A_WEDNESDAY - timedelta(days=days - 1)
    day = st.integers(0, days - 1).map(lambda number: first + timedelta(days=number))
    said = draw(st.lists(st.one_of(st.none(), RECORDS, RECORDS), min_size=days, max_size=days))
    spans = draw(st.lists(st.tuples(st.sampled_from(SpanKind), day, st.integers(0, 6)), max_size=3))
    usual = draw(st.lists(st.tuples(day, st.sampled_from([8, 12, 25, 40])), max_size=3))
    exam = draw(st.lists(st.tuples(day, st.integers(1, 90)), max_size=2))
    on_nights = draw(st.one_of(st.none(), day))
    return Ledger(
        started_day=draw(st.sampled_from([first, first, LONG_AGO])),
        timetable=ALWAYS if on_nights is None else nights(on_nights, on_nights + timedelta(days=7)),
        phases=((LONG_AGO, draw(st.sampled_from([Phase.REBUILDING, Phase.EXAM_BOOKED, Phase.JUST_FOUND_OUT]))),),
        spans=tuple(Span(kind=kind, from_day=at, to_day=at + timedelta(days=more)) for kind, at, more in spans),
        rest_weekdays=((LONG_AGO, draw(st.sampled_from([0, 64, 96]))),),
        goals=tuple(
            Chosen(
                kind=Work.QUESTIONS,
                weekday=EVERY_DAY,
                from_day=at,
                goal=Goal(floor=number // 2, usual=number, stretch=number),
            )
            for at, number in sorted(usual)
        ),
        exam_dates=tuple((at, at + timedelta(days=away)) for at, away in sorted(exam)),
        records={first + timedelta(days=number): one for number, one in enumerate(said) if one is not None},
    )
