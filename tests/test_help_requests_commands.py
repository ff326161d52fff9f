"""A member asks a volunteer: what will be seen is shown before, sent once, withdrawn at any time, never forgotten."""

import asyncio
import json
import re
from typing import Any

import pytest

from bot.domain.errors import Resting
from bot.domain.help_requests import LONGEST_LINE, Notice, State
from bot.services.actors import Actor
from bot.storage.help_requests import Asked, OwedNotice
from bot.ui import help_notices, queue_notes
from tests.conftest import A_MONDAY, World, buttons
from tests.queues import COHORT, Queue, labels, opened

SECRETS = re.compile(r"\b(exam|result|score|fail|mood|help|crisis|volunteer|step 1|usmle|retak)", re.IGNORECASE)


@pytest.fixture
async def queue(world: World) -> Queue:
    return await opened(world)


async def human(queue: Queue, person: Any = None) -> Any:
    return (await (person or queue.world.ana).slash(queue.world.channel, "human")).response


# --- before


async def test_what_moderators_will_see_is_shown_word_for_word_before_anything_is_sent(queue: Queue) -> None:
    shown = await human(queue)
    before = shown.content
    assert shown.ephemeral
    assert not queue.messages
    await queue.world.ana.click(shown, label="Send it")
    await queue.look()
    seen = queue.request.content.split("\n")[0]
    assert seen in before
    assert "and nothing else; no answer and no note of yours" in before


async def test_a_line_is_shown_exactly_as_moderators_will_see_it(queue: Queue) -> None:
    line = "**Evenings** @everyone <@1>\nhttps://example.org `x`"
    shown = await human(queue)
    form = await queue.world.ana.click(shown, label="Add a line")
    preview = (await queue.world.ana.submit_modal(form, {"line": line})).response
    before = preview.content
    assert not queue.messages
    await queue.world.ana.click(preview, label="Send it")
    await queue.look()
    who, words, *_ = queue.request.content.split("\n")
    assert f"{who}\n{words}" in before
    assert words.startswith("> ")
    assert "**Evenings**" not in words
    assert "@everyone" not in words
    assert not queue.request.mentions or {user.id for user in queue.request.mentions} == {queue.world.ana.id}


async def test_a_line_can_be_changed_before_it_is_sent(queue: Queue) -> None:
    ana = queue.world.ana
    preview = (
        await ana.submit_modal(await ana.click(await human(queue), label="Add a line"), {"line": "First."})
    ).response
    form = await ana.click(preview, label="Change the line")
    assert form.modal["components"][0]["component"]["value"] == "First."
    again = (await ana.submit_modal(form, {"line": "Second."})).response
    await ana.click(again, label="Send it")
    await queue.look()
    assert "> Second." in queue.request.content
    assert "First" not in queue.request.content


async def test_a_line_left_empty_is_no_line(queue: Queue) -> None:
    ana = queue.world.ana
    shown = (await ana.submit_modal(await ana.click(await human(queue), label="Add a line"), {"line": ""})).response
    assert "no note of yours" in shown.content
    assert labels(shown) == ["Send it", "Add a line", "Leave it", "I need help"]


async def test_a_line_that_is_too_long_is_told_what_fits_and_kept(queue: Queue) -> None:
    source = await queue.world.foreign(_nothing())
    long = "x" * (LONGEST_LINE + 1)
    (result,) = await queue.world.at_once(
        queue.world.form(queue.world.ana, "human:line:1:0123456789ab", source, line=long)
    )
    assert result.response.content.startswith(f"One line of up to {LONGEST_LINE} characters works here.")
    assert list(buttons(result.response)) == ["Open it again"]


def _nothing() -> Any:
    from tests.conftest import forged

    return forged("zzz")


async def test_a_page_says_what_it_is_not_and_how_many_are_on_duty(queue: Queue) -> None:
    text = (await human(queue)).content
    assert "a volunteer, not crisis help. It may take a day." in text
    assert "I call nobody" in text
    assert "Nobody is on duty right now" in text
    await queue.duty(queue.mo, on=True)
    assert "One of them is on duty right now." in (await human(queue)).content
    await queue.duty(queue.sam, on=True)
    text = (await human(queue)).content
    assert "2 of them are on duty right now." in text
    assert "!" not in text


