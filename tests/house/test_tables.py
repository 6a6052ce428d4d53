"""Every table means the same on both databases and says whose its rows are."""

from __future__ import annotations

import subprocess
import sys
from typing import Final

import pytest
import sqlalchemy as sa

import billfold.wiring  # noqa: F401 - registers every table
from billfold.infrastructure.db.statements import metadata

_PORTABLE: Final = (sa.Text, sa.BigInteger, sa.Boolean, sa.LargeBinary)

# Table: why its rows belong to no team.
_OF_NOBODY: Final = {
    "simulator_accounts": "the account itself; it names its team",
    "teams": "a team is the tenant",
    "users": "a person may belong to several teams; `members` says to which",
    "sessions": "as users: a person signs in, not a team",
    "one_time_tokens": "as sessions",
    "second_factors": "as sessions",
    "recovery_codes": "as sessions",
    "attempts": "counts tries, also those of people who are nobody here",
    "first_users": "one row for the installation",
    "schedules": "the work of the installation itself",
    "click_borders": "one row for the installation: how far clicks are counted",
    "sequencers": "one row for the installation, which is only held",
}
# Column: why four bytes are enough. PostgreSQL refuses a larger number, SQLite takes it.
_SMALL_NUMBERS: Final = {"jobs.revision", "jobs.attempts", "simulator_idempotency.status"}


@pytest.mark.parametrize("table", metadata.sorted_tables, ids=lambda table: table.name)
def test_a_table_says_whose_its_rows_are(table: sa.Table) -> None:
    # The simulator's tables stand in for Stripe's: their tenant is the Stripe account, and each belongs to one team.
    owner = {"account_id"} if table.name.startswith("simulator_") else {"team_id", "project_id"}
    assert owner & set(table.columns.keys()) or table.name in _OF_NOBODY


@pytest.mark.parametrize("table", metadata.sorted_tables, ids=lambda table: table.name)
def test_columns_have_types_that_both_databases_read_alike(table: sa.Table) -> None:
    for column in table.columns:
        if f"{table.name}.{column.name}" in _SMALL_NUMBERS:
            continue
        kind = column.type.impl if isinstance(column.type, sa.TypeDecorator) else column.type
        assert isinstance(kind, _PORTABLE), f"{table.name}.{column.name} is {column.type!r}"


def test_importing_the_wiring_registers_every_table() -> None:
    """The migrations, the tests and the house checks all rely on it."""
    code = (
        "import billfold.wiring; from billfold.infrastructure.db.statements import metadata; before = set(metadata.tables);"
        "import pkgutil, importlib, billfold.domain as d, billfold.infrastructure as i;"
        "[importlib.import_module(m.name) for p in (d, i) for m in pkgutil.walk_packages(p.__path__, p.__name__ + '.')"
        " if '.migrations' not in m.name];"
        "print(*sorted(set(metadata.tables) - before))"
    )
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert not result.stdout.split(), "import these in wiring.py"
