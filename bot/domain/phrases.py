"""Which sentences does a phrase of the pattern file match?

Words; `(a|b)` one of these; `jump(ed|ing)` a word with endings; `?` after something that may be missing, `*` after
what may stand up to four times, `+` after what stands one to four times; `_` up to three words, `__` up to ten;
`#` a number, `##` one of two or more digits; `<name>` a named list; `^` and `$` the start and the end of a clause.
Everything is bounded, so the work grows with the text alone.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

HIDDEN = "·"
"""What stands where a mask was; no gap crosses it."""

AFTER = r" (?:, )?"
GAP = rf"(?:[^\s{HIDDEN},]+{AFTER}){{0,3}}?"
FAR = rf"(?:[^\s{HIDDEN},]+{AFTER}){{0,10}}?"
NUMBER = rf"\d+{AFTER}"
CLAUSE_START = r"(?:\A|(?<=, ))"
CLAUSE_END = r"(?:(?<=, )|(?=, )|\Z)"
MANY = rf"\d\d+{AFTER}"
MEANINGS = {"_": GAP, "__": FAR, "##": MANY, "#": NUMBER, "^": CLAUSE_START, "$": CLAUSE_END}
TIMES = {"?": "{0,1}", "*": "{0,4}", "+": "{1,4}"}
SIGNS = "<>()|?*+_#^$"
END = ""
"""Stands twice after the parts of a phrase, so that the one after the next can be looked at."""
PARTS = re.compile(r"<[a-z_]+>|##|__|[()|?*+_#^$]|[^\s()|?*+_#^$<>]+|[<>]")
ENDINGS = re.compile(r"\b(\w+)\((\w+(?:\|\w+)*)\)(\?)?")

FREQUENT = """
i a an the my me you he she it we they is am are was be been being to of in on at for and or but so if that this
not dont have has had do did will would can could with from all any one no as go get going want think feel like
about when what how more up out over by his her their them its im just too there take make day know time
"""
COMMON = frozenset(FREQUENT.split())
"""Words so frequent that looking for one of them first saves nothing."""


class BadPhrase(ValueError):
    """A phrase does not follow the grammar; says where."""


@dataclass(frozen=True, slots=True)
class _Part:
    source: str
    needed: frozenset[str] | None
    """One of these words stands in every sentence that matches; None: nothing certain."""
    others: tuple[frozenset[str], ...] = ()
    """So does one of each of these."""


@dataclass(frozen=True, eq=False)
class Phrase:
    """`needed`, and each of `others`: a sentence with none of these words cannot match; no need to ask `found`."""

    source: str
    needed: frozenset[str]
    others: tuple[frozenset[str], ...] = ()

    @cached_property
    def shape(self) -> re.Pattern[str]:
        """Made when it is first needed: all at once would be most of a second at every start."""
        return re.compile(rf"(?<!\S){self.source}")

    def found(self, text: str) -> list[tuple[int, int]]:
        """Spans in the text of `line`."""
        return [match.span() for match in self.shape.finditer(text)]


def line(words: Sequence[str]) -> str:
    """A sentence as phrases read it: every word and every comma followed by one space."""
    return "".join(f"{word} " for word in words)


class Index:
    """Which phrases of some rows may match a sentence, without asking each of them."""

    def __init__(self, rows: Sequence[Sequence[Phrase]]) -> None:
        self._kinds: dict[frozenset[str], int] = {}
        self._by_word: dict[str, list[tuple[int, int, Phrase]]] = {}
        for row, phrases in enumerate(rows):
            for phrase in phrases:
                others = self._bits(phrase.others)
                entry = (others, row, phrase)
                for word in phrase.needed:
                    self._by_word.setdefault(word, []).append(entry)
        self._bits_of: dict[str, int] = {}
        for words, bit in self._kinds.items():
            for word in words:
                self._bits_of[word] = self._bits_of.get(word, 0) | bit

    def _bits(self, others: Iterable[frozenset[str]]) -> int:
        """One bit for each kind of words of which a sentence must hold one."""
        bits = 0
        for words in others:
            bits |= self._kinds.setdefault(words, 1 << len(self._kinds))
        return bits

    def may_match(self, words: Sequence[str]) -> bool:
        """Whether any phrase could; a quick look."""
        return not self._by_word.keys().isdisjoint(words)

    def possible(self, words: Sequence[str]) -> dict[tuple[int, Phrase], None]:
        """Phrases and their rows, whose needed words stand here; each once, in the order of the note."""
        found = [it for word in words for it in self._by_word.get(word, ())]
        if not found:
            return {}
        here = 0
        for word in words:
            here |= self._bits_of.get(word, 0)
        absent = ~here
        return {(row, phrase): None for others, row, phrase in found if not others & absent}


class Lists:
    """Named lists, and how words are respelled; what many phrases hold is read once and kept once."""

    def __init__(self, texts: Mapping[str, str], respelled: Callable[[list[str]], list[str]]) -> None:
        self.texts = texts
        self.read: dict[str, _Part] = {}
        self._respelled = respelled
        self._parts: dict[str, _Part] = {}
        self._same: dict[frozenset[str], frozenset[str]] = {}

    def plain(self, words: Sequence[str]) -> list[_Part]:
        """Words with nothing between them; fillers are gone."""
        return [self._word(word) for word in self._respelled([*words])]

    def _word(self, word: str) -> _Part:
        if word not in self._parts:
            self._parts[word] = _Part(re.escape(word) + AFTER, frozenset({word}))
        return self._parts[word]

    def ready(self, part: _Part) -> Phrase:
        """Sets of words alike are one: some thousand phrases ask for the same few."""
        needed, *others = (self._same.setdefault(words, words) for words in (part.needed or frozenset(), *part.others))
        return Phrase(part.source, needed, tuple(others))


def compiled(phrase: str, lists: Lists) -> Phrase:
    """Raises BadPhrase; words of the phrase are respelled as a note's are."""
    part = _Reader(phrase, lists).read()
    if not part.needed:
        raise BadPhrase(f"{phrase!r} asks for no word at all")
    return lists.ready(part)


