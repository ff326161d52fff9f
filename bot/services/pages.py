"""What stands in one member's records, and what comes next for them?"""

from dataclasses import replace
from datetime import date, datetime

from bot.domain import days, next_days
from bot.domain import prompts as rules
from bot.domain.days import DAY
from bot.domain.ledgers import DayKind, kind
from bot.services.actors import Actor, NotJoined
from bot.storage import ledgers, members, rhythms
from bot.storage.database import Transaction
from bot.storage.ledgers import RECENT, Page
from bot.storage.rhythms import Rhythm

AS_FAR = 120
"""Days ahead in which the next message is looked for; a longer pause has an end that is told by itself."""


async def page_of(tx: Transaction, actor: Actor, now: datetime, since: date | None = None) -> Page:
    """The actor's own page, by default with five weeks of what they said and did. Raises NotJoined."""
    page = await ledgers.of_discord(tx, actor.discord_id, since or now.date() - RECENT)
    if page is None:
        raise NotJoined
    return page


def today_of(page: Page, now: datetime) -> date:
    """The member's study day."""
    return days.study_day(now, page.ledger.timetable)


def day_of(page: Page, at: datetime) -> date:
    """The member's study day of a moment gone by, whatever day they reached since."""
    return days.study_day(at, replace(page.ledger.timetable, latest_day=date.min))


def open_days_of(page: Page, now: datetime) -> list[date]:
    """The days a member may answer for, today first: none from before they joined."""
    return [day for day in days.open_days(now, page.ledger.timetable) if day >= page.ledger.started_day]


def last_day_over(page: Page, now: datetime) -> date:
    """The last study day that can't be answered any more."""
    return days.open_days(now, page.ledger.timetable)[-1] - DAY


async def signed(tx: Transaction, page: Page, now: datetime) -> date:
    """Write down a sign of life and that today was reached. Returns today."""
    today = today_of(page, now)
    await members.signed(tx, page.member_id, now, today)
    return today


async def plan_anew(tx: Transaction, page: Page, now: datetime) -> None:
    """Compute both rhythms after a change of clock or nights: each for a day after the last one it asked for."""
    for rhythm in page.rhythms:
        due = days.next_due(rhythm.kind, rhythm.last_day, now, page.ledger.timetable)
        await rhythms.plan(tx, page.member_id, rhythm.kind, due, rhythm.last_day)


def next_message(page: Page, now: datetime) -> datetime | None:
    """When the next message comes; None while nothing does."""
    found = [due for rhythm in page.rhythms if (due := _upcoming(page, rhythm, now)) is not None]
    return min(found, default=None)


def _upcoming(page: Page, rhythm: Rhythm, now: datetime) -> datetime | None:
    ledger = page.ledger
    for number in range(AS_FAR):
        day = rhythm.next_day + number * DAY
        due = rhythm.next_due_at if not number else days.due_at(rhythm.kind, day, ledger.timetable)
        if not next_days.wanted(ledger, rhythm.kind, day, due, page.quiet):
            continue
        if kind(ledger, day) is not DayKind.GENTLE or not rules.is_over(due, now):
            return max(now, due)
    return None