async def test_where_nobody_can_be_asked_that_is_said_before_with_the_other_ways(world: World) -> None:
    queue = await opened(world, named=0)
    shown = await human(queue)
    assert f"In “{COHORT}” no volunteer can be asked right now." in shown.content
    assert labels(shown) == ["I need help", "Back"]
    late = await world.forge(world.ana, "human:send:1:0:0123456789ab")
    assert late.response.content.startswith("Nobody can be asked there right now, so nothing was sent.")


async def test_to_leave_it_sends_nothing_and_shows_the_day(queue: Queue) -> None:
    shown = (await queue.world.ana.click(await human(queue), label="Leave it")).response
    assert shown.content.startswith("**Monday, 2 March**")
    await queue.after(hours=24)
    assert not queue.messages


async def test_it_is_reached_from_the_panel_too(queue: Queue) -> None:
    ana = queue.world.ana
    more = (await ana.click((await ana.slash(queue.world.channel, "today")).response, label="More")).response
    page = (await ana.click(more, label="Ask a person")).response
    assert labels(page) == ["Send it", "Add a line", "Leave it", "I need help"]


async def test_it_works_in_a_dm_too(queue: Queue) -> None:
    user = queue.world.ana.user
    shown = (await user.slash("human")).response
    await user.click(shown, label="Send it")
    await queue.look()
    assert "(Ana)" in queue.request.content


async def test_somebody_in_several_cohorts_chooses_whom_to_ask(queue: Queue) -> None:
    world = queue.world
    await world.join(world.newcomer("Bea"))
    invitation = [m for m in world.channel.history() if not m.flags.ephemeral][-1]
    panel = (await world.ana.click(invitation, label="Join")).response
    await world.ana.submit_modal(await world.ana.click(panel, label="Ready to plan"), {"city": "Chicago"})
    shown = (await world.ana.user.slash("human")).response
    assert labels(shown) == [COHORT, "Group of bea", "I need help"]
    other = (await world.ana.user.click(shown, label="Group of bea")).response
    assert "In “Group of bea” no volunteer can be asked right now." in other.content


async def test_somebody_in_no_cohort_is_told_where_people_are(queue: Queue) -> None:
    await queue.world.ana.slash(queue.world.channel, "settings leave")
    assert "`/crisis`" in await queue.panel()


@pytest.mark.parametrize("custom_id", ["human:send:2:0:0123456789ab", "human:line:2:0", "human:cohort:2"])
async def test_a_cohort_that_one_is_not_in_is_not_found(queue: Queue, custom_id: str) -> None:
    await queue.world.join(queue.world.newcomer("Bea"))
    result = await queue.world.forge(queue.world.ana, custom_id)
    assert result.response.content.startswith("I can't find that any more.")


async def test_words_of_somebody_else_are_not_found(queue: Queue) -> None:
    ana = queue.world.ana
    await ana.submit_modal(await ana.click(await human(queue), label="Add a line"), {"line": "Mine."})
    bea = queue.world.newcomer("Bea")
    invitation = [m for m in queue.world.channel.history() if not m.flags.ephemeral][-1]
    panel = (await bea.click(invitation, label="Join")).response
    await bea.submit_modal(await bea.click(panel, label="Ready to plan"), {"city": "Chicago"})
    result = await queue.world.forge(bea, "human:send:1:1:0123456789ab")
    assert result.response.content.startswith("Those words were kept for a day, and are gone now.")
    await queue.look()
    assert not queue.messages


# --- sent once, withdrawn at any time


async def test_a_second_press_sends_nothing_more(queue: Queue) -> None:
    shown = await human(queue)
    press = queue.world.press(queue.world.ana, shown, "Send it")
    first, second = await queue.world.at_once(press, press)
    assert first.response.content == second.response.content
    await queue.look()
    assert len(queue.messages) == 1


async def test_an_old_button_sends_nothing_after_it_was_withdrawn(queue: Queue) -> None:
    shown = await human(queue)
    press = queue.world.press(queue.world.ana, shown, "Send it")
    await queue.world.at_once(press)
    await queue.world.ana.click(await human(queue), label="Withdraw")
    await queue.world.at_once(press)
    await queue.look()
    assert not queue.messages
    assert "Send it" in labels(await human(queue))


async def test_what_was_sent_stands_on_the_page_with_a_way_to_withdraw_it(queue: Queue) -> None:
    sent = await queue.ask()
    assert sent.content.startswith(f"You asked for a volunteer of “{COHORT}”; nobody has taken it yet.")
    assert "You can withdraw it at any time." in sent.content
    assert labels(sent) == ["Withdraw", "I need help", "Back"]
    done = (await queue.world.ana.click(sent, label="Withdraw")).response
    assert "is withdrawn" in done.content
    await queue.look()
    assert queue.request.content.startswith("**A request has ended.** Withdrawn")
    assert "Ana" not in queue.request.content


