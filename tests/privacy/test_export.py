"""Everything that is kept about a person is told, and nothing that is somebody else's."""

from __future__ import annotations

import json
from typing import Any

from billfold.domain.privacy.export import export_person
from tests.privacy.conftest import ROBIN, Robin


async def export(robin: Robin, asked: str) -> dict[str, Any]:
    team = robin.app.team
    who = {"team_id": team.team_id, "project_id": team.project_id, "asked": asked}
    _, found = await export_person(robin.app.services.db, **who, now=robin.app.clock.now())
    written: dict[str, Any] = json.loads(json.dumps(found))
    return written


async def test_an_export_holds_all_that_is_kept_of_a_person(robin: Robin) -> None:
    found = await export(robin, ROBIN.lower())
    rows = found["rows"]
    assert found["person"] == robin.customer_id
    assert rows["customers"][0]["metadata"] == {"shoes": "red wellingtons"}
    assert {
        "customers", "subscriptions", "invoices", "payments", "touches", "referrals", "partners", "partner_applications", "deals",
        "payees", "payout_methods", "customer_sessions", "portal_sessions", "mailbox_proofs",
    } <= set(rows)  # fmt: skip
    assert rows["partner_applications"][0]["reason"] == "I grow things"
    assert rows["deals"][0]["lead_name"] == "Robin Gardner"
    assert rows["payees"][0]["tax_id_shown"]
    assert {"mails", "public_events", "stripe_raw_objects", "stripe_events"} <= set(found["mentions"])


async def test_an_export_holds_no_secret_and_nobody_else(robin: Robin) -> None:
    text = json.dumps(await export(robin, robin.customer_id))
    for secret in ("sealed", "token_hash", "password"):
        assert secret not in text
    assert "owner@example.com" not in text
    # Jane registered Robin as a lead; she is named by her id.
    assert "jane@agency.example.com" not in text


async def test_whom_a_partner_brought_is_not_told_to_him(robin: Robin) -> None:
    app = robin.app
    await app.client.post(f"{app.path}/customers", json={"email": "finch@example.com", "referralCode": "GREEN7"})
    await app.drain()
    found = await export(robin, ROBIN)
    assert len(found["rows"]["referrals"]) == 2
    assert "finch@example.com" not in json.dumps(found["rows"])
