"""A date and what is left: kept by study day, counted down by what is logged, and spoken of once a week at most."""

import json
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import count
from typing import Any

import pytest

from bot.domain import ledgers
from bot.domain.blocks import Typed, Work
from bot.domain.check_ins import Outcome
from bot.domain.errors import UserError
from bot.domain.ledgers import DayKind
from bot.domain.phases import Phase
from bot.domain.plans import Left
from bot.domain.prompts import Attempt, Sent, TryLater
from bot.services import Services
from bot.services.actors import NotJoined
from bot.services.check_ins import Words
from bot.services.plans import SHORTFALL, Plan
from bot.storage import ledgers as store
from bot.storage import shown
from tests.conftest import People, VirtualClock

TUESDAY = date(2026, 3, 3)
A_MONTH_OF_WORK = date(2026, 4, 6)
"""A Monday, and a day after four weeks of work."""
ANA, BEN = 101, 102
WAYS_OUT = "Three ways out"


@dataclass
class Desk:
    """Members with a date and questions left, and a look at what follows."""

    services: Services
    people: People
    clock: VirtualClock
    operations: Any

    async def join(self, phase: Phase, *members: int) -> None:
        name = f"Group {next(self.operations)}"
        cohort = await self.services.cohorts.create(self.people.actor(9), 5, name, 6, True, self.clock())
        for member in members:
            actor = self.people.actor(member)
            await self.services.joining.enrol(actor, 5, cohort.id, phase, "America/Chicago", "", self.clock())

    async def date(self, typed: str, member: int = ANA, operation: str = "") -> Plan:
        operation = operation or f"date:{next(self.operations)}"
        actor = self.people.actor(member)
        return await self.services.plans.set_exam(actor, typed, self.clock(), operation=operation)

    async def left(self, unseen: str = "", seen: str = "", member: int = ANA, operation: str = "") -> Plan:
        operation = operation or f"left:{next(self.operations)}"
        actor = self.people.actor(member)
        return await self.services.plans.set_left(actor, unseen, seen, self.clock(), operation=operation)

    async def plan(self, member: int = ANA) -> Plan:
        return await self.services.plans.look(self.people.actor(member), self.clock())

    async def log(self, amount: int, *ticks: str, kind: Work = Work.QUESTIONS, day: str = "", member: int = ANA) -> int:
        typed = Typed(kind=kind, amount=str(amount), ticks=frozenset(ticks), day=day)
        operation = f"log:{next(self.operations)}"
        logged = await self.services.blocks.log(self.people.actor(member), typed, self.clock(), operation=operation)
        return logged.entry.id

    async def work(self, a_day: int, days: int, member: int = ANA) -> None:
        """So many questions on each of so many days, noon by noon."""
        for _ in range(days):
            await self.log(a_day, member=member)
            self.clock.move(days=1)

    async def phase(self, member: int = ANA) -> Phase:
        async with self.services.records.reading() as tx:
            page = await store.of_discord(tx, member, date.min)
        assert page is not None
        return ledgers.phase(page.ledger, (await self.plan(member)).day)[0]

    async def claims(self) -> list[Attempt]:
        await self.services.planning.plan_due(self.clock())
        return await self.services.delivery.claim(self.clock(), 45)

    async def said(self) -> list[str]:
        """What goes out and arrives now, as it reads."""
        found: list[str] = []
        while attempts := await self.claims():
            for attempt in attempts:
                found.append(json.loads(attempt.payload)["content"])
                await self.services.delivery.settle(attempt, Sent(attempt.prompt_id), self.clock())
        return found

    async def told(self) -> list[str]:
        async with self.services.records.reading() as tx:
            return await tx.all(str, "SELECT subject FROM shown WHERE what = 'shortfall' ORDER BY subject")

    async def forget_what_was_shown(self) -> None:
        async with self.services.records.writing() as tx:
            await tx.execute("DELETE FROM shown")


@pytest.fixture
async def desk(services: Services, people: People, clock: VirtualClock) -> Desk:
    desk = Desk(services, people, clock, count(1))
    await desk.join(Phase.REBUILDING, ANA, BEN)
    clock.set("2026-03-03 12:00")
    return desk


