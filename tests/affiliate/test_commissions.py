"""Commissions as the team's callers see them, earned through the whole server against the simulated Stripe."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from tests.affiliate.conftest import Affiliates


class Shop:
    """A partner's customer who buys for $29.00, with refunds, credit notes and disputes."""

    def __init__(self, affiliates: Affiliates) -> None:
        self.affiliates = affiliates
        self.app = affiliates.app
        self.partner: dict[str, Any] = {}
        self.friend = ""
        self.subscription = ""

    async def open(self, *, by_click: bool = False) -> Shop:
        """Approve a partner and have his friend pay, who brings the code along or comes by the link."""
        self.partner = await self.affiliates.enrol("partner@agency.example.com", "JANE20")
        product = (await self.api("POST", "/products", {"name": "Pro"}))["product"]["id"]
        price = {"unitAmount": 2900, "interval": "month", "type": "recurring"}
        price_id = (await self.api("POST", f"/products/{product}/prices", price))["price"]["id"]
        came = {"clickToken": await self.click()} if by_click else {"referralCode": "JANE20"}
        self.friend = (await self.api("POST", "/customers", {"email": "friend@example.com", **came}))["customer"]["id"]
        await self.app.drain()
        checkout = {
            "customerId": self.friend,
            "priceId": price_id,
            "successUrl": "https://example.com/ok",
            "cancelUrl": "https://example.com/no",
        }
        session = (await self.api("POST", "/checkout", checkout))["sessionId"]
        done = await self.control(f"checkout/{session}/complete", outcome="paid")
        self.subscription = done["session"]["subscription"]
        await self.app.drain()
        return self

    async def click(self) -> str:
        """Follow the partner's link and return the token with which the visitor lands."""
        link = f"/r/{self.app.team.project_id}/JANE20"
        answer = await self.app.anonymous.get(link, headers={"user-agent": "Mozilla/5.0"})
        assert answer.is_redirect, answer.text
        return parse_qs(urlsplit(answer.headers["location"]).query)["ref_click"][0]

    async def api(self, method: str, path: str, body: Any) -> Any:
        """Call the billing API."""
        answer = await self.app.client.request(method, self.app.path + path, json=body)
        assert answer.status_code < 300, answer.text
        return answer.json()

    async def control(self, path: str, **body: Any) -> Any:
        """Have the simulated Stripe do something, and hear of it."""
        answer = await self.app.client.post(f"/simulator/{self.app.team.team_id}/{path}", json=body)
        assert answer.status_code < 300, answer.text
        await self.app.drain()
        return answer.json()

    async def stripe(self, method: str, path: str, **fields: Any) -> Any:
        """Call the simulated Stripe as its own users do, and hear of it."""
        headers = {"Authorization": f"Bearer {self.app.team.simulator_secret_key}"}
        answer = await self.app.anonymous.request(
            method, f"/simulator/stripe/v1/{path}", headers=headers, data=fields or None
        )
        assert answer.status_code < 300, answer.text
        await self.app.drain()
        return answer.json()

    async def wait(self, time: timedelta) -> None:
        """Let time pass; sessions end, so the owner signs in again."""
        self.app.clock.advance(time)
        await self.app.drain()
        self.affiliates.member_token = await self.affiliates.member("owner@example.com")

    async def commissions(self, query: str = "") -> list[dict[str, Any]]:
        """Return the team's list."""
        found: list[dict[str, Any]] = (await self.affiliates.admin("GET", f"/commissions{query}", expect=200))[
            "commissions"
        ]
        return found

    async def worth(self) -> int:
        """Return what the partner has earned and not been paid, in cents."""
        listed = await self.affiliates.key("GET", f"/v1/affiliate/by-customer/{self.partner['customerId']}", expect=200)
        return int(listed["totalEarnedCents"])


@pytest.fixture
async def shop(affiliates: Affiliates) -> Shop:
    """A partner's friend has paid $29.00."""
    return await Shop(affiliates).open()


