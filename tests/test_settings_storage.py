"""What a member changes holds from today on, asks nothing twice, takes nothing back, and is still there tomorrow."""

import asyncio
import shutil
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.app import build_services
from bot.domain import days, ledgers
from bot.domain.blocks import Typed
from bot.domain.check_ins import Outcome
from bot.domain.days import DAY, Kind
from bot.domain.errors import NotFound, UserError
from bot.domain.ledgers import DayKind, Ledger
from bot.domain.phases import Phase
from bot.services import Services
from bot.services.actors import Actor, NotJoined
from bot.services.pages import page_of
from bot.services.records import Records
from bot.services.settings import Choices
from bot.storage import cohorts as cohort_store
from bot.storage.cohorts import Cohort
from bot.storage.ledgers import Page
from bot.storage.rhythms import Rhythm
from tests.conftest import People, VirtualClock

CHICAGO, MANILA, LONDON = "America/Chicago", "Asia/Manila", "Europe/London"
MONDAY = date(2026, 3, 2)
ANA, BEN, MOD = 101, 102, 9
HERE, ELSEWHERE = 5, 6


@dataclass
class Desk:
    """A member, what they change, and a look at what is kept about them."""

    services: Services
    people: People
    clock: VirtualClock
    member: int = ANA

    @property
    def me(self) -> Actor:
        return self.people.actor(self.member)

    async def cohort(self, name: str = "Spring", guild: int = HERE) -> Cohort:
        await self.services.cohorts.create(self.people.actor(MOD), guild, name, 7, True, self.clock())
        return await self.services.joining.cohort_to_join(guild, name)

    async def join(self, cohort: Cohort, phase: Phase = Phase.REBUILDING, zone: str = CHICAGO) -> None:
        await self.services.joining.enrol(self.me, cohort.guild_id, cohort.id, phase, zone, "US", self.clock())

    async def move(self, zone: str, country: str = "") -> Choices:
        actor = self.me
        return await self.services.settings.move(actor, zone, country, self.clock(), operation=f"{actor}")

    async def times(self, morning: str = "", evening: str = "") -> Choices:
        actor = self.me
        return await self.services.settings.set_times(actor, morning, evening, self.clock(), operation=f"{actor}")

    async def cut(self, hour: str) -> Choices:
        actor = self.me
        return await self.services.settings.set_cut(actor, hour, self.clock(), operation=f"{actor}")

    async def block(self, size: str) -> Choices:
        actor = self.me
        return await self.services.settings.set_block_size(actor, size, self.clock(), operation=f"{actor}")

    async def country(self, code: str) -> Choices:
        actor = self.me
        return await self.services.settings.set_country(actor, code, self.clock(), operation=f"{actor}")

    async def phase(self, phase: Phase) -> Choices:
        return await self.services.settings.set_phase(self.me, phase, self.clock())

    async def leave(self, cohort: int | str = "") -> int:
        """Returns the pause that it began."""
        return (await self.services.settings.leave(self.me, cohort, self.clock())).pause_id

    async def come_back(self, cohort: Cohort, pause: int = 0) -> Choices:
        return (await self.services.settings.come_back(self.me, cohort.id, pause, self.clock())).choices

    async def look(self) -> Choices:
        return await self.services.settings.look(self.me, self.clock())

    async def page(self) -> Page:
        async with self.services.records.reading() as tx:
            return await page_of(tx, self.me, self.clock(), date(2026, 1, 1))

    async def rhythms(self) -> dict[Kind, Rhythm]:
        return {rhythm.kind: rhythm for rhythm in (await self.page()).rhythms}

    async def today(self) -> date:
        return days.study_day(self.clock(), (await self.page()).ledger.timetable)

    async def asked(self) -> list[str]:
        async with self.services.records.reading() as tx:
            return await tx.all(str, "SELECT kind || ' ' || study_day FROM prompts WHERE kind <> 'welcome' ORDER BY id")

    async def at(self, local: str, zone: str = CHICAGO) -> None:
        """Let it be that time, and plan what is due then."""
        self.clock.set(local, zone)
        await self.services.planning.plan_due(self.clock())

    async def everything(self) -> dict[str, list[tuple[Any, ...]]]:
        """All rows of all tables, but for the notes of which acts were done."""
        async with self.services.records.reading() as tx:
            names = await tx.all(
                str,
                """SELECT name FROM sqlite_master
                   WHERE type = 'table' AND name NOT IN ('applied', 'sqlite_sequence')""",
            )
            return {name: [tuple(row) for row in await tx.rows(f"SELECT * FROM {name}")] for name in names}

    async def write(self, sql: str, **values: object) -> None:
        async with self.services.records.writing() as tx:
            await tx.execute(sql, **values)

    async def nights(self, from_day: str, to_day: str) -> None:
        """Awake from four in the afternoon to half past eight in the morning."""
        await self.write(
            """INSERT INTO spans (member_id, kind, from_day, to_day, cut_hour, morning_minute, evening_minute)
               VALUES (1, 'nights', :from_day, :to_day, 10, 960, 510)""",
            from_day=from_day,
            to_day=to_day,
        )


