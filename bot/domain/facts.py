"""What is true of somebody's own study day? Every line that is said has to cite one of these."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from bot.domain import goals, ledgers
from bot.domain.blocks import Work
from bot.domain.check_ins import Choice, Outcome
from bot.domain.days import DAY, week_start
from bot.domain.goals import Goal
from bot.domain.ledgers import FOUR_WEEKS, DayKind, Ledger
from bot.domain.phases import GENTLE, Phase

LOW_MOODS = (1, 2)
GAP_DAYS = 3
"""Silent planned days before a return is spoken of."""
LOOKS_BACK = timedelta(days=35)
"""How far back a return is looked for; a ledger holds as much."""
LATELY = timedelta(days=3)
"""How long a smaller goal is news."""
A_WEEK = timedelta(days=7)
LIGHT_DAYS = timedelta(days=5)
"""Before the exam: our advice is to do less then."""
LAST_STRETCH = timedelta(days=14)
MANY_QUESTIONS = 100


class FactKind(StrEnum):
    """What can be true of a study day, the most particular first: that is what is spoken of first."""

    PRACTICE_SAT = "practice_sat"
    FIRST_DAY = "first_day"
    AFTER_PAUSE = "after_pause"
    BACK_AFTER_GAP = "back_after_gap"
    AFTER_RESERVE = "after_reserve"
    AFTER_ROUGH_DAY = "after_rough_day"
    GOAL_LOWERED = "goal_lowered"
    DATE_MOVED = "date_moved"
    NOT_TODAY_SAID = "not_today_said"
    SOME_DONE = "some_done"
    FLOOR_CHOSEN = "floor_chosen"
    REST_TAKEN = "rest_taken"
    ON_NIGHTS = "on_nights"
    LIGHTER_DAY = "lighter_day"
    WORKED_THROUGH = "worked_through"
    NOTEBOOK = "notebook"
    UNSEEN = "unseen"
    PAGES = "pages"
    VIDEOS = "videos"
    FLASHCARDS = "flashcards"
    FLOOR_THREE_DAYS = "floor_three_days"
    USUAL_REACHED = "usual_reached"
    FLOOR_REACHED = "floor_reached"
    KEPT_THIS_WEEK = "kept_this_week"
    QUESTIONS_THIS_WEEK = "questions_this_week"
    KEPT_SO_FAR = "kept_so_far"
    """As KEPT_FOUR_WEEKS, for somebody who has been here for less than four weeks."""
    KEPT_FOUR_WEEKS = "kept_four_weeks"
    QUESTIONS_FOUR_WEEKS = "questions_four_weeks"
    LAST_STRETCH = "last_stretch"
    GENTLE_LOOKED = "gentle_looked"
    GENTLE_QUIET = "gentle_quiet"
    GENTLE_FIRST_WEEK = "gentle_first_week"
    GENTLE_LATER = "gentle_later"


Facts = Mapping[FactKind, int]
"""What is true, each with its number; 0 where it has none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """One thing that is true of the member's own days, with its number."""

    kind: FactKind
    number: int


def of_day(ledger: Ledger, day: date) -> Facts:
    """All that is true of a study day after something was logged or an evening was answered.

    Nothing beside a low mood or on a rough day: it would read as praise for going on regardless. Nothing on days
    of rest, pause, exam or waiting either, on which nothing is asked. After *Not today* with work behind it
    nothing is said: the member's own word stands.
    """
    said = ledger.on(day)
    if said.is_silent or said.mood in LOW_MOODS or said.outcome is Outcome.ROUGH:
        return {}
    if ledgers.kind(ledger, day) not in (DayKind.PLANNED, DayKind.OUTAGE):
        return {}
    if said.outcome is Outcome.NOT_TODAY:
        return {} if any(said.work.values()) else {FactKind.NOT_TODAY_SAID: 0, **dict(_counts(ledger, day))}
    if not _worked(ledger, day):
        return {}
    return {kind: number for part in _PARTS for kind, number in part(ledger, day)}


