"""Moderators answer requests: every step of the ladder, whoever presses at once, leaves, or is cut off in between."""

import asyncio
from typing import Any

import discord
import pytest

from bot.sender import Answer, NoAnswer
from tests.conftest import World, buttons
from tests.queues import COHORT, Queue, Wire, labels, opened, private_channel

REFUSED = "Making a cohort needs the Manage Server permission; looking after one needs that or its moderator role."


@pytest.fixture
async def queue(world: World) -> Queue:
    return await opened(world)


@pytest.fixture
async def on_duty(world: World) -> Queue:
    return await opened(world, on=True)


# --- the message of a request


async def test_a_request_is_one_message_that_says_who_and_nothing_more(queue: Queue) -> None:
    await queue.ask()
    (message,) = queue.messages
    ana = queue.world.ana
    assert message.content.startswith(
        f"**Somebody asked to be contacted:** <@{ana.id}> (Ana), in “{COHORT}”.\nAsked <t:"
    )
    assert message.content.endswith("Nobody has taken it yet.")
    assert labels(message) == ["Claim", "Helper's note"]


async def test_a_request_rings_nobodys_phone(queue: Queue) -> None:
    await queue.ask()
    posted = [it.json for it in queue.world.env.http_requests if it.path == f"/channels/{queue.channel.id}/messages"]
    assert [body["allowed_mentions"] for body in posted if body] == [{"parse": []}]


async def test_looking_again_posts_nothing_again(queue: Queue) -> None:
    await queue.ask()
    await queue.after(minutes=5)
    await queue.restart()
    await queue.look()
    assert len(queue.messages) == 1


async def test_the_ladder_of_a_request_that_a_person_answers(queue: Queue) -> None:
    await queue.ask()
    taken = await queue.press(queue.mo, "Claim")
    assert taken.ephemeral
    assert taken.content.startswith("It's yours, and the member is told so.")
    assert queue.request.content.endswith(f"<@{queue.mo.id}> has it.")
    assert labels(queue.request) == ["Handled", "Hand over", "Helper's note"]
    done = await queue.press(queue.mo, "Handled")
    assert done.content.startswith("**Done, and how are you?**")
    (message,) = queue.messages
    assert message.content == f"**A request has ended.** Handled by <@{queue.mo.id}>."
    assert "Ana" not in message.content
    assert not message.components
    assert [text.split("”", 1)[1] for text in queue.words()] == [
        " has taken what you asked, and will write to you. You can write first, if you like.",
        " marked what you asked as done. If that isn't so, or something new comes up: `/human`.",
    ]


async def test_of_two_who_claim_at_once_the_second_reads_who_has_it(queue: Queue) -> None:
    await queue.ask()
    first, second = await queue.world.at_once(
        queue.world.press(queue.mo, queue.request, "Claim"), queue.world.press(queue.sam, queue.request, "Claim")
    )
    texts = {first.response.content[:9], second.response.content}
    assert "It's yours" in first.response.content + second.response.content
    assert any(
        text
        in (
            "Mo has it already, so it is in good hands. Nothing is to be done.",
            "Sam has it already, so it is in good hands. Nothing is to be done.",
        )
        for text in texts
    )
    await queue.look()
    assert len(queue.words()) == 1


async def test_what_is_handed_over_can_be_claimed_by_another(queue: Queue) -> None:
    await queue.ask()
    await queue.press(queue.mo, "Claim")
    refused = await queue.press(queue.sam, "Hand over")
    assert refused.content.startswith("Mo has it already")
    handed = await queue.press(queue.mo, "Hand over")
    assert handed.content.startswith("It is with the others again")
    assert queue.request.content.endswith("Nobody has taken it yet.")
    assert "with the other moderators again" in queue.words()[-1]
    await queue.press(queue.sam, "Claim")
    assert queue.request.content.endswith(f"<@{queue.sam.id}> has it.")
    assert len(queue.messages) == 1


