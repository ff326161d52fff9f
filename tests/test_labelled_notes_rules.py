"""Does the screen answer notes that it was not written from?"""

import re
from collections.abc import Callable, Iterable
from functools import cache
from itertools import combinations

import pytest

from bot.data import worry_patterns
from bot.domain.screens import Outcome, screen
from tests.notes import IN_THEIR_LANGUAGE, SEEN, UNSEEN, Note, notes

_patterns = cache(worry_patterns.load)
ENGLISH = ("frozen", "unseen", "unseen-2", "unseen-3")
"""What the aims were set for."""
LANGUAGES = "unseen-languages"
HARMLESS = (*ENGLISH, "unseen-ordinary", LANGUAGES)
POOL = ("tuning", "frozen")
"""The two halves of the first pool."""
FORTY = (
    "did 40 q, 52%. honestly I've been thinking about killing myself since the score came out",
    "i want to die",
    "don’t want to be here anymore. not the library, like at all",
    "wrote the notes to my parents, doing it after the weekend",
    "if this attempt fails im ending it. already decided",
    "kms",
    "lowkey wanna unalive myself, no block today",
    "cut my arms again last night, first time since M1",
    "everyone would be better off without me tbh",
    "every night i hope i just dont wake up",
    "took a bunch of my meds an hour ago, feel weird",
    "my roommate failed too and she said she doesn't want to live. idk what to do",
    "he hit me again so no studying, locked in the bathroom",
    "i dont wnt 2 b al1ve anym0re",
    "feeling pretty hopeless, don't see this ever getting better",
    "I'm just a burden on my parents at this point",
    "can't do this anymore. skipping the block",
    "worthless. 38% and i studied all day",
    "what's the point of any of it",
    "not suicidal, just so so tired of this",
    "lol kms if I see one more glycogen storage disease 😂",
    "want to disappear for a year",
    "I attempted in undergrad, better now, but this week is bringing it back up a little",
    "dead inside. went through the motions with anki",
    "this cardio block killed me, 44% lol",
    "gonna kill it tomorrow, 80 q planned",
    "dying of laughter at the sketchy scene for salmonella",
    "shoot me a message if anyone wants to do biostats",
    "psych day: suicide risk factors, SAD PERSONS, and when to hospitalize",
    "missed the tylenol overdose question AGAIN, it's NAC",
    "35M with SI after losing his job, next step? picked wrong",
    "hung the IV wrong in sim today, embarrassing",
    "cut down on caffeine, only 20 q but I slept",
    "hanging out with my sister tonight, rest day",
    "suicide inhibition vs competitive, finally clicked",
    "dead tired after 10 hr shift, logging 0",
    "failed by 3 points. cried in the car, then ate noodles. starting over monday",
    "thinking about quitting med school and opening a bakery",
    "skilled myself up on acid base, 30 q",
    "my patient died on the ward today, quiet evening, no questions",
)


def _every_note() -> list[Note]:
    return [note for file in POOL for note in notes(file)]


def _words(text: str) -> frozenset[str]:
    return frozenset(re.findall(r"\w+", re.sub(r"['’]", "", text.casefold())))


def _plain(note: Note) -> bool:
    return note.label == "A" and not note.oblique


@cache
def _outcome(text: str) -> Outcome:
    return screen(text, _patterns())


def _opens_the_card(note: Note) -> bool:
    return _outcome(note.text).tier.name == "A"


def _says_something(note: Note) -> bool:
    return _outcome(note.text).tier.name in {"A", "B"}


def _share(
    file: str, chosen: Callable[[Note], bool], answered: Callable[[Note], bool], *, wanted: bool
) -> tuple[float, str]:
    """The share of the chosen notes that were answered, and a message that lists those which were not as wanted."""
    some = [note for note in notes(file) if chosen(note)]
    hits = [note for note in some if answered(note)]
    wrong = [note for note in some if answered(note) is not wanted]
    return len(hits) / len(some), _listed(f"{file}: {len(hits)} of {len(some)} answered", wrong)


def _listed(title: str, some: Iterable[Note]) -> str:
    """Without their words: whoever mends the screen must not have read what judges it."""
    return "\n".join([title, *(f"  {note.label} {note.category}" for note in some)])


@pytest.mark.parametrize("file", ENGLISH)
def test_a_plainly_stated_worry_is_answered(file: str) -> None:
    share, message = _share(file, _plain, _says_something, wanted=True)
    assert share >= 0.97, message


@pytest.mark.parametrize("file", ENGLISH)
def test_a_plainly_stated_worry_opens_the_card(file: str) -> None:
    share, message = _share(file, _plain, _opens_the_card, wanted=True)
    assert share >= 0.90, message


