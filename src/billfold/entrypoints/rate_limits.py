"""How often somebody may ask: counters in this process, one for each name, in bounded memory.

A bucket holds as many tokens as are allowed in the window and refills evenly, so nobody waits for a full window to pass and
nobody gets two windows' worth at its border. Several server processes each count for themselves: the limit is then theirs
together, which is coarse and enough against scripts.
"""

from __future__ import annotations

import functools
import ipaddress
import math
import time
from collections.abc import Callable
from typing import Final

_MOST_NAMES: Final = 50_000


class RateLimit:
    """At most `most` in `window_seconds` for each name; 0 means no limit."""

    def __init__(self, most: int, window_seconds: int, *, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._most = most
        self._window_seconds = window_seconds
        self._monotonic = monotonic
        # Name → (tokens left, when that was counted).
        self._buckets: dict[str, tuple[float, float]] = {}

    def take(self, name: str) -> int:
        """Count one; return 0 if it is within the limit, else after how many seconds the next one is."""
        if not self._most:
            return 0
        now = self._monotonic()
        tokens, counted_at = self._buckets.pop(name, (float(self._most), now))
        tokens = min(float(self._most), tokens + (now - counted_at) * self._most / self._window_seconds)
        if len(self._buckets) >= _MOST_NAMES:
            del self._buckets[next(iter(self._buckets))]
        # Written back last, so the name that was quiet longest is the one that is forgotten.
        self._buckets[name] = (tokens - 1 if tokens >= 1 else tokens, now)
        return 0 if tokens >= 1 else max(1, math.ceil((1 - tokens) * self._window_seconds / self._most))


@functools.lru_cache(maxsize=1_024)
def is_loopback(address: str) -> bool:
    """Tell whether an address is this machine's own: a backend beside the server, or a proxy that is not declared."""
    try:
        return ipaddress.ip_address(address).is_loopback
    except ValueError:
        return False
