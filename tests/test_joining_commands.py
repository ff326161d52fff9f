"""A person joins: two questions, one first message, and a way out."""

from typing import Any

import pytest

from tests.conftest import World, buttons

ANSWERS = ["Just found out", "Not ready to plan", "Ready to plan", "Exam booked"]
GENTLE = ANSWERS[:2]
GONE = "That cohort isn't open any more. A moderator can post a new invitation."


async def cohort(world: World, name: str) -> None:
    await world.moderator.slash(world.channel, "cohort create", name=name, channel=world.channel)


async def asked(world: World, person: Any, where: str = "Ready to plan") -> tuple[Any, Any]:
    """The panel and the open city form of somebody who pressed Join and answered the first question."""
    panel = await person.click(await world.invite(f"Group of {person.name}"), label="Join")
    return panel.response, await person.click(panel.response, label=where)


async def typed(world: World, city: str) -> Any:
    """What Ana sees after she typed a city."""
    _, shown = await asked(world, world.ana)
    return (await world.ana.submit_modal(shown, {"city": city})).response


async def elsewhere(world: World, name: str = "Their group") -> tuple[Any, Any, Any]:
    """Another server with a cohort of its own: its channel, its owner, and the invitation."""
    guild = world.env.create_guild("Elsewhere")
    channel = guild.create_text_channel("general")
    owner = guild.add_member(guild.owner)
    await owner.slash(channel, "cohort create", name=name, channel=channel)
    await owner.slash(channel, "cohort invite", cohort=name)
    return channel, owner, next(it for it in channel.history() if not it.flags.ephemeral)


async def day(world: World, person: Any) -> str:
    """What `/checkin` opens."""
    return (await person.slash(world.channel, "checkin")).response.content


def is_member(content: str) -> bool:
    return "You haven't joined yet" not in content


# --- the way in


@pytest.mark.parametrize("where", ANSWERS)
async def test_joining_asks_two_questions_and_writes_one_first_message(world: World, where: str) -> None:
    answered = await world.join(world.ana, where)
    assert answered.response.ephemeral
    assert answered.response.content.startswith("You're in")
    assert "Your times follow Chicago" in answered.response.content
    assert not buttons(answered.response)
    (first,) = world.dms(world.ana)
    assert first.content.startswith("Hello Ana, this is where I'll write to you.")
    assert len(world.dms(world.ana)) == 1


async def test_the_panel_asks_where_somebody_is_and_says_who_sees_it(world: World) -> None:
    panel = await world.ana.click(await world.invite(), label="Join")
    assert panel.response.ephemeral
    assert list(buttons(panel.response)) == [*ANSWERS, "I need help"]
    assert "nobody in the server will see your answer, moderators included" in panel.response.content


async def test_the_form_asks_for_a_city_and_nothing_else(world: World) -> None:
    _, shown = await asked(world, world.ana)
    (field,) = shown.modal["components"]
    assert field["label"] == "Your city, or a larger one nearby"
    assert "Nobody else sees it" in field["description"]


async def test_nobody_in_the_server_sees_that_somebody_joins(world: World) -> None:
    bea = world.newcomer("Bea")
    await world.join(world.ana)
    seen = [message.content for message in world.channel.history(viewer=bea)]
    assert len(seen) == 1
    assert "Ana" not in seen[0]


async def test_the_join_button_works_after_a_restart(world: World) -> None:
    invitation = await world.invite()
    await world.restart()
    panel = await world.ana.click(invitation, label="Join")
    await world.restart()
    shown = await world.ana.click(panel.response, label="Ready to plan")
    await world.restart()
    answered = await world.ana.submit_modal(shown, {"city": "Chicago"})
    await world.deliver()
    assert "You're in" in answered.response.content
    assert len(world.dms(world.ana)) == 1


async def test_joining_twice_mends_where_somebody_is_and_writes_no_second_first_message(world: World) -> None:
    invitation = await world.invite()
    for where, city, zone in (("Just found out", "Chicago", "Chicago"), ("Ready to plan", "Manila", "Manila")):
        panel = await world.ana.click(invitation, label="Join")
        shown = await world.ana.click(panel.response, label=where)
        answered = await world.ana.submit_modal(shown, {"city": city})
        await world.deliver()
        assert f"Your times follow {zone}" in answered.response.content
        world.clock.move(days=1)
    assert "“ready to plan”" in answered.response.content
    assert [it.content[:5] for it in world.dms(world.ana)].count("Hello") == 1
    assert "how did it go?" in await day(world, world.ana)


async def test_two_people_join_by_one_invitation(world: World) -> None:
    bea = world.newcomer("Bea")
    invitation = await world.invite()
    first, second = await world.at_once(
        world.press(world.ana, invitation, "Join"), world.press(bea, invitation, "Join")
    )
    for person, panel in ((world.ana, first), (bea, second)):
        shown = await person.click(panel.response, label="Ready to plan")
        assert "You're in" in (await person.submit_modal(shown, {"city": "Chicago"})).response.content
    await world.deliver()
    assert world.dms(world.ana)[0].content.startswith("Hello Ana,")
    assert world.dms(bea)[0].content.startswith("Hello Bea,")


