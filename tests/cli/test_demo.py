"""The demo as a newcomer meets it: its year, and each of its commands pasted into a shell."""

from __future__ import annotations

import json
import os
import random
import re
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import httpx
import pytest

from billfold.cli.demo.people import people
from tests.cli.command_line import free_port, serving

pytestmark = pytest.mark.skipif(
    os.environ.get("BILLFOLD_TEST_DATABASE") == "postgresql", reason="the demo is a SQLite file, whatever the tests use"
)
BILLFOLD = str(Path(sys.executable).with_name("billfold"))


def make_demo(folder: Path, port: int) -> subprocess.CompletedProcess[str]:
    command = [BILLFOLD, "demo", "--database", "demo.db", "--no-serve", "--customers", "14", "--port", str(port)]
    return subprocess.run(command, capture_output=True, text=True, timeout=110, cwd=folder, check=False)


def test_the_demo_lives_a_year_and_every_command_it_prints_works_when_pasted(tmp_path: Path) -> None:
    port = free_port()
    made = make_demo(tmp_path, port)
    assert made.returncode == 0, made.stderr
    assert "sk_test_" in made.stdout
    commands = re.findall(r"^   (\S.*)$", made.stdout.partition("1. ")[2], re.MULTILINE)
    assert len(commands) == 9
    environment = {"BILLFOLD_DATABASE_URL": f"sqlite:///{tmp_path / 'demo.db'}", "BILLFOLD_LOG_LEVEL": "warning"}
    with serving(environment, port, tmp_path / "log"):
        script = "\n".join(["set -euo pipefail", *[f"{command}\necho ---" for command in commands]])
        pasted = subprocess.run(["bash", "-c", script], capture_output=True, text=True, timeout=60, check=False)
        assert_the_partner_program_was_lived(made.stdout, port)
    assert pasted.returncode == 0, pasted.stderr
    answers = [answer.strip() for answer in pasted.stdout.split("---\n")][:-1]
    _, analytics, friend, applied, page, paid, code, credits_given, month = answers
    figures = json.loads(analytics)
    assert figures["mrr"] > 0
    assert figures["customerCount"] > 5
    assert figures["webhookStats"]["total"] == figures["webhookStats"]["processed"] > 50
    assert friend.startswith("pc_")
    assert json.loads(applied)["referral"]["status"] == "pending"
    assert "/checkout/cs_test_" in page
    assert json.loads(paid)["session"]["payment_status"] == "paid"
    latest = json.loads(code)["code"]["referrals"][0]
    assert (latest["refereeCustomerId"], latest["status"]) == (friend, "converted")
    assert json.loads(credits_given)["data"][0]["amount"] == -1000
    assert json.loads(month)["events"]["invoice.paid"] >= 1


def assert_the_partner_program_was_lived(told: str, port: int) -> None:
    """Look at what each page about partners shows, as the team and as the partner."""
    url = f"http://127.0.0.1:{port}"
    (project_id,) = re.findall(r"Project +(proj_\w+)", told)
    (team_id,) = re.findall(r"Team +(team_\w+)", told)
    (password,) = re.findall(r"password (\S+)\)", told)
    (portal,) = re.findall(r"Partner +(\S+)", told)
    with httpx.Client(base_url=url, timeout=30) as client:
        login = client.post("/v1/auth/login", json={"email": "owner@example.com", "password": password})
        client.headers["Authorization"] = f"Bearer {login.json()['token']}"

        def listed(end: str, name: str) -> list[dict[str, Any]]:
            answer = client.get(f"/v1/apps/{project_id}/affiliates{end}")
            assert answer.status_code == 200, answer.text
            found: list[dict[str, Any]] = answer.json()[name]
            return found

        assert [each["code"] for each in listed("", "affiliates")] == ["CASTELL", "FIELDCAST", "MARLOWE"]
        applications = Counter(each["status"] for each in listed("/applications", "applications"))
        assert applications == {"approved": 3, "rejected": 1, "pending": 1}
        commissions = Counter(each["status"] for each in listed("/commissions?limit=100", "commissions"))
        assert {"approved", "paid", "voided"} <= set(commissions)
        assert 490 in {each["amountCents"] for each in listed("/commissions?limit=100", "commissions")}
        paid = listed("/payouts", "payouts")
        assert {(each["status"], each["method"]) for each in paid} == {("paid", "bank"), ("paid", "paypal")}
        reviews = listed("/reviews", "reviews")
        assert {each["signal"] for each in reviews} == {"same_mailbox", "same_organisation"}
        deals = listed("/deals", "deals")
        assert Counter(each["deal"]["companyDomain"] for each in deals) == {
            "harbour-survey.example.com": 2,
            "ridgeline.example.com": 1,
        }
        del client.headers["Authorization"]
        (key,) = re.findall(r"API key +(\S+)", told)
        webhooks = client.get(
            f"/api/billstack/teams/{team_id}/projects/{project_id}/webhooks", headers={"Authorization": f"Bearer {key}"}
        )
        assert [each["enabled"] for each in webhooks.json()["webhooks"]] == [False]
        page = client.get(portal.removeprefix(url))
        assert page.status_code == 200
        assert "MARLOWE" in page.text
        assert "Who listens to you?" in client.get(f"/apply/{project_id}").text


def test_a_file_that_exists_is_not_touched(tmp_path: Path) -> None:
    (tmp_path / "demo.db").write_bytes(b"mine")
    refused = make_demo(tmp_path, 8000)
    assert refused.returncode == 1
    assert "exists already" in refused.stderr
    assert (tmp_path / "demo.db").read_bytes() == b"mine"


def test_no_two_people_share_an_address() -> None:
    everyone = list(people(random.Random(1)))
    assert len({person.email for person in everyone}) == len(everyone) >= 400
