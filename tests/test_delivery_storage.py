"""The prompt machine against a little Discord: what is owed arrives once, whatever breaks on the way."""

import asyncio
import json
import shutil
from collections import Counter, deque
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from itertools import count, cycle, pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot import sender as sending
from bot.app import build_services
from bot.domain import prompts as rules
from bot.domain.blocks import Typed
from bot.domain.check_ins import Choice, Outcome
from bot.domain.days import Kind
from bot.domain.errors import Resting
from bot.domain.letters import Letter
from bot.domain.phases import GENTLE, Phase
from bot.domain.prompts import Attempt, State
from bot.domain.silences import Ask
from bot.sender import Answer, NoAnswer, Pace, Sender
from bot.services import Services
from bot.services.delivery import Composer, DeliveryService
from bot.services.lines import Speaker
from bot.services.records import Records
from bot.storage.database import in_transaction
from bot.ui.prompts import compose
from tests.conftest import People, VirtualClock

CHICAGO, SERVER, CHANNEL = "America/Chicago", 5, 6
MORNING, EVENING, NEXT_MORNING = "2026-03-03 07:30", "2026-03-03 21:00", "2026-03-04 07:30"
A_TUESDAY = date(2026, 3, 3)
ANA, BEN, CLEO = 101, 102, 103


class Fault(StrEnum):
    """What may go wrong with one request."""

    UNAVAILABLE = "503, and nothing was done"
    UNAVAILABLE_BUT_DONE = "503, though it was done"
    HANGS = "no answer, and nothing was done"
    ANSWER_LOST = "no answer, though it was done"
    NOT_CONNECTED = "the connection was refused"
    LIMITED = "429 for this channel"
    ALL_LIMITED = "429 for the whole program"
    TOKEN_REFUSED = "401"
    CHANNEL_GONE = "404, and the channel is no more"
    MALFORMED = "400"
    TOO_FAST = "403, opening too many DMs"
    BLOCKED = "403 of something in between, not Discord's"
    DIES_BEFORE = "the program is killed before the request is done"
    DIES_AFTER = "the program is killed after the request is done"


DONE = {Fault.UNAVAILABLE_BUT_DONE, Fault.ANSWER_LOST, Fault.DIES_AFTER}
DEATHS = {Fault.DIES_BEFORE, Fault.DIES_AFTER}
WAIT = timedelta(seconds=5)
CLOSED_DM = 50007
LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, kw_only=True)
class Message:
    """What stands in a channel."""

    id: int
    channel: int
    at: datetime
    body: dict[str, Any]


@dataclass
class LittleDiscord:
    """Channels and messages, faults by request, and a record of its own: the one that counts.

    With `nonce_memory` at zero a message sent twice stands there twice.
    """

    clock: VirtualClock
    nonce_memory: timedelta = timedelta(0)
    history_lag: timedelta = timedelta(0)
    faults: deque[Fault | None] = field(default_factory=deque[Fault | None])
    closed: set[int] = field(default_factory=set[int])
    messages: list[Message] = field(default_factory=list[Message])
    requests: list[tuple[str, int]] = field(default_factory=list[tuple[str, int]])
    posts: dict[str, list[tuple[int, str]]] = field(default_factory=dict[str, list[tuple[int, str]]])
    gone: set[int] = field(default_factory=set[int])
    refusals: Counter[int] = field(default_factory=Counter[int])
    ids: Any = field(default_factory=lambda: count(1000))
    channels: dict[int, int] = field(default_factory=dict[int, int])
    broken_rules: list[str] = field(default_factory=list[str])
    """Noted rather than raised: the program survives whatever one request comes to."""
    token_refused: bool = False
    silent_until: datetime = LONG_AGO
    no_opening_until: datetime = LONG_AGO
    meanwhile: Callable[[], Awaitable[None]] | None = None
    """Happens once, while the next request is on its way."""

    async def __call__(self, method: str, path: str, body: str | None = None, picture: bytes | None = None) -> Answer:
        self._expect(not in_transaction.get(), "nothing is sent inside a transaction")
        self._expect(not self.token_refused, "nothing is sent after a 401")
        self._expect(self.clock() >= self.silent_until, "nothing is sent while Discord asks the program to wait")
        what, target = self._asked(method, path, body)
        self.requests.append((what, target))
        if self.meanwhile is not None:
            happen, self.meanwhile = self.meanwhile, None
            await happen()
        await asyncio.sleep(0)
        fault = self.faults.popleft() if self.faults else None
        self._take_down(fault, what, target, body)
        refused = self._refused(fault, what)
        if refused is not None:
            return refused
        if fault in (Fault.HANGS, Fault.UNAVAILABLE, Fault.DIES_BEFORE, Fault.NOT_CONNECTED):
            return self._broken(fault)
        answer = self._do(what, target, body)
        if fault in DONE:
            return self._broken(fault)
        if answer.code == CLOSED_DM:
            self.refusals[self.channels[target]] += 1
        return answer

    def to(self, recipient: int) -> list[Message]:
        """What somebody got, in any channel they ever had."""
        theirs = {channel for channel, who in self.channels.items() if who == recipient}
        return [message for message in self.messages if message.channel in theirs]

    def copies(self, prompt_id: int) -> int:
        """How many messages of one prompt there are."""
        return sum(rules.mark(prompt_id) in json.dumps(message.body) for message in self.messages)

    def asked(self, what: str) -> int:
        return sum(kind == what for kind, _ in self.requests)

    def _asked(self, method: str, path: str, body: str | None) -> tuple[str, int]:
        if path == "/users/@me/channels":
            self._expect(self.clock() >= self.no_opening_until, "no DM is opened while openings are held")
            return "open", int(json.loads(body or "")["recipient_id"])
        channel = int(path.split("/")[2])
        if method == "GET":
            self._expect(path == f"/channels/{channel}/messages?limit=100", path)
            return "read", channel
        self._expect(path == f"/channels/{channel}/messages", path)
        return "post", channel

    def _expect(self, holds: bool, rule: str) -> None:
        if not holds:
            self.broken_rules.append(rule)

    def _take_down(self, fault: Fault | None, what: str, target: int, body: str | None) -> None:
        if what == "post":
            self.posts.setdefault(json.loads(body or "")["nonce"], []).append((target, body or ""))
        if fault is Fault.CHANNEL_GONE and what != "open":
            self.gone.add(target)
        if fault is Fault.ALL_LIMITED:
            self.silent_until = self.clock() + WAIT
        if fault is Fault.TOKEN_REFUSED:
            self.token_refused = True
        if fault is Fault.TOO_FAST and what == "open":
            self.no_opening_until = self.clock() + sending.OPENING_HELD

    def _refused(self, fault: Fault | None, what: str) -> Answer | None:
        match fault:
            case Fault.LIMITED | Fault.ALL_LIMITED:
                whole = fault is Fault.ALL_LIMITED
                return Answer(status=429, code=429, retry_after=WAIT.total_seconds(), whole_program=whole)
            case Fault.TOKEN_REFUSED:
                return Answer(status=401, code=401)
            case Fault.MALFORMED if what == "post":
                return Answer(status=400, code=50035)
            case Fault.TOO_FAST if what == "open":
                return Answer(status=403, code=sending.OPENING_TOO_FAST)
            case Fault.BLOCKED:
                return Answer(status=403, code=403)
            case _:
                return None

    def _broken(self, fault: Fault | None) -> Answer:
        if fault in DEATHS:
            raise asyncio.CancelledError
        if fault in (Fault.UNAVAILABLE, Fault.UNAVAILABLE_BUT_DONE):
            return Answer(status=503, code=503)
        raise NoAnswer(maybe_done=fault is not Fault.NOT_CONNECTED)

    def _do(self, what: str, target: int, body: str | None) -> Answer:
        if what == "open":
            return Answer(status=200, code=200, body={"id": str(self._channel_of(target))})
        if target in self.gone:
            return Answer(status=404, code=rules.UNKNOWN_CHANNEL)
        if what == "read":
            return Answer(status=200, code=200, body=self._history(target))
        return self._post(target, json.loads(body or ""))

    def _channel_of(self, recipient: int) -> int:
        for channel, who in self.channels.items():
            if who == recipient and channel not in self.gone:
                return channel
        channel = next(self.ids)
        self.channels[channel] = recipient
        return channel

    def _history(self, channel: int) -> list[dict[str, Any]]:
        told = [m for m in self.messages if m.channel == channel and m.at + self.history_lag <= self.clock()]
        return [{"id": str(m.id), "components": m.body["components"]} for m in reversed(told)][:100]

    def _post(self, channel: int, body: dict[str, Any]) -> Answer:
        if self.channels[channel] in self.closed:
            return Answer(status=403, code=CLOSED_DM)
        for message in self.messages:
            same = message.body["nonce"] == body["nonce"] and message.channel == channel
            if same and self.clock() - message.at < self.nonce_memory:
                return Answer(status=200, code=200, body={"id": str(message.id)})
        message = Message(id=next(self.ids), channel=channel, at=self.clock(), body=body)
        self.messages.append(message)
        return Answer(status=200, code=200, body={"id": str(message.id)})


