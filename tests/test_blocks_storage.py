"""Work that was written down counts once, can be corrected and taken back, and belongs to whoever did it."""

import asyncio
import shutil
from collections import defaultdict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.app import build_services
from bot.domain.blocks import Block, Entry, Typed, Work
from bot.domain.check_ins import Outcome
from bot.domain.errors import NotFound, UserError
from bot.domain.phases import Phase
from bot.services import Services
from bot.services.actors import Actor, NotJoined
from bot.services.blocks import Logged
from bot.services.check_ins import Words
from bot.services.records import Records
from bot.storage import ledgers
from tests.conftest import People, VirtualClock

ANA, BEN, STRANGER = 101, 102, 999
THURSDAY = date(2026, 3, 12)
"""They joined ten days before."""
DAY = timedelta(days=1)
GONE = "I can't find that any more. `/today` always opens what there is."


@dataclass
class Desk:
    """Members who write down what they did."""

    services: Services
    people: People
    clock: VirtualClock
    operations: int = 0

    async def join(self, *members: int) -> None:
        self.clock.set("2026-03-02 12:00")
        cohort = await self.services.cohorts.create(self.people.actor(9), 5, "Group", 6, True, self.clock())
        for member in members:
            actor = self.people.actor(member)
            zone = "America/Chicago"
            await self.services.joining.enrol(actor, 5, cohort.id, Phase.REBUILDING, zone, "", self.clock())
        self.clock.set("2026-03-12 12:00")

    def operation(self) -> str:
        self.operations += 1
        return f"log:{self.operations}"

    async def log(
        self, amount: object = 20, day: str = "", member: int = ANA, operation: str = "", **typed: Any
    ) -> Logged:
        words = Typed(amount=str(amount), day=day, **typed)
        actor = self.people.actor(member)
        return await self.services.blocks.log(actor, words, self.clock(), operation=operation or self.operation())

    async def undo(self, actor: Actor | None = None) -> Logged:
        return await self.services.blocks.undo(actor or self.people.actor(ANA), self.clock())

    async def take_back(self, entry: int, actor: Actor | None = None) -> Logged:
        return await self.services.blocks.take_back(actor or self.people.actor(ANA), entry, self.clock())

    async def put_back(self, entry: int, actor: Actor | None = None) -> Logged:
        return await self.services.blocks.put_back(actor or self.people.actor(ANA), entry, self.clock())

    async def correct(self, entry: int, amount: object, actor: Actor | None = None, **typed: Any) -> Logged:
        words = Typed(amount=str(amount), **typed)
        return await self.services.blocks.correct(actor or self.people.actor(ANA), entry, words, self.clock())

    async def latest(self, member: int = ANA) -> list[Entry]:
        return await self.services.blocks.latest(self.people.actor(member), self.clock())

    async def total(self, questions: int | None, day: date, member: int = ANA) -> None:
        """The number in the evening form of a day; None empties it."""
        actor, words = self.people.actor(member), Words(questions="" if questions is None else str(questions))
        said = await self.services.check_ins.of_day(actor, day, self.clock())
        if not said.outcome:
            answered = await self.services.check_ins.answer(actor, day, Outcome.SOME, self.clock())
            said = answered.check_in
        await self.services.check_ins.describe(
            self.people.actor(member), day, words, self.clock(), operation=self.operation(), instead_of=said.version
        )

    async def done(self, day: date = THURSDAY, member: int = ANA) -> dict[Work, int]:
        """What a day's entries come to by the member's own page."""
        return (await self.totals(member)).get(day, {})

    async def totals(self, member: int) -> dict[date, dict[Work, int]]:
        """What is seen of all days, asked about as they are answered."""
        async with self.services.records.reading() as tx:
            page = await ledgers.of_discord(tx, member, date.min)
        assert page is not None
        return {day: dict(said.work) for day, said in page.ledger.records.items() if said.work}

    async def stored(self) -> list[str]:
        """Every row about work, as one comparable list."""
        async with self.services.records.reading() as tx:
            return [
                str(tuple(row))
                for table in ("entries", "texts")
                for row in await tx.rows(f"SELECT * FROM {table} ORDER BY id")
            ]

    async def one(self, sql: str) -> Any:
        async with self.services.records.reading() as tx:
            rows = await tx.rows(sql)
        return rows[0][0]


@pytest.fixture
async def desk(services: Services, people: People, clock: VirtualClock) -> Desk:
    desk = Desk(services, people, clock)
    await desk.join(ANA, BEN)
    return desk


# --- written once


