"""Rest, a pause and nights: kept once, for their member alone, and never at the cost of a day that was kept."""

import asyncio
import contextlib
import shutil
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.app import build_services
from bot.domain import days, ledgers
from bot.domain.blocks import Typed
from bot.domain.check_ins import Choice, Outcome
from bot.domain.days import DAY, Kind, Timetable
from bot.domain.errors import UserError
from bot.domain.ledgers import FOREVER, DayKind, Ledger
from bot.domain.phases import Phase
from bot.domain.rests import Near
from bot.services import Services
from bot.services.actors import Actor, NotJoined
from bot.services.check_ins import Closed
from bot.services.pages import page_of
from bot.services.records import Records
from bot.services.rests import NightsOver, OnNights, Paused, Rested, Rests, RestService, TakenBack
from bot.storage import rhythms
from bot.storage.ledgers import Page
from tests.conftest import People, VirtualClock

SUNDAY, MONDAY, TUESDAY = date(2026, 3, 1), date(2026, 3, 2), date(2026, 3, 3)
WEDNESDAY, THURSDAY, FRIDAY = date(2026, 3, 4), date(2026, 3, 5), date(2026, 3, 6)
ANA, BEN = 101, 102
CHICAGO = "America/Chicago"

Stored = list[tuple[str, date, date]]


@dataclass
class Bed:
    """Members who joined on a Monday, and a look into what is stored about them."""

    services: Services
    people: People
    clock: VirtualClock

    @property
    def rests(self) -> RestService:
        return self.services.rests

    async def join(self, *members: int, phase: Phase = Phase.REBUILDING) -> None:
        for member in members:
            names = await self.services.joining.cohort_names(5)
            if not names:
                await self.services.cohorts.create(self.people.actor(9), 5, "Group", 6, True, self.clock())
            cohort = await self.services.joining.cohort_to_join(5, "")
            await self.services.joining.enrol(self.people.actor(member), 5, cohort.id, phase, CHICAGO, "", self.clock())

    def actor(self, member: int = ANA) -> Actor:
        return self.people.actor(member)

    async def take(self, day: date | Near = Near.TODAY, member: int = ANA) -> Rested:
        return await self.services.rests.take(self.actor(member), day, self.clock())

    async def plan(self, weekdays: str = "", dates: str = "", actor: Actor | None = None) -> Rests:
        who = actor or self.actor()
        return await self.services.rests.plan(
            who, weekdays, dates, self.clock(), operation=f"days:{who.interaction_id}"
        )

    async def pause(self, until: str = "", since: str = "", actor: Actor | None = None) -> Paused:
        who = actor or self.actor()
        return await self.services.rests.pause(who, until, since, self.clock(), operation=f"pause:{who.interaction_id}")

    async def nights(
        self, until: str = "9 March", wake: str = "16:00", sleep: str = "8:30", actor: Actor | None = None
    ) -> OnNights:
        who = actor or self.actor()
        return await self.services.rests.nights(
            who, until, wake, sleep, self.clock(), operation=f"nights:{who.interaction_id}"
        )

    async def end_nights(self) -> NightsOver:
        return await self.services.rests.end_nights(self.actor(), self.clock())

    async def take_back(self, span_id: int | None, member: int = ANA) -> TakenBack:
        return await self.services.rests.take_back(self.actor(member), span_id or 0, self.clock())

    async def resume(self) -> bool:
        return (await self.services.rests.resume(self.actor(), self.clock())).ended

    async def log(self, amount: int, day: str = "") -> None:
        who = self.actor()
        await self.services.blocks.log(
            who, Typed(amount=str(amount), day=day), self.clock(), operation=f"log:{who.interaction_id}"
        )

    async def page(self, member: int = ANA) -> Page:
        async with self.services.records.reading() as tx:
            return await page_of(tx, self.actor(member), self.clock(), date(2026, 1, 1))

    async def kinds(self, first: date, count: int) -> list[DayKind]:
        ledger = (await self.page()).ledger
        return [ledgers.kind(ledger, first + number * DAY) for number in range(count)]

    async def spans(self, kind: str = "") -> Stored:
        """Kind, first and last day of everything stored, in order of its days."""
        async with self.services.records.reading() as tx:
            rows = await tx.rows("SELECT kind, from_day, to_day FROM spans ORDER BY from_day, to_day, id")
        found = [(row["kind"], date.fromisoformat(row["from_day"]), date.fromisoformat(row["to_day"])) for row in rows]
        return [row for row in found if row[0] == kind or not kind]

    async def said(self) -> list[str]:
        """Everything that was answered or logged."""
        async with self.services.records.reading() as tx:
            answers = "SELECT json_array(study_day, choice, outcome, mood, version) FROM check_ins"
            return await tx.all(str, f"{answers} UNION ALL SELECT json_array(id, amount, voided_at) FROM entries")

    async def masks(self) -> list[tuple[str, int]]:
        async with self.services.records.reading() as tx:
            return [tuple(row) for row in await tx.rows("SELECT from_day, mask FROM rest_weekdays ORDER BY from_day")]