async def test_full_hands_take_no_more(queue: Queue) -> None:
    world = queue.world
    invitation = [m for m in world.channel.history() if not m.flags.ephemeral][-1]
    for name in ("Bea", "Cem", "Dan", "Eva"):
        person = world.newcomer(name)
        panel = await person.click(invitation, label="Join")
        await person.submit_modal(await person.click(panel.response, label="Ready to plan"), {"city": "Chicago"})
        await queue.ask(person)
    for message in queue.messages[:3]:
        assert "It's yours" in (await queue.press(queue.mo, "Claim", message)).content
    fourth = await queue.press(queue.mo, "Claim", queue.messages[3])
    assert fourth.content.startswith("You have 3 requests already")
    assert "It's yours" in (await queue.press(queue.sam, "Claim", queue.messages[3])).content


@pytest.mark.parametrize("label", ["Claim", "Handled", "Hand over"])
async def test_a_stranger_presses_in_vain(queue: Queue, label: str) -> None:
    await queue.ask()
    if label != "Claim":
        await queue.press(queue.mo, "Claim")
    custom_id = buttons(queue.request)[label]
    stranger = queue.world.newcomer("Zoe")
    assert (await queue.world.forge(stranger, custom_id)).response.content == REFUSED
    assert (await queue.world.forge_dm(queue.mo, custom_id)).response.content == REFUSED
    assert (await queue.world.forge(queue.mo, custom_id.replace("1", "7"))).response.content.startswith(
        "There is no such request here."
    )


async def test_a_moderator_of_another_cohort_finds_no_such_request(queue: Queue) -> None:
    await queue.ask()
    world = queue.world
    await world.moderator.slash(world.channel, "cohort create", name="Other", channel=world.channel)
    others = world.guild.create_role("Others")
    await world.moderator.slash(world.channel, "cohort edit", cohort="Other", moderators=others)
    guide = world.guild.add_member(world.env.create_user("guide"), roles=[others])
    result = await world.forge(guide, buttons(queue.request)["Claim"])
    assert result.response.content.startswith("There is no such request here.")
    shown = (await guide.slash(world.channel, "queue show")).response.content
    assert shown == "Nobody is waiting right now."


async def test_the_helpers_note_says_what_to_do_and_when_to_stop(queue: Queue) -> None:
    await queue.ask()
    note = await queue.press(queue.mo, "Helper's note")
    assert note.ephemeral
    for words in ("What to say", "What not to promise", "emergency number", "No secrecy about danger", "When to stop"):
        assert words in note.content


# --- time


async def test_after_two_hours_those_on_duty_are_pinged_once_and_the_member_is_told(on_duty: Queue) -> None:
    queue = on_duty
    await queue.ask()
    await queue.after(hours=1, minutes=59)
    assert not queue.reminders
    await queue.after(minutes=1)
    await queue.after(minutes=1)
    await queue.restart()
    await queue.after(minutes=1)
    (reminder,) = queue.reminders
    assert {user.id for user in reminder.mentions} == {queue.mo.id, queue.sam.id}
    assert "Ana" not in reminder.content
    (body,) = [it.json for it in queue.world.env.http_requests if "waited two hours" in str(it.json)]
    assert body is not None
    assert body["allowed_mentions"] == {"parse": [], "users": [queue.mo.id, queue.sam.id]}
    (word,) = queue.words()
    assert word.startswith(f"Nobody of “{COHORT}” has taken what you asked yet.")


async def test_after_twelve_hours_the_role_is_pinged_once(queue: Queue) -> None:
    await queue.ask()
    await queue.after(hours=2)
    assert not queue.reminders, "nobody is on duty, so no phone rings"
    await queue.after(hours=10)
    await queue.after(minutes=1)
    (reminder,) = queue.reminders
    assert reminder.content.startswith(f"<@&{queue.role.id}> Somebody has waited twelve hours")
    (body,) = [it.json for it in queue.world.env.http_requests if "waited twelve hours" in str(it.json)]
    assert body is not None
    assert body["allowed_mentions"] == {"parse": [], "roles": [queue.role.id]}
    assert len(queue.words()) == 1


