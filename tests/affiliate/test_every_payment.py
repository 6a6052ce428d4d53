"""What a commission is on, and what takes it back, each through the whole server and the simulated Stripe (D6, D8)."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.affiliate.conftest import Affiliates
from tests.affiliate.test_commissions import Shop


@pytest.fixture
async def shop(affiliates: Affiliates) -> Shop:
    """A partner's friend has paid $29.00, worth $5.80."""
    return await Shop(affiliates).open()


async def explained(shop: Shop) -> dict[int, tuple[str, int]]:
    """Return each payment's outcome and commission by its amount, after checking that they are worked out again."""
    found = await shop.api("GET", f"/referrals/explain?customer={shop.friend}", None)
    told: dict[int, tuple[str, int]] = {}
    for payment in found["explanation"]["payments"]:
        assert all(each["agrees"] for each in payment["commissions"]), payment
        earned = sum(each["amount"] for each in payment["commissions"])
        told[payment["amountPaid"]] = (payment["outcome"], earned)
    return told


async def test_d6_three_refunds_of_a_third_and_the_rest_take_back_all_and_not_a_cent_more(shop: Shop) -> None:
    for _ in range(3):
        await shop.control("refunds", subscriptionId=shop.subscription, amount=957)
    # 29 cents are left, and a fifth of them is 5.8.
    assert await shop.worth() == 6
    refused = await shop.app.client.post(
        f"/simulator/{shop.app.team.team_id}/refunds", json={"subscriptionId": shop.subscription, "amount": 30}
    )
    assert refused.status_code == 400
    await shop.control("refunds", subscriptionId=shop.subscription, amount=29)
    assert await shop.worth() == 0
    assert await explained(shop) == {2900: ("taken_back", 0)}
    (commission,) = await shop.commissions("?status=voided")
    assert commission["voidReason"] == "refunded"


async def test_d6_a_dispute_of_what_a_refund_left_is_lost(shop: Shop) -> None:
    await shop.control("refunds", subscriptionId=shop.subscription, amount=1450)
    dispute = (await shop.control("disputes", subscriptionId=shop.subscription))["dispute"]["id"]
    assert await shop.worth() == 0
    await shop.control(f"disputes/{dispute}/close", outcome="lost")
    assert await shop.worth() == 0
    assert (await explained(shop))[2900][0] == "taken_back"


async def test_d8_each_invoice_counts_as_it_was_paid(shop: Shop) -> None:
    customer = (await shop.stripe("get", "customers"))["data"][0]["id"]
    # Ten dollars of the next month are paid from the customer's own balance.
    await shop.stripe("post", f"customers/{customer}/balance_transactions", amount=-1000, currency="usd")
    await shop.control("clock", advance_days=31)
    # Half of a month is a coupon's, and then nothing is left to pay.
    for name, percent in (("HALF", 50), ("ALL", 100)):
        await shop.stripe("post", "coupons", id=name, percent_off=percent, duration="forever")
        await shop.stripe("post", f"subscriptions/{shop.subscription}", **{"discounts[0][coupon]": name})
        await shop.control("clock", advance_days=31)
    found = await explained(shop)
    assert found == {
        2900: ("earned", 580),
        1900: ("earned", 380),
        1450: ("earned", 290),
        0: ("nothing_paid", 0),
    }


async def test_d8_an_upgrade_earns_on_what_was_paid_for_it_and_a_downgrade_never_below_zero(shop: Shop) -> None:
    product = (await shop.api("POST", "/products", {"name": "Team"}))["product"]["id"]
    dear = (await shop.stripe("get", "products"))["data"][0]["id"]
    assert product
    item = (await shop.stripe("get", f"subscriptions/{shop.subscription}"))["items"]["data"][0]
    prices = {
        name: await shop.stripe(
            "post",
            "prices",
            **{"product": dear, "currency": "usd", "unit_amount": cents, "recurring[interval]": "month"},
        )
        for name, cents in (("dear", 9900), ("cheap", 900))
    }
    await shop.control("clock", advance_days=10)
    for name in ("dear", "cheap"):
        change = {
            "items[0][id]": item["id"],
            "items[0][price]": prices[name]["id"],
            "proration_behavior": "always_invoice",
        }
        await shop.stripe("post", f"subscriptions/{shop.subscription}", **change)
    found = await explained(shop)
    upgrade = next(paid for paid in found if paid not in {0, 2900})
    assert 0 < upgrade < 7000
    assert found[upgrade] == ("earned", (2 * upgrade * 20 + 100) // 200)
    assert found[2900] == ("earned", 580)
    assert all(earned >= 0 for _, earned in found.values())
    assert await shop.worth() == sum(earned for _, earned in found.values())


async def test_d8_a_second_subscription_of_the_same_customer_counts_too(shop: Shop) -> None:
    (customer,) = (await shop.stripe("get", "customers"))["data"]
    product = (await shop.stripe("get", "products"))["data"][0]["id"]
    price = {"product": product, "currency": "usd", "unit_amount": 500, "recurring[interval]": "month"}
    price_id = (await shop.stripe("post", "prices", **price))["id"]
    first = await shop.stripe("get", f"subscriptions/{shop.subscription}")
    fields = {"items[0][price]": price_id, **{f"metadata[{key}]": value for key, value in first["metadata"].items()}}
    card = first["default_payment_method"]
    await shop.stripe("post", "subscriptions", customer=customer["id"], default_payment_method=card, **fields)
    assert await explained(shop) == {2900: ("earned", 580), 500: ("earned", 100)}
    assert await shop.worth() == 680


async def test_an_own_rate_counts_for_what_is_paid_after_its_date_also_if_it_is_heard_of_late(shop: Shop) -> None:
    path = f"/{shop.partner['id']}"
    await shop.affiliates.admin("PATCH", path, {"commissionRate": 50, "appliesTo": "from_date"}, expect=200)
    # A refund of what was paid before is still reckoned at the old rate.
    await shop.control("refunds", subscriptionId=shop.subscription, amount=1450)
    assert await shop.worth() == 290
    await shop.wait(timedelta(seconds=2))
    await shop.control("clock", advance_days=31)
    assert await shop.worth() == 290 + 1450
