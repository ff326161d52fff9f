"""`comeback try --browser`: what stands there when the page opens, that it answers, and that nothing stays behind."""

import asyncio
import os
import re
import shutil
import signal
import socket
import sys
from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

import aiohttp
import pytest

from bot.browser import keep_going, open_page
from bot.cli import main
from bot.domain.phases import GENTLE, JOINING, Phase
from bot.rehearsal import CannotShow
from bot.scene import COHORT, RunningClock, Scene, scene_at, starts_at

CHICAGO = "America/Chicago"
A_TUESDAY = date(2026, 11, 24)
ROOT = Path(__file__).parents[2]
STARTED = (
    "import signal; signal.signal(signal.SIGINT, signal.default_int_handler)\n"  # a shell may start jobs without it
    "from bot.cli import main; raise SystemExit(main())"
)


@pytest.fixture
def folder(migrated: Path, tmp_path: Path) -> Path:
    shutil.copy(migrated, tmp_path / "comeback.db")
    return tmp_path


def inbox(scene: Scene) -> list[tuple[str, str]]:
    """What stands in the member's DM: local time and first line, oldest first."""
    zone = ZoneInfo(CHICAGO)
    return [
        (f"{message.created_at.astimezone(zone):%a %H:%M}", message.content.splitlines()[0])
        for message in scene.member.user.dm_channel.history()
    ]


async def test_this_mornings_message_is_the_last_one_and_one_tap_answers_it(folder: Path) -> None:
    async with scene_at(starts_at("morning", CHICAGO, A_TUESDAY), "Chicago", Phase.REBUILDING, folder) as scene:
        times, lines = zip(*inbox(scene), strict=True)
        assert times == ("Mon 17:40", "Mon 21:00", "Tue 07:30")
        assert lines[-1] == "Good morning, Ana."
        dm = scene.member.user.dm_channel
        await scene.member.user.click(dm.last_message, label="Floor today")
        assert "floor today" in dm.last_message.content
        scene.env.raise_errors()


async def test_time_runs_on_and_the_evening_comes_when_it_is_due(folder: Path) -> None:
    async with scene_at(starts_at("20:59", CHICAGO, A_TUESDAY), "Chicago", Phase.REBUILDING, folder) as scene:
        began = scene.clock.now()
        await scene.deliver()
        assert inbox(scene)[-1][1] == "Good morning, Ana."
        assert scene.clock.now() > began
        assert not scene.arrived.is_set()
        scene.clock.advance(60)
        await scene.deliver()
        assert inbox(scene)[-1] == ("Tue 21:00", "Good evening, Ana.")
        assert scene.arrived.is_set()


@pytest.mark.parametrize("phase", JOINING)
async def test_every_phase_opens_and_the_gentle_ones_ask_nothing(folder: Path, phase: Phase) -> None:
    async with scene_at(starts_at("evening", CHICAGO, A_TUESDAY), "Chicago", phase, folder) as scene:
        asked = [line for _, line in inbox(scene) if line.startswith("Good morning")]
        assert bool(asked) is (phase not in GENTLE)
        scene.env.raise_errors()


async def test_the_moderators_channel_has_an_invitation_that_works_and_commands_too(folder: Path) -> None:
    async with scene_at(starts_at("morning", CHICAGO, A_TUESDAY), "Chicago", Phase.REBUILDING, folder) as scene:
        panel = await scene.newcomer.click(scene.channel.last_message, label="Join")
        assert "Where are you right now?" in panel.response.content
        again = await scene.moderator.slash(scene.channel, "cohort invite", cohort=COHORT)
        assert "stands in" in again.response.content
        scene.env.raise_errors()


def standing(scene: Scene) -> list[str]:
    """What the moderators see where requests stand, oldest first."""
    return [message.content for message in scene.queue.history() if not message.flags.ephemeral]


