"""Which phrases does the screen look for, and is the file that lists them sound?"""

import tomllib
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from importlib.resources import files
from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError, model_validator

from bot.data import worry_weights
from bot.data.worry_weights import BrokenWeights
from bot.domain import phrases, plain_words, screens
from bot.domain.plain_words import Spelling
from bot.domain.screens import About, Card, Tier
from bot.domain.subjects import Lists
from bot.domain.weights import Weights

SHORTEST_WITH_GAPS = 7
"""Letters from which a listed word may miss one: `suicidl`, but never `want` as `wan`."""


class BrokenPatterns(Exception):
    """The pattern file can't be used, and why; whoever needs the screen treats every note as tier B meanwhile."""


def load() -> screens.Patterns:
    """The packaged patterns, compiled, and the weights; raises BrokenPatterns for either."""
    try:
        return parse(_packaged(), worry_weights.load())
    except BrokenWeights as error:
        raise BrokenPatterns(str(error)) from error


def alone() -> screens.Patterns:
    """The packaged patterns without the weights, which are learned from what these leave of a note."""
    return parse(_packaged())


def _packaged() -> str:
    try:
        return files("bot.data").joinpath("worry_patterns.toml").read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise BrokenPatterns(f"worry_patterns.toml can't be read: {error}") from error


def parse(text: str, weights: Weights | None = None) -> screens.Patterns:
    """Patterns from the text of a file; raises BrokenPatterns, with the first mistake in one line."""
    return _compiled(read(text), weights)


def read(text: str) -> "PatternFile":
    """The file as it is written, `hit` and `miss` lines included; raises BrokenPatterns."""
    try:
        return PatternFile.model_validate(tomllib.loads(text))
    except tomllib.TOMLDecodeError as error:
        raise BrokenPatterns(f"worry_patterns.toml is not TOML: {error}") from error
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(step) for step in first["loc"])
        raise BrokenPatterns(f"worry_patterns.toml, {where}: {first['msg']}") from error


Id = Annotated[str, StringConstraints(pattern=r"^[a-z_]+\.[a-z_]+$")]
Words = Annotated[str, StringConstraints(min_length=1, max_length=4000, strip_whitespace=True)]
Some = Annotated[list[Words], Field(min_length=1)]


class _Row(BaseModel):
    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)


class PatternRow(_Row):
    """One pattern: what it must find and what it must leave alone stand beside it."""

    id: Id
    tier: Tier
    card: Card = Card.SELF
    about: About = About.ANYBODY
    topic: bool = False
    slang: bool = False
    hyperbole: bool = False
    recent: bool = False
    firm: bool = False
    phrases: Some
    hit: Some
    miss: Some

    @model_validator(mode="after")
    def _is_a_tier(self) -> Self:
        if self.tier is Tier.NONE:
            raise ValueError(f"{self.id} is of tier A or B")
        return self


class MaskRow(_Row):
    """Words that mean something else, with lines in which nothing may be found."""

    id: Id
    phrases: Some
    hit: Some


class _Typos(_Row):
    words: list[Words]
    exceptions: list[Words] = Field(alias="not")


class _Words(_Row):
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


class _Scopes(_Row):
    sincere: Some
    stakes: Some
    not_denials: Some
    past: Some
    recent: Some
    at_work: Some


class PatternFile(_Row):
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


def _compiled(file: PatternFile, weights: Weights | None) -> screens.Patterns:
    variants = _variants(file)
    bare = Spelling(words=variants.words, runs=variants.runs, disguised=frozenset(), known=frozenset())
    dropped = {*file.words.fillers, *file.words.jokes}

    def respelled(words: list[str]) -> list[str]:
        return [word for word in plain_words.respelled(words, bare) if word not in dropped]

    lists = phrases.Lists({name: plain_words.cleaned(phrase) for name, phrase in file.lists.items()}, respelled)
    ready = partial(_phrases, lists=lists)
    patterns = [
        screens.Pattern(**row.model_dump(exclude={"phrases", "hit", "miss"}), phrases=ready(row.id, row.phrases))
        for row in file.patterns
    ]
    masks = [screens.Mask(id=row.id, phrases=ready(row.id, row.phrases)) for row in file.masks]
    known = frozenset(_all_words(file)) | _cleaned(file.words.disguised)
    return screens.Patterns(
        patterns=tuple(patterns),
        masks=tuple(masks),
        spelling=Spelling(
            words=variants.words, runs=variants.runs, disguised=_cleaned(file.words.disguised), known=known
        ),
        lists=_lists(file, ready),
        weights=weights,
    )


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


def _phrases(name: str, some: Sequence[str], lists: phrases.Lists) -> tuple[phrases.Phrase, ...]:
    try:
        return tuple(phrases.compiled(plain_words.cleaned(phrase), lists) for phrase in some)
    except phrases.BadPhrase as error:
        raise BrokenPatterns(f"worry_patterns.toml, {name}: {error}") from error


def _all_words(file: PatternFile) -> Iterable[str]:
    rows = [phrase for row in (*file.patterns, *file.masks) for phrase in row.phrases]
    scopes = [phrase for some in file.scopes.model_dump().values() for phrase in some]
    words = [word for some in file.words.model_dump().values() for word in some]
    for text in (*rows, *scopes, *words, *file.lists.values(), *file.spelling):
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
