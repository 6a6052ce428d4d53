"""Statements written once with SQLAlchemy Core, compiled once for each database, run on the bare driver.

A module of the domain holds its statements as constants:

    FIND = query(sa.select(*customers.c).where(customers.c.id == sa.bindparam("customer_id")), Customer)
    ADD = command(insert_row(customers))

and its functions run them: `await tx.first(FIND, customer_id=…)` gives a `Customer` or None. The constructor that makes
the row is part of the statement, so a type checker knows what comes back, and a dataclass whose fields do not match the
selected columns, name by name and in order, is refused when the module is imported.
"""

from __future__ import annotations

import dataclasses
import functools
import operator
import re
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any, Final, Generic, NamedTuple, TypeVar, cast

import msgspec
import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import Insert, insert
from sqlalchemy.engine.interfaces import Dialect
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler

from billfold.base.errors import Invalid
from billfold.infrastructure.db.listed_parameters import listed_parameter

Row = TypeVar("Row")

metadata = sa.MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)

_SCALARS: Final = (int, str, bool, bytes, datetime)


class Query(Generic[Row]):
    """A statement that gives rows, each made by `shape` from the row's columns in order."""

    __slots__ = ("expression", "shape")

    def __init__(self, expression: sa.sql.expression.Executable, shape: Callable[..., Row]) -> None:
        self.expression = expression
        self.shape = shape


class Command:
    """A statement that gives a count of the rows it changed."""

    __slots__ = ("expression",)

    def __init__(self, expression: sa.sql.expression.Executable) -> None:
        self.expression = expression


def query(expression: Any, shape: Callable[..., Row]) -> Query[Row]:
    """Pair a SELECT (or a RETURNING) with what its rows become: a dataclass, `row_tuple`, or a scalar type."""
    columns = [column.name for column in _columns_of(expression)]
    if dataclasses.is_dataclass(shape):
        fields = [field.name for field in dataclasses.fields(shape)]
        if fields != columns:
            raise TypeError(f"{cast('type', shape).__name__} has the fields {fields}, the statement gives {columns}")
    elif shape in _SCALARS:
        if len(columns) != 1:
            raise TypeError(f"a scalar query must select one column, this one selects {columns}")
        # The column's own type already gave the value; calling int() on it would turn NULL into an error.
        return Query(expression, cast("Callable[..., Row]", _itself))
    return Query(expression, shape)


def command(expression: Any) -> Command:
    """Wrap an INSERT, UPDATE or DELETE without RETURNING."""
    return Command(expression)


class ListedInsert(Generic[Row]):
    """An INSERT of many rows at once: a statement for each row on SQLite, one for all of them on PostgreSQL.

    SQLite runs a prepared statement in microseconds; on PostgreSQL a statement a row costs more than the row. `each` takes
    a row's columns as parameters, `together` takes a list for each column.
    """

    __slots__ = ("columns", "each", "together")

    def __init__(self, table: sa.Table, columns: Sequence[str], finish: Callable[[Insert], Any], shape: Any) -> None:
        single, together = single_and_together(table, columns)
        self.columns = tuple(columns)
        self.each: Query[Row] = query(finish(single), shape)
        self.together: Query[Row] = query(finish(together), shape)


def single_and_together(
    table: sa.Table, columns: Sequence[str], constants: Mapping[str, Any] | None = None
) -> tuple[Insert, Insert]:
    """Return an INSERT of one row, a parameter for each column, and one of many, a list for each column."""
    chosen = [table.c[name] for name in columns]
    fixed = {name: _constant(value, table.c[name].type) for name, value in (constants or {}).items()}
    single = insert(table).values(
        {**{column.name: sa.bindparam(column.name, type_=column.type) for column in chosen}, **fixed}
    )
    lists = [listed_parameter(column.name, column.type) for column in chosen]
    rows = sa.func.unnest(*lists).table_valued(*columns).render_derived()
    return single, insert(table).from_select([*columns, *fixed], sa.select(rows, *fixed.values()))