async def test_a_block_is_kept_with_all_that_was_said_of_it(desk: Desk) -> None:
    ticks = frozenset({"timed", "unseen", "worked_through", "notebook"})
    made = await desk.log("38/24", minutes="50 min", ticks=ticks, day="yesterday")
    block = Block(amount=38, correct=24, minutes=50, timed=True, unseen=True, worked_through=True, notebook=True)
    assert made.entry == Entry(id=made.entry.id, study_day=THURSDAY - DAY, block=block)
    assert await desk.latest() == [made.entry]
    assert await desk.done(THURSDAY - DAY) == {Work.QUESTIONS: 38}
    assert await desk.done() == {}


async def test_every_kind_of_work_is_counted_on_its_own(desk: Desk) -> None:
    made = [await desk.log(10, kind=kind) for kind in (*Work, *Work)]
    assert made[-1].today.done == dict.fromkeys(Work, 20)
    assert await desk.done() == dict.fromkeys(Work, 20)


async def test_one_act_sent_twice_is_one_entry(desk: Desk) -> None:
    first = await desk.log(20, operation="log:same", note="Once.")
    second = await desk.log(50, operation="log:same", note="Twice.")
    assert second.entry == first.entry
    assert second.today.done == {Work.QUESTIONS: 20}
    assert await desk.one("SELECT count(*) FROM texts") == 1


async def test_two_devices_at_once_are_two_entries(desk: Desk) -> None:
    made = await asyncio.gather(*(desk.log(20) for _ in range(5)))
    assert len({it.entry.id for it in made}) == 5
    assert await desk.done() == {Work.QUESTIONS: 100}


async def test_somebody_elses_act_neither_counts_nor_shows_theirs(desk: Desk) -> None:
    await desk.log(20, operation="log:same")
    before = await desk.stored()
    with pytest.raises(NotFound, match="can't find that"):
        await desk.log(30, member=BEN, operation="log:same")
    assert await desk.stored() == before


@pytest.mark.parametrize(
    "typed",
    [
        {"amount": "lots"},
        {"amount": "0"},
        {"amount": "501"},
        {"amount": "20/14", "kind": Work.PAGES},
        {"minutes": "long"},
        {"day": "30 February"},
        {"day": "year 9999"},
        {"day": "1 January 9999"},
        {"day": "tomorrow"},
        {"day": "@everyone"},
        {"day": "\u200b🎓"},
        {"day": "1e9"},
        {"day": "-1"},
        {"day": "x" * 5000},
    ],
)
async def test_words_that_cannot_be_used_write_nothing(desk: Desk, typed: dict[str, Any]) -> None:
    with pytest.raises(UserError) as refused:
        await desk.log(note="A note.", **typed)
    assert refused.value.again
    assert await desk.stored() == []


# --- for which day


@pytest.mark.parametrize(
    ("typed", "ago"),
    [("", 0), (" ", 0), ("today", 0), ("yesterday", 1), ("Monday", 3), ("Thursday", 0), ("5 March", 7), ("5.3.", 7)],
)
async def test_work_is_written_down_for_today_or_one_of_the_seven_days_before(desk: Desk, typed: str, ago: int) -> None:
    assert (await desk.log(day=typed)).entry.study_day == THURSDAY - ago * DAY


@pytest.mark.parametrize("typed", ["4 March", "13 March", "tomorrow", "next Monday", "12 March 2027", "2 weeks ago"])
async def test_no_work_is_written_down_for_longer_ago_or_days_to_come(desk: Desk, typed: str) -> None:
    with pytest.raises(UserError, match="today and the past seven days, such as `yesterday`"):
        await desk.log(day=typed)


async def test_work_from_before_somebody_joined_is_not_counted_and_the_sentence_says_from_when_on(desk: Desk) -> None:
    desk.clock.set("2026-03-02 13:00")
    for typed in ("yesterday", "24 February"):
        with pytest.raises(UserError) as refused:
            await desk.log(day=typed)
        assert str(refused.value) == "Your days here began on 2 March; work from then on can be written down."
    desk.clock.set("2026-03-04 13:00")
    assert (await desk.log(day="2 March")).entry.study_day == date(2026, 3, 2)


async def test_until_the_cut_it_is_still_the_day_before(desk: Desk) -> None:
    desk.clock.set("2026-03-13 03:59")
    assert (await desk.log()).entry.study_day == THURSDAY
    desk.clock.set("2026-03-13 04:00")
    assert (await desk.log()).entry.study_day == THURSDAY + DAY


