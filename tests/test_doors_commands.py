"""Doors that nobody drew: forged, stale and strangers' buttons, records that rest or hang, and what is never logged."""

import asyncio
import logging
import re
import sqlite3
import time
from collections.abc import Awaitable, Iterator
from contextlib import closing
from typing import Any

import discord
import pytest
from discord import app_commands
from discord.ext import commands
from simcord.enums import InteractionType

from bot import logs, replies
from bot.app import LASTING
from bot.domain.check_ins import Outcome
from bot.domain.errors import Resting
from bot.replies import answering
from bot.services.actors import NotJoined
from bot.ui import check_ins, crisis, evening_sent, forms, joining, paths
from tests.conftest import Act, World, buttons, forged

STRANGER = str(NotJoined())
RESTING = str(Resting())
GONE = "I can't find that any more. `/checkin` always opens today."
NO_DAY = "I don't know that day. `/checkin` opens today."
CLOSED = "That day is closed, and nothing about it is owed. `/checkin` opens today."
NO_COHORT = "That cohort isn't open any more. A moderator can post a new invitation."
TOO_LONG = (
    "That took too long, and I can't say whether it was saved. Please look with `/checkin` and try again. "
    "`/crisis` works as always."
)
CARD = "emergency"

DOORS: dict[type[discord.ui.DynamicItem[Any]], dict[str, str]] = {
    check_ins.AnswerButton: {"answer:999999:2026-03-02:0:kept": STRANGER, "answer:1:2026-03-02:0:usual": STRANGER},
    check_ins.LookButton: {
        "change:1:2026-03-02": STRANGER,
        "choose:1:2026-03-02": STRANGER,
        "leave:1:2026-03-02": STRANGER,
    },
    check_ins.DetailsButton: {"details:1:2026-03-02": STRANGER},
    crisis.CardButton: {
        "crisis:card:US": CARD,
        "crisis:more:US": CARD,
        "crisis:other:US": CARD,
        "crisis:hurt:ZZ": CARD,
    },
    crisis.CountrySelect: {"crisis:country:0": CARD},
    crisis.HelpButton: {"help:999999": CARD, "help:0": CARD},
    evening_sent.DraftButton: {"draft:1:1:2026-03-02": GONE, "draft:999999:1:2026-03-02": GONE},
    joining.JoinButton: {"join:1": joining.PANEL},
    joining.WhereButton: {"where:1:rebuilding": ""},
    joining.PlaceButton: {"place:999999:rebuilding:US:America/Chicago": NO_COHORT},
    joining.OpenedButton: {"dms:opened": STRANGER},
    paths.PathButton: {"path:ready": STRANGER, "path:stop": STRANGER, "path:again": STRANGER},
}
"""Every lasting button, with custom_ids of it and what somebody who never joined is told."""

EVERY_DOOR = [(custom_id, said) for doors in DOORS.values() for custom_id, said in doors.items()]

FORMS = {
    r"city:(?P<cohort>\d{1,18}):(?P<phase>just_found_out|not_ready|rebuilding|exam_booked)": "city:1:rebuilding",
    r"evening:(?P<prompt>\d{1,18}):(?P<day>\d{4}-\d{2}-\d{2}):(?P<version>\d{1,9}):(?P<mint>[0-9a-f]{12})": (
        "evening:1:2026-03-02:0:0123456789ab"
    ),
}

COMMANDS: dict[str, dict[str, Any]] = {
    "checkin": {},
    "cohort create": {"name": "Canarycohort"},
    "cohort invite": {"cohort": "Canarycohort"},
    "crisis": {"country": "Canarycountry"},
    "join": {"cohort": "Canarycohort"},
}


