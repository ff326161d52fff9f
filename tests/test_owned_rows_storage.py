"""Everything a member owns hangs on their one row, and goes with it."""

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import pytest

OWNERS = ("member_id", "actor_id", "claimed_by", "created_by")
"""What a column is called that names a person."""

NOT_THEIRS = {("cohorts", "created_by"): "SET NULL", ("help_requests", "claimed_by"): "SET NULL"}
"""A cohort belongs to its server, a request to who asked: they forget the other, and stay."""

ALLOWED = {"kind": "pause", "state": "planned", "mood": "3"}
"""Values that the tables' own checks accept."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """A foreign key."""

    table: str
    column: str
    parent: str
    on_delete: str


@pytest.fixture
def database(migrated: Path, tmp_path: Path) -> Iterator[sqlite3.Connection]:
    shutil.copy(migrated, tmp_path / "comeback.db")
    with closing(sqlite3.connect(tmp_path / "comeback.db", isolation_level=None)) as connection:
        connection.row_factory = sqlite3.Row
        connection.execute("PRAGMA foreign_keys = ON")
        yield connection


def tables(database: sqlite3.Connection) -> list[str]:
    names = database.execute("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'")
    return [row["name"] for row in names if row["name"] != "alembic_version"]


def links(database: sqlite3.Connection) -> list[Link]:
    return [
        Link(table=table, column=row["from"], parent=row["table"], on_delete=row["on_delete"])
        for table in tables(database)
        for row in database.execute(f"PRAGMA foreign_key_list({table})")
    ]


def owned(database: sqlite3.Connection) -> set[str]:
    """Tables from which a chain of foreign keys leads to a member, but for what is not theirs."""
    found = {"members"}
    theirs = [link for link in links(database) if (link.table, link.column) not in NOT_THEIRS]
    while more := {link.table for link in theirs if link.parent in found} - found:
        found |= more
    return found - {"members"}


def test_every_table_that_leads_to_a_member_is_erased_with_them(database: sqlite3.Connection) -> None:
    assert len(owned(database)) >= 9
    direct = {link.table for link in links(database) if link.parent == "members" and link.on_delete == "CASCADE"}
    assert owned(database) == direct


def test_every_column_that_names_a_person_is_a_real_foreign_key(database: sqlite3.Connection) -> None:
    named = {
        (table, row["name"])
        for table in tables(database)
        for row in database.execute(f"PRAGMA table_info({table})")
        if row["name"] in OWNERS
    }
    real = {(link.table, link.column): link.on_delete for link in links(database) if link.parent == "members"}
    assert named == set(real)
    assert {column: rule for column, rule in real.items() if rule != "CASCADE"} == NOT_THEIRS


def test_only_the_member_table_knows_an_account(database: sqlite3.Connection) -> None:
    """So that erasing one row leaves nothing by which Discord could name somebody."""
    knows = {
        table
        for table in tables(database)
        for row in database.execute(f"PRAGMA table_info({table})")
        if "discord" in row["name"] or row["name"] in ("user_id", "author_id", "name")
    }
    assert knows == {"members", "cohorts"}  # a cohort's name is its own


def fill(database: sqlite3.Connection, number: int) -> None:
    """A row in every table, all of one member."""
    parents = {link.table: set[str]() for link in links(database)} | {table: set[str]() for table in tables(database)}
    for link in links(database):
        parents[link.table].add(link.parent)
    placed: list[str] = []
    while waiting := [table for table in parents if table not in placed]:
        table = next(table for table in waiting if parents[table] <= set(placed))
        _fill_one(database, table, number)
        placed.append(table)


def _fill_one(database: sqlite3.Connection, table: str, number: int) -> None:
    columns = list(database.execute(f"PRAGMA table_info({table})"))
    either = {"member_id", "cohort_id"} <= {column["name"] for column in columns}
    values: dict[str, object] = {}
    for column in columns:
        name = column["name"]
        if either and name == "cohort_id" and not column["notnull"]:
            values[name] = None
        elif column["type"] == "TEXT":
            values[name] = ALLOWED.get(name, f"{name} {number}")
        elif column["type"] == "INTEGER":
            values[name] = int(ALLOWED.get(name, number))
        else:
            values[name] = b"cipher"
    marks = ", ".join(f":{name}" for name in values)
    database.execute(f"INSERT INTO {table} ({', '.join(values)}) VALUES ({marks})", values)


def test_erasing_a_member_leaves_no_row_of_theirs_and_every_row_of_the_others(database: sqlite3.Connection) -> None:
    fill(database, 1)
    fill(database, 2)
    database.execute("DELETE FROM members WHERE id = 1")
    for table in owned(database):
        rows = list(database.execute(f"SELECT member_id FROM {table}"))
        assert [row["member_id"] for row in rows] == [2], table
    assert [tuple(row) for row in database.execute("SELECT id, created_by FROM cohorts ORDER BY id")] == [
        (1, None),
        (2, 2),
    ]
    assert list(database.execute("PRAGMA foreign_key_check")) == []


def test_nothing_is_read_through_to_erase_a_member_or_a_text(database: sqlite3.Connection) -> None:
    """Without an index on its foreign key, a table of all members' rows is searched from end to end."""
    slow = {
        (link.table, link.column)
        for link in links(database)
        if link.table in owned(database)
        for step in database.execute(f"EXPLAIN QUERY PLAN DELETE FROM {link.table} WHERE {link.column} = ?", (1,))
        if step["detail"].startswith("SCAN")
    }
    assert slow == set()


def test_a_prompt_belongs_to_a_member_or_a_cohort_and_never_to_both_or_nobody(database: sqlite3.Connection) -> None:
    fill(database, 1)
    both = [link.table for link in links(database) if link.column == "cohort_id" and link.table != "panels"]
    either = [table for table in both if table not in ("enrolments", "help_requests", "moderators")]
    assert set(either) == {"addresses", "rhythms", "prompts", "spans"}
    for table in either:
        with pytest.raises(sqlite3.IntegrityError):
            database.execute(f"UPDATE {table} SET cohort_id = 1")
        with pytest.raises(sqlite3.IntegrityError):
            database.execute(f"UPDATE {table} SET member_id = NULL")
