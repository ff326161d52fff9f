"""My people: kept locked for their writer alone, and first among those who could help after a card."""

from typing import Any

import pytest

from bot.data import crisis_resources
from bot.domain.crisis import Country
from bot.domain.crisis_cards import Campus
from bot.domain.people import LONGEST_NAME, MOST, named
from bot.domain.who_else import NOBODY_NAMED, TO_COPY, VOLUNTEER, Others, who_else
from tests.conftest import World, buttons

OPENING = "**My people**"
COUNTRIES = crisis_resources.load().countries


async def name_people(world: World, person: Any, *names: str) -> Any:
    """The form behind `/journal people`, sent with these names; returns the answer."""
    shown = await person.slash(world.channel, "journal people")
    (label,) = [label for label, custom_id in buttons(shown.response).items() if custom_id == "people:change"]
    form = await person.click(shown.response, label=label)
    return await person.submit_modal(form, dict(zip(("first", "second", "third"), names, strict=False)))


async def who_else_could_help(person: Any, world: World) -> Any:
    shown = await person.slash(world.channel, "crisis")
    await person.click(shown.response, label="Who else could help")
    return shown.response


# --- keeping names


async def test_up_to_three_names_are_kept_and_shown_to_their_writer_alone(world: World) -> None:
    bea = world.newcomer("Bea")
    await world.join(world.ana)
    await world.join(bea)
    answered = await name_people(world, world.ana, "Lena", "Uncle Joe", "Priya")
    assert "• Lena\n• Uncle Joe\n• Priya" in answered.response.content
    assert answered.response.ephemeral
    assert "Lena" in (await world.ana.slash(world.channel, "journal people")).response.content
    assert "Nobody is named yet." in (await bea.slash(world.channel, "journal people")).response.content


async def test_before_anybody_types_they_read_who_will_see_it(world: World) -> None:
    await world.join(world.ana)
    shown = (await world.ana.slash(world.channel, "journal people")).response
    assert shown.content.startswith(OPENING)
    assert "Only you see them; whoever hosts me could open them." in shown.content
    assert list(buttons(shown)) == ["Name somebody", "Back"]


async def test_names_are_locked_in_the_file(world: World) -> None:
    await world.join(world.ana)
    await name_people(world, world.ana, "Zebulonia")
    for file in world.records_folder.glob("comeback.db*"):
        assert b"Zebulonia" not in file.read_bytes()


async def test_new_names_stand_in_the_place_of_the_old_and_none_takes_them_back(world: World) -> None:
    await world.join(world.ana)
    await name_people(world, world.ana, "Lena", "Priya")
    await name_people(world, world.ana, "", "Omar", "")
    shown = (await world.ana.slash(world.channel, "journal people")).response
    assert "• Omar" in shown.content
    assert "Lena" not in shown.content
    await name_people(world, world.ana, "", "", "")
    assert "Nobody is named yet." in (await world.ana.slash(world.channel, "journal people")).response.content


async def test_the_form_opens_with_the_names_that_stand(world: World) -> None:
    await world.join(world.ana)
    await name_people(world, world.ana, "Lena", "Priya")
    shown = await world.ana.slash(world.channel, "journal people")
    form = await world.ana.click(shown.response, label="Change")
    fields = [label["component"] for label in form.modal["components"]]
    assert [field.get("value") for field in fields] == ["Lena", "Priya", None]


async def test_the_page_is_reached_from_today_and_from_a_dm(world: World) -> None:
    await world.join(world.ana)
    shown = await world.ana.slash(world.channel, "today")
    await world.ana.click(shown.response, label="More")
    await world.ana.click(shown.response, label="My people")
    assert shown.response.content.startswith(OPENING)
    assert (await world.ana.user.slash("journal people")).response.content.startswith(OPENING)


async def test_somebody_who_never_joined_reads_how_to_and_gets_their_names_back(world: World) -> None:
    await world.join(world.newcomer("Bea"))
    assert (await world.ana.slash(world.channel, "journal people")).response.content.startswith("You haven't joined")
    act = world.form(world.ana, "people:0123456789ab", world.channel.last_message, first="Lena", second="Omar")
    (result,) = await world.at_once(act)
    assert result.response.content.endswith(">>> Lena\nOmar")


