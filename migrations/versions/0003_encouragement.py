"""How a member likes to be spoken to, which lines they were told on which day, and when a help card was last shown."""

from migrations.columns import Int, Text, add, column

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    add("members", column("tone", Text, server_default="plain"), column("last_card_at", Int, nullable=True))
    add(
        "shown",
        column("day", Text, server_default=""),
        column("moment", Text, server_default=""),
        column("retired", Int, server_default="0"),
    )
