"""What does the picture of a chart look like?

It is drawn at twice its size and shrunk, on a card of its own, so that it is the same in a light and a dark client.
Where nothing was done there is nothing: no zero, no cross, no grey bar. Only `bot.ui.charts` imports this module, in
its worker, for it brings Pillow.
"""

import io
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from PIL import Image, ImageDraw, ImageFont

from bot.domain.charts import Bar, Chart
from bot.domain.weekdays import NAMES

WIDTH, HEIGHT = 960, 450
SCALE = 2

CARD, BAR, FLOOR, WORDS, QUIET = "#22313A", "#79B2A5", "#F4D3A0", "#F1F4F5", "#AEBDC4"
RADIUS = 36
SIDE, TOP, BOTTOM = 52, 134, 372
"""Where the bars may be: pixels from both sides, and from the top."""

LEGEND, LETTERS = 54, 408
"""Where the middle of a line of words is, in pixels from the top."""

TEXT = 34
GAP = 20
"""Pixels between two weeks."""

THICK, LEAST_BAR, ROOM, ABOVE = 4, 8, 6, 10
WIDEST_BAR, SHARE, ROUND = 84, 0.62, 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Slot:
    """One day's place, from the left edge to the right, and the day."""

    left: float
    right: float
    bar: Bar

    @property
    def middle(self) -> float:
        return (self.left + self.right) / 2


def drawn(chart: Chart, *, by_name: bool) -> bytes:
    """A PNG; with `by_name` each day has its letter and its number, without it each Monday its date."""
    canvas = Image.new("RGB", (WIDTH * SCALE, HEIGHT * SCALE), CARD)
    pen = Pen(canvas)
    slots = slots_of(chart.bars)
    highest = max(max(bar.questions or 0, bar.floor or 0) for bar in chart.bars)
    pen.legend(with_floor=any(bar.floor is not None for bar in chart.bars))
    pen.bars(slots, highest)
    pen.floor(slots, highest)
    if by_name:
        pen.numbers(slots, highest)
        pen.letters(slots)
    else:
        pen.mondays(slots)
    return png(canvas)


def slots_of(bars: Sequence[Bar]) -> list[Slot]:
    """The days side by side, with a gap before each Monday but the first day."""
    gaps = [GAP if number and bar.day.weekday() == 0 else 0 for number, bar in enumerate(bars)]
    width = (WIDTH - 2 * SIDE - sum(gaps)) / len(bars)
    return [
        Slot(left=left, right=left + width, bar=bar)
        for number, bar in enumerate(bars)
        for left in [SIDE + number * width + sum(gaps[: number + 1])]
    ]


def height_of(number: int, highest: int) -> float:
    """How far down from the top of the picture a number reaches."""
    return BOTTOM - max((BOTTOM - TOP) * number / highest, LEAST_BAR)


class Pen:
    """Draws on a big canvas in the measures of the small picture."""

    def __init__(self, canvas: Image.Image) -> None:
        self._draw = ImageDraw.Draw(canvas)

    def legend(self, *, with_floor: bool) -> None:
        """What bars and line are."""
        self._write(SIDE, LEGEND, "questions", QUIET, "lm")
        if with_floor:
            self._write(WIDTH - SIDE, LEGEND, "floor", QUIET, "rm")
            right = WIDTH - SIDE - font().getlength("floor") / SCALE - 14
            self._line([(right - 44, LEGEND + 2), (right, LEGEND + 2)])

    def bars(self, slots: Sequence[Slot], highest: int) -> None:
        """A bar on each worked day, nothing on any other."""
        for slot in slots:
            if slot.bar.questions:
                half = min((slot.right - slot.left) * SHARE, WIDEST_BAR) / 2
                top = height_of(slot.bar.questions, highest)
                self._draw.rounded_rectangle(
                    self._big(slot.middle - half, top, slot.middle + half, BOTTOM),
                    radius=min(half / 2, ROUND) * SCALE,
                    fill=BAR,
                    corners=(True, True, False, False),
                )

    def floor(self, slots: Sequence[Slot], highest: int) -> None:
        """A line that steps where the floor changed, and stops where there was none."""
        path: list[tuple[float, float]] = []
        for slot, after in pairwise([*slots, None]):
            if slot is None or slot.bar.floor is None:
                continue
            height = height_of(slot.bar.floor, highest)
            goes_on = after is not None and after.bar.floor is not None
            path += [(slot.left, height), (after.left if after and goes_on else slot.right, height)]
            if not goes_on:
                self._line(path)
                path = []

    def numbers(self, slots: Sequence[Slot], highest: int) -> None:
        """The number above each bar; where the floor passes, the line makes room for it."""
        for slot in slots:
            if slot.bar.questions:
                top, number = height_of(slot.bar.questions, highest), str(slot.bar.questions)
                half = font().getlength(number) / SCALE / 2 + ROOM
                room = self._big(slot.middle - half, top - ABOVE - TEXT, slot.middle + half, top - THICK)
                self._draw.rectangle(room, fill=CARD)
                self._write(slot.middle, top - ABOVE, number, WORDS, "ms")

    def letters(self, slots: Sequence[Slot]) -> None:
        """The first letter of each day's name."""
        for slot in slots:
            self._write(slot.middle, LETTERS, NAMES[slot.bar.day.weekday()][0], QUIET, "mm")

    def mondays(self, slots: Sequence[Slot]) -> None:
        """The date of each Monday, from where its week begins."""
        for slot in slots:
            if slot.bar.day.weekday() == 0:
                date = f"{slot.bar.day.day} {slot.bar.day:%b}"
                left = min(slot.left + 3, WIDTH - SIDE - font().getlength(date) / SCALE)
                self._write(left, LETTERS, date, QUIET, "lm")

    def _line(self, path: list[tuple[float, float]]) -> None:
        points = [(x * SCALE, y * SCALE) for x, y in path]
        self._draw.line(points, fill=FLOOR, width=THICK * SCALE, joint="curve")

    def _write(self, x: float, y: float, text: str, colour: str, anchor: str) -> None:
        self._draw.text((x * SCALE, y * SCALE), text, font=font(), fill=colour, anchor=anchor)

    @staticmethod
    def _big(left: float, top: float, right: float, bottom: float) -> tuple[float, float, float, float]:
        return left * SCALE, top * SCALE, right * SCALE - 1, bottom * SCALE - 1


@lru_cache(maxsize=1)
def font() -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    """The face that comes with Pillow, Latin only, in the size of the big canvas."""
    return ImageFont.load_default(TEXT * SCALE)


@lru_cache(maxsize=1)
def card() -> Image.Image:
    """Where the picture is solid: all of it but the corners."""
    big = Image.new("L", (WIDTH * SCALE, HEIGHT * SCALE))
    ImageDraw.Draw(big).rounded_rectangle((0, 0, *(side - 1 for side in big.size)), RADIUS * SCALE, fill=255)
    return big.reduce(SCALE)


def png(canvas: Image.Image) -> bytes:
    small = canvas.reduce(SCALE)
    small.putalpha(card())
    file = io.BytesIO()
    small.save(file, "PNG")
    return file.getvalue()
