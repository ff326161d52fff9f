"""What is kept after a help card, for how long, and that records which fail are in nobody's way."""

import json
import sqlite3
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager, closing
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from bot.domain.crisis import Card
from bot.domain.letters import Opening
from bot.domain.next_days import Next, Quiet
from bot.domain.phases import Phase
from bot.domain.prompts import Sent
from bot.services import Services
from bot.services.actors import NotJoined
from bot.services.pages import page_of
from bot.services.records import Records
from tests.conftest import People, VirtualClock

ANA, BEN = 101, 102
CHICAGO = "America/Chicago"


@pytest.fixture
async def joined(services: Services, people: People, clock: VirtualClock) -> Services:
    """Ana and Ben joined at noon of a Monday."""
    await services.cohorts.create(people.actor(9), 5, "Group", 6, True, clock())
    cohort = await services.joining.cohort_to_join(5, "")
    for member in (ANA, BEN):
        await services.joining.enrol(people.actor(member), 5, cohort.id, Phase.REBUILDING, CHICAGO, "", clock())
    await claimed(services, clock())
    return services


async def claimed(services: Services, now: datetime) -> list[str]:
    """What goes out at that time, to whomever."""
    await services.planning.plan_due(now)
    attempts = await services.delivery.claim(now, 50)
    for attempt in attempts:
        await services.delivery.settle(attempt, Sent(attempt.prompt_id), now)
    return [json.loads(attempt.payload)["content"] for attempt in attempts]


async def quiet_of(services: Services, people: People, member: int, now: datetime) -> Quiet:
    async with services.records.reading() as tx:
        return (await page_of(tx, people.actor(member), now)).quiet


def rests(folder: Path) -> list[Any]:
    with closing(sqlite3.connect(folder / "comeback.db")) as connection:
        sql = "SELECT from_day, to_day, after_card FROM spans WHERE kind = 'rest' ORDER BY id"
        return connection.execute(sql).fetchall()


async def test_a_card_and_its_days_are_kept_for_their_member_alone(
    joined: Services, people: People, clock: VirtualClock
) -> None:
    assert await joined.next_days.card_opened(ANA, Card.SELF, clock())
    quiet = await quiet_of(joined, people, ANA, clock())
    assert quiet.opening is Opening.HOW_ARE_YOU
    assert quiet.holds(clock())
    assert await quiet_of(joined, people, BEN, clock()) == Quiet()


async def test_the_word_is_said_once_and_then_nothing_tells_the_rest_from_any_other(
    joined: Services, people: People, clock: VirtualClock, tmp_path: Path
) -> None:
    await joined.next_days.card_opened(ANA, Card.SELF, clock())
    await joined.planning.tidy(clock())
    assert rests(tmp_path) == [("2026-03-02", "2026-03-02", 1)]
    clock.set("2026-03-02 21:00")
    assert len(await claimed(joined, clock())) == 1, "Ben's only"
    clock.set("2026-03-03 07:30")
    mornings = await claimed(joined, clock())
    assert sum("How are you?" in text for text in mornings) == 1
    assert await quiet_of(joined, people, ANA, clock()) == Quiet()
    await joined.planning.tidy(clock())
    assert rests(tmp_path) == [("2026-03-02", "2026-03-02", 0)]


async def test_what_was_chosen_is_still_there_after_a_restart(
    joined: Services, people: People, clock: VirtualClock, records: Records
) -> None:
    await joined.next_days.choose(people.actor(ANA), Next.QUIET, clock())
    before = await quiet_of(joined, people, ANA, clock())
    await records.close()
    await records.open()
    assert await quiet_of(joined, people, ANA, clock()) == before


async def test_the_same_choice_twice_is_one(
    joined: Services, people: People, clock: VirtualClock, tmp_path: Path
) -> None:
    for _ in range(3):
        await joined.next_days.choose(people.actor(ANA), Next.QUIET, clock())
    assert rests(tmp_path) == [("2026-03-02", "2026-03-03", 1)]


async def test_a_choice_leaves_the_rest_that_somebody_planned(
    joined: Services, people: People, clock: VirtualClock, tmp_path: Path
) -> None:
    actor = people.actor(ANA)
    await joined.rests.plan(actor, "", "3 March", clock(), operation="days:1")
    await joined.next_days.choose(people.actor(ANA), Next.QUIET, clock())
    await joined.next_days.choose(people.actor(ANA), Next.CARRY_ON, clock())
    assert rests(tmp_path) == [("2026-03-03", "2026-03-03", 0)]


async def test_a_stranger_chooses_nothing_and_leaves_nothing(
    joined: Services, people: People, clock: VirtualClock
) -> None:
    assert not await joined.next_days.card_opened(999, Card.SELF, clock())
    await joined.next_days.not_meant(999, clock())
    with pytest.raises(NotJoined):
        await joined.next_days.choose(people.actor(999), Next.QUIET, clock())


@pytest.mark.parametrize("card", [Card.OTHER, Card.HARM_FROM, Card.HARM_TO])
async def test_only_a_card_for_oneself_changes_what_comes_next(
    joined: Services, people: People, clock: VirtualClock, card: Card
) -> None:
    assert not await joined.next_days.card_opened(ANA, card, clock())
    assert await quiet_of(joined, people, ANA, clock()) == Quiet()


# --- records that fail


@asynccontextmanager
async def locked(folder: Path) -> AsyncGenerator[None]:
    """Another process writes, and does not end."""
    with closing(sqlite3.connect(folder / "comeback.db")) as other:
        other.isolation_level = None
        other.execute("BEGIN IMMEDIATE")
        yield


async def test_while_another_process_holds_the_records_nobody_waits_and_nothing_is_asked(
    joined: Services, clock: VirtualClock, tmp_path: Path
) -> None:
    async with locked(tmp_path):
        assert not await joined.next_days.card_opened(ANA, Card.SELF, clock())
        await joined.next_days.not_meant(ANA, clock())
        assert await joined.screening.may_say(ANA, clock())
        assert (await joined.people.others(ANA, None)).people == ()


async def test_closed_and_broken_records_are_in_nobodys_way(
    joined: Services, clock: VirtualClock, records: Records, tmp_path: Path
) -> None:
    with closing(sqlite3.connect(tmp_path / "comeback.db")) as connection:
        connection.execute("DROP TABLE members")
        connection.commit()
    for _ in range(2):
        assert not await joined.next_days.card_opened(ANA, Card.HURT, clock())
        await joined.next_days.not_meant(ANA, clock())
        assert await joined.screening.may_say(ANA, clock())
        assert await joined.people.others(ANA, 5) is not None
        await records.close()
