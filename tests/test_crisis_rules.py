"""Does every crisis card hold what it must, and nothing it must not?"""

import json
import re
from collections import defaultdict
from datetime import date
from importlib.resources import files
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from bot.data import crisis_resources as data
from bot.domain import crisis as rules
from bot.domain import crisis_cards as cards
from bot.ui import crisis, pages
from bot.ui import crisis_pages as ui

RESOURCES = data.load()
COUNTRIES = RESOURCES.countries
TEXT = files("bot.data").joinpath("crisis_resources.toml").read_text(encoding="utf-8")
EVERYWHERE: list[rules.Country | None] = [None, *COUNTRIES]
EU = set(re.findall("..", "ATBEBGCYCZDEDKEEESFIFRGRHRHUIEITLTLULVMTNLPLPTROSESISK"))


def country(code: str) -> rules.Country:
    found = RESOURCES.country(code)
    assert found, code
    return found


def digits(text: str) -> str:
    return "".join(letter for letter in text if letter.isdigit())


def numbers(line: rules.Line) -> list[str]:
    """Every number of a line as digits, without words in brackets."""
    plain = [re.sub(r" \(.*\)", "", it) for it in (*line.call, line.text, line.whatsapp) if it]
    return [digits(it) for it in plain]


# --- the words


def test_a_card_is_short_enough_to_be_read() -> None:
    for country in EVERYWHERE:
        assert len(cards.card(country).split()) <= 90


def test_a_card_is_short_enough_also_with_the_sentence_about_an_unknown_country() -> None:
    assert len(f"{cards.NOT_FOUND} {cards.card(None)}".split()) <= 90


FORBIDDEN = (
    r"commit\w*|successful|failed|failure|fail|threat\w*|cry for help|unalive|overdose|method|"
    r"understand|i care|here for you|monitor\w*|it's just|worse|think of your family|got this|"
    r"must|promise|confidential|anonymous|risk|suicidal|diagnos\w*|seem|symptoms?|"
    r"exams?|stud(?:y|ies|ying)|block|goal|plan|score|step 1|usmle|prompt|streak|"
    r"wrote|glad|proud|brave|well done|free|help you through|moderators?"
)


def test_a_card_says_nothing_it_must_not_say() -> None:
    for country in EVERYWHERE:
        for text in (cards.card(country), cards.hurt_card(country)):
            assert not re.findall(rf"\b(?:{FORBIDDEN})\b", text.casefold())
            assert "!" not in text
            assert not [letter for letter in text if ord(letter) > 0x2100]  # no emoji, no symbols


def test_a_card_opens_with_one_human_sentence_and_then_safety() -> None:
    for country in EVERYWHERE:
        opening, danger, people, about = cards.card(country).split("\n\n")
        assert opening == "You don't have to carry this alone, or find the right words."
        assert danger.startswith("**In danger now, or already hurt?** Call ")
        assert "nearest emergency department" in danger
        assert people.startswith("**Someone to talk to")
        assert about == cards.ABOUT
        assert all(word in about for word in ("bot", "nobody is watching", "can't call anyone", "Only you"))


def test_every_card_names_an_emergency_number() -> None:
    for country in EVERYWHERE:
        dialled = [it.number for it in country.emergency] if country else ["112"]
        for text in (cards.card(country), cards.hurt_card(country)):
            assert any(re.search(rf"\b{number}\b", text) for number in dialled)


def test_a_number_nobody_read_is_never_alone() -> None:
    for country in COUNTRIES:
        for text in (cards.card(country), cards.hurt_card(country)):
            named = [it for it in country.emergency if re.search(rf"\b{it.number}\b", text)]
            sure = all(it.confidence == "read" for it in named)
            assert sure or "the emergency number where you are; 112 works on most mobile phones" in text


