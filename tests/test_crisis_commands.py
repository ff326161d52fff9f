"""Does somebody who needs help get the card, whoever they are and whatever is broken?"""

import asyncio
import re
import sqlite3
import time
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass
from typing import Any

import discord
import pytest
import simcord
from discord.ext import commands
from simcord.env import Env
from simcord.results import InteractionResult

from bot.data import crisis_resources as data
from bot.domain import crisis as rules
from bot.domain import crisis_cards as cards
from bot.domain.crisis import Card, Here
from bot.domain.crisis_cards import Campus, Whose
from bot.services.crisis import CrisisService
from bot.services.people import PeopleService
from bot.ui import crisis as ui
from bot.ui import crisis_pages as pages
from tests.conftest import World
from tests.test_people_commands import name_people
from tests.test_screen_commands import NOTES, WORRYING, answered_evening

RESOURCES = data.load()
DEFAULT = cards.card(None)


def card(code: str) -> str:
    return cards.card(RESOURCES.country(code))


class Kept:
    """Records that work."""

    def __init__(self, **codes: str) -> None:
        self.code = codes.get("code")
        self.remembered: list[str] = []

    async def country_of(self, discord_id: int) -> str | None:
        return self.code

    async def remember_country(self, discord_id: int, code: str) -> None:
        self.remembered.append(code)


class Broken:
    """Records that raise."""

    async def country_of(self, discord_id: int) -> str | None:
        raise ConnectionError(f"no table members for {discord_id}")

    async def remember_country(self, discord_id: int, code: str) -> None:
        raise ConnectionError(f"no table members for {discord_id}")


class Hanging:
    """Records that do not answer for an hour."""

    async def country_of(self, discord_id: int) -> str | None:
        await asyncio.sleep(3600)
        return "US"

    async def remember_country(self, discord_id: int, code: str) -> None:
        await asyncio.sleep(3600)


class Stubborn(Hanging):
    """Records that take their time even to be cancelled, as a stuck database does in its rollback."""

    async def country_of(self, discord_id: int) -> str | None:
        try:
            return await super().country_of(discord_id)
        finally:
            await asyncio.sleep(1.5)


class Cancelled(Broken):
    """Records whose own work was cancelled under them."""

    async def country_of(self, discord_id: int) -> str | None:
        raise asyncio.CancelledError


class Nonsense(Broken):
    """Records with a place that has no card, or no place at all."""

    def __init__(self, answer: Any) -> None:
        self.answer = answer

    async def country_of(self, discord_id: int) -> str | None:
        return self.answer


class Stuck:
    """Records whose database lets nobody in for an hour."""

    @asynccontextmanager
    async def reading(self) -> AsyncGenerator[None]:
        await asyncio.sleep(3600)
        yield


class Lined:
    """People of whom everybody has this line."""

    def __init__(self, line: str) -> None:
        self.line = line

    async def campus(self, discord_id: int, guild_id: int | None) -> Campus:
        return Campus(line=self.line)


@dataclass
class Fake:
    """All that the crisis card knows of a running bot."""

    crisis: Any
    people: Any = None


class Bot(commands.Bot):
    """The smallest bot that can show the card."""

    def __init__(self, services: Any) -> None:
        super().__init__(commands.when_mentioned, intents=discord.Intents(guilds=True, dm_messages=True))
        if services is not None:
            self.services = services

    async def setup_hook(self) -> None:
        self.add_dynamic_items(*ui.ITEMS)
        await self.load_extension("cogs.crisis")
        await self.tree.sync()


def bot_with(records: Any, people: Any = None) -> Bot:
    return Bot(Fake(CrisisService(RESOURCES, records), people))


@asynccontextmanager
async def running(records: Any, people: Any = None) -> AsyncGenerator[Env]:
    async with simcord.run(bot_with(records, people)) as env:
        yield env


@asynccontextmanager
async def running_bot(bot: Bot) -> AsyncGenerator[Env]:
    async with simcord.run(bot) as env:
        yield env


def somebody(env: Env) -> Any:
    """A member of a server with the bot in it, and the channel they are in."""
    guild = env.create_guild()
    channel = guild.create_text_channel("general")
    return guild.add_member(env.create_user("ana")), channel


def shown(result: InteractionResult) -> Any:
    assert result.response, "nothing was answered"
    assert result.response.ephemeral
    assert not result.response.embeds
    return result.response