@pytest.fixture
async def short(desk: Desk) -> Desk:
    """A Monday before its morning: Ana does 20 a day, and 2,000 are left for fifty days; nothing was said of it."""
    await desk.date("25 May")
    await desk.left("2700")
    await desk.work(20, 34)
    desk.clock.set("2026-04-06 07:30")
    return desk


# --- the date


async def test_a_date_stands_from_the_day_it_was_said_on_until_it_is_taken_back(desk: Desk) -> None:
    assert (await desk.date("30 May")).exam == date(2026, 5, 30)
    desk.clock.move(days=2)
    await desk.date("12 June")
    desk.clock.move(days=2)
    assert (await desk.date("none")).exam is None
    async with desk.services.records.reading() as tx:
        page = await store.of_discord(tx, ANA, date.min)
    assert page is not None
    found = [ledgers.exam_date(page.ledger, TUESDAY + timedelta(days=number)) for number in (-1, 0, 1, 2, 3, 4, 9)]
    may, june = date(2026, 5, 30), date(2026, 6, 12)
    assert found == [None, may, may, june, june, None, None]
    assert (await desk.plan(BEN)).exam is None


@pytest.mark.parametrize("phase", [Phase.REBUILDING, Phase.EXAM_BOOKED])
async def test_a_date_means_the_exam_is_booked_and_taking_it_back_means_it_is_not(desk: Desk, phase: Phase) -> None:
    await desk.join(phase, 7)
    await desk.date("30 May", member=7)
    assert await desk.phase(7) is Phase.EXAM_BOOKED
    desk.clock.move(days=3)
    await desk.date("no", member=7)
    assert await desk.phase(7) is Phase.REBUILDING


@pytest.mark.parametrize("phase", [Phase.JUST_FOUND_OUT, Phase.NOT_READY])
async def test_on_the_gentle_path_a_date_is_kept_and_moves_nobody(desk: Desk, phase: Phase) -> None:
    await desk.join(phase, 7)
    plan = await desk.date("30 May", member=7)
    assert (plan.exam, plan.gentle, plan.day_kind) == (date(2026, 5, 30), True, DayKind.GENTLE)
    await desk.left("1400", member=7)
    await desk.date("none", member=7)
    assert await desk.phase(7) is phase


async def test_after_the_date_days_wait_until_a_new_date_or_a_word(desk: Desk) -> None:
    for member in (ANA, BEN):
        await desk.date("5 March", member=member)
    desk.clock.set("2026-03-05 12:00")
    assert (await desk.plan()).day_kind is DayKind.EXAM_DAY
    desk.clock.set("2026-03-09 12:00")
    assert (await desk.plan()).day_kind is DayKind.WAITING
    assert (await desk.date("1 June")).day_kind is DayKind.PLANNED
    await desk.services.joining.ready_to_plan(desk.people.actor(BEN), desk.clock())
    assert (await desk.plan(BEN)).day_kind is DayKind.PLANNED
    desk.clock.move(days=30)
    assert [(await desk.plan(member)).day_kind for member in (ANA, BEN)] == [DayKind.PLANNED] * 2


async def test_taking_the_date_back_after_it_passed_starts_anew_too(desk: Desk) -> None:
    await desk.date("5 March")
    desk.clock.set("2026-03-09 12:00")
    plan = await desk.date("none")
    assert (plan.day_kind, await desk.phase()) == (DayKind.PLANNED, Phase.REBUILDING)


@pytest.mark.parametrize("typed", ["yesterday", "30 February", "1 June 2029", "soon"])
async def test_a_date_that_can_not_be_changes_nothing(desk: Desk, typed: str) -> None:
    await desk.date("30 May")
    with pytest.raises(UserError):
        await desk.date(typed)
    assert (await desk.plan()).exam == date(2026, 5, 30)


async def test_one_act_sent_twice_changes_nothing_the_second_time(desk: Desk) -> None:
    await desk.date("30 May", operation="date:form")
    await desk.date("none")
    assert (await desk.date("30 May", operation="date:form")).exam is None
    await desk.left("1400", operation="left:form")
    await desk.log(40, "unseen")
    assert (await desk.left("1400", operation="left:form")).left == Left(unseen=1360, seen=0)


async def test_a_stranger_has_no_plan(desk: Desk) -> None:
    for act in (desk.date("30 May", member=999), desk.left("3", member=999), desk.plan(999)):
        with pytest.raises(NotJoined):
            await act


