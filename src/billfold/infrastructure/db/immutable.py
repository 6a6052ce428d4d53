"""Rows that the database itself refuses to change.

A rule that only our code keeps is broken by the first person with a database prompt. So tables whose rows are facts
(transfers, terms) carry triggers that refuse UPDATE and DELETE on both databases; a correction is one more row.
"""

from __future__ import annotations

from typing import Final

import sqlalchemy as sa

DIALECTS: Final = ("sqlite", "postgresql")


def forbid_changes(table: sa.Table) -> None:
    """Have `metadata.create_all` put the refusing triggers on a table; migrations run `trigger_statements` themselves."""
    for dialect in DIALECTS:
        for statement in trigger_statements(table.name, dialect):
            ddl: sa.DDL = sa.DDL(statement)  # type: ignore[no-untyped-call]  # SQLAlchemy left it untyped
            sa.event.listen(table, "after_create", ddl.execute_if(dialect=dialect))


def trigger_statements(table_name: str, dialect: str) -> tuple[str, ...]:
    """Return the statements that make a table refuse UPDATE and DELETE, in the words of `sqlite` or `postgresql`."""
    if dialect == "sqlite":
        return tuple(
            f"CREATE TRIGGER {table_name}_refuse_{change.lower()} BEFORE {change} ON {table_name} "
            f"BEGIN SELECT RAISE(ABORT, 'rows of {table_name} are never changed: add a correcting row'); END"
            for change in ("UPDATE", "DELETE")
        )
    function = (
        f"CREATE OR REPLACE FUNCTION {table_name}_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$ "
        f"BEGIN RAISE EXCEPTION 'rows of {table_name} are never changed: add a correcting row'; END $$"
    )
    trigger = (
        f"CREATE TRIGGER {table_name}_refuse_change BEFORE UPDATE OR DELETE ON {table_name} "
        f"FOR EACH ROW EXECUTE FUNCTION {table_name}_refuse_change()"
    )
    return function, trigger