async def test_also_a_request_that_somebody_has_can_be_withdrawn(queue: Queue) -> None:
    await queue.ask()
    await queue.press(queue.mo, "Claim")
    shown = await human(queue)
    assert "Mo has it and will write to you." in shown.content
    await queue.world.ana.click(shown, label="Withdraw")
    await queue.look()
    assert queue.request.content.startswith("**A request has ended.** Withdrawn")


async def test_nobody_withdraws_what_is_somebody_elses(queue: Queue) -> None:
    await queue.ask()
    bea = queue.world.newcomer("Bea")
    await queue.world.join(bea)
    for request in (1, 999):
        result = await queue.world.forge(bea, f"human:withdraw:{request}")
        assert result.response.content.startswith("I can't find that any more.")
    assert (await human(queue)).content.startswith("You asked for a volunteer")


async def test_the_line_is_locked_while_it_stands_and_gone_when_it_ends(queue: Queue) -> None:
    await queue.ask(line="Canary evenings.")
    async with queue.world.services.records.reading() as tx:
        (cipher,) = await tx.all(bytes, "SELECT cipher FROM texts WHERE kind = 'help'")
    assert b"Canary" not in cipher
    await queue.press(queue.mo, "Claim")
    assert "> Canary evenings." in queue.request.content
    await queue.press(queue.mo, "Handled")
    assert "Canary" not in queue.request.content
    async with queue.world.services.records.reading() as tx:
        assert await tx.all(bytes, "SELECT cipher FROM texts WHERE kind = 'help'") == []


# --- how it stands reaches the member


async def test_the_day_says_how_it_stands(queue: Queue) -> None:
    assert "volunteer" not in await queue.today()
    await queue.ask()
    assert f"You asked for a volunteer of “{COHORT}”; nobody has taken it yet." in await queue.today()
    await queue.press(queue.mo, "Claim")
    assert "Mo has it and will write to you." in await queue.today()
    await queue.press(queue.mo, "Handled")
    assert "volunteer" not in await queue.today(), "that was told by DM"


async def closed_dms(queue: Queue) -> None:
    path = f"/channels/{queue.world.ana.user.dm_channel.id}/messages"
    queue.world.env.inject_error("POST", path, status=403, code=50007, times=None)


async def test_with_closed_dms_the_end_waits_on_the_day_and_is_said_there_once(queue: Queue) -> None:
    await queue.ask()
    await closed_dms(queue)
    for _ in range(24):
        await queue.after(hours=1)
    assert not queue.words()
    assert "nobody was free within a day, so it is closed." in await queue.today()
    assert "volunteer" not in await queue.today()


async def test_with_closed_dms_one_message_is_refused_and_no_other_is_tried(queue: Queue) -> None:
    await queue.ask()
    await closed_dms(queue)
    path = f"/channels/{queue.world.ana.user.dm_channel.id}/messages"
    before = queue.world.requests.count(("POST", path))
    for _ in range(24):
        await queue.after(hours=1)
    assert queue.world.requests.count(("POST", path)) - before == 1


async def test_with_closed_dms_the_page_says_the_end_too_and_once(queue: Queue) -> None:
    await queue.ask()
    await closed_dms(queue)
    for _ in range(24):
        await queue.after(hours=1)
    first = await human(queue)
    assert "so it is closed." in first.content
    assert "Send it" in labels(first)
    assert "so it is closed." not in (await human(queue)).content


NOBODY_FREE = (
    f"You asked for a volunteer of “{COHORT}”; nobody was free within a day, so it is closed. `/crisis` and `/human` "
    "are there, as always."
)
MO_HAS_IT = f"You asked for a volunteer of “{COHORT}”; Mo has it and will write to you. `/human` says more."
BACK_AGAIN = f"You asked for a volunteer of “{COHORT}”; nobody has taken it yet. `/human` says more."


async def said_below(queue: Queue, command: str, person: Any = None, **options: Any) -> list[str]:
    """What stands below the answer to a command, for the person alone."""
    result = await (person or queue.world.ana).slash(queue.world.channel, command, **options)
    assert result.response.content
    assert all(below.ephemeral for below in result.followups)
    return [below.content for below in result.followups]


