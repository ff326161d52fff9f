"""What comes after a help card, requests to volunteers, who is on duty, and a cohort's own queue and help line."""

import sqlalchemy as sa
from alembic import op

from migrations.columns import Int, Text, add, cohort, column, member, row_id, table

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    add(
        "members",
        column("next_opening", Text, server_default=""),
        column("quiet_until", Int, nullable=True),
    )
    add("spans", column("after_card", Int, server_default="0"))
    add(
        "cohorts",
        column("queue_channel_id", Int, nullable=True),
        column("held_channel_id", Int, nullable=True),
        column("campus_line", Text, server_default=""),
    )
    add("guilds", column("campus_line", Text, server_default=""))
    _moderators()
    _help_requests()


def _moderators() -> None:
    table(
        "moderators",
        row_id(),
        cohort(),
        member(index=True),
        column("on_duty", Int, server_default="0"),
        column("duty_weekdays", Int, sa.CheckConstraint("duty_weekdays BETWEEN 0 AND 127"), server_default="127"),
        column("duty_from_minute", Int, server_default="0"),
        column("duty_to_minute", Int, server_default="1440"),
        column("zone", Text, server_default="UTC"),
        column("off_until", Int, nullable=True),
        column("open_cap", Int, server_default="3"),
        column("confirmed_at", Int, nullable=True),
        column("checked_at", Int, nullable=True),
        sa.UniqueConstraint("cohort_id", "member_id"),
        autoincrement=True,
    )


def _help_requests() -> None:
    table(
        "help_requests",
        row_id(),
        member(index=True),
        cohort(index=True),
        column("text_id", Int, sa.ForeignKey("texts.id", ondelete="SET NULL"), nullable=True, index=True),
        column("state", Text, server_default="open"),
        column("claimed_by", Int, sa.ForeignKey("members.id", ondelete="SET NULL"), nullable=True, index=True),
        column("asked_at", Int),
        column("claimed_at", Int, nullable=True),
        column("next_step_at", Int, nullable=True),
        column("step", Int, server_default="0"),
        column("pinged", Int, server_default="0"),
        column("rung", Int, server_default="0"),
        column("seen_at", Int, nullable=True),
        column("restarts", Int, server_default="0"),
        column("channel_id", Int, nullable=True),
        column("message_id", Int, nullable=True),
        column("drawn_version", Int, server_default="0"),
        column("notice", Text, server_default=""),
        column("notice_version", Int, server_default="0"),
        column("dm_refused", Int, server_default="0"),
        column("closed_at", Int, nullable=True),
        column("version", Int, server_default="1"),
        autoincrement=True,
    )
    standing = sa.text("state IN ('open', 'claimed')")
    op.create_index(
        "help_requests_one",
        "help_requests",
        ["member_id", "cohort_id"],
        unique=True,
        sqlite_where=standing,
        postgresql_where=standing,
    )
    op.create_index("help_requests_next", "help_requests", ["next_step_at"])
