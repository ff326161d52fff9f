"""Which day, or which days, does somebody mean?"""

import re
from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta

from bot.domain import numbers, weekdays
from bot.domain.errors import UserError

REACH = 10
"""Years back and ahead within which a year is taken."""
MONTHS = (
    *("January", "February", "March", "April", "May", "June", "July"),
    *("August", "September", "October", "November", "December"),
)

_DAY = timedelta(days=1)
_HALF_A_YEAR = timedelta(days=183)
_LEAP_YEAR = 2000
_TO_NEXT_LEAP_DAY = 8 * 366 + 1
_MOST_DASHES = 6
_SHORT = {name[:letters].lower(): month for month, name in enumerate(MONTHS) for letters in range(3, len(name) + 1)}
_DISTANCES = (
    {"day before yesterday": -2, "yesterday": -1, "day after tomorrow": 2}
    | dict.fromkeys(("today", "tonight", "now"), 0)
    | dict.fromkeys(("tomorrow", "tmr", "tmrw"), 1)
)
_WORDS = (*weekdays.NAMES, "yesterday", "today", "tomorrow")
_SAME = (
    (re.compile(r"(?<=\d) ?(?:st|nd|rd|th)\b"), "th"),
    (re.compile(r"\b(?:on|the|of|by)\b"), " "),
    (re.compile(r"\s*([-./,'])\s*"), r"\1"),
    (re.compile(r"\s+"), " "),
)
_WORD = re.compile(r"(?<![a-z\d])[a-z]+")
_NAME = re.compile(r"(?<![a-z])[a-z]{3,}")
_WAYS = frozenset({"", "this", "next", "coming", "last", "past"})
_AMOUNT = re.compile(
    r"(?:in |after )?(?P<count>(?:(?!bl)[^-+])+?) ?(?P<unit>day|week|wk|fortnight|month|year)s?'?(?: ?time)?"
    r"(?P<ago> ago| back| earlier)?(?: from (?:now|today)| later)?"
)
_DAYS_IN = {"day": 1, "week": 7, "wk": 7, "fortnight": 14}
_ANY_DAY = r"(?P<day>0?[1-9]|[12]\d|3[01])(?:th)?"
_ANY_MONTH = r"(?P<month>0?[1-9]|1[0-2])"
_AT_END = r"(?:(?P=gap)(?P<year>\d{4}|\d\d))?"
_FORMS = tuple(
    re.compile(form)
    for form in (
        rf"{_ANY_DAY}(?P<gap>[-./, ]*)@{_ANY_MONTH}@(?P<year>[-./, ']*\d{{4}}|(?:(?P=gap)|[ ']+)\d\d)?",
        rf"@{_ANY_MONTH}@[-./, ]*{_ANY_DAY}(?P<year>[-./, ']+\d{{4}}|[, ]*'\d\d)?",
        rf"(?P<year>\d{{4}})[-./, ]*@{_ANY_MONTH}@[-./, ]*{_ANY_DAY}",
        rf"(?P<year>\d{{4}})(?P<gap>[-./ ]){_ANY_MONTH}(?P=gap){_ANY_DAY}",
        r"(?P<year>\d{4})(?P<month>0[1-9]|1[0-2])(?P<day>0[1-9]|[12]\d|3[01])",
        rf"{_ANY_DAY}(?P<gap>[-./ ]){_ANY_MONTH}{_AT_END}",
        rf"{_ANY_MONTH}(?P<gap>[-/ ]){_ANY_DAY}{_AT_END}",
        rf"{_ANY_MONTH}(?P<gap>\.)(?P<day>1[3-9]|2\d|3[01]){_AT_END}",
        r"(?P<day>0?[1-9]|[12]\d|3[01])th",
    )
)
"""A month that was named stands between two @, by its number."""
_OPENING = ((re.compile(r"^between (.+?) and "), r"\1 to "), (re.compile(r"^(?:from|starting) "), ""))
_UNTIL = re.compile(r"\b(?:up to|to|until|untill|till?|through|thru)\b|->| -+ ")
_BARE = re.compile(r"(?P<day>[1-9]\d?)(?:st|nd|rd|th)?(?:[, ]+(?P<year>\d{4}))?")


class _Unclear(Exception):
    """The words name no day, or one that can't be; the text says why, if there is more to say."""


