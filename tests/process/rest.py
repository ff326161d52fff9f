"""How does the loopback Discord answer HTTP?"""

import asyncio
import json
import re
import socket
import struct
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeAlias

from aiohttp import BodyPartReader, web

from tests.process.entities import Interaction, Json, Message, Upload
from tests.process.records import Fault, Request
from tests.process.world import Refused, World

API = "/api/v10"


@dataclass(slots=True)
class Answer:
    """A status and what goes with it; a body of None is an empty answer, a str goes out as it is."""

    status: int
    body: Any = None
    headers: dict[str, str] | None = None


Action: TypeAlias = Callable[[Request, re.Match[str]], Answer]


def error(status: int, code: int, message: str) -> Answer:
    return Answer(status, {"message": message, "code": code})


def slow_down(retry_after: float, *, everywhere: bool) -> Answer:
    """A 429; without `Via` discord.py would take it for a ban by Cloudflare and give up at once."""
    headers = {
        "Via": "1.1 google",
        "Retry-After": str(max(1, round(retry_after))),
        "X-RateLimit-Scope": "global" if everywhere else "user",
    }
    if everywhere:
        headers["X-RateLimit-Global"] = "true"
    body = {"message": "You are being rate limited.", "retry_after": retry_after, "global": everywhere}
    return Answer(429, body, headers)