@pytest.fixture
async def bed(services: Services, people: People, clock: VirtualClock) -> Bed:
    """Ana and Ben, who have been here since Monday; it is Wednesday noon."""
    bed = Bed(services, people, clock)
    await bed.join(ANA, BEN)
    clock.set("2026-03-04 12:00")
    return bed


# Rest that is taken


async def test_rest_is_that_day_and_nobody_elses(bed: Bed) -> None:
    done = await bed.take()
    assert (done.day, done.before, done.kept) == (WEDNESDAY, DayKind.PLANNED, False)
    assert done.today.day_kind is DayKind.REST
    assert await bed.spans() == [("rest", WEDNESDAY, WEDNESDAY)]
    assert ledgers.kind((await bed.page(BEN)).ledger, WEDNESDAY) is DayKind.PLANNED


@pytest.mark.parametrize("said", [*Outcome][1:4])
async def test_rest_changes_no_answer_and_no_entry_and_a_kept_day_stays_kept(bed: Bed, said: Outcome) -> None:
    bed.clock.set("2026-03-04 21:10")
    await bed.log(40)
    await bed.services.check_ins.answer(bed.actor(), WEDNESDAY, said, bed.clock())
    before = await bed.said()
    done = await bed.take()
    assert done.kept
    assert await bed.said() == before
    assert await bed.kinds(WEDNESDAY, 1) == [DayKind.REST]


async def test_rest_can_be_taken_for_yesterday_until_tonight(bed: Bed) -> None:
    bed.clock.set("2026-03-04 20:59")
    assert (await bed.take(Near.YESTERDAY)).day == TUESDAY
    assert await bed.spans() == [("rest", TUESDAY, TUESDAY)]
    bed.clock.set("2026-03-05 21:00")
    with pytest.raises(Closed):
        await bed.take(Near.YESTERDAY)
    with pytest.raises(Closed):
        await bed.take(FRIDAY)
    assert await bed.spans() == [("rest", TUESDAY, TUESDAY)]


async def test_no_day_before_joining_can_be_rest(bed: Bed) -> None:
    bed.clock.set("2026-03-02 13:00")
    with pytest.raises(UserError, match="before you joined"):
        await bed.take(Near.YESTERDAY)
    assert await bed.spans() == []


@pytest.mark.parametrize("by", ["weekday", "date", "rough day", "taken"])
async def test_a_day_that_is_rest_already_stays_as_it_is(bed: Bed, by: str) -> None:
    match by:
        case "weekday":
            await bed.plan("Wednesday")
        case "date":
            await bed.plan(dates="today to Friday")
        case "rough day":
            await bed.services.check_ins.answer(bed.actor(), WEDNESDAY, Outcome.ROUGH, bed.clock())
        case _:
            await bed.take()
    before = (await bed.spans(), await bed.masks(), await bed.said())
    done = await bed.take()
    assert done.before is DayKind.REST
    assert (done.span_id is not None) == (by == "taken")
    assert (await bed.spans(), await bed.masks(), await bed.said()) == before


@pytest.mark.parametrize("why", ["gentle", "pause", "waiting", "exam"])
async def test_a_day_on_which_nothing_is_asked_anyway_stays_as_it_is(bed: Bed, why: str) -> None:
    async with bed.services.records.writing() as tx:
        if why == "pause":
            await tx.execute("INSERT INTO spans (member_id, kind, from_day) VALUES (1, 'pause', '2026-03-03')")
        elif why == "exam":
            await tx.execute("INSERT INTO exam_dates VALUES (1, '2026-03-02', '2026-03-04')")
        else:
            phase = Phase.NOT_READY if why == "gentle" else Phase.WAITING
            await tx.execute("INSERT INTO phases VALUES (1, '2026-03-03', :phase)", phase=phase)
    before = await bed.spans()
    done = await bed.take()
    assert done.before not in {DayKind.PLANNED, DayKind.REST}
    assert done.span_id is None
    assert await bed.spans() == before


