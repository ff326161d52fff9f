"""Does what words weigh raise, lower and never silence, and is it what the notes teach?"""

import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.data import worry_patterns, worry_weights
from bot.data.pattern_rows import BrokenPatterns
from bot.data.worry_weights import BrokenWeights
from bot.domain import screens, weights
from bot.domain.patterns import Card, Patterns, Tier
from bot.domain.screens import Outcome
from bot.domain.weights import CARDS, Bare, Scales, Weighed, Weights, by_chance
from tests.notes.__main__ import learned, lessons
from tests.notes.learning import SELDOM, frequent, learn

ALONE = worry_patterns.alone()
number = st.floats(-9, 9)
HEADER = "\t".join(("mark", *Scales._fields))


def taught(scales: Scales) -> Patterns:
    """The phrases, with weights that know every word and say the same of each note."""
    return replace(
        ALONE,
        weights=Weights(start=scales, of={word: Scales() for word in ("want", "die", "renal", "i", "to", "hopeless")}),
    )


@given(number, number)
def test_a_card_that_a_phrase_opens_is_at_least_a_gentle_line(worry: float, danger: float) -> None:
    found = screens.screen("i want to die", taught(Scales(worry=worry, danger=danger)))
    assert found.tier is (Tier.A if danger - by_chance(4) >= weights.DOUBT else Tier.B)


@given(number, number)
def test_a_gentle_line_is_taken_back_only_where_the_words_are_harmless(worry: float, danger: float) -> None:
    found = screens.screen("i hopeless", taught(Scales(worry=worry, danger=danger))).tier
    if danger - by_chance(2) >= weights.DANGER:
        assert found is Tier.A
    else:
        harmless = worry - by_chance(2) < weights.HARMLESS and danger - by_chance(2) < weights.NO_DANGER
        assert found is (Tier.NONE if harmless else Tier.B)


@given(number, number)
def test_a_note_without_a_phrase_is_answered_from_a_weight_on(worry: float, danger: float) -> None:
    found = screens.screen("renal", taught(Scales(worry=worry, danger=danger))).tier
    weighed = Weighed(worry - by_chance(1), danger - by_chance(1))
    if weighed.danger >= weights.DANGER:
        assert found is Tier.A
    else:
        assert found is (Tier.B if weighed.either >= weights.WORRY else Tier.NONE)


@given(st.integers(0, 5000), st.integers(0, 5000))
def test_more_words_weigh_more_by_chance_up_to_a_bound(words: int, more: int) -> None:
    assert by_chance(words) <= by_chance(words + more) + (words == 0) < 2
    assert by_chance(weights.USUAL) == 0


@pytest.mark.parametrize("card", Card)
def test_the_heaviest_card_is_the_one_that_opens(card: Card) -> None:
    assert {it.name.lower() for it in Card} == {*CARDS}
    heavy = Scales(danger=9)._replace(**{card.name.lower(): 1.0})
    assert screens.screen("renal", taught(heavy)) == Outcome(tier=Tier.A, card=card)


def test_nothing_is_lowered_in_a_clause_whose_words_the_weights_do_not_know() -> None:
    hostile = taught(Scales(worry=-9, danger=-9))
    assert screens.screen("i want to die", hostile).tier is Tier.B
    assert screens.screen("renal, i want to die", hostile).tier is Tier.B
    assert screens.screen("je veux mourir", hostile).tier is Tier.A
    assert screens.screen("renal, je veux mourir", hostile).tier is Tier.A


def test_a_log_in_the_same_breath_lowers_nothing() -> None:
    of = {"die": Scales(danger=8), "want": Scales(), "i": Scales(), "to": Scales(), "renal": Scales(danger=-99)}
    some = replace(ALONE, weights=Weights(start=Scales(danger=-3), of=of))
    for note in ("renal, i want to die, renal", "renal but i want to die", "renal. i want to die"):
        assert screens.screen(note, some).tier is Tier.A, note
    assert screens.screen("renal i want to die renal", some).tier is Tier.B


def test_what_was_denied_past_or_in_jest_is_never_left_without_an_answer() -> None:
    harmless = worry_patterns.load()
    harmless = replace(
        harmless, weights=Weights(start=Scales(worry=-9, danger=-9), of=dict.fromkeys(ALONE.spelling.known, Scales()))
    )
    for note in ("im not suicidal", "i wanted to die back in college", "lol kms"):
        assert screens.screen(note, harmless).tier is Tier.B, note


def test_a_day_around_it_hides_no_sentence() -> None:
    of = {"die": Scales(danger=8), "renal": Scales(danger=-2), "sleep": Scales(danger=-2), "well": Scales(danger=-2)}
    heavy, light = Bare(["die"], False), [Bare([word], False) for word in ("renal", "sleep", "well")]
    some = Weights(start=Scales(), of=of)
    alone, within = some.of_note([heavy]).danger + by_chance(1), some.of_note([*light, heavy]).danger + by_chance(4)
    assert (alone, within) == (8, (8 - 6 + 8) / 2)