def of_gentle_evening(ledger: Ledger, day: date, last_sign: date) -> Facts:
    """What is true of an evening on which nothing is asked; `last_sign` is the study day of the last sign of life."""
    phase, since = ledgers.phase(ledger, day)
    passed = (day - since).days
    if phase not in GENTLE or passed < 1:
        return {}
    found = {FactKind.GENTLE_LOOKED if last_sign >= day - DAY else FactKind.GENTLE_QUIET: 0}
    if passed > A_WEEK.days:
        found[FactKind.GENTLE_LATER] = 0
    elif phase is Phase.JUST_FOUND_OUT:  # somebody who is not ready may have been here for months
        found[FactKind.GENTLE_FIRST_WEEK] = 0
    return found


def stage(ledger: Ledger, day: date) -> Phase:
    """The phase of a study day, with the last two weeks before the exam as the last stretch."""
    there, _ = ledgers.phase(ledger, day)
    return Phase.LAST_STRETCH if _before_exam(ledger, day, LAST_STRETCH) and there not in GENTLE else there


def kept(ledger: Ledger, until: date) -> Fact | None:
    """The count of kept days, from two on; "so far" as long as four weeks have not gone by."""
    return _kept(ledger, until, ledgers.kept_days(ledger, until))


def _kept(ledger: Ledger, until: date, number: int) -> Fact | None:
    if number < 2:
        return None
    recent = until - ledger.started_day < FOUR_WEEKS
    return Fact(kind=FactKind.KEPT_SO_FAR if recent else FactKind.KEPT_FOUR_WEEKS, number=number)


Found = Iterator[tuple[FactKind, int]]


def _counts(ledger: Ledger, day: date) -> Found:
    """What has come together up to this day."""
    monday = week_start(day)
    kept_days = ledgers.kept_since(ledger, day - FOUR_WEEKS + DAY, day)
    kept_week = sum(one >= monday for one in kept_days)
    if kept_week >= 2:
        yield FactKind.KEPT_THIS_WEEK, kept_week
    today, week = ledger.on(day).questions, ledgers.questions_this_week(ledger, day)
    if week > today:
        yield FactKind.QUESTIONS_THIS_WEEK, week
    if (count := _kept(ledger, day, len(kept_days))) is not None and count.number > kept_week:
        yield count.kind, count.number
    month = sum(said.questions for one, said in ledger.records.items() if day - FOUR_WEEKS < one <= day)
    if month >= MANY_QUESTIONS and month > week:
        yield FactKind.QUESTIONS_FOUR_WEEKS, month


def _beginnings(ledger: Ledger, day: date) -> Found:
    """A first day, and a day after days without anything; never two of them."""
    before = day - DAY
    if len(ledger.records) == 1 and day - ledger.started_day < FOUR_WEEKS:  # an older day may not be at hand
        yield FactKind.FIRST_DAY, 0
    elif _follows_pause(ledger, day):
        yield FactKind.AFTER_PAUSE, 0
    elif ledgers.follows_rest(ledger, day):
        yield FactKind.AFTER_ROUGH_DAY, 0
    elif (gap := _gap(ledger, day)) is not None:
        yield FactKind.BACK_AFTER_GAP, gap
    elif before in ledgers.reserve_days(ledger, before, over=before) and week_start(before) == week_start(day):
        yield FactKind.AFTER_RESERVE, 0
    elif ledgers.kind(ledger, before) is DayKind.REST and not _worked(ledger, before):
        yield FactKind.REST_TAKEN, 0


def _choices(ledger: Ledger, day: date) -> Found:
    """What the member decided lately, and where they are."""
    goal, before = _goal(ledger, day), _goal_as_of(ledger, day, day - LATELY)
    if goal is not None and before is not None and goal.usual < before.usual:
        yield FactKind.GOAL_LOWERED, 0
    exam, once = ledgers.exam_date(ledger, day), ledgers.exam_date(ledger, day - A_WEEK)
    if exam is not None and once is not None and exam > once:
        yield FactKind.DATE_MOVED, 0
    if ledger.timetable.nights_on(day) is not None:
        yield FactKind.ON_NIGHTS, 0
    if _before_exam(ledger, day, LAST_STRETCH):
        yield FactKind.LAST_STRETCH, 0


