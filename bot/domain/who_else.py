"""Who else could help, after the lines: somebody already known, then a professional, and last a volunteer."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.domain.crisis import Country, Here
from bot.domain.crisis_cards import Campus, in_danger
from bot.domain.crisis_lines import entry

STUDENTS = "medical students"
"""What `Line.audience` says of a line that is for our members."""

TO_COPY = "Hi, I'm having a hard time. Could we talk today?"
NOBODY_NAMED = (
    "A friend, somebody in your family, somebody from your year: whoever came to mind first. "
    "(`/journal people` keeps up to three names for this page.)"
)
PROFESSIONAL = (
    "Your school's counselling or student support, or your own doctor. "
    "You can ask before you say anything: “Who hears of this?”"
)
VOLUNTEER = (
    "Last: a moderator of your server, not crisis help. It may take a day. They would see that you asked, and nothing "
    "you wrote."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Others:
    """What is known of one person's own routes; each may be missing. Names and lines are plain text."""

    people: tuple[str, ...] = ()
    campus: Campus = Campus()  # noqa: RUF009 - frozen


def who_else(country: Country | None, others: Others, here: Here = Here()) -> str:  # noqa: B008 - frozen
    """One message: people before professionals, professionals before volunteers, and danger before all."""
    known = ", ".join(f"**{name}**" for name in others.people) or NOBODY_NAMED
    parts = (
        in_danger(country),
        f"**Someone you already know**\n{known}\nTo copy and send:\n```\n{TO_COPY}\n```",
        "\n".join(("**A professional**", *_professional(country, others.campus, here))),
        f"**A volunteer**\n{VOLUNTEER}",
    )
    return "\n\n".join(parts)


def _professional(country: Country | None, campus: Campus, here: Here) -> Sequence[str]:
    own = [f"{campus.whose}: {campus.line}"] if campus.line else []
    lines = [entry(line, here) for line in country.lines if STUDENTS in line.audience] if country else []
    return [PROFESSIONAL, *own, *lines]
