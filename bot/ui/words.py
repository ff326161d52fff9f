"""How are days, times and names said?"""

import re
from datetime import date, datetime
from zoneinfo import ZoneInfo

import discord

from bot.domain.blocks import Work

_TURNS = dict.fromkeys([0x061C, 0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A)])
"""Characters that only say in which direction to write, and would turn the rest of our sentence around."""

_OTHER_SIGN = str.maketrans("+-", "-+")


def day_name(day: date) -> str:
    """For example "Tuesday, 24 November"."""
    return f"{day:%A}, {day.day} {day:%B}"


def short_day(day: date) -> str:
    """For example "Tue 24 November"."""
    return f"{day:%a} {day.day} {day:%B}"


def minute_of_day(minute: int) -> str:
    """Minutes past midnight as a clock shows them: 450 is "07:30"."""
    return f"{minute // 60:02d}:{minute % 60:02d}"


def place(zone: str) -> str:
    """A zone's last part, readable: "America/New_York" is "New York", and "Etc/GMT+5" is "UTC-5"."""
    if zone.startswith("Etc/GMT") and zone[7:]:
        return "UTC" + zone[7:].translate(_OTHER_SIGN)  # Etc zones count from the other side, as POSIX does
    return zone.rsplit("/", 1)[-1].replace("_", " ")


def moment(at: datetime, now: datetime, zone: str) -> str:
    """When something comes, in the member's own time: "today at 21:00", "tomorrow at 07:30"."""
    local, today = at.astimezone(ZoneInfo(zone)), now.astimezone(ZoneInfo(zone)).date()
    away = (local.date() - today).days
    when = {0: "today", 1: "tomorrow"}.get(away, f"on {day_name(local.date())}")
    return f"{when} at {local:%H:%M}"


def call(name: str) -> str:
    """A person's name as plain text, whatever they put into it, short enough for a locked phone."""
    return plain(name[:40]) or "you"


def plain(text: str) -> str:
    """Somebody's words in the middle of ours: no markdown, no mention, no line break, nothing that turns the line."""
    calm = " ".join(text.translate(_TURNS).split())
    return discord.utils.escape_markdown(_MENTION.sub("@\u200b", calm))


_MENTION = re.compile(r"(?<![\w.+-])@(?=everyone|here|[!&]?\d{17,20})")
"""As Discord reads them; an address such as help@hereford.example is none, and has to stay one that can be copied."""


def count(number: int, one: str) -> str:
    """A number with its noun: "1 question", "40 questions"."""
    return f"{number} {one}" if number == 1 else f"{number} {one}s"


MOST_GOALS = 3
"""Goals shown at once; a phone holds no more at a glance."""

UNITS = {
    Work.QUESTIONS: ("question", "questions"),
    Work.FLASHCARDS: ("flashcard", "flashcards"),
    Work.PAGES: ("First Aid page", "First Aid pages"),
    Work.VIDEOS: ("video", "videos"),
    Work.PRACTICE: ("practice question", "practice questions"),
}
"""One and many of what is counted."""


def amount(number: int, work: Work, *, number_too: bool = True) -> str:
    """Work with its unit: "1 question", "30 flashcards"; the unit alone without the number."""
    unit = UNITS[work][number != 1]
    return f"{number} {unit}" if number_too else unit


def blocks_of(questions: int, block_size: int) -> str:
    """Whole blocks in that many questions: "2 blocks"; empty where it is not a round number of them."""
    blocks, rest = divmod(questions, block_size)
    return count(blocks, "block") if blocks and not rest else ""
