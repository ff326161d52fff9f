"""Which phrases does the screen look for in other languages, a file each, and is each sound?"""

from collections.abc import Callable, Iterator
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Annotated, Self

from pydantic import Field, model_validator

from bot.data.pattern_rows import BrokenPatterns, MaskRow, PatternRow, Row

ENDING = ".toml"

Broken = Callable[[BrokenPatterns], None]
"""Told of a language that can't be used; may raise it."""


class LanguageFile(Row):
    """One language: the ids of its rows begin with the name of the file."""

    masks: list[MaskRow] = Field(alias="mask", default=[])
    patterns: Annotated[list[PatternRow], Field(min_length=1, alias="pattern")]

    def phrases(self) -> Iterator[str]:
        """Of all rows."""
        for row in (*self.patterns, *self.masks):
            yield from row.phrases

    def without_lines(self) -> Self:
        """What is looked for; its lines are for tests and readers."""
        patterns = [row.model_copy(update={"hit": [], "miss": []}) for row in self.patterns]
        masks = [row.model_copy(update={"hit": []}) for row in self.masks]
        return self.model_copy(update={"patterns": patterns, "masks": masks})

    @model_validator(mode="after")
    def _every_id_is_one_thing(self) -> Self:
        ids = [row.id for row in (*self.masks, *self.patterns)]
        if len(ids) > len(set(ids)):
            raise ValueError("ids must be different")
        return self


def names() -> tuple[str, ...]:
    """Of every packaged language; raises BrokenPatterns."""
    try:
        return tuple(sorted(it.name.removesuffix(ENDING) for it in _folder().iterdir() if it.name.endswith(ENDING)))
    except OSError as error:
        raise BrokenPatterns(f"languages can't be read: {error}") from error


def load(broken: Broken) -> dict[str, LanguageFile]:
    """Every packaged language, without its lines; one that can't be used is told and left out."""
    found: dict[str, LanguageFile] = {}
    for name in names():
        try:
            found[name] = read(name).without_lines()
        except BrokenPatterns as error:
            broken(error)
    return found


def read(name: str) -> LanguageFile:
    """Raises BrokenPatterns, with the first mistake in one line."""
    try:
        return parse(name, _folder().joinpath(name + ENDING).read_text("utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise BrokenPatterns(f"{place(name)} can't be read: {error}") from error


def parse(name: str, text: str) -> LanguageFile:
    """The text of such a file; raises BrokenPatterns, with the first mistake in one line."""
    file = LanguageFile.of_text(text, place(name))
    if any(not row.id.startswith(f"{name}.") for row in (*file.masks, *file.patterns)):
        raise BrokenPatterns(f"{place(name)}: every id begins with {name} and a dot")
    return file


def place(name: str) -> str:
    """Where the file of a language stands, for whoever must mend it."""
    return f"languages/{name}{ENDING}"


def _folder() -> Traversable:
    return files("bot.data").joinpath("languages")
