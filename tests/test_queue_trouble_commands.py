"""What a queue may never do when something breaks: stand open to everybody, end unseen, or stay open with nobody."""

from typing import Any

import discord
import pytest
from simcord.backend.models import Overwrite
from simcord.enums import OverwriteType

from bot.sender import Answer, NoAnswer
from bot.ui import queue_notes
from tests.conftest import World
from tests.queues import COHORT, Queue, Wire, opened, private_channel
from tests.test_queue_commands import cut_off, edited

SECRET = "Only for moderators."
NOBODY_CAN = "no volunteer can be asked right now"


@pytest.fixture
async def queue(world: World) -> Queue:
    return await opened(world)


@pytest.fixture
async def on_duty(world: World) -> Queue:
    return await opened(world, on=True)


async def lost(queue: Queue) -> Wire:
    """The answer to the next message in the queue gets lost, and the keeper has looked only once."""
    return await cut_off(queue, ("POST", f"/channels/{queue.channel.id}/messages", NoAnswer(maybe_done=True)))


async def send(queue: Queue, line: str = "") -> Any:
    """Somebody asks, and the keeper did not look yet."""
    ana = queue.world.ana
    shown = (await ana.slash(queue.world.channel, "human")).response
    if line:
        shown = (await ana.submit_modal(await ana.click(shown, label="Add a line"), {"line": line})).response
    return (await ana.click(shown, label="Send it")).response


async def look_once(queue: Queue) -> None:
    await queue.keeper.look()
    await queue.world.env.settle(idle=0.002)


async def shown_to_all(queue: Queue, shown: bool = True) -> None:
    """What somebody may click in the settings of a channel at any time."""
    view = discord.Permissions(view_channel=True).value
    backend = queue.world.env.backend
    everybody = queue.world.guild.default_role.id
    kept = [it for it in backend.get_channel(queue.channel.id).overwrites if it.target_id != everybody]
    allow, deny = (view, 0) if shown else (0, view)
    ours = Overwrite(target_id=everybody, type=OverwriteType.ROLE, allow=allow, deny=deny)
    backend.edit_channel(queue.channel.id, {}, overwrites=[*kept, ours])
    await queue.world.env.settle(idle=0.002)


async def join(queue: Queue, person: Any) -> None:
    invitation = [message for message in queue.world.channel.history() if not message.flags.ephemeral][-1]
    panel = (await person.click(invitation, label="Join")).response
    await person.submit_modal(await person.click(panel, label="Ready to plan"), {"city": "Chicago"})


async def beat(queue: Queue) -> None:
    await queue.world.services.outages.beat(queue.world.clock())


# --- a message whose answer was lost


async def test_what_was_withdrawn_before_its_message_was_known_stands_no_longer(queue: Queue) -> None:
    await lost(queue)
    sent = await send(queue, SECRET)
    await look_once(queue)
    assert SECRET in queue.request.content
    await queue.world.ana.click(sent, label="Withdraw")
    await queue.look()
    (message,) = queue.messages
    assert message.content == "**A request has ended.** Withdrawn by the member; nothing is to be done."


async def test_what_never_reached_the_queue_is_not_looked_for_for_ever(queue: Queue) -> None:
    wire = await cut_off(queue, ("POST", f"/channels/{queue.channel.id}/messages", Answer(status=500, code=0)))
    sent = await send(queue)
    await look_once(queue)
    await queue.world.ana.click(sent, label="Withdraw")
    await queue.after(minutes=10)
    before = len(wire.asked)
    await queue.after(hours=1)
    assert not queue.messages
    assert len(wire.asked) == before


async def test_a_message_that_is_found_again_tells_what_is_true_now(queue: Queue) -> None:
    await lost(queue)
    await send(queue)
    await look_once(queue)
    await queue.mo.click(queue.request, label="Claim")
    await queue.look()
    (message,) = queue.messages
    assert message.content.endswith(f"<@{queue.mo.id}> has it.")


async def test_a_name_is_taken_out_as_soon_as_the_channel_lets_us_and_the_log_is_not_filled_meanwhile(
    queue: Queue, caplog: pytest.LogCaptureFixture
) -> None:
    wire = await cut_off(queue)
    sent = await queue.ask(line=SECRET)
    refused = ("PATCH", f"/channels/{queue.channel.id}/messages", Answer(status=403, code=50001))
    wire.answers = [refused] * 3
    await queue.world.ana.click(sent, label="Withdraw")
    for _ in range(3):
        await queue.after(minutes=6)
    assert caplog.text.count("its queue takes no message") == 1
    assert SECRET in queue.request.content
    await queue.after(minutes=6)
    assert SECRET not in queue.request.content


