"""Is the place where somebody lives understood the way a person would, and only guessed where a person would ask?"""

from datetime import UTC, datetime, timedelta
from importlib import resources
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.data import places as data
from bot.domain.places import MOST_GUESSES, NO_RULE, Place, Spot, Understood, key, understand

WINTER = datetime(2026, 1, 15, 12, tzinfo=UTC)
SUMMER = datetime(2026, 7, 15, 12, tzinfo=UTC)
ATLAS = data.atlas()
LINES = resources.files("bot.data").joinpath("cities.tsv").read_text(encoding="utf-8").splitlines()
ZONE_TAB = [
    line.split("\t")[:3]
    for line in resources.files("tzdata.zoneinfo").joinpath("zone.tab").read_text(encoding="utf-8").splitlines()
    if not line.startswith("#")
]
CITIES = [
    Spot(name, country, region, zone, int(people))
    for name, _, country, region, zone, people in (line.split("\t") for line in LINES if not line.startswith("#"))
    if people.isdigit()
]


def read(text: str, now: datetime = WINTER) -> Understood:
    return understand(text, ATLAS, now)


def clear(text: str) -> tuple[str, str | None]:
    place = read(text).place
    assert place is not None, (text, read(text))
    return place.zone, place.country


def guessed(text: str, now: datetime = WINTER) -> list[str]:
    understood = read(text, now)
    assert understood.place is None, (text, understood)
    return [place.zone for place in understood.guesses]


def offered(text: str) -> list[Place]:
    understood = read(text)
    return [understood.place] if understood.place else list(understood.guesses)


@pytest.mark.parametrize(
    ("text", "zone", "country"),
    [
        ("Paris", "Europe/Paris", "FR"),
        ("PARIS", "Europe/Paris", "FR"),
        ("Paris, Texas", "America/Chicago", "US"),
        ("paris tx", "America/Chicago", "US"),
        ("London", "Europe/London", "GB"),
        ("London, Ontario", "America/Toronto", "CA"),
        ("london on canada", "America/Toronto", "CA"),
        ("Canada, London", "America/Toronto", "CA"),
        ("Cambridge MA", "America/New_York", "US"),
        ("Cambridge, UK", "Europe/London", "GB"),
        ("Springfield, IL", "America/Chicago", "US"),
        ("Hyderabad, Pakistan", "Asia/Karachi", "PK"),
        ("Atlanta, Georgia", "America/New_York", "US"),
        ("Columbus in", "America/Indiana/Indianapolis", "US"),
        ("columbus in ohio", "America/New_York", "US"),
        ("New York", "America/New_York", "US"),
        ("new york, ny", "America/New_York", "US"),
        ("newyork", "America/New_York", "US"),
        ("NYC", "America/New_York", "US"),
        ("LA", "America/Los_Angeles", "US"),
        ("L.A.", "America/Los_Angeles", "US"),
        ("Philly", "America/New_York", "US"),
        ("Washington D.C.", "America/New_York", "US"),
        ("DC", "America/New_York", "US"),
        ("Ft. Worth", "America/Chicago", "US"),
        ("Mt Vernon, NY", "America/New_York", "US"),
        ("Bombay", "Asia/Kolkata", "IN"),
        ("Calcutta", "Asia/Kolkata", "IN"),
        ("Saigon", "Asia/Ho_Chi_Minh", "VN"),
        ("Kiev", "Europe/Kyiv", "UA"),
        ("Xi'an", "Asia/Shanghai", "CN"),
        ("Xian", "Asia/Shanghai", "CN"),
        ("São Paulo", "America/Sao_Paulo", "BR"),
        ("sao paulo", "America/Sao_Paulo", "BR"),
        ("Zürich", "Europe/Zurich", "CH"),
        ("Zurich", "Europe/Zurich", "CH"),
        ("München", "Europe/Berlin", "DE"),
        ("Wien", "Europe/Vienna", "AT"),
        ("Łódź", "Europe/Warsaw", "PL"),
        ("lodz", "Europe/Warsaw", "PL"),
        ("Москва", "Europe/Moscow", "RU"),
        ("東京", "Asia/Tokyo", "JP"),
        ("القاهرة", "Africa/Cairo", "EG"),
        ("القاهرة، مصر", "Africa/Cairo", "EG"),
        ("\u202bالقاهرة\u202c", "Africa/Cairo", "EG"),
        ("ירושלים", "Asia/Jerusalem", "IL"),
        ("ＬＯＮＤＯＮ", "Europe/London", "GB"),
        ("La\u200bgos", "Africa/Lagos", "NG"),
        ("🇳🇬 Lagos 🙂", "Africa/Lagos", "NG"),
        ("lagos nigeria :)", "Africa/Lagos", "NG"),
        ("**Lagos**", "Africa/Lagos", "NG"),
        ("I live in Lagos", "Africa/Lagos", "NG"),
        ("I'm currently in Accra, Ghana. Thanks!", "Africa/Accra", "GH"),
        ("Lagos" + " " * 5000, "Africa/Lagos", "NG"),
        ("time in Lahore", "Asia/Karachi", "PK"),
        ("I am in UTC+3 (Nairobi)", "Africa/Nairobi", "KE"),
        ("Kathmandu (UTC+5:45)", "Asia/Kathmandu", "NP"),
        ("Kottayam, India", "Asia/Kolkata", "IN"),
    ],
)
def test_a_city_is_known_however_it_is_written(text: str, zone: str, country: str) -> None:
    assert clear(text) == (zone, country)


