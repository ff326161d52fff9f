"""Are days, weekdays, times and scores understood the way a person would, or kindly asked for again?"""

from calendar import monthrange
from collections.abc import Callable
from datetime import date, timedelta
from functools import partial
from time import process_time

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.domain import clock_times, dates, scores, weekdays
from bot.domain.errors import UserError
from bot.domain.scores import Score

rules = settings(deadline=None, max_examples=40)
A_WEDNESDAY = date(2026, 3, 4)
DAY = timedelta(days=1)
TODAYS = st.dates(date(2020, 1, 1), date(2110, 12, 31))
ARABIC = str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")
FULL_WIDTH = str.maketrans("0123456789", "０１２３４５６７８９")
ENDINGS = {1: "st", 2: "nd", 3: "rd", 21: "st", 22: "nd", 23: "rd", 31: "st"}


def name(day: date) -> str:
    return dates.MONTHS[day.month - 1]


def ordinal(day: date) -> str:
    return f"{day.day}{ENDINGS.get(day.day, 'th')}"


def in_slashes(day: date, order: str) -> str:
    """Numbers only where they can be one day; otherwise the month is named."""
    if day.day <= 12 and day.day != day.month:
        return f"{day.day} {name(day)}"
    return order.format(day.day, day.month)


WITHOUT_YEAR: dict[str, Callable[[date], str]] = {
    "day first": lambda day: f"{day.day} {name(day)}",
    "month first": lambda day: f"{name(day)} {day.day}",
    "short": lambda day: f"{day.day} {name(day)[:3]}",
    "short with dots": lambda day: f"{name(day)[:4]}. {day.day}.",
    "ordinal": lambda day: f"the {ordinal(day)} of {name(day)}",
    "ordinal, month first": lambda day: f"on {name(day)} the {ordinal(day)}",
    "spaced ordinal": lambda day: f"  {day.day} {ENDINGS.get(day.day, 'th')}   {name(day)} ",
    "glued": lambda day: f"{day.day}{name(day)}",
    "shouted": lambda day: f"{name(day)} {ordinal(day)}".upper(),
    "dots": lambda day: f"{day.day}.{day.month}.",
    "dots and zeros": lambda day: f"{day.day:02}. {day.month:02}",
    "day before slash": lambda day: in_slashes(day, "{0}/{1}"),
    "month before slash": lambda day: in_slashes(day, "{1}/{0}"),
    "full width": lambda day: f"{day.day} {name(day)}".translate(FULL_WIDTH),
    "Arabic-Indic": lambda day: f"{day.day} {name(day)}".translate(ARABIC),
    "zero-width": lambda day: "\u200b".join(f"{day.day} {name(day)}"),
    "emoji": lambda day: f"🎉 {day.day} {name(day)} 🎉",
    "bold": lambda day: f"**{day.day} {name(day)}**",
    "with its weekday": lambda day: f"{weekdays.NAMES[day.weekday()][:3]}, {day.day} {name(day)}",
}
WITH_YEAR: dict[str, Callable[[date], str]] = {
    "ISO": date.isoformat,
    "ISO with slashes": lambda day: f"{day.year}/{day.month}/{day.day}",
    "compact": lambda day: f"{day:%Y%m%d}",
    "day first": lambda day: f"{day.day} {name(day)} {day.year}",
    "dashes": lambda day: f"{day.day:02}-{name(day)[:3]}-{day.year}",
    "American": lambda day: f"{name(day)} {ordinal(day)}, {day.year}",
    "year first": lambda day: f"{day.year} {name(day)} {day.day}",
    "dots": lambda day: f"{day.day}.{day.month}.{day.year}",
    "dots and two figures": lambda day: f"{day:%d.%m.%y}",
    "slashes": lambda day: in_slashes(day, f"{{1}}/{{0}}/{day.year}") if day.day > 12 else day.isoformat(),
    "apostrophe": lambda day: f"{name(day)[:3]} {day.day} ’{day.year % 100:02}",
    "with its weekday": lambda day: f"{weekdays.NAMES[day.weekday()]} {day.day} {name(day)} {day.year}",
}


