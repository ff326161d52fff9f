"""Can the records be reached, and with which key are private words locked?"""

from contextlib import AbstractAsyncContextManager
from pathlib import Path

from bot.domain.errors import Resting
from bot.storage import meta, schema
from bot.storage.database import Database, Transaction
from bot.vault import Vault, open_vault

KEY_IN_USE = "key_fingerprint"


class Records:
    """The database and the vault, which open and close together."""

    def __init__(self, database_file: Path, key_file: Path) -> None:
        self._database = Database(database_file)
        self._key_file = key_file
        self._vault: Vault | None = None

    async def open(self) -> None:
        """Create or migrate what is there, and unlock it.

        Raises sqlite3.Error, OSError, KeyMissing, NewerThanCode or MigrationFailed, and leaves nothing open.
        """
        self._database.path.parent.mkdir(parents=True, exist_ok=True)
        await schema.bring_up_to_date(self._database.path)
        await self._database.open()
        try:
            async with self._database.writing() as tx:
                vault = open_vault(self._key_file, await meta.value(tx, KEY_IN_USE))
                await meta.keep(tx, KEY_IN_USE, vault.fingerprint)
        except BaseException:
            await self._database.close()
            raise
        self._vault = vault

    async def close(self) -> None:
        self._vault = None
        await self._database.close()

    @property
    def are_open(self) -> bool:
        return self._vault is not None

    @property
    def vault(self) -> Vault:
        """Raises Resting while the records are closed."""
        if self._vault is None:
            raise Resting
        return self._vault

    def writing(self) -> AbstractAsyncContextManager[Transaction]:
        """See `Database.writing`."""
        return self._database.writing()

    def reading(self) -> AbstractAsyncContextManager[Transaction]:
        """See `Database.reading`."""
        return self._database.reading()
