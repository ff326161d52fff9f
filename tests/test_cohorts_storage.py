"""A cohort's pause lies on its members' own study days, belongs to one server, and is set and ended once."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.cohorts import LONGEST_PAUSE, Cut, check_last_day, days_now, shown_size
from bot.domain.days import DAY, Clock, Timetable, study_day
from bot.domain.errors import NotAllowed, NotFound, UserError
from bot.domain.phases import Phase
from bot.services import Services
from bot.services.actors import Actor
from bot.services.cohorts import Changes, Rights, Standing
from bot.storage import cohorts as store
from bot.storage import timetables
from bot.storage.cohorts import Cohort
from tests.conftest import A_MONDAY, People, VirtualClock

HERE, ELSEWHERE, CHANNEL, GUIDES = 5, 6, 7, 8
MOD = Rights(guild_id=HERE, may_manage=True)
GUIDE = Rights(guild_id=HERE, may_manage=False, role_ids=frozenset({HERE, GUIDES}))
SUNDAY, MONDAY, TUESDAY, WEDNESDAY = (date(2026, 3, day) for day in range(1, 5))
OPEN = date(9999, 12, 31)
CHICAGO, MANILA, SYDNEY, HONOLULU = "America/Chicago", "Asia/Manila", "Australia/Sydney", "Pacific/Honolulu"


@dataclass
class Office:
    """Cohorts of two servers, members from everywhere, and what is kept about pauses."""

    services: Services
    people: People
    clock: VirtualClock

    async def cohort(self, name: str = "Spring", guild: int = HERE) -> Cohort:
        return await self.services.cohorts.create(self.people.actor(9), guild, name, CHANNEL, True, self.clock())

    async def join(self, cohort: Cohort, *zones: str) -> None:
        for zone in zones:
            actor = self.people.actor(100 + self.people.count)
            await self.services.joining.enrol(
                actor, cohort.guild_id, cohort.id, Phase.REBUILDING, zone, "", self.clock()
            )

    async def pause(
        self, until: str = "", rights: Rights = MOD, name: str = "Spring", actor: Actor | None = None
    ) -> Standing:
        who = actor or self.people.actor(9)
        return await self.services.cohorts.pause(who, rights, name, until, self.clock())

    async def resume(self, standing: Standing, rights: Rights = MOD) -> Standing:
        assert standing.pause is not None
        return await self.services.cohorts.resume(rights, standing.cohort.id, standing.pause.id, self.clock())

    async def edit(self, changes: Changes, rights: Rights = MOD, actor: Actor | None = None) -> Standing:
        return await self.services.cohorts.edit(actor or self.people.actor(9), rights, "", changes, self.clock())

    async def write(self, sql: str, **values: object) -> None:
        async with self.services.records.writing() as tx:
            await tx.execute(sql, **values)

    async def pauses(self, cohort_id: int = 1) -> list[tuple[date, date]]:
        async with self.services.records.reading() as tx:
            rows = await tx.all(
                str, "SELECT from_day || ' ' || to_day FROM spans WHERE cohort_id = :it ORDER BY id", it=cohort_id
            )
        days = [row.split() for row in rows]
        return [(date.fromisoformat(first), date.fromisoformat(last)) for first, last in days]


@pytest.fixture
def office(services: Services, people: People, clock: VirtualClock) -> Office:
    return Office(services, people, clock)


# Which days a pause holds


ZONES = st.sampled_from([CHICAGO, MANILA, SYDNEY, HONOLULU, "Pacific/Kiritimati", "Pacific/Pago_Pago", "Asia/Kolkata"])
CUTS = st.builds(Cut, zone=ZONES, cut_hour=st.integers(0, 23))
INSTANTS = st.integers(0, 2 * 366 * 24 * 60).map(lambda minutes: A_MONDAY + timedelta(minutes=minutes))


@given(st.lists(CUTS, min_size=1, max_size=5), INSTANTS)
def test_everybodys_study_day_lies_within_the_cohorts_days_and_both_ends_are_somebodys(
    cuts: list[Cut], now: datetime
) -> None:
    def today(cut: Cut) -> date:
        # the times of day do not matter, but must come in order from the cut
        minutes = {"morning_minute": cut.cut_hour * 60, "evening_minute": (cut.cut_hour * 60 + 600) % 1440}
        return study_day(now, Timetable(clocks=((date.min, Clock(zone=cut.zone, cut_hour=cut.cut_hour, **minutes)),)))

    days = [today(cut) for cut in cuts]
    assert days_now(cuts, now) == (min(days), max(days))


@given(INSTANTS)
def test_without_members_the_cohorts_day_is_the_utc_date(now: datetime) -> None:
    assert days_now([], now) == (now.date(), now.date())


@given(st.dates(date(2026, 1, 1), date(2030, 1, 1)), st.integers(-400, 400))
def test_a_pause_ends_today_or_within_a_hundred_and_eighty_days(today: date, away: int) -> None:
    if 0 <= away <= LONGEST_PAUSE.days == 180:
        check_last_day(today + away * DAY, today)
    else:
        with pytest.raises(UserError, match="up to 180 days ahead"):
            check_last_day(today + away * DAY, today)


def test_a_size_is_said_from_five_members_on() -> None:
    assert [shown_size(members) for members in range(7)] == [None, None, None, None, None, 5, 6]


async def test_a_pause_in_the_evening_already_holds_that_evening(office: Office) -> None:
    await office.join(await office.cohort(), CHICAGO)
    office.clock.set("2026-03-02 20:30")  # Tuesday in UTC
    await office.pause("tomorrow")
    assert await office.pauses() == [(MONDAY, TUESDAY)]


async def test_a_pause_begins_with_the_first_day_that_is_still_somebodys(office: Office) -> None:
    cohort = await office.cohort()
    await office.join(cohort, CHICAGO, MANILA)
    office.clock.set("2026-03-02 20:30")  # Tuesday 10:30 in Manila
    await office.pause()
    assert await office.pauses() == [(MONDAY, OPEN)]


async def test_after_resuming_no_day_spent_in_a_pause_is_a_silent_one(office: Office) -> None:
    cohort = await office.cohort()
    await office.join(cohort, HONOLULU, SYDNEY)
    office.clock.set("2026-03-02 07:00", SYDNEY)  # Sunday in Honolulu
    standing = await office.pause()
    office.clock.set("2026-03-04 07:00", SYDNEY)  # Tuesday in Honolulu
    assert (await office.resume(standing)).pause is None
    assert await office.pauses() == [(SUNDAY, TUESDAY)]


async def test_in_one_zone_resuming_gives_the_day_back_at_once(office: Office) -> None:
    await office.join(await office.cohort(), CHICAGO)
    office.clock.set("2026-03-01 20:30")
    standing = await office.pause()
    office.clock.set("2026-03-03 20:30")
    await office.resume(standing)
    assert await office.pauses() == [(SUNDAY, MONDAY)]


async def test_whoever_left_or_moved_away_long_ago_does_not_count(office: Office) -> None:
    cohort = await office.cohort()
    await office.join(cohort, MANILA, HONOLULU)
    await office.write("UPDATE enrolments SET state = 'left' WHERE member_id = 2")
    await office.write("UPDATE clocks SET from_day = '2025-01-01'")
    async with office.services.records.writing() as tx:
        await timetables.set_clock(tx, 1, date(2025, 6, 1), Clock(zone=SYDNEY))
        assert await store.cuts(tx, cohort.id, MONDAY) == [Cut(zone=SYDNEY, cut_hour=4)]


async def test_while_a_clock_changes_both_count(office: Office) -> None:
    cohort = await office.cohort()
    await office.join(cohort, MANILA)
    async with office.services.records.writing() as tx:
        await timetables.set_clock(tx, 1, TUESDAY, Clock(zone=SYDNEY))
        assert {cut.zone for cut in await store.cuts(tx, cohort.id, TUESDAY)} == {MANILA, SYDNEY}


async def test_whoever_is_on_nights_is_paused_before_the_shift_ends(office: Office) -> None:
    await office.join(await office.cohort(), CHICAGO)
    await office.write(
        """INSERT INTO spans (member_id, kind, from_day, to_day, cut_hour, morning_minute, evening_minute)
           VALUES (1, 'nights', '2026-03-01', '2026-03-05', 10, 960, 510)"""
    )
    office.clock.set("2026-03-03 08:00")  # still Monday for somebody who sleeps from 08:30 on
    await office.pause("Friday")
    assert await office.pauses() == [(MONDAY, date(2026, 3, 6))]


# Once


async def test_a_pause_that_arrives_again_does_not_undo_what_came_after(office: Office) -> None:
    await office.cohort()
    actor = office.people.actor(9)
    standing = await office.pause("Friday", actor=actor)
    await office.resume(standing)
    again = await office.pause("Friday", actor=actor)
    assert again.pause is None
    assert await office.pauses() == []


async def test_a_change_that_arrives_again_does_not_undo_what_came_after(office: Office) -> None:
    await office.cohort()
    actor = office.people.actor(9)
    await office.edit(Changes(channel_id=70), actor=actor)
    await office.edit(Changes(channel_id=71))
    assert (await office.edit(Changes(channel_id=70), actor=actor)).cohort.channel_id == 71


async def test_two_pauses_at_once_are_one(office: Office) -> None:
    await office.cohort()
    for _ in range(2):
        await office.pause()
    assert await office.pauses() == [(MONDAY, OPEN)]


async def test_a_pause_that_ended_early_and_a_new_one_are_two(office: Office) -> None:
    await office.cohort()
    standing = await office.pause()
    office.clock.move(days=1)
    await office.resume(standing)
    await office.pause()
    assert await office.pauses() == [(MONDAY, MONDAY), (TUESDAY, OPEN)]
    assert (await office.resume(standing)).pause is not None
    assert await office.pauses() == [(MONDAY, MONDAY), (TUESDAY, OPEN)]


# Whose


async def test_only_a_cohort_of_this_very_server_can_be_paused_edited_or_resumed(office: Office) -> None:
    await office.cohort()
    there = await office.cohort("Spring", ELSEWHERE)
    theirs = await office.pause(rights=Rights(guild_id=ELSEWHERE, may_manage=True))
    async with office.services.records.writing() as tx:
        await store.pause(tx, HERE, there.id, (TUESDAY, TUESDAY), TUESDAY)
        assert theirs.pause is not None
        await store.resume(tx, HERE, there.id, theirs.pause.id, MONDAY)
        edited = await store.edit(
            tx, HERE, there.id, name="Mine", name_key="mine", channel_id=None, moderator_role_id=None
        )
        assert not edited
    assert await office.pauses(there.id) == [(MONDAY, OPEN)]
    with pytest.raises(NotFound):
        await office.resume(theirs)
    assert (await store_by_id(office, there)).name == "Spring"


async def store_by_id(office: Office, cohort: Cohort) -> Cohort:
    async with office.services.records.reading() as tx:
        found = await store.by_id(tx, cohort.guild_id, cohort.id)
    assert found is not None
    return found


async def test_a_pause_of_one_cohort_is_not_ended_through_another(office: Office) -> None:
    await office.cohort("Spring")
    autumn = await office.cohort("Autumn")
    standing = await office.pause()
    assert standing.pause is not None
    await office.services.cohorts.resume(MOD, autumn.id, standing.pause.id, office.clock())
    assert await office.pauses() == [(MONDAY, OPEN)]


async def test_a_members_own_pause_is_never_touched(office: Office) -> None:
    await office.join(await office.cohort(), CHICAGO)
    await office.write("INSERT INTO spans (member_id, kind, from_day) VALUES (1, 'pause', '2026-03-02')")
    await office.resume(await office.pause("Friday"))
    async with office.services.records.reading() as tx:
        await office.services.cohorts.resume(MOD, 1, 1, office.clock())
        assert await tx.all(str, "SELECT to_day FROM spans WHERE member_id = 1") == [OPEN.isoformat()]


async def test_the_role_reaches_its_cohorts_and_no_role_reaches_none(office: Office) -> None:
    await office.cohort()
    with pytest.raises(NotAllowed):
        await office.pause(rights=GUIDE)
    await office.edit(Changes(moderator_role_id=GUIDES))
    assert (await office.pause(rights=GUIDE)).pause is not None
    for nobody in (Rights(guild_id=HERE, may_manage=False), Rights(guild_id=ELSEWHERE, may_manage=False)):
        with pytest.raises(NotAllowed):
            await office.pause(rights=nobody)
    with pytest.raises(NotAllowed):
        await office.pause(rights=Rights(guild_id=ELSEWHERE, may_manage=False, role_ids=GUIDE.role_ids))


async def test_a_size_counts_who_is_there_now(office: Office) -> None:
    cohort = await office.cohort()
    await office.join(cohort, *[CHICAGO] * 6)
    await office.write("UPDATE enrolments SET state = 'left' WHERE member_id = 1")
    (standing,), _ = await office.services.cohorts.listed(MOD, 0, office.clock())
    assert standing.size == 5
    await office.write("UPDATE enrolments SET state = 'left' WHERE member_id = 2")
    (standing,), _ = await office.services.cohorts.listed(MOD, 0, office.clock())
    assert standing.size is None


async def test_a_pause_is_over_when_the_last_member_has_left_its_last_day(office: Office) -> None:
    await office.join(await office.cohort(), CHICAGO)
    await office.pause("Wednesday")
    office.clock.set("2026-03-05 03:59")
    (standing,), _ = await office.services.cohorts.listed(MOD, 0, office.clock())
    assert standing.pause is not None
    assert standing.pause.to_day == WEDNESDAY
    office.clock.now += timedelta(minutes=1)
    (standing,), _ = await office.services.cohorts.listed(MOD, 0, office.clock())
    assert standing.pause is None
