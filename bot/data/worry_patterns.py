"""Which phrases does the screen look for, and is the file that lists them sound?"""

import logging
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial
from importlib.resources import files
from types import MappingProxyType
from typing import Annotated, Self

from pydantic import Field, model_validator

from bot.data import worry_languages, worry_weights
from bot.data.pattern_rows import BrokenPatterns, MaskRow, PatternRow, Row, Some, Words
from bot.data.worry_languages import Broken, LanguageFile
from bot.data.worry_weights import BrokenWeights
from bot.domain import phrases, plain_words
from bot.domain.patterns import Languages, Mask, Pattern, Patterns, Rows
from bot.domain.plain_words import Spelling
from bot.domain.subjects import Lists
from bot.domain.weights import Weights

NAME = "worry_patterns.toml"
OTHER_LANGUAGES = "languages."
"""How the ids of those rows begin that are not in English."""

SHORTEST_WITH_GAPS = 7
"""Letters from which a listed word may miss one: `suicidl`, but never `want` as `wan`."""

log = logging.getLogger(__name__)


def load() -> Patterns:
    """The packaged patterns, ready to use, and the weights; raises BrokenPatterns.

    A language whose file is broken is left out, with a line for the host: nobody else must suffer for it.
    """
    return _with_weights(_left_out)


def checked() -> Patterns:
    """The same with everything read that may be broken; raises BrokenPatterns for any language too."""
    patterns = _with_weights(_raised)
    patterns.languages.rows([*patterns.languages.words])
    return patterns


def alone() -> Patterns:
    """The packaged patterns without the weights, which are learned from what these leave of a note."""
    return parse(_packaged(), languages=worry_languages.load(_raised))


def _with_weights(broken: Broken) -> Patterns:
    try:
        return parse(_packaged(), worry_weights.load(), worry_languages.load(broken), broken)
    except BrokenWeights as error:
        raise BrokenPatterns(str(error)) from error


def _raised(error: BrokenPatterns) -> None:
    raise error


def _left_out(error: BrokenPatterns) -> None:
    log.error("a language of the screen for worry is left out (%s): install this version anew", error)


def _packaged() -> str:
    try:
        return files("bot.data").joinpath(NAME).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise BrokenPatterns(f"{NAME} can't be read: {error}") from error


def parse(
    text: str,
    weights: Weights | None = None,
    languages: Mapping[str, LanguageFile] = MappingProxyType({}),
    broken: Broken = _raised,
) -> Patterns:
    """Patterns from the text of a file, and those of other languages; raises BrokenPatterns, a mistake in a line.

    A phrase of a language shows its mistake when that language is first read, which `broken` is told.
    """
    return _compiled(read(text), weights, languages, broken)


def read(text: str) -> "PatternFile":
    """The file as it is written, `hit` and `miss` lines included; raises BrokenPatterns."""
    return PatternFile.of_text(text, NAME)


class _Typos(Row):
    words: list[Words]
    exceptions: list[Words] = Field(alias="not")


class _Words(Row):
    disguised: Some
    writer: Some
    other: Some
    third: Some
    people: Some
    case: Some
    material: Some
    third_verbs: Some
    reports: Some
    joints: Some
    turns: Some
    denials: Some
    fillers: Some
    jokes: Some
    study: Some
    in_stems: Some


class _Scopes(Row):
    sincere: Some
    stakes: Some
    not_denials: Some
    past: Some
    recent: Some
    at_work: Some


class PatternFile(Row):
    """Everything in worry_patterns.toml."""

    known_limits: list[Words]
    spelling: dict[Words, Some]
    typos: _Typos
    words: _Words
    scopes: _Scopes
    lists: dict[Words, Words]
    masks: list[MaskRow] = Field(alias="mask")
    patterns: Annotated[list[PatternRow], Field(min_length=1, alias="pattern")]

    @model_validator(mode="after")
    def _every_id_is_one_thing(self) -> Self:
        times = Counter(row.id for row in (*self.masks, *self.patterns))
        twins = sorted(name for name, often in times.items() if often > 1)
        if twins:
            raise ValueError(f"ids must be different: {', '.join(twins)}")
        return self


