"""A request never rots: whatever happens to it, and however late, it ends in a person or in a plain word."""

import itertools
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import discord
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.app import LASTING
from bot.domain import help_requests as rules
from bot.domain.crisis_cards import Campus
from bot.domain.duties import Duty
from bot.domain.errors import NotAllowed, UserError
from bot.domain.help_requests import LONGEST_LINE, Notice, Request, State
from bot.services.cohorts import LONGEST_CAMPUS_LINE, LONGEST_NAME
from bot.services.duties import Duties
from bot.services.help_requests import Asking
from bot.services.queue_keeping import Drawing, Ping
from bot.storage.cohorts import Cohort
from bot.storage.enrolments import Enrolled
from bot.storage.help_requests import Asked, Card, OwedPing
from bot.ui import duties, help_requests, queue, queue_notes, today
from tests.test_limits_rules import LONGEST_ID, LONGEST_ZONE, must_fit, must_fit_form, todays

NOW = datetime(2026, 3, 2, 18, tzinfo=UTC)
HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
ANA, MO, SAM = 1, 8, 9
ASKED = Request(
    id=1,
    member_id=ANA,
    cohort_id=1,
    state=State.OPEN,
    claimed_by=None,
    asked_at=NOW,
    claimed_at=None,
    next_step_at=NOW + 2 * HOUR,
    step=0,
    notice=Notice.NOTHING,
    notice_version=0,
    closed_at=None,
    version=1,
    seen_at=NOW,
    restarts=0,
)


def claimed(by: int = MO, now: datetime = NOW) -> Request:
    return rules.claim(ASKED, by, now, holds=0, cap=3)


def at(hours: float, request: Request = ASKED) -> Request:
    return rules.step_on(request, NOW + timedelta(hours=hours))


# --- time


@pytest.mark.parametrize(
    ("hours", "state", "step", "notice"),
    [
        (1.99, State.OPEN, 0, Notice.NOTHING),
        (2, State.OPEN, 1, Notice.WAITING),
        (11.99, State.OPEN, 1, Notice.WAITING),
        (12, State.OPEN, 2, Notice.WAITING),
        (23.99, State.OPEN, 2, Notice.WAITING),
        (24, State.EXPIRED, 3, Notice.EXPIRED),
        (999, State.EXPIRED, 3, Notice.EXPIRED),
    ],
)
def test_an_open_request_goes_its_way_by_the_hour(hours: float, state: State, step: int, notice: Notice) -> None:
    request = at(hours)
    assert (request.state, request.step, request.notice) == (state, step, notice)


@given(st.lists(st.floats(0, 40), min_size=1, max_size=20))
def test_however_often_and_late_somebody_looks_each_step_is_taken_once(looks: list[float]) -> None:
    """An outage, or a look every minute: it ends up the same, with the same number of changes."""
    request = ASKED
    for hours in sorted(looks):
        request = at(hours, request)
    once = at(max(looks))
    assert replace(request, closed_at=None) == replace(once, closed_at=None)


UNSEEN = replace(ASKED, seen_at=None)


def test_what_no_moderator_could_see_takes_one_step_at_a_look_and_rings_for_nobody() -> None:
    first = at(50, UNSEEN)
    assert (first.state, first.step, first.notice) == (State.OPEN, 1, Notice.UNSHOWN)
    assert at(59.9, first) == first
    second = at(60, first)
    assert (second.state, second.step, second.notice_version) == (State.OPEN, 2, first.notice_version)
    last = at(72, second)
    assert (last.state, last.notice) == (State.EXPIRED, Notice.UNSEEN)


@given(st.floats(0, 100))
def test_whatever_is_shown_at_last_has_two_hours_to_its_first_reminder(hours: float) -> None:
    now = NOW + timedelta(hours=hours)
    seen = rules.shown(at(hours, UNSEEN), now)
    assert seen.seen_at == now
    assert seen.next_step_at is not None
    assert seen.next_step_at > now
    assert (seen.notice is Notice.STANDS) is (hours >= 2)
    assert rules.shown(seen, now + HOUR) == seen