def _work(ledger: Ledger, day: date) -> Found:
    """What was done, and how."""
    said = ledger.on(day)
    numbers = {
        FactKind.PRACTICE_SAT: said.work.get(Work.PRACTICE, 0),
        FactKind.WORKED_THROUGH: said.worked_through,
        FactKind.UNSEEN: said.unseen,
        FactKind.PAGES: said.work.get(Work.PAGES, 0),
        FactKind.VIDEOS: said.work.get(Work.VIDEOS, 0),
        FactKind.FLASHCARDS: said.work.get(Work.FLASHCARDS, 0),
    }
    yield from ((kind, number) for kind, number in numbers.items() if number)
    if said.notebook:
        yield FactKind.NOTEBOOK, 0


def _against_goal(ledger: Ledger, day: date) -> Found:
    """What the day's questions are beside its goal; a stretch is never spoken of."""
    goal, done = _goal(ledger, day), ledger.on(day).questions
    if goal is None or not done:
        return
    if done < goal.floor:
        yield FactKind.SOME_DONE, done
    elif done >= goal.usual:
        yield FactKind.USUAL_REACHED, done
    else:
        yield FactKind.FLOOR_REACHED, done
        if ledger.on(day).choice is Choice.FLOOR:
            yield FactKind.FLOOR_CHOSEN, done
    if _before_exam(ledger, day, LIGHT_DAYS) and done < goal.usual:
        yield FactKind.LIGHTER_DAY, 0
    if _floor_three_days(ledger, day):
        yield FactKind.FLOOR_THREE_DAYS, 0


_PARTS = (_beginnings, _choices, _work, _against_goal, _counts)


def _worked(ledger: Ledger, day: date) -> bool:
    said = ledger.on(day)
    return any(said.work.values()) or said.outcome in (Outcome.KEPT, Outcome.SOME)


def _follows_pause(ledger: Ledger, day: date) -> bool:
    """Whether nothing was done between the end of a pause and this day, a week at most."""
    before = day - DAY
    while before >= day - A_WEEK and not _worked(ledger, before):
        if ledgers.kind(ledger, before) is DayKind.PAUSE:
            return True
        before -= DAY
    return False


def _gap(ledger: Ledger, day: date) -> int | None:
    """Days since anything was said or logged, from three silent planned ones on; None also past what is at hand."""
    before, silent = day - DAY, 0
    while ledger.on(before).is_silent:
        silent += ledgers.is_silent(ledger, before)
        before -= DAY
        if before < max(ledger.started_day, day - LOOKS_BACK):
            return None
    return (day - before).days - 1 if silent >= GAP_DAYS else None


def _floor_three_days(ledger: Ledger, day: date) -> bool:
    """Whether the floor was reached on each of the last three planned days; rest lies between them unharmed."""
    found, one = 0, day
    while one > day - 2 * A_WEEK and found < 3:
        if ledgers.kind(ledger, one) is DayKind.PLANNED:
            goal = _goal(ledger, one)
            if goal is None or ledger.on(one).questions < goal.floor:
                return False
            found += 1
        one -= DAY
    return found == 3


def _goal(ledger: Ledger, day: date) -> Goal | None:
    return goals.on(ledger.goals, Work.QUESTIONS, day)


def _goal_as_of(ledger: Ledger, day: date, as_of: date) -> Goal | None:
    """What the goal of `day` would be without what was chosen after `as_of`."""
    return goals.on([chosen for chosen in ledger.goals if chosen.from_day <= as_of], Work.QUESTIONS, day)


def _before_exam(ledger: Ledger, day: date, within: timedelta) -> bool:
    exam = ledgers.exam_date(ledger, day)
    return exam is not None and timedelta() < exam - day <= within
