"""Does the screen find who may need a card, leave exam talk alone, and depend on nothing but the words?"""

import re
from collections.abc import Callable
from dataclasses import fields, replace
from functools import cache
from importlib.resources import files

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.data import worry_patterns
from bot.data.pattern_rows import BrokenPatterns, MaskRow, PatternRow
from bot.domain import phrases, screens
from bot.domain.patterns import Card, Languages, Patterns, Rows, Tier
from bot.domain.phrases import BadPhrase, Phrase
from bot.domain.screens import Outcome

rules = settings(deadline=None, max_examples=60)
TEXT = files("bot.data").joinpath("worry_patterns.toml").read_text(encoding="utf-8")
FILE = worry_patterns.read(TEXT)
ORDER = (Tier.NONE, Tier.B, Tier.A)

FORTY = [
    ("did 40 q, 52%. honestly I've been thinking about killing myself since the score came out", "A", Card.SELF),
    ("i want to die", "A", Card.SELF),
    ("don’t want to be here anymore. not the library, like at all", "A", Card.SELF),
    ("wrote the notes to my parents, doing it after the weekend", "A", Card.SELF),
    ("if this attempt fails im ending it. already decided", "A", Card.SELF),
    ("kms", "A", Card.SELF),
    ("lowkey wanna unalive myself, no block today", "A", Card.SELF),
    ("cut my arms again last night, first time since M1", "A", Card.SELF),
    ("everyone would be better off without me tbh", "A", Card.SELF),
    ("every night i hope i just dont wake up", "A", Card.SELF),
    ("took a bunch of my meds an hour ago, feel weird", "A", Card.HURT),
    ("my roommate failed too and she said she doesn't want to live. idk what to do", "A", Card.OTHER),
    ("he hit me again so no studying, locked in the bathroom", "A", Card.HARM_FROM),
    ("i dont wnt 2 b al1ve anym0re", "A", Card.SELF),
    ("feeling pretty hopeless, don't see this ever getting better", "B", Card.SELF),
    ("I'm just a burden on my parents at this point", "B", Card.SELF),
    ("can't do this anymore. skipping the block", "B", Card.SELF),
    ("worthless. 38% and i studied all day", "B", Card.SELF),
    ("what's the point of any of it", "B", Card.SELF),
    ("not suicidal, just so so tired of this", "B", Card.SELF),
    ("lol kms if I see one more glycogen storage disease 😂", "B", Card.SELF),
    ("want to disappear for a year", "B", Card.SELF),
    ("I attempted in undergrad, better now, but this week is bringing it back up a little", "B", Card.SELF),
    ("dead inside. went through the motions with anki", "B", Card.SELF),
    ("this cardio block killed me, 44% lol", "none", Card.SELF),
    ("gonna kill it tomorrow, 80 q planned", "none", Card.SELF),
    ("dying of laughter at the sketchy scene for salmonella", "none", Card.SELF),
    ("shoot me a message if anyone wants to do biostats", "none", Card.SELF),
    ("psych day: suicide risk factors, SAD PERSONS, and when to hospitalize", "none", Card.SELF),
    ("missed the tylenol overdose question AGAIN, it's NAC", "none", Card.SELF),
    ("35M with SI after losing his job, next step? picked wrong", "none", Card.SELF),
    ("hung the IV wrong in sim today, embarrassing", "none", Card.SELF),
    ("cut down on caffeine, only 20 q but I slept", "none", Card.SELF),
    ("hanging out with my sister tonight, rest day", "none", Card.SELF),
    ("suicide inhibition vs competitive, finally clicked", "none", Card.SELF),
    ("dead tired after 10 hr shift, logging 0", "none", Card.SELF),
    ("failed by 3 points. cried in the car, then ate noodles. starting over monday", "none", Card.SELF),
    ("thinking about quitting med school and opening a bakery", "none", Card.SELF),
    ("skilled myself up on acid base, 30 q", "none", Card.SELF),
    ("my patient died on the ward today, quiet evening, no questions", "none", Card.SELF),
]
PLAIN = [note for note, tier, _ in FORTY if tier == "A"]
ORDINARY = [note for note, tier, _ in FORTY if tier == "none"]
SLANG = {"kms", "lowkey wanna unalive myself, no block today"}

