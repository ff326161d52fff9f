"""The one door to the database: all or nothing, whatever breaks, and usable afterwards."""

import asyncio
import shutil
import sqlite3
import threading
import types
from collections.abc import AsyncIterator, Callable, Coroutine, Generator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.errors import Resting, UserError
from bot.domain.phases import Phase
from bot.storage import database as door
from bot.storage import meta
from bot.storage.database import Database
from bot.storage.lock import HeldElsewhere, only_process

NOW = datetime(2026, 3, 2, 18, 0, tzinfo=UTC)
Act = Callable[[], Coroutine[Any, Any, None]]


@pytest.fixture
async def database(migrated: Path, tmp_path: Path) -> AsyncIterator[Database]:
    shutil.copy(migrated, tmp_path / "comeback.db")
    opened = Database(tmp_path / "comeback.db")
    await opened.open()
    yield opened
    await opened.close()


async def keep(database: Database, *keys: str) -> None:
    """One transaction with a row for each key."""
    async with database.writing() as tx:
        for key in keys:
            await meta.keep(tx, key, "kept")


async def kept(database: Database) -> set[str]:
    async with database.reading() as tx:
        return set(await tx.all(str, "SELECT key FROM meta"))


def writer(database: Database) -> Any:
    return vars(database)["_writer"]


def is_busy(database: Database) -> bool:
    return vars(database)["_lock"].locked()


def threads() -> set[threading.Thread]:
    """Those that would keep the program from ending."""
    return {thread for thread in threading.enumerate() if "_connection_worker_thread" in thread.name}


async def all_end(started: set[threading.Thread]) -> bool:
    """Whether threads end by themselves; one that was told to may take a moment."""
    for thread in started:
        await asyncio.to_thread(thread.join, 5)
    return not any(thread.is_alive() for thread in started)


@types.coroutine
def interrupted(act: Coroutine[Any, Any, None], moments: set[int]) -> Generator[Any, Any, int]:
    """Run something, cancelling its task at these of its waits. Returns how many waits there were."""
    waits = 0
    step: Callable[[], Any] = lambda: act.send(None)  # noqa: E731 - replaced at every turn
    while True:
        try:
            awaited = step()
        except StopIteration:
            return waits
        task = asyncio.current_task()
        if waits in moments and task is not None:
            task.cancel()
        waits += 1
        try:
            answer = yield awaited
        except BaseException as error:  # noqa: BLE001 - passed on into the act, cancellation included
            thrown = error
            step = lambda thrown=thrown: act.throw(thrown)  # noqa: E731
        else:
            step = lambda answer=answer: act.send(answer)  # noqa: E731


async def cancelled_at(act: Act, moments: set[int]) -> bool:
    """Whether the cancellations reached it before it was done."""

    async def run() -> None:
        await interrupted(act(), moments)

    task = asyncio.create_task(run())
    await asyncio.wait({task})
    if not task.cancelled():
        task.result()
    return task.cancelled()


async def test_what_was_written_is_there_once_the_block_is_left(database: Database) -> None:
    async with database.writing() as tx:
        await meta.keep(tx, "a", "1")
        assert await kept(database) == set()
    assert await kept(database) == {"a"}


@pytest.mark.parametrize("error", [ValueError("a bug"), UserError("a limit"), sqlite3.IntegrityError("a rule")])
async def test_an_error_inside_undoes_everything_and_arrives_as_it_is(database: Database, error: Exception) -> None:
    async def write_and_fail() -> None:
        async with database.writing() as tx:
            await meta.keep(tx, "a", "1")
            raise error

    with pytest.raises(type(error), match=str(error)):
        await write_and_fail()
    assert await kept(database) == set()
    await keep(database, "b")
    assert await kept(database) == {"b"}


async def test_a_broken_rule_of_the_tables_is_not_taken_for_a_database_that_is_away(database: Database) -> None:
    with pytest.raises(sqlite3.IntegrityError):
        async with database.writing() as tx:
            await tx.execute("INSERT INTO meta (key, value) VALUES ('a', NULL)")