def offered(refused: UserError, understand: Callable[[str], object]) -> str:
    """The sentence, after seeing that it is one, and that whatever it offers is taken."""
    sentence = str(refused)
    assert len(sentence) < 200
    assert sentence.endswith(".")
    assert ". " not in sentence
    assert "\n" not in sentence
    examples = sentence.split("`")[1::2]
    assert examples
    for text in examples:
        understand(text)
    return sentence


def refusal(understand: Callable[[str], object], text: str) -> str:
    with pytest.raises(UserError) as refused:
        understand(text)
    return offered(refused.value, understand)


# Days


@pytest.mark.parametrize("style", WITHOUT_YEAR)
@rules
@given(today=TODAYS, ahead=st.integers(0, 364))
@example(today=date(2027, 12, 31), ahead=60)
def test_a_date_without_a_year_is_the_nearest_from_today_on(style: str, today: date, ahead: int) -> None:
    day = today + ahead * DAY
    assert dates.understand(WITHOUT_YEAR[style](day), today) == day


@pytest.mark.parametrize("style", WITHOUT_YEAR)
@rules
@given(today=TODAYS, past=st.integers(1, 300), share=st.floats(0, 1))
def test_a_date_of_the_past_days_is_meant_first_where_they_are_asked_for(
    style: str, today: date, past: int, share: float
) -> None:
    day = today - round(past * share) * DAY
    assert dates.understand(WITHOUT_YEAR[style](day), today, past) == day
    beyond = today - (past + 1) * DAY
    assert dates.understand(WITHOUT_YEAR["day first"](beyond), today, past) > today


@pytest.mark.parametrize("style", WITH_YEAR)
@rules
@given(today=TODAYS, distance=st.integers(-3000, 3000), past=st.sampled_from([0, 7]))
def test_a_date_with_its_year_is_itself_on_any_day(style: str, today: date, distance: int, past: int) -> None:
    day = today + distance * DAY
    assert dates.understand(WITH_YEAR[style](day), today, past) == day


@rules
@given(TODAYS, st.sampled_from(weekdays.NAMES), st.sampled_from(["{}", "next {}", "on {}.", "{}s"]))
def test_a_weekday_is_the_next_one_after_today(today: date, weekday: str, words: str) -> None:
    for form in (weekday, weekday.upper(), weekday[:3], weekday[:2].lower()):
        day = dates.understand(words.format(form), today)
        assert today < day <= today + 7 * DAY
        assert weekdays.NAMES[day.weekday()] == weekday


@rules
@given(TODAYS, st.sampled_from(weekdays.NAMES))
def test_a_weekday_of_the_past_seven_days_is_the_latest_and_may_be_today(today: date, weekday: str) -> None:
    day = dates.understand(weekday, today, past=7)
    assert today - 7 * DAY < day <= today
    assert weekdays.NAMES[day.weekday()] == weekday
    assert dates.understand(f"last {weekday}", today) == (day if day < today else today - 7 * DAY)
    assert dates.understand(f"next {weekday}", today, past=7) == day + 7 * DAY


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("today", date(2026, 3, 4)),
        ("Today 😀", date(2026, 3, 4)),
        ("tonight", date(2026, 3, 4)),
        ("TOMORROW", date(2026, 3, 5)),
        ("tommorow", date(2026, 3, 5)),
        ("tmrw", date(2026, 3, 5)),
        ("the day after tomorrow", date(2026, 3, 6)),
        ("yesterday", date(2026, 3, 3)),
        ("day before yesterday", date(2026, 3, 2)),
        ("in 2 weeks", date(2026, 3, 18)),
        ("in two weeks' time", date(2026, 3, 18)),
        ("in a fortnight", date(2026, 3, 18)),
        ("2 weeks", date(2026, 3, 18)),
        ("in 10 days", date(2026, 3, 14)),
        ("in ten days.", date(2026, 3, 14)),
        ("a week from today", date(2026, 3, 11)),
        ("two weeks from now", date(2026, 3, 18)),
        ("in a couple of weeks", date(2026, 3, 18)),
        ("in 3 months", date(2026, 6, 4)),
        ("in a year", date(2027, 3, 4)),
        ("3 days ago", date(2026, 3, 1)),
        ("this Wednesday", date(2026, 3, 4)),
        ("last Wednesday", date(2026, 2, 25)),
        ("wendsday", date(2026, 3, 11)),
        ("Saterday", date(2026, 3, 7)),
        ("febuary 3", date(2027, 2, 3)),
        ("30 Sept.", date(2026, 9, 30)),
        ("29 Feb", date(2028, 2, 29)),
        ("the 3rd", date(2026, 4, 3)),
        ("30. 5. 2026", date(2026, 5, 30)),
        ("30.5.26", date(2026, 5, 30)),
        ("30/5", date(2026, 5, 30)),
        ("5/30/2026", date(2026, 5, 30)),
        ("5/30/26", date(2026, 5, 30)),
        ("30-May-26", date(2026, 5, 30)),
        ("30 May, Saturday", date(2026, 5, 30)),
        ("5/5", date(2026, 5, 5)),
    ],
)
def test_a_day_is_read_as_a_person_would(text: str, day: date) -> None:
    assert dates.understand(text, A_WEDNESDAY) == day


