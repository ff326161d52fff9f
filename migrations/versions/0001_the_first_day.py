"""Members, their days, cohorts, and the prompts they are owed."""

import sqlalchemy as sa
from alembic import op

from migrations.columns import Bytes, Int, Text, cohort, column, member, owner, row_id, table, unique_per_owner

revision = "0001"
down_revision = None


def upgrade() -> None:
    _the_program()
    _members()
    _cohorts()
    _days()
    _prompts()


def _the_program() -> None:
    table("meta", column("key", Text, primary_key=True), column("value", Text))
    table("processes", row_id(), column("started_at", Int), column("heartbeat_at", Int))
    table(
        "applied",
        column("operation", Text, primary_key=True),
        column("interaction_id", Int, unique=True),
        column("at", Int, index=True),
    )


def _members() -> None:
    table(
        "members",
        row_id(),
        column("discord_id", Int, unique=True),
        column("name", Text),
        column("locale", Text),
        column("country", Text, server_default=""),
        column("block_size", Int, server_default="20"),
        column("started_day", Text),
        column("latest_day", Text),
        column("last_sign_at", Int),
        autoincrement=True,
    )
    table(
        "clocks",
        member(primary_key=True),
        column("from_day", Text, primary_key=True),
        column("zone", Text),
        column("cut_hour", Int),
        column("morning_minute", Int),
        column("evening_minute", Int),
    )
    table(
        "phases",
        member(primary_key=True),
        column("from_day", Text, primary_key=True),
        column("phase", Text),
    )
    table(
        "texts",
        row_id(),
        member(index=True),
        column("kind", Text),
        column("key_no", Int),
        column("cipher", Bytes),
        column("at", Int),
        autoincrement=True,
    )
    table(
        "drafts",
        row_id(),
        member(index=True),
        column("form", Text),
        column("key_no", Int),
        column("cipher", Bytes),
        column("expires_at", Int, index=True),
        autoincrement=True,
    )


def _cohorts() -> None:
    table("guilds", row_id(), column("left_at", Int, nullable=True))
    table(
        "cohorts",
        row_id(),
        column("guild_id", Int, sa.ForeignKey("guilds.id", ondelete="CASCADE")),
        column("name", Text),
        column("name_key", Text),
        column("channel_id", Int),
        column("created_by", Int, sa.ForeignKey("members.id", ondelete="SET NULL"), nullable=True),
        column("state", Text, server_default="open"),
        column("created_at", Int),
        sa.UniqueConstraint("guild_id", "name_key"),
        autoincrement=True,
    )
    table(
        "enrolments",
        row_id(),
        member(),
        cohort(index=True),
        column("state", Text, server_default="active"),
        column("since", Int),
        column("ended_at", Int, nullable=True),
        sa.UniqueConstraint("member_id", "cohort_id"),
        autoincrement=True,
    )
    table(
        "panels",
        cohort(primary_key=True),
        column("kind", Text, primary_key=True),
        column("channel_id", Int),
        column("message_id", Int),
    )


def _days() -> None:
    table(
        "spans",
        row_id(),
        *owner(),
        column("kind", Text, sa.CheckConstraint("kind IN ('rest', 'pause', 'nights', 'outage')")),
        column("from_day", Text),
        column("to_day", Text, server_default="9999-12-31"),
        column("cut_hour", Int, nullable=True),
        column("morning_minute", Int, nullable=True),
        column("evening_minute", Int, nullable=True),
        autoincrement=True,
    )
    op.create_index("spans_member", "spans", ["member_id", "from_day"])
    op.create_index("spans_cohort", "spans", ["cohort_id", "from_day"])
    table(
        "check_ins",
        member(primary_key=True),
        column("study_day", Text, primary_key=True),
        column("choice", Text, server_default=""),
        column("outcome", Text, server_default=""),
        column("mood", Int, sa.CheckConstraint("mood BETWEEN 1 AND 5"), nullable=True),
        column("text_id", Int, sa.ForeignKey("texts.id", ondelete="SET NULL"), nullable=True, index=True),
        column("version", Int),
        column("at", Int),
    )
    table(
        "entries",
        row_id(),
        member(),
        column("study_day", Text),
        column("kind", Text),
        column("amount", Int, sa.CheckConstraint("amount >= 0")),
        column("source", Text),
        column("at", Int),
        column("voided_at", Int, nullable=True),
        autoincrement=True,
    )
    op.create_index("entries_day", "entries", ["member_id", "study_day"])
    live = sa.text("source = 'check_in' AND voided_at IS NULL")
    op.create_index(
        "entries_one_balance",
        "entries",
        ["member_id", "study_day", "kind"],
        unique=True,
        sqlite_where=live,
        postgresql_where=live,
    )


def _prompts() -> None:
    table(
        "addresses",
        row_id(),
        *owner(),
        column("kind", Text),
        column("channel_id", Int, nullable=True),
        column("state", Text, server_default="open"),
        column("refused_code", Int, nullable=True),
        column("checked_at", Int),
    )
    unique_per_owner("addresses", "kind")
    table(
        "rhythms",
        row_id(),
        *owner(),
        column("kind", Text),
        column("next_day", Text),
        column("next_due_at", Int, index=True),
        column("useful_until", Int),
        column("last_day", Text),
    )
    unique_per_owner("rhythms", "kind")
    states = (
        "state IN ('planned', 'sending', 'unknown', 'sent', 'merged', 'not_asked', 'cancelled', "
        "'unreachable', 'failed', 'unresolved')"
    )
    table(
        "prompts",
        row_id(),
        *owner(),
        column("kind", Text),
        column("study_day", Text),
        column("subject", Text, server_default=""),
        column("due_at", Int),
        column("useful_until", Int),
        column("not_before", Int),
        column("state", Text, sa.CheckConstraint(states), server_default="planned"),
        column("attempts", Int, server_default="0"),
        column("uncertain", Int, server_default="0"),
        column("first_attempt_at", Int, nullable=True),
        column("last_attempt_at", Int, nullable=True),
        column("lease_until", Int, nullable=True),
        column("channel_id", Int, nullable=True),
        column("key_no", Int, nullable=True),
        column("payload", Bytes, nullable=True),
        column("message_id", Int, nullable=True),
        column("refusal", Int, nullable=True),
        column("merged_into", Int, nullable=True),
        column("settled_at", Int, nullable=True),
        autoincrement=True,
    )
    unique_per_owner("prompts", "kind", "study_day", "subject")
    waiting = sa.text("state IN ('planned', 'unknown')")
    op.create_index("prompts_waiting", "prompts", ["not_before"], sqlite_where=waiting, postgresql_where=waiting)
    in_flight = sa.text("state = 'sending'")
    op.create_index("prompts_in_flight", "prompts", ["id"], sqlite_where=in_flight, postgresql_where=in_flight)
    op.create_index("prompts_settled", "prompts", ["settled_at"])
