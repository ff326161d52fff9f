"""What follows a help card: what is remembered of it, and how the next days go?

Nothing of it is a sign of life: whether somebody counts as around must not change because they needed help.
"""

from datetime import datetime

from bot.domain import next_days as rules
from bot.domain.crisis import Card
from bot.domain.next_days import Course, Next, Quiet
from bot.services.actors import Actor
from bot.services.pages import next_message, page_of, today_of
from bot.services.records import Records
from bot.services.soon import Soon
from bot.storage import ledgers, members, spans
from bot.storage.database import Transaction
from bot.storage.ledgers import RECENT, Page

FOR_ONESELF = (Card.SELF, Card.HURT)


class NextDaysService:
    """Quiet, and how the next message opens."""

    def __init__(self, records: Records) -> None:
        self._records = records
        self._soon = Soon()

    async def card_opened(self, discord_id: int, card: Card, now: datetime) -> bool:
        """Remember that a card was shown, after it was. Returns whether to ask about the next days.

        Never raises, and waits for the records no longer than `Soon` does; somebody who never joined leaves no trace.
        """
        return bool(await self._soon.ask(self._card_opened(discord_id, card, now)))

    async def not_meant(self, discord_id: int, now: datetime) -> None:
        """The card was for nothing: messages come as before, unless a quiet was chosen earlier. Never raises."""
        await self._soon.ask(self._not_meant(discord_id, now))

    async def choose(self, actor: Actor, choice: Next, now: datetime) -> None:
        """The days after a card, as somebody wants them; the newest choice holds. Raises NotJoined."""
        async with self._records.writing() as tx:
            page = await page_of(tx, actor, now)
            await _follow(tx, page, rules.chosen(choice, now, page.ledger.timetable), now)

    async def _card_opened(self, discord_id: int, card: Card, now: datetime) -> bool:
        async with self._records.writing() as tx:
            await members.card_shown(tx, discord_id, now)
            page = await ledgers.of_discord(tx, discord_id, now.date() - RECENT)
            if page is None or card not in FOR_ONESELF or next_message(page, now) is None:
                return False
            if card is Card.HURT:
                await _follow(tx, page, rules.hurt(now, page.ledger.timetable), now)
            elif not page.quiet.holds(now):
                await _follow(tx, page, rules.chosen(Next.TOMORROW, now, page.ledger.timetable), now)
            return card is Card.SELF

    async def _not_meant(self, discord_id: int, now: datetime) -> None:
        async with self._records.writing() as tx:
            page = await ledgers.of_discord(tx, discord_id, now.date() - RECENT)
            if page is not None and not rules.is_by_choice(page.quiet, now, page.ledger.timetable):
                await _follow(tx, page, Course(quiet=Quiet()), now)


async def _follow(tx: Transaction, page: Page, course: Course, now: datetime) -> None:
    await members.set_quiet(tx, page.member_id, course.quiet)
    await spans.quiet(tx, page.member_id, today_of(page, now), course.days)
