"""A member sees everything they chose, changes it by button or in short, and leaves a cohort and comes back."""

import re
from dataclasses import replace
from typing import Any

import pytest

from bot.replies import LONGEST
from bot.services.actors import NotJoined
from bot.services.settings import Choices
from bot.storage.enrolments import Enrolled
from bot.ui.setting_forms import SETTINGS, setting_form
from bot.ui.settings import MOST_BUTTONS, panel
from tests.conftest import People, World, buttons

STRANGER = str(NotJoined())
GONE = "I can't find that any more. `/today` always opens what there is."
ON_A_LOCKED_PHONE = 120
"""Characters."""
SECRETS = re.compile(r"\b(exam|result|score|fail|mood|help|crisis)", re.IGNORECASE)
NO_PLACE = "I don't know that place. `/settings zone` starts anew."
OLD = "That button is from an older time. `/today` opens what there is."

CHANGES: dict[str, tuple[dict[str, str], str]] = {
    "zone": ({"place": "Manila"}, "Place: Manila"),
    "times": ({"morning": "6:30", "evening": "10 pm"}, "Messages: 06:30 and 22:00"),
    "day": ({"cut": "3 am"}, "Day's cut: 03:00"),
    "blocks": ({"size": "40"}, "Block size: 40 questions"),
    "country": ({"country": "Jamaica"}, "Country, for help lines: Jamaica"),
}
"""What is typed for each setting, and the line that shows it."""

BAD: list[tuple[str, dict[str, str], str]] = [
    *(
        ("times", {"morning": words}, "A time of day works here, such as `7:30`, `19:30` or `7 pm`.")
        for words in ("EST", "New York", "utc+5", "25:00", "🎓", "-1", "1e9", "forty", "@everyone", "\u202e")
    ),
    ("times", {"evening": "8:00"}, "at least two hours after the morning, before your day ends at 04:00"),
    *(("times", words, "A morning time, an evening time or both") for words in ({}, {"morning": " "})),
    *(("day", {"cut": words}, "A time of day works here") for words in ("EST", "utc+5", "25:00", " ", "🎓")),
    ("day", {"cut": "4:30"}, "A day can end at a whole hour only, such as `4:00` or `midnight`."),
    ("day", {"cut": "8"}, "anything from 22:00 to 07:00 works."),
    *(
        ("blocks", {"size": words}, "A block can have 10 to 50 questions")
        for words in ("9", "51", "lots", " ", "🎓", "1e9")
    ),
    *(("zone", {"place": words}, "A larger city in your time zone works") for words in (" ", "🎓", "asdfgh", "1e9")),
    ("zone", {"place": "US:Nowhere/Atall"}, NO_PLACE),
    *(("country", {"country": words}, "lists the countries I have lines for") for words in (" ", "🎓", "Atlantis")),
]


async def said(world: World, command: str, **typed: str) -> str:
    """What Ana is told by a command under `/settings`, alone."""
    return (await used(world, command, **typed)).content


async def used(world: World, command: str, **typed: str) -> Any:
    result = await world.ana.slash(world.channel, f"settings {command}", **typed)
    assert result.response.ephemeral
    assert not result.followups
    return result.response


async def opened(world: World) -> Any:
    """The settings as they are reached from the panel."""
    page = (await world.ana.slash(world.channel, "today")).response
    for label in ("More", "Settings"):
        page = (await world.ana.click(page, label=label)).response
    return page


async def line(world: World, start: str) -> str:
    """The line of the settings that begins so, without that."""
    lines = (await said(world, "show")).split("\n")
    return next(it.removeprefix(start) for it in lines if it.startswith(start))


async def stored(world: World) -> list[tuple[Any, ...]]:
    """What is chosen, as it stands in the records."""
    async with world.services.records.reading() as tx:
        rows: list[tuple[Any, ...]] = []
        for table in ("clocks", "phases", "spans", "enrolments"):
            rows += [tuple(row) for row in await tx.rows(f"SELECT * FROM {table} ORDER BY 1, 2")]
        return rows + [tuple(row) for row in await tx.rows("SELECT country, block_size FROM members")]


