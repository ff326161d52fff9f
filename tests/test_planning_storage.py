"""What is owed to whom, and that nothing that fails later can break the chain."""

import asyncio
import shutil
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.app import build_services
from bot.domain import days
from bot.domain.days import DAY, MINUTE, Kind
from bot.domain.phases import Phase
from bot.domain.prompts import State
from bot.services import Services, planning
from bot.services.drafts import Draft
from bot.services.records import Records
from bot.storage import applied, prompts, rhythms, timetables
from bot.storage.rhythms import Rhythm
from tests.conftest import People, VirtualClock
from tests.test_database_storage import cancelled_at

CHICAGO = "America/Chicago"
MONDAY = date(2026, 3, 2)
EVENING = "2026-03-02 21:00"


@dataclass(frozen=True, slots=True, kw_only=True)
class Planned:
    """A prompt as stored."""

    member_id: int
    kind: Kind
    study_day: date
    due_at: datetime
    useful_until: datetime
    not_before: datetime
    state: State
    attempts: int


async def join(services: Services, people: People, clock: VirtualClock, member: int = 1, zone: str = CHICAGO) -> None:
    """A member, whose first message is none of this module's business."""
    if not await services.joining.cohort_names(5):
        await services.cohorts.create(people.actor(9), 5, "Group", 6, True, clock())
    cohort = await services.joining.cohort_to_join(5, "")
    await services.joining.enrol(people.actor(member), 5, cohort.id, Phase.REBUILDING, zone, "", clock())
    async with services.records.writing() as tx:
        await tx.execute("DELETE FROM prompts")


async def crowd(services: Services, clock: VirtualClock, size: int) -> None:
    """Members who are all due at the same second."""
    async with services.records.writing() as tx:
        await tx.execute(
            """WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < :size)
               INSERT INTO members (discord_id, name, locale, started_day, latest_day, last_sign_at)
               SELECT i, 'm', 'en-US', '2026-03-01', '2026-03-01', 0 FROM n""",
            size=size,
        )
        await tx.execute(f"INSERT INTO clocks SELECT id, '2026-03-01', '{CHICAGO}', 4, 450, 1260 FROM members")
        await tx.execute(
            """INSERT INTO rhythms (member_id, kind, next_day, next_due_at, useful_until, last_day)
               SELECT id, 'evening', '2026-03-02', :due, :until, '2026-03-01' FROM members""",
            due=clock(),
            until=clock() + DAY,
        )


async def planned(services: Services) -> list[Planned]:
    async with services.records.reading() as tx:
        return await tx.all(
            Planned,
            """SELECT member_id, kind, study_day, due_at, useful_until, not_before, state, attempts
               FROM prompts ORDER BY id""",
        )


async def all_rhythms(services: Services) -> list[Rhythm]:
    async with services.records.reading() as tx:
        return await rhythms.after(tx, 0, 100_000)


async def rhythm(services: Services, kind: Kind) -> Rhythm:
    [found] = [rhythm for rhythm in await all_rhythms(services) if rhythm.kind is kind]
    return found


def local(text: str, zone: str = CHICAGO) -> datetime:
    clock = VirtualClock()
    clock.set(text, zone)
    return clock()


async def test_a_rhythm_that_is_due_becomes_one_prompt_and_moves_on(
    services: Services, people: People, clock: VirtualClock
) -> None:
    await join(services, people, clock)
    clock.set(EVENING)
    assert await services.planning.plan_due(clock() - timedelta(milliseconds=1)) == 0
    assert await planned(services) == []
    assert await services.planning.plan_due(clock()) == 1
    [prompt] = await planned(services)
    assert prompt == Planned(
        member_id=1,
        kind=Kind.EVENING,
        study_day=MONDAY,
        due_at=local(EVENING),
        useful_until=local("2026-03-03 21:00"),
        not_before=local(EVENING),
        state=State.PLANNED,
        attempts=0,
    )
    moved = await rhythm(services, Kind.EVENING)
    assert (moved.last_day, moved.next_day) == (MONDAY, MONDAY + DAY)
    assert (moved.next_due_at, moved.useful_until) == (local("2026-03-03 21:00"), local("2026-03-04 21:00"))
    waiting = await rhythm(services, Kind.MORNING)
    assert (waiting.next_day, waiting.next_due_at) == (MONDAY + DAY, local("2026-03-03 07:30"))