@pytest.mark.parametrize(
    ("command", "options"),
    [
        ("log", {"questions": "20"}),
        ("log", {"questions": "no number"}),
        ("undo", {}),
        ("week", {}),
        ("goal show", {}),
        ("rest today", {}),
        ("rest pause", {}),
        ("settings zone", {"place": "Chicago"}),
        ("settings tone", {"tone": "plain"}),
        ("exam date", {"date": "30 May"}),
        ("journal people", {}),
        ("join", {"cohort": COHORT}),
        ("queue show", {}),
    ],
)
async def test_with_closed_dms_the_next_command_of_any_kind_says_how_it_stands_once(
    queue: Queue, command: str, options: dict[str, str]
) -> None:
    await closed_dms(queue)
    await queue.ask()
    await queue.press(queue.mo, "Claim")
    assert await said_below(queue, command, **options) == [MO_HAS_IT]
    assert await said_below(queue, command, **options) == []
    assert "Mo has it and will write to you." in await queue.today(), "what stands is on the day as long as it stands"


async def test_with_closed_dms_each_step_is_said_once(queue: Queue) -> None:
    await closed_dms(queue)
    await queue.ask()
    for taken, said in (("Claim", MO_HAS_IT), ("Hand over", BACK_AGAIN), ("Claim", MO_HAS_IT)):
        await queue.press(queue.mo, taken)
        assert await said_below(queue, "week") == [said]
        assert await said_below(queue, "week") == []
    for said in (BACK_AGAIN, NOBODY_FREE):
        for _ in range(30):
            await queue.after(hours=1)
        assert await said_below(queue, "week") == [said]
        assert await said_below(queue, "week") == []
    assert "volunteer" not in await queue.today()


@pytest.mark.parametrize("command", ["today", "checkin", "human"])
async def test_what_the_answer_itself_says_is_not_said_below_it(queue: Queue, command: str) -> None:
    await closed_dms(queue)
    await queue.ask()
    for _ in range(24):
        await queue.after(hours=1)
    answer = await queue.world.ana.slash(queue.world.channel, command)
    assert "nobody was free within a day" in answer.response.content
    assert answer.followups == []
    assert await said_below(queue, "week") == []


async def test_what_was_said_below_a_command_is_not_said_on_the_day_again(queue: Queue) -> None:
    await closed_dms(queue)
    await queue.ask()
    for _ in range(24):
        await queue.after(hours=1)
    assert await said_below(queue, "week") == [NOBODY_FREE]
    assert "volunteer" not in await queue.today()
    assert "volunteer of" not in (await human(queue)).content.split("**Ask a person**")[0]


async def test_a_restart_forgets_nothing_that_is_to_be_said(queue: Queue) -> None:
    await closed_dms(queue)
    await queue.ask()
    await queue.press(queue.mo, "Claim")
    await queue.restart()
    assert await said_below(queue, "week") == [MO_HAS_IT]


async def test_it_is_said_to_a_command_in_a_dm_too(queue: Queue) -> None:
    await closed_dms(queue)
    await queue.ask()
    await queue.press(queue.mo, "Claim")
    result = await queue.world.ana.user.slash("week")
    assert [(below.content, below.ephemeral) for below in result.followups] == [(MO_HAS_IT, True)]


async def test_while_records_rest_nothing_is_said_below_and_nothing_is_lost(queue: Queue) -> None:
    await closed_dms(queue)
    await queue.ask()
    await queue.press(queue.mo, "Claim")
    await queue.world.services.records.close()
    assert await said_below(queue, "week") == []
    await queue.world.services.records.open()
    assert await said_below(queue, "week") == [MO_HAS_IT]


async def test_two_commands_at_once_say_it_once(queue: Queue) -> None:
    await closed_dms(queue)
    await queue.ask()
    await queue.press(queue.mo, "Claim")
    actor = Actor(discord_id=queue.world.ana.id, name="Ana", locale="en-US", interaction_id=1)
    requests = queue.world.services.help_requests
    first, second = await asyncio.gather(requests.news(actor), requests.news(actor))
    assert sorted(map(len, (first, second))) == [0, 1]
    requests.told([*first, *second])
    assert len(await requests.news(actor)) == 1, "nobody heard it yet"


async def test_a_word_that_discord_did_not_take_is_said_at_the_command_after(queue: Queue) -> None:
    await closed_dms(queue)
    await queue.ask()
    await queue.press(queue.mo, "Claim")
    queue.world.env.inject_error("POST", "/webhooks/*", status=404, code=10015, times=1)
    assert await said_below(queue, "week") == []
    assert await said_below(queue, "week") == [MO_HAS_IT]


