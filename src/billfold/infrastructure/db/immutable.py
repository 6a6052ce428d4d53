"""Rows that the database itself refuses to change.

A rule that only our code keeps is broken by the first person with a database prompt. So tables whose rows are facts
(transfers, terms) carry triggers that refuse UPDATE and DELETE on both databases; a correction is one more row. A table
whose rows need not be kept for ever says for how many days they must be: until then, by the database's own clock, they
cannot be removed either.
"""

from __future__ import annotations

from typing import Final

import sqlalchemy as sa
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler

from billfold.infrastructure.db.statements import Command

DIALECTS: Final = ("sqlite", "postgresql")
_DAY_SECONDS: Final = 86_400


def forbid_changes(table: sa.Table, *, kept_days: int | None = None, moment: str = "") -> None:
    """Have `metadata.create_all` put the refusing triggers on a table; migrations write them out themselves.

    With `kept_days` a row may be removed so many days after the moment in its column `moment`.
    """
    for dialect in DIALECTS:
        for statement in trigger_statements(table.name, dialect, kept_days=kept_days, moment=moment):
            ddl: sa.DDL = sa.DDL(statement)  # type: ignore[no-untyped-call]  # SQLAlchemy left it untyped
            sa.event.listen(table, "after_create", ddl.execute_if(dialect=dialect))


def trigger_statements(
    table_name: str, dialect: str, *, kept_days: int | None = None, moment: str = ""
) -> tuple[str, ...]:
    """Return the statements that make a table refuse UPDATE and DELETE, in the words of `sqlite` or `postgresql`."""
    seconds = None if kept_days is None else kept_days * _DAY_SECONDS
    if dialect == "sqlite":
        too_young = (
            ""
            if seconds is None
            else f"WHEN OLD.{moment} > (CAST(strftime('%%s', 'now') AS INTEGER) - {seconds}) * 1000000 "
        )
        return tuple(
            f"CREATE TRIGGER {table_name}_refuse_{change.lower()} BEFORE {change} ON {table_name} "
            f"{too_young if change == 'DELETE' else ''}"
            f"BEGIN SELECT RAISE(ABORT, 'rows of {table_name} are never changed: add a correcting row'); END"
            for change in ("UPDATE", "DELETE")
        )
    old_enough = (
        ""
        if seconds is None
        else f"IF TG_OP = 'DELETE' AND OLD.{moment} <= (extract(epoch FROM now()) - {seconds}) * 1000000 "
        "THEN RETURN OLD; END IF; "
    )
    function = (
        f"CREATE OR REPLACE FUNCTION {table_name}_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$ "
        f"BEGIN {old_enough}RAISE EXCEPTION 'rows of {table_name} are never changed: add a correcting row'; END $$"
    )
    trigger = (
        f"CREATE TRIGGER {table_name}_refuse_change BEFORE UPDATE OR DELETE ON {table_name} "
        f"FOR EACH ROW EXECUTE FUNCTION {table_name}_refuse_change()"
    )
    return function, trigger


class _Trigger(sa.sql.expression.Executable, sa.ClauseElement):
    """A statement about a table's refusal of UPDATE, in the words of either database."""

    inherit_cache = False

    def __init__(self, *, sqlite: str, postgresql: str) -> None:
        self.words = {"sqlite": sqlite, "postgresql": postgresql}


@compiles(_Trigger)
def _in_its_words(element: _Trigger, compiler: SQLCompiler, **kw: object) -> str:
    del kw
    return element.words[compiler.dialect.name]


def let_change(table: sa.Table) -> tuple[Command, ...]:
    """Return what lets rows of a table be updated until the unit's end; to be followed by `frozen_again` in the same unit.

    For one purpose: a law that has a person taken out of texts that are otherwise kept as they are. Run it with `run_many`.
    """
    name = table.name
    return (
        Command(
            _Trigger(
                sqlite=f"DROP TRIGGER {name}_refuse_update",
                postgresql=f"ALTER TABLE {name} DISABLE TRIGGER {name}_refuse_change",
            )
        ),
    )


def frozen_again(table: sa.Table) -> tuple[Command, ...]:
    """Return what has the database refuse changes of a table's rows again."""
    name = table.name
    return (
        Command(
            _Trigger(
                sqlite=trigger_statements(name, "sqlite")[0],
                postgresql=f"ALTER TABLE {name} ENABLE TRIGGER {name}_refuse_change",
            )
        ),
    )
