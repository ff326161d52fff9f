"""A member's page holds what was written about them, all of it and nothing of anybody else, from one statement."""

import asyncio
import shutil
import sqlite3
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import aiosqlite
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain import ledgers as rules
from bot.domain.blocks import Work
from bot.domain.check_ins import CheckIn, Choice, Outcome
from bot.domain.days import Clock, Kind, Nights, Timetable
from bot.domain.goals import EVERY_DAY, Chosen, Goal
from bot.domain.ledgers import FOREVER, Enrolment, Ledger, Record, Span, SpanKind
from bot.domain.lines import Tone
from bot.domain.phases import Phase
from bot.services.records import Records
from bot.storage import ledgers
from bot.storage.database import Transaction
from bot.storage.ledgers import Page
from bot.storage.rhythms import Rhythm
from tests.test_ledgers_rules import lives

ANA, BEN = 101, 102
MONDAY = date(2026, 3, 2)
DAY = timedelta(days=1)
NOON = datetime(2026, 3, 2, 18, tzinfo=UTC)
HOME, AWAY = Clock(zone="America/Chicago"), Clock(zone="Asia/Manila", cut_hour=6, morning_minute=480, evening_minute=0)
NIGHTS = Nights(from_day=MONDAY, to_day=MONDAY + DAY, cut_hour=10, morning_minute=960, evening_minute=510)


@dataclass
class Pen:
    """Writes into the tables, past everything that would check it."""

    tx: Transaction

    async def __call__(self, table: str, **values: object) -> int:
        names = ", ".join(values)
        marks = ", ".join(f":{name}" for name in values)
        return await self.tx.one(int, f"INSERT INTO {table} ({names}) VALUES ({marks}) RETURNING rowid", **values)

    async def member(self, discord_id: int, **values: object) -> int:
        """Somebody with one clock, unless `clocks` says none."""
        known: dict[str, object] = {
            "name": "Ana",
            "locale": "en-US",
            "started_day": MONDAY,
            "latest_day": MONDAY,
            "last_sign_at": NOON,
        }
        return await self("members", discord_id=discord_id, **(known | values))

    async def clock(self, member_id: int, from_day: date, clock: Clock) -> None:
        await self(
            "clocks",
            member_id=member_id,
            from_day=from_day,
            zone=clock.zone,
            cut_hour=clock.cut_hour,
            morning_minute=clock.morning_minute,
            evening_minute=clock.evening_minute,
        )

    async def cohort(self, name: str) -> int:
        await self.tx.execute("INSERT INTO guilds (id) VALUES (5) ON CONFLICT DO NOTHING")
        return await self("cohorts", guild_id=5, name=name, name_key=name, channel_id=6, created_at=0)

    async def entry(self, member_id: int, day: date, amount: int, kind: Work = Work.QUESTIONS, **values: object) -> int:
        known: dict[str, object] = {"source": "log", "at": NOON}
        return await self("entries", member_id=member_id, study_day=day, amount=amount, kind=kind, **(known | values))

    async def life(self, discord_id: int, ledger: Ledger) -> int:
        """All rows of a ledger but those of cohorts."""
        member_id = await self.member(
            discord_id, started_day=ledger.started_day, latest_day=ledger.timetable.latest_day
        )
        for day, clock in ledger.timetable.clocks:
            await self.clock(member_id, day, clock)
        for day, phase in ledger.phases:
            await self("phases", member_id=member_id, from_day=day, phase=phase)
        for span in ledger.spans:
            await self("spans", member_id=member_id, kind=span.kind, from_day=span.from_day, to_day=span.to_day)
        for day, mask in ledger.rest_weekdays:
            await self("rest_weekdays", member_id=member_id, from_day=day, mask=mask)
        for day, exam in ledger.exam_dates:
            await self("exam_dates", member_id=member_id, from_day=day, date=exam or "")
        for choice in ledger.goals:
            await self.goal(member_id, choice)
        for day, said in ledger.records.items():
            await self.day(member_id, day, said)
        return member_id

    async def goal(self, member_id: int, choice: Chosen) -> None:
        goal = choice.goal or Goal(floor=1, usual=1, stretch=1)
        await self(
            "goals",
            member_id=member_id,
            kind=choice.kind,
            weekday=choice.weekday,
            from_day=choice.from_day,
            floor=goal.floor,
            usual=goal.usual,
            stretch=goal.stretch,
            ended=choice.goal is None,
        )

    async def day(self, member_id: int, day: date, said: Record) -> None:
        if said.choice or said.outcome or said.mood is not None:
            await self(
                "check_ins",
                member_id=member_id,
                study_day=day,
                choice=said.choice,
                outcome=said.outcome,
                mood=said.mood,
                version=1,
                at=NOON,
            )
        for kind, amount in said.work.items():
            await self.entry(member_id, day, amount, kind)


