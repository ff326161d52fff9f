"""What can a host type? `comeback run`, `comeback try`."""

import argparse
import asyncio
import os
import sqlite3
import sys
from collections.abc import Sequence

OLDEST_SQLITE = (3, 37, 0)
"""The first with STRICT tables."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; a mistake of the host's is one line on standard error and exit code 2."""
    chosen = _parser().parse_args(arguments)
    try:
        if chosen.command == "run":
            return _run()
        return _try(chosen)
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
    rehearse = commands.add_parser("try", help="show a member's days in this terminal, without any token")
    rehearse.add_argument("--days", type=int, default=7, metavar="N", help="how many days, 1 to 60 (default 7)")
    rehearse.add_argument("--from", dest="start", default="", metavar="DATE", help="first day, for example 2026-03-02")
    rehearse.add_argument("--zone", default="Chicago", help="a city or time zone (default Chicago)")
    rehearse.add_argument(
        "--phase",
        default="ready",
        choices=("just-found-out", "not-ready", "ready", "booked"),
        help="where the member is on the first day (default ready)",
    )
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

    try:
        asyncio.run(rehearsal.show(chosen.days, chosen.start, chosen.zone, chosen.phase))
    except rehearsal.CannotShow as error:
        return _refuse(str(error))
    return 0


def _refuse(sentence: str) -> int:
    print(f"comeback: {sentence}", file=sys.stderr)
    return 2
