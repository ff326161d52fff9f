"""What can a member say about a day, and what is said back?"""

from dataclasses import dataclass, replace
from datetime import date, datetime

from bot.domain import check_ins as rules
from bot.domain import numbers
from bot.domain.check_ins import CheckIn, Choice, Outcome
from bot.domain.errors import UserError
from bot.domain.ledgers import Ledger
from bot.domain.lines import Moment, Said
from bot.services.actors import Actor
from bot.services.lines import Speaker
from bot.services.pages import open_days_of, page_of, signed
from bot.services.records import Records
from bot.storage import applied, prompts, spans, texts
from bot.storage import check_ins as store
from bot.storage.database import Transaction
from bot.storage.ledgers import Page


class Closed(UserError):
    """The day's check-in can't be written any more."""

    again = False

    def __init__(self) -> None:
        super().__init__("That day is closed, and nothing about it is owed. `/today` opens what there is.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """What somebody put into the evening form, as they typed it; `mood` 1 to 5 or None."""

    questions: str = ""
    mood: int | None = None
    line: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """What stands after an answer. With `stale`, nothing was changed: `check_in` is what stood already."""

    check_in: CheckIn
    said: Said | None = None
    """One line about the day, where there is one to say."""
    stale: bool = False


class CheckInService:
    """One check-in for each member and study day, whichever server or device it came from."""

    def __init__(self, records: Records, speaker: Speaker) -> None:
        self._records = records
        self._speaker = speaker

    async def answer(
        self,
        actor: Actor,
        day: date,
        said: Choice | Outcome,
        now: datetime,
        *,
        prompt_id: int = 0,
        instead_of: int | None = None,
    ) -> Answered:
        """Write a morning's choice or an evening's outcome.

        An answer that stands is replaced only when `instead_of` is its version. Raises Closed for a day
        that is not open, NotJoined for a stranger.
        """
        async with self._records.writing() as tx:
            page = await page_of(tx, actor, now)
            await signed(tx, page, now)  # also an answer that comes too late is a sign of life, and is kept as one
            if prompt_id:
                await prompts.seen_by_member(tx, prompt_id, page.member_id, now)
            answered = await self._answer(tx, page, day, said, instead_of, now) if _is_open(page, day, now) else None
        if answered is None:
            raise Closed
        return answered

    async def _answer(
        self, tx: Transaction, page: Page, day: date, said: Choice | Outcome, instead_of: int | None, now: datetime
    ) -> Answered:
        standing = page.check_in(day)
        said_before = rules.already(standing, said)
        if said_before and said_before is not said and instead_of != standing.version:
            return Answered(check_in=standing, stale=True)
        if said_before is not said:
            standing = _with(standing, said)
            await store.answer(
                tx,
                page.member_id,
                day,
                choice=standing.choice,
                outcome=standing.outcome,
                version=standing.version,
                now=now,
            )
        page = replace(page, ledger=_with_answer(page.ledger, standing))
        return Answered(check_in=standing, said=await self._line(tx, page, standing, now))

    async def describe(
        self, actor: Actor, day: date, words: Words, now: datetime, *, operation: str, instead_of: int
    ) -> Answered:
        """Write the evening form: the day's total of questions, mood and one line, each optional.

        Raises UserError for a number nobody would understand, before anything is written.
        """
        async with self._records.writing() as tx:
            page = await _open_page(tx, actor, day, now)
            total = numbers.count(words.questions, page.block_size) if words.questions.strip() else None
            standing = page.check_in(day)
            if not await applied.first_time(tx, operation, actor.interaction_id, now):
                return Answered(check_in=standing, said=await self._line(tx, page, standing, now))
            if instead_of != standing.version:
                return Answered(check_in=standing, stale=True)
            await signed(tx, page, now)
            await store.answer(
                tx,
                page.member_id,
                day,
                choice=standing.choice,
                outcome=standing.outcome,
                version=standing.version + 1,
                now=now,
            )
            text_id = await self._keep_line(tx, page.member_id, day, words.line.strip(), now)
            await store.details(tx, page.member_id, day, words.mood, text_id)
            if total is None:
                await store.clear_total(tx, page.member_id, day, now)
            else:
                await store.set_total(tx, page.member_id, day, total, now)
            page = await page_of(tx, actor, now)
            standing = page.check_in(day)
            return Answered(check_in=standing, said=await self._line(tx, page, standing, now))

    async def of_day(self, actor: Actor, day: date, now: datetime) -> CheckIn:
        """What a member said about a day that may still be written, their line included. Raises Closed."""
        async with self._records.reading() as tx:
            page = await _open_page(tx, actor, day, now)
            standing = page.check_in(day)
            cipher = await store.line_of_day(tx, page.member_id, day) if standing.has_line else None
        return replace(standing, line=self._records.vault.unlock(cipher)) if cipher else standing

    async def start_from_today(self, actor: Actor, now: datetime) -> CheckIn:
        """A sign of life after a silence, or after a pause, which it ends: the rhythm is the normal one again."""
        async with self._records.writing() as tx:
            page = await page_of(tx, actor, now)
            today = await signed(tx, page, now)
            await spans.resume(tx, page.member_id, today)
            return page.check_in(today)

    async def _line(self, tx: Transaction, page: Page, said: CheckIn, now: datetime) -> Said | None:
        """What is said about a day whose evening is answered; a morning's choice is answered without a line."""
        if not said.outcome:
            return None
        return await self._speaker.of_day(tx, page, said.study_day, Moment.EVENING, now)

    async def _keep_line(self, tx: Transaction, member_id: int, day: date, line: str, now: datetime) -> int | None:
        """Lock the line of a day in the place of the one before; an empty line takes it back."""
        known = await store.text_of_day(tx, member_id, day)
        if not line:
            if known is not None:
                await texts.remove(tx, member_id, known)
            return None
        locked = self._records.vault.lock(line)
        if known is not None:
            await texts.replace(tx, member_id, known, locked.key_no, locked.cipher)
            return known
        return await texts.add(tx, member_id, "line", locked.key_no, locked.cipher, now)


async def _open_page(tx: Transaction, actor: Actor, day: date, now: datetime) -> Page:
    """The actor's page, for a day that may be written; raises Closed for any other."""
    page = await page_of(tx, actor, now)
    if not _is_open(page, day, now):
        raise Closed
    return page


def _is_open(page: Page, day: date, now: datetime) -> bool:
    return day in open_days_of(page, now)


def _with_answer(ledger: Ledger, said: CheckIn) -> Ledger:
    """The ledger as it is after an answer, without asking the records again."""
    after = replace(ledger.on(said.study_day), choice=said.choice, outcome=said.outcome)
    return replace(ledger, records={**ledger.records, said.study_day: after})


def _with(standing: CheckIn, said: Choice | Outcome) -> CheckIn:
    if isinstance(said, Choice):
        rough = standing.outcome is Outcome.ROUGH
        outcome = Outcome.NONE if rough else standing.outcome
        return replace(standing, choice=said, outcome=outcome, version=standing.version + 1)
    return replace(standing, outcome=said, version=standing.version + 1)