class Rest:
    """The routes of the REST API, behind authorization, the global limit, faults and latency."""

    def __init__(self, world: World, gateway_url: Callable[[], str]) -> None:
        self.world = world
        self._gateway_url = gateway_url
        self._routes: list[tuple[str, re.Pattern[str], Action]] = [
            (method, re.compile(path.replace("{}", r"(\d+)").replace("{token}", "([^/]+)")), action)
            for method, path, action in self._table()
        ]

    def _table(self) -> list[tuple[str, str, Action]]:
        messages, one = "/channels/{}/messages", "/channels/{}/messages/{}"
        hook = "/webhooks/{}/{token}"
        return [
            ("POST", messages, self._post_message),
            ("GET", messages, self._history),
            ("POST", "/interactions/{}/{token}/callback", self._callback),
            ("POST", "/users/@me/channels", self._open_dm),
            ("GET", one, self._get_message),
            ("PATCH", one, self._edit_message),
            ("DELETE", one, self._delete_message),
            ("POST", hook, self._follow_up),
            ("GET", hook + "/messages/(@original|\\d+)", self._get_reply),
            ("PATCH", hook + "/messages/(@original|\\d+)", self._edit_reply),
            ("DELETE", hook + "/messages/(@original|\\d+)", self._delete_reply),
            ("POST", "/channels/{}/typing", self._typing),
            ("GET", "/channels/{}", self._get_channel),
            ("GET", "/users/@me", self._me),
            ("GET", "/users/{}", self._get_user),
            ("GET", "/guilds/{}", self._get_guild),
            ("GET", "/guilds/{}/(roles|channels)", self._guild_list),
            ("GET", "/guilds/{}/members/{}", self._get_member),
            ("GET", "/oauth2/applications/@me", self._application),
            ("GET", "/applications/@me", self._application),
            ("PUT", "/applications/{}/commands", self._sync),
            ("GET", "/applications/{}/commands", self._get_commands),
            ("PUT", "/applications/{}/guilds/{}/commands", self._sync),
            ("GET", "/applications/{}/guilds/{}/commands", self._get_commands),
            ("GET", "/gateway", self._gateway),
            ("GET", "/gateway/bot", self._gateway),
        ]

    async def handle(self, request: web.Request) -> web.StreamResponse:
        """Records, judges, answers."""
        known = request.path.startswith(API + "/")
        path = request.path.removeprefix(API) if known else request.path
        record = Request(time.monotonic(), request.method, path, dict(request.query))
        self.world.requests.append(record)
        # Counted before the body is read, so that a big body does not move a request in time.
        wait = 0.0 if record.of_interaction else self.world.limiter.wait(record.at, self.world.global_limit)
        await read_body(request, record)
        if wait:
            self.world.rate_limited += 1
            return await self._send(record, slow_down(wait, everywhere=True))
        fault = self.world.fault(record.method, path)
        if fault is None:
            return await self._send(record, self._decide(request, record, known=known))
        return await self._suffer(fault, request, record, known=known)

    async def _suffer(self, fault: Fault, request: web.Request, record: Request, *, known: bool) -> web.StreamResponse:
        if fault.status is not None:
            return await self._send(record, faulty(fault))
        if fault.loss in ("lose_answer", "hang_after"):
            self._decide(request, record, known=known)
        await self.world.changed()
        if fault.loss in ("hang", "hang_after"):
            await self.world.closing.wait()
        cut(request, reset=fault.loss == "reset")
        return web.Response(status=500)  # goes nowhere: the connection is gone

    async def _send(self, record: Request, answer: Answer) -> web.Response:
        record.status = answer.status
        await self.world.changed()
        if self.world.latency:
            await asyncio.sleep(self.world.latency)
        if answer.body is None:
            return web.Response(status=answer.status, headers=answer.headers)
        if isinstance(answer.body, str):
            return web.Response(status=answer.status, text=answer.body, content_type="text/html")
        # No charset: discord.py takes `application/json; charset=utf-8` for text.
        body = json.dumps(answer.body, separators=(",", ":")).encode()
        return web.Response(status=answer.status, body=body, content_type="application/json", headers=answer.headers)

    def _decide(self, request: web.Request, record: Request, *, known: bool) -> Answer:
        # The token in the path is what lets interactions in.
        if not record.of_interaction and request.headers.get("Authorization") != f"Bot {self.world.token}":
            return error(401, 0, "401: Unauthorized")
        for method, pattern, action in self._routes:
            if method == record.method and known and (match := pattern.fullmatch(record.path)):
                try:
                    return action(record, match)
                except Refused as refused:
                    return error(refused.status, refused.code, str(refused))
        self.world.unknown_routes.append(f"{record.method} {record.path}")
        return error(404, 0, "404: Not Found")

    # Channels and messages

    def _message(self, match: re.Match[str]) -> Message:
        for message in reversed(self.world.channel(int(match[1])).messages):
            if message.id == int(match[2]):
                return message
        raise Refused(404, 10008, "Unknown Message")

    def _post_message(self, record: Request, match: re.Match[str]) -> Answer:
        message = self.world.post(self.world.channel(int(match[1])), record.body, record.uploads)
        nonce = {"nonce": record.body["nonce"]} if "nonce" in record.body else {}
        return Answer(200, message.payload | nonce)

    def _history(self, record: Request, match: re.Match[str]) -> Answer:
        before, after = (int(record.query[key]) if key in record.query else None for key in ("before", "after"))
        channel = self.world.channel(int(match[1]))
        return Answer(200, self.world.history(channel, int(record.query.get("limit", "50")), before, after))

    def _edit_message(self, record: Request, match: re.Match[str]) -> Answer:
        return Answer(200, self.world.edit(self._message(match), record.body, record.uploads).payload)

    def _delete_message(self, record: Request, match: re.Match[str]) -> Answer:
        self.world.delete(self._message(match))
        return Answer(204)

    def _get_message(self, record: Request, match: re.Match[str]) -> Answer:
        return Answer(200, self._message(match).payload)

    def _get_channel(self, record: Request, match: re.Match[str]) -> Answer:
        return Answer(200, self.world.channel(int(match[1])).payload())

    def _typing(self, record: Request, match: re.Match[str]) -> Answer:
        self.world.channel(int(match[1]))
        return Answer(204)

    def _open_dm(self, record: Request, match: re.Match[str]) -> Answer:
        refusal = self.world.dm_opening_refusal
        if refusal is not None:
            raise Refused(403, refusal, "You are opening direct messages too fast")
        return Answer(200, self.world.dm(int(record.body["recipient_id"])).payload())

    # Interactions

    def _callback(self, record: Request, match: re.Match[str]) -> Answer:
        interaction = self._interaction(match[2])
        refusal = None
        if interaction.type is not None:
            refusal = Refused(400, 40060, "Interaction has already been acknowledged.")
        elif record.at - interaction.dispatched > self.world.interaction_deadline:
            refusal = Refused(404, 10062, "Unknown interaction")
        if refusal is not None:
            interaction.refusals.append(refusal.code)
            raise refusal
        data: Json = record.body.get("data") or {}
        self._apply(interaction, record.body["type"], data, record.uploads)
        interaction.seconds = record.at - interaction.dispatched
        interaction.type, interaction.data = record.body["type"], data
        interaction.answered.set()
        if record.query.get("with_response", "false") not in ("1", "true"):
            return Answer(204)
        return Answer(200, callback_payload(interaction))

    def _apply(self, interaction: Interaction, kind: int, data: Json, uploads: list[Upload]) -> None:
        """What the first answer changes: a new message, an edited one, an open modal."""
        if kind == 4:
            interaction.message = self.world.write(interaction.channel, data, uploads, interaction)
        elif kind in (6, 7) and interaction.source is not None:
            interaction.message = interaction.source
            if kind == 7:
                self.world.edit(interaction.source, data, uploads)
        elif kind == 9:
            self.world.modals[interaction.user.id, data["custom_id"]] = interaction

    def _interaction(self, token: str) -> Interaction:
        if token not in self.world.by_token:
            raise Refused(404, 10062, "Unknown interaction")
        return self.world.by_token[token]

    def _reply(self, match: re.Match[str]) -> Message:
        interaction = self._interaction(match[2])
        replies = [interaction.message] if match[3] == "@original" else interaction.followups
        for reply in replies:
            if reply is not None and not reply.deleted and match[3] in ("@original", str(reply.id)):
                return reply
        raise Refused(404, 10008, "Unknown Message")

    def _follow_up(self, record: Request, match: re.Match[str]) -> Answer:
        interaction = self._interaction(match[2])
        if interaction.type is None:
            raise Refused(404, 10015, "Unknown Webhook")
        if interaction.type == 5 and interaction.message is None:
            # Discord lets the first follow-up take the place of "is thinking".
            return Answer(200, self._end_deferral(interaction, record).payload)
        message = self.world.write(interaction.channel, record.body, record.uploads, interaction)
        interaction.followups.append(message)
        return Answer(200, message.payload)

    def _end_deferral(self, interaction: Interaction, record: Request) -> Message:
        flags = record.body.get("flags", 0) | interaction.data.get("flags", 0)
        body: Json = record.body | {"flags": flags}
        interaction.message = self.world.write(interaction.channel, body, record.uploads, interaction)
        interaction.edits += 1
        return interaction.message

    def _get_reply(self, record: Request, match: re.Match[str]) -> Answer:
        return Answer(200, self._reply(match).payload)

    def _edit_reply(self, record: Request, match: re.Match[str]) -> Answer:
        interaction = self._interaction(match[2])
        if match[3] == "@original" and interaction.type == 5 and interaction.message is None:
            return Answer(200, self._end_deferral(interaction, record).payload)
        reply = self._reply(match)
        if reply is interaction.message:
            interaction.edits += 1
        return Answer(200, self.world.edit(reply, record.body, record.uploads).payload)

    def _delete_reply(self, record: Request, match: re.Match[str]) -> Answer:
        self.world.delete(self._reply(match))
        return Answer(204)

    # People, servers, the application

    def _me(self, record: Request, match: re.Match[str]) -> Answer:
        return Answer(200, self.world.bot.payload() | {"mfa_enabled": True, "locale": "en-US"})

    def _get_user(self, record: Request, match: re.Match[str]) -> Answer:
        return Answer(200, self.world.user(int(match[1])).payload())

    def _get_guild(self, record: Request, match: re.Match[str]) -> Answer:
        guild = self.world.guilds.get(int(match[1]))
        if guild is None or not guild.present:
            raise Refused(404, 10004, "Unknown Guild")
        return Answer(200, guild.payload(self.world.bot))

    def _guild_list(self, record: Request, match: re.Match[str]) -> Answer:
        return Answer(200, self._get_guild(record, match).body[match[2]])

    def _get_member(self, record: Request, match: re.Match[str]) -> Answer:
        self._get_guild(record, match)
        member = self.world.guilds[int(match[1])].members.get(int(match[2]))
        if member is None:
            raise Refused(404, 10007, "Unknown Member")
        return Answer(200, member.payload())

    def _application(self, record: Request, match: re.Match[str]) -> Answer:
        bot, host = self.world.bot.payload(), self.world.host.payload()
        about: Json = {
            "id": bot["id"],
            "name": self.world.bot.name,
            "icon": None,
            "description": "",
            "type": None,
            "bot": bot,
            "bot_public": True,
            "bot_require_code_grant": False,
            "verify_key": "0" * 64,
            "flags": 0,
            "owner": host,
            "team": None,
            "redirect_uris": [],
            "interactions_endpoint_url": None,
            "role_connections_verification_url": None,
            "approximate_guild_count": sum(guild.present for guild in self.world.guilds.values()),
            "integration_types_config": {"0": {}, "1": {}},
        }
        return Answer(200, about)

    def _gateway(self, record: Request, match: re.Match[str]) -> Answer:
        about: Json = {"url": self._gateway_url()}
        if record.path.endswith("/bot"):
            limit = {"total": 1000, "remaining": 999, "reset_after": 14_400_000, "max_concurrency": 1}
            about |= {"shards": 1, "session_start_limit": limit}
        return Answer(200, about)

    def _sync(self, record: Request, match: re.Match[str]) -> Answer:
        guild = int(match[2]) if match.re.groups > 1 else 0
        old = {(command["type"], command["name"]): command["id"] for command in self.world.commands.get(guild, [])}
        defaults: Json = {
            "type": 1,
            "application_id": str(self.world.bot.id),
            "version": str(self.world.mint()),
        }
        defaults |= {"description": "", "default_member_permissions": None}
        defaults |= {"guild_id": str(guild)} if guild else {}
        synced: list[Json] = []
        for sent in record.body:
            command: Json = defaults | sent
            # A command that keeps its name keeps its id, so that mentions of it stay good.
            command["id"] = old.get((command["type"], command["name"])) or str(self.world.mint())
            synced.append(command)
        self.world.commands[guild] = synced
        return Answer(200, synced)

    def _get_commands(self, record: Request, match: re.Match[str]) -> Answer:
        return Answer(200, self.world.commands.get(int(match[2]) if match.re.groups > 1 else 0, []))


