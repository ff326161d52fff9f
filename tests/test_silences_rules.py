"""How messages thin for somebody who says nothing, and how any sign of life brings them back."""

from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain import ledgers
from bot.domain import prompts as rules
from bot.domain.check_ins import Choice, Outcome
from bot.domain.days import Clock, Kind, Timetable
from bot.domain.ledgers import DayKind, Ledger, Record, Span, SpanKind
from bot.domain.phases import Phase
from bot.domain.silences import Ask, asks

MONDAY = date(2026, 3, 2)
DAY = timedelta(days=1)
STUDIES = Ledger(
    started_day=MONDAY,
    timetable=Timetable(clocks=((MONDAY, Clock(zone="America/Chicago")),)),
    phases=((MONDAY, Phase.REBUILDING),),
)
WEEKENDS = ((MONDAY, 0b1100000),)

silences = settings(deadline=None, max_examples=15)


def messages(ledger: Ledger, days: int, signs: tuple[int, ...] = ()) -> list[str]:
    """For each day after a Monday on which somebody joined: "me" for a morning and an evening, "m", "M", or nothing.

    "M" is the last word, which whoever says it says once in a silence. `signs` are days on whose noon something
    else was heard of them than an answer.
    """
    came: list[str] = []
    for number in range(1, days + 1):
        day, said = MONDAY + number * DAY, ""
        for kind in (Kind.MORNING, Kind.EVENING):
            heard = [sign for sign in (0, *signs) if sign < number or (sign == number and kind is Kind.EVENING)]
            ask = asks(ledgers.silent_run(ledger, MONDAY + max(heard) * DAY, day))
            if ask is Ask.LAST_WORD and any("M" in said for said in came[max(heard) :]):
                ask = Ask.NOT
            if rules.wanted(ledger, kind, day, ask):
                said += "M" if ask is Ask.LAST_WORD else kind[0]
        came.append(said)
    return came


def of_a_silence() -> list[str]:
    """What comes on the planned days of a silence that nothing ends."""
    usual, third, week = ["me"] * 5, ["", "", "m"], [*[""] * 6, "m"]
    return [*usual, *third * 4, "", "", *week * 4, *[""] * 6, "M"]


def test_five_silent_planned_days_change_nothing() -> None:
    assert messages(STUDIES, 5) == ["me"] * 5
    assert {asks(silent) for silent in range(5)} == {Ask.AS_USUAL}


def test_after_them_every_third_day_is_asked_for_two_weeks() -> None:
    assert [number for number in range(5, 19) if asks(number) is Ask.ONCE] == [7, 10, 13, 16]


def test_then_one_day_a_week_for_four_weeks() -> None:
    assert [number for number in range(19, 47) if asks(number) is Ask.ONCE] == [25, 32, 39, 46]


def test_then_comes_one_last_word_and_then_nothing_ever() -> None:
    assert {asks(number) for number in range(47, 53)} == {Ask.NOT}
    assert {asks(number) for number in range(53, 3000)} == {Ask.LAST_WORD}, "due until it could be said"
    assert sum("M" in said for said in messages(STUDIES, 400)) == 1


def test_four_months_of_silence_bring_nineteen_messages() -> None:
    came = messages(STUDIES, 120)
    assert came == [*of_a_silence(), *[""] * (120 - 54)]
    assert sum(map(len, came)) == 5 * 2 + 4 + 4 + 1


def test_messages_only_ever_thin() -> None:
    days = [number for number, said in enumerate(messages(STUDIES, 120)) if said]
    gaps = [later - before for before, later in pairwise(days)]
    assert gaps == [*[1] * 4, *[3] * 4, 9, *[7] * 4]


@given(
    st.integers(0, 126),
    st.lists(st.tuples(st.integers(1, 80), st.integers(0, 30), st.sampled_from(SpanKind)), max_size=3),
)
@silences
def test_rest_pause_and_outage_only_put_a_silence_off(mask: int, spans: list[tuple[int, int, SpanKind]]) -> None:
    made = [Span(kind=kind, from_day=MONDAY + n * DAY, to_day=MONDAY + (n + m) * DAY) for n, m, kind in spans]
    ledger = replace(STUDIES, rest_weekdays=((MONDAY, mask),), spans=tuple(made))
    came = messages(ledger, 90)
    planned = [ledgers.kind(ledger, MONDAY + (number + 1) * DAY) is DayKind.PLANNED for number in range(90)]
    asked = [said for said, counts in zip(came, planned, strict=True) if counts]
    assert asked == [*of_a_silence(), *[""] * 90][: len(asked)]
    assert not any(said for said, counts in zip(came, planned, strict=True) if not counts)


@pytest.mark.parametrize("sign", [1, 2, 5, 6, 7, 8, 9, 18, 19, 25, 26, 46, 53, 54, 55, 80])
def test_any_sign_of_life_brings_the_normal_rhythm_back(sign: int) -> None:
    before = messages(STUDIES, 120)
    came = messages(STUDIES, 120, (sign,))
    assert came[: sign - 1] == before[: sign - 1]
    assert came[sign - 1].endswith("e")
    assert came[sign:] == [*of_a_silence(), *[""] * 120][: 120 - sign]


@given(st.sets(st.integers(1, 80), max_size=6).map(sorted))
@silences
def test_every_silence_begins_anew_after_a_sign_of_life(signs: list[int]) -> None:
    came = messages(STUDIES, 100, tuple(signs))
    for sign, until in pairwise([0, *signs, 101]):
        silence = came[sign : until - 1]
        assert silence == [*of_a_silence(), *[""] * 100][: len(silence)]


def test_an_answered_day_is_not_asked_about_again_in_a_silence_either() -> None:
    answered = replace(STUDIES, records={MONDAY + 8 * DAY: Record(outcome=Outcome.KEPT)})
    assert messages(STUDIES, 8)[7] == "m"
    assert messages(answered, 8)[7] == ""


def test_a_morning_choice_brings_the_evening() -> None:
    chose = replace(STUDIES, records={MONDAY + 8 * DAY: Record(choice=Choice.FLOOR)})
    assert messages(chose, 8, (8,))[7] == "me"


@pytest.mark.parametrize("phase", [Phase.WAITING, Phase.JUST_FOUND_OUT, Phase.NOT_READY])
def test_days_on_which_nothing_is_planned_wear_no_patience(phase: Phase) -> None:
    away = replace(STUDIES, phases=(*STUDIES.phases, (MONDAY + 3 * DAY, phase), (MONDAY + 40 * DAY, Phase.REBUILDING)))
    came = messages(away, 42)
    assert came[:2] == ["me"] * 2
    assert not any("m" in said for said in came[2:39])
    assert came[39:] == ["me"] * 3


def test_on_weekends_of_rest_nothing_comes_and_nothing_is_counted() -> None:
    came = messages(replace(STUDIES, rest_weekdays=WEEKENDS), 14)
    assert came == ["me", "me", "me", "me", "", "", "me", "", "", "m", "", "", "", ""]