async def test_rest_that_arrives_again_does_not_undo_what_came_after(bed: Bed) -> None:
    actor = bed.actor()
    done = await bed.rests.take(actor, Near.TODAY, bed.clock())
    await bed.take_back(done.span_id)
    await bed.rests.take(actor, Near.TODAY, bed.clock())
    assert await bed.spans() == []


async def test_two_devices_take_one_rest(bed: Bed) -> None:
    first, second = await asyncio.gather(bed.take(), bed.take())
    assert {first.before, second.before} == {DayKind.PLANNED, DayKind.REST}
    assert first.span_id == second.span_id
    assert len(await bed.spans()) == 1


# Taking back


async def test_rest_is_taken_back_once_and_by_its_member_only(bed: Bed) -> None:
    span_id = (await bed.take()).span_id
    theirs = await bed.take_back(span_id, BEN)
    never = await bed.take_back(999_999)
    assert theirs.span is None
    assert never.span is None
    assert len(await bed.spans()) == 1
    done = await bed.take_back(span_id)
    assert done.span is not None
    assert (done.span.from_day, done.span.to_day) == (WEDNESDAY, WEDNESDAY)
    assert done.rests.today.day_kind is DayKind.PLANNED
    assert (await bed.take_back(span_id)).span is None
    assert await bed.spans() == []


async def test_rest_of_days_that_are_closed_stays(bed: Bed) -> None:
    bed.clock.set("2026-03-02 12:30")
    [span] = (await bed.plan(dates="today to Sunday")).coming
    bed.clock.set("2026-03-04 22:00")
    done = await bed.take_back(span.id)
    assert done.span is not None
    assert (done.span.from_day, done.span.to_day) == (WEDNESDAY, date(2026, 3, 8))
    assert await bed.spans() == [("rest", MONDAY, TUESDAY)]
    assert (await bed.take_back(span.id)).span is None
    assert await bed.spans() == [("rest", MONDAY, TUESDAY)]


async def test_neither_a_pause_nor_nights_are_taken_back_as_rest(bed: Bed) -> None:
    await bed.pause()
    await bed.nights()
    before = await bed.spans()
    for span_id in range(1, 6):
        assert (await bed.take_back(span_id)).span is None
    assert await bed.spans() == before


# Rest that is planned


async def test_weekdays_hold_from_today_on_and_no_day_before_changes(bed: Bed) -> None:
    assert (await bed.plan("every day")).today.day_kind is DayKind.REST
    assert await bed.kinds(MONDAY, 3) == [DayKind.PLANNED, DayKind.PLANNED, DayKind.REST]
    bed.clock.set("2026-03-05 12:00")
    await bed.plan("Sundays")
    assert await bed.kinds(WEDNESDAY, 6) == [DayKind.REST, *[DayKind.PLANNED] * 3, DayKind.REST, DayKind.PLANNED]
    await bed.plan("none")
    assert set(await bed.kinds(THURSDAY, 14)) == {DayKind.PLANNED}
    assert await bed.kinds(WEDNESDAY, 1) == [DayKind.REST]


async def test_weekdays_that_hold_already_are_written_once(bed: Bed) -> None:
    await bed.plan("Sunday")
    bed.clock.move(days=1)
    await bed.plan("sundays", "Friday")
    assert await bed.masks() == [("2026-03-04", 0b1000000)]


async def test_dates_are_rest_once_however_often_they_are_named(bed: Bed) -> None:
    for dates in ("Friday to Sunday", "Friday to Sunday", "Saturday"):
        await bed.plan(dates=dates)
    assert await bed.spans() == [("rest", FRIDAY, date(2026, 3, 8))]
    await bed.plan(dates="Sunday to 10 March")
    assert await bed.kinds(THURSDAY, 7) == [DayKind.PLANNED, *[DayKind.REST] * 5, DayKind.PLANNED]