async def test_after_a_day_it_closes_and_the_member_is_told_who_else_there_is(queue: Queue) -> None:
    await queue.ask()
    for _ in range(24):
        await queue.after(hours=1)
    assert queue.request.content.startswith("**A request has ended.** Nobody took it within a day")
    word = queue.words()[-1]
    assert "so what you asked is closed" in word
    for way in ("somebody you already know", "your school's counselling", "*I need help*"):
        assert way in word
    late = await queue.world.forge(queue.mo, "queue:claim:1:0")
    assert late.response.content.startswith("That request has ended already")
    assert "Send it" in labels((await queue.world.ana.slash(queue.world.channel, "human")).response)


async def test_a_reminder_can_be_claimed_from(on_duty: Queue) -> None:
    queue = on_duty
    await queue.ask()
    await queue.after(hours=2)
    assert "It's yours" in (await queue.press(queue.sam, "Claim", queue.reminders[0])).content
    assert queue.request.content.endswith(f"<@{queue.sam.id}> has it.")
    late = await queue.press(queue.mo, "Claim", queue.reminders[0])
    assert late.content.startswith("Sam has it already")


async def test_after_a_long_outage_one_reminder_speaks_for_all_that_were_due(on_duty: Queue) -> None:
    queue = on_duty
    await queue.ask()
    await queue.after(hours=13)
    (reminder,) = queue.reminders
    assert "twelve hours" in reminder.content
    assert len(queue.words()) == 1


async def test_after_an_outage_of_days_it_is_closed_with_one_word_and_no_ring(on_duty: Queue) -> None:
    queue = on_duty
    await queue.ask()
    await queue.after(hours=60)
    assert not queue.reminders
    assert ["is closed" in word for word in queue.words()] == [True]


async def test_a_claim_that_is_forgotten_goes_back_after_a_day(queue: Queue) -> None:
    await queue.ask()
    await queue.press(queue.mo, "Claim")
    for _ in range(12):
        await queue.after(hours=2)
    assert queue.request.content.endswith("Nobody has taken it yet.")
    assert "with the other moderators again" in queue.words()[-1]


@pytest.mark.parametrize("hours", [2, 12, 24])
async def test_nothing_is_said_to_anybody_once_it_is_withdrawn(on_duty: Queue, hours: int) -> None:
    queue = on_duty
    sent = await queue.ask()
    await queue.world.ana.click(sent, label="Withdraw")
    await queue.after(hours=hours)
    (message,) = queue.messages
    assert message.content == "**A request has ended.** Withdrawn by the member; nothing is to be done."
    assert not queue.words()


async def test_restarts_between_all_steps_change_nothing(on_duty: Queue) -> None:
    queue = on_duty
    shown = (await queue.world.ana.slash(queue.world.channel, "human")).response
    await queue.restart()
    await queue.world.ana.click(shown, label="Send it")
    await queue.restart()
    await queue.look()
    await queue.restart()
    await queue.after(hours=2)
    await queue.restart()
    await queue.press(queue.mo, "Claim")
    await queue.restart()
    await queue.press(queue.mo, "Hand over")
    await queue.restart()
    await queue.press(queue.sam, "Claim")
    await queue.restart()
    await queue.press(queue.sam, "Handled")
    await queue.restart()
    await queue.look()
    assert queue.request.content.startswith("**A request has ended.** Handled")
    assert len(queue.messages) == 2
    assert len(queue.words()) == 5


# --- people who change


async def test_a_moderator_who_left_loses_what_they_had_and_the_member_is_told(queue: Queue) -> None:
    await queue.ask()
    await queue.press(queue.mo, "Claim")
    queue.world.guild.remove_member(queue.mo)
    await queue.after(hours=2)
    assert queue.request.content.endswith("Nobody has taken it yet.")
    assert "with the other moderators again" in queue.words()[-1]


