"""A moderator makes cohorts, looks after them and posts their invitations; others can not, and learn of none."""

from typing import Any

import discord
import pytest
from simcord.backend.errors import OptionError
from simcord.enums import InteractionType

from tests.conftest import Act, World, buttons

REFUSED = "Making a cohort needs the Manage Server permission; looking after one needs that or its moderator role."
NOT_HERE = "There is no cohort of that name here. The list shows the ones there are."
NONE_YET = "There is no cohort here yet: `/cohort create` makes one, with a name and a channel."


async def created(world: World, name: str, channel: Any = None, by: Any = None) -> str:
    result = await (by or world.moderator).slash(
        world.channel, "cohort create", name=name, channel=channel or world.channel
    )
    assert result.response.ephemeral
    return result.response.content


async def invited(world: World, by: Any = None, **options: str) -> str:
    result = await (by or world.moderator).slash(world.channel, "cohort invite", **options)
    assert result.response.ephemeral
    return result.response.content


def posted(world: World) -> list[discord.Message]:
    """What everybody in the channel sees."""
    return [message for message in world.channel.history() if not message.flags.ephemeral]


async def names(world: World, by: Any = None) -> list[str]:
    choices = await (by or world.moderator).autocomplete(world.channel, "cohort invite", "cohort", "")
    return [choice["value"] for choice in choices]


async def said(world: World, command: str, by: Any = None, place: Any = None, **options: Any) -> str:
    """What a command under `/cohort` answers, to that person alone."""
    return (await used(world, command, by, place, **options)).content


async def used(world: World, command: str, by: Any = None, place: Any = None, **options: Any) -> Any:
    result = await (by or world.moderator).slash(place or world.channel, f"cohort {command}", **options)
    assert result.response.ephemeral
    assert not result.followups
    return result.response


async def guided(world: World, *names: str, role: str = "Guides") -> tuple[Any, Any]:
    """Cohorts looked after by a role, and somebody who has nothing but that role."""
    guides = world.guild.create_role(role)
    guide = world.guild.add_member(world.env.create_user(f"guide-{role.lower()}"), roles=[guides])
    for name in names:
        await created(world, name)
        await said(world, "edit", cohort=name, moderators=guides)
    return guide, guides


async def pressed(world: World, person: Any, message: Any, label: str) -> str:
    """What stands where a button was, or what is said beside it."""
    return (await person.click(message, label=label)).response.content


async def enter(world: World, *people: str) -> None:
    """Newcomers join by the invitation that was posted last."""
    invitation = posted(world)[-1]
    for name in people:
        person = world.newcomer(name)
        panel = await person.click(invitation, label="Join")
        await person.submit_modal(await person.click(panel.response, label="Ready to plan"), {"city": "Chicago"})


async def pauses(world: World) -> list[str]:
    """Every pause of a cohort that is kept: the cohort, its first and its last day."""
    async with world.services.records.reading() as tx:
        return await tx.all(
            str,
            """SELECT cohort_id || ': ' || from_day || ' to ' || to_day FROM spans
               WHERE cohort_id IS NOT NULL ORDER BY id""",
        )


def nobody_was_pinged(world: World) -> None:
    bodies: list[dict[str, Any]] = [it.json for it in world.env.http_requests if it.json and it.method != "PUT"]
    said = [message for body in bodies if "content" in (message := body.get("data", body))]
    assert said
    assert all(body["allowed_mentions"] == {"parse": []} for body in said)


# --- who may


async def test_whoever_manages_the_server_makes_a_cohort_and_posts_its_invitation(world: World) -> None:
    assert "“Spring group” is there." in await created(world, "Spring group")
    assert not posted(world)
    assert world.channel.mention in await invited(world)
    (invitation,) = posted(world)
    assert invitation.content.startswith("**Spring group**\n")
    assert list(buttons(invitation)) == ["Join"]


async def test_a_stranger_gets_one_refusal_whatever_they_ask_and_whatever_is_there(world: World) -> None:
    assert await created(world, "Mine", by=world.ana) == REFUSED
    assert await invited(world, by=world.ana) == REFUSED
    await created(world, "Spring group")
    for cohort in ("Spring group", "No such group", "x" * 60):
        assert await invited(world, by=world.ana, cohort=cohort) == REFUSED
    assert await created(world, "Spring group", by=world.ana) == REFUSED
    assert await names(world, by=world.ana) == []
    assert not posted(world)


