"""A small table of these tests' own, so that they say nothing about the business."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.engine.interfaces import Dialect
from sqlalchemy.schema import CreateTable

from billfold.infrastructure.db.bulk import BulkInsert
from billfold.infrastructure.db.statements import any_of, command, insert_row, query
from billfold.infrastructure.db.types import Json, Moment

marks = sa.Table(
    "test_marks",
    sa.MetaData(),
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("label", sa.Text, unique=True),
    sa.Column("number", sa.BigInteger),
    sa.Column("at", Moment),
    sa.Column("note", Json),
    sa.Column("is_set", sa.Boolean),
    sa.Column("parent", sa.Text, sa.ForeignKey("test_marks.id")),
)


@dataclass(frozen=True, slots=True)
class Mark:
    """A row of the test's table."""

    id: str
    label: str | None = None
    number: int | None = None
    at: datetime | None = None
    note: Any = None
    is_set: bool | None = None
    parent: str | None = None


ADD: Final = command(insert_row(marks))
ADD_ONCE: Final = query(insert(marks).values(id=sa.bindparam("id")).on_conflict_do_nothing().returning(marks.c.id), str)
GET: Final = query(sa.select(*marks.c).where(marks.c.id == sa.bindparam("mark_id")), Mark)
ALL: Final = query(sa.select(*marks.c).order_by(marks.c.id), Mark)
COUNT: Final = query(sa.select(sa.func.count()).select_from(marks), int)
OF_IDS: Final = query(sa.select(*marks.c).where(any_of(marks.c.id, "ids")).order_by(marks.c.id), Mark)
OF_NUMBERS: Final = query(sa.select(*marks.c).where(any_of(marks.c.number, "numbers")).order_by(marks.c.id), Mark)
OF_MOMENTS: Final = query(sa.select(*marks.c).where(any_of(marks.c.at, "moments")).order_by(marks.c.id), Mark)
ADD_BULK: Final = BulkInsert(
    marks,
    ("id", "label", "at", "note"),
    key=("id",),
    constants={"number": 7, "is_set": False},
    finish=lambda new: new.on_conflict_do_nothing(index_elements=["id"]),
)
RENAME: Final = command(
    sa.update(marks).where(marks.c.id == sa.bindparam("mark_id")).values(label=sa.bindparam("new_label"))
)


def create_sql(dialect: Dialect) -> str:
    """Return the statement that makes the table."""
    return str(CreateTable(marks).compile(dialect=dialect))
