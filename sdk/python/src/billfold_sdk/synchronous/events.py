# Made by scripts/generate.py from asynchronous/events.py; edits are lost.

"""Everything that happened, in one order, without a gap: what a receiver of webhooks missed is here."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence

from billfold_sdk.synchronous.surface import Surface
from billfold_sdk.errors import BillfoldError
from billfold_sdk.requests import is_passing, wait_before
from billfold_sdk.types import billing

_WAIT_SECONDS = 25
_EXTRA_SECONDS = 15


class Events:
    """The event feed of the project."""

    def __init__(self, project: Surface) -> None:
        self._project = project

    def list(
        self,
        *,
        after: str | None = None,
        types: Sequence[str] | None = None,
        limit: int | None = None,
        wait: int | None = None,
    ) -> billing.EventsAnswer:
        """Return the events behind a cursor; `wait` is for how many seconds the server waits if there is none yet."""
        query = {"after": after, "types": types, "limit": limit, "wait": wait}
        # The server's waiting does not count against the client's time.
        longest = None if wait is None else float(wait + _EXTRA_SECONDS)
        answer: billing.EventsAnswer = self._project.get("/events", query, timeout_seconds=longest)
        return answer

    def follow(
        self, *, after: str | None = None, types: Sequence[str] | None = None
    ) -> Iterator[tuple[billing.Event, str]]:
        """Follow the feed for ever: yields each event with the cursor to go on from, which you keep.

        Inside a page the cursor is the one before: who stops there sees the page again, and misses nothing. Once the server
        has answered, it is waited for while it is away; a refusal ends it with its error.
        """
        failed = -1
        while True:
            try:
                page = self.list(after=after, types=types, wait=_WAIT_SECONDS)
            except BillfoldError as error:
                # A server that is restarted does not end the feed. One that never answered is a mistake to hear of.
                if failed < 0 or not is_passing(error):
                    raise
                wait = wait_before(error, failed)
                failed += 1
                time.sleep(wait)
                continue
            failed = 0
            last = len(page["events"]) - 1
            for place, event in enumerate(page["events"]):
                yield event, page["cursor"] if place == last else (after or "")
            after = page["cursor"]

    def trigger(
        self, event: billing.TriggerEvent | None = None, *, idempotency_key: str | None = None
    ) -> billing.Success:
        """Make an example of an event happen, marked as a test."""
        answer: billing.Success = self._project.post("/events/test", event, idempotency_key=idempotency_key)
        return answer
