"""Many small writes as one: what arrives while a write is under way goes together into the next.

A hot door hands over one item and is answered after the commit that holds it. Under light load a batch holds one item and
nobody waits for company; under heavy load the batches grow by themselves until the database keeps up. Where the database
commits side by side (PostgreSQL), a second batch starts as soon as enough items wait: while one waits for its round trips
and the disk, the next is on its way. Measured there: 3,000 events a second with one lane, 4,500 with two, fewer with three.

A batch whose unit raises is tried again item by item, so one item that cannot be stored fails alone. If the database does
not answer, everybody in the batch is told so: trying them one by one would only take longer to fail.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Any, Final, Generic, TypeVar

from billfold.base.errors import Unavailable
from billfold.infrastructure.db.database import Database

Item = TypeVar("Item")
Result = TypeVar("Result")

_LARGEST: Final = 256
# Fewer are not worth a batch of their own while another is under way: they go with the next.
_WORTH_A_LANE: Final = 6
_LANES: Final = 2
# At most half of all senders go into one batch, once they are this many: see `Batcher._next_batch`.
_WORTH_HALVING: Final = 8
# More waiting items than this are answered later than their senders wait.
_WAITING_LIMIT: Final = 20_000


class Batcher(Generic[Item, Result]):
    """Collects items for a unit `unit(tx, items)` that returns one result for each item, in their order."""

    def __init__(
        self,
        db: Database,
        unit: Callable[[Any, Sequence[Item]], Awaitable[Sequence[Result]]],
        *,
        largest: int = _LARGEST,
    ) -> None:
        self._db = db
        self._unit = unit
        self._largest = largest
        self._lanes = min(_LANES, db.units_side_by_side)
        self._waiting: list[tuple[Item, asyncio.Future[Result]]] = []
        self._busy_lanes = 0
        self._under_way = 0
        # How many senders there seem to be: the most who waited or were being written, forgotten little by little.
        self._senders = 0
        self._tasks: set[asyncio.Task[None]] = set()

    def add(self, item: Item) -> asyncio.Future[Result]:
        """Store an item; awaited, gives its result after the commit that holds it, or raises what storing it raised.

        Raises `Unavailable` at once if too many wait. No coroutine of its own: it would be one more to resume for each item.
        """
        if len(self._waiting) >= _WAITING_LIMIT:
            raise Unavailable("The database cannot follow: too many changes are waiting. Try again shortly.")
        future: asyncio.Future[Result] = asyncio.get_running_loop().create_future()
        self._waiting.append((item, future))
        if self._busy_lanes == 0 or (self._busy_lanes < self._lanes and self._is_worth_a_lane()):
            self._busy_lanes += 1
            task = asyncio.create_task(self._write_all())
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
        return future

    def _is_worth_a_lane(self) -> bool:
        # Two lanes with half of the senders each: a statement for six rows costs nearly what one for eight does.
        waiting = len(self._waiting)
        return waiting >= _WORTH_A_LANE and 2 * waiting >= self._senders

    async def _write_all(self) -> None:
        try:
            size = 0
            while self._waiting:
                size = self._next_size(size)
                self._senders = max(self._under_way + len(self._waiting), self._senders * 7 // 8)
                batch, self._waiting = self._waiting[:size], self._waiting[size:]
                self._under_way += len(batch)
                try:
                    await self._write(batch)
                finally:
                    self._under_way -= len(batch)
        finally:
            # Here and not when the task is over: an item that comes in between would find a lane that never looks again.
            self._busy_lanes -= 1

    def _next_size(self, last_size: int) -> int:
        """Say how many go into the next batch: half of those who wait now or were answered by the last one.

        All of them would be answered at once and come back at once, so that the disk rests while their requests are read and
        their requests wait while the disk works. Two halves take turns: 7 % more events a second where it was measured.
        """
        waiting = len(self._waiting)
        if self._lanes > 1 or waiting < _WORTH_HALVING:
            return waiting
        return min(waiting, self._largest, (waiting + last_size + 1) // 2)

    async def _write(self, batch: Sequence[tuple[Item, asyncio.Future[Result]]]) -> None:
        try:
            results = await self._db.write(self._unit, [item for item, _ in batch])
        except Exception as error:  # noqa: BLE001 - handed to whoever waits for the item
            if len(batch) == 1 or isinstance(error, Unavailable):
                for _, future in batch:
                    if not future.done():
                        future.set_exception(error)
                return
            for each in batch:
                await self._write([each])
            return
        for (_, future), result in zip(batch, results, strict=True):
            # A caller whose client went away has cancelled his future; his item is stored all the same.
            if not future.done():
                future.set_result(result)
