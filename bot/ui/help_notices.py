"""Which word reaches a member by DM when what they asked for goes on?"""

from collections.abc import Mapping

from bot.domain.help_requests import STANDING, Notice
from bot.storage.help_requests import OwedNotice
from bot.ui.crisis import HelpButton
from bot.ui.help_requests import StandsButton, WithdrawButton
from bot.ui.help_words import holder_of
from bot.ui.lasting import view_of
from bot.ui.pages import Page
from bot.ui.queue import message_body
from bot.ui.words import call, plain

LOCKED_PHONE = (
    "Hello, {name}. There is a short word from me about something you asked for. It stands further down in this "
    "message, so that it is for your eyes only."
)
"""More than the 120 characters that a locked phone shows, with nothing in them."""
OTHER_WAYS = (
    "That says nothing about you. People who do answer: somebody you already know, your school's counselling, and "
    "*I need help* below, at any hour. `/human` asks again whenever you like."
)
NOTICES: Mapping[Notice, str] = {
    Notice.WAITING: (
        "Nobody of “{cohort}” has taken what you asked yet. {reminded}It may "
        "still take a day. For people who answer now: *I need help* below."
    ),
    Notice.UNSHOWN: (
        "What you asked can't be shown to the moderators of “{cohort}” right now, because their channel takes no "
        "message. I keep trying for a day. For people who answer now: *I need help* below."
    ),
    Notice.STANDS: (
        "It took me a while to show what you asked to the moderators of “{cohort}”. It stands with them now, and has "
        "its whole time from here on. For people who answer now: *I need help* below."
    ),
    Notice.OFFLINE: (
        "I was offline for a while; what you asked of “{cohort}” stands now, and has its whole time from here on. For "
        "people who answer now: *I need help* below."
    ),
    Notice.CLAIMED: (
        "{holder}{account} of “{cohort}” has taken what you asked, and will write to you. You can write first, if you "
        "like."
    ),
    Notice.BACK: (
        "What you asked is with the other moderators again. That happens when somebody's time runs out, and says "
        "nothing about you."
    ),
    Notice.HANDLED: (
        "{holder} of “{cohort}” marked what you asked as done. If that isn't so, or something new comes up: `/human`."
    ),
    Notice.EXPIRED: f"Nobody of “{{cohort}}” was free within a day, so what you asked is closed. {OTHER_WAYS}",
    Notice.UNSEEN: (
        "I could not show what you asked to the moderators of “{cohort}” for a day, so none of them could take it, and "
        f"it is closed. {OTHER_WAYS}"
    ),
    Notice.LEFT: (
        "You are no longer in “{cohort}”, so what you asked there is closed. For people who answer, at any hour: "
        "*I need help* below."
    ),
    Notice.GONE: (
        "I am no longer in the server of “{cohort}”, so its moderators can't be asked through me any more, and what "
        "you asked is closed. For people who answer, at any hour: *I need help* below."
    ),
}


def told(notice: OwedNotice) -> Page:
    """A word to a member, in their DMs."""
    asked = notice.asked
    account = f" (<@{asked.holder_discord_id}>)" if asked.holder_discord_id else ""
    reminded = "I have reminded those on duty. " if asked.rung else ""
    text = NOTICES[asked.notice].format(
        cohort=plain(asked.cohort), holder=holder_of(asked), account=account, reminded=reminded
    )
    hello = LOCKED_PHONE.format(name=call(notice.name))
    ways = [WithdrawButton(asked.id)] if asked.state in STANDING else []
    return f"{hello}\n\n{text}", view_of(*ways, StandsButton(asked.id, asked.notice_version), HelpButton(0))


def body_of(notice: OwedNotice) -> str:
    """The body of such a word; sending it twice makes one message."""
    text, view = told(notice)
    return message_body(text, view, f"h{notice.asked.id}n{notice.asked.notice_version}")


def mark(notice: OwedNotice) -> str:
    """What the word holds, and no other message."""
    return f'"human:stands:{notice.asked.id}:{notice.asked.notice_version}"'
