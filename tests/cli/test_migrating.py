from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata, produce_migrations, render_python_code
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from billfold.infrastructure.db.migrating import Standing, inspect_schema, known_revisions, migrate
from billfold.infrastructure.db.statements import metadata
from tests.cli.command_line import execute, on_connection


def find_differences(connection: sa.Connection) -> list[str]:
    context = MigrationContext.configure(
        connection, opts={"target_metadata": metadata, "compare_type": True, "compare_server_default": True}
    )
    if not compare_metadata(context, metadata):
        return []
    # The answer is the body of the step that is missing.
    operations = produce_migrations(context, metadata).upgrade_ops
    assert operations is not None
    return render_python_code(operations).splitlines()


def describe(connection: sa.Connection) -> set[tuple[str, ...]]:
    """What the comparison above does not see: triggers, checks and the conditions of indexes, as the database tells them."""
    if connection.dialect.name == "sqlite":
        rows = connection.exec_driver_sql(
            "SELECT type, name, tbl_name, sql FROM sqlite_master WHERE type IN ('trigger', 'index')"
        )
        checks = connection.exec_driver_sql("SELECT name, sql FROM sqlite_master WHERE type = 'table'")
        found = {tuple("" if part is None else " ".join(part.split()) for part in row) for row in rows}
        found |= {("checks", name, str(sql.upper().count("CHECK ("))) for name, sql in checks}
    else:
        rows = connection.exec_driver_sql(
            "SELECT 'index', indexdef FROM pg_indexes WHERE schemaname = 'public' "
            "UNION ALL SELECT 'trigger', pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal "
            "UNION ALL SELECT 'constraint', conrelid::regclass || conname || pg_get_constraintdef(oid) FROM pg_constraint "
            "WHERE connamespace = 'public'::regnamespace AND contype <> 'n'"
        )
        found = {tuple(row) for row in rows}
    return {each for each in found if "alembic_version" not in " ".join(each)}


async def test_b7_migrating_twice_is_the_same_as_once(empty_database_url: str) -> None:
    assert (await inspect_schema(empty_database_url)).standing is Standing.EMPTY
    for _ in range(2):
        await migrate(empty_database_url)
        schema = await inspect_schema(empty_database_url)
        assert (schema.standing, schema.revision) == (Standing.CURRENT, known_revisions()[-1])


async def test_the_migrated_tables_are_those_of_the_code(empty_database_url: str, database_url: str) -> None:
    await migrate(empty_database_url)
    assert await on_connection(empty_database_url, find_differences) == []
    assert await on_connection(empty_database_url, describe) == await on_connection(database_url, describe)


async def test_what_partners_did_is_theirs_in_the_log_of_an_older_database(
    empty_database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = ScriptDirectory._upgrade_revs
    with monkeypatch.context() as older:
        older.setattr(ScriptDirectory, "_upgrade_revs", lambda steps, _, current: whole(steps, "0022", current))
        await migrate(empty_database_url)
    values = "'t', '{0}', {1}, '{2}', '192.0.2.1', 'x.done', '{{}}', 1800000000000000"
    columns = "team_id, actor_kind, actor_id, actor_name, address, action, details, recorded_at"
    for row in (("system", "'pc_1'", "jane@example.com"), ("system", "NULL", "Billfold"), ("key", "'key_1'", "Server")):
        await on_connection(
            empty_database_url,
            execute(f"INSERT INTO audit_log ({columns}) VALUES ({values.format(*row)})"),  # noqa: S608 - our own words
        )
    await migrate(empty_database_url)

    def rows(connection: sa.Connection) -> list[tuple[object, ...]]:
        found = connection.exec_driver_sql("SELECT actor_kind, actor_id, actor_name FROM audit_log ORDER BY sequence")
        return [tuple(row) for row in found]

    assert await on_connection(empty_database_url, rows) == [
        ("customer", "pc_1", ""), ("system", None, "Billfold"), ("key", "key_1", "Server"),
    ]  # fmt: skip
    for change in ("UPDATE audit_log SET actor_name = 'x'", "DELETE FROM audit_log"):
        with pytest.raises(sa.exc.DBAPIError, match="never changed"):
            await on_connection(empty_database_url, execute(change))


async def test_b7_a_database_of_a_newer_version_is_recognised(empty_database_url: str) -> None:
    await migrate(empty_database_url)
    await on_connection(empty_database_url, execute("UPDATE alembic_version SET version_num = '9999'"))
    assert (await inspect_schema(empty_database_url)).standing is Standing.NEWER


async def test_b7_a_database_of_an_older_version_is_recognised(empty_database_url: str) -> None:
    await migrate(empty_database_url)
    await on_connection(empty_database_url, execute("UPDATE alembic_version SET version_num = '0001'"))
    assert (await inspect_schema(empty_database_url)).standing is Standing.BEHIND


async def test_somebody_elses_database_is_recognised(empty_database_url: str) -> None:
    await on_connection(empty_database_url, execute("CREATE TABLE cats (name TEXT)"))
    assert (await inspect_schema(empty_database_url)).standing is Standing.FOREIGN


DIE_HALFWAY = """
import asyncio, os, signal, sys
from alembic.operations import Operations
from billfold.infrastructure.db.migrating import migrate

create_table, calls = Operations.create_table, []

def create_some(self, *args, **kwargs):
    calls.append(1)
    if len(calls) == 12:
        os.kill(os.getpid(), signal.SIGKILL)
    return create_table(self, *args, **kwargs)

Operations.create_table = create_some
asyncio.run(migrate(sys.argv[1]))
"""


@pytest.mark.skipif(os.name != "posix", reason="needs SIGKILL")
async def test_b7_a_migration_that_is_killed_halfway_leaves_nothing_and_runs_again(empty_database_url: str) -> None:
    died = await asyncio.to_thread(
        subprocess.run,
        [sys.executable, "-c", DIE_HALFWAY, empty_database_url],
        check=False,
        capture_output=True,
        timeout=60,
    )
    assert died.returncode == -signal.SIGKILL, died.stderr
    schema = await inspect_schema(empty_database_url)
    assert schema.standing is Standing.EMPTY
    await migrate(empty_database_url)
    assert (await inspect_schema(empty_database_url)).standing is Standing.CURRENT


def test_the_steps_are_numbered_without_gaps() -> None:
    assert known_revisions() == [f"{number:04d}" for number in range(1, len(known_revisions()) + 1)]