async def test_a_block_is_as_large_as_the_member_chose(desk: Desk) -> None:
    async with desk.services.records.writing() as tx:
        await tx.execute("UPDATE members SET block_size = 38 WHERE discord_id = :ana", ana=ANA)
    assert (await desk.log("2 blocks")).entry.block.amount == 76
    assert (await desk.log("2 blocks", member=BEN)).entry.block.amount == 40


# --- taken back, put back, corrected


async def test_undo_takes_back_the_last_entry_and_names_it(desk: Desk) -> None:
    first, second = await desk.log(20), await desk.log("30/20", day="yesterday")
    undone = await desk.undo()
    assert undone.entry == replace(second.entry, taken_back=True)
    assert await desk.latest() == [first.entry]
    assert await desk.done(THURSDAY - DAY) == {}
    assert (await desk.undo()).entry == replace(first.entry, taken_back=True)
    with pytest.raises(NotFound, match="nothing to take back"):
        await desk.undo()


async def test_undo_never_touches_the_total_of_an_evening_or_anybody_elses_work(desk: Desk) -> None:
    await desk.total(50, THURSDAY)
    await desk.log(20, member=BEN)
    with pytest.raises(NotFound, match="nothing to take back"):
        await desk.undo()
    assert await desk.done() == {Work.QUESTIONS: 50}
    assert await desk.done(member=BEN) == {Work.QUESTIONS: 20}


async def test_an_undo_that_arrives_twice_takes_back_one(desk: Desk) -> None:
    await desk.log(20)
    second = await desk.log(30)
    actor = desk.people.actor(ANA)
    for _ in range(3):
        assert (await desk.undo(actor)).entry == replace(second.entry, taken_back=True)
    assert await desk.done() == {Work.QUESTIONS: 20}


async def test_acts_on_one_entry_that_arrive_once_more_change_nothing(desk: Desk) -> None:
    """Each would otherwise turn over what was done since."""
    entry = (await desk.log(20)).entry.id
    undo, redo, correct = (desk.people.actor(ANA) for _ in range(3))
    await desk.take_back(entry, undo)
    await desk.put_back(entry, redo)
    assert not (await desk.take_back(entry, undo)).entry.taken_back
    await desk.correct(entry, 30, correct)
    await desk.correct(entry, 40)
    assert (await desk.correct(entry, 30, correct)).entry.block.amount == 40
    await desk.take_back(entry)
    assert (await desk.put_back(entry, redo)).entry.taken_back
    assert await desk.done() == {}


async def test_a_second_tap_changes_nothing(desk: Desk) -> None:
    entry = (await desk.log(20)).entry
    taken = [await desk.take_back(entry.id) for _ in range(2)]
    assert [it.entry for it in taken] == [replace(entry, taken_back=True)] * 2
    back = [await desk.put_back(entry.id) for _ in range(2)]
    assert [it.entry for it in back] == [entry] * 2
    assert await desk.done() == {Work.QUESTIONS: 20}


async def test_numbers_are_corrected_and_day_kind_and_note_stay(desk: Desk) -> None:
    made = await desk.log("20/14", day="yesterday", kind=Work.PRACTICE, note="A note.", minutes="30")
    fixed = await desk.correct(made.entry.id, "25/15", minutes="", day="today", kind=Work.VIDEOS)
    assert fixed.entry == replace(made.entry, block=Block(kind=Work.PRACTICE, amount=25, correct=15))
    assert await desk.done(THURSDAY - DAY) == {Work.PRACTICE: 25}
    assert await desk.one("SELECT count(*) FROM entries e JOIN texts t ON t.id = e.text_id") == 1


@pytest.mark.parametrize("amount", ["lots", "0", "501", ""])
async def test_a_correction_that_cannot_be_leaves_the_entry_as_it_was(desk: Desk, amount: str) -> None:
    made = await desk.log(20)
    with pytest.raises(UserError) as refused:
        await desk.correct(made.entry.id, amount)
    assert refused.value.again
    assert await desk.latest() == [made.entry]


async def test_what_was_taken_back_meanwhile_is_not_corrected(desk: Desk) -> None:
    entry = (await desk.log(20)).entry.id
    await desk.take_back(entry)
    with pytest.raises(NotFound, match="taken back meanwhile"):
        await desk.correct(entry, 30)
    assert (await desk.put_back(entry)).entry.block.amount == 20


async def test_the_last_five_entries_that_stand_are_listed_newest_first(desk: Desk) -> None:
    made = [(await desk.log(number, day=day)).entry for number, day in enumerate(["", "yesterday"] * 4, 1)]
    await desk.take_back(made[6].id)
    await desk.log(99, member=BEN)
    assert await desk.latest() == [made[7], *reversed(made[2:6])]


# --- whose


