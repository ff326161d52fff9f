"""How somebody becomes a member, moves, and changes their mind, without losing or repeating a day."""

import asyncio
import shutil
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.app import build_services
from bot.domain import days
from bot.domain.days import DAY, Kind, Timetable
from bot.domain.errors import NotFound, UserError
from bot.domain.ledgers import DayKind
from bot.domain.phases import Phase
from bot.services import Services
from bot.services.actors import NotJoined
from bot.services.joining import Joined
from bot.services.records import Records
from bot.storage import members, rhythms, timetables
from bot.storage.cohorts import Cohort
from bot.storage.rhythms import Rhythm
from tests.conftest import A_MONDAY, People, VirtualClock

CHICAGO, MANILA, LONDON = "America/Chicago", "Asia/Manila", "Europe/London"
MONDAY, TUESDAY = date(2026, 3, 2), date(2026, 3, 3)
ANA, BEN, MOD = 101, 102, 9
HERE, ELSEWHERE = 5, 6


@dataclass
class Door:
    """Servers with cohorts, people who come in, and a look at what is kept about them."""

    services: Services
    people: People
    clock: VirtualClock

    async def cohort(self, name: str = "Spring", guild: int = HERE) -> Cohort:
        return await self.services.cohorts.create(self.people.actor(MOD), guild, name, 7, True, self.clock())

    async def join(
        self,
        cohort: Cohort,
        phase: Phase = Phase.REBUILDING,
        zone: str = CHICAGO,
        member: int = ANA,
        country: str = "US",
    ) -> Joined:
        actor = self.people.actor(member)
        return await self.services.joining.enrol(actor, HERE, cohort.id, phase, zone, country, self.clock())

    async def plan(self) -> int:
        return await self.services.planning.plan_due(self.clock())

    async def count(self, table: str) -> int:
        async with self.services.records.reading() as tx:
            return await tx.one(int, f"SELECT count(*) FROM {table}")

    async def timetable(self) -> Timetable:
        async with self.services.records.reading() as tx:
            member = await members.of_discord(tx, ANA)
            assert member is not None
            return await timetables.of_member(tx, member.id)

    async def phase_on(self, day: date) -> Phase | None:
        async with self.services.records.reading() as tx:
            member = await members.of_discord(tx, ANA)
            assert member is not None
            stands = await members.phase(tx, member.id, day)
            return stands.phase if stands else None

    async def rhythms(self) -> dict[Kind, Rhythm]:
        async with self.services.records.reading() as tx:
            return {each.kind: each for each in await rhythms.after(tx, 0, 10)}

    async def asked(self) -> list[str]:
        async with self.services.records.reading() as tx:
            return await tx.all(str, "SELECT kind || ' ' || study_day FROM prompts WHERE kind <> 'welcome' ORDER BY id")


@pytest.fixture
def door(services: Services, people: People, clock: VirtualClock) -> Door:
    return Door(services, people, clock)


# Who comes in


async def test_joining_gives_a_place_two_rhythms_and_one_first_message(door: Door) -> None:
    joined = await door.join(await door.cohort())
    assert not joined.was_member
    assert joined.welcome_id is not None
    counts = {table: await door.count(table) for table in ("members", "enrolments", "rhythms", "prompts", "clocks")}
    assert counts == {"members": 1, "enrolments": 1, "rhythms": 2, "prompts": 1, "clocks": 1}


async def test_joining_again_changes_nothing_that_was_right(door: Door) -> None:
    cohort = await door.cohort()
    await door.join(cohort)
    before = await door.rhythms()
    again = await door.join(cohort)
    assert (again.was_member, again.welcome_id) == (True, None)
    assert await door.rhythms() == before
    counts = {table: await door.count(table) for table in ("members", "enrolments", "prompts", "clocks", "phases")}
    assert counts == dict.fromkeys(counts, 1)


async def test_joining_at_once_from_two_devices_makes_one_member(door: Door) -> None:
    cohort = await door.cohort()
    joined = await asyncio.gather(*(door.join(cohort) for _ in range(3)))
    assert sorted(each.was_member for each in joined) == [False, True, True]
    assert [each.welcome_id for each in joined if each.welcome_id] == [1]
    assert await door.count("members") == await door.count("enrolments") == 1


async def test_somebody_in_two_cohorts_has_two_places_and_one_rhythm_of_each_kind(door: Door) -> None:
    for name in ("Spring", "Autumn"):
        await door.join(await door.cohort(name))
    assert await door.count("enrolments") == 2
    assert await door.count("rhythms") == 2
    assert await door.count("members") == 1


async def test_another_servers_cohort_and_one_that_never_was_are_one_thing_and_leave_no_trace(door: Door) -> None:
    theirs = await door.cohort(guild=ELSEWHERE)
    never = Cohort(id=theirs.id + 1, guild_id=HERE, name="", channel_id=0)
    sentences: set[str] = set()
    for cohort in (theirs, never):
        with pytest.raises(NotFound) as refused:
            await door.join(cohort)
        sentences.add(str(refused.value))
        with pytest.raises(NotFound) as refused:
            await door.services.joining.cohort_here(HERE, cohort.id)
        sentences.add(str(refused.value))
    assert len(sentences) == 1
    for name in ("Spring", "Nothing of that name"):
        with pytest.raises(NotFound) as refused:
            await door.services.joining.cohort_to_join(HERE, name)
        sentences.add(str(refused.value))
    assert len(sentences) == 2
    assert await door.services.joining.cohort_names(HERE) == []
    assert await door.count("members") == 0


