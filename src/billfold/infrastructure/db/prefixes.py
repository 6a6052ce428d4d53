"""The condition that a text begins with another, as a range that an index serves on both databases.

LIKE with a parameter is served by no index: its pattern is unknown when the plan is made. PostgreSQL compares texts by
its collation, in which a range is no prefix; the operators of `text_pattern_ops` compare bytes, and so must the index:
`sa.Index(…, postgresql_ops={"column": "text_pattern_ops"})`.
"""

from __future__ import annotations

from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.engine.interfaces import Dialect
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler

# Behind every text: the last character there is.
_LAST: Final = "\U0010ffff"


class _End(sa.TypeDecorator[str]):
    impl = sa.Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str:
        del dialect
        return (value or "") + _LAST


class BeginsWith(sa.ColumnElement[bool]):
    """`column` begins with the parameter `name`, which is given once."""

    inherit_cache = True

    def __init__(self, column: sa.ColumnElement[Any], name: str) -> None:
        self.column = column
        self.type = sa.Boolean()
        self.begin: sa.BindParameter[Any] = sa.bindparam(name, type_=sa.Text())
        self.end: sa.BindParameter[Any] = sa.bindparam(f"{name}_end", type_=_End())

    def self_group(self, against: Any = None) -> BeginsWith:
        """Stand as it is beside AND and OR, like `AnyOf`."""
        del against
        return self


def begins_with(column: sa.ColumnElement[Any], name: str) -> BeginsWith:
    """Return the condition; the statement takes the parameters `name` and `name_end`, both the wanted beginning."""
    return BeginsWith(column, name)


@compiles(BeginsWith, "sqlite")
def _begins_sqlite(element: BeginsWith, compiler: SQLCompiler, **kw: Any) -> str:
    column, begin, end = (compiler.process(each, **kw) for each in (element.column, element.begin, element.end))
    return f"({column} >= {begin} AND {column} < {end})"


@compiles(BeginsWith, "postgresql")
def _begins_postgresql(element: BeginsWith, compiler: SQLCompiler, **kw: Any) -> str:
    column, begin, end = (compiler.process(each, **kw) for each in (element.column, element.begin, element.end))
    return f"({column} ~>=~ {begin} AND {column} ~<~ {end})"
