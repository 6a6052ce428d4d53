"""What the rest of the program sees of a database: `Reading`, `Writing` and `Database` (DESIGN section 6).

The first argument of a function says what it may do: `tx: Reading` looks, `tx: Writing` changes inside a unit that
somebody else opened and never commits, `db: Database` opens short units of its own around calls to the network.

A unit is an `async def` that awaits only its `tx`. On PostgreSQL it runs in a transaction on a pooled connection; on SQLite
it runs to its end without suspending, and awaiting anything else raises. `await db.write(…)` returns after the commit.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from typing import Any, Concatenate, Final, ParamSpec, Protocol, TypeVar

from billfold.base.errors import Conflict
from billfold.infrastructure.db.bulk import BulkInsert, BulkWrite
from billfold.infrastructure.db.statements import Command, ListedInsert, ListedRead, ListedStatement, ListedWrite, Query

Row = TypeVar("Row")
Result = TypeVar("Result")
P = ParamSpec("P")

# Whom a commit wakes: the worker, by a job that it left. Others name a topic of their own.
JOBS: Final = "jobs"


class DuplicateRow(Conflict):
    """A unique index refused the row; `constraint` is the index's name where the database gives it."""

    def __init__(self, constraint: str) -> None:
        super().__init__("This already exists.")
        self.constraint = constraint


class ChangedMeanwhile(Conflict):
    """What a unit looked up is not so any more: the layer runs it again, a few times, before anybody hears of it.

    Raised instead of taking a lock for a look whose answer holds nearly always. SQLite has one writer, so nothing changes there.
    """

    def __init__(self) -> None:
        super().__init__("This was changed at the same moment. Try again.")


class Reading(Protocol):
    """Power to look."""

    async def first(self, statement: Query[Row], /, **parameters: Any) -> Row | None:
        """Return the first row, or None."""
        ...

    async def one(self, statement: Query[Row], /, **parameters: Any) -> Row:
        """Return the only row of a statement that always gives one, such as a count."""
        ...

    async def all(self, statement: Query[Row], /, **parameters: Any) -> list[Row]:
        """Return every row; the statement itself bounds how many."""
        ...

    async def all_together(self, reads: Sequence[ListedRead], /) -> list[list[Any]]:
        """Run several reads and return the rows of each, in one round trip where there are round trips.

        The columns of each have different names and hold no bytes.
        """
        ...

    async def all_listed(self, statement: ListedStatement[Row], rows: Sequence[Mapping[str, Any]], /) -> list[Row]:
        """Run a statement for many rows of values, in as few as serve this database, and return every row it gives."""
        ...


class Writing(Reading, Protocol):
    """Power to change, inside one unit: all of it becomes durable, or none."""

    @property
    def subscriptions(self) -> Mapping[str, tuple[str, ...]]:
        """Which jobs each event name starts, as `wiring.py` joined them."""
        ...

    async def run(self, statement: Command, /, **parameters: Any) -> int:
        """Run a statement and return how many rows it changed."""
        ...

    async def run_many(self, statement: Command, rows: Iterable[Mapping[str, Any]], /) -> None:
        """Run one statement for many rows in one go."""
        ...

    async def insert_many(self, statement: ListedInsert[Row], rows: Sequence[Mapping[str, Any]], /) -> list[Row]:
        """Insert many rows in as few statements as serve this database, and return what RETURNING gives."""
        ...

    async def write_together(self, writes: Sequence[ListedWrite | BulkWrite], /) -> list[int]:
        """Run writes of which none needs to see what another did, and return how many rows each changed.

        In one round trip where there are round trips; in their order where there are none.
        """
        ...

    async def insert_bulk(self, statement: BulkInsert, rows: Sequence[Sequence[Any]], /) -> list[bool]:
        """Insert many rows, each a tuple in the order of the statement's columns; tell of each whether it was written."""
        ...

    def wake_worker(self) -> None:
        """Have the worker look for jobs once this unit is committed."""
        ...

    def wake(self, topic: str) -> None:
        """Have whoever waits for this topic look once this unit is committed, in every process; a word without commas."""
        ...


class Write(Protocol):
    """How a unit is written: `Database.write`, or an entrypoint's version of it that adds something to the same unit."""

    async def __call__(
        self, unit: Callable[Concatenate[Any, P], Awaitable[Result]], /, *args: P.args, **kwargs: P.kwargs
    ) -> Result:
        """Run the unit; return after it is durable."""
        ...


class Database(Protocol):
    """Opens units. One object for the whole process."""

    subscriptions: Mapping[str, tuple[str, ...]]
    # How many units can run at the same time: one on SQLite, one for each connection on PostgreSQL.
    units_side_by_side: int

    async def start(self) -> None:
        """Open the connections."""
        ...

    async def stop(self) -> None:
        """Finish what was accepted, then close."""
        ...

    async def read(
        self, unit: Callable[Concatenate[Any, P], Awaitable[Result]], /, *args: P.args, **kwargs: P.kwargs
    ) -> Result:
        """Run a short unit that only looks. On PostgreSQL each of its statements sees its own moment."""
        ...

    async def snapshot(
        self, unit: Callable[Concatenate[Any, P], Awaitable[Result]], /, *args: P.args, **kwargs: P.kwargs
    ) -> Result:
        """Run a long unit that only looks and must see one moment: reports and audits. Off the event loop on SQLite."""
        ...

    async def write(
        self, unit: Callable[Concatenate[Any, P], Awaitable[Result]], /, *args: P.args, **kwargs: P.kwargs
    ) -> Result:
        """Run a unit that changes things; returns after it is durable, or raises with nothing changed.

        A unit that was the victim of a deadlock, or raised `ChangedMeanwhile`, runs again.
        """
        ...

    def on_wake(self, callback: Callable[[], None], topic: str = JOBS) -> None:
        """Have `callback` called on the event loop after each commit that woke the topic, here or in another process."""
        ...
