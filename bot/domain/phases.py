"""Where is a member with their exam, and what may be asked of them there?"""

from datetime import date
from enum import StrEnum


class Phase(StrEnum):
    """Set by the member or by the exam date; never leaves the member."""

    JUST_FOUND_OUT = "just_found_out"
    NOT_READY = "not_ready"
    REBUILDING = "rebuilding"
    EXAM_BOOKED = "exam_booked"
    LAST_STRETCH = "last_stretch"
    EXAM_DAY = "exam_day"
    WAITING = "waiting"
    RESULT = "result"


GENTLE = frozenset({Phase.JUST_FOUND_OUT, Phase.NOT_READY})
"""Nobody here is asked for a goal, a date or a plan; these days are not planned days."""

STUDYING = frozenset({Phase.REBUILDING, Phase.EXAM_BOOKED, Phase.LAST_STRETCH})

JOINING = (Phase.JUST_FOUND_OUT, Phase.NOT_READY, Phase.REBUILDING, Phase.EXAM_BOOKED)
"""The answers to "Where are you right now?"."""

DAILY_GENTLE_DAYS = 7
LOOK_BACK_DAY = 7
"""Days after which "tell me when you want to look at what happened" is said, once."""


def gentle_evening(phase_began: date, day: date) -> bool:
    """Whether the gentle path has a word this evening: daily for the first week, then every third day.

    Not on the day it begins: the first message has come already, and one a day is the most.
    """
    passed = (day - phase_began).days
    return 1 <= passed <= DAILY_GENTLE_DAYS or (passed > 0 and passed % 3 == 1)
