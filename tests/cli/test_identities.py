from __future__ import annotations

import asyncio
import json
from pathlib import Path

import pytest

from tests.cli.command_line import CommandLine, every_row, on_connection
from tests.logins import ISSUER, SECRET, published, rsa_key

pytestmark = pytest.mark.usefixtures("migrated_database_url")


@pytest.fixture
def team(billfold: CommandLine) -> tuple[str, ...]:
    made = json.loads(
        billfold("init", "--project", "Shop", "--json", "--team", "Acme", "--email", "owner@example.com").out
    )
    ids = ("--team-id", made["teamId"], "--project-id", made["projectId"])
    return (*ids, "--issuer", ISSUER, "--audience", "app")


def test_a_login_is_set_with_a_secret_of_the_environment_and_sealed(
    billfold: CommandLine, team: tuple[str, ...], migrated_database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("IDENTITY_SECRET", SECRET)
    outcome = billfold("identity", *team)
    assert outcome.status == 0, outcome.err
    assert "HS256" in outcome.out
    rows = asyncio.run(on_connection(migrated_database_url, every_row))
    assert ISSUER in rows
    assert SECRET not in rows


def test_a_login_is_set_with_a_file_of_keys(billfold: CommandLine, team: tuple[str, ...], tmp_path: Path) -> None:
    keys = tmp_path / "keys.json"
    keys.write_text(json.dumps(published(rsa=rsa_key())), encoding="utf-8")
    outcome = billfold("identity", *team, "--jwks-file", str(keys))
    assert outcome.status == 0, outcome.err
    assert "RS256" in outcome.out


@pytest.mark.parametrize(
    ("options", "word"),
    [
        ((), "Give one of"),
        (("--jwks-url", "https://login.example.com/keys", "--jwks-file", "x"), "Give one of"),
        (("--jwks-url", "http://login.example.com/keys"), "https"),
        (("--jwks-file", "no-such-file"), "cannot be read"),
        (("--jwks-url", "https://login.example.com/keys", "--leeway-seconds", "301"), "leewaySeconds"),
    ],
)
def test_what_makes_no_sense_is_refused_with_a_sentence(
    billfold: CommandLine, team: tuple[str, ...], options: tuple[str, ...], word: str
) -> None:
    outcome = billfold("identity", *team, *options)
    assert outcome.status == 1
    assert word in outcome.err


def test_another_teams_project_is_not_found(billfold: CommandLine, team: tuple[str, ...]) -> None:
    options = ("--team-id", "team_other", *team[2:], "--jwks-url", "https://login.example.com/keys")
    outcome = billfold("identity", *options)
    assert outcome.status == 1
    assert "not found" in outcome.err