@pytest.mark.parametrize(
    ("text", "zone"),
    [
        ("St. George's, Grenada", "America/Grenada"),
        ("saint georges", "America/Grenada"),
        ("True Blue", "America/Grenada"),
        ("Basseterre", "America/St_Kitts"),
        ("Nevis", "America/St_Kitts"),
        ("Roseau", "America/Dominica"),
        ("Portsmouth, Dominica", "America/Dominica"),
        ("Saba", "America/Kralendijk"),
        ("The Bottom", "America/Kralendijk"),
        ("Bonaire", "America/Kralendijk"),
        ("Philipsburg", "America/Lower_Princes"),
        ("St Maarten", "America/Lower_Princes"),
        ("St. John's, Antigua", "America/Antigua"),
        ("Bridgetown", "America/Barbados"),
        ("Kingstown", "America/St_Vincent"),
        ("Grand Cayman", "America/Cayman"),
        ("Oranjestad", "America/Aruba"),
        ("Willemstad", "America/Curacao"),
        ("Castries", "America/St_Lucia"),
        ("Gros Islet", "America/St_Lucia"),
        ("Georgetown, Guyana", "America/Guyana"),
        ("Belize City", "America/Belize"),
        ("Kingston, Jamaica", "America/Jamaica"),
        ("Montserrat", "America/Montserrat"),
        ("Anguilla", "America/Anguilla"),
    ],
)
def test_places_with_offshore_schools_are_known(text: str, zone: str) -> None:
    assert clear(text)[0] == zone


@pytest.mark.parametrize(
    ("text", "zone", "country"),
    [
        ("Germany", "Europe/Berlin", "DE"),
        ("deutschland", "Europe/Berlin", "DE"),
        ("India", "Asia/Kolkata", "IN"),
        ("Kerala", "Asia/Kolkata", "IN"),
        ("Nigeria", "Africa/Lagos", "NG"),
        ("UK", "Europe/London", "GB"),
        ("Scotland", "Europe/London", "GB"),
        ("U.A.E.", "Asia/Dubai", "AE"),
        ("South Korea", "Asia/Seoul", "KR"),
        ("Trinidad and Tobago", "America/Port_of_Spain", "TT"),
        ("Côte d'Ivoire", "Africa/Abidjan", "CI"),
        ("Kosovo", "Europe/Belgrade", "XK"),
        ("China", "Asia/Shanghai", "CN"),
        ("Spain", "Europe/Madrid", "ES"),
        ("Argentina", "America/Argentina/Buenos_Aires", "AR"),
        ("Texas", "America/Chicago", "US"),
        ("tx", "America/Chicago", "US"),
        ("California, USA", "America/Los_Angeles", "US"),
        ("Ontario Canada", "America/Toronto", "CA"),
        ("Hawaii", "Pacific/Honolulu", "US"),
        ("India, Kottayam", "Asia/Kolkata", "IN"),
        ("Hicksville, Ohio", "America/New_York", "US"),
    ],
)
def test_a_country_or_state_with_one_clock_is_enough(text: str, zone: str, country: str) -> None:
    assert clear(text) == (zone, country)