# --- /crisis


async def test_in_a_server_only_the_person_sees_the_card_of_their_country() -> None:
    async with running(Kept(code="JM")) as env:
        ana, channel = somebody(env)
        result = await ana.slash(channel, "crisis")
        assert shown(result).content == card("JM")
        assert not result.deferred
        bea = ana.guild.add_member(env.create_user("bea"))
        assert not channel.history(viewer=bea)
        assert len(channel.history(viewer=ana)) == 1


async def test_in_a_dm_it_works_too() -> None:
    async with running(Kept(code="IE")) as env:
        assert shown(await env.create_user("ana").slash("crisis")).content == card("IE")


async def test_somebody_who_never_joined_sees_something_at_once_and_may_choose() -> None:
    records = Kept()
    async with running(records) as env:
        ana = env.create_user("ana")
        first = await ana.slash("crisis")
        assert shown(first).content == DEFAULT
        await ana.select(first.response, ["LK"], custom_id="crisis:country:2:self:asked")
        assert shown(first).content == card("LK")
        assert records.remembered == ["LK"]


async def test_a_place_without_a_card_gets_what_works_everywhere() -> None:
    for answer in ("CH", "", "zz", 7, None):
        async with running(Nonsense(answer)) as env:
            assert shown(await env.create_user("ana").slash("crisis")).content == DEFAULT


@pytest.mark.parametrize("written", ["Germany", "deutschland", "  GERMANY ", "Berlin, Germany"])
async def test_a_country_that_was_written_is_understood_and_not_remembered(written: str) -> None:
    records = Kept(code="JM")
    async with running(records) as env:
        result = await env.create_user("ana").slash("crisis", country=written)
        assert shown(result).content == card("DE")
        assert not records.remembered


@pytest.mark.parametrize(
    "written",
    ["Niger", "i can't do this any more", "@everyone", "**x**", "\u202edrow", "🇯🇲", "-1", "x" * 6000, "   "],
)
async def test_anything_else_is_answered_too_and_never_repeated(written: str) -> None:
    async with running(Kept(code="JM")) as env:
        result = await env.create_user("ana").slash("crisis", country=written)
        assert shown(result).content == f"{cards.NOT_FOUND}\n\n{DEFAULT}"


async def test_letters_bring_countries_and_the_chosen_one_its_card() -> None:
    async with running(Kept()) as env:
        ana, channel = somebody(env)
        choices = await ana.autocomplete(channel, "crisis", "country", "trini")
        assert [it["name"] for it in choices] == ["Trinidad and Tobago"]
        result = await ana.slash(channel, "crisis", country=choices[0]["value"])
        assert shown(result).content == card("TT")
        assert len(await ana.autocomplete(channel, "crisis", "country", "")) == 25
        assert await ana.autocomplete(channel, "crisis", "country", "qqq") == []


async def test_the_command_can_be_had_everywhere_and_says_nothing_about_anybody() -> None:
    async with running(Kept()) as env:
        command = env.backend.find_command("crisis", None)
        assert command
        assert sorted(command["contexts"]) == [0, 1, 2]
        assert sorted(command["integration_types"]) == [0, 1]
        assert command["description"] == "People to talk to, right now. Private, no questions asked."
        assert len(command["options"][0]["description"]) <= 100
        assert not command["options"][0].get("required")


# --- the buttons


async def test_more_lines_and_back() -> None:
    async with running(Kept(code="US")) as env:
        ana = env.create_user("ana")
        first = await ana.slash("crisis")
        await ana.click(first.response, label="More lines")
        assert "Physician Support Line" in shown(first).content
        await ana.click(first.response, label="Back")
        assert shown(first).content == card("US")


async def test_already_hurt_shows_whom_to_call_and_no_more() -> None:
    async with running(Kept(code="GB")) as env:
        ana = env.create_user("ana")
        first = await ana.slash("crisis")
        await ana.click(first.response, label="Already hurt or taken something")
        assert shown(first).content.startswith("**Call now: 999.**")
        assert [it["label"] for row in first.response.components for it in row["components"]] == ["Back"]


