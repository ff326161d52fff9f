"""Does the loopback Discord behave like Discord where the program leans on it? Asked of real discord.py."""

import asyncio
import errno
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import aiohttp
import discord as library
import pytest
import yarl
from discord.gateway import DiscordWebSocket
from discord.http import Route

from tests.bench import empty_bot
from tests.process.entities import MANAGE_GUILD
from tests.process.loopback import Loopback
from tests.process.probe import Card, Probe, probing
from tests.process.program import Program

pytestmark = [pytest.mark.process, pytest.mark.enable_socket]

EMPTY_BOT = [str(Path(empty_bot.__file__))]


@pytest.fixture(autouse=True)
def own_addresses() -> Iterator[None]:
    """The library keeps its addresses on classes: they must not leak into other tests."""
    base, gateway = Route.BASE, DiscordWebSocket.DEFAULT_GATEWAY
    yield
    Route.BASE, DiscordWebSocket.DEFAULT_GATEWAY = base, gateway


@pytest.fixture
async def discord() -> AsyncIterator[Loopback]:
    async with Loopback() as server:
        yield server


@pytest.fixture
async def probe(discord: Loopback) -> AsyncIterator[Probe]:
    discord.add_guild("campus")
    async with probing(discord) as client:
        yield client
    assert discord.unknown_routes == []


def dm(probe: Probe, discord: Loopback, user: int) -> library.PartialMessageable:
    return probe.get_partial_messageable(discord.dm(user).id)


# The real program, as a process


async def test_a_program_logs_in_answers_and_dies_when_told(discord: Loopback, tmp_path: Path) -> None:
    person = discord.add_user("mira")
    async with Program(discord, tmp_path, arguments=EMPTY_BOT) as program:
        await discord.wait_connected()
        answer = await discord.slash(person, "ping")
        assert (answer.type, answer.data["content"]) == (4, "pong")
        assert answer.message is not None
        assert answer.message.ephemeral
        assert answer.seconds < 3
        await program.line(containing="has connected to Gateway")
        assert await program.terminate() == -15
    assert [login.intents for login in discord.identifies] == [library.Intents(guilds=True, dm_messages=True).value]
    assert discord.unknown_routes == []


async def test_a_killed_program_starts_again_as_a_new_login(discord: Loopback, tmp_path: Path) -> None:
    settings = {"NO_SYNC": "1"}
    async with Program(discord, tmp_path, arguments=EMPTY_BOT, settings=settings) as program:
        await discord.wait_connected()
        assert await program.kill() == -9
        await discord.wait_for(lambda: not discord.gateway.live)
        await program.start()
        await discord.wait_connected(logins=2)
    assert discord.commands == {}
    assert discord.resumes == []


async def test_many_sends_at_once_run_into_the_global_limit(discord: Loopback, tmp_path: Path) -> None:
    channels = tmp_path / "channels"
    channels.write_text("\n".join(str(discord.dm(user).id) for user in range(1000, 1060)))
    settings = {"CHANNELS": str(channels), "NO_SYNC": "1"}
    async with Program(discord, tmp_path, arguments=EMPTY_BOT, settings=settings) as program:
        await program.line(containing="sent 60, failed 0")
    assert len(discord.messages) == 60
    assert discord.rate_limited >= 10
    assert discord.busiest_second() >= 60


async def test_waiting_for_words_ends_when_the_program_does(discord: Loopback, tmp_path: Path) -> None:
    async with Program(discord, tmp_path, arguments=["-c", "print('so long', end='')"]) as program:
        with pytest.raises(AssertionError, match=r"(?s)ended \(0\).*so long"):
            await program.line(containing="good morning")
        assert await program.wait() == 0


async def test_what_does_not_end_when_told_is_killed_with_the_test(discord: Loopback, tmp_path: Path) -> None:
    stubborn = "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('up'); signal.pause()"
    async with Program(discord, tmp_path, arguments=["-c", stubborn]) as program:
        await program.line(containing="up")
        with pytest.raises(AssertionError, match="still running"):
            await program.terminate(timeout=0.1)
    assert program.returncode == -9


# Logging in


async def test_a_wrong_token_is_turned_away_by_http_and_gateway(discord: Loopback) -> None:
    Route.BASE = discord.api_url
    async with library.Client(intents=library.Intents(guilds=True)) as client:
        with pytest.raises(library.LoginFailure):
            await client.login("not the token")
    async with library.Client(intents=library.Intents(guilds=True)) as client:
        await client.login(discord.token)
        DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(discord.gateway.url)
        discord.token = "another token by now"
        with pytest.raises(library.ConnectionClosed) as closed:
            async with asyncio.timeout(5):
                await client.connect()
    assert closed.value.code == 4004
    assert discord.identifies == []


