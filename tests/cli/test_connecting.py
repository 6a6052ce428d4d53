from __future__ import annotations

import asyncio
import json
from pathlib import Path

import httpx
import pytest

from tests.cli.command_line import CommandLine, every_row, free_port, on_connection, serving

pytestmark = pytest.mark.usefixtures("migrated_database_url")

INIT = ("init", "--project", "Shop", "--json")


def connect(billfold: CommandLine, team_id: str, secret_key: str, webhook_secret: str) -> tuple[int, str]:
    keys = ("--stripe-secret-key", secret_key, "--webhook-secret", webhook_secret)
    outcome = billfold("connect", "--team-id", team_id, *keys)
    assert secret_key not in outcome.out + outcome.err
    return outcome.status, outcome.out + outcome.err


def test_a_team_is_connected_to_its_own_account_and_stays_with_it_once_it_has_customers(
    billfold: CommandLine, migrated_database_url: str, tmp_path: Path
) -> None:
    """The accounts of two simulated teams play the compatible servers of the third."""
    teams = [
        json.loads(billfold(*INIT, "--team", name, "--email", f"{name.lower()}@example.com").out)
        for name in ("First", "Second", "Third")
    ]
    third = teams[2]["teamId"]
    port = free_port()
    billfold.environment["BILLFOLD_STRIPE_API_BASE"] = f"http://127.0.0.1:{port}/simulator/stripe"
    with serving(billfold.environment, port, tmp_path / "log"):
        assert connect(billfold, third, "sk_test_unknown", "whsec_new")[0] == 1
        status, told = connect(billfold, third, teams[0]["simulatorSecretKey"], "whsec_new")
        assert status == 0, told
        assert f"/api/webhooks/stripe/{third}" in told
        assert connect(billfold, "team_nobody", teams[0]["simulatorSecretKey"], "whsec_new")[0] == 1
        doctor = billfold("doctor")
        assert doctor.status == 0, doctor.out
        assert f"Stripe of {third}: stripe, acct_" in doctor.out

        project = f"http://127.0.0.1:{port}/api/billstack/teams/{third}/projects/{teams[2]['projectId']}"
        headers = {"Authorization": f"Bearer {teams[2]['apiKey']}"}
        made = httpx.post(f"{project}/customers", json={"email": "wren@example.com"}, headers=headers)
        assert made.status_code == 201, made.text
        status, told = connect(billfold, third, teams[1]["simulatorSecretKey"], "whsec_new")
        assert status == 1
        assert "another Stripe account" in told
        # The same account with another signing secret, as after a rotation.
        assert connect(billfold, third, teams[0]["simulatorSecretKey"], "whsec_newer")[0] == 0
    assert "whsec_newer" not in asyncio.run(on_connection(migrated_database_url, every_row))


@pytest.mark.parametrize(("key", "secret"), [("nonsense", "whsec_1"), ("sk_test_1", "nonsense")])
def test_keys_of_a_wrong_form_are_refused_before_stripe_is_asked(billfold: CommandLine, key: str, secret: str) -> None:
    team = json.loads(billfold(*INIT, "--team", "Acme", "--email", "owner@example.com").out)
    status, told = connect(billfold, team["teamId"], key, secret)
    assert status == 1
    assert "must be" in told
