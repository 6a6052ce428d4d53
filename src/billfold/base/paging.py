"""`limit` and `offset` as the billing contract words them (section 2 and "List order/limits")."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from billfold.base.errors import Invalid

DEFAULT_LIMIT: Final = 50
LARGEST_LIMIT: Final = 100
# An offset is walked by the database; past this a caller wants an export, not a page.
LARGEST_OFFSET: Final = 10_000_000


@dataclass(frozen=True, slots=True)
class Page:
    """Which rows of a list are asked for."""

    limit: int = DEFAULT_LIMIT
    offset: int = 0


def page_from(limit: str | None, offset: str | None) -> Page:
    """Read a page from query text: a limit above 100 is clamped, anything that is no whole number is refused."""
    size = DEFAULT_LIMIT if limit is None else whole_number(limit, "limit", least=1)
    start = 0 if offset is None else whole_number(offset, "offset", least=0)
    if start > LARGEST_OFFSET:
        raise Invalid(f"offset must be at most {LARGEST_OFFSET}.")
    return Page(limit=min(size, LARGEST_LIMIT), offset=start)


def whole_number(text: str, name: str, *, least: int) -> int:
    """Read a whole number from query text, or raise `Invalid`; at most twelve digits."""
    # isascii: int() also reads other scripts' digits and underscores, which no client means.
    if not (text.isascii() and text.isdigit()) or len(text) > 12 or int(text) < least:  # noqa: PLR2004 - digits of a number no page has
        raise Invalid(f"{name} must be a whole number of at least {least}, for example {name}=50.")
    return int(text)