async def test_an_empty_name_means_the_only_cohort_there_is(door: Door) -> None:
    with pytest.raises(UserError):
        await door.services.joining.cohort_to_join(HERE, "")
    only = await door.cohort()
    await door.cohort("Theirs", ELSEWHERE)
    assert await door.services.joining.cohort_to_join(HERE, "") == only
    await door.cohort("Autumn")
    with pytest.raises(UserError):
        await door.services.joining.cohort_to_join(HERE, "")


async def test_a_stranger_can_do_nothing_and_leaves_no_trace(door: Door) -> None:
    await door.join(await door.cohort())
    joining, stranger = door.services.joining, door.people.actor(999)
    for act in (
        joining.ready_to_plan(stranger, door.clock()),
        joining.stop(stranger, door.clock()),
        joining.start_again(stranger, door.clock()),
        joining.try_dms_again(stranger, door.clock()),
    ):
        with pytest.raises(NotJoined):
            await act
    assert await door.count("members") == 1
    assert await door.count("spans") == 0


# The first prompt


@pytest.mark.parametrize(
    ("now", "first"),
    [
        ("2026-03-03 03:59", {Kind.MORNING: "2026-03-03 07:30", Kind.EVENING: "2026-03-03 21:00"}),
        ("2026-03-03 07:29", {Kind.MORNING: "2026-03-03 07:30", Kind.EVENING: "2026-03-03 21:00"}),
        ("2026-03-03 07:30", {Kind.MORNING: "2026-03-04 07:30", Kind.EVENING: "2026-03-03 21:00"}),
        ("2026-03-03 23:00", {Kind.MORNING: "2026-03-04 07:30", Kind.EVENING: "2026-03-04 21:00"}),
    ],
)
async def test_the_first_prompt_is_the_next_time_of_day_that_comes(
    door: Door, now: str, first: dict[Kind, str]
) -> None:
    door.clock.set(now)
    joined = await door.join(await door.cohort())
    expected = {kind: VirtualClock() for kind in first}
    for kind, clock in expected.items():
        clock.set(first[kind])
    assert {kind: each.next_due_at for kind, each in (await door.rhythms()).items()} == {
        kind: clock() for kind, clock in expected.items()
    }
    assert joined.next_due == min(clock() for clock in expected.values())
    assert await door.plan() == 0


# Moving and changing one's mind


async def test_a_move_leaves_the_days_before_it_where_they_were(door: Door) -> None:
    cohort = await door.cohort()
    await door.join(cohort)
    began = days.start(MONDAY, await door.timetable())
    door.clock.set("2026-03-05 12:00")
    await door.join(cohort, zone=LONDON)
    table = await door.timetable()
    zones = [table.on(MONDAY + shift * DAY).zone for shift in range(6)]
    assert zones == [CHICAGO, CHICAGO, CHICAGO, LONDON, LONDON, LONDON]
    assert days.start(MONDAY, table) == began


async def test_a_change_of_phase_leaves_the_days_before_it_where_they_were(door: Door) -> None:
    cohort = await door.cohort()
    await door.join(cohort, Phase.JUST_FOUND_OUT)
    door.clock.set("2026-03-05 12:00")
    await door.join(cohort, Phase.EXAM_BOOKED)
    door.clock.set("2026-03-07 12:00")
    await door.services.joining.ready_to_plan(door.people.actor(ANA), door.clock())
    phases = [await door.phase_on(MONDAY + shift * DAY) for shift in range(7)]
    assert phases[:5] == [Phase.JUST_FOUND_OUT] * 3 + [Phase.EXAM_BOOKED] * 2


async def test_times_somebody_chose_stay_when_they_join_again_in_the_same_place(door: Door) -> None:
    cohort = await door.cohort()
    await door.join(cohort)
    async with door.services.records.writing() as tx:
        await tx.execute("UPDATE clocks SET morning_minute = 360")
    await door.join(cohort, Phase.NOT_READY)
    assert (await door.timetable()).on(TUESDAY).morning_minute == 360


async def test_joining_again_ends_a_pause(door: Door) -> None:
    cohort = await door.cohort()
    await door.join(cohort)
    await door.services.joining.stop(door.people.actor(ANA), door.clock())
    overview = await door.services.today.look(door.people.actor(ANA), door.clock())
    assert overview.day_kind is DayKind.PAUSE
    await door.join(cohort)
    overview = await door.services.today.look(door.people.actor(ANA), door.clock())
    assert overview.day_kind is DayKind.PLANNED


KIRITIMATI = "Pacific/Kiritimati"
"""Where it is tomorrow when it is noon in Chicago."""


