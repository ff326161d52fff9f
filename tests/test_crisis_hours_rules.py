"""Is a line said to be open when its listed hours say so, and at what time for whoever reads it?"""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain import opening_hours as rules

ZONES = (
    "America/New_York",
    "Europe/London",
    "Asia/Kolkata",
    "Asia/Kathmandu",
    "Africa/Cairo",
    "Pacific/Auckland",
    "UTC",
)
INSTANTS = st.datetimes(datetime(2026, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 - aware by zone
DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


def at(local: str, zone: str) -> datetime:
    return datetime.fromisoformat(local).replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)


@pytest.mark.parametrize(
    ("hours", "local", "is_open", "until"),
    [
        ("Mon-Fri 10:00-18:00", "2026-01-05 10:00", True, "2026-01-05 18:00"),
        ("Mon-Fri 10:00-18:00", "2026-01-05 09:59", False, "2026-01-05 10:00"),
        ("Mon-Fri 10:00-18:00", "2026-01-05 18:00", False, "2026-01-06 10:00"),
        ("Mon-Fri 10:00-18:00", "2026-01-09 18:00", False, "2026-01-12 10:00"),
        ("daily 15:00-03:00", "2026-01-05 02:59", True, "2026-01-05 03:00"),
        ("daily 15:00-03:00", "2026-01-05 03:00", False, "2026-01-05 15:00"),
        ("daily 15:00-03:00", "2026-01-05 23:30", True, "2026-01-06 03:00"),
        ("daily 08:00-24:00", "2026-01-11 23:59", True, "2026-01-12 00:00"),
        ("Sun-Fri 08:00-18:00", "2026-01-11 09:00", True, "2026-01-11 18:00"),
        ("Sun-Fri 08:00-18:00", "2026-01-10 09:00", False, "2026-01-11 08:00"),
        ("Mon-Thu 18:00-02:00, Fri 18:00-Mon 06:00", "2026-01-09 01:59", True, "2026-01-09 02:00"),
        ("Mon-Thu 18:00-02:00, Fri 18:00-Mon 06:00", "2026-01-09 17:00", False, "2026-01-09 18:00"),
        ("Mon-Thu 18:00-02:00, Fri 18:00-Mon 06:00", "2026-01-10 12:00", True, "2026-01-12 06:00"),
        ("Mon-Thu 18:00-02:00, Fri 18:00-Mon 06:00", "2026-01-12 05:59", True, "2026-01-12 06:00"),
        ("Mon 08:00-12:00, Mon 12:00-16:00", "2026-01-05 09:00", True, "2026-01-05 16:00"),
        ("daily 00:00-24:00", "2026-01-05 09:00", True, None),
        ("Mon 09:00-Mon 09:00", "2026-01-08 09:00", True, None),
    ],
)
@pytest.mark.parametrize("zone", ["Europe/London", "Asia/Kolkata"])
def test_open_and_closed_and_until_when(hours: str, local: str, is_open: bool, until: str | None, zone: str) -> None:
    standing = rules.standing(rules.parse(f"{hours} {zone}"), at(local, zone))
    assert standing == rules.Standing(open=is_open, until=at(until, zone) if until else None)


def test_hours_follow_the_clocks_of_the_line_when_they_change() -> None:
    hours = rules.parse("daily 08:00-01:00 America/New_York")
    night_of_the_change = at("2026-03-08 00:30", "America/New_York")
    assert rules.standing(hours, night_of_the_change).until == at("2026-03-08 01:00", "America/New_York")
    after = rules.standing(hours, at("2026-03-08 01:30", "America/New_York"))
    assert after.until == datetime(2026, 3, 8, 12, tzinfo=UTC)  # 08:00, an hour sooner than the day before


@given(
    day=st.sampled_from(DAYS),
    opens=st.integers(0, 1439),
    closes=st.integers(0, 1440),
    zone=st.sampled_from(ZONES),
    now=INSTANTS,
)
def test_what_holds_until_then_is_over_then(day: str, opens: int, closes: int, zone: str, now: datetime) -> None:
    first, last = (f"{it // 60:02d}:{it % 60:02d}" for it in (opens, closes))
    hours = rules.parse(f"{day} {first}-{last} {zone}")
    standing = rules.standing(hours, now)
    assert standing.until
    assert now < standing.until + timedelta(minutes=1)
    assert standing.until - now <= timedelta(days=7, hours=1)
    place = ZoneInfo(zone)
    local, before = standing.until.astimezone(place), (standing.until - timedelta(hours=1)).astimezone(place)
    if local.utcoffset() == before.utcoffset():  # a time in an hour that was left out comes later
        assert f"{local:%H:%M}" == (last.replace("24:00", "00:00") if standing.open else first)
        assert rules.standing(hours, standing.until).open is not standing.open


@pytest.mark.parametrize(
    "text",
    [
        "",
        "24/7",
        "Mon-Fri 10:00-18:00",
        "Mon-Fri 10:00-18:00 Pacific",
        "Monday 10:00-18:00 Europe/London",
        "Mon 9:00-18:00 Europe/London",
        "Mon 10:00-25:00 Europe/London",
        "Mon 10:00-24:30 Europe/London",
        "Mon-Fri 10:00-Sat 18:00 Europe/London",
        "daily 10:00-Sat 18:00 Europe/London",
        "Mon 10:00 Europe/London",
        "Mon 10:00-18:00;Tue 10:00-18:00 Europe/London",
    ],
)
def test_hours_that_are_not_plain_are_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"is no|does not|names one"):
        rules.parse(text)


def test_in_an_hour_that_comes_twice_the_end_is_not_over_before_it_comes() -> None:
    hours = rules.parse("daily 00:30-01:45 America/New_York")
    again = datetime(2026, 11, 1, 6, 30, tzinfo=UTC)  # the second 01:30
    assert rules.standing(hours, again).until == datetime(2026, 11, 1, 6, 45, tzinfo=UTC)


def test_a_time_is_said_in_the_readers_own_zone() -> None:
    now, later = datetime(2026, 1, 5, 8, tzinfo=UTC), datetime(2026, 1, 5, 14, 30, tzinfo=UTC)
    assert rules.moment(later, now, ZoneInfo("America/New_York")) == "09:30"
    assert rules.moment(later, now, ZoneInfo("Asia/Kolkata")) == "20:00"
    assert rules.moment(later, now - timedelta(days=2), ZoneInfo("Asia/Kolkata")) == "Monday 20:00"


def test_without_a_zone_each_phone_says_the_time_itself() -> None:
    now = datetime(2026, 1, 5, 8, tzinfo=UTC)
    assert rules.moment(now + timedelta(hours=2), now, None) == "<t:1767607200:t>"
    assert rules.moment(now + timedelta(days=2), now, None) == "<t:1767772800:F>"