async def written_by(records: Records, write: Any) -> None:
    async with records.writing() as tx:
        await write(Pen(tx))


async def page(records: Records, discord_id: int = ANA, since: date = date.min) -> Page:
    async with records.reading() as tx:
        found = await ledgers.of_discord(tx, discord_id, since)
    assert found is not None
    return found


# --- all of it


async def everything(pen: Pen) -> None:
    """Ana has of everything something, and Ben of everything something else."""
    ana = await pen.member(ANA, country="US", block_size=38, latest_day=MONDAY + 3 * DAY, last_sign_at=NOON + DAY)
    ben = await pen.member(BEN, name="Ben", started_day=MONDAY - 300 * DAY)
    for member, one, other in ((ben, AWAY, HOME), (ana, HOME, AWAY)):
        await pen.clock(member, MONDAY + 9 * DAY, other)
        await pen.clock(member, MONDAY, one)
        await pen("phases", member_id=member, from_day=MONDAY + 4 * DAY, phase="exam_booked")
        await pen("phases", member_id=member, from_day=MONDAY, phase="not_ready" if member == ben else "rebuilding")
    await pen("spans", member_id=ben, kind="pause", from_day=MONDAY)
    await pen("spans", member_id=ana, kind="rest", from_day=MONDAY + 5 * DAY, to_day=MONDAY + 5 * DAY)
    await pen("spans", member_id=ana, kind="pause", from_day=MONDAY + 8 * DAY)
    await pen("spans", member_id=ana, kind="outage", from_day=MONDAY + 2 * DAY, to_day=MONDAY + 2 * DAY)
    for member in (ana, ben):
        await pen(
            "spans",
            member_id=member,
            kind="nights",
            from_day=NIGHTS.from_day + (member - ana) * 40 * DAY,
            to_day=NIGHTS.to_day + (member - ana) * 40 * DAY,
            cut_hour=NIGHTS.cut_hour,
            morning_minute=NIGHTS.morning_minute,
            evening_minute=NIGHTS.evening_minute,
        )
        await pen("rest_weekdays", member_id=member, from_day=MONDAY + 7 * DAY, mask=0)
        await pen("rest_weekdays", member_id=member, from_day=MONDAY, mask=64 + member - ana)
        await pen("exam_dates", member_id=member, from_day=MONDAY + 6 * DAY, date="")
        await pen("exam_dates", member_id=member, from_day=MONDAY, date=MONDAY + (90 + member) * DAY)
        await pen("addresses", member_id=member, kind="dm", checked_at=0, state="open" if member == ana else "closed")
    for choice in GOALS:
        await pen.goal(ana, choice)
    await pen.goal(ben, replace(GOALS[0], goal=Goal(floor=1, usual=2, stretch=3)))
    await pen.day(ana, MONDAY, Record(choice=Choice.FLOOR, outcome=Outcome.KEPT, mood=4))
    await pen.day(ana, MONDAY + DAY, Record(choice=Choice.USUAL))
    await pen.day(ben, MONDAY, Record(outcome=Outcome.ROUGH, mood=1))
    await pen.day(ben, MONDAY + 2 * DAY, Record(outcome=Outcome.SOME))
    text = await pen("texts", member_id=ana, kind="line", key_no=1, cipher=b"locked", at=0)
    await pen.tx.execute("UPDATE check_ins SET text_id = :text WHERE member_id = :ana AND mood = 4", text=text, ana=ana)
    await pen.entry(ana, MONDAY, 20)
    await pen.entry(ana, MONDAY, 15, source="check_in")
    await pen.entry(ana, MONDAY, 500, voided_at=NOON)
    await pen.entry(ana, MONDAY, 30, Work.FLASHCARDS)
    await pen.entry(ana, MONDAY + 2 * DAY, 0, source="check_in")
    await pen.entry(ana, MONDAY + 3 * DAY, 20, voided_at=NOON)
    await pen.entry(ben, MONDAY, 7)
    await pen.entry(ben, MONDAY + 3 * DAY, 9, Work.VIDEOS)
    for member, day in ((ben, MONDAY), (ana, MONDAY + DAY)):
        for kind, more in ((Kind.EVENING, 9), (Kind.MORNING, 2)):
            await pen(
                "rhythms",
                member_id=member,
                kind=kind,
                next_day=day,
                next_due_at=NOON + more * timedelta(hours=1),
                useful_until=NOON + 24 * timedelta(hours=1),
                last_day=day - DAY,
            )