# --- a channel that changes


async def test_a_channel_that_was_opened_to_everybody_gets_no_name_and_no_line(
    queue: Queue, caplog: pytest.LogCaptureFixture
) -> None:
    sent = await send(queue, SECRET)
    assert "You asked for a volunteer" in sent.content
    await shown_to_all(queue)
    await queue.look()
    assert not queue.messages
    assert "request 1: everybody can read its queue" in caplog.text
    assert NOBODY_CAN in await queue.panel(await joined(queue))
    await shown_to_all(queue, shown=False)
    await queue.look()
    assert SECRET in queue.request.content


async def joined(queue: Queue) -> Any:
    bea = queue.world.newcomer("Bea")
    await join(queue, bea)
    return bea


async def test_in_a_channel_that_was_opened_nothing_can_be_sent_and_duty_says_why(queue: Queue) -> None:
    await shown_to_all(queue)
    await queue.look()
    assert NOBODY_CAN in await queue.panel()
    said = (await queue.duty(queue.mo)).content
    assert "Members can't ask yet." in said
    assert "`/cohort edit queue:`" in said


async def test_in_a_channel_that_was_opened_an_end_still_takes_the_name_away(queue: Queue) -> None:
    sent = await queue.ask(line=SECRET)
    await shown_to_all(queue)
    await queue.world.ana.click(sent, label="Withdraw")
    await queue.look()
    assert SECRET not in queue.request.content
    assert "Ana" not in queue.request.content


async def test_what_stands_in_a_channel_that_was_opened_is_taken_down_and_shown_again(
    queue: Queue, caplog: pytest.LogCaptureFixture
) -> None:
    await queue.ask(line=SECRET)
    await queue.press(queue.mo, "Claim")
    await shown_to_all(queue)
    await queue.look()
    assert not queue.messages
    assert "request 1: everybody can read its queue, so its message is gone" in caplog.text
    await shown_to_all(queue, shown=False)
    await queue.look()
    (message,) = queue.messages
    assert message.content.endswith(f"<@{queue.mo.id}> has it.")


async def test_in_a_channel_that_was_opened_nobody_is_reminded(on_duty: Queue) -> None:
    await on_duty.ask()
    await shown_to_all(on_duty)
    await on_duty.after(hours=1)
    await on_duty.after(hours=2)
    assert not on_duty.reminders
    assert "reminded" not in on_duty.words()[-1]


async def test_from_a_channel_that_was_opened_a_request_moves_to_the_new_one(queue: Queue) -> None:
    await queue.ask(line=SECRET)
    await shown_to_all(queue)
    new = private_channel(queue.world, queue.role, "new-requests")
    await edited(queue.world, cohort=COHORT, queue=new)
    await queue.look()
    assert SECRET in [m.content for m in new.history()][-1]
    assert all(SECRET not in message.content for message in queue.messages)


async def test_a_deleted_channel_closes_the_queue_until_there_is_another(queue: Queue) -> None:
    queue.world.env.backend.delete_channel(queue.channel.id)
    await queue.world.env.settle(idle=0.002)
    await queue.look()
    assert NOBODY_CAN in await queue.panel()
    await edited(queue.world, cohort=COHORT, queue=private_channel(queue.world, queue.role, "new-requests"))
    assert NOBODY_CAN not in await queue.panel()


async def test_of_a_request_whose_channel_was_deleted_nobody_is_said_to_have_been_free(queue: Queue) -> None:
    await queue.ask()
    queue.world.env.backend.delete_channel(queue.channel.id)
    await queue.world.env.settle(idle=0.002)
    for _ in range(25):
        await queue.after(hours=1)
    assert "can't be shown to the moderators" in queue.words()[0]
    assert "none of them could take it" in queue.words()[-1]


async def test_before_the_servers_are_known_nothing_is_shown_said_or_ended(queue: Queue) -> None:
    await send(queue)
    queue.wire.knows_servers = False
    await queue.after(hours=25)
    assert not queue.messages
    assert not queue.words()
    queue.wire.knows_servers = True
    await queue.look()
    assert queue.request.content.endswith("Nobody has taken it yet.")


