"""Money and dates as people read them on a page."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Final

from billfold.base.money import minor_digits

# Only symbols that no two currencies share; every other amount stands behind its currency's code.
_SYMBOLS: Final = {"usd": "$", "eur": "€", "gbp": "£", "jpy": "¥", "inr": "₹", "krw": "₩"}
_MINUS: Final = "−"  # noqa: RUF001 - the typographic minus sign, as wide as a digit
_NO_BREAK: Final = "\N{NO-BREAK SPACE}"


def money_text(cents: int, currency: str) -> str:
    """Return an amount of minor units such as `$1,234.50`, `¥500`, or `CHF 12.00`; a minus sign stands in front."""
    digits = minor_digits(currency)
    number = f"{Decimal(abs(cents)).scaleb(-digits):,.{digits}f}"
    sign = _MINUS if cents < 0 else ""
    symbol = _SYMBOLS.get(currency)
    return f"{sign}{symbol}{number}" if symbol else f"{sign}{currency.upper()}{_NO_BREAK}{number}"


def date_text(moment: datetime) -> str:
    """Return a day such as `20 November 2026`, which no line break takes apart."""
    return f"{moment.day} {moment:%B %Y}".replace(" ", _NO_BREAK)


def day_text(moment: datetime) -> str:
    """Return a day as lists write it, such as `20 Nov 2026`, which no line break takes apart."""
    return f"{moment.day} {moment:%b %Y}".replace(" ", _NO_BREAK)


def minute_text(moment: datetime) -> str:
    """Return a day and time such as `20 Nov 2026, 15:05 UTC`, which no line break takes apart."""
    return f"{moment.day} {moment:%b %Y, %H:%M} UTC".replace(" ", _NO_BREAK)
