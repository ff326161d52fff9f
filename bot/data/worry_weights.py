"""How much does each word weigh, and is the file that says so sound?"""

from functools import cache
from importlib.resources import files
from math import isfinite

from bot.domain.weights import Scales, Weights

NAME = "worry_weights.tsv"
START = "*start*"
COLUMNS = ("mark", *Scales._fields)


class BrokenWeights(Exception):
    """The file of weights can't be used, and why."""


def load() -> Weights:
    """The packaged weights; raises BrokenWeights."""
    try:
        text = files("bot.data").joinpath(NAME).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise BrokenWeights(f"{NAME} can't be read: {error}") from error
    return parse(text)


def parse(text: str) -> Weights:
    """Weights from the text of a file, a mark and its numbers a line, nothing for zero; raises BrokenWeights."""
    head, *lines = text.splitlines() or [""]
    if tuple(head.split("\t")) != COLUMNS:
        raise BrokenWeights(f"{NAME} does not start with the names of its columns")
    number = cache(float)  # most of them stand there many times, and each would be an object of its own
    try:
        rows = (line.split("\t") for line in lines)
        found = {mark: Scales._make(number(each or "0") for each in numbers) for mark, *numbers in rows}
    except (TypeError, ValueError) as error:
        raise BrokenWeights(f"{NAME} holds a line that is no mark with {len(Scales._fields)} numbers") from error
    if not all(isfinite(each) for scales in found.values() for each in scales):
        raise BrokenWeights(f"{NAME} holds a number without bounds")
    if START not in found:
        raise BrokenWeights(f"{NAME} has no line {START}")
    return Weights(start=found.pop(START), of=found)


def written(weights: Weights) -> str:
    """The text of such a file, the heaviest first, two decimals."""
    rows = [(mark, Scales(*(round(number, 2) for number in scales))) for mark, scales in weights.of.items()]
    rows.sort(key=lambda row: (-row[1].danger, row[0]))
    lines = [COLUMNS, *((mark, *map(_short, scales)) for mark, scales in [(START, weights.start), *rows])]
    return "".join("\t".join(line) + "\n" for line in lines)


def _short(number: float) -> str:
    return f"{number:.2f}" if abs(number) >= 0.005 else ""