async def test_a_request_that_is_confirmed_stands_before_the_moderators_who_can_claim_it(folder: Path) -> None:
    async with scene_at(starts_at("morning", CHICAGO, A_TUESDAY), "Chicago", Phase.REBUILDING, folder) as scene:
        assert standing(scene) == []
        asking = await scene.member.user.slash("human")
        assert "2 of them are on duty right now." in asking.response.content
        await scene.member.user.click(asking.response, label="Send it")
        await scene.deliver()
        (request,) = standing(scene)
        assert f"<@{scene.member.id}> (Ana), in “{COHORT}”." in request
        await scene.moderator.click(scene.queue.last_message, label="Claim")
        await scene.deliver()
        (claimed,) = standing(scene)
        assert claimed.endswith(f"<@{scene.moderator.id}> has it.")
        assert inbox(scene)[-1][1].startswith(
            "Hello, Ana. There is a short word from me about something you asked for."
        )
        scene.env.raise_errors()


@pytest.mark.parametrize("phase", JOINING)
async def test_in_every_phase_somebody_has_asked_where_the_moderators_look(folder: Path, phase: Phase) -> None:
    async with scene_at(starts_at("evening", CHICAGO, A_TUESDAY), "Chicago", phase, folder) as scene:
        await scene.ask()
        assert len(standing(scene)) == 1
        scene.env.raise_errors()


async def test_where_requests_stand_nobody_but_moderators_reads(folder: Path) -> None:
    async with scene_at(starts_at("morning", CHICAGO, A_TUESDAY), "Chicago", Phase.REBUILDING, folder) as scene:
        for place, is_open in ((scene.queue, False), (scene.channel, True)):
            channel: Any = scene.env.bot.get_channel(place.id)
            assert channel.permissions_for(channel.guild.default_role).view_channel is is_open


@pytest.mark.parametrize(
    ("at", "local"),
    [
        ("morning", "2026-11-24 07:31"),
        ("evening", "2026-11-24 21:01"),
        ("5:00", "2026-11-24 05:00"),
        ("20:59", "2026-11-24 20:59"),
        ("1:30", "2026-11-25 01:30"),  # before the cut: still Tuesday's study day
    ],
)
def test_a_start_is_local_time_on_the_study_day(at: str, local: str) -> None:
    assert starts_at(at, CHICAGO, A_TUESDAY) == datetime.fromisoformat(local).replace(tzinfo=ZoneInfo(CHICAGO))


@pytest.mark.parametrize("at", ["", "noon", "25:00", "7", "7:60", "-1:00", "21:00:00", "morning "])
def test_a_start_that_is_none_is_refused_with_an_example(at: str) -> None:
    with pytest.raises(CannotShow, match="such as 21:00"):
        starts_at(at, CHICAGO, A_TUESDAY)


def test_the_clock_is_where_it_was_put_and_never_stands_still() -> None:
    clock = RunningClock(datetime(2026, 11, 23, 17, 40, tzinfo=UTC))
    later = datetime(2027, 3, 14, 8, 0, tzinfo=UTC)
    clock.put_at(later)
    assert 0 < (clock.now() - later).total_seconds() < 5
    before = clock.elapsed
    assert clock.elapsed > before


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (("--browser", "--days", "3"), "--days, --from and --story are for the terminal"),
        (("--browser", "--story", "rest"), "--days, --from and --story are for the terminal"),
        (("--browser", "--from", "2026-03-02"), "--days, --from and --story are for the terminal"),
        (("--as", "moderator"), "go with --browser"),
        (("--at", "evening"), "go with --browser"),
        (("--port", "8000"), "go with --browser"),
        (("--browser", "--at", "noon"), "--at takes morning, evening, or a time of day"),
        (("--browser", "--zone", "asdfgh"), "is not clear"),
        (("--browser", "--port", "0"), "--port takes a number from 1 to 65535"),
    ],
)
def test_a_wrong_option_is_one_line_that_says_what_works(
    options: tuple[str, ...], sentence: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["try", *options]) == 2
    said = capsys.readouterr()
    assert sentence in said.err
    assert (said.out, said.err.count("\n")) == ("", 1)


