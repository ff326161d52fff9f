"""Whatever is longest still fits into what Discord takes, and a locked phone shows nothing of it."""

import itertools
import json
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import discord
import pytest

from bot import replies
from bot.app import LASTING
from bot.data import crisis_resources
from bot.data import lines as packaged_lines
from bot.domain.blocks import HAVE_CORRECT, LONGEST_SITTING, MOST, Block, Entry, Work
from bot.domain.check_ins import LONGEST_LINE, CheckIn, Choice, Outcome
from bot.domain.crisis import Card, Here
from bot.domain.crisis_cards import Campus
from bot.domain.days import DAY, Clock, Kind, Nights
from bot.domain.errors import NotAllowed, NotFound, Resting, UserError
from bot.domain.facts import Fact, FactKind
from bot.domain.goals import Goal
from bot.domain.ledgers import FOREVER, SILENCE, DayKind, Record, Span, SpanKind
from bot.domain.letters import Letter, Opening
from bot.domain.lines import LONGEST as LONGEST_TEXT
from bot.domain.lines import Line, Moment, Said, Tone
from bot.domain.people import LONGEST_NAME as LONGEST_PERSON
from bot.domain.people import MOST as MOST_PEOPLE
from bot.domain.phases import GENTLE, JOINING, STUDYING, Phase
from bot.domain.places import Place
from bot.domain.silences import Ask
from bot.domain.who_else import Others
from bot.services.actors import NotJoined
from bot.services.blocks import Logged
from bot.services.check_ins import Answered, Closed, Words
from bot.services.cohorts import LONGEST_NAME
from bot.services.today import Today
from bot.storage.cohorts import Cohort
from bot.ui import (
    block_forms,
    blocks,
    check_ins,
    crisis,
    crisis_pages,
    evening,
    forms,
    joining,
    low_moods,
    next_days,
    paths,
    people,
    prompts,
    today,
)
from bot.ui.cohorts import invitation
from bot.ui.lasting import view_of
from bot.ui.more import PAGES
from cogs.messages import ANSWER
from tests.conftest import People, World
from tests.walk import rows_of, walk

LONGEST_ID = 10**18 - 1
LONGEST_ZONE = "America/Argentina/ComodRivadavia"
LONGEST_DAY = date(2026, 9, 30)  # a Wednesday in September
NAMES = ("Ana", "x" * 200, "*" * 200, "@everyone " * 20, "\u202e" * 50, "", "🎓" * 60, "<@123456789012345678>" * 5)
ON_A_LOCKED_PHONE = 120
SECRETS = re.compile(r"\b(exam|result|score|fail|mood|help|crisis|step 1|usmle|retak)", re.IGNORECASE)
FAILURE = re.compile(r"\b(fail|score|result|retak)", re.IGNORECASE)
EXAM = re.compile(r"\bexams?\b", re.IGNORECASE)

MUCH_WORK = dict.fromkeys(Work, 10**6)
GOALS = {work: Goal(floor=10**6 - 2, usual=10**6 - 1, stretch=10**6) for work in Work}
NOW = datetime(2026, 9, 30, 12, tzinfo=UTC)

Drawn = tuple[str, discord.ui.View]


def must_fit(content: str, rows: list[dict[str, Any]]) -> None:
    """What Discord takes of one message."""
    assert 0 < len(content) <= 2000
    assert len(rows) <= 5
    custom_ids: list[str] = []
    for row in rows:
        assert 1 <= len(row["components"]) <= 5
        for item in row["components"]:
            custom_ids.append(item["custom_id"])
            assert 1 <= len(item["custom_id"]) <= 100
            if item["type"] == discord.ComponentType.button.value:
                assert 1 <= len(item["label"]) <= 80
            else:
                assert len(item["placeholder"]) <= 150
                assert 1 <= len(item["options"]) <= 25
                assert all(1 <= len(option["label"]) <= 100 for option in item["options"])
    assert len(set(custom_ids)) == len(custom_ids)


