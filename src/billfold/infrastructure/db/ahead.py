"""A door that looks before its turn comes: for databases whose units take turns (SQLite), beside `batch.py`.

A unit that looks and then writes keeps the disk waiting while it looks, and the event loop has nothing to do while the disk
works. Here what arrives during a commit is looked up and made ready at once, and only its writing waits for its turn: when
that comes, it takes all that is ready by then.

A look is no lock. If what was seen does not hold any more, the second half raises `SeenTooEarly`, nothing of it is kept, and
the whole unit runs instead, which looks by itself.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from dataclasses import dataclass
from typing import Any, Final, Generic, TypeVar

from billfold.base.errors import Conflict, Unavailable
from billfold.infrastructure.db.batch import Batcher
from billfold.infrastructure.db.database import Database

Item = TypeVar("Item")
Seen = TypeVar("Seen")
Result = TypeVar("Result")

_LOOKED_UP_TOGETHER: Final = 4
# As in `batch.py`: at most half of all senders go into one batch, once they are this many.
_WORTH_HALVING: Final = 8
_LARGEST: Final = 256
_WAITING_LIMIT: Final = 20_000


class SeenTooEarly(Conflict):
    """What was looked up before the unit began is not so any more."""

    def __init__(self) -> None:
        super().__init__("This was changed at the same moment. Try again.")


@dataclass(frozen=True, slots=True)
class Halves(Generic[Item, Seen, Result]):
    """`whole(tx, items)` does what `look(tx, items)` and then `write(tx, [what it saw])` do: a result for each item.

    `write` takes what several looks saw and gives their results one after the other.
    """

    whole: Callable[[Any, Sequence[Item]], Awaitable[Sequence[Result]]]
    look: Callable[[Any, Sequence[Item]], Awaitable[Seen]]
    write: Callable[[Any, Sequence[Seen]], Awaitable[Sequence[Result]]]


class AheadBatcher(Generic[Item, Seen, Result]):
    """Collects items as `Batcher` does, and has looked at them when their turn comes."""

    def __init__(self, db: Database, halves: Halves[Item, Seen, Result]) -> None:
        self._db = db
        self._halves = halves
        self._new: list[tuple[Item, asyncio.Future[Result]]] = []
        self._ready: deque[tuple[list[tuple[Item, asyncio.Future[Result]]], Seen]] = deque()
        self._ready_items = 0
        self._last_size = 0
        self._look_is_due = False
        self._is_queued = False
        # Units that wait for their turn or for their commit.
        self._under_way = 0
        self._tasks: set[asyncio.Task[None]] = set()
        # Where what was seen does not serve: the whole unit, and each item alone if that fails too.
        self._whole = Batcher(db, halves.whole)

    def add(self, item: Item) -> asyncio.Future[Result]:
        """Store an item; as `Batcher.add`."""
        if len(self._new) + self._ready_items >= _WAITING_LIMIT:
            raise Unavailable("The database cannot follow: too many changes are waiting. Try again shortly.")
        future: asyncio.Future[Result] = asyncio.get_running_loop().create_future()
        self._new.append((item, future))
        self._queue()
        if self._under_way > 1 and len(self._new) >= _LOOKED_UP_TOGETHER and not self._look_is_due:
            self._look_is_due = True
            self._start(self._look())
        return future

    def _queue(self) -> None:
        """Have one unit of ours wait for its turn, if anything waits for it."""
        if not self._is_queued and (self._new or self._ready):
            self._is_queued = True
            self._under_way += 1
            self._start(self._write())

    def _start(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _look(self) -> None:
        """Look up what has arrived, while a commit is under way."""
        self._look_is_due = False
        # Whoever comes in a group of less is looked up when the turn comes.
        while len(self._new) >= _LOOKED_UP_TOGETHER:
            batch, self._new = self._new[:_LOOKED_UP_TOGETHER], self._new[_LOOKED_UP_TOGETHER:]
            try:
                seen = await self._db.read(self._halves.look, [item for item, _ in batch])
            except Exception:  # noqa: BLE001 - the unit itself tells each of them why
                await self._write_whole(batch)
            else:
                self._ready.append((batch, seen))
                self._ready_items += len(batch)

    async def _write(self) -> None:
        taken: list[tuple[Item, asyncio.Future[Result]]] = []
        try:
            results = await self._db.write(self._write_ready, taken)
        except Unavailable as error:
            for _, future in taken or self._take_all():
                if not future.done():
                    future.set_exception(error)
        except Exception:  # noqa: BLE001 - the unit itself tells each of them why
            await self._write_whole(taken or self._take_all())
        else:
            for (_, future), result in zip(taken, results, strict=True):
                # A caller whose client went away has cancelled his future; his item is stored all the same.
                if not future.done():
                    future.set_result(result)
        finally:
            self._under_way -= 1

    async def _write_ready(self, tx: Any, taken: list[tuple[Item, asyncio.Future[Result]]]) -> Sequence[Result]:
        """Write what is ready now that the turn has come, and what has arrived since if that is not enough."""
        self._is_queued = False
        size = self._next_size()
        seen: list[Seen] = []
        while self._ready and len(taken) < size:
            batch, its_seen = self._ready.popleft()
            self._ready_items -= len(batch)
            taken += batch
            seen.append(its_seen)
        if len(taken) < size and self._new:
            left = size - len(taken)
            batch, self._new = self._new[:left], self._new[left:]
            taken += batch
            seen.append(await self._halves.look(tx, [item for item, _ in batch]))
        self._last_size = len(taken)
        self._queue()
        return await self._halves.write(tx, seen)

    def _next_size(self) -> int:
        waiting = self._ready_items + len(self._new)
        if waiting < _WORTH_HALVING:
            return waiting
        return min(_LARGEST, (waiting + self._last_size + 1) // 2)

    def _take_all(self) -> list[tuple[Item, asyncio.Future[Result]]]:
        """Take everybody: a turn failed before it came, and the next would too."""
        self._is_queued = False
        everybody = [*(each for batch, _ in self._ready for each in batch), *self._new]
        self._ready.clear()
        self._new, self._ready_items = [], 0
        return everybody

    async def _write_whole(self, batch: Sequence[tuple[Item, asyncio.Future[Result]]]) -> None:
        try:
            added = [self._whole.add(item) for item, _ in batch]
        except Unavailable as error:
            outcomes: Sequence[Result | BaseException] = [error] * len(batch)
        else:
            outcomes = await asyncio.gather(*added, return_exceptions=True)
        for (_, future), outcome in zip(batch, outcomes, strict=True):
            if future.done():
                continue
            if isinstance(outcome, BaseException):
                future.set_exception(outcome)
            else:
                future.set_result(outcome)
