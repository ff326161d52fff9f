"""Whatever is longest still fits into what Discord takes, and a locked phone shows nothing of it."""

import itertools
import json
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import discord
import pytest

from bot import replies
from bot.data import crisis_resources
from bot.domain.check_ins import LONGEST_LINE, CheckIn, Choice, Day, Fact, FactKind, Outcome
from bot.domain.days import DAY, Clock, Kind
from bot.domain.errors import NotAllowed, NotFound, Resting, UserError
from bot.domain.letters import Letter
from bot.domain.phases import GENTLE, JOINING, STUDYING, Phase
from bot.domain.places import Place
from bot.services.actors import NotJoined
from bot.services.check_ins import Answered, Closed, Overview, Words
from bot.services.cohorts import LONGEST_NAME
from bot.storage.cohorts import Cohort
from bot.ui import check_ins, crisis, evening, evening_sent, joining, paths, prompts
from bot.ui.cohorts import invitation
from bot.ui.lasting import view_of
from bot.ui.overview import overview
from cogs.messages import ANSWER
from tests.conftest import World

LONGEST_ID = 10**18 - 1
LONGEST_ZONE = "America/Argentina/ComodRivadavia"
LONGEST_DAY = date(2026, 9, 30)  # a Wednesday in September
NAMES = ("Ana", "x" * 200, "*" * 200, "@everyone " * 20, "\u202e" * 50, "", "🎓" * 60, "<@123456789012345678>" * 5)
ON_A_LOCKED_PHONE = 120
SECRETS = re.compile(r"\b(exam|result|score|fail|mood|help|crisis|step 1|usmle|retak)", re.IGNORECASE)
FAILURE = re.compile(r"\b(fail|score|exams?\b|result|retak)", re.IGNORECASE)

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


def must_fit_form(form: discord.ui.Modal) -> None:
    """What Discord takes of one modal."""
    drawn: dict[str, Any] = dict(form.to_dict())
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
        choice=Choice.NONE,
        day_before=None,
        kept=None,
        clock=Clock(zone=LONGEST_ZONE),
    )
    for phase in (*GENTLE, *STUDYING):
        yield replace(plain, phase=phase)
    facts = (None, *(Fact(kind=kind, number=10**6) for kind in FactKind))
    days_before = (None, *(Day(study_day=LONGEST_DAY, outcome=outcome, questions=10**6) for outcome in Outcome))
    for fact, before, late in itertools.product(facts, days_before, (False, True)):
        yield replace(plain, kind=Kind.MORNING, kept=fact, day_before=before, late=late)
    for phase, choice, late in itertools.product(STUDYING, Choice, (False, True)):
        yield replace(plain, kind=Kind.EVENING, phase=phase, choice=choice, late=late)
    for phase, phase_day in itertools.product(GENTLE, range(15)):
        yield replace(plain, kind=Kind.EVENING, phase=phase, phase_day=phase_day)


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
            version=999_999_999,
        )


def drawings() -> Iterator[Drawn]:
    """Every message that the interface draws, at its longest."""
    for check_in in days():
        yield check_ins.question(check_in, LONGEST_ID)
        yield check_ins.morning_question(check_in, LONGEST_ID)
        for fact in (None, *(Fact(kind=kind, number=10**6) for kind in FactKind)):
            yield check_ins.standing(Answered(check_in=check_in, fact=fact), LONGEST_ID)
        for said in (*Choice, *Outcome):
            before = check_in.choice if isinstance(said, Choice) else check_in.outcome
            if said and before:
                yield check_ins.conflict(check_in, said, LONGEST_ID)
    yield from overviews()
    yield joining.PANEL, view_of(*(joining.WhereButton(LONGEST_ID, phase) for phase in JOINING), crisis.HelpButton(0))
    yield joining.HOW_TO_OPEN_DMS, view_of(joining.OpenedButton(), crisis.HelpButton(0))
    yield paths.STOPPED, view_of(paths.PathButton("again"))
    yield ANSWER, view_of(crisis.HelpButton(0))
    for name in ("x" * LONGEST_NAME, "*" * LONGEST_NAME, "@everyone " * 6, "🎓" * LONGEST_NAME):
        yield invitation(Cohort(id=LONGEST_ID, guild_id=1, name=name, channel_id=1))
    yield "x", view_of(evening_sent.DraftButton(LONGEST_ID, LONGEST_ID, "2026-09-30"))
    countries = crisis_resources.load().countries
    for country, page in itertools.product((None, *countries), crisis.Page):
        yield crisis.drawn(page, country, countries)


def overviews() -> Iterator[Drawn]:
    now = datetime(2026, 9, 30, 12, tzinfo=UTC)
    before = CheckIn(study_day=LONGEST_DAY - DAY)
    for today, yesterday, phase, paused, dms_closed, due in itertools.product(
        days(),
        (None, before, replace(before, outcome=Outcome.KEPT)),
        (Phase.NOT_READY, Phase.REBUILDING),
        (True, False),
        (True, False),
        (None, now),
    ):
        found = Overview(
            today=today,
            yesterday=yesterday,
            next_due=due,
            phase=phase,
            zone=LONGEST_ZONE,
            paused=paused,
            dms_closed=dms_closed,
        )
        yield overview(found, now)


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
    templates = [
        item.__discord_ui_compiled_template__
        for module in (check_ins, crisis, evening_sent, joining, paths)
        for item in module.ITEMS
    ]
    drawn = [view.to_components() for _, view in drawings()]
    drawn += [json.loads(prompts.compose(letter))["components"] for letter in letters("Ana")]
    custom_ids = {item["custom_id"] for rows in drawn for row in rows for item in row["components"]}
    for custom_id in custom_ids:
        assert sum(bool(template.fullmatch(custom_id)) for template in templates) == 1


async def test_every_form_fits() -> None:
    must_fit_form(joining.city_form(LONGEST_ID, Phase.JUST_FOUND_OUT))
    for check_in, words in itertools.product(
        days(), (Words(), Words(questions="9" * 6000, mood=5, line="x" * 6000), Words(questions=" ", line="\n" * 500))
    ):
        must_fit_form(evening.evening_form(LONGEST_ID, check_in, words))


async def test_a_locked_phone_shows_no_exam_no_result_no_mood_and_no_help() -> None:
    shown = {json.loads(prompts.compose(letter))["content"][:ON_A_LOCKED_PHONE] for letter in letters("Ana")}
    shown.add(ANSWER[:ON_A_LOCKED_PHONE])
    assert len(shown) > 10
    assert [text for text in shown if SECRETS.search(text)] == []


async def test_what_stands_in_a_server_names_no_failure(world: World) -> None:
    content, view = invitation(Cohort(id=1, guild_id=1, name="Spring group", channel_id=1))
    labels = [item["label"] for row in view.to_components() for item in row["components"]]
    commands = [json.dumps(command.to_dict(world.bot.tree)) for command in world.bot.tree.get_commands()]
    for text in (content, *labels, *commands):
        assert not FAILURE.search(text)


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
