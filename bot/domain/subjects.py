"""Who is a phrase about, is it denied, is it over, and is it a joke?

Simple rules for simple sentences. They only ever choose between an answer and a quieter one; a case from a question
bank is the one reading that silences a phrase.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

from bot.domain.phrases import HIDDEN, Phrase, line
from bot.domain.plain_words import COMMA

REACH = 25
"""Words to the left in which somebody is looked for."""

NEAR = 4
"""The same for words that need no subject: `told my parents it is over, want to die` is about the writer."""

DENIED_WITHIN = 4
STUDY_WITHIN = 8
REPORTED_WITHIN = 6
AGE = re.compile(r"\d{1,3}(?:m|f|yo|yom|yof|y)")


class Subject(StrEnum):
    """Whom a sentence speaks of; a case is anybody in a question, a lecture or a film; nobody is people in general."""

    WRITER = "writer"
    OTHER = "other"
    CASE = "case"
    NOBODY = "nobody"


@dataclass(frozen=True, slots=True, kw_only=True)
class Lists:
    """Words by what they say about a sentence; the last six are phrases."""

    writer: frozenset[str]
    other: frozenset[str]
    third: frozenset[str]
    people: frozenset[str]
    case: frozenset[str]
    material: frozenset[str]
    third_verbs: frozenset[str]
    reports: frozenset[str]
    joints: frozenset[str]
    turns: frozenset[str]
    denials: frozenset[str]
    fillers: frozenset[str]
    jokes: frozenset[str]
    study: frozenset[str]
    in_stems: frozenset[str]
    sincere: tuple[Phrase, ...]
    not_denials: tuple[Phrase, ...]
    past: tuple[Phrase, ...]
    recent: tuple[Phrase, ...]
    stakes: tuple[Phrase, ...]
    at_work: tuple[Phrase, ...]

    def noun(self, word: str) -> Subject | None:
        """Whom a noun or `i` names by itself."""
        if word in self.writer:
            return Subject.WRITER
        if word in self.other:
            return Subject.OTHER
        if word in self.people:
            return Subject.NOBODY
        return Subject.CASE if word in self.case or AGE.fullmatch(word) else None


@dataclass(frozen=True, slots=True)
class Cast:
    """Who occurs in the whole note: whom `she` may mean."""

    others: bool
    cases: bool
    strangers: bool
    """The note is about a question or a ward, and nobody in it is said to be the writer's own."""


def cast(sentences: Sequence[Sequence[str]], lists: Lists) -> Cast:
    words = {word for sentence in sentences for word in sentence}
    cases = bool(words & lists.case) or any(AGE.fullmatch(word) for word in words)
    return Cast(
        bool(words & lists.other), cases, not words & (lists.other - lists.in_stems) and _at_work(sentences, lists)
    )


def _at_work(sentences: Sequence[Sequence[str]], lists: Lists) -> bool:
    """`why hospitalise and not call the family`; `my mom` or `our son` is nobody from a question."""
    for sentence in sentences:
        for at, word in enumerate(sentence):
            if word in lists.other and not lists.writer.isdisjoint(sentence[max(0, at - 2) : at]):
                return False
    return any(places(line(sentence), lists.at_work) for sentence in sentences)


def subject(words: Sequence[str], start: int, end: int, topic: bool, around: Cast, lists: Lists) -> Subject:
    """Whom words[start:end] is about; a `topic` without anybody in it belongs to the material it stands in."""
    inside = _inside(words, start, end, around, lists)
    if inside is Subject.WRITER:
        return quoted(words, start, lists) or Subject.WRITER
    if inside:
        return inside
    found = _before(words, start, words[start] in lists.third_verbs, around, lists)
    if found is Subject.WRITER or found is None:
        place = words if lists.writer.isdisjoint(words) else _clause(words, start, end)
        at_material = topic and found is None and _in_material(place, lists)
        return Subject.CASE if at_material else quoted(words, start, lists) or Subject.WRITER
    return found


def _inside(words: Sequence[str], start: int, end: int, around: Cast, lists: Lists) -> Subject | None:
    """Whom the matched words name last; the `my` of `my patient` is not the writer."""
    for at in range(end - 1, start - 1, -1):
        if words[at] in lists.third:
            return _meant(words, around, lists)
        if words[at] in lists.writer:
            return Subject.WRITER
        if lists.noun(words[at]) is Subject.CASE:  # read from the end, so before the `my` of it
            return Subject.CASE
    return None


def somebody(words: Sequence[str], span: tuple[int, int], around: Cast, lists: Lists) -> Subject:
    """Whether the other person of a phrase is real."""
    inside = words[span[0] : span[1]]
    if any(word in lists.other for word in inside):
        return Subject.OTHER
    if any(word in lists.third for word in inside):
        met = not lists.writer.isdisjoint(inside)  # who hit the writer is real, unless this sentence is about a case
        return _meant(words, cast([words], lists) if met else around, lists)
    found = _before(words, span[0], True, around, lists)
    return Subject.OTHER if found is Subject.WRITER else found or Subject.OTHER