def _constant(value: Any, kind: sa.types.TypeEngine[Any]) -> sa.ColumnElement[Any]:
    """Return a value as part of the statement's own words where that is safe: a parameter costs more."""
    is_plain = value.__class__ is int or (value.__class__ is str and value.isidentifier())
    return sa.literal_column(repr(value), kind) if is_plain else sa.literal(value, kind)


def insert_listed(
    table: sa.Table, columns: Sequence[str], finish: Callable[[Insert], Any], shape: Callable[..., Row]
) -> ListedInsert[Row]:
    """Return an INSERT of many rows; `finish` adds ON CONFLICT and RETURNING, `shape` is what a returned row becomes."""
    return ListedInsert(table, columns, finish, shape)


class ListedStatement(Generic[Row]):
    """A statement for each of many rows of values on SQLite, one for all of them on PostgreSQL.

    For changing many rows, each in its own way, and for looking up many by several columns: two `any_of` side by side would
    leave PostgreSQL to find all that match the one and then throw away what does not match the other.
    """

    __slots__ = ("columns", "each", "together")

    def __init__(
        self,
        given: Mapping[str, sa.types.TypeEngine[Any]],
        make: Callable[[Mapping[str, sa.ColumnElement[Any]]], Any],
        shape: Any,
    ) -> None:
        single = {name: sa.bindparam(name, type_=kind) for name, kind in given.items()}
        lists = [listed_parameter(name, kind) for name, kind in given.items()]
        columns: list[Any] = [sa.column(name, kind) for name, kind in given.items()]
        listed = sa.func.unnest(*lists).table_valued(*columns).render_derived()
        self.columns = tuple(given)
        self.each: Query[Row] = query(make(single), shape)
        self.together: Query[Row] = query(make({name: listed.c[name] for name in given}), shape)


def listed(
    given: Mapping[str, sa.types.TypeEngine[Any]],
    make: Callable[[Mapping[str, sa.ColumnElement[Any]]], Any],
    shape: Callable[..., Row],
) -> ListedStatement[Row]:
    """Return a statement for many rows of values; `given` names what comes with each, `make` writes it with those values.

    A name must not be one of a column that an UPDATE sets. `shape` is what a returned row becomes.
    """
    return ListedStatement(given, make, shape)


class ListedRead(NamedTuple):
    """A listed statement that looks, with what it is to be run for."""

    statement: ListedStatement[Any]
    rows: Sequence[Mapping[str, Any]]


class ListedWrite(NamedTuple):
    """A listed statement that changes something and returns each row that it changed, with what it is to be run for."""

    statement: ListedInsert[Any] | ListedStatement[Any]
    rows: Sequence[Mapping[str, Any]]


def row_tuple(*values: Any) -> tuple[Any, ...]:
    """Keep a row as a plain tuple, for statements whose rows are used where they are fetched."""
    return values


def insert_row(table: sa.Table) -> Insert:
    """Return an INSERT that takes every column as a parameter of its own name."""
    return insert(table).values({column.name: sa.bindparam(column.name, type_=column.type) for column in table.c})


def values_of(row: Any) -> dict[str, Any]:
    """Return a dataclass row as statement parameters, without copying what it holds."""
    names, read = _reader_of(row.__class__)
    return dict(zip(names, read(row), strict=True))


def row_of(row: Any) -> Sequence[Any]:
    """Return the values of a dataclass row in the order of its fields."""
    return _reader_of(row.__class__)[1](row)


@functools.cache
def _reader_of(kind: type[Any]) -> tuple[tuple[str, ...], Callable[[Any], Sequence[Any]]]:
    """Return the names of a dataclass's fields and what reads all of them, made once: a batch has hundreds of rows."""
    names = tuple(field.name for field in dataclasses.fields(kind))
    if len(names) == 1:
        return names, lambda row: (getattr(row, names[0]),)
    return names, operator.attrgetter(*names)


def _itself(value: Any) -> Any:
    return value


def _columns_of(expression: Any) -> Sequence[Any]:
    selected = getattr(expression, "selected_columns", None)
    if selected is None:
        selected = expression.exported_columns
    return list(selected)


