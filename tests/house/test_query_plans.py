"""Every list and look-up is served by an index, on both databases: the plans are read, not the clock.

A statement that reads a whole table works in every test and fails in the third year. One that must read everything (a nightly
audit) stands in `_ALLOWED` with its reason.
"""

from __future__ import annotations

import ast
import sqlite3
from typing import Final

import asyncpg
import pytest
import sqlalchemy as sa

from billfold.infrastructure.db.statements import query
from billfold.infrastructure.jobs.queue import jobs
from tests.conftest import ON_POSTGRES
from tests.house.plans import Named, every_statement, fill_tables, postgres_complaints, sqlite_complaints
from tests.house.sources import files, name, tree

# Constant: why it may read a whole table or sort a whole result.
_ALLOWED: Final[dict[str, str]] = {
    "domain.tenancy.teams._ALL": "the nightly work goes through every team of the installation",
    "domain.ledger.audit._LOST": "the audit adds up every transfer there is: that is its work",
    "domain.ledger.audit._WRONG": "as domain.ledger.audit._LOST",
    "domain.wallets.audit._AUDIT": "compares every wallet with its transfers: an audit again",
    "domain.referrals.audit._AUDIT": "compares every reward with its transfers: an audit again",
    "domain.payouts.audit._DUE": "compares everything that is owed with the ledger: an audit again",
    "domain.payouts.audit._LEDGER": "as domain.payouts.audit._DUE",
    "domain.payouts.audit._PAYOUTS": "as domain.payouts.audit._DUE",
    "domain.payouts.audit._REWARDS": "as domain.payouts.audit._DUE",
    "domain.payouts.audit._REVERSED": "as domain.payouts.audit._DUE",
    "domain.webhooks.endpoints._OFF_BY_THEMSELVES": "reads an index of endpoints that are off; `doctor` asks for it",
    "domain.referrals.rewards._OWED": "reads an index of failed rewards alone; `doctor` asks for it",
    "infrastructure.jobs.queue._WAITING": "counted by `doctor` and by tests, never while serving",
    "infrastructure.stripe_simulator.tables.OVERDUE_ACCOUNTS": "one row a team with a simulated account, an index look-up each",
    "domain.tenancy.audit_log._PRUNE": "walks the first rows by their number, as many as the limit says",
    "domain.privacy.erasure._LETTERS": "goes through all letters of a team, at most 30 days old, when somebody is erased",
    "domain.privacy.export._MAILS": "as domain.privacy.erasure._LETTERS",
    "domain.privacy.person._BY_EMAIL": "finds deleted customers too, for an operator's command that reads whole tables anyway",
    "domain.tenancy.registration._ANY_TEAM": "ends at the first team that is there; asked by whoever is in none",
    "infrastructure.jobs.schedule._DUE": "one row for each recurring job: a dozen",
}


async def _complaints(database_url: str, statements: list[Named]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    if ON_POSTGRES:
        connection = await asyncpg.connect(database_url, server_settings={"enable_seqscan": "off"})
        await connection.execute("SET plan_cache_mode = force_generic_plan")
        transaction = connection.transaction()
        await transaction.start()
        try:
            await fill_tables(connection)
            for each in statements:
                found.setdefault(each.name, []).extend(await postgres_complaints(connection, each.statement))
        finally:
            await transaction.rollback()
            await connection.close()
        return found
    file = sqlite3.connect(database_url.removeprefix("sqlite:///"))
    try:
        for each in statements:
            found.setdefault(each.name, []).extend(sqlite_complaints(file, each.statement))
    finally:
        file.close()
    return found


async def test_no_statement_reads_a_whole_table(database_url: str) -> None:
    complaints = await _complaints(database_url, every_statement())
    found = {name: said for name, said in complaints.items() if said}
    unexpected = [f"{name}: {', '.join(found[name])}" for name in sorted(found) if name not in _ALLOWED]
    assert not unexpected, "give these an index, or a reason:\n" + "\n".join(unexpected)


async def test_the_check_sees_a_whole_table_read_and_a_page_that_sorts_everything(database_url: str) -> None:
    by_error = sa.select(jobs.c.id).where(jobs.c.last_error == sa.bindparam("error"))
    sorted_page = sa.select(jobs.c.id).where(jobs.c.team_id == sa.bindparam("t")).order_by(jobs.c.attempts).limit(5)
    by_id = sa.select(jobs.c.id).where(jobs.c.id == sa.bindparam("job_id"))
    statements = [Named("scan", query(by_error, str)), Named("look-up", query(by_id, str))]
    if not ON_POSTGRES:
        # PostgreSQL sorts a page in its own way; only the index below it is checked there.
        statements.append(Named("page", query(sorted_page, str)))
    found = await _complaints(database_url, statements)
    assert found.pop("look-up") == []
    assert all(found.values()), found


def test_every_exception_is_about_a_statement_that_exists() -> None:
    assert set(_ALLOWED) <= {each.name for each in every_statement()}


@pytest.mark.parametrize("folder", ["src/billfold/domain", "src/billfold/infrastructure"])
def test_statements_are_constants_so_this_file_sees_them_all(folder: str) -> None:
    hidden: list[str] = []
    for path in files(folder):
        for function in ast.walk(tree(path)):
            # A plain function may build constants for its module; a unit is async and must find them made.
            if not isinstance(function, ast.AsyncFunctionDef):
                continue
            hidden += [
                f"{name(path)}:{call.lineno}"
                for call in ast.walk(function)
                if isinstance(call, ast.Call)
                and isinstance(call.func, ast.Name)
                and call.func.id in {"query", "command"}
            ]
    assert not hidden, f"make these module-level constants: {hidden}"
