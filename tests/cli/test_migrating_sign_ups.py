"""Steps 0007 and 0020 make tables anew where they must; what was there stays, and so do its rules."""

from __future__ import annotations

from itertools import count
from typing import Any, Final

import pytest
import sqlalchemy as sa
from alembic.script import ScriptDirectory

from billfold.infrastructure.db.migrating import known_revisions, migrate
from tests.cli.command_line import on_connection

_BEFORE: Final = "0006"
_NUMBERS: Final = count()
_ROWS: Final[tuple[tuple[str, dict[str, Any]], ...]] = (
    ("teams", {"id": "team_1"}),
    ("projects", {"id": "proj_1", "team_id": "team_1"}),
    ("customers", {"id": "pc_1", "team_id": "team_1", "project_id": "proj_1", "email_normalised": "1"}),
    ("customers", {"id": "pc_2", "team_id": "team_1", "project_id": "proj_1", "email_normalised": "2"}),
    ("programs", {"id": "prog_1", "project_id": "proj_1"}),
    ("terms", {"id": "terms_1", "project_id": "proj_1", "program_id": "prog_1"}),
    ("referral_codes", {"id": "code_1", "project_id": "proj_1", "program_id": "prog_1", "customer_id": "pc_1"}),
    (
        "referrals",
        {
            "id": "ref_1",
            "project_id": "proj_1",
            "code_id": "code_1",
            "referrer_id": "pc_1",
            "referee_id": "pc_2",
            "sponsor_scope": "proj_1",
            "pair": "pc_1:pc_2",
            "status": "converted",
            "created_at": 5,
        },
    ),
    ("rewards", {"id": "rw_1", "project_id": "proj_1", "referral_id": "ref_1", "status": "settled", "amount": 7}),
    (
        "ledger_transfers",
        {"project_id": "proj_1", "key": "rw_1:0", "debit": "cost", "credit": "settled", "amount": 7},
    ),
    (
        "wallet_grants",
        {"id": "wg_1", "project_id": "proj_1", "key": "rw_1:0", "source": "reward", "amount": 7, "remaining": 7},
    ),
)
_REBUILT: Final = ("referrals", "rewards", "ledger_transfers", "wallet_grants")


def fill(connection: sa.Connection) -> None:
    tables = sa.MetaData()
    tables.reflect(connection)
    for name, given in _ROWS:
        table = tables.tables[name]
        needed = {column.name: _anything(column) for column in table.columns if not column.nullable}
        connection.execute(table.insert().values({**needed, **given}))


def _anything(column: sa.Column[Any]) -> Any:
    kind = column.type.python_type
    # Each text is another, so that no unique index minds.
    return f"{column.table.name}.{column.name}.{next(_NUMBERS)}" if kind is str else kind(0)


def read(connection: sa.Connection) -> dict[str, dict[str, Any]]:
    """Return the only row of each of the tables."""
    tables = sa.MetaData()
    tables.reflect(connection)
    return {name: dict(connection.execute(tables.tables[name].select()).mappings().one()) for name in _REBUILT}


def change_transfer(connection: sa.Connection) -> str:
    """Return in which words the database refuses it."""
    try:
        with connection.begin_nested():
            connection.exec_driver_sql("UPDATE ledger_transfers SET amount = 8")
    except sa.exc.DBAPIError as error:
        return str(error.orig)
    return ""


def refused(table: str, **changes: Any) -> Any:
    """Return work that copies the only row of a table with changes and tells by which rule the database refuses it."""

    def work(connection: sa.Connection) -> str:
        if connection.dialect.name == "sqlite":
            connection.exec_driver_sql("PRAGMA foreign_keys = ON")
        tables = sa.MetaData()
        tables.reflect(connection)
        (row,) = connection.execute(tables.tables[table].select()).mappings()
        try:
            with connection.begin_nested():
                connection.execute(tables.tables[table].insert().values({**row, **changes}))
        except sa.exc.IntegrityError as error:
            return str(error.orig)
        return ""

    return work


async def migrate_before(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = ScriptDirectory._upgrade_revs
    with monkeypatch.context() as patch:
        patch.setattr(ScriptDirectory, "_upgrade_revs", lambda self, _, revision: whole(self, _BEFORE, revision))
        await migrate(url)


async def test_rows_survive_the_steps_with_their_rules(
    empty_database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert _BEFORE in known_revisions()
    await migrate_before(empty_database_url, monkeypatch)
    await on_connection(empty_database_url, fill)
    before = await on_connection(empty_database_url, read)
    assert "referee_mailbox" not in before["referrals"]
    await migrate(empty_database_url)
    after = await on_connection(empty_database_url, read)
    for table in _REBUILT:
        assert {name: after[table][name] for name in before[table]} == before[table]
    assert (after["referrals"]["referee_email"], after["referrals"]["referee_mailbox"]) == (None, None)
    # The rules that stood on them stand on them again.
    for table, changes in (
        ("referrals", {"id": "ref_2", "pair": "x", "referee_mailbox": "m", "referee_id": "pc_2"}),  # one sponsor
        ("referrals", {"id": "ref_2", "referee_id": None, "pair": None}),  # somebody
        ("referrals", {"id": "ref_2", "referee_id": "pc_1", "pair": "y"}),  # two customers
        ("referrals", {"id": "ref_2", "referee_id": "pc_none", "pair": "y"}),  # a customer
        ("rewards", {"id": "rw_2"}),  # once by each key
        ("rewards", {"id": "rw_2", "key": "k", "amount": -1}),  # nothing below zero
        ("wallet_grants", {"id": "wg_2"}),  # once by each key
        ("ledger_transfers", {"sequence": 99}),  # once by each key
        ("ledger_transfers", {"sequence": 99, "key": "k", "credit": "cost"}),  # two accounts
    ):
        assert await on_connection(empty_database_url, refused(table, **changes)), (table, changes)
    assert "never changed" in await on_connection(empty_database_url, change_transfer)
    address = {"id": "ref_2", "referee_id": None, "pair": None, "referee_mailbox": "m"}
    assert not await on_connection(empty_database_url, refused("referrals", **address))