@pytest.mark.parametrize(("began", "ended", "notice"), [(0, 25, Notice.OFFLINE), (24, 25, Notice.STANDS)])
def test_only_a_program_that_was_away_says_so(began: int, ended: int, notice: Notice) -> None:
    away = NOW + began * HOUR, NOW + ended * HOUR
    assert rules.shown(UNSEEN, NOW + 25 * HOUR, (away[0], away[0] if began else away[1])).notice is notice


def test_a_wait_of_which_the_program_missed_half_begins_anew_and_a_shorter_outage_changes_nothing() -> None:
    waited = at(12)
    long, short = (NOW + 13 * HOUR, NOW + 30 * HOUR), (NOW + 19 * HOUR, NOW + 24 * HOUR)
    anew = rules.step_on(waited, NOW + 30 * HOUR, long)
    assert (anew.state, anew.step, anew.notice) == (State.OPEN, 0, Notice.OFFLINE)
    assert anew.next_step_at == NOW + 32 * HOUR
    assert rules.step_on(waited, NOW + 24 * HOUR, short).state is State.EXPIRED
    assert rules.step_on(anew, NOW + 54 * HOUR, long).state is State.EXPIRED, "an outage counts once"


def test_whoever_has_it_gets_a_day_anew_after_a_long_outage_and_nobody_is_told() -> None:
    away = NOW + HOUR, NOW + 25 * HOUR
    kept = rules.step_on(claimed(), NOW + 25 * HOUR, away)
    assert (kept.state, kept.claimed_by, kept.version) == (State.CLAIMED, MO, claimed().version)
    assert rules.step_on(kept, NOW + 49 * HOUR, away).notice is Notice.BACK


@given(st.integers(1, 30))
def test_a_host_that_is_off_every_night_keeps_no_request_for_ever(nights: int) -> None:
    request, now = ASKED, NOW
    for _ in range(nights):
        away = now + HOUR, now + 23 * HOUR
        request = rules.step_on(request, away[1], away)
        now += 24 * HOUR
    assert request.restarts <= rules.MOST_RESTARTS
    assert nights < 5 or not request.stands


def test_the_member_is_told_of_waiting_once() -> None:
    waiting = at(2)
    told = replace(waiting, notice=Notice.NOTHING)
    assert at(13, told).notice is Notice.NOTHING
    assert at(13, told).notice_version == waiting.notice_version


steps = st.lists(
    st.tuples(
        st.sampled_from(["claim", "hand_over", "handle", "withdraw", "close", "back", "wait"]),
        st.sampled_from([MO, SAM, ANA]),
        st.floats(0, 30),
    ),
    max_size=30,
)


def _take(request: Request, what: str, who: int, now: datetime) -> Request:
    try:
        match what:
            case "claim":
                return rules.claim(request, who, now, holds=0, cap=3)
            case "hand_over":
                return rules.hand_over(request, who, now)
            case "handle":
                return rules.handle(request, who, now)
            case "withdraw":
                return rules.withdraw(request, now)
            case "close":
                return rules.close(request, Notice.LEFT, now)
            case "back" if request.state is State.CLAIMED:
                return rules.come_back(request, now)
            case _:
                return rules.step_on(request, now)
    except UserError:
        return request


@given(steps)
def test_whatever_people_do_a_request_has_a_next_moment_or_an_end(acts: list[tuple[str, int, float]]) -> None:
    request, now = ASKED, NOW
    for what, who, hours in acts:
        now += timedelta(hours=hours)
        before, request = request, _take(request, what, who, now)
        assert request.stands is (request.next_step_at is not None) is (request.closed_at is None)
        assert (request.claimed_by is not None) or request.state is not State.CLAIMED
        assert request.version >= before.version
        if request.state is not before.state or request.claimed_by != before.claimed_by:
            assert request.version > before.version, "whoever looks at an older one must be told"
        if not before.stands:
            assert request == before, "an end is an end"
    # left alone from here, it ends within two days, with a word or with a person
    end = rules.step_on(rules.step_on(request, now + 24 * HOUR), now + 48 * HOUR)
    end = rules.step_on(end, now + 49 * HOUR)
    assert not end.stands
    assert end.notice or request.state is State.WITHDRAWN