@pytest.fixture
def desk(services: Services, people: People, clock: VirtualClock) -> Desk:
    return Desk(services, people, clock)


@pytest.fixture
async def joined(desk: Desk) -> Cohort:
    """Ana's cohort, joined at noon on a Monday in Chicago."""
    cohort = await desk.cohort()
    await desk.join(cohort)
    return cohort


def local(text: str, zone: str = CHICAGO) -> datetime:
    clock = VirtualClock()
    clock.set(text, zone)
    return clock()


# --- everything is kept


async def test_everything_chosen_is_found_again_after_a_restart(desk: Desk, joined: Cohort) -> None:
    await desk.move(LONDON, "GB")
    await desk.times("6:30", "22:00")
    await desk.cut("3")
    await desk.block("40")
    await desk.country("JM")
    before = await desk.phase(Phase.EXAM_BOOKED)
    await desk.services.records.close()
    await desk.services.records.open()
    assert await desk.look() == before
    assert before.clock == days.Clock(zone=LONDON, cut_hour=3, morning_minute=390, evening_minute=1320)
    assert (before.block_size, before.country, before.phase) == (40, "JM", Phase.EXAM_BOOKED)
    assert [cohort.name for cohort in before.cohorts] == ["Spring"]


async def test_a_move_keeps_times_and_cut_and_leaves_the_days_before_it_where_they_were(
    desk: Desk, joined: Cohort
) -> None:
    await desk.times("6:30", "22:00")
    await desk.cut("3")
    await desk.at("2026-03-05 12:00")
    await desk.move(LONDON, "GB")
    table = (await desk.page()).ledger.timetable
    assert [table.on(MONDAY + shift * DAY).zone for shift in range(5)] == [CHICAGO] * 3 + [LONDON] * 2
    assert {(clock.cut_hour, clock.morning_minute, clock.evening_minute) for _, clock in table.clocks} == {
        (3, 390, 1320)
    }


async def test_a_place_brings_its_country_and_one_without_keeps_the_one_that_was_known(
    desk: Desk, joined: Cohort
) -> None:
    assert (await desk.move(MANILA, "PH")).country == "PH"
    assert (await desk.move("Etc/UTC")).country == "PH"


@pytest.mark.parametrize("zone", ["Nowhere/Atall", "", "..", "America/Chicago\u200b"])
async def test_a_zone_that_is_none_changes_nothing(desk: Desk, joined: Cohort, zone: str) -> None:
    before = await desk.everything()
    with pytest.raises(UserError):
        await desk.move(zone, "PH")
    assert await desk.everything() == before


async def test_the_same_choice_again_leaves_no_second_clock(desk: Desk, joined: Cohort) -> None:
    await desk.at("2026-03-05 12:00")
    for _ in range(2):
        await desk.times("6:30")
        await desk.at("2026-03-06 12:00")
    assert len((await desk.page()).ledger.timetable.clocks) == 2


# --- what comes next


