"""How does a picture arrive where only discord.py's own client, or a terminal, stands between?"""

import json
from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from bot import terminal
from bot.domain.charts import Bar, Chart
from bot.messenger import LibraryWire
from bot.ui import charts
from tests.conftest import World

WEEK = Chart(bars=(Bar(day=date(2026, 3, 2), questions=40, floor=20),))


async def test_a_picture_goes_through_the_library_with_the_words_for_it(world: World) -> None:
    wire = LibraryWire(world.env.bot.http)
    opened = await wire("POST", "/users/@me/channels", json.dumps({"recipient_id": str(world.ana.id)}))
    payload = json.dumps({"content": "look", "chart": charts.packed(WEEK)})
    answer = await wire("POST", f"/channels/{opened.body['id']}/messages", *await charts.unpacked(payload))
    plain = await wire("POST", f"/channels/{opened.body['id']}/messages", *await charts.unpacked('{"content": "read"}'))
    assert (answer.status, plain.status) == (200, 200)
    pictured, without = world.dms(world.ana)
    (file,) = pictured.attachments
    assert (pictured.content, file.filename, file.description) == ("look", "week.png", charts.description(WEEK))
    assert await file.read() == await charts.picture(WEEK)
    assert (without.content, without.attachments) == ("read", [])


def test_a_terminal_shows_a_picture_by_its_words(capsys: pytest.CaptureFixture[str]) -> None:
    zone = ZoneInfo("America/Chicago")
    said = charts.description(WEEK)
    terminal.message(datetime(2026, 3, 8, 18, tzinfo=zone), zone, "Your week.", [], picture=said)
    shown = " ".join(capsys.readouterr().out.replace("│", "").split())
    assert shown.endswith(f"Your week. [Picture: {said}]")
