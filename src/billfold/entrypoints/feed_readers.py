"""Readers who wait at the end of a feed: they are woken when it grows, in whichever process it was fed.

One look at the heads of all feeds that are waited for, after each commit that fed any; nobody asks again and again.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Mapping
from typing import Final

import structlog
from starlette.requests import Request

from billfold.base.errors import BillfoldError, Unavailable
from billfold.domain.webhooks.feed import FED, positions
from billfold.infrastructure.db.database import Database

_log = structlog.get_logger(__name__)

MOST_OF_A_CALLER: Final = 8
MOST_OF_A_PROCESS: Final = 2_000
# A wake-up from another process may be lost with its connection.
_LOOK_ANYWAY_SECONDS: Final = 5.0
_OUTAGE_SECONDS: Final = 0.5


class TooManyReaders(BillfoldError):
    """This caller, or all callers together, have as many readers waiting as there may be."""


class _Reader:
    __slots__ = ("behind", "grown", "project_id")

    def __init__(self, project_id: str, behind: int) -> None:
        self.project_id = project_id
        self.behind = behind
        self.grown = asyncio.Event()


class FeedReaders:
    """One object for the process; `release` lets everybody go when the server ends."""

    def __init__(self, db: Database) -> None:
        self._db = db
        self._readers: set[_Reader] = set()
        self._of_caller: Counter[str] = Counter()
        self._look = asyncio.Event()
        self._looking: asyncio.Task[None] | None = None
        self._released = False
        db.on_wake(self._look.set, FED)

    @property
    def waiting(self) -> Mapping[str, int]:
        """How many readers of each caller wait."""
        return self._of_caller

    async def wait(self, caller: str, project_id: str, *, behind: int, seconds: float) -> bool:
        """Wait until the project's feed is longer than `behind`; False if it was not in this time.

        Raises `TooManyReaders`, at once.
        """
        if self._released:
            return False
        if self._of_caller[caller] >= MOST_OF_A_CALLER or len(self._readers) >= MOST_OF_A_PROCESS:
            raise TooManyReaders(
                f"At most {MOST_OF_A_CALLER} requests of one caller may wait for events at the same time: "
                "leave `wait` out, or let the others end."
            )
        reader = _Reader(project_id, behind)
        self._readers.add(reader)
        self._of_caller[caller] += 1
        # It may have grown since it was read.
        self._look.set()
        if self._looking is None or self._looking.done():
            self._looking = asyncio.create_task(self._watch())
        try:
            async with asyncio.timeout(seconds):
                await reader.grown.wait()
        except TimeoutError:
            return False
        finally:
            self._readers.discard(reader)
            self._of_caller[caller] -= 1
            if not self._of_caller[caller]:
                del self._of_caller[caller]
        return not self._released

    async def wait_with(self, request: Request, caller: str, project_id: str, *, behind: int, seconds: float) -> bool:
        """As `wait`, and no longer than the client is there to be told."""
        waiting = asyncio.ensure_future(self.wait(caller, project_id, behind=behind, seconds=seconds))
        leaving = asyncio.ensure_future(_leaves(request))
        try:
            await asyncio.wait((waiting, leaving), return_when=asyncio.FIRST_COMPLETED)
            return waiting.done() and waiting.result()
        finally:
            for each in (waiting, leaving):
                each.cancel()
            await asyncio.gather(waiting, leaving, return_exceptions=True)

    def release(self) -> None:
        """Let everybody go, and nobody wait any more: the server ends."""
        self._released = True
        for reader in self._readers:
            reader.grown.set()
        self._look.set()

    async def _watch(self) -> None:
        while self._readers and not self._released:
            self._look.clear()
            try:
                heads = await self._db.read(positions, sorted({reader.project_id for reader in self._readers}))
            except Unavailable as error:
                _log.warning("feed.readers_wait_for_database", reason=error.message)
                await asyncio.sleep(_OUTAGE_SECONDS)
                continue
            for reader in self._readers:
                if heads.get(reader.project_id, 0) > reader.behind:
                    reader.grown.set()
            try:
                async with asyncio.timeout(_LOOK_ANYWAY_SECONDS):
                    await self._look.wait()
            except TimeoutError:
                continue


async def _leaves(request: Request) -> None:
    while (await request.receive())["type"] != "http.disconnect":
        pass
