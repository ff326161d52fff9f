"""What does the member of `comeback try` do with their days?"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time

from bot.domain.blocks import Typed, Work
from bot.domain.check_ins import Choice, Outcome
from bot.domain.dates import written
from bot.domain.days import DAY
from bot.services import Services
from bot.services.actors import Actor
from bot.services.check_ins import Words
from bot.ui import blocks, goals, rests
from bot.ui.pages import Page


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """What an act of a story can use: who acts, when, and on which day of theirs."""

    services: Services
    actor: Actor
    now: datetime
    day: date

    @property
    def operation(self) -> str:
        return f"try:{self.actor.interaction_id}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """Something the member does by themselves at a local time; `does` says it in words."""

    at: time
    does: Callable[[date], str]
    run: Callable[[Moment], Awaitable[Page]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """What the member does with one day; None is silence."""

    morning: Choice | Outcome | None = None
    evening: Outcome | None = None
    words: Words | None = None
    late: Outcome | None = None
    """An evening answered only the next morning."""
    acts: tuple[Act, ...] = ()
    restarts: bool = False
    """Taps *Start from today*, should a message offer it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """Days in a row, of which the last one goes on; a week begins again."""

    days: Sequence[Day]
    shown: int
    """Days that are shown unless somebody says otherwise."""
    again: bool = False

    def day(self, number: int) -> Day:
        """The day of that number, from 0."""
        return self.days[number % len(self.days) if self.again else min(number, len(self.days) - 1)]


def goal(at: time, floor: str, usual: str) -> Act:
    async def run(moment: Moment) -> Page:
        typed = (floor, usual)
        act = moment.services.goals.set(moment.actor, Work.QUESTIONS, typed, "", moment.now, operation=moment.operation)
        return goals.changed(await act)

    return Act(at=at, does=lambda _day: f"types /goal set floor:{floor} usual:{usual}", run=run)


def log(at: time, amount: str, minutes: str = "") -> Act:
    async def run(moment: Moment) -> Page:
        typed = Typed(amount=amount, minutes=minutes)
        done = await moment.services.blocks.log(moment.actor, typed, moment.now, operation=moment.operation)
        return blocks.logged(done)

    option = f" minutes:{minutes}" if minutes else ""
    return Act(at=at, does=lambda _day: f"types /log questions:{amount}{option}", run=run)


def rest_today(at: time) -> Act:
    async def run(moment: Moment) -> Page:
        return rests.rested(await moment.services.rests.take(moment.actor, moment.day, moment.now))

    return Act(at=at, does=lambda _day: "types /rest today", run=run)


def rest_days(at: time, weekdays: str) -> Act:
    async def run(moment: Moment) -> Page:
        done = moment.services.rests.plan(moment.actor, weekdays, "", moment.now, operation=moment.operation)
        return rests.planned(await done)

    return Act(at=at, does=lambda _day: f"types /rest days weekdays:{weekdays}", run=run)


def pause(at: time, days: int) -> Act:
    async def run(moment: Moment) -> Page:
        until = written(moment.day + days * DAY)
        done = moment.services.rests.pause(moment.actor, until, "", moment.now, operation=moment.operation)
        return rests.paused(await done)

    return Act(at=at, does=lambda day: f"types /rest pause until:{written(day + days * DAY)}", run=run)


def nights(at: time, days: int, wake: str, sleep: str) -> Act:
    async def run(moment: Moment) -> Page:
        until = written(moment.day + days * DAY)
        done = moment.services.rests.nights(moment.actor, until, wake, sleep, moment.now, operation=moment.operation)
        return rests.on_nights(await done)

    def does(day: date) -> str:
        return f"types /rest nights until:{written(day + days * DAY)} wake:{wake} sleep:{sleep}"

    return Act(at=at, does=does, run=run)


USUAL = Day(morning=Choice.USUAL, evening=Outcome.KEPT, acts=(log(time(11, 20), "20/13"),))
FLOOR = Day(morning=Choice.FLOOR, evening=Outcome.KEPT, acts=(log(time(18, 5), "10"),))
SILENT = Day()

STORIES: Mapping[str, Story] = {
    "week": Story(
        shown=7,
        again=True,
        days=(
            Day(evening=Outcome.SOME, acts=(goal(time(17, 52), "10", "20"),)),
            Day(
                morning=Choice.USUAL,
                evening=Outcome.KEPT,
                words=Words(questions="2 blocks", mood=3),
                acts=(log(time(10, 15), "20/14", "50"),),
            ),
            Day(
                morning=Choice.FLOOR,
                evening=Outcome.SOME,
                words=Words(questions="15", mood=2, line="Tired. A small set, slowly."),
            ),
            Day(morning=Outcome.ROUGH),
            Day(morning=Choice.FLOOR, evening=Outcome.KEPT, words=Words(questions="twenty")),
            Day(late=Outcome.NOT_TODAY),
            Day(morning=Choice.USUAL, evening=Outcome.KEPT, words=Words(questions="40", mood=4)),
        ),
    ),
    "rest": Story(
        shown=11,
        days=(
            Day(evening=Outcome.SOME, acts=(goal(time(17, 52), "10", "20"), rest_days(time(17, 55), "Sunday"))),
            USUAL,
            Day(morning=Choice.USUAL, acts=(rest_today(time(21, 40)),)),
            FLOOR,
            Day(acts=(pause(time(9, 30), 3),)),
            *(SILENT,) * 3,
            FLOOR,
            USUAL,
            USUAL,
        ),
    ),
    "nights": Story(
        shown=8,
        days=(
            Day(evening=Outcome.SOME, acts=(goal(time(17, 52), "10", "20"),)),
            Day(morning=Choice.USUAL, evening=Outcome.KEPT, acts=(nights(time(12, 10), 3, "16:00", "08:30"),)),
            Day(morning=Choice.FLOOR, evening=Outcome.KEPT, acts=(log(time(18, 0), "10"),)),
            Day(morning=Choice.FLOOR, evening=Outcome.NOT_TODAY),
            Day(morning=Choice.FLOOR, evening=Outcome.KEPT, acts=(log(time(17, 30), "12"),)),
            USUAL,
        ),
    ),
    "silence": Story(
        shown=21,
        days=(
            Day(evening=Outcome.SOME, acts=(goal(time(17, 52), "10", "20"),)),
            USUAL,
            *(SILENT,) * 16,
            Day(restarts=True, morning=Choice.FLOOR, evening=Outcome.KEPT),
            *(Day(restarts=True, morning=Choice.FLOOR, evening=Outcome.KEPT),) * 3,
        ),
    ),
}
"""`week`: good days, a small one, a rough one, a silent one answered late. The others are what their names say."""
