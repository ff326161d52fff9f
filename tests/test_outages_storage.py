"""When the program was away: which days does nobody owe anything for?"""

import asyncio
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain import days
from bot.domain.days import DAY, Clock, Kind, Timetable
from bot.domain.phases import Phase
from bot.services import Services, outages
from bot.services.outages import Outage, swallowed
from bot.storage import members, meta, rhythms, timetables
from tests.conftest import People, VirtualClock

CHICAGO, MANILA = "America/Chicago", "Asia/Manila"


async def join(services: Services, people: People, clock: VirtualClock, member: int = 1, zone: str = CHICAGO) -> None:
    if not await services.joining.cohort_names(5):
        await services.cohorts.create(people.actor(9), 5, "Group", 6, True, clock())
    cohort = await services.joining.cohort_to_join(5, "")
    await services.joining.enrol(people.actor(member), 5, cohort.id, Phase.REBUILDING, zone, "", clock())


async def away(services: Services, clock: VirtualClock, began: str, ended: str) -> Outage | None:
    """The program's last sign of life is at `began`, the next at `ended`, in Chicago's time."""
    clock.set(began)
    async with services.records.writing() as tx:
        await meta.beat(tx, clock())
    clock.set(ended)
    return await services.outages.beat(clock())


async def lost(services: Services, member: int = 1) -> list[str]:
    """The days that left a member's planned days."""
    async with services.records.reading() as tx:
        return await tx.all(
            str,
            """SELECT s.from_day FROM spans s JOIN members m ON m.id = s.member_id
               WHERE s.kind = 'outage' AND s.from_day = s.to_day AND m.discord_id = :member ORDER BY s.id""",
            member=member,
        )


async def test_a_gap_of_over_five_minutes_is_an_outage(services: Services, clock: VirtualClock) -> None:
    assert await services.outages.beat(clock()) is None
    clock.move(minutes=5)
    assert await services.outages.beat(clock()) is None
    began = clock()
    clock.move(minutes=5, milliseconds=1)
    assert await services.outages.beat(clock()) == Outage(began=began, ended=clock())
    clock.move(seconds=30)
    assert await services.outages.beat(clock()) is None


async def test_the_latest_outage_is_remembered_and_no_other(services: Services, clock: VirtualClock) -> None:
    async with services.records.reading() as tx:
        assert await meta.last_outage(tx) is None
    first = await away(services, clock, "2026-03-03 07:10", "2026-03-03 09:02")
    second = await away(services, clock, "2026-03-04 12:00", "2026-03-04 12:06")
    await away(services, clock, "2026-03-05 12:00", "2026-03-05 12:05")
    assert first is not None
    assert second is not None
    async with services.records.reading() as tx:
        assert await meta.last_outage(tx) == (second.began, second.ended)


@pytest.mark.parametrize(
    ("began", "ended", "days"),
    [
        ("2026-03-03 12:00", "2026-03-04 20:59", []),
        ("2026-03-03 21:01", "2026-03-05 20:00", []),
        ("2026-03-03 21:00", "2026-03-04 21:00", ["2026-03-03"]),
        ("2026-03-03 20:59", "2026-03-04 21:01", ["2026-03-03"]),
        ("2026-03-03 12:00", "2026-03-06 12:00", ["2026-03-03", "2026-03-04"]),
        ("2026-03-04 03:30", "2026-03-06 03:30", ["2026-03-04"]),
        ("2026-03-06 12:00", "2026-03-09 22:00", ["2026-03-06", "2026-03-07", "2026-03-08"]),
    ],
)
async def test_a_day_is_lost_only_with_its_whole_evening(
    services: Services, people: People, clock: VirtualClock, began: str, ended: str, days: list[str]
) -> None:
    """The last row crosses the spring change of clocks."""
    await join(services, people, clock)
    assert await away(services, clock, began, ended) is not None
    assert await lost(services) == days


