"""Does the database fit this code, and how does it get there?

Alembic and SQLAlchemy weigh 26 MB, so they run in a process of their own, and only when the revision differs.
"""

import asyncio
import re
import sqlite3
import sys
from asyncio.subprocess import DEVNULL, PIPE, STDOUT
from contextlib import closing
from importlib import resources
from pathlib import Path


class NewerThanCode(Exception):
    """The database was written by a later version; it is not touched."""


class MigrationFailed(Exception):
    """The database stays as it was; `str(error)` is the last line the migration printed."""


def known_revisions() -> list[str]:
    """Revision numbers of this code, oldest first, read from the file names."""
    folder = resources.files("migrations") / "versions"
    names = (re.match(r"(\d{4})_\w+\.py$", entry.name) for entry in folder.iterdir())
    return sorted(name.group(1) for name in names if name)


def revision(path: Path) -> str | None:
    """The revision a database file stands at, None for a new one; raises sqlite3.Error if unreadable."""
    if not path.exists():
        return None
    address = f"{path.absolute().as_uri()}?mode=ro"
    with closing(sqlite3.connect(address, uri=True, timeout=2)) as connection:
        table = "SELECT 1 FROM sqlite_master WHERE name = 'alembic_version'"
        if connection.execute(table).fetchone() is None:
            return None
        row = connection.execute("SELECT version_num FROM alembic_version").fetchone()
        return str(row[0]) if row else None


async def bring_up_to_date(path: Path) -> None:
    """Migrate if the revision differs, after copying the file beside itself.

    Raises NewerThanCode or MigrationFailed.
    """
    known = known_revisions()
    found = await asyncio.to_thread(revision, path)
    if found == known[-1]:
        return
    if found is not None and found not in known:
        raise NewerThanCode(f"the database stands at revision {found}; this version knows up to {known[-1]}")
    if found is not None:
        await asyncio.to_thread(_copy, path, path.with_name(f"{path.name}.before-{known[-1]}"))
    await _migrate(path)


async def _migrate(path: Path) -> None:
    child = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "migrations", str(path), stdin=DEVNULL, stdout=PIPE, stderr=STDOUT
    )
    try:
        output, _ = await child.communicate()
    except asyncio.CancelledError:
        child.kill()
        await child.wait()
        raise
    if child.returncode:
        lines = output.decode(errors="replace").strip().splitlines() or ["no output"]
        raise MigrationFailed(lines[-1])


def _copy(path: Path, copy: Path) -> None:
    with closing(sqlite3.connect(path)) as source, closing(sqlite3.connect(copy)) as target:
        source.backup(target)
