"""What stands in the loopback Discord, what has happened there, and what a test may set?"""

import asyncio
import time
from collections.abc import Callable
from copy import deepcopy
from datetime import UTC, datetime
from typing import TypeVar

from tests.process.entities import (
    BOT_PERMISSIONS,
    COMPONENTS_V2,
    EPHEMERAL,
    Channel,
    Guild,
    Interaction,
    Json,
    Message,
    Snowflakes,
    Upload,
    User,
    walk,
)
from tests.process.records import Fault, Identify, Limiter, Loss, Request, Resume, busiest_second, pattern

Found = TypeVar("Found")


class Refused(Exception):
    """A request that Discord answers with an error."""

    def __init__(self, status: int, code: int, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.code = code


class World:
    """The state that the REST side and the gateway share; a test may read all of it at any time."""

    def __init__(self, *, token: str = "loopback.token.for-tests") -> None:
        self.token = token
        self.mint = Snowflakes()
        self.bot = User(self.mint(), "comeback", bot=True)
        self.host = User(self.mint(), "host")
        self.users: dict[int, User] = {self.bot.id: self.bot, self.host.id: self.host}
        self.guilds: dict[int, Guild] = {}
        self.channels: dict[int, Channel] = {}
        self.commands: dict[int, list[Json]] = {}
        """What was last synced, by server; 0 holds the global commands. No key: never synced."""
        self.interactions: dict[int, Interaction] = {}
        self.by_token: dict[str, Interaction] = {}
        self.modals: dict[tuple[int, str], Interaction] = {}
        """Open modals by person and custom_id: the interaction that was answered with them."""
        self.messages: list[Message] = []
        """Every message made in a channel, in order; ephemeral replies are only on their interaction."""

        self.requests: list[Request] = []
        self.unknown_routes: list[str] = []
        """`METHOD /path` of requests this loopback has no answer for: a test should end with none."""
        self.rate_limited = 0
        self.identifies: list[Identify] = []
        self.resumes: list[Resume] = []
        self.heartbeats = 0

        self.latency = 0.0
        """Seconds between the effect of a request and its answer."""
        self.history_lag = 0.0
        """Seconds before a new message shows in its channel's history."""
        self.nonce_memory = 180.0
        """Seconds for which a repeated enforced nonce gives back the first message; 0 forgets at once."""
        self.global_limit = 50
        self.interaction_deadline = 3.0
        self.dm_opening_refusal: int | None = None
        """The error code that opening a DM channel meets (40003 too fast, 20026 quarantine)."""
        self.gateway_open = True
        """False refuses new gateway connections with 503; `drop` cuts the ones that stand."""
        self.heartbeat_interval = 41.25
        self.acknowledges_heartbeats = True
        self.closing = asyncio.Event()

        self.limiter = Limiter()
        self._dms: dict[int, Channel] = {}
        self._nonces: dict[tuple[int, str], Message] = {}
        self._faults: list[Fault] = []
        self._condition = asyncio.Condition()

    # What exists

    def add_user(self, name: str = "someone", *, locale: str = "en-US") -> User:
        """Someone new, with open direct messages."""
        return self.user(self.mint(), name, locale)

    def user(self, user_id: int, name: str = "someone", locale: str = "en-US") -> User:
        """The person with this id, made up on the spot if need be: a seeded database may name anyone."""
        if user_id not in self.users:
            self.users[user_id] = User(user_id, name, locale)
        return self.users[user_id]

    def new_guild(self, name: str, *, present: bool, bot_permissions: int = BOT_PERMISSIONS) -> Guild:
        """A server with one channel `general`; the bot, if present, in a role with these permissions."""
        guild = Guild(self.mint(), name, self.host, self.mint, present=present)
        guild.add_channel("general")
        guild.join(self.host)
        if present:
            guild.join(self.bot, guild.add_role(self.bot.name, permissions=bot_permissions))
        self.guilds[guild.id] = guild
        return guild

    def dm(self, user: User | int) -> Channel:
        """The one direct message channel with a person, opened if it was not; without any request."""
        user_id = user if isinstance(user, int) else user.id
        if user_id not in self._dms:
            channel = Channel(self.mint(), "dm", recipient=self.user(user_id))
            self._dms[user_id] = self.channels[channel.id] = channel
        return self._dms[user_id]

    def close_dms(self, user: User | int, *, code: int = 50007) -> None:
        """From now on a message to them is refused with 403 and this code."""
        self.user(user if isinstance(user, int) else user.id).refusal = code

    def reopen_dms(self, user: User | int) -> None:
        self.user(user if isinstance(user, int) else user.id).refusal = None

    def channel(self, channel_id: int) -> Channel:
        """Raises `Refused` (10003) for a channel the bot can't know."""
        if channel_id in self.channels:
            return self.channels[channel_id]
        for guild in self.guilds.values():
            for channel in guild.channels:
                if channel.id == channel_id and guild.present:
                    return channel
        raise Refused(404, 10003, "Unknown Channel")

    # What has happened

    def dms_to(self, user: User | int) -> list[Message]:
        """What the bot sent them unasked, oldest first: answers to interactions are left out."""
        return [message for message in self.dm(user).messages if message.interaction is None]

    def in_channel(self, channel_id: int) -> list[Message]:
        """What stands in a channel, oldest first; empty for an unknown one."""
        try:
            return list(self.channel(channel_id).messages)
        except Refused:
            return []

    def asked(self, text: str) -> list[Request]:
        """The requests that match a pattern such as `POST /channels/*/messages`, in order of arrival."""
        matches = pattern(text)
        return [request for request in self.requests if matches(request.method, request.path)]

    def busiest_second(self) -> int:
        """The most requests in any second, the refused ones counted, answers to interactions not."""
        return busiest_second([request.at for request in self.requests if not request.of_interaction])

    async def changed(self) -> None:
        """Wakes every `wait_for`."""
        async with self._condition:
            self._condition.notify_all()

    async def wait_for(self, predicate: Callable[[], Found], timeout: float = 10.0) -> Found:
        """The first truthy value of `predicate`, asked again after everything that happens.

        Raises:
            AssertionError: nothing truthy within `timeout` seconds.
        """
        try:
            async with asyncio.timeout(timeout), self._condition:
                return await self._condition.wait_for(predicate)
        except TimeoutError:
            last = [f"{request.method} {request.path} {request.status}" for request in self.requests[-5:]]
            raise AssertionError(
                f"not within {timeout:g} s; {len(self.requests)} requests, {len(self.messages)} messages, "
                f"last requests: {last}"
            ) from None

    # What goes wrong

    def fail(
        self,
        where: str | Callable[[str, str], bool],
        *,
        status: int | None = None,
        code: int = 0,
        loss: Loss | None = None,
        count: int | None = None,
        retry_after: float = 0.5,
    ) -> Fault:
        """Makes matching requests fail, `count` times or until the rule's `off()`; the oldest rule wins.

        Args:
            where: `POST /channels/*/messages` (a star also spans slashes) or a predicate of method and path.
            status: answer with it, without any effect; 5xx as text, as a broken proxy does, others as JSON.
            code: Discord's error code beside the status.
            loss: `hang` never answers, `reset` breaks the connection, both without effect; `hang_after` and
                `lose_answer` (the connection closes) come after the effect.
            count: how often; None is until switched off.
            retry_after: seconds, for a status of 429.
        """
        if (status is None) == (loss is None):
            raise ValueError("either a status or a loss")
        matches = pattern(where) if isinstance(where, str) else where
        fault = Fault(matches, status, code, loss, count, retry_after)
        self._faults.append(fault)
        return fault

    def fault(self, method: str, path: str) -> Fault | None:
        """The rule that this request meets; using it uses it up."""
        return next((fault for fault in self._faults if fault.strikes(method, path)), None)

    # What is written

    def post(self, channel: Channel, body: Json, uploads: list[Upload]) -> Message:
        """A message by the bot; with a nonce it was given lately, the message of that time."""
        if channel.recipient is not None and channel.recipient.refusal is not None:
            raise Refused(403, channel.recipient.refusal, "Cannot send messages to this user")
        nonce = (channel.id, str(body["nonce"])) if body.get("enforce_nonce") and "nonce" in body else None
        if nonce in self._nonces and time.monotonic() - self._nonces[nonce].created < self.nonce_memory:
            return self._nonces[nonce]
        message = self.write(channel, body, uploads)
        if nonce is not None:
            self._nonces[nonce] = message
        return message

    def write(
        self, channel: Channel, body: Json, uploads: list[Upload], interaction: Interaction | None = None
    ) -> Message:
        """A new message; it stays out of the channel and of `messages` when its flags make it ephemeral."""
        check_body(body, uploads)
        message = Message(self.mint(), channel, {}, body, uploads, time.monotonic(), interaction)
        message.payload = {
            "id": str(message.id),
            "channel_id": str(channel.id),
            "type": 0 if interaction is None else 20,
            "author": self.bot.payload(),
            "timestamp": datetime.now(UTC).isoformat(),
            "edited_timestamp": None,
            "tts": False,
            "mention_everyone": False,
            "mentions": [],
            "mention_roles": [],
            "pinned": False,
            "flags": 0,
            "content": "",
            "embeds": [],
            "components": [],
            "attachments": [],
        }
        if interaction is not None:
            message.payload |= {"webhook_id": str(self.bot.id), "application_id": str(self.bot.id)}
        fill(message, body, uploads)
        if not message.ephemeral:
            channel.messages.append(message)
            self.messages.append(message)
        return message

    def edit(self, message: Message, body: Json, uploads: list[Upload]) -> Message:
        fill(message, body, uploads)
        message.payload["edited_timestamp"] = datetime.now(UTC).isoformat()
        return message

    def delete(self, message: Message) -> None:
        """Gone from the channel; it stays in `messages`, which is a record."""
        message.deleted = True
        if message in message.channel.messages:
            message.channel.messages.remove(message)

    def history(self, channel: Channel, limit: int, before: int | None, after: int | None) -> list[Json]:
        """Newest first, without nonces, which Discord does not give back; what is too new is left out."""
        seen = time.monotonic() - self.history_lag
        shown = [
            message.payload
            for message in reversed(channel.messages)
            if message.created <= seen
            and (before is None or message.id < before)
            and (after is None or message.id > after)
        ]
        return shown[:limit]


def check_body(body: Json, uploads: list[Upload]) -> None:
    """The few limits a sender is likely to meet; raises `Refused`."""
    content = body.get("content") or ""
    if not (content or uploads or any(body.get(key) for key in ("embeds", "components", "sticker_ids", "poll"))):
        raise Refused(400, 50006, "Cannot send an empty message")
    too_long = len(content) > 2000 or len(str(body.get("nonce") or "")) > 25
    too_long |= any(len(part.get("custom_id", "")) > 100 for part in walk(body.get("components") or []))
    mixed = body.get("flags", 0) & COMPONENTS_V2 and (content or body.get("embeds"))
    if too_long or mixed:
        raise Refused(400, 50035, "Invalid Form Body")


def fill(message: Message, body: Json, uploads: list[Upload]) -> None:
    """Puts what a body says into a message; what it does not name stays."""
    payload = message.payload
    # A copy: the request's record must go on saying what was sent.
    payload |= {key: deepcopy(body[key] or []) for key in ("embeds", "components") if key in body}
    if "content" in body:
        payload["content"] = body["content"] or ""
    if "flags" in body:
        # An edit can't turn an ephemeral message into a public one.
        payload["flags"] = body["flags"] | payload["flags"] & EPHEMERAL
    for number, part in enumerate(walk(payload["components"]), start=1):
        part.setdefault("id", number)
    if uploads or "attachments" in body:
        payload["attachments"] = attachments(message, body.get("attachments") or [], uploads)


def attachments(message: Message, named: list[Json], uploads: list[Upload]) -> list[Json]:
    """New files get addresses of their own; the ones that stay are named by id and keep theirs."""
    words = {int(item["id"]): item for item in named}
    old = [item for item in message.payload["attachments"] if int(item["id"]) in words]
    taken = max([message.id, *(int(item["id"]) for item in message.payload["attachments"])])
    new = [
        {
            "id": str(taken + 1 + number),
            "filename": upload.name,
            "description": words.get(number, {}).get("description"),
            "size": len(upload.data),
            "url": f"http://127.0.0.1/attachments/{message.id}/{number}/{upload.name}",
            "proxy_url": f"http://127.0.0.1/attachments/{message.id}/{number}/{upload.name}",
        }
        for number, upload in enumerate(uploads)
    ]
    return old + new
