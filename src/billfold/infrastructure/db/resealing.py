"""Sealing everything anew with the present secret key, after it was changed (contract G23).

A value that the previous key sealed opens as long as that key is given too. This goes through every sealed column, page by page;
what the present key sealed already is left alone, so it may be interrupted and run again.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import sqlalchemy as sa

from billfold.base.crypto import SealBroken, Sealer
from billfold.infrastructure.db.database import Database, Reading, Writing
from billfold.infrastructure.db.statements import command, query, row_tuple

_AT_ONCE: Final = 200


class SealedColumn:
    """A column that holds sealed values, the column with their owner, which is the table's key, and the field's name."""

    def __init__(self, column: sa.Column[str], *, owner: str, field: str) -> None:
        table: sa.Table = column.table
        key: sa.Column[str] = table.c[owner]
        self.table = table.name
        self.column = column.name
        self.field = field
        self.page = query(
            sa.select(key, column)
            .where(key > sa.bindparam("after"))
            .order_by(key)
            .limit(sa.bindparam("limit", type_=sa.Integer())),
            row_tuple,
        )
        # Guarded: a value that was changed meanwhile stays.
        self.put = command(
            sa.update(table)
            .where(key == sa.bindparam("of_owner"), column == sa.bindparam("old"))
            .values({column.name: sa.bindparam("new")})
        )


@dataclass(frozen=True, slots=True)
class Resealed:
    """What came of one column: how many values were sealed anew, were so already, or open with neither key."""

    table: str
    column: str
    resealed: int
    current: int
    # The owners, the first ones of them.
    broken: tuple[str, ...]


async def reseal(db: Database, sealer: Sealer, column: SealedColumn) -> Resealed:
    """Seal every value of a column with the present key."""
    resealed = current = 0
    broken: list[str] = []
    after = ""
    while True:
        rows = await db.read(_page, column, after)
        changes: list[tuple[str, str, str]] = []
        for owner, sealed in rows:
            if sealed is None:
                continue
            try:
                new = sealer.resealed(sealed, owner=owner, field=column.field)
            except SealBroken:
                broken.append(owner)
                continue
            if new is None:
                current += 1
            else:
                changes.append((owner, sealed, new))
        if changes:
            resealed += await db.write(_put, column, changes)
        if len(rows) < _AT_ONCE:
            return Resealed(column.table, column.column, resealed, current, tuple(broken))
        after = rows[-1][0]


async def _page(tx: Reading, column: SealedColumn, after: str) -> list[tuple[str, str | None]]:
    return await tx.all(column.page, after=after, limit=_AT_ONCE)


async def _put(tx: Writing, column: SealedColumn, changes: list[tuple[str, str, str]]) -> int:
    return sum([await tx.run(column.put, of_owner=owner, old=old, new=new) for owner, old, new in changes])