async def test_a_stranger_made_nothing(world: World) -> None:
    await created(world, "Mine", by=world.ana)
    assert await names(world) == []


# --- names


@pytest.mark.parametrize("name", ["Spring group", "spring GROUP", "  Spring   group "])
async def test_one_server_has_each_name_once_however_it_is_written(world: World, name: str) -> None:
    await created(world, "Spring group")
    assert "already" in await created(world, name)
    assert await names(world) == ["Spring group"]


@pytest.mark.parametrize("name", [" ", "   ", "\u200b", "\u200b\u200d\u2060", "🎓", "🎓📚", "***", "@", "-", "\u202e"])
async def test_a_name_without_letters_or_numbers_is_refused_with_an_example(world: World, name: str) -> None:
    assert "`Spring group`" in await created(world, name)
    assert await names(world) == []


async def test_a_name_can_hold_sixty_characters_and_is_found_again(world: World) -> None:
    await created(world, "x" * 60)
    assert await names(world) == ["x" * 60]
    assert world.channel.mention in await invited(world, cohort="x" * 60)


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("@everyone", "@\u200beveryone"),
        ("**bold** group", r"\*\*bold\*\* group"),
        ("# heading", r"\# heading"),
        ("<@123456789012345678>", "<@\u200b123456789012345678>"),
    ],
)
async def test_a_name_is_shown_as_plain_text_and_pings_nobody(world: World, name: str, shown: str) -> None:
    assert shown in await created(world, name)
    await invited(world)
    (invitation,) = posted(world)
    assert shown in invitation.content
    assert f"**{name}**" not in invitation.content
    assert not invitation.mention_everyone
    assert not invitation.raw_mentions


async def test_a_name_in_a_refusal_is_plain_text_too(world: World) -> None:
    await created(world, "**x**")
    assert "**x**" not in await created(world, "**x**")
    assert "**y**" not in await invited(world, cohort="**y**")


async def test_a_name_that_differs_only_by_what_can_not_be_seen_is_the_same_name(world: World) -> None:
    await created(world, "Spring group")
    await created(world, "Spring\u200b group")
    assert await names(world) == ["Spring group"]


async def test_a_name_in_another_script_reads_from_its_own_side_and_leaves_the_rest_alone(world: World) -> None:
    said = await created(world, "مجموعة الربيع")
    assert "مجموعة الربيع" in said
    assert await names(world) == ["مجموعة الربيع"]
    assert "\u202e" not in await created(world, "Spring\u202egroup")
    await invited(world, cohort="Spring\u202egroup")
    assert all("\u202e" not in message.content for message in posted(world))


# --- invitations


async def test_with_no_cohort_there_is_nothing_to_invite_to(world: World) -> None:
    assert "`/cohort create`" in await invited(world)
    assert "There is no cohort of that name here" in await invited(world, cohort="Spring group")
    assert not posted(world)


async def test_the_only_cohort_needs_no_name_and_several_need_one(world: World) -> None:
    await created(world, "Spring group")
    assert world.channel.mention in await invited(world)
    await created(world, "Autumn group")
    assert "several cohorts" in await invited(world)
    assert len(posted(world)) == 1
    assert world.channel.mention in await invited(world, cohort="autumn GROUP")
    assert posted(world)[-1].content.startswith("**Autumn group**")
    assert await names(world) == ["Spring group", "Autumn group"]


async def test_the_list_narrows_as_somebody_types_and_never_grows_too_long(world: World) -> None:
    for number in range(27):
        await created(world, f"Group {number:02d}")
    assert len(await names(world)) == 25
    found = await world.moderator.autocomplete(world.channel, "cohort invite", "cohort", "GROUP 26")
    assert [choice["value"] for choice in found] == ["Group 26"]
    assert await world.moderator.autocomplete(world.channel, "cohort invite", "cohort", "zzz") == []


async def test_an_invitation_stands_in_the_cohorts_own_channel(world: World) -> None:
    other = world.guild.create_text_channel("welcome")
    await created(world, "Spring group", channel=other)
    await invited(world)
    assert not posted(world)
    assert other.last_message.content.startswith("**Spring group**")