@pytest.mark.parametrize("again_after", [None, 1, 2])
async def test_a_cancellation_at_any_wait_saves_all_or_nothing_and_the_door_stays_usable(
    database: Database, again_after: int | None
) -> None:
    saved = moment = 0
    while True:
        keys = {f"{moment} first", f"{moment} second"}
        moments = {moment} if again_after is None else {moment, moment + again_after}
        cancelled = await cancelled_at(lambda keys=keys: keep(database, *keys), moments)
        found = await kept(database) & keys
        assert found in (set(), keys)
        assert cancelled or found == keys
        await keep(database, f"{moment} afterwards")
        assert f"{moment} afterwards" in await kept(database)
        saved += bool(found)
        if not cancelled:
            break
        moment += 1
    assert moment >= 4
    assert saved == 2, "the run that was cancelled in its commit, and the one that was not cancelled"


async def test_a_cancelled_read_leaves_the_door_usable(database: Database) -> None:
    async def read() -> None:
        await kept(database)

    moment = 0
    while await cancelled_at(read, {moment}):
        moment += 1
    assert moment >= 1
    await keep(database, "a")
    assert await kept(database) == {"a"}


async def test_writers_take_turns(database: Database) -> None:
    async def add_one() -> None:
        async with database.writing() as tx:
            seen = int(await meta.value(tx, "count") or 0)
            await asyncio.sleep(0)
            await meta.keep(tx, "count", str(seen + 1))

    await asyncio.gather(*(add_one() for _ in range(20)))
    async with database.reading() as tx:
        assert await meta.value(tx, "count") == "20"


async def test_a_reader_does_not_wait_for_a_writer(database: Database) -> None:
    async with database.writing() as tx:
        await meta.keep(tx, "a", "1")
        assert await asyncio.create_task(kept(database)) == set()


async def test_only_a_task_that_writes_knows_itself_in_a_transaction(database: Database) -> None:
    async def elsewhere() -> bool:
        return door.in_transaction.get()

    before = asyncio.create_task(elsewhere())
    async with database.writing():
        assert door.in_transaction.get()
        assert not await before
    assert not door.in_transaction.get()
    async with database.reading():
        assert not door.in_transaction.get()


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> float:
    """How long, in seconds, a busy database is waited for in these tests."""
    monkeypatch.setattr(door, "BUSY_MILLISECONDS", 300)
    return 0.3