async def test_a_form_sent_twice_at_once_makes_one_member_with_one_first_message(world: World) -> None:
    panel, shown = await asked(world, world.ana)
    results = await world.at_once(*(world.send(world.ana, shown, panel, city="Chicago") for _ in range(2)))
    assert all("You're in" in result.response.content for result in results if result.response)
    await world.deliver()
    assert len(world.dms(world.ana)) == 1


async def test_somebody_in_two_cohorts_gets_every_message_once(world: World) -> None:
    await world.join(world.ana)
    channel, _, invitation = await elsewhere(world)
    there = channel.guild.add_member(world.ana.user)
    panel = await there.click(invitation, label="Join")
    shown = await there.click(panel.response, label="Ready to plan")
    answered = await there.submit_modal(shown, {"city": "Chicago"})
    assert "You're in" in answered.response.content
    await world.at("2026-03-03 07:30")
    await world.at("2026-03-03 21:00")
    assert [it.content.split(",")[0] for it in world.dms(world.ana)] == ["Hello Ana", "Good morning", "Good evening"]


# --- which cohort


async def test_with_one_cohort_join_asks_at_once_where_somebody_is(world: World) -> None:
    await cohort(world, "Spring group")
    panel = await world.ana.slash(world.channel, "join")
    assert panel.response.ephemeral
    assert list(buttons(panel.response)) == [*ANSWERS, "I need help"]
    shown = await world.ana.click(panel.response, label="Ready to plan")
    answered = await world.ana.submit_modal(shown, {"city": "Chicago"})
    assert "You're in" in answered.response.content


async def test_with_no_cohort_join_says_who_can_make_one(world: World) -> None:
    refused = await world.ana.slash(world.channel, "join")
    assert refused.response.ephemeral
    assert refused.response.content == "There is nothing to join here yet; a moderator can make a cohort."
    assert await world.ana.autocomplete(world.channel, "join", "cohort", "") == []


async def test_with_several_cohorts_join_needs_one_from_the_list(world: World) -> None:
    await cohort(world, "Spring group")
    await cohort(world, "Autumn group")
    assert "several cohorts" in (await world.ana.slash(world.channel, "join")).response.content
    found = await world.ana.autocomplete(world.channel, "join", "cohort", "AUT")
    assert [choice["value"] for choice in found] == ["Autumn group"]
    panel = await world.ana.slash(world.channel, "join", cohort="autumn group")
    assert list(buttons(panel.response)) == [*ANSWERS, "I need help"]
    nothing = await world.ana.slash(world.channel, "join", cohort="Winter group")
    assert nothing.response.content == "There is no cohort of that name here. The list shows the ones there are."


async def test_join_again_mends_the_answer(world: World) -> None:
    await world.join(world.ana, "Not ready to plan")
    panel = await world.ana.slash(world.channel, "join")
    shown = await world.ana.click(panel.response, label="Exam booked")
    answered = await world.ana.submit_modal(shown, {"city": "Chicago"})
    assert "“exam booked”" in answered.response.content
    assert "what kind of day is it?" in await day(world, world.ana)


async def test_another_servers_cohort_and_one_that_never_was_are_refused_in_the_same_words(world: World) -> None:
    await world.invite()
    await elsewhere(world)
    by_name = [
        (await world.ana.slash(world.channel, "join", cohort=name)).response.content
        for name in ("Their group", "Never made")
    ]
    assert by_name[0] == by_name[1]
    by_button: list[str] = []
    for cohort_id in (2, 999999, 0, 10**18 - 1):
        panel = await world.ana.slash(world.channel, "join")
        sent = world.form(world.ana, f"city:{cohort_id}:rebuilding", panel.response, city="Chicago")
        (answered,) = await world.at_once(sent)
        by_button.append(answered.response.content)
    assert {text.split("\n")[0] for text in by_button} == {GONE}
    assert not is_member(await day(world, world.ana))
    await world.deliver()
    assert not world.dms(world.ana)


@pytest.mark.parametrize("cohort_id", [2, 999999])
async def test_nobody_answers_two_questions_for_a_cohort_that_is_not_there(world: World, cohort_id: int) -> None:
    await world.invite()
    await elsewhere(world)
    assert (await world.forge(world.ana, f"join:{cohort_id}")).response.content == GONE


# --- which city


