"""Cells of a CSV file as a spreadsheet should read them: as text, whatever somebody typed."""

from __future__ import annotations

from typing import Final

_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r", "\n", "|", "＝", "＋", "－", "＠")  # noqa: RUF001 - these very letters


def inert(text: str) -> str:
    """Return a cell that no spreadsheet takes for a formula: such a text begins with an apostrophe."""
    return f"'{text}" if text.lstrip(" ").startswith(_FORMULA) else text
