"""What is said to a member about asking a volunteer: before it is sent, and of how it stands?"""

from collections.abc import Mapping

from bot.domain.help_requests import STANDING, Notice, State
from bot.services.help_requests import Asking
from bot.storage.enrolments import Enrolled
from bot.storage.help_requests import Asked
from bot.ui.queue import quoted, who_asked
from bot.ui.words import plain

NOT_CRISIS_HELP = (
    "A moderator of “{cohort}”: a volunteer, not crisis help. It may take a day. For people who answer now: "
    "*I need help* below."
)
WHAT_FOLLOWS = (
    "If nobody takes it within two hours, I remind those on duty and tell you. After twelve hours I remind all of "
    "them, and after a day it closes and I say so. I can't make anybody answer, and I call nobody. You can withdraw "
    "it at any time."
)


def preview(asking: Asking, cohort: Enrolled) -> str:
    """Everything that is true of it, before anything is sent."""
    name = plain(cohort.name)
    seen = [who_asked(asking.discord_id, asking.name, cohort.name), quoted(asking.line)]
    nothing_else = "and that line; nothing else" if asking.line else "and nothing else; no answer and no note of yours"
    return "\n".join(
        [
            "**Ask a person**",
            NOT_CRISIS_HELP.format(cohort=name),
            _on_duty(asking.on_duty),
            "",
            f"This is what the moderators of “{name}” will see, {nothing_else}:",
            *filter(None, seen),
            "Administrators of the server, and those with Manage Server, can read that channel too.",
            "",
            WHAT_FOLLOWS,
        ]
    )


def _on_duty(number: int) -> str:
    if not number:
        return "Nobody is on duty right now, so it may well take longer. You can ask all the same."
    return "One of them is on duty right now." if number == 1 else f"{number} of them are on duty right now."


def closed(asking: Asking) -> str:
    name = plain(asking.cohort.name) if asking.cohort is not None else ""
    own = f"\n{asking.campus.whose}: {plain(asking.campus.line)}." if asking.campus.line else ""
    return (
        f"**Ask a person**\nIn “{name}” no volunteer can be asked right now.{own}\n"
        "Somebody you already know, or your school's counselling, can be asked without me. For people who answer now: "
        "*I need help* below."
    )


STATES: Mapping[State, str] = {
    State.OPEN: "You asked for a volunteer of “{cohort}”; nobody has taken it yet.",
    State.CLAIMED: "You asked for a volunteer of “{cohort}”; {holder} has it and will write to you.",
    State.WITHDRAWN: "What you asked of “{cohort}” is withdrawn. The moderators see that nothing is to be done.",
    State.HANDLED: "You asked for a volunteer of “{cohort}”; {holder} marked it as done.",
    State.EXPIRED: "You asked for a volunteer of “{cohort}”; nobody was free within a day, so it is closed.",
    State.CLOSED: "What you asked of “{cohort}” is closed.",
}


NOT_SHOWN = "You asked for a volunteer of “{cohort}”; I could not show it to the moderators for a day, so it is closed."
"""An end in which nobody was asked, and so nobody had no time."""


def status(asked: Asked) -> str:
    """How a request stands, in one sentence."""
    if asked.notice is Notice.UNSEEN:
        return NOT_SHOWN.format(cohort=plain(asked.cohort))
    return STATES[asked.state].format(cohort=plain(asked.cohort), holder=holder_of(asked))


def holder_of(asked: Asked) -> str:
    return plain((asked.holder or "")[:40]) or "a moderator"


def line_for_today(asked: Asked) -> str:
    """One line for the day's panel: what stands, or an end that was not told yet."""
    more = " `/human` says more." if asked.state in STANDING else " `/crisis` and `/human` are there, as always."
    return status(asked) + more