async def test_a_request_follows_the_queue_out_of_a_channel_that_was_closed_to_us(queue: Queue) -> None:
    await queue.ask()
    path = f"/channels/{queue.channel.id}/messages"
    queue.world.env.inject_error("PATCH", f"{path}/*", status=403, code=50001, times=None)
    queue.world.env.inject_error("GET", path, status=403, code=50001, times=None)
    new = private_channel(queue.world, queue.role, "new-requests")
    await edited(queue.world, cohort=COHORT, queue=new)
    await queue.press(queue.mo, "Claim")
    await queue.after(minutes=10)
    assert new.history()[-1].content.endswith(f"<@{queue.mo.id}> has it.")


# --- time that passes while nobody could see it


async def test_what_nobody_could_see_does_not_end_because_the_program_was_away(on_duty: Queue) -> None:
    queue = on_duty
    await beat(queue)
    await send(queue)
    queue.world.clock.move(hours=25)
    await beat(queue)
    await queue.look()
    assert queue.request.content.endswith("Nobody has taken it yet.")
    (word,) = queue.words()
    assert word.startswith("I was offline for a while; what you asked")
    assert "nobody was free" not in word.casefold()
    queue.world.clock.move(hours=2)
    await beat_often(queue)
    await queue.look()
    assert len(queue.reminders) == 1


async def test_a_day_that_the_program_was_away_is_no_day_in_which_nobody_was_free(queue: Queue) -> None:
    await beat(queue)
    await queue.ask()
    queue.world.clock.move(hours=25)
    await queue.look()
    await beat(queue)
    await queue.look()
    assert queue.request.content.endswith("Nobody has taken it yet.")
    assert [word.startswith("I was offline for a while") for word in queue.words()] == [True]
    for _ in range(24):
        queue.world.clock.move(hours=1)
        await beat_often(queue)
        await queue.look()
    assert "is closed" in queue.words()[-1]


async def beat_often(queue: Queue) -> None:
    """As if the heartbeat had gone on all the while."""
    async with queue.world.services.records.writing() as tx:
        await tx.execute("UPDATE processes SET heartbeat_at = :now", now=queue.world.clock())


async def test_whoever_has_a_request_is_given_the_time_that_the_program_was_away(queue: Queue) -> None:
    await beat(queue)
    await queue.ask()
    await queue.press(queue.mo, "Claim")
    queue.world.clock.move(hours=25)
    await beat(queue)
    await queue.look()
    assert queue.request.content.endswith(f"<@{queue.mo.id}> has it.")
    for _ in range(12):
        queue.world.clock.move(hours=2)
        await beat_often(queue)
        await queue.look()
    assert queue.request.content.endswith("Nobody has taken it yet.")


async def test_a_request_that_nobody_could_be_shown_never_says_that_nobody_was_free(queue: Queue) -> None:
    queue.world.env.inject_error("POST", f"/channels/{queue.channel.id}/messages", status=403, code=50013, times=None)
    await queue.ask()
    for _ in range(24):
        await queue.after(hours=1)
    first, last = queue.words()
    assert "can't be shown to the moderators" in first
    assert "none of them could take it" in last
    assert "is closed" in last


async def test_with_closed_dms_too_an_end_that_nobody_saw_does_not_say_that_nobody_was_free(queue: Queue) -> None:
    env, dm = queue.world.env, queue.world.ana.user.dm_channel.id
    env.inject_error("POST", f"/channels/{queue.channel.id}/messages", status=403, code=50013, times=None)
    env.inject_error("POST", f"/channels/{dm}/messages", status=403, code=50007, times=None)
    await queue.ask()
    for _ in range(24):
        await queue.after(hours=1)
    said = await queue.today()
    assert "I could not show it to the moderators for a day" in said
    assert "nobody was free" not in said


async def test_a_request_that_is_shown_late_has_its_whole_time_from_then_on(queue: Queue) -> None:
    wire = await cut_off(queue)
    wire.answers = [("GET", f"/channels/{queue.channel.id}/messages", Answer(status=403, code=50013))] * 3
    await queue.ask()
    await queue.after(hours=2)
    await queue.after(hours=2)
    await queue.after(minutes=10)
    assert queue.request.content.endswith("Nobody has taken it yet.")
    assert "stands with them now" in queue.words()[-1]
    for _ in range(23):
        await queue.after(hours=1)
    assert queue.request.content.endswith("Nobody has taken it yet.")
    await queue.after(hours=1)
    assert queue.request.content.startswith("**A request has ended.**")


# --- a queue with nobody behind it


