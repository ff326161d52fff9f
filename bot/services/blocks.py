"""How is work written down, corrected and taken back? Totals are always the sum of what stands."""

from dataclasses import dataclass, replace
from datetime import date, datetime

from bot.domain import dates
from bot.domain.blocks import LAST_ENTRIES, PAST_DAYS, Entry, Typed, Work, read
from bot.domain.days import DAY
from bot.domain.errors import NotFound, UserError
from bot.domain.lines import Moment, Said
from bot.services.actors import Actor
from bot.services.lines import Speaker
from bot.services.pages import day_of, open_days_of, page_of, signed, today_of
from bot.services.records import Records
from bot.services.today import Today, today
from bot.storage import applied, texts
from bot.storage import blocks as store
from bot.storage.database import Transaction
from bot.storage.ledgers import Page


@dataclass(frozen=True, slots=True, kw_only=True)
class Logged:
    """One entry as it stands after an act, and the day around it."""

    entry: Entry
    today: Today
    said: Said | None = None
    """One line about today's work, where there is one to say."""


class BlockService:
    """Every entry belongs to one member and one study day, and is never written twice for one act."""

    def __init__(self, records: Records, speaker: Speaker) -> None:
        self._records = records
        self._speaker = speaker

    async def log(
        self, actor: Actor, typed: Typed, now: datetime, *, operation: str, opened_at: datetime | None = None
    ) -> Logged:
        """Write a block down, for today or a day in the past seven; without a day, for the one its form was opened on.

        `operation` names the act: the same act sent again changes nothing. Raises NotJoined, or UserError for words
        that can't be used, before anything is written.
        """
        async with self._records.writing() as tx:
            page = await page_of(tx, actor, now)
            block, day = read(typed, page.block_size), _day(page, typed.day, opened_at, now)
            entry_id = await store.add(tx, page.member_id, day, block, operation, now)
            if entry_id is None:
                return await self._logged(tx, actor, page.member_id, operation, now)
            await signed(tx, page, now)
            if typed.note.strip():
                locked = self._records.vault.lock(typed.note.strip())
                text_id = await texts.add(tx, page.member_id, "note", locked.key_no, locked.cipher, now)
                await store.attach(tx, page.member_id, entry_id, text_id)
            entry = Entry(id=entry_id, study_day=day, block=block)
            page, is_todays = _with(page, entry), day == today_of(page, now)
            said = await self._speaker.of_day(tx, page, day, Moment.LOG, now) if is_todays else None
            return Logged(entry=entry, today=today(page, now), said=said)

    async def latest(self, actor: Actor, now: datetime) -> list[Entry]:
        """The last five entries that stand, newest first."""
        async with self._records.reading() as tx:
            page = await page_of(tx, actor, now, now.date())
            return await store.latest(tx, page.member_id, LAST_ENTRIES)

    async def entry(self, actor: Actor, entry_id: int, now: datetime) -> Entry:
        """One of the member's own entries. Raises NotFound."""
        async with self._records.reading() as tx:
            page = await page_of(tx, actor, now, now.date())
            return _found(await store.by_id(tx, page.member_id, entry_id))

    async def undo(self, actor: Actor, now: datetime) -> Logged:
        """Take the last entry back; the reply names it. Raises NotFound where there is none."""
        async with self._records.writing() as tx:
            page = await page_of(tx, actor, now)
            if not await _first_time(tx, actor, "undo", now):
                return await self._logged(tx, actor, page.member_id, await store.last_void(tx, page.member_id), now)
            last = await store.latest(tx, page.member_id, 1)
            if not last:
                raise NotFound("There is nothing to take back. `/log` writes a block down.")
            await store.void(tx, page.member_id, last[0].id, now)
            await signed(tx, page, now)
            return await self._logged(tx, actor, page.member_id, last[0].id, now)

    async def take_back(self, actor: Actor, entry_id: int, now: datetime) -> Logged:
        """Take one entry back; a second time changes nothing. Raises NotFound."""
        async with self._records.writing() as tx:
            page = await page_of(tx, actor, now)
            if await _first_time(tx, actor, "undo", now):
                await store.void(tx, page.member_id, entry_id, now)
            await signed(tx, page, now)
            return await self._logged(tx, actor, page.member_id, entry_id, now)

    async def put_back(self, actor: Actor, entry_id: int, now: datetime) -> Logged:
        """Let an entry that was taken back stand again. Raises NotFound."""
        async with self._records.writing() as tx:
            page = await page_of(tx, actor, now)
            if await _first_time(tx, actor, "redo", now):
                await store.unvoid(tx, page.member_id, entry_id)
            await signed(tx, page, now)
            return await self._logged(tx, actor, page.member_id, entry_id, now)

    async def correct(self, actor: Actor, entry_id: int, typed: Typed, now: datetime) -> Logged:
        """Write other numbers into an entry that stands; its kind, its day and its note stay.

        Raises NotFound, or UserError for words that can't be used.
        """
        async with self._records.writing() as tx:
            page = await page_of(tx, actor, now)
            entry = _found(await store.by_id(tx, page.member_id, entry_id))
            block = read(replace(typed, kind=entry.block.kind), page.block_size)
            if not await _first_time(tx, actor, "correct", now):
                return await self._logged(tx, actor, page.member_id, entry_id, now)
            if not await store.correct(tx, page.member_id, entry_id, block):
                raise NotFound("That entry was taken back meanwhile. `/today`, *More* shows what stands.")
            await signed(tx, page, now)
            return await self._logged(tx, actor, page.member_id, entry_id, now)

    async def _logged(
        self, tx: Transaction, actor: Actor, member_id: int, key: int | str | None, now: datetime
    ) -> Logged:
        """The entry of an id or an operation, with the day as it stands now."""
        found = await (
            store.by_operation(tx, member_id, key) if isinstance(key, str) else store.by_id(tx, member_id, key or 0)
        )
        return Logged(entry=_found(found), today=today(await page_of(tx, actor, now), now))