@pytest.mark.parametrize(
    ("now", "morning", "evening", "next_morning", "next_evening"),
    [
        ("2026-03-03 05:00", "6:30", "", "2026-03-03 06:30", "2026-03-03 21:00"),
        ("2026-03-03 07:00", "6:30", "", "2026-03-03 06:30", "2026-03-03 21:00"),
        ("2026-03-03 07:30", "9:00", "", "2026-03-04 09:00", "2026-03-03 21:00"),
        ("2026-03-03 12:00", "6:30", "18:00", "2026-03-04 06:30", "2026-03-03 18:00"),
        ("2026-03-03 19:00", "", "18:00", "2026-03-04 07:30", "2026-03-03 18:00"),
        ("2026-03-03 21:00", "", "23:00", "2026-03-04 07:30", "2026-03-04 23:00"),
        ("2026-03-04 02:00", "", "3 am", "2026-03-04 07:30", "2026-03-05 03:00"),
    ],
)
async def test_new_times_hold_for_the_rest_of_today_and_ask_nothing_twice(
    desk: Desk, joined: Cohort, now: str, morning: str, evening: str, next_morning: str, next_evening: str
) -> None:
    for earlier in ("2026-03-02 21:00", "2026-03-03 07:30", "2026-03-03 21:00"):
        if earlier <= now:
            await desk.at(earlier)
    await desk.at(now)
    done = await desk.times(morning, evening)
    due = {kind: rhythm.next_due_at for kind, rhythm in (await desk.rhythms()).items()}
    assert due == {Kind.MORNING: local(next_morning), Kind.EVENING: local(next_evening)}
    assert done.next_due == max(local(now), min(due.values()))


async def test_a_time_already_gone_today_is_asked_once_and_at_once(desk: Desk, joined: Cohort) -> None:
    await desk.at("2026-03-03 07:00")
    assert (await desk.times("6:30")).next_due == local("2026-03-03 07:00")
    await desk.at("2026-03-03 07:00")
    await desk.at("2026-03-03 07:30")
    await desk.at("2026-03-03 20:00")
    assert (await desk.asked()).count("morning 2026-03-03") == 1


async def test_a_prompt_that_is_due_this_moment_is_not_lost_by_a_change(desk: Desk, joined: Cohort) -> None:
    """Planning looks every second; whoever changes something in between is asked all the same."""
    desk.clock.set("2026-03-02 21:00")
    for change in (desk.block("40"), desk.cut("3"), desk.move("America/Menominee", "US"), desk.times("6:00")):
        await change
    await desk.services.planning.plan_due(desk.clock())
    assert await desk.asked() == ["evening 2026-03-02"]


@pytest.mark.parametrize(
    ("now", "cut", "today"),
    [
        ("2026-03-03 02:00", "1", "2026-03-03"),
        ("2026-03-03 02:00", "6", "2026-03-02"),
        ("2026-03-03 05:00", "6", "2026-03-03"),
        ("2026-03-03 23:30", "23", "2026-03-03"),
        ("2026-03-03 00:30", "0", "2026-03-03"),
    ],
)
async def test_another_cut_never_turns_the_day_back(desk: Desk, joined: Cohort, now: str, cut: str, today: str) -> None:
    await desk.at("2026-03-02 21:00")
    await desk.at(now)
    before = await desk.today()
    await desk.cut(cut)
    assert await desk.today() == date.fromisoformat(today) >= before


@pytest.mark.parametrize(
    ("zone", "now", "next_morning"),
    [
        # Asked on Tuesday in Chicago already: the next one is Wednesday's, wherever.
        (MANILA, "2026-03-03 08:00", "2026-03-04 07:30"),
        (LONDON, "2026-03-03 08:00", "2026-03-04 07:30"),
        ("Pacific/Pago_Pago", "2026-03-03 08:00", "2026-03-04 07:30"),
        ("Pacific/Kiritimati", "2026-03-03 08:00", "2026-03-04 07:30"),
        # Not asked yet: Tuesday's comes at its time there, at once if that has gone.
        (LONDON, "2026-03-03 04:30", "2026-03-03 07:30"),
        ("America/Los_Angeles", "2026-03-03 04:30", "2026-03-03 07:30"),
    ],
)
async def test_a_move_east_or_west_leaves_one_morning_for_each_study_day(
    desk: Desk, joined: Cohort, zone: str, now: str, next_morning: str
) -> None:
    await desk.at("2026-03-02 21:00")
    await desk.at(now)
    await desk.move(zone)
    assert (await desk.rhythms())[Kind.MORNING].next_due_at == local(next_morning, zone)