GOALS = (
    Chosen(kind=Work.QUESTIONS, weekday=EVERY_DAY, from_day=MONDAY, goal=Goal(floor=10, usual=20, stretch=30)),
    Chosen(kind=Work.QUESTIONS, weekday=5, from_day=MONDAY, goal=Goal(floor=5, usual=10, stretch=15)),
    Chosen(kind=Work.PAGES, weekday=EVERY_DAY, from_day=MONDAY + DAY, goal=Goal(floor=1, usual=1, stretch=1)),
    Chosen(kind=Work.QUESTIONS, weekday=5, from_day=MONDAY + 7 * DAY, goal=None),
)

SAID = {
    MONDAY: CheckIn(study_day=MONDAY, choice=Choice.FLOOR, outcome=Outcome.KEPT, mood=4, has_line=True, version=1),
    MONDAY + DAY: CheckIn(study_day=MONDAY + DAY, choice=Choice.USUAL, version=1),
}

ANAS_LEDGER = Ledger(
    started_day=MONDAY,
    timetable=Timetable(
        clocks=((MONDAY, HOME), (MONDAY + 9 * DAY, AWAY)), nights=(NIGHTS,), latest_day=MONDAY + 3 * DAY
    ),
    phases=((MONDAY, Phase.REBUILDING), (MONDAY + 4 * DAY, Phase.EXAM_BOOKED)),
    spans=(
        Span(kind=SpanKind.OUTAGE, from_day=MONDAY + 2 * DAY, to_day=MONDAY + 2 * DAY),
        Span(kind=SpanKind.REST, from_day=MONDAY + 5 * DAY, to_day=MONDAY + 5 * DAY),
        Span(kind=SpanKind.PAUSE, from_day=MONDAY + 8 * DAY, to_day=FOREVER),
    ),
    rest_weekdays=((MONDAY, 64), (MONDAY + 7 * DAY, 0)),
    goals=GOALS,
    exam_dates=((MONDAY, MONDAY + 91 * DAY), (MONDAY + 6 * DAY, None)),
    records={
        MONDAY: Record(
            choice=Choice.FLOOR, outcome=Outcome.KEPT, mood=4, work={Work.QUESTIONS: 35, Work.FLASHCARDS: 30}
        ),
        MONDAY + DAY: Record(choice=Choice.USUAL),
        MONDAY + 2 * DAY: Record(work={Work.QUESTIONS: 0}),
    },
)


async def test_a_page_is_what_was_written_about_its_member(records: Records) -> None:
    await written_by(records, everything)
    found = await page(records)
    assert found == Page(
        member_id=found.member_id,
        discord_id=ANA,
        name="Ana",
        country="US",
        block_size=38,
        last_sign_at=NOON + DAY,
        dms_closed=False,
        tone=Tone.PLAIN,
        last_card_at=None,
        ledger=ANAS_LEDGER,
        rhythms=tuple(
            Rhythm(
                id=rhythm.id,
                member_id=found.member_id,
                kind=kind,
                next_day=MONDAY + DAY,
                next_due_at=NOON + hours * timedelta(hours=1),
                useful_until=NOON + DAY,
                last_day=MONDAY,
            )
            for rhythm, kind, hours in zip(found.rhythms, (Kind.MORNING, Kind.EVENING), (2, 9), strict=True)
        ),
        written={day: (said.version, said.has_line) for day, said in SAID.items()},
    )
    assert (await page(records, BEN)).dms_closed


