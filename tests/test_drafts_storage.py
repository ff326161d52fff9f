"""Words that could not be used as they were are kept for a day, locked, for whoever wrote them."""

import sqlite3
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from bot.domain.errors import NotFound, Resting
from bot.domain.phases import Phase
from bot.services import Services
from bot.services.actors import NotJoined
from bot.services.drafts import Draft
from tests.conftest import People, VirtualClock

ANA, BEN = 101, 102
DRAFT = Draft(
    form="evening:1:2026-03-03:1:0123456789ab", values={"questions": "a few", "line": "über 🙂\nzwei", "x": ""}
)


@pytest.fixture
async def joined(services: Services, people: People, clock: VirtualClock) -> Services:
    """Ana and Ben are members."""
    cohort = await services.cohorts.create(people.actor(9), 5, "Group", 6, True, clock())
    for member in (ANA, BEN):
        where = (Phase.REBUILDING, "America/Chicago", "")
        await services.joining.enrol(people.actor(member), 5, cohort.id, *where, clock())
    return services


async def test_a_draft_comes_back_as_it_was_typed_for_a_day(
    joined: Services, people: People, clock: VirtualClock
) -> None:
    kept = await joined.drafts.keep(people.actor(ANA), DRAFT, clock())
    for passed in (timedelta(0), timedelta(hours=24) - timedelta(milliseconds=1)):
        assert await joined.drafts.find(people.actor(ANA), kept, clock() + passed) == DRAFT


async def test_anothers_draft_one_that_ended_and_one_that_never_was_are_told_apart_by_nobody(
    joined: Services, people: People, clock: VirtualClock
) -> None:
    kept = await joined.drafts.keep(people.actor(ANA), DRAFT, clock())
    tries: list[tuple[int, int, datetime]] = [
        (BEN, kept, clock()),
        (999, kept, clock()),
        (ANA, kept, clock() + timedelta(hours=24)),
        (ANA, kept + 1, clock()),
        (ANA, 0, clock()),
        (ANA, -1, clock()),
    ]
    sentences: set[str] = set()
    for member, number, now in tries:
        with pytest.raises(NotFound) as refused:
            await joined.drafts.find(people.actor(member), number, now)
        sentences.add(str(refused.value))
    assert len(sentences) == 1


async def test_somebody_who_never_joined_leaves_no_draft_behind(
    joined: Services, people: People, clock: VirtualClock, tmp_path: Path
) -> None:
    with pytest.raises(NotJoined):
        await joined.drafts.keep(people.actor(999), DRAFT, clock())
    with closing(sqlite3.connect(tmp_path / "comeback.db")) as connection:
        assert connection.execute("SELECT count(*) FROM drafts").fetchone() == (0,)


async def test_while_records_rest_nothing_is_said_to_be_kept(
    joined: Services, people: People, clock: VirtualClock
) -> None:
    await joined.records.close()
    with pytest.raises(Resting):
        await joined.drafts.keep(people.actor(ANA), DRAFT, clock())
    with pytest.raises(Resting):
        await joined.drafts.find(people.actor(ANA), 1, clock())
