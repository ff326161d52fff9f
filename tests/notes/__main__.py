"""What do the labelled notes weigh? `python -m tests.notes` learns it anew and writes bot/data/worry_weights.tsv.

`--check` learns from all files but a few in turn, prints what the screen would answer to those it has not seen, and
writes nothing. By that the thresholds of bot/domain/weights.py were chosen.
"""

import argparse
import sys
from collections.abc import Iterator, Sequence, Set
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files
from pathlib import Path

from bot.data import worry_patterns, worry_weights
from bot.domain import screens
from bot.domain.patterns import Card, Tier
from bot.domain.weights import CARDS, Scales, Weights
from tests.notes import SEEN, Note, notes
from tests.notes.learning import Learned, frequent, learn

FILES_AT_ONCE = 4
LINES = "the pattern file's lines"
PLAINEST = "plainest"
INSISTED = 3
"""How often a note of that file is learned from: with few words to go by, each has to be heard."""


@dataclass(frozen=True, slots=True)
class Lesson:
    """One note, or one line of the pattern file, as it is learned from."""

    file: str
    note: Note
    marks: Set[str]


def main() -> int:
    asked = argparse.ArgumentParser(prog="python -m tests.notes", description=__doc__)
    asked.add_argument("--check", action="store_true", help="judge notes that were not learned from; writes nothing")
    if asked.parse_args().check:
        check()
    else:
        path = Path(str(files("bot.data").joinpath(worry_weights.NAME)))
        path.write_text(worry_weights.written(learned(lessons())), encoding="utf-8", newline="\n")
    return 0


@cache
def lessons() -> tuple[Lesson, ...]:
    """Everything that may be learned from."""
    alone = worry_patterns.alone()
    return tuple(
        Lesson(file, note, frozenset(screens.marks(note.text, alone)))
        for file, some in (*((file, notes(file)) for file in SEEN), (LINES, tuple(_lines())))
        for note in some * (INSISTED if file == PLAINEST else 1)
    )


def learned(some: Sequence[Lesson]) -> Weights:
    """The weights of these notes; what is only hinted at teaches nothing, for others say the same and mean nothing."""
    plain = [lesson for lesson in some if not lesson.note.oblique]
    known = frequent([lesson.marks for lesson in plain])
    with ProcessPoolExecutor() as pool:
        answers = list(pool.map(_one, [(question, plain, known) for question in Scales._fields]))
    return Weights(
        start=Scales(*(it.start for it in answers)),
        of={mark: Scales(*(it.of.get(mark, 0.0) for it in answers)) for mark in sorted(known)},
    )


def _one(asked: tuple[str, Sequence[Lesson], frozenset[str]]) -> Learned:
    question, some, known = asked
    chosen = [it for it in some if question not in CARDS or it.note.label == "A"]
    return learn([it.marks & known for it in chosen], [_answer(question, it.note) for it in chosen])


def _answer(question: str, note: Note) -> bool:
    if question == "worry":
        return note.label != "none"
    return note.label == "A" if question == "danger" else note.card == question


def _lines() -> Iterator[Note]:
    """The pattern file's own: what a pattern finds, what it leaves alone, and what a mask hides."""
    file = worry_patterns.read(files("bot.data").joinpath("worry_patterns.toml").read_text("utf-8"))
    for row in file.patterns:
        card = Card(row.card).name.lower() if row.tier is Tier.A else None
        for text in row.hit:
            yield Note.model_validate({"text": text, "label": str(row.tier), "category": row.id, "card": card})
        for text in row.miss:
            yield Note(text=text, label="none", category=row.id)
    for mask in file.masks:
        for text in mask.hit:
            yield Note(text=text, label="none", category=mask.id)


def check() -> None:
    """Every file is judged once by what the others teach."""
    alone = worry_patterns.alone()
    judged: list[tuple[Note, Tier]] = []
    for first in range(0, len(SEEN), FILES_AT_ONCE):
        left_out = SEEN[first : first + FILES_AT_ONCE]
        taught = replace(alone, weights=learned([it for it in lessons() if it.file not in left_out]))
        for file in left_out:
            found = [(note, screens.screen(note.text, taught).tier) for note in notes(file)]
            judged += found
            print(f"{file:20}", _shares(found), flush=True)
    print(f"{'all':20}", _shares(judged))


def _shares(judged: Sequence[tuple[Note, Tier]]) -> str:
    """What was answered of each kind."""
    kinds = {
        "A": [tier for note, tier in judged if note.label == "A" and not note.oblique],
        "B": [tier for note, tier in judged if note.label == "B"],
        "ordinary": [tier for note, tier in judged if note.label == "none"],
        "hints": [tier for note, tier in judged if note.oblique],
    }
    return "   ".join(
        f"{kind}: card {_share(some, Tier.A)} anything {_share(some, Tier.A, Tier.B)}" for kind, some in kinds.items()
    )


def _share(some: Sequence[Tier], *wanted: Tier) -> str:
    return f"{sum(tier in wanted for tier in some) / max(1, len(some)):.3f}"


if __name__ == "__main__":
    sys.exit(main())