async def test_a_moderator_who_lost_the_role_loses_what_they_had(queue: Queue) -> None:
    await queue.ask()
    await queue.press(queue.mo, "Claim")
    queue.world.env.backend.remove_member_role(queue.world.guild.id, queue.mo.id, queue.role.id)
    await queue.after(hours=2)
    assert queue.request.content.endswith("Nobody has taken it yet.")


async def test_a_moderator_with_manage_server_and_no_role_keeps_what_they_have(queue: Queue) -> None:
    await queue.ask()
    await queue.press(queue.world.moderator, "Claim")
    await queue.after(hours=2)
    assert queue.request.content.endswith(f"<@{queue.world.moderator.id}> has it.")


async def test_whoever_left_is_not_pinged_and_not_named_any_more(on_duty: Queue) -> None:
    queue = on_duty
    await queue.ask()
    queue.world.guild.remove_member(queue.mo)
    await queue.after(hours=2)
    (reminder,) = queue.reminders
    assert {user.id for user in reminder.mentions} == {queue.sam.id}
    assert "Named: 1." in (await queue.duty(queue.sam)).content


async def test_a_member_who_left_the_cohort_asks_nothing_any_more(queue: Queue) -> None:
    await queue.ask(line="Evenings are best.")
    await queue.world.ana.slash(queue.world.channel, "settings leave")
    await queue.look()
    assert queue.request.content == "**A request has ended.** Closed; nothing is to be done."
    assert queue.words()[-1].startswith(f"You are no longer in “{COHORT}”")


async def test_a_member_who_left_the_server_asks_nothing_any_more(queue: Queue) -> None:
    await queue.ask()
    queue.world.guild.remove_member(queue.world.ana)
    await queue.after(hours=2)
    assert queue.request.content.startswith("**A request has ended.** Closed")


async def test_whoever_claims_for_somebody_who_left_sees_so_at_once(queue: Queue) -> None:
    await queue.ask()
    queue.world.guild.remove_member(queue.world.ana)
    await queue.press(queue.mo, "Claim")
    assert queue.request.content.startswith("**A request has ended.** Closed")


async def test_when_the_bot_is_removed_the_member_is_told_and_nobody_can_be_asked(queue: Queue) -> None:
    await queue.ask()
    queue.world.env.backend.remove_guild(queue.world.guild.id)
    await queue.world.env.settle(idle=0.002)
    await queue.look()
    assert queue.words()[-1].startswith(f"I am no longer in the server of “{COHORT}”")
    shown = (await queue.world.ana.user.slash("human")).response
    assert "no volunteer can be asked right now" in shown.content
    assert "Send it" not in buttons(shown)


async def test_a_server_that_was_left_while_the_program_was_away_shows_at_the_start(queue: Queue) -> None:
    await queue.ask()
    await queue.world.services.queue_keeping.compare([], queue.world.clock())
    await queue.look()
    assert queue.words()[-1].startswith("I am no longer in the server")
    await queue.world.services.queue_keeping.compare([queue.world.guild.id], queue.world.clock())
    assert "Send it" in buttons((await queue.world.ana.slash(queue.world.channel, "human")).response)


# --- what Discord does not take


async def cut_off(queue: Queue, *answers: tuple[str, str, Any]) -> Wire:
    """The keeper meets these answers, each once."""
    queue.wire.asked.clear()
    queue.wire.answers = list(answers)
    return queue.wire


async def test_a_message_whose_answer_was_lost_is_not_posted_twice(queue: Queue) -> None:
    await cut_off(queue, ("POST", f"/channels/{queue.channel.id}", NoAnswer(maybe_done=True)))
    await queue.ask()
    await queue.restart()
    await queue.look()
    assert len(queue.messages) == 1
    await queue.press(queue.mo, "Claim")
    assert queue.request.content.endswith("has it.")


async def test_a_reminder_whose_answer_was_lost_does_not_ring_twice(on_duty: Queue) -> None:
    queue = on_duty
    await queue.ask()
    await cut_off(queue, ("POST", f"/channels/{queue.channel.id}", NoAnswer(maybe_done=True)))
    await queue.after(hours=2)
    await queue.restart()
    await queue.look()
    assert len(queue.reminders) == 1


