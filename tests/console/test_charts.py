from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from billfold.entrypoints.web.console.charts import HEIGHT, WIDTH, bar_chart, line_chart, spark, step_for

AMOUNTS = st.lists(st.integers(0, 10**15), min_size=2, max_size=24)


def test_steps_are_1_2_or_5_times_a_power_of_ten() -> None:
    assert [step_for(value) for value in (1, 4, 5, 8, 9, 20, 21, 399, 400, 401)] == [
        1,
        1,
        2,
        2,
        5,
        5,
        10,
        100,
        100,
        200,
    ]


@given(AMOUNTS)
def test_a_line_stays_inside_its_plot_and_its_axis_begins_at_zero(values: list[int]) -> None:
    chart = line_chart(values)
    assert (chart.axis.values[-1], chart.axis.zero, len(chart.axis.values)) == (0, HEIGHT, 5)
    assert chart.axis.values[0] >= max(values)
    points = [tuple(map(int, pair)) for pair in re.findall(r"(\d+) (-?\d+)", chart.line + chart.so_far)]
    assert all(0 <= x <= WIDTH and 0 <= y <= HEIGHT for x, y in points)
    assert len(chart.bands) == len(values)


@given(st.lists(st.tuples(st.integers(0, 10**6), st.integers(0, 10**6)), min_size=2, max_size=24))
def test_bars_stand_on_zero_and_inside_their_plot(months: list[tuple[int, int]]) -> None:
    chart = bar_chart([gain for gain, _ in months], [loss for _, loss in months])
    assert len(chart.axis.values) <= 6
    for bar in chart.gains:
        assert 0 <= bar.y <= chart.axis.zero
        assert bar.y + bar.height == chart.axis.zero
    for bar in chart.losses:
        assert bar.y == chart.axis.zero
        assert bar.y + bar.height <= HEIGHT


@given(st.lists(st.integers(0, 10**12), min_size=1, max_size=40))
def test_a_trend_fits_its_box(values: list[int]) -> None:
    line, dot = spark(values)
    assert all(0 <= int(x) <= 88 and 0 <= int(y) <= 28 for x, y in re.findall(r"(\d+) (-?\d+)", line + dot))
