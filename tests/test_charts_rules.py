"""What does the picture of somebody's days show, what do its words say, and what becomes of a message without it?"""

import io
import json
import logging
import re
from collections.abc import Callable, Sequence
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from bot.domain.charts import Bar, Chart
from bot.ui import charts, drawings

A_MONDAY = date(2026, 3, 2)
DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
CARD, BAR, FLOOR = (tuple(bytes.fromhex(colour[1:])) for colour in (drawings.CARD, drawings.BAR, drawings.FLOOR))


def chart(questions: Sequence[int | None], floors: Sequence[int | None] | int | None = None) -> Chart:
    """Days in a row from a Monday."""
    if not isinstance(floors, Sequence):
        floors = [floors] * len(questions)
    days = [A_MONDAY + timedelta(days=number) for number in range(len(questions))]
    bars = zip(days, questions, floors, strict=True)
    return Chart(bars=tuple(Bar(day=day, questions=done, floor=floor) for day, done, floor in bars))


def _charts(numbers: st.SearchStrategy[int], floors: st.SearchStrategy[int | None]) -> st.SearchStrategy[Chart]:
    def of(length: int) -> st.SearchStrategy[Chart]:
        done = st.lists(st.none() | numbers, min_size=length, max_size=length).filter(any)
        return st.builds(chart, done, st.lists(floors, min_size=length, max_size=length))

    return st.sampled_from([7, 28]).flatmap(of)


FLOORS = st.none() | st.integers(1, 200)
WORKED = _charts(st.integers(1, 3000), FLOORS)


def drawn_for(**given_for: st.SearchStrategy[Any]) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Fewer examples than elsewhere, for each is a picture, and as long as it takes."""
    return lambda test: settings(max_examples=40, deadline=None)(given(**given_for)(test))


async def pixels(shown: Chart) -> Image.Image:
    return Image.open(io.BytesIO(await charts.picture(shown)))


def column(picture: Image.Image, place: drawings.Slot, top: int = drawings.LEGEND + 30) -> Image.Image:
    """A day's place in the picture, from below the legend to where the bars stand; its very edges are left out."""
    box = (round(place.left) + 3, top, round(place.right) - 3, drawings.BOTTOM)
    return picture.convert("RGB").crop(box)


def colours(part: Image.Image) -> set[Any]:
    return {colour for _, colour in part.getcolors(part.width * part.height) or []}


@drawn_for(worked=WORKED)
async def test_a_day_without_work_or_floor_leaves_no_mark(worked: Chart) -> None:
    picture = await pixels(worked)
    for place in drawings.slots_of(worked.bars):
        if place.bar.questions is None and place.bar.floor is None:
            assert colours(column(picture, place)) == {CARD}


@drawn_for(worked=WORKED)
async def test_each_worked_day_has_a_bar_and_no_other_has(worked: Chart) -> None:
    picture = await pixels(worked)
    for place in drawings.slots_of(worked.bars):
        at_the_foot = picture.convert("RGB").getpixel((round(place.middle), drawings.BOTTOM - 1))
        assert (at_the_foot == BAR) == bool(place.bar.questions)


@drawn_for(worked=WORKED)
async def test_the_floor_is_a_line_on_the_days_that_had_one(worked: Chart) -> None:
    picture = await pixels(worked)
    for place in drawings.slots_of(worked.bars):
        if place.bar.questions is None:
            assert (FLOOR in colours(column(picture, place))) == (place.bar.floor is not None)


async def test_the_line_steps_on_the_day_on_which_the_floor_changed() -> None:
    stepped = chart([60, None, None, None, None, None, None], [20, 20, 20, 40, 40, 40, None])
    picture = await pixels(stepped)
    heights = [
        {y for y in range(drawings.TOP, drawings.BOTTOM) if picture.getpixel((round(place.middle), y)) == (*FLOOR, 255)}
        for place in drawings.slots_of(stepped.bars)
    ]
    assert heights[1] == heights[2] != heights[3] == heights[5]
    assert max(heights[3]) < min(heights[2])
    assert heights[6] == set()


@given(first=st.integers(1, 3000), second=st.integers(1, 3000))
def test_more_questions_are_never_a_lower_bar(first: int, second: int) -> None:
    less, more = sorted([first, second])
    tops = [drawings.height_of(number, more) for number in (less, more)]
    assert drawings.TOP == tops[1] <= tops[0] < drawings.BOTTOM


@pytest.mark.parametrize("length", [1, 2, 7, 28])
@pytest.mark.parametrize("number", [1, 20, 3000, 99_999])
async def test_any_number_of_any_days_is_one_picture_with_round_corners(length: int, number: int) -> None:
    picture = await pixels(chart([number] * length, 20))
    assert (picture.format, picture.size, picture.mode) == ("PNG", (960, 450), "RGBA")
    solid = picture.getchannel("A")
    assert [solid.getpixel(at) for at in ((0, 0), (959, 0), (0, 449), (959, 449))] == [0, 0, 0, 0]
    assert solid.getpixel((480, 225)) == 255