@given(steps)
def test_there_is_a_new_number_for_every_new_word(acts: list[tuple[str, int, float]]) -> None:
    """So that no word of an older state marks a newer one as told."""
    request, now, seen = ASKED, NOW, dict[int, Notice]()
    for what, who, hours in acts:
        now += timedelta(hours=hours)
        request = _take(request, what, who, now)
        if request.notice:
            assert seen.setdefault(request.notice_version, request.notice) is request.notice


# --- moderators


def test_a_claim_tells_the_member_and_names_the_moderator() -> None:
    request = claimed()
    assert (request.state, request.claimed_by, request.notice) == (State.CLAIMED, MO, Notice.CLAIMED)


def test_to_claim_again_what_one_has_changes_nothing() -> None:
    assert rules.claim(claimed(), MO, NOW + HOUR, holds=9, cap=3) == claimed()


def test_the_second_reads_who_has_it() -> None:
    with pytest.raises(UserError, match=r"^Mo has it already"):
        rules.claim(claimed(), SAM, NOW, holds=0, cap=3, holder="Mo")


def test_full_hands_take_no_more() -> None:
    with pytest.raises(NotAllowed, match="3 requests already"):
        rules.claim(ASKED, MO, NOW, holds=3, cap=3)


def test_nobody_takes_their_own() -> None:
    with pytest.raises(NotAllowed, match="your own"):
        rules.claim(ASKED, ANA, NOW, holds=0, cap=3)


@pytest.mark.parametrize("act", [rules.hand_over, rules.handle])
def test_only_whoever_has_it_lets_go_of_it(act: object) -> None:
    assert callable(act)
    with pytest.raises(UserError, match=r"^Mo has it already"):
        act(claimed(), SAM, NOW, holder="Mo")
    with pytest.raises(UserError, match="Nobody has taken it yet"):
        act(ASKED, SAM, NOW)


@pytest.mark.parametrize("ended", [State.WITHDRAWN, State.EXPIRED, State.CLOSED])
def test_of_an_ended_request_nothing_can_be_made(ended: State) -> None:
    request = replace(ASKED, state=ended, next_step_at=None, closed_at=NOW)
    for act in (
        lambda: rules.claim(request, MO, NOW, holds=0, cap=3),
        lambda: rules.hand_over(request, MO, NOW),
        lambda: rules.handle(request, MO, NOW),
    ):
        with pytest.raises(rules.Ended):
            act()
    assert rules.withdraw(request, NOW) == rules.close(request, Notice.LEFT, NOW) == request


def test_what_is_handed_over_has_as_much_time_as_a_new_one() -> None:
    late = claimed(now=NOW + 23 * HOUR)
    back = rules.hand_over(late, MO, NOW + 23.5 * HOUR)
    assert (back.state, back.step, back.notice) == (State.OPEN, 0, Notice.BACK)
    assert rules.step_on(back, NOW + 25 * HOUR) == back
    assert rules.step_on(back, NOW + 47.5 * HOUR).state is State.EXPIRED


def test_a_claim_that_nobody_marks_as_handled_goes_back_after_a_day() -> None:
    request = claimed()
    for hours in range(2, 24, 2):
        request = at(hours, request)
        assert request.state is State.CLAIMED
        assert request.version == claimed().version, "a look at the moderator is no news"
    assert at(24, request).notice is Notice.BACK


def test_handled_twice_is_handled_once() -> None:
    done = rules.handle(claimed(), MO, NOW + HOUR)
    assert (done.state, done.notice, done.closed_at) == (State.HANDLED, Notice.HANDLED, NOW + HOUR)
    assert rules.handle(done, MO, NOW + 2 * HOUR) == done


def test_what_was_withdrawn_owes_no_word() -> None:
    assert rules.withdraw(at(2), NOW + 3 * HOUR).notice is Notice.NOTHING
    assert rules.withdraw(claimed(), NOW + MINUTE).state is State.WITHDRAWN


# --- whatever is longest fits

