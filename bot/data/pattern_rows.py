"""What does a row of a pattern file look like: a pattern with its lines, or a mask?"""

import tomllib
from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError, model_validator

from bot.domain.patterns import About, Card, Tier


class BrokenPatterns(Exception):
    """A pattern file can't be used, and why; whoever needs the screen treats every note as tier B meanwhile."""


Id = Annotated[str, StringConstraints(pattern=r"^[a-z_]+\.[a-z_]+$")]
Words = Annotated[str, StringConstraints(min_length=1, max_length=4000, strip_whitespace=True)]
Some = Annotated[list[Words], Field(min_length=1)]


class Row(BaseModel):
    """Whatever such a file holds; nothing else may stand in it."""

    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)

    @classmethod
    def of_text(cls, text: str, place: str) -> Self:
        """From the text of the file at that place; raises BrokenPatterns, with the first mistake in one line."""
        try:
            return cls.model_validate(tomllib.loads(text))
        except tomllib.TOMLDecodeError as error:
            raise BrokenPatterns(f"{place} is not TOML: {error}") from error
        except ValidationError as error:
            first = error.errors()[0]
            field = ".".join(str(step) for step in first["loc"])
            raise BrokenPatterns(f"{place}, {field}: {first['msg']}") from error


class PatternRow(Row):
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


class MaskRow(Row):
    """Words that mean something else, with lines in which nothing may be found."""

    id: Id
    phrases: Some
    hit: Some