class AnyOf(sa.ColumnElement[bool]):
    """`column` is one of a list that is handed over as one parameter.

    SQLAlchemy's IN writes a statement for each length of the list; this one is compiled once.
    """

    inherit_cache = True

    def __init__(self, column: sa.ColumnElement[Any], name: str) -> None:
        self.column = column
        self.type = sa.Boolean()
        self.json_list: sa.BindParameter[Any] = sa.bindparam(name, type_=_JsonList(column.type))
        self.native_list: sa.BindParameter[Any] = sa.bindparam(name, type_=sa.ARRAY(cast("Any", column.type)))

    def self_group(self, against: Any = None) -> AnyOf:
        """Stand as it is beside AND and OR: SQLAlchemy would write `… = 1` around it, which no index serves."""
        del against
        return self


class _JsonList(sa.TypeDecorator[Any]):
    impl = sa.Text
    cache_ok = True

    def __init__(self, item: sa.types.TypeEngine[Any]) -> None:
        super().__init__()
        if isinstance(item, sa.LargeBinary):
            raise TypeError("any_of() cannot list bytes: JSON has none")
        self.item = item

    def process_bind_param(self, value: Any | None, dialect: Dialect) -> str:
        # The items as the column stores them: a Moment as microseconds, not as JSON's own text for a datetime.
        process = self.item.dialect_impl(dialect).bind_processor(dialect)
        items = list(value or ()) if process is None else [process(each) for each in value or ()]
        return msgspec.json.encode(items).decode()


def any_of(column: sa.ColumnElement[Any], name: str) -> AnyOf:
    """Return the condition that `column` is in the list parameter `name`."""
    return AnyOf(column, name)


@compiles(AnyOf, "sqlite")
def _any_of_sqlite(element: AnyOf, compiler: SQLCompiler, **kw: Any) -> str:
    column, listed = compiler.process(element.column, **kw), compiler.process(element.json_list, **kw)
    return f"{column} IN (SELECT value FROM json_each({listed}))"  # noqa: S608 - both are the compiler's own words


@compiles(AnyOf, "postgresql")
def _any_of_postgresql(element: AnyOf, compiler: SQLCompiler, **kw: Any) -> str:
    return f"{compiler.process(element.column, **kw)} = ANY ({compiler.process(element.native_list, **kw)})"


