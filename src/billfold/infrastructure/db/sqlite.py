"""SQLite: group commit, with statements on the event loop and only the disk in a thread.

Every commit with `synchronous=FULL` waits for the disk, so one commit a unit would make the disk the limit. Here the units
that are waiting share one: each has a savepoint, a unit that raises rolls back alone, and nobody is answered before the commit
that holds his unit. Measured: 9,051 durable units a second against 4,019 with a commit each.

The statements themselves take microseconds and run on the event loop. In a thread they would have to win Python's lock back
after each one from a loop that is busy: 7,300 events a second at the webhook door were 6,700 that way. What waits, waits in a
thread: the commit, and the lock of another process.

Units are coroutines that await only their `tx`; nothing in a SQLite `tx` suspends, so a unit runs to its end with one
`send(None)`. A unit that awaits anything else (a call to Stripe, a sleep) would suspend: that raises, on every test run.
"""

from __future__ import annotations

import asyncio
import contextlib
import functools
import queue
import sqlite3
import threading
import time
from collections import deque
from collections.abc import Awaitable, Callable, Coroutine, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Concatenate, Final, ParamSpec, TypeVar, cast

from sqlalchemy.dialects import sqlite as sqlite_dialect

from billfold.base.errors import Unavailable
from billfold.base.fail_points import reach
from billfold.infrastructure.db.bulk import RowArguments
from billfold.infrastructure.db.database import JOBS
from billfold.infrastructure.db.sqlite_checkpoints import PAGES_IN_COMMIT, Checkpoints
from billfold.infrastructure.db.sqlite_errors import mapped
from billfold.infrastructure.db.sqlite_transaction import SqliteTransaction
from billfold.infrastructure.db.statements import StatementCache

Row = TypeVar("Row")
Result = TypeVar("Result")
P = ParamSpec("P")

# How many units share a commit at most: enough to fill one, few enough that the first does not wait long.
_UNITS_PER_COMMIT: Final = 128
# Past this many waiting units the disk cannot follow; more would only be answered later and later.
_WAITING_UNITS_LIMIT: Final = 20_000
# SQLite's own 2 MiB do not hold the inner pages of the indexes that a busy door writes: each would be read again and again.
_WRITER_CACHE_KIB: Final = 16 * 1024
_BUSY_SECONDS: Final = 5.0
_BUSY_AGAIN_SECONDS: Final = 0.01
# So few units that wait are batches, or stragglers: neither gets more by waiting a turn.
_BEGIN_FIRST: Final = 1
# Statements are constants of the program, so whoever opens a second database has them compiled already.
_STATEMENTS: Final = StatementCache(sqlite_dialect.dialect(paramstyle="qmark"))


class UnitSuspended(RuntimeError):
    """A unit of work awaited something other than its transaction."""


class _Unit:
    """A unit that waits for the writer, and whoever waits for its result."""

    __slots__ = ("arguments", "call", "future", "keywords")

    def __init__(
        self,
        call: Callable[..., Awaitable[Any]],
        arguments: tuple[Any, ...],
        keywords: dict[str, Any],
        future: asyncio.Future[Any],
    ) -> None:
        self.call = call
        self.arguments = arguments
        self.keywords = keywords
        self.future = future


_Outcome = tuple[_Unit, Any, BaseException | None]


