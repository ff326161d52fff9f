"""Goals begin on a study day, belong to one member, and take nothing back that was kept."""

import asyncio
import shutil
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.app import build_services
from bot.domain import ledgers
from bot.domain.blocks import Typed, Work
from bot.domain.check_ins import Outcome
from bot.domain.errors import UserError
from bot.domain.goals import EVERY_DAY, Goal
from bot.domain.phases import Phase
from bot.services import Services
from bot.services.actors import NotJoined
from bot.services.goals import ByWeekday, Change
from bot.services.records import Records
from bot.storage import ledgers as store
from bot.storage.ledgers import Page
from tests.conftest import People, VirtualClock

TUESDAY, WEDNESDAY = date(2026, 3, 3), date(2026, 3, 4)
SATURDAY, SUNDAY = 5, 6
ANA, BEN = 101, 102
LIGHT, MIDDLE, FULL = (Goal(floor=floor, usual=2 * floor, stretch=3 * floor) for floor in (5, 10, 20))


@dataclass
class Desk:
    """Members who set goals and work, and a look at what follows."""

    services: Services
    people: People
    clock: VirtualClock
    operations: Any

    async def join(self, phase: Phase, *members: int) -> None:
        cohort = await self.services.cohorts.create(self.people.actor(9), 5, "Group", 6, True, self.clock())
        for member in members:
            actor = self.people.actor(member)
            await self.services.joining.enrol(actor, 5, cohort.id, phase, "America/Chicago", "", self.clock())

    async def choose(
        self, goal: Goal | str, days: str = "", kind: Work = Work.QUESTIONS, member: int = ANA, operation: str = ""
    ) -> Change:
        typed = str(goal).split("/")
        operation = operation or f"goal:{next(self.operations)}"
        actor = self.people.actor(member)
        return await self.services.goals.set(actor, kind, typed, days, self.clock(), operation=operation)

    async def log(self, amount: int, kind: Work = Work.QUESTIONS, day: str = "") -> None:
        typed = Typed(kind=kind, amount=str(amount), day=day)
        operation = f"log:{next(self.operations)}"
        await self.services.blocks.log(self.people.actor(ANA), typed, self.clock(), operation=operation)

    async def stands(self, kind: Work = Work.QUESTIONS, member: int = ANA) -> ByWeekday:
        return (await self.services.goals.look(self.people.actor(member), self.clock())).now.get(kind, {})

    async def begins(self, kind: Work = Work.QUESTIONS) -> ByWeekday:
        return (await self.services.goals.look(self.people.actor(ANA), self.clock())).tomorrow.get(kind, {})

    async def page(self, member: int = ANA) -> Page:
        async with self.services.records.reading() as tx:
            page = await store.of_discord(tx, member, date.min)
        assert page is not None
        return page

    async def kept(self) -> set[date]:
        """All days that are kept ones."""
        ledger = (await self.page()).ledger
        return {day for day in ledger.records if ledgers.is_kept(ledger, day)}

    async def goal_on(self, day: date) -> Goal | None:
        return ledgers.goals_on((await self.page()).ledger, day).get(Work.QUESTIONS)

    async def rows(self) -> int:
        async with self.services.records.reading() as tx:
            return await tx.one(int, "SELECT count(*) FROM goals")


@pytest.fixture
async def desk(services: Services, people: People, clock: VirtualClock) -> Desk:
    desk = Desk(services, people, clock, count(1))
    await desk.join(Phase.REBUILDING, ANA, BEN)
    clock.set("2026-03-03 12:00")
    return desk


# --- setting


async def test_a_goal_rules_from_today_on_and_no_day_before(desk: Desk) -> None:
    await desk.choose(MIDDLE)
    desk.clock.set("2026-03-05 12:00")
    await desk.choose(LIGHT)
    found = [await desk.goal_on(TUESDAY + timedelta(days=number)) for number in range(-1, 4)]
    assert found == [None, MIDDLE, MIDDLE, LIGHT, LIGHT]


async def test_before_the_cut_today_is_still_the_day_before(desk: Desk) -> None:
    desk.clock.set("2026-03-04 03:30")
    await desk.choose(MIDDLE)
    assert await desk.goal_on(TUESDAY) == MIDDLE


async def test_a_goal_belongs_to_one_member_and_one_kind_of_work(desk: Desk) -> None:
    await desk.choose(MIDDLE)
    await desk.choose("2 / 4 / 6", kind=Work.VIDEOS)
    assert await desk.stands(member=BEN) == {}
    assert await desk.stands() == {EVERY_DAY: MIDDLE}
    assert await desk.stands(Work.VIDEOS) == {EVERY_DAY: Goal(floor=2, usual=4, stretch=6)}
    await desk.choose("none", kind=Work.VIDEOS)
    assert (await desk.stands(Work.VIDEOS), await desk.stands()) == ({}, {EVERY_DAY: MIDDLE})


