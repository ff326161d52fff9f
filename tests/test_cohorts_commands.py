"""A moderator makes cohorts and posts their invitations; nobody else can, or learns which ones there are."""

from typing import Any

import discord
import pytest
from simcord.backend.errors import OptionError
from simcord.enums import InteractionType

from tests.conftest import Act, World, buttons

REFUSED = "Setting up cohorts is for people with the Manage Server permission."


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
