"""Step 0026 turns the unique index of clicks round and counts by a border; what is stored and what was counted stays."""

from __future__ import annotations

from typing import Final

import pytest
import sqlalchemy as sa
from alembic.script import ScriptDirectory

from billfold.infrastructure.db.migrating import migrate
from tests.cli.command_line import on_connection

_CLICKS: Final = 7
_ADD: Final = sa.text(
    "INSERT INTO clicks (id, project_id, program_id, code_id, visitor_id, slot, source, url, created_at) VALUES "
    "(:id, 'proj_1', 'prog_1', 'code_1', :visitor, :slot, 'link', 'https://www.example.com/', 1700000000000000)"
)


def fill(connection: sa.Connection) -> None:
    for number in range(_CLICKS):
        connection.execute(_ADD, {"id": f"clk_{number:020}", "visitor": f"vis_{number % 3}", "slot": number})
    connection.exec_driver_sql("INSERT INTO click_counts VALUES ('code_1', 'proj_1', 100, 20)")


def stored(connection: sa.Connection) -> list[tuple[object, ...]]:
    read = "SELECT id, code_id, visitor_id, slot, url, mark FROM clicks ORDER BY id"
    counted = "SELECT code_id, project_id, clicks, marked FROM click_counts"
    return [tuple(row) for sql in (read, counted) for row in connection.exec_driver_sql(sql)]


def add_again(connection: sa.Connection) -> None:
    connection.execute(_ADD, {"id": "clk_another", "visitor": "vis_0", "slot": 0})


async def test_clicks_and_their_numbers_outlive_the_step(
    empty_database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = ScriptDirectory._upgrade_revs
    with monkeypatch.context() as patch:
        patch.setattr(ScriptDirectory, "_upgrade_revs", lambda self, _, revision: whole(self, "0025", revision))
        await migrate(empty_database_url)
    await on_connection(empty_database_url, fill)
    before = await on_connection(empty_database_url, stored)
    assert len(before) == _CLICKS + 1
    await migrate(empty_database_url)
    assert await on_connection(empty_database_url, stored) == before
    with pytest.raises(sa.exc.IntegrityError):
        await on_connection(empty_database_url, add_again)
