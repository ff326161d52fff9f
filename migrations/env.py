"""How a revision runs: whole or not at all, with foreign keys off, on the plain sqlite3 driver."""

from typing import Any

from alembic import context
from sqlalchemy import URL, create_engine, event, pool


def _leave_transactions_to_us(connection: Any, _record: object) -> None:
    # The driver would commit before DDL, so a failed revision would leave half its tables behind. And with
    # foreign keys on, altering a parent table by copying it deletes all its children.
    connection.isolation_level = None
    connection.execute("PRAGMA foreign_keys = OFF")
    connection.execute("PRAGMA busy_timeout = 5000")


def _begin(connection: Any) -> None:
    connection.exec_driver_sql("BEGIN IMMEDIATE")


def run() -> None:
    """Run every missing revision in one transaction, and refuse a result with dangling references."""
    address = URL.create("sqlite", database=str(context.config.attributes["path"]))
    engine = create_engine(address, poolclass=pool.NullPool)
    event.listen(engine, "connect", _leave_transactions_to_us)
    event.listen(engine, "begin", _begin)
    with engine.connect() as connection:
        context.configure(connection=connection, transactional_ddl=True)
        with context.begin_transaction():
            context.run_migrations()
            dangling = connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall()
            if dangling:
                raise RuntimeError(f"the migration left dangling references in {dangling[0][0]}")


run()