async def test_planning_the_same_moment_again_changes_nothing(
    services: Services, people: People, clock: VirtualClock
) -> None:
    await join(services, people, clock)
    clock.set("2026-03-03 07:30")
    assert await services.planning.plan_due(clock()) == 2
    before = (await planned(services), await all_rhythms(services))
    assert await services.planning.plan_due(clock()) == 0
    assert (await planned(services), await all_rhythms(services)) == before


async def test_planning_twice_at_once_plans_once(services: Services, people: People, clock: VirtualClock) -> None:
    await join(services, people, clock)
    clock.set(EVENING)
    counts = await asyncio.gather(*(services.planning.plan_due(clock()) for _ in range(3)))
    assert sorted(counts) == [0, 0, 1]
    assert len(await planned(services)) == 1


async def test_the_last_day_that_was_planned_is_where_a_member_now_is(
    services: Services, people: People, clock: VirtualClock
) -> None:
    await join(services, people, clock)

    async def latest_day() -> date:
        async with services.records.reading() as tx:
            return (await timetables.of_member(tx, 1)).latest_day

    assert await latest_day() == MONDAY
    clock.set("2026-03-03 07:30")
    await services.planning.plan_due(clock())
    assert await latest_day() == MONDAY + DAY
    clock.move(days=-3)  # the host's clock is set back
    await services.planning.plan_due(clock())
    assert await latest_day() == MONDAY + DAY