async def test_weekdays_differ_where_the_member_says_so(desk: Desk) -> None:
    await desk.choose(MIDDLE)
    await desk.choose(LIGHT, "Sat and Sun")
    assert await desk.stands() == {EVERY_DAY: MIDDLE, SATURDAY: LIGHT, SUNDAY: LIGHT}
    assert await desk.goal_on(date(2026, 3, 7)) == LIGHT
    await desk.choose(FULL)
    assert await desk.stands() == {EVERY_DAY: FULL, SATURDAY: LIGHT, SUNDAY: LIGHT}
    await desk.choose("none", "Sunday")
    assert await desk.stands() == {EVERY_DAY: FULL, SATURDAY: LIGHT}
    await desk.choose(MIDDLE, "every day")
    assert await desk.stands() == {EVERY_DAY: MIDDLE}


async def test_a_goal_may_be_for_some_weekdays_only(desk: Desk) -> None:
    await desk.choose(LIGHT, "Sat")
    assert (await desk.goal_on(date(2026, 3, 6)), await desk.goal_on(date(2026, 3, 7))) == (None, LIGHT)


async def test_no_goal_takes_back_the_weekdays_as_well(desk: Desk) -> None:
    await desk.choose(MIDDLE)
    await desk.choose(LIGHT, "Sat and Sun")
    ended = await desk.choose("none")
    assert (ended.goal, ended.days) == (None, None)
    assert await desk.stands() == {}


@pytest.mark.parametrize(
    "typed", ["20 / 10 / 30", "0 / 20 / 30", "1 / 2 / 501", "-1", "1e9 / 2 / 3", "", "a / b", "1/2/3/4"]
)
async def test_numbers_that_can_not_be_a_goal_are_refused_and_change_nothing(desk: Desk, typed: str) -> None:
    await desk.choose(MIDDLE)
    with pytest.raises(UserError):
        await desk.choose(typed)
    with pytest.raises(UserError):
        await desk.choose(LIGHT, "someday")
    with pytest.raises(UserError):
        await desk.choose(LIGHT, "none")
    assert await desk.stands() == {EVERY_DAY: MIDDLE}
    assert await desk.rows() == 1


async def test_one_act_sent_twice_changes_nothing_the_second_time(desk: Desk) -> None:
    await desk.choose(MIDDLE, operation="goal:form")
    await desk.choose(LIGHT)
    again = await desk.choose(MIDDLE, operation="goal:form")
    assert again.today.goals == {Work.QUESTIONS: LIGHT}
    assert await desk.stands() == {EVERY_DAY: LIGHT}


async def test_setting_a_goal_is_a_sign_of_life(desk: Desk) -> None:
    before = (await desk.page()).last_sign_at
    await desk.choose(MIDDLE)
    assert (await desk.page()).last_sign_at == desk.clock() > before


async def test_a_stranger_has_no_goal(desk: Desk) -> None:
    for act in (desk.choose(MIDDLE, member=999), desk.stands(member=999)):
        with pytest.raises(NotJoined):
            await act
    assert await desk.rows() == 0


async def test_a_goal_of_their_own_wish_leaves_nobody_s_phase(desk: Desk) -> None:
    await desk.services.joining.enrol(desk.people.actor(7), 5, 1, Phase.NOT_READY, "America/Chicago", "", desk.clock())
    await desk.choose(MIDDLE, member=7)
    page = await desk.page(7)
    assert ledgers.phase(page.ledger, TUESDAY)[0] is Phase.NOT_READY
    assert (await desk.services.goals.look(desk.people.actor(7), desk.clock())).gentle


# --- a kept day stays kept


async def test_a_goal_that_would_take_today_back_begins_tomorrow(desk: Desk) -> None:
    await desk.choose(LIGHT)
    await desk.log(6)
    raised = await desk.choose(FULL)
    assert raised.from_tomorrow
    assert await desk.kept() == {TUESDAY}
    assert (await desk.stands(), await desk.begins()) == ({EVERY_DAY: LIGHT}, {EVERY_DAY: FULL})
    assert (await desk.goal_on(TUESDAY), await desk.goal_on(WEDNESDAY)) == (LIGHT, FULL)


async def test_a_goal_that_leaves_today_kept_begins_at_once(desk: Desk) -> None:
    await desk.choose(LIGHT)
    await desk.log(10)
    assert not (await desk.choose(MIDDLE)).from_tomorrow
    assert (await desk.kept(), await desk.stands()) == ({TUESDAY}, {EVERY_DAY: MIDDLE})


async def test_the_first_goal_of_somebody_who_did_a_little_begins_tomorrow(desk: Desk) -> None:
    """Without a goal, any work keeps a day."""
    await desk.log(2)
    assert (await desk.choose(MIDDLE)).from_tomorrow
    assert await desk.kept() == {TUESDAY}


async def test_taking_back_the_one_goal_that_was_reached_begins_tomorrow_too(desk: Desk) -> None:
    await desk.choose(LIGHT)
    await desk.choose("5 / 10 / 15", kind=Work.FLASHCARDS)
    await desk.log(5, Work.FLASHCARDS)
    assert (await desk.choose("none", kind=Work.FLASHCARDS)).from_tomorrow
    assert await desk.kept() == {TUESDAY}
    assert (await desk.begins(Work.FLASHCARDS), await desk.begins()) == ({}, {EVERY_DAY: LIGHT})


