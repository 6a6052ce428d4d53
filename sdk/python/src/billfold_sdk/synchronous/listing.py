# Made by scripts/generate.py from asynchronous/listing.py; edits are lost.

"""A list: a page of it, or everything."""

from __future__ import annotations

from collections.abc import Iterator, Callable
from typing import Final, Generic, TypeVar

Item = TypeVar("Item")
LARGEST_PAGE: Final = 100


class Listing(Generic[Item]):
    """`page()` gives the page that was asked for; iterating walks on from its offset to the end, a page at a time."""

    def __init__(
        self, load: Callable[[int | None, int | None], list[Item]], limit: int | None, offset: int | None
    ) -> None:
        self._load = load
        self._limit = limit
        self._offset = offset

    def page(self) -> list[Item]:
        """Return one page; the server gives 50 items unless told, 100 at most."""
        return self._load(self._limit, self._offset)

    def __iter__(self) -> Iterator[Item]:
        limit = min(self._limit or LARGEST_PAGE, LARGEST_PAGE)
        offset = self._offset or 0
        while True:
            items = self._load(limit, offset)
            for item in items:
                yield item
            if len(items) < limit:
                return
            offset += len(items)
