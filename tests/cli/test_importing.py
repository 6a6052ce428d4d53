from __future__ import annotations

import json

import pytest

from tests.cli.command_line import CommandLine

pytestmark = pytest.mark.usefixtures("migrated_database_url")

INIT = ("init", "--project", "Shop", "--json")


def test_the_only_connected_team_is_imported_as_often_as_one_likes(billfold: CommandLine) -> None:
    assert billfold(*INIT, "--team", "Acme", "--email", "owner@example.com").status == 0
    for _ in range(2):
        outcome = billfold("import", "stripe")
        assert outcome.status == 0, outcome.err
        assert "0 objects read" in outcome.out
        assert "Finished." in outcome.out


def test_one_of_several_teams_must_be_named_and_must_exist(billfold: CommandLine) -> None:
    made = [
        json.loads(billfold(*INIT, "--team", name, "--email", f"{name.lower()}@example.com").out)
        for name in ("First", "Second")
    ]
    outcome = billfold("import", "stripe")
    assert (outcome.status, "--team" in outcome.err) == (1, True)
    assert billfold("import", "stripe", "--team", "team_none").status == 1
    outcome = billfold("import", "stripe", "--team", made[1]["teamId"], "--objects", "customer, charge")
    assert outcome.status == 0, outcome.err
    assert "customer" in outcome.out
    assert "invoice" not in outcome.out


def test_an_unknown_kind_of_object_is_refused(billfold: CommandLine) -> None:
    assert billfold(*INIT, "--team", "Acme", "--email", "owner@example.com").status == 0
    outcome = billfold("import", "stripe", "--objects", "coupon")
    assert (outcome.status, "coupon" in outcome.err) == (1, True)
