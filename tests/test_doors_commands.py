"""Doors that nobody drew: forged, stale and strangers' buttons, records that rest or hang, and what is never logged."""

import asyncio
import itertools
import json
import logging
import re
import sqlite3
import time
from collections.abc import Awaitable, Iterator
from contextlib import closing
from typing import Any, cast

import discord
import pytest
from discord import app_commands
from discord.ext import commands
from hypothesis import find
from hypothesis import strategies as st
from simcord.enums import InteractionType

from bot import logs, replies
from bot.app import LASTING
from bot.domain import crisis_cards
from bot.domain.check_ins import Outcome
from bot.domain.errors import NotFound, Resting
from bot.replies import answering
from bot.services.actors import NotJoined
from bot.services.cohorts import REFUSED
from bot.ui import check_ins, crisis, forms, joining, pages, paths
from tests.conftest import Act, World, buttons, forged
from tests.walk import walk

STRANGER = str(NotJoined())
RESTING = str(Resting())
NO_DAY = "I don't know that day. `/today` opens what there is."
CLOSED = "That day is closed, and nothing about it is owed. `/today` opens what there is."
DRAFT_GONE = "Those words were kept for a day, and are gone now. `/today` opens a new form."
AT_HAND_NO_MORE = "I no longer have them at hand. They stand in this message, to copy."
NO_COHORT = "That cohort isn't open any more. A moderator can post a new invitation."
MODERATORS_ONLY = REFUSED
TOO_LONG = (
    "That took too long, and I can't say whether it was saved. Please look with `/today` before you try again. "
    "`/crisis` works as always."
)
CARD = "emergency"

# --- every door there is, read off the program itself

GROUPS = {
    "prompt": ("1", "999999"),
    "day": ("2026-03-02",),
    "version": ("0",),
    "cohort": ("1", "999999"),
    "country": ("US", "ZZ"),
    "code": ("US", "ZZ"),
    "where": ("", ":other:asked", ":harm_from:screened", ":harm_to:asked"),
    "zone": ("America/Chicago",),
    "draft": ("1", "999999"),
    "entry": ("1", "999999"),
    "span": ("1", "999999"),
    "name": (*vars(pages)["_showers"], "nowhere"),
    "mint": ("0123456789ab",),
    "request": ("1", "999999"),
    "token": ("0123456789ab",),
    "floor": ("10",),
    "usual": ("20",),
    "stretch": ("30",),
}
"""What stands for a part of a custom_id; one that is not named here gets the simplest text that fits."""

PART = re.compile(r"\(\?P<(\w+)>([^()]*)\)")


def simplest(body: str) -> str:
    return find(st.from_regex(re.compile(body), fullmatch=True), lambda _: True)


def drawn_like(template: str) -> list[str]:
    """Custom_ids that a template knows, with each alternative it names."""
    choices: list[tuple[str, ...]] = []
    for name, body in PART.findall(template):
        if re.fullmatch(r"\w+(\|\w+)+", body):
            choices.append(tuple(body.split("|")))
        else:
            choices.append(GROUPS.get(name) or (simplest(body),))
    texts = PART.sub("\0", template).split("\0")
    return ["".join(itertools.chain(*zip(texts, (*chosen, ""), strict=True))) for chosen in itertools.product(*choices)]


DOORS = {item: drawn_like(item.__discord_ui_compiled_template__.pattern) for item in LASTING}
EVERY_DOOR = [custom_id for custom_ids in DOORS.values() for custom_id in custom_ids]
KINDS: list[re.Pattern[str]] = list(vars(forms)["_kinds"])
FORMS = {kind.pattern: drawn_like(kind.pattern) for kind in KINDS}
EVERY_FORM = [custom_id for custom_ids in FORMS.values() for custom_id in custom_ids]
EVENING = "evening:1:2026-03-02:0:0123456789ab"

