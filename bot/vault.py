"""Where do private words go? Into ciphers, with a key that never lies beside them in a backup."""

import hashlib
import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from cryptography.fernet import Fernet, InvalidToken, MultiFernet


class KeyMissing(Exception):
    """Something was encrypted with a key that is not there; making a new one would orphan every note."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Locked:
    """Encrypted words and the number of the key that locked them (1 is the oldest)."""

    key_no: int
    cipher: bytes


class Vault:
    """Locks with the newest key, unlocks with any; keys are in order of age, oldest first."""

    def __init__(self, keys: Sequence[bytes]) -> None:
        self._keys = list(keys)
        self._all = MultiFernet([Fernet(key) for key in reversed(self._keys)])

    def lock(self, words: str) -> Locked:
        return Locked(key_no=len(self._keys), cipher=self._all.encrypt(words.encode()))

    def unlock(self, cipher: bytes) -> str:
        """The words again; raises KeyMissing where no key fits."""
        try:
            return self._all.decrypt(cipher).decode()
        except InvalidToken as error:
            raise KeyMissing("no key fits") from error

    @property
    def fingerprint(self) -> str:
        """Names the newest key without telling it."""
        return hashlib.sha256(self._keys[-1]).hexdigest()[:16]


def open_vault(key_file: Path, fingerprint_in_use: str | None) -> Vault:
    """Read the key file, one key a line, or make it (mode 0600) if nothing was ever encrypted.

    Raises KeyMissing where `fingerprint_in_use` names a key that the file does not hold.
    """
    if not key_file.exists():
        if fingerprint_in_use is not None:
            raise KeyMissing(
                f"notes were encrypted with a key that is not at {key_file}: put the file back, "
                "or name its place in COMEBACK_KEY_FILE"
            )
        _make(key_file)
    keys = key_file.read_bytes().split()
    try:
        known = {Vault([key]).fingerprint for key in keys}
        vault = Vault(keys)
    except (ValueError, IndexError) as error:
        raise KeyMissing(f"{key_file} holds no usable key: put the right file back") from error
    if fingerprint_in_use is not None and fingerprint_in_use not in known:
        raise KeyMissing(f"the key in {key_file} is not the one the notes were encrypted with")
    return vault


def _make(key_file: Path) -> None:
    key_file.parent.mkdir(parents=True, exist_ok=True)
    handle = os.open(key_file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(Fernet.generate_key() + b"\n")
        file.flush()
        os.fsync(file.fileno())
