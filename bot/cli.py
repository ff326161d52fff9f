"""What can a host type? `comeback run`, `comeback try`, `comeback screen`."""

import argparse
import asyncio
import io
import os
import sqlite3
import sys
from collections.abc import Sequence
from functools import partial

OLDEST_SQLITE = (3, 37, 0)
"""The first with STRICT tables."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; a mistake of the host's is one line on standard error and exit code 2."""
    chosen = _parser().parse_args(arguments)
    try:
        if chosen.command == "run":
            return _run()
        return _screen(chosen.explain) if chosen.command == "screen" else _try(chosen)
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:  # `comeback try | head` has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="comeback",
        description="A Discord bot that keeps people company while they take a big exam again.",
    )
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("run", help="run the bot; settings come from .env and the environment")
    rehearse = commands.add_parser("try", help="show the bot in this terminal or in a browser, without any token")
    rehearse.add_argument("--days", type=int, metavar="N", help="how many days, 1 to 60 (default: the story's)")
    rehearse.add_argument(
        "--story",
        choices=("week", "rest", "nights", "silence"),
        help="what the member does: good and bad days, rest and a pause, night shifts, or nothing (default week)",
    )
    rehearse.add_argument("--from", dest="start", metavar="DATE", help="first day, for example 2026-03-02")
    rehearse.add_argument("--zone", default="Chicago", help="a city or time zone (default Chicago)")
    rehearse.add_argument(
        "--phase",
        default="ready",
        choices=("just-found-out", "not-ready", "ready", "booked"),
        help="where the member is on the first day (default ready)",
    )
    rehearse.add_argument("--browser", action="store_true", help="in a browser instead, where everything can be used")
    whose = ("member", "moderator", "newcomer")
    rehearse.add_argument("--as", dest="seen_as", choices=whose, help="whose page (default member)")
    rehearse.add_argument("--at", metavar="TIME", help="when it starts: morning, evening or 21:00 (default morning)")
    rehearse.add_argument("--port", type=int, metavar="N", help="of the page's address (default 7463, or a free one)")
    review = commands.add_parser("screen", help="say what the screen for worrying words answers to notes, one a line")
    review.add_argument("--explain", action="store_true", help="add patterns, masks and what the words weigh")
    return parser


def _run() -> int:
    from bot import app, config, logs  # heavy, and not needed to print a usage line
    from bot.storage.lock import HeldElsewhere, only_process

    async def keep_running(settings: config.Settings) -> None:
        await app.Program(settings).run()

    try:
        settings = config.load()
        if sqlite3.sqlite_version_info < OLDEST_SQLITE:
            version = sqlite3.sqlite_version
            return _refuse(f"this Python brings SQLite {version}; 3.37 is needed: use a newer Python")
        logs.set_up(settings.log_level)
        with only_process(settings.comeback_data_dir / "comeback.lock"):
            asyncio.run(keep_running(settings))
    except (config.BadSetting, app.CannotStart, HeldElsewhere) as error:
        return _refuse(str(error))
    except OSError as error:
        return _refuse(f"COMEBACK_DATA_DIR can't be used ({error}): it must be a folder this user may write to")
    return 0


def _try(chosen: argparse.Namespace) -> int:
    from bot import rehearsal

    if chosen.browser and (chosen.days, chosen.start, chosen.story) != (None, None, None):
        return _refuse("--days, --from and --story are for the terminal: --browser starts today and runs until Ctrl+C")
    if not chosen.browser and (chosen.seen_as, chosen.at, chosen.port) != (None, None, None):
        return _refuse("--as, --at and --port go with --browser")
    try:
        asyncio.run(_in_browser(chosen) if chosen.browser else _in_terminal(chosen))
    except rehearsal.CannotShow as error:
        return _refuse(str(error))
    return 0


async def _in_terminal(chosen: argparse.Namespace) -> None:
    from bot import rehearsal

    await rehearsal.show(chosen.days, chosen.start or "", chosen.zone, chosen.phase, chosen.story or "week")


async def _in_browser(chosen: argparse.Namespace) -> None:
    from bot import browser

    say = partial(print, flush=True)  # the address must not wait in a pipe
    seen_as, at = chosen.seen_as or "member", chosen.at or "morning"
    await browser.show(seen_as, at, chosen.zone, chosen.phase, chosen.port, say)


def _screen(explain: bool) -> int:
    from bot.data import pattern_rows, worry_patterns
    from bot.domain import screens

    try:
        patterns = worry_patterns.checked()
    except pattern_rows.BrokenPatterns as error:
        return _refuse(str(error))
    for note in io.TextIOWrapper(sys.stdin.buffer, encoding="utf-8", errors="replace"):
        if note.strip():
            found = screens.explain(note, patterns)
            print(found.as_line() if explain else found.outcome, flush=True)  # answers while somebody types
    return 0


def _refuse(sentence: str) -> int:
    print(f"comeback: {sentence}", file=sys.stderr)
    return 2