def test_months_from_the_last_of_a_month_end_with_the_month() -> None:
    assert dates.understand("in a month", date(2026, 1, 31)) == date(2026, 2, 28)
    assert dates.understand("12 months ago", date(2028, 2, 29)) == date(2027, 2, 28)


@pytest.mark.parametrize("text", ["3/4", "3/4/2026", "03-04-26", "3 4"])
def test_a_date_that_could_be_two_is_asked_for_with_the_months_name(text: str) -> None:
    sentence = refusal(partial(dates.understand, today=A_WEDNESDAY), text)
    assert sentence == "That could be two different days: please write it like `3 April` or `4 March`."


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("30 February", "There is no 30 February"),
        ("31.4.", "There is no 31 April"),
        ("29 Feb 2027", "There is no 29 February 2027"),
        ("20270229", "There is no 29 February 2027"),
        ("9999-12-31", "The year 9999 is too far away"),
        ("1 May 1986", "The year 1986 is too far away"),
        ("in 500 years", "The year 2526 is too far away"),
        ("in 500 fortnights", "The year 2045 is too far away"),
        ("Friday, 30 May", "30 May 2026 is a Saturday"),
    ],
)
def test_a_day_that_can_not_be_is_named_with_the_reason(text: str, why: str) -> None:
    sentence = refusal(partial(dates.understand, today=A_WEDNESDAY), text)
    assert sentence == f"{why}, but a date such as `18 March`, `Friday` or `in 2 weeks` works."


NO_DAY = [
    *(
        "",
        "  ",
        ".",
        "banana",
        "year 9999",
        "May",
        "24",
        "13/13",
        "0/5",
        "5/0",
        "00 May",
        "99 May",
        "2026-13-01",
        "20262030",
        "20260500",
    ),
    *("Dec 2026", "1e9", "-1", "in -2 weeks", "in 1.5 weeks", "in 2 blocks weeks", "in a few days", "next week"),
    *("Friday Saturday", "next", "@everyone", "😀", "\ud800", "ﷺ" * 90, "30 May 9pm", "<t:1770000000:D>", "30 dogs"),
]


@pytest.mark.parametrize("text", NO_DAY)
def test_what_is_no_day_is_answered_with_what_would_work(text: str) -> None:
    future = refusal(partial(dates.understand, today=A_WEDNESDAY), text)
    assert future == "A date such as `18 March`, `Friday` or `in 2 weeks` works here."
    past = refusal(partial(dates.understand, today=A_WEDNESDAY, past=7), text)
    assert past == "A date such as `yesterday`, `Monday` or `2 March` works here."