TO_A_STRANGER = {
    "again:": AT_HAND_NO_MORE,
    "crisis:who": "Who hears of it?",
    "crisis:unmeant": crisis_cards.NOT_MEANT,
    "crisis:away": crisis_cards.PUT_AWAY,
    "crisis:others": "**Someone you already know**",
    "crisis:": CARD,
    "draft:": DRAFT_GONE,
    "help:": CARD,
    "join:1": joining.PANEL,
    "join:": NO_COHORT,
    "page:nowhere": str(NotFound()),
    "place:": NO_COHORT,
    "where:": "Which city's time?",
}
"""What somebody who never joined is told by doors that begin like this."""
JOINS = "place:1:"
"""A door by which a stranger becomes a member."""


def told(custom_id: str) -> str | None:
    return next((said for begin, said in TO_A_STRANGER.items() if custom_id.startswith(begin)), None)


def shown(result: Any) -> str:
    """What somebody sees: a text, or the form that opens."""
    if not result.modal:
        return result.response.content
    return f"{result.modal['title']}: {json.dumps(result.modal['components'], sort_keys=True)}"


VALUES: dict[str, Any] = {
    "away": "Friday",
    "name": "Canarycohort",
    "cohort": "Canarycohort",
    "country": "Jamaica",
    "cut": "4:00",
    "date": "30 May",
    "dates": "Friday",
    "days": "Sunday",
    "evening": "21:00",
    "hours": "18-22",
    "morning": "7:30",
    "place": "Chicago",
    "since": "today",
    "sleep": "8:30",
    "until": "Friday",
    "wake": "16:00",
    "weekdays": "Sunday",
    "zone": "Chicago",
}
"""What fits an option by its name; any other gets a number."""


def options_of(command: app_commands.Command[Any, ..., Any], world: World, canary: bool) -> dict[str, Any]:
    """Something for each option, by its type: what would work, or words that nobody would understand."""
    options: dict[str, Any] = {}
    for option in command.parameters:
        match option.type:
            case discord.AppCommandOptionType.string if option.choices:
                options[option.name] = option.choices[0].value
            case discord.AppCommandOptionType.string:
                sensible = VALUES.get(option.name, "20")
                same = option.name in ("name", "cohort") or not canary
                options[option.name] = sensible if same else f"Canary{option.name}"[: int(option.max_value or 50)]
            case discord.AppCommandOptionType.integer:
                options[option.name] = int(option.min_value or 1)
            case discord.AppCommandOptionType.boolean:
                options[option.name] = True
            case discord.AppCommandOptionType.channel:
                options[option.name] = world.channel
            case discord.AppCommandOptionType.role:
                options[option.name] = world.guild.create_role("Canaryrole")
            case other:
                raise AssertionError(f"nothing stands here for an option of type {other}")
    return options


def commands_of(world: World) -> dict[str, app_commands.Command[Any, ..., Any]]:
    """Every command, by the words that somebody types."""
    found = world.bot.tree.walk_commands()
    return {it.qualified_name: it for it in found if isinstance(it, app_commands.Command)}


def suggested(command: app_commands.Command[Any, ..., Any]) -> list[str]:
    """The options of a command that make suggestions."""
    return [option.name for option in command.parameters if option.autocomplete]


