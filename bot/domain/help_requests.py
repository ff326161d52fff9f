"""Which way does a wish to be contacted go, from being asked to a person or a plain word?

Every function gives the request as it is afterwards; nothing here waits forever: `next_step_at` always names a moment.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from bot.domain.errors import NotAllowed, UserError

DUTY_AFTER, ROLE_AFTER, CLOSED_AFTER = timedelta(hours=2), timedelta(hours=12), timedelta(hours=24)
"""How long nobody has taken a request when those on duty are pinged, then all moderators, and when it closes."""
WAITS = (DUTY_AFTER, ROLE_AFTER - DUTY_AFTER, CLOSED_AFTER - ROLE_AFTER)
"""From each step of an open request to the next."""
DUTY_PINGED, ROLE_PINGED, ENDED = 1, 2, 3
"""What a step number says was reached."""

CLAIM_LASTS = timedelta(hours=24)
"""A request that somebody took and never marked as handled goes back to the others after this."""
LOOK_EVERY = timedelta(hours=2)
"""How often it is checked that whoever took a request is still a moderator."""
MOST_RESTARTS = 2
"""How often time begins anew because the program was away: with a host that is off every night, too, it ends."""

LONGEST_LINE = 200
"""Characters that a member may add."""


class State(StrEnum):
    """`open` and `claimed` stand; the others are ends."""

    OPEN = "open"
    CLAIMED = "claimed"
    WITHDRAWN = "withdrawn"
    HANDLED = "handled"
    EXPIRED = "expired"
    """Nobody took it within a day."""
    CLOSED = "closed"
    """The member left, or there is no queue any more."""


STANDING = frozenset({State.OPEN, State.CLAIMED})


class Notice(StrEnum):
    """What the member is still to be told."""

    NOTHING = ""
    WAITING = "waiting"
    """Two hours went by, in which it stood in the queue."""
    UNSHOWN = "unshown"
    """Two hours went by, and it could not be shown to the moderators yet."""
    STANDS = "stands"
    """It could be shown only late, and its time began anew."""
    OFFLINE = "offline"
    """The program was away, and its time began anew."""
    CLAIMED = "claimed"
    BACK = "back"
    """Whoever had it no longer has; it is with the others again."""
    HANDLED = "handled"
    EXPIRED = "expired"
    UNSEEN = "unseen"
    """It could not be shown to the moderators for a day."""
    LEFT = "left"
    """The member is no longer in the cohort or the server."""
    GONE = "gone"
    """The server or the cohort is no longer looked after by this program."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """One wish to be contacted; all instants are in UTC."""

    id: int
    member_id: int
    cohort_id: int
    state: State
    claimed_by: int | None
    """The member row of the moderator who has it, or who handled it."""
    asked_at: datetime
    claimed_at: datetime | None
    next_step_at: datetime | None
    """None only once it has ended."""
    step: int
    notice: Notice
    notice_version: int
    closed_at: datetime | None
    version: int
    seen_at: datetime | None
    """When its message first stood in the queue; None while no moderator can know of it."""
    restarts: int
    """How often its time began anew because the program was away."""

    @property
    def stands(self) -> bool:
        return self.state in STANDING


class Ended(UserError):
    """The request has ended."""

    def __init__(self) -> None:
        super().__init__("That request has ended already, so nothing is to be done.", again=False)


class Taken(UserError):
    """Somebody else has it; `who` is their name as it may be shown."""

    def __init__(self, who: str) -> None:
        super().__init__(f"{who} has it already, so it is in good hands. Nothing is to be done.", again=False)


def claim(request: Request, moderator_id: int, now: datetime, *, holds: int, cap: int, holder: str = "") -> Request:
    """Taken by a moderator who holds `holds` others; taking it again changes nothing.

    Raises UserError where it ended, somebody else (`holder`) has it, the moderator asked it, or holds enough.
    """
    _check_stands(request)
    if request.state is State.CLAIMED:
        if request.claimed_by == moderator_id:
            return request
        raise Taken(holder or "Somebody else")
    if request.member_id == moderator_id:
        raise NotAllowed("That is your own request; somebody else will take it. `/human` withdraws it.")
    if holds >= cap:
        raise NotAllowed(
            f"You have {holds} requests already, and that is enough for one person. Hand one over, or mark one as "
            "handled, and you can take this one."
        )
    seen_at = request.seen_at or now  # whoever takes it sees it, also where the answer to its message was lost
    taken = replace(request, state=State.CLAIMED, claimed_by=moderator_id, claimed_at=now, seen_at=seen_at)
    return _told(replace(taken, next_step_at=now), Notice.CLAIMED)  # now: is the member still there to be written to?


def hand_over(request: Request, moderator_id: int, now: datetime, *, holder: str = "") -> Request:
    """Open to the others again, with as much time as a new one. Raises UserError unless the moderator has it."""
    _check_holds(request, moderator_id, holder)
    return come_back(request, now)


def handle(request: Request, moderator_id: int, now: datetime, *, holder: str = "") -> Request:
    """Ended in a person; marking it again changes nothing. Raises UserError unless the moderator has it."""
    if request.state is State.HANDLED and request.claimed_by == moderator_id:
        return request
    _check_holds(request, moderator_id, holder)
    return _told(_ended(request, State.HANDLED, now), Notice.HANDLED)


def withdraw(request: Request, now: datetime) -> Request:
    """Taken back by the member; one that has ended stays as it ended."""
    if not request.stands:
        return request
    return replace(_ended(request, State.WITHDRAWN, now), notice=Notice.NOTHING)


def come_back(request: Request, now: datetime) -> Request:
    """Whoever had it no longer has: it is open to the others again, with as much time as a new one."""
    opened = replace(request, state=State.OPEN, claimed_by=None, claimed_at=None)
    return _told(_from_the_start(opened, now), Notice.BACK)


def close(request: Request, why: Notice, now: datetime) -> Request:
    """Ended because nobody can answer it any more."""
    return _told(_ended(request, State.CLOSED, now), why) if request.stands else request


def is_due(request: Request, now: datetime) -> bool:
    """Whether a step of it is due."""
    return request.stands and request.next_step_at is not None and request.next_step_at <= now


def step_on(request: Request, now: datetime, away: tuple[datetime, datetime] | None = None) -> Request:
    """The request after every step that is due by now, each once and in order, however late.

    `away` are the ends of the program's latest outage: a wait that mostly fell into it begins anew.
    """
    if away is not None and is_due(request, now) and _was_lost(request, away, now):
        return _anew(replace(request, restarts=request.restarts + 1), now)
    if request.state is State.OPEN and request.seen_at is None:
        return _next_unseen(request, now) if is_due(request, now) else request
    while is_due(request, now):
        request = _next_claimed(request, now) if request.state is State.CLAIMED else _next_open(request, now)
    return request


def shown(request: Request, now: datetime, away: tuple[datetime, datetime] | None = None) -> Request:
    """Its message stands in the queue; one that could be shown only late has its whole time from now on."""
    if request.seen_at is not None:
        return request
    seen = replace(request, seen_at=now)
    if request.state is not State.OPEN or not (request.step or is_due(request, now)):
        return seen
    was_away = away is not None and _overlap((request.asked_at, now), away) >= DUTY_AFTER / 2
    return _told(_from_the_start(seen, now), Notice.OFFLINE if was_away else Notice.STANDS)


def hidden(request: Request, now: datetime) -> Request:
    """Its message was taken down because everybody could read it: no hour counts in which nobody can take it."""
    return replace(_from_the_start(request, now), seen_at=None) if request.state is State.OPEN else request


def _was_lost(request: Request, away: tuple[datetime, datetime], now: datetime) -> bool:
    """Whether the program was away for at least half of the wait that is over now."""
    if request.restarts >= MOST_RESTARTS or request.next_step_at is None:
        return False
    if request.state is State.OPEN:
        wait = WAITS[min(request.step, ROLE_PINGED)]
        return _overlap((request.next_step_at - wait, request.next_step_at), away) >= wait / 2
    if request.claimed_at is None or now - request.claimed_at < CLAIM_LASTS:
        return False
    return _overlap((request.claimed_at, request.claimed_at + CLAIM_LASTS), away) >= CLAIM_LASTS / 2


def _anew(request: Request, now: datetime) -> Request:
    if request.state is State.CLAIMED:
        return replace(request, claimed_at=now, next_step_at=now + LOOK_EVERY)  # nobody has to be told
    return _told(_from_the_start(request, now), Notice.OFFLINE)


def _from_the_start(request: Request, now: datetime) -> Request:
    return replace(request, step=0, next_step_at=now + DUTY_AFTER)


def _overlap(first: tuple[datetime, datetime], second: tuple[datetime, datetime]) -> timedelta:
    return max(timedelta(0), min(first[1], second[1]) - max(first[0], second[0]))


def _next_unseen(request: Request, now: datetime) -> Request:
    """One step from now on, never several: only hours in which it was tried to show it count."""
    if request.step >= ROLE_PINGED:
        return _told(_ended(replace(request, step=ENDED), State.EXPIRED, now), Notice.UNSEEN)
    step = request.step + 1
    later = replace(request, step=step, next_step_at=now + WAITS[step])
    return _told(later, Notice.UNSHOWN) if step == DUTY_PINGED else later


def _next_open(request: Request, now: datetime) -> Request:
    if request.next_step_at is None or request.step >= ROLE_PINGED:
        return _told(_ended(replace(request, step=ENDED), State.EXPIRED, now), Notice.EXPIRED)
    step = request.step + 1
    later = replace(request, step=step, next_step_at=request.next_step_at + WAITS[step], version=request.version + 1)
    if step == DUTY_PINGED:
        return replace(later, notice=Notice.WAITING, notice_version=later.version)
    return later


def _next_claimed(request: Request, now: datetime) -> Request:
    if request.claimed_at is None or now - request.claimed_at >= CLAIM_LASTS:
        return come_back(request, now)
    return replace(request, next_step_at=now + LOOK_EVERY)  # no version: nothing that anybody sees has changed


def _check_stands(request: Request) -> None:
    if not request.stands:
        raise Ended


def _check_holds(request: Request, moderator_id: int, holder: str) -> None:
    _check_stands(request)
    if request.state is State.OPEN:
        raise UserError("Nobody has taken it yet. *Claim* takes it.", again=False)
    if request.claimed_by != moderator_id:
        raise Taken(holder or "Somebody else")


def _ended(request: Request, state: State, now: datetime) -> Request:
    return replace(request, state=state, next_step_at=None, closed_at=now, version=request.version + 1)


def _told(request: Request, notice: Notice) -> Request:
    """With something to tell the member, of which there is one at most: what is newer replaces what was still owed."""
    version = request.version if not request.stands else request.version + 1
    return replace(request, notice=notice, notice_version=version, version=version)
