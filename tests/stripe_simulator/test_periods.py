"""SCENARIOS E1: billing periods, for every day of 2026 to 2029."""

from __future__ import annotations

import calendar
from datetime import UTC, datetime, timedelta

import pytest

from billfold.infrastructure.stripe_simulator.periods import period_end


def at(text: str) -> int:
    return int(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp())


@pytest.mark.parametrize(
    ("anchor", "interval", "count", "end"),
    [
        ("2026-01-31", "month", 1, "2026-02-28"),
        ("2026-01-31", "month", 2, "2026-03-31"),
        ("2026-01-31", "month", 3, "2026-04-30"),
        ("2028-01-31", "month", 1, "2028-02-29"),
        ("2028-02-29", "year", 1, "2029-02-28"),
        ("2028-02-29", "year", 4, "2032-02-29"),
        ("2026-12-31T23:59:59", "month", 2, "2027-02-28T23:59:59"),
        ("2026-03-28T02:30:00", "day", 1, "2026-03-29T02:30:00"),
        ("2026-10-01", "week", 4, "2026-10-29"),
    ],
)
def test_e1_an_anchor_keeps_its_day_where_the_month_has_it(anchor: str, interval: str, count: int, end: str) -> None:
    assert period_end(at(anchor), interval, count) == at(end)


def test_e1_every_day_of_four_years_renews_on_its_own_day_or_the_months_last() -> None:
    day = datetime(2026, 1, 1, 12, tzinfo=UTC)
    while day.year < 2030:
        previous = int(day.timestamp())
        for count in range(1, 14):
            end = period_end(int(day.timestamp()), "month", count)
            moment = datetime.fromtimestamp(end, UTC)
            assert moment.day == min(day.day, calendar.monthrange(moment.year, moment.month)[1])
            assert 28 * 86_400 <= end - previous <= 31 * 86_400
            previous = end
        day += timedelta(days=1)