def test_the_card_for_the_hurt_says_nothing_else() -> None:
    for country in EVERYWHERE:
        first, *rest = cards.hurt_card(country).split("\n")
        assert first.startswith("**Call now: ")
        assert rest == [
            "Or go to the nearest emergency department.",
            "I can't call for you. Didn't get through? Call again, or ask anyone near you to call.",
        ]


def test_every_card_has_a_way_on() -> None:
    for country in EVERYWHERE:
        text = cards.card(country)
        assert "Didn't get through" in text
        assert "<https://findahelpline.com>" in text
        if not country or not country.lines:
            assert "<https://befrienders.org>" in text


def test_two_routes_a_country_or_a_plain_word_that_there_is_one() -> None:
    for country in (it for it in COUNTRIES if it.lines):
        text = cards.card(country)
        call, written = country.on_card(rules.Role.CALL), country.on_card(rules.Role.TEXT)
        assert call
        assert call.call[0] in text
        if written:
            assert re.search(r"\b(text|chat|whatsapp)\b", text.casefold())
            assert "rather text" not in text
        else:
            assert "Didn't get through, or rather text?" in text


def test_a_card_reads_like_this() -> None:
    assert cards.card(country("US")) == (
        "You don't have to carry this alone, or find the right words.\n\n"
        "**In danger now, or already hurt?** Call 911. Or go to the nearest emergency department.\n\n"
        "**Someone to talk to (United States)**\n"
        "**Call 988**: 988 Suicide & Crisis Lifeline, 24/7.\n"
        "**Text HOME to 741741**: Crisis Text Line, 24/7.\n"
        "**Didn't get through?** Try the next, or <https://findahelpline.com>.\n\n"
        "I'm a bot: nobody is watching, and I can't call anyone. Only you see this."
    )


@pytest.mark.parametrize(
    ("code", "part"),
    [
        ("AU", "**Call 13 11 14 or text 0477 13 11 14**: Lifeline, 24/7."),
        ("DE", "or chat at <https://telefonseelsorge.de>**: TelefonSeelsorge, 24/7, in German."),
        ("IN", "**Or call 9152987821**: iCall (TISS), check <https://icallhelpline.org> for hours."),
        ("GB", "Call 999. Or go"),
        ("JM", "Call 110 (ambulance) or 119 (police), or the emergency number where you are;"),
        ("NG", "Call the emergency number where you are; 112 works"),
        ("JO", "I have no confirmed line for this country."),
        ("PR", "Someone to talk to (United States)"),
    ],
)
def test_cards_say_how_when_and_in_which_language(code: str, part: str) -> None:
    assert part in cards.card(country(code))


def test_card_and_more_lines_together_name_every_line_and_number() -> None:
    for country in COUNTRIES:
        text = cards.card(country) + cards.more(country)
        for line in country.lines:
            assert line.name in text
            assert all(way in text for way in (*line.call, line.text, line.whatsapp) if way)
            assert line.note.rstrip(".") in text
            assert not line.chat or f"chat at <https://{line.web}>" in text.casefold()


def test_more_lines_fit_one_message_and_say_for_whom_and_when() -> None:
    for country in COUNTRIES:
        text = cards.more(country)
        assert len(text) <= 2000
        for line in country.lines:
            if not line.on_card:
                assert line.audience == "anyone" or f"for {line.audience}" in text
                assert line.region in text
                assert all(language in text for language in line.languages)


def test_more_lines_too_many_for_one_message_lose_whole_lines_at_the_end() -> None:
    us = country("US")
    many = rules.Country(code="US", also=(), name=us.name, aliases=(), emergency=us.emergency, lines=us.lines * 5)
    text = cards.more(many)
    assert 1500 < len(text) <= 2000
    assert text.endswith("\n\nOthers: <https://findahelpline.com>")


def test_lines_for_this_audience_come_first_under_more_lines() -> None:
    for code, name in (("US", "Physician Support Line"), ("GB", "BMA"), ("AU", "Drs4Drs")):
        later = [line for line in country(code).lines if not line.on_card]
        assert later[0].name.startswith(name)


# --- the data