@pytest.mark.parametrize(
    "there",
    [
        MANILA,
        LONDON,
        KIRITIMATI,
    ],
)
async def test_a_city_that_is_mended_at_once_is_the_one_that_holds(door: Door, there: str) -> None:
    """East of here it is tomorrow already, so the wrong city had begun to rule from then on."""
    cohort = await door.cohort()
    await door.join(cohort, zone=CHICAGO)
    before = await door.rhythms()
    await door.join(cohort, zone=there)
    door.clock.move(minutes=1)
    joined = await door.join(cohort, zone=CHICAGO)
    table = await door.timetable()
    assert {table.on(MONDAY + shift * DAY).zone for shift in range(9)} == {CHICAGO}
    for kind, each in (await door.rhythms()).items():
        lost = DAY if there == KIRITIMATI and kind is Kind.EVENING else 0 * DAY
        assert each.next_due_at == before[kind].next_due_at + lost, "a day that began anywhere is not begun again"
    assert joined.zone == CHICAGO


async def test_a_phase_that_is_mended_at_once_is_the_one_that_holds(door: Door) -> None:
    cohort = await door.cohort()
    await door.join(cohort, Phase.REBUILDING, CHICAGO)
    await door.join(cohort, Phase.JUST_FOUND_OUT, KIRITIMATI)
    await door.join(cohort, Phase.REBUILDING, CHICAGO)
    assert {await door.phase_on(MONDAY + shift * DAY) for shift in range(9)} == {Phase.REBUILDING}


async def test_an_old_ready_button_takes_nobody_back_from_a_booked_exam(door: Door) -> None:
    """The messages of the gentle path stay in the chat, with their buttons."""
    cohort = await door.cohort()
    await door.join(cohort, Phase.JUST_FOUND_OUT)
    door.clock.move(days=1)
    await door.join(cohort, Phase.EXAM_BOOKED)
    await door.services.joining.ready_to_plan(door.people.actor(ANA), door.clock())
    assert await door.phase_on(TUESDAY) is Phase.EXAM_BOOKED


async def test_a_place_without_a_country_does_not_forget_the_one_that_was_known(door: Door) -> None:
    cohort = await door.cohort()
    await door.join(cohort, country="US")
    await door.join(cohort, zone="Etc/UTC", country="")
    async with door.services.records.reading() as tx:
        assert await members.country(tx, ANA) == "US"


async def test_a_prompt_that_is_due_this_moment_is_not_lost_by_joining_a_second_cohort(door: Door) -> None:
    """Planning looks every second; whoever presses Join in between is asked all the same."""
    await door.join(await door.cohort())
    door.clock.set("2026-03-02 21:00")
    await door.join(await door.cohort("Autumn"))
    await door.plan()
    assert await door.asked() == ["evening 2026-03-02"]


ZONES = (CHICAGO, MANILA, LONDON, KIRITIMATI, "Pacific/Pago_Pago", "Asia/Kolkata", "Australia/Lord_Howe")
STEPS = st.lists(
    st.tuples(
        st.integers(0, 40 * 60).map(lambda minutes: timedelta(minutes=minutes)),
        st.sampled_from([None, None, *ZONES]),
    ),
    max_size=15,
)
BEGINNINGS = st.integers(0, 60 * 24 * 10).map(lambda minutes: A_MONDAY + timedelta(minutes=minutes))


def test_whoever_moves_about_is_asked_once_for_each_day_and_never_turned_back(migrated: Path, tmp_path: Path) -> None:
    shutil.copy(migrated, tmp_path / "comeback.db")
    records = Records(tmp_path / "comeback.db", tmp_path / "comeback.key")

    async def live(began: datetime, first: str, steps: list[tuple[timedelta, str | None]]) -> None:
        async with records.writing() as tx:
            for table in ("members", "cohorts", "applied"):
                await tx.execute(f"DELETE FROM {table}")
        clock = VirtualClock(began)
        door = Door(build_services(records, clock, ()), People(), clock)
        cohort = await door.cohort()
        await door.join(cohort, zone=first)
        today = days.study_day(clock(), await door.timetable())
        for passes, zone in steps:
            clock.now += passes
            before = await door.asked()
            assert await door.plan() == len(await door.asked()) - len(before), "nothing is asked for a second time"
            if zone is not None:
                await door.join(cohort, zone=zone)
            for each in (await door.rhythms()).values():
                assert each.next_due_at > clock(), "never one whose time has gone by"
                assert each.next_day > each.last_day
                assert each.useful_until > each.next_due_at
            now = days.study_day(clock(), await door.timetable())
            assert now >= today, "the current day never goes back"
            today = now
        for kind in ("morning", "evening"):
            asked = [each for each in await door.asked() if each.startswith(kind)]
            assert asked == sorted(set(asked))

    with asyncio.Runner() as runner:
        runner.run(records.open())

        @settings(max_examples=40, deadline=None)
        @given(BEGINNINGS, st.sampled_from(ZONES), STEPS)
        def holds(began: datetime, first: str, steps: list[tuple[timedelta, str | None]]) -> None:
            runner.run(live(began, first, steps))

        try:
            holds()
        finally:
            runner.run(records.close())