async def test_a_check_in_is_shown_with_the_days_questions_also_where_none_was_written(records: Records) -> None:
    await written_by(records, everything)
    found = await page(records)
    assert found.check_in(MONDAY) == replace(SAID[MONDAY], questions=35)
    assert found.check_in(MONDAY + DAY) == SAID[MONDAY + DAY]
    assert found.check_in(MONDAY + 2 * DAY) == CheckIn(study_day=MONDAY + 2 * DAY, questions=0)
    assert found.check_in(MONDAY + 3 * DAY) == CheckIn(study_day=MONDAY + 3 * DAY)


async def test_nothing_of_anybody_elses_is_on_a_page(records: Records) -> None:
    await written_by(records, everything)
    before = await page(records)
    async with records.writing() as tx:
        await tx.execute("DELETE FROM members WHERE discord_id = :ben", ben=BEN)
    assert await page(records) == before


async def test_days_before_the_asked_one_are_left_out_and_choices_are_not(records: Records) -> None:
    await written_by(records, everything)
    found = await page(records, since=MONDAY + DAY)
    later = {day: said for day, said in ANAS_LEDGER.records.items() if day > MONDAY}
    assert found.ledger == replace(ANAS_LEDGER, records=later)
    assert found.written.keys() == {MONDAY + DAY}


async def test_many_pages_are_the_same_as_each_alone(records: Records) -> None:
    await written_by(records, everything)
    each = [await page(records, person) for person in (ANA, BEN)]
    async with records.reading() as tx:
        ids = [one.member_id for one in each]
        assert await ledgers.of_members(tx, [*ids, 999], date.min) == dict(zip(ids, each, strict=True))
        assert await ledgers.of_members(tx, [], date.min) == {}


async def test_a_stranger_and_somebody_who_only_moderates_have_no_page(records: Records) -> None:
    async with records.writing() as tx:
        moderator = await Pen(tx).member(BEN)
        assert await ledgers.of_discord(tx, BEN, date.min) is None
        assert await ledgers.of_discord(tx, 999, date.min) is None
        assert await ledgers.of_members(tx, [moderator], date.min) == {}


async def test_a_page_is_one_statement(records: Records, tmp_path: Path) -> None:
    await written_by(records, everything)
    asked: list[str] = []
    async with aiosqlite.connect(tmp_path / "comeback.db", isolation_level=None) as connection:
        connection.row_factory = sqlite3.Row
        await connection.set_trace_callback(asked.append)  # pyright: ignore[reportUnknownMemberType]
        tx = Transaction(connection)
        found = await ledgers.of_discord(tx, ANA, MONDAY)
        assert found is not None
        assert len(asked) == 1
        await ledgers.of_members(tx, [found.member_id, found.member_id + 1], MONDAY)
        assert len(asked) == 2


# --- any lives of two members


def stored(ledger: Ledger) -> Ledger:
    """As it can be compared: no cohorts, no days on which nothing stands, and what began on one day in any order."""
    return replace(
        ledger,
        enrolments=(),
        records={day: said for day, said in ledger.records.items() if said != Record()},
        spans=tuple(sorted(ledger.spans, key=lambda span: (span.from_day, str(span)))),
        goals=tuple(sorted(ledger.goals, key=lambda choice: (choice.from_day, str(choice)))),
        timetable=replace(ledger.timetable, latest_day=MONDAY),
    )


def test_any_two_lives_come_back_as_they_were_written(migrated: Path, tmp_path: Path) -> None:
    shutil.copy(migrated, tmp_path / "comeback.db")
    records = Records(tmp_path / "comeback.db", tmp_path / "comeback.key")

    async def live(lived: Mapping[int, Ledger]) -> None:
        async with records.writing() as tx:
            await tx.execute("DELETE FROM members")
            for person, ledger in lived.items():
                await Pen(tx).life(person, ledger)
        for person, ledger in lived.items():
            assert stored((await page(records, person)).ledger) == ledger

    with asyncio.Runner() as runner:
        runner.run(records.open())

        @settings(max_examples=20, deadline=None)
        @given(st.fixed_dictionaries({ANA: lives.map(stored), BEN: lives.map(stored)}))
        def holds(lived: Mapping[int, Ledger]) -> None:
            runner.run(live(lived))

        try:
            holds()
        finally:
            runner.run(records.close())


