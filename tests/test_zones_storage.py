"""New time zone data moves what is still to come, and nothing that was planned."""

from bot.domain.phases import Phase
from bot.services import Services
from bot.storage import rhythms
from tests.conftest import People, VirtualClock


async def _joined(services: Services, people: People, clock: VirtualClock) -> None:
    cohort = await services.cohorts.create(people.actor(2, "Mod"), 1, "Spring", 1, True, clock())
    await services.joining.enrol(people.actor(), 1, cohort.id, Phase.REBUILDING, "America/Chicago", "US", clock())


async def test_new_zone_data_computes_every_next_prompt_anew_and_only_once(
    services: Services, people: People, clock: VirtualClock
) -> None:
    await _joined(services, people, clock)
    async with services.records.reading() as tx:
        right = await rhythms.after(tx, 0, 10)
    async with services.records.writing() as tx:  # as older data would have had it: an hour off
        await tx.execute("UPDATE rhythms SET next_due_at = next_due_at + 3600000")
    assert await services.planning.follow_zones("2026.7", clock())
    async with services.records.reading() as tx:
        assert await rhythms.after(tx, 0, 10) == right
    assert not await services.planning.follow_zones("2026.7", clock())


async def test_new_zone_data_plans_no_day_a_second_time(
    services: Services, people: People, clock: VirtualClock
) -> None:
    await _joined(services, people, clock)
    clock.set("2026-03-02 21:00")
    await services.planning.plan_due(clock())
    assert await services.planning.follow_zones("2026.7", clock())
    assert await services.planning.plan_due(clock()) == 0