async def test_the_page_lists_what_is_to_come_and_what_can_still_be_answered_for(bed: Bed) -> None:
    await bed.take(Near.YESTERDAY)
    await bed.plan(dates="Friday")
    rests = await bed.plan("Sunday", "8 May")
    assert [span.from_day for span in rests.coming] == [TUESDAY, FRIDAY, date(2026, 5, 8)]
    assert (rests.weekdays, rests.free) == (0b1000000, (WEDNESDAY,))
    bed.clock.set("2026-03-04 21:00")
    looked: Rests = await bed.rests.look(bed.actor(), bed.clock())
    assert [span.from_day for span in looked.coming] == [FRIDAY, date(2026, 5, 8)]


@pytest.mark.parametrize(
    ("weekdays", "dates"), [("", ""), ("Sunday", "1 March"), ("someday", "Friday"), ("Sunday", "soon"), (" ", "\u200b")]
)
async def test_words_that_cant_be_used_write_nothing(bed: Bed, weekdays: str, dates: str) -> None:
    with pytest.raises(UserError):
        await bed.plan(weekdays, dates)
    assert (await bed.spans(), await bed.masks()) == ([], [])


async def test_who_is_asked_nothing_needs_no_rest_days(bed: Bed) -> None:
    await bed.join(103, phase=Phase.JUST_FOUND_OUT)
    with pytest.raises(UserError, match="no day has to be set aside"):
        await bed.plan("Sunday", actor=bed.actor(103))
    assert await bed.masks() == []


async def test_planned_rest_that_arrives_again_does_not_undo_what_came_after(bed: Bed) -> None:
    actor = bed.actor()
    [span] = (await bed.plan("Sunday", "Friday", actor)).coming
    await bed.take_back(span.id)
    await bed.plan("none")
    rests = await bed.plan("Sunday", "Friday", actor)
    assert (rests.weekdays, rests.coming) == (0, ())


# A pause


async def test_a_pause_begins_at_once_and_is_open_or_has_a_last_day(bed: Bed) -> None:
    await bed.pause()
    assert await bed.spans() == [("pause", WEDNESDAY, FOREVER)]
    done = await bed.pause("Friday")
    assert (done.from_day, done.to_day) == (WEDNESDAY, FRIDAY)
    assert await bed.spans() == [("pause", WEDNESDAY, FRIDAY)]
    assert await bed.kinds(TUESDAY, 5) == [DayKind.PLANNED, *[DayKind.PAUSE] * 3, DayKind.PLANNED]


async def test_a_new_pause_takes_the_place_of_the_one_that_runs_and_no_day_of_a_pause_is_lost(bed: Bed) -> None:
    await bed.pause("20 March")
    bed.clock.set("2026-03-06 12:00")
    await bed.pause("Saturday")
    assert await bed.kinds(TUESDAY, 6) == [DayKind.PLANNED, *[DayKind.PAUSE] * 4, DayKind.PLANNED]
    await bed.pause("", "yesterday")
    await bed.pause("today", "Tuesday")
    assert await bed.kinds(TUESDAY, 5) == [*[DayKind.PAUSE] * 4, DayKind.PLANNED]


async def test_a_pause_can_reach_back_a_week_and_before_joining_nothing_changes(bed: Bed) -> None:
    await bed.pause("", "26 Feb")
    assert await bed.kinds(SUNDAY, 4) == [DayKind.BEFORE, *[DayKind.PAUSE] * 3]


async def test_days_gone_by_can_be_a_pause_without_stopping_anything(bed: Bed) -> None:
    await bed.pause("yesterday", "2 March")
    assert await bed.kinds(MONDAY, 3) == [DayKind.PAUSE, DayKind.PAUSE, DayKind.PLANNED]


async def test_resuming_ends_a_pause_with_yesterday_and_removes_one_that_began_today(bed: Bed) -> None:
    await bed.pause("20 March")
    bed.clock.set("2026-03-06 12:00")
    assert await bed.resume()
    assert await bed.spans() == [("pause", WEDNESDAY, THURSDAY)]
    assert not await bed.resume()
    await bed.pause()
    assert await bed.resume()
    assert await bed.spans() == [("pause", WEDNESDAY, THURSDAY)]


async def test_stopping_all_messages_makes_a_pause_open_also_one_that_had_an_end(bed: Bed) -> None:
    await bed.pause("Friday")
    await bed.services.joining.stop(bed.actor(), bed.clock())
    assert await bed.spans() == [("pause", WEDNESDAY, FOREVER)]
    await bed.services.joining.start_again(bed.actor(), bed.clock())
    assert await bed.spans() == []