async def test_no_picture_is_drawn_of_days_without_work() -> None:
    with pytest.raises(ValueError, match="no worked day"):
        await charts.picture(chart([None] * 7, 20))


@given(worked=WORKED)
def test_the_words_name_the_days_and_all_that_was_done(worked: Chart) -> None:
    said = charts.description(worked)
    first, last = worked.bars[0].day, worked.bars[-1].day
    assert len(said) <= charts.DESCRIPTION_MAX
    assert said.startswith(f"Questions, 2 March to {last.day} March: ")
    if len(worked.bars) == 7:
        told = {day: int(number) for day, number in re.findall(r"(\w+day) (\d+)", said)}
        assert told == {f"{bar.day:%A}": bar.questions for bar in worked.bars if bar.questions}
    else:
        told = {int(day): int(number) for number, day in re.findall(r"(\d+) in the week of (\d+) March", said)}
        weeks = {first.day + start: worked.bars[start : start + 7] for start in range(0, 28, 7)}
        done = {day: sum(bar.questions or 0 for bar in week) for day, week in weeks.items()}
        assert told == {day: number for day, number in done.items() if number}


@given(worked=WORKED)
def test_the_words_name_the_line_where_there_is_one(worked: Chart) -> None:
    floors = [bar.floor for bar in worked.bars if bar.floor is not None]
    _, line, told = charts.description(worked).partition("The line is the floor: ")
    assert bool(line) == bool(floors)
    if floors:
        assert str(max(floors)) in told
        assert str(min(floors)) in told


@pytest.mark.parametrize(
    ("floors", "said"),
    [
        ([20] * 7, "The line is the floor: 20."),
        ([20] * 5 + [None] * 2, "The line is the floor: 20."),
        ([None, 20, 20, 20, 20, 20, 20], "The line is the floor: 20 from 3 March."),
        ([20, 20, 20, 30, 30, 30, 30], "The line is the floor: 20 from 2 March, 30 from 5 March."),
        ([1, 2, 3, 4, 9, 5, 6], "The line is the floor: 1 to 9."),
    ],
)
def test_a_floor_that_changed_is_said_by_its_days(floors: list[int | None], said: str) -> None:
    described = charts.description(chart([None, None, 40, None, None, None, None], floors))
    assert described == f"Questions, 2 March to 8 March: Wednesday 40. {said}"


def test_a_day_without_work_is_not_named() -> None:
    said = charts.description(chart([40, None, None, None, None, 20, None], 20))
    assert [day for day in DAYS if day in said] == ["Monday", "Saturday"]


# In a message


def message(shown: dict[str, Any] | None = None, content: str = "Hello Ana.") -> str:
    body: dict[str, Any] = {"content": content, "nonce": "p7", "components": []}
    return json.dumps(body if shown is None else body | {"chart": shown})


@drawn_for(worked=WORKED)
async def test_a_message_with_a_chart_goes_with_its_picture_and_the_words_for_it(worked: Chart) -> None:
    body, picture = await charts.unpacked(message(charts.packed(worked)))
    named = {"id": 0, "filename": "week.png", "description": charts.description(worked)}
    assert json.loads(body) == json.loads(message()) | {"attachments": [named]}
    assert picture == await charts.picture(worked)


@given(content=st.text() | st.sampled_from(['{"chart": {"bars": []}}', '"chart":', '\\"chart":', '", "chart": "']))
async def test_a_message_without_a_chart_passes_as_it_is_whatever_it_says(content: str) -> None:
    payload = message(content=content)
    assert await charts.unpacked(payload) == (payload, None)


@pytest.mark.parametrize(
    "broken",
    [
        None,
        [],
        {},
        {"bars": []},
        {"bars": "canary"},
        {"bars": [["canary", 40, 20]]},
        {"bars": [["2026-03-02", "canary", 20]]},
        {"bars": [["2026-03-02", 40]]},
        {"bars": [["2026-03-02", None, 20]]},
    ],
)
async def test_a_picture_that_cannot_be_drawn_leaves_the_message(broken: Any, caplog: pytest.LogCaptureFixture) -> None:
    payload = json.dumps(json.loads(message()) | {"chart": broken})
    body, picture = await charts.unpacked(payload)
    assert (json.loads(body), picture) == (json.loads(message()), None)
    (said,) = [record.getMessage() for record in caplog.records if record.levelno >= logging.WARNING]
    assert re.fullmatch(r"a picture could not be drawn: \w+", said)


async def test_a_message_does_not_wait_long_for_its_picture(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(charts, "PATIENCE", 0)
    body, picture = await charts.unpacked(message(charts.packed(chart([40], 20))))
    assert (json.loads(body), picture) == (json.loads(message()), None)
