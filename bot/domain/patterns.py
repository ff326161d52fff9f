"""What does the screen look for, ready to use: patterns and masks, in English and in the languages a note speaks?"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from threading import Lock

from bot.domain.phrases import Index, Phrase
from bot.domain.plain_words import Spelling
from bot.domain.subjects import Lists
from bot.domain.weights import Weights


class Tier(StrEnum):
    """A: the full card at once. B: one gentle line and a button."""

    A = "A"
    B = "B"
    NONE = "none"


class Card(StrEnum):
    """Which card; in this order where a note holds several."""

    HURT = "hurt"
    """Already hurt, or taken something."""
    SELF = "self"
    HARM_TO = "harm to others"
    HARM_FROM = "harm by others"
    OTHER = "somebody else"


class About(StrEnum):
    """How a pattern's person is found."""

    ANYBODY = "anybody"
    """The nearest person in the sentence; the writer if there is none."""
    WRITER = "writer"
    """The phrase names the writer itself; only a quotation is somebody else's."""
    OTHER = "other"
    """The phrase names somebody else; a case does not count."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pattern:
    """How strictly it is read.

    A `topic` without a person belongs to the material around it; `slang` is lowered by a laugh or by study material,
    `hyperbole` by both together; `recent` is tier A only if lately; `firm` knows no denial, past or joke. A `foreign`
    one may have no word for who it is: within what is found of somebody else it is theirs.
    """

    id: str
    tier: Tier
    card: Card
    about: About
    phrases: tuple[Phrase, ...]
    topic: bool = False
    slang: bool = False
    hyperbole: bool = False
    recent: bool = False
    firm: bool = False
    foreign: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Mask:
    """Words that mean something else; they are hidden, the rest of the note is not."""

    id: str
    phrases: tuple[Phrase, ...]


@dataclass(frozen=True, slots=True)
class Rows:
    """The patterns and masks of one file."""

    patterns: tuple[Pattern, ...]
    masks: tuple[Mask, ...]
    pattern_index: Index = field(init=False, repr=False)
    mask_index: Index = field(init=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "pattern_index", Index([it.phrases for it in self.patterns]))
        object.__setattr__(self, "mask_index", Index([it.phrases for it in self.masks]))


class Languages:
    """Those besides English; each is put together when somebody first writes in it, for most never are."""

    def __init__(
        self, words: Mapping[str, Collection[str]], read: Callable[[str], Rows], english: Collection[str] = frozenset()
    ) -> None:
        """`words` of each language, by its name, as notes have them; `read` takes that name, and may take 50 ms."""
        self.words = {name: frozenset(filter(str.isalnum, some)) for name, some in words.items()}
        self._read = read
        self._rows: dict[str, Rows] = {}
        self._reading = Lock()
        self._foreign: dict[str, list[str]] = {}
        for name, some in self.words.items():
            for word in some:
                if word not in english:
                    self._foreign.setdefault(word, []).append(name)

    def spoken(self, sentence: Collection[str]) -> list[str]:
        """Languages of which a sentence holds two words that are not English, one that is long or of another alphabet,
        or one among words most of which are this language's too.
        """
        found: dict[str, list[str]] = {}
        for word in {*sentence}:
            for name in self._foreign.get(word, ()):
                found.setdefault(name, []).append(word)
        return [name for name, words in found.items() if self._tells(name, words, sentence)]

    def spoken_in(self, sentences: Iterable[Collection[str]]) -> tuple[str, ...]:
        """Those that any of these sentences speaks, each once."""
        return tuple(dict.fromkeys(name for sentence in sentences for name in self.spoken(sentence)))

    def _tells(self, name: str, words: Sequence[str], sentence: Collection[str]) -> bool:
        if len(words) > 1 or len(words[0]) >= LONG or not words[0].isascii():
            return True
        every = {*filter(str.isalnum, sentence)}
        return 2 * len(every & self.words[name]) > len(every)

    def rows(self, names: Collection[str]) -> list[Rows]:
        """What to look for in these languages, read where it was not yet; from any thread."""
        if not self._rows.keys() >= {*names}:
            with self._reading:
                for name in names:
                    if name not in self._rows:
                        self._rows[name] = self._read(name)
        return [self._rows[name] for name in names]


LONG = 6
"""Letters of a word that tells a language by itself."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Patterns:
    """Everything the screen needs; without weights the patterns decide alone."""

    rows: Rows
    spelling: Spelling
    lists: Lists
    languages: Languages
    weights: Weights | None = None
