"""Which plain words stand behind what somebody typed, tired, on a phone, or in disguise?

One way for notes and for the phrases they are compared with: look-alike letters, apostrophes, stretched letters,
listed spellings, digits for letters, and letters typed one by one all become the same words.
"""

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product

COMMA = ","
"""A word of its own in a sentence: where a clause may end."""

END = "."
SOMEBODY = "@user"
"""What a mention becomes."""

LONGEST_WORD = 60
"""Letters up to which a word is looked at for disguises; a longer one is kept as it is."""

SHORTEST_SPELLED, LONGEST_SPELLED = 3, 16
"""Letters of a word that somebody typed one by one."""

_APOSTROPHES = dict.fromkeys(map(ord, "'‘’‛ʼʹ′`´＇"))
_LOOK_ALIKES = str.maketrans(
    "аеорсухіїѕԁɑһјԛԝкмтнвіοαικρτυεηνϲϳıʟℓ",
    "aeopcyxiisdahjqwkmthbioaikptuenvcjill",
)
_TATWEEL = "\u0640"
"""Stretches an Arabic word as `soooo` does an English one."""

_JOKES = re.compile("[\U0001f602\U0001f923\U0001f480\U0001f639\U0001f606☠]|:(?:joy|rofl|skull|sob|laughing)\\w*:")
_MEANS = re.compile("[\U0001f52b\U0001f48a\U0001f52a\U0001faa6⚰]")
_MARKUP = re.compile(r"<a?(:\w+:)\d+>|(<@!?\d+>)|<[@#][&!]?\d+>|https?://\S+|\|\||~~")
_LETTER_FOR = str.maketrans("013457@$!|+€(", "oieastasiiteci"[:13])
_DISGUISING = re.compile(r"[0-9@$!*#_.|+€(]")
_TAIL = re.compile(r"[^\w@$]+\Z")
_EDGE = re.compile(r"\A[^\w@$]+|[^\w]+\Z")
_PIECES = re.compile(r"[^\W_]+|[\W_]+")
_STRETCHED = re.compile(r"(.)\1{2,}")
_UNSPACED = re.compile("[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
_MEDICAL = re.compile(
    r"b12|t[34]|h1|cd\d+|5ht\w*|g6pd|p53|il\d+|a1c|s[34]|c\da|\d+(?:mg|mcg|ml|q|s|hrs?|am|pm|k|x|st|nd|rd|th)"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Spelling:
    """Listed ways to write a word; `runs` are those of several words, by their first, the longest one first."""

    words: Mapping[str, tuple[str, ...]]
    runs: Mapping[str, tuple[tuple[tuple[str, ...], tuple[str, ...]], ...]]
    disguised: frozenset[str]
    known: frozenset[str]
    foreign: frozenset[str] = frozenset()
    """Words of other languages, which a stretched word may be if it is none of the known ones."""

    def is_known(self, word: str) -> bool:
        return word in self.known or word in self.words


def sentences(text: str, spelling: Spelling) -> list[list[str]]:
    """Every word of the text, in order; sentences hold words and commas, and no comma at an edge."""
    found: list[list[str]] = [[]]
    for word in _words(cleaned(text), spelling):
        if word == END:
            if found[-1]:
                found.append([])
        elif word != COMMA or (found[-1] and found[-1][-1] != COMMA):
            found[-1].append(word)
    found = _merged([sentence[:-1] if sentence[-1] == COMMA else sentence for sentence in found if sentence])
    return [respelled(_unspaced_letters(sentence, spelling), spelling) for sentence in found]


def respelled(words: Sequence[str], spelling: Spelling) -> list[str]:
    """The words as the lists want them, several at a time where a run is listed."""
    single: list[str] = []
    for word in words:
        single += spelling.words.get(word, (word,))
    out: list[str] = []
    at = 0
    while at < len(single):
        for run, instead in spelling.runs.get(single[at], ()):
            if tuple(single[at : at + len(run)]) == run:
                out += instead
                at += len(run)
                break
        else:
            out.append(single[at])
            at += 1
    return out


def cleaned(text: str) -> str:
    """Lower case, no accents, no look-alikes, no marks of Discord's; line ends stay."""
    if text.isascii():
        return _MARKUP.sub(_unmarked, text.lower().translate(_APOSTROPHES))
    text = unicodedata.normalize("NFKC", text.translate(_APOSTROPHES)).casefold().translate(_APOSTROPHES)
    text = "".join(it for it in unicodedata.normalize("NFD", text) if not _unseen(it))
    text = unicodedata.normalize("NFC", text).translate(_LOOK_ALIKES)
    text = _JOKES.sub(" lol ", _MARKUP.sub(_unmarked, text))
    text = _MEANS.sub(lambda means: f" {_NAMES[means[0]]} ", text)
    return _UNSPACED.sub(lambda letter: f" {letter[0]} ", text)


_NAMES = {"\U0001f52b": "gunsign", "\U0001f48a": "pillsign", "\U0001f52a": "knifesign", "\U0001faa6": "gravesign"} | {
    "⚰": "gravesign"
}


def _unseen(character: str) -> bool:
    return character == _TATWEEL or unicodedata.category(character) in ("Mn", "Mc", "Me", "Cf")


def _unmarked(markup: re.Match[str]) -> str:
    if markup[1]:
        return f" {'lol' if _JOKES.match(markup[1]) else ''} "
    if markup[2]:
        return f" {SOMEBODY} "
    return "" if markup[0] in ("||", "~~") else " "


def _words(text: str, spelling: Spelling) -> Iterator[str]:
    for line in text.split("\n"):
        for chunk in line.split():
            if chunk.isalpha():
                yield _unstretched(chunk, spelling)
            else:
                yield from _chunk(chunk, spelling)
        yield END


def _chunk(chunk: str, spelling: Spelling) -> Iterator[str]:
    """The words of something without a space in it, and where it ends a clause or a sentence."""
    if chunk == SOMEBODY:
        yield chunk
        return
    core = _TAIL.sub("", chunk)
    plain = _undisguised(core, spelling)
    if plain is not None:
        yield plain
    else:
        edge = _EDGE.sub("", core)
        if len(edge) < len(core) or not edge:
            yield from _stop(core[: len(core) - len(core.lstrip('([{"“”—–-,:;/'))])
        yield from _inside(edge, spelling, mention=core.startswith("@"))
    yield from _stop(chunk[len(core) :])


def _stop(marks: str) -> Iterator[str]:
    if not marks:
        return
    if ".." in marks and not set(marks) & set("!?;"):  # three dots are a breath, not an end
        yield COMMA
    elif set(marks) & set(".!?;。！？") or marks == "/":
        yield END
    elif set(marks) & set(',:()[]{}"“”—–-،、|•·→>+~'):
        yield COMMA


def _inside(chunk: str, spelling: Spelling, mention: bool) -> Iterator[str]:
    if mention:
        yield SOMEBODY
        return
    pieces = _PIECES.findall(chunk)
    letters = [piece for piece in pieces if piece[0].isalnum()]
    if len(letters) > 2 and all(len(piece) == 1 and piece.isalpha() for piece in letters):
        together = "".join(letters)
        yield from [together] if spelling.is_known(together) else letters
        return
    for before, piece in zip(["", *pieces], pieces, strict=False):
        if piece[0].isalnum():
            yield _undisguised(piece, spelling) or _unstretched(piece, spelling)
        elif not (piece == "." and before.isdigit()):
            yield from () if piece in ("-", "/", "_") else _stop(piece)


def _unstretched(word: str, spelling: Spelling) -> str:
    """`killlll` is kill and `dieee` die: a run of three or more letters is one or two, whichever is known."""
    runs = _STRETCHED.findall(word) if len(word) <= LONGEST_WORD else []
    if not runs or len(runs) > 4:
        return _STRETCHED.sub(r"\1", word) if runs else word
    parts = _STRETCHED.split(word)
    tried = [
        "".join(part if at % 2 == 0 else part * times[at // 2] for at, part in enumerate(parts))
        for times in product((1, 2), repeat=len(runs))
    ]
    found = next(filter(spelling.is_known, tried), None) or next((it for it in tried if it in spelling.foreign), None)
    return found or _STRETCHED.sub(r"\1", word)


def _undisguised(word: str, spelling: Spelling) -> str | None:
    """A listed word in which digits or symbols stand for letters, an asterisk for any; otherwise None."""
    if len(word) > LONGEST_WORD or word.isalpha() or not _DISGUISING.search(word) or _MEDICAL.fullmatch(word):
        return None
    bare = word.strip("*_#.|")
    for tried in (bare.replace("*", "").replace("_", "").replace("|", ""), bare.translate(_LETTER_FOR)):
        plain = _STRETCHED.sub(r"\1", tried)
        for it in (tried, plain):
            if it in spelling.disguised:
                return it
    if not set(bare) & set("*_#.") or not bare or not bare[0].isalpha():
        return None
    shape = re.compile("".join("[^\\W\\d_]" if it in "*_#." else re.escape(it.translate(_LETTER_FOR)) for it in bare))
    return next((it for it in sorted(spelling.disguised) if len(it) > 2 and shape.fullmatch(it)), None)


def _unspaced_letters(words: list[str], spelling: Spelling) -> list[str]:
    """`k m s` is kms: single letters are joined where they make a known word of three or more."""
    out: list[str] = []
    at = 0
    while at < len(words):
        end = at
        while end < len(words) and end - at < LONGEST_SPELLED and len(words[end]) == 1 and words[end].isalpha():
            end += 1
        found = None
        if end - at >= SHORTEST_SPELLED:
            ends = range(end, at + SHORTEST_SPELLED - 1, -1)
            found = next((it for it in ends if spelling.is_known("".join(words[at:it]))), None)
        out.append("".join(words[at:found]) if found else words[at])
        at = found or at + 1
    return out


def _merged(found: list[list[str]]) -> list[list[str]]:
    """`i. want. to. die.` is one sentence: three or more sentences of one word each belong together."""
    out: list[list[str]] = []
    run: list[list[str]] = []
    for sentence in [*found, []]:
        if len(sentence) == 1:
            run.append(sentence)
            continue
        out += [[word for one in run for word in one]] if len(run) > 2 else run
        run = []
        if sentence:
            out.append(sentence)
    return out