@pytest.mark.parametrize(
    ("text", "zones"),
    [
        ("usa", ["America/New_York", "America/Chicago", "America/Los_Angeles"]),
        ("Russia", ["Europe/Moscow", "Asia/Yekaterinburg", "Asia/Krasnoyarsk"]),
        ("Canada", ["America/Toronto", "America/Vancouver", "America/Edmonton"]),
        ("Indonesia", ["Asia/Jakarta", "Asia/Makassar", "Asia/Jayapura"]),
        ("Tennessee", ["America/Chicago", "America/New_York"]),
        ("Georgia", ["America/New_York", "Asia/Tbilisi"]),
        ("Punjab", ["Asia/Kolkata", "Asia/Karachi"]),
        ("Hyderabad", ["Asia/Kolkata", "Asia/Karachi"]),
        ("Birmingham", ["Europe/London", "America/Chicago"]),
        ("Cambridge", ["Europe/London", "America/Toronto", "America/New_York"]),
        ("Georgetown", ["America/Guyana", "America/Chicago", "America/Cayman"]),
        ("St. John's", ["America/St_Johns", "America/Antigua"]),
        ("IST", ["Asia/Kolkata", "Asia/Jerusalem", "Europe/Dublin"]),
        ("CST", ["America/Chicago", "America/Mexico_City", "Asia/Shanghai"]),
        ("PST", ["America/Los_Angeles", "Asia/Karachi", "Asia/Manila"]),
        ("BST", ["Europe/London", "Asia/Dhaka"]),
        ("gmt", ["Europe/London", "Africa/Accra", "Etc/UTC"]),
        ("Berlin or maybe later Paris", ["Europe/Berlin", "Europe/Paris"]),
    ],
)
def test_what_could_be_several_places_is_asked_with_the_likeliest_first(text: str, zones: list[str]) -> None:
    assert guessed(text)[: len(zones)] == zones


def test_guesses_of_one_name_are_told_apart_by_their_labels() -> None:
    assert [place.label for place in read("Springfield").guesses] == [
        "Springfield, Missouri, USA",
        "Springfield, Massachusetts, USA",
        "Springfield, Illinois, USA",
    ]
    assert [place.label for place in read("Hyderabad").guesses] == ["Hyderabad, India", "Hyderabad, Pakistan"]


@pytest.mark.parametrize(
    ("text", "zone"),
    [
        ("EST", "America/New_York"),
        ("edt", "America/New_York"),
        ("Eastern", "America/New_York"),
        ("Eastern Standard Time", "America/New_York"),
        ("EST (UTC-5)", "America/New_York"),
        ("9am EST", "America/New_York"),
        ("US/Eastern", "America/New_York"),
        ("EST5EDT", "America/New_York"),
        ("Central Time", "America/Chicago"),
        ("PT", "America/Los_Angeles"),
        ("pacific time", "America/Los_Angeles"),
        ("MT", "America/Denver"),
        ("PST, USA", "America/Los_Angeles"),
        ("IST India", "Asia/Kolkata"),
        ("Pakistan Standard Time", "Asia/Karachi"),
        ("Indian standard time", "Asia/Kolkata"),
        ("WAT ", "Africa/Lagos"),
        ("UTC", "Etc/UTC"),
        ("America/New_York", "America/New_York"),
        ("america/new york", "America/New_York"),
        ("america new york", "America/New_York"),
        ("Asia/Calcutta", "Asia/Kolkata"),
        ("Etc/GMT+5", "Etc/GMT+5"),
        ("America/Indiana/Knox", "America/Indiana/Knox"),
        ("Ushuaia", "America/Argentina/Ushuaia"),
    ],
)
def test_a_way_of_writing_a_zone_is_enough(text: str, zone: str) -> None:
    assert zone in {place.zone for place in offered(text)[:1]}