async def test_a_pause_that_arrives_again_does_not_undo_what_came_after(bed: Bed) -> None:
    actor = bed.actor()
    await bed.pause("Friday", actor=actor)
    await bed.resume()
    await bed.pause("Friday", actor=actor)
    assert await bed.spans() == []


async def test_a_pause_is_its_members_alone(bed: Bed) -> None:
    await bed.pause()
    assert not (await bed.rests.resume(bed.actor(BEN), bed.clock())).ended
    assert ledgers.kind((await bed.page(BEN)).ledger, WEDNESDAY) is DayKind.PLANNED
    assert await bed.spans() == [("pause", WEDNESDAY, FOREVER)]


# Nights


async def next_dues(bed: Bed) -> dict[Kind, tuple[date, str]]:
    """The study day and the local time of what comes next, by rhythm."""
    async with bed.services.records.reading() as tx:
        found = await rhythms.of_member(tx, 1)
    local = {each.kind: each.next_due_at.astimezone(days.ZoneInfo(CHICAGO)) for each in found}
    return {each.kind: (each.next_day, f"{local[each.kind]:%a %H:%M}") for each in found}


async def test_nights_move_what_comes_next_after_waking_and_before_sleep(bed: Bed) -> None:
    await bed.services.planning.plan_due(bed.clock())
    done = await bed.nights()
    assert (done.nights.from_day, done.nights.to_day, done.nights.cut_hour) == (WEDNESDAY, date(2026, 3, 9), 9)
    assert await next_dues(bed) == {
        Kind.MORNING: (THURSDAY, "Thu 16:30"),  # Wednesday's was asked already
        Kind.EVENING: (WEDNESDAY, "Thu 07:30"),
    }


async def test_nights_before_the_morning_was_asked_move_that_morning(bed: Bed) -> None:
    bed.clock.set("2026-03-04 06:00")
    await bed.services.planning.plan_due(bed.clock())
    await bed.nights()
    assert (await next_dues(bed))[Kind.MORNING] == (WEDNESDAY, "Wed 16:30")


async def test_other_nights_hold_from_today_on_and_earlier_ones_stay(bed: Bed) -> None:
    await bed.nights("20 March")
    bed.clock.set("2026-03-06 18:00")
    await bed.nights("10 March", "22:00", "14:00")
    assert await bed.spans() == [("nights", WEDNESDAY, THURSDAY), ("nights", FRIDAY, date(2026, 3, 10))]
    table = (await bed.page()).ledger.timetable
    assert [table.on(day).cut_hour for day in (TUESDAY, WEDNESDAY, THURSDAY, FRIDAY)] == [4, 9, 9, 15]
    await bed.nights("Sunday")
    assert (await bed.spans())[1:] == [("nights", FRIDAY, date(2026, 3, 8))]


async def test_nights_that_are_over_give_the_usual_times_back(bed: Bed) -> None:
    await bed.nights("20 March")
    bed.clock.set("2026-03-06 18:00")
    await bed.services.planning.plan_due(bed.clock())
    assert (await bed.end_nights()).last == THURSDAY
    assert await bed.spans() == [("nights", WEDNESDAY, THURSDAY)]
    assert await next_dues(bed) == {Kind.MORNING: (FRIDAY + DAY, "Sat 07:30"), Kind.EVENING: (FRIDAY, "Fri 21:00")}
    assert (await bed.end_nights()).last is None


async def test_nights_that_are_over_on_their_first_day_were_none(bed: Bed) -> None:
    await bed.nights()
    assert (await bed.end_nights()).last == TUESDAY
    assert await bed.spans() == []


async def test_nights_that_are_over_within_a_night_go_on_to_its_end(bed: Bed) -> None:
    await bed.nights("20 March")
    bed.clock.set("2026-03-06 06:00")
    await bed.services.planning.plan_due(bed.clock())
    for _ in range(2):
        assert (await bed.end_nights()).last == THURSDAY
        assert await bed.spans() == [("nights", WEDNESDAY, THURSDAY)]
        assert await next_dues(bed) == {Kind.MORNING: (FRIDAY, "Fri 09:00"), Kind.EVENING: (THURSDAY, "Fri 07:30")}


async def test_nights_that_arrive_again_do_not_undo_what_came_after(bed: Bed) -> None:
    actor = bed.actor()
    await bed.nights(actor=actor)
    await bed.end_nights()
    await bed.nights(actor=actor)
    assert await bed.spans() == []


