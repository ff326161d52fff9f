"""`comeback try` shows the real thing, and a mistake in its options is one line."""

import re
import subprocess
import sys
from functools import cache

import pytest


@cache
def rehearse(*options: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "bot", "try", *options], capture_output=True, text=True, timeout=60, check=False
    )


def test_seven_days_show_each_kind_of_answer_and_end_with_the_real_command() -> None:
    shown = rehearse("--from", "2026-03-02")
    assert shown.returncode == 0, shown.stderr
    for tapped in ("Usual", "Floor today", "Kept it", "Some of it", "Not today", "Rough day"):
        assert f"Ana taps [{tapped}]" in shown.stdout
    days = re.findall(r"^(\w+day, \d+ March) ─", shown.stdout, re.MULTILINE)
    assert days == [f"{name}, {2 + number} March" for number, name in enumerate(NAMES)]
    assert shown.stdout.rstrip().endswith(f"{sys.executable} -m bot run")
    assert "Call 988" in shown.stdout


NAMES = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def test_a_rough_day_has_no_evening_and_the_next_morning_opens_with_the_floor() -> None:
    shown = rehearse("--from", "2026-03-02").stdout
    thursday = shown.split("Thursday, 5 March ─")[1].split("Friday, 6 March ─")[0]
    assert "Good evening" not in thursday
    assert "today opens with the floor" in shown.split("Friday, 6 March ─")[1]


def test_the_gentle_path_asks_for_nothing() -> None:
    shown = rehearse("--from", "2026-03-02", "--phase", "just-found-out", "--zone", "Manila", "--days", "10").stdout
    assert "Good morning" not in shown
    assert "How did" not in shown
    assert shown.count("A week has gone by") == 1
    assert "Nothing to decide this week" in shown


def test_every_prompt_comes_at_its_local_time_also_when_the_clocks_change() -> None:
    shown = rehearse("--from", "2026-03-05", "--zone", "New York").stdout  # clocks change on the 8th
    times = re.findall(r"^  (\d\d:\d\d)  DM\n  │ Good (morning|evening)", shown, re.MULTILINE)
    assert {time for time, kind in times if kind == "morning"} == {"07:30"}
    assert {time for time, kind in times if kind == "evening"} == {"21:00"}


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (("--days", "0"), "--days takes a whole number from 1 to 60"),
        (("--days", "61"), "--days takes a whole number from 1 to 60"),
        (("--from", "30 February"), "--from takes a date such as 2026-03-02"),
        (("--from", "9999-12-31"), "--from takes a date between"),
        (("--zone", "asdfgh"), "is not clear"),
        (("--days", "seven"), "invalid int value"),
        (("--phase", "lost"), "invalid choice"),
    ],
)
def test_a_wrong_option_is_one_line_that_says_what_works(options: tuple[str, ...], sentence: str) -> None:
    shown = rehearse(*options)
    assert shown.returncode == 2
    assert sentence in shown.stderr.splitlines()[-1]
    assert "Traceback" not in shown.stderr
