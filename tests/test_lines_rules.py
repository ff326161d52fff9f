"""Which of the lines that are true is said, how often, and to whom never again."""

from collections.abc import Iterable
from datetime import date, timedelta

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from bot.domain.facts import FactKind, Facts
from bot.domain.lines import Line, Listener, Moment, Spoken, Tone, choose
from bot.domain.phases import STUDYING, Phase

TODAY = date(2026, 3, 4)
EVENING = frozenset({Moment.EVENING})


def line(
    name: str,
    *needs: FactKind,
    tone: Tone = Tone.PLAIN,
    said: frozenset[Moment] = EVENING,
    phases: frozenset[Phase] = STUDYING,
    cool_down: int = 30,
) -> Line:
    return Line(id=name, said=said, needs=frozenset(needs), tone=tone, phases=phases, cool_down=cool_down, text=name)


def to(*spoken: Spoken, tone: Tone = Tone.PLAIN, stage: Phase = Phase.REBUILDING, member_id: int = 7) -> Listener:
    return Listener(member_id=member_id, tone=tone, stage=stage, spoken={said.line_id: said for said in spoken})


def said(lines: Iterable[Line], true: Facts, listener: Listener, day: date = TODAY) -> str | None:
    chosen = choose(lines, true, Moment.EVENING, listener, day)
    return None if chosen is None else chosen.id


def ago(name: str, days: int, moment: Moment = Moment.EVENING, *, retired: bool = False) -> Spoken:
    return Spoken(line_id=name, moment=moment, day=TODAY - timedelta(days=days), retired=retired)


KINDS = [kind for kind in FactKind if not kind.startswith("gentle")]


@st.composite
def _lines(draw: st.DrawFn) -> Line:
    needs = draw(st.sets(st.sampled_from(KINDS), min_size=1, max_size=3))
    tone = draw(st.sampled_from([Tone.PLAIN, Tone.WARM, Tone.DRY]))
    return line(f"l{draw(st.integers(0, 40))}", *needs, tone=tone, cool_down=draw(st.sampled_from([30, 45, 90])))


LINES = st.lists(_lines(), max_size=12, unique_by=lambda one: one.id)
TRUE = st.dictionaries(st.sampled_from(KINDS), st.integers(1, 99), max_size=6)
SPOKEN = st.lists(st.builds(ago, st.integers(0, 40).map("l{}".format), st.integers(0, 100)), max_size=10).map(tuple)


@given(LINES, TRUE, SPOKEN, st.sampled_from(Tone))
def test_whatever_is_said_is_true_in_the_members_tone_and_not_heard_within_thirty_days(
    lines: list[Line], true: Facts, spoken: tuple[Spoken, ...], tone: Tone
) -> None:
    listener = to(*spoken, tone=tone)
    chosen = choose(lines, true, Moment.EVENING, listener, TODAY)
    if chosen is None:
        return
    assert chosen.needs <= true.keys()
    assert chosen.tone in (tone, Tone.PLAIN)
    assert tone is not Tone.NONE
    before = listener.spoken.get(chosen.id)
    assert before is None or before.day == TODAY or TODAY - (before.day or TODAY) > timedelta(days=chosen.cool_down)


@given(LINES, TRUE)
def test_where_a_line_is_true_and_fresh_one_is_said(lines: list[Line], true: Facts) -> None:
    assume(FactKind.NOT_TODAY_SAID not in true)
    fits = [one for one in lines if one.needs <= true.keys() and one.tone is Tone.PLAIN]
    assert (said(lines, true, to()) is None) == (not fits)


def test_the_most_particular_fact_comes_first_then_more_facts_then_the_members_own_tone() -> None:
    general, particular = line("general", FactKind.KEPT_THIS_WEEK), line("particular", FactKind.AFTER_PAUSE)
    both = line("both", FactKind.AFTER_PAUSE, FactKind.KEPT_THIS_WEEK)
    true = {FactKind.KEPT_THIS_WEEK: 2, FactKind.AFTER_PAUSE: 0}
    assert said([general, particular], true, to()) == "particular"
    assert said([general, particular, both], true, to()) == "both"
    warm = line("warm", FactKind.KEPT_THIS_WEEK, tone=Tone.WARM)
    assert said([general, warm], true, to(tone=Tone.WARM)) == "warm"
    assert said([particular, warm], true, to(tone=Tone.WARM)) == "particular"


