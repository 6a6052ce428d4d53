"""Applying and deciding over HTTP: contract sections 3.1, 3.2, 3.8, 3.9, gaps A1 to A15, A33."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import sqlalchemy as sa

from billfold.domain.billing import customers
from billfold.infrastructure.db.database import Reading
from billfold.infrastructure.db.statements import query, row_tuple
from billfold.infrastructure.jobs.events import events
from tests.affiliate.conftest import JANE, Affiliates

_EVENTS = query(
    sa.select(events.c.name, events.c.payload)
    .where(events.c.name.like("partner_application%"))
    .order_by(events.c.sequence),
    row_tuple,
)


async def published(affiliates: Affiliates) -> list[tuple[str, Any]]:
    """Return the types and the data of what the program published."""

    async def read(tx: Reading) -> list[Any]:
        return await tx.all(_EVENTS)

    return [(name, payload["data"]) for name, payload in await affiliates.app.services.db.read(read)]


async def test_an_application_is_pending_and_has_an_id(affiliates: Affiliates) -> None:
    made = await affiliates.key("POST", "/v1/affiliate/apply", JANE, expect=201)
    assert made["status"] == "pending"
    assert made["id"].startswith("apl_")
    assert made["message"]


async def test_the_same_address_in_any_case_is_409_a7(affiliates: Affiliates) -> None:
    await affiliates.apply()
    again = await affiliates.key("POST", "/v1/affiliate/apply", {**JANE, "email": " Partner@Example.com"}, expect=409)
    assert again["error"] == "Conflict"
    assert again["statusCode"] == 409


async def test_a_rejected_address_is_409_too_unless_the_project_lets_it_apply_again_a7(affiliates: Affiliates) -> None:
    first = await affiliates.apply()
    await affiliates.review(first, {"action": "reject"})
    await affiliates.key("POST", "/v1/affiliate/apply", JANE, expect=409)
    await affiliates.switch_on(reapplyAfterDays=1)
    await affiliates.key("POST", "/v1/affiliate/apply", JANE, expect=409)
    affiliates.app.clock.advance(timedelta(days=1))
    affiliates.member_token = await affiliates.member("owner@example.com")
    second = await affiliates.apply()
    assert second != first
    listed = await affiliates.admin("GET", "/applications")
    assert [each["id"] for each in listed["applications"]] == [second, first]


async def test_the_status_before_and_after(affiliates: Affiliates) -> None:
    path = "/v1/affiliate/apply/status?email=partner%40example.com"
    assert await affiliates.key("GET", path, expect=200) == {"applied": False}
    application_id = await affiliates.apply()
    told = await affiliates.key("GET", path, expect=200)
    assert (told["applied"], told["status"]) == (True, "pending")
    assert await affiliates.key("GET", path) == told
    await affiliates.review(application_id, {"action": "approve", "code": "JANE20"})
    told = await affiliates.key("GET", path, expect=200)
    assert (told["status"], told["affiliateCode"]) == ("approved", "JANE20")


async def test_an_approval_makes_the_customer_and_the_partner(affiliates: Affiliates) -> None:
    partner = await affiliates.enrol(code="JANE20")
    assert (partner["code"], partner["status"]) == ("JANE20", "active")
    told = await affiliates.key("GET", f"/v1/affiliate/by-customer/{partner['customerId']}", expect=200)
    assert (told["enrolled"], told["status"], told["code"], told["type"]) == (True, "active", "JANE20", "partner")
    assert told["totalEarned"] == 0
    assert told["commissionRate"] == 20
    names = [name for name, _ in await published(affiliates)]
    assert names == ["partner_application_submitted", "partner_application_approved"]


async def test_a_code_is_generated_if_none_is_chosen_a13(affiliates: Affiliates) -> None:
    assert len((await affiliates.enrol())["code"]) == 8


async def test_a_customer_with_the_address_is_reused_as_he_is_a15(affiliates: Affiliates) -> None:
    made = await affiliates.app.client.post(
        affiliates.app.path + "/customers",
        json={"email": "Partner@example.com", "name": "Old Name", "metadata": {"a": "b"}},
    )
    customer = made.json()["customer"]
    partner = await affiliates.enrol()
    assert partner["customerId"] == customer["id"]
    kept = await affiliates.app.services.db.read(customers.get, affiliates.team.project_id, customer["id"])
    assert (kept.name, kept.metadata) == ("Old Name", {"a": "b"})


async def test_a_partner_need_not_apply_a8(affiliates: Affiliates) -> None:
    made = await affiliates.app.client.post(affiliates.app.path + "/customers", json={"email": "ann@example.com"})
    await affiliates.admin("POST", "", {"customerId": made.json()["customer"]["id"], "code": "ANN"}, expect=201)
    await affiliates.key("POST", "/v1/affiliate/apply", {**JANE, "email": "ann@example.com"}, expect=409)


async def test_a_rejection_tells_its_reason_and_never_the_note_a33(affiliates: Affiliates) -> None:
    application_id = await affiliates.apply()
    decision = {"action": "reject", "rejectionReason": "Not a good fit at this time", "internalNote": "Spam farm"}
    decided = (await affiliates.review(application_id, decision))["application"]
    assert (decided["status"], decided["internalNote"]) == ("rejected", "Spam farm")
    told = await affiliates.key("GET", "/v1/affiliate/apply/status?email=partner@example.com")
    assert (told["status"], told["rejectionReason"]) == ("rejected", "Not a good fit at this time")
    assert "Spam farm" not in str(told)
    assert "Spam farm" not in str(await published(affiliates))


async def test_a_second_decision_is_409_and_publishes_nothing_a14(affiliates: Affiliates) -> None:
    application_id = await affiliates.apply()
    await affiliates.review(application_id, {"action": "approve"})
    for again in ({"action": "approve"}, {"action": "reject"}):
        await affiliates.review(application_id, again, expect=409)
    assert len(await published(affiliates)) == 2


async def test_a_taken_code_is_409_and_nothing_changes(affiliates: Affiliates) -> None:
    await affiliates.enrol("first@example.com", "JANE20")
    application_id = await affiliates.apply("second@example.com")
    await affiliates.review(application_id, {"action": "approve", "code": "jane20"}, expect=409)
    kept = await affiliates.admin("GET", f"/applications/{application_id}", expect=200)
    assert kept["application"]["status"] == "pending"
    found = await affiliates.app.services.db.read(
        customers.find_by_email, affiliates.team.project_id, "second@example.com"
    )
    assert found is None


async def test_bad_codes_and_actions_are_400_a13(affiliates: Affiliates) -> None:
    application_id = await affiliates.apply()
    for code in ("AB", "A" * 33, "SALE %", "ÄPFEL"):
        await affiliates.review(application_id, {"action": "approve", "code": code}, expect=400)
    refused = await affiliates.review(application_id, {"action": "maybe"}, expect=400)
    assert refused["code"] == "VALIDATION_ERROR"


async def test_a_program_that_is_off_takes_no_application_a9(affiliates: Affiliates) -> None:
    await affiliates.admin("PATCH", "/settings", {"enabled": False}, expect=200)
    refused = await affiliates.key("POST", "/v1/affiliate/apply", JANE, expect=403)
    assert refused["code"] == "FEATURE_NOT_AVAILABLE"
    await affiliates.key("GET", "/v1/affiliate/apply/status?email=partner@example.com", expect=200)


async def test_bad_applications_name_the_field(affiliates: Affiliates) -> None:
    for field, value in (("email", "nobody"), ("name", ""), ("website", "javascript:alert(1)"), ("name", "a\nb")):
        refused = await affiliates.key("POST", "/v1/affiliate/apply", {**JANE, field: value}, expect=400)
        assert field in refused["message"], refused
    for missing in ("email", "name"):
        body = {key: value for key, value in JANE.items() if key != missing}
        assert missing in (await affiliates.key("POST", "/v1/affiliate/apply", body, expect=400))["message"]


async def test_rules_approve_a_domain_or_a_customer_at_once(affiliates: Affiliates) -> None:
    await affiliates.switch_on(autoApproveDomains=["Example.org"], autoApproveCustomers=True)
    made = await affiliates.key("POST", "/v1/affiliate/apply", {**JANE, "email": "a@example.org"}, expect=201)
    assert made["status"] == "approved"
    await affiliates.app.client.post(affiliates.app.path + "/customers", json={"email": "b@example.com"})
    made = await affiliates.key("POST", "/v1/affiliate/apply", {**JANE, "email": "b@example.com"}, expect=201)
    assert made["status"] == "approved"
    made = await affiliates.key("POST", "/v1/affiliate/apply", {**JANE, "email": "c@example.com"}, expect=201)
    assert made["status"] == "pending"
    reviewers = {
        each["email"]: each["reviewedBy"] for each in (await affiliates.admin("GET", "/applications"))["applications"]
    }
    assert reviewers == {
        "a@example.org": "rule:domain:example.org",
        "b@example.com": "rule:existing_customer",
        "c@example.com": None,
    }


async def test_unknown_customers_are_not_enrolled_a11(affiliates: Affiliates) -> None:
    assert await affiliates.key("GET", "/v1/affiliate/by-customer/cust_123", expect=200) == {"enrolled": False}