def faulty(fault: Fault) -> Answer:
    status = fault.status or 500
    if status == 429:
        return slow_down(fault.retry_after, everywhere=False)
    if status >= 500:
        return Answer(status, f"<html><title>{status}</title></html>")
    return error(status, fault.code, f"{status}: injected")


def callback_payload(interaction: Interaction) -> Json:
    """What `with_response` asks for."""
    shown = interaction.message
    about: Json = {"id": str(interaction.id), "type": interaction.payload["type"]}
    resource: Json = {"type": interaction.type}
    if interaction.type in (4, 5):
        ephemeral = bool(interaction.data.get("flags", 0) & 1 << 6)
        about |= {"response_message_ephemeral": ephemeral, "response_message_loading": interaction.type == 5}
    if shown is not None:
        about["response_message_id"] = str(shown.id)
        if interaction.type in (4, 7):
            resource["message"] = shown.payload
    return {"interaction": about, "resource": resource}


async def read_body(request: web.Request, record: Request) -> None:
    """JSON, or a form whose `payload_json` part is the JSON and whose other parts are files."""
    if request.content_type != "multipart/form-data":
        raw = await request.read()
        record.body = json.loads(raw) if raw else None
        return
    async for part in await request.multipart():
        if not isinstance(part, BodyPartReader):
            continue
        if part.name == "payload_json":
            record.body = json.loads(await part.text())
        else:
            record.uploads.append(Upload(part.filename or "", bytes(await part.read())))


def cut(request: web.Request, *, reset: bool) -> None:
    """Ends the connection without an answer; `reset` lets the other side see ECONNRESET."""
    transport = request.transport
    if transport is None:
        return
    if reset:
        connection: socket.socket = transport.get_extra_info("socket")
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    transport.abort()
