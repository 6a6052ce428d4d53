"""Step 0021 lets an old row of the audit log go; the rows that are there stay, and a young one is refused as before."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Final

import pytest
import sqlalchemy as sa
from alembic.script import ScriptDirectory

from billfold.infrastructure.db.migrating import known_revisions, migrate
from tests.cli.command_line import on_connection

_DAYS: Final = (500, 401, 399, 0)


_ADD: Final = sa.text(
    "INSERT INTO audit_log (team_id, actor_kind, actor_name, action, subject, details, recorded_at) "
    "VALUES ('team_1', 'system', 'Billfold', 'test.row', :subject, '{}', :at)"
)
_REMOVE: Final = sa.text("DELETE FROM audit_log WHERE subject = :subject")


def fill(connection: sa.Connection) -> None:
    for days in _DAYS:
        at = int((datetime.now(UTC) - timedelta(days=days)).timestamp()) * 1_000_000
        connection.execute(_ADD, {"subject": f"day {days}", "at": at})


def subjects(connection: sa.Connection) -> list[str]:
    return [row[0] for row in connection.exec_driver_sql("SELECT subject FROM audit_log ORDER BY sequence")]


async def test_old_rows_may_go_and_young_ones_may_not(empty_database_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def remove(connection: sa.Connection) -> None:
        connection.execute(_REMOVE, {"subject": f"day {days}"})

    whole = ScriptDirectory._upgrade_revs
    with monkeypatch.context() as patch:
        patch.setattr(ScriptDirectory, "_upgrade_revs", lambda self, _, revision: whole(self, "0020", revision))
        await migrate(empty_database_url)
    assert "0021" in known_revisions()
    await on_connection(empty_database_url, fill)
    await migrate(empty_database_url)
    assert await on_connection(empty_database_url, subjects) == [f"day {days}" for days in _DAYS]
    for days in _DAYS:
        if days > 400:
            await on_connection(empty_database_url, remove)
        else:
            with pytest.raises(sa.exc.DBAPIError, match="never changed"):
                await on_connection(empty_database_url, remove)
    assert await on_connection(empty_database_url, subjects) == ["day 399", "day 0"]