async def test_the_same_outage_seen_again_takes_nothing_more(
    services: Services, people: People, clock: VirtualClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The program dies before it has noted that it is back."""
    await join(services, people, clock)

    async def fails(*_: Any) -> None:
        raise ZeroDivisionError

    clock.set("2026-03-03 12:00")
    await services.outages.beat(clock())
    clock.set("2026-03-05 22:00")
    with monkeypatch.context() as broken:
        broken.setattr(meta, "beat", fails)
        with pytest.raises(ZeroDivisionError):
            await services.outages.beat(clock())
    assert await lost(services) == ["2026-03-03", "2026-03-04"]
    clock.move(minutes=1)
    assert await services.outages.beat(clock()) is not None
    assert await services.outages.beat(clock()) is None
    assert await lost(services) == ["2026-03-03", "2026-03-04"]


async def test_a_host_that_slept_forgives_as_well_though_planning_woke_first(
    services: Services, people: People, clock: VirtualClock
) -> None:
    """Planning looks every second, the heartbeat every thirty: by then the newest days are planned already."""
    await join(services, people, clock)
    clock.set("2026-03-03 12:00")
    await services.outages.beat(clock())
    await services.planning.plan_due(clock())
    clock.set("2026-03-06 12:00")
    await services.planning.plan_due(clock())
    await services.outages.beat(clock())
    assert await lost(services) == ["2026-03-03", "2026-03-04"]


async def test_each_member_loses_the_evenings_of_their_own_clock(
    services: Services, people: People, clock: VirtualClock
) -> None:
    await join(services, people, clock, 1, CHICAGO)
    await join(services, people, clock, 2, MANILA)
    await away(services, clock, "2026-03-04 05:00", "2026-03-05 08:00")
    assert await lost(services, 1) == []
    assert await lost(services, 2) == ["2026-03-04"]


async def test_everybody_is_forgiven_however_many_there_are(
    services: Services, people: People, clock: VirtualClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(outages, "SLICE", 3)
    for member in range(1, 9):
        await join(services, people, clock, member)
    await away(services, clock, "2026-03-03 12:00", "2026-03-04 22:00")
    for member in range(1, 9):
        assert await lost(services, member) == ["2026-03-03"]


async def test_nobodys_button_waits_until_everybody_is_forgiven(
    services: Services, people: People, clock: VirtualClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(outages, "SLICE", 1)
    for member in range(1, 6):
        await join(services, people, clock, member)
    begun = asyncio.Event()
    members_after = rhythms.members_after

    async def tells(tx: Any, member_id: int, limit: int) -> list[int]:
        begun.set()
        return await members_after(tx, member_id, limit)

    monkeypatch.setattr(rhythms, "members_after", tells)
    forgiving = asyncio.create_task(away(services, clock, "2026-03-03 12:00", "2026-03-04 22:00"))
    await begun.wait()
    async with services.records.writing() as tx:
        assert await members.of_discord(tx, 1) is not None
    assert not forgiving.done()
    await forgiving


async def test_a_clock_that_is_set_back_is_no_outage(services: Services, people: People, clock: VirtualClock) -> None:
    await join(services, people, clock)
    clock.set("2026-03-05 12:00")
    await services.outages.beat(clock())
    clock.set("2026-03-03 12:00")
    assert await services.outages.beat(clock()) is None
    clock.move(seconds=30)
    assert await services.outages.beat(clock()) is None
    assert await lost(services) == []


async def test_a_lost_day_is_written_for_the_day_it_was(
    services: Services, people: People, clock: VirtualClock
) -> None:
    """With an evening after midnight, the day is the one that was planned, not the date on the wall."""
    await join(services, people, clock)
    async with services.records.writing() as tx:
        late = Clock(zone=CHICAGO, cut_hour=5, morning_minute=12 * 60, evening_minute=2 * 60)
        await timetables.set_clock(tx, 1, date(2026, 3, 2), late)
    await away(services, clock, "2026-03-04 01:30", "2026-03-05 03:00")
    assert await lost(services) == ["2026-03-03"]


CLOCKS = st.sampled_from(
    [
        Clock(zone=CHICAGO),
        Clock(zone=MANILA, cut_hour=0, morning_minute=6 * 60, evening_minute=23 * 60 + 59),
        Clock(zone="Pacific/Kiritimati", cut_hour=5, morning_minute=12 * 60, evening_minute=2 * 60),
        Clock(zone="Europe/London", cut_hour=23, morning_minute=23 * 60, evening_minute=22 * 60 + 59),
    ]
)
HOURS = st.integers(0, 24 * 30).map(lambda hours: datetime(2026, 3, 1, tzinfo=UTC) + timedelta(hours=hours))


@given(
    CLOCKS, HOURS, st.timedeltas(timedelta(minutes=5), timedelta(days=9)), st.dates(date(2026, 2, 1), date(2026, 5, 1))
)
def test_a_day_is_swallowed_if_at_no_moment_of_its_evening_the_program_was_there(
    clock: Clock, began: datetime, lasted: timedelta, latest_day: date
) -> None:
    table = Timetable(clocks=((date.min, clock),), latest_day=latest_day)
    outage = Outage(began=began, ended=began + lasted)
    near = [date(2026, 2, 20) + shift * DAY for shift in range(60)]
    whole = [
        day
        for day in near
        if began <= days.due_at(Kind.EVENING, day, table)
        and days.useful_until(Kind.EVENING, day, table) <= outage.ended
    ]
    assert swallowed(outage, table) == whole
