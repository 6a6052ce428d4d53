"""Rounds: something that is done again and again, soon after each commit that woke it, and once in a while anyway.

For work of which a burst should be one round and not many, and of which one process at a time does the whole.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Final

import structlog

from billfold.base.errors import Unavailable
from billfold.infrastructure.db.database import Database
from billfold.infrastructure.db.pressure import DOORS, Pressure

_log = structlog.get_logger(__name__)

# What is woken within this time shares a round: a unit of fifty events costs little more than one of five.
GATHER_SECONDS: Final = 0.05
_POLL_SECONDS: Final = 1.0
_OUTAGE_SECONDS: Final = 0.5
# Between two rounds while the doors are busy, as the worker rests.
_REST_SECONDS: Final = 1.0


class Rounds:
    """Calls `one` until it is stopped; `one` returns True if more waits already, and is then called again at once.

    `gather_seconds` is for how long what is woken together waits for each other.
    """

    def __init__(
        self,
        db: Database,
        topic: str,
        one: Callable[[], Awaitable[bool]],
        *,
        gather_seconds: float = GATHER_SECONDS,
        pressure: Pressure = DOORS,
    ) -> None:
        self._one = one
        self._topic = topic
        self._gather_seconds = gather_seconds
        self._pressure = pressure
        self._wake = asyncio.Event()
        self._stopping = False
        self._ended = asyncio.Event()
        self._ended.set()
        db.on_wake(self._wake.set, topic)

    async def run(self) -> None:
        """Do rounds until `stop` is called; the one under way is let end."""
        self._ended.clear()
        try:
            while not self._stopping:
                self._wake.clear()
                more = await self._round()
                if not more:
                    await self._wait()
                if self._pressure.is_high():
                    # Also if nothing more waited: each commit of a busy door would be a round of its own.
                    await _rest()
                elif not more:
                    await asyncio.sleep(self._gather_seconds)
        finally:
            self._ended.set()

    def wake(self) -> None:
        """Have the next round begin now, if none is under way."""
        self._wake.set()

    async def stop(self) -> None:
        """Begin no more rounds and return when the last has ended."""
        self._stopping = True
        self._wake.set()
        await self._ended.wait()

    async def _round(self) -> bool:
        try:
            return await self._one()
        except Unavailable as error:
            _log.warning("rounds.database_unavailable", topic=self._topic, reason=error.message)
        except Exception:  # noqa: BLE001 - whatever it is, the next round must come
            _log.exception("rounds.failed", topic=self._topic)
        await asyncio.sleep(_OUTAGE_SECONDS)
        return True

    async def _wait(self) -> None:
        try:
            async with asyncio.timeout(_POLL_SECONDS):
                await self._wake.wait()
        except TimeoutError:
            return


async def _rest() -> None:
    await asyncio.sleep(_REST_SECONDS)
