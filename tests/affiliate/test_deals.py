"""Deals: the first valid claim stands, the team decides between rivals, and a lead who pays counts as the partner's."""

from __future__ import annotations

import asyncio
from collections import Counter
from datetime import timedelta
from typing import Any

import pytest

from tests.affiliate.conftest import Affiliates

JANE = "partner@agency.example.com"
KIM = "kim@consultants.example.com"
# The body that the published page prints.
LEAD = {"leadEmail": "prospect@company.com", "leadName": "John Smith", "notes": "Met at conference"}


class Claims:
    """Two partners who are signed in."""

    def __init__(self, affiliates: Affiliates) -> None:
        self.affiliates = affiliates
        self.sessions: dict[str, str] = {}
        self.partners: dict[str, Any] = {}

    async def open(self) -> Claims:
        await self.affiliates.configure_sign_in()
        for email, code in ((JANE, "JANE20"), (KIM, "KIM20")):
            self.partners[email] = await self.affiliates.enrol(email, code)
        return await self.sign_in()

    async def sign_in(self) -> Claims:
        for email in (JANE, KIM):
            self.sessions[email] = await self.affiliates.sign_in(email)
        self.affiliates.member_token = await self.affiliates.member("owner@example.com")
        return self

    async def send(self, who: str, method: str, path: str = "", body: Any = None, *, expect: int) -> Any:
        path = f"/v1/affiliate/deals{path}"
        return await self.affiliates.customer(self.sessions[who], method, path, body, expect=expect)

    async def register(self, who: str = JANE, *, expect: int = 201, **lead: Any) -> Any:
        return await self.send(who, "POST", body={**LEAD, **lead}, expect=expect)

    async def review(self, deal: Any, action: str = "accept", *, expect: int = 200, **more: Any) -> Any:
        body = {"action": action, **more}
        return await self.affiliates.admin("POST", f"/deals/{deal['id']}/review", body, expect=expect)

    async def wait(self, days: float) -> None:
        self.affiliates.app.clock.advance(timedelta(days=days))
        await self.affiliates.app.drain()
        await self.sign_in()

    async def pays(self, email: str, **more: Any) -> str:
        """Have a customer sign up and buy for $29.00; returns his id."""
        app = self.affiliates.app
        product = (await app.client.post(f"{app.path}/products", json={"name": "Pro"})).json()["product"]["id"]
        price_body = {"unitAmount": 2900, "interval": "month"}
        price = await app.client.post(f"{app.path}/products/{product}/prices", json=price_body)
        customer = (await app.client.post(f"{app.path}/customers", json={"email": email, **more})).json()["customer"]
        checkout = {
            "customerId": customer["id"],
            "priceId": price.json()["price"]["id"],
            "successUrl": "https://example.com/ok",
            "cancelUrl": "https://example.com/no",
        }
        session = (await app.client.post(f"{app.path}/checkout", json=checkout)).json()["sessionId"]
        path = f"/simulator/{app.team.team_id}/checkout/{session}/complete"
        assert (await app.client.post(path, json={"outcome": "paid"})).status_code == 200
        await app.drain()
        return str(customer["id"])

    async def earned(self, who: str) -> int:
        """Return what a partner's commissions are worth, in cents."""
        listed = await self.affiliates.customer(
            self.sessions[who], "GET", "/v1/affiliate/commissions", None, expect=200
        )
        return sum(each["amountCents"] for each in listed["commissions"])


@pytest.fixture
async def claims(affiliates: Affiliates) -> Claims:
    return await Claims(affiliates).open()


async def test_the_printed_deal_registers_and_is_the_partners_own(claims: Claims) -> None:
    deal = await claims.register()
    assert (deal["leadEmail"], deal["leadName"], deal["status"]) == ("prospect@company.com", "John Smith", "pending")
    assert deal["expiresAt"] > deal["createdAt"]
    assert deal["companyDomain"] == "company.com"
    assert [each["id"] for each in (await claims.send(JANE, "GET", expect=200))["deals"]] == [deal["id"]]
    assert (await claims.send(KIM, "GET", expect=200))["deals"] == []
    dashboard = await claims.affiliates.customer(claims.sessions[JANE], "GET", "/v1/affiliate/dashboard", expect=200)
    assert [each["id"] for each in dashboard["deals"]] == [deal["id"]]