def _compiled(
    file: PatternFile, weights: Weights | None, languages: Mapping[str, LanguageFile], broken: Broken
) -> Patterns:
    variants = _variants(file)
    bare = Spelling(words=variants.words, runs=variants.runs, disguised=frozenset(), known=frozenset())
    dropped = {*file.words.fillers, *file.words.jokes}

    def respelled(words: list[str]) -> list[str]:
        return [word for word in plain_words.respelled(words, bare) if word not in dropped]

    texts = {name: plain_words.cleaned(phrase) for name, phrase in file.lists.items()}
    ready = partial(_phrases, place=NAME, lists=phrases.Lists(texts, respelled))

    def other(name: str) -> Rows:
        lists = phrases.Lists(texts, respelled)
        try:
            return _rows(languages[name], partial(_phrases, place=worry_languages.place(name), lists=lists))
        except BrokenPatterns as error:
            broken(error)
            return Rows((), ())

    english = _english(file)
    others = _words(phrase for row in (*file.patterns, *file.masks) for phrase in row.phrases)
    disguised = _cleaned(file.words.disguised)
    vocabularies = {name: frozenset(respelled([*_words(it.phrases())])) for name, it in languages.items()}
    return Patterns(
        rows=_rows(file, ready),
        spelling=Spelling(
            words=variants.words,
            runs=variants.runs,
            disguised=disguised,
            known=english.union(others, disguised),
            foreign=frozenset[str]().union(*vocabularies.values()),
        ),
        lists=_lists(file, ready),
        languages=Languages(vocabularies, other, english),
        weights=weights,
    )


def _rows(file: PatternFile | LanguageFile, ready: Callable[[str, Sequence[str]], tuple[phrases.Phrase, ...]]) -> Rows:
    patterns = [
        Pattern(
            **it.model_dump(exclude={"phrases", "hit", "miss"}),
            phrases=ready(it.id, it.phrases),
            foreign=isinstance(file, LanguageFile) or it.id.startswith(OTHER_LANGUAGES),
        )
        for it in file.patterns
    ]
    return Rows(tuple(patterns), tuple(Mask(id=it.id, phrases=ready(it.id, it.phrases)) for it in file.masks))


def _lists(file: PatternFile, ready: Callable[[str, Sequence[str]], tuple[phrases.Phrase, ...]]) -> Lists:
    words, scopes = file.words, file.scopes
    return Lists(
        writer=_cleaned(words.writer),
        other=_cleaned(words.other),
        third=_cleaned(words.third),
        people=_cleaned(words.people),
        case=_cleaned(words.case),
        material=_cleaned(words.material),
        third_verbs=_cleaned(words.third_verbs),
        reports=_cleaned(words.reports),
        joints=_cleaned(words.joints),
        turns=_cleaned(words.turns),
        denials=_cleaned(words.denials),
        fillers=_cleaned(words.fillers),
        jokes=_cleaned(words.jokes),
        study=_cleaned(words.study),
        in_stems=_cleaned(words.in_stems),
        sincere=ready("sincere", scopes.sincere),
        not_denials=ready("not_denials", scopes.not_denials),
        past=ready("past", scopes.past),
        recent=ready("recent", scopes.recent),
        stakes=ready("stakes", scopes.stakes),
        at_work=ready("at_work", scopes.at_work),
    )


def _cleaned(words: Iterable[str]) -> frozenset[str]:
    return frozenset(map(plain_words.cleaned, words))


def _phrases(name: str, some: Sequence[str], place: str, lists: phrases.Lists) -> tuple[phrases.Phrase, ...]:
    try:
        return tuple(phrases.compiled(plain_words.cleaned(phrase), lists) for phrase in some)
    except phrases.BadPhrase as error:
        raise BrokenPatterns(f"{place}, {name}: {error}") from error


def _english(file: PatternFile) -> frozenset[str]:
    rows = (row for row in (*file.patterns, *file.masks) if not row.id.startswith(OTHER_LANGUAGES))
    scopes = [phrase for some in file.scopes.model_dump().values() for phrase in some]
    words = [word for some in file.words.model_dump().values() for word in some]
    phrases = (phrase for row in rows for phrase in row.phrases)
    return frozenset(_words((*phrases, *scopes, *words, *file.lists.values(), *file.spelling)))


def _words(some: Iterable[str]) -> Iterator[str]:
    for text in some:
        yield from phrases.plain(plain_words.cleaned(text))


def _variants(file: PatternFile) -> Spelling:
    words: dict[str, tuple[str, ...]] = {}
    runs: dict[str, list[tuple[tuple[str, ...], tuple[str, ...]]]] = {}
    for word in file.typos.words:
        for typo in _slips(word) - {*file.typos.exceptions}:
            words[typo] = (word,)
    for right, ways in file.spelling.items():
        for way in ways:
            typed, meant = tuple(plain_words.cleaned(way).replace("-", " ").split()), tuple(right.split())
            if len(typed) == 1:
                words[typed[0]] = meant
            else:
                runs.setdefault(typed[0], []).append((typed, meant))
    longest_first = {first: tuple(sorted(some, key=lambda run: -len(run[0]))) for first, some in runs.items()}
    return Spelling(words=words, runs=longest_first, disguised=frozenset(), known=frozenset())


def _slips(word: str) -> set[str]:
    """Two neighbours swapped, or one letter missing in a long word."""
    swapped = {word[:at] + word[at + 1] + word[at] + word[at + 2 :] for at in range(len(word) - 1)}
    gaps = range(1, len(word)) if len(word) >= SHORTEST_WITH_GAPS else ()
    return (swapped | {word[:at] + word[at + 1 :] for at in gaps}) - {word}
