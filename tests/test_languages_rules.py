"""Are people answered who write in another language than English, and nobody else by what is meant for them?"""

import re
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from importlib.resources import files
from threading import Barrier

import pytest

from bot.data import worry_languages, worry_patterns
from bot.data.pattern_rows import BrokenPatterns, MaskRow, PatternRow
from bot.domain import screens
from bot.domain.patterns import Card, Languages, Rows, Tier
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
    read = patterns().languages.rows(NAMES)
    every = [it for some in read for row in (*some.patterns, *some.masks) for it in row.phrases]
    assert len(every) > 1500
    assert [it.source for it in every if re.search(r"\.[*+]|\)[*+]|\{\d*,\}", it.source)] == []


def test_no_harmless_english_note_is_answered_by_another_language() -> None:
    harmless = [
        note for file in SEEN for note in notes(file) if note.label == "none" and note.category != "other_language"
    ]
    found = {note.text: screens.explain(note.text, patterns()).patterns for note in harmless}
    assert len(found) > 8000
    assert [text for text, ids in found.items() if any(it.split(".")[0] in NAMES for it in ids)] == []


def test_hardly_any_english_note_makes_a_language_be_read() -> None:
    """Those of the long diaries, in which cousins, towns and dishes of everywhere have their names."""
    english = [note.text for note in notes("ordinary-long") if note.category != "other_language"]
    waiting = [text for text in english if screens.read(text, patterns()).languages]
    assert len(english) > 350
    assert len(waiting) <= 0.05 * len(english), waiting


NONE = frozenset[str]()


def languages(read: list[str]) -> Languages:
    """Two of them that share words with each other and with English; `read` tells which were put together."""

    def put_together(name: str) -> Rows:
        read.append(name)
        return Rows((), ())

    words = {"one": {"me", "mato", "hoy", "quiero", "\u81ea", ","}, "other": {"me", "quiero", "vou", "hoy"}}
    return Languages(words, put_together, {"me", "i"})


@pytest.mark.parametrize(
    ("words", "spoken"),
    [
        (["me", "mato"], {"one"}),
        (["me", ",", "mato"], {"one"}),
        (["i", "am", "me", ",", "mato"], NONE),
        (["i", "me"], NONE),
        (["i", "mato", "hoy"], {"one"}),
        (["i", "quiero"], {"one", "other"}),
        (["i", "\u81ea"], {"one"}),
        ([], NONE),
    ],
)
def test_a_language_is_spoken_by_two_words_of_its_own_one_long_one_or_one_among_mostly_its_words(
    words: list[str], spoken: set[str]
) -> None:
    assert {*languages([]).spoken(words)} == spoken


def test_a_language_is_read_once_and_only_when_somebody_writes_in_it() -> None:
    read: list[str] = []
    some = languages(read)
    assert len(some.rows(["one"])) == len(some.rows(["one"])) == 1
    assert read == ["one"]


def test_a_language_is_read_once_however_many_write_in_it_at_once() -> None:
    read: list[str] = []
    everybody = Barrier(8)
    some = languages(read)

    def write() -> int:
        everybody.wait()
        return len(some.rows(["one", "other"]))

    with ThreadPoolExecutor(8) as pool:
        assert [it.result() for it in [pool.submit(write) for _ in range(8)]] == [2] * 8
    assert sorted(read) == ["one", "other"]


SOUND = """
[[pattern]]
id = "here.self"
tier = "A"
phrases = ["quiero morirme"]
hit = ["quiero morirme"]
miss = ["quiero dormir"]
"""


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("x = [", r"languages/here\.toml is not TOML"),
        (SOUND.replace('tier = "A"', 'tier = "C"'), r"languages/here\.toml, pattern\.0\.tier"),
        (SOUND + SOUND, r"languages/here\.toml, .*ids must be different"),
        (SOUND.replace("here.self", "there.self"), r"languages/here\.toml: every id begins with here"),
    ],
)
def test_a_file_that_is_not_sound_says_where(text: str, what: str) -> None:
    assert worry_languages.parse("here", SOUND)
    with pytest.raises(BrokenPatterns, match=what):
        worry_languages.parse("here", text)


def test_a_file_that_is_not_there_says_so() -> None:
    with pytest.raises(BrokenPatterns, match=r"languages/nowhere\.toml can't be read"):
        worry_languages.read("nowhere")


def test_a_phrase_that_is_not_sound_costs_nobody_the_answer_to_the_rest() -> None:
    told: list[str] = []
    here = worry_languages.parse("here", SOUND.replace('["quiero morirme"]\nhit', '["quiero (morirme"]\nhit'))
    text = files("bot.data").joinpath("worry_patterns.toml").read_text("utf-8")
    broken = worry_patterns.parse(text, languages={"here": here}, broken=lambda error: told.append(str(error)))
    for _ in range(2):
        assert screens.screen("quiero morirme. i took all my pills", broken).card is Card.HURT
    assert len(told) == 1
    assert told[0].startswith("languages/here.toml, here.self: ")


def test_a_broken_language_is_left_out_and_named_and_the_others_are_read(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(worry_languages, "names", lambda: ("french", "nowhere"))
    left = worry_patterns.load()
    assert {*left.languages.words} == {"french"}
    assert screens.screen("je veux mourir", left).tier is Tier.A
    assert [it.getMessage() for it in caplog.records if "languages/nowhere.toml" in it.getMessage()]
    with pytest.raises(BrokenPatterns, match="nowhere"):
        worry_patterns.checked()


def test_everything_packaged_is_sound() -> None:
    assert {*worry_patterns.checked().languages.words} == {*NAMES}


@pytest.mark.parametrize(
    ("plain", "typed"),
    [
        ("i will have jumped by then", "i willll have jumped by then"),
        ("need to see the blood run", "neeeeed to see the blood run"),
        ("quiero morir", "quierooooo morirrrr"),
        ("أريد أن أموت", "أريـــد أن أمـــوت"),
    ],
)
def test_a_stretched_word_is_english_first_and_of_any_language_then(plain: str, typed: str) -> None:
    assert screens.screen(plain, patterns()).tier is Tier.A
    assert screens.explain(typed, patterns()) == screens.explain(plain, patterns())
