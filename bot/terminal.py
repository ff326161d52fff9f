"""How does a message look in a terminal, as its member would read it?"""

import re
import sys
import textwrap
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from bot.domain import crisis, crisis_cards
from bot.services.check_ins import Words
from bot.ui.words import day_name

WIDTH = 76
_days_shown: list[str] = []


def opening(days: int, place: str) -> None:
    """What is about to be seen."""
    print(
        _wrapped(
            f"{days} days of one member in {place}, on a virtual clock. Everything is the real program with a "
            "real database file in a temporary folder; only Discord is missing."
        )
    )


def day(now: datetime, zone: ZoneInfo) -> None:
    """A rule with the local date, once for each."""
    name = day_name(now.astimezone(zone).date())
    if not _days_shown or _days_shown[-1] != name:
        _days_shown.append(name)
        print(f"\n{_bold(name)} {'─' * (WIDTH - len(name) - 1)}")


def message(now: datetime, zone: ZoneInfo, text: str, components: Any, where: str = "DM", picture: str = "") -> None:
    """One message with its buttons, and with the words that describe its picture."""
    day(now, zone)
    print(f"\n  {now.astimezone(zone):%H:%M}  {_faint(where)}")
    for line in [*_plain(text).split("\n"), *([f"[Picture: {picture}]"] if picture else [])]:
        for piece in textwrap.wrap(line, WIDTH - 4) or [""]:
            print(f"  │ {piece}".rstrip())
    for row in components:
        print("  │ " + " ".join(f"[{button['label']}]" for button in row["components"]))


def act(text: str) -> None:
    """What the member does."""
    print(_faint(textwrap.fill(text, WIDTH, initial_indent="  → ", subsequent_indent="    ")))


def typed(words: Words) -> str:
    """What the member put into the form."""
    parts = [f"“{words.questions}” questions"] if words.questions else []
    if words.mood is not None:
        parts.append(f"mood {words.mood}")
    if words.line:
        parts.append(f"“{words.line}”")
    return ", ".join(parts)


def closing(messages: int, country: crisis.Country | None) -> None:
    """What is always there, and how to run the real thing."""
    print(f"\n{_bold('At any hour')}, [I need help] or /crisis shows this, to the person alone:\n")
    for line in _plain(crisis_cards.card(country)).split("\n"):
        print(textwrap.fill(line, WIDTH, initial_indent="  │ ", subsequent_indent="  │ ") or "  │")
    print(f"\n{messages} messages in all. With a token in .env (README, “Run it for real”), this runs it:\n")
    print(_bold(f"  {_program()} run"))


def _program() -> str:
    """What was typed to get here, so that the next line can be typed as well."""
    name = sys.argv[0]
    return f"{sys.executable} -m bot" if name.endswith("__main__.py") else name


def _plain(text: str) -> str:
    text = re.sub(r"\*\*(.+?)\*\*", lambda found: _bold(found[1]), text)
    return re.sub(r"(?<![\w*])\*([^*\n]+)\*(?!\w)|`([^`\n]+)`|<(https?://[^>]+)>", _inner, text)


def _inner(found: re.Match[str]) -> str:
    return next(group for group in found.groups() if group)


def _wrapped(text: str) -> str:
    return textwrap.fill(text, WIDTH)


def _bold(text: str) -> str:
    return f"\033[1m{text}\033[0m" if sys.stdout.isatty() else text


def _faint(text: str) -> str:
    return f"\033[2m{text}\033[0m" if sys.stdout.isatty() else text
