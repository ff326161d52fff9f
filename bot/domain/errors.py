"""What can go wrong that a person can do something about?"""


class UserError(Exception):
    """A mistake or a limit met by a person; `str(error)` is the one sentence that person reads.

    `again` says that other words in the same form would work.
    """

    again = True

    def __init__(self, sentence: str, *, again: bool = True) -> None:
        super().__init__(sentence)
        self.again = self.again and again


class NotFound(UserError):
    """There is no such thing, or it is somebody else's: the same words for both, on purpose."""

    again = False

    def __init__(self, sentence: str = "I can't find that any more. `/today` always opens what there is.") -> None:
        super().__init__(sentence)


class NotAllowed(UserError):
    """The person may not do this here."""

    again = False


class Resting(UserError):
    """The records can't be reached; nothing was saved."""

    again = False

    def __init__(
        self,
        sentence: str = "I can't reach my records right now, so nothing was saved. "
        "Please try again in a few minutes. `/crisis` works as always.",
    ) -> None:
        super().__init__(sentence)
