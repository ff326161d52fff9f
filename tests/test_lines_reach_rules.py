"""Can every packaged line be heard by somebody, and does nobody hear two that contradict each other?"""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from functools import cache
from random import Random

import pytest

from bot.data.lines import lines
from bot.domain import facts
from bot.domain.blocks import Work
from bot.domain.check_ins import Choice, Outcome
from bot.domain.facts import Facts
from bot.domain.goals import EVERY_DAY, Chosen, Goal
from bot.domain.ledgers import Ledger, Record, Span, SpanKind
from bot.domain.lines import LEAST_COOL_DOWN, Line, Listener, Moment, Spoken, Tone, choose
from bot.domain.phases import GENTLE, Phase
from tests.histories import ALWAYS, nights
from tests.test_facts_rules import EXCLUSIVE

FIRST = date(2026, 1, 5)
DAYS = 60
LIVES = 120
SPOKEN_TONES = (Tone.PLAIN, Tone.WARM, Tone.DRY)


def life(number: int) -> Ledger:
    """Sixty days that somebody may have lived, always the same ones for a number."""
    chance = Random(number)
    days = [FIRST + timedelta(days=at) for at in range(DAYS)]
    quiet, busy = chance.random(), chance.random()
    records = {day: did(chance, busy) for day in days if chance.random() > quiet / 2}
    spans = [
        Span(kind=kind, from_day=at, to_day=at + timedelta(days=chance.randrange(6)))
        for kind in (SpanKind.PAUSE, SpanKind.REST, SpanKind.REST, SpanKind.OUTAGE)
        for at in [chance.choice(days)]
    ]
    silence = chance.choice(days)
    records = {day: said for day, said in records.items() if not 0 <= (day - silence).days < chance.randrange(9)}
    usual = sorted((chance.choice(days), chance.choice([10, 20, 40])) for _ in range(3))
    return Ledger(
        started_day=chance.choice([FIRST, FIRST - timedelta(days=300)]),
        timetable=chance.choice([ALWAYS, nights(silence - timedelta(days=9), silence - timedelta(days=2))]),
        phases=((FIRST - timedelta(days=300), chance.choice([Phase.REBUILDING, Phase.EXAM_BOOKED])),),
        spans=tuple(spans),
        rest_weekdays=((FIRST - timedelta(days=300), chance.choice([0, 1 << 6, 1 << 2])),),
        goals=tuple(goal(at, number) for at, number in [(FIRST, 20), *usual]) if busy > 0.1 else (),
        exam_dates=((FIRST, days[-1]), (chance.choice(days), days[-1] + timedelta(days=5))),
        records=records,
    )


def goal(day: date, usual: int) -> Chosen:
    aim = Goal(floor=max(4, usual * 2 // 5), usual=usual, stretch=usual)
    return Chosen(kind=Work.QUESTIONS, weekday=EVERY_DAY, from_day=day, goal=aim)


def did(chance: Random, busy: float) -> Record:
    questions = chance.choice([0, 0, 3, 12, 15, 25, 45]) if chance.random() < busy else chance.choice([0, 4, 12])
    work = {Work.QUESTIONS: questions} if questions else {}
    if chance.random() < 0.3:
        work[chance.choice([work for work in Work if work is not Work.QUESTIONS])] = chance.choice([1, 2, 30, 80])
    return Record(
        work=work,
        choice=chance.choice(list(Choice)),
        outcome=chance.choice([*Outcome, Outcome.KEPT, Outcome.SOME, Outcome.NOT_TODAY]),
        mood=chance.choice([None, None, None, 1, 2, 3, 4, 5]),
        worked_through=questions if chance.random() < 0.4 else 0,
        unseen=questions if chance.random() < 0.4 else 0,
        notebook=bool(questions) and chance.random() < 0.3,
    )


@dataclass
class Heard:
    """What one member hears while they live through their days."""

    ledger: Ledger
    tone: Tone
    spoken: dict[str, Spoken] = field(default_factory=dict[str, Spoken])

    def on(self, day: date, moment: Moment, true: Facts) -> Line | None:
        stage = facts.stage(self.ledger, day)
        listener = Listener(member_id=1, tone=self.tone, stage=stage, spoken=self.spoken)
        line = choose(lines(), true, moment, listener, day)
        if line is not None:
            self.spoken[line.id] = Spoken(line_id=line.id, moment=moment, day=day)
        return line


def days_of(ledger: Ledger) -> Iterator[tuple[date, list[tuple[Moment, Facts]]]]:
    """Each day with what was true when its work was logged, and when its evening was answered."""
    for day, said in sorted(ledger.records.items()):
        logged = replace(said, outcome=Outcome.NONE, mood=None)
        known = {one: record for one, record in ledger.records.items() if one < day}
        noon = replace(ledger, records={**known, day: logged})
        evening = replace(ledger, records={**known, day: said})
        moments = [(Moment.LOG, facts.of_day(noon, day))] if said.work else []
        yield day, [*moments, (Moment.EVENING, facts.of_day(evening, day) if said.outcome else {})]


@cache
def everything_true() -> list[tuple[Moment, Phase, Facts]]:
    """All that is true of any day of any life here."""
    found = [
        (moment, facts.stage(ledger, day), true)
        for ledger in map(life, range(LIVES))
        for day, moments in days_of(ledger)
        for moment, true in moments
    ]
    for phase in GENTLE:
        for passed in range(1, 20):
            for ago in (0, 5):
                ledger = replace(life(0), phases=((FIRST, phase),))
                day = FIRST + timedelta(days=passed)
                true = facts.of_gentle_evening(ledger, day, day - timedelta(days=ago))
                found.append((Moment.GENTLE, phase, true))
    return found


@pytest.mark.parametrize("line", lines(), ids=lambda line: line.id)
def test_every_line_is_heard_by_somebody(line: Line) -> None:
    """By one who has heard all others lately, on some day of some life."""
    others = {one.id: Spoken(line_id=one.id, moment=None, day=None, retired=True) for one in lines() if one != line}
    assert any(
        choose([line], true, moment, Listener(member_id=1, tone=line.tone, stage=stage, spoken=others), FIRST)
        for moment, stage, true in everything_true()
    )


@pytest.mark.parametrize("tone", SPOKEN_TONES)
def test_nobody_hears_two_lines_on_a_day_that_contradict_each_other_or_one_line_twice_in_thirty_days(
    tone: Tone,
) -> None:
    for ledger in map(life, range(LIVES // 3)):
        heard, last = Heard(ledger, tone), dict[str, date]()
        for day, moments in days_of(ledger):
            said = [line for moment, true in moments if (line := heard.on(day, moment, true)) is not None]
            cited = {kind for line in said for kind in line.needs}
            assert all(len(cited & some) <= 1 for some in EXCLUSIVE), (day, [line.id for line in said])
            assert len({line.id for line in said}) == len(said)
            for line in said:
                assert line.id not in last or (day - last[line.id]).days > LEAST_COOL_DOWN
                last[line.id] = day


@pytest.mark.parametrize("tone", SPOKEN_TONES)
def test_somebody_who_works_hears_a_line_on_most_evenings_for_two_months(tone: Tone) -> None:
    """So that the file is not exhausted by anybody: two of three evenings on which anything is true."""
    evenings = spoken = 0
    for ledger in map(life, range(LIVES // 6)):
        heard = Heard(ledger, tone)
        for day, moments in days_of(ledger):
            for moment, true in moments:
                if moment is Moment.EVENING and true:
                    evenings += 1
                    spoken += heard.on(day, moment, true) is not None
    assert spoken * 3 >= evenings * 2 > 0
