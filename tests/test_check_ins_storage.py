"""What a member says about a day is kept once, changed only knowingly, and seen by nobody else."""

import asyncio
import shutil
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.app import build_services
from bot.domain.check_ins import CheckIn, Choice, Outcome
from bot.domain.errors import UserError
from bot.domain.phases import Phase
from bot.services import Services
from bot.services.actors import NotJoined
from bot.services.check_ins import Answered, Closed, Words
from bot.services.records import Records
from bot.storage.database import Transaction
from tests.conftest import People, VirtualClock

MONDAY, TUESDAY = date(2026, 3, 2), date(2026, 3, 3)
ANA, BEN = 101, 102


@dataclass
class Desk:
    """Members at their devices, and a look into what is stored about them."""

    services: Services
    people: People
    clock: VirtualClock
    operations: Any

    async def join(self, *members: int) -> None:
        cohort = await self.services.cohorts.create(self.people.actor(9), 5, "Group", 6, True, self.clock())
        for member in members:
            actor = self.people.actor(member)
            zone = "America/Chicago"
            await self.services.joining.enrol(actor, 5, cohort.id, Phase.REBUILDING, zone, "", self.clock())

    async def answer(
        self, said: Choice | Outcome, day: date = TUESDAY, member: int = ANA, instead_of: int | None = None
    ) -> Answered:
        actor = self.people.actor(member)
        return await self.services.check_ins.answer(actor, day, said, self.clock(), instead_of=instead_of)

    async def describe(
        self, words: Words, instead_of: int, day: date = TUESDAY, member: int = ANA, operation: str = ""
    ) -> Answered:
        return await self.services.check_ins.describe(
            self.people.actor(member),
            day,
            words,
            self.clock(),
            operation=operation or f"form:{next(self.operations)}",
            instead_of=instead_of,
        )

    async def stands(self, day: date = TUESDAY, member: int = ANA) -> CheckIn:
        return await self.services.check_ins.of_day(self.people.actor(member), day, self.clock())

    async def log(self, amount: int, member: int = ANA, day: date = TUESDAY) -> None:
        """Questions noted some other way than in the evening form."""
        async with self.services.records.writing() as tx:
            await tx.execute(
                """INSERT INTO entries (member_id, study_day, kind, amount, source, at)
                   SELECT id, :day, 'questions', :amount, 'log', 0 FROM members WHERE discord_id = :member""",
                day=day,
                amount=amount,
                member=member,
            )

    async def take_back_a_log(self) -> None:
        async with self.services.records.writing() as tx:
            await tx.execute(
                """UPDATE entries SET voided_at = 0 WHERE id = (SELECT max(id) FROM entries
                     WHERE source = 'log' AND voided_at IS NULL)"""
            )

    async def stored(self) -> list[str]:
        """All that is kept about days, as one comparable list."""

        async def of(tx: Transaction, table: str, columns: str) -> list[str]:
            return await tx.all(str, f"SELECT json_array({columns}) FROM {table} ORDER BY 1")

        async with self.services.records.reading() as tx:
            return [
                *await of(tx, "check_ins", "member_id, study_day, choice, outcome, mood, text_id, version, at"),
                *await of(tx, "entries", "id, member_id, study_day, kind, amount, source, voided_at"),
                *await of(tx, "texts", "id, member_id, kind, key_no, hex(cipher)"),
            ]

    async def one(self, sql: str) -> int:
        async with self.services.records.reading() as tx:
            return await tx.one(int, sql)


@pytest.fixture
async def desk(services: Services, people: People, clock: VirtualClock) -> Desk:
    desk = Desk(services, people, clock, count(1))
    await desk.join(ANA, BEN)
    clock.set("2026-03-03 21:05")
    return desk


def without_line(check_in: CheckIn) -> CheckIn:
    """As an answer tells it: that there is a line, and not which."""
    return replace(check_in, line="")


LIVE = "SELECT count(*) FROM entries WHERE source = 'check_in' AND voided_at IS NULL"


async def test_a_day_has_one_check_in_with_a_mornings_and_an_evenings_answer(desk: Desk) -> None:
    await desk.answer(Choice.FLOOR)
    answered = await desk.answer(Outcome.KEPT)
    assert answered.check_in == CheckIn(study_day=TUESDAY, choice=Choice.FLOOR, outcome=Outcome.KEPT, version=2)
    assert await desk.stands() == answered.check_in
    assert await desk.one("SELECT count(*) FROM check_ins") == 1