async def test_where_the_bot_can_not_post_the_moderator_learns_what_it_needs(world: World) -> None:
    closed = discord.PermissionOverwrite(send_messages=False)
    locked = world.guild.create_text_channel("locked", overwrites={world.guild.default_role: closed})
    await created(world, "Spring group", channel=locked)
    said = await invited(world)
    assert locked.mention in said
    assert "Send Messages" in said
    assert locked.last_message is None


async def test_another_servers_cohort_is_not_there_at_all(world: World) -> None:
    elsewhere = world.env.create_guild("Elsewhere")
    place = elsewhere.create_text_channel("general")
    owner: Any = elsewhere.add_member(elsewhere.owner)
    await created(world, "Spring group")
    theirs = await owner.slash(place, "cohort invite", cohort="Spring group")
    nothing = await owner.slash(place, "cohort invite", cohort="Never made")
    assert theirs.response.content.replace("Spring group", "") == nothing.response.content.replace("Never made", "")
    assert await owner.autocomplete(place, "cohort invite", "cohort", "") == []
    assert place.last_message is None or place.last_message.flags.ephemeral
    await owner.slash(place, "cohort create", name="Spring group", channel=place)
    assert "stands in" in (await owner.slash(place, "cohort invite")).response.content


@pytest.mark.parametrize("name", ["y" * 6000, "@everyone " * 200])
async def test_a_name_that_is_far_too_long_is_answered_too(world: World, name: str) -> None:
    await created(world, "Spring group")
    with pytest.raises(OptionError, match="at most 60 characters"):
        await invited(world, cohort=name)
    by_all_means = [
        {"name": "cohort", "options": [{"name": "invite", "options": [{"name": "cohort", "value": name}]}]},
        {"name": "join", "options": [{"name": "cohort", "value": name}]},
    ]
    for data in by_all_means:
        (answered,) = await world.at_once(command(world, data))
        assert answered.acknowledged
        assert answered.response.ephemeral
    assert not posted(world)


def command(world: World, data: dict[str, Any]) -> Act:
    """A command as it arrives, past a client that would not send it."""
    root = world.env.backend.find_command(data["name"], None)
    assert root is not None
    nested = [option | {"type": 1 if "options" in option else 3} for option in data["options"]]
    for option in nested:
        for inner in option.get("options", []):
            inner["type"] = 3
    return Act(
        person_id=world.moderator.id,
        guild_id=world.guild.id,
        channel_id=world.channel.id,
        message=None,
        kind=InteractionType.APPLICATION_COMMAND,
        data={"id": root["id"], "name": root["name"], "type": 1, "options": nested},
    )


async def test_cohorts_are_for_servers_only(world: World) -> None:
    assert "crisis" in world.ana.user.available_commands()
    for command in world.ana.user.available_commands():
        assert not command.startswith(("cohort", "join"))
    assert "cohort create" in world.ana.available_commands(world.channel)


async def test_an_invitation_pings_nobody_and_names_no_failure(world: World) -> None:
    await created(world, "Spring group")
    await invited(world)
    (invitation,) = posted(world)
    for word in ("fail", "score", "exam", "result"):
        assert word not in invitation.content.casefold()
    bodies = [it.json for it in world.env.http_requests if it.path.endswith("/messages") and it.json]
    assert bodies
    assert all(body["allowed_mentions"] == {"parse": []} for body in bodies)


# --- a moderator by role alone


async def test_whoever_has_a_cohorts_role_looks_after_it_without_managing_the_server(world: World) -> None:
    guide, guides = await guided(world, "Spring group")
    assert world.channel.mention in await invited(world, by=guide)
    assert "is paused" in await said(world, "pause", by=guide)
    shown = await said(world, "list", by=guide)
    assert f"**Spring group**: {world.channel.mention}, moderators <@&{guides.id}>" in shown
    assert "**Summer group**" in await said(world, "edit", by=guide, name="Summer group")


async def test_the_role_makes_no_cohorts_and_hands_itself_to_nobody(world: World) -> None:
    guide, guides = await guided(world, "Spring group")
    other = world.guild.create_role("Others")
    assert await created(world, "Mine", by=guide) == REFUSED
    refused = await said(world, "edit", by=guide, moderators=other, name="Summer group")
    assert refused == "Choosing the moderator role needs the Manage Server permission; nothing was changed."
    assert await names(world) == ["Spring group"]
    assert f"<@&{guides.id}>" in await said(world, "list")