async def _first_time(tx: Transaction, actor: Actor, verb: str, now: datetime) -> bool:
    """False for an interaction that Discord hands over once more."""
    return await applied.first_time(tx, f"{verb}:{actor.interaction_id}", actor.interaction_id, now)


def _found(entry: Entry | None) -> Entry:
    if entry is None:
        raise NotFound
    return entry


def _day(page: Page, typed: str, opened_at: datetime | None, now: datetime) -> date:
    """The study day that work is written down for. Raises UserError for one that can't be meant."""
    newest = today_of(page, now)
    if not typed.strip():
        opened = newest if opened_at is None else day_of(page, opened_at)
        return opened if opened in open_days_of(page, now) else newest
    day, started = dates.understand(typed, newest, past=PAST_DAYS), page.ledger.started_day
    if max(newest - PAST_DAYS * DAY, started) <= day <= newest:
        return day
    if day < started and started > newest - PAST_DAYS * DAY:
        raise UserError(f"Your days here began on {dates.written(started)}; work from then on can be written down.")
    raise UserError("Work can be written down for today and the past seven days, such as `yesterday`.")


def _with(page: Page, entry: Entry) -> Page:
    """The page as it is after an entry, without asking the records again."""
    before, block = page.ledger.on(entry.study_day), entry.block
    questions = block.amount if block.kind is Work.QUESTIONS else 0
    after = replace(
        before,
        work={**before.work, block.kind: before.work.get(block.kind, 0) + block.amount},
        worked_through=before.worked_through + questions * block.worked_through,
        unseen=before.unseen + questions * block.unseen,
        notebook=before.notebook or block.notebook,
    )
    records = {**page.ledger.records, entry.study_day: after}
    return replace(page, ledger=replace(page.ledger, records=records))