async def test_a_database_held_by_another_process_rests_and_saves_nothing(impatient: float, database: Database) -> None:
    other = sqlite3.connect(database.path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(Resting):
        await keep(database, "a")
    assert await kept(database) == set()
    other.execute("ROLLBACK")
    other.close()
    await keep(database, "b")
    assert await kept(database) == {"b"}


async def test_a_writer_goes_on_as_soon_as_the_other_process_lets_go(impatient: float, database: Database) -> None:
    other = sqlite3.connect(database.path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    waiting = asyncio.create_task(keep(database, "a"))
    await asyncio.sleep(0)
    assert is_busy(database)
    other.execute("COMMIT")
    other.close()
    await waiting
    assert await kept(database) == {"a"}


async def test_those_who_stand_in_line_for_a_held_database_all_hear_in_time(
    impatient: float, database: Database
) -> None:
    """One after another, the third would wait three times as long, and its interaction would be dead."""
    other = sqlite3.connect(database.path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    loop = asyncio.get_running_loop()
    began = loop.time()
    told = await asyncio.gather(*(keep(database, key) for key in "abc"), return_exceptions=True)
    took = loop.time() - began
    other.close()
    assert [type(error) for error in told] == [Resting] * 3
    assert impatient <= took < 2 * impatient


async def test_somebody_who_gives_up_on_a_held_database_is_let_go_at_once(
    monkeypatch: pytest.MonkeyPatch, migrated: Path, tmp_path: Path
) -> None:
    shutil.copy(migrated, tmp_path / "comeback.db")
    database = Database(tmp_path / "comeback.db")
    await database.open()
    other = sqlite3.connect(database.path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    loop = asyncio.get_running_loop()
    waiting = asyncio.create_task(keep(database, "a"))
    await asyncio.sleep(0)
    assert is_busy(database)
    began = loop.time()
    waiting.cancel()
    await asyncio.wait({waiting})
    assert loop.time() - began < door.BUSY_MILLISECONDS / 1000 / 2
    other.close()
    await keep(database, "b")
    assert await kept(database) == {"b"}
    await database.close()


def test_a_held_database_is_given_up_before_an_interaction_dies() -> None:
    assert door.BUSY_MILLISECONDS <= 2_000


async def test_a_database_that_may_not_be_written_rests_and_saves_nothing(database: Database) -> None:
    await writer(database).execute("PRAGMA query_only = ON")
    with pytest.raises(Resting):
        await keep(database, "a")
    await writer(database).execute("PRAGMA query_only = OFF")
    assert await kept(database) == set()
    await keep(database, "b")
    assert await kept(database) == {"b"}


async def test_a_full_disk_rests_and_saves_nothing(database: Database) -> None:
    async with database.writing() as tx:
        pages = await tx.one(int, "PRAGMA page_count")
        await tx.one(int, f"PRAGMA max_page_count = {pages}")

    async def write() -> None:
        async with database.writing() as tx:
            await meta.keep(tx, "small", "1")
            await meta.keep(tx, "large", "x" * 100_000)

    with pytest.raises(Resting):
        await write()
    assert await kept(database) == set()
    async with database.writing() as tx:
        await tx.one(int, f"PRAGMA max_page_count = {pages + 100}")
    await keep(database, "b")
    assert await kept(database) == {"b"}


async def test_a_closed_database_rests_until_it_is_opened_again(database: Database) -> None:
    await keep(database, "a")
    await database.close()
    assert not database.is_open
    for act in (lambda: keep(database, "b"), lambda: kept(database)):
        with pytest.raises(Resting):
            await act()
    await database.open()
    assert await kept(database) == {"a"}


async def test_a_reader_that_the_end_overtakes_is_told_that_records_rest(database: Database) -> None:
    async def read() -> None:
        async with database.reading() as tx:
            await tx.one(int, "SELECT 1")
            await database.close()
            await tx.one(int, "SELECT 1")

    with pytest.raises(Resting):
        await read()


async def test_the_end_waits_for_the_write_in_progress(database: Database) -> None:
    async with database.writing() as tx:
        closing = asyncio.create_task(database.close())
        for number in range(20):
            await meta.keep(tx, str(number), "1")
    await closing
    await database.open()
    assert len(await kept(database)) == 20


async def test_once_closed_the_one_file_holds_everything(database: Database) -> None:
    await keep(database, "a")
    await database.close()
    assert {file.name for file in database.path.parent.iterdir()} == {"comeback.db"}


async def test_a_file_that_is_no_database_is_not_opened_and_leaves_nothing_behind(tmp_path: Path) -> None:
    before = threads()
    (tmp_path / "comeback.db").write_bytes(b"these are not the records" * 400)
    database = Database(tmp_path / "comeback.db")
    with pytest.raises(sqlite3.Error):
        await database.open()
    assert not database.is_open
    assert await all_end(threads() - before)


@pytest.mark.parametrize("step", ["open", "close"])
async def test_a_cancelled_opening_or_closing_leaves_no_thread_that_hangs_the_exit(
    migrated: Path, tmp_path: Path, step: str
) -> None:
    shutil.copy(migrated, tmp_path / "comeback.db")
    before, moment = threads(), 0
    while True:
        database = Database(tmp_path / "comeback.db")
        if step == "close":
            await database.open()
        cancelled = await cancelled_at(database.open if step == "open" else database.close, {moment})
        await database.close()
        assert await all_end(threads() - before)
        if not cancelled:
            break
        moment += 1
    assert moment >= 1


@pytest.fixture
def ask(migrated: Path, tmp_path: Path) -> Generator[Callable[[type[Any], object], Any]]:
    """Send a value to the database and read it back, from outside any loop."""
    shutil.copy(migrated, tmp_path / "comeback.db")
    database = Database(tmp_path / "comeback.db")

    async def there_and_back(kind: type[Any], value: object) -> Any:
        async with database.reading() as tx:
            return await tx.one(kind, "SELECT :value", value=value)

    with asyncio.Runner() as runner:
        runner.run(database.open())
        yield lambda kind, value: runner.run(there_and_back(kind, value))
        runner.run(database.close())


ZONES = st.sampled_from([UTC, timezone(timedelta(hours=-5)), timezone(timedelta(hours=14))])
INSTANTS = st.datetimes(datetime(1990, 1, 1), datetime(2100, 1, 1), timezones=ZONES)  # noqa: DTZ001 - zones follow


def test_an_instant_comes_back_to_the_millisecond_and_in_utc(ask: Callable[[type[Any], object], Any]) -> None:
    @settings(max_examples=300, deadline=None)
    @given(INSTANTS)
    def holds(instant: datetime) -> None:
        exact = instant.replace(microsecond=instant.microsecond // 1000 * 1000)
        found = ask(datetime, instant)
        assert found == exact
        assert found.utcoffset() == timedelta(0)
        assert ask(datetime, found) == found

    holds()


def test_a_time_without_a_zone_is_refused(ask: Callable[[type[Any], object], Any]) -> None:
    with pytest.raises(TypeError):
        ask(int, datetime(2026, 3, 2))  # noqa: DTZ001 - that is the point


@pytest.mark.parametrize(
    ("kind", "value", "stored"),
    [
        (date, date(2026, 3, 2), "2026-03-02"),
        (date, date.max, "9999-12-31"),
        (datetime, NOW, 1_772_474_400_000),
        (bool, True, 1),
        (bool, False, 0),
        (Phase, Phase.REBUILDING, "rebuilding"),
        (str, "é 🙂", "é 🙂"),
        (bytes, b"\x00\xff", b"\x00\xff"),
    ],
)
def test_values_are_stored_plainly_and_come_back_as_they_were(
    ask: Callable[[type[Any], object], Any], kind: type[Any], value: object, stored: object
) -> None:
    assert ask(type(stored), value) == stored
    assert ask(kind, value) == value


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    at: datetime
    day: date
    sure: bool
    phase: Phase
    number: int | None


ROW = Row(at=NOW, day=date(2026, 3, 2), sure=True, phase=Phase.WAITING, number=None)


async def test_a_row_becomes_a_value_by_the_names_of_its_columns(database: Database) -> None:
    async with database.reading() as tx:
        sql = "SELECT :number AS number, :phase AS phase, :sure AS sure, :day AS day, :at AS at"
        values = {"at": ROW.at, "day": ROW.day, "sure": ROW.sure, "phase": ROW.phase, "number": ROW.number}
        assert await tx.all(Row, sql, **values) == [ROW]
        assert await tx.maybe(Row, f"{sql} WHERE 0", **values) is None
        with pytest.raises(LookupError):
            await tx.one(Row, f"{sql} WHERE 0", **values)


async def test_a_statement_says_how_many_rows_it_changed(database: Database) -> None:
    await keep(database, "a", "b", "c")
    async with database.writing() as tx:
        assert await tx.execute("DELETE FROM meta WHERE key <> :key", key="b") == 2
        await tx.execute_many("INSERT INTO meta (key, value) VALUES (:key, :value)", [{"key": "d", "value": True}])
    assert await kept(database) == {"b", "d"}


async def test_foreign_keys_hold(database: Database) -> None:
    with pytest.raises(sqlite3.IntegrityError):
        async with database.writing() as tx:
            await tx.execute("INSERT INTO phases (member_id, from_day, phase) VALUES (7, '2026-03-02', 'waiting')")


async def test_what_was_told_as_saved_survives_a_power_cut(database: Database) -> None:
    async with database.writing() as tx:
        assert await tx.one(int, "PRAGMA synchronous") == 2
        assert await tx.one(str, "PRAGMA journal_mode") == "wal"


def test_a_second_process_is_refused_at_once_and_let_in_after_the_first(tmp_path: Path) -> None:
    file = tmp_path / "data" / "comeback.lock"
    with only_process(file), pytest.raises(HeldElsewhere, match="stop it first"), only_process(file):
        pass
    with only_process(file):
        pass
