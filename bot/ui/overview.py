"""What does `/checkin` open?"""

from datetime import datetime

import discord

from bot.domain.check_ins import CheckIn
from bot.domain.phases import GENTLE
from bot.services.check_ins import Answered, Overview
from bot.ui.check_ins import LookButton, question, standing
from bot.ui.crisis import HelpButton
from bot.ui.joining import THE_WAY, OpenedButton
from bot.ui.lasting import view_of
from bot.ui.paths import PathButton
from bot.ui.words import moment

DMS_CLOSED = f"My messages don't reach you: your DMs are closed for the study server. {THE_WAY}"


def _yesterday(check_in: CheckIn) -> LookButton:
    weekday = f"{check_in.study_day:%A}"
    if check_in.outcome:
        return LookButton("leave", 0, check_in.study_day, f"Look at {weekday}")
    return LookButton("change", 0, check_in.study_day, f"Answer for {weekday}")


def overview(found: Overview, now: datetime) -> tuple[str, discord.ui.View]:
    """Today first; yesterday as a button while it is open; what comes next, in the member's time."""
    if found.phase in GENTLE and not found.today.outcome:
        text = "Nothing is asked of you right now, and nothing is missing."
        view = view_of(PathButton("ready"), PathButton("again" if found.paused else "stop"), HelpButton(0))
    else:
        today = found.today
        text, view = standing(Answered(check_in=today), 0) if today.outcome else question(today, 0)
        if found.yesterday is not None:
            view.add_item(_yesterday(found.yesterday))
        if found.paused:
            view.add_item(PathButton("again"))
    if found.paused:
        text += "\n\nMessages are stopped."
    if found.dms_closed:
        view.add_item(OpenedButton())
        return f"{text}\n\n{DMS_CLOSED}", view
    if found.next_due is not None:
        text += f"\n\nThe next message comes {moment(found.next_due, now, found.zone)}."
    return text, view