async def test_a_form_sent_twice_is_kept_once(world: World) -> None:
    await world.join(world.ana)
    shown = await world.ana.slash(world.channel, "journal people")
    form = await world.ana.click(shown.response, label="Name somebody")
    once = world.send(world.ana, form, world.channel.last_message, first="Lena")
    await world.at_once(once, once)
    assert (await world.ana.slash(world.channel, "journal people")).response.content.count("• Lena") == 1


@pytest.mark.parametrize("name", ["**bold**", "@everyone", "\u202egnol", "🎓" * 40, "x" * 200, "`code`", "<@123>"])
async def test_whatever_a_name_looks_like_it_turns_no_line_and_pings_nobody(world: World, name: str) -> None:
    await world.join(world.ana)
    answered = await name_people(world, world.ana, name[:LONGEST_NAME])
    assert len(answered.response.content) < 2000
    page = await who_else_could_help(world.ana, world)
    assert "@everyone" not in page.content.replace("@\u200beveryone", "")
    assert "\u202e" not in page.content


def test_names_are_trimmed_never_doubled_and_three_at_most() -> None:
    assert named(["  Lena ", "", "Lena", "Uncle\nJoe"]) == ("Lena", "Uncle Joe")
    assert len(named(["a", "b", "c", "d"])) == MOST
    assert named(["x" * 500]) == ("x" * LONGEST_NAME,)


# --- after the card


async def test_after_the_card_come_people_then_professionals_and_last_a_volunteer(world: World) -> None:
    await world.join(world.ana)
    await name_people(world, world.ana, "Lena")
    page = await who_else_could_help(world.ana, world)
    known, professional, volunteer = (
        page.content.index(title)
        for title in ("**Someone you already know**\n**Lena**", "**A professional**", "**A volunteer**")
    )
    assert page.content.startswith("**In danger now?** Call 911")
    assert known < professional < volunteer
    assert f"```\n{TO_COPY}\n```" in page.content
    assert "Physician Support Line" in page.content
    assert list(buttons(page)) == ["Already hurt or taken something", "Ask a volunteer", "Back"]
    assert "not crisis help" in VOLUNTEER


async def test_the_volunteer_is_a_page_that_is_there(world: World) -> None:
    await world.join(world.ana)
    page = await who_else_could_help(world.ana, world)
    turned = await world.ana.click(page, label="Ask a volunteer")
    assert "volunteer" in turned.response.content


async def test_the_cohorts_own_line_stands_there_once_somebody_set_it(world: World) -> None:
    await world.join(world.ana)
    async with world.services.records.writing() as tx:
        await tx.execute("UPDATE cohorts SET campus_line = 'Campus care, *555-0100*'")
    page = await who_else_could_help(world.ana, world)
    assert r"Your cohort's own line: Campus care, \*555-0100\*" in page.content


async def test_the_servers_line_is_said_to_be_the_servers_also_to_somebody_who_never_joined(world: World) -> None:
    await world.join(world.ana)
    await world.moderator.slash(world.channel, "cohort edit", cohort="Group of ana", server="Dean, room 2")
    for person in (world.ana, world.newcomer("Bea")):
        assert "Your server's own line: Dean, room 2" in (await who_else_could_help(person, world)).content


async def test_somebody_who_never_joined_and_records_that_rest_get_the_page_without_names(world: World) -> None:
    await world.join(world.newcomer("Bea"))
    assert NOBODY_NAMED in (await who_else_could_help(world.ana, world)).content
    await world.services.records.close()
    assert NOBODY_NAMED in (await who_else_could_help(world.ana, world)).content


async def test_on_a_card_about_somebody_else_it_is_not_offered(world: World) -> None:
    shown = await world.ana.slash(world.channel, "crisis")
    await world.ana.click(shown.response, label="Worried about someone")
    assert "Who else could help" not in buttons(shown.response)


@pytest.mark.parametrize("country", [None, *COUNTRIES], ids=lambda it: it.code if it else "anywhere")
def test_the_page_fits_in_every_country(country: Country | None) -> None:
    text = who_else(country, Others(people=("x" * LONGEST_NAME * 2,) * MOST, campus=Campus(line="x" * 120)))
    assert len(text) <= 2000
    assert "!" not in text