@given(st.integers(0, 40), st.integers(0, 200))
def test_however_long_the_log_before_it_a_sentence_weighs_as_much(lines: int, words: int) -> None:
    of = {"die": Scales(danger=8), "renal": Scales()} | {f"w{at}": Scales(danger=-0.01) for at in range(200)}
    log = [Bare(["renal", "renal"], False)] * lines + [Bare([f"w{at}" for at in range(words)], False)]
    assert Weights(start=Scales(), of=of).of_note([*log, Bare(["die"], False)]).danger > 7


def test_the_card_is_that_of_the_sentence_in_which_the_danger_is() -> None:
    of = {"mom": Scales(other=9), "sister": Scales(other=9), "pills": Scales(danger=5, hurt=1)}
    some = Weights(start=Scales(), of=of)
    assert some.card([Bare(["mom", "sister"], False), Bare(["pills"], False)]) == "hurt"


@pytest.mark.parametrize(("once", "twice"), [("pills", "pills pills pills"), ("40 q", "60 q"), ("took 2", "took 3")])
def test_a_word_weighs_once_and_a_number_is_a_number(once: str, twice: str) -> None:
    assert {it for it in screens.marks(once, ALONE) if " " not in it} == {
        it for it in screens.marks(twice, ALONE) if " " not in it
    }


def test_two_tablets_are_not_forty() -> None:
    assert screens.marks("took 2", ALONE) != screens.marks("took 40", ALONE)


def test_a_file_of_weights_is_read_as_it_is_written() -> None:
    some = Weights(start=Scales(worry=-1.5), of={"a b": Scales(0.25, -3), "hangi-": Scales(other=1)})
    assert worry_weights.parse(worry_weights.written(some)) == some


@pytest.mark.parametrize(
    "text",
    [
        "",
        "mark\tworry\n",
        f"{HEADER}\n",
        f"{HEADER}\n*start*\t1\n",
        f"{HEADER}\n*start*" + "\tmuch" * 7 + "\n",
        f"{HEADER}\n*start*" + "\tnan" * 7 + "\n",
        f"{HEADER}\n\n",
    ],
)
def test_a_broken_file_of_weights_says_so(text: str) -> None:
    with pytest.raises(BrokenWeights, match=re.escape(worry_weights.NAME)):
        worry_weights.parse(text)


def test_broken_weights_are_told_as_broken_patterns_are(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(worry_weights, "NAME", "nowhere.tsv")
    with pytest.raises(BrokenPatterns, match=r"nowhere\.tsv"):
        worry_patterns.load()


def test_the_weights_are_what_the_notes_teach() -> None:
    """After a change of a note or a pattern: `python -m tests.notes`."""
    packed, anew = worry_weights.load(), learned(lessons())
    assert packed.of.keys() == anew.of.keys()
    pairs = [(packed.start, anew.start), *((packed.of[mark], anew.of[mark]) for mark in anew.of)]
    assert [pair for pair in pairs if any(abs(a - b) > 0.02 for a, b in zip(*pair, strict=True))] == []


def test_the_weights_leave_alone_what_the_pattern_file_leaves_alone() -> None:
    whole = worry_patterns.load()
    lines = [it.note.text for it in lessons() if it.file == "the pattern file's lines" and it.note.label == "none"]
    answered = [text for text in lines if screens.screen(text, whole).tier is not Tier.NONE]
    assert len(lines) > 600
    assert len(answered) <= 0.02 * len(lines), answered


def test_learning_finds_the_word_that_tells() -> None:
    notes = [{"i", "die"}, {"i", "renal"}, {"renal"}, {"die", "renal"}] * 5
    found = learn(notes, ["die" in note for note in notes])
    assert found.of["die"] > 1 > abs(found.of["i"])
    assert [found.weigh(note) > 0 for note in notes] == ["die" in note for note in notes]


def test_learning_ends_where_no_weight_can_be_better() -> None:
    notes = [{"a", "b"}, {"a"}, {"b"}, {"c"}, {"a", "c"}, set[str]()]
    answers = [True, True, False, False, True, False]
    found = learn(notes, answers)
    doubts = [1 / (1 + 2.718281828 ** -found.weigh(note)) - answer for note, answer in zip(notes, answers, strict=True)]
    for mark, weight in found.of.items():
        slope = weight + sum(doubt for note, doubt in zip(notes, doubts, strict=True) if mark in note)
        assert abs(slope) < 0.02


def test_what_stands_in_few_notes_is_not_learned() -> None:
    assert frequent([{"a", "b"}] * SELDOM + [{"c"}] * (SELDOM - 1)) == {"a", "b"}


@pytest.mark.parametrize("card", Card)
def test_only_harm_to_others_is_read_from_the_weights_where_phrases_found_the_writer(card: Card) -> None:
    heavy = Scales()._replace(**{card.name.lower(): 1.0})
    found = screens.screen("i want to die", taught(heavy))
    assert found == Outcome(tier=Tier.A, card=Card.HARM_TO if card is Card.HARM_TO else Card.SELF)