async def test_what_was_to_begin_tomorrow_gives_way_to_a_goal_that_begins_today(desk: Desk) -> None:
    await desk.choose(LIGHT)
    await desk.log(6)
    await desk.choose(FULL)
    lower = Goal(floor=6, usual=10, stretch=15)
    assert not (await desk.choose(lower)).from_tomorrow
    assert (await desk.stands(), await desk.begins()) == ({EVERY_DAY: lower}, {EVERY_DAY: lower})


ACTS = st.lists(
    st.tuples(st.just("log"), st.integers(1, 30))
    | st.tuples(st.just("set"), st.integers(0, 25))
    | st.tuples(st.just("saturday"), st.integers(0, 25))
    | st.tuples(st.just("say"), st.sampled_from([Outcome.KEPT, Outcome.SOME, Outcome.NOT_TODAY]))
    | st.tuples(st.just("sleep"), st.integers(1, 2)),
    max_size=16,
)


def test_no_change_of_goals_ever_takes_a_kept_day_back(migrated: Path, tmp_path: Path) -> None:
    shutil.copy(migrated, tmp_path / "comeback.db")
    runner = asyncio.Runner()
    records = Records(tmp_path / "comeback.db", tmp_path / "comeback.key")
    runner.run(records.open())
    members, operations, people = count(1000), count(1), People()

    async def live(acts: list[tuple[str, Any]]) -> None:
        clock, me = VirtualClock(), next(members)
        services = build_services(records, clock, ())
        desk = Desk(services, people, clock, operations)
        cohort = await services.cohorts.create(people.actor(9), me, "Group", 6, True, clock())
        clock.set("2026-03-06 12:00")  # a Friday
        actor = people.actor(me)
        await services.joining.enrol(actor, me, cohort.id, Phase.REBUILDING, "America/Chicago", "", clock())
        for act, number in acts:
            before = await kept(me)
            operation = f"act:{next(operations)}"
            if act == "sleep":
                clock.move(days=number)
            elif act == "log":
                await services.blocks.log(people.actor(me), Typed(amount=str(number)), clock(), operation=operation)
            elif act == "say":
                day = clock().date()
                said = await services.check_ins.of_day(people.actor(me), day, clock())
                if said.outcome:
                    continue
                await services.check_ins.answer(people.actor(me), day, number, clock())
            else:
                days = "Saturday" if act == "saturday" else ""
                await desk.choose(f"{number}/{number}/{number}", days, member=me)
            lost = before - await kept(me)
            assert act in ("log", "say") or not lost

    async def kept(me: int) -> set[date]:
        async with records.reading() as tx:
            page = await store.of_discord(tx, me, date.min)
        assert page is not None
        return {day for day in page.ledger.records if ledgers.is_kept(page.ledger, day)}

    @settings(max_examples=30, deadline=None)
    @given(ACTS)
    def holds(acts: list[tuple[str, Any]]) -> None:
        runner.run(live(acts))

    try:
        holds()
    finally:
        runner.run(records.close())
        runner.close()


# --- suggesting


async def worked(desk: Desk, a_day: int, days: int) -> None:
    """So many questions on each of the last days, silent ones where it is zero."""
    for _ in range(days):
        if a_day:
            await desk.log(a_day)
        desk.clock.move(days=1)


async def test_a_suggestion_comes_from_ten_planned_days_on_and_from_no_fewer(desk: Desk) -> None:
    """Joined on Monday, which was silent; of the days since, yesterday may still be written."""
    actor = desk.people.actor(ANA)
    await worked(desk, 22, 9)
    early = await desk.services.goals.suggest(actor, desk.clock())
    assert (early.capacity, early.goal) == (None, None)
    await worked(desk, 22, 1)
    found = await desk.services.goals.suggest(actor, desk.clock())
    assert found.capacity == Fraction(9 * 22, 10)
    assert found.goal == Goal(floor=8, usual=20, stretch=25)


async def test_a_suggestion_knows_days_from_long_ago(desk: Desk) -> None:
    await worked(desk, 22, 28)
    await desk.services.joining.stop(desk.people.actor(ANA), desk.clock())
    desk.clock.move(days=200)
    await desk.services.joining.start_again(desk.people.actor(ANA), desk.clock())
    found = await desk.services.goals.suggest(desk.people.actor(ANA), desk.clock())
    assert found.goal == Goal(floor=8, usual=20, stretch=25)


async def test_nothing_is_raised_by_a_suggestion_alone(desk: Desk) -> None:
    await desk.choose(LIGHT)
    await worked(desk, 40, 15)
    found = await desk.services.goals.suggest(desk.people.actor(ANA), desk.clock())
    assert found.goal is not None
    assert found.goal.usual > LIGHT.usual
    assert (await desk.stands(), found.standing) == ({EVERY_DAY: LIGHT}, LIGHT)
    assert await desk.rows() == 1