def stamped() -> Composer:
    """Bodies that are never alike, so that a payload composed anew is seen."""
    stamp = count(1)

    def composed(letter: Letter) -> str:
        button = {"type": 2, "custom_id": f"help:{letter.prompt_id}"}
        body = {
            "content": f"{letter.kind} of {letter.study_day}, version {next(stamp)}",
            "components": [{"type": 1, "components": [button]}],
            "nonce": rules.nonce(letter.prompt_id),
            "enforce_nonce": True,
        }
        return json.dumps(body)

    return composed


@dataclass(frozen=True, kw_only=True)
class Row:
    """A prompt as stored."""

    id: int
    member: int
    """Their Discord id."""
    kind: Kind
    study_day: date
    state: State
    attempts: int
    uncertain: bool
    useful_until: datetime
    channel_id: int | None
    message_id: int | None
    merged_into: int | None
    refusal: int | None


class Office:
    """The program around the machine, on real records; it can be killed and started again."""

    def __init__(self, records: Records, clock: VirtualClock, discord: LittleDiscord) -> None:
        self.records, self.clock, self.discord = records, clock, discord
        self.services: Services = build_services(records, clock, ())
        self.people = People()
        self.compose: Composer = stamped()
        self.start()

    def start(self) -> None:
        self.delivery = DeliveryService(self.records, self.compose, Speaker(()))
        self.sender = Sender(self.delivery, self.discord, self.clock, Pace(10_000))

    async def restart(self) -> None:
        """The program died and comes back, knowing nothing; the host mended the token if that was wrong."""
        self.discord.token_refused = False
        self.discord.silent_until = self.discord.no_opening_until = LONG_AGO
        self.start()
        await self.delivery.recover(self.clock())

    async def go(self) -> None:
        """Plan what is due, and send for as long as anything can be sent at this moment."""
        await self.services.planning.plan_due(self.clock())
        await self.send()

    async def send(self) -> None:
        for _ in range(500):
            if not await self.sender.step():
                return
            await self.sender.settled()
        raise AssertionError("something is attempted again and again at the same moment")

    async def at(self, local: str) -> None:
        self.clock.set(local, CHICAGO)
        await self.go()

    async def later(self, **more: float) -> None:
        self.clock.move(**more)
        await self.go()

    async def join(self, *members: int, phase: Phase = Phase.REBUILDING) -> None:
        """Members since Monday noon; what came until that evening is put aside."""
        for member in members:
            await self.enrol(member, phase)
        await self.send()
        await self.at("2026-03-02 21:00")
        evening = State.CANCELLED if phase in GENTLE else State.SENT  # no second message on the day of the first
        assert {(row.kind, row.state) for row in await self.rows()} == {
            (Kind.WELCOME, State.SENT),
            (Kind.EVENING, evening),
        }
        async with self.records.writing() as tx:
            await tx.execute("DELETE FROM prompts")
        self.discord.requests.clear()
        self.discord.messages.clear()
        self.discord.posts.clear()

    async def enrol(self, member: int, phase: Phase = Phase.REBUILDING) -> None:
        if not await self.services.joining.cohort_names(SERVER):
            await self.services.cohorts.create(self.people.actor(1), SERVER, "Group", CHANNEL, True, self.clock())
        cohort = await self.services.joining.cohort_to_join(SERVER, "")
        actor = self.people.actor(member)
        await self.services.joining.enrol(actor, SERVER, cohort.id, phase, CHICAGO, "US", self.clock())

    async def answer(self, member: int, day: date, said: Choice | Outcome, prompt_id: int = 0) -> None:
        actor = self.people.actor(member)
        await self.services.check_ins.answer(actor, day, said, self.clock(), prompt_id=prompt_id)

    async def stop(self, member: int) -> None:
        await self.services.joining.stop(self.people.actor(member), self.clock())

    async def start_again(self, member: int) -> None:
        await self.services.joining.start_again(self.people.actor(member), self.clock())

    async def try_dms_again(self, member: int) -> int:
        return await self.services.joining.try_dms_again(self.people.actor(member), self.clock())

    async def rest_on(self, member: int, day: date) -> None:
        async with self.records.writing() as tx:
            await tx.execute(
                """INSERT INTO spans (member_id, kind, from_day, to_day)
                   SELECT id, 'rest', :day, :day FROM members WHERE discord_id = :member""",
                day=day,
                member=member,
            )

    async def rows(self, member: int | None = None) -> list[Row]:
        async with self.records.reading() as tx:
            found = await tx.all(
                Row,
                """SELECT p.id, m.discord_id AS member, p.kind, p.study_day, p.state, p.attempts, p.uncertain,
                          p.useful_until, p.channel_id, p.message_id, p.merged_into, p.refusal
                   FROM prompts p JOIN members m ON m.id = p.member_id ORDER BY p.id""",
            )
        return [row for row in found if member in (None, row.member)]

    async def the_row(self, member: int = ANA) -> Row:
        [row] = await self.rows(member)
        return row

    async def states(self, member: int = ANA) -> dict[tuple[Kind, int], State]:
        return {(row.kind, row.study_day.day): row.state for row in await self.rows(member)}


@pytest.fixture
def discord(clock: VirtualClock) -> LittleDiscord:
    return LittleDiscord(clock)


@pytest.fixture
async def office(records: Records, clock: VirtualClock, discord: LittleDiscord) -> AsyncIterator[Office]:
    office = Office(records, clock, discord)
    yield office
    assert discord.broken_rules == []


# What is sent


async def test_a_prompt_that_is_due_arrives_and_is_recorded(office: Office, discord: LittleDiscord) -> None:
    await office.join(ANA)
    await office.at(MORNING)
    [message] = discord.to(ANA)
    row = await office.the_row()
    assert (row.state, row.message_id, row.attempts) == (State.SENT, message.id, 1)
    assert [what for what, _ in discord.requests] == ["post"], "the channel is known from the first message"
    await office.later(hours=1)
    assert len(discord.requests) == 1


@pytest.mark.parametrize("fault", [fault for fault in Fault if fault not in DEATHS | {Fault.MALFORMED}])
@pytest.mark.parametrize("channel_known", [True, False])
async def test_after_any_single_fault_it_arrives_once(
    office: Office, discord: LittleDiscord, fault: Fault, channel_known: bool
) -> None:
    """Without any help from nonces."""
    if channel_known:
        await office.join(ANA)
        office.clock.set(MORNING)
    else:
        await office.enrol(ANA)
    discord.faults.append(fault)
    await office.go()
    if fault is Fault.TOKEN_REFUSED:
        await office.restart()
    for _ in range(15):
        await office.later(minutes=1)
    row = await office.the_row()
    assert row.state is State.SENT
    assert discord.copies(row.id) == len(discord.messages) == 1
    assert (row.state, row.message_id) == (State.SENT, discord.messages[0].id)