async def second_cohort(world: World, person: Any, name: str = "Autumn group") -> None:
    panel = await person.click(await world.invite(name), label="Join")
    form = await person.click(panel.response, label="Ready to plan")
    await person.submit_modal(form, {"city": "Chicago"})


# --- one screen


async def test_one_screen_shows_everything_a_member_chose(world: World) -> None:
    await world.join(world.ana)
    assert await said(world, "show") == (
        "**Settings**\n"
        "Place: Chicago\n"
        "Messages: 07:30 and 21:00\n"
        "Day's cut: 04:00; until then it is still the day before\n"
        "Block size: 20 questions\n"
        "Tone of what I say about your days: plain\n"
        "Cohorts: “Group of ana”\n"
        "Country, for help lines: United States\n"
        "Where you are: ready to plan\n"
        "Next message: today at 21:00"
    )


async def test_the_panel_leads_to_it_and_back(world: World) -> None:
    await world.join(world.ana)
    page = await opened(world)
    assert page.content == await said(world, "show")
    labels = ["Place", "Times", "Day's cut", "Block size", "Country", "Tone", "Where I am"]
    labels += ["Leave Group of ana", "Back"]
    assert list(buttons(page)) == labels
    back = await world.ana.click(page, label="Back")
    assert back.response.content == "**More**"


async def test_it_works_in_direct_messages_and_a_locked_phone_shows_nothing_of_it(world: World) -> None:
    await world.join(world.ana, "Exam booked")
    ana = world.ana.user
    shown = [await ana.slash("settings show")]
    for what, (typed, found) in CHANGES.items():
        shown.append(await ana.slash(f"settings {what}", **typed))
        assert found in shown[-1].response.content
    where = await ana.click(shown[-1].response, label="Where I am")
    shown += [where, await ana.click(where.response, label="Exam booked"), await ana.slash("settings leave")]
    for result in shown:
        assert not result.response.ephemeral
        assert not SECRETS.search(result.response.content[:ON_A_LOCKED_PHONE])


# --- changing


@pytest.mark.parametrize("what", CHANGES)
async def test_a_command_changes_one_thing_and_shows_all(world: World, what: str) -> None:
    await world.join(world.ana)
    typed, found = CHANGES[what]
    answer = await used(world, what, **typed)
    assert found in answer.content.split("\n\n**Settings**\n")[1]
    assert "Back" in buttons(answer)
    assert found in await said(world, "show")


@pytest.mark.parametrize("what", CHANGES)
async def test_a_button_opens_a_form_that_changes_the_message_in_place_also_after_a_restart(
    world: World, what: str
) -> None:
    await world.join(world.ana)
    page = await opened(world)
    typed, found = CHANGES[what]
    await world.restart()
    form = await world.ana.click(page, label=SETTINGS[what].label)
    await world.restart()
    answer = (await world.ana.submit_modal(form, typed)).response
    assert answer.id == page.id
    assert found in answer.content.split("\n\n**Settings**\n")[1]


async def test_a_form_shows_what_holds_now_and_sent_as_it_is_it_changes_nothing(world: World) -> None:
    await world.join(world.ana)
    for what in ("times", "day", "blocks", "country"):
        await said(world, what, **CHANGES[what][0])
    before = await stored(world)
    for what in ("times", "day", "blocks", "country"):
        page = await opened(world)
        form = await world.ana.click(page, label=SETTINGS[what].label)
        known = {it["component"]["custom_id"]: it["component"]["value"] for it in form.modal["components"]}
        await world.ana.submit_modal(form, known)
    assert await stored(world) == before


@pytest.mark.parametrize("what", SETTINGS)
async def test_what_nobody_would_understand_gets_one_sentence_and_changes_nothing(world: World, what: str) -> None:
    await world.join(world.ana)
    before = await stored(world)
    for typed, sentence in [(typed, sentence) for setting, typed, sentence in BAD if setting == what]:
        answer = await used(world, what, **typed)
        assert sentence in answer.content
        assert "@everyone" not in answer.content
        assert not buttons(answer)
    assert await stored(world) == before