async def test_the_same_answer_again_changes_nothing(desk: Desk) -> None:
    await desk.answer(Outcome.KEPT)
    before = await desk.stored()
    again = await desk.answer(Outcome.KEPT)
    assert (again.stale, again.check_in.version) == (False, 1)
    assert await desk.stored() == before


@pytest.mark.parametrize("instead_of", [None, 0, 2, 99])
async def test_an_answer_that_stands_is_replaced_only_by_somebody_who_saw_it(
    desk: Desk, instead_of: int | None
) -> None:
    await desk.answer(Outcome.KEPT)
    before = await desk.stored()
    refused = await desk.answer(Outcome.SOME, instead_of=instead_of)
    assert (refused.stale, refused.check_in.outcome) == (True, Outcome.KEPT)
    assert refused.said is None
    assert await desk.stored() == before
    replaced = await desk.answer(Outcome.SOME, instead_of=1)
    assert (replaced.stale, replaced.check_in.outcome, replaced.check_in.version) == (False, Outcome.SOME, 2)


async def test_an_answer_delivered_again_after_it_was_changed_does_not_come_back(desk: Desk) -> None:
    actor = desk.people.actor(ANA)
    await desk.services.check_ins.answer(actor, TUESDAY, Outcome.KEPT, desk.clock())
    await desk.answer(Outcome.SOME, instead_of=1)
    before = await desk.stored()
    again = await desk.services.check_ins.answer(actor, TUESDAY, Outcome.KEPT, desk.clock())
    assert again.stale
    assert await desk.stored() == before


async def test_two_devices_with_two_answers_give_one(desk: Desk) -> None:
    answers = await asyncio.gather(*(desk.answer(said) for said in (Outcome.KEPT, Outcome.SOME, Outcome.NOT_TODAY)))
    [first] = [answer for answer in answers if not answer.stale]
    assert await desk.stands() == first.check_in
    assert first.check_in.version == 1
    assert all(answer.check_in == first.check_in for answer in answers)


async def test_two_devices_with_two_forms_give_one(desk: Desk) -> None:
    await desk.answer(Outcome.KEPT)
    forms = [Words(questions="40", mood=3, line="one"), Words(questions="60", mood=4, line="other")]
    answers = await asyncio.gather(*(desk.describe(words, 1) for words in forms))
    [kept] = [answer for answer in answers if not answer.stale]
    [refused] = [answer for answer in answers if answer.stale]
    assert refused.check_in == kept.check_in == without_line(await desk.stands())
    assert kept.check_in.version == 2
    assert await desk.one(LIVE) == 1
    assert await desk.one("SELECT count(*) FROM texts") == 1


async def test_a_form_sent_twice_is_saved_once(desk: Desk) -> None:
    await desk.answer(Outcome.KEPT)
    words = Words(questions="40", mood=3, line="a line")
    answers = await asyncio.gather(*(desk.describe(words, 1, operation="form:same") for _ in range(2)))
    assert [answer.stale for answer in answers] == [False, False]
    assert answers[0].check_in == answers[1].check_in == without_line(await desk.stands())
    assert (await desk.stands()).version == 2
    assert await desk.one("SELECT count(*) FROM entries") == 1


@pytest.mark.parametrize("same", ["operation", "interaction"])
async def test_a_form_delivered_again_later_does_not_undo_what_came_after(desk: Desk, same: str) -> None:
    await desk.answer(Outcome.KEPT)
    first = desk.people.actor(ANA)
    describe = desk.services.check_ins.describe
    now = desk.clock()
    await describe(first, TUESDAY, Words(questions="40", line="first"), now, operation="form:a", instead_of=1)
    await desk.describe(Words(questions="50", line="second"), 2)
    before = await desk.stored()
    again = desk.people.actor(ANA) if same == "operation" else first
    operation = "form:a" if same == "operation" else "form:b"
    for version in (1, 2, 3):
        words = Words(questions="40", line="first")
        told = await describe(again, TUESDAY, words, now, operation=operation, instead_of=version)
        assert (told.stale, told.check_in.questions, told.check_in.has_line) == (False, 50, True)
    assert await desk.stored() == before
    assert (await desk.stands()).line == "second"


