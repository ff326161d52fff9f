"""Each rhythm that is due becomes one prompt and moves on, whatever happens in between."""

from datetime import date, timedelta

import pytest

from bot.domain.phases import Phase
from bot.services import Services
from bot.services import planning as planning_module
from bot.services.outages import Outage, swallowed
from bot.storage import prompts, timetables
from tests.conftest import People, VirtualClock


async def joined(services: Services, people: People, clock: VirtualClock, count: int = 1) -> None:
    cohort = await services.cohorts.create(people.actor(999, "Mod"), 1, "Spring", 1, True, clock())
    for discord_id in range(1, count + 1):
        actor = people.actor(discord_id)
        await services.joining.enrol(actor, 1, cohort.id, Phase.REBUILDING, "America/Chicago", "US", clock())


async def planned(services: Services) -> list[str]:
    """Days and kinds of all prompts but the first message."""
    async with services.records.reading() as tx:
        rows = "SELECT study_day || ' ' || kind FROM prompts WHERE kind <> 'welcome' ORDER BY due_at"
        return await tx.all(str, rows)


async def test_what_is_due_is_planned_once_however_often_it_is_asked(
    services: Services, people: People, clock: VirtualClock
) -> None:
    await joined(services, people, clock)
    clock.set("2026-03-02 21:00")
    assert await services.planning.plan_due(clock()) == 1
    assert await services.planning.plan_due(clock()) == 0
    assert await planned(services) == ["2026-03-02 evening"]


async def test_nothing_is_planned_a_moment_too_early(services: Services, people: People, clock: VirtualClock) -> None:
    await joined(services, people, clock)
    clock.set("2026-03-02 21:00")
    assert await services.planning.plan_due(clock() - timedelta(milliseconds=1)) == 0


async def test_a_failure_halfway_plans_nothing_and_loses_nothing(
    services: Services, people: People, clock: VirtualClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    await joined(services, people, clock)
    clock.set("2026-03-02 21:00")

    async def fails(*_: object) -> None:
        raise RuntimeError("halfway")

    with monkeypatch.context() as broken:
        broken.setattr(planning_module.rhythms, "advance", fails)
        with pytest.raises(RuntimeError):
            await services.planning.plan_due(clock())
    assert await planned(services) == []
    assert await services.planning.plan_due(clock()) == 1


async def test_after_days_away_only_what_still_helps_is_planned_and_old_days_end_unasked(
    services: Services, people: People, clock: VirtualClock
) -> None:
    await joined(services, people, clock)
    clock.set("2026-03-06 09:00")
    await services.planning.plan_due(clock())
    while await services.delivery.claim(clock(), 45):
        pass
    async with services.records.reading() as tx:
        states = await tx.all(
            str, "SELECT study_day || ' ' || kind || ' ' || state FROM prompts WHERE kind <> 'welcome' ORDER BY due_at"
        )
    assert states[-1] == "2026-03-06 morning sending"
    assert not [state for state in states if state.endswith("sending") and not state.startswith("2026-03-06")]


async def test_a_crowd_is_planned_in_slices_to_the_last(
    services: Services, people: People, clock: VirtualClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(planning_module, "SLICE", 7)
    await joined(services, people, clock, count=30)
    clock.set("2026-03-02 21:00")
    assert await services.planning.plan_due(clock()) == 30


async def test_the_current_day_follows_what_was_planned(
    services: Services, people: People, clock: VirtualClock
) -> None:
    await joined(services, people, clock)
    clock.set("2026-03-03 07:30")
    await services.planning.plan_due(clock())
    async with services.records.reading() as tx:
        assert (await timetables.of_member(tx, 1)).latest_day == date(2026, 3, 3)


async def test_settled_prompts_are_forgotten_after_thirty_five_days(
    services: Services, people: People, clock: VirtualClock
) -> None:
    await joined(services, people, clock)
    (attempt,) = await services.delivery.claim(clock(), 45)
    await services.delivery.opened(attempt, 7, clock())
    async with services.records.writing() as tx:
        await tx.execute("UPDATE prompts SET state = 'sent', settled_at = :now", now=clock())
    for later, left in ((timedelta(days=35), "sent"), (timedelta(days=35, milliseconds=1), None)):
        await services.planning.tidy(clock() + later)
        async with services.records.reading() as tx:
            assert await prompts.state_of(tx, attempt.prompt_id) == left


async def test_a_gap_over_five_minutes_is_an_outage_and_a_shorter_one_is_not(
    services: Services, clock: VirtualClock
) -> None:
    assert await services.outages.beat(clock()) is None
    clock.move(minutes=5)
    assert await services.outages.beat(clock()) is None
    began = clock()
    clock.move(minutes=5, seconds=1)
    assert await services.outages.beat(clock()) == Outage(began=began, ended=clock())


@pytest.mark.parametrize(
    ("began", "ended", "lost"),
    [
        ("2026-03-03 12:00", "2026-03-04 20:59", []),
        ("2026-03-03 21:01", "2026-03-05 20:00", []),
        ("2026-03-03 21:00", "2026-03-04 21:00", ["2026-03-03"]),
        ("2026-03-03 12:00", "2026-03-06 12:00", ["2026-03-03", "2026-03-04"]),
    ],
)
async def test_a_day_is_lost_to_an_outage_only_with_its_whole_evening_and_only_once(
    services: Services, people: People, clock: VirtualClock, began: str, ended: str, lost: list[str]
) -> None:
    await joined(services, people, clock)
    start = clock()
    for _ in range(2):
        clock.set(began)
        async with services.records.writing() as tx:
            await tx.execute("DELETE FROM processes")
        await services.outages.beat(clock())
        start = clock()
        clock.set(ended)
        await services.outages.beat(clock())
    async with services.records.reading() as tx:
        spans = await tx.all(str, "SELECT from_day FROM spans WHERE kind = 'outage' ORDER BY from_day")
        assert spans == lost
        found = swallowed(Outage(began=start, ended=clock()), await timetables.of_member(tx, 1))
    assert [day.isoformat() for day in found] == lost