async def test_a_privileged_intent_is_refused(discord: Loopback) -> None:
    Route.BASE = discord.api_url
    async with library.Client(intents=library.Intents(guilds=True, members=True)) as client:
        DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(discord.gateway.url)
        with pytest.raises(library.PrivilegedIntentsRequired):
            async with asyncio.timeout(5):
                await client.start(discord.token)


async def test_a_synced_command_keeps_its_id(discord: Loopback, probe: Probe) -> None:
    before = {command.name: command.id for command in await probe.tree.fetch_commands()}
    after = {command.name: command.id for command in await probe.tree.sync()}
    assert before == after
    assert {"where", "goal"} <= before.keys()


async def test_the_bot_knows_its_servers_and_its_rights_there(discord: Loopback, probe: Probe) -> None:
    (campus,) = probe.guilds
    assert campus.me.guild_permissions.send_messages
    assert not campus.me.guild_permissions.manage_guild
    assert [channel.name for channel in campus.text_channels] == ["general"]
    mira = discord.add_user("mira")
    discord.guilds[campus.id].join(mira, discord.guilds[campus.id].add_role("moderators"))
    assert [role.name for role in (await campus.fetch_member(mira.id)).roles] == ["@everyone"]
    with pytest.raises(library.NotFound) as missing:
        await campus.fetch_member(discord.add_user().id)
    assert missing.value.code == 10007


async def test_an_outage_of_a_server_is_not_a_removal(discord: Loopback, probe: Probe) -> None:
    guild = await discord.invite("library")
    await discord.outage_of(guild)
    await discord.outage_over(guild)
    await discord.remove_from(guild)
    async with asyncio.timeout(5):
        assert [await probe.seen.get() for _ in range(3)] == [
            "joined library",
            "lost sight of library",
            "left library",
        ]


# Interactions


async def test_a_command_knows_where_it_was_called(discord: Loopback, probe: Probe) -> None:
    mira, campus, elsewhere = discord.add_user("mira"), *discord.guilds.values(), discord.add_elsewhere()
    moderator = campus.join(discord.add_user(), campus.add_role("moderators", permissions=MANAGE_GUILD)).user
    answers = [
        await discord.slash(mira, "where", guild=campus),
        await discord.slash(moderator, "where", guild=campus),
        await discord.slash(mira, "where"),
        await discord.slash(mira, "where", guild=elsewhere, user_install=True),
        await discord.slash(mira, "where", user_install=True),
    ]
    assert [answer.data["content"] for answer in answers] == [
        "server of campus, installed to the server",
        "server of campus, installed to the server, with rights",
        "dm, installed to the server",
        "server of a stub, installed to the person",
        "private, installed to the person",
    ]


async def test_options_arrive_with_their_types(discord: Loopback, probe: Probe) -> None:
    mira, campus = discord.add_user("mira"), *discord.guilds.values()
    campus.join(mira)
    options = {"amount": 40, "kind": "hours", "who": mira}
    answer = await discord.slash(mira, "goal set", guild=campus, options=options)
    assert answer.data["content"] == "40 hours for mira"
    assert discord.in_channel(campus.channels[0].id) == [answer.message]
    choices = await discord.autocomplete(mira, "goal set", "kind", "q")
    assert [choice["value"] for choice in choices] == ["questions"]


async def test_a_command_that_was_never_synced_cannot_be_typed(discord: Loopback, probe: Probe) -> None:
    with pytest.raises(AssertionError, match="not among the synced"):
        await discord.slash(discord.add_user(), "nonsense")


async def test_a_pressed_button_edits_its_message_in_place(discord: Loopback, probe: Probe) -> None:
    mira = discord.add_user("mira")
    await dm(probe, discord, mira.id).send(view=Card("Today: 20.", 7))
    (message,) = discord.dms_to(mira)
    assert (message.text, message.custom_ids) == ("Today: 20.", ["keep:7"])
    answer = await discord.click(mira, message, "keep:7")
    assert (answer.type, message.text, message.custom_ids) == (7, "Kept.", [])
    with pytest.raises(AssertionError, match="keep:7"):
        await discord.click(mira, message, "keep:7")
    assert (await discord.click(mira, message, "keep:7", forged=True)).type == 7
    assert len(discord.messages) == 1


