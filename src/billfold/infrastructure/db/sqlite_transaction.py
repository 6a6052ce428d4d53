"""A transaction on SQLite: every statement runs here and now, so nothing in it ever suspends."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, TypeVar, cast

from billfold.infrastructure.db.bulk import BulkInsert, BulkWrite, RowArguments
from billfold.infrastructure.db.database import JOBS
from billfold.infrastructure.db.statements import (
    Command,
    Compiled,
    ListedInsert,
    ListedRead,
    ListedStatement,
    ListedWrite,
    Query,
    StatementCache,
)

Row = TypeVar("Row")


class SqliteTransaction:
    """Both `Reading` and `Writing`; on the reading connection the database itself refuses changes."""

    __slots__ = ("_connection", "_row_arguments", "_statements", "subscriptions", "woke")

    def __init__(
        self,
        connection: sqlite3.Connection,
        statements: StatementCache,
        row_arguments: RowArguments,
        subscriptions: Mapping[str, tuple[str, ...]],
    ) -> None:
        self._connection = connection
        self._statements = statements
        self._row_arguments = row_arguments
        self.subscriptions = subscriptions
        self.woke: set[str] = set()

    async def first(self, statement: Query[Row], /, **parameters: Any) -> Row | None:
        """Return the first row, or None."""
        compiled = self._statements.get(statement)
        # fetchall, not fetchone: a statement left half-read stays open and would hold up the commit.
        rows = self._connection.execute(compiled.sql, compiled.arguments(parameters)).fetchall()
        return compiled.row(rows[0]) if rows else None

    async def one(self, statement: Query[Row], /, **parameters: Any) -> Row:
        """Return the only row."""
        row = await self.first(statement, **parameters)
        return cast("Row", row)

    async def all(self, statement: Query[Row], /, **parameters: Any) -> list[Row]:
        """Return every row."""
        compiled = self._statements.get(statement)
        rows = self._connection.execute(compiled.sql, compiled.arguments(parameters)).fetchall()
        return [compiled.row(raw) for raw in rows]

    async def run(self, statement: Command, /, **parameters: Any) -> int:
        """Run a statement and return how many rows it changed."""
        compiled = self._statements.get(statement)
        return self._connection.execute(compiled.sql, compiled.arguments(parameters)).rowcount

    async def run_many(self, statement: Command, rows: Iterable[Mapping[str, Any]], /) -> None:
        """Run one statement for many rows."""
        compiled = self._statements.get(statement)
        self._connection.executemany(compiled.sql, [compiled.arguments(row) for row in rows])

    async def insert_many(self, statement: ListedInsert[Row], rows: Sequence[Mapping[str, Any]], /) -> list[Row]:
        """Insert row by row: nothing travels, so one statement for all would save nothing."""
        compiled = self._statements.get(statement.each)
        execute = self._connection.execute
        return [compiled.row(raw) for row in rows for raw in execute(compiled.sql, compiled.arguments(row)).fetchall()]

    async def all_listed(self, statement: ListedStatement[Row], rows: Sequence[Mapping[str, Any]], /) -> list[Row]:
        """Run it for each row of values."""
        return await self.insert_many(cast("Any", statement), rows)

    async def all_together(self, reads: Sequence[ListedRead], /) -> list[list[Any]]:
        """Run one after the other."""
        return [await self.all_listed(cast("Any", statement), rows) for statement, rows in reads]

    async def write_together(self, writes: Sequence[ListedWrite | BulkWrite], /) -> list[int]:
        """Run one after the other, and count what changed: giving rows back would cost a quarter of each."""
        return [
            self._count_bulk(*write)
            if isinstance(write, BulkWrite)
            else self._count_changes(self._statements.get(write.statement.each), write.rows)
            for write in writes
        ]

    def _count_bulk(self, statement: BulkInsert, rows: Sequence[Sequence[Any]]) -> int:
        if not rows:
            return 0
        sql, arguments = self._row_arguments.prepare(statement)
        return self._connection.executemany(sql, map(arguments, rows)).rowcount

    def _count_changes(self, compiled: Compiled, rows: Sequence[Mapping[str, Any]]) -> int:
        if not rows:
            return 0
        # What a statement gives back stands at its end.
        sql = compiled.sql.rpartition(" RETURNING ")[0] or compiled.sql
        return self._connection.executemany(sql, [compiled.arguments(row) for row in rows]).rowcount

    async def insert_bulk(self, statement: BulkInsert, rows: Sequence[Sequence[Any]], /) -> list[bool]:
        """Insert row by row, and count."""
        sql, arguments = self._row_arguments.prepare(statement)
        connection = self._connection
        written: list[bool] = []

        def each() -> Iterator[list[Any]]:
            # Whoever asks for the next row has carried out this one.
            for row in rows:
                before = connection.total_changes
                yield arguments(row)
                written.append(connection.total_changes != before)

        connection.executemany(sql, each())
        return written

    def wake_worker(self) -> None:
        """Have the worker look for jobs after the commit."""
        self.woke.add(JOBS)

    def wake(self, topic: str) -> None:
        """Have whoever waits for this topic look after the commit."""
        self.woke.add(topic)
