"""Everything that a person writes to the bot is heard: every form, every option, every direct message."""

import asyncio
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, cast

import discord
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import heard
from bot.app import build_services
from bot.data.pattern_rows import BrokenPatterns
from bot.domain import crisis_cards
from bot.domain.crisis import Card
from bot.domain.facts import FactKind
from bot.domain.lines import Line, Moment, Tone
from bot.domain.patterns import Patterns
from bot.domain.screens import Outcome
from bot.services import Services
from bot.services.records import Records
from bot.services.screening import ScreeningService
from bot.ui import crisis
from bot.ui.crisis import WITHIN_REACH
from bot.ui.crisis_pages import BACK_TO_THE_DAY
from bot.ui.next_days import QUESTION
from cogs.messages import ANSWER
from tests.conftest import VirtualClock, World, buttons
from tests.test_doors_commands import EVERY_FORM, commands_of, everything_logged, held, options_of, sent
from tests.walk import walk

__all__ = ["everything_logged"]

WORRYING = "i want to die"
SHORT = "kms"
"""For options that take a few characters only."""
GENTLE = "can't do this anymore"
HARMLESS = "Slept badly."
OPENING = "You don't have to carry this alone"
NOTES = {
    Card.SELF: (WORRYING, OPENING),
    Card.HURT: ("took a bunch of my meds an hour ago, feel weird", "**Call now:"),
    Card.OTHER: ("my roommate said she doesn't want to live", "It's hard to carry worry for someone."),
    Card.HARM_FROM: ("he hit me again so no studying, locked in the bathroom", "Nobody has the right to hurt"),
    Card.HARM_TO: ("I want to kill my professor", "A thought is not an act."),
}
"""One note for each card, and how that card begins."""


def is_card(message: Any) -> bool:
    return message.content.startswith(OPENING) and {"Not what I meant", BACK_TO_THE_DAY} <= set(buttons(message))


async def answered_evening(world: World, person: Any, day: str = "2026-03-02", **more: str) -> Any:
    """The evening form of a day that was answered, sent with these words."""
    await world.forge(person, f"answer:0:{day}:0:some")
    shown = await person.slash(world.channel, "checkin")
    form = await person.click(shown.response, label="Add a number or a line")
    return await person.submit_modal(form, more)


def texts(world: World) -> int:
    with closing(sqlite3.connect(world.records_folder / "comeback.db")) as connection:
        return connection.execute("SELECT count(*) FROM texts").fetchone()[0]


# --- every door, read off the program itself


async def all_fields(world: World) -> frozenset[str]:
    """Every field of every form that can be reached from the panel, and those behind other commands."""
    await world.join(world.ana, "Exam booked")
    found = (await walk(world, world.ana, (await world.ana.slash(world.channel, "today")).response)).fields
    return frozenset(found) | {"city", "line", "first", "second", "third", "note"}


async def test_every_field_of_every_form_is_heard_and_handed_back_where_it_was_not_saved(
    world: World, everything_logged: pytest.LogCaptureFixture
) -> None:
    fields = sorted(await all_fields(world) - {"mood", "ticks"})
    assert {"questions", "amount", "note", "line", "city", "first", "weekdays"} <= set(fields)
    everything_logged.clear()
    for number, custom_id in enumerate((*EVERY_FORM, "form:of:another:version")):
        field = fields[number % len(fields)]
        values = {**dict.fromkeys(fields, "20"), field: f"{WORRYING} Canaryword"}
        result = await sent(world, world.ana, custom_id, **values)
        assert is_card(result.response), (custom_id, field)
        for below in result.followups:
            kept = "Canaryword" in below.content or "Your words are kept for a day." in below.content
            assert kept or below.content == QUESTION, (custom_id, field)
    assert "canaryword" not in everything_logged.text.casefold()
    assert "want to die" not in everything_logged.text.casefold()


TEXTS = st.text(min_size=1, max_size=10)
FIELDS = st.dictionaries(TEXTS, TEXTS, min_size=1, max_size=5)