def must_fit_form(drawn: dict[str, Any]) -> None:
    """What Discord takes of one modal."""
    assert 1 <= len(drawn["title"]) <= 45
    assert 1 <= len(drawn["custom_id"]) <= 100
    assert 1 <= len(drawn["components"]) <= 5
    for label in drawn["components"]:
        assert 1 <= len(label["label"]) <= 45
        assert len(label.get("description") or "") <= 100
        field = label["component"]
        assert len(field["custom_id"]) <= 100
        assert len(field.get("placeholder") or "") <= 100
        assert len(field.get("value") or "") <= field.get("max_length", 4000) <= 4000
        assert all(len(option["label"]) <= 100 for option in field.get("options", []))
        assert len(field.get("options", [])) <= 10


def letters(name: str) -> Iterator[Letter]:
    """Every kind of message in every state that it speaks of, for the longest zone and ids."""
    plain = Letter(
        prompt_id=LONGEST_ID,
        kind=Kind.WELCOME,
        name=name,
        study_day=LONGEST_DAY,
        late=False,
        phase=Phase.REBUILDING,
        phase_day=0,
        today=SILENCE,
        goals={},
        opening=Opening.PLAIN,
        ask=Ask.AS_USUAL,
        day_before=SILENCE,
        day_before_kept=False,
        kept=None,
        clock=Clock(zone=LONGEST_ZONE),
    )
    for phase in (*GENTLE, *STUDYING):
        yield replace(plain, phase=phase)
    yield from mornings(replace(plain, kind=Kind.MORNING))
    yield from evenings(replace(plain, kind=Kind.EVENING))


LONGEST_SAID = Said(
    line=Line(
        id="x" * packaged_lines.LONGEST_ID,
        said=frozenset(Moment),
        needs=frozenset({FactKind.FIRST_DAY}),
        tone=Tone.PLAIN,
        text="x" * LONGEST_TEXT,
    ),
    true={FactKind.FIRST_DAY: 0},
)
OFFLINE = (None, (NOW - timedelta(days=2), NOW), (NOW - timedelta(hours=1), NOW))


def mornings(plain: Letter) -> Iterator[Letter]:
    facts = (None, *(Fact(kind=kind, number=28) for kind in (FactKind.KEPT_SO_FAR, FactKind.KEPT_FOUR_WEEKS)))
    days_before = (SILENCE, Record(outcome=Outcome.KEPT), Record(outcome=Outcome.SOME, work=MUCH_WORK))
    for fact, before, opening, goals, offline in itertools.product(facts, days_before, Opening, ({}, GOALS), OFFLINE):
        letter = replace(plain, kept=fact, day_before=before, opening=opening, goals=goals, offline=offline)
        for kept, late in itertools.product((False, True), (False, True)):
            yield replace(letter, day_before_kept=kept, late=late)
    for ask, opening, offline in itertools.product(Ask, Opening, OFFLINE):
        yield replace(plain, ask=ask, opening=opening, goals=GOALS, offline=offline)


def evenings(plain: Letter) -> Iterator[Letter]:
    for phase, choice, late, offline, work in itertools.product(
        STUDYING, Choice, (False, True), OFFLINE, ({}, MUCH_WORK)
    ):
        today_record = Record(choice=choice, work=work)
        yield replace(plain, phase=phase, today=today_record, late=late, offline=offline, goals=GOALS)
    for phase, opening, offline in itertools.product((*GENTLE, *STUDYING), Opening, OFFLINE):
        yield replace(plain, phase=phase, opening=opening, offline=offline, goals=GOALS)
    for phase, phase_day, said in itertools.product(GENTLE, range(15), (None, LONGEST_SAID)):
        yield replace(plain, phase=phase, phase_day=phase_day, said=said)


def days() -> Iterator[CheckIn]:
    """A day in every state, with all that may stand beside its answer."""
    for choice, outcome, (questions, mood, line) in itertools.product(
        Choice, Outcome, ((None, None, ""), (10**6, 1, "x" * LONGEST_LINE))
    ):
        yield CheckIn(
            study_day=LONGEST_DAY,
            choice=choice,
            outcome=outcome,
            questions=questions,
            mood=mood,
            line=line,
            has_line=bool(line),
            version=999_999_999,
        )


