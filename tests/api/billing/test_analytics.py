"""`…/analytics`: contract section 3.7, G26 to G28."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from tests.api.billing.conftest import Api
from tests.billing.stripe_values import stripe_price


async def analytics(api: Api, query: str = "") -> dict[str, Any]:
    answer = await api.get(f"/analytics{query}")
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def test_an_empty_project_has_every_field(api: Api) -> None:
    found = await analytics(api)
    growth = found.pop("customerGrowth")
    assert found == {
        "mrr": 0.0,
        "mrrByCurrency": {},
        "customerCount": 0,
        "churnRate": 0.0,
        "subscriptionBreakdown": {
            "active": 0,
            "trialing": 0,
            "past_due": 0,
            "canceled": 0,
            "unpaid": 0,
            "incomplete": 0,
            "paused": 0,
        },
        "webhookStats": {"total": 0, "processed": 0, "failed": 0},
        "referralStats": {"totalCodes": 0, "totalReferrals": 0, "converted": 0},
    }
    assert [point["date"] for point in growth] == [
        "2026-02-28", "2026-03-07", "2026-03-14", "2026-03-21", "2026-03-28", "2026-03-30",
    ]  # fmt: skip
    assert {point["count"] for point in growth} == {0}


@pytest.mark.parametrize("days", ["0", "366", "-1", "1.5", "x", "", "1e1", "\u0663", "9" * 100])
async def test_a_window_that_is_not_1_to_365_days_is_400(api: Api, days: str) -> None:
    assert (await api.get("/analytics", params={"growthDays": days})).status_code == 400


async def test_subscriptions_count_as_revenue_by_month_and_by_status(api: Api) -> None:
    jane = await api.make_customer()
    await api.make_subscription(jane, stripe_id="sub_a", prices=(stripe_price(unit_amount=1000),))
    await api.make_subscription(jane, stripe_id="sub_b", status="trialing", prices=(stripe_price(unit_amount=500),))
    await api.make_subscription(jane, stripe_id="sub_c", status="past_due", prices=(stripe_price(unit_amount=7000),))
    found = await analytics(api)
    assert found["mrr"] == 15.0
    assert found["mrrByCurrency"] == {"usd": 15.0}
    breakdown = found["subscriptionBreakdown"]
    assert (breakdown["active"], breakdown["trialing"], breakdown["past_due"]) == (1, 1, 1)


async def test_growth_is_cumulative_and_ends_with_the_count_of_today(api: Api) -> None:
    first = await api.make_customer("a@example.com")
    api.clock.advance(timedelta(days=3))
    await api.make_customer("b@example.com")
    api.clock.advance(timedelta(days=1))
    await api.make_customer("c@example.com")
    await api.delete(f"/customers/{first['id']}")
    found = await analytics(api, "?growthDays=5")
    assert [(point["date"], point["count"]) for point in found["customerGrowth"]] == [
        ("2026-03-29", 0),
        ("2026-03-30", 0),
        ("2026-03-31", 0),
        ("2026-04-01", 0),
        ("2026-04-02", 1),
        ("2026-04-03", 2),
    ]
    assert found["customerCount"] == 2


async def test_churn_is_what_ended_of_what_ran_at_the_start(api: Api) -> None:
    jane = await api.make_customer()
    for number in range(3):
        await api.make_subscription(jane, stripe_id=f"sub_{number}")
    # Canceled three days after it began, in the simulated past of these values.
    await api.make_subscription(jane, stripe_id="sub_0", status="canceled")
    api.clock.advance(timedelta(days=10))
    within = await analytics(api, "?growthDays=9")
    assert within["churnRate"] == 33.3
    assert within["subscriptionBreakdown"]["canceled"] == 1
    # A day later the window begins after the end; a year looks at a time before anything ran.
    assert (await analytics(api, "?growthDays=2"))["churnRate"] == 0.0
    assert (await analytics(api, "?growthDays=365"))["churnRate"] == 0.0


async def test_referrals_and_codes_are_counted_deactivated_ones_too(api: Api) -> None:
    body = {"enabled": True, "referrerCreditAmount": 1, "refereeCreditAmount": 1}
    await api.call("PUT", "/referrals/config", json=body)
    owner, friend = await api.make_customer("a@example.com"), await api.make_customer("b@example.com")
    code = (await api.post("/referrals/codes", {"customerId": owner["id"]})).json()["code"]["code"]
    await api.post("/referrals/apply", {"code": code, "refereeCustomerId": friend["id"]})
    await api.delete(f"/referrals/codes/{code}")
    found = await analytics(api)
    assert found["referralStats"] == {"totalCodes": 1, "totalReferrals": 1, "converted": 0}


async def test_it_needs_its_own_scope(api: Api) -> None:
    for scope, status in (("analytics:read", 200), ("customers:read", 403)):
        key = await api.make_key(scopes=[scope])
        answer = await api.client.get(api.path("/analytics"), headers={"Authorization": f"Bearer {key}"})
        assert answer.status_code == status