async def test_a_move_over_the_date_line_and_back_asks_each_day_once(desk: Desk, joined: Cohort) -> None:
    for now, zone in (
        ("2026-03-03 07:30", CHICAGO),
        ("2026-03-03 12:00", "Pacific/Kiritimati"),
        ("2026-03-03 18:00", CHICAGO),
        ("2026-03-04 12:00", "Pacific/Pago_Pago"),
        ("2026-03-05 08:00", CHICAGO),
    ):
        await desk.at(now)
        before = await desk.today()
        await desk.move(zone)
        assert await desk.today() >= before
    for day in range(3, 9):
        for hour in range(24):
            await desk.at(f"2026-03-{day:02d} {hour:02d}:59")
    asked = await desk.asked()
    assert len(asked) == len(set(asked))
    assert [f"morning 2026-03-{day:02d}" in asked for day in range(3, 9)] == [True] * 6


# --- nights


async def test_on_nights_new_times_are_for_the_ordinary_days(desk: Desk, joined: Cohort) -> None:
    await desk.nights("2026-03-02", "2026-03-04")
    done = await desk.times("6:30", "20:00")
    assert done.nights is not None
    assert (done.clock.morning_minute, done.clock.evening_minute) == (390, 1200)
    done = await desk.cut("3")
    assert done.clock.cut_hour == 3
    table = (await desk.page()).ledger.timetable
    assert days.due_at(Kind.MORNING, MONDAY + DAY, table) == local("2026-03-03 16:00")
    assert days.due_at(Kind.MORNING, MONDAY + 4 * DAY, table) == local("2026-03-06 06:30")


async def test_on_nights_a_move_takes_the_nights_along(desk: Desk, joined: Cohort) -> None:
    await desk.nights("2026-03-02", "2026-03-04")
    await desk.move(LONDON, "GB")
    table = (await desk.page()).ledger.timetable
    assert days.due_at(Kind.MORNING, MONDAY + DAY, table) == local("2026-03-03 16:00", LONDON)


# --- nothing is taken back

Past = tuple[dict[date, tuple[DayKind, bool, bool]], Any, list[date]]


def past(ledger: Ledger, until: date) -> Past:
    """What every day up to `until` was, whether it was kept or silent, and what is derived from them."""
    told = {
        day: (ledgers.kind(ledger, day), ledgers.is_kept(ledger, day), ledgers.is_silent(ledger, day))
        for day in (ledger.started_day + number * DAY for number in range((until - ledger.started_day).days + 1))
    }
    weeks = {days.week_start(day) for day in told}
    reserves = [day for week in sorted(weeks) for day in ledgers.reserve_days(ledger, week, until)]
    return told, (ledgers.capacity(ledger, until), ledgers.kept_days(ledger, until)), reserves


async def lived(desk: Desk) -> tuple[Cohort, Cohort]:
    """Three weeks in two cohorts: work, answers, silence, rest, and a pause of one cohort. It is now 23 March."""
    spring, autumn = await desk.cohort("Spring"), await desk.cohort("Autumn", ELSEWHERE)
    await desk.join(spring)
    await desk.write(
        "INSERT INTO spans (member_id, kind, from_day, to_day) VALUES (1, 'rest', '2026-03-10', '2026-03-10')"
    )
    await desk.write("INSERT INTO rest_weekdays (member_id, from_day, mask) VALUES (1, '2026-03-02', 64)")
    await desk.write(
        """INSERT INTO spans (cohort_id, kind, from_day, to_day)
           VALUES (:cohort, 'pause', '2026-03-12', '2026-03-13')""",
        cohort=spring.id,
    )
    for day, questions, outcome in ((2, 40, None), (3, 0, Outcome.KEPT), (5, 25, Outcome.SOME), (17, 60, None)):
        desk.clock.set(f"2026-03-{day:02d} 20:00")
        if questions:
            await desk.services.blocks.log(desk.me, Typed(amount=str(questions)), desk.clock(), operation=f"log {day}")
        if outcome:
            await desk.services.check_ins.answer(desk.me, date(2026, 3, day), outcome, desk.clock())
    await desk.at("2026-03-23 12:00")
    await desk.join(autumn)
    return spring, autumn