async def test_another_country_keeps_the_numbers_in_sight_until_one_is_chosen() -> None:
    records = Kept(code="US")
    async with running(records) as env:
        ana, channel = somebody(env)
        first = await ana.slash(channel, "crisis")
        await ana.click(first.response, label="Other country")
        assert shown(first).content == card("US")
        await ana.select(first.response, ["GD"], custom_id="crisis:country:0:self:asked")
        assert shown(first).content == card("GD")
        assert records.remembered == ["GD"]
        await ana.click(first.response, label="Other country")
        await ana.click(first.response, label="Elsewhere")
        assert shown(first).content == DEFAULT
        assert records.remembered == ["GD"]


async def test_a_card_still_works_after_a_restart_and_after_its_quarter_of_an_hour() -> None:
    async with running(Kept(code="US")) as env:
        ana = env.create_user("ana")
        first = await ana.slash("crisis")
        await env.advance_time(16 * 60)
        await ana.click(first.response, label="Other country")
        await env.restart_bot(bot_with(Kept()))
        await ana.select(first.response, ["IE"], custom_id="crisis:country:1:self:asked")
        assert shown(first).content == card("IE")


async def send_prompt(bot: Any, place: Any, items: list[discord.ui.Item[Any]]) -> discord.Message:
    view = discord.ui.View(timeout=None)
    for item in items:
        view.add_item(item)
    return await place.send("Good morning, Ana.", view=view)


async def test_i_need_help_opens_the_same_card_and_leaves_the_prompt_alone() -> None:
    async with running(Kept(code="ZA")) as env:
        ana = env.create_user("ana")
        place = await env.bot.fetch_user(ana.id)
        prompt = await send_prompt(env.bot, place, [ui.HelpButton(41)])
        result = await ana.click(prompt, label="I need help")
        assert shown(result).content == card("ZA")
        assert ana.dm_channel.history()[0].content == "Good morning, Ana."


async def test_i_need_help_works_after_a_restart_and_for_whoever_presses_it() -> None:
    async with running(Kept()) as env:
        ana, channel = somebody(env)
        place = env.bot.get_channel(channel.id)
        prompt = await send_prompt(env.bot, place, [ui.HelpButton(2**62)])
        await env.restart_bot(bot_with(Kept(code="BR")))
        assert shown(await ana.click(prompt, label="I need help")).content == card("BR")


@pytest.mark.parametrize("custom_id", ["card:QQ", "more:ZZ", "other:QQ", "other:ZZ", "hurt:QQ", "who:QQ", "more:JO"])
async def test_a_stale_or_forged_button_still_shows_a_number(custom_id: str) -> None:
    async with running(Kept()) as env:
        ana = env.create_user("ana")
        place = await env.bot.fetch_user(ana.id)
        page, code = custom_id.split(":")
        message = await send_prompt(env.bot, place, [pages.CardButton(pages.Page(page), pages.Where(code=code))])
        await ana.click(message, custom_id=f"crisis:{custom_id}:self:asked")
        text = ana.dm_channel.history()[0].content
        assert "112 works" in text or "911" in text


@pytest.mark.parametrize("end", ["", ":self", ":hurt:asked", ":nobody:nowhere", ":::"])
async def test_a_card_of_another_version_turns_to_the_card_for_oneself(end: str) -> None:
    async with running(Kept()) as env:
        ana = env.create_user("ana")
        place = await env.bot.fetch_user(ana.id)
        button = discord.ui.Button[discord.ui.View](label="Back", custom_id=f"crisis:card:GB{end}")
        message = await send_prompt(env.bot, place, [button])
        await ana.click(message, label="Back")
        assert ana.dm_channel.history()[0].content == card("GB")


async def test_a_forged_choice_shows_what_works_everywhere_and_is_not_remembered() -> None:
    records = Kept()
    async with running(records) as env:
        ana = env.create_user("ana")
        place = await env.bot.fetch_user(ana.id)
        select = discord.ui.Select[discord.ui.View](
            custom_id="crisis:country:9:self:asked", options=[discord.SelectOption(label="x", value="'; DROP")]
        )
        message = await send_prompt(env.bot, place, [pages.CountrySelect(select, pages.Where())])
        await ana.select(message, ["'; DROP"], custom_id="crisis:country:9:self:asked")
        assert ana.dm_channel.history()[0].content == DEFAULT
        assert not records.remembered


async def test_nobody_is_pinged() -> None:
    async with running(Kept(code="US")) as env:
        ana = env.create_user("ana")
        first = await ana.slash("crisis")
        await ana.click(first.response, label="More lines")
        bodies = [it.json["data"] for it in env.http_requests if it.path.endswith("/callback") and it.json]
        assert len(bodies) == 2
        assert all(it["allowed_mentions"] == {"parse": []} for it in bodies)