def test_the_countries_of_the_research_are_all_there() -> None:
    codes = {it.code for it in COUNTRIES}
    assert codes >= {*EU, "US", "CA", "GB", "AU", "NZ", "IN", "PK", "NP", "BD", "LK", "PH", "NG", "ZA", "EG"}
    assert codes >= {"SA", "AE", "IL", "JO", "LB", "JM", "TT", "BB", "GY", "LC", "SX", "GD", "AG", "KN"}
    assert codes >= {"DM", "BQ", "VC", "KY", "BZ", "BS", "MX", "BR"}


def test_eu_countries_say_112() -> None:
    for code in EU:
        assert "112" in [it.number for it in country(code).emergency]


def test_a_number_stands_in_one_country_unless_it_is_known_to_be_shared() -> None:
    places: dict[str, set[str]] = defaultdict(set)
    for place in COUNTRIES:
        for line in place.lines:
            for number in numbers(line):
                places[number].add(place.code)
    shared = {number: codes for number, codes in places.items() if len(codes) > 1}
    assert shared == {"988": {"US", "CA"}, "116123": {"GB", "IE"}}


def test_nothing_of_low_confidence_or_left_out_is_shipped() -> None:
    everything = [digits(it) for it in TEXT.splitlines() if it.startswith(("call", "text", "whatsapp"))]
    left_out = "18005990019 9999666555 920033360 937 8005588 1282 18006045841 08091116264 116213 74141"
    assert not [it for it in everything for number in left_out.split() if number == it]
    kinds = {it.confidence for place in COUNTRIES for it in place.lines}
    assert kinds <= {"high", "medium"}


def test_everything_has_a_source_and_a_date() -> None:
    entries = [it for place in COUNTRIES for it in (*place.emergency, *place.lines, *place.answers)]
    for it in (*entries, *RESOURCES.international):
        assert it.source
        assert "2012" <= it.source_date <= "2026-11-24"


def test_uncertain_hours_are_not_told_as_hours() -> None:
    for place in COUNTRIES:
        for line in place.lines:
            assert line.confidence == "high" or line.hours in ("check the site for hours", "hours unknown")


def test_the_addresses_in_the_words_are_those_of_the_data() -> None:
    addresses = {it.web for it in RESOURCES.international}
    assert addresses == {cards.FIND_A_HELPLINE, cards.BEFRIENDERS, cards.CRISIS_CENTRES}


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ('confidence = "high"', 'confidence = "low"'),
        ('call = ["988"]', 'call = ["9"]'),
        ('call = ["988"]', 'call = ["nine eight eight"]'),
        ('call = ["988"]', "call = [988]"),
        ('text = "HOME to 741741"', 'text = "HOME at 741741"'),
        ('web = "988lifeline.org"\n', ""),
        ('source_date = "2023-09"', 'source_date = "2023-19"'),
        ('checked_on = ""', 'checked_on = "yesterday"'),
        ('id = "ca-988"', 'id = "us-988"'),
        ('id = "us-trevor"', 'id = "gb-trevor"'),
        ('code = "CA"', 'code = "US"'),
        ('code = "CA"', 'code = "PR"'),
        ('name = "Canada"', 'name = "The UNITED states"'),
        ('on_card = ["text"]\ntext = "HOME', 'on_card = ["call"]\ntext = "HOME'),
        ("\nfree = true", "\nfree = true\nfreee = true"),
        ('number = "911"', 'number = "9-1-1"'),
        ("01:00 America/New_York", "01:00 America/Gotham"),
        ("daily 08:00-01:00", "always 08:00-01:00"),
        ("daily 08:00-01:00", "daily 08:00-24:30"),
        ('"check the site for hours"\nlisted', '"24/7"\nlisted'),
        ("own counsellor?", "own counsellor"),
        ("is not reportable.", "is not reportable"),
        ('id = "us-school"', 'id = "gb-school"'),
    ],
)
def test_a_broken_file_is_refused(before: str, after: str) -> None:
    assert before in TEXT
    with pytest.raises(ValidationError):
        data.parse(TEXT.replace(before, after, 1))