@pytest.mark.parametrize(
    ("what", "typed"), [("times", {"morning": "soon"}), ("day", {"cut": "4:30"}), ("blocks", {"size": "9"})]
)
async def test_words_that_can_not_be_used_are_kept_for_another_try(
    world: World, what: str, typed: dict[str, str]
) -> None:
    await world.join(world.ana)
    form = await world.ana.click(await opened(world), label=SETTINGS[what].label)
    refused = (await world.ana.submit_modal(form, typed)).response
    assert refused.content.endswith("Your words are kept for a day.")
    again = await world.ana.click(refused, label="Open it again")
    known = {it["component"]["custom_id"]: it["component"].get("value") for it in again.modal["components"]}
    assert known.items() >= typed.items()
    right, found = CHANGES[what]
    assert found in (await world.ana.submit_modal(again, right)).response.content


async def test_a_form_sent_twice_at_once_is_one_change(world: World) -> None:
    await world.join(world.ana)
    page = await opened(world)
    form = await world.ana.click(page, label="Times")
    results = await world.at_once(
        world.send(world.ana, form, page, morning="6:30"), world.send(world.ana, form, page, morning="8:00")
    )
    assert all("Messages: 06:30 and 21:00" in it.response.content for it in results if it.response)
    assert await line(world, "Messages: ") == "06:30 and 21:00"


async def test_a_form_with_forged_fields_is_one_sentence(world: World) -> None:
    await world.join(world.ana)
    page = await opened(world)
    for what in SETTINGS:
        (answer,) = await world.at_once(
            world.form(world.ana, f"set:{what}:0123456789ab", page, nothing="x" * 3000, place="\u200b")
        )
        assert 0 < len(answer.response.content) <= LONGEST


# --- the place


async def test_a_place_a_person_would_understand_is_understood(world: World) -> None:
    await world.join(world.ana, city="London")
    for place, shown in (
        ("New York", "New York"),
        ("  chicago ", "Chicago"),
        ("EST", "New York"),
        ("Asia/Kolkata", "Kolkata"),
        ("Kingston, Jamaica", "Jamaica"),
    ):
        assert f"Your times follow {shown} from now on." in await said(world, "zone", place=place)


@pytest.mark.parametrize("place", ["utc+5", "Springfield", "Chicagoo"])
async def test_a_place_that_could_be_several_comes_back_as_guesses_that_last(world: World, place: str) -> None:
    await world.join(world.ana, city="London")
    asked = await used(world, "zone", place=place)
    *guesses, again, back = buttons(asked)
    assert "Which of these is it?" in asked.content
    assert 1 <= len(guesses) <= 3
    assert (again, back) == ("Type it again", "Back")
    assert await line(world, "Place: ") == "London"
    await world.restart()
    moved = await world.ana.click(asked, label=guesses[0])
    assert "**Settings**" in moved.response.content
    assert await line(world, "Place: ") != "London"


async def test_guesses_from_the_form_can_be_typed_again(world: World) -> None:
    await world.join(world.ana)
    form = await world.ana.click(await opened(world), label="Place")
    asked = await world.ana.submit_modal(form, {"place": "Springfield"})
    form = await world.ana.click(asked.response, label="Type it again")
    moved = await world.ana.submit_modal(form, {"place": "Springfield, Massachusetts"})
    assert "Your times follow New York" in moved.response.content


async def test_a_few_letters_bring_up_places_and_a_pick_is_taken(world: World) -> None:
    await world.join(world.ana)
    choices = await world.ana.autocomplete(world.channel, "settings zone", "place", "mani")
    pick = next(it for it in choices if it["name"].startswith("Manila"))
    assert "Your times follow Manila" in await said(world, "zone", place=pick["value"])
    assert len(await world.ana.autocomplete(world.channel, "settings zone", "place", "")) == 25


async def test_a_move_says_which_countrys_help_lines_are_shown(world: World) -> None:
    await world.join(world.ana)
    assert "Country, for help lines: Philippines" in await said(world, "zone", place="Manila")
    assert "Philippines" in (await world.ana.slash(world.channel, "crisis")).response.content


async def test_a_fixed_offset_keeps_the_country_and_is_named_as_people_count_it(world: World) -> None:
    await world.join(world.ana)
    answer = await world.forge(world.ana, "settings:place:ZZ:Etc/GMT+5")
    assert "Place: UTC-5" in answer.response.content
    assert "Country, for help lines: United States" in answer.response.content