def records_of(world: World) -> dict[str, list[Any]]:
    """Everything that is stored, by table."""
    with closing(sqlite3.connect(world.records_folder / "comeback.db")) as connection:
        names = [row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        return {name: connection.execute(f"SELECT * FROM {name}").fetchall() for name in names}


def registered_forms() -> set[str]:
    return {template.pattern for template in vars(forms)["_handlers"]}


async def pressed(world: World, person: Any, custom_id: str) -> Any:
    """A button or select of this custom_id is used in the server: the reply, or the message it became."""
    if not custom_id.startswith("crisis:country"):
        return await world.forge(person, custom_id)
    view = discord.ui.View(timeout=None)
    options = [discord.SelectOption(label="Jamaica", value="JM")]
    view.add_item(discord.ui.Select(custom_id=custom_id, options=options))
    place = world.env.bot.get_partial_messageable(world.channel.id, guild_id=world.guild.id)
    return await person.select(await place.send("Somebody else's message.", view=view), ["JM"])


async def sent(world: World, person: Any, custom_id: str, **values: str) -> Any:
    """A form of this custom_id is sent, from a message of the server."""
    place = world.env.bot.get_partial_messageable(world.channel.id, guild_id=world.guild.id)
    source = await place.send("Somebody else's message.", view=forged("zzz"))
    (result,) = await world.at_once(world.form(person, custom_id, source, **values))
    return result


# --- the list is whole


def test_every_lasting_button_is_tried_here() -> None:
    assert set(DOORS) == set(LASTING)
    for item, doors in DOORS.items():
        template = item.__discord_ui_compiled_template__
        assert all(template.fullmatch(custom_id) for custom_id in doors)


def test_every_form_is_tried_here() -> None:
    assert set(FORMS) == registered_forms()
    assert all(re.fullmatch(template, custom_id) for template, custom_id in FORMS.items())


async def test_every_command_is_tried_here(world: World) -> None:
    found = {it.qualified_name for it in world.bot.tree.walk_commands() if isinstance(it, app_commands.Command)}
    assert set(COMMANDS) == found


# --- strangers


@pytest.mark.parametrize(("custom_id", "said"), EVERY_DOOR)
async def test_a_stranger_reads_one_clear_sentence_and_changes_nothing(world: World, custom_id: str, said: str) -> None:
    await world.join(world.newcomer("Bea"))
    before = records_of(world)
    result = await pressed(world, world.ana, custom_id)
    assert result.acknowledged
    if said:
        assert said in result.response.content
    else:
        assert result.modal["title"] == "Which city's time?"
    assert records_of(world) == before


async def test_a_strangers_form_hands_their_words_back(world: World) -> None:
    await world.join(world.newcomer("Bea"))
    before = records_of(world)
    evening = await sent(world, world.ana, FORMS[list(FORMS)[1]], questions="40", line="My line.")
    assert evening.response.content == f"{STRANGER}\n\nYour words, so that they aren't lost:\n>>> 40\nMy line."
    unclear = await sent(world, world.ana, FORMS[list(FORMS)[1]], questions="lots", line="My line.")
    assert STRANGER in unclear.response.content
    assert "My line." in unclear.response.content
    assert records_of(world) == before


async def test_a_stranger_at_checkin_reads_how_to_join(world: World) -> None:
    assert (await world.ana.slash(world.channel, "checkin")).response.content == STRANGER
    assert (await world.ana.user.slash("checkin")).response.content == STRANGER


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
    assert "how did it go?" in (await world.ana.slash(world.channel, "checkin")).response.content
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
        assert result.response.content == "That button is from an older time. `/checkin` opens today."


@pytest.mark.parametrize("custom_id", ["zzz", "evening:1:2026-03-02:0:nomint", "city:1:nowhere", "city:x:rebuilding"])
async def test_a_form_nobody_knows_says_so(world: World, custom_id: str) -> None:
    result = await sent(world, world.ana, custom_id, city="Chicago")
    assert result.response.ephemeral
    assert result.response.content.startswith("I don't know that form any more. `/checkin` opens today.")


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


def resting_doors() -> list[str]:
    """Every lasting button that needs the records."""
    free = {crisis.CardButton, crisis.CountrySelect, crisis.HelpButton, joining.WhereButton}
    return [custom_id for item, doors in DOORS.items() if item not in free for custom_id in doors]


@pytest.mark.parametrize("custom_id", resting_doors())
async def test_while_records_rest_every_button_says_so(world: World, custom_id: str) -> None:
    await world.invite()
    await world.join(world.ana)
    await world.services.records.close()
    assert (await pressed(world, world.ana, custom_id)).response.content == RESTING


async def test_while_records_rest_every_command_but_crisis_says_so(world: World) -> None:
    await world.invite("Canarycohort")
    await world.services.records.close()
    for name, options in COMMANDS.items():
        if name != "crisis":
            extra = {"channel": world.channel} if name == "cohort create" else {}
            result = await world.moderator.slash(world.channel, name, **options, **extra)
            assert result.response.content == RESTING
    for name in ("join", "cohort invite"):
        assert await world.moderator.autocomplete(world.channel, name, "cohort", "") == []


async def test_while_records_rest_every_form_says_so_and_hands_the_words_back(world: World) -> None:
    await world.join(world.ana)
    await world.services.records.close()
    city = await sent(world, world.ana, "city:1:rebuilding", city="Chicago")
    evening = await sent(world, world.ana, "evening:1:2026-03-02:0:0123456789ab", questions="40", line="My line.")
    unclear = await sent(world, world.ana, "evening:1:2026-03-02:0:0123456789ab", questions="lots", line="My line.")
    for result, words in ((city, "Chicago"), (evening, "40\nMy line."), (unclear, "lots\nMy line.")):
        assert result.response.content == f"{RESTING}\n\nYour words, so that they aren't lost:\n>>> {words}"


async def test_while_records_rest_crisis_help_answers_everybody_everywhere(world: World) -> None:
    await world.join(world.ana)
    await world.services.records.close()
    for result in (
        await world.ana.slash(world.channel, "crisis"),
        await world.ana.user.slash("crisis"),
        await world.ana.user.click(world.dms(world.ana)[0], label="I need help"),
        *[await pressed(world, world.ana, custom_id) for custom_id, said in EVERY_DOOR if said == CARD],
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


def evening_form(interaction: discord.Interaction[Any], questions: str) -> Awaitable[None]:
    template = list(FORMS)[1]
    match = re.fullmatch(template, FORMS[template])
    assert match is not None
    return evening_sent.evening_sent(interaction, match, {"questions": questions, "line": "My line."})


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

CANARIES = ("Canaryname", "Canarycity", "Canaryline", "Canarynumber", "Canarydm", "Canarycohort", "Canarycountry")


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
        for table in ("check_ins", "enrolments", "drafts", "spans", "phases", "cohorts"):
            for act in ("INSERT", "UPDATE"):
                message = " ".join(CANARIES)
                connection.execute(
                    f"CREATE TRIGGER {table}_{act} BEFORE {act} ON {table} BEGIN SELECT RAISE(ABORT, '{message}'); END"
                )
        connection.commit()


@pytest.mark.parametrize("state", ["well", "broken inside", "resting"])
async def test_nothing_that_anybody_wrote_and_nobodys_id_is_ever_logged(
    world: World, everything_logged: pytest.LogCaptureFixture, state: str
) -> None:
    world.breaks = True
    canary = world.newcomer("Canaryname")
    stranger = world.newcomer("Canarynameless")
    await world.invite("Canarycohort")
    await world.join(canary)
    if state == "broken inside":
        break_inside(world)
    if state == "resting":
        await world.services.records.close()
    try:
        for person in (canary, stranger, world.moderator):
            for name, options in COMMANDS.items():
                extra = {"channel": world.channel} if name == "cohort create" else {}
                await person.slash(world.channel, name, **options, **extra)
            for name in ("join", "cohort invite"):
                await person.autocomplete(world.channel, name, "cohort", "Canarycohort")
            await person.autocomplete(world.channel, "crisis", "country", "Canarycountry")
        for person in (canary, stranger):
            for custom_id, _ in EVERY_DOOR:
                await pressed(world, person, custom_id)
            for custom_id in (*FORMS.values(), "unknown"):
                for number in ("40", "Canarynumber"):
                    await sent(world, person, custom_id, city="Canarycity", questions=number, line="Canaryline")
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
    for word in (*CANARIES, str(canary.id), str(stranger.id), str(world.moderator.id)):
        assert word not in text
    assert_nobody_is_pinged(world)


def assert_nobody_is_pinged(world: World) -> None:
    bodies: list[dict[str, Any]] = [it.json for it in world.env.http_requests if it.json and "PUT" not in it.method]
    messages = [body.get("data", body) for body in bodies if body.get("type") not in (8, 9)]
    said = [body for body in messages if "content" in body]
    assert len(said) > 50
    assert [body for body in said if body.get("allowed_mentions") != {"parse": []}] == []