# --- what is left


async def test_what_is_left_is_what_was_said_less_what_was_logged_after(desk: Desk) -> None:
    await desk.log(30, "unseen")
    await desk.log(10)
    assert (await desk.left("1,400", "200")).left == Left(unseen=1400, seen=200)
    await desk.log(40, "unseen", "timed")
    await desk.log(20)
    assert (await desk.plan()).left == Left(unseen=1360, seen=180)
    desk.clock.move(days=1)
    await desk.log(20, "unseen")
    assert (await desk.plan()).left == Left(unseen=1340, seen=180)
    assert (await desk.plan(BEN)).left is None


async def test_unticked_questions_come_off_the_unseen_once_none_seen_before_is_left(desk: Desk) -> None:
    await desk.left("100", "10")
    await desk.log(30)
    assert (await desk.plan()).left == Left(unseen=80, seen=0)
    await desk.log(200)
    assert (await desk.plan()).left == Left(unseen=0, seen=0)


async def test_an_evenings_total_comes_off_as_well(desk: Desk) -> None:
    await desk.left("100")
    await desk.log(20, "unseen")
    desk.clock.set("2026-03-03 21:05")
    actor = desk.people.actor(ANA)
    answered = await desk.services.check_ins.answer(actor, TUESDAY, Outcome.KEPT, desk.clock())
    await desk.services.check_ins.describe(
        desk.people.actor(ANA),
        TUESDAY,
        Words(questions="35"),
        desk.clock(),
        operation="evening",
        instead_of=answered.check_in.version,
    )
    assert (await desk.plan()).left == Left(unseen=65, seen=0)


async def test_other_work_and_other_people_and_earlier_days_take_nothing_off(desk: Desk) -> None:
    await desk.left("100", "50")
    await desk.log(30, kind=Work.FLASHCARDS)
    await desk.log(40, kind=Work.PRACTICE)
    await desk.log(20, day="yesterday")
    await desk.log(20, member=BEN)
    assert (await desk.plan()).left == Left(unseen=100, seen=50)


async def test_what_is_taken_back_or_corrected_counts_as_it_stands(desk: Desk) -> None:
    await desk.left("100")
    wrong = await desk.log(30, "unseen")
    await desk.services.blocks.take_back(desk.people.actor(ANA), wrong, desk.clock())
    assert (await desk.plan()).left == Left(unseen=100, seen=0)
    await desk.services.blocks.put_back(desk.people.actor(ANA), wrong, desk.clock())
    typed = Typed(amount="5", ticks=frozenset({"unseen"}))
    await desk.services.blocks.correct(desk.people.actor(ANA), wrong, typed, desk.clock())
    assert (await desk.plan()).left == Left(unseen=95, seen=0)


async def test_a_number_that_is_not_given_stays_as_it_is(desk: Desk) -> None:
    await desk.left("100", "50")
    await desk.log(10)
    assert (await desk.left(unseen="300")).left == Left(unseen=300, seen=40)
    assert (await desk.left(seen="none")).left == Left(unseen=300, seen=0)
    desk.clock.move(days=3)
    assert (await desk.left(seen="7")).left == Left(unseen=300, seen=7)
    with pytest.raises(UserError):
        await desk.left()


# --- what does not fit


async def test_an_answer_says_what_does_not_fit_as_often_as_somebody_asks(short: Desk) -> None:
    short.clock.set("2026-04-05 12:00")
    for _ in range(2):
        plan = await short.date("25 May")
        assert plan.shortfall is not None
        assert plan.shortfall.left == 2700 - 34 * 20
        assert (await short.left(seen="0")).shortfall is not None
        assert (await short.plan()).shortfall is not None
    assert await short.told() == ["2026-03-30"]


async def test_looking_is_not_being_told(short: Desk) -> None:
    assert (await short.plan()).shortfall is not None
    assert await short.told() == []


async def test_a_morning_says_it_once_a_week_and_no_evening_does(short: Desk) -> None:
    days: list[date] = []
    for number in range(24):
        day = A_MONTH_OF_WORK + timedelta(days=number)
        short.clock.set(f"{day} 07:30")
        said = await short.said()
        days += [day for text in said if WAYS_OUT in text]
        short.clock.set(f"{day} 12:00")
        await short.log(20)
        short.clock.set(f"{day} 21:00")
        assert not [text for text in await short.said() if WAYS_OUT in text]
    assert days == [A_MONTH_OF_WORK + timedelta(days=number) for number in (0, 7, 14, 21)]
    assert await short.told() == [str(day) for day in days]


