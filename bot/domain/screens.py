"""Do these words ask for help to be within reach, and which card?

Not a risk assessment: it may only open a private card for the writer. It says what to show, never which words did it.
Two readers look at every note: the phrases of the pattern file, and what its words weigh together.
"""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate
from math import inf

from bot.domain import plain_words, subjects, weights
from bot.domain.patterns import About, Card, Pattern, Patterns, Rows, Tier
from bot.domain.phrases import HIDDEN, Phrase, line
from bot.domain.plain_words import COMMA
from bot.domain.subjects import Cast, Lists, Sentence, Subject
from bot.domain.weights import Bare, Weighed, Weights

WINDOW = 120
"""Words of one sentence that are read together."""

OVERLAP = 40
"""Words that a piece shares with the next one; no phrase is longer."""

DOUBTFUL, NOTHING = Weighed(inf, weights.DOUBT), Weighed(weights.HARMLESS, weights.NO_DANGER)
"""Below which a card is the gentle line, and a gentle line is not said."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """The card counts for tiers A and B only."""

    tier: Tier = Tier.NONE
    card: Card = Card.SELF

    def __str__(self) -> str:
        return self.tier if self.tier is Tier.NONE else f"{self.tier} {self.card}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """For those who review the pattern file; ids of the file, no words of the note."""

    outcome: Outcome
    patterns: tuple[str, ...]
    masks: tuple[str, ...]
    weighed: Weighed | None
    """None where there are no weights."""

    def as_line(self) -> str:
        """Outcome, patterns, masks, weights of worry and of danger, apart by tabs; a dash for none."""
        weighed = f"{self.weighed.worry:+.1f} {self.weighed.danger:+.1f}" if self.weighed else "-"
        return "\t".join((str(self.outcome), " ".join(self.patterns) or "-", " ".join(self.masks) or "-", weighed))


_Match = tuple[Pattern, Phrase, tuple[int, int]]


@dataclass(frozen=True, slots=True)
class _Finding:
    pattern: Pattern
    phrase: Phrase
    tier: Tier
    card: Card


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """A text as it is screened: its sentences, and the languages besides English that they speak."""

    sentences: Sequence[Sequence[str]]
    languages: Sequence[str]


def screen(text: str, patterns: Patterns) -> Outcome:
    """What these words call for; the work grows with the length of the text."""
    return explain(text, patterns).outcome


def explain(text: str, patterns: Patterns) -> Explanation:
    """The same with the ids of what matched, for the command line only."""
    return judged(read(text, patterns), patterns)


def read(text: str, patterns: Patterns) -> Note:
    """Every character is read, nothing is kept."""
    sentences = plain_words.sentences(text, patterns.spelling)
    return Note(sentences=sentences, languages=patterns.languages.spoken_in(sentences))


def judged(note: Note, patterns: Patterns) -> Explanation:
    """What a note calls for; a language of it that nobody wrote in yet may take 50 ms."""
    found: list[_Finding] = []
    said: list[Bare] = []
    masks: list[str] = []
    around: Cast | None = None
    bare = _bare(note.sentences, patterns)
    rows = (*patterns.languages.rows(note.languages), patterns.rows)  # theirs first: their masks hide best
    for words in weights.parts(bare, WINDOW, OVERLAP):
        if not any(some.pattern_index.may_match(words.words) for some in rows):
            continue
        sentence, hidden = _masked(words, rows, patterns.lists)
        masks += hidden
        matches = _matches(sentence, rows)
        if not matches:
            continue
        around = around or subjects.cast(note.sentences, patterns.lists)
        findings = list(_found(sentence, matches, around, patterns.lists))
        found += findings
        said += [words] if findings else []
    outcome, weighed = _outcome(found), None
    if patterns.weights is not None:
        weighed = patterns.weights.of_note(bare)
        outcome = _lowered(outcome, found, said, bare, patterns.weights)
        outcome = _raised(outcome, weighed, patterns.weights, bare)
    return Explanation(
        outcome=outcome,
        patterns=tuple(dict.fromkeys(it.pattern.id for it in found)),
        masks=tuple(dict.fromkeys(masks)),
        weighed=weighed,
    )


def marks(text: str, patterns: Patterns) -> set[str]:
    """What is weighed of a short note as a whole: all that the weights are learned from."""
    sentences = _bare(plain_words.sentences(text, patterns.spelling), patterns)
    return {mark for words in sentences for mark in words.marks}


def _bare(sentences: Iterable[Sequence[str]], patterns: Patterns) -> list[Bare]:
    """Sentences without the words that carry no sense."""
    return [Bare(*subjects.without(words, patterns.lists)) for words in sentences]


def _raised(outcome: Outcome, weighed: Weighed, by: Weights, note: Sequence[Bare]) -> Outcome:
    """What the words weigh, where that is more than the patterns say; a card that these found is kept."""
    if weighed.danger >= weights.DANGER and outcome.tier is not Tier.A:
        found = outcome.tier is Tier.B and outcome.card is not Card.SELF
        return Outcome(tier=Tier.A, card=outcome.card if found else Card[by.card(note).upper()])
    if weighed.either >= weights.WORRY and outcome.tier is Tier.NONE:
        return Outcome(tier=Tier.B)
    return outcome


def _lowered(
    outcome: Outcome, found: Sequence[_Finding], said: Sequence[Bare], note: Sequence[Bare], by: Weights
) -> Outcome:
    """What the patterns say, one step lower where the sentences they found it in weigh the other way.

    What was denied, past or in jest is one step lower already, and never left without an answer. The weights know no
    language but English.
    """
    if outcome.tier is Tier.NONE or any(it.pattern.foreign for it in found):
        return outcome
    if outcome.tier is Tier.A and by.is_below(DOUBTFUL, said, note):
        return Outcome(tier=Tier.B, card=outcome.card)
    if outcome.tier is Tier.A:
        return _meant(outcome, by.card(said)) if outcome.card is Card.SELF else outcome
    softened = any(it.pattern.tier is Tier.A for it in found)
    return outcome if softened or not by.is_below(NOTHING, said, note) else Outcome()


def _meant(outcome: Outcome, heaviest: str) -> Outcome:
    """Phrases of wanting to hurt find the writer; that it is about somebody else, the words around weigh better."""
    to_others = heaviest == Card.HARM_TO.name.lower()
    return Outcome(tier=outcome.tier, card=Card.HARM_TO) if to_others else outcome


def _masked(words: Bare, rows: Iterable[Rows], lists: Lists) -> tuple[Sentence, list[str]]:
    """Masks never acquit a sentence: only their own words go."""
    kept = words.words
    text = line(kept)
    masks: list[str] = []
    for some in rows:
        for number, phrase in some.mask_index.possible(kept):
            for first, last in _word_spans(phrase.found(text), kept):
                masks.append(some.masks[number].id)
                kept = [HIDDEN if first <= at < last else word for at, word in enumerate(kept)]
            text = line(kept)
    return Sentence(kept, text, words.laughs, lists), masks


def _matches(sentence: Sentence, rows: Iterable[Rows]) -> list[_Match]:
    return [
        (some.patterns[number], phrase, span)
        for some in rows
        for number, phrase in some.pattern_index.possible(sentence.words)
        for span in _word_spans(phrase.found(sentence.text), sentence.words)
    ]


def _found(sentence: Sentence, matches: Sequence[_Match], around: Cast, lists: Lists) -> Iterator[_Finding]:
    """What is left once everything said of somebody else is not also taken for the writer's."""
    whose = [_who(pattern, sentence.words, span, around, lists) for pattern, _, span in matches]
    others = [(it, span) for (it, _, span), who in zip(matches, whose, strict=True) if who is not Subject.WRITER]
    for (pattern, phrase, span), who in zip(matches, whose, strict=True):
        if who is Subject.WRITER and _is_theirs(pattern, sentence.words, span, others, lists):
            continue
        finding = _judged(pattern, phrase, sentence, span, who)
        if finding is not None:
            yield finding


