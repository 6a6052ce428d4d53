"""Remembers for a moment whom a valid API key belongs to, so that a busy client does not cost a look-up a request.

Half a second: a revoked key stops working within one (SCENARIOS F2), and on PostgreSQL the look-up is a round trip, a
third of a small read. Only keys that were found valid are kept; an unknown one is looked up every time, and whether a
kept one has expired is judged anew for each request. What changes a key or a team's clock in this process calls `forget`.
"""

from __future__ import annotations

import time
from typing import Final

from billfold.domain.tenancy.api_keys import KeyCaller

KEPT_SECONDS: Final = 0.5
# Past this many the whole memory is dropped: rarer than an entry's own end, and simpler than keeping their order.
_MOST_ENTRIES: Final = 10_000


class KnownKeys:
    """Callers by the hash of their key and the project they asked for."""

    def __init__(self) -> None:
        self._callers: dict[tuple[str, str | None], tuple[float, KeyCaller]] = {}

    def find(self, key_hash: str, project_id: str | None) -> KeyCaller | None:
        """Return the caller if he was looked up less than half a second ago."""
        kept = self._callers.get((key_hash, project_id))
        return None if kept is None or kept[0] < time.monotonic() else kept[1]

    def keep(self, key_hash: str, project_id: str | None, caller: KeyCaller) -> None:
        """Remember a caller who was just looked up and found valid."""
        if len(self._callers) >= _MOST_ENTRIES:
            self._callers.clear()
        self._callers[key_hash, project_id] = (time.monotonic() + KEPT_SECONDS, caller)

    def forget(self) -> None:
        """Drop everything: a key was revoked, or a team's clock was moved."""
        self._callers.clear()