class _Backwards(Exception):
    """The last day is before the first, unless nearly a year was meant."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Said:
    """The parts of a date that were named; the nearest day that fits is meant."""

    year: int | None = None
    month: int | None = None
    day: int | None = None
    weekday: int | None = None
    way: str = ""
    """One of _WAYS, before a weekday."""

    def fits(self, day: date) -> bool:
        """Whether the day has what was named; beside a date the weekday doesn't count."""
        if self.day is None:
            return day.weekday() == self.weekday
        return day.day == self.day and self.month in {None, day.month}


def understand(text: str, today: date, past: int = 0) -> date:
    """The day somebody means by "tomorrow", "30 May", "30.5.", "5/30/2026", "next Friday" or "in 2 weeks".

    Without a year it is the nearest from today on, a weekday the nearest after today; but with `past`, one of today
    and that many days before it is meant first. Bounds are the caller's. Raises UserError with a sentence that says
    what works, also for a date such as 3/4 that could be two.
    """
    try:
        said = _said(weekdays.plain(text), today)
        if said is None:
            raise _Unclear
        return _complete(said, today, past)
    except _Unclear as unclear:
        raise UserError(_sentence(str(unclear), _examples(today, past))) from None


def span(text: str, today: date, past: int = 0) -> tuple[date, date]:
    """The first and the last day of "24-26 Dec", "24 Dec - 2 Jan", "tomorrow until Friday" or of a single date.

    What the end leaves out is completed from the start. A start given by its date may lie `past` days back, a weekday
    is always ahead. Raises UserError when the end comes before the start, and as `understand` does.
    """
    start = today + 14 * _DAY
    example = f"`{written(start)} to {written(start + 2 * _DAY)}`"
    try:
        first, last = _ends(weekdays.plain(text), today, past)
        if last < first:
            raise _Backwards
    except _Unclear as unclear:
        raise UserError(_sentence(str(unclear), f"{example} or `tomorrow`")) from None
    except _Backwards:
        raise UserError(f"The last day can't come before the first: something like {example} works.") from None
    return first, last


def written(day: date) -> str:
    """A date without its year, as it is understood again: 30 May."""
    return f"{day.day} {MONTHS[day.month - 1]}"


def _sentence(why: str, examples: str) -> str:
    return f"{why}, but a date such as {examples} works." if why else f"A date such as {examples} works here."


def _examples(today: date, past: int) -> str:
    if not past:
        return f"`{written(today + 14 * _DAY)}`, `Friday` or `in 2 weeks`"
    day = today - min(past, 2) * _DAY
    return f"`yesterday`, `{weekdays.NAMES[day.weekday()]}` or `{written(day)}`"


def _said(text: str, today: date) -> _Said | None:
    """What a plain text names, None if that is no day; a day counted from today is named in full."""
    for pattern, same in _SAME:
        text = pattern.sub(same, text)
    text = text.strip(" .,;!?()")
    day = _near(text, today)
    if day is not None:
        return _Said(year=_within_reach(day.year, today), month=day.month, day=day.day)
    for word in _WORD.finditer(text):
        weekday = weekdays.index(word[0])
        if weekday is not None:
            rest = (text[: word.start()] + text[word.end() :]).strip(" .,()")
            if rest in _WAYS:
                return _Said(weekday=weekday, way=rest)
            dated = _dated(rest, today)
            return dated and replace(dated, weekday=weekday)
    return _dated(text, today)


def _near(text: str, today: date) -> date | None:
    """A day named by its distance from today."""
    misspelt = weekdays.nearest(text, _WORDS)  # saterday is nearer to Saturday than to yesterday
    distance = _DISTANCES.get(text if misspelt is None else _WORDS[misspelt])
    if distance is not None:
        return today + distance * _DAY
    amount = _AMOUNT.fullmatch(text)
    if amount is None:
        return None
    try:
        count = 1 if amount["count"] in {"a", "an"} else numbers.count(amount["count"])
    except UserError:
        return None
    count, unit = -count if amount["ago"] else count, amount["unit"]
    if unit in _DAYS_IN:
        return today + count * _DAYS_IN[unit] * _DAY
    years, month = divmod(today.month - 1 + count * (12 if unit == "year" else 1), 12)
    year = _within_reach(today.year + years, today)
    return date(year, month + 1, min(today.day, monthrange(year, month + 1)[1]))


