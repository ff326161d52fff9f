"""What is said to a member is remembered as said, and theirs alone."""

from dataclasses import dataclass
from datetime import date, timedelta

import pytest

from bot.domain.blocks import Typed
from bot.domain.check_ins import Choice, Outcome
from bot.domain.days import DAY
from bot.domain.errors import NotFound
from bot.domain.facts import FactKind
from bot.domain.lines import Line, Moment, Tone
from bot.domain.phases import GENTLE, Phase
from bot.services import Services
from bot.services.actors import NotJoined
from bot.services.check_ins import Answered, Words
from bot.services.records import Records
from bot.storage import lines as store
from bot.storage import members
from tests.conftest import People, VirtualClock

ANA, BEN = 11, 22
MONDAY = date(2026, 3, 2)
BOTH = frozenset({Moment.EVENING, Moment.LOG})


def line(name: str, *needs: FactKind, said: frozenset[Moment] = BOTH) -> Line:
    return Line(id=name, said=said, needs=frozenset(needs), tone=Tone.PLAIN, text=name)


@pytest.fixture
def spoken() -> tuple[Line, ...]:
    gentle = frozenset({Moment.GENTLE})
    return (
        line("first", FactKind.FIRST_DAY),
        line("kept", FactKind.KEPT_SO_FAR),
        line("kept-too", FactKind.KEPT_THIS_WEEK),
        line("through", FactKind.WORKED_THROUGH),
        line("not-today", FactKind.NOT_TODAY_SAID),
        Line(
            id="gentle",
            said=gentle,
            needs=frozenset({FactKind.GENTLE_FIRST_WEEK}),
            tone=Tone.PLAIN,
            phases=GENTLE,
            text="gentle",
        ),
    )


@dataclass
class Desk:
    """Two members who study, and what is said to them."""

    services: Services
    records: Records
    people: People
    clock: VirtualClock

    async def answer(self, said: Choice | Outcome, day: date | None = None, member: int = ANA) -> str | None:
        answered = await self.services.check_ins.answer(
            self.people.actor(member), day or self.today, said, self.clock(), instead_of=await self.version(day, member)
        )
        return told(answered)

    async def describe(self, words: Words) -> str | None:
        version = await self.version(None, ANA)
        answered = await self.services.check_ins.describe(
            self.people.actor(ANA),
            self.today,
            words,
            self.clock(),
            operation=f"form:{version}",
            instead_of=version,
        )
        return told(answered)

    async def log(self, typed: Typed, member: int = ANA) -> str | None:
        actor = self.people.actor(member)
        logged = await self.services.blocks.log(actor, typed, self.clock(), operation=f"log:{actor.interaction_id}")
        return None if logged.said is None else logged.said.line.id

    async def version(self, day: date | None, member: int) -> int:
        actor = self.people.actor(member)
        return (await self.services.check_ins.of_day(actor, day or self.today, self.clock())).version

    @property
    def today(self) -> date:
        return (self.clock() - timedelta(hours=10)).date()  # four in the morning in Chicago's winter

    async def said(self, member: int = ANA) -> dict[str, tuple[Moment | None, date | None]]:
        async with self.records.reading() as tx:
            (row,) = await tx.rows("SELECT id FROM members WHERE discord_id = :who", who=member)
            found = await store.spoken(tx, [row["id"]])
        return {name: (one.moment, one.day) for name, one in found[row["id"]].items()}


def told(answered: Answered) -> str | None:
    return None if answered.said is None else answered.said.line.id


@pytest.fixture
async def desk(services: Services, records: Records, people: People, clock: VirtualClock) -> Desk:
    moderator = people.actor(99)
    cohort = await services.cohorts.create(moderator, 1, "Group", 5, True, clock())
    for member in (ANA, BEN):
        actor = people.actor(member)
        await services.joining.enrol(actor, 1, cohort.id, Phase.REBUILDING, "America/Chicago", "US", clock())
    return Desk(services, records, people, clock)


async def test_what_is_said_is_remembered_with_its_day_and_moment_and_for_one_member(desk: Desk) -> None:
    assert await desk.answer(Outcome.KEPT) == "first"
    assert await desk.said() == {"first": (Moment.EVENING, MONDAY)}
    assert await desk.said(BEN) == {}