@rules
@given(TODAYS, st.integers(1, 30))
@example(date(2028, 2, 15), 1)
@example(date(2027, 12, 31), 2)
def test_the_days_offered_are_ahead_or_in_the_past_days_whichever_was_asked_for(today: date, past: int) -> None:
    for text in refusal(partial(dates.understand, today=today), "").split("`")[1::2]:
        assert today < dates.understand(text, today) <= today + 14 * DAY
    for text in refusal(partial(dates.understand, today=today, past=past), "").split("`")[1::2]:
        assert today - past * DAY <= dates.understand(text, today, past) < today
    refusal(partial(dates.span, today=today), "")
    refusal(partial(dates.span, today=today), "tomorrow to yesterday")


# Spans of days


@pytest.mark.parametrize("between", [" to ", " - ", "-", "–", " until ", " through ", " → ", "  till  "])
@rules
@given(TODAYS, st.integers(0, 364), st.integers(0, 180), st.sampled_from(["day first", "month first", "dots", "short"]))
def test_two_dates_are_a_span_also_over_the_new_year(
    between: str, today: date, ahead: int, length: int, style: str
) -> None:
    first = today + ahead * DAY
    last = first + length * DAY
    write = WITHOUT_YEAR[style]
    assert dates.span(f"{write(first)}{between}{write(last)}", today) == (first, last)
    assert dates.span(f"from {write(first)}{between}{last.isoformat()}", today) == (first, last)
    assert dates.span(f"{first.isoformat()}{between}{last.isoformat()}", today) == (first, last)


@rules
@given(TODAYS, st.integers(0, 364), st.integers(0, 30))
def test_two_days_of_one_month_need_its_name_once(today: date, ahead: int, length: int) -> None:
    first = today + ahead * DAY
    last = min(first + length * DAY, first.replace(day=monthrange(first.year, first.month)[1]))
    for text in (
        f"{first.day}-{last.day} {name(last)}",
        f"{name(first)} {first.day} – {last.day}",
        f"{ordinal(first)} to {ordinal(last)} of {name(last)[:3]}",
        f"between {first.day} and {last.day} {name(last)} {last.year}",
        f"{first.day}.-{last.day}.{last.month}.",
        f"{name(first)} {ordinal(first)} to {ordinal(last)}, {last.year}",
    ):
        assert dates.span(text, today) == (first, last), text


@rules
@given(TODAYS, st.integers(0, 300), st.integers(1, 180))
def test_an_end_before_the_start_is_answered_in_one_sentence(today: date, ahead: int, length: int) -> None:
    first = today + ahead * DAY
    last = first - length * DAY
    span = partial(dates.span, today=today)
    sentence = refusal(span, f"{first.isoformat()} to {last.isoformat()}")
    assert sentence.startswith("The last day can't come before the first")
    if first.year == last.year and (2, 29) not in {(first.month, first.day), (last.month, last.day)}:
        assert refusal(span, f"{first.day} {name(first)} - {last.day} {name(last)}") == sentence


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("tomorrow", date(2026, 3, 5), date(2026, 3, 5)),
        ("24 Dec", date(2026, 12, 24), date(2026, 12, 24)),
        ("24 Dec to 26 Dec", date(2026, 12, 24), date(2026, 12, 26)),
        ("24-26 Dec", date(2026, 12, 24), date(2026, 12, 26)),
        ("24 Dec - 2 Jan", date(2026, 12, 24), date(2027, 1, 2)),
        ("24 Dec to 2 Jan 2028", date(2027, 12, 24), date(2028, 1, 2)),
        ("tomorrow until Friday", date(2026, 3, 5), date(2026, 3, 6)),
        ("Mon-Fri", date(2026, 3, 9), date(2026, 3, 13)),
        ("Friday to Monday", date(2026, 3, 6), date(2026, 3, 9)),
        ("Friday to Friday", date(2026, 3, 6), date(2026, 3, 13)),
        ("today until the 26th", date(2026, 3, 4), date(2026, 3, 26)),
        ("today until in 10 days", date(2026, 3, 4), date(2026, 3, 14)),
        ("yesterday to tomorrow", date(2026, 3, 3), date(2026, 3, 5)),
        ("5/30 - 6/20", date(2026, 5, 30), date(2026, 6, 20)),
        ("1 March to today", date(2026, 3, 1), date(2026, 3, 4)),
    ],
)
def test_a_span_is_read_as_a_person_would(text: str, first: date, last: date) -> None:
    assert dates.span(text, A_WEDNESDAY) == (first, last)