async def test_who_was_told_by_an_answer_is_not_told_again_by_the_next_morning(short: Desk) -> None:
    short.clock.set("2026-04-05 12:00")
    await short.date("26 May")
    for day in range(6, 12):
        short.clock.set(f"2026-04-{day:02} 07:30")
        assert not [text for text in await short.said() if WAYS_OUT in text]
        short.clock.set(f"2026-04-{day:02} 12:00")
        await short.log(20)
    short.clock.set("2026-04-12 07:30")
    assert [text for text in await short.said() if WAYS_OUT in text]


async def test_a_message_that_is_sent_again_says_the_same_and_it_counts_once(short: Desk) -> None:
    (first,) = [attempt for attempt in await short.claims() if WAYS_OUT in attempt.payload]
    await short.services.delivery.settle(first, TryLater(timedelta(seconds=5)), short.clock())
    short.clock.move(seconds=10)
    again = await short.claims()
    assert [attempt.payload for attempt in again if attempt.prompt_id == first.prompt_id] == [first.payload]
    assert await short.told() == ["2026-04-06"]


async def test_it_is_not_said_after_a_hard_evening_and_is_said_on_the_next_plain_morning(short: Desk) -> None:
    short.clock.set("2026-04-05 22:00")
    actor = short.people.actor(ANA)
    await short.services.check_ins.answer(actor, date(2026, 4, 5), Outcome.NOT_TODAY, short.clock())
    short.clock.set("2026-04-06 07:30")
    assert not [text for text in await short.said() if WAYS_OUT in text]
    short.clock.set("2026-04-07 07:30")
    assert [text for text in await short.said() if WAYS_OUT in text]


async def test_it_is_not_said_to_somebody_who_fell_silent(short: Desk) -> None:
    for number in range(5, 40):
        short.clock.set(f"{A_MONTH_OF_WORK + timedelta(days=number)} 07:30")
        assert not [text for text in await short.said() if WAYS_OUT in text]
    assert await short.told() == []


async def test_a_plan_that_fits_is_not_spoken_of(desk: Desk) -> None:
    await desk.date("25 May")
    await desk.left("1500")
    await desk.work(20, 34)
    desk.clock.set("2026-04-06 07:30")
    assert (await desk.plan()).shortfall is None
    assert not [text for text in await desk.said() if WAYS_OUT in text]
    assert await desk.told() == []


@pytest.mark.parametrize(("left", "fits"), [("1000", True), ("1500", False)])
async def test_a_pace_known_only_from_long_ago_is_the_real_one(desk: Desk, left: str, fits: bool) -> None:
    """A long pause lies between: the last weeks alone would look like silence."""
    await desk.work(20, 40)
    await desk.services.joining.stop(desk.people.actor(ANA), desk.clock())
    desk.clock.move(days=100)
    await desk.services.joining.start_again(desk.people.actor(ANA), desk.clock())
    await desk.said()  # nothing old waits any more, for which older days would be read
    await desk.log(20)
    await desk.date("in 8 weeks")
    plan = await desk.left(left)
    assert (plan.shortfall is None) is fits
    await desk.forget_what_was_shown()
    desk.clock.set(f"{plan.day + timedelta(days=1)} 07:30")
    (said,) = [text for text in await desk.said() if text.startswith("Good morning")]
    assert (WAYS_OUT not in said) is fits


async def test_what_was_shown_is_remembered_by_member_and_sort(desk: Desk) -> None:
    async with desk.services.records.writing() as tx:
        ids = await tx.all(int, "SELECT id FROM members WHERE discord_id IN (101, 102) ORDER BY discord_id")
        await shown.keep(tx, ids[0], SHORTFALL, "2026-03-02", desk.clock())
        desk.clock.move(days=1)
        await shown.keep(tx, ids[0], SHORTFALL, "2026-03-02", desk.clock())
        await shown.keep(tx, ids[1], "door", "", desk.clock())
        assert await shown.last(tx, ids, SHORTFALL) == {ids[0]: desk.clock()}
        assert await shown.last(tx, [], SHORTFALL) == {}
