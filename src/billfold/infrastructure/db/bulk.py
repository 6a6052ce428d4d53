"""Inserting many rows at the hottest doors: plain tuples in, and of each row only whether it was written.

As `insert_many`, but SQLite counts instead of giving rows back, which is a quarter of what a row costs there, and nobody builds a
dictionary for each row.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final, NamedTuple

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import Insert

from billfold.base.errors import Invalid
from billfold.infrastructure.db.statements import (
    Command,
    Query,
    StatementCache,
    command,
    query,
    row_tuple,
    single_and_together,
)

Row = Sequence[Any]


class BulkInsert:
    """An INSERT of many rows, each a tuple in the order of `columns`: a statement a row on SQLite, one for all on PostgreSQL."""

    __slots__ = ("alone", "columns", "each", "key_places", "together")

    def __init__(
        self,
        table: sa.Table,
        columns: Sequence[str],
        *,
        key: Sequence[str],
        finish: Callable[[Insert], Insert],
        constants: Mapping[str, Any] | None = None,
    ) -> None:
        """Say by which columns PostgreSQL tells the rows it wrote (`key`) and which are alike in every row (`constants`).

        `finish` adds ON CONFLICT, and no RETURNING. Rows without a key of ours are only counted (`BulkWrite`).
        """
        single, together = single_and_together(table, columns, constants)
        self.columns: Final = tuple(columns)
        self.key_places: Final = tuple(self.columns.index(name) for name in key)
        self.each: Final[Command] = command(finish(single))
        told = tuple(table.c[name] for name in key or table.primary_key.c.keys())
        self.together: Final[Query[Any]] = query(finish(together).returning(*told), row_tuple)
        # One row is cheaper as itself than as lists of one.
        self.alone: Final[Query[Any]] = query(finish(single).returning(*told), row_tuple)

    def which_were_written(self, rows: Sequence[Row], keys: set[tuple[Any, ...]]) -> list[bool]:
        """Tell of each row whether its key was written; of two rows with one key, the first was."""
        told: list[bool] = []
        for row in rows:
            key = tuple([row[place] for place in self.key_places])
            told.append(key in keys)
            keys.discard(key)
        return told


class BulkWrite(NamedTuple):
    """An INSERT of many rows, to be run together with other writes and counted (`Writing.write_together`)."""

    statement: BulkInsert
    rows: Sequence[Row]


class RowArguments:
    """Makes the driver's arguments of a row for the statements that one SQLite database has compiled."""

    def __init__(self, statements: StatementCache) -> None:
        self._statements = statements
        self._known: dict[BulkInsert, tuple[str, Any]] = {}

    def prepare(self, statement: BulkInsert) -> tuple[str, Callable[[Row], list[Any]]]:
        """Return the words of a row's INSERT, and what turns a row into its arguments."""
        known = self._known.get(statement)
        if known is None:
            compiled = self._statements.get(statement.each)
            known = self._known[statement] = (compiled.sql, _in_places(compiled.places_in(statement.columns)))
        return known


def _in_places(places: Any) -> Callable[[Row], list[Any]]:
    in_order = [place for place, _, _ in places] == list(range(len(places)))
    processed = [(place, processor) for place, _, processor in places if processor is not None]

    def same_order(row: Row) -> list[Any]:
        made = list(row)
        for place, processor in processed:
            made[place] = processor(made[place])
        refuse_nul(made)
        return made

    def arguments(row: Row) -> list[Any]:
        made = [
            default if place < 0 else row[place] if processor is None else processor(row[place])
            for place, default, processor in places
        ]
        refuse_nul(made)
        return made

    return same_order if in_order else arguments


def refuse_nul(row: Row) -> None:
    """Raise `Invalid` for a text that only SQLite would keep."""
    for value in row:
        if value.__class__ is str and "\0" in value:
            raise Invalid("A text holds the character NUL, which cannot be stored.")
