"""How does one request of the sender reach Discord?"""

import io
import json
from typing import Any, cast

import aiohttp
import discord
from discord.http import HTTPClient, Route

from bot.sender import Answer, NoAnswer
from bot.ui.charts import FILENAME

PATIENCE = 8.0
"""Seconds until an attempt counts as unanswered."""

AGENT = "DiscordBot (comeback, 0.1)"


class DiscordWire:
    """A small HTTP client of our own: one request, one outcome, nothing repeated inside."""

    def __init__(self, api_url: str, token: str) -> None:
        self._api_url = api_url
        self._headers = {"Authorization": f"Bot {token}", "User-Agent": AGENT}
        self._session: aiohttp.ClientSession | None = None

    async def __call__(self, method: str, path: str, body: str | None = None, picture: bytes | None = None) -> Answer:
        """One request, answered within 8 seconds. Raises NoAnswer."""
        data = body if picture is None else _form(body or "{}", picture)
        headers = {"Content-Type": "application/json"} if isinstance(data, str) else None  # a form names its own
        session = self._session = self._session or self._new_session()
        try:
            async with session.request(method, self._api_url + path, data=data, headers=headers) as response:
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


def _form(body: str, picture: bytes) -> aiohttp.FormData:
    """A message and its file, under the names that Discord knows them by."""
    form = aiohttp.FormData(quote_fields=False)  # quoted, the brackets would not be found
    form.add_field("payload_json", body, content_type="application/json")
    form.add_field("files[0]", picture, filename=FILENAME, content_type="image/png")
    return form


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

    async def __call__(self, method: str, path: str, body: str | None = None, picture: bytes | None = None) -> Answer:
        content: Any = json.loads(body) if body else None
        try:
            if picture is None:
                found = await self._http.request(Route(method, path), json=content)
            else:
                found = await self._with_picture(Route(method, path), content, picture)
        except discord.HTTPException as error:
            return Answer(status=error.status, code=error.code or error.status)
        return Answer(status=200, body=found)

    async def _with_picture(self, route: Route, content: Any, picture: bytes) -> Any:
        (named,) = content["attachments"]
        file = discord.File(io.BytesIO(picture), named["filename"], description=named["description"])
        form = [
            {"name": "payload_json", "value": json.dumps(content)},
            {"name": "files[0]", "value": file.fp, "filename": file.filename, "content_type": "image/png"},
        ]
        return await self._http.request(route, form=form, files=[file])
