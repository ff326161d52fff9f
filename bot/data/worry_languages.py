"""Which phrases does the screen look for in other languages, a file each, and is each sound?"""

import tomllib
from collections.abc import Iterator
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Annotated, Self

from pydantic import Field, ValidationError, model_validator

from bot.data.pattern_rows import BrokenPatterns, MaskRow, PatternRow, Row

ENDING = ".toml"


class LanguageFile(Row):
    """One language: the ids of its rows begin with its name."""

    masks: list[MaskRow] = Field(alias="mask", default=[])
    patterns: Annotated[list[PatternRow], Field(min_length=1, alias="pattern")]

    def phrases(self) -> Iterator[str]:
        """Of all rows."""
        for row in (*self.patterns, *self.masks):
            yield from row.phrases

    @model_validator(mode="after")
    def _every_id_is_one_thing(self) -> Self:
        ids = [row.id for row in (*self.masks, *self.patterns)]
        if len(ids) > len(set(ids)) or len({name.split(".")[0] for name in ids}) > 1:
            raise ValueError("ids must be different, and begin with one name")
        return self


def names() -> tuple[str, ...]:
    """Of every packaged language; raises BrokenPatterns."""
    try:
        return tuple(sorted(it.name.removesuffix(ENDING) for it in _folder().iterdir() if it.name.endswith(ENDING)))
    except OSError as error:
        raise BrokenPatterns(f"languages can't be read: {error}") from error


def read(name: str) -> LanguageFile:
    """Raises BrokenPatterns, with the first mistake in one line."""
    where = f"languages/{name}{ENDING}"
    try:
        return LanguageFile.model_validate(tomllib.loads(_folder().joinpath(name + ENDING).read_text("utf-8")))
    except OSError as error:
        raise BrokenPatterns(f"{where} can't be read: {error}") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise BrokenPatterns(f"{where} is not TOML: {error}") from error
    except ValidationError as error:
        first = error.errors()[0]
        field = ".".join(str(step) for step in first["loc"])
        raise BrokenPatterns(f"{where}, {field}: {first['msg']}") from error


def _folder() -> Traversable:
    return files("bot.data").joinpath("languages")