def _before(words: Sequence[str], start: int, third: bool, around: Cast, lists: Lists) -> Subject | None:
    """The nearest somebody to the left; only a verb like `wants` looks beyond its own clause."""
    for at in range(start - 1, max(-1, start - REACH), -1):
        word = words[at]
        if word == COMMA or word in lists.joints:
            if not third:
                return None
        elif word in lists.third:
            return _meant(words, around, lists)
        elif AGE.fullmatch(word) or word == "yo":
            if "am" not in words[max(0, at - 2) : at]:
                return Subject.CASE
        elif (found := lists.noun(word)) and (third or found in (Subject.WRITER, Subject.CASE) or start - at <= NEAR):
            return found
    return Subject.OTHER if third and not _in_material(words, lists) else None


def _meant(words: Sequence[str], around: Cast, lists: Lists) -> Subject:
    """Whom a pronoun stands for: somebody real if there is one, else a case if there is one, else somebody real."""
    if around.others:
        return Subject.OTHER
    return Subject.CASE if around.cases or _in_material(words, lists) else Subject.OTHER


def _in_material(words: Sequence[str], lists: Lists) -> bool:
    return any(word in lists.case or word in lists.material or AGE.fullmatch(word) for word in words)


def quoted(words: Sequence[str], start: int, lists: Lists) -> Subject | None:
    """`pt says i want to die`: the words of somebody else."""
    before = [word for word in words[max(0, start - REPORTED_WITHIN) : start] if word != HIDDEN]
    while before and before[-1] in lists.writer:
        before.pop()
    if len(before) > 1 and before[-1] == COMMA and before[-2] in lists.case:
        return Subject.CASE
    said = next((at for at in range(len(before) - 1, -1, -1) if before[at] in lists.reports), None)
    if said is None or len(before) - said > 3:
        return None
    found = next((it for word in reversed(before[:said]) if (it := _speaker(word, lists))), None)
    if found is Subject.CASE or (found is Subject.OTHER and before[-1] == COMMA):
        return found
    return None


def _speaker(word: str, lists: Lists) -> Subject | None:
    return Subject.OTHER if word in lists.third else lists.noun(word)


class Sentence:
    """What one sentence says about denial, time and jest; each asked once however much is found in it."""

    def __init__(self, words: Sequence[str], text: str, laughs: bool, lists: Lists) -> None:
        self.words = words
        self.text = text
        self.laughs = laughs
        self.lists = lists

    def is_denied(self, start: int) -> bool:
        """A `not` shortly before, in the same clause; `cant stop`, `not gonna lie` and their kind deny nothing."""
        near: list[int] = []
        for at in range(start - 1, max(-1, start - 1 - DENIED_WITHIN), -1):
            if self.words[at] == COMMA or self.words[at] in self.lists.turns:
                break
            if self.words[at] in self.lists.denials:
                near.append(at)
        return any(at not in self._harmless for at in near)

    def is_over(self, start: int, end: int) -> bool:
        """Told as past, and nothing in its own clause says that it is back."""
        return self._past and not self.is_recent(start, end)

    def is_recent(self, start: int, end: int) -> bool:
        """Something in the same clause says lately, again or still."""
        first, last = _edges(self.words, start, end)
        return any(first <= a and b <= last + 1 for a, b in self._recent)

    def is_joke(self, start: int, end: int, slang: bool) -> bool:
        """Slang with a laugh or beside study material; other words need both, and no exam at stake."""
        near = self.words[max(0, start - STUDY_WITHIN) : end + STUDY_WITHIN]
        at_study = any(word in self.lists.study for word in near)
        enough = (at_study or self.laughs) if slang else (at_study and self.laughs)
        return enough and not self._in_earnest

    @cached_property
    def _harmless(self) -> set[int]:
        return {at for span in places(self.text, self.lists.not_denials) for at in range(*span)}

    @cached_property
    def _past(self) -> bool:
        return bool(places(self.text, self.lists.past))

    @cached_property
    def _recent(self) -> list[tuple[int, int]]:
        return places(self.text, self.lists.recent)

    @cached_property
    def _in_earnest(self) -> bool:
        return bool(places(self.text, self.lists.sincere) or places(self.text, self.lists.stakes))


def _clause(words: Sequence[str], start: int, end: int) -> Sequence[str]:
    first, last = _edges(words, start, end)
    return words[first:last]


def _edges(words: Sequence[str], start: int, end: int) -> tuple[int, int]:
    first = next((at for at in range(start, 0, -1) if words[at - 1] == COMMA), 0)
    return first, next((at for at in range(end, len(words)) if words[at] == COMMA), len(words))


def places(text: str, phrases: Sequence[Phrase]) -> list[tuple[int, int]]:
    """Where any of the phrases stands, as spans of words."""
    here = frozenset(text.split())
    return [
        (text.count(" ", 0, first), text.count(" ", 0, last))
        for phrase in phrases
        if not phrase.needed.isdisjoint(here) and not any(map(here.isdisjoint, phrase.others))
        for first, last in phrase.found(text)
    ]


def without(words: Sequence[str], lists: Lists) -> tuple[list[str], bool]:
    """The words that carry the sense, and whether a laugh was among the others."""
    kept = [word for word in words if word not in lists.fillers and word not in lists.jokes]
    if COMMA in kept:
        while kept and kept[0] == COMMA:
            kept.pop(0)
        while kept and kept[-1] == COMMA:
            kept.pop()
        kept = [word for at, word in enumerate(kept) if word != COMMA or kept[at - 1] != COMMA]
    return kept, not lists.jokes.isdisjoint(words)
