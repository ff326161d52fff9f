"""Whose line does somebody read: that of a cohort of theirs, of a server, or of another one?"""

from collections.abc import Sequence

import pytest

from bot.domain.crisis_cards import Campus, Whose
from bot.domain.phases import Phase
from bot.services import Services
from bot.services.campuses import campus_for
from bot.storage import cohorts as store
from bot.storage import members
from bot.storage.cohorts import Cohort
from tests.conftest import People, VirtualClock

ANA, MOD = 101, 9
HERE, ELSEWHERE = 5, 6


class Desk:
    """Ana, in the cohorts that a test makes."""

    def __init__(self, services: Services, people: People, clock: VirtualClock) -> None:
        self.services, self.people, self.clock = services, people, clock

    async def in_cohort(self, name: str, guild: int, line: str = "") -> Cohort:
        await self.services.cohorts.create(self.people.actor(MOD), guild, name, 7, True, self.clock())
        cohort = await self.services.joining.cohort_to_join(guild, name)
        await self.services.joining.enrol(
            self.people.actor(ANA), guild, cohort.id, Phase.REBUILDING, "America/Chicago", "US", self.clock()
        )
        async with self.services.records.writing() as tx:
            await tx.execute("UPDATE cohorts SET campus_line = :line WHERE id = :id", line=line, id=cohort.id)
        return cohort

    async def server(self, guild: int, line: str) -> None:
        async with self.services.records.writing() as tx:
            await store.set_server_line(tx, guild, line)

    async def line(self, guild: int | None, cohort: Cohort | None = None) -> Campus:
        async with self.services.records.reading() as tx:
            member = await members.of_discord(tx, ANA)
            return await campus_for(tx, member and member.id, guild, cohort_id=cohort.id if cohort else 0)


@pytest.fixture
def desk(services: Services, people: People, clock: VirtualClock) -> Desk:
    return Desk(services, people, clock)


async def test_a_cohorts_own_line_comes_before_its_servers(desk: Desk) -> None:
    spring = await desk.in_cohort("Spring", HERE, "Spring 1")
    await desk.server(HERE, "Dean 2")
    for cohort in (None, spring):
        assert await desk.line(HERE, cohort) == Campus(line="Spring 1", whose=Whose.COHORT)


async def test_a_chosen_cohort_without_a_line_has_its_servers_and_not_another_cohorts(desk: Desk) -> None:
    await desk.in_cohort("Spring", HERE, "Spring 1")
    autumn = await desk.in_cohort("Autumn", HERE)
    assert await desk.line(HERE, autumn) == Campus(line="Spring 1", whose=Whose.ANOTHER)
    await desk.server(HERE, "Dean 2")
    assert await desk.line(HERE, autumn) == Campus(line="Dean 2", whose=Whose.SERVER)


async def test_a_line_of_another_server_is_never_said_to_be_the_chosen_cohorts(desk: Desk) -> None:
    await desk.in_cohort("Far", ELSEWHERE, "Far 3")
    spring = await desk.in_cohort("Spring", HERE)
    assert await desk.line(HERE, spring) == Campus(line="Far 3", whose=Whose.ANOTHER)


@pytest.mark.parametrize(("guild", "line"), [(HERE, "Spring 1"), (ELSEWHERE, "Far 3"), (None, "Spring 1")])
async def test_the_server_somebody_is_in_comes_first(desk: Desk, guild: int | None, line: str) -> None:
    await desk.in_cohort("Spring", HERE, "Spring 1")
    await desk.in_cohort("Far", ELSEWHERE, "Far 3")
    assert (await desk.line(guild)).line == line


@pytest.mark.parametrize("joined", [(), ("Spring",)])
async def test_without_any_line_there_is_none(desk: Desk, joined: Sequence[str]) -> None:
    for name in joined:
        await desk.in_cohort(name, HERE)
    assert await desk.line(HERE) == Campus()