def drawings() -> Iterator[Drawn]:
    """Every message that the interface draws, at its longest."""
    for check_in in days():
        yield check_ins.question(check_in, LONGEST_ID)
        yield check_ins.morning_question(check_in, LONGEST_ID)
        for spoken in (None, LONGEST_SAID):
            yield check_ins.standing(Answered(check_in=check_in, said=spoken), LONGEST_ID)
        for said in (*Choice, *Outcome):
            before = check_in.choice if isinstance(said, Choice) else check_in.outcome
            if said and before:
                yield check_ins.conflict(check_in, said, LONGEST_ID)
    yield joining.PANEL, view_of(*(joining.WhereButton(LONGEST_ID, phase) for phase in JOINING), crisis.HelpButton(0))
    yield joining.HOW_TO_OPEN_DMS, view_of(joining.OpenedButton(), crisis.HelpButton(0))
    yield paths.STOPPED, view_of(paths.PathButton("again"))
    yield ANSWER, view_of(crisis.HelpButton(0))
    for name in ("x" * LONGEST_NAME, "*" * LONGEST_NAME, "@everyone " * 6, "🎓" * LONGEST_NAME):
        yield invitation(Cohort(id=LONGEST_ID, guild_id=1, name=name, channel_id=1))
    yield "x", view_of(forms.DraftButton(LONGEST_ID), forms.AgainButton("0" * 12))
    yield from panels()
    countries = crisis_resources.load().countries
    here = Here(now=NOW, campus="*" * 500)
    for country, page in itertools.product((None, *countries), crisis_pages.Page):
        yield crisis_pages.drawn(page, country, countries, screened=True, here=here)
    for country, page, kind, screened in itertools.product(
        (None, countries[0]), crisis_pages.Page, Card, (False, True)
    ):
        yield crisis_pages.drawn(page, country, countries, kind=kind, here=here, screened=screened)
    names = ("*" * LONGEST_PERSON,) * MOST_PEOPLE
    for country in (None, *countries):
        others = Others(people=names, campus=Campus(line="*" * 500))
        yield crisis_pages.drawn(crisis_pages.Page.OTHERS, country, countries, here=here, others=others)
    yield people.drawn(names)
    yield next_days.question()
    yield low_moods.record([(LONGEST_DAY - number * DAY, 3 + number % 2) for number in range(10)])


A_DAY = Today(
    now=NOW,
    day=LONGEST_DAY,
    zone=LONGEST_ZONE,
    day_kind=DayKind.PLANNED,
    phase=Phase.REBUILDING,
    check_in=CheckIn(study_day=LONGEST_DAY),
    before_evening=True,
    yesterday=None,
    goals={},
    done={},
    kept=False,
    block_size=10,
    next_due=None,
    pause=None,
    nights=None,
    dms_closed=False,
    first_sign=False,
)
PAUSES = (None, Span(kind=SpanKind.PAUSE, from_day=LONGEST_DAY, to_day=FOREVER))
NIGHTS = Nights(from_day=LONGEST_DAY, to_day=LONGEST_DAY, cut_hour=12, morning_minute=960, evening_minute=510)


def todays() -> Iterator[Today]:
    """A day on the panel in every state, with as little and as much as there can be."""
    before = CheckIn(study_day=LONGEST_DAY - DAY)
    for day_kind, check_in, full in itertools.product(DayKind, days(), (False, True)):
        much = replace(A_DAY, goals=GOALS, done=MUCH_WORK, kept=True, nights=NIGHTS, next_due=NOW)
        yield replace(much if full else A_DAY, day_kind=day_kind, check_in=check_in)
        for pause, yesterday, closed in itertools.product(PAUSES, (None, before), (False, True)):
            day = replace(much if full else A_DAY, day_kind=day_kind, check_in=check_in, pause=pause)
            yield replace(day, yesterday=yesterday, dms_closed=closed)


def entries() -> Iterator[Entry]:
    """The longest entry of each kind."""
    for work in Work:
        block = Block(
            kind=work,
            amount=MOST[work],
            correct=MOST[work] if work in HAVE_CORRECT else None,
            minutes=LONGEST_SITTING,
            timed=True,
            unseen=True,
            worked_through=True,
            notebook=True,
        )
        yield Entry(id=LONGEST_ID, study_day=LONGEST_DAY - 3 * DAY, block=block)


