"""Is this the only process that works on these records? Two would both answer."""

import os
import sys
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path


class HeldElsewhere(Exception):
    """Another process holds the lock file."""


@contextmanager
def only_process(file: Path) -> Generator[None]:
    """Hold a lock file for as long as the block lasts; the system lets go of it even after a kill.

    Raises HeldElsewhere at once rather than wait.
    """
    file.parent.mkdir(parents=True, exist_ok=True)
    handle = os.open(file, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        _lock(handle, file)
        yield
    finally:
        os.close(handle)


def _lock(handle: int, file: Path) -> None:
    try:
        if sys.platform == "win32":
            import msvcrt

            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        raise HeldElsewhere(f"another Comeback holds {file}: stop it first, one is enough") from error