def test_a_span_may_have_begun_in_the_past_days_where_they_are_asked_for() -> None:
    assert dates.span("2 March to 6 March", A_WEDNESDAY) == (date(2027, 3, 2), date(2027, 3, 6))
    assert dates.span("2 March to 6 March", A_WEDNESDAY, past=7) == (date(2026, 3, 2), date(2026, 3, 6))
    assert dates.span("2 March", A_WEDNESDAY, past=7) == (date(2026, 3, 2), date(2026, 3, 2))
    assert dates.span("Monday to Friday", A_WEDNESDAY, past=7) == (date(2026, 3, 9), date(2026, 3, 13))


@pytest.mark.parametrize("text", ["26 Dec to 24 Dec", "26-24 Dec", "tomorrow to yesterday", "30 May until tomorrow"])
def test_nearly_a_year_is_taken_for_an_end_before_the_start(text: str) -> None:
    sentence = refusal(partial(dates.span, today=A_WEDNESDAY), text)
    assert sentence == "The last day can't come before the first: something like `18 March to 20 March` works."


@pytest.mark.parametrize("text", ["", "24 to 26", "to", "-", "-" * 90, "Friday to", "24 Dec to banana", "a - b - c"])
def test_what_is_no_span_is_answered_with_what_would_work(text: str) -> None:
    sentence = refusal(partial(dates.span, today=A_WEDNESDAY), text)
    assert sentence == "A date such as `18 March to 20 March` or `tomorrow` works here."


@pytest.mark.parametrize(
    "text", ["Dec 24 to 26, 9999", "24 Dec to 26 Dec 9999", "30-31 Feb", "3/4 to 5/4", "31.2.-3.3."]
)
def test_a_span_with_a_day_that_can_not_be_is_refused(text: str) -> None:
    refusal(partial(dates.span, today=A_WEDNESDAY), text)


# Weekdays


@rules
@given(st.integers(0, 127))
def test_every_set_of_weekdays_is_understood_by_the_name_it_is_given(mask: int) -> None:
    assert weekdays.understand(weekdays.names(mask)) == mask


@rules
@given(st.sets(st.integers(0, 6), min_size=1), st.sampled_from([", ", " and ", " ", "/", "\n", " & ", "+"]))
def test_any_list_of_weekdays_is_a_set(days: set[int], comma: str) -> None:
    mask = sum(1 << day for day in days)
    for letters in (2, 3, 4, 9):
        assert weekdays.understand(comma.join(weekdays.NAMES[day][:letters] for day in days)) == mask
    assert weekdays.understand("every day but " + comma.join(weekdays.NAMES[day] for day in days)) == 127 - mask


@rules
@given(st.integers(0, 6), st.integers(0, 6), st.sampled_from(["-", " to ", " – ", " through "]))
def test_a_range_of_weekdays_may_run_over_the_end_of_the_week(first: int, last: int, between: str) -> None:
    mask = weekdays.understand(f"{weekdays.NAMES[first]}{between}{weekdays.NAMES[last][:3]}")
    days = [(first + day) % 7 for day in range(7)]
    assert mask == sum(1 << day for day in days[: days.index(last) + 1])


