"""What can be said to a member about their own day? Reads and checks lines.toml."""

import re
import tomllib
from functools import lru_cache
from importlib import resources
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from bot.domain.facts import FactKind
from bot.domain.lines import LEAST_COOL_DOWN, PLACEHOLDERS, Line, Moment, Tone
from bot.domain.phases import GENTLE, STUDYING, Phase

LONGEST_ID = 40
"""It stands in the custom_id of a button."""


class _Line(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    id: Annotated[str, Field(pattern=r"^[a-z0-9-]+$", max_length=LONGEST_ID)]
    said: Annotated[frozenset[Moment], Field(min_length=1)]
    needs: Annotated[frozenset[FactKind], Field(min_length=1)]
    tone: Tone
    phases: frozenset[Phase] = STUDYING
    text: str
    cool_down: Annotated[int, Field(ge=LEAST_COOL_DOWN)] = LEAST_COOL_DOWN
    source: str = ""
    as_of: str = ""

    @field_validator("tone")
    @classmethod
    def _is_spoken(cls, tone: Tone) -> Tone:
        if tone is Tone.NONE:
            raise ValueError("a line needs a tone in which it is said")
        return tone

    @model_validator(mode="after")
    def _fits(self) -> "_Line":
        filled = {PLACEHOLDERS[kind] for kind in self.needs if kind in PLACEHOLDERS}
        if unknown := set(re.findall(r"\{(.*?)\}", self.text)) - filled:
            raise ValueError(f"{self.id} has a number that none of its facts brings: {', '.join(sorted(unknown))}")
        if not self.phases <= (GENTLE if Moment.GENTLE in self.said else STUDYING):
            raise ValueError(f"{self.id} is said in a phase in which nothing of the kind is said")
        if bool(self.source) != bool(self.as_of):
            raise ValueError(f"{self.id} needs both its source and the source's date, or neither")
        return self


class _File(BaseModel):
    model_config = ConfigDict(extra="forbid")

    line: list[_Line]

    @model_validator(mode="after")
    def _no_twins(self) -> "_File":
        if len({line.id for line in self.line}) < len(self.line):
            raise ValueError("two lines have the same id")
        return self


def parse(text: str) -> tuple[Line, ...]:
    """The lines of such a file. Raises ValueError for one that breaks a rule."""
    found: dict[str, Any] = tomllib.loads(text)
    return tuple(Line(**line.model_dump()) for line in _File.model_validate(found).line)


@lru_cache(maxsize=1)
def lines() -> tuple[Line, ...]:
    """The packaged lines. Raises ValueError or OSError where the file is broken."""
    return parse((resources.files("bot.data") / "lines.toml").read_text(encoding="utf-8"))
