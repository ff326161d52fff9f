"""Which country is a member in, as far as their records say?"""

from bot.services.records import Records
from bot.storage import members


class MemberCountries:
    """What the crisis card may ask of the records; fails as they do."""

    def __init__(self, records: Records) -> None:
        self._records = records

    async def country_of(self, discord_id: int) -> str | None:
        """The ISO code a member chose, else the one of the city they gave, else None."""
        async with self._records.reading() as tx:
            return await members.country(tx, discord_id) or None

    async def remember_country(self, discord_id: int, code: str) -> None:
        """Keep a choice; somebody who never joined leaves no trace."""
        async with self._records.writing() as tx:
            member = await members.of_discord(tx, discord_id)
            if member is not None:
                await members.set_country(tx, member.id, code)
