from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from billfold.infrastructure.db.migrating import known_revisions
from tests.cli.command_line import CommandLine, execute, on_connection


def test_migrate_says_what_it_did_and_then_that_nothing_is_left(billfold: CommandLine) -> None:
    newest = known_revisions()[-1]
    assert billfold("migrate").out == f"The database went from migration nothing to {newest}.\n"
    assert billfold("migrate").out == f"The database is at migration {newest}: nothing to do.\n"


@pytest.mark.parametrize("command", ["serve", "doctor", "migrate"])
def test_b7_a_newer_database_is_refused(billfold: CommandLine, empty_database_url: str, command: str) -> None:
    billfold("migrate")
    asyncio.run(on_connection(empty_database_url, execute("UPDATE alembic_version SET version_num = '9999'")))
    outcome = billfold(command)
    assert outcome.status == 1
    assert "9999, which is newer than this version" in outcome.err
    assert "Traceback" not in outcome.err


@pytest.mark.parametrize("command", ["serve", "doctor"])
def test_b7_an_older_database_is_not_changed_without_being_asked(
    billfold: CommandLine, empty_database_url: str, command: str
) -> None:
    billfold("migrate")
    asyncio.run(on_connection(empty_database_url, execute("UPDATE alembic_version SET version_num = '0001'")))
    outcome = billfold(command)
    assert outcome.status == 1
    assert "billfold migrate" in outcome.err


@pytest.mark.parametrize("command", ["serve", "migrate"])
def test_a_database_of_something_else_is_left_alone(
    billfold: CommandLine, empty_database_url: str, command: str
) -> None:
    asyncio.run(on_connection(empty_database_url, execute("CREATE TABLE cats (name TEXT)")))
    outcome = billfold(command)
    assert outcome.status == 1
    assert "not Billfold's" in outcome.err


def test_a_file_in_a_directory_that_does_not_exist_is_one_sentence(billfold: CommandLine, tmp_path: Path) -> None:
    billfold.environment["BILLFOLD_DATABASE_URL"] = f"sqlite:///{tmp_path / 'none' / 'billfold.db'}"
    outcome = billfold("migrate")
    assert outcome.status == 1
    assert outcome.err == "billfold: The migration failed and changed nothing: unable to open database file.\n"
    billfold.environment["BILLFOLD_SECRET_KEY"] = ""
    outcome = billfold("migrate")
    assert outcome.status == 1
    assert "none does not exist" in outcome.err


def test_a_file_with_an_unusual_name_works(billfold: CommandLine, tmp_path: Path) -> None:
    billfold.environment["BILLFOLD_DATABASE_URL"] = f"sqlite:///{tmp_path / 'a 100% b#1.db'}"
    assert billfold("migrate").status == 0
    assert "nothing to do" in billfold("migrate").out


def test_a_database_that_does_not_answer_is_one_sentence(billfold: CommandLine) -> None:
    billfold.environment["BILLFOLD_DATABASE_URL"] = "postgresql://billfold:hunter2@127.0.0.1:1/billfold"
    outcome = billfold("doctor")
    assert outcome.status == 1
    assert outcome.err.startswith("billfold: The PostgreSQL server does not let us in")
    assert "hunter2" not in outcome.err
