"""Which people did a member name for a hard day, and which line does their cohort or server have?"""

from collections.abc import Iterable
from datetime import datetime

from bot.domain import people as rules
from bot.domain.crisis_cards import Campus
from bot.domain.who_else import Others
from bot.services.actors import Actor, NotJoined
from bot.services.campuses import campus_for
from bot.services.pages import page_of, signed
from bot.services.records import Records
from bot.services.soon import Soon
from bot.storage import applied, members, texts
from bot.storage.database import Transaction

PEOPLE = "people"


class PeopleService:
    """Names are locked like any private text, and only their writer ever sees them."""

    def __init__(self, records: Records) -> None:
        self._records = records
        self._soon = Soon()

    async def mine(self, actor: Actor) -> tuple[str, ...]:
        """The names somebody keeps, in their order. Raises NotJoined."""
        async with self._records.reading() as tx:
            member = await members.of_discord(tx, actor.discord_id)
            if member is None:
                raise NotJoined
            return await self._names(tx, member.id)

    async def keep(self, actor: Actor, typed: Iterable[str], now: datetime, *, operation: str) -> tuple[str, ...]:
        """Keep these names in the place of those before; none at all takes them back. Raises NotJoined."""
        names = rules.named(typed)
        async with self._records.writing() as tx:
            page = await page_of(tx, actor, now, now.date())
            if not await applied.first_time(tx, operation, actor.interaction_id, now):
                return await self._names(tx, page.member_id)
            await signed(tx, page, now)
            standing = await texts.newest(tx, page.member_id, PEOPLE)
            if standing is not None:
                await texts.remove(tx, page.member_id, standing.id)
            if names:
                locked = self._records.vault.lock("\n".join(names))
                await texts.add(tx, page.member_id, PEOPLE, locked.key_no, locked.cipher, now)
        return names

    async def others(self, discord_id: int, guild_id: int | None) -> Others:
        """Whom else somebody could turn to; the line as in `campus`. Never raises, see `Soon`."""
        return await self._soon.ask(self._others(discord_id, guild_id)) or Others()

    async def _others(self, discord_id: int, guild_id: int | None) -> Others:
        async with self._records.reading() as tx:
            member = await members.of_discord(tx, discord_id)
            if member is None:
                return Others(campus=await campus_for(tx, None, guild_id))
            return Others(people=await self._names(tx, member.id), campus=await campus_for(tx, member.id, guild_id))

    async def campus(self, discord_id: int, guild_id: int | None) -> Campus:
        """The one line to show somebody, see `campus_for`. Never raises, see `Soon`."""
        return await self._soon.ask(self._campus(discord_id, guild_id)) or Campus()

    async def _campus(self, discord_id: int, guild_id: int | None) -> Campus:
        async with self._records.reading() as tx:
            member = await members.of_discord(tx, discord_id)
            return await campus_for(tx, None if member is None else member.id, guild_id)

    async def _names(self, tx: Transaction, member_id: int) -> tuple[str, ...]:
        standing = await texts.newest(tx, member_id, PEOPLE)
        return () if standing is None else tuple(self._records.vault.unlock(standing.cipher).split("\n"))
