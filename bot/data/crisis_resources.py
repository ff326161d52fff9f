"""Which crisis numbers are shipped, are they well formed, and which should somebody check again?"""

import re
import tomllib
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from importlib.resources import files
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints, model_validator

from bot.domain import crisis, opening_hours

A_YEAR = timedelta(days=365)
NUMBER = re.compile(r"(?P<number>\+?[\d(][\d ()-]*\d)(?:, then \d)?(?: \([^()]+\))?")
TEXT = re.compile(r"(?:(?P<word>[A-Z]+) to )?(?P<number>\d[\d -]*\d)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Stale:
    """An entry unchecked against its official page for over a year, or ever (`checked_on` is None)."""

    id: str
    what: str
    checked_on: date | None
    source: str
    source_date: str


def load() -> crisis.Resources:
    """The packaged data; raises pydantic's ValidationError or TOMLDecodeError if somebody broke the file."""
    return parse(files("bot.data").joinpath("crisis_resources.toml").read_text(encoding="utf-8"))


def parse(text: str) -> crisis.Resources:
    """Resources from the text of a data file; raises like `load`."""
    rows = _File.model_validate(tomllib.loads(text))
    return crisis.Resources(
        countries=tuple(row.country() for row in rows.country),
        international=tuple(row.line() for row in rows.international),
    )


def stale(resources: crisis.Resources, today: date) -> list[Stale]:
    """What a person should open or dial again, in the order of the file."""
    entries: list[tuple[str, crisis.Line | crisis.Emergency | crisis.Answer]]
    entries = [(line.name, line) for line in resources.international]
    for place in resources.countries:
        entries += [(f"{place.name}: emergency {it.number}", it) for it in place.emergency]
        entries += [(f"{place.name}: {line.name}", line) for line in place.lines]
        entries += [(f"{place.name}: {answer.asks}", answer) for answer in place.answers]
    return [
        Stale(id=it.id, what=what, checked_on=it.checked_on, source=it.source, source_date=it.source_date)
        for what, it in entries
        if it.checked_on is None or today - it.checked_on > A_YEAR
    ]


def _dialable(number: str) -> str:
    shape = NUMBER.fullmatch(number)
    if not shape or not 2 <= sum(letter.isdigit() for letter in shape["number"]) <= 15:
        raise ValueError(f"{number!r} is not a number as it is dialled, 2 to 15 digits")
    return number


def _writable(text: str) -> str:
    if text and not TEXT.fullmatch(text):
        raise ValueError(f"{text!r} is neither a number nor like 'HOME to 741741'")
    return text


def _hours(text: str) -> str:
    if text:
        opening_hours.parse(text)
    return text


def _partial_date(text: str) -> str:
    if not re.fullmatch(r"\d{4}(-\d\d){0,2}", text):
        raise ValueError(f"{text!r} is not a year, a month or a day")
    date.fromisoformat((text + "-01-01")[:10])
    return text


def _day(text: str) -> str:
    if text:
        date.fromisoformat(text)
    return text


Id = Annotated[str, StringConstraints(pattern=r"^[a-z]{2,3}(-[a-z0-9]+)+$")]
Code = Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}$")]
Words = Annotated[str, StringConstraints(min_length=2, max_length=90, pattern=r"^\S(.*\S)?$")]
Web = Annotated[str, StringConstraints(pattern=r"^$|^[a-z0-9-]+(\.[a-z0-9-]+)+(/[a-z0-9-]+)*$")]
Dialable = Annotated[str, AfterValidator(_dialable)]
Said = Annotated[str, StringConstraints(max_length=240, pattern=r"^[A-Z].*\.$")]
Hours = Literal["24/7", "24 hours", "check the site for hours", "hours unknown"]


class _Row(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)


class _Sourced(_Row):
    id: Id
    source: Words
    source_date: Annotated[str, AfterValidator(_partial_date)]
    checked_on: Annotated[str, AfterValidator(_day)]

    def checked(self) -> date | None:
        return date.fromisoformat(self.checked_on) if self.checked_on else None


class _International(_Sourced):
    name: Words
    web: Web
    confidence: Literal["high", "medium"]

    def line(self) -> crisis.Line:
        return crisis.Line(**self.model_dump(exclude={"checked_on"}), checked_on=self.checked())