def panels() -> Iterator[Drawn]:
    """`/today`, and what it says after something was logged, corrected and taken back."""
    for day in todays():
        yield today.panel(day)
        yield today.check_in_page(day)
    fullest = replace(
        A_DAY,
        check_in=replace(next(days()), choice=Choice.USUAL),
        yesterday=CheckIn(study_day=LONGEST_DAY - DAY),
        goals=GOALS,
        done=MUCH_WORK,
        kept=True,
        nights=NIGHTS,
        dms_closed=True,
    )
    for entry, after in itertools.product(entries(), (blocks.logged, blocks.corrected, blocks.taken_back)):
        for spoken in (None, LONGEST_SAID):
            yield after(Logged(entry=entry, today=fullest, said=spoken))


@pytest.mark.parametrize("name", NAMES, ids=range(len(NAMES)))
async def test_every_prompt_fits_and_carries_its_mark(name: str) -> None:
    seen: set[str] = set()
    for letter in letters(name):
        text = prompts.compose(letter)
        if text in seen:
            continue
        seen.add(text)
        body = json.loads(text)
        must_fit(body["content"], body["components"])
        assert len(body["nonce"]) <= 25
        assert body["enforce_nonce"] is True
        assert body["allowed_mentions"] == {"parse": []}
        assert f'"help:{LONGEST_ID}"' in json.dumps(body["components"])
    assert len(seen) >= 15


async def test_every_message_of_the_interface_fits() -> None:
    seen: set[str] = set()
    for content, view in drawings():
        rows = view.to_components()
        key = content + json.dumps(rows)
        if key not in seen:
            seen.add(key)
            must_fit(content, rows)
    assert len(seen) > 200


async def test_guesses_fit_whatever_they_are_called() -> None:
    guesses = [Place(label="x" * 80, zone=f"{LONGEST_ZONE[:-1]}{number}", country="AR") for number in range(3)]
    view = view_of(
        *(joining.PlaceButton(LONGEST_ID, Phase.JUST_FOUND_OUT, place) for place in guesses),
        joining.WhereButton(LONGEST_ID, Phase.JUST_FOUND_OUT, label="Type it again"),
    )
    must_fit("x", view.to_components())


async def test_every_custom_id_we_draw_is_one_we_know_again() -> None:
    templates = [item.__discord_ui_compiled_template__ for item in LASTING]
    drawn = [view.to_components() for _, view in drawings()]
    drawn += [json.loads(prompts.compose(letter))["components"] for letter in letters("Ana")]
    custom_ids = {item["custom_id"] for rows in drawn for row in rows for item in row["components"]}
    for custom_id in custom_ids:
        assert sum(bool(template.fullmatch(custom_id)) for template in templates) == 1


def drawn_forms() -> Iterator[forms.Form]:
    """Every form of joining, days and work, also with more in it than it can hold."""
    yield joining.city_form(LONGEST_ID, Phase.JUST_FOUND_OUT)
    for check_in, words in itertools.product(
        days(), (Words(), Words(questions="9" * 6000, mood=5, line="x" * 6000), Words(questions=" ", line="\n" * 500))
    ):
        yield evening.evening_form(LONGEST_ID, check_in, words)
    much = dict.fromkeys(("amount", "minutes", "day", "note"), "x" * 6000) | {"ticks": " ".join(block_forms.TICKS)}
    yield people.people_form(["x" * 6000] * 5)
    for work, values in itertools.product(Work, ({}, much)):
        yield block_forms.log_form(work, 10**12 - 1, values)
    for entry, values in itertools.product(entries(), ({}, much)):
        yield block_forms.correction_form(entry, values)


async def test_every_form_fits() -> None:
    for form in drawn_forms():
        must_fit_form(dict(form.to_dict()))


async def test_every_form_we_draw_is_one_that_is_received() -> None:
    templates = list(vars(forms)["_kinds"])
    for form in drawn_forms():
        assert sum(bool(template.fullmatch(form.custom_id)) for template in templates) == 1


# --- whatever can be reached from the panel