LOOK_ALIKES = str.maketrans("aeopcxyi", "аеорсхуі")
DRESSES: dict[str, Callable[[str], str]] = {
    "curly": lambda note: note.replace("'", "’"),
    "capitals": lambda note: note.upper(),
    "no apostrophes": lambda note: re.sub("['’]", "", note),
    "stretched": lambda note: re.sub(r"(die|me|myself|it|up|kms|here|live)\b", lambda it: it[0] + it[0][-1] * 4, note),
    "crying": lambda note: note + " 😭😭",
    "no space before an emoji": lambda note: note + "😔",
    "look-alikes": lambda note: note.translate(LOOK_ALIKES),
    "zero-width": "\u200b".join,
    "accents": lambda note: note.replace("e", "e\u0301"),
    "bold": lambda note: f"**{note}**",
    "spoiler": lambda note: f"||{note}||",
    "full-width": lambda note: "".join(chr(ord(it) + 0xFEE0) if "!" <= it <= "~" else it for it in note),
    "an idiom before": lambda note: f"that block killed me. {note}",
    "an idiom after": lambda note: f"{note}. gonna kill it tomorrow though",
    "exam talk before": lambda note: f"35M with SI, picked wrong. {note}",
    "a long log before": lambda note: "renal 20 q, 60%. " * 100 + note,
    "a list with commas before": lambda note: "renal, cardio, " * 200 + ". " + note,
}
LOGS: dict[str, Callable[[str], str]] = {
    "no log": lambda note: note,
    "after commas": lambda note: f"40 q, 62%, gym, {note}",
    "after a but": lambda note: f"good block today 70% but {note}",
    "after a dash": lambda note: f"did anki today - {note}",
    "between bars": lambda note: f"uworld 62% | {note} | anki done",
}
LAUGHS: dict[str, Callable[[str], str]] = {
    "a laugh before": lambda note: f"lol not gonna lie {note}",
    "a laugh after": lambda note: f"{note} lol",
}


@cache
def patterns() -> Patterns:
    return worry_patterns.load()


@cache
def alone() -> Patterns:
    """What the phrases say without the weights."""
    return worry_patterns.alone()


@cache
def again() -> Patterns:
    return worry_patterns.load()


def tier(note: str) -> Tier:
    return screens.screen(note, patterns()).tier


@pytest.mark.parametrize("row", FILE.patterns, ids=lambda row: row.id)
def test_a_pattern_finds_its_own_lines_and_leaves_its_counter_lines_alone(row: PatternRow) -> None:
    for note in row.hit:
        found = screens.explain(note, alone())
        assert (found.outcome.tier, row.id in found.patterns) == (row.tier, True), note
    for note in row.miss:
        assert screens.screen(note, alone()).tier is Tier.NONE, note


@pytest.mark.parametrize("row", FILE.masks, ids=lambda row: row.id)
def test_masked_words_alone_are_nothing(row: MaskRow) -> None:
    assert [note for note in row.hit if screens.screen(note, alone()).tier is not Tier.NONE] == []


@pytest.mark.parametrize(("note", "expected", "card"), FORTY)
def test_the_forty_notes_get_what_a_person_would_give_them(note: str, expected: str, card: Card) -> None:
    assert screens.screen(note, patterns()) == Outcome(tier=Tier(expected), card=card)


@pytest.mark.parametrize("dress", DRESSES)
def test_the_way_it_is_typed_never_lowers_a_plain_note(dress: str) -> None:
    fallen = [note for note in PLAIN if tier(DRESSES[dress](note)) is not Tier.A]
    assert fallen == []


@pytest.mark.parametrize("log", LOGS)
def test_a_log_in_the_same_breath_lowers_slang_only_and_never_to_nothing(log: str) -> None:
    assert [note for note in PLAIN if note not in SLANG and tier(LOGS[log](note)) is not Tier.A] == []
    assert [note for note in SLANG if tier(LOGS[log](note)) is Tier.NONE] == []


@pytest.mark.parametrize("log", LOGS)
def test_a_log_in_the_same_breath_silences_hardly_any_line_that_a_pattern_finds_in_it(log: str) -> None:
    found = [LOGS[log](note) for row in FILE.patterns for note in row.hit]
    found = [note for note in found if screens.screen(note, alone()).tier is not Tier.NONE]
    silenced = [note for note in found if tier(note) is Tier.NONE]
    assert len(found) > 450
    assert len(silenced) <= 0.015 * len(found), silenced


@pytest.mark.parametrize("laugh", LAUGHS)
def test_a_laugh_lowers_slang_only_and_never_to_nothing(laugh: str) -> None:
    assert [note for note in PLAIN if note not in SLANG and tier(LAUGHS[laugh](note)) is not Tier.A] == []
    assert [note for note in SLANG if tier(LAUGHS[laugh](note)) is Tier.NONE] == []


@rules
@given(st.sampled_from(ORDINARY), st.sampled_from(PLAIN), st.booleans())
def test_no_ordinary_note_hides_a_plain_sentence(note: str, plain: str, first: bool) -> None:
    assert tier(f"{plain}. {note}" if first else f"{note}. {plain}") is Tier.A


@rules
@given(st.text(max_size=300), st.sampled_from(("i want to die", "going to kill myself tonight")))
def test_no_words_before_hide_a_plain_line(words: str, plain: str) -> None:
    assert tier(f"{words}\n\n{plain}\n\n") is Tier.A


