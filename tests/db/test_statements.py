from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.dialects import sqlite
from sqlalchemy.dialects.postgresql import asyncpg

from billfold.base.errors import Invalid
from billfold.infrastructure.db.statements import (
    Compiled,
    StatementCache,
    any_of,
    command,
    insert_row,
    query,
    row_tuple,
)
from billfold.infrastructure.db.types import Moment

_SQLITE = sqlite.dialect(paramstyle="qmark")
_POSTGRESQL = asyncpg.dialect()  # type: ignore[no-untyped-call]

_table = sa.Table(
    "statements_example",
    sa.MetaData(),
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("number", sa.BigInteger),
    sa.Column("at", Moment),
    sa.Column("body", sa.LargeBinary),
)


@dataclass(frozen=True, slots=True)
class _Two:
    id: str
    number: int


@dataclass(frozen=True, slots=True)
class _Swapped:
    number: int
    id: str


@pytest.mark.parametrize("columns", [[_table.c.id], [_table.c.number, _table.c.id], list(_table.c)])
def test_a_dataclass_that_does_not_match_the_columns_is_refused_at_import(columns: list[Any]) -> None:
    with pytest.raises(TypeError, match="_Two has the fields"):
        query(sa.select(*columns), _Two)


def test_the_order_of_the_fields_counts() -> None:
    query(sa.select(_table.c.id, _table.c.number), _Two)
    with pytest.raises(TypeError):
        query(sa.select(_table.c.id, _table.c.number), _Swapped)


def test_a_scalar_takes_one_column() -> None:
    with pytest.raises(TypeError, match="one column"):
        query(sa.select(_table.c.id, _table.c.number), str)


def test_returning_columns_are_checked_too() -> None:
    with pytest.raises(TypeError):
        query(insert_row(_table).returning(_table.c.id), _Two)


@pytest.mark.parametrize("dialect", [_SQLITE, _POSTGRESQL], ids=["sqlite", "postgresql"])
def test_a_parameter_may_stand_twice(dialect: Any) -> None:
    name = sa.bindparam("name", type_=sa.Text())
    statement = query(sa.select(_table.c.id).where(sa.or_(_table.c.id == name, _table.c.id > name)), str)
    arguments = Compiled(statement, dialect).arguments({"name": "x"})
    assert set(arguments) == {"x"}


@pytest.mark.parametrize("dialect", [_SQLITE, _POSTGRESQL], ids=["sqlite", "postgresql"])
def test_a_list_in_plain_in_is_refused(dialect: Any) -> None:
    statement = query(sa.select(_table.c.id).where(_table.c.id.in_(sa.bindparam("ids", expanding=True))), str)
    with pytest.raises(TypeError, match="any_of"):
        Compiled(statement, dialect)


def test_the_list_of_any_of_is_one_parameter_in_each_databases_words() -> None:
    statement = query(sa.select(_table.c.id).where(any_of(_table.c.at, "moments")), str)
    moment = datetime(1970, 1, 1, 0, 0, 1, tzinfo=UTC)
    in_sqlite, in_postgresql = Compiled(statement, _SQLITE), Compiled(statement, _POSTGRESQL)
    assert "json_each(?)" in in_sqlite.sql
    assert in_sqlite.arguments({"moments": [moment]}) == ["[1000000]"]
    assert "ANY" in in_postgresql.sql
    assert in_postgresql.arguments({"moments": [moment]}) == [[1_000_000]]


def test_any_of_stands_as_it_is_beside_and_so_an_index_serves_it() -> None:
    both = sa.and_(_table.c.number == sa.bindparam("n"), any_of(_table.c.id, "ids"))
    for dialect in (_SQLITE, _POSTGRESQL):
        assert "= 1" not in Compiled(query(sa.select(_table.c.id).where(both), str), dialect).sql


def test_bytes_cannot_be_listed() -> None:
    with pytest.raises(TypeError, match="bytes"):
        any_of(_table.c.body, "bodies")


@pytest.mark.parametrize("dialect", [_SQLITE, _POSTGRESQL], ids=["sqlite", "postgresql"])
def test_nul_is_refused_by_the_name_of_its_parameter(dialect: Any) -> None:
    statement = query(sa.select(_table.c.id).where(_table.c.id == sa.bindparam("wanted")), str)
    with pytest.raises(Invalid, match="wanted"):
        Compiled(statement, dialect).arguments({"wanted": "a\0"})


def test_bytes_may_hold_nul() -> None:
    arguments = Compiled(command(insert_row(_table)), _SQLITE).arguments(
        {"id": "x", "number": 1, "at": None, "body": b"a\0"}
    )
    assert b"a\0" in arguments


def test_a_statement_is_compiled_once() -> None:
    cache = StatementCache(_SQLITE)
    statement = query(sa.select(*_table.c), row_tuple)
    assert cache.get(statement) is cache.get(statement)


def test_a_row_with_moments_is_converted_and_one_without_is_not_touched() -> None:
    with_moment = Compiled(query(sa.select(_table.c.id, _table.c.at), row_tuple), _SQLITE)
    assert with_moment.row(("x", 1_000_000)) == ("x", datetime(1970, 1, 1, 0, 0, 1, tzinfo=UTC))
    without = Compiled(query(sa.select(_table.c.id, _table.c.number), _Two), _SQLITE)
    assert without.row(("x", 5)) == _Two("x", 5)