async def has_everything(world: World) -> None:
    """Whoever is a member has as much of everything as there can be."""
    async with world.services.records.writing() as tx:
        for work in Work:
            await tx.execute(
                """INSERT INTO goals (member_id, kind, weekday, from_day, floor, usual, stretch)
                   SELECT id, :work, weekday, '2026-03-02', :most, :most, :most FROM members,
                     (SELECT -1 AS weekday UNION SELECT 0 UNION SELECT 1 UNION SELECT 2 UNION SELECT 3
                      UNION SELECT 4 UNION SELECT 5 UNION SELECT 6)""",
                work=work,
                most=MOST[work],
            )
            await tx.execute(
                """INSERT INTO entries (member_id, study_day, kind, amount, correct, minutes, timed, unseen,
                     worked_through, notebook, source, at, operation)
                   SELECT id, '2026-03-02', :work, :most, :most, 960, 1, 1, 1, 1, 'log', 0, :work || id FROM members""",
                work=work,
                most=MOST[work],
            )
        await tx.execute(
            "INSERT INTO rest_weekdays (member_id, from_day, mask) SELECT id, '2026-03-02', 127 FROM members"
        )
        await tx.execute(
            "INSERT INTO exam_dates (member_id, from_day, date) SELECT id, '2026-03-02', '2026-09-30' FROM members"
        )
        await tx.execute(
            """INSERT INTO plans (member_id, from_day, left_unseen, left_seen)
               SELECT id, '2026-03-02', 10000, 10000 FROM members"""
        )
        for first in ("2026-03-02", "2026-03-03", *(f"2026-09-{day}" for day in range(10, 31))):
            await tx.execute(
                "INSERT INTO spans (member_id, kind, from_day, to_day) SELECT id, 'rest', :first, :first FROM members",
                first=first,
            )


@pytest.mark.parametrize("state", ["new", "gentle", "full", "paused"])
async def test_everything_that_can_be_reached_from_today_fits(world: World, state: str) -> None:
    await world.join(world.ana, "Just found out" if state == "gentle" else "Exam booked")
    if state in ("full", "paused"):
        await has_everything(world)
    if state == "paused":
        await world.services.joining.stop(People(count=10**6).actor(world.ana.id), world.clock())
    found = await walk(world, world.ana, (await world.ana.slash(world.channel, "today")).response)
    assert {"page:more", "help:0", *(f"page:{name}" for name in PAGES)} <= found.pressed
    for message in found.messages:
        must_fit(message.content, rows_of(message))
    for form in found.forms:
        must_fit_form(form)


async def test_a_locked_phone_shows_no_exam_no_result_no_mood_and_no_help() -> None:
    shown = {json.loads(prompts.compose(letter))["content"][:ON_A_LOCKED_PHONE] for letter in letters("Ana")}
    shown |= {ANSWER[:ON_A_LOCKED_PHONE], next_days.QUESTION[:ON_A_LOCKED_PHONE]}
    assert len(shown) > 10
    assert [text for text in shown if SECRETS.search(text)] == []


async def test_what_stands_in_a_server_names_no_failure(world: World) -> None:
    content, view = invitation(Cohort(id=1, guild_id=1, name="Spring group", channel_id=1))
    labels = [item["label"] for row in view.to_components() for item in row["components"]]
    commands = [json.dumps(command.to_dict(world.bot.tree)) for command in world.bot.tree.get_commands()]
    for text in (content, *labels, *commands):
        assert not FAILURE.search(text)
    for text in (content, *labels):
        assert not EXAM.search(text), "what stands for all to see; `/exam` is the name of a command"


async def test_every_command_has_a_name_and_a_description_that_discord_takes(world: World) -> None:
    def check(node: dict[str, Any]) -> int:
        assert re.fullmatch(r"[a-z-]{1,32}", node["name"])
        assert 1 <= len(node["description"]) <= 100
        assert len(node.get("options", [])) <= 25
        return 1 + sum(check(option) for option in node.get("options", []))

    found = sum(check(dict(command.to_dict(world.bot.tree))) for command in world.bot.tree.get_commands())
    assert found > 10


def test_a_refusal_leaves_room_for_the_words_that_were_not_saved() -> None:
    refusals: tuple[UserError, ...] = (NotJoined(), Closed(), Resting(), NotFound(), NotAllowed("x" * 100))
    for refusal in refusals:
        assert len(str(refusal)) + len("\n\nYour words, so that they aren't lost:\n>>> ") + 1500 <= replies.LONGEST