@pytest.mark.parametrize("fault", sorted(DEATHS))
@pytest.mark.parametrize("channel_known", [True, False])
async def test_killed_in_the_middle_and_started_again_it_arrives_once(
    office: Office, discord: LittleDiscord, fault: Fault, channel_known: bool
) -> None:
    if channel_known:
        await office.join(ANA)
        office.clock.set(MORNING)
    else:
        await office.enrol(ANA)
    for _ in range(4):
        discord.faults.append(fault)
        await office.go()
        await office.restart()
        office.clock.move(seconds=30)
    await office.go()
    row = await office.the_row()
    assert row.state is State.SENT
    assert discord.copies(row.id) == len(discord.messages) == 1


@pytest.mark.parametrize("fault", sorted(DEATHS))
async def test_what_was_on_its_way_at_a_kill_is_in_doubt_and_looked_for_whatever_the_hour(
    office: Office, discord: LittleDiscord, fault: Fault
) -> None:
    await office.join(ANA)
    discord.faults.append(fault)
    await office.at(MORNING)
    await office.restart()
    assert (await office.the_row()).state is State.UNKNOWN
    office.clock.set(EVENING, CHICAGO)
    await office.send()
    assert [what for what, _ in discord.requests] == ["post", "read"]
    assert (await office.the_row()).state is (State.SENT if fault is Fault.DIES_AFTER else State.NOT_ASKED)


async def test_payload_nonce_and_address_are_the_same_at_each_attempt(office: Office, discord: LittleDiscord) -> None:
    await office.join(ANA)
    office.clock.set(MORNING)
    for fault in (Fault.UNAVAILABLE, Fault.HANGS, Fault.LIMITED, Fault.NOT_CONNECTED):
        discord.faults.extend([fault, None])  # the read that comes before each further attempt is answered
        await office.later(minutes=1)
        await office.answer(ANA, A_TUESDAY - timedelta(days=1), Outcome.KEPT)
    await office.later(minutes=1)
    [attempts] = discord.posts.values()
    assert len(attempts) >= 3
    assert len(set(attempts)) == 1
    assert len(discord.to(ANA)) == 1


async def test_before_a_doubtful_message_is_sent_again_its_channel_is_read(
    office: Office, discord: LittleDiscord
) -> None:
    await office.join(ANA)
    discord.faults.extend([Fault.HANGS])
    await office.at(MORNING)
    assert (await office.the_row()).state is State.UNKNOWN
    await office.later(minutes=1)
    assert [what for what, _ in discord.requests] == ["post", "read", "post"]


async def test_what_history_does_not_show_yet_is_held_back_by_its_nonce(office: Office, discord: LittleDiscord) -> None:
    discord.nonce_memory, discord.history_lag = timedelta(minutes=3), timedelta(seconds=20)
    await office.join(ANA)
    discord.faults.extend([Fault.ANSWER_LOST])
    await office.at(MORNING)
    await office.later(seconds=2)
    assert discord.asked("post") == 2
    assert len(discord.to(ANA)) == 1
    assert (await office.the_row()).state is State.SENT


async def test_every_message_can_be_found_again_by_its_component_and_bears_its_nonce(
    services: Services, office: Office, clock: VirtualClock, discord: LittleDiscord
) -> None:
    """The words of the program itself, in every phase and on every occasion."""
    office.compose = compose
    office.start()
    for number, phase in enumerate((Phase.JUST_FOUND_OUT, Phase.NOT_READY, Phase.REBUILDING, Phase.EXAM_BOOKED)):
        await office.enrol(200 + number, phase)
    await office.send()
    for day in range(3, 12):
        await office.at(f"2026-03-{day:02} 07:30")
        await office.answer(202, date(2026, 3, day), Choice.FLOOR if day % 2 else Outcome.ROUGH)
        await office.at(f"2026-03-{day:02} 21:00")
    sent = [row for row in await office.rows() if row.state is State.SENT]
    assert {row.kind for row in sent} == set(Kind)
    for row in sent:
        [message] = [m for m in discord.messages if m.id == row.message_id]
        assert rules.mark(row.id) in json.dumps(message.body["components"])
        assert message.body["nonce"] == rules.nonce(row.id)
        assert message.body["enforce_nonce"] is True
        assert message.body["allowed_mentions"] == {"parse": []}


# Closed doors


async def test_a_closed_dm_is_knocked_at_once_and_not_again_until_the_member_opens_it(
    office: Office, discord: LittleDiscord
) -> None:
    await office.join(ANA, BEN)
    discord.closed.add(ANA)
    await office.at(MORNING)
    await office.at(EVENING)
    await office.at(NEXT_MORNING)
    assert discord.refusals[ANA] == 1
    assert [row.state for row in await office.rows(ANA)] == [State.UNREACHABLE, State.CANCELLED, State.CANCELLED]
    assert [row.refusal for row in await office.rows(ANA)] == [CLOSED_DM, None, None]
    assert len(discord.to(BEN)) == 3
    overview = await office.services.today.look(office.people.actor(ANA), office.clock())
    assert overview.dms_closed

    discord.closed.clear()
    welcome = await office.try_dms_again(ANA)
    await office.send()
    assert discord.copies(welcome) == 1
    await office.at("2026-03-04 21:00")
    assert len(discord.to(ANA)) == 2
    overview = await office.services.today.look(office.people.actor(ANA), office.clock())
    assert not overview.dms_closed


async def test_a_member_who_says_open_though_it_is_not_costs_one_more_knock(
    office: Office, discord: LittleDiscord
) -> None:
    await office.join(ANA)
    discord.closed.add(ANA)
    await office.at(MORNING)
    await office.try_dms_again(ANA)
    await office.send()
    await office.at(EVENING)
    assert discord.refusals[ANA] == 2


async def test_two_messages_for_one_closed_dm_are_one_knock(office: Office, discord: LittleDiscord) -> None:
    """Somebody joins a moment before their morning, with DMs closed."""
    discord.closed.add(ANA)
    office.clock.set("2026-03-03 07:29")
    await office.enrol(ANA)
    await office.at(MORNING)
    assert {row.kind for row in await office.rows(ANA)} == {Kind.WELCOME, Kind.MORNING}
    assert discord.refusals[ANA] == 1


async def test_nobodys_next_message_overtakes_the_one_that_is_on_its_way(
    office: Office, discord: LittleDiscord
) -> None:
    office.clock.set("2026-03-03 07:29", CHICAGO)
    await office.enrol(ANA)
    release = asyncio.Event()

    async def wait() -> None:
        await release.wait()

    discord.meanwhile = wait
    assert await office.sender.step() == 1
    office.clock.set(MORNING, CHICAGO)
    await office.services.planning.plan_due(office.clock())
    assert await office.sender.step() == 0
    release.set()
    await office.sender.settled()
    await office.send()
    assert [message.body["content"].split()[0] for message in discord.to(ANA)] == [
        Kind.WELCOME,
        Kind.MORNING,
    ]


async def test_messages_for_one_member_arrive_in_their_order(office: Office, discord: LittleDiscord) -> None:
    office.clock.set("2026-03-03 07:29")
    await office.enrol(ANA)
    discord.faults.append(Fault.HANGS)
    await office.at(MORNING)
    welcome, morning = await office.rows(ANA)
    assert (welcome.kind, morning.kind) == (Kind.WELCOME, Kind.MORNING)
    assert discord.copies(morning.id) == 1, "a first message that is stuck holds up no other"
    await office.later(minutes=1)
    assert discord.copies(welcome.id) == 1