# --- cards for others, and cards that a screen opened


async def press(env: Env, person: Any, first: Any, label: str) -> str:
    await person.click(first.response, label=label)
    return shown(first).content


async def test_from_the_main_card_to_each_other_card_and_back() -> None:
    async with running(Kept(code="US")) as env:
        ana = env.create_user("ana")
        first = await ana.slash("crisis")
        for label, kind in (("Worried about someone", Card.OTHER), ("Somebody hurts me", Card.HARM_FROM)):
            assert await press(env, ana, first, label) == cards.card(RESOURCES.country("US"), kind)
            assert (await press(env, ana, first, "Who hears of it?")) == cards.who_hears(RESOURCES.country("US"))
            assert await press(env, ana, first, "Back") == cards.card(RESOURCES.country("US"), kind)
            assert await press(env, ana, first, "Other help") == card("US")


async def test_the_country_of_somebody_else_is_not_remembered_and_stays_on_their_card() -> None:
    records = Kept(code="US")
    async with running(records) as env:
        ana = env.create_user("ana")
        first = await ana.slash("crisis")
        await ana.click(first.response, label="Worried about someone")
        await ana.click(first.response, label="Other country")
        await ana.select(first.response, ["NZ"], custom_id="crisis:country:1:other:asked")
        assert shown(first).content == cards.card(RESOURCES.country("NZ"), Card.OTHER)
        assert not records.remembered


async def test_what_is_put_away_is_gone_from_the_screen() -> None:
    async with running(Kept(code="US")) as env:
        ana = env.create_user("ana")
        first = await ana.slash("crisis")
        await ana.click(first.response, label="Somebody hurts me")
        assert await press(env, ana, first, "Put this away") == "Put away."
        assert not first.response.components


async def test_hours_are_marks_that_each_phone_shows_in_its_own_time() -> None:
    async with running(Kept(code="IN")) as env:
        first = await env.create_user("ana").slash("crisis")
        text = shown(first).content
        now = discord.utils.snowflake_time(int(first.response.id))
        assert text == cards.card(RESOURCES.country("IN"), here=Here(now=now))
        assert re.search(r"iCall \(TISS\), listed as (open|closed) until <t:\d+:t> your time", text)


class Opened(commands.Cog):
    """A screen that opens each card, whatever was written."""

    @discord.app_commands.command()
    async def screened(self, interaction: discord.Interaction[Any], kind: str) -> None:
        """Opens a card."""
        await ui.open_own_card(interaction, Card(kind), screened=True)


@asynccontextmanager
async def screening(services: Any) -> AsyncGenerator[Env]:
    bot = Bot(services)
    async with simcord.run(bot) as env:
        await bot.add_cog(Opened())
        await bot.tree.sync()
        yield env


@pytest.mark.parametrize("kind", Card)
async def test_a_screen_can_open_every_card_and_be_told_that_it_was_wrong(kind: Card) -> None:
    records = Kept(code="GB")
    async with screening(Fake(CrisisService(RESOURCES, records), Lined("Room 2, Student Health"))) as env:
        ana = env.create_user("ana")
        first = await ana.slash("screened", kind=kind.value)
        campus = Here(campus="Room 2, Student Health")
        assert shown(first).content == cards.card(RESOURCES.country("GB"), kind, campus)
        assert await press(env, ana, first, "Not what I meant") == cards.NOT_MEANT
        back = Card.SELF if kind is Card.HURT else kind
        assert await press(env, ana, first, "Back") == cards.card(RESOURCES.country("GB"), back, campus)
        assert "Not what I meant" in [it["label"] for row in first.response.components for it in row["components"]]
        assert not records.remembered


@pytest.mark.parametrize("kind", Card)
@pytest.mark.parametrize("services", [None, Fake(None), Fake(CrisisService(rules.Resources(), Broken()))])
async def test_every_card_comes_without_services_records_or_data(kind: Card, services: Any) -> None:
    async with screening(services) as env:
        ana = env.create_user("ana")
        first = await ana.slash("screened", kind=kind.value)
        assert shown(first).content == cards.card(None, kind)
        if kind is not Card.HURT:
            assert await press(env, ana, first, "Who hears of it?") == cards.who_hears(None)


