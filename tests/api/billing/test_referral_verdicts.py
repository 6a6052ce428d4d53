"""`…/referrals/{referralId}/void` and `…/restore`: a whole referral counts for nothing, or counts again."""

from __future__ import annotations

from typing import Any

import pytest

from billfold.domain.tenancy import audit_log
from tests.api.billing.conftest import Api

CONFIG = {"enabled": True, "referrerCreditAmount": 1000, "refereeCreditAmount": 500, "currency": "usd"}


async def make_referral(api: Api) -> dict[str, Any]:
    """Have one customer bring another, who has not subscribed yet."""
    await api.call("PUT", "/referrals/config", json=CONFIG)
    owner, friend = await api.make_customer(), await api.make_customer("friend@example.com")
    code = (await api.post("/referrals/codes", {"customerId": owner["id"]})).json()["code"]["code"]
    answer = await api.post("/referrals/apply", {"code": code, "refereeCustomerId": friend["id"]})
    referral: dict[str, Any] = answer.json()["referral"]
    return referral


async def test_a_referral_is_voided_with_a_reason_and_restored(api: Api) -> None:
    made = await make_referral(api)
    path = f"/referrals/{made['id']}"
    answer = await api.post(f"{path}/void", {"reason": "fraud", "note": "One household."})
    assert answer.status_code == 200, answer.text
    void = {"voidReason": "fraud", "voidNote": "One household.", "voidedBy": answer.json()["referral"]["voidedBy"]}
    assert answer.json() == {"referral": {**made, "status": "void", **void}}
    assert void["voidedBy"]
    assert (await api.post(f"{path}/void", {})).status_code == 409
    # It earns nothing, also when what it waited for happens.
    (shown,) = (await api.get(f"/referrals/codes/{made['code']}")).json()["code"]["referrals"]
    assert shown["status"] == "void"
    back = await api.post(f"{path}/restore", {})
    assert (back.status_code, back.json()["referral"]) == (
        200,
        {**made, "voidReason": None, "voidNote": None, "voidedBy": None},
    )
    assert (await api.post(f"{path}/restore", {})).status_code == 409
    entries = await api.services.db.read(audit_log.audit_rows, api.house.team_id, limit=2)
    assert [(each.action, each.subject) for each in entries] == [
        ("referral.restored", made["id"]),
        ("referral.voided", made["id"]),
    ]


async def test_a_request_that_is_sent_twice_with_one_key_voids_once(api: Api) -> None:
    made = await make_referral(api)
    path, headers = f"/referrals/{made['id']}/void", {"Idempotency-Key": "one"}
    first = await api.post(path, {"reason": "mistake"}, headers=headers)
    again = await api.post(path, {"reason": "mistake"}, headers=headers)
    assert (first.status_code, again.status_code, again.json()) == (200, 200, first.json())


@pytest.mark.parametrize("act", ["void", "restore"])
@pytest.mark.parametrize("wanted", ["ref_unknown1", "codes", "%00", "pc_1"])
async def test_nobodys_referral_is_not_found(api: Api, act: str, wanted: str) -> None:
    assert (await api.post(f"/referrals/{wanted}/{act}", {})).status_code == 404


async def test_another_projects_referral_is_not_found(api: Api) -> None:
    made = await make_referral(api)
    key = await api.make_key(api.foreign)
    answer = await api.client.post(
        api.path(f"/referrals/{made['id']}/void", api.foreign), json={}, headers={"Authorization": f"Bearer {key}"}
    )
    assert answer.status_code == 404


@pytest.mark.parametrize("body", [{"reason": "because"}, {"note": "x" * 1001}, {"note": 5}, {"reason": None}])
async def test_a_reason_is_one_of_the_list(api: Api, body: dict[str, Any]) -> None:
    made = await make_referral(api)
    assert (await api.post(f"/referrals/{made['id']}/void", body)).status_code == 400