class SqliteDatabase:
    """A `Database` in one file, for one server process."""

    def __init__(self, path: str) -> None:
        self._path = path
        self.subscriptions: Mapping[str, tuple[str, ...]] = {}
        self.units_side_by_side = 1
        self._row_arguments = RowArguments(_STATEMENTS)
        self._waiting: deque[_Unit] = deque()
        # What the thread does for the batch under way; there is at most one.
        self._disk_work: queue.SimpleQueue[Callable[[], None] | None] = queue.SimpleQueue()
        self._idle = asyncio.Event()
        self._idle.set()
        self._stopped = False
        self._wake: dict[str, list[Callable[[], None]]] = {}
        self._report_threads = threading.local()
        self._report_connections: list[sqlite3.Connection] = []

    async def start(self) -> None:
        """Open the reading connection and start the writer."""
        self._loop = asyncio.get_running_loop()
        try:
            self._reader, self._writer_connection = _connect(self._path), _connect(self._path)
        except sqlite3.Error as error:
            raise Unavailable(f"The database file {self._path} cannot be opened: {error}.") from error
        # The writer does not wait for another process's lock on the event loop: see `_begin`.
        self._writer_connection.execute("PRAGMA busy_timeout = 0")
        self._writer_connection.execute(f"PRAGMA wal_autocheckpoint = {PAGES_IN_COMMIT}")
        self._writer_connection.execute(f"PRAGMA cache_size = -{_WRITER_CACHE_KIB}")
        self._checkpoints = Checkpoints(functools.partial(_connect, self._path))
        self._checkpoints.start()
        self._reader.execute("PRAGMA query_only = ON")
        self._reading = SqliteTransaction(self._reader, _STATEMENTS, self._row_arguments, self.subscriptions)
        self._reports = ThreadPoolExecutor(max_workers=2, thread_name_prefix="billfold-report")
        self._disk = threading.Thread(target=self._work_until_stopped, name="billfold-disk", daemon=True)
        self._disk.start()

    async def stop(self) -> None:
        """Finish what waits, then close the file with an empty write-ahead log."""
        self._stopped = True
        await self._idle.wait()
        self._disk_work.put(None)
        await asyncio.to_thread(self._disk.join)
        await asyncio.to_thread(self._checkpoints.stop)
        await asyncio.to_thread(self._reports.shutdown)
        for connection in (self._reader, *self._report_connections):
            connection.close()
        with contextlib.suppress(
            sqlite3.Error
        ):  # a full or vanished disk; what was committed is in the log all the same
            self._writer_connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        self._writer_connection.close()

    async def read(
        self, unit: Callable[Concatenate[Any, P], Awaitable[Result]], /, *args: P.args, **kwargs: P.kwargs
    ) -> Result:
        """Run a short reading unit here and now; all its statements see one moment."""
        _refuse_inside_a_unit()
        return cast("Result", _read(self._reader, self._reading, unit, args, kwargs))

    async def snapshot(
        self, unit: Callable[Concatenate[Any, P], Awaitable[Result]], /, *args: P.args, **kwargs: P.kwargs
    ) -> Result:
        """Run a long reading unit in a thread with a connection of its own."""
        _refuse_inside_a_unit()
        return await self._loop.run_in_executor(self._reports, self._report, unit, args, kwargs)

    async def write(
        self, unit: Callable[Concatenate[Any, P], Awaitable[Result]], /, *args: P.args, **kwargs: P.kwargs
    ) -> Result:
        """Put a unit in the queue and wait for the commit that holds it; a cancelled wait does not recall the unit."""
        _refuse_inside_a_unit()
        if self._stopped:
            raise Unavailable("The database is closing. Try again shortly.")
        if len(self._waiting) >= _WAITING_UNITS_LIMIT:
            raise Unavailable("The database cannot follow: too many changes are waiting. Try again shortly.")
        future: asyncio.Future[Any] = self._loop.create_future()
        self._waiting.append(_Unit(unit, args, dict(kwargs), future))
        if self._idle.is_set():
            self._idle.clear()
            # Not at once: what else arrives in this turn of the loop shares the commit.
            self._loop.call_soon(self._begin)
        return cast("Result", await future)

    def on_wake(self, callback: Callable[[], None], topic: str = JOBS) -> None:
        """Have `callback` called after each commit that woke the topic."""
        self._wake.setdefault(topic, []).append(callback)

    def _report(self, unit: Callable[..., Awaitable[Any]], args: tuple[Any, ...], kwargs: Mapping[str, Any]) -> Any:
        transaction: SqliteTransaction | None = getattr(self._report_threads, "transaction", None)
        if transaction is None:
            connection = _connect(self._path)
            connection.execute("PRAGMA query_only = ON")
            self._report_connections.append(connection)
            statements = StatementCache(sqlite_dialect.dialect(paramstyle="qmark"))
            transaction = SqliteTransaction(connection, statements, RowArguments(statements), self.subscriptions)
            self._report_threads.connection, self._report_threads.transaction = connection, transaction
        return _read(self._report_threads.connection, transaction, unit, args, kwargs)

    def _work_until_stopped(self) -> None:
        while (work := self._disk_work.get()) is not None:
            work()

    def _begin(self) -> None:
        try:
            self._writer_connection.execute("BEGIN IMMEDIATE")
        except sqlite3.Error as error:
            if _is_busy(error):
                self._disk_work.put(self._wait_for_lock)
            else:
                self._refuse(error)
            return
        self._run_batch()

    def _wait_for_lock(self) -> None:
        """Begin in the thread: another process, a backup or a command line, is writing."""
        deadline = time.monotonic() + _BUSY_SECONDS
        while True:
            try:
                self._writer_connection.execute("BEGIN IMMEDIATE")
            except sqlite3.Error as error:
                if not _is_busy(error) or time.monotonic() >= deadline:
                    self._loop.call_soon_threadsafe(self._refuse, error)
                    return
                time.sleep(_BUSY_AGAIN_SECONDS)
            else:
                self._loop.call_soon_threadsafe(self._run_batch)
                return

    def _take_batch(self) -> list[_Unit]:
        return [self._waiting.popleft() for _ in range(min(len(self._waiting), _UNITS_PER_COMMIT))]

    def _run_batch(self) -> None:
        connection = self._writer_connection
        transaction = SqliteTransaction(connection, _STATEMENTS, self._row_arguments, self.subscriptions)
        batch = self._take_batch()
        # One unit needs no savepoint: the transaction is its own. A door's batch is one unit.
        alone = len(batch) == 1
        outcomes: list[_Outcome] = []
        woke: set[str] = set()
        try:
            for unit in batch:
                if not alone:
                    connection.execute("SAVEPOINT unit")
                transaction.woke.clear()
                try:
                    result = _drive(unit.call(transaction, *unit.arguments, **unit.keywords))
                except BaseException as error:
                    if alone or not connection.in_transaction:
                        raise  # a full disk ended the whole transaction, the units before this one included
                    connection.execute("ROLLBACK TO unit")
                    connection.execute("RELEASE unit")
                    outcomes.append((unit, None, mapped(error)))
                else:
                    if not alone:
                        connection.execute("RELEASE unit")
                    outcomes.append((unit, result, None))
                    woke |= transaction.woke
        except BaseException as error:  # noqa: BLE001 - nothing of the batch will be stored: everybody in it is told
            _roll_back(connection)
            self._end([(unit, None, mapped(error)) for unit in batch], woke=set())
            return
        self._disk_work.put(functools.partial(self._commit, outcomes, woke=woke))

    def _commit(self, outcomes: list[_Outcome], *, woke: set[str]) -> None:
        connection = self._writer_connection
        try:
            reach("before-commit")
            connection.execute("COMMIT")
            reach("after-commit")
        except BaseException as error:  # noqa: BLE001 - the commit failed: everybody in it is told
            _roll_back(connection)
            outcomes, woke = [(unit, None, mapped(error)) for unit, _, _ in outcomes], set()
        else:
            # Before anybody is told: the event loop may begin the next transaction as soon as it is.
            self._checkpoints.after_commit(connection)
        self._loop.call_soon_threadsafe(functools.partial(self._end, outcomes, woke=woke))

    def _refuse(self, error: sqlite3.Error) -> None:
        self._end([(unit, None, mapped(error)) for unit in self._take_batch()], woke=set())

    def _end(self, outcomes: list[_Outcome], *, woke: set[str]) -> None:
        # A unit that waits by itself is a batch in most cases: it begins first, so that the disk has work while those who waited
        # for the last one are answered. Many units are requests; a turn later more have joined them, and share the commit.
        begins_first = 0 < len(self._waiting) <= _BEGIN_FIRST
        if begins_first:
            self._begin()
        for unit, result, error in outcomes:
            if unit.future.done():
                continue
            if error is None:
                unit.future.set_result(result)
            else:
                unit.future.set_exception(error)
        if not begins_first:
            if self._waiting:
                self._loop.call_soon(self._begin)
            else:
                self._idle.set()
        for topic in woke:
            for callback in self._wake.get(topic, ()):
                callback()


