"""Which line of a cohort or of its server is shown to somebody?"""

from collections.abc import AsyncIterator, Sequence
from dataclasses import replace

from bot.domain.crisis_cards import Campus, Whose
from bot.storage import cohorts, enrolments
from bot.storage.database import Transaction
from bot.storage.enrolments import Enrolled


async def campus_for(tx: Transaction, member_id: int | None, guild_id: int | None, *, cohort_id: int = 0) -> Campus:
    """The one line for somebody who is in this server now, or in a DM (None).

    Their cohorts of this server come first, each before the server itself; then those of other servers; then, for
    somebody who is in no cohort here, this server. Of a chosen cohort: its own, its server's, then any other.
    """
    mine = [] if member_id is None else [it for it in await enrolments.of_member(tx, member_id) if it.is_active]
    mine.sort(key=lambda it: it.guild_id != guild_id)
    chosen = [it for it in mine if it.cohort_id == cohort_id]
    if (campus := await _first(tx, chosen, None)).line:
        return campus
    campus = await _first(tx, mine, guild_id)
    return replace(campus, whose=Whose.ANOTHER) if chosen else campus


async def _first(tx: Transaction, mine: Sequence[Enrolled], guild_id: int | None) -> Campus:
    async for campus in _lines(tx, mine, guild_id):
        if campus.line:
            return campus
    return Campus()


async def _lines(tx: Transaction, mine: Sequence[Enrolled], guild_id: int | None) -> AsyncIterator[Campus]:
    """Every line there is for somebody with these places, also empty ones; in each server a cohort's own first."""
    here = [] if guild_id is None else [guild_id]
    for server in dict.fromkeys((*(it.guild_id for it in mine), *here)):
        for it in mine:
            cohort = await cohorts.by_id(tx, server, it.cohort_id)  # None for one of another server
            yield Campus(line=cohort.campus_line if cohort is not None else "")
        yield Campus(line=await cohorts.server_line(tx, server), whose=Whose.SERVER)
