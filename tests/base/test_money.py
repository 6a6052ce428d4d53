from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from billfold.base.money import minor_digits, share_half_up, to_major

_AMOUNTS = st.integers(min_value=-(2**63), max_value=2**63)
_SHARES = st.integers(min_value=0, max_value=10_000)


@given(amount=_AMOUNTS, basis_points=_SHARES)
def test_a_share_is_less_than_one_minor_unit_from_the_exact_share(amount: int, basis_points: int) -> None:
    """Scenario D2."""
    exact = Fraction(amount * basis_points, 10_000)
    assert abs(share_half_up(amount, basis_points) - exact) <= Fraction(1, 2)


@given(amount=_AMOUNTS, basis_points=_SHARES)
def test_a_reversal_mirrors_its_earning(amount: int, basis_points: int) -> None:
    assert share_half_up(-amount, basis_points) == -share_half_up(amount, basis_points)


@given(amount=_AMOUNTS)
def test_the_whole_share_is_the_amount(amount: int) -> None:
    assert share_half_up(amount, 10_000) == amount
    assert share_half_up(amount, 0) == 0


@given(amounts=st.tuples(_AMOUNTS, _AMOUNTS), basis_points=_SHARES)
def test_a_larger_amount_never_earns_less(amounts: tuple[int, int], basis_points: int) -> None:
    smaller, larger = sorted(amounts)
    assert share_half_up(smaller, basis_points) <= share_half_up(larger, basis_points)


@pytest.mark.parametrize(
    ("amount", "basis_points", "share"), [(5, 1000, 1), (-5, 1000, -1), (4, 1000, 0), (25, 200, 1)]
)
def test_one_half_rounds_away_from_zero(amount: int, basis_points: int, share: int) -> None:
    assert share_half_up(amount, basis_points) == share


def test_twenty_percent_of_every_price_up_to_100_dollars() -> None:
    """Scenario D2."""
    for cents in range(1, 10_001):
        assert share_half_up(cents, 2_000) == (cents * 2 + 5) // 10


def test_the_fifteen_zero_decimal_currencies_have_no_cents() -> None:
    """Scenario D3."""
    for currency in [
        "bif",
        "clp",
        "djf",
        "gnf",
        "jpy",
        "kmf",
        "krw",
        "mga",
        "pyg",
        "rwf",
        "vnd",
        "vuv",
        "xaf",
        "xof",
        "xpf",
    ]:
        assert minor_digits(currency) == 0
        assert to_major(50, currency) == Decimal(50)


def test_the_five_three_decimal_currencies_have_a_thousand_parts() -> None:
    """Scenario D3."""
    for currency in ["bhd", "jod", "kwd", "omr", "tnd"]:
        assert minor_digits(currency) == 3
        assert to_major(1234, currency) == Decimal("1.234")


@pytest.mark.parametrize("currency", ["usd", "eur", "isk", "ugx", "huf", "twd"])
def test_everything_else_has_cents_and_so_have_stripes_special_cases(currency: str) -> None:
    """Scenario D3: Stripe counts ISK, UGX, HUF and TWD in hundredths although some have no coins for them."""
    assert to_major(5000, currency) == Decimal(50)


def test_a_fraction_of_a_cent_rounds_half_up() -> None:
    assert to_major(Fraction(1, 2), "usd") == Decimal("0.01")
    assert to_major(Fraction(1, 3), "usd") == Decimal("0.00")
    assert to_major(Fraction(999, 2), "jpy") == Decimal(500)


@given(minor=st.fractions(min_value=-(10**18), max_value=10**18), currency=st.sampled_from(["usd", "jpy", "kwd"]))
def test_the_major_amount_is_at_most_half_a_minor_unit_away(minor: Fraction, currency: str) -> None:
    digits = minor_digits(currency)
    assert abs(Fraction(to_major(minor, currency)) * 10**digits - minor) <= Fraction(1, 2)