Change = Callable[[Desk, Cohort], Awaitable[Any]]

CHANGES: dict[str, Change] = {
    "east": lambda desk, _: desk.move(MANILA, "PH"),
    "west": lambda desk, _: desk.move("Pacific/Pago_Pago", "AS"),
    "over the date line": lambda desk, _: desk.move("Pacific/Kiritimati", "KI"),
    "times": lambda desk, _: desk.times("10:00", "1 am"),
    "cut": lambda desk, _: desk.cut("0"),
    "blocks": lambda desk, _: desk.block("50"),
    "country": lambda desk, _: desk.country("JM"),
    "not ready": lambda desk, _: desk.phase(Phase.NOT_READY),
    "booked": lambda desk, _: desk.phase(Phase.EXAM_BOOKED),
    "leave": lambda desk, cohort: desk.leave(cohort.id),
}


@pytest.mark.parametrize("change", CHANGES)
async def test_no_change_takes_back_what_the_days_before_it_were(desk: Desk, change: str) -> None:
    spring, _ = await lived(desk)
    today = await desk.today()
    before = past((await desk.page()).ledger, today - DAY)
    assert before[1][1] == 4
    kept_today = ledgers.is_kept((await desk.page()).ledger, today)
    await CHANGES[change](desk, spring)
    after = (await desk.page()).ledger
    assert past(after, today - DAY) == before
    assert ledgers.is_kept(after, today) == kept_today


async def test_leaving_and_coming_back_takes_nothing_back_either(desk: Desk) -> None:
    spring, autumn = await lived(desk)
    today = await desk.today()
    before = past((await desk.page()).ledger, today)
    await desk.leave(autumn.id)
    pause = await desk.leave(spring.id)
    await desk.come_back(spring, pause)
    await desk.come_back(autumn)
    assert past((await desk.page()).ledger, today) == before


# --- a week of anything


ZONES = (
    *(CHICAGO, MANILA, LONDON, "Pacific/Kiritimati", "Pacific/Pago_Pago", "Asia/Kolkata", "Australia/Lord_Howe"),
    *("Africa/Cairo", "America/Havana", "America/Santiago", "America/St_Johns"),
)
WEEKS = ("2026-03-05", "2026-03-27", "2026-04-02", "2026-04-22", "2026-09-03", "2026-10-23", "2026-10-29")
"""Each begins before the clocks change here or there."""


def moment_of(week: str, minutes: int) -> datetime:
    return datetime.fromisoformat(f"{week}T00:00+00:00") + timedelta(minutes=minutes)


BEGINNINGS = st.builds(moment_of, st.sampled_from(WEEKS), st.integers(0, 60 * 24 * 4))
Wish = Callable[[Desk], Awaitable[Any]]


def move_to(zone: str) -> Wish:
    return lambda desk: desk.move(zone)


def other_times(morning: int, evening: int) -> Wish:
    first, last = (f"{minute // 60:02d}:{minute % 60:02d}" for minute in (morning, evening))
    return lambda desk: desk.times(first, last)


def other_cut(hour: int) -> Wish:
    return lambda desk: desk.cut(f"{hour}:00")


def other_phase(phase: Phase) -> Wish:
    return lambda desk: desk.phase(phase)


MINUTES = st.integers(0, 1439)
WISHES = st.one_of(
    st.builds(move_to, st.sampled_from(ZONES)),
    st.builds(other_times, MINUTES, MINUTES),
    st.builds(other_cut, st.integers(0, 23)),
    st.builds(other_phase, st.sampled_from((Phase.NOT_READY, Phase.REBUILDING))),
)
STEPS = st.lists(st.tuples(st.integers(0, 20 * 60), st.none() | WISHES), min_size=1, max_size=16)