@pytest.mark.parametrize(
    ("city", "place"),
    [
        ("Chicago", "Chicago"),
        ("  chicago ", "Chicago"),
        ("**Chicago**", "Chicago"),
        ("\u202eChicago", "Chicago"),
        ("Chi\u200bcago", "Chicago"),
        ("EST", "New York"),
        ("New York", "New York"),
        ("newyork", "New York"),
        ("Manila", "Manila"),
        ("America/Jamaica", "Jamaica"),
    ],
)
async def test_a_city_or_zone_that_a_person_would_understand_is_understood(world: World, city: str, place: str) -> None:
    response = await typed(world, city)
    assert f"Your times follow {place}" in response.content
    assert is_member(await day(world, world.ana))


@pytest.mark.parametrize("city", ["utc+5", "UTC-5", "Springfield", "Chicagoo", "-1"])
async def test_a_city_that_could_be_several_comes_back_as_guesses_to_press(world: World, city: str) -> None:
    response = await typed(world, city)
    assert "Which of these is it?" in response.content
    *guesses, again = buttons(response)
    assert 1 <= len(guesses) <= 3
    assert again == "Type it again"
    assert not is_member(await day(world, world.ana))
    answered = await world.ana.click(response, label=guesses[0])
    await world.deliver()
    assert answered.response.content.startswith("You're in")
    assert len(world.dms(world.ana)) == 1


@pytest.mark.parametrize(
    ("city", "quoted"),
    [
        ("", ""),
        ("   ", ""),
        ("\u200b\u200d", ""),
        ("🎓", "🎓"),
        ("مانيلا", "مانيلا"),
        ("asdfgh", "asdfgh"),
        ("@everyone", "@\u200beveryone"),
        ("**zzqq**", r"\*\*zzqq\*\*"),
        ("\u202ezzqq", "zzqq"),
        ("q" * 100, "q" * 100),
        ("1e9", "1e9"),
        ("30 February", "30 February"),
    ],
)
async def test_a_city_nobody_would_understand_is_asked_again_with_the_text_kept(
    world: World, city: str, quoted: str
) -> None:
    response = await typed(world, city)
    kept = f"I can't place “{quoted}” for sure. " if quoted else ""
    assert response.content == f"{kept}A larger city in your time zone works, for example Chicago, Kingston or Manila."
    assert list(buttons(response)) == ["Type it again"]
    assert response.ephemeral
    shown = await world.ana.click(response, label="Type it again")
    answered = await world.ana.submit_modal(shown, {"city": "Chicago"})
    assert "You're in" in answered.response.content


async def test_a_city_longer_than_the_form_takes_is_answered_in_one_message(world: World) -> None:
    panel, shown = await asked(world, world.ana)
    (answered,) = await world.at_once(world.send(world.ana, shown, panel, city="**q** " * 700))
    assert "I can't place" in answered.response.content


@pytest.mark.parametrize("zone", ["Nowhere/Atall", "posixrules", "..", "localtime", "A" * 40])
async def test_a_forged_zone_is_no_place(world: World, zone: str) -> None:
    await world.invite()
    refused = await world.forge(world.ana, f"place:1:rebuilding:US:{zone}")
    assert refused.response.ephemeral
    assert not is_member(await day(world, world.ana))


@pytest.mark.parametrize("cohort_id", [2, 999999])
async def test_a_forged_place_in_a_cohort_that_is_not_here_leads_nowhere(world: World, cohort_id: int) -> None:
    await world.invite()
    await elsewhere(world)
    refused = await world.forge(world.ana, f"place:{cohort_id}:rebuilding:US:America/Chicago")
    assert refused.response.content == GONE
    assert not is_member(await day(world, world.ana))


@pytest.mark.parametrize("custom_id", ["join:1", "place:1:rebuilding:US:America/Chicago"])
async def test_joining_by_a_dm_says_where_it_works(world: World, custom_id: str) -> None:
    await world.invite()
    refused = await world.forge_dm(world.ana, custom_id)
    assert "in the study server" in refused.response.content
    assert not is_member(await day(world, world.ana))


async def test_a_fixed_offset_is_named_as_people_count_it(world: World) -> None:
    response = await typed(world, "utc-5")
    answered = await world.ana.click(response, custom_id="place:1:rebuilding:ZZ:Etc/GMT+5")
    await world.deliver()
    assert "Your times follow UTC-5." in answered.response.content
    assert "(UTC-5 time)" in world.dms(world.ana)[0].content


async def test_a_moderator_who_joins_gets_a_first_message_and_days_of_their_own(world: World) -> None:
    """Who only moderates has no days: naming themselves for the queue begins none."""
    await world.moderator.slash(world.channel, "cohort create", name="Spring group", channel=world.channel)
    await world.moderator.slash(world.channel, "queue duty", on=True)
    world.clock.move(days=20)
    await world.join(world.moderator)
    assert len(world.dms(world.moderator)) == 1
    week = (await world.moderator.slash(world.channel, "week")).response
    assert "20" not in week.content
    await world.at("2026-03-23 07:30")
    assert world.dms(world.moderator)[-1].content.startswith("Good morning, mod.")