async def test_a_failure_between_the_prompt_and_its_rhythm_changes_nothing(
    services: Services, people: People, clock: VirtualClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    await join(services, people, clock)
    clock.set(EVENING)
    before = await all_rhythms(services)

    async def fails(*_: Any) -> None:
        raise ZeroDivisionError

    with monkeypatch.context() as broken:
        broken.setattr(rhythms, "advance", fails)
        with pytest.raises(ZeroDivisionError):
            await services.planning.plan_due(clock())
    assert await planned(services) == []
    assert await all_rhythms(services) == before
    assert await services.planning.plan_due(clock()) == 1


async def test_cut_off_at_any_wait_a_prompt_and_its_rhythm_agree(
    services: Services, people: People, clock: VirtualClock
) -> None:
    for member in range(1, 4):
        await join(services, people, clock, member)
    clock.set(EVENING)

    async def plan() -> None:
        await services.planning.plan_due(clock())

    moment = 0
    while await cancelled_at(plan, {moment}):
        asked = {(prompt.member_id, prompt.study_day) for prompt in await planned(services)}
        moved = {(each.member_id, MONDAY) for each in await all_rhythms(services) if each.last_day == MONDAY}
        evenings = {each.member_id for each in await all_rhythms(services) if each.kind is Kind.EVENING}
        assert asked == {(member, day) for member, day in moved if member in evenings and asked}
        moment += 1
        async with services.records.writing() as tx:
            await tx.execute("DELETE FROM prompts")
            await tx.execute(
                """UPDATE rhythms SET next_day = '2026-03-02', next_due_at = :due, last_day = '2026-03-01'
                   WHERE kind = 'evening'""",
                due=local(EVENING),
            )
    assert moment >= 4


async def test_hours_late_it_is_still_the_day_that_was_meant(
    services: Services, people: People, clock: VirtualClock
) -> None:
    await join(services, people, clock)
    clock.set(EVENING)
    await services.planning.plan_due(clock())
    clock.set("2026-03-03 10:45")
    await services.planning.plan_due(clock())
    _, morning = await planned(services)
    assert (morning.kind, morning.study_day, morning.due_at) == (
        Kind.MORNING,
        MONDAY + DAY,
        local("2026-03-03 07:30"),
    )
    assert (await rhythm(services, Kind.MORNING)).next_due_at == local("2026-03-04 07:30")


async def test_days_late_only_what_still_helps_is_planned_beside_what_was_next(
    services: Services, people: People, clock: VirtualClock
) -> None:
    """From Monday afternoon to Friday noon: Wednesday is never mentioned."""
    await join(services, people, clock)
    clock.set("2026-03-06 12:00")
    await services.planning.plan_due(clock())
    found = {(prompt.kind, prompt.study_day.day): prompt for prompt in await planned(services)}
    assert set(found) == {(Kind.EVENING, 2), (Kind.MORNING, 3), (Kind.EVENING, 5), (Kind.MORNING, 6)}
    useful = {key for key, prompt in found.items() if prompt.useful_until > clock()}
    assert useful == {(Kind.EVENING, 5), (Kind.MORNING, 6)}
    while await services.delivery.claim(clock(), 45):
        pass
    ends = {(prompt.kind, prompt.study_day.day): prompt.state for prompt in await planned(services)}
    assert ends == {
        (Kind.EVENING, 2): State.NOT_ASKED,
        (Kind.MORNING, 3): State.NOT_ASKED,
        (Kind.EVENING, 5): State.MERGED,
        (Kind.MORNING, 6): State.SENDING,
    }
    assert [each.next_due_at for each in await all_rhythms(services)] == [
        local("2026-03-07 07:30"),
        local("2026-03-06 21:00"),
    ]


ZONES = (CHICAGO, "Asia/Manila", "Pacific/Kiritimati", "Africa/Lagos", "America/St_Johns", "Europe/London")
PAUSES = st.lists(
    st.sampled_from([MINUTE, timedelta(hours=1), timedelta(hours=7), timedelta(hours=13), DAY, 3 * DAY, 9 * DAY]),
    min_size=1,
    max_size=10,
)


def test_at_every_look_what_can_still_help_has_been_planned_once_and_nothing_early(
    migrated: Path, tmp_path: Path
) -> None:
    """Across the spring changes of clocks, with a program that is away for minutes or for days."""
    shutil.copy(migrated, tmp_path / "comeback.db")
    records = Records(tmp_path / "comeback.db", tmp_path / "comeback.key")

    async def live(zone: str, pauses: list[timedelta]) -> None:
        clock = VirtualClock()
        services = build_services(records, clock, ())
        async with records.writing() as tx:
            await tx.execute("DELETE FROM members")
            await tx.execute("DELETE FROM cohorts")
        await join(services, People(), clock, zone=zone)
        first = {each.kind: each.next_day for each in await all_rhythms(services)}
        for pause in pauses:
            clock.now += pause
            before = len(await planned(services))
            assert await services.planning.plan_due(clock()) == len(await planned(services)) - before
            await check(services, clock(), first)

    async def check(services: Services, now: datetime, first: dict[Kind, date]) -> None:
        found = await planned(services)
        assert all(prompt.due_at <= now for prompt in found)
        assert all(each.next_due_at > now for each in await all_rhythms(services))
        async with records.reading() as tx:
            [member] = await tx.all(int, "SELECT id FROM members")
            table = await timetables.of_member(tx, member)
        asked = [(prompt.kind, prompt.study_day) for prompt in found]
        assert len(asked) == len(set(asked))
        for kind, start in first.items():
            for day in (now.date() + shift * DAY for shift in range(-3, 3)):
                helps = days.due_at(kind, day, table) <= now < days.useful_until(kind, day, table)
                if helps and day >= start:
                    assert (kind, day) in asked

    with asyncio.Runner() as runner:
        runner.run(records.open())

        @settings(max_examples=40, deadline=None)
        @given(st.sampled_from(ZONES), PAUSES)
        def holds(zone: str, pauses: list[timedelta]) -> None:
            runner.run(live(zone, pauses))

        try:
            holds()
        finally:
            runner.run(records.close())


async def test_a_thousand_who_are_due_at_once_are_planned_in_slices(
    services: Services, clock: VirtualClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    await crowd(services, clock, 1_000)
    sizes: list[int] = []
    plan = prompts.plan

    async def counted(tx: Any, due: Sequence[Rhythm]) -> None:
        sizes.append(len(due))
        await plan(tx, due)

    monkeypatch.setattr(prompts, "plan", counted)
    assert await services.planning.plan_due(clock()) == 1_000
    assert sizes == [planning.SLICE] * 5
    found = await planned(services)
    assert sorted(prompt.member_id for prompt in found) == list(range(1, 1_001))
    assert {prompt.study_day for prompt in found} == {MONDAY}
    assert {each.next_day for each in await all_rhythms(services)} == {MONDAY + DAY}


async def test_what_fails_in_one_slice_leaves_the_earlier_ones_done_and_the_rest_to_do(
    services: Services, clock: VirtualClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    await crowd(services, clock, 500)
    advance, calls = rhythms.advance, 0

    async def fails_the_second_time(tx: Any, steps: Any) -> None:
        nonlocal calls
        calls += 1
        if calls == 2:
            raise ZeroDivisionError
        await advance(tx, steps)

    with monkeypatch.context() as broken:
        broken.setattr(rhythms, "advance", fails_the_second_time)
        with pytest.raises(ZeroDivisionError):
            await services.planning.plan_due(clock())
    assert len(await planned(services)) == planning.SLICE
    assert await services.planning.plan_due(clock()) == 500 - planning.SLICE
    assert len({prompt.member_id for prompt in await planned(services)}) == 500


async def test_nobodys_button_waits_for_all_slices(
    services: Services, people: People, clock: VirtualClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    await crowd(services, clock, 1_000)
    begun = asyncio.Event()
    plan = prompts.plan

    async def tells(tx: Any, due: Sequence[Rhythm]) -> None:
        begun.set()
        await plan(tx, due)

    monkeypatch.setattr(prompts, "plan", tells)
    work = asyncio.create_task(services.planning.plan_due(clock()))
    await begun.wait()
    await services.joining.stop(people.actor(1), clock())
    assert not work.done()
    assert await work == 1_000


async def test_a_moment_in_which_nothing_is_due_needs_no_writer(
    services: Services, people: People, clock: VirtualClock, tmp_path: Path
) -> None:
    await join(services, people, clock)
    other = sqlite3.connect(tmp_path / "comeback.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    assert await services.planning.plan_due(clock()) == 0
    other.close()


async def test_what_has_served_its_time_is_dropped_and_what_is_in_doubt_is_not(
    services: Services, people: People, clock: VirtualClock
) -> None:
    await join(services, people, clock)
    async with services.records.writing() as tx:
        for number, state, ago in ((1, "sent", 36), (2, "sent", 34), (3, "unknown", None), (4, "not_asked", 36)):
            await tx.execute(
                """INSERT INTO prompts (member_id, kind, study_day, due_at, useful_until, not_before, state, settled_at)
                   VALUES (1, 'morning', :day, 0, 0, 0, :state, :settled)""",
                day=f"2026-01-{number:02}",
                state=state,
                settled=None if ago is None else clock() - ago * DAY,
            )
        assert await applied.first_time(tx, "old", 1001, clock() - 36 * DAY)
        assert await applied.first_time(tx, "new", 1002, clock() - 34 * DAY)
    draft = Draft(form="evening", values={"line": "A line."})
    old = await services.drafts.keep(people.actor(), draft, clock() - DAY)
    new = await services.drafts.keep(people.actor(), draft, clock() - DAY + MINUTE)
    await services.planning.tidy(clock())
    assert [prompt.study_day.day for prompt in await planned(services)] == [2, 3]
    async with services.records.reading() as tx:
        assert await tx.all(str, "SELECT operation FROM applied") == ["new"]
        assert await tx.all(int, "SELECT id FROM drafts") == [new]
    assert old != new
