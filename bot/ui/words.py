"""How are days, times and names said?"""

from datetime import date, datetime
from zoneinfo import ZoneInfo

import discord


def day_name(day: date) -> str:
    """For example "Tuesday, 24 November"."""
    return f"{day:%A}, {day.day} {day:%B}"


def minute_of_day(minute: int) -> str:
    """Minutes past midnight as a clock shows them: 450 is "07:30"."""
    return f"{minute // 60:02d}:{minute % 60:02d}"


def place(zone: str) -> str:
    """A zone's last part, readable: "America/New_York" is "New York"."""
    return zone.rsplit("/", 1)[-1].replace("_", " ")


def moment(at: datetime, now: datetime, zone: str) -> str:
    """When something comes, in the member's own time: "today at 21:00", "tomorrow at 07:30"."""
    local, today = at.astimezone(ZoneInfo(zone)), now.astimezone(ZoneInfo(zone)).date()
    away = (local.date() - today).days
    when = {0: "today", 1: "tomorrow"}.get(away, f"on {day_name(local.date())}")
    return f"{when} at {local:%H:%M}"


def call(name: str) -> str:
    """A person's name as plain text, whatever they put into it, short enough for a locked phone."""
    plain = discord.utils.escape_markdown(discord.utils.escape_mentions(" ".join(name.split())))
    return plain[:40] or "you"


def count(number: int, one: str) -> str:
    """A number with its noun: "1 question", "40 questions"."""
    return f"{number} {one}" if number == 1 else f"{number} {one}s"