async def test_a_forged_zone_is_no_place(world: World) -> None:
    await world.join(world.ana)
    before = await stored(world)
    for zone in ("Nowhere/Atall", "posixrules", "localtime", "A" * 40):
        refused = await world.forge(world.ana, f"settings:place:US:{zone}")
        assert refused.response.content == NO_PLACE
    assert await stored(world) == before


# --- the country


async def test_a_country_that_could_be_several_comes_back_as_guesses_that_last(world: World) -> None:
    await world.join(world.ana)
    asked = await used(world, "country", country="united")
    *guesses, _, _ = buttons(asked)
    assert guesses[:3] == ["United States", "United Kingdom", "United Arab Emirates"]
    await world.restart()
    answer = await world.ana.click(asked, label="United Kingdom")
    assert "Your country is United Kingdom now." in answer.response.content
    assert "United Kingdom" in (await world.ana.slash(world.channel, "crisis")).response.content


async def test_the_list_of_countries_is_the_one_of_crisis(world: World) -> None:
    for letters in ("", "jam", "united"):
        mine = await world.ana.autocomplete(world.channel, "settings country", "country", letters)
        assert mine == await world.ana.autocomplete(world.channel, "crisis", "country", letters)
        assert mine


async def test_a_forged_country_is_not_found(world: World) -> None:
    await world.join(world.ana)
    assert (await world.forge(world.ana, "settings:country:ZZ")).response.content == GONE
    assert await line(world, "Country, for help lines: ") == "United States"


# --- what comes when


async def test_a_later_morning_after_it_has_come_brings_no_second_one(world: World) -> None:
    await world.join(world.ana)
    await world.at("2026-03-03 07:30")
    assert "Next message: today at 21:00" in await said(world, "times", morning="9:00")
    for now in ("2026-03-03 09:00", "2026-03-03 20:59"):
        await world.at(now)
    assert [it.content[:12] for it in world.dms(world.ana)].count("Good morning") == 1
    await world.at("2026-03-04 08:59")
    assert [it.content[:12] for it in world.dms(world.ana)].count("Good morning") == 1
    await world.at("2026-03-04 09:00")
    assert [it.content[:12] for it in world.dms(world.ana)].count("Good morning") == 2


async def test_a_time_that_has_gone_today_comes_in_a_moment_and_is_said_to(world: World) -> None:
    await world.join(world.ana)
    await world.at("2026-03-02 19:00")
    assert "Next message: in a moment" in await said(world, "times", evening="18:00")
    await world.deliver()
    assert world.dms(world.ana)[-1].content.startswith("Good evening")
    assert "Next message: tomorrow at 07:30" in await said(world, "show")
    await world.at("2026-03-02 21:00")
    assert [it.content[:12] for it in world.dms(world.ana)].count("Good evening") == 1


async def test_on_nights_the_answer_says_that_times_are_for_ordinary_days(world: World) -> None:
    await world.join(world.ana)
    async with world.services.records.writing() as tx:
        await tx.execute(
            """INSERT INTO spans (member_id, kind, from_day, to_day, cut_hour, morning_minute, evening_minute)
               VALUES (1, 'nights', '2026-03-02', '2026-03-06', 10, 960, 510)"""
        )
    for what in ("times", "day"):
        answer = await said(world, what, **CHANGES[what][0])
        assert "That is for ordinary days: you're on nights until Fri 6 March." in answer
        assert "On nights until Fri 6 March, at the times of your nights" in answer
    assert "for ordinary days" not in await said(world, "blocks", size="30")


async def test_blocks_of_another_size_change_no_count(world: World) -> None:
    await world.join(world.ana)
    await world.ana.slash(world.channel, "log", questions="40")
    assert "40 questions (2 blocks)" in (await world.ana.slash(world.channel, "today")).response.content
    await said(world, "blocks", size="10")
    assert "40 questions (4 blocks)" in (await world.ana.slash(world.channel, "today")).response.content


# --- where somebody is


