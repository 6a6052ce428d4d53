"""Charts made on the server: where each mark of an SVG stands. Pure and in whole numbers; words stay in the HTML around it.

The plot is 1,200 by 2,000 units and stretched to its place, strokes are not; the axis begins at zero.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

WIDTH: Final = 1_200
HEIGHT: Final = 2_000
# At most five grid lines, so four steps.
_STEPS: Final = 4
_NICE: Final = (1, 2, 5)
_SPARK_WIDTH: Final = 88
_SPARK_HEIGHT: Final = 28


@dataclass(frozen=True, slots=True)
class Band:
    """The ground of one period: a pointer on it reads its numbers."""

    x: int
    width: int


@dataclass(frozen=True, slots=True)
class Axis:
    """The values at the grid lines, highest first, and where the lines stand."""

    values: list[int]
    lines: list[int]

    @property
    def path(self) -> str:
        """The grid as one path, without the line of zero."""
        return "".join(f"M0 {y}H{WIDTH}" for y, value in zip(self.lines, self.values, strict=True) if value)

    @property
    def zero(self) -> int:
        """Where zero stands."""
        return self.lines[self.values.index(0)]


@dataclass(frozen=True, slots=True)
class LineChart:
    """A series over periods; the last one is unfinished and dotted."""

    axis: Axis
    area: str
    line: str
    so_far: str
    end: str
    bands: list[Band]


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar."""

    x: int
    y: int
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class BarChart:
    """Gains above zero and losses below it."""

    axis: Axis
    gains: list[Bar]
    losses: list[Bar]
    bands: list[Band]


def step_for(highest: int) -> int:
    """Return the smallest of 1, 2, 5, 10, 20, 50 … of which four steps reach `highest`."""
    power = 1
    while True:
        for each in _NICE:
            if each * power * _STEPS >= highest:
                return each * power
        power *= 10


def line_chart(values: Sequence[int]) -> LineChart:
    """Place at least two values, none below zero, one for each period."""
    step = step_for(max(*values, 1))
    top = step * _STEPS
    axis = Axis(
        [step * number for number in range(_STEPS, -1, -1)],
        [HEIGHT * number // _STEPS for number in range(_STEPS + 1)],
    )
    bands = _bands(len(values))
    points = [
        f"{band.x + band.width // 2} {HEIGHT - HEIGHT * value // top}"
        for band, value in zip(bands, values, strict=True)
    ]
    first_x, last_x = points[0].partition(" ")[0], points[-1].partition(" ")[0]
    return LineChart(
        axis=axis,
        area=f"M{first_x} {HEIGHT}L{'L'.join(points)}L{last_x} {HEIGHT}Z",
        line=f"M{'L'.join(points[:-1])}",
        so_far=f"M{points[-2]}L{points[-1]}",
        end=f"M{points[-1]}h0",
        bands=bands,
    )


def bar_chart(gains: Sequence[int], losses: Sequence[int]) -> BarChart:
    """Place the gains of each period above the line and its losses below; both are counts of zero or more."""
    highest, lowest = max(*gains, 1), max(*losses, 0)
    step = step_for(highest)
    while -(-highest // step) + -(-lowest // step) > _STEPS + 1:
        step = step_for(step * _STEPS + 1)
    above, below = -(-highest // step), -(-lowest // step)
    count = above + below
    axis = Axis(
        [step * number for number in range(above, -below - 1, -1)],
        [HEIGHT * number // count for number in range(count + 1)],
    )
    zero, whole = axis.zero, step * count
    bands = _bands(len(gains))
    return BarChart(
        axis=axis,
        gains=[
            Bar(
                band.x + band.width * 7 // 25,
                zero - HEIGHT * value // whole,
                band.width * 11 // 25,
                HEIGHT * value // whole,
            )
            for band, value in zip(bands, gains, strict=True)
        ],
        losses=[
            Bar(band.x + band.width * 7 // 25, zero, band.width * 11 // 25, HEIGHT * value // whole)
            for band, value in zip(bands, losses, strict=True)
        ],
        bands=bands,
    )


def spark(values: Sequence[int]) -> tuple[str, str]:
    """Return the path of a small trend line and of the dot at its end, in a box of 88 by 28."""
    low, high = min(values), max(values)
    room = _SPARK_HEIGHT - 4
    span = max(high - low, 1)
    last = max(len(values) - 1, 1)
    points = [
        f"{_SPARK_WIDTH * number // last} {2 + room - room * (value - low) // span if high > low else _SPARK_HEIGHT // 2}"
        for number, value in enumerate(values)
    ]
    return f"M{'L'.join(points)}", f"M{points[-1]}h0"


def _bands(count: int) -> list[Band]:
    edges = [WIDTH * number // count for number in range(count + 1)]
    return [Band(left, right - left) for left, right in pairwise(edges)]