async def acts_on(desk: Desk, entry: int, member: int) -> list[Awaitable[Any]]:
    actor = desk.people.actor
    return [
        desk.services.blocks.entry(actor(member), entry, desk.clock()),
        desk.take_back(entry, actor(member)),
        desk.put_back(entry, actor(member)),
        desk.correct(entry, 30, actor(member)),
    ]


async def test_anothers_entry_and_one_that_never_was_get_the_same_words_and_change_nothing(desk: Desk) -> None:
    live, gone = (await desk.log(20)).entry.id, (await desk.log(30)).entry.id
    await desk.take_back(gone)
    await desk.total(80, THURSDAY)
    balance = await desk.one("SELECT max(id) FROM entries WHERE source = 'check_in'")
    before, signs = await desk.stored(), await desk.one("SELECT group_concat(last_sign_at) FROM members")
    desk.clock.move(minutes=5)
    tries = [(ANA, balance), (ANA, 999_999), (BEN, live), (BEN, gone), (BEN, balance), (BEN, 999_999), (BEN, 0)]
    for member, entry in tries:
        for act in await acts_on(desk, entry, member):
            with pytest.raises(NotFound) as refused:
                await act
            assert str(refused.value) == GONE
    assert await desk.stored() == before
    assert await desk.one("SELECT group_concat(last_sign_at) FROM members") == signs


async def test_a_stranger_has_no_work(desk: Desk) -> None:
    entry = (await desk.log(20)).entry.id
    before = await desk.stored()
    acts = [*await acts_on(desk, entry, STRANGER), desk.log(member=STRANGER), desk.latest(STRANGER)]
    for act in (*acts, desk.undo(desk.people.actor(STRANGER))):
        with pytest.raises(NotJoined):
            await act
    assert await desk.stored() == before


@pytest.mark.parametrize("act", ["log", "undo", "take_back", "put_back", "correct", "latest", "entry"])
async def test_writing_is_a_sign_of_life_and_reading_is_none(desk: Desk, act: str) -> None:
    entry = (await desk.log(20)).entry.id
    desk.clock.move(hours=20)
    acts: dict[str, Callable[[], Awaitable[Any]]] = {
        "log": desk.log,
        "undo": desk.undo,
        "take_back": lambda: desk.take_back(entry),
        "put_back": lambda: desk.put_back(entry),
        "correct": lambda: desk.correct(entry, 30),
        "latest": desk.latest,
        "entry": lambda: desk.services.blocks.entry(desk.people.actor(ANA), entry, desk.clock()),
    }
    before = await desk.one(f"SELECT last_sign_at FROM members WHERE discord_id = {ANA}")
    await acts[act]()
    after = await desk.one(f"SELECT last_sign_at FROM members WHERE discord_id = {ANA}")
    assert (after > before) is (act not in ("latest", "entry"))


# --- private words


async def test_a_note_is_nowhere_readable_in_the_files_and_belongs_to_its_entry(desk: Desk, tmp_path: Path) -> None:
    made = await desk.log(20, note="  Canarybird told nobody.  ")
    for file in ("comeback.db", "comeback.db-wal"):
        assert b"Canarybird" not in (tmp_path / file).read_bytes()
    async with desk.services.records.reading() as tx:
        (row,) = await tx.rows(
            """SELECT t.*, m.discord_id, e.id AS entry FROM texts t JOIN members m ON m.id = t.member_id
               JOIN entries e ON e.text_id = t.id"""
        )
    assert (row["discord_id"], row["entry"], row["kind"]) == (ANA, made.entry.id, "note")
    assert row["key_no"] > 0
    assert desk.services.records.vault.unlock(row["cipher"]) == "Canarybird told nobody."


@pytest.mark.parametrize("note", ["", "  ", "\n\t"])
async def test_an_empty_note_is_no_note(desk: Desk, note: str) -> None:
    await desk.log(20, note=note)
    assert await desk.one("SELECT count(*) FROM texts") == 0


@pytest.mark.parametrize("note", ["x" * 300, "@everyone **bold**", "مرحبا \u202e zw\u200bj 🎓\nsecond", "'; DROP --"])
async def test_any_note_is_kept_as_it_was_typed(desk: Desk, note: str) -> None:
    await desk.log(20, note=note)
    assert desk.services.records.vault.unlock(await desk.one("SELECT cipher FROM texts")) == note


# --- any order of acts