async def test_nothing_is_said_beside_a_card_and_it_is_said_later(queue: Queue) -> None:
    await closed_dms(queue)
    await queue.ask()
    await queue.press(queue.mo, "Claim")
    assert MO_HAS_IT not in await said_below(queue, "rest days", dates="i want to die")
    assert MO_HAS_IT not in await said_below(queue, "crisis")
    assert await said_below(queue, "week") == [MO_HAS_IT]


async def test_while_dms_are_open_a_word_comes_by_dm_and_no_command_says_it(queue: Queue) -> None:
    await queue.ask()
    await queue.mo.click(queue.request, label="Claim")
    assert await said_below(queue, "week") == [], "it is on its way"
    await queue.look()
    assert len(queue.words()) == 1
    assert await said_below(queue, "week") == []


async def test_only_whoever_asked_is_told(queue: Queue) -> None:
    bea = queue.world.newcomer("Bea")
    await queue.world.join(bea)
    await closed_dms(queue)
    await queue.ask()
    await queue.press(queue.mo, "Claim")
    assert await said_below(queue, "week", bea) == []
    assert await said_below(queue, "queue show", queue.mo) == []
    assert await said_below(queue, "week") == [MO_HAS_IT]


async def test_for_somebody_who_never_asked_the_records_are_not_read(queue: Queue) -> None:
    await queue.ask()
    requests = queue.world.services.help_requests
    ana, bea = (Actor(discord_id=it, name="", locale="en-US", interaction_id=1) for it in (queue.world.ana.id, 7))
    assert await requests.news(bea) == []
    await queue.world.services.records.close()
    assert await requests.news(bea) == []
    with pytest.raises(Resting):
        await requests.news(ana)


async def test_a_word_leads_to_how_it_stands(queue: Queue) -> None:
    await queue.ask()
    await queue.press(queue.mo, "Claim")
    word = queue.world.dms(queue.world.ana)[-1]
    assert labels(word) == ["Withdraw", "How it stands", "I need help"]
    stands = (await queue.world.ana.user.click(word, label="How it stands")).response
    assert "Mo has it and will write to you." in stands.content


NAMES = ("Ana", "", "x" * 200, "@everyone " * 10, "*" * 200)


@pytest.mark.parametrize("notice", [notice for notice in Notice if notice])
@pytest.mark.parametrize("name", NAMES, ids=range(len(NAMES)))
async def test_every_word_fits_and_a_locked_phone_shows_nothing_of_it(notice: Notice, name: str) -> None:
    for state in State:
        asked = Asked(
            id=10**18 - 1,
            cohort_id=1,
            cohort="*" * 60,
            state=state,
            holder=name,
            holder_discord_id=10**18,
            asked_at=A_MONDAY,
            notice=notice,
            notice_version=99999,
            rung=True,
        )
        owed = OwedNotice(member_id=1, discord_id=1, name=name, channel_id=1, asked=asked)
        body = json.loads(help_notices.body_of(owed))
        assert not SECRETS.search(body["content"][:120])
        assert len(body["content"]) <= 2000
        assert "!" not in body["content"]
        assert len(body["nonce"]) <= 25
        assert body["allowed_mentions"] == {"parse": []}
        assert help_notices.mark(owed) in json.dumps(body["components"])


def test_every_page_for_moderators_fits() -> None:
    for label, text in queue_notes.NOTES.values():
        assert len(label) <= 80
        assert len(text) <= 2000
        assert "!" not in text


# --- nobody else notices


async def test_nothing_that_anybody_else_sees_changes_before_a_request_is_confirmed(queue: Queue) -> None:
    async def seen() -> list[str]:
        bea_sees = [m.content for m in queue.world.channel.history() if not m.flags.ephemeral]
        shown = (await queue.mo.slash(queue.world.channel, "queue show")).response.content
        cohorts = (await queue.world.moderator.slash(queue.world.channel, "cohort list")).response.content
        return [*bea_sees, shown, cohorts, *(m.content for m in queue.messages)]

    ana = queue.world.ana
    before = await seen()
    await ana.slash(queue.world.channel, "crisis")
    shown = await human(queue)
    await ana.submit_modal(await ana.click(shown, label="Add a line"), {"line": "Not sent."})
    await queue.look()
    assert await seen() == before
    await queue.ask()
    after = await seen()
    assert len(after) == len(before) + 1
    assert after[0] == before[0], "what stands in the server's channels is the same"