def test_whatever_is_changed_when_each_day_is_asked_about_once_and_none_comes_back(
    migrated: Path, tmp_path: Path
) -> None:
    """A week or so of planning, with moves, other times and other cuts in between."""
    shutil.copy(migrated, tmp_path / "comeback.db")
    records = Records(tmp_path / "comeback.db", tmp_path / "comeback.key")

    async def live(began: datetime, zone: str, steps: list[tuple[int, Wish | None]]) -> None:
        async with records.writing() as tx:
            for table in ("members", "cohorts", "applied"):
                await tx.execute(f"DELETE FROM {table}")
        clock = VirtualClock(began)
        desk = Desk(build_services(records, clock, ()), People(), clock)
        await desk.join(await desk.cohort(), zone=zone)
        first = {kind: rhythm.next_day for kind, rhythm in (await desk.rhythms()).items()}
        today, history = await desk.today(), past((await desk.page()).ledger, await desk.today() - DAY)
        for minutes, wish in steps:
            clock.now += timedelta(minutes=minutes)
            await plan(desk)
            if wish is not None:
                today = await desk.today()
                history = past((await desk.page()).ledger, today - DAY)
                try:
                    await wish(desk)
                except UserError:
                    continue  # times that don't fit each other
                assert past((await desk.page()).ledger, today - DAY) == history
                await plan(desk)
            assert await desk.today() >= today, "the current day never goes back"
            today = await desk.today()
            await nothing_is_missing(desk, first)

    async def plan(desk: Desk) -> None:
        before = len(await desk.asked())
        assert await desk.services.planning.plan_due(desk.clock()) == len(await desk.asked()) - before, "asked twice"

    async def nothing_is_missing(desk: Desk, first: dict[Kind, date]) -> None:
        table, day, asked = (await desk.page()).ledger.timetable, await desk.today(), await desk.asked()
        for kind, begin in first.items():
            helps = days.due_at(kind, day, table) <= desk.clock() < days.useful_until(kind, day, table)
            assert not helps or day < begin or f"{kind} {day}" in asked

    with asyncio.Runner() as runner:
        runner.run(records.open())

        @settings(max_examples=40, deadline=None)
        @given(BEGINNINGS, st.sampled_from(ZONES), STEPS)
        def holds(began: datetime, zone: str, steps: list[tuple[int, Wish | None]]) -> None:
            runner.run(live(began, zone, steps))

        try:
            holds()
        finally:
            runner.run(records.close())


# --- where somebody is


async def test_where_somebody_is_holds_from_today_on(desk: Desk, joined: Cohort) -> None:
    await desk.at("2026-03-05 12:00")
    await desk.phase(Phase.NOT_READY)
    ledger = (await desk.page()).ledger
    kinds = [ledgers.kind(ledger, MONDAY + shift * DAY) for shift in range(5)]
    assert kinds == [DayKind.PLANNED] * 3 + [DayKind.GENTLE] * 2


async def test_the_same_answer_again_does_not_begin_the_gentle_days_anew(desk: Desk) -> None:
    await desk.join(await desk.cohort(), Phase.NOT_READY)
    await desk.at("2026-03-05 12:00")
    await desk.phase(Phase.NOT_READY)
    ledger = (await desk.page()).ledger
    assert ledgers.phase(ledger, MONDAY + 3 * DAY) == (Phase.NOT_READY, MONDAY)


@pytest.mark.parametrize("phase", [Phase.REBUILDING, Phase.EXAM_BOOKED])
async def test_leaving_the_gentle_path_lets_messages_come_again(desk: Desk, phase: Phase) -> None:
    await desk.join(await desk.cohort(), Phase.JUST_FOUND_OUT)
    await desk.services.joining.stop(desk.me, desk.clock())
    assert (await desk.look()).is_paused
    done = await desk.phase(phase)
    assert not done.is_paused
    assert done.next_due == local("2026-03-02 21:00")


async def test_a_pause_for_another_reason_goes_on(desk: Desk, joined: Cohort) -> None:
    await desk.services.joining.stop(desk.me, desk.clock())
    assert (await desk.phase(Phase.EXAM_BOOKED)).is_paused


