"""How does anything reach the database? Through this one door.

Instants are stored as integer UTC milliseconds, dates as ISO text, booleans as 0 and 1.
"""

import asyncio
import sqlite3
from collections.abc import AsyncGenerator, Coroutine, Iterable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime, timedelta
from enum import Enum
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

import aiosqlite
from pydantic import TypeAdapter

from bot.domain.errors import Resting

T = TypeVar("T")

BUSY_MILLISECONDS = 2_000
"""An interaction dies after three seconds, so a busy database must give up before that."""

BUSY_STEP_MILLISECONDS = 50
"""The writer asks again in steps: a wait inside SQLite can be neither cancelled nor shared by those in line."""

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MILLISECOND = timedelta(milliseconds=1)

in_transaction: ContextVar[bool] = ContextVar("in_transaction", default=False)
"""True while a write transaction is open in this task: nothing may be sent to Discord then."""


class Transaction:
    """A typed way to ask. Rows become `kind` by column name; a plain kind takes the only column."""

    def __init__(self, connection: aiosqlite.Connection) -> None:
        self._connection = connection

    async def execute(self, sql: str, /, **values: object) -> int:
        """Run one statement and return how many rows it changed."""
        cursor = await self._connection.execute(sql, _bound(values))
        return cursor.rowcount  # to close it would be one more hop to the database's thread, for nothing

    async def execute_many(self, sql: str, rows: Iterable[Mapping[str, object]]) -> None:
        """Run one statement for each row of values, in a single hop to the database's thread."""
        await self._connection.executemany(sql, [_bound(row) for row in rows])

    async def rows(self, sql: str, /, **values: object) -> list[sqlite3.Row]:
        """Every row as it is stored, for a statement whose rows are of several kinds."""
        return list(await self._connection.execute_fetchall(sql, _bound(values)))

    async def all(self, kind: type[T], sql: str, /, **values: object) -> list[T]:
        """Every row, in the order the statement gives."""
        rows = await self._connection.execute_fetchall(sql, _bound(values))
        read = _adapter(kind).validate_python
        return [read(_shaped(kind, row)) for row in rows]

    async def maybe(self, kind: type[T], sql: str, /, **values: object) -> T | None:
        """The first row, or None."""
        rows = await self.all(kind, sql, **values)
        return rows[0] if rows else None

    async def one(self, kind: type[T], sql: str, /, **values: object) -> T:
        """The only row; raises LookupError where there is none."""
        found = await self.maybe(kind, sql, **values)
        if found is None:
            raise LookupError("a row that must exist is missing")
        return found