async def test_the_role_sees_its_own_cohorts_and_the_others_are_not_there(world: World) -> None:
    guide, _ = await guided(world, "Spring group", "Autumn group")
    await created(world, "Winter group")
    for command in ("edit", "invite", "pause"):
        choices = await guide.autocomplete(world.channel, f"cohort {command}", "cohort", "group")
        assert [choice["value"] for choice in choices] == ["Spring group", "Autumn group"]
    assert "Winter" not in await said(world, "list", by=guide)
    assert "Winter" in await said(world, "list")
    for cohort in ("Winter group", "Never made"):
        assert await invited(world, by=guide, cohort=cohort) == NOT_HERE
        assert await said(world, "pause", by=guide, cohort=cohort) == NOT_HERE
        assert await said(world, "edit", by=guide, cohort=cohort, name="Mine") == NOT_HERE
    assert await pauses(world) == []


async def test_two_roles_are_two_sets_of_moderators(world: World) -> None:
    one, _ = await guided(world, "Spring group", role="One")
    two, _ = await guided(world, "Autumn group", role="Two")
    assert "Spring group" in await said(world, "list", by=one)
    assert "Autumn group" not in await said(world, "list", by=one)
    assert await said(world, "pause", by=two, cohort="Spring group") == NOT_HERE


async def test_who_loses_the_role_is_a_stranger_again(world: World) -> None:
    guide, guides = await guided(world, "Spring group")
    paused = await used(world, "pause", by=guide)
    world.env.backend.remove_member_role(world.guild.id, guide.id, guides.id)
    assert await said(world, "list", by=guide) == REFUSED
    assert await pressed(world, guide, paused, "Resume now") == REFUSED
    assert "is paused" in await said(world, "pause", by=world.moderator)


async def test_a_stranger_is_refused_at_every_command_in_the_same_words(world: World) -> None:
    await guided(world, "Spring group")
    for cohort in ("Spring group", "Never made"):
        assert await said(world, "edit", by=world.ana, cohort=cohort, name="Mine") == REFUSED
        assert await said(world, "edit", by=world.ana, cohort=cohort) == REFUSED
        assert await said(world, "edit", by=world.ana, cohort=cohort, moderators=world.guild.default_role) == REFUSED
        assert await said(world, "pause", by=world.ana, cohort=cohort) == REFUSED
        assert await said(world, "pause", by=world.ana, cohort=cohort, until="never") == REFUSED
    assert await said(world, "list", by=world.ana) == REFUSED
    assert (await world.forge(world.ana, "cohort:resume:1:1")).response.content == REFUSED
    assert (await world.forge(world.ana, "cohort:list:0")).response.content == REFUSED
    for command in ("edit", "pause"):
        assert await world.ana.autocomplete(world.channel, f"cohort {command}", "cohort", "") == []
    assert await pauses(world) == []


async def test_in_a_dm_nobody_looks_after_anything(world: World) -> None:
    await created(world, "Spring group")
    await said(world, "pause")
    for custom_id in ("cohort:resume:1:1", "cohort:list:0"):
        assert (await world.forge_dm(world.moderator, custom_id)).response.content == REFUSED
    assert len(await pauses(world)) == 1


async def test_two_servers_with_cohorts_of_one_name_do_not_touch_each_other(world: World) -> None:
    guide, guides = await guided(world, "Spring group")
    elsewhere = world.env.create_guild("Elsewhere")
    place = elsewhere.create_text_channel("general")
    owner: Any = elsewhere.add_member(elsewhere.owner)
    there: Any = elsewhere.add_member(guide.user)
    assert await said(world, "list", by=owner, place=place) == NONE_YET
    await owner.slash(place, "cohort create", name="Spring group", channel=place)
    assert await said(world, "list", by=there, place=place) == REFUSED
    await said(world, "pause", by=owner, place=place, cohort="Spring group")
    await said(world, "edit", by=owner, place=place, name="Our group")
    assert [pause[:2] for pause in await pauses(world)] == ["2:"]
    shown = await said(world, "list")
    assert "**Spring group**" in shown
    assert "Paused" not in shown
    assert str(guides.id) not in await said(world, "list", by=owner, place=place)


