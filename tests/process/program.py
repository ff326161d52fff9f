"""How does a test start the real program, wait for what it says, and kill it?"""

import asyncio
import os
import signal
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Self

from tests.process.loopback import Loopback

ROOT = Path(__file__).parents[2]
RUN = ("-m", "bot", "run")


class Program:
    """`python -m bot run` in a process of its own: `async with Program(discord, tmp_path) as program`.

    At the end whatever is left of it is killed, its children included. `start` works again once it has
    ended: same folder, same settings, and `lines` goes on.
    """

    def __init__(
        self,
        discord: Loopback,
        folder: Path,
        *,
        arguments: Sequence[str] = RUN,
        settings: Mapping[str, str | None] | None = None,
    ) -> None:
        """Starts nothing yet.

        Args:
            discord: where the token and the API's address come from.
            folder: the working folder; the data folder is `data` in it.
            arguments: what follows the interpreter.
            settings: environment variables beside the usual ones, or in their place; None leaves one out.
        """
        self.folder = folder
        self.arguments = tuple(arguments)
        self.settings: dict[str, str | None] = {
            "DISCORD_TOKEN": discord.token,
            "DISCORD_API_URL": discord.api_url,
            "COMEBACK_DATA_DIR": str(folder / "data"),
            "LOG_LEVEL": "DEBUG",
            **(settings or {}),
        }
        self.lines: list[str] = []
        """Everything said on stdout and stderr, in order, without line ends."""
        self._run: _Run | None = None
        self._transport: asyncio.SubprocessTransport | None = None

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        # It leads a process group of its own: a child that outlived it goes too.
        with suppress(ProcessLookupError):
            os.killpg(self.pid, signal.SIGKILL)
        await self.wait()

    @property
    def pid(self) -> int:
        return self._started[0].get_pid()

    @property
    def returncode(self) -> int | None:
        """None while it runs; negative for the signal that ended it."""
        return self._started[0].get_returncode()

    @property
    def text(self) -> str:
        """Everything it has said so far."""
        return "\n".join(self.lines)

    @property
    def _started(self) -> "tuple[asyncio.SubprocessTransport, _Run]":
        assert self._transport is not None, "not started"
        assert self._run is not None
        return self._transport, self._run

    async def start(self) -> None:
        """Returns at once; wait for a line, or for the login at the loopback."""
        assert self._transport is None or self.returncode is not None, "still running"
        self._transport, self._run = await asyncio.get_running_loop().subprocess_exec(
            lambda: _Run(self.lines),
            sys.executable,
            *self.arguments,
            cwd=self.folder,
            env=self._environment(),
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
            start_new_session=True,
        )

    def _environment(self) -> dict[str, str]:
        """Nothing of the machine's own settings but what an interpreter needs."""
        base: dict[str, str | None] = {
            "PATH": os.environ.get("PATH", os.defpath),
            "HOME": str(self.folder),
            "LANG": "C.UTF-8",
            "PYTHONPATH": str(ROOT),
            "PYTHONUNBUFFERED": "1",
        }
        return {name: value for name, value in (base | self.settings).items() if value is not None}

    async def line(self, *, containing: str, timeout: float = 15.0, since: int = 0) -> str:
        """The first line that holds these words, waiting for it if need be.

        Args:
            containing: the words.
            timeout: seconds.
            since: look only at lines from this index on: `len(program.lines)` for what is still to come.

        Raises:
            AssertionError: it didn't say so in time, or ended without saying so; with its last lines.
        """
        _, run = self._started
        try:
            async with asyncio.timeout(timeout):
                while True:
                    news, over = run.news, run.silent.is_set() and run.ended.is_set()
                    for line in self.lines[since:]:
                        if containing in line:
                            return line
                    assert not over, f"ended ({self.returncode}) without {containing!r}:\n{self._last()}"
                    await news.wait()
        except TimeoutError:
            raise AssertionError(f"no {containing!r} in {timeout:g} s:\n{self._last()}") from None

    async def wait(self, timeout: float = 10.0) -> int:
        """Until it has ended and all it said is in `lines`; its return code.

        Raises:
            AssertionError: it still runs after `timeout` seconds.
        """
        transport, run = self._started
        try:
            async with asyncio.timeout(timeout):
                await run.ended.wait()
        except TimeoutError:
            raise AssertionError(f"still running after {timeout:g} s:\n{self._last()}") from None
        # A child that outlived it may hold the pipe open for longer than anybody wants to wait.
        with suppress(TimeoutError):
            await asyncio.wait_for(run.silent.wait(), 1.0)
        transport.close()
        code = transport.get_returncode()
        assert code is not None
        return code

    async def kill(self) -> int:
        """SIGKILL to it alone, its children live on; its return code."""
        self._started[0].kill()
        return await self.wait()

    async def terminate(self, timeout: float = 10.0) -> int:
        """SIGTERM, which is what `docker stop` sends; its return code."""
        self._started[0].terminate()
        return await self.wait(timeout)

    def _last(self) -> str:
        return "\n".join(self.lines[-15:])


class _Run(asyncio.SubprocessProtocol):
    """Splits what one run says into lines.

    Not asyncio's own Process: its `wait` also waits for the pipe, which a surviving child keeps open.
    """

    def __init__(self, lines: list[str]) -> None:
        self.ended = asyncio.Event()
        self.silent = asyncio.Event()
        """Set when the pipe is closed: nothing more will come."""
        self.news = asyncio.Event()
        """Set at the next news; there is a new one for what comes after."""
        self._lines = lines
        self._rest = b""

    def pipe_data_received(self, fd: int, data: bytes) -> None:
        *whole, self._rest = (self._rest + data).split(b"\n")
        self._say(whole)

    def pipe_connection_lost(self, fd: int, exc: Exception | None) -> None:
        self._say([self._rest] if self._rest else [])
        self.silent.set()
        self._tell()

    def process_exited(self) -> None:
        self.ended.set()
        self._tell()

    def _say(self, whole: list[bytes]) -> None:
        self._lines += [line.decode(errors="replace").rstrip("\r") for line in whole]
        if whole:
            self._tell()

    def _tell(self) -> None:
        self.news.set()
        self.news = asyncio.Event()