@pytest.mark.parametrize(
    ("until", "wake", "sleep"),
    [("soon", "16:00", "8:30"), ("Friday", "noonish", "8:30"), ("Friday", "9:50", "9:10"), ("4 June", "16:00", "8:30")],
)
async def test_nights_that_cant_be_write_nothing(bed: Bed, until: str, wake: str, sleep: str) -> None:
    with pytest.raises(UserError):
        await bed.nights(until, wake, sleep)
    assert await bed.spans() == []


async def test_a_stranger_has_nothing_to_rest_from(bed: Bed) -> None:
    stranger, now = bed.actor(999), bed.clock()
    for act in (
        bed.rests.look(stranger, now),
        bed.rests.take(stranger, Near.TODAY, now),
        bed.rests.take_back(stranger, 1, now),
        bed.rests.resume(stranger, now),
        bed.rests.end_nights(stranger, now),
        bed.plan("Sunday", actor=stranger),
        bed.pause(actor=stranger),
        bed.nights(actor=stranger),
    ):
        with pytest.raises(NotJoined):
            await act
    assert (await bed.spans(), await bed.masks()) == ([], [])


async def test_each_of_these_is_a_sign_of_life(bed: Bed) -> None:
    acts: list[Callable[[], Awaitable[object]]] = [
        bed.take,
        partial(bed.plan, "Sunday"),
        bed.pause,
        bed.resume,
        bed.nights,
        bed.end_nights,
        partial(bed.take_back, 1),
    ]
    for act in acts:
        bed.clock.move(minutes=1)
        await act()
        assert (await bed.page()).last_sign_at == bed.clock()


# Whatever the order


TEXTS = {
    "since": ("", "", "yesterday", "7 days ago"),
    "until": ("", "tomorrow", "in 2 weeks", "yesterday"),
    "weekdays": ("Sunday", "none", "every day", "Mon to Fri"),
    "dates": ("today", "yesterday", "tomorrow", "today to Sunday", "yesterday to Friday"),
    "times": (("16:00", "8:30"), ("22:00", "14:00"), ("10:00", "1:00"), ("6:00", "22:30"), ("12:00", "3:20")),
}


@st.composite
def acts(draw: st.DrawFn) -> tuple[str, Any]:
    """What a member may do, with what they type."""
    what = draw(
        st.sampled_from(
            ("log", "answer", "rest", "pause", "pause", "plan", "resume", "nights", "nights", "over", "back")
        )
    )
    pick = {name: draw(st.sampled_from(texts)) for name, texts in TEXTS.items()}
    match what:
        case "log":
            return what, (draw(st.sampled_from((5, 10, 40))), draw(st.sampled_from(("", "yesterday"))))
        case "answer":
            return what, draw(st.sampled_from([*Outcome][1:] + [*Choice][1:]))
        case "rest":
            return what, draw(st.sampled_from([*Near]))
        case "pause":
            return what, (pick["until"], pick["since"])
        case "plan":
            return what, draw(st.sampled_from(((pick["weekdays"], ""), ("", pick["dates"]))))
        case "nights":
            return what, (pick["until"] or "in 5 days", *pick["times"])
        case _:
            return what, draw(st.integers(1, 4))


WAITS = st.one_of(st.integers(1, 6 * 60), st.integers(1, 40 * 60), st.integers(40 * 60, 80 * 60))
LIVES = st.lists(st.tuples(WAITS, acts()), min_size=4, max_size=12)
RESTING = frozenset({"rest", "pause", "plan", "resume", "nights", "over", "back"})


async def act(bed: Bed, what: str, how: Any) -> None:
    """One act, as the service does it; what can't be meant is refused."""
    with contextlib.suppress(UserError):
        match what:
            case "log":
                await bed.log(*how)
            case "answer":
                today = days.study_day(bed.clock(), (await bed.page()).ledger.timetable)
                await bed.services.check_ins.answer(bed.actor(), today, how, bed.clock())
            case "rest":
                await bed.take(how)
            case "pause":
                await bed.pause(*how)
            case "plan":
                await bed.plan(*how)
            case "resume":
                await bed.resume()
            case "nights":
                await bed.nights(*how)
            case "over":
                await bed.end_nights()
            case _:
                await bed.take_back(how)


def silent(ledger: Ledger, until: date) -> set[date]:
    return {day for day in (until - count * DAY for count in range(30)) if ledgers.is_silent(ledger, day)}


