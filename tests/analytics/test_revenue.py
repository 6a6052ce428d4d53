"""The formulas of G26 and G27, as pure functions."""

from __future__ import annotations

from decimal import Decimal

import pytest

from billfold.domain.analytics.revenue import RecurringItem, monthly_revenue, percent


def item(amount: int, interval: str = "month", *, every: int = 1, quantity: int = 1, count: int = 1,
         currency: str = "usd") -> RecurringItem:  # fmt: skip
    return RecurringItem(currency, interval, every, amount, quantity, count)


@pytest.mark.parametrize(
    ("items", "usd"),
    [
        ([item(1250)], "12.50"),
        ([item(1250, quantity=3, count=2)], "75.00"),
        ([item(12000, "year")], "10.00"),
        ([item(1000, "week")], "43.33"),
        ([item(100, "day")], "30.42"),
        ([item(3000, every=3)], "10.00"),
        ([item(24000, "year", every=2)], "10.00"),
        # Rounded once, at the end: three thirds of a cent are a cent.
        ([item(100, "year", count=3)], "0.25"),
        ([item(1, "year", count=6)], "0.01"),
        ([item(1, "year", count=5)], "0.00"),
    ],
)
def test_each_interval_counts_by_its_part_of_a_month(items: list[RecurringItem], usd: str) -> None:
    assert monthly_revenue(items) == {"usd": Decimal(usd)}


def test_currencies_stay_apart_and_keep_their_own_decimals() -> None:
    items = [item(1000), item(5000, currency="jpy"), item(1234, currency="kwd"), item(999, "year", currency="jpy")]
    assert monthly_revenue(items) == {"jpy": Decimal(5083), "kwd": Decimal("1.234"), "usd": Decimal("10.00")}


def test_d5_no_sum_is_too_large() -> None:
    assert monthly_revenue([item(2**43, count=10**6, quantity=10**6)]) == {"usd": Decimal(2**43 * 10**10)}


@pytest.mark.parametrize(
    ("part", "whole", "expected"),
    [(0, 0, "0"), (0, 5, "0.0"), (1, 3, "33.3"), (2, 3, "66.7"), (1, 8, "12.5"), (1, 800, "0.1"), (5, 5, "100.0")],
)
def test_a_percentage_has_one_decimal_place(part: int, whole: int, expected: str) -> None:
    assert percent(part, whole) == Decimal(expected)
