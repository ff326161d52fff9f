"""When is a run of low evenings shown to whoever had them, and in which words?"""

from dataclasses import replace
from datetime import date, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain import low_moods
from bot.domain.days import DAY, Clock, Timetable
from bot.domain.ledgers import Ledger, Record
from bot.domain.phases import Phase
from bot.ui.low_moods import record

MONDAY = date(2026, 3, 2)
LEDGER = Ledger(
    started_day=MONDAY,
    timetable=Timetable(clocks=((MONDAY, Clock(zone="America/Chicago")),)),
    phases=((MONDAY, Phase.REBUILDING),),
)
rules = settings(deadline=None, max_examples=100)


def evenings(*moods: int | None) -> tuple[Ledger, date]:
    """A ledger with these moods on days in a row, and the last of them."""
    records = {MONDAY + number * DAY: Record(mood=mood) for number, mood in enumerate(moods)}
    return replace(LEDGER, records=records), MONDAY + (len(moods) - 1) * DAY


def test_seven_low_evenings_of_ten_are_shown_and_six_are_not() -> None:
    assert low_moods.to_show(*evenings(1, 2, 1, 2, 1, 2, 1, 3, 4, 5)) is not None
    assert low_moods.to_show(*evenings(1, 2, 1, 2, 1, 2, 3, 3, 4, 5)) is None


def test_what_lies_before_the_newest_ten_does_not_count() -> None:
    assert low_moods.to_show(*evenings(*[1] * 7, *[3] * 10)) is None


def test_an_evening_without_a_mood_is_neither_low_nor_good() -> None:
    shown = low_moods.to_show(*evenings(1, None, 1, None, 1, None, 1, 1, None, 1, 1))
    assert shown is not None
    assert len(shown) == 7


def test_evenings_long_ago_say_nothing_about_now() -> None:
    ledger, _ = evenings(*[1] * 10)
    assert low_moods.to_show(ledger, MONDAY + low_moods.LOOKS_BACK + timedelta(days=9)) is None


@rules
@given(moods=st.lists(st.one_of(st.none(), st.integers(1, 5)), min_size=1, max_size=40))
def test_the_record_is_the_newest_ten_moods_in_order_and_mostly_low(moods: list[int | None]) -> None:
    said = [mood for mood in moods if mood is not None][-10:]
    shown = low_moods.to_show(*evenings(*moods))
    if sum(mood <= 2 for mood in said) < 7:
        assert shown is None
    else:
        assert shown is not None
        assert [mood for _, mood in shown] == said
        assert [day for day, _ in shown] == sorted(day for day, _ in shown)


@rules
@given(moods=st.lists(st.integers(1, 5), min_size=10, max_size=10))
def test_the_record_is_in_words_without_a_number_of_a_mood_and_fits_a_phone(moods: list[int]) -> None:
    ledger, last = evenings(*moods)
    days = [(day, mood) for day in ledger.records if day <= last and (mood := ledger.on(day).mood) is not None]
    text, view = record(days)
    assert "may be worth showing somebody: your school's counselling first" in text
    assert len(text) < 800
    assert "!" not in text
    assert len(view.children) == 1


def test_evenings_in_a_row_that_were_alike_stand_on_one_line() -> None:
    ledger, _ = evenings(2, 2, 2, 4)
    text, _ = record([(day, said.mood or 0) for day, said in ledger.records.items()])
    assert "Mon 2 March to Wed 4 March: low\nThu 5 March: all right" in text