async def test_an_answer_sent_twice_hears_the_same_line_and_no_second_one(desk: Desk) -> None:
    assert [await desk.answer(Outcome.KEPT) for _ in range(3)] == ["first"] * 3
    assert len(await desk.said()) == 1


async def test_a_line_leaves_with_the_fact_it_cited(desk: Desk) -> None:
    await desk.answer(Outcome.KEPT)
    assert await desk.answer(Outcome.NOT_TODAY) == "not-today"
    assert await desk.answer(Outcome.ROUGH) is None
    assert await desk.answer(Outcome.KEPT) == "first"


async def test_no_line_stands_beside_a_low_mood(desk: Desk) -> None:
    await desk.answer(Outcome.KEPT)
    assert await desk.describe(Words(mood=2)) is None
    assert await desk.describe(Words(mood=3)) == "first"


async def test_a_mornings_choice_hears_none(desk: Desk) -> None:
    await desk.log(Typed(amount="20", ticks=frozenset({"worked_through"})))
    assert await desk.answer(Choice.USUAL) is None


async def test_a_block_hears_its_own_line_and_the_evening_another(desk: Desk) -> None:
    assert await desk.answer(Outcome.KEPT) == "first"
    desk.clock.move(days=1)
    assert await desk.log(Typed(amount="20", ticks=frozenset({"worked_through"}))) == "through"
    assert await desk.log(Typed(amount="20")) == "through"
    assert await desk.answer(Outcome.KEPT) == "kept-too"
    assert (await desk.said())["through"] == (Moment.LOG, MONDAY + DAY)


async def test_a_block_of_a_day_gone_by_hears_none(desk: Desk) -> None:
    desk.clock.move(days=1)
    assert await desk.log(Typed(amount="20", day="yesterday", ticks=frozenset({"worked_through"}))) is None


async def test_tone_none_silences_lines_and_any_other_brings_them_back(desk: Desk) -> None:
    await desk.services.settings.set_tone(desk.people.actor(ANA), Tone.NONE, desk.clock())
    assert await desk.answer(Outcome.KEPT) is None
    assert await desk.log(Typed(amount="20", ticks=frozenset({"worked_through"}))) is None
    choices = await desk.services.settings.set_tone(desk.people.actor(ANA), Tone.DRY, desk.clock())
    assert choices.tone is Tone.DRY
    assert await desk.answer(Outcome.KEPT) is not None
    assert await desk.answer(Outcome.KEPT, member=BEN) == "first"


async def test_a_retired_line_is_not_said_to_that_member_again_and_to_others_it_is(desk: Desk) -> None:
    assert await desk.answer(Outcome.KEPT) == "first"
    for _ in range(2):
        await desk.services.lines.retire(desk.people.actor(ANA), "first", desk.clock())
    assert await desk.answer(Outcome.KEPT) is None
    assert await desk.answer(Outcome.KEPT, member=BEN) == "first"


async def test_only_a_line_of_ours_can_be_retired_and_only_by_a_member(desk: Desk) -> None:
    with pytest.raises(NotFound):
        await desk.services.lines.retire(desk.people.actor(ANA), "made-up", desk.clock())
    with pytest.raises(NotJoined):
        await desk.services.lines.retire(desk.people.actor(404), "first", desk.clock())
    assert await desk.said() == {}


@pytest.mark.parametrize(("hours", "heard"), [(0, None), (15, None), (88, None), (89, "kept-too")])
async def test_no_line_follows_a_help_card_on_its_study_day_or_the_three_after(
    desk: Desk, hours: int, heard: str | None
) -> None:
    """Tuesday's card, at eleven in the morning, silences until Saturday at four; signs of life change nothing."""
    await desk.answer(Outcome.KEPT)
    desk.clock.set("2026-03-03 11:00")
    async with desk.records.writing() as tx:
        await members.card_shown(tx, ANA, desk.clock())
    desk.clock.move(hours=hours)
    assert await desk.answer(Outcome.SOME) == heard