@pytest.mark.parametrize(
    ("lead", "status"),
    [
        ({"leadEmail": JANE}, 400),
        ({"leadEmail": "PARTNER+x@agency.example.com"}, 400),
        ({"leadEmail": "no address"}, 400),
        ({"companyDomain": "gmail.com"}, 400),
        ({"companyDomain": "not a domain"}, 400),
        ({"estimatedValue": -1}, 400),
        ({"estimatedValue": "100"}, 400),
        ({"estimatedValue": 1.005}, 400),
        ({"leadName": "x" * 201}, 400),
        ({"notes": None}, 201),
        ({"estimatedValue": 1200.5}, 201),
    ],
)
async def test_a_lead_is_checked(claims: Claims, lead: dict[str, Any], status: int) -> None:
    answer = await claims.register(expect=status, **lead)
    if status == 400:
        assert answer["statusCode"] == 400
        assert (await claims.send(JANE, "GET", expect=200))["deals"] == []
    elif "estimatedValue" in lead:
        assert (answer["estimatedValue"], answer["estimatedValueCents"]) == (1200.5, 120050)


async def test_the_first_claim_on_a_mailbox_stands_in_any_spelling_and_at_once(claims: Claims) -> None:
    sent = [
        claims.affiliates.customer(claims.sessions[who], "POST", "/v1/affiliate/deals", {**LEAD, "leadEmail": email})
        for who, email in [
            (JANE, "a@company.com"),
            (KIM, "A@Company.com"),
            (JANE, "a+1@company.com"),
            (KIM, "a@company.com"),
        ]
    ]
    answers = Counter(answer.get("statusCode", 201) for answer in await asyncio.gather(*sent))
    assert answers == {201: 1, 409: 3}


async def test_a_paying_customer_is_nobodys_lead(claims: Claims) -> None:
    await claims.pays("prospect@company.com")
    refused = await claims.register(expect=409)
    assert "paying customer" in refused["message"]


async def test_only_an_active_partner_who_applied_may_register(claims: Claims) -> None:
    await claims.affiliates.admin("PATCH", f"/{claims.partners[JANE]['id']}", {"status": "suspended"}, expect=200)
    assert (await claims.register(expect=403))["code"] == "AFFILIATE_SUSPENDED"
    app = claims.affiliates.app
    sam = (await app.client.post(f"{app.path}/customers", json={"email": "sam@example.com"})).json()["customer"]
    await claims.affiliates.admin("POST", "", {"customerId": sam["id"]}, expect=201)
    claims.sessions["sam"] = await claims.affiliates.sign_in("sam@example.com")
    assert "application" in (await claims.register("sam", expect=403))["message"]
    await claims.affiliates.admin("PATCH", "/deals/settings", {"enabled": False}, expect=200)
    assert "no deals" in (await claims.register(KIM, expect=403))["message"]


async def test_rival_claims_on_a_company_stand_side_by_side_and_one_is_accepted(claims: Claims) -> None:
    first = await claims.register(leadEmail="a@company.com")
    second = await claims.register(KIM, leadEmail="b@company.com")
    listed = (await claims.affiliates.admin("GET", "/deals?status=pending", expect=200))["deals"]
    assert [(each["deal"]["id"], [rival["id"] for rival in each["rivals"]]) for each in listed] == [
        (second["id"], [first["id"]]),
        (first["id"], [second["id"]]),
    ]
    accepted = await claims.review(first)
    assert accepted["status"] == "accepted"
    refused = await claims.review(second, expect=409)
    assert first["id"] in refused["message"]
    declined = await claims.review(second, "decline", reason="Another partner was first.")
    assert (declined["status"], declined["declineReason"]) == ("declined", "Another partner was first.")
    assert "declined before" in (await claims.review(second, expect=409))["message"]