async def test_d7_twenty_percent_of_29_dollars_is_5_80_pending_until_day_30(shop: Shop) -> None:
    (commission,) = await shop.commissions()
    assert (commission["amount"], commission["amountCents"], commission["currency"]) == (5.8, 580, "usd")
    assert (commission["status"], commission["email"]) == ("pending", "partner@agency.example.com")
    bearer = {"Authorization": f"Bearer {shop.affiliates.member_token}"}
    raw = await shop.affiliates.send("GET", f"{shop.affiliates.apps}/affiliates/commissions", headers=bearer)
    # Exact on the wire, never a binary fraction.
    assert '"amount":5.80' in raw.text.replace(" ", "")
    await shop.wait(timedelta(days=30, seconds=-90))
    assert [each["status"] for each in await shop.commissions()] == ["pending"]
    await shop.wait(timedelta(seconds=90))
    assert [each["status"] for each in await shop.commissions()] == ["approved"]
    assert await shop.commissions("?status=pending") == []
    assert len(await shop.commissions(f"?status=approved&affiliateId={shop.partner['id']}")) == 1
    assert await shop.commissions("?affiliateId=aff_unknown") == []
    await shop.affiliates.admin("GET", "/commissions?status=blue", expect=400)


async def test_d6_credit_notes_failed_refunds_and_disputes_end_to_the_cent(shop: Shop) -> None:
    invoice = (await shop.stripe("get", "invoices"))["data"][0]["id"]
    note = await shop.stripe("post", "credit_notes", invoice=invoice, credit_amount=1000)
    assert await shop.worth() == 380
    refund = (await shop.control("refunds", subscriptionId=shop.subscription, amount=900))["refund"]["id"]
    assert await shop.worth() == 200
    await shop.control(f"refunds/{refund}/fail")
    assert await shop.worth() == 380
    await shop.stripe("post", f"credit_notes/{note['id']}/void")
    assert await shop.worth() == 580
    # What a note refunds is on the charge too and counts once.
    await shop.stripe("post", "credit_notes", invoice=invoice, refund_amount=1450)
    assert await shop.worth() == 290
    dispute = (await shop.control("disputes", subscriptionId=shop.subscription))["dispute"]["id"]
    assert await shop.worth() == 0
    # Nothing is left of it, and nothing was paid out: it is void as long as that is so.
    assert [(each["status"], each["voidReason"]) for each in await shop.commissions("?status=voided")] == [
        ("voided", "refunded")
    ]
    assert await shop.commissions("?status=pending") == []
    await shop.control(f"disputes/{dispute}/close", outcome="won")
    assert await shop.worth() == 290


async def test_a_commission_is_voided_with_its_reason_and_restored(shop: Shop) -> None:
    (commission,) = await shop.commissions()
    path = f"/commissions/{commission['id']}"
    body = {"reason": "agreement", "note": "He asked for it."}
    voided = (await shop.affiliates.admin("POST", f"{path}/void", body, expect=200))["commission"]
    assert (voided["status"], voided["voidReason"], voided["voidNote"]) == ("voided", "agreement", "He asked for it.")
    assert (voided["amountCents"], voided["voidedBy"]) == (580, "owner@example.com")
    assert await shop.worth() == 0
    assert len(await shop.commissions("?status=voided")) == 1
    await shop.affiliates.admin("POST", f"{path}/void", {}, expect=409)
    # A refund meanwhile: it comes back as what it is worth now.
    await shop.control("refunds", subscriptionId=shop.subscription, amount=1450)
    assert await shop.worth() == 0
    restored = (await shop.affiliates.admin("POST", f"{path}/restore", expect=200))["commission"]
    assert (restored["status"], restored["amountCents"]) == ("pending", 290)
    await shop.affiliates.admin("POST", f"{path}/restore", expect=409)
    await shop.affiliates.admin("POST", "/commissions/rw_unknown/void", {}, expect=404)
    await shop.affiliates.admin("POST", f"{path}/void", {"reason": "blue"}, expect=400)


async def test_what_is_not_below_zero_cannot_be_written_off(shop: Shop) -> None:
    path = f"/{shop.partner['id']}/write-offs"
    body = {"currency": "usd", "reason": "A gesture."}
    refused = await shop.affiliates.admin("POST", path, body, expect=409)
    assert "not below zero" in refused["message"]
    await shop.affiliates.admin("POST", path, {**body, "currency": "eur"}, expect=404)
    await shop.affiliates.admin("POST", path, {**body, "reason": ""}, expect=400)
    assert (await shop.affiliates.admin("GET", "/reviews", expect=200))["reviews"] == []
    await shop.affiliates.admin("POST", "/reviews/rev_unknown/decision", {"decision": "release"}, expect=404)
