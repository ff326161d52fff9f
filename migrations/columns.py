"""How is a table written, so that it is the same on every database?

Revisions that were released stand on these; what one makes is never changed, a new one is added beside it.
"""

from typing import Any

import sqlalchemy as sa
from alembic import op

# STRICT tables of SQLite take INTEGER and TEXT, and refuse BIGINT and VARCHAR.
Int = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
Text = sa.Text
Bytes = sa.LargeBinary


def column(name: str, kind: Any, *rest: Any, **more: Any) -> sa.Column[Any]:
    """A NOT NULL column unless `nullable=True` is said."""
    options: dict[str, Any] = {"nullable": False, **more}
    return sa.Column(name, kind, *rest, **options)


def table(name: str, *parts: sa.Column[Any] | sa.Constraint, autoincrement: bool = False) -> None:
    """A STRICT table; AUTOINCREMENT where ids leave in nonces and custom_ids, so that none is used twice."""
    op.create_table(name, *parts, sqlite_strict=True, sqlite_autoincrement=autoincrement)


def add(table: str, *columns: sa.Column[Any]) -> None:
    """Add columns in place: a copy of the table would lose AUTOINCREMENT, and its children with foreign keys on.

    A foreign key is written into the column's own words, the only form that SQLite takes here.
    """
    for new in columns:
        kind = new.type.compile(op.get_bind().dialect)
        default = f" DEFAULT {new.server_default.arg!r}" if isinstance(new.server_default, sa.DefaultClause) else ""
        link = "".join(
            f" REFERENCES {key.target_fullname.replace('.', '(')}) ON DELETE {key.ondelete}" for key in new.foreign_keys
        )
        op.execute(
            f"ALTER TABLE {table} ADD COLUMN {new.name} {kind}{'' if new.nullable else ' NOT NULL'}{default}{link}"
        )


def row_id() -> sa.Column[Any]:
    return column("id", Int, primary_key=True)


def member(**more: Any) -> sa.Column[Any]:
    return column("member_id", Int, sa.ForeignKey("members.id", ondelete="CASCADE"), **more)


def cohort(**more: Any) -> sa.Column[Any]:
    return column("cohort_id", Int, sa.ForeignKey("cohorts.id", ondelete="CASCADE"), **more)


def owner() -> tuple[sa.Column[Any] | sa.Constraint, ...]:
    """Either a member or a cohort, never both and never neither."""
    one = sa.CheckConstraint("(member_id IS NULL) <> (cohort_id IS NULL)")
    return member(nullable=True), cohort(nullable=True), one


def unique_per_owner(name: str, *columns: str) -> None:
    """One row for each owner and these columns; NULLs would not collide in one index over both."""
    for who in ("member_id", "cohort_id"):
        present = sa.text(f"{who} IS NOT NULL")
        op.create_index(
            f"{name}_{who}",
            name,
            [who, *columns],
            unique=True,
            sqlite_where=present,
            postgresql_where=present,
        )
