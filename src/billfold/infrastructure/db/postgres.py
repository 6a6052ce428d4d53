"""PostgreSQL: units as transactions on a pooled asyncpg connection.

Reads use connections whose transactions are read-only by default, so a reading unit cannot change anything and a short
one needs no BEGIN and COMMIT around its statements. Deadlocks and serialization failures are tried again here, because
only here is it certain that the whole unit runs again.

The worker of another process is woken by NOTIFY, but not from inside the transaction: a NOTIFY takes a lock of the whole
database at commit, which makes commits queue behind each other. One is sent after the commit, at most every 20 ms.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from typing import Any, Concatenate, Final, ParamSpec, TypeVar, cast

import asyncpg
import msgspec
from sqlalchemy.dialects.postgresql import asyncpg as asyncpg_dialect

from billfold.base.errors import Conflict, Invalid, Unavailable
from billfold.base.fail_points import reach
from billfold.infrastructure.db.bulk import BulkInsert, BulkWrite, refuse_nul
from billfold.infrastructure.db.database import JOBS, ChangedMeanwhile, DuplicateRow
from billfold.infrastructure.db.statements import (
    Command,
    ListedInsert,
    ListedRead,
    ListedStatement,
    ListedWrite,
    Query,
    StatementCache,
)

Row = TypeVar("Row")
Result = TypeVar("Result")
P = ParamSpec("P")

_TRIES: Final = 5
_NOTIFY_SECONDS: Final = 0.02
_LISTEN_AGAIN_SECONDS: Final = 2.0
_CHANNEL: Final = "billfold_jobs"
# A unit finds its rows by indexes; a test reads every plan. PostgreSQL plans a prepared statement once, perhaps while a table is
# still small and reading all of it is cheaper, and stays with that until the table is analysed. Measured with the first
# thousands of spends of a new project, side by side: 1,071 a second as it plans by itself, 3,398 so.
# And once: left to itself it plans a look-up of eight sign-ups anew at each call, 520 µs for what then runs in 190.
_BY_INDEX: Final = {
    "enable_seqscan": "off",
    "enable_hashjoin": "off",
    "enable_mergejoin": "off",
    "plan_cache_mode": "force_generic_plan",
}
_STATEMENT_TIMEOUT: Final = "30s"
_CONNECT_SECONDS: Final = 3.0
# Longer than the server's own limit: it only ends the wait for a server that vanished without a word.
_ANSWER_SECONDS: Final = 40.0
# Statements are constants of the program, so whoever opens a second database has them compiled already.
_STATEMENTS: Final = StatementCache(asyncpg_dialect.dialect())  # type: ignore[no-untyped-call]


class PostgresTransaction:
    """Both `Reading` and `Writing`; a reading connection refuses changes by itself."""

    __slots__ = ("_connection", "_statements", "subscriptions", "woke")

    def __init__(
        self, connection: Any, statements: StatementCache, subscriptions: Mapping[str, tuple[str, ...]]
    ) -> None:
        self._connection = connection
        self._statements = statements
        self.subscriptions = subscriptions
        self.woke: set[str] = set()

    async def first(self, statement: Query[Row], /, **parameters: Any) -> Row | None:
        """Return the first row, or None."""
        compiled = self._statements.get(statement)
        raw = await self._connection.fetchrow(compiled.sql, *compiled.arguments(parameters))
        return None if raw is None else compiled.row(raw)

    async def one(self, statement: Query[Row], /, **parameters: Any) -> Row:
        """Return the only row."""
        return cast("Row", await self.first(statement, **parameters))

    async def all(self, statement: Query[Row], /, **parameters: Any) -> list[Row]:
        """Return every row."""
        compiled = self._statements.get(statement)
        rows = await self._connection.fetch(compiled.sql, *compiled.arguments(parameters))
        return [compiled.row(raw) for raw in rows]

    async def run(self, statement: Command, /, **parameters: Any) -> int:
        """Run a statement and return how many rows it changed."""
        compiled = self._statements.get(statement)
        tag: str = await self._connection.execute(compiled.sql, *compiled.arguments(parameters))
        return int(tag.rsplit(" ", 1)[1])

    async def run_many(self, statement: Command, rows: Iterable[Mapping[str, Any]], /) -> None:
        """Run one statement for many rows, pipelined."""
        compiled = self._statements.get(statement)
        await self._connection.executemany(compiled.sql, [compiled.arguments(row) for row in rows])

    async def insert_many(self, statement: ListedInsert[Row], rows: Sequence[Mapping[str, Any]], /) -> list[Row]:
        """Insert all rows with one statement that takes a list for each column."""
        return await self.all(statement.together, **{name: [row[name] for row in rows] for name in statement.columns})

    async def all_listed(self, statement: ListedStatement[Row], rows: Sequence[Mapping[str, Any]], /) -> list[Row]:
        """Run it once, with a list for each value, as `insert_many` inserts."""
        return await self.insert_many(cast("Any", statement), rows)

    async def all_together(self, reads: Sequence[ListedRead], /) -> list[list[Any]]:
        """Run all of them as one statement, as `write_together`; JSON keeps the order of rows and of columns."""
        queries, arguments = self._joined(reads)
        lists = await self._connection.fetchrow(self._statements.gathering(queries), *arguments)
        compiled = [self._statements.get(each) for each in queries]
        return [
            [each.row(tuple(row.values())) for row in msgspec.json.decode(text or "[]")]
            for each, text in zip(compiled, lists, strict=True)
        ]

    async def write_together(self, writes: Sequence[ListedWrite | BulkWrite], /) -> list[int]:
        """Run all of them as one statement: a round trip costs as much as dozens of rows (measured: 130 µs)."""
        queries, arguments = self._joined(writes)
        return list(await self._connection.fetchrow(self._statements.counting(queries), *arguments))

    def _joined(self, runs: Sequence[ListedRead | ListedWrite | BulkWrite]) -> tuple[tuple[Query[Any], ...], list[Any]]:
        arguments: list[Any] = []
        chosen: list[Query[Any]] = []
        for run in runs:
            if isinstance(run, BulkWrite):
                alone = len(run.rows) == 1
                chosen.append(run.statement.alone if alone else run.statement.together)
                arguments += self._row_arguments(*run) if alone else self._bulk_arguments(*run)
                continue
            statement, rows = run
            # As in `BulkInsert`.
            alone = len(rows) == 1
            given = rows[0] if alone else {name: [row[name] for row in rows] for name in statement.columns}
            chosen.append(statement.each if alone else statement.together)
            arguments += self._statements.get(chosen[-1]).arguments(given)
        return tuple(chosen), arguments

    async def insert_bulk(self, statement: BulkInsert, rows: Sequence[Sequence[Any]], /) -> list[bool]:
        """Insert all rows with one statement, and find each in what it says it wrote."""
        compiled = self._statements.get(statement.together)
        written = await self._connection.fetch(compiled.sql, *self._bulk_arguments(statement, rows))
        return statement.which_were_written(rows, set(map(tuple, written)))

    def _row_arguments(self, statement: BulkInsert, rows: Sequence[Sequence[Any]]) -> list[Any]:
        (row,) = rows
        refuse_nul(row)
        return self._statements.get(statement.alone).arguments(dict(zip(statement.columns, row, strict=True)))

    def _bulk_arguments(self, statement: BulkInsert, rows: Sequence[Sequence[Any]]) -> list[Any]:
        for row in rows:
            refuse_nul(row)
        columns = zip(*rows, strict=True) if rows else [()] * len(statement.columns)
        lists = dict(zip(statement.columns, columns, strict=True))
        return self._statements.get(statement.together).arguments(lists)

    def wake_worker(self) -> None:
        """Have the workers look for jobs after the commit."""
        self.woke.add(JOBS)

    def wake(self, topic: str) -> None:
        """Have whoever waits for this topic look after the commit."""
        self.woke.add(topic)


class PostgresDatabase:
    """A `Database` on a PostgreSQL server, for any number of processes."""

    def __init__(self, url: str, *, connections: int = 12) -> None:
        self._url = url
        self._connections = connections
        self.subscriptions: Mapping[str, tuple[str, ...]] = {}
        self.units_side_by_side = connections
        self._wake: dict[str, list[Callable[[], None]]] = {}
        self._to_notify: set[str] = set()
        self._notify_due = asyncio.Event()
        self._tasks: list[asyncio.Task[None]] = []

    async def start(self) -> None:
        """Open the pools and listen for the other processes' jobs."""
        timeouts = {"statement_timeout": _STATEMENT_TIMEOUT, "idle_in_transaction_session_timeout": _STATEMENT_TIMEOUT}
        with _mapped():
            self._writers = await self._pool({**timeouts, **_BY_INDEX})
            self._readers = await self._pool({**timeouts, "default_transaction_read_only": "on"})
        self._tasks = [asyncio.create_task(self._notify_when_due()), asyncio.create_task(self._listen())]

    async def stop(self) -> None:
        """Stop listening, wait for the units under way, close."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await asyncio.gather(self._writers.close(), self._readers.close())

    async def read(
        self, unit: Callable[Concatenate[Any, P], Awaitable[Result]], /, *args: P.args, **kwargs: P.kwargs
    ) -> Result:
        """Run a short reading unit; each statement sees its own moment."""
        with _mapped():
            async with self._readers.acquire() as connection:
                return await unit(PostgresTransaction(connection, _STATEMENTS, self.subscriptions), *args, **kwargs)

    async def snapshot(
        self, unit: Callable[Concatenate[Any, P], Awaitable[Result]], /, *args: P.args, **kwargs: P.kwargs
    ) -> Result:
        """Run a reading unit whose statements all see one moment."""
        with _mapped():
            async with (
                self._readers.acquire() as connection,
                connection.transaction(isolation="repeatable_read", readonly=True),
            ):
                return await unit(PostgresTransaction(connection, _STATEMENTS, self.subscriptions), *args, **kwargs)

    async def write(
        self, unit: Callable[Concatenate[Any, P], Awaitable[Result]], /, *args: P.args, **kwargs: P.kwargs
    ) -> Result:
        """Run a unit in one transaction, again if it lost a deadlock or if what it looked up changed meanwhile."""
        tries = 0
        while True:
            tries += 1
            with _mapped():
                try:
                    return cast("Result", await self._write_once(unit, args, dict(kwargs)))
                except (asyncpg.DeadlockDetectedError, asyncpg.SerializationError, ChangedMeanwhile):
                    if tries == _TRIES:
                        raise
                    await asyncio.sleep(0.005 * tries)

    def on_wake(self, callback: Callable[[], None], topic: str = JOBS) -> None:
        """Have `callback` called after each commit that woke the topic, here or in another process."""
        self._wake.setdefault(topic, []).append(callback)

    async def _write_once(
        self, unit: Callable[..., Awaitable[Any]], args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> Any:
        async with self._writers.acquire() as connection:
            transaction = PostgresTransaction(connection, _STATEMENTS, self.subscriptions)
            async with connection.transaction():
                result = await unit(transaction, *args, **kwargs)
                reach("before-commit")
            reach("after-commit")
        if transaction.woke:
            self._to_notify |= transaction.woke
            self._notify_due.set()
            self._call_wake(transaction.woke)
        return result

    def _call_wake(self, topics: Iterable[str]) -> None:
        for topic in topics:
            for callback in self._wake.get(topic, ()):
                callback()

    def _notified(self, connection: object, process: int, channel: str, topics: object) -> None:
        del connection, process, channel
        self._call_wake(str(topics).split(","))

    async def _pool(self, settings: dict[str, str]) -> Any:
        # min_size 1: an idle server holds few connections; they are opened as load comes and kept while it stays.
        return await asyncpg.create_pool(
            self._url,
            min_size=1,
            max_size=self._connections,
            server_settings=settings,
            timeout=_CONNECT_SECONDS,
            command_timeout=_ANSWER_SECONDS,
            max_inactive_connection_lifetime=300,
            # Every statement of the program stays prepared, and a connection is not closed for having served many.
            statement_cache_size=1_000,
            max_cached_statement_lifetime=0,
            max_queries=2**31,
            # asyncpg's own reset costs a round trip after each unit (141 µs a read with it, 85 without); a unit leaves
            # nothing behind in the session, and an open transaction is rolled back all the same.
            reset=_leave_as_it_is,
            init=_compress_fast,
        )

    async def _notify_when_due(self) -> None:
        while True:
            await self._notify_due.wait()
            self._notify_due.clear()
            topics, self._to_notify = ",".join(sorted(self._to_notify)), set()
            with contextlib.suppress(OSError, asyncpg.PostgresError, asyncpg.InterfaceError, TimeoutError):
                await self._writers.execute("SELECT pg_notify($1, $2)", _CHANNEL, topics)
            await asyncio.sleep(_NOTIFY_SECONDS)

    async def _listen(self) -> None:
        while True:
            with contextlib.suppress(OSError, asyncpg.PostgresError, asyncpg.InterfaceError, TimeoutError):
                connection = await asyncpg.connect(self._url, timeout=_CONNECT_SECONDS)
                try:
                    await connection.add_listener(_CHANNEL, self._notified)
                    lost = asyncio.Event()
                    connection.add_termination_listener(lambda _connection, lost=lost: lost.set())
                    await lost.wait()
                finally:
                    connection.terminate()
            await asyncio.sleep(_LISTEN_AGAIN_SECONDS)


async def _compress_fast(connection: Any) -> None:
    """Have long values compressed by lz4, which takes an eighth of the time of PostgreSQL's own method.

    Measured on Stripe events of 4 kB: 45 µs a stored event instead of 68. A server that was built without it keeps its own.
    """
    with contextlib.suppress(asyncpg.PostgresError):
        await connection.execute("SET default_toast_compression = 'lz4'")


async def _leave_as_it_is(connection: Any) -> None:
    del connection


class _mapped(contextlib.AbstractContextManager[None]):  # noqa: N801 - reads as a verb at its uses
    """Turn the driver's errors into what the business calls them; what it does not know stays as it is."""

    def __exit__(self, kind: object, error: BaseException | None, traceback: object) -> None:
        if error is None:
            return
        if isinstance(error, asyncpg.UniqueViolationError):
            raise DuplicateRow(str(error.constraint_name)) from error
        if isinstance(error, asyncpg.ForeignKeyViolationError):
            raise Conflict("This refers to something that was just removed.") from error
        if isinstance(
            error, (asyncpg.CharacterNotInRepertoireError, asyncpg.DataError, UnicodeEncodeError, OverflowError)
        ):
            raise Invalid("A text or number cannot be stored: it is too large or not valid Unicode.") from error
        if isinstance(error, (asyncpg.InvalidAuthorizationSpecificationError, asyncpg.InvalidCatalogNameError)):
            raise Unavailable(f"The database refuses the connection: {error}. Check BILLFOLD_DATABASE_URL.") from error
        # An InterfaceError of another kind is a mistake of ours and must not look like an outage.
        closed = isinstance(error, asyncpg.InterfaceError) and "clos" in str(error)
        if closed or isinstance(
            error,
            (
                OSError,
                TimeoutError,
                # What asyncpg raises if the server's farewell arrives just before a statement is sent.
                asyncpg.InternalClientError,
                asyncpg.PostgresConnectionError,
                asyncpg.OperatorInterventionError,
                asyncpg.InsufficientResourcesError,
                asyncpg.TransactionRollbackError,
                asyncpg.ReadOnlySQLTransactionError,
            ),
        ):
            # Lost at COMMIT, it may have been stored or not: only a look, or the same request again, can tell.
            raise Unavailable(f"The database does not answer ({type(error).__name__}). Try again shortly.") from error
