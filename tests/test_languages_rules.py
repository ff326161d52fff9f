"""Are people answered who write in another language than English, and nobody else by what is meant for them?"""

from functools import cache

import pytest

from bot.data import worry_languages, worry_patterns
from bot.data.pattern_rows import BrokenPatterns, MaskRow, PatternRow
from bot.domain import screens
from bot.domain.patterns import Languages, Patterns, Rows, Tier
from tests.notes import SEEN, notes

NAMES = worry_languages.names()
FILES = {name: worry_languages.read(name) for name in NAMES}
patterns = cache(worry_patterns.alone)


@pytest.mark.parametrize("row", [row for name in NAMES for row in FILES[name].patterns], ids=lambda row: row.id)
def test_a_pattern_of_a_language_finds_its_lines_and_leaves_its_counter_lines_alone(row: PatternRow) -> None:
    for note in row.hit:
        found = screens.explain(note, patterns())
        assert (found.outcome.tier, row.id in found.patterns) == (row.tier, True), note
    for note in row.miss:
        assert row.id not in screens.explain(note, patterns()).patterns, note


@pytest.mark.parametrize("row", [row for name in NAMES for row in FILES[name].masks], ids=lambda row: row.id)
def test_what_a_language_masks_is_nothing_by_itself(row: MaskRow) -> None:
    assert [note for note in row.hit if screens.screen(note, patterns()).tier is not Tier.NONE] == []


def test_every_row_is_named_after_its_language_and_stands_once() -> None:
    ids = [row.id for name in NAMES for row in (*FILES[name].masks, *FILES[name].patterns)]
    assert [it for name in NAMES for it in FILES[name].patterns if not it.id.startswith(f"{name}.")] == []
    assert len(ids) == len(set(ids))
    assert len(NAMES) >= 30


def test_no_phrase_of_a_language_can_wander_without_bounds() -> None:
    every = [
        it for some in patterns().languages.rows(NAMES) for row in (*some.patterns, *some.masks) for it in row.phrases
    ]
    assert all(it.shape.pattern for it in every)
    assert [it.source for it in every if ".*" in it.source or ".+" in it.source] == []


def test_no_harmless_english_note_is_answered_by_another_language() -> None:
    harmless = [
        note for file in SEEN for note in notes(file) if note.label == "none" and note.category != "other_language"
    ]
    found = {note.text: screens.explain(note.text, patterns()).patterns for note in harmless}
    assert len(found) > 8000
    assert [text for text, ids in found.items() if any(it.split(".")[0] in NAMES for it in ids)] == []


def languages(read: list[str]) -> Languages:
    """Two of them that share words with each other and with English; `read` tells which were put together."""

    def put_together(name: str) -> Rows:
        read.append(name)
        return Rows((), ())

    words = {"one": {"me", "mato", "quiero", "自"}, "other": {"me", "quiero", "vou"}}
    return Languages(words, put_together, {"me", "i"})


@pytest.mark.parametrize(
    ("words", "spoken"),
    [
        (["me", "mato"], ["one"]),
        (["mato"], []),
        (["i", "me"], []),
        (["quiero"], ["one", "other"]),
        (["me", "vou", "i"], ["other"]),
        (["自"], ["one"]),
        ([], []),
    ],
)
def test_a_language_is_spoken_by_two_words_of_which_one_is_not_english_or_by_one_long_word(
    words: list[str], spoken: list[str]
) -> None:
    assert languages([]).spoken(words) == spoken


def test_a_language_is_read_once_and_only_when_somebody_writes_in_it() -> None:
    read: list[str] = []
    some = languages(read)
    assert not some.are_read(["one"])
    assert len(some.rows(["one"])) == len(some.rows(["one"])) == 1
    assert some.are_read(["one"])
    assert not some.are_read(["one", "other"])
    assert read == ["one"]


def test_an_english_note_waits_for_no_language() -> None:
    fresh: Patterns = worry_patterns.alone()
    assert not screens.unread("40 q, 62%. i want to die", fresh)
    assert screens.unread("no quiero vivir", fresh)
    screens.screen("no quiero vivir", fresh)
    assert not screens.unread("ya no quiero vivir", fresh)


def test_a_broken_file_says_where(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(BrokenPatterns, match=r"languages/nowhere\.toml can't be read"):
        worry_languages.read("nowhere")