async def test_moderators_who_left_do_not_keep_a_queue_open(queue: Queue) -> None:
    for moderator in (queue.mo, queue.sam):
        queue.world.guild.remove_member(moderator)
    await queue.after(hours=25)
    assert NOBODY_CAN in await queue.panel()


async def test_moderators_who_lost_the_role_do_not_keep_a_queue_open(queue: Queue) -> None:
    for moderator in (queue.mo, queue.sam):
        queue.world.env.backend.remove_member_role(queue.world.guild.id, moderator.id, queue.role.id)
    await queue.after(hours=25)
    assert NOBODY_CAN in await queue.panel()


async def test_the_moderators_are_not_asked_about_at_every_look(queue: Queue) -> None:
    wire = await cut_off(queue)
    await queue.after(hours=25)
    asked = len(wire.asked)
    assert asked
    await queue.after(hours=1)
    assert len(wire.asked) == asked


async def test_when_discord_cannot_say_who_moderates_the_queue_stays_open(queue: Queue) -> None:
    queue.world.env.inject_error("GET", "/guilds/*/members/*", status=500, times=None)
    await queue.after(hours=25)
    assert NOBODY_CAN not in await queue.panel()


async def test_whoever_is_counted_as_on_duty_is_still_there(on_duty: Queue) -> None:
    queue = on_duty
    await queue.after(minutes=30)
    assert "2 of them are on duty right now." in await queue.panel()
    queue.world.guild.remove_member(queue.mo)
    await queue.after(minutes=30)
    assert "2 of them" not in await queue.panel()
    assert "Named: 1." in (await queue.duty(queue.sam)).content


async def test_nobody_is_asked_to_answer_themselves(world: World) -> None:
    queue = await opened(world, named=1, on=True)
    await queue.mo.click(await queue.duty(queue.mo), label="Open it with me alone")
    await join(queue, queue.mo)
    assert NOBODY_CAN in await queue.panel(queue.mo)
    assert NOBODY_CAN not in await queue.panel()


async def test_a_server_that_was_left_while_nobody_asked_is_closed_too(queue: Queue) -> None:
    await queue.world.services.queue_keeping.compare([], queue.world.clock())
    assert NOBODY_CAN in await queue.panel()


# --- whom a reminder rings, and words that a member can't get


async def test_a_moderator_who_asks_is_not_reminded_of_it(on_duty: Queue) -> None:
    queue = on_duty
    await join(queue, queue.mo)
    await queue.ask(queue.mo)
    await queue.after(hours=2)
    (reminder,) = queue.reminders
    assert {user.id for user in reminder.mentions} == {queue.sam.id}


async def rung_at_twelve_hours(queue: Queue, asker: Any) -> dict[str, Any]:
    """Whom the reminder after twelve hours may ring, as Discord was told."""
    await join(queue, asker)
    await queue.ask(asker)
    await queue.after(hours=12)
    await queue.after(minutes=1)
    (reminder,) = queue.reminders
    assert "Somebody has waited twelve hours" in reminder.content
    assert f"<@{asker.id}>" not in reminder.content
    (body,) = [it.json for it in queue.world.env.http_requests if "waited twelve hours" in str(it.json)]
    assert body is not None
    return dict(body["allowed_mentions"])


def role_holder(queue: Queue, name: str) -> Any:
    return queue.world.guild.add_member(queue.world.env.create_user(name.lower(), global_name=name), roles=[queue.role])


async def test_a_moderator_who_asks_is_not_rung_with_the_role(queue: Queue) -> None:
    assert await rung_at_twelve_hours(queue, queue.mo) == {"parse": [], "users": [queue.sam.id]}
    assert f"<@&{queue.role.id}>" not in queue.reminders[0].content
    assert "It's yours" in (await queue.press(queue.sam, "Claim", queue.reminders[0])).content


async def test_whoever_asks_and_has_the_role_without_being_named_is_not_rung_either(queue: Queue) -> None:
    rung = await rung_at_twelve_hours(queue, role_holder(queue, "Lee"))
    assert rung == {"parse": [], "users": [queue.mo.id, queue.sam.id]}


async def test_a_named_moderator_without_the_role_asks_and_the_role_is_rung(queue: Queue) -> None:
    await queue.duty(queue.world.moderator)
    await queue.world.moderator.slash(queue.world.channel, "queue duty", on=False)
    assert await rung_at_twelve_hours(queue, queue.world.moderator) == {"parse": [], "roles": [queue.role.id]}