class _Emergency(_Sourced):
    number: Annotated[str, StringConstraints(pattern=r"^\d{2,5}$")]
    service: Annotated[str, StringConstraints(max_length=20)]
    confidence: Literal["read", "aggregator", "known"]

    def emergency(self) -> crisis.Emergency:
        return crisis.Emergency(**self.model_dump(exclude={"checked_on"}), checked_on=self.checked())


class _Line(_Sourced):
    name: Words
    on_card: list[Literal["call", "text", "next"]] = []
    call: list[Dialable] = []
    text: Annotated[str, AfterValidator(_writable)] = ""
    whatsapp: Annotated[str, AfterValidator(lambda number: number and _dialable(number))] = ""
    web: Web = ""
    chat: bool = False
    hours: Hours
    languages: list[Words]
    audience: Words = Field(alias="for")
    region: str = ""
    note: str = ""
    listed: Annotated[str, AfterValidator(_hours)] = ""
    others: bool = False
    harmed: bool = False
    tells: Said | Literal[""] = ""
    free: bool
    confidence: Literal["high", "medium"]

    @model_validator(mode="after")
    def _can_be_reached(self) -> Self:
        written = self.text or self.whatsapp or self.chat
        if not self.call and not written:
            raise ValueError(f"{self.id} has no way to reach it")
        if (self.chat or self.hours == crisis.CHECK_SITE) and not self.web:
            raise ValueError(f"{self.id} sends people to a site it does not name")
        if ("text" in self.on_card and not written) or ({"call", "next"} & {*self.on_card} and not self.call):
            raise ValueError(f"{self.id} stands on the card for a way it does not have")
        if self.listed and self.hours in crisis.ALL_HOURS:
            raise ValueError(f"{self.id} is open at all hours and lists others")
        return self

    def line(self) -> crisis.Line:
        lists = {"on_card", "call", "languages", "listed", "checked_on"}
        return crisis.Line(
            **self.model_dump(exclude=lists),
            on_card=tuple(crisis.Role(role) for role in self.on_card),
            call=tuple(self.call),
            languages=tuple(self.languages),
            listed=opening_hours.parse(self.listed) if self.listed else None,
            checked_on=self.checked(),
        )


class _Answer(_Sourced):
    asks: Annotated[str, StringConstraints(max_length=60, pattern=r"^[A-Z].*\?$")]
    says: Said

    def answer(self) -> crisis.Answer:
        return crisis.Answer(**self.model_dump(exclude={"checked_on"}), checked_on=self.checked())


class _Country(_Row):
    code: Code
    also: list[Code] = []
    name: Words
    aliases: list[Words]
    emergency: Annotated[list[_Emergency], Field(min_length=1)]
    lines: list[_Line] = Field(default=[], alias="line")
    answers: list[_Answer] = Field(default=[], alias="answer")

    @model_validator(mode="after")
    def _one_of_each_on_the_card(self) -> Self:
        roles = [role for line in self.lines for role in line.on_card]
        _no_twins(roles, f"roles on the card of {self.code}")
        if self.lines and not {"call", "text"} & {*roles}:
            raise ValueError(f"{self.code} has lines, but none of them on the card")
        sourced = (*self.emergency, *self.lines, *self.answers)
        strangers = [it.id for it in sourced if it.id[:2] != self.code.lower()]
        if strangers:
            raise ValueError(f"{strangers} stand under {self.code}")
        return self

    def country(self) -> crisis.Country:
        return crisis.Country(
            code=self.code,
            also=tuple(self.also),
            name=self.name,
            aliases=tuple(self.aliases),
            emergency=tuple(row.emergency() for row in self.emergency),
            lines=tuple(row.line() for row in self.lines),
            answers=tuple(row.answer() for row in self.answers),
        )


class _File(_Row):
    country: Annotated[list[_Country], Field(min_length=1)]
    international: Annotated[list[_International], Field(min_length=1)]

    @model_validator(mode="after")
    def _every_name_means_one_thing(self) -> Self:
        sourced = [it for place in self.country for it in (*place.emergency, *place.lines, *place.answers)]
        _no_twins((it.id for it in (*self.international, *sourced)), "ids")
        _no_twins((code for place in self.country for code in (place.code, *place.also)), "codes")
        names = (name for place in self.country for name in (place.name, *place.aliases))
        _no_twins((crisis.folded(name) for name in names), "names")
        return self


def _no_twins(words: Iterable[str], what: str) -> None:
    twins = sorted(word for word, times in Counter(words).items() if times > 1)
    if twins:
        raise ValueError(f"{what} must be different: {', '.join(twins)}")