@dataclass
class Model:
    """What should stand after each act, kept in the simplest way."""

    entries: dict[int, list[Any]] = field(default_factory=dict[int, list[Any]])
    """Member, day, kind, amount, and whether it stands."""
    balances: dict[tuple[int, date], int] = field(default_factory=dict[tuple[int, date], int])

    def logged(self, member: int, day: date) -> int:
        return sum(
            amount
            for who, when, kind, amount, stands in self.entries.values()
            if (who, when, kind, stands) == (member, day, Work.QUESTIONS, True)
        )

    def totals(self, member: int) -> dict[date, dict[Work, int]]:
        found: dict[date, dict[Work, int]] = defaultdict(lambda: defaultdict(int))
        for who, day, kind, amount, stands in self.entries.values():
            if who == member and stands:
                found[day][kind] += amount
        for (who, day), amount in self.balances.items():
            if who == member:
                found[day][Work.QUESTIONS] += amount
        return {day: dict(done) for day, done in found.items()}

    def of(self, member: int) -> list[int]:
        return [entry for entry, (who, *_, stands) in self.entries.items() if who == member and stands]


some_acts = st.lists(
    st.tuples(
        st.sampled_from(
            ["log", "log", "again", "undo", "undo again", "take back", "put back", "correct", "total", "no total"]
        ),
        st.sampled_from([ANA, ANA, BEN]),
        st.integers(0, 200),
        st.sampled_from(Work),
    ),
    max_size=14,
)


class Play:
    """Acts on the services and on the model, side by side."""

    def __init__(self, desk: Desk) -> None:
        self.desk, self.model = desk, Model()
        self.operations: list[tuple[str, int, int]] = []
        self.undone: dict[int, Actor] = {}

    async def act(self, what: str, member: int, number: int, kind: Work) -> None:
        desk, entries = self.desk, self.model.entries
        actor, day = desk.people.actor(member), THURSDAY - (number % 8) * DAY
        own = [entry for entry, (who, *_) in entries.items() if who == member]
        entry = own[number % len(own)] if own else 0
        match what:
            case "log":
                operation = desk.operation()
                amount = 1 + number % 60
                made = await desk.log(amount, f"{day.day} March", member, operation, kind=kind)
                look = await desk.services.today.look(actor, desk.clock())
                assert replace(made.today, first_sign=False) == look
                entries[made.entry.id] = [member, day, kind, amount, True]
                self.operations.append((operation, member, made.entry.id))
            case "again" if self.operations:
                operation, who, same = self.operations[number % len(self.operations)]
                assert (await desk.log(7, "", who, operation)).entry.id == same
            case "undo" if standing := self.model.of(member):
                assert (await desk.undo(actor)).entry.id == max(standing)
                entries[max(standing)][-1] = False
                self.undone[member] = actor
            case "undo again" if member in self.undone:
                await desk.undo(self.undone[member])
            case "take back" if entry:
                await desk.take_back(entry, actor)
                entries[entry][-1] = False
            case "put back" if entry:
                await desk.put_back(entry, actor)
                entries[entry][-1] = True
            case "correct" if entry and entries[entry][-1]:
                await desk.correct(entry, 1 + number % 60, actor)
                entries[entry][3] = 1 + number % 60
            case "total" | "no total":
                day = THURSDAY - (number % 2) * DAY
                await desk.total(number if what == "total" else None, day, member)
                self.model.balances.pop((member, day), None)
                if what == "total":
                    self.model.balances[member, day] = max(0, number - self.model.logged(member, day))
            case _:
                pass

    async def check(self) -> None:
        for member in (ANA, BEN):
            assert await self.desk.totals(member) == self.model.totals(member)
            listed = [entry.id for entry in await self.desk.latest(member)]
            assert listed == sorted(self.model.of(member), reverse=True)[:5]


def test_totals_are_the_sum_of_what_stands_after_any_order_of_acts(migrated: Path, tmp_path: Path) -> None:
    shutil.copy(migrated, tmp_path / "comeback.db")
    records = Records(tmp_path / "comeback.db", tmp_path / "comeback.key")

    async def live(acts: list[tuple[str, int, int, Work]]) -> None:
        async with records.writing() as tx:
            for table in ("members", "cohorts", "applied"):
                await tx.execute(f"DELETE FROM {table}")
        clock = VirtualClock()
        play = Play(Desk(build_services(records, clock, ()), People(), clock))
        await play.desk.join(ANA, BEN)
        for what, member, number, kind in acts:
            await play.act(what, member, number, kind)
            await play.check()

    with asyncio.Runner() as runner:
        runner.run(records.open())

        @settings(max_examples=30, deadline=None)
        @given(some_acts)
        def holds(acts: list[tuple[str, int, int, Work]]) -> None:
            runner.run(live(acts))

        try:
            holds()
        finally:
            runner.run(records.close())