async def test_another_servers_pause_does_not_end_here(world: World) -> None:
    await created(world, "Spring group")
    elsewhere = world.env.create_guild("Elsewhere")
    place = elsewhere.create_text_channel("general")
    owner: Any = elsewhere.add_member(elsewhere.owner)
    await owner.slash(place, "cohort create", name="Spring group", channel=place)
    await said(world, "pause", by=owner, place=place)
    before = await pauses(world)
    assert (await world.forge(world.moderator, "cohort:resume:2:1")).response.content == NOT_HERE
    assert (await world.forge(world.moderator, "cohort:resume:99:1")).response.content == NOT_HERE
    assert "is not paused" in (await world.forge(world.moderator, "cohort:resume:1:1")).response.content
    assert await pauses(world) == before


# --- changing a cohort


async def test_a_change_shows_what_stands_now(world: World) -> None:
    await created(world, "Spring group")
    guides, other = world.guild.create_role("Guides"), world.guild.create_text_channel("welcome")
    shown = await said(world, "edit", name="Summer group", channel=other, moderators=guides)
    assert f"**Summer group**: {other.mention}, moderators <@&{guides.id}>, fewer than five members." in shown
    assert "An invitation that is posted already keeps its words" in shown
    assert await names(world) == ["Summer group"]
    assert other.mention in await invited(world)


async def test_each_change_leaves_the_rest_as_it_was(world: World) -> None:
    _, guides = await guided(world, "Spring group")
    other = world.guild.create_text_channel("welcome")
    assert f"**Summer group**: {world.channel.mention}, moderators <@&{guides.id}>," in await said(
        world, "edit", name="Summer group"
    )
    assert f"**Summer group**: {other.mention}, moderators <@&{guides.id}>," in await said(world, "edit", channel=other)
    again = await said(world, "edit", moderators=world.guild.create_role("Others"))
    assert f"**Summer group**: {other.mention}" in again
    assert str(guides.id) not in again
    assert "invitation" not in again


async def test_a_change_of_nothing_asks_what_should_be_different(world: World) -> None:
    await created(world, "Spring group")
    assert (
        await said(world, "edit")
        == "Please say what should be different: the name, the channel, the moderator role, the queue, or a line."
    )
    assert await said(world, "edit", cohort="Spring group") == await said(world, "edit")


async def test_the_role_that_everybody_has_is_no_moderator_role(world: World) -> None:
    await created(world, "Spring group")
    refused = await said(world, "edit", name="Summer group", moderators=world.guild.default_role)
    assert refused == "The role that everybody has can't be the moderator role. Any other role of the server can."
    assert await names(world) == ["Spring group"]
    assert await said(world, "list", by=world.ana) == REFUSED


@pytest.mark.parametrize("name", ["Autumn group", "autumn GROUP", " Autumn\u200b  group"])
async def test_a_new_name_that_another_cohort_has_is_taken(world: World, name: str) -> None:
    await created(world, "Spring group")
    await created(world, "Autumn group")
    said_ = await said(
        world, "edit", cohort="Spring group", name=name, channel=world.guild.create_text_channel("other")
    )
    assert said_ == "There is a cohort of that name here already. Another name works."
    assert await names(world) == ["Spring group", "Autumn group"]
    assert "#other" not in await said(world, "list")


@pytest.mark.parametrize("name", ["   ", "\u200b", "🎓", "***"])
async def test_a_new_name_has_letters_or_numbers_as_a_first_one_has(world: World, name: str) -> None:
    await created(world, "Spring group")
    assert "`Spring group`" in await said(world, "edit", name=name)
    assert await names(world) == ["Spring group"]


async def test_a_cohort_can_be_written_in_another_way(world: World) -> None:
    await created(world, "spring group")
    assert "**Spring Group**" in await said(world, "edit", name="Spring  Group")
    assert await names(world) == ["Spring Group"]


async def test_a_new_name_is_plain_text_and_pings_nobody(world: World) -> None:
    await created(world, "Spring group")
    for shown in (await said(world, "edit", name="**@everyone**"), await said(world, "list")):
        assert "\\*\\*@\u200beveryone\\*\\*" in shown
    await pressed(world, world.moderator, await used(world, "pause"), "Resume now")
    nobody_was_pinged(world)


async def test_the_invitation_of_a_renamed_cohort_works_as_before(world: World) -> None:
    await created(world, "Spring group")
    await invited(world)
    await said(world, "edit", name="Summer group")
    panel = await world.ana.click(posted(world)[0], label="Join")
    form = await world.ana.click(panel.response, label="Ready to plan")
    assert "You're in." in (await world.ana.submit_modal(form, {"city": "Chicago"})).response.content
    choices = await world.ana.autocomplete(world.channel, "join", "cohort", "")
    assert [choice["value"] for choice in choices] == ["Summer group"]


