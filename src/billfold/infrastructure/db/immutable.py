"""Rows that the database itself refuses to change.

A rule that only our code keeps is broken by the first person with a database prompt. So tables whose rows are facts
(transfers, terms) carry triggers that refuse UPDATE and DELETE on both databases; a correction is one more row. A table
whose rows need not be kept for ever says for how many days they must be: until then, by the database's own clock, they
cannot be removed either.
"""

from __future__ import annotations

from typing import Final

import sqlalchemy as sa

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