class Program:
    """The program that serves one member from a Friday on, over the change of clocks on 8 March."""

    def __init__(self, records: Records) -> None:
        self.records = records
        self.clock = VirtualClock()
        self.bed = Bed(build_services(records, self.clock, ()), People(), self.clock)

    async def start(self) -> None:
        async with self.records.writing() as tx:
            for table in ("members", "cohorts", "applied"):
                await tx.execute(f"DELETE FROM {table}")
        self.clock.set("2026-03-06 12:00")
        await self.bed.join(ANA)

    async def run(self, minutes: int) -> None:
        """Let time go by; everything is planned in the minute in which it is due."""
        until = self.clock() + timedelta(minutes=minutes)
        while True:
            async with self.records.reading() as tx:
                due = await tx.one(int, "SELECT min(next_due_at) FROM rhythms")
            at = datetime.fromtimestamp(due / 1000, until.tzinfo)
            if at > until:
                break
            self.clock.now = max(self.clock.now, at)
            await self.bed.services.planning.plan_due(self.clock())
        self.clock.now = until

    async def mornings(self) -> list[date]:
        async with self.records.reading() as tx:
            return await tx.all(date, "SELECT study_day FROM prompts WHERE kind = 'morning' ORDER BY id")


def lives(migrated: Path, tmp_path: Path, live: Any, examples: int) -> None:
    """Hold a rule over many lives, on records of the test's own."""
    shutil.copy(migrated, tmp_path / "comeback.db")
    records = Records(tmp_path / "comeback.db", tmp_path / "comeback.key")
    with asyncio.Runner() as runner:
        runner.run(records.open())

        @settings(max_examples=examples, deadline=None)
        @given(LIVES)
        def holds(steps: list[tuple[int, tuple[str, Any]]]) -> None:
            runner.run(live(Program(records), steps))

        try:
            holds()
        finally:
            runner.run(records.close())


def test_no_rest_pause_or_night_ever_costs_a_kept_day_or_makes_a_day_gone_by_a_silent_one(
    migrated: Path, tmp_path: Path
) -> None:
    async def live(program: Program, steps: list[tuple[int, tuple[str, Any]]]) -> None:
        await program.start()
        bed = program.bed
        for wait, (what, how) in steps:
            await program.run(wait)
            before = (await bed.page()).ledger
            today = days.study_day(bed.clock(), before.timetable)
            open_days = set(days.open_days(bed.clock(), before.timetable))
            said = await bed.said()
            await act(bed, what, how)
            after = (await bed.page()).ledger
            assert days.study_day(bed.clock(), after.timetable) == today, "the day changed"
            if what not in RESTING:
                continue
            assert await bed.said() == said
            assert ledgers.kept_days(after, today) == ledgers.kept_days(before, today)
            newly_silent = silent(after, today) - silent(before, today)
            assert newly_silent <= (set() if what in {"rest", "nights", "over"} else open_days)

    lives(migrated, tmp_path, live, 40)


def test_with_nights_that_begin_and_end_anywhere_each_day_has_one_morning_as_long_as_one_helps(
    migrated: Path, tmp_path: Path
) -> None:
    def gone(table: Timetable, now: datetime) -> bool:
        return days.useful_until(Kind.MORNING, days.study_day(now, table), table) <= now

    async def live(program: Program, steps: list[tuple[int, tuple[str, Any]]]) -> None:
        await program.start()
        bed, without = program.bed, set[date]()
        first = days.study_day(bed.clock(), (await bed.page()).ledger.timetable) + DAY
        for wait, (what, how) in steps:
            await program.run(wait)
            await act(bed, what, how)
            table = (await bed.page()).ledger.timetable
            today = days.study_day(bed.clock(), table)
            if gone(table, bed.clock()) and today not in await program.mornings():
                without.add(today)
            async with program.records.reading() as tx:
                for rhythm in await rhythms.of_member(tx, (await bed.page()).member_id):
                    due = days.next_due(rhythm.kind, rhythm.last_day, bed.clock(), table)
                    assert (rhythm.next_day, rhythm.next_due_at) == (due.day, due.due_at)
        await program.run(3 * 24 * 60)
        asked = await program.mornings()
        assert asked == sorted(set(asked)), "asked twice, or for an earlier day"
        until = days.study_day(bed.clock(), (await bed.page()).ledger.timetable)
        passed = {first + count * DAY for count in range((until - first).days)}
        assert passed - set(asked) <= without

    lives(migrated, tmp_path, live, 40)
