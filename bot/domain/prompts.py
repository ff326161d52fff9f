"""What becomes of a message that is owed: may it be sent, and what did the attempt settle?"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from bot.domain import ledgers
from bot.domain.check_ins import Choice, Outcome
from bot.domain.days import Kind
from bot.domain.ledgers import DayKind, Ledger
from bot.domain.phases import gentle_evening
from bot.domain.silences import Ask

LEASE = timedelta(seconds=60)
"""How long a claimed prompt may be in flight before another process may look after it."""

GENTLE_LASTS = timedelta(hours=3)
"""A word for the evening that needs no answer is not worth hearing later than this after its time."""

GIVE_UP = timedelta(days=1)
"""An attempt whose fate can't be read from history for this long is never repeated."""

LONGEST_WAIT = timedelta(seconds=60)


class State(StrEnum):
    """`planned -> sending -> sent`; `unknown` means a message may or may not exist."""

    PLANNED = "planned"
    SENDING = "sending"
    UNKNOWN = "unknown"
    SENT = "sent"
    MERGED = "merged"
    NOT_ASKED = "not_asked"
    CANCELLED = "cancelled"
    UNREACHABLE = "unreachable"
    FAILED = "failed"
    UNRESOLVED = "unresolved"


WAITING_STATES = frozenset({State.PLANNED, State.SENDING, State.UNKNOWN})


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """What decides, at the moment of sending, whether a prompt goes out."""

    kind: Kind
    due_at: datetime
    useful_until: datetime
    wanted: bool
    gentle: bool
    """It belongs to a day of the gentle path."""
    reachable: bool
    newer: int | None
    """A later prompt for the same person that is due as well: this one goes into it."""


def judge(standing: Standing, now: datetime) -> State:
    """SENDING if it should go out now, else the state in which it ends."""
    if standing.useful_until <= now:
        return State.NOT_ASKED
    if standing.kind is not Kind.WELCOME and standing.gentle and is_over(standing.due_at, now):
        return State.NOT_ASKED
    if not standing.reachable:
        return State.CANCELLED
    if standing.kind is Kind.WELCOME:
        return State.SENDING
    if not standing.wanted:
        return State.CANCELLED
    return State.MERGED if standing.newer is not None else State.SENDING


def is_over(due_at: datetime, now: datetime) -> bool:
    """Whether it is too late in the day for a word of the gentle path."""
    return now - due_at >= GENTLE_LASTS


def wanted(ledger: Ledger, kind: Kind, day: date, ask: Ask = Ask.AS_USUAL) -> bool:
    """Whether a rhythm has anything to ask of a study day: nothing of one that is answered or not planned."""
    said = ledger.on(day)
    if said.outcome is not Outcome.NONE:
        return False  # answered already, or taken as rest: asking again would only nag
    day_kind = ledgers.kind(ledger, day)
    if day_kind is DayKind.GENTLE:
        return kind is Kind.EVENING and gentle_evening(ledgers.phase(ledger, day)[1], day)
    if day_kind is not DayKind.PLANNED:
        return False
    if ask is not Ask.AS_USUAL:
        return kind is Kind.MORNING and ask is not Ask.NOT
    return kind is not Kind.MORNING or said.choice is Choice.NONE


@dataclass(frozen=True, slots=True)
class Sent:
    """The message exists."""

    message_id: int


@dataclass(frozen=True, slots=True)
class Uncertain:
    """A timeout, a broken connection or a 5xx: the message may exist."""


@dataclass(frozen=True, slots=True)
class TryLater:
    """Refused for now (429, or DM opening held back): surely not sent."""

    wait: timedelta


@dataclass(frozen=True, slots=True)
class ClosedDoor:
    """This address will not take messages; `code` is Discord's."""

    code: int


@dataclass(frozen=True, slots=True)
class StaleChannel:
    """The DM channel is gone; it may be opened anew once."""


@dataclass(frozen=True, slots=True)
class NoLongerUseful:
    """History shows it was never sent, and its hour has passed or nobody wants it any more."""


@dataclass(frozen=True, slots=True)
class Rejected:
    """Discord called the message malformed: our bug, never repeated."""

    code: int


@dataclass(frozen=True, slots=True)
class TokenRefused:
    """The token no longer works; nothing can be sent until the host mends it."""


Result = Sent | Uncertain | TryLater | ClosedDoor | StaleChannel | NoLongerUseful | Rejected | TokenRefused


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """A prompt in flight: address, payload and nonce stay as they were at the first attempt."""

    prompt_id: int
    member_id: int
    recipient: int
    """The Discord id to open a DM with."""
    channel_id: int | None
    payload: str
    attempts: int
    uncertain: bool
    """An earlier attempt may have created the message: read the channel before sending again."""
    first_attempt_at: datetime
    useful_until: datetime
    wanted: bool
    """False for one in doubt that nobody wants any more: it is looked for, and not sent again."""
    reopened: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Settlement:
    """The prompt's next state; `not_before` only where it waits for another attempt."""

    state: State
    not_before: datetime | None = None
    uncertain: bool = False
    message_id: int | None = None
    refusal: int | None = None


def settle(attempt: Attempt, result: Result, now: datetime) -> Settlement:
    """What one attempt decided. A row that was ever uncertain stays so until history answers."""
    waiting = State.UNKNOWN if attempt.uncertain else State.PLANNED
    match result:
        case Sent(message_id):
            return Settlement(state=State.SENT, message_id=message_id)
        case Uncertain():
            return _in_doubt(attempt, now)
        case TryLater(wait=wait):
            return Settlement(state=waiting, not_before=now + wait, uncertain=attempt.uncertain)
        case TokenRefused():
            return Settlement(state=waiting, not_before=now, uncertain=attempt.uncertain)
        case StaleChannel() if attempt.uncertain:
            return _in_doubt(attempt, now)  # the message may lie in the channel that is gone: no other is tried
        case StaleChannel() if not attempt.reopened:
            return Settlement(state=State.PLANNED, not_before=now, refusal=UNKNOWN_CHANNEL)
        case StaleChannel():
            return Settlement(state=State.UNREACHABLE, refusal=UNKNOWN_CHANNEL)
        case ClosedDoor(code):
            return Settlement(state=State.UNREACHABLE, refusal=code)
        case NoLongerUseful():
            return Settlement(state=State.NOT_ASKED)
        case Rejected(code):
            return Settlement(state=State.FAILED, refusal=code)


def _in_doubt(attempt: Attempt, now: datetime) -> Settlement:
    if now - attempt.first_attempt_at >= GIVE_UP:
        return Settlement(state=State.UNRESOLVED)
    return Settlement(state=State.UNKNOWN, not_before=now + backoff(attempt.attempts), uncertain=True)


def backoff(attempts: int) -> timedelta:
    """1 s after the first attempt, doubling, one minute at most."""
    return min(LONGEST_WAIT, timedelta(seconds=2 ** min(attempts - 1, 10)))


UNKNOWN_CHANNEL = 10003
"""Discord's code for a channel that is not there."""


def nonce(prompt_id: int) -> str:
    """Discord drops a second message with the same nonce for some minutes; at most 25 characters."""
    return f"p{prompt_id}"


def mark(prompt_id: int) -> str:
    """The JSON text of the custom_id that every prompt's message holds, by which history is searched."""
    return f'"help:{prompt_id}"'
