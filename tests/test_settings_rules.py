"""What a member may choose: times that fit the day, a cut that fits the times, blocks, and places by their letters."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.data.places import atlas
from bot.domain import days
from bot.domain.blocks import LARGEST_BLOCK, SMALLEST_BLOCK
from bot.domain.days import MINUTES_A_DAY, SHORTEST_DAY, Clock
from bot.domain.errors import UserError
from bot.domain.place_names import suggested
from bot.domain.settings import block_size, with_cut, with_times

NOW = datetime(2026, 3, 2, 18, tzinfo=UTC)
CLOCK = Clock(zone="America/Chicago")
NIGHT_OWL = Clock(zone="America/Chicago", cut_hour=8, morning_minute=14 * 60, evening_minute=6 * 60)

HOURS, MINUTES = st.integers(0, 23), st.integers(0, MINUTES_A_DAY - 1)
NONSENSE = ("EST", "New York", "utc+5", "25:00", "", "   ", "🎓", "-1", "1e9", "forty", "@everyone", "\u202e")


def clocks() -> st.SearchStrategy[Clock]:
    """Every clock there can be."""

    def clock(cut: int, morning: int, length: int) -> Clock:
        begin = cut * 60 + morning
        evening = min(morning + SHORTEST_DAY + length, MINUTES_A_DAY - 1) + cut * 60
        return Clock(
            zone="UTC",
            cut_hour=cut,
            morning_minute=begin % MINUTES_A_DAY,
            evening_minute=evening % MINUTES_A_DAY,
        )

    return st.builds(clock, HOURS, st.integers(0, MINUTES_A_DAY - 1 - SHORTEST_DAY), MINUTES)


def clock_text(minute: int) -> str:
    return f"{minute // 60:02d}:{minute % 60:02d}"


# --- times


@pytest.mark.parametrize(
    ("morning", "evening", "times"),
    [
        ("6:30", "", (6 * 60 + 30, 21 * 60)),
        ("", "10 pm", (7 * 60 + 30, 22 * 60)),
        ("7 am", "half past seven pm", (7 * 60, 19 * 60 + 30)),
        ("half past seven", "19h30", (7 * 60 + 30, 19 * 60 + 30)),
        ("04:00", "03:59", (4 * 60, 3 * 60 + 59)),
        ("noon", "midnight", (12 * 60, 0)),
        (" ", "2 am", (7 * 60 + 30, 2 * 60)),
    ],
)
def test_one_time_or_both_can_be_moved_in_words(morning: str, evening: str, times: tuple[int, int]) -> None:
    clock = with_times(CLOCK, morning, evening)
    assert (clock.morning_minute, clock.evening_minute) == times
    assert (clock.zone, clock.cut_hour) == (CLOCK.zone, CLOCK.cut_hour)


@pytest.mark.parametrize("words", NONSENSE)
def test_words_that_are_no_time_get_one_sentence_with_an_example(words: str) -> None:
    for morning, evening in ((words, ""), ("", words)):
        with pytest.raises(UserError) as refused:
            with_times(CLOCK, morning, evening)
        assert "`7:30`" in str(refused.value)


@pytest.mark.parametrize(
    ("morning", "evening"), [("21:00", "7:30"), ("7:30", "9:29"), ("7:30", "7:30"), ("3:59", "21:00")]
)
def test_an_evening_less_than_two_hours_after_the_morning_is_refused(morning: str, evening: str) -> None:
    with pytest.raises(UserError) as refused:
        with_times(CLOCK, morning, evening)
    assert "at least two hours" in str(refused.value)
    assert "04:00" in str(refused.value)
    assert with_times(CLOCK, "7:30", "9:30").evening_minute == 9 * 60 + 30


@given(clocks(), MINUTES, MINUTES)
def test_any_two_times_are_taken_or_refused_as_the_day_has_room_for_them(
    clock: Clock, morning: int, evening: int
) -> None:
    first, last = ((minute - clock.cut_hour * 60) % MINUTES_A_DAY for minute in (morning, evening))
    if last - first >= SHORTEST_DAY:
        moved = with_times(clock, clock_text(morning), clock_text(evening))
        assert (moved.morning_minute, moved.evening_minute) == (morning, evening)
    else:
        with pytest.raises(UserError):
            with_times(clock, clock_text(morning), clock_text(evening))


# --- the end of the day


@pytest.mark.parametrize(
    ("words", "hour"),
    [("4", 4), ("04:00", 4), ("5 am", 5), ("midnight", 0), ("24:00", 0), ("23", 23), ("11 pm", 23), ("７", 7)],
)
def test_a_day_can_end_at_a_whole_hour_in_words(words: str, hour: int) -> None:
    assert with_cut(CLOCK, words) == replace(CLOCK, cut_hour=hour)


@pytest.mark.parametrize("words", NONSENSE)
def test_words_that_are_no_hour_get_one_sentence_with_an_example(words: str) -> None:
    with pytest.raises(UserError) as refused:
        with_cut(CLOCK, words)
    assert "`7:30`" in str(refused.value)


@pytest.mark.parametrize("words", ["4:30", "half past four", "00:01"])
def test_a_day_does_not_end_between_the_hours(words: str) -> None:
    with pytest.raises(UserError) as refused:
        with_cut(CLOCK, words)
    assert "whole hour" in str(refused.value)


@pytest.mark.parametrize(
    ("clock", "words", "works"),
    [
        (CLOCK, "8", "from 22:00 to 07:00"),
        (CLOCK, "21:00", "from 22:00 to 07:00"),
        (NIGHT_OWL, "5", "from 07:00 to 14:00"),
        (Clock(zone="UTC", cut_hour=6, morning_minute=6 * 60 + 59, evening_minute=5 * 60 + 1), "4", ": 06:00 works"),
    ],
)
def test_an_end_that_does_not_fit_the_times_is_refused_with_those_that_do(clock: Clock, words: str, works: str) -> None:
    with pytest.raises(UserError) as refused:
        with_cut(clock, words)
    assert works in str(refused.value)


@given(clocks(), HOURS)
def test_the_hours_that_are_said_to_work_are_the_ones_that_do(clock: Clock, hour: int) -> None:
    try:
        assert with_cut(clock, str(hour)) == replace(clock, cut_hour=hour)
    except UserError as error:
        said = [int(word[:2]) for word in str(error).split() if word[:2].isdigit()]
        first, last = said[0], said[-1]
        span = (last - first) % 24
        working = [(first + step) % 24 for step in range(span + 1)]
        assert hour not in working
        assert all(with_cut(clock, str(one)).cut_hour == one for one in working)
        for beyond in ((first - 1) % 24, (last + 1) % 24):
            with pytest.raises(UserError):
                with_cut(clock, str(beyond))


# --- blocks


@pytest.mark.parametrize(("words", "size"), [("10", 10), ("50", 50), ("20 questions", 20), ("forty", 40), (" 25 ", 25)])
def test_a_block_can_have_ten_to_fifty_questions_in_words(words: str, size: int) -> None:
    assert block_size(words) == size


@pytest.mark.parametrize("words", ["9", "51", "0", "", " ", "🎓", "lots", "1e9", "-1", "2 blocks", "utc+5", "10.5"])
def test_any_other_size_gets_one_sentence_that_says_which(words: str) -> None:
    with pytest.raises(UserError) as refused:
        block_size(words)
    assert f"{SMALLEST_BLOCK} to {LARGEST_BLOCK}" in str(refused.value)


# --- places by their letters


@pytest.mark.parametrize(
    ("letters", "first"),
    [
        ("chic", "America/Chicago"),
        ("CHICAGO", "America/Chicago"),
        ("mani", "Asia/Manila"),
        ("king", "America/Jamaica"),
        ("new y", "America/New_York"),
        ("EST", "America/New_York"),
        ("Asia/Kolkata", "Asia/Kolkata"),
        ("são pau", "America/Sao_Paulo"),
    ],
)
def test_a_few_letters_bring_the_place_up(letters: str, first: str) -> None:
    assert first in [place.zone for place in suggested(letters, atlas(), NOW, 25)][:3]


@given(st.text(max_size=300))
def test_whatever_is_typed_every_suggestion_is_a_zone_and_none_comes_twice(letters: str) -> None:
    found = suggested(letters, atlas(), NOW, 25)
    assert len(found) <= 25
    assert all(days.is_zone(place.zone) and 0 < len(place.label) <= 80 for place in found)
    assert len({(place.zone, place.country) for place in found}) == len(found)


def test_before_anything_is_typed_there_are_places_to_pick() -> None:
    assert len(suggested("", atlas(), NOW, 25)) == 25


def test_letters_that_nothing_begins_with_bring_nothing() -> None:
    assert suggested("zzqqx", atlas(), NOW, 25) == []