def test_a_country_without_an_emergency_number_is_refused() -> None:
    block = re.search(r'\[\[country\.emergency\]\]\nid = "jo-emergency-911"\n(.+\n)+', TEXT)
    assert block
    with pytest.raises(ValidationError, match="emergency"):
        data.parse(TEXT.replace(block[0], ""))


def test_the_host_hears_of_what_nobody_checked_and_of_what_is_a_year_old() -> None:
    today = date(2027, 1, 10)
    entries = sum(len(it.emergency) + len(it.lines) + len(it.answers) for it in COUNTRIES) + len(
        RESOURCES.international
    )
    assert len(data.stale(RESOURCES, today)) == entries
    checked = data.parse(TEXT.replace('checked_on = ""', 'checked_on = "2026-01-10"'))
    assert not data.stale(checked, today)
    assert len(data.stale(checked, date(2027, 1, 11))) == entries
    one = data.parse(TEXT.replace('checked_on = ""', 'checked_on = "2027-01-09"', 1))
    assert len(data.stale(one, today)) == entries - 1


# --- finding a country

SPELLINGS = {
    "US": "us|usa|U.S.|U.S.A.|America|united states|The United States of America|the states|Puerto Rico",
    "GB": "uk|U.K.|united kingdom|the UK|great britain|England|scotland|Wales|northern ireland|London, UK",
    "AE": "uae|U.A.E.|emirates|Dubai|Abu Dhabi|united arab emirates",
    "NL": "holland|The Netherlands|nederland",
    "TT": "Trinidad & Tobago|trinidad and tobago|Trinidad|tobago|T&T",
    "KN": "St Kitts|St. Kitts and Nevis|saint kitts & nevis|Nevis",
    "LC": "St Lucia|st. lucia|Saint Lucia",
    "VC": "St. Vincent|saint vincent and the grenadines",
    "SX": "St. Maarten|sint maarten|Saint Maarten",
    "BQ": "saba",
    "MX": "méxico|Mexico|MÉXICO",
    "BR": "brasil|brazil",
    "DE": "deutschland|germany",
    "CZ": "czech republic|Czechia",
    "IE": "ireland|republic of ireland|éire|Eire",
    "BS": "bahamas|the Bahamas",
    "JM": "jamaica|Kingston, Jamaica|ja\u00admaica",
    "NZ": "nz|aotearoa|new-zealand",
    "SA": "ksa|saudi|Saudi Arabia",
    "ZA": "south africa|RSA",
    "AG": "antigua|Antigua & Barbuda",
}
WRITTEN = [(code, spelling) for code, some in SPELLINGS.items() for spelling in some.split("|")]


@pytest.mark.parametrize(("code", "spelling"), WRITTEN)
def test_a_country_is_understood_as_people_write_it(code: str, spelling: str) -> None:
    found = rules.named(spelling, COUNTRIES)
    assert found
    assert found.code == code
    assert rules.find(spelling, COUNTRIES)[0].code == code


@given(written=st.sampled_from(WRITTEN), case=st.sampled_from([str.upper, str.lower, str.title]), noise=st.data())
def test_case_and_space_do_not_matter(written: tuple[str, str], case: Any, noise: st.DataObject) -> None:
    code, spelling = written
    space = st.text(" \t\n\u00a0\u200b\u3000", max_size=3)
    words = case(spelling).split(" ")
    text = noise.draw(space) + "".join(f"{word} {noise.draw(space)}" for word in words)
    found = rules.named(text, COUNTRIES)
    assert found
    assert found.code == code


@pytest.mark.parametrize("place", COUNTRIES, ids=lambda it: it.code)
def test_every_name_and_alias_leads_home(place: rules.Country) -> None:
    for name in (place.name, *place.aliases):
        assert rules.named(name, COUNTRIES) is place


