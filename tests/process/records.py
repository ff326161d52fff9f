"""What has the program asked of the loopback Discord, and what was it made to suffer?"""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from typing import Any, Literal

from tests.process.entities import Json, Upload

Loss = Literal["hang", "hang_after", "reset", "lose_answer"]


@dataclass(slots=True, eq=False)
class Request:
    """One HTTP request; `at` is monotonic, `path` is without the API's prefix and without the query."""

    at: float
    method: str
    path: str
    query: dict[str, str]
    body: Any = None
    uploads: list[Upload] = field(default_factory=list[Upload])
    status: int | None = None
    """What was answered; None while nothing is, and for good when the answer was lost."""

    @property
    def of_interaction(self) -> bool:
        """Answers to interactions stand outside the global limit."""
        return self.path.startswith(("/interactions/", "/webhooks/"))


@dataclass(slots=True, eq=False)
class Identify:
    """A gateway login that was accepted; `at` is monotonic."""

    at: float
    intents: int
    shard: tuple[int, int]
    session: str
    payload: Json


@dataclass(slots=True, eq=False)
class Resume:
    """A session taken up again; `replayed` events were missed and sent once more."""

    at: float
    session: str
    replayed: int


@dataclass(slots=True, eq=False)
class Fault:
    """A rule that makes requests fail until it is used up or `off()`."""

    matches: Callable[[str, str], bool]
    status: int | None = None
    code: int = 0
    loss: Loss | None = None
    left: int | None = None
    retry_after: float = 0.5
    hits: int = 0

    def off(self) -> None:
        self.left = 0

    def strikes(self, method: str, path: str) -> bool:
        """Uses the rule up by one when it says yes."""
        if self.left == 0 or not self.matches(method, path):
            return False
        if self.left is not None:
            self.left -= 1
        self.hits += 1
        return True


def pattern(text: str) -> Callable[[str, str], bool]:
    """`POST /channels/*/messages`; a star stands for anything, slashes included."""
    return lambda method, path: fnmatchcase(f"{method} {path}", text)


class Limiter:
    """At most so many requests in any second; refused ones take no place."""

    def __init__(self) -> None:
        self._admitted: deque[float] = deque()

    def wait(self, at: float, limit: int) -> float:
        """Seconds until there is room again; 0 admits the request."""
        while self._admitted and self._admitted[0] <= at - 1:
            self._admitted.popleft()
        if len(self._admitted) >= limit:
            return self._admitted[0] + 1 - at if self._admitted else 1.0
        self._admitted.append(at)
        return 0.0


def busiest_second(times: list[float]) -> int:
    """The greatest number of instants in any window of one second, its end left out."""
    ordered = sorted(times)
    start = most = 0
    for end, time in enumerate(ordered):
        while time - ordered[start] >= 1:
            start += 1
        most = max(most, end - start + 1)
    return most
