"""What was a member's study week? Looked at any time, and told on Sunday evening."""

from datetime import datetime

from bot.domain import weeks as rules
from bot.domain.weeks import LOOKS_BACK, Week
from bot.services.actors import Actor
from bot.services.pages import last_day_over, page_of, today_of
from bot.services.records import Records
from bot.storage import scores
from bot.storage.database import Transaction
from bot.storage.ledgers import Page


class WeekService:
    """A week is only ever looked at; nothing of it is stored."""

    def __init__(self, records: Records) -> None:
        self._records = records

    async def look(self, actor: Actor, now: datetime) -> Week:
        """The study week, or on a Monday on which nothing was done yet the one that ended. Raises NotJoined."""
        async with self._records.reading() as tx:
            return await week_of(tx, await page_of(tx, actor, now, now.date() - LOOKS_BACK), now)


async def week_of(tx: Transaction, page: Page, now: datetime) -> Week:
    """The week of a page that reaches `LOOKS_BACK`."""
    tallies = await scores.unseen(tx, page.member_id, now.date() - LOOKS_BACK)
    return rules.week_of(page.ledger, tallies, today_of(page, now), last_day_over(page, now))