async def test_after_the_exam_ready_to_plan_plans_again_even_if_it_was_said_before(desk: Desk, joined: Cohort) -> None:
    await desk.write("INSERT INTO exam_dates (member_id, from_day, date) VALUES (1, '2026-03-02', '2026-03-05')")
    await desk.at("2026-03-07 12:00")
    ledger = (await desk.page()).ledger
    assert ledgers.kind(ledger, await desk.today()) is DayKind.WAITING
    await desk.phase(Phase.REBUILDING)
    ledger = (await desk.page()).ledger
    assert ledgers.kind(ledger, await desk.today()) is DayKind.PLANNED
    assert ledgers.kind(ledger, MONDAY + 4 * DAY) is DayKind.WAITING


# --- leaving


async def size(desk: Desk, cohort: Cohort) -> int:
    async with desk.services.records.reading() as tx:
        return await cohort_store.size(tx, cohort.id)


async def pauses(desk: Desk) -> list[str]:
    async with desk.services.records.reading() as tx:
        return await tx.all(
            str,
            "SELECT from_day || ' to ' || to_day FROM spans WHERE kind = 'pause' AND member_id IS NOT NULL ORDER BY id",
        )


async def test_leaving_the_last_cohort_stops_messages_and_erases_nothing(desk: Desk, joined: Cohort) -> None:
    await desk.services.blocks.log(desk.me, Typed(amount="40"), desk.clock(), operation="log")
    before = await desk.everything()
    assert await desk.leave()
    after = await desk.everything()
    assert {name for name in before if before[name] != after[name]} == {"enrolments", "spans"}
    choices = await desk.look()
    assert (choices.cohorts, choices.is_paused, choices.next_due) == ((), True, None)
    assert await size(desk, joined) == 0
    today = await desk.services.today.look(desk.me, desk.clock())
    assert today.kept


async def test_leaving_one_of_two_cohorts_leaves_messages_coming(desk: Desk, joined: Cohort) -> None:
    autumn = await desk.cohort("Autumn")
    await desk.join(autumn)
    assert not await desk.leave(" autumn ")
    choices = await desk.look()
    assert [cohort.name for cohort in choices.cohorts] == ["Spring"]
    assert choices.next_due == local("2026-03-02 21:00")


async def test_coming_back_is_as_if_nothing_had_been(desk: Desk, joined: Cohort) -> None:
    before = await desk.everything()
    for _ in range(2):
        pause = await desk.leave(joined.id)
        await desk.come_back(joined, pause)
    after = await desk.everything()
    assert after == before


async def test_coming_back_days_later_ends_the_pause_with_the_day_before(desk: Desk, joined: Cohort) -> None:
    pause = await desk.leave()
    await desk.at("2026-03-09 12:00")
    back = await desk.come_back(joined, pause)
    assert await pauses(desk) == ["2026-03-02 to 2026-03-08"]
    assert back.next_due == local("2026-03-09 21:00")


@pytest.mark.parametrize("end", ["2026-03-06", "9999-12-31"])
async def test_a_pause_of_ones_own_outlives_leaving_and_coming_back(desk: Desk, joined: Cohort, end: str) -> None:
    await desk.write(
        "INSERT INTO spans (member_id, kind, from_day, to_day) VALUES (1, 'pause', '2026-03-01', :end)", end=end
    )
    pause = await desk.leave()
    assert ledgers.is_paused((await desk.page()).ledger, MONDAY + 30 * DAY)
    await desk.come_back(joined, pause)
    assert await pauses(desk) == [f"2026-03-01 to {end}"]


async def test_joining_again_by_the_invitation_lets_messages_come_too(desk: Desk, joined: Cohort) -> None:
    await desk.leave()
    await desk.join(joined)
    choices = await desk.look()
    assert (len(choices.cohorts), choices.is_paused) == (1, False)


async def test_leaving_twice_at_once_leaves_once_and_both_find_the_way_back(desk: Desk, joined: Cohort) -> None:
    first, second = await asyncio.gather(desk.leave(joined.id), desk.leave(joined.id))
    assert first == second != 0
    assert len(await pauses(desk)) == 1
    backs = await asyncio.gather(desk.come_back(joined, first), desk.come_back(joined, second))
    assert all(len(back.cohorts) == 1 and not back.is_paused for back in backs)
    assert await pauses(desk) == []


