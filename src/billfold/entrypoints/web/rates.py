"""Rates as people read and type them: percent with at most two decimals, whole basis points inside."""

from __future__ import annotations

import re
from typing import Final

_TYPED: Final = re.compile(r"(\d{1,3})(?:[.,](\d{1,2}))?\s*%?")
_MOST: Final = 10_000


def rate_text(basis_points: int) -> str:
    """Return a rate as `20 %` or `12.5 %`."""
    whole, hundredths = divmod(basis_points, 100)
    return f"{whole} %" if not hundredths else f"{whole}.{hundredths:02d}".rstrip("0") + " %"


def typed_rate(text: str) -> int | None:
    """Return what somebody typed as basis points, None if it is no rate from 0 to 100 percent."""
    found = _TYPED.fullmatch(text.strip())
    if found is None:
        return None
    basis_points = int(found[1]) * 100 + int((found[2] or "").ljust(2, "0"))
    return basis_points if basis_points <= _MOST else None