# --- the list


async def test_a_server_without_cohorts_learns_how_to_make_one(world: World) -> None:
    assert await said(world, "list") == NONE_YET
    assert await said(world, "pause") == NONE_YET
    assert await said(world, "edit", name="Mine") == NONE_YET


async def test_the_size_of_a_cohort_is_hidden_below_five_members(world: World) -> None:
    await created(world, "Spring group")
    await invited(world)
    empty = await said(world, "list")
    assert "no moderator role, fewer than five members." in empty
    await enter(world, "A", "B", "C", "D")
    assert await said(world, "list") == empty
    await enter(world, "E")
    assert "no moderator role, 5 members." in await said(world, "list")


async def test_the_list_says_who_is_paused_until_when_and_ends_it(world: World) -> None:
    for name in ("Spring group", "Summer group", "Autumn group"):
        await created(world, name)
    await said(world, "pause", cohort="Summer group", until="6 March")
    await said(world, "pause", cohort="Autumn group")
    shown = await used(world, "list")
    lines = shown.content.splitlines()[1:]
    assert [line.partition("members.")[2] for line in lines] == [
        "",
        " Paused until Friday, 6 March, included.",
        " Paused until somebody resumes it.",
    ]
    assert list(buttons(shown)) == ["Resume Summer group", "Resume Autumn group"]
    result = await world.moderator.click(shown, label="Resume Autumn group")
    assert "**Autumn group** is not paused." in result.response.content
    back = await world.moderator.click(result.response, label="All cohorts")
    assert list(buttons(back.response)) == ["Resume Summer group"]


async def test_a_long_list_comes_in_pages_of_five(world: World) -> None:
    for number in range(12):
        await created(world, f"Group {number:02d}")
        await said(world, "pause", cohort=f"Group {number:02d}")
    page, seen = await used(world, "list"), list[str]()
    for label in ("More cohorts", "More cohorts", "All cohorts"):
        seen += [line[2:10] for line in page.content.splitlines()[1:]]
        assert list(buttons(page))[-1] == label
        page = (await world.moderator.click(page, label=label)).response
    assert seen == [f"Group {number:02d}" for number in range(12)]
    assert "Group 00" in page.content
    forged = await world.forge(world.moderator, f"cohort:list:{10**18 - 1}")
    assert "Group 00" in forged.response.content


# --- pauses


async def test_a_pause_until_a_day_holds_that_day_and_says_what_members_notice(world: World) -> None:
    await created(world, "Spring group")
    shown = await used(world, "pause", until="Friday")
    assert shown.content.startswith("**Spring group** is paused until Friday, 6 March, included.")
    for words in (
        "no morning and evening messages",
        "`/crisis` and everything else work",
        "I write to nobody about it",
    ):
        assert words in shown.content
    assert list(buttons(shown)) == ["Resume now"]
    assert await pauses(world) == ["1: 2026-03-02 to 2026-03-06"]


async def test_a_pause_without_a_day_is_open(world: World) -> None:
    await created(world, "Spring group")
    for until in ({}, {"until": " "}):
        assert "paused until somebody resumes it. Messages come again when you resume." in await said(
            world, "pause", **until
        )
    assert await pauses(world) == ["1: 2026-03-02 to 9999-12-31"]


@pytest.mark.parametrize(
    ("first", "second", "end"), [("6 March", "20 March", 20), ("20 March", "6 March", 6), ("", "today", 2)]
)
async def test_a_second_pause_gives_the_one_that_runs_another_end(
    world: World, first: str, second: str, end: int
) -> None:
    await created(world, "Spring group")
    await said(world, "pause", until=first)
    world.clock.move(hours=1)
    assert f", {end} March, included." in await said(world, "pause", until=second)
    assert await pauses(world) == [f"1: 2026-03-02 to 2026-03-{end:02d}"]


@pytest.mark.parametrize(
    "until", ["yesterday", "1 March 2026", "30 August 2026", "in 181 days", "31 December 9999", "2027", "in 3 years"]
)
async def test_a_pause_ends_neither_in_the_past_nor_half_a_year_ahead(world: World, until: str) -> None:
    await created(world, "Spring group")
    refused = await said(world, "pause", until=until)
    assert "\n" not in refused
    assert "is paused" not in refused
    assert await pauses(world) == []