class Database:
    """One SQLite file: a single writer, and a reader that never waits for it (WAL)."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._lock = asyncio.Lock()
        self._writer: aiosqlite.Connection | None = None
        self._reader: aiosqlite.Connection | None = None

    @property
    def is_open(self) -> bool:
        return self._writer is not None

    async def open(self) -> None:
        """Connect to a file that is already migrated; raises sqlite3.Error and leaves nothing open."""
        connections: list[aiosqlite.Connection] = []
        try:
            for busy in (BUSY_STEP_MILLISECONDS, BUSY_MILLISECONDS):
                connections.append(await _connect(self.path, busy))  # noqa: PERF401 - closed on failure
        except BaseException:
            await _to_the_end(_let_go(connections))
            raise
        self._writer, self._reader = connections

    async def close(self) -> None:
        """Let go of the file, after the write in progress; its threads would hang the exit otherwise."""
        async with self._lock:
            open_now = [c for c in (self._writer, self._reader) if c is not None]
            self._writer = self._reader = None
            await _to_the_end(_let_go(open_now))

    @asynccontextmanager
    async def writing(self) -> AsyncGenerator[Transaction]:
        """One write transaction: committed on leaving, rolled back on any exception, cancellation included.

        Raises Resting where the database is closed, locked, full or broken: then nothing was saved.
        """
        patience = asyncio.get_running_loop().time() + BUSY_MILLISECONDS / 1000
        async with self._lock:
            connection = self._writer
            if connection is None:
                raise Resting
            try:
                async with _transaction(connection, patience):
                    yield Transaction(connection)
            except sqlite3.IntegrityError:
                raise  # a broken rule of the tables is a bug of ours, not a database that is away
            except sqlite3.DatabaseError as error:
                raise Resting from error

    @asynccontextmanager
    async def reading(self) -> AsyncGenerator[Transaction]:
        """Read what is committed; each statement sees its own moment. Raises Resting as `writing` does."""
        connection = self._reader
        if connection is None:
            raise Resting
        try:
            yield Transaction(connection)
        except sqlite3.DatabaseError as error:
            raise Resting from error
        except ValueError as error:  # what aiosqlite raises for a connection that was closed meanwhile
            if self._reader is connection:
                raise
            raise Resting from error


async def _connect(path: Path, busy: int) -> aiosqlite.Connection:
    connection = await aiosqlite.connect(path, isolation_level=None, cached_statements=256)
    try:
        connection.row_factory = sqlite3.Row
        for pragma in (
            f"busy_timeout = {BUSY_MILLISECONDS}",
            "journal_mode = WAL",
            "synchronous = FULL",
            "foreign_keys = ON",
            f"busy_timeout = {busy}",
        ):
            await connection.execute_fetchall(f"PRAGMA {pragma}")
    except BaseException:
        await _to_the_end(connection.close())
        raise
    return connection


async def _let_go(connections: Iterable[aiosqlite.Connection]) -> None:
    """Close one after another, even if one fails; side by side, none would be the last and put the log away."""
    async with AsyncExitStack() as stack:
        for connection in connections:
            stack.push_async_callback(connection.close)


@asynccontextmanager
async def _transaction(connection: aiosqlite.Connection, patience: float) -> AsyncGenerator[None]:
    token = in_transaction.set(True)
    try:
        await _begin(connection, patience)
        yield
        await _to_the_end(connection.execute("COMMIT"))
    except BaseException:
        if connection.in_transaction:
            await _to_the_end(connection.execute("ROLLBACK"))
        raise
    finally:
        in_transaction.reset(token)


async def _begin(connection: aiosqlite.Connection, patience: float) -> None:
    """Take the writer's place, for as long as another process holds it until `patience` (loop time) is over."""
    while True:
        try:
            return await _to_the_end(connection.execute("BEGIN IMMEDIATE"))
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode != sqlite3.SQLITE_BUSY or asyncio.get_running_loop().time() >= patience:
                raise


async def _to_the_end(step: Coroutine[Any, Any, object]) -> None:
    """Finish a step that the database's thread will run anyway, however often this task is cancelled.

    A cancelled COMMIT still commits; leaving before its answer would hand on an open transaction.
    """
    task = asyncio.ensure_future(step)
    cancelled: asyncio.CancelledError | None = None
    while not task.done():
        try:
            await asyncio.wait({task})
        except asyncio.CancelledError as error:
            cancelled = error
    if cancelled is not None:
        raise cancelled from task.exception()
    task.result()


@cache
def _adapter(kind: type[T]) -> TypeAdapter[T]:
    return TypeAdapter(kind)


def _shaped(kind: type[Any], row: sqlite3.Row) -> object:
    return dict(row) if hasattr(kind, "__dataclass_fields__") else row[0]


def _bound(values: Mapping[str, object]) -> dict[str, object]:
    return {name: _plain(value) for name, value in values.items()}


def _plain(value: object) -> object:
    match value:
        case Enum():
            return value.value
        case datetime():
            return (value - EPOCH) // MILLISECOND  # whole numbers: a float would lose the last one now and then
        case date():
            return value.isoformat()
        case bool():
            return int(value)
        case _:
            return value
