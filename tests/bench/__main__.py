"""How fast is it, beside an empty bot in the same run? `python -m tests.bench`, or `--short`.

Figures are ratios to read, not limits to fail by; only a lost or doubled prompt ends with an error.
"""

import argparse
import asyncio
import itertools
import os
import shutil
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
import tomllib
from collections.abc import Awaitable, Callable
from contextlib import closing
from pathlib import Path

from bot.data import worry_patterns
from bot.domain import screens
from tests.bench import empty_bot
from tests.bench.crowd import crowd
from tests.bench.pictures import DRAWN, MAY_STALL, longest_stall
from tests.process.entities import Interaction, Message, User
from tests.process.loopback import Loopback
from tests.process.program import Program
from tests.process.seed import Seed, people, plant

EMPTY = (str(empty_bot.__file__),)
AT_REST = 0.01
"""Seconds between two acts."""

READ_AHEAD = 2.0
"""Seconds in which a program that is connected reads what it need not have before; then 99 of 100 answers are alike."""

LATENCY = 0.1
NOTES = Path(__file__).parents[1] / "notes" / "tuning.toml"
SCREENED = 5_000
"""Short notes a second on one core that the screen should reach."""
HISTORY = 400
"""Days that the member who types has behind them."""
READ, WRITE, ANSWER = f"/today (reads), {HISTORY} days", f"/log (writes), {HISTORY} days", "an answer (writes)"


class Bench:
    """One run in one scratch folder."""

    def __init__(self, folder: Path, short: bool) -> None:
        self.folder = folder
        self.prompts = 200 if short else 1000
        self.repeats = 50 if short else 400
        self.migrated = folder / "migrated.db"
        subprocess.run([sys.executable, "-m", "migrations", str(self.migrated)], check=True, capture_output=True)

    def home(self, name: str) -> Path:
        home = self.folder / name
        home.mkdir()
        return home

    async def starts(self) -> None:
        """Seconds from the process to the gateway's identify."""
        empty = await self._start("empty", EMPTY)
        fresh = await self._start("ours-fresh", ("-m", "bot", "run"))
        again = await self._start("ours-again", ("-m", "bot", "run"), data=self.migrated)
        say("start to identify", f"{again:.2f} s", f"empty {empty:.2f} s", again / empty)
        say("first start, migration included", f"{fresh:.2f} s", f"empty {empty:.2f} s", fresh / empty)

    async def _start(self, name: str, arguments: tuple[str, ...], data: Path | None = None) -> float:
        home = self.home(name)
        if data is not None:
            (home / "data").mkdir()
            shutil.copy(data, home / "data" / "comeback.db")
        async with Loopback() as discord:
            began = time.monotonic()
            async with Program(discord, home, arguments=arguments):
                await discord.wait_connected(30)
                return discord.identifies[0].at - began

    async def commands(self) -> None:
        """Milliseconds from dispatch to acknowledgement, each act beside its floor, and memory after them."""
        async with Loopback() as base, Loopback() as discord:
            (nobody,), (user,) = people(base, 1), people(discord, 1)
            home = self.home("commands-ours")
            await plant(discord, self.migrated, home / "data", [Seed(user, history=HISTORY)])
            empty = Program(base, self.home("commands-empty"), arguments=EMPTY)
            async with empty, Program(discord, home) as program:
                await base.wait_connected(30)
                await discord.wait_connected(30)
                (prompt,) = await discord.wait_for(lambda: discord.dms_to(user), 20)
                await asyncio.sleep(READ_AHEAD)
                took = await self._in_turn(
                    {
                        "ping": lambda: base.slash(nobody, "ping"),
                        "/crisis": lambda: discord.slash(user, "crisis"),
                        READ: lambda: discord.slash(user, "today"),
                        WRITE: lambda: discord.slash(user, "log", options={"questions": "20"}),
                        ANSWER: taps(discord, user, prompt),
                    }
                )
                floor_memory, ours_memory = memory(empty.pid), memory(program.pid)
        ping = took.pop("ping")
        writing = [sum(both) for both in zip(ping, took.pop("commit"), strict=True)]
        for name, ours in took.items():
            what, least = ("/ping and a commit", writing) if name in (WRITE, ANSWER) else ("empty /ping", ping)
            for label, pick in (("median", median), ("99th", ninety_ninth)):
                mine, floor = pick(ours) * 1000, pick(least) * 1000
                say(f"{name} {label}", f"{mine:.1f} ms", f"{what} {floor:.1f} ms", mine / floor)
        beside = f"empty {floor_memory:.0f} MB"
        say("memory after the commands", f"{ours_memory:.0f} MB", beside, ours_memory / floor_memory)

    async def _in_turn(self, acts: dict[str, Callable[[], Awaitable[Interaction]]]) -> dict[str, list[float]]:
        """Seconds of each act, one of each after the other: whatever else the machine does meets all alike.

        Between them it is left alone for a moment: what a program does after its answer, such as writing down that
        somebody looked, is not to be paid by whichever act comes next.
        """
        took: dict[str, list[float]] = {name: [] for name in (*acts, "commit")}
        with closing(bare_records(self.folder / "bare.db")) as bare:
            for _ in range(self.repeats):
                for name, act in acts.items():
                    took[name].append((await act()).seconds)
                    await asyncio.sleep(AT_REST)
                took["commit"].append(commit(bare))
        return took

    async def due_at_once(self) -> bool:
        """All prompts due in one second, 100 ms of REST latency; commands are typed meanwhile."""
        ours, meanwhile, lost, doubled, refused, busiest = await self._ours_at_once()
        arrived, empty_refused = await self._empty_at_once()
        say(
            f"{self.prompts} prompts due at once, all there",
            f"{ours:.1f} s",
            f"least {self.prompts / 45:.1f} s",
            ours * 45 / self.prompts,
        )
        print(f"   lost {lost}, doubled {doubled}, 429 {refused}, busiest second {busiest}")
        print(f"   an empty bot that sends them at once: {arrived} of {self.prompts} arrived, 429 {empty_refused}")
        middle, slow = median(meanwhile) * 1000, ninety_ninth(meanwhile) * 1000
        print(f"   commands meanwhile: median {middle:.1f} ms, 99th {slow:.1f} ms")
        return lost == doubled == 0

    async def _ours_at_once(self) -> tuple[float, list[float], int, int, int, int]:
        async with Loopback() as discord:
            discord.latency = LATENCY
            users = people(discord, self.prompts)
            stranger = discord.add_user("stranger")
            home = self.home("at-once")
            await plant(discord, self.migrated, home / "data", [Seed(user) for user in users])
            async with Program(discord, home) as program:
                await discord.wait_connected(30)
                first = await discord.wait_for(lambda: discord.asked("POST /channels/*/messages")[:1], 30)
                meanwhile: list[float] = []
                while len(discord.messages) < self.prompts and len(meanwhile) < self.prompts:
                    meanwhile.append((await discord.slash(stranger, "crisis")).seconds)
                    await asyncio.sleep(0.02)
                await discord.wait_for(lambda: len(discord.messages) >= self.prompts, 60)
                took = discord.asked("POST /channels/*/messages")[-1].at - first[0].at
                await program.terminate()
            counts = [len(discord.dms_to(user)) for user in users]
            lost, doubled = counts.count(0), sum(count > 1 for count in counts)
            return took, meanwhile, lost, doubled, discord.rate_limited, discord.busiest_second()

    async def _empty_at_once(self) -> tuple[int, int]:
        async with Loopback() as discord:
            discord.latency = LATENCY
            users = people(discord, self.prompts)
            home = self.home("at-once-empty")
            channels = home / "channels"
            channels.write_text("\n".join(str(discord.dm(user).id) for user in users))
            settings = {"CHANNELS": str(channels)}
            async with Program(discord, home, arguments=EMPTY, settings=settings):
                await discord.wait_connected(30)
                await asyncio.sleep(45 if self.prompts > 500 else 15)  # it never says when it gives up
            return len(discord.messages), discord.rate_limited