@pytest.mark.parametrize("until", ["29 August 2026", "in 180 days", "2026-08-29"])
async def test_a_pause_may_last_a_hundred_and_eighty_days(world: World, until: str) -> None:
    await created(world, "Spring group")
    assert "until Saturday, 29 August, included." in await said(world, "pause", until=until)


@pytest.mark.parametrize("until", ["30 February", "never", "soon", "🎓", "@everyone", "-1", "1e9", "\u202e", "x" * 100])
async def test_words_that_are_no_day_are_answered_with_some_that_work(world: World, until: str) -> None:
    await created(world, "Spring group")
    assert "`Friday`" in await said(world, "pause", until=until)
    nobody_was_pinged(world)
    assert await pauses(world) == []


async def test_a_day_that_is_refused_leaves_a_running_pause_as_it_is(world: World) -> None:
    await created(world, "Spring group")
    await said(world, "pause", until="Friday")
    before = await pauses(world)
    await said(world, "pause", until="never")
    await said(world, "pause", until="in 300 days")
    assert await pauses(world) == before


async def test_a_pause_that_is_over_is_not_shown_any_more(world: World) -> None:
    await created(world, "Spring group")
    await said(world, "pause", until="Friday")
    world.clock.set("2026-03-06 12:00", "UTC")
    assert "Paused until Friday" in await said(world, "list")
    world.clock.move(days=1)
    shown = await used(world, "list")
    assert "Paused" not in shown.content
    assert not buttons(shown)


async def test_of_several_cohorts_one_has_to_be_named(world: World) -> None:
    await created(world, "Spring group")
    await created(world, "Autumn group")
    several = "There are several cohorts here: please name the one you mean."
    assert await said(world, "pause") == several
    assert await said(world, "edit", name="Mine") == several
    await said(world, "pause", cohort="AUTUMN group")
    assert [pause[:2] for pause in await pauses(world)] == ["2:"]


async def test_a_pause_is_told_to_nobody(world: World) -> None:
    await world.join(world.ana)
    before, channel = len(world.dms(world.ana)), len(posted(world))
    await pressed(world, world.moderator, await used(world, "pause"), "Resume now")
    await world.deliver()
    assert len(world.dms(world.ana)) == before
    assert len(posted(world)) == channel


# --- resuming


async def test_resuming_works_after_a_restart_and_twice(world: World) -> None:
    await created(world, "Spring group")
    shown = await used(world, "pause")
    world.clock.move(days=3)
    await world.restart()
    first, second = await world.at_once(*[world.press(world.moderator, shown, "Resume now")] * 2)
    assert first.response.content == second.response.content
    assert first.response.content.startswith("**Spring group** is not paused.")
    assert list(buttons(first.response)) == ["All cohorts"]
    assert await pauses(world) == ["1: 2026-03-02 to 2026-03-04"]


async def test_resuming_on_the_same_day_leaves_nothing_behind(world: World) -> None:
    await created(world, "Spring group")
    await pressed(world, world.moderator, await used(world, "pause"), "Resume now")
    assert await pauses(world) == []
    assert "is paused until Friday" in await said(world, "pause", until="Friday")


async def test_any_moderator_resumes_what_another_paused(world: World) -> None:
    guide, _ = await guided(world, "Spring group")
    await said(world, "pause")
    assert "is not paused" in await pressed(world, guide, await used(world, "list", by=guide), "Resume Spring group")


async def test_an_old_button_ends_no_newer_pause_and_shows_that_it_runs(world: World) -> None:
    await created(world, "Spring group")
    old = await used(world, "pause", until="Friday")
    world.clock.move(days=10)
    newer = await used(world, "pause", until="20 March")
    before = await pauses(world)
    result = await world.moderator.click(old, label="Resume now")
    assert "is paused until Friday, 20 March, included." in result.response.content
    assert await pauses(world) == before
    assert "is not paused" in await pressed(world, world.moderator, newer, "Resume now")


async def test_a_pause_with_a_new_end_is_ended_by_its_first_button(world: World) -> None:
    await created(world, "Spring group")
    first = await used(world, "pause", until="Friday")
    await said(world, "pause")
    assert "is not paused" in await pressed(world, world.moderator, first, "Resume now")