async def test_a_doubtful_message_is_not_sent_to_a_door_that_closed_meanwhile(
    office: Office, discord: LittleDiscord
) -> None:
    await office.join(ANA)
    discord.faults.append(Fault.HANGS)
    await office.at(MORNING)
    discord.closed.add(ANA)
    office.clock.move(seconds=0.5)
    await office.try_dms_again(ANA)  # another message, which is refused before the doubtful one is looked for
    await office.send()
    assert discord.refusals[ANA] == 1
    await office.later(minutes=1)
    assert discord.refusals[ANA] == 1
    assert (await office.rows(ANA))[0].state not in rules.WAITING_STATES


async def test_a_block_by_something_before_discord_closes_nobodys_door(office: Office, discord: LittleDiscord) -> None:
    """A 403 without Discord's own code says nothing about the member."""
    await office.join(ANA, BEN)
    discord.faults.append(Fault.BLOCKED)
    await office.at(MORNING)
    assert discord.asked("post") == 1, "the rest waits as well"
    await office.later(minutes=1)
    assert (len(discord.to(ANA)), len(discord.to(BEN))) == (1, 1)


async def test_a_stale_channel_is_opened_anew_once(office: Office, discord: LittleDiscord) -> None:
    await office.join(ANA)
    discord.faults.append(Fault.CHANNEL_GONE)
    await office.at(MORNING)
    assert [what for what, _ in discord.requests] == ["post", "open", "post"]
    assert len(discord.to(ANA)) == 1
    await office.at(EVENING)
    assert [what for what, _ in discord.requests] == ["post", "open", "post", "post"], "the new one is kept"


@pytest.mark.parametrize("between", [[], [Fault.LIMITED], [Fault.NOT_CONNECTED, Fault.LIMITED]])
async def test_a_channel_that_goes_stale_again_is_unreachable(
    office: Office, discord: LittleDiscord, between: list[Fault]
) -> None:
    await office.join(ANA)
    discord.faults.extend([Fault.CHANNEL_GONE, None, *between, Fault.CHANNEL_GONE])
    await office.at(MORNING)
    for _ in range(3):
        await office.later(minutes=1)
    assert [what for what, _ in discord.requests] == ["post", "open", "post", *["post" for _ in between]]
    row = await office.the_row()
    assert (row.state, row.refusal) == (State.UNREACHABLE, rules.UNKNOWN_CHANNEL)


async def test_a_doubtful_message_never_changes_its_address(office: Office, discord: LittleDiscord) -> None:
    """It may lie in the channel that is gone; in a new one, nothing would tell."""
    await office.join(ANA)
    discord.faults.extend([Fault.ANSWER_LOST])
    discord.history_lag = timedelta(hours=1)
    await office.at(MORNING)
    discord.faults.extend([None, Fault.CHANNEL_GONE])
    await office.later(minutes=1)
    assert (await office.the_row()).state is State.UNKNOWN
    for _ in range(30):
        await office.later(hours=1)
    assert (await office.rows())[0].state is State.UNRESOLVED
    assert discord.copies((await office.rows())[0].id) == 1


# When Discord, or something in between, won't


async def test_after_a_401_nothing_is_sent_until_the_program_starts_with_a_new_token(
    office: Office, discord: LittleDiscord
) -> None:
    members = range(100, 110)
    await office.join(*members)
    discord.faults.append(Fault.TOKEN_REFUSED)
    await office.at(MORNING)
    await office.later(minutes=5)
    assert len(discord.requests) == 1
    assert {row.state for row in await office.rows()} == {State.PLANNED}
    await office.restart()
    await office.go()
    assert all(len(discord.to(member)) == 1 for member in members)


async def test_while_discord_asks_the_program_to_wait_nothing_is_sent(office: Office, discord: LittleDiscord) -> None:
    members = range(100, 110)
    await office.join(*members)
    discord.faults.extend([None, None, Fault.ALL_LIMITED])
    await office.at(MORNING)
    assert len(discord.messages) == 2
    await office.later(seconds=WAIT.total_seconds() - 0.1)
    assert len(discord.requests) == 3
    await office.later(seconds=0.1)
    assert all(len(discord.to(member)) == 1 for member in members)


@pytest.mark.parametrize("fault", [Fault.LIMITED, Fault.UNAVAILABLE, Fault.HANGS, Fault.MALFORMED, Fault.CHANNEL_GONE])
async def test_nobody_else_is_late_when_one_message_meets_a_fault(
    office: Office, discord: LittleDiscord, fault: Fault
) -> None:
    await office.join(ANA, BEN, CLEO)
    discord.faults.append(fault)
    await office.at(MORNING)
    assert (len(discord.to(BEN)), len(discord.to(CLEO))) == (1, 1)


async def test_when_openings_are_too_many_known_channels_go_on_and_new_ones_wait(
    office: Office, discord: LittleDiscord
) -> None:
    await office.join(ANA)
    office.clock.set("2026-03-03 07:29")
    await office.enrol(BEN)
    await office.enrol(CLEO)
    discord.faults.append(Fault.TOO_FAST)
    await office.go()
    assert discord.asked("open") == 1
    await office.at(MORNING)
    assert (len(discord.to(ANA)), len(discord.to(BEN)), len(discord.to(CLEO))) == (1, 0, 0)
    await office.later(minutes=10)
    assert (len(discord.to(BEN)), len(discord.to(CLEO))) == (2, 2)