@pytest.mark.parametrize("category", ["intent", "attempt", "self_harm"])
@pytest.mark.parametrize("file", ENGLISH)
def test_no_intent_attempt_or_self_harm_goes_without_an_answer(file: str, category: str) -> None:
    share, message = _share(file, lambda note: note.category == category and _plain(note), _says_something, wanted=True)
    assert share == 1, message


@pytest.mark.parametrize("file", ENGLISH)
def test_a_softer_worry_mostly_gets_at_least_the_gentle_line(file: str) -> None:
    share, message = _share(file, lambda note: note.label == "B", _says_something, wanted=True)
    assert share >= 0.70, message


@pytest.mark.parametrize("file", HARMLESS)
def test_an_ordinary_note_seldom_opens_the_card(file: str) -> None:
    share, message = _share(file, lambda note: note.label == "none", _opens_the_card, wanted=False)
    assert share <= 0.02, message


@pytest.mark.parametrize("file", HARMLESS)
def test_an_ordinary_note_mostly_gets_the_ordinary_reply(file: str) -> None:
    share, message = _share(file, lambda note: note.label == "none", _says_something, wanted=False)
    assert share <= 0.08, message


@pytest.mark.parametrize("file", ENGLISH)
def test_some_of_what_is_only_hinted_at_is_answered(file: str) -> None:
    # A low bar on purpose: words alone seldom show it, which is why every check-in carries "I need help".
    share, message = _share(file, lambda note: note.oblique, _says_something, wanted=True)
    assert share >= 0.20, message


def test_whoever_writes_in_another_language_is_mostly_answered_too() -> None:
    """A lower bar: a few phrases each, by people who speak them as a second language at best."""
    answered, message = _share(LANGUAGES, _plain, _says_something, wanted=True)
    softly, _ = _share(LANGUAGES, lambda note: note.label == "B", _says_something, wanted=True)
    assert (answered >= 0.85, softly >= 0.80) == (True, True), message


def test_the_frozen_notes_fare_no_worse_than_they_did() -> None:
    """What holds on them today, beyond the aims above; to be raised with every gain."""
    answered, _ = _share("frozen", _plain, _says_something, wanted=True)
    opened, _ = _share("frozen", _plain, _opens_the_card, wanted=True)
    false_cards, _ = _share("frozen", lambda note: note.label == "none", _opens_the_card, wanted=False)
    false_alarms, _ = _share("frozen", lambda note: note.label == "none", _says_something, wanted=False)
    assert (answered >= 0.98, opened >= 0.97, false_cards <= 0.01, false_alarms <= 0.073) == (True,) * 4


def test_there_are_enough_notes_of_each_label_and_each_file_holds_half() -> None:
    for file, part in (("tuning", 2), ("frozen", 2), ("both", 1)):
        some = _every_note() if file == "both" else notes(file)
        assert len(some) * part >= 320
        assert sum(map(_plain, some)) * part >= 90
        assert sum(note.oblique for note in some) * part >= 24
        assert sum(note.label == "B" for note in some) * part >= 60
        assert sum(note.label == "none" for note in some) * part >= 140


def test_each_category_is_split_evenly_over_the_two_files() -> None:
    tuning, frozen = ([(note.label, note.category) for note in notes(file)] for file in POOL)
    assert {key for key in {*tuning, *frozen} if abs(tuning.count(key) - frozen.count(key)) > 1} == set()


def test_no_note_stands_twice_not_even_with_a_word_swapped() -> None:
    bags = [(note.text, _words(note.text)) for note in _every_note()]
    alike = [(one, other) for (one, a), (other, b) in combinations(bags, 2) if len(a & b) / len(a | b) >= 0.6]
    assert alike == []


def test_nothing_that_judges_stands_among_what_was_learned_from_not_even_with_a_word_swapped() -> None:
    learned = [_words(note.text) for file in (*SEEN, *IN_THEIR_LANGUAGE) for note in notes(file)]
    with_word: dict[str, list[frozenset[str]]] = {}
    for bag in learned:
        for word in bag:
            with_word.setdefault(word, []).append(bag)
    alike: list[str] = []
    for note in (note for file in UNSEEN for note in notes(file)):
        # Notes that share six words of ten share one of the rarest four of ten, and one more.
        rarest = sorted(bag := _words(note.text), key=lambda word: len(with_word.get(word, ())))
        near = (other for word in rarest[: len(bag) * 2 // 5 + 1] for other in with_word.get(word, ()))
        alike += [note.text for other in near if len(bag & other) >= 0.6 * len(bag | other)][:1]
    assert alike == []


def test_no_note_is_one_of_the_forty_examples_which_the_screen_was_designed_on() -> None:
    forty = [_words(text) for text in FORTY]
    assert len(forty) == 40
    bags = [(note, _words(note.text)) for note in _every_note()]
    copied = [note for note, bag in bags if any(len(bag & each) / len(bag | each) >= 0.6 for each in forty)]
    assert copied == [], _listed("too close to an example", copied)