@given(fields=FIELDS)
def test_all_that_stands_in_a_form_is_read(fields: dict[str, str]) -> None:
    parts = [{"type": 18, "component": {"type": 4, "custom_id": name, "value": it}} for name, it in fields.items()]
    rows = [{"type": 1, "components": [part["component"]]} for part in parts]
    for components in (parts, rows):
        assert list(heard.written({"custom_id": "x", "components": components})) == list(fields.values())


@given(fields=FIELDS, depth=st.integers(0, 2), number=st.integers())
def test_all_that_stands_in_a_command_is_read_and_no_number(fields: dict[str, str], depth: int, number: int) -> None:
    options: list[dict[str, Any]] = [{"type": 3, "name": name, "value": it} for name, it in fields.items()]
    options.append({"type": 4, "name": "number", "value": number})
    for kind in range(depth):
        options = [{"type": kind + 1, "name": "group", "options": options}]
    assert list(heard.written({"name": "command", "options": options})) == list(fields.values())


async def test_every_option_of_every_command_is_heard(
    world: World, everything_logged: pytest.LogCaptureFixture
) -> None:
    await world.invite("Canarycohort")
    await world.join(world.ana)
    heard_in: list[str] = []
    for name, command in commands_of(world).items():
        usual = options_of(command, world, canary=False)
        for option in command.parameters:
            if option.type is not discord.AppCommandOptionType.string or option.choices:
                continue
            word = WORRYING if len(WORRYING) <= int(option.max_value or 6000) else SHORT
            for person in (world.moderator if name.startswith(("cohort", "queue")) else world.ana,):
                result = await person.slash(world.channel, name, **{**usual, option.name: word})
                card = result.response
                assert card.content.startswith((OPENING, crisis_cards.NOT_FOUND)), (name, option.name)
                assert card.ephemeral
                assert name == "crisis" or is_card(card), (name, option.name)
                heard_in.append(f"{name} {option.name}")
    assert {"log questions", "rest days dates", "cohort create name", "settings zone place"} <= set(heard_in)
    assert "want to die" not in everything_logged.text.casefold()


async def test_every_form_and_every_command_answers_through_the_one_door() -> None:
    """Nothing but what draws cards, forms and messages without words of theirs answers past `bot.replies`."""
    allowed = {
        "bot/replies.py",
        "bot/ui/crisis.py",
        "bot/ui/crisis_pages.py",
        "bot/ui/paths.py",
        "bot/ui/joining.py",
        "bot/ui/cohorts.py",
        "cogs/cohorts.py",
        "bot/ui/low_moods.py",
        "bot/ui/evening_sent.py",
    }
    root = Path(__file__).parent.parent
    for file in (*root.glob("bot/**/*.py"), *root.glob("cogs/*.py")):
        text = file.read_text(encoding="utf-8")
        past = "response.send_message(" in text or "response.edit_message(" in text or "followup.send(" in text
        assert not past or str(file.relative_to(root)) in allowed, file


async def test_a_direct_message_is_heard_and_answered_with_a_card_that_rings_nowhere(world: World) -> None:
    await world.join(world.ana)
    before = len(world.dms(world.ana))
    await world.ana.send_dm(WORRYING)
    card, asked = world.dms(world.ana)[before:]
    assert is_card(card)
    assert asked.content == QUESTION
    assert all(message.flags.suppress_notifications for message in (card, asked))
    turned = await world.ana.user.click(card, label="Not what I meant")
    assert turned.response.content == crisis_cards.NOT_MEANT


@pytest.mark.parametrize("text", [GENTLE, HARMLESS, "", "😀"])
async def test_any_other_direct_message_gets_the_plain_answer(world: World, text: str) -> None:
    await world.ana.send_dm(text or "40")
    (answer,) = world.dms(world.ana)
    assert answer.content == ANSWER


