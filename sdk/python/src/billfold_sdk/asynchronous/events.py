"""Everything that happened, in one order, without a gap: what a receiver of webhooks missed is here."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence

from billfold_sdk.asynchronous.surface import AsyncSurface
from billfold_sdk.types import billing

_WAIT_SECONDS = 20


class AsyncEvents:
    """The event feed of the project."""

    def __init__(self, project: AsyncSurface) -> None:
        self._project = project

    async def list(
        self,
        *,
        after: str | None = None,
        types: Sequence[str] | None = None,
        limit: int | None = None,
        wait: int | None = None,
    ) -> billing.EventsAnswer:
        """Return the events behind a cursor; `wait` is for how many seconds the server waits if there is none yet."""
        query = {"after": after, "types": types, "limit": limit, "wait": wait}
        answer: billing.EventsAnswer = await self._project.get("/events", query)
        return answer

    async def follow(
        self, *, after: str | None = None, types: Sequence[str] | None = None
    ) -> AsyncIterator[tuple[billing.Event, str]]:
        """Follow the feed for ever: yields each event with the cursor to go on from, which you keep.

        Inside a page the cursor is the one before: who stops there sees the page again, and misses nothing.
        """
        while True:
            page = await self.list(after=after, types=types, wait=_WAIT_SECONDS)
            last = len(page["events"]) - 1
            for place, event in enumerate(page["events"]):
                yield event, page["cursor"] if place == last else (after or "")
            after = page["cursor"]

    async def trigger(
        self, event: billing.TriggerEvent | None = None, *, idempotency_key: str | None = None
    ) -> billing.Success:
        """Make an example of an event happen, marked as a test."""
        answer: billing.Success = await self._project.post("/events/test", event, idempotency_key=idempotency_key)
        return answer