def test_without_the_extra_one_line_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(sys.modules, "linkify_it", None)  # as where it was never installed
    assert main(["try", "--browser"]) == 2
    assert capsys.readouterr().err == "comeback: --browser needs one more install: pip install -e '.[browser]'\n"


class Page:
    """What the page does, without a browser: it reads what is published, and acts with what it read."""

    def __init__(self, address: str, client: aiohttp.ClientSession) -> None:
        self.address, _, capability = address.partition("/#")
        self._client = client
        self._headers = {"X-Simcord-Capability": capability}
        self._acts = 0
        self.port = int(self.address.rpartition(":")[2])
        self.shown: dict[str, Any] = {}

    async def open(self) -> None:
        self.shown = await self._ask("POST", "/api/pages", {})
        self._headers["X-Simcord-Context"] = self.shown["context"]["id"]

    async def click(self, label: str) -> None:
        """Press the last button of that label, and read what came of it."""
        message, key = self._buttons()[label]
        self._acts += 1
        body = {
            "protocol_version": 3,
            "sequence": self._acts,
            "request_id": f"act {self._acts}",
            "generation": self.shown["context"]["generation"],
            "bot_generation": self.shown["botGeneration"],
            "published_revision": self.shown["publishedRevision"],
            "kind": "click",
            "target_id": message,
            "control_key": key,
        }
        result = await self._ask("POST", "/api/action", body)
        assert result["settlement"] == "settled", result
        await self.look()

    async def look(self) -> None:
        self.shown = await self._ask("GET", "/api/state")

    @property
    def text(self) -> str:
        return str(self.shown["messages"])

    @property
    def viewers(self) -> list[str]:
        return [viewer["name"] for viewer in self.shown["viewers"]]

    def _buttons(self) -> dict[str, tuple[str, str]]:
        found: dict[str, tuple[str, str]] = {}
        for message_id in self.shown["timeline"]:
            for row in self.shown["messages"][message_id]["components"]:
                for button in row["components"]:
                    found[button["label"]] = message_id, button["control_key"]
        return found

    async def _ask(self, method: str, path: str, body: object = None) -> dict[str, Any]:
        async with self._client.request(method, self.address + path, json=body, headers=self._headers) as response:
            assert response.status == 200, await response.text()
            return await response.json()


@pytest.mark.enable_socket
async def test_what_comes_due_shows_by_itself_on_an_open_page(folder: Path) -> None:
    moment = starts_at("20:59", CHICAGO, A_TUESDAY)
    async with (
        scene_at(moment, "Chicago", Phase.REBUILDING, folder) as scene,
        AsyncExitStack() as stack,
        aiohttp.ClientSession() as client,
    ):
        preview = await open_page(stack, scene, "member", CHICAGO, None)
        page = Page(preview.url, client)
        await page.open()
        going = asyncio.create_task(keep_going(scene, preview))
        scene.clock.advance(60)
        async with asyncio.timeout(20):
            while "Good evening, Ana." not in page.text:
                await page.look()
        await page.click("Kept it")
        assert "kept it" in page.text
        await preview.close()
        await going
        scene.env.raise_errors()


@pytest.mark.enable_socket
async def test_what_is_asked_while_the_moderators_look_comes_by_itself_and_one_tap_claims_it(folder: Path) -> None:
    moment = starts_at("morning", CHICAGO, A_TUESDAY)
    async with (
        scene_at(moment, "Chicago", Phase.REBUILDING, folder) as scene,
        AsyncExitStack() as stack,
        aiohttp.ClientSession() as client,
    ):
        preview = await open_page(stack, scene, "moderator", CHICAGO, None)
        page = Page(preview.url, client)
        await page.open()
        assert page.viewers == ["Mo", "Lee"]
        assert page.text == "{}"
        going = asyncio.create_task(keep_going(scene, preview))
        asking = await scene.member.user.slash("human")
        await scene.member.user.click(asking.response, label="Send it")
        async with asyncio.timeout(20):
            while "Nobody has taken it yet." not in page.text:
                await page.look()
            await page.click("Claim")
            while "Nobody has taken it yet." in page.text:
                await page.look()
        assert "has it." in page.text
        async with asyncio.timeout(20):
            while "There is a short word from me" not in inbox(scene)[-1][1]:
                await page.look()
        await preview.close()
        await going
        scene.env.raise_errors()