async def test_a_form_over_an_older_state_changes_nothing_and_shows_what_is(desk: Desk) -> None:
    await desk.answer(Outcome.KEPT)
    await desk.describe(Words(questions="40", mood=3, line="a line"), 1)
    before = await desk.stored()
    refused = await desk.describe(Words(questions="9", mood=1, line="older"), 1)
    assert (refused.stale, refused.check_in.questions, refused.check_in.has_line) == (True, 40, True)
    assert await desk.stored() == before
    assert (await desk.stands()).line == "a line"


async def test_words_nobody_would_understand_write_nothing(desk: Desk) -> None:
    await desk.answer(Outcome.KEPT)
    before = await desk.stored()
    with pytest.raises(UserError, match="Any number"):
        await desk.describe(Words(questions="a few", mood=2, line="kept by the form"), 1, operation="form:a")
    assert await desk.stored() == before
    mended = await desk.describe(Words(questions="7", mood=2, line="kept by the form"), 1, operation="form:a")
    assert (mended.stale, mended.check_in.questions) == (False, 7)


async def test_an_emptied_line_is_gone_and_a_new_one_takes_the_place_of_the_old(desk: Desk) -> None:
    await desk.answer(Outcome.KEPT)
    await desk.describe(Words(line="one"), 1)
    await desk.describe(Words(line="another"), 2)
    assert await desk.one("SELECT count(*) FROM texts") == 1
    assert (await desk.stands()).line == "another"
    await desk.describe(Words(line="  \n "), 3)
    assert await desk.one("SELECT count(*) FROM texts") == 0
    assert await desk.one("SELECT count(*) FROM check_ins WHERE text_id IS NULL") == 1
    assert await desk.stands() == CheckIn(study_day=TUESDAY, outcome=Outcome.KEPT, version=4)


async def test_an_emptied_number_takes_back_the_total_and_no_other_entry(desk: Desk) -> None:
    await desk.log(10)
    await desk.describe(Words(questions="25"), 0)
    assert (await desk.stands()).questions == 25
    await desk.describe(Words(), 1)
    assert (await desk.stands()).questions == 10
    assert await desk.one(LIVE) == 0


EDITS = st.lists(
    st.one_of(
        st.tuples(st.just("total"), st.integers(0, 200)),
        st.tuples(st.just("nothing"), st.just(0)),
        st.tuples(st.just("log"), st.integers(0, 60)),
        st.tuples(st.just("take back a log"), st.just(0)),
        st.tuples(st.just("again"), st.just(0)),
        st.tuples(st.just("stale"), st.integers(0, 200)),
    ),
    max_size=12,
)


def test_a_days_total_is_one_balancing_entry_however_often_it_is_edited(migrated: Path, tmp_path: Path) -> None:
    shutil.copy(migrated, tmp_path / "comeback.db")
    records = Records(tmp_path / "comeback.db", tmp_path / "comeback.key")

    async def live(edits: list[tuple[str, int]]) -> None:
        async with records.writing() as tx:
            for table in ("members", "cohorts", "applied"):
                await tx.execute(f"DELETE FROM {table}")
        clock = VirtualClock()
        desk = Desk(build_services(records, clock, ()), People(), clock, count(1))
        await desk.join(ANA)
        clock.set("2026-03-03 21:05")
        await desk.answer(Outcome.KEPT)
        logs: list[int] = []
        balance: int | None = None
        version = 1
        for what, number in edits:
            match what:
                case "total" | "nothing":
                    words = Words(questions=str(number) if what == "total" else "")
                    answered = await desk.describe(words, version, operation=f"edit:{version}")
                    assert not answered.stale
                    balance = max(0, number - sum(logs)) if what == "total" else None
                    version += 1
                    assert answered.check_in == await desk.stands()
                case "log":
                    logs.append(number)
                    await desk.log(number)
                case "take back a log":
                    logs = logs[:-1]
                    await desk.take_back_a_log()
                case "again" if version > 1:
                    again = await desk.describe(Words(questions="199"), version, operation=f"edit:{version - 1}")
                    assert not again.stale
                case "stale":
                    assert (await desk.describe(Words(questions=str(number)), version - 1)).stale
                case _:
                    pass
            parts = [*logs, *([] if balance is None else [balance])]
            assert (await desk.stands()).questions == (sum(parts) if parts else None)
            assert (await desk.stands()).version == version
            assert await desk.one(LIVE) == (balance is not None)

    with asyncio.Runner() as runner:
        runner.run(records.open())

        @settings(max_examples=40, deadline=None)
        @given(EDITS)
        def holds(edits: list[tuple[str, int]]) -> None:
            runner.run(live(edits))

        try:
            holds()
        finally:
            runner.run(records.close())


