"""How does the loopback Discord speak over the gateway's socket?"""

import asyncio
import json
import secrets
import time
import zlib
from collections import deque
from dataclasses import dataclass, field
from typing import Any

from aiohttp import WSMsgType, web

from tests.process.entities import Guild, Json
from tests.process.records import Identify, Resume
from tests.process.world import World

DISPATCH, HEARTBEAT, IDENTIFY, RESUME = 0, 1, 2, 6
RECONNECT, INVALID_SESSION, HELLO, HEARTBEAT_ACK = 7, 9, 10, 11
# Members, presences, message content: a bot without the switch in the portal is thrown out with 4014.
PRIVILEGED = 1 << 1 | 1 << 8 | 1 << 15


class Connection:
    """One socket; compressed as one zlib stream when the address asked for it, plain otherwise.

    discord.py asks for `zstd-stream` where a zstd module is installed, and takes plain text then too.
    """

    def __init__(self, request: web.Request) -> None:
        self.request = request
        self.socket = web.WebSocketResponse(compress=False, max_msg_size=0)
        self._stream = zlib.compressobj() if request.query.get("compress") == "zlib-stream" else None

    async def send(self, op: int, data: Any = None, *, event: str | None = None, seq: int | None = None) -> None:
        """Nothing happens on a socket that is already gone."""
        text = json.dumps({"op": op, "d": data, "t": event, "s": seq}, separators=(",", ":"))
        try:
            if self._stream is None:
                await self.socket.send_str(text)
            else:
                raw = self._stream.compress(text.encode()) + self._stream.flush(zlib.Z_SYNC_FLUSH)
                await self.socket.send_bytes(raw)
        except ConnectionError:
            pass

    def abort(self) -> None:
        """No closing handshake, as when a cable is pulled."""
        if self.request.transport is not None:
            self.request.transport.abort()


@dataclass(slots=True, eq=False)
class Session:
    """What a RESUME takes up: the events, and the socket they go to at present."""

    id: str
    shard: tuple[int, int]
    connection: Connection | None
    seq: int = 0
    unseen: deque[tuple[int, str, Json]] = field(default_factory=deque[tuple[int, str, Json]])
    """Events the program has not yet acknowledged by a heartbeat."""

    async def dispatch(self, event: str, data: Json) -> None:
        self.seq += 1
        self.unseen.append((self.seq, event, data))
        if self.connection is not None:
            await self.connection.send(DISPATCH, data, event=event, seq=self.seq)

    def seen(self, seq: int) -> None:
        while self.unseen and self.unseen[0][0] <= seq:
            self.unseen.popleft()


class Gateway:
    """All sessions and sockets. Events reach every session of their shard, one yet to resume included."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.sessions: dict[str, Session] = {}
        self.connections: set[Connection] = set()
        self.url = ""

    @property
    def live(self) -> list[Session]:
        """Sessions with a socket."""
        return [session for session in self.sessions.values() if session.connection is not None]

    async def handle(self, request: web.Request) -> web.StreamResponse:
        if not self.world.gateway_open:
            return web.Response(status=503)
        connection = Connection(request)
        await connection.socket.prepare(request)
        self.connections.add(connection)
        await connection.send(HELLO, {"heartbeat_interval": round(self.world.heartbeat_interval * 1000)})
        try:
            await self._listen(connection)
        finally:
            self.connections.discard(connection)
            for session in self.live:
                if session.connection is connection:
                    session.connection = None
            await self.world.changed()
        return connection.socket

    async def _listen(self, connection: Connection) -> None:
        async for message in connection.socket:
            if message.type is not WSMsgType.TEXT:
                continue
            frame: Json = json.loads(message.data)
            if frame["op"] == HEARTBEAT:
                await self._heartbeat(connection, frame["d"])
            elif frame["op"] in (IDENTIFY, RESUME) and frame["d"]["token"] != self.world.token:
                await connection.socket.close(code=4004, message=b"Authentication failed.")
            elif frame["op"] == IDENTIFY and frame["d"]["intents"] & PRIVILEGED:
                await connection.socket.close(code=4014, message=b"Disallowed intent(s).")
            elif frame["op"] == IDENTIFY:
                await self._identify(connection, frame["d"])
            elif frame["op"] == RESUME:
                await self._resume(connection, frame["d"])
            await self.world.changed()

    async def _heartbeat(self, connection: Connection, seq: int | None) -> None:
        self.world.heartbeats += 1
        for session in self.live:
            if session.connection is connection:
                session.seen(seq or 0)
        if self.world.acknowledges_heartbeats:
            await connection.send(HEARTBEAT_ACK)

    async def _identify(self, connection: Connection, data: Json) -> None:
        number, count = data.get("shard", (0, 1))
        session = Session(secrets.token_hex(16), (number, count), connection)
        self.sessions[session.id] = session
        guilds = [guild for guild in self.world.guilds.values() if guild.present and on_shard(guild, session)]
        ready: Json = {
            "v": 10,
            "user": self.world.bot.payload(),
            "guilds": [{"id": str(guild.id), "unavailable": True} for guild in guilds],
            "session_id": session.id,
            "resume_gateway_url": self.url,
            "shard": list(session.shard),
            "application": {"id": str(self.world.bot.id), "flags": 0},
            "private_channels": [],
        }
        await session.dispatch("READY", ready)
        for guild in guilds:
            await session.dispatch("GUILD_CREATE", guild.payload(self.world.bot))
        self.world.identifies.append(Identify(time.monotonic(), data["intents"], session.shard, session.id, data))

    async def _resume(self, connection: Connection, data: Json) -> None:
        session = self.sessions.get(data["session_id"] or "")
        if session is None:
            await connection.send(INVALID_SESSION, False)
            return
        last, replayed = data["seq"] or 0, 0
        session.seen(last)
        # In rounds: an event may join while the missed ones are on their way, and order must hold.
        while missed := [event for event in session.unseen if event[0] > last]:
            for last, event, payload in missed:
                await connection.send(DISPATCH, payload, event=event, seq=last)
                replayed += 1
        session.connection = connection
        await session.dispatch("RESUMED", {})
        self.world.resumes.append(Resume(time.monotonic(), session.id, replayed))

    async def dispatch(self, event: str, data: Json, guild: Guild | None = None) -> None:
        """Direct messages and what belongs to no server go to shard 0."""
        for session in list(self.sessions.values()):
            if on_shard(guild, session):
                await session.dispatch(event, data)

    async def drop(self, code: int | None) -> None:
        for connection in list(self.connections):
            if code is None:
                connection.abort()
            else:
                await connection.socket.close(code=code)

    async def reconnect(self) -> None:
        for connection in list(self.connections):
            await connection.send(RECONNECT)

    async def invalidate(self, *, resumable: bool) -> None:
        for session in self.live:
            if not resumable:
                del self.sessions[session.id]
            if session.connection is not None:
                await session.connection.send(INVALID_SESSION, resumable)

    async def close(self) -> None:
        closing = [connection.socket.close(code=1001) for connection in self.connections]
        await asyncio.gather(*closing)


def on_shard(guild: Guild | None, session: Session) -> bool:
    number, count = session.shard
    return ((guild.id >> 22) % count if guild is not None else 0) == number