@rules
@given(st.integers(0, 127), TODAYS)
def test_a_date_is_in_a_set_when_its_weekday_was_named(mask: int, day: date) -> None:
    assert weekdays.has(mask, day) == (f"{day:%A}" in {weekdays.NAMES[bit] for bit in range(7) if mask & 1 << bit})


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Sun", "Sunday"),
        ("sundays 😴", "Sunday"),
        ("Sundays off", "Sunday"),
        ("Sat and Sun", "Saturday and Sunday"),
        ("sat n sun", "Saturday and Sunday"),
        ("the weekend", "Saturday and Sunday"),
        ("weekends", "Saturday and Sunday"),
        ("weekdays", "Monday to Friday"),
        ("working days", "Monday to Friday"),
        ("weekdays except wed", "Monday, Tuesday, Thursday and Friday"),
        ("mon, wed, fri", "Monday, Wednesday and Friday"),
        ("MWF", "Monday, Wednesday and Friday"),
        ("TTh", "Tuesday and Thursday"),
        ("Mon.–Wed. + Sat", "Monday to Wednesday and Saturday"),
        ("tues", "Tuesday"),
        ("weds", "Wednesday"),
        ("thurs", "Thursday"),
        ("wendsday", "Wednesday"),
        ("thrusday", "Thursday"),
        ("Teusday", "Tuesday"),
        ("Saterday", "Saturday"),
        ("sunday's", "Sunday"),
        ("**Ｓｕｎ**", "Sunday"),
        ("every day", "every day"),
        ("everyday", "every day"),
        ("daily", "every day"),
        ("all week", "every day"),
        ("all but sunday", "every day but Sunday"),
        ("none", "no day"),
        ("No", "no day"),
        ("no rest days", "no day"),
        ("-", "no day"),
        ("—", "no day"),
    ],
)
def test_weekdays_are_read_as_a_person_would(text: str, said: str) -> None:
    assert weekdays.names(weekdays.understand(text)) == said


@pytest.mark.parametrize(
    "text",
    [
        *(
            "",
            " ",
            "rest",
            "some",
            "banana",
            "sat or sun",
            "t",
            "s",
            "munday",
            "today",
            "holiday",
            "someday",
            "birthday",
        ),
        *("mon-", "mon - weekend", "- mon", "1, 2", "no sunday", "not sunday", "but", "@everyone", "😀", "\ud800"),
    ],
)
def test_what_is_no_weekday_is_answered_with_what_would_work(text: str) -> None:
    sentence = refusal(weekdays.understand, text)
    assert sentence == "Days of the week work here, such as `Sunday`, `Sat and Sun` or `none`."


# Times of day

TIMES: dict[str, Callable[[int, int], str]] = {
    "colon": lambda hour, minute: f"{hour}:{minute:02}",
    "zeros": lambda hour, minute: f"{hour:02}:{minute:02}",
    "dot": lambda hour, minute: f"{hour}.{minute:02}",
    "h": lambda hour, minute: f"{hour}h{minute:02}",
    "spaces": lambda hour, minute: f"  {hour} : {minute:02} ",
    "figures": lambda hour, minute: f"{hour:02}{minute:02}",
    "few figures": lambda hour, minute: f"{hour}{minute:02}",
    "am or pm": lambda hour, minute: f"{hour % 12 or 12}:{minute:02}{'pm' if hour > 11 else 'am'}",
    "a.m. or p.m.": lambda hour, minute: f"{hour % 12 or 12}.{minute:02} {'P.M.' if hour > 11 else 'A.M.'}",
    "minutes past": lambda hour, minute: f"{minute or 'noon'} past {hour}" if minute else f"{hour} o’clock",
    "minutes to": lambda hour, minute: f"{60 - minute} to {hour + 1}" if minute else f"{hour} h",
    "full width": lambda hour, minute: f"{hour}:{minute:02}".translate(FULL_WIDTH),
    "Arabic-Indic": lambda hour, minute: f"{hour}:{minute:02}".translate(ARABIC),
}


@pytest.mark.parametrize("style", TIMES)
def test_every_minute_of_the_day_comes_back_in_every_style(style: str) -> None:
    for minute in range(24 * 60):
        text = TIMES[style](*divmod(minute, 60))
        assert clock_times.understand(text) == minute, text


