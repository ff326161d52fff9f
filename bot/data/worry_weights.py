"""How much does each word weigh, and is the file that says so sound?"""

import csv
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
    head, *rows = list(csv.reader(text.splitlines(), dialect="excel-tab", quoting=csv.QUOTE_NONE)) or [[]]
    if tuple(head) != COLUMNS:
        raise BrokenWeights(f"{NAME} does not start with the names of its columns")
    try:
        found = {mark: Scales._make(float(number or 0) for number in numbers) for mark, *numbers in rows}
    except (TypeError, ValueError) as error:
        raise BrokenWeights(f"{NAME} holds a line that is no mark with {len(Scales._fields)} numbers") from error
    if not all(isfinite(number) for scales in found.values() for number in scales):
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
