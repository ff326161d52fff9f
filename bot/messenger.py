"""How does one request of the sender reach Discord?"""

import json
from typing import Any, cast

import aiohttp
import discord
from discord.http import HTTPClient, Route

from bot.sender import Answer, NoAnswer

PATIENCE = 8.0
"""Seconds until an attempt counts as unanswered."""

AGENT = "DiscordBot (comeback, 0.1)"


class DiscordWire:
    """A small HTTP client of our own: one request, one outcome, nothing repeated inside."""

    def __init__(self, api_url: str, token: str) -> None:
        self._api_url = api_url
        self._headers = {
            "Authorization": f"Bot {token}",
            "User-Agent": AGENT,
            "Content-Type": "application/json",
        }
        self._session: aiohttp.ClientSession | None = None

    async def __call__(self, method: str, path: str, body: str | None = None) -> Answer:
        """One request, answered within 8 seconds. Raises NoAnswer."""
        session = self._session = self._session or self._new_session()
        try:
            async with session.request(method, self._api_url + path, data=body) as response:
                return _answer(response, await response.text())
        except aiohttp.ClientConnectorError as error:
            raise NoAnswer(maybe_done=False) from error
        except (TimeoutError, aiohttp.ClientError, OSError) as error:
            raise NoAnswer(maybe_done=True) from error

    async def close(self) -> None:
        if self._session is not None:
            await self._session.close()

    def _new_session(self) -> aiohttp.ClientSession:
        return aiohttp.ClientSession(
            headers=self._headers,
            timeout=aiohttp.ClientTimeout(total=PATIENCE),
            connector=aiohttp.TCPConnector(limit=0),  # the sender bounds what is in flight
        )


def _answer(response: aiohttp.ClientResponse, text: str) -> Answer:
    try:
        body: Any = json.loads(text)
    except ValueError:
        body = None  # a proxy's page: the status alone decides
    fields = cast("dict[str, Any]", body if isinstance(body, dict) else {})
    wait = fields.get("retry_after") or response.headers.get("Retry-After") or 1.0
    return Answer(
        status=response.status,
        code=int(fields.get("code") or response.status),
        body=body,
        retry_after=float(wait) if response.status == 429 else 0.0,
        whole_program=bool(fields.get("global")),
    )


class LibraryWire:
    """The same seam over discord.py's HTTP client, for a rehearsal where only that client is replaced."""

    def __init__(self, http: HTTPClient) -> None:
        self._http = http

    async def __call__(self, method: str, path: str, body: str | None = None) -> Answer:
        try:
            found = await self._http.request(Route(method, path), json=json.loads(body) if body else None)
        except discord.HTTPException as error:
            return Answer(status=error.status, code=error.code or error.status)
        return Answer(status=200, body=found)