# Which days


async def test_yesterday_is_open_until_tonights_time_and_then_closed(desk: Desk) -> None:
    desk.clock.set("2026-03-04 21:00")
    closes = desk.clock()
    desk.clock.now = closes - timedelta(milliseconds=1)
    assert not (await desk.answer(Outcome.SOME)).stale
    assert not (await desk.describe(Words(line="late"), 1)).stale
    desk.clock.now = closes
    before = await desk.stored()
    for act in (desk.answer(Outcome.KEPT, instead_of=2), desk.describe(Words(line="later"), 2)):
        with pytest.raises(Closed):
            await act
    with pytest.raises(Closed):
        await desk.stands()
    assert await desk.stored() == before
    desk.clock.now = closes - timedelta(milliseconds=1)
    assert (await desk.stands()).line == "late", "what was said before it closed stands"


@pytest.mark.parametrize(
    ("now", "open_days"),
    [
        ("2026-03-03 03:59", [MONDAY]),
        ("2026-03-03 04:00", [MONDAY, TUESDAY]),
        ("2026-03-03 20:59", [MONDAY, TUESDAY]),
        ("2026-03-03 21:00", [TUESDAY]),
        ("2026-03-04 03:59", [TUESDAY]),
    ],
)
async def test_only_today_and_an_open_yesterday_can_be_written_for(desk: Desk, now: str, open_days: list[date]) -> None:
    desk.clock.set(now)
    for day in (MONDAY - timedelta(days=1), MONDAY, TUESDAY, TUESDAY + timedelta(days=1), date.max, date.min):
        if day in open_days:
            assert (await desk.answer(Outcome.KEPT, day)).check_in.study_day == day
        else:
            with pytest.raises(Closed):
                await desk.answer(Outcome.KEPT, day)
    overview = await desk.services.today.look(desk.people.actor(ANA), desk.clock())
    shown = [overview.day] + ([overview.yesterday.study_day] if overview.yesterday else [])
    assert sorted(shown) == open_days


async def test_no_day_before_somebody_joined_is_open(desk: Desk) -> None:
    desk.clock.set("2026-03-02 12:00")
    with pytest.raises(Closed):
        await desk.answer(Outcome.KEPT, MONDAY - timedelta(days=1))


# Whose


async def test_everybody_has_days_of_their_own(desk: Desk) -> None:
    await desk.answer(Outcome.KEPT, member=ANA)
    await desk.describe(Words(questions="40", mood=2, line="Ana's"), 1, member=ANA)
    assert await desk.stands(member=BEN) == CheckIn(study_day=TUESDAY)
    await desk.answer(Outcome.ROUGH, member=BEN)
    await desk.describe(Words(questions="5", line="Ben's"), 1, member=BEN)
    await desk.describe(Words(), 2, member=BEN)
    assert (await desk.stands(member=ANA)).line == "Ana's"
    assert (await desk.stands(member=ANA)).questions == 40


async def test_a_stranger_has_no_days(desk: Desk) -> None:
    before = await desk.stored()
    service, stranger = desk.services.check_ins, desk.people.actor(999)
    for act in (
        desk.answer(Outcome.KEPT, member=999),
        desk.describe(Words(line="words"), 0, member=999),
        desk.stands(member=999),
        desk.services.today.look(stranger, desk.clock()),
        service.start_from_today(stranger, desk.clock()),
    ):
        with pytest.raises(NotJoined):
            await act
    assert await desk.stored() == before


async def test_reading_changes_nothing(desk: Desk) -> None:
    await desk.answer(Outcome.KEPT)
    await desk.describe(Words(questions="40", line="a line"), 1)
    before = await desk.stored()
    assert (await desk.stands()).line == "a line"
    await desk.services.today.look(desk.people.actor(ANA), desk.clock())
    assert await desk.stored() == before
