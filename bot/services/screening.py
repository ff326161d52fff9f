"""Do words that somebody wrote ask for help to be within reach?

They are read here, on this machine, and nothing of them is kept, counted or logged.
"""

import asyncio
import logging
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from bot.domain import screens
from bot.domain.patterns import Patterns, Tier
from bot.domain.screens import Note, Outcome
from bot.services.pages import day_of, today_of
from bot.services.records import Records
from bot.services.soon import Soon
from bot.storage import ledgers, shown

TIER_B = "tier_b"
PATIENCE = 1.0
"""Seconds that an answer waits for the patterns right after the start; Discord forgets it after three."""
log = logging.getLogger(__name__)


class ScreeningService:
    """The one screen, over every character that is written to the bot; no method ever raises."""

    def __init__(self, load: Callable[[], Patterns], records: Records) -> None:
        """`load` may take a second, and may raise: then every text with words in it is tier B."""
        self._load = load
        self._records = records
        self._soon = Soon()
        self._loading: asyncio.Task[Patterns | None] | None = None

    async def prepare(self) -> Patterns | None:
        """The patterns, read once and off the loop; None where the file is broken, which the host is told once."""
        if self._loading is None:
            self._loading = asyncio.create_task(self._read())
        return await asyncio.shield(self._loading)

    async def screen(self, text: str) -> Outcome:
        """What these words call for."""
        if not _has_words(text):
            return Outcome()
        patterns = await self._ready()
        if patterns is None:
            return _in_doubt(text)
        try:
            note = screens.read(text, patterns)
            return await _in_time(note, patterns) if note.languages else screens.judged(note, patterns).outcome
        except Exception as error:  # noqa: BLE001 - whatever a text does to the screen, its writer is answered
            log.error("a text could not be screened: %s", type(error).__name__)
            return _in_doubt(text)

    async def _ready(self) -> Patterns | None:
        """The patterns; None too while a slow machine still reads them, for whoever writes waits for an answer."""
        if self._loading is not None and self._loading.done():
            return self._loading.result()
        preparing = asyncio.ensure_future(self.prepare())
        done, _ = await asyncio.wait({preparing}, timeout=PATIENCE)
        return preparing.result() if done else None

    async def may_say(self, discord_id: int, now: datetime) -> bool:
        """Whether to say one gentle line now, which is then remembered as said.

        At most one on a study day, and none on a day on which a card was shown. Without records, always.
        """
        return await self._soon.ask(self._may_say(discord_id, now)) is not False

    async def _may_say(self, discord_id: int, now: datetime) -> bool:
        async with self._records.writing() as tx:
            page = await ledgers.of_discord(tx, discord_id, now.date())
            if page is None:
                return True
            last = (await shown.last(tx, [page.member_id], TIER_B)).get(page.member_id)
            today = today_of(page, now)
            if any(at is not None and day_of(page, at) >= today for at in (last, page.last_card_at)):
                return False
            await shown.keep(tx, page.member_id, TIER_B, "", now)
            return True

    async def _read(self) -> Patterns | None:
        try:
            return await asyncio.to_thread(self._load)
        except Exception as error:  # noqa: BLE001 - a broken file must not take the program down
            log.error(
                "the files of the screen for worry can't be used (%s): install this version anew", type(error).__name__
            )
            return None


async def _in_time(note: Note, patterns: Patterns) -> Outcome:
    """A language may have to be read first, which takes too long for everybody else to wait, or even its writer."""
    reading = asyncio.ensure_future(asyncio.to_thread(screens.judged, note, patterns))
    done, _ = await asyncio.wait({reading}, timeout=PATIENCE)
    if done:
        return reading.result().outcome
    in_english = screens.judged(replace(note, languages=()), patterns).outcome
    return in_english if in_english.tier is Tier.A else Outcome(tier=Tier.B)


def _has_words(text: str) -> bool:
    """Numbers are no words: a block that is logged waits for no screen."""
    return any(letter.isalpha() for letter in text)


def _in_doubt(text: str) -> Outcome:
    """For words that could not be read: one line too many is better than none."""
    return Outcome(tier=Tier.B) if _has_words(text) else Outcome()
