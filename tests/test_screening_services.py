"""Is everybody answered in time whatever they write, and whatever the screen has to read first?"""

import asyncio
import threading
from dataclasses import replace
from pathlib import Path

import pytest

from bot.data import worry_patterns
from bot.domain.patterns import Card, Languages, Patterns, Rows, Tier
from bot.domain.screens import Outcome
from bot.services import screening
from bot.services.records import Records
from bot.services.screening import ScreeningService

GREEK, DANGER = "δεν θέλω να ζω άλλο", "i took all my pills an hour ago"


@pytest.fixture
def records(tmp_path: Path) -> Records:
    return Records(tmp_path / "comeback.db", tmp_path / "comeback.key")


def slow(patterns: Patterns, until: threading.Event) -> Patterns:
    """The same, but a language takes until then to be read."""

    def read(name: str) -> Rows:
        until.wait(20)
        return patterns.languages.rows([name])[0]

    return replace(patterns, languages=Languages(patterns.languages.words, read, {"i", "my", "all", "an"}))


async def test_a_language_is_read_beside_everything_else(records: Records) -> None:
    read = threading.Event()
    service = ScreeningService(lambda: slow(worry_patterns.load(), read), records)
    await service.prepare()
    waiting = asyncio.create_task(service.screen(GREEK))
    assert await service.screen(DANGER) == Outcome(tier=Tier.A, card=Card.HURT)
    assert not waiting.done()
    read.set()
    assert (await waiting).tier is Tier.A


@pytest.mark.parametrize(
    ("text", "answered"),
    [(GREEK, Outcome(tier=Tier.B)), (f"{GREEK}. {DANGER}", Outcome(tier=Tier.A, card=Card.HURT))],
)
async def test_whoever_writes_in_a_language_that_takes_too_long_is_answered_meanwhile(
    records: Records, monkeypatch: pytest.MonkeyPatch, text: str, answered: Outcome
) -> None:
    read = threading.Event()
    service = ScreeningService(lambda: slow(worry_patterns.load(), read), records)
    await service.prepare()
    monkeypatch.setattr(screening, "PATIENCE", 0.05)
    try:
        assert await service.screen(text) == answered
    finally:
        read.set()


async def test_many_who_write_in_many_languages_at_once_are_all_answered(records: Records) -> None:
    service = ScreeningService(worry_patterns.load, records)
    await service.prepare()
    notes = (
        "no quiero vivir",
        "je veux mourir",
        "ich will nicht mehr leben",
        "quero morrer",
        "не хочу жить",
        "我想死",
    ) * 4
    assert {it.tier for it in await asyncio.gather(*map(service.screen, notes))} <= {Tier.A, Tier.B}
    assert [(await service.screen(note)).tier for note in notes[:6]] == [Tier.A] * 6
