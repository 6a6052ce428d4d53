"""Every row of every table as text: two dumps that are equal prove that nothing was written between them."""

from __future__ import annotations

from typing import Any, Final

import sqlalchemy as sa

from billfold.infrastructure.db.database import Database, Reading
from billfold.infrastructure.db.statements import Query, metadata, query, row_tuple

# Written beside requests, a minute apart: it tells who asked, and changes nothing that anybody owns.
_NOTES: Final = {"api_keys": {"last_used_at"}}

_statements: Final[dict[str, Query[Any]]] = {}


def _rows_of(table: sa.Table) -> Query[Any]:
    if table.name not in _statements:
        kept = [column for column in table.c if column.name not in _NOTES.get(table.name, set())]
        _statements[table.name] = query(sa.select(*kept), row_tuple)
    return _statements[table.name]


async def _read(tx: Reading) -> dict[str, list[str]]:
    return {table.name: sorted(map(repr, await tx.all(_rows_of(table)))) for table in metadata.sorted_tables}


async def every_row(db: Database) -> dict[str, list[str]]:
    """Return all rows by table."""
    return await db.snapshot(_read)


def changed_tables(before: dict[str, list[str]], after: dict[str, list[str]]) -> dict[str, list[str]]:
    """Return, by table, the rows that are new or different; empty if nothing was written."""
    return {name: sorted(set(rows) ^ set(before[name])) for name, rows in after.items() if rows != before[name]}