async def test_a_leaving_that_is_delivered_again_after_coming_back_changes_nothing(desk: Desk, joined: Cohort) -> None:
    actor = desk.me
    left = await desk.services.settings.leave(actor, joined.id, desk.clock())
    await desk.come_back(joined, left.pause_id)
    await desk.services.settings.leave(actor, joined.id, desk.clock())
    assert len((await desk.look()).cohorts) == 1


async def test_nobody_comes_back_into_a_cohort_that_is_closed_or_that_they_never_were_in(
    desk: Desk, joined: Cohort
) -> None:
    theirs = await desk.cohort("Theirs", ELSEWHERE)
    pause = await desk.leave()
    await desk.write("UPDATE cohorts SET state = 'archived' WHERE id = :id", id=joined.id)
    before = await desk.everything()
    for cohort in (joined, theirs, replace(theirs, id=999_999)):
        with pytest.raises(NotFound):
            await desk.come_back(cohort, pause)
    assert await desk.everything() == before


async def test_somebody_elses_cohort_and_one_that_never_was_are_one_thing(desk: Desk, joined: Cohort) -> None:
    theirs = await desk.cohort("Theirs")
    await Desk(desk.services, desk.people, desk.clock, BEN).join(theirs)
    before = await desk.everything()
    said: dict[type, set[str]] = {int: set(), str: set()}
    for cohort in (theirs.id, 999_999, "Theirs", "Nothing of that name", str(theirs.id)):
        with pytest.raises(NotFound) as refused:
            await desk.leave(cohort)
        said[type(cohort)].add(str(refused.value))
    assert [len(sentences) for sentences in said.values()] == [1, 1]
    assert await desk.everything() == before


async def test_a_forged_way_back_ends_nobody_elses_pause(desk: Desk, joined: Cohort) -> None:
    ben = Desk(desk.services, desk.people, desk.clock, BEN)
    await ben.join(joined)
    theirs = await ben.leave()
    mine = await desk.leave()
    await desk.come_back(joined, theirs)
    assert (await ben.look()).is_paused
    assert mine != theirs


async def test_of_two_cohorts_with_one_name_the_list_says_which(desk: Desk, joined: Cohort) -> None:
    twin = await desk.cohort("Spring", ELSEWHERE)
    await desk.join(twin)
    for name in ("", "spring"):
        with pytest.raises(UserError) as refused:
            await desk.leave(name)
        assert "pick one from the list" in str(refused.value)
    await desk.leave(str(twin.id))
    assert [cohort.cohort_id for cohort in (await desk.look()).cohorts] == [joined.id]


# --- strangers, and acts that come twice


async def test_a_stranger_can_do_nothing_and_leaves_no_trace(desk: Desk, joined: Cohort) -> None:
    stranger = Desk(desk.services, desk.people, desk.clock, 999)
    before = await desk.everything()
    for act in (
        stranger.look(),
        stranger.move(MANILA, "PH"),
        stranger.times("nonsense"),
        stranger.cut("nonsense"),
        stranger.block("nonsense"),
        stranger.country("JM"),
        stranger.phase(Phase.NOT_READY),
        stranger.leave(joined.id),
        stranger.come_back(joined, 1),
    ):
        with pytest.raises(NotJoined):
            await act
    assert await desk.everything() == before


async def test_the_same_act_sent_again_after_another_changes_nothing(desk: Desk, joined: Cohort) -> None:
    change, now = desk.services.settings, desk.clock()
    first = (
        lambda: change.move(desk.me, MANILA, "PH", now, operation="1"),
        lambda: change.set_times(desk.me, "6:30", "", now, operation="2"),
        lambda: change.set_cut(desk.me, "5", now, operation="3"),
        lambda: change.set_block_size(desk.me, "40", now, operation="4"),
        lambda: change.set_country(desk.me, "JM", now, operation="5"),
    )
    for act in first:
        await act()
    await desk.move(LONDON, "GB")
    await desk.times("9:00", "22:00")
    await desk.cut("3")
    await desk.block("25")
    stands = await desk.country("IN")
    for act in first:
        assert await act() == stands