def taps(discord: Loopback, user: User, prompt: Message) -> Callable[[], Awaitable[Interaction]]:
    """Answer one evening over and over, each answer replacing the one before: a write every time."""
    day = next(custom_id for custom_id in prompt.custom_ids if custom_id.startswith("answer:")).split(":")[2]
    versions = itertools.count()

    async def tap() -> Interaction:
        version = next(versions)
        said = ("kept", "some")[version % 2]
        return await discord.click(user, prompt, f"answer:0:{day}:{version}:{said}", forged=True)

    return tap


def bare_records(file: Path) -> sqlite3.Connection:
    """A database on the file system of the records, as safe as they are."""
    bare = sqlite3.connect(file, isolation_level=None)
    bare.execute("PRAGMA journal_mode = WAL")
    bare.execute("PRAGMA synchronous = FULL")
    bare.execute("CREATE TABLE entries (amount INTEGER)")
    return bare


def commit(bare: sqlite3.Connection) -> float:
    """Seconds of the least that a write can cost."""
    began = time.perf_counter()
    bare.execute("BEGIN IMMEDIATE")
    bare.execute("INSERT INTO entries VALUES (20)")
    bare.execute("COMMIT")
    return time.perf_counter() - began


def median(seconds: list[float]) -> float:
    return statistics.median(seconds)


def ninety_ninth(seconds: list[float]) -> float:
    return statistics.quantiles(seconds, n=100)[-1]


def memory(pid: int) -> float:
    """Resident megabytes."""
    pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20


def screened_a_second(seconds: float = 1.0) -> float:
    """Invented short notes, worrying and not in the proportion of the tuning file, on one core, once warm."""
    patterns = worry_patterns.load()
    notes = [it["text"] for it in tomllib.loads(NOTES.read_text(encoding="utf-8"))["note"] if len(it["text"]) <= 120]
    for note in notes:
        screens.screen(note, patterns)
    began, done = time.process_time(), 0
    while time.process_time() - began < seconds:
        screens.screen(notes[done % len(notes)], patterns)
        done += 1
    return done / (time.process_time() - began)


def say(what: str, ours: str, beside: str, ratio: float) -> None:
    print(f"{what:<44} {ours:>10}   {beside:<28} {ratio:>5.2f} x")


async def main(short: bool) -> int:
    with tempfile.TemporaryDirectory(prefix="comeback-bench-") as folder:
        bench = Bench(Path(folder), short)
        stall = await longest_stall()
        print(f"{f'{DRAWN} charts drawn: longest stall of the loop':<44} {stall:>7.1f} ms   at most {MAY_STALL} ms")
        rate = screened_a_second()
        say("notes screened a second", f"{rate:,.0f}", f"at least {SCREENED:,}", rate / SCREENED)
        await bench.starts()
        await bench.commands()
        if not short:
            for what, milliseconds in await crowd(bench.home("crowd")):
                print(f"{what:<44} {milliseconds:>7.2f} ms")
        return 0 if await bench.due_at_once() else 1


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m tests.bench")
    parser.add_argument("--short", action="store_true", help="fewer prompts and repeats")
    sys.exit(asyncio.run(main(parser.parse_args().short)))