async def test_a_word_whose_answer_was_lost_is_not_said_twice(queue: Queue) -> None:
    await queue.ask()
    wire = await cut_off(queue)
    wire.answers.append(("POST", "/messages", NoAnswer(maybe_done=True)))
    await queue.press(queue.mo, "Claim")
    await queue.restart()
    await queue.look()
    assert len(queue.words()) == 1


@pytest.mark.parametrize("answer", [Answer(status=500, code=0), Answer(status=429, code=0, retry_after=1.0)])
async def test_what_discord_could_not_take_is_tried_again(queue: Queue, answer: Answer) -> None:
    await cut_off(queue, ("POST", f"/channels/{queue.channel.id}", answer))
    await queue.ask()
    await queue.after(seconds=30)
    assert len(queue.messages) == 1


async def test_a_queue_that_takes_nothing_is_left_alone_for_a_while_and_the_member_hears_of_the_end(
    queue: Queue, caplog: pytest.LogCaptureFixture
) -> None:
    wire = await cut_off(queue)
    env = queue.world.env
    env.inject_error("GET", f"/channels/{queue.channel.id}/messages", status=403, code=50001, times=None)
    await queue.ask()
    tried = len([1 for _, path in wire.asked if str(queue.channel.id) in path])
    await queue.after(seconds=30)
    assert len([1 for _, path in wire.asked if str(queue.channel.id) in path]) == tried == 1
    assert "request 1: its queue takes no message (code 50001)" in caplog.text
    assert str(queue.channel.id) not in caplog.text
    for _ in range(24):
        await queue.after(hours=1)
    assert ["is closed" in word for word in queue.words()] == [False, True]


async def test_a_message_that_was_deleted_is_posted_anew_where_it_is_still_needed(queue: Queue) -> None:
    await queue.ask()
    queue.world.env.backend.delete_message(queue.channel.id, queue.request.id)
    await queue.world.forge(queue.mo, "queue:claim:1:0")
    await queue.look()
    (message,) = queue.messages
    assert message.content.endswith(f"<@{queue.mo.id}> has it.")


async def test_when_discord_cannot_say_who_is_there_nobody_loses_anything(queue: Queue) -> None:
    await queue.ask()
    await queue.press(queue.mo, "Claim")
    queue.world.env.inject_error("GET", "/guilds/*/members/*", status=500, times=None)
    await queue.after(hours=2)
    assert queue.request.content.endswith(f"<@{queue.mo.id}> has it.")


async def test_the_keeper_ends_when_it_is_asked_to(queue: Queue) -> None:
    running = asyncio.create_task(queue.keeper.run())
    await queue.keeper.stop()
    await asyncio.wait_for(running, 5)


# --- the channel of a queue


async def edited(world: World, **options: Any) -> str:
    result = await world.moderator.slash(world.channel, "cohort edit", **options)
    return str(result.response.content)


async def test_a_channel_that_everybody_can_read_is_refused(world: World) -> None:
    await world.invite()
    role = world.guild.create_role("Guides")
    said = await edited(world, moderators=role, queue=world.channel)
    assert said.startswith(f"Everybody can read <#{world.channel.id}>, so requests can't stand there")
    assert "Requests stand in" not in await edited(world, name="Spring")


async def test_a_channel_in_which_the_bot_can_not_write_is_refused(world: World) -> None:
    await world.invite()
    role = world.guild.create_role("Guides")
    bot = world.env.bot.user
    assert bot is not None
    denied = {
        world.moderator: discord.PermissionOverwrite(view_channel=True),
        world.guild.default_role: discord.PermissionOverwrite(view_channel=False),
        bot: discord.PermissionOverwrite(view_channel=True, send_messages=False, read_message_history=False),
    }
    channel = world.guild.create_text_channel("closed", overwrites=denied)
    said = await edited(world, moderators=role, queue=channel)
    assert f"In <#{channel.id}> I need Send Messages, Read Message History" in said