class Compiled:
    """A statement in one database's own words, with what turns Python values into its parameters and back."""

    __slots__ = ("_parameters", "_processed", "_read", "_results", "shape", "sql")

    def __init__(self, statement: Query[Any] | Command, dialect: Dialect) -> None:
        compiled = cast("SQLCompiler", cast("sa.ClauseElement", statement.expression).compile(dialect=dialect))
        if compiled.post_compile_params:
            raise TypeError("IN with a list is compiled anew for each length: use any_of()")
        processors: Mapping[str, Any] = compiled._bind_processors  # noqa: SLF001 - SQLAlchemy offers no public way to them
        defaults = compiled.params
        self.sql = str(compiled)
        names: Sequence[str] = compiled.positiontup or ()
        self._parameters = tuple((name, defaults[name], not compiled.binds[name].required) for name in names)
        through = (
            (index, _of_list(compiled.binds[name].type, dialect) or processors.get(name))
            for index, name in enumerate(names)
        )
        self._processed = tuple((index, process) for index, process in through if process is not None)
        # Most statements take every value from the caller: those are read in one go.
        read_all = len(names) > 1 and all(compiled.binds[name].required for name in names)
        self._read: Callable[[Mapping[str, Any]], Sequence[Any]] | None = (
            operator.itemgetter(*names) if read_all else None
        )
        self._results: tuple[tuple[int, Callable[[Any], Any]], ...] = ()
        self.shape: Callable[..., Any] = row_tuple
        if isinstance(statement, Query):
            self.shape = statement.shape
            pairs = (
                (index, column.type.dialect_impl(dialect).result_processor(dialect, None))
                for index, column in enumerate(_columns_of(statement.expression))
            )
            self._results = tuple((index, processor) for index, processor in pairs if processor is not None)

    def places_in(self, columns: Sequence[str]) -> tuple[tuple[int, Any, Callable[[Any], Any] | None], ...]:
        """Say of each argument where it stands in a row of `columns` (-1: it is the statement's own) and what it goes through."""
        processed = dict(self._processed)
        return tuple(
            (columns.index(name) if name in columns else -1, default, processed.get(index))
            for index, (name, default, _) in enumerate(self._parameters)
        )

    @property
    def width(self) -> int:
        """How many parameters it has."""
        return len(self._parameters)

    def arguments(self, given: Mapping[str, Any]) -> list[Any]:
        """Return the driver's positional arguments; a parameter that is not given raises KeyError with its name."""
        if self._read is None:
            arguments = [
                default if has_default and name not in given else given[name]
                for name, default, has_default in self._parameters
            ]
        else:
            arguments = list(self._read(given))
        for index, process in self._processed:
            arguments[index] = process(arguments[index])
        for stored in arguments:
            # SQLite would keep it and PostgreSQL refuse it: refused on both, so what works on one works on the other.
            if stored.__class__ is str and "\0" in stored:
                name = self._parameters[arguments.index(stored)][0]
                raise Invalid(f"A text holds the character NUL ({name}), which cannot be stored.")
        return arguments

    def row(self, raw: Sequence[Any]) -> Any:
        """Make one result row of what the driver gave."""
        if not self._results:
            return self.shape(*raw)
        values = list(raw)
        for index, processor in self._results:
            values[index] = processor(values[index])
        return self.shape(*values)


def _of_list(kind: Any, dialect: Dialect) -> Callable[[Any], Any] | None:
    """Return what a list parameter goes through, None for what is no list: SQLAlchemy's own asks anew for each item."""
    if not isinstance(kind, sa.ARRAY):
        return None
    process = kind.item_type.dialect_impl(dialect).bind_processor(dialect)
    return list if process is None else lambda items: list(map(process, items))


class StatementCache:
    """Every statement that one database has compiled so far."""

    def __init__(self, dialect: Dialect) -> None:
        self._dialect = dialect
        self._compiled: dict[Query[Any] | Command, Compiled] = {}
        self._together: dict[tuple[str, tuple[Query[Any], ...]], str] = {}

    def get(self, statement: Query[Any] | Command) -> Compiled:
        """Return the statement in this database's words, compiling it the first time."""
        compiled = self._compiled.get(statement)
        if compiled is None:
            compiled = self._compiled[statement] = Compiled(statement, self._dialect)
        return compiled

    def counting(self, statements: tuple[Query[Any], ...]) -> str:
        """Return one statement that runs all of these and gives how many rows each returned: PostgreSQL only.

        Its parameters are those of the first, then those of the second, and so on.
        """
        return self._joined(statements, "w{0} AS ({1})", "WITH {0} SELECT {1}", "(SELECT count(*) FROM w{0})")

    def gathering(self, statements: tuple[Query[Any], ...]) -> str:
        """Return one statement that gives the rows of each as a JSON list of objects: PostgreSQL only, as `counting`."""
        return self._joined(statements, "", "SELECT {1}", "(SELECT json_agg(w) FROM ({1}) AS w)")

    def _joined(self, statements: tuple[Query[Any], ...], clause: str, whole: str, column: str) -> str:
        sql = self._together.get((whole, statements))
        if sql is None:
            clauses, columns, shift = [], [], 0
            for number, each in enumerate(statements):
                compiled = self.get(each)
                own = _renumbered(compiled.sql, shift)
                clauses.append(clause.format(number, own))
                columns.append(column.format(number, own))
                shift += compiled.width
            sql = self._together[whole, statements] = whole.format(", ".join(clauses), ", ".join(columns))
        return sql


def _renumbered(sql: str, shift: int) -> str:
    return re.sub(r"\$(\d+)", lambda found: f"${int(found[1]) + shift}", sql)