# --- the line of a cohort or a server

LINE = "Counselling +1 555-0100, https://care.example.edu/talk_now"
COHORTS, SERVERS = (f"\n**{whose}:** {{}}\n**Didn't get through" for whose in (Whose.COHORT, Whose.SERVER))
"""How a card says whose line it is, and where: after the lines, before what else to try."""


async def lined(world: World, whose: str = "campus", line: str = LINE, **more: str) -> None:
    """A member, and a line of their cohort's or their server's own."""
    await world.join(world.ana)
    done = await world.moderator.slash(world.channel, "cohort edit", cohort="Group of ana", **{whose: line}, **more)
    assert line in done.response.content


async def doors_of_a_member(world: World) -> AsyncIterator[tuple[str, str]]:
    """Every way in which a member comes to the card for oneself, and what they read there."""
    ana, bot = world.ana, world.env.bot
    for place, person in (("server", ana), ("DM", ana.user)):
        asked = (world.channel,) if person is ana else ()
        for options in ({}, {"country": "Jamaica"}):
            yield f"/crisis in the {place}", shown(await person.slash(*asked, "crisis", **options)).content
        where: Any = bot.get_channel(world.channel.id) if person is ana else await bot.fetch_user(ana.id)
        prompt = await send_prompt(bot, where, [ui.HelpButton(41)])
        yield f"the button in the {place}", shown(await person.click(prompt, label="I need help")).content
    yield "/checkin", shown(await answered_evening(world, ana, line=WORRYING)).content
    yield "/journal", shown(await name_people(world, ana, WORRYING)).content
    yield "an option", shown(await ana.slash(world.channel, "rest days", dates=WORRYING)).content
    before = len(world.dms(ana))
    await ana.send_dm(WORRYING)
    yield "a direct message", world.dms(ana)[before].content


async def test_the_line_of_a_cohort_stands_on_the_card_whichever_way_it_was_opened(world: World) -> None:
    await lined(world)
    opened = [found async for found in doors_of_a_member(world)]
    assert len(opened) == 10
    assert [door for door, text in opened if COHORTS.format(LINE) not in text] == []


async def test_the_line_of_a_server_stands_there_for_members_whose_cohort_has_none(world: World) -> None:
    await lined(world, "server")
    opened = [found async for found in doors_of_a_member(world)]
    assert [door for door, text in opened if SERVERS.format(LINE) not in text] == []


async def test_without_any_line_the_card_is_as_short_as_it_was(world: World) -> None:
    await world.join(world.ana)
    assert [door async for door, text in doors_of_a_member(world) if "own line" in text] == []


async def test_whoever_never_joined_sees_the_line_of_the_server_they_are_in_and_nobody_elses(world: World) -> None:
    await lined(world, "server")
    bea = world.newcomer("Bea")
    assert SERVERS.format(LINE) in shown(await bea.slash(world.channel, "crisis")).content
    where: Any = world.env.bot.get_channel(world.channel.id)
    prompt = await send_prompt(world.env.bot, where, [ui.HelpButton(0)])
    assert SERVERS.format(LINE) in shown(await bea.click(prompt, label="I need help")).content
    written = await bea.slash(world.channel, "rest days", dates=WORRYING)
    assert SERVERS.format(LINE) in shown(written).content
    assert "own line" not in shown(await bea.user.slash("crisis")).content
    elsewhere = world.env.create_guild("Elsewhere")
    channel = elsewhere.create_text_channel("hall")
    there = elsewhere.add_member(bea.user)
    assert "own line" not in shown(await there.slash(channel, "crisis")).content


async def test_somebody_who_never_joined_a_cohort_does_not_see_its_line(world: World) -> None:
    await lined(world)
    bea = world.newcomer("Bea")
    assert "own line" not in shown(await bea.slash(world.channel, "crisis")).content


async def test_a_cohorts_own_line_comes_before_its_servers(world: World) -> None:
    await lined(world, server="Dean of students")
    text = shown(await world.ana.slash(world.channel, "crisis")).content
    assert COHORTS.format(LINE) in text
    assert "Dean" not in text
    await world.moderator.slash(world.channel, "cohort edit", cohort="Group of ana", campus="none")
    assert SERVERS.format("Dean of students") in shown(await world.ana.slash(world.channel, "crisis")).content


