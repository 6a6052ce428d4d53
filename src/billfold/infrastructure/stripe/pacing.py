"""Asking Stripe for much without asking too fast: so many requests a second, and patience when it says "slow down".

Stripe allows 100 requests a second in live mode and 25 in a sandbox (Stripe's document "Rate limits"), for everything that uses
the account. What runs in the background stays well below, so that what customers wait for always gets through.
"""

from __future__ import annotations

import asyncio
import random
from collections.abc import Awaitable, Callable
from typing import Final, TypeVar

from billfold.infrastructure.stripe.port import StripeUnavailable

Result = TypeVar("Result")

PER_SECOND: Final = 20
BURST: Final = 20
_TRIES: Final = 5
_LONGEST_WAIT: Final = 60.0
_MOST_REMEMBERED: Final = 1_000


class Pace:
    """One account's share: a token bucket that all callers draw from."""

    def __init__(
        self,
        *,
        per_second: int = PER_SECOND,
        burst: int = BURST,
        tries: int = _TRIES,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._interval = 1 / per_second
        self._burst = burst / per_second
        self._tries = tries
        self._sleep = sleep
        # When the bucket will be full again, on the loop's clock.
        self._full_at = 0.0

    async def take(self) -> None:
        """Wait for a token."""
        now = asyncio.get_running_loop().time()
        self._full_at = max(self._full_at, now) + self._interval
        wait = self._full_at - self._burst - now
        if wait > 0:
            await self._sleep(wait)

    async def call(self, ask: Callable[[], Awaitable[Result]], *, tries: int | None = None) -> Result:
        """Ask with a token, again and more slowly where Stripe does not answer or asks for that; raises its last refusal.

        Each wait is at least what Stripe's `Retry-After` says, and grows and varies, so that many do not come back together.
        """
        most = tries or self._tries
        for attempt in range(1, most + 1):
            await self.take()
            try:
                return await ask()
            except StripeUnavailable as error:
                if attempt == most:
                    raise
                wait = max(float(error.retry_after_seconds), 0.5 * 2**attempt)
                await self._slow_down(min(wait, _LONGEST_WAIT))
        raise AssertionError("the last try returned or raised")

    async def _slow_down(self, seconds: float) -> None:
        # For everybody who shares this pace: whoever takes the next token waits as long.
        now = asyncio.get_running_loop().time()
        self._full_at = max(self._full_at, now + seconds + self._burst)
        await self._sleep(seconds * random.uniform(1.0, 1.25))  # noqa: S311 - jitter guards nothing


class Paces:
    """Each team's pace, in this process."""

    def __init__(self, make: Callable[[], Pace] = Pace) -> None:
        self._make = make
        self._known: dict[str, Pace] = {}

    def of(self, team_id: str) -> Pace:
        """Return the pace that everything in the background about a team's account keeps."""
        pace = self._known.get(team_id)
        if pace is None:
            if len(self._known) >= _MOST_REMEMBERED:
                self._known.clear()
            pace = self._known[team_id] = self._make()
        return pace