@pytest.mark.parametrize("named", [True, False])
async def test_when_discord_cannot_say_who_asks_what_is_known_decides(queue: Queue, named: bool) -> None:
    asker = queue.mo if named else role_holder(queue, "Lee")
    queue.world.env.inject_error("GET", f"/guilds/*/members/{asker.id}", status=500, times=None)
    rung = await rung_at_twelve_hours(queue, asker)
    assert rung == {"parse": [], **({"users": [queue.sam.id]} if named else {"roles": [queue.role.id]})}


async def test_a_moderator_who_asks_and_is_the_only_one_left_rings_nobody_and_hears_of_the_end(queue: Queue) -> None:
    await join(queue, queue.mo)
    await queue.ask(queue.mo)
    await queue.sam.click(await queue.duty(queue.sam), label="Step down")
    for _ in range(24):
        await queue.after(hours=1)
    assert not queue.reminders
    assert "nobody was free within a day, so it is closed" in await queue.panel(queue.mo)


async def test_whoever_left_is_not_rung_in_place_of_the_role_and_not_named_any_more(queue: Queue) -> None:
    lee = role_holder(queue, "Lee")
    await queue.duty(lee, on=False)
    queue.world.guild.remove_member(queue.sam)
    assert await rung_at_twelve_hours(queue, queue.mo) == {"parse": [], "users": [lee.id]}
    assert "Named: 2." in (await queue.duty(lee)).content


async def test_a_reminder_in_place_of_the_role_whose_answer_was_lost_rings_once(queue: Queue) -> None:
    await join(queue, queue.mo)
    await queue.ask(queue.mo)
    await cut_off(queue, ("POST", f"/channels/{queue.channel.id}", NoAnswer(maybe_done=True)))
    await queue.after(hours=12)
    queue.world.env.backend.remove_member_role(queue.world.guild.id, queue.mo.id, queue.role.id)
    await queue.restart()
    await queue.look()
    assert len(queue.reminders) == 1


async def test_a_refused_dm_is_not_tried_for_ever_and_waits_on_the_day(queue: Queue) -> None:
    wire = await cut_off(queue)
    await queue.ask()
    path = f"/channels/{queue.world.ana.user.dm_channel.id}/messages"
    queue.world.env.inject_error("GET", path, status=403, code=50001, times=None)
    await queue.press(queue.mo, "Claim")
    for _ in range(10):
        await queue.after(seconds=30)
    assert len([1 for _, asked in wire.asked if path in asked]) == 1
    assert "Mo has it and will write to you." in await queue.today()


async def test_a_word_does_not_wait_for_the_next_prompt_when_the_dm_channel_is_gone(queue: Queue) -> None:
    async with queue.world.services.records.writing() as tx:
        await tx.execute("UPDATE addresses SET channel_id = 1")
    await queue.ask()
    await queue.press(queue.mo, "Claim")
    await queue.after(minutes=1)
    assert "has taken what you asked" in queue.words()[-1]


async def test_a_reminder_is_told_only_where_one_was_given(world: World) -> None:
    queue = await opened(world)
    await queue.ask()
    await queue.after(hours=2)
    (word,) = queue.words()
    assert word.startswith(f"Nobody of “{COHORT}” has taken what you asked yet.")
    assert "reminded" not in word


async def test_a_reminder_to_the_role_is_none_to_those_on_duty(queue: Queue) -> None:
    await queue.ask()
    await queue.after(hours=13)
    assert len(queue.reminders) == 1
    assert "reminded" not in queue.words()[-1]


async def test_a_reminder_that_was_given_is_told(on_duty: Queue) -> None:
    await on_duty.ask()
    await on_duty.after(hours=2)
    assert "I have reminded those on duty." in on_duty.words()[-1]


# --- what moderators and members read


async def test_whoever_takes_a_request_reads_what_to_do_when_the_member_can_not_be_written_to(queue: Queue) -> None:
    await queue.ask()
    taken = (await queue.press(queue.mo, "Claim")).content
    assert "If Discord won't let you write to them, *Hand over* and tell the others; don't mark it handled." in taken


async def test_who_else_can_read_the_channel_is_said_before(queue: Queue) -> None:
    assert (
        "Administrators of the server, and those with Manage Server, can read that channel too." in await queue.panel()
    )


def test_the_pages_name_only_commands_that_there_are() -> None:
    assert "`/crisis country:`" in queue_notes.BEFORE
    assert "[Name] has died." in queue_notes.DEATH
    assert "There is no command for one person" in queue_notes.DEATH
