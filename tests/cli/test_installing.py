from __future__ import annotations

import asyncio
import json
from pathlib import Path

import pytest

from tests.cli.command_line import CommandLine, every_row, free_port, on_connection, serving

INIT = ("init", "--team", "Acme", "--project", "Shop", "--email", "Owner@Example.com")
KEYS = [
    "teamId",
    "projectId",
    "apiKey",
    "ownerEmail",
    "ownerPassword",
    "webhookUrl",
    "webhookSecret",
    "simulatorSecretKey",
]


def test_init_makes_a_team_on_an_empty_database_and_prints_json(billfold: CommandLine) -> None:
    billfold.environment["BILLFOLD_PUBLIC_URL"] = "https://billing.example.com"
    outcome = billfold(*INIT, "--json")
    assert outcome.status == 0, outcome.err
    made = json.loads(outcome.out)
    assert list(made) == KEYS
    assert made["webhookUrl"] == f"https://billing.example.com/api/webhooks/stripe/{made['teamId']}"
    assert made["ownerEmail"] == "Owner@Example.com"
    assert made["simulatorSecretKey"].startswith("sk_test_")
    assert made["webhookSecret"].startswith("whsec_")
    doctor = billfold("doctor")
    assert doctor.status == 0, doctor.out
    assert "All is well." in doctor.out


def test_init_tells_the_same_in_words(billfold: CommandLine) -> None:
    outcome = billfold(*INIT)
    assert outcome.status == 0, outcome.err
    assert "billfold serve" in outcome.out
    assert "/simulator/stripe" in outcome.out


def test_f9_no_secret_of_init_stands_in_the_database(billfold: CommandLine, empty_database_url: str) -> None:
    made = json.loads(billfold(*INIT, "--json").out)
    held = asyncio.run(on_connection(empty_database_url, every_row))
    assert made["teamId"] in held
    for secret in ("apiKey", "ownerPassword", "webhookSecret", "simulatorSecretKey"):
        assert made[secret] not in held
    for kind in ("sk_test_", "whsec_"):
        assert kind not in held


def test_init_refuses_a_second_user_with_the_address(billfold: CommandLine) -> None:
    billfold(*INIT)
    outcome = billfold("init", "--team", "Other", "--project", "Shop", "--email", "owner@example.com")
    assert outcome.status == 1
    assert "already a user" in outcome.err
    assert "Traceback" not in outcome.err


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--stripe-secret-key", "sk_test_1"), "Give both"),
        (("--stripe-secret-key", "nonsense", "--webhook-secret", "whsec_1"), "secretKey must be"),
        (("--email", "nobody"), "email must be an address"),
    ],
)
def test_init_says_what_is_wrong_and_makes_nothing(
    billfold: CommandLine, arguments: tuple[str, ...], words: str
) -> None:
    outcome = billfold(*INIT, *arguments)
    assert outcome.status == 1
    assert words in outcome.err
    assert "nonsense" not in outcome.err
    assert billfold(*INIT).status == 0


def test_init_without_the_simulator_asks_for_a_stripe_key(billfold: CommandLine) -> None:
    billfold.environment["BILLFOLD_SIMULATOR"] = "false"
    outcome = billfold(*INIT)
    assert outcome.status == 1
    assert "--stripe-secret-key" in outcome.err


def test_init_connects_a_stripe_compatible_account_after_trying_its_key(billfold: CommandLine, tmp_path: Path) -> None:
    """The first team's simulated account plays the compatible server of the second team."""
    first = json.loads(billfold(*INIT, "--json").out)
    port = free_port()
    billfold.environment["BILLFOLD_STRIPE_API_BASE"] = f"http://127.0.0.1:{port}/simulator/stripe"
    second = ("init", "--team", "Other", "--project", "Shop", "--email", "other@example.com", "--json")
    with serving(billfold.environment, port, tmp_path / "log"):
        wrong = billfold(
            *second, "--stripe-secret-key", "sk_" + "test_unknown", "--webhook-secret", "whsec_placeholder"
        )
        right = billfold(
            *second, "--stripe-secret-key", first["simulatorSecretKey"], "--webhook-secret", "whsec_placeholder"
        )
        doctor = billfold("doctor", "--sweep")
    assert wrong.status == 1
    assert "unknown" not in wrong.err
    assert right.status == 0, right.err
    made = json.loads(right.out)
    assert made["simulatorSecretKey"] is None
    assert made["webhookSecret"] == "whsec_placeholder"
    assert doctor.status == 0, doctor.out
    assert doctor.out.count("acct_") == 2
    assert "events read" in doctor.out
    log = (tmp_path / "log").read_text(encoding="utf-8")
    assert first["simulatorSecretKey"] not in log