async def test_a_form_is_filled_in_as_it_was_shown(discord: Loopback, probe: Probe) -> None:
    mira = discord.add_user("mira")
    assert (await discord.slash(mira, "form")).type == 9
    untouched = await discord.submit(mira, "form", {})
    assert untouched.data["content"] == " timed"
    with pytest.raises(AssertionError, match="nowhere"):
        await discord.submit(mira, "form", {"nowhere": "x"})
    assert (await discord.slash(mira, "form")).type == 9
    filled = await discord.submit(mira, "form", {"line": "slow", "boxes": ["unseen"]})
    assert filled.data["content"] == "slow unseen"


async def test_a_deferral_is_followed_to_its_end(discord: Loopback, probe: Probe) -> None:
    answer = await discord.slash(discord.add_user(), "later")
    assert (answer.type, answer.message) == (5, None)
    await discord.wait_for(lambda: answer.followups)
    assert answer.message is not None
    assert [message.text for message in (answer.message, *answer.followups)] == ["done", "and more"]
    assert answer.message.ephemeral
    assert answer.edits == 2
    assert discord.messages == []


async def test_an_answer_after_the_deadline_meets_an_unknown_interaction(discord: Loopback, probe: Probe) -> None:
    discord.interaction_deadline = 0.0
    probe.gate.set()
    asking = asyncio.create_task(discord.slash(discord.add_user(), "wait"))
    async with asyncio.timeout(5):
        assert await probe.refused.get() == 10062
    assert [asked.refusals for asked in discord.interactions.values()] == [[10062]]
    asking.cancel()
    await asyncio.wait([asking])


async def test_a_redelivered_interaction_is_answered_once(discord: Loopback, probe: Probe) -> None:
    probe.gate.set()
    answer = await discord.slash(discord.add_user(), "wait")
    await discord.redeliver(answer)
    await discord.wait_for(lambda: answer.refusals)
    assert answer.refusals == [40060]
    assert len(discord.messages) == 1


# Messages and nonces


async def test_a_repeated_nonce_gives_back_the_first_message(discord: Loopback, probe: Probe) -> None:
    channel = dm(probe, discord, 1001)
    first, again = await channel.send("one", nonce="p1"), await channel.send("two", nonce="p1")
    other = await dm(probe, discord, 1002).send("three", nonce="p1")
    assert first.id == again.id != other.id
    assert [message.content for message in discord.messages] == ["one", "three"]
    discord.nonce_memory = 0
    assert (await channel.send("four", nonce="p1")).id != first.id


async def test_history_shows_components_but_no_nonce(discord: Loopback, probe: Probe) -> None:
    channel = dm(probe, discord, 1001)
    sent = await channel.send(view=Card("Today.", 7), nonce="p1")
    await channel.send("later")
    found = await probe.http.logs_from(channel.id, limit=100)
    assert [message["content"] for message in found] == ["later", ""]
    assert "keep:7" in str(found[1].get("components"))
    assert (sent.nonce, [message.get("nonce") for message in found]) == ("p1", [None, None])
    discord.history_lag = 60
    assert await probe.http.logs_from(channel.id, limit=100) == []


async def test_a_message_can_carry_files_be_edited_and_go(discord: Loopback, probe: Probe, tmp_path: Path) -> None:
    picture = tmp_path / "trend.png"
    picture.write_bytes(b"not really" * 200_000)
    channel = dm(probe, discord, 1001)
    message = await channel.send("look", file=library.File(picture, description="A rising line"))
    assert message.attachments[0].description == "A rising line"
    (kept,) = discord.messages
    assert len(kept.uploads[0].data) == 2_000_000
    await message.edit(content="see")
    assert (await channel.fetch_message(message.id)).content == "see"
    await message.delete()
    with pytest.raises(library.NotFound):
        await channel.fetch_message(message.id)
    assert kept.deleted


# What goes wrong


async def test_closed_direct_messages_refuse_one_person_only(discord: Loopback, probe: Probe) -> None:
    discord.close_dms(1001)
    with pytest.raises(library.Forbidden) as refused:
        await dm(probe, discord, 1001).send("hello")
    assert refused.value.code == 50007
    await dm(probe, discord, 1002).send("hello")
    discord.reopen_dms(1001)
    await dm(probe, discord, 1001).send("hello again")
    assert [message.content for message in discord.dms_to(1001)] == ["hello again"]


async def test_a_direct_message_channel_is_opened_once_or_refused(discord: Loopback, probe: Probe) -> None:
    person = await probe.fetch_user(1001)
    assert (await person.create_dm()).id == discord.dm(1001).id
    discord.dm_opening_refusal = 40003
    other = await probe.fetch_user(1002)
    with pytest.raises(library.Forbidden) as refused:
        await other.create_dm()
    assert refused.value.code == 40003


