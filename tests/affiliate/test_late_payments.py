"""A payment that Stripe tells of weeks later is shown by the day it was paid, and at the rate of that day."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from billfold.entrypoints.web.amounts import day_text
from tests.affiliate.conftest import Affiliates
from tests.affiliate.test_commissions import Shop
from tests.affiliate.test_partner_portal import Portal
from tests.app_fixtures import BASE_URL


@pytest.fixture
async def portal(affiliates: Affiliates) -> Portal:
    return await Portal(affiliates, await Shop(affiliates).open()).open()


async def test_a_late_payment_is_dated_when_it_was_paid(portal: Portal) -> None:
    shop = portal.shop
    # The renewal of the first month is heard of two weeks after it.
    await shop.control("clock", advance_days=45)
    renewal = min(await shop.commissions(), key=lambda each: str(each["createdAt"]))
    latest = max(await shop.commissions(), key=lambda each: str(each["createdAt"]))
    held_until = datetime.fromisoformat(latest["approvesAt"])
    paid_on = held_until - timedelta(days=30)
    assert latest["id"] != renewal["id"]
    assert datetime.fromisoformat(latest["createdAt"]) > paid_on + timedelta(days=10)
    session = await portal.affiliates.sign_in("partner@agency.example.com")
    made = await portal.affiliates.customer(session, "GET", "/v1/affiliate/portal-link", expect=200)
    portal.path = made["url"].removeprefix(BASE_URL)
    page = await portal.show()
    assert page.status_code == 200, page.text
    assert day_text(paid_on) in page.text
    assert day_text(datetime.fromisoformat(latest["createdAt"])) not in page.text


async def test_a_late_payment_is_listed_at_the_rate_of_its_day(portal: Portal) -> None:
    shop = portal.shop
    partner = f"/{shop.partner['id']}"
    await shop.app.client.post(f"/simulator/{shop.app.team.team_id}/clock", json={"advance_days": 45})
    shop.affiliates.member_token = await shop.affiliates.member("owner@example.com")
    # From today on he gets half; the renewal of two weeks ago is heard of afterwards.
    await shop.affiliates.admin("PATCH", partner, {"commissionRate": 50, "appliesTo": "from_date"}, expect=200)
    await shop.app.drain()
    session = await portal.affiliates.sign_in("partner@agency.example.com")
    listed = await portal.affiliates.customer(session, "GET", "/v1/affiliate/commissions", expect=200)
    assert [(each["amountCents"], each["rate"]) for each in listed["commissions"]] == [(580, 20), (580, 20)]