async def test_where_somebody_is_can_be_said_from_the_settings_without_a_city(world: World) -> None:
    await world.join(world.ana)
    where = await world.ana.click(await opened(world), label="Where I am")
    assert list(buttons(where.response)) == [
        "Just found out",
        "Not ready to plan",
        "Ready to plan",
        "Exam booked",
        "Back",
    ]
    await world.restart()
    gentle = await world.ana.click(where.response, label="Not ready to plan")
    assert gentle.response.content.startswith("Noted. From today on nothing is asked of you.")
    assert "Where you are: not ready to plan" in gentle.response.content
    await world.at("2026-03-02 21:00")
    await world.at("2026-03-03 07:30")
    assert len(world.dms(world.ana)) == 1
    where = await world.ana.click(gentle.response, label="Where I am")
    ready = await world.ana.click(where.response, label="Ready to plan")
    assert "a short message in the morning and one in the evening" in ready.response.content
    await world.at("2026-03-03 21:00")
    assert world.dms(world.ana)[-1].content.startswith("Good evening")


async def test_an_answer_that_is_none_of_the_four_changes_nothing(world: World) -> None:
    await world.join(world.ana)
    before = await stored(world)
    assert (await world.forge(world.ana, "settings:phase:result")).response.content == OLD
    assert await stored(world) == before


# --- leaving


async def test_leaving_the_only_cohort_asks_nothing_stops_messages_and_can_be_taken_back(world: World) -> None:
    await world.join(world.ana)
    await world.ana.slash(world.channel, "log", questions="40")
    left = await used(world, "leave")
    assert left.content.startswith(
        "You've left “Group of ana”. It was the only one, so messages have stopped. "
        "Nothing of yours is erased, and `/today` still works."
    )
    assert "Cohorts: none" in left.content
    assert "40 questions" in (await world.ana.slash(world.channel, "today")).response.content
    await world.at("2026-03-02 21:00")
    await world.at("2026-03-03 07:30")
    assert len(world.dms(world.ana)) == 1
    await world.restart()
    back = await world.ana.click(left, label="Come back")
    assert back.response.content.startswith("You're back in “Group of ana”.")
    assert "Next message: today at 21:00" in back.response.content
    await world.at("2026-03-03 21:00")
    assert world.dms(world.ana)[-1].content.startswith("Good evening")


async def test_the_button_leaves_too_and_says_which_cohort(world: World) -> None:
    await world.join(world.ana)
    page = await opened(world)
    left = await world.ana.click(page, label="Leave Group of ana")
    assert left.response.id == page.id
    assert "Leave Group of ana" not in buttons(left.response)
    assert "Come back" in buttons(left.response)


async def test_with_several_cohorts_one_is_picked_and_messages_go_on(world: World) -> None:
    await world.join(world.ana)
    await second_cohort(world, world.ana)
    which = await used(world, "leave")
    assert which.content == "**Which one?**"
    assert list(buttons(which)) == ["Leave Group of ana", "Leave Autumn group", "Back"]
    left = await world.ana.click(which, label="Leave Autumn group")
    assert left.response.content.startswith("You've left “Autumn group”. Nothing of yours is erased.\n\n**Settings**")
    assert "Next message: today at 21:00" in left.response.content


async def test_a_cohort_is_left_by_its_name_or_from_the_list(world: World) -> None:
    await world.join(world.ana)
    await second_cohort(world, world.ana)
    choices = await world.ana.autocomplete(world.channel, "settings leave", "cohort", "AUT")
    assert [it["name"] for it in choices] == ["Autumn group"]
    assert "You've left “Autumn group”" in await said(world, "leave", cohort=choices[0]["value"])
    assert "You've left “Group of ana”" in await said(world, "leave", cohort="group of ANA")
    assert await said(world, "leave") == "You are in no cohort right now, so there is none to leave."


async def test_cohorts_of_one_name_are_told_apart_by_their_servers(world: World) -> None:
    await world.join(world.ana)
    guild = world.env.create_guild("Elsewhere")
    channel = guild.create_text_channel("general")
    owner, there = guild.add_member(guild.owner), guild.add_member(world.ana.user)
    await owner.slash(channel, "cohort create", name="Group of ana", channel=channel)
    where: Any = (await there.slash(channel, "join")).response
    form = await there.click(where, label="Ready to plan")
    await there.submit_modal(form, {"city": "Chicago"})
    which = await used(world, "leave")
    assert list(buttons(which))[:2] == ["Leave Group of ana (Campus)", "Leave Group of ana (Elsewhere)"]
    assert "pick one from the list" in await said(world, "leave", cohort="Group of ana")


