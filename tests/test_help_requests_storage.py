"""What is kept of a request: one at a time, one hand at a time, its own member's alone, and nothing after its end."""

import asyncio
from dataclasses import dataclass

import pytest

from bot.domain import help_requests as rules
from bot.domain.errors import NotAllowed, NotFound, UserError
from bot.domain.help_requests import State
from bot.domain.phases import Phase
from bot.services import Services
from bot.services import duties as duty_service
from bot.services.actors import NotJoined
from bot.services.cohorts import Changes, QueueChannel, Rights
from bot.services.help_requests import Asking
from bot.storage import help_requests as store
from bot.storage.cohorts import Cohort
from tests.conftest import People, VirtualClock

HERE, CHANNEL, QUEUE, GUIDES, ANA, BEA, MO, SAM = 5, 7, 8, 9, 101, 102, 201, 202
GUIDE = Rights(guild_id=HERE, may_manage=False, role_ids=frozenset({GUIDES}))
ADMIN = Rights(guild_id=HERE, may_manage=True)
STRANGER = Rights(guild_id=HERE, may_manage=False, role_ids=frozenset({HERE}))


@dataclass
class Office:
    """A cohort with Ana and Bea in it, whose queue Mo and Sam look after."""

    services: Services
    people: People
    clock: VirtualClock
    cohort: Cohort

    async def ask(self, who: int = ANA, operation: str = "a", draft: int = 0) -> Asking:
        actor = self.people.actor(who)
        return await self.services.help_requests.ask(
            actor, self.cohort.id, draft, self.clock(), operation=f"{operation}:{who}"
        )

    async def claim(self, who: int = MO, request: int = 1, rights: Rights = GUIDE) -> None:
        await self.services.queues.claim(self.people.actor(who, f"M{who}"), rights, request, self.clock())

    async def states(self) -> list[State]:
        async with self.services.records.reading() as tx:
            return await tx.all(State, "SELECT state FROM help_requests ORDER BY id")


@pytest.fixture
async def office(services: Services, people: People, clock: VirtualClock) -> Office:
    cohort = await services.cohorts.create(people.actor(1), HERE, "Spring", CHANNEL, True, clock())
    changes = Changes(moderator_role_id=GUIDES, queue=QueueChannel(id=QUEUE, open_to_all=False))
    await services.cohorts.edit(people.actor(1), ADMIN, "", changes, clock())
    for who in (ANA, BEA):
        await services.joining.enrol(
            people.actor(who, "Ana"), HERE, cohort.id, Phase.REBUILDING, "America/Chicago", "", clock()
        )
    for who in (MO, SAM):
        await services.duties.change(people.actor(who), GUIDE, "", duty_service.Changes(on=True), clock())
    return Office(services=services, people=people, clock=clock, cohort=cohort)


async def test_one_stands_at_a_time_and_another_can_be_asked_after_its_end(office: Office) -> None:
    first = await office.ask(operation="a")
    again = await office.ask(operation="b")
    assert first.asked is not None
    assert again.asked is not None
    assert again.asked.id == first.asked.id
    await office.services.help_requests.withdraw(office.people.actor(ANA), first.asked.id, office.clock())
    await office.ask(operation="c")
    assert await office.states() == [State.WITHDRAWN, State.OPEN]


async def test_the_same_act_sent_again_asks_nothing_again(office: Office) -> None:
    sent = await office.ask(operation="same")
    assert sent.asked is not None
    await office.services.help_requests.withdraw(office.people.actor(ANA), sent.asked.id, office.clock())
    assert (await office.ask(operation="same")).asked is None
    assert await office.states() == [State.WITHDRAWN]


async def test_of_many_who_claim_at_once_one_has_it(office: Office) -> None:
    await office.ask()
    outcomes = await asyncio.gather(*(office.claim(300 + number) for number in range(8)), return_exceptions=True)
    assert outcomes.count(None) == 1
    assert all(isinstance(outcome, rules.Taken) for outcome in outcomes if outcome is not None)


async def test_a_step_that_stands_on_an_older_state_is_not_saved(office: Office) -> None:
    """As it would be with two processes: the second finds another state than it saw."""
    await office.ask()
    async with office.services.records.writing() as tx:
        seen = await store.by_id(tx, 1)
        assert seen is not None
        after = rules.withdraw(seen, office.clock())
        assert await store.save(tx, seen, after)
        assert not await store.save(tx, seen, rules.claim(seen, 99, office.clock(), holds=0, cap=3))
    assert await office.states() == [State.WITHDRAWN]


async def test_a_request_is_found_by_its_own_member_alone(office: Office) -> None:
    await office.ask()
    for request in (1, 99):
        with pytest.raises(NotFound, match="I can't find that any more"):
            await office.services.help_requests.withdraw(office.people.actor(BEA), request, office.clock())
    with pytest.raises(NotJoined):
        await office.services.help_requests.withdraw(office.people.actor(MO), 1, office.clock())
    assert await office.states() == [State.OPEN]


async def test_rights_come_from_the_interaction_and_from_nothing_else(office: Office) -> None:
    await office.ask()
    with pytest.raises(NotAllowed):
        await office.claim(MO, rights=STRANGER)  # named, and without the role now
    with pytest.raises(NotAllowed):
        await office.claim(MO, rights=Rights(guild_id=0, may_manage=False))
    with pytest.raises(NotFound):
        await office.claim(MO, rights=Rights(guild_id=6, may_manage=True))
    await office.claim(777, rights=GUIDE)


