"""A list: a page of it, or everything."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Final, Generic, TypeVar

Item = TypeVar("Item")
LARGEST_PAGE: Final = 100


class AsyncListing(Generic[Item]):
    """`page()` gives the page that was asked for; iterating walks on from its offset to the end, a page at a time."""

    def __init__(
        self, load: Callable[[int | None, int | None], Awaitable[list[Item]]], limit: int | None, offset: int | None
    ) -> None:
        self._load = load
        self._limit = limit
        self._offset = offset

    async def page(self) -> list[Item]:
        """Return one page; the server gives 50 items unless told, 100 at most."""
        return await self._load(self._limit, self._offset)

    async def __aiter__(self) -> AsyncIterator[Item]:
        limit = min(self._limit or LARGEST_PAGE, LARGEST_PAGE)
        offset = self._offset or 0
        while True:
            items = await self._load(limit, offset)
            for item in items:
                yield item
            if len(items) < limit:
                return
            offset += len(items)