@pytest.mark.parametrize(
    ("text", "minutes"),
    [
        ("utc+5", 300),
        ("UTC+05:00", 300),
        ("+5", 300),
        ("(+5)", 300),
        ("+5 hours", 300),
        ("UTC＋٥", 300),
        ("gmt 5", 300),
        ("UTC+05:30", 330),
        ("UTC+5.5", 330),
        ("utc+530", 330),
        ("+5:45", 345),
        ("GMT-4", -240),
        ("utc −4", -240),
        ("-5", -300),
        ("I use UTC-5", -300),
        ("UTC+0", 0),
        ("UTC+14", 840),
        ("UTC-12", -720),
    ],
)
@pytest.mark.parametrize("now", [WINTER, SUMMER])
def test_an_offset_is_answered_with_places_that_have_it_now(text: str, minutes: int, now: datetime) -> None:
    zones = guessed(text, now)
    assert zones
    for zone in zones:
        assert now.astimezone(ZoneInfo(zone)).utcoffset() == timedelta(minutes=minutes)
    assert any(zone.startswith("Etc/") for zone in zones) == (minutes % 60 == 0)


@pytest.mark.parametrize("now", [WINTER, SUMMER])
def test_an_offset_that_only_standard_time_has_is_known_in_summer_too(now: datetime) -> None:
    assert guessed("UTC–3:30", now) == ["America/St_Johns"]


def test_a_clock_said_never_to_change_does_not() -> None:
    for zone, (minutes, rule) in ATLAS.clocks.items():
        for now in (WINTER, SUMMER) if rule == NO_RULE else ():
            assert now.astimezone(ZoneInfo(zone)).utcoffset() == timedelta(minutes=minutes), zone


def test_the_same_offset_means_other_places_in_summer() -> None:
    assert "America/New_York" in guessed("UTC-5", WINTER)
    assert "America/Chicago" in guessed("UTC-5", SUMMER)


@pytest.mark.parametrize(
    ("text", "zone"),
    [
        ("Lagso", "Africa/Lagos"),
        ("Lgos", "Africa/Lagos"),
        ("Londn", "Europe/London"),
        ("Londonn", "Europe/London"),
        ("Barcelna", "Europe/Madrid"),
        ("I live in Karatchi", "Asia/Karachi"),
        ("Bostn, MA", "America/New_York"),
        ("Nigera", "Africa/Lagos"),
        ("Phildelphia", "America/New_York"),
    ],
)
def test_one_wrong_letter_makes_a_guess_and_never_more(text: str, zone: str) -> None:
    assert zone in guessed(text)


NONSENSE = [
    *("", " ", "\u200b", "😀", "@everyone", "<@123>", "asdfgh", "???", "ok", "hi", "no", "me", "IN", "idk", "whatever"),
    *(
        "40",
        "1e9",
        "NaN",
        "+99",
        "UTC+25",
        "UTC+5:20",
        "GMT+1234",
        "10:30",
        "30 February",
        "none of your business",
        "i failed and feel bad",
    ),
    *("x" * 5000, "\ud800", "ﷺ" * 500),
]


@pytest.mark.parametrize("text", NONSENSE)
def test_nonsense_makes_no_guess(text: str) -> None:
    assert read(text) == Understood()


def test_a_town_nobody_knows_in_a_country_of_many_clocks_is_asked() -> None:
    assert guessed("Nowhereville, USA") == ["America/New_York", "America/Chicago", "America/Los_Angeles"]


def test_a_city_and_a_country_that_do_not_fit_are_both_offered() -> None:
    assert set(guessed("Lagos, Portugal")) == {"Africa/Lagos", "Europe/Lisbon"}