@rules
@given(st.text(max_size=4000))
@example("a" * 4000)
@example("i want to " * 400)
@example("k m s " * 666)
@example("*a_" * 1333)
@example("(((,,,...///" * 333)
@example("<@1><:skull:2>" * 285)
def test_any_text_gets_an_outcome_that_depends_on_the_text_alone(text: str) -> None:
    first = screens.screen(text, patterns())
    screens.screen("i want to die", patterns())
    assert first == screens.screen(text, patterns()) == screens.screen(text, again())


@rules
@given(st.sampled_from(["renal ", "i want to ", "no one would ", "it is all so ", "my "]), st.integers(0, 4000))
def test_every_character_is_screened(filler: str, at: int) -> None:
    before = (filler * 1000)[: at // len(filler) * len(filler)]
    assert tier(f"{before}\nim going to kill myself\n{filler * 200}") is Tier.A
    assert tier(f"{'renal ' * (at // 6)}i am going to kill myself {'renal ' * 200}") is Tier.A


class Counted(Phrase):
    """Counts the characters it is asked to look at."""

    read = 0

    def found(self, text: str) -> list[tuple[int, int]]:
        Counted.read += len(text)
        return super().found(text)


def counted(some: tuple[Phrase, ...]) -> tuple[Phrase, ...]:
    return tuple(Counted(it.source, it.needed) for it in some)


def counted_rows(some: Rows) -> Rows:
    return Rows(
        tuple(replace(it, phrases=counted(it.phrases)) for it in some.patterns),
        tuple(replace(it, phrases=counted(it.phrases)) for it in some.masks),
    )


ENGLISH = {"i", "to", "be", "my", "is", "so", "die", "life", "want"}


def counting() -> Patterns:
    ready = patterns()
    lists = ready.lists
    return replace(
        ready,
        rows=counted_rows(ready.rows),
        languages=Languages(ready.languages.words, lambda name: counted_rows(*ready.languages.rows([name])), ENGLISH),
        lists=replace(
            lists,
            past=counted(lists.past),
            recent=counted(lists.recent),
            sincere=counted(lists.sincere),
            stakes=counted(lists.stakes),
            not_denials=counted(lists.not_denials),
        ),
    )


@pytest.mark.parametrize(
    "hostile",
    [
        *("i want to die ", "i want to ", "k m s ", "i ", "my life is so ", "dont want to be ", "kms, "),
        *("no quiero vivir ", "ya no quiero ", "je ne veux plus ", "не хочу ", "我 想 ", "mujhe nahi ", "लेकिन मैं "),
    ],
)
def test_ten_times_the_text_is_about_ten_times_the_work(hostile: str) -> None:
    counter = counting()
    work: list[int] = []
    for length in (2_000, 20_000):
        Counted.read = 0
        screens.screen((hostile * length)[:length], counter)
        work.append(Counted.read)
    assert work[0] > 0
    assert work[1] < 13 * work[0]


def test_no_phrase_can_wander_without_bounds() -> None:
    every = [it for row in (*patterns().rows.patterns, *patterns().rows.masks) for it in row.phrases]
    wandering = [it.source for it in every if re.search(r"\.[*+]|\)[*+]|\{\d*,\}", it.source)]
    assert len(every) > 500
    assert wandering == []
    assert all(it.shape.pattern for it in every)


@pytest.mark.parametrize(
    ("note", "expected"),
    [
        ("im not suicidal", "B"),
        ("not suicidal but i keep thinking about dying", "A"),
        ("i wouldnt kill myself over this", "B"),
        ("dont know how to say it but i want to die", "A"),
        ("cant stop thinking about suicide", "A"),
        ("i never want to wake up again", "A"),
        ("idk i want to die", "A"),
    ],
)
def test_a_denial_is_answered_softly_and_never_with_silence(note: str, expected: str) -> None:
    assert tier(note) == expected


@pytest.mark.parametrize(
    ("note", "expected", "card"),
    [
        ("my friend wants to kill herself", "A", Card.OTHER),
        ("she says she wants to die, my roommate i mean", "A", Card.OTHER),
        ("pt says he wants to die, palliative consult", "none", Card.SELF),
        ("35F who wants to kill herself, next step", "none", Card.SELF),
        ('patient says "i want to die" on rounds', "none", Card.SELF),
        ("in the film she kills herself", "none", Card.SELF),
        ("told my mom i want to die", "A", Card.SELF),
        ("she makes me want to die", "A", Card.SELF),
        ("my roommate passed and i want to kill myself", "A", Card.SELF),
        ("40 q 38% want to die", "A", Card.SELF),
        ("want to kill my roommate and then myself, thinking of killing him", "A", Card.HARM_TO),
    ],
)
def test_who_is_meant_chooses_the_card_and_a_case_gets_none(note: str, expected: str, card: Card) -> None:
    assert screens.screen(note, patterns()) == Outcome(tier=Tier(expected), card=card)


def test_what_is_over_gets_a_gentle_line_and_what_is_back_the_card() -> None:
    assert tier("i wanted to die back in college") is Tier.B
    assert tier("i tried to kill myself in 2019, fine now") is Tier.B
    assert tier("i wanted to die in college, and last night i wanted to die again") is Tier.A


def test_an_exam_at_stake_is_never_an_idiom() -> None:
    assert tier("if i fail again ill kill myself") is Tier.A
    assert tier("if i fail renal again im gonna kms lol") is Tier.A


def test_already_hurt_comes_before_every_other_card() -> None:
    everything = "my friend wants to die. i want to die. he hit me again. i took a bunch of my pills"
    assert screens.screen(everything, patterns()).card is Card.HURT


def test_an_outcome_holds_no_words() -> None:
    assert {it.name for it in fields(Outcome)} == {"tier", "card"}
    found = screens.explain("my secret canary wants to die and i want to die", patterns())
    ids = {row.id for row in (*FILE.patterns, *FILE.masks)}
    assert found.patterns
    assert {*found.patterns, *found.masks} <= ids


@pytest.mark.parametrize(
    "broken",
    [
        "",
        "[[pattern",
        TEXT.replace('tier = "A"', 'tier = "C"', 1),
        TEXT.replace("miss = [", "mist = [", 1),
        TEXT.replace("<refl>", "<reflexive>"),
        re.sub(r'hit = \["took a bunch.*?\]', "hit = []", TEXT, count=1, flags=re.DOTALL),
        TEXT + '\n[[mask]]\nid = "idiom.cut"\nphrases = ["a b"]\nhit = ["a b"]\n',
        TEXT + '\n[[mask]]\nid = "idiom.new"\nphrases = ["(open"]\nhit = ["a b"]\n',
    ],
)
def test_a_broken_file_says_so_in_one_way(broken: str) -> None:
    assert broken != TEXT
    with pytest.raises(BrokenPatterns, match=r"worry_patterns\.toml") as caught:
        worry_patterns.parse(broken)
    assert "\n" not in str(caught.value).split(": Input")[0]


@pytest.mark.parametrize("phrase", ["", "_ a", "a _", "(a|)", "(a", "a)", "|a", "<nobody>", "?", "a? b?", "#", "$"])
def test_a_phrase_that_means_nothing_is_refused(phrase: str) -> None:
    with pytest.raises(BadPhrase):
        phrases.compiled(phrase, phrases.Lists({}, list))


@pytest.mark.parametrize(
    ("phrase", "found", "not_found"),
    [
        ("want to (die|go)", "i want to die now", "i want to stay"),
        ("a b? c", "a c", "a x c"),
        ("a _ c", "a x y z c", "a w x y z c"),
        ("(a|b)+ c", "a b a c", "c"),
        ("<x> c", "yes c", "no c"),
        ("cut(s|ting)?", "cutting", "cutter"),
        ("a $", "b a", "a b"),
        ("a $", "a , b", "a b ,"),
        ("^ a", "b , a", "b a"),
        ("# q", "40 q", "forty q"),
        ("## q", "40 q", "4 q"),
        ("kill", "kill", "skill"),
    ],
)
def test_a_phrase_matches_whole_words_as_its_grammar_says(phrase: str, found: str, not_found: str) -> None:
    ready = phrases.compiled(phrase, phrases.Lists({"x": "(yes|yep)"}, list))
    assert ready.found(phrases.line(found.split()))
    assert not ready.found(phrases.line(not_found.split()))


@rules
@given(st.sampled_from(FILE.patterns), st.data())
def test_a_phrase_never_matches_a_sentence_without_a_needed_word(row: PatternRow, data: st.DataObject) -> None:
    ready = next(it for it in patterns().rows.patterns if it.id == row.id)
    phrase = data.draw(st.sampled_from(ready.phrases))
    other = data.draw(st.sampled_from(FILE.patterns))
    words = data.draw(st.sampled_from(other.hit)).lower().split()
    kept = [word for word in words if word not in phrase.needed]
    assert not phrase.found(phrases.line(kept))


def test_tiers_are_ordered_in_the_file_as_in_the_table() -> None:
    assert {row.tier for row in FILE.patterns} == {Tier.A, Tier.B}
    assert all(row.card is Card.SELF for row in FILE.patterns if row.tier is Tier.B)


def test_grief_about_a_score_alone_is_an_ordinary_note() -> None:
    assert tier("failed again. gutted, ashamed of my score, cried, want to drop out") is Tier.NONE
