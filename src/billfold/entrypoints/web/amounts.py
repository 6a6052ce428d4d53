"""Money and dates as people read them on a page."""

from __future__ import annotations

import re
from datetime import date, datetime
from decimal import Decimal
from typing import Final

from billfold.base.money import minor_digits

# Only symbols that no two currencies share; every other amount stands behind its currency's code.
_SYMBOLS: Final = {"usd": "$", "eur": "€", "gbp": "£", "jpy": "¥", "inr": "₹", "krw": "₩"}
_MINUS: Final = "−"  # noqa: RUF001 - the typographic minus sign, as wide as a digit
# ISO 4217: every currency's code has three letters, and no unit of a wallet has.
_CODE_LENGTH: Final = 3
_TYPED: Final = re.compile(r"(?P<whole>[0-9]{1,9}|[0-9]{1,3}(,[0-9]{3}){1,2})(\.(?P<after>[0-9]{0,3}))?")
_NO_BREAK: Final = "\N{NO-BREAK SPACE}"


def money_text(cents: int, currency: str) -> str:
    """Return an amount of minor units such as `$1,234.50`, `¥500`, or `CHF 12.00`; a minus sign stands in front."""
    digits = minor_digits(currency)
    number = f"{Decimal(abs(cents)).scaleb(-digits):,.{digits}f}"
    sign = _MINUS if cents < 0 else ""
    symbol = _SYMBOLS.get(currency)
    return f"{sign}{symbol}{number}" if symbol else f"{sign}{currency.upper()}{_NO_BREAK}{number}"


def typed_amount(text: str, currency: str) -> int | None:
    """Return an amount that a person typed, such as `19` or `1,234.50`, in minor units; None if it is none.

    A comma parts thousands only, so `12,50` is refused and not read as 1,250.
    """
    digits = minor_digits(currency)
    matched = _TYPED.fullmatch(text.strip())
    if matched is None or len(matched["after"] or "") > digits:
        return None
    whole, after = matched["whole"].replace(",", ""), matched["after"] or ""
    return int(whole + after.ljust(digits, "0"))


def plain_amount(cents: int, currency: str) -> str:
    """Return an amount as a person would type it into a field: `1234.50`."""
    return str(Decimal(cents).scaleb(-minor_digits(currency)))


def unit_text(amount: int, unit: str) -> str:
    """Return an amount of a ledger's unit: money for a currency's code, else such as `5 ai credits`."""
    if len(unit) == _CODE_LENGTH and unit.isalpha():
        return money_text(amount, unit)
    return f"{_MINUS if amount < 0 else ''}{abs(amount):,}{_NO_BREAK}{unit.replace('_', _NO_BREAK)}"


def date_text(moment: datetime) -> str:
    """Return a day such as `20 November 2026`, which no line break takes apart."""
    return f"{moment.day} {moment:%B %Y}".replace(" ", _NO_BREAK)


def day_text(moment: datetime) -> str:
    """Return a day as lists write it, such as `20 Nov 2026`, which no line break takes apart."""
    return f"{moment.day} {moment:%b %Y}".replace(" ", _NO_BREAK)


def month_text(month: str) -> str:
    """Return a month such as `2026-11` as people write it: `November 2026`."""
    year, _, number = month.partition("-")
    return f"{date(int(year), int(number), 1):%B %Y}".replace(" ", _NO_BREAK)


def minute_text(moment: datetime) -> str:
    """Return a day and time such as `20 Nov 2026, 15:05 UTC`, which no line break takes apart."""
    return f"{moment.day} {moment:%b %Y, %H:%M} UTC".replace(" ", _NO_BREAK)
