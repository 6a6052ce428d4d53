"""Step 0012 writes the names that are there in the form in which they are searched."""

from __future__ import annotations

from typing import Any, Final

import pytest
import sqlalchemy as sa
from alembic.script import ScriptDirectory

from billfold.infrastructure.db.migrating import known_revisions, migrate
from tests.cli.command_line import on_connection

_NAMES: Final = {"pc_1": "Élodie  ROE", "pc_2": None, "pc_3": "Straße"}


def fill(connection: sa.Connection) -> None:
    tables = sa.MetaData()
    tables.reflect(connection)
    _insert(connection, tables.tables["teams"], id="team_1")
    _insert(connection, tables.tables["projects"], id="proj_1", team_id="team_1")
    for customer_id, name in _NAMES.items():
        own: dict[str, Any] = {"id": customer_id, "email_normalised": customer_id, "stripe_customer_id": customer_id}
        _insert(connection, tables.tables["customers"], team_id="team_1", project_id="proj_1", name=name, **own)


def _insert(connection: sa.Connection, table: sa.Table, **given: Any) -> None:
    needed = {column.name: column.type.python_type(0) for column in table.columns if not column.nullable}
    connection.execute(table.insert().values({**needed, **given}))


def read(connection: sa.Connection) -> dict[str, str | None]:
    rows = connection.exec_driver_sql("SELECT id, name_normalised FROM customers ORDER BY id")
    return {row[0]: row[1] for row in rows}


async def test_names_that_are_there_can_be_searched_afterwards(
    empty_database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = ScriptDirectory._upgrade_revs
    with monkeypatch.context() as patch:
        patch.setattr(ScriptDirectory, "_upgrade_revs", lambda self, _, revision: whole(self, "0011", revision))
        await migrate(empty_database_url)
    assert "0012" in known_revisions()
    await on_connection(empty_database_url, fill)
    await migrate(empty_database_url)
    assert await on_connection(empty_database_url, read) == {"pc_1": "élodie roe", "pc_2": None, "pc_3": "strasse"}