async def test_a_lost_answer_leaves_the_message_a_reset_does_not(discord: Loopback, probe: Probe) -> None:
    channel = dm(probe, discord, 1001)
    discord.fail("POST /channels/*/messages", loss="lose_answer", count=1)
    with pytest.raises(aiohttp.ServerDisconnectedError):
        await channel.send("there")
    discord.fail("POST /channels/*/messages", loss="reset", count=1)
    with pytest.raises(aiohttp.ClientOSError) as reset:
        await channel.send("not there")
    assert reset.value.errno == errno.ECONNRESET
    await channel.send("there too")
    assert [message.content async for message in channel.history()] == ["there too", "there"]
    statuses = [request.status for request in discord.asked("POST /channels/*/messages")]
    assert statuses == [None, None, 200]


async def test_a_hanging_request_has_its_effect_only_if_told_so(discord: Loopback, probe: Probe) -> None:
    channel = dm(probe, discord, 1001)
    before = discord.fail("POST /channels/*/messages", loss="hang", count=1)
    hanging = [asyncio.create_task(channel.send("not there"))]
    await discord.wait_for(lambda: before.hits)
    discord.fail("POST /channels/*/messages", loss="hang_after", count=1)
    # Another channel: discord.py sends to one channel after the other.
    hanging.append(asyncio.create_task(dm(probe, discord, 1002).send("there")))
    await discord.wait_for(lambda: discord.messages)
    assert [message.content for message in discord.messages] == ["there"]
    for task in hanging:
        assert not task.done()
        task.cancel()
    await asyncio.wait(hanging)


async def test_injected_errors_end_with_their_count_or_when_switched_off(discord: Loopback, probe: Probe) -> None:
    channel = dm(probe, discord, 1001)
    discord.fail("POST /channels/*/messages", status=503, count=1)
    with pytest.raises(library.DiscordServerError):
        await channel.send("hello")
    history = discord.fail("GET /channels/*/messages", status=403, code=50001)
    for _ in range(2):
        with pytest.raises(library.Forbidden):
            await probe.http.logs_from(channel.id, limit=1)
    history.off()
    assert await probe.http.logs_from(channel.id, limit=1) == []
    assert history.hits == 2


async def test_the_global_limit_spares_answers_to_interactions(discord: Loopback, probe: Probe) -> None:
    mira = discord.add_user("mira")
    discord.global_limit = 0
    assert (await discord.slash(mira, "where")).type == 4
    sending = asyncio.create_task(dm(probe, discord, mira.id).send("patience"))
    await discord.wait_for(lambda: discord.rate_limited)
    discord.global_limit = 50
    await sending
    assert next(request.status for request in discord.asked("POST /channels/*/messages")) == 429


async def test_a_slow_answer_comes_after_its_effect(discord: Loopback, probe: Probe) -> None:
    discord.latency = 0.3
    sending = asyncio.create_task(dm(probe, discord, 1001).send("hello"))
    await discord.wait_for(lambda: discord.messages)
    assert not sending.done()
    await sending
    assert asyncio.get_running_loop().time() - discord.messages[0].created >= 0.3


async def test_a_route_that_is_not_there_is_noted(discord: Loopback) -> None:
    headers = {"Authorization": f"Bot {discord.token}"}
    async with (
        aiohttp.ClientSession(headers=headers) as session,
        session.get(f"{discord.api_url}/voice/regions") as response,
    ):
        assert response.status == 404
    assert discord.unknown_routes == ["GET /voice/regions"]


# The gateway breaks


async def test_a_dropped_session_resumes_and_misses_nothing(discord: Loopback, probe: Probe) -> None:
    discord.gateway_open = False
    await discord.drop()
    await discord.wait_for(lambda: not discord.gateway.live)
    asking = asyncio.create_task(discord.slash(discord.add_user(), "where"))
    discord.gateway_open = True
    assert (await asking).type == 4
    await discord.wait_for(lambda: discord.resumes)
    assert len(discord.identifies) == 1
    async with asyncio.timeout(5):
        assert await probe.seen.get() == "resumed"


async def test_an_asked_for_reconnect_resumes_and_a_void_session_logs_in_again(discord: Loopback, probe: Probe) -> None:
    await discord.reconnect()
    await discord.wait_for(lambda: len(discord.resumes) == 1)
    await discord.invalidate(resumable=True)
    await discord.wait_for(lambda: len(discord.resumes) == 2)
    await discord.drop(4000)
    await discord.wait_for(lambda: len(discord.resumes) == 3)
    assert len(discord.identifies) == 1
    await discord.invalidate()
    await discord.wait_connected(logins=2)
    assert len(discord.gateway.sessions) == 1
    assert (await discord.slash(discord.add_user(), "where")).type == 4