async def test_a_queue_needs_a_role_it_is_private_to(world: World) -> None:
    await world.invite()
    role = world.guild.create_role("Guides")
    channel = private_channel(world, role)
    assert (await edited(world, queue=channel)).startswith("A queue is for the moderator role alone")
    assert f"Requests stand in <#{channel.id}>" in await edited(world, queue=channel, moderators=role)


async def test_a_role_that_can_not_be_mentioned_is_told(world: World) -> None:
    await world.invite()
    role = world.guild.create_role("Guides")
    bot = world.env.bot.user
    assert bot is not None
    mute = discord.PermissionOverwrite(view_channel=True, mention_everyone=False)
    unseen = discord.PermissionOverwrite(view_channel=False)
    channel = world.guild.create_text_channel(
        "requests", overwrites={world.guild.default_role: unseen, role: mute, bot: mute, world.moderator: mute}
    )
    assert "I can't mention the moderator role" in await edited(world, queue=channel, moderators=role)


async def test_a_request_stays_where_it_is_when_the_queue_moves(queue: Queue) -> None:
    await queue.ask()
    new = private_channel(queue.world, queue.role, "new-requests")
    await edited(queue.world, cohort=COHORT, queue=new)
    await queue.press(queue.mo, "Claim")
    assert queue.request.content.endswith("has it.")
    assert not new.history()


async def test_a_campus_line_is_shown_where_nobody_can_be_asked_and_is_taken_back_with_none(world: World) -> None:
    queue = await opened(world, named=0)
    assert "Its own line: Counselling 555 0100." in await edited(world, cohort=COHORT, campus="Counselling 555 0100")
    assert "Your cohort's own line: Counselling 555 0100." in await queue.panel()
    assert "Its own line" not in await edited(world, cohort=COHORT, campus="none")
    assert "own line" not in await queue.panel()


async def test_the_servers_line_stands_in_for_a_cohort_without_its_own_and_needs_manage_server(world: World) -> None:
    queue = await opened(world, named=0)
    said = await edited(world, cohort=COHORT, server="Dean of students 555 0199")
    assert "The server's line: Dean of students 555 0199." in said
    assert "Your server's own line: Dean of students 555 0199." in await queue.panel()
    await edited(world, cohort=COHORT, campus="Counselling 555 0100")
    assert "555 0100" in await queue.panel()
    refused = await queue.mo.slash(world.channel, "cohort edit", cohort=COHORT, server="Mine")
    assert refused.response.content.startswith("A line for the whole server needs the Manage Server permission")
    assert "Mine" not in await edited(world, cohort=COHORT, campus="none")


# --- /queue show and /queue duty


async def test_the_list_says_what_stands_and_who_has_it_and_nothing_of_the_member(queue: Queue) -> None:
    await queue.ask(line="Evenings are best.")
    shown = (await queue.sam.slash(queue.world.channel, "queue show")).response
    assert shown.ephemeral
    assert f"• “{COHORT}”, asked <t:" in shown.content
    assert (
        f"nobody has it yet. https://discord.com/channels/{queue.world.guild.id}/{queue.channel.id}/" in shown.content
    )
    assert "Ana" not in shown.content.replace(COHORT, "")
    assert "Evenings" not in shown.content
    await queue.press(queue.mo, "Claim")
    again = (await queue.sam.slash(queue.world.channel, "queue show", cohort=COHORT)).response.content
    assert f"<@{queue.mo.id}> has it" in again


@pytest.mark.parametrize(
    ("label", "words"),
    [
        ("If a member dies", ("No method", "cause", "hero", "Tell people closest to them first", "counselling")),
        ("After an incident", ("emergency number", "No method", "server owner", "the next day")),
    ],
)
async def test_there_are_pages_for_hard_days(queue: Queue, label: str, words: tuple[str, ...]) -> None:
    shown = (await queue.mo.slash(queue.world.channel, "queue show")).response
    page = (await queue.mo.click(shown, label=label)).response
    assert page.ephemeral
    assert all(word in page.content for word in words)
    assert "!" not in page.content
    assert "I need help" in buttons(page)


