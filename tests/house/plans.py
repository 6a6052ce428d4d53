"""Every statement of the program, and how each database means to run it."""

from __future__ import annotations

import importlib
import json
import pkgutil
import re
import sqlite3
from collections.abc import Iterator, Mapping
from typing import Any, Final, NamedTuple

import sqlalchemy as sa
from sqlalchemy.dialects import sqlite as sqlite_dialect
from sqlalchemy.dialects.postgresql import asyncpg as asyncpg_dialect

import billfold
from billfold.infrastructure.db.statements import Command, Compiled, ListedStatement, Query, metadata
from tests.conftest import ON_POSTGRES

_SQLITE: Final = sqlite_dialect.dialect(paramstyle="qmark")
_POSTGRESQL: Final = asyncpg_dialect.dialect()  # type: ignore[no-untyped-call]


class Named(NamedTuple):
    """A statement and the constant that holds it, such as `domain.tenancy.teams._GET`."""

    name: str
    statement: Query[Any] | Command


def every_statement() -> list[Named]:
    """Return every module-level statement of the program, once."""
    found: dict[int, Named] = {}
    for module in _modules():
        for attribute, value in vars(module).items():
            name = f"{module.__name__.removeprefix('billfold.')}.{attribute}"
            for key, statement in _held_by(value):
                if isinstance(statement, Query | Command):
                    found.setdefault(id(statement), Named(name + key, statement))
    return sorted(found.values(), key=lambda each: each.name)


def _held_by(value: Any) -> Iterator[tuple[str, Any]]:
    if isinstance(value, Mapping):
        yield from ((f"[{key}]", held) for key, held in value.items())
    elif isinstance(value, ListedStatement):
        # The statement for all rows is PostgreSQL's alone; both look for the same rows in the same way.
        yield ".each", value.each
        if ON_POSTGRES:
            yield ".together", value.together
    elif isinstance(value, tuple | list):
        yield from ((f"[{index}]", held) for index, held in enumerate(value))
    else:
        yield "", value


def _modules() -> Iterator[Any]:
    for module in pkgutil.walk_packages(billfold.__path__, "billfold."):
        # Alembic's own environment runs migrations when it is imported.
        if ".migrations" not in module.name and not module.name.endswith("__main__"):
            yield importlib.import_module(module.name)


def sqlite_complaints(connection: sqlite3.Connection, statement: Query[Any] | Command) -> list[str]:
    """Return what is wrong with SQLite's plan: whole tables read, and whole results sorted only to show the first page."""
    sql = Compiled(statement, _SQLITE).sql
    # EXPLAIN wants as many parameters as the statement has; a string literal of ours never holds a question mark.
    plan = connection.execute(f"EXPLAIN QUERY PLAN {sql}", [None] * sql.count("?")).fetchall()
    limited = " LIMIT " in " ".join(sql.split())
    complaints = []
    for *_, detail in plan:
        scanned = re.match(r"SCAN (?:TABLE )?(\w+)", detail)
        if scanned and _is_table(scanned[1], sql) and not (limited and " USING " in detail):
            complaints.append(detail)
        if limited and "USE TEMP B-TREE FOR ORDER BY" in detail:
            complaints.append(detail)
    return complaints


def _is_table(word: str, sql: str) -> bool:
    """SQLite names an alias by itself, so an alias of a table counts as the table."""
    return word in metadata.tables or bool(re.search(rf"\b({'|'.join(metadata.tables)}) AS {word}\b", sql))


async def fill_tables(connection: Any) -> None:
    """Put rows of chance into every table and have PostgreSQL take them for a million.

    On an empty table it finds all indexes equally good. Called in a transaction that is rolled back, because the tables'
    rules are switched off for it.
    """
    await connection.execute("SET LOCAL session_replication_role = replica")  # no triggers, and no references to keep
    for table in metadata.sorted_tables:
        for constraint in table.constraints:
            if isinstance(constraint, sa.CheckConstraint):
                await connection.execute(f'ALTER TABLE "{table.name}" DROP CONSTRAINT "{constraint.name}"')
        names = ", ".join(f'"{column.name}"' for column in table.columns)
        values = ", ".join(_chance(column) for column in table.columns)
        rows = f"SELECT {values} FROM generate_series(1, 300) AS n"  # noqa: S608 - our own names
        await connection.execute(f'INSERT INTO "{table.name}" ({names}) {rows}')
    await connection.execute("ANALYZE")
    # The planner multiplies what it believes of a page with the pages there are: now it plans for a million rows.
    await connection.execute(
        "UPDATE pg_class SET reltuples = reltuples * 3000 WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'i')"
    )


def _chance(column: sa.Column[Any]) -> str:
    kind = column.type.impl if isinstance(column.type, sa.TypeDecorator) else column.type
    if isinstance(kind, sa.Boolean):
        value = "n % 2 = 0"
    elif isinstance(kind, sa.LargeBinary):
        value = "'x'::bytea"
    else:
        value = "n" if isinstance(kind, sa.Integer) else "md5(n::text)"
    return f"CASE WHEN n % 3 > 0 THEN {value} END" if column.nullable else value


async def postgres_complaints(connection: Any, statement: Query[Any] | Command) -> list[str]:
    """Return what is wrong with PostgreSQL's generic plan when sequential scans are forbidden wherever an index would do."""
    compiled = Compiled(statement, _POSTGRESQL)
    prepared = "house_plan"
    await connection.execute(f"PREPARE {prepared} AS {compiled.sql}")
    try:
        count = len(set(re.findall(r"\$\d+", compiled.sql)))
        arguments = f"({', '.join(['NULL'] * count)})" if count else ""
        ((plan,),) = await connection.fetch(f"EXPLAIN (FORMAT JSON) EXECUTE {prepared}{arguments}")
    finally:
        await connection.execute(f"DEALLOCATE {prepared}")
    complaints: list[str] = []
    _walk(json.loads(plan)[0]["Plan"], complaints, limited=False)
    return complaints


def _walk(node: dict[str, Any], complaints: list[str], *, limited: bool) -> None:
    kind, relation = node["Node Type"], node.get("Relation Name")
    if relation in metadata.tables:
        conditions = ("Index Cond", "Recheck Cond")
        if kind == "Seq Scan" or (
            kind in {"Index Scan", "Index Only Scan"} and not limited and not any(each in node for each in conditions)
        ):
            complaints.append(f"{kind} of {relation}")
    # A sort below a LIMIT reads everything first; so does an aggregate.
    below = (limited or kind == "Limit") and kind not in {"Sort", "Incremental Sort", "Aggregate", "Hash"}
    for child in node.get("Plans", ()):
        _walk(child, complaints, limited=below)
