"""Bulk filling: many rows like one that Billfold made itself, written by the database's fastest way in.

A row made through the API is read back as a template, so whatever columns a table has, they hold what Billfold puts there; a
copy replaces what must differ (ids, addresses, references).
"""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Callable, Iterable, Mapping
from itertools import islice
from typing import Any, Final, Protocol

import asyncpg

Row = Mapping[str, Any]
Change = Callable[[int], Row]

_AT_ONCE: Final = 20_000


class Bulk(Protocol):
    """Reads template rows and writes many."""

    def template(self, table: str, column: str, value: str) -> Row:
        """Return one whole row as the database stores it."""
        ...

    def copy(self, table: str, template: Row, change: Change, count: int) -> None:
        """Write `count` rows like the template, row `i` with `change(i)` in place of what it had."""
        ...

    def execute(self, sql: str) -> None:
        """Run a statement."""
        ...

    def count(self, sql: str) -> int:
        """Return the number that a statement selects."""
        ...

    def close(self) -> None:
        """Have the database count its rows anew, as it does by itself after a while, and close."""
        ...


def open_bulk(url: str) -> Bulk:
    """Open a database by Billfold's own way of writing its address."""
    if url.startswith("sqlite:///"):
        return SqliteBulk(url.removeprefix("sqlite:///"))
    return PostgresBulk(url)


def _rows(template: Row, change: Change, count: int) -> Iterable[tuple[Any, ...]]:
    changed = {name: index for index, name in enumerate(template)}
    values = list(template.values())
    for number in range(count):
        row = values.copy()
        for name, value in change(number).items():
            row[changed[name]] = value
        yield tuple(row)


class SqliteBulk:
    """One transaction over everything that is written; write only to a file that no server has open."""

    def __init__(self, path: str) -> None:
        self._connection = sqlite3.connect(path, isolation_level=None)
        for pragma in ("synchronous = OFF", "cache_size = -2000000", "temp_store = MEMORY"):
            self._connection.execute(f"PRAGMA {pragma}")

    def template(self, table: str, column: str, value: str) -> Row:
        """Return one whole row as the database stores it."""
        cursor = self._connection.execute(f'SELECT * FROM {table} WHERE "{column}" = ?', (value,))  # noqa: S608 - names of ours
        return dict(zip([each[0] for each in cursor.description], cursor.fetchone(), strict=True))

    def copy(self, table: str, template: Row, change: Change, count: int) -> None:
        """Write rows like the template."""
        self._begin()
        names = ", ".join(f'"{name}"' for name in template)
        marks = ", ".join("?" for _ in template)
        self._connection.executemany(
            f"INSERT INTO {table} ({names}) VALUES ({marks})",  # noqa: S608 - names of ours
            _rows(template, change, count),
        )

    def execute(self, sql: str) -> None:
        """Run a statement."""
        self._begin()
        self._connection.execute(sql)

    def count(self, sql: str) -> int:
        """Return the number that a statement selects."""
        return int(self._connection.execute(sql).fetchone()[0])

    def close(self) -> None:
        """Commit and close; SQLite's planner keeps no counts unless it is asked, and Billfold does not ask."""
        if self._connection.in_transaction:
            self._connection.execute("COMMIT")
            self._connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        self._connection.close()

    def _begin(self) -> None:
        if not self._connection.in_transaction:
            self._connection.execute("BEGIN")


class PostgresBulk:
    """COPY, in pieces."""

    def __init__(self, url: str) -> None:
        self._loop = asyncio.new_event_loop()
        self._changed = False
        self._connection = self._loop.run_until_complete(asyncpg.connect(url))

    def template(self, table: str, column: str, value: str) -> Row:
        """Return one whole row as the database stores it."""
        sql = f'SELECT * FROM {table} WHERE "{column}" = $1'  # noqa: S608 - names of ours
        return dict(self._loop.run_until_complete(self._connection.fetchrow(sql, value)))

    def copy(self, table: str, template: Row, change: Change, count: int) -> None:
        """Write rows like the template."""
        self._changed = True
        rows = iter(_rows(template, change, count))
        while piece := list(islice(rows, _AT_ONCE)):
            self._loop.run_until_complete(
                self._connection.copy_records_to_table(table, records=piece, columns=list(template))
            )

    def execute(self, sql: str) -> None:
        """Run a statement."""
        self._loop.run_until_complete(self._connection.execute(sql))

    def count(self, sql: str) -> int:
        """Return the number that a statement selects."""
        return int(self._loop.run_until_complete(self._connection.fetchval(sql)))

    def close(self) -> None:
        """Do what autovacuum would soon do, and close."""
        if self._changed:
            self.execute("VACUUM ANALYZE")
            self.execute("CHECKPOINT")
        self._loop.run_until_complete(self._connection.close())
        self._loop.close()
