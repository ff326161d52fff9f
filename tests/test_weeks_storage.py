"""Which unseen questions count, from rows in a real file; and a whole week from one."""

from datetime import date

from bot.domain.blocks import Work
from bot.domain.statistics import Tally
from bot.domain.weeks import LOOKS_BACK, Measure
from bot.services import Services
from bot.services.records import Records
from bot.storage import scores
from tests.conftest import People, VirtualClock
from tests.test_ledgers_storage import ANA, BEN, DAY, HOME, MONDAY, Pen, written_by


async def unseen(records: Records, member_id: int, since: date = date.min) -> dict[date, Tally]:
    async with records.reading() as tx:
        return await scores.unseen(tx, member_id, since)


async def two_members(records: Records) -> tuple[int, int]:
    ids: list[int] = []

    async def write(pen: Pen) -> None:
        for discord_id in (ANA, BEN):
            ids.append(await pen.member(discord_id, started_day=MONDAY - 90 * DAY))
            await pen.clock(ids[-1], MONDAY - 90 * DAY, HOME)
            await pen("phases", member_id=ids[-1], from_day=MONDAY - 90 * DAY, phase="rebuilding")

    await written_by(records, write)
    return ids[0], ids[1]


async def test_only_unseen_corrected_questions_that_stand_count(records: Records) -> None:
    ana, _ = await two_members(records)

    async def write(pen: Pen) -> None:
        await pen.entry(ana, MONDAY, 20, correct=14, unseen=1)
        await pen.entry(ana, MONDAY, 40, correct=20, unseen=1, timed=1)
        await pen.entry(ana, MONDAY, 20, correct=19, unseen=0)
        await pen.entry(ana, MONDAY, 20, unseen=1)
        await pen.entry(ana, MONDAY, 20, correct=20, unseen=1, voided_at=1)
        await pen.entry(ana, MONDAY, 200, Work.PRACTICE, correct=150, unseen=1)
        await pen.entry(ana, MONDAY, 20, source="check_in")
        await pen.entry(ana, MONDAY + DAY, 10, correct=0, unseen=1)

    await written_by(records, write)
    assert await unseen(records, ana) == {
        MONDAY: Tally(done=60, right=34),
        MONDAY + DAY: Tally(done=10, right=0),
    }


async def test_nobody_elses_questions_count(records: Records) -> None:
    ana, ben = await two_members(records)

    async def write(pen: Pen) -> None:
        await pen.entry(ben, MONDAY, 20, correct=5, unseen=1)

    await written_by(records, write)
    assert await unseen(records, ana) == {}
    assert await unseen(records, ben) == {MONDAY: Tally(done=20, right=5)}


async def test_days_before_the_first_that_is_asked_for_stay_out(records: Records) -> None:
    ana, _ = await two_members(records)

    async def write(pen: Pen) -> None:
        for number in range(4):
            await pen.entry(ana, MONDAY + number * DAY, 20, correct=number, unseen=1)

    await written_by(records, write)
    assert list(await unseen(records, ana, MONDAY + 2 * DAY)) == [MONDAY + 2 * DAY, MONDAY + 3 * DAY]


async def test_a_look_reaches_as_far_back_as_two_windows_of_four_weeks(
    records: Records, services: Services, people: People, clock: VirtualClock
) -> None:
    """Also of a day before the evening, when yesterday is still open."""
    ana, ben = await two_members(records)

    async def write(pen: Pen) -> None:
        for number in range(2, 58):
            right = 10 if number >= 30 else 16
            await pen.entry(ana, MONDAY - number * DAY, 20, correct=right, unseen=1)
            await pen.entry(ben, MONDAY - number * DAY, 20, correct=20, unseen=1)

    await written_by(records, write)
    clock.set("2026-03-02 07:00")
    week = await services.weeks.look(people.actor(ANA), clock())
    assert week.up is not None
    assert week.up.measure is Measure.RATE
    assert (week.up.change.counted_before, week.up.change.counted_after) == (28 * 20, 28 * 20)
    assert (float(week.up.change.before), float(week.up.change.after)) == (0.5, 0.8)
    assert week.is_over
    assert week.done == {Work.QUESTIONS: 120}
    assert LOOKS_BACK > 59 * DAY


async def test_a_look_changes_nothing(
    records: Records, services: Services, people: People, clock: VirtualClock
) -> None:
    await two_members(records)
    async with records.reading() as tx:
        before = await tx.rows("SELECT * FROM members")
    await services.weeks.look(people.actor(ANA), clock())
    async with records.reading() as tx:
        assert [tuple(row) for row in await tx.rows("SELECT * FROM members")] == [tuple(row) for row in before]