@pytest.mark.parametrize(
    ("text", "time"),
    [
        ("7", "07:00"),
        ("07", "07:00"),
        ("19", "19:00"),
        ("7am", "07:00"),
        ("7 pm", "19:00"),
        ("7p", "19:00"),
        ("7:30 p. m.", "19:30"),
        ("19:30 pm", "19:30"),
        ("19 h", "19:00"),
        ("1930 hrs", "19:30"),
        ("noon", "12:00"),
        ("12 noon", "12:00"),
        ("midnight", "00:00"),
        ("24:00", "00:00"),
        ("12 am", "00:00"),
        ("12:30 am", "00:30"),
        ("12 pm", "12:00"),
        ("half past seven", "07:30"),
        ("half past 7 pm", "19:30"),
        ("quarter to 8 am", "07:45"),
        ("a quarter past nine", "09:15"),
        ("twenty to nine pm", "20:40"),
        ("ten to midnight", "23:50"),
        ("quarter past noon", "12:15"),
        ("seven thirty", "07:30"),
        ("seven forty-five pm", "19:45"),
        ("at 7 o'clock", "07:00"),
        ("around 7:30", "07:30"),
        ("7 in the morning", "07:00"),
        ("7:15 in the evening", "19:15"),
        ("3 in the afternoon", "15:00"),
        ("9 at night", "21:00"),
        ("2 at night", "02:00"),
        ("12 at night", "00:00"),
        ("7:30 🌞", "07:30"),
        ("7️⃣:3️⃣0️⃣", "07:30"),
        ("7.30.", "07:30"),
    ],
)
def test_a_time_is_read_as_a_person_would(text: str, time: str) -> None:
    hour, minute = map(int, time.split(":"))
    assert clock_times.understand(text) == hour * 60 + minute


@pytest.mark.parametrize(
    "text",
    [
        *("", " ", "25:00", "24:01", "7:75", "7:5", "7:60", "-7", "13 am", "0 pm", "7 or 8", "7-8", "half seven", "no"),
        *("half to 8", "60 past 7", "7:30:15:00", "1e3", "99999", "banana", "am", "@everyone", "😀", "\ud800", "none"),
    ],
)
def test_what_is_no_time_is_answered_with_what_would_work(text: str) -> None:
    sentence = refusal(clock_times.understand, text)
    assert sentence == "A time of day works here, such as `7:30`, `19:30` or `7 pm`."


# Questions done and right

SCORES = [
    *("{0}/{1}", "{1}/{0}", "{0} / {1} 👍", "{1} of {0}", "{1} out of {0}", "{0} ({1})", "{0} ({1} correct)"),
    *(
        "{0}, {1} right",
        "{0} questions {1} right",
        "did {0}, got {1} correct",
        "{1} right, {2} wrong",
        "{0}, {2} wrong",
    ),
]


@pytest.mark.parametrize("words", SCORES)
@rules
@given(st.integers(0, 500), st.integers(0, 500))
def test_done_and_right_are_understood_in_any_order_and_the_larger_was_done(words: str, one: int, other: int) -> None:
    done, correct = max(one, other), min(one, other)
    text = words.format(done, correct, done - correct)
    for same in (text, text.translate(FULL_WIDTH), text.upper()):
        assert scores.understand(same, 20) == Score(done=done, correct=correct), same


@rules
@given(
    st.integers(0, 500), st.integers(0, 100), st.sampled_from(["{0}/{1}%", "{0} at {1} %", "{1}% of {0}", "{0} ({1}%)"])
)
def test_a_percentage_is_rounded_to_whole_questions(done: int, percent: int, words: str) -> None:
    correct = scores.understand(words.format(done, percent), 20).correct
    assert correct is not None
    assert abs(correct * 100 - done * percent) <= 50