@given(st.sampled_from(CITIES), st.booleans(), st.sampled_from(["", ", ", " "]))
def test_every_city_is_found_by_its_name_and_where_it_lies(city: Spot, small: bool, comma: str) -> None:
    text = city.name
    for area in dict.fromkeys([(city.country, city.region), (city.country, "")]) if comma else ():
        text += comma + ATLAS.wholes[area].name
    places = offered(text.lower() if small else text)
    if comma:
        assert (city.zone, city.country) in {(place.zone, place.country) for place in places}, text
    else:
        namesakes = ATLAS.spots[key(city.name)]
        assert places or len(key(city.name)) < 3
        assert city in namesakes
        if city.people == max(spot.people for spot in namesakes):
            assert city.zone in {place.zone for place in places}, text


@pytest.mark.parametrize(("country", "_", "zone"), ZONE_TAB)
def test_every_zone_is_itself_and_has_its_country(country: str, _: str, zone: str) -> None:
    for text in (zone, zone.lower(), zone.replace("_", " ")):
        assert clear(text) == (zone, country)
    assert data.country_of_zone(zone) == country


@pytest.mark.parametrize("zone", sorted(name for name in available_timezones() if "/" in name))
def test_an_old_name_of_a_zone_is_understood_as_one_with_the_same_clock(zone: str) -> None:
    place = read(zone).place
    assert place is not None
    for now in (WINTER, SUMMER):
        assert now.astimezone(ZoneInfo(place.zone)).utcoffset() == now.astimezone(ZoneInfo(zone)).utcoffset()


@pytest.mark.parametrize(
    ("zone", "country"),
    [
        ("US/Eastern", "US"),
        ("Asia/Calcutta", "IN"),
        ("America/Buenos_Aires", "AR"),
        ("GB", "GB"),
        ("Iceland", "IS"),
        ("Africa/Asmera", "ER"),
        ("Pacific/Truk", "FM"),
        ("Europe/Kiev", "UA"),
        ("CET", None),
        ("EST", None),
        ("UTC", None),
        ("Etc/GMT+5", None),
        ("Factory", None),
        ("Nowhere/Land", None),
        ("", None),
    ],
)
def test_a_zone_by_an_old_name_has_a_country_unless_it_is_nobodys(zone: str, country: str | None) -> None:
    assert data.country_of_zone(zone) == country


def test_every_place_in_the_file_has_a_zone_and_a_country_that_exist() -> None:
    known = available_timezones()
    for line in LINES:
        if not line.startswith(("#", "name\t")):
            name, spellings, country, region, zones, people = line.split("\t")
            assert all(zone in known for zone in zones.split("|") if zone), line
            assert name, line
            assert not country or (country, region) in ATLAS.wholes, line
            assert "" not in spellings.split("|") or not spellings, line
            assert people.isdigit() == bool(country and zones), line
            assert not people or int(people) > 0, line
    for zone in {city.zone for city in CITIES}:
        ZoneInfo(zone)


def test_no_two_cities_look_the_same_on_a_button() -> None:
    assert len({(key(city.name), city.country, city.region) for city in CITIES}) == len(CITIES)


def test_the_file_is_small_and_says_where_it_comes_from() -> None:
    assert sum(len(line.encode()) + 1 for line in LINES) < 300_000
    header = " ".join(line for line in LINES if line.startswith("#"))
    assert "GeoNames" in header
    assert "CC BY 4.0" in header
    assert "As of: 20" in header


FRAGMENTS = st.lists(st.sampled_from([*list(ATLAS.spots)[::50], *ATLAS.areas, "+5", "utc", ",", "-", "in", "I", "🙂"]))


@given(st.text() | FRAGMENTS.map(" ".join) | FRAGMENTS.map("".join), st.sampled_from([WINTER, SUMMER]))
@example("utc+5" * 100, WINTER)
def test_any_text_gives_one_place_or_up_to_three_guesses_fit_for_buttons(text: str, now: datetime) -> None:
    understood = read(text, now)
    assert understood.place is None or not understood.guesses
    assert len(understood.guesses) <= MOST_GUESSES
    assert len({place.label for place in understood.guesses}) == len(understood.guesses)
    for place in filter(None, (understood.place, *understood.guesses)):
        assert 0 < len(place.label) <= 80
        assert place.label.isprintable()
        ZoneInfo(place.zone)