# --- cohorts


@dataclass
class Places:
    """Ana's places in cohorts, and their pauses."""

    records: Records

    async def write(self, *cohorts: tuple[int, int | None, Iterable[tuple[int, int | None]]]) -> None:
        """Each as the day it began and ended on, and its pauses; days after a Monday, None for no end."""
        async with self.records.writing() as tx:
            pen = Pen(tx)
            ana = await pen.member(ANA, latest_day=MONDAY + 7 * DAY)
            await pen.clock(ana, MONDAY, HOME)
            await pen("phases", member_id=ana, from_day=MONDAY, phase="rebuilding")
            for number, (since, ended, pauses) in enumerate(cohorts):
                cohort = await pen.cohort(f"Cohort {number}")
                await pen(
                    "enrolments",
                    member_id=ana,
                    cohort_id=cohort,
                    since=NOON + since * DAY,
                    ended_at=None if ended is None else NOON + ended * DAY,
                    state="active" if ended is None else "left",
                )
                for first, last in pauses:
                    to_day = FOREVER if last is None else MONDAY + last * DAY
                    await pen("spans", cohort_id=cohort, kind="pause", from_day=MONDAY + first * DAY, to_day=to_day)

    async def paused(self, days: int = 8) -> str:
        """For each day, whether Ana is asked nothing: "p"."""
        ledger = (await page(self.records)).ledger
        return "".join("p" if rules.is_paused(ledger, MONDAY + day * DAY) else "-" for day in range(days))


@pytest.fixture
def places(records: Records) -> Places:
    return Places(records)


CASES: list[tuple[list[Any], str]] = [
    ([(0, None, [])], "--------"),
    ([(0, None, [(2, 3)])], "--pp----"),
    ([(0, None, [(2, None)])], "--pppppp"),
    ([(0, None, [(1, 2), (5, 5)])], "-pp--p--"),
    ([(0, None, [(2, 3)]), (0, None, [])], "--------"),
    ([(0, None, [(2, 4)]), (0, None, [(3, 5)])], "---pp---"),
    ([(0, None, [(0, None)]), (3, None, [])], "ppp-----"),
    ([(0, None, [(0, None)]), (0, 3, [])], "----pppp"),
    ([(0, 3, [(0, None)])], "pppp----"),
    ([], "--------"),
]


@pytest.mark.parametrize(("cohorts", "days"), CASES)
async def test_a_cohorts_pause_holds_on_days_on_which_no_other_cohort_of_the_member_goes_on(
    places: Places, cohorts: list[Any], days: str
) -> None:
    await places.write(*cohorts)
    assert await places.paused() == days


async def test_a_place_begins_and_ends_with_the_members_own_study_day(places: Places) -> None:
    """Enrolled at 01:00 in Chicago, while the study day before still lasts, and left at 01:00."""
    await places.write((0, None, [(0, None)]))
    async with places.records.writing() as tx:
        at_one = NOON + timedelta(hours=13)
        await tx.execute("UPDATE enrolments SET since = :at, ended_at = :later", at=at_one, later=at_one + 3 * DAY)
    assert await places.paused() == "pppp----"
    (place,) = (await page(places.records)).ledger.enrolments
    assert place == Enrolment(from_day=MONDAY, to_day=MONDAY + 3 * DAY, pauses=place.pauses)


async def test_a_pause_of_somebody_elses_cohort_is_nobodys_here(places: Places) -> None:
    await places.write((0, None, []))
    async with places.records.writing() as tx:
        pen = Pen(tx)
        ben, other = await pen.member(BEN), await pen.cohort("Other")
        await pen.clock(ben, MONDAY, HOME)
        await pen("enrolments", member_id=ben, cohort_id=other, since=NOON)
        await pen("spans", cohort_id=other, kind="pause", from_day=MONDAY)
    assert await places.paused() == "--------"
    assert rules.is_paused((await page(places.records, BEN)).ledger, MONDAY)