async def test_what_is_typed_for_suggestions_and_what_is_written_in_the_server_is_not_heard(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[str] = []

    async def screen(_screening: ScreeningService, text: str) -> Outcome:
        read.append(text)
        return Outcome()

    await world.join(world.ana)
    monkeypatch.setattr(ScreeningService, "screen", screen)
    await world.ana.autocomplete(world.channel, "settings zone", "place", WORRYING)
    await world.ana.send(world.channel, WORRYING)
    await world.ana.slash(world.channel, "today")
    assert read == []


# --- what a card stands in the place of


@pytest.mark.parametrize("card", Card)
async def test_each_kind_of_words_brings_its_own_card(world: World, card: Card) -> None:
    await world.join(world.ana)
    words, beginning = NOTES[card]
    result = await answered_evening(world, world.ana, line=words)
    assert result.response.content.startswith(beginning)
    assert result.response.ephemeral
    assert BACK_TO_THE_DAY in buttons(result.response)
    labels = list(buttons(result.response))
    if card is Card.HURT:
        assert labels == ["Back", BACK_TO_THE_DAY, "Not what I meant"], "nothing else to read"


async def test_the_words_are_saved_all_the_same_and_the_day_waits_behind_a_button(world: World) -> None:
    await world.join(world.ana)
    result = await answered_evening(world, world.ana, questions="40", line=WORRYING)
    assert is_card(result.response)
    assert texts(world) == 1
    turned = await world.ana.click(result.response, label=BACK_TO_THE_DAY)
    assert turned.response.content.startswith("**Monday, 2 March**")
    assert "Done: 40 questions" in turned.response.content


async def test_every_worrying_note_brings_a_card_however_many_there_were(world: World) -> None:
    await world.join(world.ana)
    for _ in range(3):
        shown = await world.ana.slash(world.channel, "rest days", dates=WORRYING)
        assert is_card(shown.response)


async def test_words_that_could_not_be_saved_stand_below_the_card_with_a_way_to_try_again(world: World) -> None:
    await world.join(world.ana)
    await world.services.records.close()
    result = await sent(world, world.ana, "evening:0:2026-03-02:0:0123456789ab", questions="40", line=WORRYING)
    assert result.response.content.startswith(OPENING)
    (below,) = result.followups
    assert below.content.endswith(f">>> 40\n{WORRYING}")
    assert list(buttons(below)) == ["Try again"]


async def test_somebody_who_never_joined_gets_the_card_and_reads_how_to_join_below_it(world: World) -> None:
    await world.join(world.newcomer("Bea"))
    result = await world.ana.slash(world.channel, "rest days", dates=WORRYING)
    assert result.response.content.startswith(OPENING)
    (below,) = result.followups
    assert below.content.startswith("You haven't joined yet")


async def test_a_country_is_asked_for_with_words_and_the_words_are_heard_too(world: World) -> None:
    result = await world.ana.slash(world.channel, "crisis", country=NOTES[Card.HURT][0])
    assert result.response.content.startswith("**Call now:")


# --- one gentle line


async def test_a_heavy_note_gets_the_ordinary_reply_one_gentle_line_and_a_way_to_people_once_a_day(
    world: World,
) -> None:
    await world.join(world.ana)
    first = await answered_evening(world, world.ana, line=GENTLE)
    assert first.response.content.startswith("**Monday, 2 March:** some of it.")
    assert first.response.content.endswith(WITHIN_REACH)
    assert list(buttons(first.response)).count("I need help") == 1
    again = await answered_evening(world, world.ana, line=f"{GENTLE}.")
    assert WITHIN_REACH not in again.response.content
    world.clock.move(days=1)
    tomorrow = await answered_evening(world, world.ana, "2026-03-03", line=GENTLE)
    assert tomorrow.response.content.endswith(WITHIN_REACH)


async def test_on_a_day_with_a_card_no_gentle_line_is_added(world: World) -> None:
    await world.join(world.ana)
    await world.ana.slash(world.channel, "crisis")
    result = await answered_evening(world, world.ana, line=GENTLE)
    assert WITHIN_REACH not in result.response.content


async def test_a_reply_without_buttons_gets_one(world: World) -> None:
    await world.join(world.ana)
    result = await world.ana.slash(world.channel, "rest days", dates=GENTLE)
    assert result.response.content.endswith(WITHIN_REACH)
    assert list(buttons(result.response)) == ["I need help"]


async def test_harmless_words_change_nothing(world: World) -> None:
    await world.join(world.ana)
    result = await answered_evening(world, world.ana, line=HARMLESS)
    assert WITHIN_REACH not in result.response.content
    assert not result.followups


class TestWithLines:
    """No encouraging line stands on a reply to words like these."""

    @pytest.fixture
    def spoken(self) -> tuple[Line, ...]:
        return tuple(
            Line(
                id=f"line-{number}",
                said=frozenset(Moment),
                needs=frozenset({kind}),
                tone=Tone.PLAIN,
                text="An encouraging line.",
            )
            for number, kind in enumerate((FactKind.SOME_DONE, FactKind.FIRST_DAY))
        )

    @pytest.mark.parametrize(("words", "said"), [(HARMLESS, True), (GENTLE, False), (WORRYING, False)])
    async def test_an_encouraging_line_stands_beside_harmless_words_only(
        self, world: World, words: str, said: bool
    ) -> None:
        await world.join(world.ana)
        result = await answered_evening(world, world.ana, questions="5", line=words)
        shown = [result.response.content, *(below.content for below in result.followups)]
        assert any("An encouraging line." in text for text in shown) == said


# --- a screen that is broken


@dataclass
class Broken:
    """A pattern file that can't be used, or patterns that break the screen."""

    load: Callable[[], Patterns]


def refuses() -> Patterns:
    raise BrokenPatterns("worry_patterns.toml is not TOML: line 3")


def nonsense() -> Patterns:
    return cast("Patterns", object())


class TestWithABrokenScreen:
    """Every note with words is as one heavy note a day; the host is told; nobody is left without an answer."""

    @pytest.fixture(params=[refuses, nonsense])
    def services(
        self, request: pytest.FixtureRequest, records: Records, clock: VirtualClock, spoken: tuple[Line, ...]
    ) -> Services:
        whole = build_services(records, clock, spoken)
        return replace(whole, screening=ScreeningService(request.param, records))

    async def test_words_get_the_gentle_line_once_a_day_and_numbers_none(
        self, world: World, everything_logged: pytest.LogCaptureFixture
    ) -> None:
        world.breaks = True
        await world.join(world.ana, city="Chicago")
        world.clock.move(days=1)
        number = await world.ana.slash(world.channel, "log", questions="20/14")
        result = await answered_evening(world, world.ana, "2026-03-03", line="Canaryline, nothing much.")
        assert result.response.content.endswith(WITHIN_REACH)
        again = await answered_evening(world, world.ana, "2026-03-03", line="Canaryline again.")
        assert WITHIN_REACH not in again.response.content
        assert "Logged" in number.response.content
        assert "canaryline" not in everything_logged.text.casefold()

    async def test_the_host_is_told_of_a_broken_file_once(self, world: World, caplog: pytest.LogCaptureFixture) -> None:
        world.breaks = True
        for _ in range(3):
            await world.ana.slash(world.channel, "rest days", dates="Friday")
        told = [it for it in caplog.records if "the screen for worry can't be used" in it.getMessage()]
        assert len(told) == (1 if any("BrokenPatterns" in it.getMessage() for it in caplog.records) else 0)

    async def test_crisis_help_answers_as_ever(self, world: World) -> None:
        world.breaks = True
        result = await world.ana.slash(world.channel, "crisis", country="Germany")
        assert "112" in result.response.content
        await world.ana.send_dm(WORRYING)
        assert world.dms(world.ana)[-1].content == ANSWER


# --- the card, whatever else is broken


@pytest.fixture(params=["gone", "read only", "without its tables"])
async def broken_records(request: pytest.FixtureRequest, world: World) -> Iterator[World]:
    """A member, and records that broke after they joined."""
    world.breaks = True
    await world.join(world.ana)
    if request.param == "gone":
        for file in world.records_folder.glob("comeback.db*"):
            file.unlink()
    elif request.param == "read only":
        async with world.services.records.writing() as tx:
            await tx.execute("PRAGMA query_only = ON")
    else:
        with closing(sqlite3.connect(world.records_folder / "comeback.db")) as connection:
            for table in ("shown", "texts", "clocks", "spans"):
                connection.execute(f"DROP TABLE {table}")
            connection.commit()
    return cast("Any", world)


async def test_the_crisis_path_needs_no_records_that_work(broken_records: World) -> None:
    world = broken_records
    assert "911" in (await world.ana.slash(world.channel, "crisis")).response.content
    assert "911" in (await world.ana.user.click(world.dms(world.ana)[0], label="I need help")).response.content
    form = await sent(world, world.ana, "evening:0:2026-03-02:0:0123456789ab", line=WORRYING)
    assert form.response.content.startswith(OPENING)
    command = await world.ana.slash(world.channel, "rest days", dates=WORRYING)
    assert command.response.content.startswith(OPENING)
    before = len(world.dms(world.ana))
    await world.ana.send_dm(WORRYING)
    assert world.dms(world.ana)[before].content.startswith(OPENING)


async def test_while_another_process_holds_the_records_the_card_is_there_at_once(world: World) -> None:
    await world.join(world.ana)
    results, interactions = await held(world, 2)
    with world.env.time_context(), closing(sqlite3.connect(world.records_folder / "comeback.db")) as other:
        other.isolation_level = None
        other.execute("BEGIN IMMEDIATE")
        await asyncio.gather(
            crisis.HelpButton(0).callback(interactions[0]), rest_days_with(interactions[1], dates=WORRYING)
        )
    assert results[0].response.content.startswith(OPENING)
    assert results[1].response.content.startswith(OPENING)


async def rest_days_with(interaction: discord.Interaction[Any], **options: str) -> None:
    """`/rest days` arrives in this interaction."""
    command: Any = interaction.client.tree.get_command("rest").get_command("days")
    typed = [{"type": 3, "name": name, "value": value} for name, value in options.items()]
    interaction.data = cast("Any", {"name": "rest", "options": [{"type": 1, "name": "days", "options": typed}]})
    await command.callback(command.binding, interaction, **options)


async def test_the_card_stands_when_discord_refuses_everything_after_it(world: World) -> None:
    await world.join(world.ana)
    world.env.inject_error("POST", "/webhooks/*", status=500, times=None)
    world.env.inject_error("POST", "/channels/*/messages", status=500, times=None)
    for result in (
        await world.ana.slash(world.channel, "crisis"),
        await world.ana.slash(world.channel, "rest days", dates=WORRYING),
    ):
        assert result.response.content.startswith(OPENING)


async def test_a_card_that_can_t_be_drawn_leaves_the_ordinary_reply(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.breaks = True
    await world.join(world.ana)

    async def broken(*_args: Any, **_more: Any) -> None:
        raise ZeroDivisionError(WORRYING)

    monkeypatch.setattr(crisis, "open_card", broken)
    result = await answered_evening(world, world.ana, line=WORRYING)
    assert result.response.content.startswith("**Monday, 2 March:** some of it.")
    assert member(world)["last_card_at"] is None, "nobody was shown one"


def member(world: World) -> dict[str, Any]:
    with closing(sqlite3.connect(world.records_folder / "comeback.db")) as connection:
        connection.row_factory = sqlite3.Row
        return dict(connection.execute("SELECT * FROM members WHERE discord_id = ?", (world.ana.id,)).fetchone())


async def test_the_time_of_the_last_card_is_all_that_is_kept_of_one(world: World) -> None:
    await world.join(world.ana)
    before = member(world)
    shown = await world.ana.slash(world.channel, "log", questions=NOTES[Card.OTHER][0])
    assert shown.response.content.startswith(NOTES[Card.OTHER][1])
    after = member(world)
    assert {name for name in after if after[name] != before[name]} == {"last_card_at"}