async def test_two_rivals_accepted_at_once_leave_one(claims: Claims) -> None:
    both = [await claims.register(leadEmail="a@company.com"), await claims.register(KIM, leadEmail="b@company.com")]
    paths = [f"/deals/{deal['id']}/review" for deal in both]
    answers = await asyncio.gather(*(claims.affiliates.admin("POST", path, {"action": "accept"}) for path in paths))
    assert Counter(answer.get("statusCode", 200) for answer in answers) == {200: 1, 409: 1}


@pytest.mark.parametrize("lead", ["prospect@company.com", "Prospect+app@company.com", "buyer@company.com"])
async def test_an_accepted_lead_who_pays_is_the_partners_whatever_link_he_followed(claims: Claims, lead: str) -> None:
    deal = await claims.register()
    await claims.review(deal)
    customer_id = await claims.pays(lead, referralCode="KIM20")
    assert await claims.earned(JANE) == 580
    assert await claims.earned(KIM) == 0
    won = await claims.affiliates.admin("GET", f"/deals/{deal['id']}", expect=200)
    assert (won["deal"]["status"], won["customerId"]) == ("won", customer_id)


async def test_a_deal_that_nobody_accepted_or_that_has_expired_brings_nothing(claims: Claims) -> None:
    await claims.register(leadEmail="a@first.example.org")
    await claims.pays("a@first.example.org")
    late = await claims.register(leadEmail="a@second.example.org")
    await claims.review(late)
    await claims.wait(91)
    await claims.pays("a@second.example.org")
    assert await claims.earned(JANE) == 0
    listed = (await claims.send(JANE, "GET", expect=200))["deals"]
    assert [each["expiresAt"] < claims.affiliates.app.clock.now().isoformat() for each in listed] == [True, True]


async def test_an_expired_claim_gives_the_lead_free_and_a_renewed_one_does_not(claims: Claims) -> None:
    deal = await claims.register()
    await claims.wait(89)
    renewed = await claims.send(JANE, "POST", f"/{deal['id']}/renew", {}, expect=200)
    assert renewed["expiresAt"] > deal["expiresAt"]
    assert "as often" in (await claims.send(JANE, "POST", f"/{deal['id']}/renew", {}, expect=409))["message"]
    await claims.affiliates.admin("POST", f"/deals/{deal['id']}/renew", {}, expect=200)
    await claims.wait(89)
    await claims.register(KIM, expect=409)
    await claims.wait(2)
    await claims.register(KIM, expect=201)
    assert "expired" in (await claims.send(JANE, "POST", f"/{deal['id']}/renew", {}, expect=409))["message"]


async def test_a_foreign_deal_is_not_found(claims: Claims) -> None:
    deal = await claims.register()
    await claims.send(KIM, "POST", f"/{deal['id']}/renew", {}, expect=404)
    other = await claims.affiliates.app.install()
    headers = {"Authorization": f"Bearer {claims.affiliates.member_token}"}
    for method, path in (("GET", ""), ("POST", "/review"), ("POST", "/renew")):
        answer = await claims.affiliates.send(
            method,
            f"/v1/apps/{other.project_id}/affiliates/deals/{deal['id']}{path}",
            headers=headers,
            json={"action": "accept"} if method == "POST" else None,
        )
        assert answer.status_code == 404


async def test_settings_have_bounds(claims: Claims) -> None:
    changed = await claims.affiliates.admin("PATCH", "/deals/settings", {"protectionDays": 30}, expect=200)
    assert changed == {"enabled": True, "protectionDays": 30, "renewalsMax": 1}
    for wrong in ({"protectionDays": 0}, {"protectionDays": 366}, {"renewalsMax": -1}, {"renewalsMax": True}):
        await claims.affiliates.admin("PATCH", "/deals/settings", wrong, expect=400)
    deal = await claims.register()
    await claims.wait(31)
    assert "expired" in (await claims.review(deal, expect=409))["message"]