def test_what_was_not_heard_for_longest_comes_before_what_was_heard_since() -> None:
    lines = [line(name, FactKind.KEPT_THIS_WEEK) for name in ("a", "b", "c")]
    true = {FactKind.KEPT_THIS_WEEK: 2}
    assert said(lines, true, to(ago("a", 40), ago("b", 90), ago("c", 60))) == "b"
    assert said(lines, true, to(ago("a", 40), ago("b", 90))) == "c"


@pytest.mark.parametrize(("days", "heard"), [(1, None), (30, None), (31, "a"), (-1, None)])
def test_the_same_line_does_not_come_within_thirty_days(days: int, heard: str | None) -> None:
    assert said([line("a", FactKind.KEPT_THIS_WEEK)], {FactKind.KEPT_THIS_WEEK: 2}, to(ago("a", days))) == heard


def test_the_line_of_an_evening_stays_while_it_is_true_and_leaves_with_its_fact() -> None:
    first, other = line("first", FactKind.KEPT_THIS_WEEK), line("other", FactKind.SOME_DONE)
    listener = to(ago("first", 0))
    assert said([first, other], {FactKind.KEPT_THIS_WEEK: 2, FactKind.SOME_DONE: 4}, listener) == "first"
    assert said([first, other], {FactKind.SOME_DONE: 4}, listener) == "other"
    assert said([first, other], {}, listener) is None


def test_what_was_said_after_a_block_is_not_said_again_in_the_evening() -> None:
    both = line("both", FactKind.KEPT_THIS_WEEK, said=frozenset({Moment.LOG, Moment.EVENING}))
    assert said([both], {FactKind.KEPT_THIS_WEEK: 2}, to(ago("both", 0, Moment.LOG))) is None


def test_a_retired_line_is_never_said_again_however_long_ago() -> None:
    one = line("a", FactKind.KEPT_THIS_WEEK)
    assert said([one], {FactKind.KEPT_THIS_WEEK: 2}, to(ago("a", 900, retired=True))) is None
    never_said = Spoken(line_id="a", moment=None, day=None, retired=True)
    assert said([one], {FactKind.KEPT_THIS_WEEK: 2}, to(never_said)) is None


def test_after_not_today_a_line_has_to_speak_of_that_answer() -> None:
    number, answer = line("number", FactKind.KEPT_THIS_WEEK), line("answer", FactKind.NOT_TODAY_SAID)
    true = {FactKind.NOT_TODAY_SAID: 0, FactKind.KEPT_THIS_WEEK: 3}
    assert said([number, answer], true, to()) == "answer"
    assert said([number], true, to()) is None


def test_a_line_keeps_to_its_moment_and_its_phases() -> None:
    one = line("a", FactKind.KEPT_THIS_WEEK, phases=frozenset({Phase.LAST_STRETCH}))
    true = {FactKind.KEPT_THIS_WEEK: 2}
    assert said([one], true, to()) is None
    assert said([one], true, to(stage=Phase.LAST_STRETCH)) == "a"
    assert choose([one], true, Moment.LOG, to(stage=Phase.LAST_STRETCH), TODAY) is None


def test_two_members_do_not_hear_the_file_from_its_top() -> None:
    lines = [line(f"l{number}", FactKind.KEPT_THIS_WEEK) for number in range(20)]
    heard = {said(lines, {FactKind.KEPT_THIS_WEEK: 2}, to(member_id=member)) for member in range(40)}
    assert len(heard) > 10


def test_no_line_is_said_while_waiting_or_after_a_result() -> None:
    one = line("a", FactKind.KEPT_THIS_WEEK)
    for stage in set(Phase) - STUDYING:
        assert said([one], {FactKind.KEPT_THIS_WEEK: 2}, to(stage=stage)) is None
