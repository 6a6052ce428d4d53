from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.command_line import CommandLine

pytestmark = pytest.mark.usefixtures("migrated_database_url")


@pytest.fixture
def project(billfold: CommandLine) -> str:
    made = json.loads(
        billfold("init", "--project", "Shop", "--json", "--team", "Acme", "--email", "owner@example.com").out
    )
    return str(made["projectId"])


def test_an_export_is_a_file_that_only_its_owner_reads_and_overwrites_none(
    billfold: CommandLine, project: str, tmp_path: Path
) -> None:
    file = tmp_path / "nobody.json"
    outcome = billfold("export-person", "nobody@example.com", "--project", project, "--output", str(file))
    assert outcome.status == 0, outcome.err
    assert json.loads(file.read_text(encoding="utf-8"))["rows"] == {}
    assert file.stat().st_mode & 0o777 == 0o600
    again = billfold("export-person", "nobody@example.com", "--project", project, "--output", str(file))
    assert again.status == 1
    assert "cannot be written" in again.err


def test_erasing_nobody_changes_nothing_and_says_so(billfold: CommandLine, project: str) -> None:
    outcome = billfold("erase-person", "nobody@example.com", "--project", project, "--yes")
    assert outcome.status == 0, outcome.err
    assert "nothing" in outcome.out


@pytest.mark.parametrize("command", ["export-person", "erase-person"])
def test_an_id_or_a_project_that_there_is_not_is_one_sentence(
    billfold: CommandLine, project: str, command: str
) -> None:
    yes = ["--yes"] if command == "erase-person" else []
    unknown = billfold(command, "pc_nobody", "--project", project, *yes)
    assert (unknown.status, unknown.err) == (1, "billfold: Customer not found\n")
    elsewhere = billfold(command, "pc_nobody", "--project", "proj_nowhere", *yes)
    assert elsewhere.status == 1
    assert "no such project" in elsewhere.err


def test_init_prints_what_the_examples_read(billfold: CommandLine) -> None:
    outcome = billfold("init", "--project", "Shop", "--exports", "--team", "Acme", "--email", "owner@example.com")
    names = [line.removeprefix("export ").partition("=")[0] for line in outcome.out.splitlines()]
    assert names[:4] == ["BILLFOLD_URL", "BILLFOLD_TEAM", "BILLFOLD_PROJECT", "BILLFOLD_API_KEY"]