WORST = "*" * 200
NAME = "*" * LONGEST_NAME
COHORT = Enrolled(cohort_id=LONGEST_ID, guild_id=LONGEST_ID, name=NAME, is_active=True)
LONGEST_ASKED = Asked(
    id=LONGEST_ID,
    cohort_id=LONGEST_ID,
    cohort=NAME,
    state=State.CLAIMED,
    holder=WORST,
    holder_discord_id=LONGEST_ID,
    asked_at=NOW,
    notice=Notice.CLAIMED,
    notice_version=99_999,
)
CARD = Card(
    id=LONGEST_ID,
    guild_id=LONGEST_ID,
    cohort=NAME,
    name=WORST,
    discord_id=LONGEST_ID,
    cipher=None,
    state=State.OPEN,
    holder_discord_id=LONGEST_ID,
    asked_at=NOW,
    closed_at=None,
    step=0,
    channel_id=LONGEST_ID,
    message_id=LONGEST_ID,
    version=1,
    queue_id=LONGEST_ID,
)


def pages() -> Iterator[tuple[str, discord.ui.View]]:
    """Everything a member and a moderator are shown about requests, at its longest."""
    asking = Asking(
        cohort=COHORT,
        cohorts=(COHORT,),
        name=WORST,
        discord_id=LONGEST_ID,
        campus=Campus(line="*" * LONGEST_CAMPUS_LINE),
    )
    many = tuple(replace(COHORT, cohort_id=number) for number in range(30))
    yield help_requests.drawn(replace(asking, cohort=None, cohorts=many))
    for state, is_open, line in itertools.product(State, (False, True), ("", "*" * LONGEST_LINE)):
        asked = replace(LONGEST_ASKED, state=state)
        full = replace(asking, is_open=is_open, line=line, draft_id=LONGEST_ID, on_duty=20)
        yield help_requests.drawn(replace(full, asked=asked))
        yield help_requests.drawn(full)
        yield queue.drawn(Drawing(card=replace(CARD, state=state), line=line))
    for cards in ([], [CARD], [CARD] * 30):
        yield queue.listed(cards)
    here = Cohort(id=LONGEST_ID, guild_id=1, name=NAME, channel_id=1)
    for mine, is_open in itertools.product((None, Duty(), Duty(on_duty=True, zone=LONGEST_ZONE)), (False, True)):
        yield duties.card(
            Duties(
                cohort=here,
                mine=mine,
                is_on_now=False,
                is_away=False,
                named=1,
                on_duty=20,
                is_open=is_open,
                is_held=not is_open,
                may_confirm=not is_open,
            )
        )
    yield from (queue_notes.page_of(note) for note in queue_notes.NOTES)


async def test_everything_about_requests_fits_and_every_button_is_known_again() -> None:
    templates = [item.__discord_ui_compiled_template__ for item in LASTING]
    for content, view in pages():
        rows = view.to_components()
        must_fit(content, rows)
        assert "!" not in content
        for row in rows:
            for item in row["components"]:
                assert sum(bool(template.fullmatch(item["custom_id"])) for template in templates) == 1
    must_fit_form(dict(help_requests.line_form(LONGEST_ID, "x" * 6000).to_dict()))


async def test_the_panel_still_fits_with_how_a_request_stands() -> None:
    for day in todays():
        content, view = today.panel(replace(day, asked=LONGEST_ASKED))
        must_fit(content, view.to_components())


@pytest.mark.parametrize("step", [1, 2])
async def test_a_reminder_fits_however_many_are_on_duty(step: int) -> None:
    owed = OwedPing(
        id=LONGEST_ID,
        cohort_id=1,
        guild_id=LONGEST_ID,
        step=step,
        channel_id=LONGEST_ID,
        message_id=LONGEST_ID,
        moderator_role_id=LONGEST_ID,
        member_id=1,
    )
    ping = Ping(owed=owed, on_duty=(LONGEST_ID,) * 20)
    body = queue.reminder(ping, () if ping.is_for_role else ping.on_duty)
    assert len(body) < 2000
    assert queue.reminder_mark(ping) in body
