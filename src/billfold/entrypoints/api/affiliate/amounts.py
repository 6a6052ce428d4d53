"""Amounts on this wire: dollars with the currency's own decimals beside whole cents and the currency (contract A4).

The domain counts in whole minor units. They become a decimal here, exactly, and JSON numbers are read as decimals; nothing is
ever a binary fraction.
"""

from __future__ import annotations

from decimal import Decimal
from numbers import Number
from typing import Annotated, Any, Final

from pydantic import BeforeValidator, Field, WithJsonSchema

from billfold.base.money import minor_digits, to_major

_MOST: Final = Decimal(1_000_000)
_HUNDREDTH: Final = Decimal("0.01")


def dollars(amount_cents: int, currency: str) -> Decimal:
    """Return whole minor units as major units: 580 usd is 5.80, and 580 jpy is 580."""
    return to_major(amount_cents, currency)


def cents(amount: Decimal, currency: str) -> int:
    """Return major units as whole minor units; raises `ValueError` if that would need rounding."""
    scaled = amount.scaleb(minor_digits(currency))
    whole = int(scaled)
    if whole != scaled:
        raise ValueError("more decimals than the currency has")
    return whole


def percent(basis_points: int) -> Decimal:
    """Return a rate as percent points: 2000 is 20, 1250 is 12.5 (contract A5)."""
    points = Decimal(basis_points).scaleb(-2)
    whole = points.to_integral_value()
    return whole if whole == points else points.normalize()


def basis_points(points: Decimal) -> int:
    """Return percent points as basis points; raises `ValueError` for more than two decimals."""
    scaled = points.scaleb(2)
    whole = int(scaled)
    if whole != scaled:
        raise ValueError("more than two decimals")
    return whole


def _decimal(given: Any) -> Decimal:
    """Read a JSON number as it was written: its `repr` is the shortest text that gives the same number back."""
    if isinstance(given, bool) or not isinstance(given, Number):
        raise ValueError("not a number")  # noqa: TRY004 - pydantic turns a ValueError into the sentence about the field
    read = Decimal(repr(given)) if not isinstance(given, Decimal) else given
    # A number that is far too large has no hundredths in the context's 28 digits: the field's bounds say so.
    if not read.is_finite() or (abs(read) <= _MOST and read != read.quantize(_HUNDREDTH)):
        raise ValueError("more than two decimals")
    return read


Dollars = Annotated[
    Decimal,
    BeforeValidator(_decimal),
    WithJsonSchema({"type": "number", "minimum": 0, "maximum": int(_MOST)}),
    Field(ge=0, le=_MOST, description="an amount in dollars from 0 to 1000000 with at most two decimals, such as 50"),
]
Percent = Annotated[
    Decimal,
    BeforeValidator(_decimal),
    WithJsonSchema({"type": "number", "minimum": 0, "maximum": 100}),
    Field(ge=0, le=100, description="a number from 0 to 100 with at most two decimals, in percent: 20 is 20 %"),
]
