"""Does each card say what its reader needs first, in words that can be read at three in the morning?"""

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import product
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain import crisis as rules
from bot.domain import crisis_cards as cards
from bot.domain import crisis_lines as lines
from bot.domain.crisis import Card, Here
from bot.domain.crisis_cards import Whose
from bot.ui import crisis_pages as ui
from tests.test_crisis_rules import COUNTRIES, EVERYWHERE, FORBIDDEN, components, country

A_WEEK = [datetime(2026, 1, 5, tzinfo=UTC) + timedelta(hours=hour) for hour in range(0, 168, 5)]
HERE = [Here(), *(Here(now=now) for now in A_WEEK), Here(now=A_WEEK[3], zone=ZoneInfo("America/New_York"))]
LONGEST = Here(now=A_WEEK[0], campus="Counselling " + "*_~|@#" * 18)
INSTANTS = st.datetimes(datetime(2026, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 - aware
SEVERAL = [kind for kind in Card if kind is not Card.HURT]
MOST_WORDS = {Card.SELF: 96, Card.HURT: 50, Card.OTHER: 180, Card.HARM_FROM: 145, Card.HARM_TO: 120}


def every_card(kind: Card) -> list[tuple[rules.Country | None, str]]:
    """Each text of a kind, at many hours of a week and in many places."""
    return [(place, cards.card(place, kind, here)) for place, here in product(EVERYWHERE, HERE)]


# --- on every card


@pytest.mark.parametrize("kind", Card)
def test_an_emergency_number_comes_before_any_other(kind: Card) -> None:
    for place, text in every_card(kind):
        emergency = [it.number for it in place.emergency] if place else ["112"]
        first = re.search(r"\b\d{2,}\b|https:", text)
        assert first
        assert first[0] in (*emergency, "112")
        safety = text.split("\n\n")[kind is not Card.HURT]
        assert first[0] in safety


@pytest.mark.parametrize("kind", Card)
def test_a_number_nobody_read_is_never_alone_on_any_card(kind: Card) -> None:
    for place, text in every_card(kind):
        named = [it for it in place.emergency if re.search(rf"\b{it.number}\b", text)] if place else []
        assert all(it.confidence == "read" for it in named) or "; 112 works on most mobile phones." in text


@pytest.mark.parametrize("kind", Card)
def test_every_card_says_what_to_do_when_nobody_answers(kind: Card) -> None:
    for _, text in every_card(kind):
        assert "Didn't get through" in text


@pytest.mark.parametrize("kind", SEVERAL)
def test_every_card_has_two_routes_beside_the_emergency_number(kind: Card) -> None:
    for _, text in every_card(kind):
        routes = re.findall(r"\*\*(?:Or )?(?:[Cc]all|[Tt]ext|WhatsApp|Chat) |https://[a-z.]+", text)
        assert len(set(routes)) >= 2
        assert cards.ABOUT in text


@pytest.mark.parametrize("kind", Card)
def test_every_card_is_short(kind: Card) -> None:
    for _, text in every_card(kind):
        assert len(text) <= cards.LONGEST
        assert len(text.split()) <= MOST_WORDS[kind]


@pytest.mark.parametrize("kind", Card)
def test_no_card_says_what_it_must_not_say(kind: Card) -> None:
    for _, text in every_card(kind):
        assert not re.findall(rf"\b(?:{FORBIDDEN})\b", text.casefold())
        assert "!" not in text
        assert "{" not in text


def test_nor_do_the_pages_behind_it() -> None:
    for place, here in product(EVERYWHERE, (HERE[0], HERE[1])):
        text = cards.who_hears(place)
        assert not re.findall(rf"\b(?:{FORBIDDEN})\b", text.casefold())
        for page in (text, cards.more(place, here), cards.NOT_MEANT, cards.PUT_AWAY):
            assert "!" not in page
            assert len(page) <= cards.LONGEST


def syllables(word: str) -> int:
    groups = len(re.findall(r"[aeiouy]+", word))
    return max(1, groups - bool(re.search(r"[^aeiouyl]e$|[^aeiouytd]ed$|[^aeiouyszxc]es$", word)))


def grade(text: str) -> float:
    """Flesch-Kincaid: years of school that it takes to read a text; addresses and numbers left out."""
    plain = re.sub(r"<[^>]+>|\*|\d[\d/]*", " ", text)
    sentences = [it for it in re.split(r"[.?:;\n]+", plain) if len(it.split()) > 1]
    words = re.findall(r"[a-z']+", " ".join(sentences).casefold())
    return 0.39 * len(words) / len(sentences) + 11.8 * sum(map(syllables, words)) / len(words) - 15.59


def test_the_measure_of_reading_tells_a_plain_text_from_a_hard_one() -> None:
    assert grade("You can call them. They will listen to you at any hour.") < 3
    assert grade("Confidential psychological counselling is available immediately, notwithstanding affiliation.") > 12


@pytest.mark.parametrize("kind", Card)
def test_a_twelve_year_old_can_read_every_card(kind: Card) -> None:
    for place in (None, country("US"), country("GB"), country("JM")):
        assert grade(cards.card(place, kind)) <= 7


def test_a_twelve_year_old_can_read_who_hears_of_it() -> None:
    for place in (None, country("US"), country("GB")):
        assert grade(cards.who_hears(place)) <= 7.5


# --- worry about somebody else


def test_the_helper_is_told_to_ask_directly_to_stay_and_to_keep_no_secret() -> None:
    for place, text in every_card(Card.OTHER):
        assert "“Are you thinking about suicide?” Asking does not plant the idea." in text
        assert "Stay, there or in chat, until help has come" in text
        assert "Do so even if they ask you not to." in text
        assert "Don't agree to keep it secret." in text
        assert "You can call because you are worried about someone." in text
        assert "where you are" not in text
        assert ("*Other country*" in text) == bool(place)


@pytest.mark.parametrize("code", ["US", "CA"])
def test_the_helper_sees_which_line_takes_calls_about_others(code: str) -> None:
    line = country(code).on_card(rules.Role.CALL)
    assert line
    assert line.others
    told = [it for it in cards.card(country(code), Card.OTHER).split("\n") if lines.FOR_OTHERS in it]
    assert len(told) == 1
    assert line.name in told[0]
    assert lines.FOR_OTHERS not in cards.card(country(code))


# --- harm


def test_somebody_who_is_hurt_by_others_sees_the_line_for_that_first() -> None:
    for place, text in every_card(Card.HARM_FROM):
        people = text.split("\n\n")[2].split("\n")
        own = [line for line in place.lines if line.harmed] if place else []
        assert own[0].name in people[1] if own else "finds lines by country and topic" in people[1]
        assert all(way in people[1] for line in own for way in (*line.call, line.text))


def test_somebody_who_is_hurt_by_others_is_asked_whether_the_phone_is_safe() -> None:
    for _, text in every_card(Card.HARM_FROM):
        assert "Is it safe to have this on your phone?" in text
        assert f"*{ui.LABELS[ui.Page.AWAY]}*" in text
        assert "If it's safe to, call" in text


async def test_what_is_put_away_leaves_neither_words_nor_buttons() -> None:
    for screened in (False, True):
        content, view = ui.drawn(ui.Page.AWAY, country("US"), COUNTRIES, kind=Card.HARM_FROM, screened=screened)
        assert content == "Put away."
        assert not components(view)


def test_somebody_afraid_of_hurting_is_not_judged() -> None:
    for _, text in every_card(Card.HARM_TO):
        assert text.startswith("A thought is not an act.")
        assert not re.search(r"\b(police|crime|criminal|wrong|dangerous|violent|report|victim)\b(?!\))", text)
        assert "away from anything you could use" in text


# --- open now first


def standing_of(line: rules.Line, now: datetime) -> lines.Now:
    return lines.at_this_hour(line, now)


@given(now=INSTANTS)
def test_open_lines_come_first_and_none_is_lost(now: datetime) -> None:
    for place in COUNTRIES:
        ordered = lines.open_first(place.lines, now)
        standings = [standing_of(line, now) for line in ordered]
        assert standings == sorted(standings)
        assert {line.id for line in ordered} == {line.id for line in place.lines}
        for standing in lines.Now:
            same = [line for line in place.lines if standing_of(line, now) is standing]
            assert [line for line in ordered if line in same] == same


@given(now=INSTANTS)
def test_only_a_line_of_all_hours_or_of_listed_ones_counts_as_open(now: datetime) -> None:
    for line in (line for place in COUNTRIES for line in place.lines):
        if line.hours in ("24/7", "24 hours"):
            assert standing_of(line, now) is lines.Now.OPEN
        elif line.listed is None:
            assert standing_of(line, now) is lines.Now.UNKNOWN
        else:
            assert standing_of(line, now) is not lines.Now.UNKNOWN


def test_listed_hours_are_said_to_be_listed_and_where_to_check() -> None:
    for place, here in product(COUNTRIES, HERE[1:]):
        for line in place.lines:
            entry = lines.entry(line, here)
            assert ("isted as " in entry) == bool(line.listed)
            if line.listed and line.web:
                assert "(check the site)" in entry if line.chat else f"(check <https://{line.web}>)" in entry


def test_without_the_hour_the_order_is_that_of_the_data_and_nothing_is_said_to_be_open() -> None:
    for place in COUNTRIES:
        assert lines.open_first(place.lines, None) == [*place.lines]
        assert "isted as" not in cards.card(place) + cards.more(place)


def test_hours_are_said_in_the_readers_own_time() -> None:
    ten_in_dhaka = datetime(2026, 1, 5, 4, tzinfo=UTC)
    bangladesh = country("BD")
    assert "closed until 15:00 your time" in cards.card(
        bangladesh, here=Here(now=ten_in_dhaka, zone=ZoneInfo("Asia/Dhaka"))
    )
    assert "closed until 04:00 your time" in cards.card(
        bangladesh, here=Here(now=ten_in_dhaka, zone=ZoneInfo("America/New_York"))
    )
    assert "closed until <t:1767603600:t> your time" in cards.card(bangladesh, here=Here(now=ten_in_dhaka))


def test_when_every_line_of_the_card_is_closed_something_open_stands_before_them() -> None:
    closed, is_open = (Here(now=datetime(2026, 1, 5, hour, tzinfo=UTC)) for hour in (4, 12))
    assert cards.SEARCH_NOW in cards.card(country("BD"), here=closed)
    assert cards.SEARCH_NOW not in cards.card(country("BD"), here=is_open)
    for here in HERE:
        assert cards.SEARCH_NOW not in cards.card(country("IN"), here=here)


def test_a_line_for_this_audience_is_first_under_more_lines_while_it_is_open() -> None:
    noon, night = (Here(now=datetime(2026, 1, 5, hour, tzinfo=UTC)) for hour in (17, 8))
    names = [re.findall(r"^\*\*(.+?)\*\*", cards.more(country("US"), here), re.MULTILINE) for here in (noon, night)]
    assert names[0].index("Physician Support Line") == 4  # after the page's two titles, and what the card shows
    assert names[1].index("Physician Support Line") > names[1].index("SAMHSA National Helpline")


# --- who hears of it


def test_every_fear_is_answered_everywhere() -> None:
    for place in EVERYWHERE:
        text = cards.who_hears(place)
        assert "From me, nobody" in text
        for who in ("school", "visa office", "family", "police"):
            assert re.search(rf"\b{who}\b[^*]*\?\*\*", text)
        assert "“Who do you tell?”" in text
        assert "Whoever runs me could look at that" in text


def test_what_is_said_of_one_country_or_line_stands_in_the_data() -> None:
    general = cards.FROM_ME + cards.FROM_LINES
    for place in COUNTRIES:
        said = [f"**{it.asks}** {it.says}" for it in place.answers]
        said += [f"{line.name}: {line.tells}" for line in place.lines if line.tells]
        rest = cards.who_hears(place)
        for sentence in said:
            assert sentence in rest
            rest = rest.replace(sentence, "")
        assert "MD" not in rest
        assert set(rest.split("\n")) <= {
            "",
            *general.split("\n"),
            *cards.FROM_ME.split("\n"),
            *cards.FROM_LINES.split("\n"),
            "**Who hears of it?**",
            "**What lines say themselves**",
            cards.who_hears(place).split("\n")[0],
        }


# --- a cohort's or a server's own line


@pytest.mark.parametrize(
    ("whose", "said"), [(Whose.COHORT, "Your cohort's own line"), (Whose.SERVER, "Your server's own line")]
)
@pytest.mark.parametrize("kind", SEVERAL)
def test_a_campus_line_stands_after_the_lines_and_before_what_else_to_try(kind: Card, whose: Whose, said: str) -> None:
    for place, here in product(EVERYWHERE, HERE):
        text = cards.card(place, kind, replace(here, campus="Student health, room 2"), whose)
        line = f"**{said}:** Student health, room 2\n"
        assert f"\n{line}**Didn't get through" in text
        assert text.replace(line, "") == cards.card(place, kind, here), "it moves nothing that stands before it"


@pytest.mark.parametrize("whose", Whose)
def test_whose_line_it_is_is_said_in_few_and_plain_words(whose: Whose) -> None:
    assert not re.findall(rf"\b(?:{FORBIDDEN})\b", whose.casefold())
    assert len(whose.split()) <= 4
    for place in (None, country("US"), country("GB"), country("JM")):
        assert grade(cards.card(place, Card.SELF, Here(campus="Student health, room 2"), whose)) <= 7


def test_the_card_for_the_hurt_never_has_a_campus_line() -> None:
    for place in EVERYWHERE:
        assert cards.card(place, Card.HURT, Here(campus="Student health, room 2")) == cards.hurt_card(place)


@pytest.mark.parametrize("whose", Whose)
@pytest.mark.parametrize("kind", Card)
async def test_whatever_a_campus_line_holds_the_card_stays_whole(kind: Card, whose: Whose) -> None:
    for place in EVERYWHERE:
        content, _ = ui.drawn(ui.Page.CARD, place, COUNTRIES, kind=kind, here=LONGEST, whose=whose)
        assert len(content) <= 2000
        assert cards.ABOUT in content or kind is Card.HURT


async def test_a_campus_line_is_words_and_no_more_than_120_characters() -> None:
    campus = "**Dean**\n# @everyone <@123456789012345678> \u202e" + "x" * 200
    content, _ = ui.drawn(ui.Page.CARD, None, COUNTRIES, here=Here(campus=campus))
    (line,) = (it for it in content.split("\n") if "own line" in it)
    assert r"\*\*Dean\*\*" in line
    assert "@everyone" not in line
    assert "<@123456789012345678>" not in line
    assert "\u202e" not in line
    assert 60 < line.count("x") < 120


@pytest.mark.parametrize(
    "typed",
    [
        "Counselling +1 (555) 010-0199",
        "https://care.example.edu/talk_to_us?a=*b*&c=~d~",
        "<https://care.example.edu/a_b>, 24/7",
        "care@example.edu, 0800 11 22 33",
    ],
)
async def test_numbers_and_links_of_a_campus_line_stand_as_they_were_typed(typed: str) -> None:
    content, _ = ui.drawn(ui.Page.CARD, country("US"), COUNTRIES, here=Here(campus=typed))
    assert f"**Your cohort's own line:** {typed}\n" in content


# --- cards that a screen opened


def labels(page: ui.Page, place: rules.Country | None, kind: Card, *, screened: bool) -> list[str]:
    view = ui.drawn(page, place, COUNTRIES, kind=kind, screened=screened)[1]
    return [item["label"] for item in components(view) if "label" in item]


@pytest.mark.parametrize("kind", Card)
async def test_not_what_i_meant_is_for_cards_that_a_screen_opened(kind: Card) -> None:
    for page, place in product(ui.Page, EVERYWHERE):
        assert "Not what I meant" not in labels(page, place, kind, screened=False)
        there = page not in (ui.Page.NOT_MEANT, ui.Page.AWAY)
        assert ("Not what I meant" in labels(page, place, kind, screened=True)) == there


async def test_not_what_i_meant_is_the_last_button() -> None:
    for page, place, kind in product((ui.Page.CARD, ui.Page.MORE, ui.Page.WHO), EVERYWHERE, Card):
        assert labels(page, place, kind, screened=True)[-1] == "Not what I meant"


# --- the ways between the cards


@pytest.mark.parametrize("kind", SEVERAL)
async def test_already_hurt_is_the_first_button_of_every_card(kind: Card) -> None:
    for place in EVERYWHERE:
        for page in (ui.Page.CARD, ui.Page.MORE, ui.Page.OTHER, ui.Page.WHO):
            assert labels(page, place, kind, screened=False)[0] == "Already hurt or taken something"


async def test_the_main_card_leads_to_the_others_and_they_lead_back() -> None:
    for place in EVERYWHERE:
        main = labels(ui.Page.CARD, place, Card.SELF, screened=False)
        assert {"Worried about someone", "Somebody hurts me", "Who hears of it?"} <= set(main)
        for kind in (Card.OTHER, Card.HARM_FROM, Card.HARM_TO):
            other = labels(ui.Page.CARD, place, kind, screened=False)
            assert {"Other help", "Who hears of it?"} <= set(other)
            assert not {"Worried about someone", "Somebody hurts me"} & set(other)
            assert ("Put this away" in other) == (kind is Card.HARM_FROM)


async def test_the_card_for_the_hurt_has_nothing_else_to_press_but_the_way_back() -> None:
    for place in EVERYWHERE:
        content, view = ui.drawn(ui.Page.CARD, place, COUNTRIES, kind=Card.HURT)
        assert content == cards.hurt_card(place)
        assert [item["label"] for item in components(view)] == ["Back"]
