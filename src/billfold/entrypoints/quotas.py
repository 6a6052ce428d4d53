"""How many requests a caller has left in the present minute: what `X-RateLimit-…` says.

A window begins with a caller's first request and lasts a minute; counters are in this process and bounded in number.
Several server processes each count for themselves, as `rate_limits.py` says.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

_WINDOW_SECONDS: Final = 60
_MOST_NAMES: Final = 50_000


@dataclass(frozen=True, slots=True)
class Quota:
    """What a caller has: `reset` is the Unix second at which all of it is there again, `wait` the seconds until he may ask."""

    limit: int
    remaining: int
    reset: int
    wait: int = 0

    @property
    def headers(self) -> dict[str, str]:
        """The headers of every answer (affiliate contract, section 1)."""
        told = {
            "x-ratelimit-limit": str(self.limit),
            "x-ratelimit-remaining": str(self.remaining),
            "x-ratelimit-reset": str(self.reset),
        }
        return {**told, "retry-after": str(self.wait)} if self.wait else told


class Quotas:
    """Counts requests for each name."""

    def __init__(self) -> None:
        # Name → (the Unix second at which its window ends, how many it has used).
        self._used: dict[str, tuple[int, int]] = {}

    def take(self, name: str, limit: int, now: datetime) -> Quota:
        """Count one request of this name; a limit of 0 is none and tells nothing."""
        second = int(now.timestamp())
        ends_at, used = self._used.pop(name, (0, 0))
        if ends_at <= second or ends_at > second + _WINDOW_SECONDS:
            ends_at, used = second + _WINDOW_SECONDS, 0
        if len(self._used) >= _MOST_NAMES:
            del self._used[next(iter(self._used))]
        # Written back last, so the name that was quiet longest is the one that is forgotten.
        self._used[name] = (ends_at, min(used + 1, limit + 1))
        left = limit - used - 1
        return Quota(limit, max(0, left), ends_at, wait=ends_at - second if left < 0 else 0)