@pytest.mark.parametrize("code", [sending.OPENING_TOO_FAST, sending.QUARANTINED])
async def test_a_quarantine_of_the_program_closes_nobodys_door(
    office: Office, discord: LittleDiscord, code: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    await office.join(ANA)
    quarantined = Answer(status=403, code=code)
    monkeypatch.setattr(discord, "_post", lambda _channel, _body: quarantined)  # pyright: ignore[reportUnknownArgumentType, reportUnknownLambdaType]
    await office.at(MORNING)
    assert (await office.the_row()).state is State.PLANNED
    monkeypatch.undo()
    await office.later(minutes=10)
    assert len(discord.to(ANA)) == 1


async def test_a_message_called_malformed_fails_and_is_never_repeated(office: Office, discord: LittleDiscord) -> None:
    await office.join(ANA)
    discord.faults.append(Fault.MALFORMED)
    await office.at(MORNING)
    await office.later(minutes=5)
    row = await office.the_row()
    assert (row.state, row.refusal, discord.asked("post")) == (State.FAILED, 50035, 1)
    await office.at(EVENING)
    assert len(discord.to(ANA)) == 1, "the next one is tried"


async def test_a_history_that_can_not_be_read_is_waited_for_and_given_up_after_a_day(
    office: Office, discord: LittleDiscord, caplog: pytest.LogCaptureFixture
) -> None:
    await office.join(ANA)
    office.clock.set(MORNING)
    discord.faults.extend([Fault.ANSWER_LOST, *[Fault.UNAVAILABLE] * 100])
    await office.go()
    await office.stop(ANA)
    for _ in range(47):
        await office.later(minutes=30)
        assert (await office.rows())[0].state is State.UNKNOWN
    await office.later(minutes=30)
    await office.later(minutes=2)
    row = (await office.rows())[0]
    assert row.state is State.UNRESOLVED
    assert discord.asked("post") == 1
    assert any(f"prompt {row.id}: nobody can say" in line for line in caplog.messages)


# What is not sent


@pytest.mark.parametrize("act", ["stopped", "rest day", "answered", "said rough", "door closed"])
async def test_a_prompt_that_is_not_wanted_any_more_is_not_sent(
    office: Office, discord: LittleDiscord, act: str
) -> None:
    await office.join(ANA)
    office.clock.set("2026-03-03 07:29")
    match act:
        case "stopped":
            await office.stop(ANA)
        case "rest day":
            await office.rest_on(ANA, A_TUESDAY)
        case "answered":
            await office.answer(ANA, A_TUESDAY, Choice.USUAL)
        case "said rough":
            await office.answer(ANA, A_TUESDAY, Outcome.ROUGH)
        case _:
            discord.closed.add(ANA)
            await office.try_dms_again(ANA)
            await office.send()
    discord.requests.clear()
    await office.at(MORNING)
    assert discord.requests == []
    assert (await office.states())[Kind.MORNING, 3] is State.CANCELLED


async def test_a_morning_answer_leaves_the_evening_question(office: Office, discord: LittleDiscord) -> None:
    await office.join(ANA)
    await office.at(MORNING)
    await office.answer(ANA, A_TUESDAY, Choice.FLOOR)
    await office.at(EVENING)
    assert len(discord.to(ANA)) == 2


async def test_an_answered_evening_is_not_asked_about(office: Office, discord: LittleDiscord) -> None:
    await office.join(ANA)
    await office.at(MORNING)
    await office.answer(ANA, A_TUESDAY, Outcome.NOT_TODAY)
    await office.at(EVENING)
    assert (await office.states())[Kind.EVENING, 3] is State.CANCELLED


async def test_the_gentle_path_has_evenings_only_from_the_second_day_on_and_fewer_after_a_week(
    office: Office, discord: LittleDiscord
) -> None:
    await office.join(ANA, phase=Phase.JUST_FOUND_OUT)
    for day in range(3, 17):
        await office.at(f"2026-03-{day:02} 07:30")
        await office.at(f"2026-03-{day:02} 21:00")
    sent = {(row.kind, row.study_day.day) for row in await office.rows() if row.state is State.SENT}
    assert sent == {(Kind.EVENING, day) for day in (3, 4, 5, 6, 7, 8, 9, 12, 15)}


async def test_a_stop_holds_back_what_is_still_owed_for_the_day_before(office: Office, discord: LittleDiscord) -> None:
    """The evening message was held up until after the cut; *stop* means from now on, not from that day on."""
    await office.join(ANA)
    await office.at(MORNING)
    discord.faults.extend([Fault.NOT_CONNECTED] * 7)
    await office.at(EVENING)
    for _ in range(6):
        await office.later(minutes=1)
    office.clock.set("2026-03-04 04:05")
    await office.stop(ANA)
    await office.go()
    assert (await office.states())[Kind.EVENING, 3] is State.CANCELLED
    assert len(discord.to(ANA)) == 1


@pytest.mark.parametrize("done", [True, False])
@pytest.mark.parametrize("act", ["stopped", "answered"])
async def test_a_doubtful_message_that_is_not_wanted_any_more_is_looked_for_and_not_sent_again(
    office: Office, discord: LittleDiscord, act: str, done: bool
) -> None:
    await office.join(ANA)
    discord.faults.append(Fault.ANSWER_LOST if done else Fault.HANGS)
    await office.at(MORNING)
    if act == "stopped":
        await office.stop(ANA)
    else:
        await office.answer(ANA, A_TUESDAY, Choice.USUAL)
    await office.later(minutes=1)
    assert [what for what, _ in discord.requests] == ["post", "read"]
    assert (await office.the_row()).state is (State.SENT if done else State.NOT_ASKED)


@pytest.mark.parametrize("done", [True, False])
async def test_a_doubtful_message_whose_hour_has_passed_is_looked_for_and_not_sent_again(
    office: Office, discord: LittleDiscord, done: bool
) -> None:
    await office.join(ANA)
    discord.faults.append(Fault.ANSWER_LOST if done else Fault.HANGS)
    await office.at(MORNING)
    office.clock.set(EVENING)
    await office.send()
    assert [what for what, _ in discord.requests] == ["post", "read"]
    assert (await office.the_row()).state is (State.SENT if done else State.NOT_ASKED)


async def test_what_is_not_useful_any_more_is_not_asked(office: Office, discord: LittleDiscord) -> None:
    await office.join(ANA)
    office.clock.set(MORNING)
    await office.services.planning.plan_due(office.clock())
    office.clock.set(EVENING)
    await office.send()
    assert (await office.states()) == {(Kind.MORNING, 3): State.NOT_ASKED}
    assert discord.requests == []


async def test_a_tapped_button_proves_that_a_doubtful_message_arrived(office: Office, discord: LittleDiscord) -> None:
    await office.join(ANA)
    discord.faults.append(Fault.ANSWER_LOST)
    await office.at(MORNING)
    row = await office.the_row()
    await office.answer(ANA, A_TUESDAY, Choice.USUAL, prompt_id=row.id)
    await office.later(minutes=1)
    assert discord.requests == [("post", next(iter(discord.channels)))]
    assert (await office.the_row()).state is State.SENT


async def test_nobody_can_vouch_for_anothers_message(office: Office, discord: LittleDiscord) -> None:
    await office.join(ANA, BEN)
    discord.faults.append(Fault.HANGS)
    await office.at(MORNING)
    [row] = [row for row in await office.rows() if row.state is State.UNKNOWN]
    other = BEN if row.member == ANA else ANA
    await office.answer(other, A_TUESDAY, Choice.USUAL, prompt_id=row.id)
    assert (await office.the_row(row.member)).state is State.UNKNOWN


# Two at once


async def test_two_prompts_that_are_due_at_once_become_one(office: Office, discord: LittleDiscord) -> None:
    """After a night without the program, last evening's question goes into the morning's."""
    await office.join(ANA)
    await office.at(MORNING)
    await office.at(NEXT_MORNING)
    _, evening, morning = await office.rows()
    assert (evening.kind, evening.state, evening.merged_into) == (Kind.EVENING, State.MERGED, morning.id)
    assert (morning.kind, morning.state) == (Kind.MORNING, State.SENT)
    assert len(discord.to(ANA)) == 2


async def test_a_prompt_is_not_merged_into_one_that_will_not_be_sent(office: Office, discord: LittleDiscord) -> None:
    await office.join(ANA)
    await office.at(MORNING)
    office.clock.set("2026-03-04 07:29")
    await office.answer(ANA, date(2026, 3, 4), Choice.USUAL)
    await office.at(NEXT_MORNING)
    _, evening, morning = await office.rows()
    assert (morning.kind, morning.state) == (Kind.MORNING, State.CANCELLED)
    assert (evening.kind, evening.state) == (Kind.EVENING, State.SENT)


@pytest.mark.parametrize("fault", [Fault.LIMITED, Fault.NOT_CONNECTED, Fault.HANGS, Fault.UNAVAILABLE_BUT_DONE])
async def test_a_prompt_that_was_attempted_is_never_merged(
    office: Office, discord: LittleDiscord, fault: Fault
) -> None:
    await office.join(ANA)
    await office.at(MORNING)
    discord.faults.append(fault)
    await office.at(EVENING)
    await office.at(NEXT_MORNING)
    assert [row.state for row in await office.rows()] == [State.SENT] * 3
    assert len(discord.to(ANA)) == 3


async def test_a_first_message_is_never_merged(office: Office, discord: LittleDiscord) -> None:
    office.clock.set("2026-03-03 07:29")
    await office.enrol(ANA)
    await office.at(MORNING)
    assert [row.state for row in await office.rows()] == [State.SENT, State.SENT]


# After the program was away


def hear(office: Office) -> list[Letter]:
    """The letters of everything that is composed from now on."""
    letters: list[Letter] = []
    stamp = office.compose

    def heard(letter: Letter) -> str:
        letters.append(letter)
        return stamp(letter)

    office.compose = heard
    office.start()
    return letters


async def away(office: Office, began: str, ended: str) -> tuple[datetime, datetime]:
    """The program is not there from one time in Chicago to another, and then sends what it owes."""
    office.clock.set(began, CHICAGO)
    await office.services.outages.beat(office.clock())
    from_then = office.clock()
    office.clock.set(ended, CHICAGO)
    await office.services.outages.beat(office.clock())
    await office.go()
    return from_then, office.clock()


async def test_a_message_that_an_outage_held_up_says_when_the_program_was_away(office: Office) -> None:
    await office.join(ANA)
    letters = hear(office)
    outage = await away(office, "2026-03-03 07:10", "2026-03-03 09:02")
    assert [(letter.kind, letter.offline) for letter in letters] == [(Kind.MORNING, outage)]
    await office.at(EVENING)
    assert letters[-1].offline is None, "it is said once"


async def test_one_merged_message_explains_an_outage_that_only_the_one_before_it_met(office: Office) -> None:
    """The evening of Tuesday was due while the program was away, Wednesday's morning after it was back."""
    await office.join(ANA)
    await office.at(MORNING)
    letters = hear(office)
    office.clock.set("2026-03-03 20:00", CHICAGO)
    await office.services.outages.beat(office.clock())
    began = office.clock()
    office.clock.set("2026-03-04 07:29", CHICAGO)
    await office.services.outages.beat(office.clock())
    ended = office.clock()
    await office.at(NEXT_MORNING)
    assert [(letter.kind, letter.offline) for letter in letters] == [(Kind.MORNING, (began, ended))]
    assert [row.state for row in await office.rows()] == [State.SENT, State.MERGED, State.SENT]


@pytest.mark.parametrize("ended", ["2026-03-03 07:14", "2026-03-03 07:29"])
async def test_an_outage_in_which_nothing_was_due_is_not_spoken_of(office: Office, ended: str) -> None:
    await office.join(ANA)
    letters = hear(office)
    await away(office, "2026-03-03 07:00", ended)
    await office.at("2026-03-03 07:35")
    assert [letter.offline for letter in letters] == [None]


async def test_what_is_held_up_long_after_an_outage_does_not_speak_of_it(
    office: Office, discord: LittleDiscord
) -> None:
    await office.join(ANA)
    await away(office, "2026-03-02 22:00", "2026-03-03 05:00")
    letters = hear(office)
    discord.faults.extend([Fault.NOT_CONNECTED] * 3)
    await office.at(MORNING)
    for _ in range(4):
        await office.later(minutes=2)
    assert {letter.offline for letter in letters} == {None}
    assert (await office.the_row()).state is State.SENT


# After a silence


async def messages_by_day(office: Office, discord: LittleDiscord, first: date, days: int) -> list[int]:
    """How many messages reached Ana on each of these days."""
    came: list[int] = []
    for number in range(days):
        before = len(discord.to(ANA))
        for time in ("07:30", "21:00"):
            await office.at(f"{first + timedelta(days=number)} {time}")
        came.append(len(discord.to(ANA)) - before)
    return came


def thinning() -> list[int]:
    """Five days as usual, every third for two weeks, weekly for four weeks, one last word a week later, then none."""
    thin = [*[0, 0, 1] * 4, 0, 0, *[0, 0, 0, 0, 0, 0, 1] * 4, *[0] * 6, 1]
    return [2] * 5 + thin


async def test_after_five_silent_days_messages_thin_and_end_with_one_last_word(
    office: Office, discord: LittleDiscord
) -> None:
    await office.join(ANA)
    letters = hear(office)
    expected = thinning()
    assert await messages_by_day(office, discord, A_TUESDAY, 90) == expected + [0] * (90 - len(expected))
    assert [letter.ask for letter in letters] == (
        [Ask.AS_USUAL] * 10 + [Ask.ONCE] * (sum(expected) - 11) + [Ask.LAST_WORD]
    )


@pytest.mark.parametrize("silent", [5, 8, 20, 60])
@pytest.mark.parametrize("sign", ["start from today", "a look", "a block", "a choice"])
async def test_any_sign_of_life_brings_the_usual_messages_back(
    office: Office, discord: LittleDiscord, silent: int, sign: str
) -> None:
    await office.join(ANA)
    await messages_by_day(office, discord, A_TUESDAY, silent)
    today = A_TUESDAY + timedelta(days=silent)
    office.clock.set(f"{today} 06:00", CHICAGO)
    services, ana, now = office.services, office.people.actor(ANA), office.clock()
    match sign:
        case "start from today":
            await services.check_ins.start_from_today(ana, now)
        case "a look":
            assert (await services.today.look(ana, now)).first_sign
            await services.today.seen(ana, now)
        case "a block":
            await services.blocks.log(ana, Typed(amount="20"), now, operation="log:1")
        case _:
            await office.answer(ANA, today, Choice.FLOOR)
    came = await messages_by_day(office, discord, today, 8)
    assert came == ([1] if sign == "a choice" else [2]) + [2] * 5 + [0, 0]


# The machine's own troubles


async def test_those_who_want_nothing_hold_up_nobody(office: Office, discord: LittleDiscord) -> None:
    """Everybody before Ben has stopped; one claim finds him all the same."""
    paused = range(200, 250)
    await office.join(*paused, BEN)
    for member in paused:
        await office.stop(member)
    office.clock.set(MORNING)
    await office.services.planning.plan_due(office.clock())
    [attempt] = await office.delivery.claim(office.clock(), 45)
    assert attempt.recipient == BEN


async def test_a_claim_takes_no_more_than_it_may(office: Office) -> None:
    await office.join(*range(200, 250))
    office.clock.set(MORNING)
    await office.services.planning.plan_due(office.clock())
    assert len(await office.delivery.claim(office.clock(), 45)) == 45
    assert len(await office.delivery.claim(office.clock(), 45)) == 5
    assert await office.delivery.claim(office.clock(), 45) == []


@pytest.mark.parametrize("in_doubt", [False, True])
async def test_one_message_that_can_not_be_made_holds_up_nobody(
    office: Office, discord: LittleDiscord, in_doubt: bool, caplog: pytest.LogCaptureFixture
) -> None:
    await office.join(ANA, BEN, CLEO)
    office.clock.set(MORNING)
    if in_doubt:
        discord.faults.append(Fault.HANGS)
        await office.go()
        [row] = [row for row in await office.rows() if row.state is State.UNKNOWN]
        async with office.records.writing() as tx:
            await tx.execute("UPDATE prompts SET payload = x'00' WHERE id = :id", id=row.id)
    else:
        well = office.compose

        def fails_for_one(letter: Letter) -> str:
            if letter.name == "broken":
                raise ValueError("canary-of-a-name")
            return well(letter)

        async with office.records.writing() as tx:
            await tx.execute("UPDATE members SET name = 'broken' WHERE discord_id = :broken", broken=ANA)
        office.compose = fails_for_one
        office.start()
    await office.later(minutes=1)
    states = Counter(row.state for row in await office.rows())
    assert states == {State.SENT: 2, State.UNRESOLVED if in_doubt else State.FAILED: 1}
    assert any("can't be made" in line for line in caplog.messages)
    assert "canary" not in caplog.text


async def test_an_unexpected_failure_of_one_claim_ends_no_later_one(
    office: Office, discord: LittleDiscord, monkeypatch: pytest.MonkeyPatch
) -> None:
    await office.join(ANA)
    office.clock.set(MORNING)
    await office.services.planning.plan_due(office.clock())
    claim, failed = office.delivery.claim, asyncio.Event()

    async def fails_once(now: datetime, limit: int) -> Sequence[Attempt]:
        monkeypatch.setattr(office.delivery, "claim", claim)
        failed.set()
        raise ValueError("a broken row")

    monkeypatch.setattr(office.delivery, "claim", fails_once)
    running = asyncio.create_task(office.sender.run())
    await failed.wait()
    office.delivery.hurry()
    while not discord.to(ANA):
        office.delivery.hurry()
        await asyncio.sleep(0)
    await office.sender.stop()
    await running


async def test_at_the_end_nothing_more_is_claimed_and_what_was_claimed_is_seen_through(
    office: Office, discord: LittleDiscord
) -> None:
    await office.join(*range(200, 250))
    office.clock.set(MORNING, CHICAGO)
    await office.services.planning.plan_due(office.clock())
    begun, all_begun = asyncio.Event(), asyncio.Event()
    requests = count(1)

    async def first_answered_last(
        method: str, path: str, body: str | None = None, picture: bytes | None = None
    ) -> Answer:
        number = next(requests)
        if number == 1:
            begun.set()
            await all_begun.wait()
        if number == sending.A_SECOND:
            all_begun.set()
        return await discord(method, path, body)

    sender = Sender(office.delivery, first_answered_last, office.clock, Pace(10_000))
    running = asyncio.create_task(sender.run())
    await begun.wait()
    stopping = asyncio.create_task(sender.stop())
    await running
    states = Counter(row.state for row in await office.rows())
    assert states == {State.SENT: sending.A_SECOND, State.PLANNED: 50 - sending.A_SECOND}
    await stopping


async def test_after_waiting_for_room_it_is_asked_again_whether_to_send(
    office: Office, discord: LittleDiscord, monkeypatch: pytest.MonkeyPatch
) -> None:
    await office.join(*range(200, 203))
    monkeypatch.setattr(sending, "A_SECOND", 1)
    monkeypatch.setattr(sending, "MOST_IN_FLIGHT", 1)
    office.clock.set(MORNING, CHICAGO)
    await office.services.planning.plan_due(office.clock())
    release = asyncio.Event()

    async def wait() -> None:
        await release.wait()

    discord.meanwhile = wait
    assert await office.sender.step() == 1
    waiting = asyncio.create_task(office.sender.step())
    await asyncio.sleep(0)
    stopping = asyncio.create_task(office.sender.stop())
    await asyncio.sleep(0)
    release.set()
    assert await waiting == 0
    await stopping
    assert len(discord.messages) == 1


async def test_an_outcome_that_can_not_be_recorded_is_in_doubt_and_then_found(
    office: Office, discord: LittleDiscord
) -> None:
    await office.join(ANA)
    office.clock.set(MORNING)
    discord.meanwhile = office.records.close
    await office.services.planning.plan_due(office.clock())
    await office.sender.step()
    await office.sender.settled()
    await office.records.open()
    assert (await office.the_row()).state is State.SENDING
    await office.delivery.doubt_expired(office.clock())
    assert (await office.the_row()).state is State.SENDING, "it may still be in flight"
    office.clock.move(minutes=1)
    await office.delivery.doubt_expired(office.clock())
    await office.go()
    row = await office.the_row()
    assert (row.state, discord.copies(row.id)) == (State.SENT, 1)


@pytest.mark.parametrize(
    "result", [rules.Uncertain(), rules.TryLater(WAIT), rules.StaleChannel(), rules.Rejected(50035)]
)
async def test_an_attempt_that_comes_back_after_its_lease_does_not_touch_the_next(
    office: Office, result: rules.Result
) -> None:
    """A host that slept: the old request ends only now, while a new attempt is on its way."""
    await office.join(ANA)
    office.clock.set(MORNING)
    await office.services.planning.plan_due(office.clock())
    [old] = await office.delivery.claim(office.clock(), 45)
    office.clock.move(hours=2)
    await office.delivery.doubt_expired(office.clock())
    [new] = await office.delivery.claim(office.clock(), 45)
    assert (new.prompt_id, new.uncertain) == (old.prompt_id, True)
    await office.delivery.settle(old, result, office.clock())
    row = await office.the_row()
    assert (row.state, row.attempts) == (State.SENDING, 2)
    await office.delivery.settle(new, rules.Sent(77), office.clock())
    assert (await office.the_row()).state is State.SENT


async def test_what_ended_stays_ended(office: Office) -> None:
    await office.join(ANA)
    office.clock.set(MORNING, CHICAGO)
    await office.services.planning.plan_due(office.clock())
    [attempt] = await office.delivery.claim(office.clock(), 45)
    await office.delivery.settle(attempt, rules.Sent(77), office.clock())
    row = await office.the_row()
    assert row.state is State.SENT
    for result in (rules.Uncertain(), rules.TryLater(WAIT), rules.ClosedDoor(CLOSED_DM), rules.NoLongerUseful()):
        await office.delivery.settle(attempt, result, office.clock())
        assert await office.the_row() == row


async def test_whoever_waits_for_a_message_hears_how_it_ended(office: Office, discord: LittleDiscord) -> None:
    heard: list[State] = []

    async def hear(state: State) -> None:
        heard.append(state)

    await office.enrol(ANA)
    [welcome] = await office.rows()
    await office.delivery.listen(welcome.id, hear)
    assert heard == []
    await office.send()
    assert heard == [State.SENT]
    await office.delivery.listen(welcome.id, hear)
    assert heard == [State.SENT, State.SENT], "too late is early enough"


async def test_records_that_rest_are_asked_again(office: Office, discord: LittleDiscord) -> None:
    await office.join(ANA)
    office.clock.set(MORNING)
    await office.services.planning.plan_due(office.clock())
    await office.records.close()
    with pytest.raises(Resting):
        await office.sender.step()
    running = asyncio.create_task(office.sender.run())
    await asyncio.sleep(0)
    await office.records.open()
    while not discord.to(ANA):
        office.delivery.hurry()
        await asyncio.sleep(0)
    await office.sender.stop()
    await running
    assert len(discord.to(ANA)) == 1


# Everything at once


@dataclass(frozen=True, kw_only=True)
class Tick:
    """A while passes, somebody does something, and the next requests meet these faults."""

    seconds: float
    act: str
    who: int
    faults: tuple[Fault | None, ...]
    restarts: bool


ACTS = ("", "", "", "answers", "says rough", "stops", "starts again", "closes DMs", "opens DMs", "taps")
TICKS = st.builds(
    Tick,
    seconds=st.sampled_from([0, 0.5, 1, 2, 30, 60, 600, 3600, 4 * 3600, 9 * 3600]),
    act=st.sampled_from(ACTS),
    who=st.sampled_from([ANA, BEN]),
    faults=st.lists(st.sampled_from([None, *Fault]), max_size=5).map(tuple),
    restarts=st.booleans(),
)


class Story:
    """Random days of two members, and what must be true of them in the end."""

    def __init__(self, records: Records, clock: VirtualClock, discord: LittleDiscord) -> None:
        self.office = Office(records, clock, discord)
        self.clock, self.discord = clock, discord
        self.began = clock()
        self.happened: set[str] = set()
        self.said_open: Counter[int] = Counter()

    async def go(self, ticks: list[Tick]) -> None:
        for member in (ANA, BEN):
            await self.office.enrol(member)
        for tick in ticks:
            await self._turn(tick)
        await self._calm_down()
        for row in await self.office.rows():
            self._check(row)
        assert self.discord.broken_rules == []
        for member in (ANA, BEN):
            assert self.discord.refusals[member] <= 1 + self.said_open[member]
        for attempts in self.discord.posts.values():
            assert len({body for _, body in attempts}) == 1
            assert {channel for channel, _ in attempts[:-1]} <= self.discord.gone | {attempts[-1][0]}

    async def _turn(self, tick: Tick) -> None:
        self.clock.move(seconds=tick.seconds)
        await self._act(tick.act, tick.who)
        self.discord.faults.extend(tick.faults)
        self.happened |= {fault for fault in tick.faults if fault is not None}
        await self.office.go()
        if tick.restarts or DEATHS & set(tick.faults):
            await self.office.restart()
            await self.office.send()

    async def _act(self, act: str, who: int) -> None:
        office, today = self.office, (self.clock() - timedelta(hours=10)).date()
        self.happened.add(f"{who} {act}")
        match act:
            case "answers":
                await office.answer(who, today, Outcome.KEPT)
            case "says rough":
                await office.answer(who, today, Choice.FLOOR)
            case "stops":
                await office.stop(who)
            case "starts again":
                await office.start_again(who)
            case "closes DMs":
                self.discord.closed.add(who)
            case "opens DMs":
                self.discord.closed.discard(who)
                self.said_open[who] += 1
                await office.try_dms_again(who)
            case "taps":
                for row in await office.rows(who):
                    if self.discord.copies(row.id):
                        await office.answer(who, today, Choice.USUAL, prompt_id=row.id)
                        break
            case _:
                pass

    async def _calm_down(self) -> None:
        """No more faults: what still waits has twenty minutes; a doubt whose channel is gone has its day."""
        self.discord.faults.clear()
        await self.office.restart()
        for _ in range(20):
            await self.office.send()
            self.clock.move(minutes=1)
        waiting = [row for row in await self.office.rows() if row.state in rules.WAITING_STATES]
        assert all(row.state is State.UNKNOWN and row.channel_id in self.discord.gone for row in waiting)
        if waiting:
            self.clock.move(days=1)
            await self.office.send()
            assert not any(row.state in rules.WAITING_STATES for row in await self.office.rows())

    def _check(self, row: Row) -> None:
        """It exists exactly once, or there is a reason why it does not."""
        copies = self.discord.copies(row.id)
        assert copies <= 1
        if row.state is State.SENT:
            assert copies == 1
        elif row.state not in (State.UNRESOLVED, State.UNREACHABLE):
            assert copies == 0
        did = {act for act in ACTS if f"{row.member} {act}" in self.happened}
        match row.state:
            case State.NOT_ASKED:
                assert row.useful_until <= self.clock() or did & {
                    "answers",
                    "says rough",
                    "stops",
                    "closes DMs",
                    "taps",
                }
            case State.CANCELLED:
                closed = row.member in self.discord.refusals or Fault.CHANNEL_GONE in self.happened
                assert did & {"answers", "says rough", "stops", "taps"} or closed
            case State.UNREACHABLE:
                assert row.member in self.discord.refusals or Fault.CHANNEL_GONE in self.happened
            case State.FAILED:
                assert Fault.MALFORMED in self.happened
            case State.UNRESOLVED:
                assert self.clock() - self.began >= rules.GIVE_UP
            case State.MERGED:
                assert row.merged_into is not None
                assert row.attempts == 0
            case _:
                assert row.state is State.SENT


MEMORY = st.sampled_from([(0, 0), (0, 0), (600, 0), (600, 1.5)])
"""Seconds for which Discord knows a nonce, and for which history lags; without nonces a lag can't be survived."""


def test_whatever_fails_whenever_it_fails_each_message_exists_once_or_for_a_reason_not_at_all(
    migrated: Path, tmp_path: Path
) -> None:
    shutil.copy(migrated, tmp_path / "comeback.db")
    records = Records(tmp_path / "comeback.db", tmp_path / "comeback.key")

    async def live(ticks: list[Tick], memory: float, lag: float) -> None:
        async with records.writing() as tx:
            for table in ("members", "cohorts", "applied"):
                await tx.execute(f"DELETE FROM {table}")
        clock = VirtualClock()
        discord = LittleDiscord(clock, timedelta(seconds=memory), timedelta(seconds=lag))
        await Story(records, clock, discord).go(ticks)

    with asyncio.Runner() as runner:
        runner.run(records.open())

        @settings(max_examples=60, deadline=None)
        @given(st.lists(TICKS, max_size=12), MEMORY)
        def holds(ticks: list[Tick], memory: tuple[float, float]) -> None:
            runner.run(live(ticks, *memory))

        try:
            holds()
        finally:
            runner.run(records.close())


# How fast


class VirtualLoop(asyncio.SelectorEventLoop):
    """A loop whose time passes only while it waits, and which may wake up later than it was told to."""

    def __init__(self, late: Callable[[], float] = lambda: 0.0) -> None:
        super().__init__()
        self.now, self._late = 0.0, late
        selector = vars(self)["_selector"]
        select = selector.select

        def at_once(timeout: float | None = None) -> Any:
            if timeout:
                self.now += timeout + self._late()
            return select(0)

        selector.select = at_once

    def time(self) -> float:
        return self.now


def starts(requests: int, a_second: int, late: Callable[[], float] = lambda: 0.0) -> list[float]:
    """When so many requests that all want to go at once are let go."""
    gone: list[float] = []

    async def go(pace: Pace) -> None:
        await pace.turn()
        gone.append(asyncio.get_running_loop().time())

    async def everybody() -> None:
        pace = Pace(a_second)
        await asyncio.gather(*(go(pace) for _ in range(requests)))

    with asyncio.Runner(loop_factory=lambda: VirtualLoop(late)) as runner:
        runner.run(everybody())
    return gone


def most_in_a_second(moments: Sequence[float]) -> int:
    ends = [sum(start <= other < start + 1 - 1e-6 for other in moments) for start in moments]
    return max(ends)


def test_requests_leave_evenly_and_in_the_order_they_came() -> None:
    moments = starts(450, 45)
    gaps = [later - earlier for earlier, later in pairwise(moments)]
    assert moments[0] == 0
    assert all(gap == pytest.approx(1 / 45) for gap in gaps)
    assert most_in_a_second(moments) <= 45


LATENESS = st.lists(st.sampled_from([0.0, 0.0, 0.0, 0.001, 0.03, 0.3, 1.5]), min_size=1, max_size=20)


@settings(max_examples=60, deadline=None)
@given(LATENESS, st.sampled_from([2, 5, 45]))
def test_however_late_the_loop_wakes_no_second_sees_more_than_the_limit(lateness: list[float], a_second: int) -> None:
    late, drawn = cycle(lateness), list[float]()

    def next_one() -> float:
        drawn.append(next(late))
        return drawn[-1]

    moments = starts(4 * a_second, a_second, next_one)
    assert moments == sorted(moments)
    assert most_in_a_second(moments) <= a_second
    assert moments[-1] <= 4 + sum(drawn) + 1e-6


def test_small_delays_are_made_good() -> None:
    """A loop that always wakes a millisecond late would otherwise lose a twentieth of the rate."""
    moments = starts(450, 45, lambda: 0.001)
    assert moments[-1] <= 449 / 45 + 0.05


def test_a_quiet_time_saves_up_no_burst() -> None:
    moments: list[float] = []

    async def a_crowd_after_an_hour() -> None:
        pace, loop = Pace(45), asyncio.get_running_loop()
        await pace.turn()
        await asyncio.sleep(3600)
        for _ in range(45):
            await pace.turn()
            moments.append(loop.time() - 3600)

    with asyncio.Runner(loop_factory=VirtualLoop) as runner:
        runner.run(a_crowd_after_an_hour())
    assert sum(moment == 0 for moment in moments) <= 3
    assert moments[-1] >= 42 / 45


def test_the_program_stays_below_what_discord_allows() -> None:
    assert sending.A_SECOND <= 45


async def test_every_kind_of_request_takes_its_turn(
    office: Office, discord: LittleDiscord, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Opening a channel, reading one, and each posting."""
    turns = 0
    turn = Pace.turn

    async def counted(self: Pace) -> None:
        nonlocal turns
        turns += 1
        await turn(self)

    monkeypatch.setattr(Pace, "turn", counted)
    await office.enrol(ANA)
    discord.faults.extend([None, Fault.HANGS])
    await office.go()
    await office.later(minutes=1)
    assert [what for what, _ in discord.requests] == ["open", "post", "read", "post"]
    assert turns == 4