def _dated(text: str, today: date) -> _Said | None:
    """What is named by numbers and a month; whether there is such a day is left to `_complete`."""
    text = _NAME.sub(_numbered, text)
    read = {_read(match, today) for form in _FORMS if (match := form.fullmatch(text))}
    if len(read) > 1:
        either = " or ".join(sorted(f"`{said.day} {MONTHS[(said.month or 1) - 1]}`" for said in read))
        raise UserError(f"That could be two different days: please write it like {either}.")
    return read.pop() if read else None


def _numbered(name: re.Match[str]) -> str:
    place = _SHORT.get(name[0], weekdays.nearest(name[0], MONTHS))
    return name[0] if place is None else f"@{place + 1}@"


def _read(match: re.Match[str], today: date) -> _Said:
    parts = {part: int(said.strip("-./, '")) for part, said in match.groupdict().items() if said and part != "gap"}
    year = parts.get("year")
    if year is not None:
        nearest_century = round((today.year - year) / 100) * 100 if year < 100 else 0
        year = _within_reach(nearest_century + year, today)
    return _Said(year=year, month=parts.get("month"), day=parts["day"])


def _within_reach(year: int, today: date) -> int:
    if abs(year - today.year) > REACH:
        raise _Unclear(f"The year {year} is too far away")
    return year


def _complete(said: _Said, today: date, past: int) -> date:
    """The nearest day with all that was named; raises _Unclear when there is none or its weekday is another."""
    if said.month and said.day and said.day > monthrange(said.year or _LEAP_YEAR, said.month)[1]:
        raise _Unclear(f"There is no {said.day} {MONTHS[said.month - 1]} {said.year or ''}".rstrip())
    if said.year and said.month and said.day:
        day = date(said.year, said.month, said.day)
    else:
        day = next(day for day in _around(said, today, past) if said.fits(day))
    if said.weekday not in {None, day.weekday()}:
        raise _Unclear(f"{written(day)} {day.year} is a {weekdays.NAMES[day.weekday()]}")
    return day


def _around(said: _Said, today: date, past: int) -> Iterator[date]:
    """The days that can be meant, likeliest first."""
    back = range(0, -past - 1, -1) if past and said.way in {"", "this"} else range(0)
    ahead = range(0 if said.day or said.way == "this" else 1, _TO_NEXT_LEAP_DAY)
    if said.way in {"last", "past"}:
        back, ahead = range(-1, -8, -1), range(0)
    return (today + distance * _DAY for distance in (*back, *ahead))


def _ends(text: str, today: date, past: int) -> tuple[date, date]:
    for pattern, same in _OPENING:
        text = pattern.sub(same, text)
    if said := _said(text, today):
        day = _complete(said, today, past if said.day else 0)
        return day, day
    for first, last in _halves(text):
        start, end = _both(first, last, today)
        if start and end:
            return _between(start, end, today, past)
    raise _Unclear


def _halves(text: str) -> Iterator[tuple[str, str]]:
    """What stands on both sides of the word between two dates, or of each dash."""
    words = _UNTIL.split(text)
    if len(words) == 2:
        yield words[0], words[1]
    dashes = [place for place, char in enumerate(text) if char == "-"]
    for dash in dashes if len(dashes) <= _MOST_DASHES else ():
        yield text[:dash], text[dash + 1 :]


def _both(first: str, last: str, today: date) -> tuple[_Said | None, _Said | None]:
    """What each side names; a side with only the day takes the month of the other: 24-26 Dec, Dec 24-26."""
    start, end = _said(first, today), _said(last, today)
    if start and start.month and not end and (bare := _BARE.fullmatch(last.strip(" ."))):
        year = _within_reach(int(bare["year"]), today) if bare["year"] else start.year
        end = replace(start, day=int(bare["day"]), year=year, weekday=None)
    elif end and end.month and not start and (bare := _BARE.fullmatch(first.strip(" ."))):
        start = replace(end, day=int(bare["day"]), weekday=None)
    elif end and end.month and start and start.day and not start.month:
        start = replace(end, day=start.day, weekday=start.weekday)
    return start, end


def _between(start: _Said, end: _Said, today: date, past: int) -> tuple[date, date]:
    said_in_full = start.year and end.year
    if end.year and end.month and end.day and start.month and start.day and not start.year:
        start = replace(start, year=end.year - ((start.month, start.day) > (end.month, end.day)))
    first = _complete(start, today, past if start.day else 0)
    last = _complete(end, today if end.way in {"last", "past"} else first, 0)
    if not said_in_full and last.year > first.year and last - first > _HALF_A_YEAR:
        raise _Backwards
    return first, last