def plain(phrase: str) -> list[str]:
    """The words a phrase is made of."""
    return [part for part in PARTS.findall(ENDINGS.sub(_spelled_out, phrase)) if part[0] not in SIGNS]


class _Reader:
    def __init__(self, phrase: str, lists: Lists, within: frozenset[str] = frozenset()) -> None:
        self.phrase = phrase
        self.lists = lists
        self.within = within
        self.parts = PARTS.findall(ENDINGS.sub(_spelled_out, phrase))
        self.at = 0

    def read(self) -> _Part:
        if not self.parts or self.parts[0][0] == "_" or self.parts[-1][0] == "_":
            raise self._bad("is empty, or starts or ends with a gap")
        self.parts += (END, END)
        part = self._choice()
        if self._next() != END:
            raise self._bad(f"has a {self._next()!r} too many")
        if part is None:
            raise self._bad("has no word that is ever left in a note")
        return part

    def _bad(self, why: str) -> BadPhrase:
        return BadPhrase(f"{self.phrase!r} {why}")

    def _next(self) -> str:
        return self.parts[self.at]

    def _choice(self) -> _Part | None:
        """None: nothing but fillers, which no note keeps."""
        ways = [self._sequence()]
        while self._next() == "|":
            self.at += 1
            ways.append(self._sequence())
        left = [way for way in ways if way is not None]
        return (_one_of(left) if len(left) > 1 else left[0]) if left else None

    def _sequence(self) -> _Part | None:
        items: list[_Part] = []
        start = self.at
        while self._next() not in (END, "|", ")"):
            items += self._items()
        if self.at == start:
            raise self._bad("has nothing between two bars or brackets")
        return _in_order(items) if items else None

    def _items(self) -> list[_Part]:
        """One group, list, sign or optional word; or all plain words up to the next of those."""
        words: list[str] = []
        while self._is_word() and self._following() not in TIMES:
            words.append(self._next())
            self.at += 1
        if words:
            return self.lists.plain(words)
        atom = self._atom()
        times = TIMES.get(self._next())
        if times:
            self.at += 1
            if atom is None:
                return []
            source = f"(?:{atom.source}){times}"
            return [_Part(source, atom.needed, atom.others) if times[1] == "1" else _Part(source, None)]
        return [atom] if atom else []

    def _is_word(self) -> bool:
        part = self._next()
        return part != END and part[0] not in SIGNS

    def _following(self) -> str:
        return self.parts[self.at + 1]

    def _atom(self) -> _Part | None:
        part = self._next()
        self.at += 1
        if part in MEANINGS:
            return _Part(MEANINGS[part], None)
        if part == "(":
            inner = self._choice()
            if self._next() != ")":
                raise self._bad("has a bracket that is not closed")
            self.at += 1
            return inner
        if part[0] == "<" and part[1:-1] in self.lists.texts and part[1:-1] not in self.within:
            return self._named(part[1:-1])
        if part[0] in SIGNS:
            raise self._bad(f"has a {part!r} that means nothing there")
        words = self.lists.plain([part])
        return _in_order(words) if words else None

    def _named(self, name: str) -> _Part:
        """A list, which is not within itself."""
        if name not in self.lists.read:
            inner = _Reader(self.lists.texts[name], self.lists, self.within | {name})
            self.lists.read[name] = inner.read()
        return self.lists.read[name]


def _spelled_out(ending: re.Match[str]) -> str:
    """`jump(ed|ing)?` is `(jumped|jumping|jump)`."""
    stem, endings, optional = ending.groups()
    words = [stem + it for it in endings.split("|")] + ([stem] if optional else [])
    return f"({'|'.join(words)})"


def _one_of(ways: list[_Part]) -> _Part:
    needed = frozenset[str]().union(*(way.needed or () for way in ways))
    certain = all(way.needed for way in ways)
    return _Part(f"(?:{'|'.join(way.source for way in ways)})", needed if certain else None)


def _in_order(items: list[_Part]) -> _Part:
    certain = [it for item in items for it in (item.needed, *item.others) if it]
    certain.sort(key=lambda words: sum(40 if word in COMMON else 1 for word in words))
    return _Part("".join(item.source for item in items), certain[0] if certain else None, tuple(certain[1:]))
