"""Which line of a cohort or of its server is shown to somebody?"""

from collections.abc import AsyncIterator, Sequence

from bot.domain.crisis_cards import Campus, Whose
from bot.storage import cohorts, enrolments
from bot.storage.database import Transaction
from bot.storage.enrolments import Enrolled


async def campus_for(tx: Transaction, member_id: int | None, guild_id: int | None, *, cohort_id: int = 0) -> Campus:
    """The one line for somebody who is in this server now, or in a DM (None); a chosen cohort comes first.

    A server with a cohort of theirs comes before others, and this one before those; whoever is in no cohort here sees
    the line of this server.
    """
    mine = [] if member_id is None else [it for it in await enrolments.of_member(tx, member_id) if it.is_active]
    mine.sort(key=lambda it: (it.cohort_id != cohort_id, it.guild_id != guild_id))
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