async def test_the_line_is_locked_and_leaves_with_the_end(office: Office) -> None:
    draft = await office.services.help_requests.keep_line(office.people.actor(ANA), "Canary line", office.clock())
    await office.ask(draft=draft)
    async with office.services.records.reading() as tx:
        (cipher,) = await tx.all(bytes, "SELECT cipher FROM texts WHERE kind = 'help'")
        assert b"Canary" not in cipher
    (drawing,) = await office.services.queue_keeping.drawings_owed()
    assert drawing.line == "Canary line"
    await office.claim()
    await office.services.queues.handle(office.people.actor(MO), GUIDE, 1, office.clock())
    async with office.services.records.reading() as tx:
        assert await tx.all(int, "SELECT count(*) FROM texts WHERE kind = 'help'") == [0]


async def test_words_are_kept_for_a_day(office: Office) -> None:
    draft = await office.services.help_requests.keep_line(office.people.actor(ANA), "Words", office.clock())
    office.clock.move(hours=25)
    with pytest.raises(NotFound, match="kept for a day"):
        await office.ask(draft=draft)


@pytest.mark.parametrize("named", [0, 1])
async def test_nobody_is_asked_where_nobody_looks(office: Office, named: int) -> None:
    for who in (MO, SAM)[named:]:
        await office.services.duties.step_down(office.people.actor(who), GUIDE, office.cohort.id, office.clock())
    with pytest.raises(UserError, match="nothing was sent"):
        await office.ask()
    assert await office.states() == []


async def test_the_way_of_time_is_gone_once_however_often_somebody_looks(office: Office) -> None:
    keeping = office.services.queue_keeping
    await office.ask()
    (drawing,) = await keeping.drawings_owed()
    await keeping.drawn(drawing.card, QUEUE, 1, office.clock())
    for _ in range(3):
        await keeping.take_steps(office.clock())
    office.clock.move(hours=2)
    assert await keeping.take_steps(office.clock()) == 1
    assert await keeping.take_steps(office.clock()) == 0
    office.clock.move(hours=22)
    await keeping.take_steps(office.clock())
    assert await office.states() == [State.EXPIRED]
    assert await keeping.take_steps(office.clock()) == 0


async def test_a_word_that_was_replaced_meanwhile_is_still_owed(office: Office) -> None:
    """The one that is told while a newer one becomes true does not mark the newer as told."""
    keeping, clock = office.services.queue_keeping, office.clock
    async with office.services.records.writing() as tx:
        await tx.execute("UPDATE addresses SET channel_id = 1")
        await tx.execute(
            """INSERT INTO addresses (member_id, kind, channel_id, checked_at)
               SELECT id, 'dm', 1, 0 FROM members WHERE discord_id = :ana ON CONFLICT DO NOTHING""",
            ana=ANA,
        )
    await office.ask()
    clock.move(hours=2)
    await keeping.take_steps(clock())
    (waiting,) = await keeping.notices_owed()
    await office.claim()
    await keeping.told(waiting)
    (claimed,) = await keeping.notices_owed()
    assert claimed.asked.notice is rules.Notice.CLAIMED
    await keeping.told(claimed)
    assert await keeping.notices_owed() == []


async def test_what_is_drawn_late_does_not_hide_what_is_newer(office: Office) -> None:
    keeping = office.services.queue_keeping
    await office.ask()
    (first,) = await keeping.drawings_owed()
    await office.claim()
    await keeping.drawn(first.card, QUEUE, 1, office.clock())
    (second,) = await keeping.drawings_owed()
    assert second.card.state is State.CLAIMED
    await keeping.drawn(second.card, QUEUE, 1, office.clock())
    assert await keeping.drawings_owed() == []


async def test_to_moderate_is_no_sign_of_life_and_changes_no_member(office: Office) -> None:
    async with office.services.records.reading() as tx:
        before = await tx.one(int, "SELECT last_sign_at FROM members WHERE discord_id = :id", id=BEA)
    await office.ask()
    office.clock.move(days=1, hours=-1)
    await office.claim(BEA)
    async with office.services.records.reading() as tx:
        assert await tx.one(int, "SELECT last_sign_at FROM members WHERE discord_id = :id", id=BEA) == before


async def test_members_on_duty_do_not_count_themselves(office: Office) -> None:
    asking = await office.services.help_requests.look(office.people.actor(ANA), HERE, office.clock())
    assert asking.on_duty == 2
    await office.services.duties.change(
        office.people.actor(ANA), GUIDE, "", duty_service.Changes(on=True), office.clock()
    )
    asking = await office.services.help_requests.look(office.people.actor(ANA), HERE, office.clock())
    assert asking.on_duty == 2
    await office.ask()
    with pytest.raises(NotAllowed, match="your own"):
        await office.claim(ANA)


async def test_an_erased_member_leaves_no_request_and_an_erased_moderator_leaves_the_request(office: Office) -> None:
    await office.ask(ANA)
    await office.ask(BEA, operation="b")
    await office.claim(MO, request=2)
    async with office.services.records.writing() as tx:
        await tx.execute("DELETE FROM members WHERE discord_id IN (:ana, :mo)", ana=ANA, mo=MO)
    assert await office.states() == [State.CLAIMED]
    office.clock.move(hours=24)
    await office.services.queue_keeping.take_steps(office.clock())
    assert await office.states() == [State.OPEN]
