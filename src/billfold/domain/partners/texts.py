"""Texts that people may leave out of what they send."""

from __future__ import annotations

from billfold.base.errors import Invalid


def optional_text(name: str, text: str | None, longest: int) -> str | None:
    """Return a text trimmed, an empty one as None; raises `Invalid` with its `name` if it has more than `longest` characters."""
    trimmed = (text or "").strip()
    if len(trimmed) > longest:
        raise Invalid(f"{name} must have at most {longest} characters.")
    return trimmed or None
