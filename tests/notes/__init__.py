"""Which notes were written for the screen?"""

import tomllib
from functools import cache
from pathlib import Path
from typing import Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

FOLDER = Path(__file__).parent
UNSEEN = ("frozen", "unseen", "unseen-2", "unseen-3", "unseen-ordinary", "unseen-languages")
"""Files from which nothing is learned and nothing is tuned: they judge."""

IN_THEIR_LANGUAGE = ("own-language-1", "own-language-2", "own-language-3")
"""Other languages are answered by phrases alone; too few notes are here to weigh their words by."""

SEEN = tuple(sorted(path.stem for path in FOLDER.glob("*.toml") if path.stem not in (*UNSEEN, *IN_THEIR_LANGUAGE)))
"""Those that teach what words weigh."""


class Note(BaseModel):
    """One invented note, what the screen should make of it, and for A which card."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    text: str = Field(min_length=1)
    label: Literal["A", "B", "none"]
    category: str = Field(min_length=1)
    oblique: bool = False
    card: Literal["self", "other", "hurt", "harm_from", "harm_to"] | None = None

    @model_validator(mode="after")
    def _only_an_a_note_opens_a_card(self) -> Self:
        if (self.card is None) is (self.label == "A") or (self.oblique and self.label != "A"):
            raise ValueError("a card belongs to every A note and to no other, oblique to A alone")
        return self


class NoteFile(BaseModel):
    """What one file holds."""

    note: list[Note]


@cache
def notes(file: str) -> tuple[Note, ...]:
    """The notes of one file, by its name without an ending."""
    return tuple(NoteFile.model_validate(tomllib.loads((FOLDER / f"{file}.toml").read_text("utf-8"))).note)