def _is_theirs(
    pattern: Pattern,
    words: Sequence[str],
    span: tuple[int, int],
    others: Sequence[tuple[Pattern, tuple[int, int]]],
    lists: Lists,
) -> bool:
    """Whether it only repeats a part of what was found of somebody else."""
    if pattern.foreign:
        return any(it.foreign and first <= span[0] and span[1] <= last for it, (first, last) in others)
    unnamed = pattern.about is About.ANYBODY and lists.writer.isdisjoint(words[span[0] : span[1]])
    return unnamed and any(first < span[0] < last for _, (first, last) in others)


def _judged(
    pattern: Pattern, phrase: Phrase, sentence: Sentence, span: tuple[int, int], who: Subject
) -> _Finding | None:
    if who in (Subject.CASE, Subject.NOBODY) or (who is Subject.OTHER and pattern.tier is Tier.B):
        return None
    card = Card.OTHER if who is Subject.OTHER and pattern.card in (Card.SELF, Card.HURT) else pattern.card
    if pattern.firm:
        return _Finding(pattern, phrase, pattern.tier, card)
    in_jest = pattern.slang or pattern.hyperbole
    joke = in_jest and sentence.is_joke(*span, pattern.slang)
    denied = sentence.is_denied(span[0])
    over = sentence.is_over(*span)
    if pattern.tier is Tier.B:
        return None if denied or over else _Finding(pattern, phrase, Tier.B, card)
    stale = pattern.recent and not sentence.is_recent(*span)
    if denied or over or stale or joke:
        return _Finding(pattern, phrase, Tier.B, Card.SELF if card is Card.HURT else card)
    return _Finding(pattern, phrase, Tier.A, card)


def _who(pattern: Pattern, words: Sequence[str], span: tuple[int, int], around: Cast, lists: Lists) -> Subject:
    found = _nearest(pattern, words, span, around, lists)
    a_case = found is Subject.OTHER and around.strangers and pattern.card is not Card.HARM_FROM
    return Subject.CASE if a_case else found


def _nearest(pattern: Pattern, words: Sequence[str], span: tuple[int, int], around: Cast, lists: Lists) -> Subject:
    if pattern.about is About.ANYBODY:
        return subjects.subject(words, *span, pattern.topic, around, lists)
    if pattern.about is About.OTHER:
        return subjects.somebody(words, span, around, lists)
    return subjects.quoted(words, span[0], lists) or Subject.WRITER


def _outcome(found: Sequence[_Finding]) -> Outcome:
    order = list(Card)
    urgent = sorted((it.card for it in found if it.tier is Tier.A), key=order.index)
    if urgent:
        return Outcome(tier=Tier.A, card=urgent[0])
    if found:
        return Outcome(tier=Tier.B, card=min((it.card for it in found), key=order.index))
    return Outcome()


def _word_spans(spans: Sequence[tuple[int, int]], words: Sequence[str]) -> list[tuple[int, int]]:
    """From characters of the line to places in the list of words."""
    if not spans:
        return []
    starts = list(accumulate((len(word) + 1 for word in words), initial=0))
    places = ((bisect_right(starts, first) - 1, bisect_right(starts, last - 1)) for first, last in spans)
    return [(first, last - (words[last - 1] == COMMA)) for first, last in places]  # a comma after it is not part of it
