"""How a database file comes to fit the code, and stays as it was when it can't."""

import asyncio
import os
import shutil
import sqlite3
import sys
from collections.abc import Generator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import pytest

from bot.services.records import Records
from bot.storage import schema
from bot.storage.schema import MigrationFailed, NewerThanCode

HERE = Path(__file__).parent.parent
NEXT = "0005"

NEW_TABLE_AND_ROW = """
    op.execute("CREATE TABLE guests (id INTEGER PRIMARY KEY) STRICT")
    op.execute("INSERT INTO meta (key, value) VALUES ('guests', 'welcome')")
"""
FAILS_HALFWAY = f"""{NEW_TABLE_AND_ROW}
    op.execute("INSERT INTO meta (key, value) VALUES ('nothing', NULL)")
"""
LEAVES_A_CHILD_WITHOUT_PARENT = """
    op.execute("DELETE FROM members")
"""
COPIES_A_PARENT_TABLE = """
    with op.batch_alter_table("members", recreate="always", table_kwargs={"sqlite_autoincrement": True}) as batch:
        batch.add_column(sa.Column("nickname", sa.Text, nullable=False, server_default=""))
"""


@contextmanager
def opened(file: Path) -> Generator[sqlite3.Connection]:
    with closing(sqlite3.connect(file, isolation_level=None)) as connection:
        yield connection


def ask(file: Path, sql: str) -> list[Any]:
    with opened(file) as connection:
        return connection.execute(sql).fetchall()


def contents(file: Path) -> list[str]:
    """Everything that is in a database, as the statements that would make it anew."""
    with opened(file) as connection:
        return list(connection.iterdump())


def bytes_of(file: Path) -> bytes:
    return file.read_bytes()


