"""What is said to a member about their own day, and what is never said to them again?"""

from collections.abc import Collection, Iterable, Mapping
from datetime import date, datetime

from bot.domain import facts
from bot.domain import lines as rules
from bot.domain.days import DAY
from bot.domain.errors import NotFound
from bot.domain.facts import Facts
from bot.domain.lines import Line, Listener, Moment, Said, Spoken, Tone
from bot.services.actors import Actor
from bot.services.pages import day_of, page_of, signed
from bot.services.records import Records
from bot.storage import lines as store
from bot.storage.database import Transaction
from bot.storage.ledgers import Page

HUSH = 3 * DAY
"""After a help card, nothing is said of somebody's work or rest, which may not have been what it looks like."""


class Speaker:
    """Chooses among the packaged lines, inside the transaction of whoever answers."""

    def __init__(self, lines: Iterable[Line]) -> None:
        self._lines = tuple(lines)

    def knows(self, line_id: str) -> bool:
        return any(line.id == line_id for line in self._lines)

    async def of_day(self, tx: Transaction, page: Page, day: date, moment: Moment, now: datetime) -> Said | None:
        """The line for a study day after an evening's answer or something logged, remembered as said; or None."""
        if _is_hushed(page, day) or not (true := facts.of_day(page.ledger, day)):
            return None
        spoken = await store.spoken(tx, [page.member_id])
        return await self._say(tx, page, day, moment, true, spoken[page.member_id], now)

    async def of_gentle_evenings(
        self, tx: Transaction, evenings: Collection[tuple[Page, date]], now: datetime
    ) -> dict[int, Said]:
        """The lines for evenings on which nothing is asked, by member, remembered as said; none where none fits."""
        found: dict[int, Said] = {}
        true = {page.member_id: _of_gentle(page, day) for page, day in evenings if not _is_hushed(page, day)}
        spoken = await store.spoken(tx, true) if true else {}
        for page, day in evenings:
            if page.member_id in true:
                known = spoken[page.member_id]
                said = await self._say(tx, page, day, Moment.GENTLE, true[page.member_id], known, now)
                found |= {page.member_id: said} if said else {}
        return found

    async def _say(
        self,
        tx: Transaction,
        page: Page,
        day: date,
        moment: Moment,
        true: Facts,
        spoken: Mapping[str, Spoken],
        now: datetime,
    ) -> Said | None:
        stage = facts.stage(page.ledger, day)
        listener = Listener(member_id=page.member_id, tone=page.tone, stage=stage, spoken=spoken)
        line = rules.choose(self._lines, true, moment, listener, day)
        if line is None:
            return None
        before = spoken.get(line.id)
        if before is None or (before.day, before.moment) != (day, moment):
            await store.keep(tx, page.member_id, line.id, day, moment, now)
        return Said(line=line, true=true)


class LineService:
    """What a member says about a line."""

    def __init__(self, records: Records, speaker: Speaker) -> None:
        self._records = records
        self._speaker = speaker

    async def retire(self, actor: Actor, line_id: str, now: datetime) -> None:
        """Never say a line to this member again; a second time changes nothing.

        Raises NotJoined, or NotFound for what is no line of ours.
        """
        async with self._records.writing() as tx:
            page = await page_of(tx, actor, now, now.date())
            if not self._speaker.knows(line_id):
                raise NotFound
            await signed(tx, page, now)
            await store.retire(tx, page.member_id, line_id, now)


def _is_hushed(page: Page, day: date) -> bool:
    """Whether the member wants no lines, or a help card was shown to them on that study day or the three before."""
    if page.tone is Tone.NONE:
        return True
    return page.last_card_at is not None and day_of(page, page.last_card_at) + HUSH >= day


def _of_gentle(page: Page, day: date) -> Facts:
    return facts.of_gentle_evening(page.ledger, day, day_of(page, page.last_sign_at))