NOT_OURS = """niger|Dominican Republic|New Mexico|Guinea|South Korea|Iceland|Indonesia|Saint Martin
CA|IN|DE|IL|South America|British Virgin Islands|i want to die|...|\u200b||, |🇯🇲|%s|٩"""


@pytest.mark.parametrize("text", re.split(r"[|\n]", NOT_OURS))
def test_a_country_is_never_guessed(text: str) -> None:
    assert rules.named(text, COUNTRIES) is None


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("jam", "JM"),
        ("uni", "US"),
        ("lank", "LK"),
        ("zea", "NZ"),
        ("tobag", "TT"),
        ("arab", "SA"),
        ("ind", "IN"),
    ],
)
def test_a_few_letters_are_enough(typed: str, first: str) -> None:
    assert rules.find(typed, COUNTRIES)[0].code == first


def test_no_letters_suggest_all_in_the_order_of_the_file() -> None:
    assert rules.find("  ", COUNTRIES) == list(COUNTRIES)


@given(text=st.text(max_size=300))
def test_whatever_is_typed_is_answered(text: str) -> None:
    found = rules.find(text, COUNTRIES)
    assert len({it.code for it in found}) == len(found)


# --- what Discord allows


def components(view: Any) -> list[dict[str, Any]]:
    rows = json.loads(json.dumps(view.to_components()))
    assert len(rows) <= 5
    return [item for row in rows for item in row["components"]]


KNOWN = (*crisis.ITEMS, *pages.ITEMS)


@pytest.mark.parametrize("page", ui.Page)
@pytest.mark.parametrize("kind", rules.Card)
@pytest.mark.parametrize("screened", [False, True])
async def test_every_page_fits_into_discord(page: ui.Page, kind: rules.Card, screened: bool) -> None:
    for country in EVERYWHERE:
        content, view = ui.drawn(page, country, COUNTRIES, kind=kind, screened=screened)
        assert 0 < len(content) <= 2000
        items = components(view)
        ids = [item["custom_id"] for item in items]
        assert len(set(ids)) == len(ids)
        for item in items:
            assert len(item["custom_id"]) <= 100
            assert any(it.__discord_ui_compiled_template__.fullmatch(item["custom_id"]) for it in KNOWN)
            assert len(item.get("label", "")) <= 80
            assert len(item.get("placeholder", "")) <= 150
            assert len(item.get("options", [])) <= 25
            assert all(len(option["label"]) <= 100 for option in item.get("options", []))


async def test_already_hurt_is_one_press_away_and_more_lines_only_where_there_are_any() -> None:
    for country in EVERYWHERE:
        labels = [it.get("label") for it in components(ui.drawn(ui.Page.CARD, country, COUNTRIES)[1])]
        assert labels[0] == "Already hurt or taken something"
        assert ("More lines" in labels) == bool(cards.more(country))
        assert ("Other country" in labels) == bool(country)
        hurt = components(ui.drawn(ui.Page.HURT, country, COUNTRIES)[1])
        assert [it.get("label") for it in hurt] == ["Back"]


@pytest.mark.parametrize("page", [ui.Page.CARD, ui.Page.OTHER])
async def test_every_country_can_be_chosen_and_the_numbers_stay_in_sight(page: ui.Page) -> None:
    here = None if page is ui.Page.CARD else country("JM")
    content, view = ui.drawn(page, here, COUNTRIES)
    assert content == cards.card(here)
    items = components(view)
    offered = [option["value"] for item in items for option in item.get("options", [])]
    assert sorted(offered) == sorted(it.code for it in COUNTRIES)
    assert [item["placeholder"] for item in items if "placeholder" in item] == [
        "Countries A to G",
        "Countries H to R",
        "Countries S to U",
    ]


async def test_the_help_button_names_its_prompt() -> None:
    button = crisis.HelpButton(10**17)
    assert button.custom_id == f"help:{10**17}"
    assert button.item.label == "I need help"