def names_in(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


@pytest.fixture
def file(migrated: Path, tmp_path: Path) -> Path:
    """A file at the newest revision, with a member who has a phase."""
    copy = tmp_path / "comeback.db"
    shutil.copy(migrated, copy)
    with opened(copy) as connection:
        connection.execute(
            """INSERT INTO members (id, discord_id, name, locale, started_day, latest_day, last_sign_at)
               VALUES (7, 70, 'Ana', 'en-US', '2026-03-02', '2026-03-02', 0)"""
        )
        connection.execute("INSERT INTO phases (member_id, from_day, phase) VALUES (7, '2026-03-02', 'rebuilding')")
    return copy


@pytest.fixture
def later(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Let the program be one revision further, with these statements in it."""

    def be(steps: str) -> None:
        place = tmp_path / "later"
        shutil.copytree(HERE / "migrations", place / "migrations", ignore=shutil.ignore_patterns("__pycache__"))
        newest = schema.known_revisions()[-1]
        (place / "migrations" / "versions" / f"{NEXT}_later.py").write_text(
            f'"""A later revision."""\n\nimport sqlalchemy as sa\nfrom alembic import op\n\n'
            f'revision = "{NEXT}"\ndown_revision = "{newest}"\n\n\ndef upgrade() -> None:\n    assert sa\n{steps}'
        )
        known = [*schema.known_revisions(), NEXT]
        monkeypatch.chdir(place)
        monkeypatch.setattr(schema, "known_revisions", lambda: known)

    return be


async def test_a_new_file_comes_to_the_newest_revision_that_the_file_names_tell(tmp_path: Path) -> None:
    file = tmp_path / "comeback.db"
    assert schema.revision(file) is None
    await schema.bring_up_to_date(file)
    names = sorted(path.name for path in (HERE / "migrations" / "versions").glob("0*.py"))
    assert schema.known_revisions() == [name[:4] for name in names]
    assert schema.revision(file) == schema.known_revisions()[-1]
    assert ask(file, "SELECT version_num FROM alembic_version") == [(schema.known_revisions()[-1],)]
    assert ask(file, "PRAGMA integrity_check") == [("ok",)]
    assert names_in(tmp_path) == {file.name}, "there was nothing to copy"


def test_every_revision_follows_the_one_before() -> None:
    """One head, so that the newest file name is where every database ends."""
    found: dict[str, object] = {}
    for path in (HERE / "migrations" / "versions").glob("0*.py"):
        names: dict[str, Any] = {}
        exec(compile(path.read_text(), path, "exec"), names)  # as Alembic does
        assert names["revision"] == path.name[:4]
        found[names["revision"]] = names["down_revision"]
    known = schema.known_revisions()
    assert [found[revision] for revision in known] == [None, *known[:-1]]


async def test_a_file_that_fits_is_left_alone(file: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    before = bytes_of(file)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "executable", "/nowhere/python")
    await schema.bring_up_to_date(file)
    assert bytes_of(file) == before


async def test_the_place_of_the_file_may_have_any_name(tmp_path: Path) -> None:
    """Addresses of files give `?`, `#` and `%41` a meaning of their own."""
    file = tmp_path / "50%41 more?" / "it's #1, Träger?.db"
    records = Records(file, tmp_path / "key")
    for _ in range(2):
        await records.open()
        await records.close()
    assert names_in(tmp_path) == {"key", file.parent.name}
    assert names_in(file.parent) == {file.name}
    assert schema.revision(file) == schema.known_revisions()[-1]


async def test_the_file_is_copied_beside_itself_before_it_is_migrated(file: Path, later: Any) -> None:
    before = contents(file)
    later(NEW_TABLE_AND_ROW)
    await schema.bring_up_to_date(file)
    assert ask(file, "SELECT value FROM meta") == [("welcome",)]
    assert schema.revision(file) == NEXT
    copy = file.with_name(f"{file.name}.before-{NEXT}")
    assert contents(copy) == before
    assert schema.revision(copy) == schema.known_revisions()[-2]


async def test_what_was_still_in_the_log_is_in_the_copy(file: Path, later: Any) -> None:
    """A program that was killed leaves its last commits beside the file."""
    with opened(file) as connection:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("INSERT INTO meta (key, value) VALUES ('last', 'words')")
        later(NEW_TABLE_AND_ROW)
        await schema.bring_up_to_date(file)
    copy = file.with_name(f"{file.name}.before-{NEXT}")
    assert ask(copy, "SELECT * FROM meta") == [("last", "words")]
    assert ("last", "words") in ask(file, "SELECT * FROM meta")


@pytest.mark.parametrize(
    ("steps", "says"),
    [(FAILS_HALFWAY, "NOT NULL|sqlalche"), (LEAVES_A_CHILD_WITHOUT_PARENT, "dangling references in phases")],
)
async def test_a_broken_revision_says_why_and_leaves_the_file_as_it_was(
    file: Path, later: Any, steps: str, says: str
) -> None:
    before = contents(file)
    later(steps)
    with pytest.raises(MigrationFailed, match=says) as failed:
        await schema.bring_up_to_date(file)
    assert "\n" not in str(failed.value)
    assert contents(file) == before
    assert schema.revision(file) == schema.known_revisions()[-2]
    assert contents(file.with_name(f"{file.name}.before-{NEXT}")) == before


async def test_altering_a_parent_table_by_copying_it_keeps_its_children(file: Path, later: Any) -> None:
    """With foreign keys on it would delete them all."""
    later(COPIES_A_PARENT_TABLE)
    await schema.bring_up_to_date(file)
    assert ask(file, "SELECT name, nickname FROM members") == [("Ana", "")]
    assert ask(file, "SELECT member_id, phase FROM phases") == [(7, "rebuilding")]


async def test_a_newer_database_is_refused_and_not_touched(file: Path) -> None:
    with opened(file) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    before = bytes_of(file)
    for _ in range(2):
        with pytest.raises(NewerThanCode, match="9999"):
            await schema.bring_up_to_date(file)
    assert bytes_of(file) == before
    assert names_in(file.parent) == {file.name}


async def test_records_that_are_newer_open_nothing_and_make_no_key(file: Path) -> None:
    with opened(file) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    records = Records(file, file.parent / "comeback.key")
    with pytest.raises(NewerThanCode):
        await records.open()
    assert not records.are_open
    assert not (file.parent / "comeback.key").exists()


async def test_a_file_that_is_no_database_is_refused_and_not_touched(tmp_path: Path) -> None:
    file = tmp_path / "comeback.db"
    file.write_bytes(b"these are not the records" * 400)
    with pytest.raises(sqlite3.DatabaseError):
        await schema.bring_up_to_date(file)
    assert file.read_bytes() == b"these are not the records" * 400


async def test_a_migration_that_is_called_off_does_not_go_on_behind_our_back(file: Path, later: Any) -> None:
    """The program is stopped while it migrates: nothing may write once the lock on the data is given up."""
    before = contents(file)
    begun = file.with_name("begun")
    os.mkfifo(begun)
    later(f"""
    op.execute("DELETE FROM members")
    with open({str(begun)!r}, "w") as told:
        told.write("begun")
    import signal
    signal.pause()
""")
    migrating = asyncio.create_task(schema.bring_up_to_date(file))
    assert await asyncio.to_thread(begun.read_text) == "begun"
    assert is_held(file)
    migrating.cancel()
    await asyncio.wait({migrating})
    assert migrating.cancelled()
    assert not is_held(file)
    assert contents(file) == before


def is_held(file: Path) -> bool:
    with opened(file) as connection:
        connection.execute("PRAGMA busy_timeout = 0")
        try:
            connection.execute("BEGIN IMMEDIATE")
        except sqlite3.OperationalError:
            return True
        connection.execute("ROLLBACK")
        return False


NEVER_USED_TWICE = ("members", "prompts", "texts", "drafts", "cohorts", "enrolments", "entries", "spans")


@pytest.mark.parametrize("table", NEVER_USED_TWICE)
def test_an_id_that_left_in_a_button_or_a_nonce_is_never_used_twice(migrated: Path, table: str) -> None:
    [(sql,)] = ask(migrated, f"SELECT sql FROM sqlite_master WHERE type = 'table' AND name = '{table}'")
    assert "PRIMARY KEY AUTOINCREMENT" in sql


def test_the_id_of_an_erased_member_is_not_given_to_the_next(file: Path) -> None:
    new = """INSERT INTO members (discord_id, name, locale, started_day, latest_day, last_sign_at)
             VALUES (71, 'Ben', 'en-US', '2026-03-02', '2026-03-02', 0) RETURNING id"""
    with opened(file) as connection:
        connection.execute("DELETE FROM members")
        assert connection.execute(new).fetchone() == (8,)


def test_every_table_is_strict(migrated: Path) -> None:
    loose = ask(
        migrated,
        """SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'table' AND NOT strict
             AND name NOT LIKE 'sqlite_%' AND name <> 'alembic_version'""",
    )
    assert loose == []