async def test_a_stranger_learns_nothing_of_a_queue(queue: Queue) -> None:
    zoe = queue.world.newcomer("Zoe")
    for command in ("queue show", "queue duty"):
        assert (await zoe.slash(queue.world.channel, command)).response.content == REFUSED
    assert await zoe.autocomplete(queue.world.channel, "queue duty", "cohort", "") == []


async def test_to_look_at_ones_duty_names_nobody(world: World) -> None:
    queue = await opened(world, named=0)
    assert "You aren't named for it." in (await queue.duty(queue.mo)).content
    assert "Named: 0." in (await queue.duty(queue.mo)).content


async def test_a_moderator_is_off_duty_until_they_say_otherwise(world: World) -> None:
    queue = await opened(world, named=0)
    said = (await queue.duty(queue.mo, hours="18-22")).content
    assert "You are named, and off duty" in said
    assert "On duty right now: 0." in said


async def test_hours_and_zone_decide_who_is_on_duty(world: World) -> None:
    queue = await opened(world, named=0)
    said = (await queue.duty(queue.mo, on=True, hours="18-22", days="Mon-Fri", zone="Manila")).content
    assert "You are on duty Monday to Friday, 18:00 to 22:00 (Manila); not right now." in said
    world.clock.set("2026-03-03 19:00", "Asia/Manila")
    assert "right now, too" in (await queue.duty(queue.mo)).content


async def test_whoever_is_away_says_until_when(queue: Queue) -> None:
    said = (await queue.duty(queue.mo, on=True, zone="Chicago")).content
    assert "at any hour (Chicago); right now, too" in said
    assert "away until Friday, 6 March, included" in (await queue.duty(queue.mo, away="Friday")).content
    queue.world.clock.set("2026-03-07 00:01")
    assert "right now, too" in (await queue.duty(queue.mo)).content


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"hours": "evenings"}, "Hours work here as"),
        ({"days": "none"}, "`/queue duty on:False`"),
        ({"days": "sometimes"}, "Days of the week work here"),
        ({"zone": "zzz"}, "I can't place that for sure."),
        ({"away": "yesterday"}, "from today on"),
    ],
)
async def test_words_that_can_not_be_used_name_nobody(world: World, options: dict[str, str], said: str) -> None:
    queue = await opened(world, named=0)
    assert said in (await queue.duty(queue.mo, **options)).content
    assert "Named: 0." in (await queue.duty(queue.mo)).content


async def test_one_alone_opens_the_queue_only_by_confirming(world: World) -> None:
    queue = await opened(world, named=1)
    shown = await queue.duty(queue.mo)
    assert "Members can't ask yet." in shown.content
    assert "nobody takes over" in shown.content
    assert "Send it" not in buttons((await world.ana.slash(world.channel, "human")).response)
    done = (await queue.mo.click(shown, label="Open it with me alone")).response
    assert "Members can ask." in done.content
    assert "Send it" in buttons((await world.ana.slash(world.channel, "human")).response)


async def test_whoever_is_not_named_can_not_confirm(world: World) -> None:
    queue = await opened(world, named=1)
    assert (await world.forge(queue.sam, "queue:alone:1")).response.content.startswith("You aren't named")


async def test_whoever_steps_down_is_named_no_more(queue: Queue) -> None:
    shown = await queue.duty(queue.mo)
    done = (await queue.mo.click(shown, label="Step down")).response
    assert "You aren't named for it." in done.content
    assert "Named: 1." in done.content
    assert "Members can't ask yet." in done.content


async def test_to_moderate_makes_nobody_a_member(queue: Queue) -> None:
    await queue.ask()
    await queue.press(queue.mo, "Claim")
    said = (await queue.mo.slash(queue.world.channel, "today")).response.content
    assert said.startswith("You haven't joined yet")
