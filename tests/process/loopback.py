"""A small Discord on 127.0.0.1, over real sockets: what the real program is started against in tests."""

import asyncio
import time
from collections.abc import Awaitable, Mapping, Sequence
from typing import Any, Self

from aiohttp import web

from tests.process import people
from tests.process.entities import BOT_PERMISSIONS, Channel, Guild, Interaction, Message, User
from tests.process.gateway import Gateway
from tests.process.rest import API, Rest
from tests.process.world import World

__all__ = ["Loopback"]


class Loopback(World):
    """REST and gateway in the test's own event loop: `async with Loopback() as discord`.

    Beyond HTTP and sockets it keeps Discord's promises that a sender leans on: enforced nonces, the global
    limit, sessions that resume, interactions that die after three seconds. Limits per route are not among
    them. What a test can look at and set stands in `World`.
    """

    def __init__(self, *, token: str = "loopback.token.for-tests") -> None:
        super().__init__(token=token)
        self.gateway = Gateway(self)
        self.rest = Rest(self, lambda: self.gateway.url)
        self.api_url = ""
        """For DISCORD_API_URL; known once the server runs."""
        self._working: set[asyncio.Task[Any]] = set()

    async def __aenter__(self) -> Self:
        app = web.Application(client_max_size=64 * 1024 * 1024)
        app.router.add_get("/", self._gateway)
        app.router.add_route("*", "/{path:.*}", self._rest)
        # Whoever still hangs at the end hangs because a test wanted it so: no minute of grace.
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=1.0)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        port: int = self._runner.addresses[0][1]
        self.api_url = f"http://127.0.0.1:{port}{API}"
        self.gateway.url = f"ws://127.0.0.1:{port}/"
        return self

    async def __aexit__(self, *_: object) -> None:
        self.closing.set()
        await self.gateway.close()
        await self._runner.cleanup()
        # aiohttp forgets a handler whose client has gone away; it may still be sleeping out a latency.
        for task in self._working:
            task.cancel()
        await asyncio.gather(*self._working, return_exceptions=True)

    async def _gateway(self, request: web.Request) -> web.StreamResponse:
        return await self._work(self.gateway.handle(request))

    async def _rest(self, request: web.Request) -> web.StreamResponse:
        return await self._work(self.rest.handle(request))

    async def _work(self, handling: Awaitable[web.StreamResponse]) -> web.StreamResponse:
        task = asyncio.current_task()
        assert task is not None
        self._working.add(task)
        try:
            return await handling
        finally:
            self._working.discard(task)

    # The bot's servers

    def add_guild(self, name: str = "campus", *, bot_permissions: int = BOT_PERMISSIONS) -> Guild:
        """A server the bot is in from its next login on; `invite` adds one to a bot that runs."""
        return self.new_guild(name, present=True, bot_permissions=bot_permissions)

    def add_elsewhere(self, name: str = "elsewhere") -> Guild:
        """A server without the bot, from which user-installed commands come."""
        return self.new_guild(name, present=False)

    async def invite(self, name: str = "campus", *, bot_permissions: int = BOT_PERMISSIONS) -> Guild:
        """Someone adds the running bot to a new server."""
        guild = self.add_guild(name, bot_permissions=bot_permissions)
        payload = guild.payload(self.bot)
        # By this key's absence discord.py tells a new server from one that is back after an outage.
        del payload["unavailable"]
        await self.gateway.dispatch("GUILD_CREATE", payload, guild)
        return guild

    async def remove_from(self, guild: Guild) -> None:
        """The bot is thrown out."""
        guild.present = False
        guild.members.pop(self.bot.id, None)
        await self.gateway.dispatch("GUILD_DELETE", {"id": str(guild.id)}, guild)

    async def outage_of(self, guild: Guild) -> None:
        """Discord can't reach a server for a while; the bot is still in it."""
        await self.gateway.dispatch("GUILD_DELETE", {"id": str(guild.id), "unavailable": True}, guild)

    async def outage_over(self, guild: Guild) -> None:
        await self.gateway.dispatch("GUILD_CREATE", guild.payload(self.bot), guild)

    # The gateway

    async def drop(self, code: int | None = None) -> None:
        """Cuts every gateway socket: without a word, or with a close code. The sessions can be resumed."""
        await self.gateway.drop(code)

    async def reconnect(self) -> None:
        """Asks every session to connect anew and resume (op 7)."""
        await self.gateway.reconnect()

    async def invalidate(self, *, resumable: bool = False) -> None:
        """Says that the sessions are void (op 9); with `resumable` a RESUME still works."""
        await self.gateway.invalidate(resumable=resumable)

    async def wait_connected(self, timeout: float = 10.0, *, logins: int = 1) -> None:
        """Until the program has logged in to the gateway, for the `logins`-th time since the start."""
        await self.wait_for(lambda: len(self.identifies) >= logins and self.gateway.live, timeout)

    # What people do

    async def slash(
        self,
        user: User,
        command: str,
        *,
        guild: Guild | None = None,
        channel: Channel | None = None,
        options: Mapping[str, people.Value] | None = None,
        user_install: bool = False,
        timeout: float = 5.0,
    ) -> Interaction:
        """Types a command (`goal set` is one with a subcommand) and waits for the first answer to it.

        In a server with `guild`, else in the bot's direct messages; with `user_install` as a command that the
        person carries along, in that server or in a private channel of theirs.

        Raises:
            AssertionError: no answer in time, or no such command among the synced ones.
        """
        data = people.command_data(self, command, options or {}, guild=guild, focused=None)
        interaction = people.begin(
            self, people.COMMAND, user, data, channel=channel, guild=guild, user_install=user_install
        )
        return await self._answer(interaction, timeout)

    async def autocomplete(
        self,
        user: User,
        command: str,
        focused: str,
        typed: str = "",
        *,
        guild: Guild | None = None,
        options: Mapping[str, people.Value] | None = None,
        timeout: float = 5.0,
    ) -> list[dict[str, str]]:
        """The choices that are offered while someone types into the option `focused`."""
        filled = {**(options or {}), focused: typed}
        data = people.command_data(self, command, filled, guild=guild, focused=focused)
        interaction = people.begin(self, people.AUTOCOMPLETE, user, data, channel=None, guild=guild, user_install=False)
        return (await self._answer(interaction, timeout)).data["choices"]

    async def click(
        self,
        user: User,
        message: Message,
        custom_id: str,
        values: Sequence[str] | None = None,
        *,
        forged: bool = False,
        timeout: float = 5.0,
    ) -> Interaction:
        """Presses a button of a message, or with `values` chooses in a select, and waits for the answer.

        With `forged` it need not be there: the interaction then carries a message that shows it, as a client
        does that has not seen the latest edit.

        Raises:
            AssertionError: no answer in time; the button isn't there or is disabled, unless `forged`.
        """
        data = people.component_data(message, custom_id, values, forged=forged)
        interaction = people.begin(
            self,
            people.COMPONENT,
            user,
            data,
            channel=message.channel,
            guild=message.channel.guild,
            user_install=False,
        )
        interaction.source = message
        interaction.payload["message"] = people.as_seen(message, data)
        return await self._answer(interaction, timeout)

    async def submit(
        self,
        user: User,
        custom_id: str,
        values: Mapping[str, people.Input],
        *,
        guild: Guild | None = None,
        timeout: float = 5.0,
    ) -> Interaction:
        """Sends off a form; fields by custom_id, those left out keep what they were shown with.

        The form is the one this person was last shown under that custom_id, and stays open for another try.
        Where none was shown the submission is a forged one, from `guild` or the direct messages.

        Raises:
            AssertionError: no answer in time, or a field that the form doesn't have.
        """
        opener = self.modals.get((user.id, custom_id))
        data = people.modal_data(custom_id, values, opener.data if opener is not None else None)
        interaction = people.begin(
            self,
            people.SUBMIT,
            user,
            data,
            channel=opener.channel if opener is not None else None,
            guild=opener.channel.guild if opener is not None else guild,
            user_install=False,
        )
        if opener is not None and opener.source is not None:
            interaction.source = opener.source
            interaction.payload["message"] = opener.source.payload
        return await self._answer(interaction, timeout)

    async def redeliver(self, interaction: Interaction) -> None:
        """The same interaction once more, as after a resume; see its `refusals` for what came of it."""
        await self.gateway.dispatch("INTERACTION_CREATE", interaction.payload, interaction.channel.guild)

    async def _answer(self, interaction: Interaction, timeout: float) -> Interaction:
        interaction.dispatched = time.monotonic()
        await self.redeliver(interaction)
        try:
            await asyncio.wait_for(interaction.answered.wait(), timeout)
        except TimeoutError:
            raise AssertionError(f"no answer in {timeout:g} s, refused: {interaction.refusals}") from None
        return interaction