async def test_somebody_elses_cohort_and_one_that_never_was_are_one_thing(world: World) -> None:
    await world.join(world.ana)
    await world.join(world.newcomer("Bea"))
    before = await stored(world)
    names = [await said(world, "leave", cohort=name) for name in ("Group of bea", "Never made", "2")]
    ids = [(await world.forge(world.ana, f"settings:leave:{cohort}")).response.content for cohort in (2, 999_999)]
    backs = [(await world.forge(world.ana, f"settings:back:{cohort}:1")).response.content for cohort in (2, 999_999)]
    assert set(names) == {"You are in no cohort of that name. The list shows the ones you are in."}
    assert {*ids, *backs} == {GONE}
    assert await stored(world) == before


async def test_leaving_and_coming_back_twice_at_once_are_each_one_thing(world: World) -> None:
    await world.join(world.ana)
    page = await opened(world)
    results = await world.at_once(*(world.press(world.ana, page, "Leave Group of ana") for _ in range(2)))
    assert all(it.response.content.startswith("You've left “Group of ana”.") for it in results if it.response)
    left = next(it.response for it in results if it.response)
    results = await world.at_once(*(world.press(world.ana, left, "Come back") for _ in range(2)))
    assert all(it.response.content.startswith("You're back in “Group of ana”.") for it in results if it.response)
    assert await line(world, "Next message: ") == "today at 21:00"


async def test_a_cohort_in_anothers_words_is_shown_as_plain_text(world: World) -> None:
    await world.join(world.ana)
    await second_cohort(world, world.ana, "**@everyone** group")
    shown = await said(world, "show")
    assert "@everyone" not in shown
    assert "**@" not in shown


# --- strangers


async def test_a_stranger_reads_how_to_join(world: World) -> None:
    await world.join(world.newcomer("Bea"))
    for command in ("show", *SETTINGS, "leave"):
        typed = CHANGES.get(command, ({}, ""))[0]
        assert await said(world, command, **typed) == STRANGER
        assert (await world.ana.user.slash(f"settings {command}", **typed)).response.content == STRANGER


async def test_a_strangers_button_reads_how_to_join_and_changes_nothing(world: World) -> None:
    await world.join(world.newcomer("Bea"))
    before = await stored(world)
    for custom_id in (
        *(f"settings:{what}" for what in SETTINGS),
        "settings:place:US:America/Chicago",
        "settings:country:US",
        "settings:phase:rebuilding",
        "settings:tone:dry",
        "settings:leave:1",
        "settings:back:1:1",
        "page:settings",
        "page:settings_leave",
    ):
        assert (await world.forge(world.ana, custom_id)).response.content == STRANGER
    assert await stored(world) == before


async def test_a_strangers_guess_and_list_tell_nothing(world: World) -> None:
    await world.join(world.newcomer("Bea"))
    assert await said(world, "zone", place="Springfield") == STRANGER
    assert await said(world, "country", country="united") == STRANGER
    assert await world.ana.autocomplete(world.channel, "settings leave", "cohort", "") == []


# --- limits


async def test_the_longest_settings_fit_into_one_message(world: World) -> None:
    await world.join(world.ana)
    choices: Choices = await world.services.settings.look(People().actor(world.ana.id), world.clock())
    for name in ("*" * 60, "@everyone " * 6, "🎓" * 60):
        many = tuple(Enrolled(cohort_id=n, guild_id=1, name=name, is_active=True) for n in range(MOST_BUTTONS + 5))
        for cohorts in ((), many[:1], many):
            text, view = panel(replace(choices, cohorts=cohorts), "x" * 60, "y" * 200)
            assert len(text) <= LONGEST
            rows = view.to_components()
            assert len(rows) <= 5
            assert all(len(item["label"]) <= 80 for row in rows for item in row["components"])


def test_every_form_knows_its_custom_id_again() -> None:
    for what in SETTINGS:
        assert re.fullmatch(rf"set:{what}:[0-9a-f]{{12}}", setting_form(what, {}).custom_id)