@pytest.mark.parametrize(
    ("text", "done", "correct"),
    [
        ("20", 20, None),
        ("forty", 40, None),
        ("2 blocks", 50, None),
        ("2 blocks of 40", 80, None),
        ("20+20", 40, None),
        ("20 and 14", 34, None),
        ("none", 0, None),
        ("0/0", 0, 0),
        ("20/0", 20, 0),
        ("20/none", 20, 0),
        ("20/20", 20, 20),
        ("2 blocks/28", 50, 28),
        ("2 blocks, 28 right", 50, 28),
        ("2 blocks of 20/28", 40, 28),
        ("a couple of blocks/30", 50, 30),
        ("forty/twenty-eight", 40, 28),
        ("fourteen of twenty", 20, 14),
        ("I did 20 questions and got 14 right", 20, 14),
        ("20, got 14 of them right", 20, 14),
        ("20, none wrong", 20, 20),
        ("6 of 20 wrong", 20, 14),
        ("20/70%", 20, 14),
        ("1/50%", 1, 1),
        ("20/67.5%", 20, 14),
    ],
)
def test_a_score_is_read_as_a_person_would(text: str, done: int, correct: int | None) -> None:
    assert scores.understand(text, 25) == Score(done=done, correct=correct)


@pytest.mark.parametrize(
    "text",
    [
        *("", " ", "/", "20/", "/14", "20/-", "20/14/3", "501", "501/20", "20/501", "20/14.5", "20/-5%", "20/101%"),
        *("20, 14", "20 14", "20-14", "14 right", "2 blocks (28)", "400 right, 300 wrong", "banana", "😀", "\ud800"),
    ],
)
def test_what_is_no_score_is_answered_with_what_would_work(text: str) -> None:
    sentence = refusal(partial(scores.understand, block_size=20), text)
    assert sentence == "Any number done from 0 to 500 works here, such as `20`, or done and right, such as `20/14`."


@pytest.mark.parametrize("text", ["70%", "about 70 %", "70 percent", "70% right", "٧٠٪"])
def test_a_percentage_alone_is_asked_for_with_the_number_done(text: str) -> None:
    sentence = refusal(partial(scores.understand, block_size=20), text)
    assert sentence == "A percentage works with the number done before it, such as `20/70%`."


# Any text at all

READERS: dict[str, Callable[[str], object]] = {
    "a day": partial(dates.understand, today=A_WEDNESDAY),
    "a past day": partial(dates.understand, today=A_WEDNESDAY, past=7),
    "a span": partial(dates.span, today=A_WEDNESDAY),
    "weekdays": weekdays.understand,
    "a time": clock_times.understand,
    "a score": partial(scores.understand, block_size=20),
}
WORDS = (
    "0 1 5 12 14 20 24 26 30 31 70% 99 2026 9999 ½ ٤ th st . , : / - – ( ) ' % @ < > 😀 am p.m. h noon half quarter "
    "past to until of in a ago week days months from now today tomorrow yesterday next last Fri wendsday weekends "
    "every all but none and May Feb December right wrong blocks two twenty"
)
PIECES = st.lists(st.sampled_from(WORDS.split()), max_size=7)


@pytest.mark.parametrize("reader", READERS)
@settings(rules, max_examples=100)
@given(text=st.text(max_size=120) | PIECES.map(" ".join) | PIECES.map("".join))
def test_any_text_is_understood_within_bounds_or_answered_in_one_sentence(reader: str, text: str) -> None:
    try:
        understood = READERS[reader](text)
    except UserError as refused:
        offered(refused, READERS[reader])
        return
    match understood:
        case date():
            assert abs(understood.year - A_WEDNESDAY.year) <= dates.REACH * 2
        case (date() as first, date() as last):
            assert first <= last
        case Score(done=done, correct=correct):
            assert 0 <= (correct or 0) <= done <= 500
        case int():
            assert 0 <= understood < (128 if reader == "weekdays" else 24 * 60)
        case _:
            pytest.fail(f"{understood!r} is nothing that was asked for")


@pytest.mark.parametrize("reader", READERS)
@pytest.mark.parametrize("piece", ["1", "1 ", "-", "20/", "Mon, ", "30 May - ", "tomorrow ", "½", "ﷺ", "\u200b", "in "])
def test_a_text_far_too_long_is_refused_at_once(reader: str, piece: str) -> None:
    started = process_time()
    refusal(READERS[reader], piece * 200_000)
    assert process_time() - started < 0.5