def records_of(world: World) -> dict[str, list[Any]]:
    """Everything that is stored, by table."""
    with closing(sqlite3.connect(world.records_folder / "comeback.db")) as connection:
        names = [row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        return {name: connection.execute(f"SELECT * FROM {name}").fetchall() for name in names}


async def pressed(world: World, person: Any, custom_id: str) -> Any:
    """A button or select of this custom_id is used in the server: the reply, or the message it became."""
    if not custom_id.startswith("crisis:country"):
        return await world.forge(person, custom_id)
    view = discord.ui.View(timeout=None)
    options = [discord.SelectOption(label="Jamaica", value="JM")]
    view.add_item(discord.ui.Select(custom_id=custom_id, options=options))
    return await person.select(await world.foreign(view), ["JM"])


async def sent(world: World, person: Any, custom_id: str, **values: str) -> Any:
    """A form of this custom_id is sent, from a message of the server."""
    source = await world.foreign(forged("zzz"))
    (result,) = await world.at_once(world.form(person, custom_id, source, **values))
    return result


# --- the list is whole


def test_every_lasting_button_is_tried_here() -> None:
    """Each under every name it has, and one button knows each."""
    templates = [item.__discord_ui_compiled_template__ for item in LASTING]
    assert len(EVERY_DOOR) > len(LASTING)
    for item, doors in DOORS.items():
        assert doors
        assert all(item.__discord_ui_compiled_template__.fullmatch(custom_id) for custom_id in doors)
    for custom_id in EVERY_DOOR:
        assert sum(bool(template.fullmatch(custom_id)) for template in templates) == 1


def test_every_form_is_tried_here() -> None:
    assert EVENING in EVERY_FORM
    for custom_id in EVERY_FORM:
        assert sum(bool(kind.fullmatch(custom_id)) for kind in KINDS) == 1


async def test_every_command_is_tried_here(world: World) -> None:
    assert {"today", "log", "undo", "checkin", "join", "crisis", "cohort create"} <= set(commands_of(world))


async def test_whatever_was_shown_the_program_keeps_nothing_of_it(world: World) -> None:
    """discord.py would keep forms that nobody sends, and a timer for each private message with a button."""
    await world.join(world.ana)
    before = asyncio.all_tasks()
    found = await walk(world, world.ana, (await world.ana.slash(world.channel, "today")).response)
    assert len(found.messages) > 20
    assert len(found.forms) > 10
    await world.services.records.close()
    refused = await sent(world, world.ana, "logged:questions:1772474400:0123456789ab", amount="20")
    assert list(buttons(refused.response)) == ["Try again"]
    store = cast("Any", world.bot)._connection._view_store
    assert not store._views
    assert not store._modals
    assert asyncio.all_tasks() == before


# --- strangers


async def strangers_doors(world: World) -> dict[str, str]:
    """What somebody who never joined is shown by every door; none of them changes anything."""
    before = records_of(world)
    found: dict[str, str] = {}
    for custom_id in EVERY_DOOR:
        if not custom_id.startswith(JOINS):
            found[custom_id] = shown(await pressed(world, world.ana, custom_id))
            assert records_of(world) == before, custom_id
    return found


async def test_a_stranger_reads_one_clear_sentence_and_changes_nothing(world: World) -> None:
    """Or opens an empty form or a page on which nothing is anybody's: it is the same while records rest."""
    bea = world.newcomer("Bea")
    await world.join(bea)
    await bea.slash(world.channel, "log", questions="20")
    unlisted: dict[str, str] = {}
    for custom_id, what in (await strangers_doors(world)).items():
        said = told(custom_id)
        if said is not None:
            assert said in what, custom_id
        elif not what.startswith((STRANGER, MODERATORS_ONLY)):
            unlisted[custom_id] = what
    assert "log:questions" in unlisted
    await world.services.records.close()
    for custom_id, what in unlisted.items():
        assert shown(await pressed(world, world.ana, custom_id)) == what, custom_id


async def test_a_strangers_form_hands_their_words_back(world: World) -> None:
    await world.join(world.newcomer("Bea"))
    before = records_of(world)
    for custom_id, word in itertools.product(EVERY_FORM, ("20", "lots")):
        result = await sent(world, world.ana, custom_id, questions=word, amount=word, line="My line.")
        assert records_of(world) == before, custom_id
        if custom_id.startswith("city:"):
            assert result.response.content.startswith("A larger city in your time zone works")
        else:
            assert result.response.content.startswith(STRANGER) or word == "lots", custom_id
            assert result.response.content.endswith(
                f"\n\nYour words, so that they aren't lost:\n>>> {word}\n{word}\nMy line."
            )


async def test_a_stranger_reads_how_to_join_at_every_command_for_members(world: World) -> None:
    before = records_of(world)
    for name, command in commands_of(world).items():
        if name in ("crisis", "join") or name.startswith(("cohort ", "queue ")):
            continue
        options = options_of(command, world, canary=False)
        for result in (
            await world.ana.slash(world.channel, name, **options),
            await world.ana.user.slash(name, **options),
        ):
            assert result.response.content.startswith(STRANGER), name
    assert records_of(world) == before


# --- forged days and ids


@pytest.mark.parametrize(
    ("day", "said"),
    [
        ("2026-02-30", NO_DAY),
        ("2026-13-01", NO_DAY),
        ("0000-00-00", NO_DAY),
        ("9999-12-31", CLOSED),
        ("0001-01-01", CLOSED),
        ("2026-03-03", CLOSED),
        ("2026-02-28", CLOSED),
    ],
)
async def test_a_day_that_is_no_day_or_not_open_is_one_sentence_and_changes_nothing(
    world: World, day: str, said: str
) -> None:
    await world.join(world.ana)
    before = records_of(world)
    for door in (
        "answer:1:{}:0:kept",
        "answer:1:{}:0:usual",
        "change:1:{}",
        "choose:1:{}",
        "leave:1:{}",
        "details:1:{}",
    ):
        result = await pressed(world, world.ana, door.format(day))
        assert result.modal is None
        assert result.response.ephemeral
        assert result.response.content == said
    result = await sent(world, world.ana, f"evening:1:{day}:0:0123456789ab", questions="40", line="My line.")
    assert result.response.content.startswith(said)
    assert result.response.content.endswith(">>> 40\nMy line.")
    assert records_of(world) == before


@pytest.mark.parametrize("prompt", [0, 1, 999999, 10**18 - 1])
async def test_a_forged_prompt_answers_only_for_oneself(world: World, prompt: int) -> None:
    bea = world.newcomer("Bea")
    await world.join(world.ana)
    await world.join(bea)
    result = await pressed(world, bea, f"answer:{prompt}:2026-03-02:0:kept")
    assert "kept it" in result.response.content
    assert "what kind of day is it?" in (await world.ana.slash(world.channel, "checkin")).response.content
    assert "kept it" in (await bea.slash(world.channel, "checkin")).response.content


@pytest.mark.parametrize("version", [7, 999999999])
async def test_a_forged_version_overwrites_nothing(world: World, version: int) -> None:
    await world.join(world.ana)
    await pressed(world, world.ana, "answer:0:2026-03-02:0:kept")
    asked = await pressed(world, world.ana, f"answer:0:2026-03-02:{version}:not_today")
    assert "Change it to “not today”?" in asked.response.content
    stale = await sent(world, world.ana, f"evening:0:2026-03-02:{version}:0123456789ab", questions="40")
    assert "nothing was overwritten" in stale.response.content
    assert "kept it." in (await world.ana.slash(world.channel, "checkin")).response.content


@pytest.mark.parametrize("mood", ["0", "6", "-1", "five", "１", "9" * 50])
async def test_a_forged_mood_is_no_mood(world: World, mood: str) -> None:
    await world.join(world.ana)
    await pressed(world, world.ana, "answer:0:2026-03-02:0:kept")
    result = await sent(world, world.ana, "evening:0:2026-03-02:1:0123456789ab", questions="40", mood=mood)
    assert result.response.content.startswith("**Monday, 2 March:** kept it, 40 questions.")
    assert "The rest is kept" not in result.response.content


@pytest.mark.parametrize(
    "custom_id", ["zzz", "answer:1:2026-03-02:0:great", "join:", "help:x", "answer:1", "path:away"]
)
async def test_a_button_nobody_knows_says_that_it_is_old(world: World, custom_id: str) -> None:
    for result in (await world.forge(world.ana, custom_id), await world.forge_dm(world.ana, custom_id)):
        assert result.response.content == "That button is from an older time. `/today` opens what there is."


@pytest.mark.parametrize("custom_id", ["zzz", "evening:1:2026-03-02:0:nomint", "city:1:nowhere", "city:x:rebuilding"])
async def test_a_form_nobody_knows_says_so(world: World, custom_id: str) -> None:
    result = await sent(world, world.ana, custom_id, city="Chicago")
    assert result.response.ephemeral
    assert result.response.content.startswith("I don't know that form any more. `/today` opens what there is.")


async def test_words_in_a_form_nobody_knows_are_handed_back(world: World) -> None:
    result = await sent(world, world.ana, "evening:of:another:version", questions="40", line="My line.")
    assert result.response.content.endswith(">>> 40\nMy line.")


async def test_a_command_nobody_knows_any_more_says_so(world: World) -> None:
    world.breaks = True  # discord.py itself reports it as an error
    act = Act(
        person_id=world.ana.id,
        guild_id=world.guild.id,
        channel_id=world.channel.id,
        message=None,
        kind=InteractionType.APPLICATION_COMMAND,
        data={"id": "1", "name": "gone", "type": 1, "options": []},
    )
    (result,) = await world.at_once(act)
    assert result.response.ephemeral
    assert result.response.content == "That command has changed. Please type it again in a minute."


async def test_a_text_written_to_the_bot_gets_a_plain_answer_with_a_way_to_people(world: World) -> None:
    await world.ana.send_dm("I failed and I don't know what to do.")
    (answer,) = world.dms(world.ana)
    assert answer.content.startswith("I'm a program: I can't read this as a person would")
    assert list(buttons(answer)) == ["I need help"]
    card = await world.ana.user.click(answer, label="I need help")
    assert CARD in card.response.content


async def test_a_text_written_in_the_server_is_nobodys_business(world: World) -> None:
    await world.ana.send(world.channel, "Hello everybody.")
    assert len(world.channel.history()) == 1


# --- records that rest


async def test_while_records_rest_every_button_that_needs_them_says_so(world: World) -> None:
    await world.invite()
    bea = world.newcomer("Bea")
    await world.join(bea)
    before = await strangers_doors(world)
    refusals = (STRANGER, MODERATORS_ONLY, DRAFT_GONE, NO_COHORT, joining.PANEL)
    await world.services.records.close()
    needed = 0
    for custom_id in EVERY_DOOR:
        what = shown(await pressed(world, world.moderator if custom_id.startswith("cohort:") else bea, custom_id))
        if custom_id.startswith(JOINS) or before[custom_id].startswith(refusals):
            assert what == RESTING, custom_id
            needed += 1
        else:
            assert what != RESTING, custom_id
    assert needed > 50


async def test_while_records_rest_every_command_but_crisis_says_so(world: World) -> None:
    await world.invite("Canarycohort")
    await world.services.records.close()
    for name, command in commands_of(world).items():
        if name != "crisis":
            result = await world.moderator.slash(world.channel, name, **options_of(command, world, canary=False))
            assert result.response.content.startswith(RESTING), name
        for option in suggested(command):
            offered = await world.moderator.autocomplete(world.channel, name, option, "")
            assert not offered or option in ("country", "place", "zone"), "only what is in files can be offered"


async def test_while_records_rest_every_form_says_so_and_hands_the_words_back(world: World) -> None:
    await world.join(world.ana)
    await world.services.records.close()
    for custom_id, word in itertools.product(EVERY_FORM, ("Chicago", "lots", "20")):
        result = await sent(world, world.ana, custom_id, city="Chicago", questions=word, amount=word, line="My line.")
        words = f"Chicago\n{word}\n{word}\nMy line."
        assert result.response.content == f"{RESTING}\n\nYour words, so that they aren't lost:\n>>> {words}", custom_id
        assert list(buttons(result.response)) == ["Try again"]


async def test_while_records_rest_crisis_help_answers_everybody_everywhere(world: World) -> None:
    await world.join(world.ana)
    await world.services.records.close()
    for result in (
        await world.ana.slash(world.channel, "crisis"),
        await world.ana.user.slash("crisis"),
        await world.ana.user.click(world.dms(world.ana)[0], label="I need help"),
        *[await pressed(world, world.ana, custom_id) for custom_id in EVERY_DOOR if told(custom_id) == CARD],
    ):
        assert CARD in result.response.content
    await world.ana.send_dm("Hello?")
    assert list(buttons(world.dms(world.ana)[-1])) == ["I need help"]


# --- records that hang: here real time passes, so the doors are opened outside of simcord's own clock


class Held(commands.Cog):
    """A command that keeps its interactions open, for a door to answer them."""

    def __init__(self) -> None:
        self.interactions: list[discord.Interaction[Any]] = []

    @app_commands.command()
    async def hold(self, interaction: discord.Interaction[Any]) -> None:
        """Waits."""
        self.interactions.append(interaction)


async def held(world: World, count: int) -> tuple[list[Any], list[discord.Interaction[Any]]]:
    """Ana's open interactions, and where their answers will show."""
    cog = Held()
    await world.bot.add_cog(cog)
    await world.bot.tree.sync()
    results = [await world.ana.slash(world.channel, "hold") for _ in range(count)]
    return results, cog.interactions


async def seconds(act: Awaitable[object]) -> float:
    began = time.perf_counter()
    await act
    return time.perf_counter() - began


def evening_form(interaction: discord.Interaction[Any], questions: str) -> Awaitable[bool]:
    """The evening form arrives in this interaction."""
    typed = {"questions": questions, "line": "My line."}
    fields = [{"type": 18, "component": {"custom_id": name, "value": value}} for name, value in typed.items()]
    interaction.data = {"custom_id": EVENING, "components": fields}  # pyright: ignore[reportAttributeAccessIssue]
    return forms.route(interaction)


async def test_while_another_process_holds_the_records_everybody_is_answered_in_time(world: World) -> None:
    await world.join(world.ana)
    results, interactions = await held(world, 6)
    before = records_of(world)
    with world.env.time_context(), closing(sqlite3.connect(world.records_folder / "comeback.db")) as other:
        other.isolation_level = None
        other.execute("BEGIN IMMEDIATE")
        took = await asyncio.gather(
            seconds(crisis.HelpButton(0).callback(interactions[0])),
            seconds(check_ins.AnswerButton(0, "2026-03-02", 0, Outcome.KEPT).callback(interactions[1])),
            seconds(paths.PathButton("stop").callback(interactions[2])),
            seconds(joining.OpenedButton().callback(interactions[3])),
            seconds(evening_form(interactions[4], "40")),
            seconds(evening_form(interactions[5], "lots")),
        )
    assert took[0] < 1
    assert CARD in results[0].response.content
    assert max(took) < 2.9
    for result in results[1:]:
        assert result.response.content.startswith((RESTING, TOO_LONG))
    assert results[4].response.content.endswith(">>> 40\nMy line.")
    assert results[5].response.content.endswith(">>> lots\nMy line.")
    assert all(list(buttons(result.response)) == ["Try again"] for result in results[4:])
    assert records_of(world) == before


async def test_behind_a_write_that_does_not_end_everybody_is_answered_in_time(world: World) -> None:
    await world.join(world.ana)
    (result,), (interaction,) = await held(world, 1)
    with world.env.time_context():
        async with world.services.records.writing():
            assert await seconds(paths.PathButton("stop").callback(interaction)) < 2.9
    assert result.response.content == TOO_LONG
    assert not result.followups


@pytest.mark.parametrize("ends", ["well", "badly"])
async def test_work_that_does_not_let_itself_be_stopped_is_answered_in_time_all_the_same(
    world: World, monkeypatch: pytest.MonkeyPatch, ends: str
) -> None:
    monkeypatch.setattr(replies, "PATIENCE", 0.02)
    monkeypatch.setattr(replies, "LAST_CALL", 0.04)
    (result,), (interaction,) = await held(world, 1)
    ended = asyncio.Event()
    answered_before_the_end: list[bool] = []

    async def stubborn() -> None:
        """Like a step of a database on a dying disk: it goes on to its end, whatever is asked of it."""
        try:
            await ended.wait()
        except asyncio.CancelledError:
            await ended.wait()
            answered_before_the_end.append(result.response is not None)
            if ends == "badly":
                raise Resting from None
            raise

    with world.env.time_context():
        asyncio.get_running_loop().call_later(0.3, ended.set)
        async with answering(interaction, words="My words."):
            await stubborn()
    assert answered_before_the_end == [True]
    assert result.response.content == f"{TOO_LONG}\n\nYour words, so that they aren't lost:\n>>> My words."
    assert not result.followups


# --- errors inside


async def test_an_error_inside_is_a_kind_sentence_that_claims_nothing(world: World) -> None:
    world.breaks = True
    await world.join(world.ana)
    world.env.inject_error("POST", "/interactions/*", status=500, times=1)
    result = await pressed(world, world.ana, "answer:0:2026-03-02:0:kept")
    said = result.response.content
    assert said.startswith("Something went wrong on my side, and I can't say whether it was saved.")
    assert "`/crisis` works as always." in said
    assert "kept it" in (await world.ana.slash(world.channel, "checkin")).response.content


# --- what is never logged, and whom nothing pings

CANARY = "canary"
"""In every name, word and text of the people below."""


@pytest.fixture
def everything_logged(caplog: pytest.LogCaptureFixture) -> Iterator[pytest.LogCaptureFixture]:
    """The program's own logging at its most talkative, heard by the test."""
    root = logging.getLogger()
    known = [root, *(it for it in logging.Logger.manager.loggerDict.values() if isinstance(it, logging.Logger))]
    levels = {logger: logger.level for logger in known}
    handlers = list(root.handlers)
    logs.set_up("DEBUG")
    root.handlers[:] = [caplog.handler]
    yield caplog
    root.handlers[:] = handlers
    for logger in (*levels, *map(logging.getLogger, ("bot", "cogs", "apscheduler"))):
        logger.setLevel(levels.get(logger, logging.NOTSET))


def break_inside(world: World) -> None:
    """Every write to these tables fails with an error that quotes what somebody wrote."""
    with closing(sqlite3.connect(world.records_folder / "comeback.db")) as connection:
        kept = {"meta", "processes", "prompts", "rhythms", "members"}  # what the machine itself writes
        for (table,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall():
            for act in ("INSERT", "UPDATE"):
                if table not in kept and not table.startswith("sqlite_"):
                    abort = f"BEGIN SELECT RAISE(ABORT, 'Canarywords {table}'); END"
                    connection.execute(f"CREATE TRIGGER {table}_{act} BEFORE {act} ON {table} {abort}")
        connection.commit()


@pytest.mark.parametrize("state", ["well", "broken inside", "resting"])
async def test_nothing_that_anybody_wrote_and_nobodys_id_is_ever_logged(
    world: World, everything_logged: pytest.LogCaptureFixture, state: str
) -> None:
    world.breaks = True
    canary = world.newcomer("Canaryname")
    stranger = world.newcomer("Canarynameless")
    scout = world.newcomer("Canaryscout")
    await world.invite("Canarycohort")
    await world.join(scout)
    fields = (await walk(world, scout, (await scout.slash(world.channel, "today")).response)).fields
    assert {"amount", "questions", "line", "note"} <= fields
    await world.join(canary)
    if state == "broken inside":
        break_inside(world)
    if state == "resting":
        await world.services.records.close()
    try:
        for person in (canary, stranger, world.moderator):
            await type_everything(world, person)
        for person in (canary, stranger):
            for custom_id in EVERY_DOOR:
                await pressed(world, person, custom_id)
            for custom_id in (*EVERY_FORM, "unknown"):
                for word in ("20", "Canarynumber", "Canaryline"):
                    await sent(world, person, custom_id, **dict.fromkeys(sorted(fields), word), city="Canarycity")
            await sent(world, person, "city:1:rebuilding", city="Chicago")
            await person.send_dm("Canarydm")
        if state != "resting":
            await world.at("2026-03-03 07:30")
            await world.at("2026-03-03 21:00")
        world.env.inject_error("POST", "/channels/*/messages", status=403, code=50007, message="Canaryname", times=None)
        if state != "resting":
            await world.at("2026-03-04 21:00")
    finally:
        text = everything_logged.text
    assert "bot." in text
    for word in (CANARY, str(canary.id), str(stranger.id), str(scout.id), str(world.moderator.id)):
        assert word not in text.casefold()
    assert_nobody_is_pinged(world)


async def type_everything(world: World, person: Any) -> None:
    """Every command with words that would work, with words that would not, and every suggestion asked for."""
    for name, command in commands_of(world).items():
        for canary in (True, False):
            await person.slash(world.channel, name, **options_of(command, world, canary))
        for option in suggested(command):
            await person.autocomplete(world.channel, name, option, "Canarytyped")


def assert_nobody_is_pinged(world: World) -> None:
    bodies: list[dict[str, Any]] = [it.json for it in world.env.http_requests if it.json and "PUT" not in it.method]
    messages = [body.get("data", body) for body in bodies if body.get("type") not in (8, 9)]
    said = [body for body in messages if "content" in body]
    assert len(said) > 50
    assert [body for body in said if body.get("allowed_mentions") != {"parse": []}] == []
