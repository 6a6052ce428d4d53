"""Money: whole minor units with a currency, and the few places where it is divided.

There is no float in this file and none may enter: amounts are `int` minor units ("cents"), shares are basis points, and
every division names its rounding.
"""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import Final

# Stripe's document "Supported currencies", sections on zero-decimal and three-decimal currencies.
ZERO_DECIMAL: Final = frozenset(
    {"bif", "clp", "djf", "gnf", "jpy", "kmf", "krw", "mga", "pyg", "rwf", "vnd", "vuv", "xaf", "xof", "xpf"}
)
THREE_DECIMAL: Final = frozenset({"bhd", "jod", "kwd", "omr", "tnd"})

# The largest amount that Stripe accepts on a price or a charge: eight digits.
LARGEST_AMOUNT: Final = 99_999_999
# What a database column of eight bytes holds; sums are checked against it before they are written.
LARGEST_BALANCE: Final = 2**63 - 1


def minor_digits(currency: str) -> int:
    """Return how many decimal places the currency's minor unit has as Stripe counts it: 2, 0 (JPY) or 3 (KWD)."""
    if currency in ZERO_DECIMAL:
        return 0
    return 3 if currency in THREE_DECIMAL else 2


def share_half_up(amount_cents: int, basis_points: int) -> int:
    """Return `basis_points`/10,000 of an amount, rounded half up to the minor unit (DESIGN section 4).

    Half up means away from zero at exactly one half, for negative amounts too, so that a reversal mirrors its earning.
    """
    numerator = abs(amount_cents) * basis_points
    share = (2 * numerator + 10_000) // 20_000
    return share if amount_cents >= 0 else -share


def to_major(minor: Fraction | int, currency: str) -> Decimal:
    """Return an amount of minor units in major units, rounded half up to the currency's own precision."""
    exact = Fraction(minor)
    # Whole numbers only: a Decimal division keeps 28 digits and could round a hair below one half to one half.
    whole = (2 * abs(exact.numerator) + exact.denominator) // (2 * exact.denominator)
    return Decimal(whole if exact >= 0 else -whole).scaleb(-minor_digits(currency))
