"""Whose card is it? Answers within half a second, with or without records."""

from typing import Protocol

from bot.domain import crisis as rules
from bot.services.soon import Soon


class Records(Protocol):
    """What is kept about people, as far as the card wants it; any of it may fail or hang."""

    async def country_of(self, discord_id: int) -> str | None:
        """The ISO code somebody chose, else the one of their time zone, else None."""
        ...

    async def remember_country(self, discord_id: int, code: str) -> None:
        """Keep a choice, for members only."""
        ...


class CrisisService:
    """Finds the country of a card; no method ever raises, or waits for the records: see `Soon`."""

    def __init__(self, resources: rules.Resources, records: Records) -> None:
        self._resources = resources
        self._records = records
        self._soon = Soon()

    @property
    def countries(self) -> tuple[rules.Country, ...]:
        """All countries that have a card of their own, in the order of the data."""
        return self._resources.countries

    def country(self, code: str) -> rules.Country | None:
        """The country an ISO code is served by."""
        return self._resources.country(code)

    async def country_for(self, discord_id: int) -> rules.Country | None:
        """The country to open with; None means the card that works everywhere."""
        code = await self._soon.ask(self._records_say(discord_id))
        return self._resources.country(code) if isinstance(code, str) else None

    async def choose(self, discord_id: int, code: str) -> None:
        """Remember a choice where there is something to remember it in."""
        if self._resources.country(code):
            await self._soon.ask(self._remember(discord_id, code))

    async def _records_say(self, discord_id: int) -> str | None:
        return await self._records.country_of(discord_id)

    async def _remember(self, discord_id: int, code: str) -> None:
        await self._records.remember_country(discord_id, code)
