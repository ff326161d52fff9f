"""What does `/checkin` open?"""

from datetime import datetime

import discord

from bot.domain.phases import GENTLE
from bot.services.check_ins import Answered, Overview
from bot.ui.check_ins import LookButton, standing
from bot.ui.crisis import HelpButton
from bot.ui.joining import OpenedButton
from bot.ui.lasting import view_of
from bot.ui.paths import PathButton
from bot.ui.words import day_name, moment

DMS_CLOSED = "My messages don't reach you: your DMs are closed for the study server. Nothing comes until you open them."


def overview(found: Overview, now: datetime) -> tuple[str, discord.ui.View]:
    """Today first; yesterday as a button while it is open; what comes next, in the member's time."""
    if found.phase in GENTLE and not found.today.outcome:
        text = "Nothing is asked of you right now, and nothing is missing."
        view = view_of(PathButton("ready"), PathButton("again" if found.paused else "stop"), HelpButton(0))
    else:
        text, view = standing(Answered(check_in=found.today), 0)
        yesterday = found.yesterday
        if yesterday is not None and not yesterday.outcome:
            label = f"Answer for {day_name(yesterday.study_day).split(',')[0]}"
            view.add_item(LookButton("change", 0, yesterday.study_day, label))
        if found.paused:
            text += "\n\nMessages are stopped."
            view.add_item(PathButton("again"))
    if found.dms_closed:
        view.add_item(OpenedButton())
        return f"{text}\n\n{DMS_CLOSED}", view
    if found.next_due is not None:
        text += f"\n\nThe next message comes {moment(found.next_due, now, found.zone)}."
    return text, view
