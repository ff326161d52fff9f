"""Blocks with their details, goals, planned rest, an exam date, and what was already said."""

import sqlalchemy as sa
from alembic import op

from migrations.columns import Int, Text, add, column, member, table

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    _blocks()
    _goals()
    _rest()
    _the_exam()
    table(
        "shown",
        member(primary_key=True),
        column("what", Text, primary_key=True),
        column("subject", Text, primary_key=True),
        column("at", Int),
    )
    add("cohorts", column("moderator_role_id", Int, nullable=True))


def _blocks() -> None:
    add(
        "entries",
        column("correct", Int, nullable=True),
        column("minutes", Int, nullable=True),
        column("timed", Int, server_default="0"),
        column("unseen", Int, server_default="0"),
        column("worked_through", Int, server_default="0"),
        column("notebook", Int, server_default="0"),
        column("text_id", Int, sa.ForeignKey("texts.id", ondelete="SET NULL"), nullable=True),
        column("operation", Text, nullable=True),
    )
    op.create_index("entries_operation", "entries", ["operation"], unique=True)
    op.create_index("entries_text", "entries", ["text_id"])


def _goals() -> None:
    table(
        "goals",
        member(primary_key=True),
        column("kind", Text, primary_key=True),
        column("weekday", Int, sa.CheckConstraint("weekday BETWEEN -1 AND 6"), primary_key=True),
        column("from_day", Text, primary_key=True),
        column("floor", Int),
        column("usual", Int),
        column("stretch", Int),
        column("ended", Int, server_default="0"),
        sa.CheckConstraint("0 < floor AND floor <= usual AND usual <= stretch OR ended"),
    )


def _rest() -> None:
    table(
        "rest_weekdays",
        member(primary_key=True),
        column("from_day", Text, primary_key=True),
        column("mask", Int, sa.CheckConstraint("mask BETWEEN 0 AND 127")),
    )


def _the_exam() -> None:
    table(
        "exam_dates",
        member(primary_key=True),
        column("from_day", Text, primary_key=True),
        column("date", Text, server_default=""),
    )
    table(
        "plans",
        member(primary_key=True),
        column("from_day", Text, primary_key=True),
        column("left_unseen", Int, sa.CheckConstraint("left_unseen >= 0")),
        column("left_seen", Int, sa.CheckConstraint("left_seen >= 0")),
    )
