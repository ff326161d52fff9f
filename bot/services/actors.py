"""Who does something, and in which interaction?"""

from dataclasses import dataclass

from bot.domain.errors import UserError


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """The person behind one interaction; `interaction_id` makes a redelivery harmless."""

    discord_id: int
    name: str
    locale: str
    interaction_id: int


class NotJoined(UserError):
    """The person has no place in any cohort yet."""

    def __init__(self) -> None:
        super().__init__(
            "You haven't joined yet, so there is nothing of yours here. "
            "In the study server, `/join` or the Join button takes a minute. `/crisis` works for everybody."
        )