async def test_after_leaving_the_cohort_only_the_server_speaks_and_only_there(world: World) -> None:
    await lined(world, server="Dean of students")
    async with world.services.records.writing() as tx:
        await tx.execute("UPDATE enrolments SET state = 'left', ended_at = since")
    assert SERVERS.format("Dean of students") in shown(await world.ana.slash(world.channel, "crisis")).content
    assert "own line" not in shown(await world.ana.user.slash("crisis")).content


async def test_in_several_servers_the_one_somebody_is_in_speaks_first(world: World) -> None:
    await lined(world)
    other = world.env.create_guild("Other")
    hall = other.create_text_channel("hall")
    mods = other.create_role("Mods", permissions=discord.Permissions(manage_guild=True))
    mod = other.add_member(world.env.create_user("moderator2"), roles=[mods])
    there = other.add_member(world.ana.user)
    await mod.slash(hall, "cohort create", name="Second", channel=hall)
    await mod.slash(hall, "cohort edit", cohort="Second", campus="Second house")
    assert COHORTS.format(LINE) in shown(await there.slash(hall, "crisis")).content
    await mod.slash(hall, "cohort invite", cohort="Second")
    invitation: Any = hall.last_message
    panel: Any = (await there.click(invitation, label="Join")).response
    form = await there.click(panel, label="Ready to plan")
    await there.submit_modal(form, {"city": "Chicago"})
    assert COHORTS.format("Second house") in shown(await there.slash(hall, "crisis")).content
    assert COHORTS.format(LINE) in shown(await world.ana.slash(world.channel, "crisis")).content
    assert COHORTS.format(LINE) in shown(await world.ana.user.slash("crisis")).content


async def test_the_line_stays_while_a_card_is_turned_and_the_card_for_the_hurt_never_has_it(world: World) -> None:
    await lined(world)
    first = await world.ana.slash(world.channel, "crisis")
    for label in ("Worried about someone", "Other help", "Somebody hurts me", "Other country"):
        assert COHORTS.format(LINE) in await press(world.env, world.ana, first, label), label
    await world.ana.select(first.response, ["LK"], custom_id="crisis:country:2:harm_from:asked")
    assert COHORTS.format(LINE) in shown(first).content
    assert "own line" not in await press(world.env, world.ana, first, "Already hurt or taken something")
    assert COHORTS.format(LINE) in await press(world.env, world.ana, first, "Back")
    hurt = await world.ana.slash(world.channel, "rest days", dates=NOTES[Card.HURT][0])
    assert shown(hurt).content == cards.hurt_card(RESOURCES.country("LK"))


async def test_a_line_pings_nobody_and_turns_no_word_of_the_card(world: World) -> None:
    await lined(world, line="Dean, room 2")
    async with world.services.records.writing() as tx:
        await tx.execute("UPDATE cohorts SET campus_line = '@everyone <@&123456789012345678> *x* ~~y~~ \u202ez'")
    text = shown(await world.ana.slash(world.channel, "crisis")).content
    assert COHORTS.format("@\u200beveryone <@\u200b&123456789012345678> \\*x\\* \\~\\~y\\~\\~ z") in text


LINED = cards.card(RESOURCES.country("US"), here=Here(campus=LINE))


@pytest.mark.parametrize(
    ("broken", "asked", "asked_for_a_country"),
    [
        ("closed", DEFAULT, card("US")),
        ("deleted", LINED, LINED),  # an open file can be read to its end
        ("guilds", LINED, LINED),
        ("cohorts", card("US"), card("US")),
        ("enrolments", card("US"), card("US")),
        ("members", DEFAULT, card("US")),
    ],
)
async def test_whatever_is_gone_of_the_records_the_card_comes_with_what_is_left(
    world: World, broken: str, asked: str, asked_for_a_country: str
) -> None:
    await lined(world)
    if broken == "closed":
        await world.services.records.close()
    elif broken == "deleted":
        for file in world.records_folder.glob("comeback.db*"):
            file.unlink()
    else:
        with closing(sqlite3.connect(world.records_folder / "comeback.db")) as file:
            file.execute(f"ALTER TABLE {broken} RENAME TO lost")
    assert shown(await world.ana.slash(world.channel, "crisis")).content == asked
    answer = await world.ana.slash(world.channel, "crisis", country="United States")
    assert shown(answer).content == asked_for_a_country