@pytest.mark.enable_socket
async def test_somebody_who_may_join_sees_the_invitation_and_no_request(folder: Path) -> None:
    moment = starts_at("morning", CHICAGO, A_TUESDAY)
    async with (
        scene_at(moment, "Chicago", Phase.REBUILDING, folder) as scene,
        AsyncExitStack() as stack,
        aiohttp.ClientSession() as client,
    ):
        page = Page((await open_page(stack, scene, "newcomer", CHICAGO, None)).url, client)
        await page.open()
        assert page.viewers == ["Sam", "Mo"]
        await page.click("Join")
        assert "Where are you right now?" in page.text
        assert "asked to be contacted" not in page.text
        scene.env.raise_errors()


@pytest.mark.enable_socket
async def test_a_taken_port_is_passed_by_unless_it_was_asked_for(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    moment = starts_at("morning", CHICAGO, A_TUESDAY)
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        held.listen()
        port = held.getsockname()[1]
        monkeypatch.setattr("bot.browser.PORT", port)
        async with scene_at(moment, "Chicago", Phase.REBUILDING, folder) as scene, AsyncExitStack() as stack:
            with pytest.raises(CannotShow, match=f"^port {port} can't be used on this machine"):
                await open_page(stack, scene, "newcomer", CHICAGO, port)
            preview = await open_page(stack, scene, "newcomer", CHICAGO, None)
            async with aiohttp.ClientSession() as client:
                page = Page(preview.url, client)
                await page.open()
                assert page.port != port
                assert page.viewers == ["Sam", "Mo"]
                assert COHORT in page.text


class Started(NamedTuple):
    """A try-out that runs, and the address that it told."""

    process: asyncio.subprocess.Process
    address: str
    said: str

    async def interrupt(self) -> tuple[int, str]:
        """Ctrl+C: its return code, and what it said last."""
        self.process.send_signal(signal.SIGINT)
        assert self.process.stdout is not None
        async with asyncio.timeout(20):
            rest = await self.process.stdout.read()
            return await self.process.wait(), rest.decode()


@asynccontextmanager
async def started(scratch: Path) -> AsyncGenerator[Started]:
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", STARTED, "try", "--browser"),
        cwd=ROOT,
        env={**os.environ, "TMPDIR": str(scratch)},
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    assert process.stdout is not None
    try:
        said = ""
        async with asyncio.timeout(60):
            while not (found := re.search(r"http://127\.0\.0\.1:\d+/#\S+", said)):
                line = await process.stdout.readline()
                assert line, said
                said += line.decode()
        yield Started(process, found[0], said)
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()


@pytest.mark.process
@pytest.mark.enable_socket
async def test_the_page_is_served_on_this_machine_only_answers_and_leaves_nothing_behind(tmp_path: Path) -> None:
    async with started(tmp_path) as shown, aiohttp.ClientSession() as client:
        assert "It is 07:31 on " in shown.said
        page = Page(shown.address, client)
        await page.open()
        assert page.viewers == ["Ana"]
        assert "What kind of day is it?" in page.text
        await page.click("Rough day")
        assert "is a rest day now" in page.text
        with pytest.raises(OSError):  # noqa: PT011 - refused, or no such address on this system
            await asyncio.open_connection("127.0.0.2", page.port)
        code, last_words = await shown.interrupt()
        assert code == 130
        assert last_words.endswith("To stop: Ctrl+C here.\nEnded. Nothing was kept.\n")
    assert os.listdir(tmp_path) == []  # noqa: PTH208 - at once, in a coroutine