def _is_busy(error: sqlite3.Error) -> bool:
    """Tell whether another process holds a lock; an error of Python's own module has no name of SQLite's."""
    return getattr(error, "sqlite_errorname", "").startswith("SQLITE_BUSY")


def _roll_back(connection: sqlite3.Connection) -> None:
    # Some errors have ended the transaction already; one more here must not keep the batch from being answered.
    with contextlib.suppress(sqlite3.Error):
        if connection.in_transaction:
            connection.execute("ROLLBACK")


def _connect(path: str) -> sqlite3.Connection:
    connection = sqlite3.connect(
        path, check_same_thread=False, isolation_level=None, cached_statements=512, timeout=_BUSY_SECONDS
    )
    for pragma in ("journal_mode = WAL", "synchronous = FULL", "foreign_keys = ON", "temp_store = MEMORY"):
        connection.execute(f"PRAGMA {pragma}")
    return connection


def _read(
    connection: sqlite3.Connection,
    transaction: SqliteTransaction,
    unit: Callable[..., Awaitable[Any]],
    args: tuple[Any, ...],
    kwargs: Mapping[str, Any],
) -> Any:
    try:
        connection.execute("BEGIN")
        try:
            return _drive(unit(transaction, *args, **kwargs))
        finally:
            if connection.in_transaction:
                connection.execute("ROLLBACK")
    except (sqlite3.Error, OverflowError, UnicodeEncodeError) as error:
        raise mapped(error) from error


class _Driving(threading.local):
    """Whether this thread is inside a unit."""

    unit = False


_driving: Final = _Driving()


def _refuse_inside_a_unit() -> None:
    """Raise `UnitSuspended` in a unit: one that opened another would wait for itself, or use another thread's connection."""
    if _driving.unit:
        raise UnitSuspended("a unit of work opened another unit: it may await only its transaction")


def _drive(awaitable: Awaitable[Any]) -> Any:
    unit = cast("Coroutine[Any, Any, Any]", awaitable)
    _driving.unit = True
    try:
        unit.send(None)
    except StopIteration as finished:
        return finished.value
    finally:
        _driving.unit = False
    unit.close()
    raise UnitSuspended("a unit of work awaited something other than its transaction")