async def test_while_somebody_else_writes_the_line_is_read_all_the_same(world: World) -> None:
    await lined(world)
    with closing(sqlite3.connect(world.records_folder / "comeback.db", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        assert await world.services.people.campus(world.ana.id, world.guild.id) == Campus(line=LINE)


async def test_records_that_hang_over_the_line_cost_the_line_and_not_the_country() -> None:
    stuck: Any = Stuck()
    async with running(Kept(code="IE"), PeopleService(stuck)) as env:
        env.settle_timeout = 10
        assert shown(await env.create_user("ana").slash("crisis")).content == card("IE")


class Together(Kept):
    """Records and people who answer only once both were asked."""

    def __init__(self) -> None:
        super().__init__(code="IE")
        self.both = asyncio.Barrier(2)

    async def country_of(self, discord_id: int) -> str | None:
        await self.both.wait()
        return self.code

    async def campus(self, discord_id: int, guild_id: int | None) -> Campus:
        await self.both.wait()
        return Campus(line=LINE)


async def test_nobody_waits_for_the_line_after_waiting_for_the_country() -> None:
    together = Together()
    async with running(together, together) as env:
        whole = cards.card(RESOURCES.country("IE"), here=Here(campus=LINE))
        assert shown(await env.create_user("ana").slash("crisis")).content == whole


# --- whatever is broken


@pytest.mark.parametrize(
    "records",
    [Broken(), Hanging(), Stubborn(), Cancelled(), object(), None],
    ids=lambda it: type(it).__name__,
)
async def test_the_card_comes_within_a_second_whatever_the_records_do(
    records: Any, caplog: pytest.LogCaptureFixture
) -> None:
    stuck: Any = Stuck()
    async with running(records, PeopleService(stuck)) as env:
        env.settle_timeout = 10
        ana = env.create_user("ana")
        answered: list[float] = []
        started = time.perf_counter()
        original = discord.InteractionResponse.send_message

        async def timed(*args: Any, **kwargs: Any) -> Any:
            answered.append(time.perf_counter() - started)
            return await original(*args, **kwargs)

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(discord.InteractionResponse, "send_message", timed)
            first = await ana.slash("crisis")
        assert shown(first).content == DEFAULT
        assert answered[0] < 1
        await ana.select(first.response, ["PH"], custom_id="crisis:country:1:self:asked")
        assert shown(first).content == card("PH")
        assert str(ana.id) not in caplog.text


class Exploding:
    """A service that is itself broken."""

    @property
    def crisis(self) -> Any:
        raise RuntimeError("never built")


@pytest.mark.parametrize("services", [None, Exploding(), Fake(None)], ids=["missing", "exploding", "empty"])
async def test_the_card_comes_even_without_services(services: Any) -> None:
    async with running_bot(Bot(services)) as env:
        ana = env.create_user("ana")
        first = await ana.slash("crisis")
        assert shown(first).content == DEFAULT
        await ana.click(first.response, label="Already hurt or taken something")
        assert shown(first).content == cards.hurt_card(None)
        assert shown(await ana.slash("crisis", country="Jamaica")).content.endswith(DEFAULT)
        assert await ana.autocomplete("crisis", "country", "jam") == []


async def test_the_card_comes_without_data() -> None:
    async with running_bot(Bot(Fake(CrisisService(rules.Resources(), Kept(code="US"))))) as env:
        assert shown(await env.create_user("ana").slash("crisis")).content == DEFAULT


# --- the service alone


async def test_the_service_gives_up_after_half_a_second_and_leaves_nothing_behind() -> None:
    before = asyncio.all_tasks()
    started = time.perf_counter()
    assert await CrisisService(RESOURCES, Hanging()).country_for(1) is None
    await CrisisService(RESOURCES, Hanging()).choose(1, "US")
    assert 0.9 < time.perf_counter() - started < 1.5
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    assert asyncio.all_tasks() == before


async def test_a_cancelled_command_takes_its_question_with_it() -> None:
    before = asyncio.all_tasks()
    asking = asyncio.create_task(CrisisService(RESOURCES, Hanging()).country_for(1))
    await asyncio.sleep(0.01)
    asking.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asking
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    assert asyncio.all_tasks() == before


async def test_a_territory_is_served_by_its_lines() -> None:
    found = await CrisisService(RESOURCES, Kept(code="PR")).country_for(1)
    assert found
    assert found.code == "US"
