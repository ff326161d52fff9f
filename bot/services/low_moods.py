"""Is this the evening on which to show somebody their own moods?"""

from datetime import date, datetime

from bot.domain import low_moods as rules
from bot.domain.facts import LOW_MOODS
from bot.domain.low_moods import Moods
from bot.services.actors import Actor
from bot.services.pages import page_of
from bot.services.records import Records
from bot.storage import shown

LOW_MOODS_SHOWN = "low_moods"


class LowMoodService:
    """Once a fortnight at most, to nobody but the member."""

    def __init__(self, records: Records) -> None:
        self._records = records

    async def to_show(self, actor: Actor, day: date, now: datetime) -> Moods | None:
        """The record to show after the mood of a study day was written, remembered as shown. Raises NotJoined."""
        async with self._records.writing() as tx:
            page = await page_of(tx, actor, now, day - rules.LOOKS_BACK)
            moods = rules.to_show(page.ledger, day) if page.ledger.on(day).mood in LOW_MOODS else None
            if moods is None:
                return None
            last = (await shown.last(tx, [page.member_id], LOW_MOODS_SHOWN)).get(page.member_id)
            if last is not None and now - last < rules.ONCE_IN:
                return None
            await shown.keep(tx, page.member_id, LOW_MOODS_SHOWN, "", now)
            return moods
