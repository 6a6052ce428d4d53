"""Customers and their balance, checkouts, refunds, disputes: where money moves."""

from __future__ import annotations

from typing import Any

import pytest
import stripe

from billfold.infrastructure.stripe_simulator.errors import StripeError
from tests.stripe_simulator.conftest import TEAM, World


async def balance(world: World, customer: str, amount: int, currency: str = "usd") -> dict[str, Any]:
    return await world.raw("post", f"customers/{customer}/balance_transactions", amount=amount, currency=currency)


async def test_credit_is_used_up_by_the_next_invoices(world: World) -> None:
    customer = (await world.raw("post", "customers", email="wren@example.com"))["id"]
    change = await balance(world, customer, -1500)
    assert (change["ending_balance"], change["type"]) == (-1500, "adjustment")
    session = await world.checkout(await world.price(1000), customer)
    view = await world.simulator.find_checkout(TEAM, session["id"])
    assert view is not None
    assert (view.credit, view.due_today) == (1000, 0)
    await world.simulator.complete_checkout(TEAM, session["id"], bank="pays")
    first = (await world.raw("get", "invoices", customer=customer))["data"][0]
    assert (first["total"], first["starting_balance"], first["ending_balance"]) == (1000, -1500, -500)
    assert (first["amount_due"], first["status"]) == (0, "paid")
    await world.advance(days=30)
    second = (await world.raw("get", "invoices", customer=customer))["data"][0]
    assert (second["amount_due"], second["amount_paid"], second["ending_balance"]) == (500, 500, 0)
    changes = (await world.raw("get", f"customers/{customer}/balance_transactions"))["data"]
    assert [each["amount"] for each in changes] == [500, 1000, -1500]
    assert [each["type"] for each in changes] == ["applied_to_invoice", "applied_to_invoice", "adjustment"]
    assert (await world.raw("get", f"customers/{customer}"))["balance"] == 0


async def test_a_balance_has_one_currency(world: World) -> None:
    customer = (await world.raw("post", "customers", email="wren@example.com"))["id"]
    await balance(world, customer, -100)
    with pytest.raises(stripe.InvalidRequestError, match="combine currencies"):
        await balance(world, customer, -100, "eur")


async def test_a_customer_is_changed_found_and_deleted(world: World) -> None:
    made = await world.raw("post", "customers", email="wren@example.com", metadata={"a": "1", "b": "2"})
    changed = await world.raw("post", f"customers/{made['id']}", name="Wren", metadata={"a": "", "c": "3"})
    assert (changed["name"], changed["metadata"]) == ("Wren", {"b": "2", "c": "3"})
    assert (await world.raw("post", f"customers/{made['id']}", name=""))["name"] is None
    found = await world.raw("get", "customers", email="wren@example.com")
    assert [each["id"] for each in found["data"]] == [made["id"]]
    await world.raw("delete", f"customers/{made['id']}")
    assert await world.raw("get", f"customers/{made['id']}") == {
        "id": made["id"],
        "object": "customer",
        "deleted": True,
    }
    assert (await world.raw("get", "customers", email="wren@example.com"))["data"] == []
    with pytest.raises(stripe.InvalidRequestError):
        await world.raw("post", f"customers/{made['id']}", name="Back")


async def test_a_declined_checkout_stays_open_and_makes_no_subscription(world: World) -> None:
    customer = (await world.raw("post", "customers", email="wren@example.com"))["id"]
    session = await world.checkout(await world.price(), customer)
    refused = await world.simulator.complete_checkout(TEAM, session["id"], bank="refuses")
    assert (refused["status"], refused["subscription"]) == ("open", None)
    assert (await world.raw("get", "subscriptions", customer=customer, status="all"))["data"] == []
    await world.worker.drain()
    assert world.types[-3:] == ["payment_intent.created", "charge.failed", "payment_intent.payment_failed"]
    done = await world.simulator.complete_checkout(TEAM, session["id"], bank="pays")
    assert (done["status"], done["payment_status"]) == ("complete", "paid")
    with pytest.raises(StripeError, match="complete"):
        await world.simulator.complete_checkout(TEAM, session["id"], bank="pays")


async def test_metadata_of_a_checkout_goes_where_stripe_puts_it(world: World) -> None:
    sub = await world.subscribe(metadata={"on": "session"}, subscription_data={"metadata": {"on": "subscription"}})
    assert sub["metadata"] == {"on": "subscription"}
    invoice = await world.raw("get", f"invoices/{sub['latest_invoice']}")
    assert invoice["parent"]["subscription_details"]["metadata"] == {"on": "subscription"}
    paid = await world.checkout(
        await world.price(700, None), mode="payment", payment_intent_data={"metadata": {"on": "payment"}}
    )
    done = await world.simulator.complete_checkout(TEAM, paid["id"], bank="pays", email="guest@example.com")
    assert done["customer"] is None
    intent = await world.raw("get", f"payment_intents/{done['payment_intent']}", expand=["latest_charge"])
    assert (intent["metadata"], intent["amount_received"]) == ({"on": "payment"}, 700)
    assert intent["latest_charge"]["metadata"] == {"on": "payment"}


async def test_a_checkout_makes_its_customer_and_expires(world: World) -> None:
    session = await world.checkout(await world.price(), customer_email="new@example.com")
    done = await world.simulator.complete_checkout(TEAM, session["id"], bank="pays")
    assert (await world.raw("get", f"customers/{done['customer']}"))["email"] == "new@example.com"
    left = await world.checkout(await world.price())
    assert "checkout.session.expired" in await world.advance(days=1)
    with pytest.raises(StripeError, match="expired"):
        await world.simulator.complete_checkout(TEAM, left["id"], bank="pays")
    third = await world.checkout(await world.price())
    assert (await world.raw("post", f"checkout/sessions/{third['id']}/expire"))["status"] == "expired"


@pytest.mark.parametrize(
    "wrong",
    [
        {"success_url": "javascript:alert(1)"},
        {"line_items": []},
        {"mode": "setup"},
        {"mode": "gift"},
        {"line_items": [{"price": "price_none", "quantity": 1}]},
        {"subscription_data": {"trial_period_days": 0}},
        {"subscription_data": {"trial_period_days": 731}},
        {"payment_intent_data": {"metadata": {"a": "b"}}},
        {"customer": "cus_none"},
    ],
)
async def test_a_checkout_that_cannot_be_right_is_refused(world: World, wrong: dict[str, Any]) -> None:
    price = await world.price()
    values = {
        "mode": "subscription",
        "line_items": [{"price": price["id"], "quantity": 1}],
        "success_url": "https://a.example.com/",
    }
    with pytest.raises(stripe.InvalidRequestError):
        await world.raw("post", "checkout/sessions", **{**values, **wrong})
    await world.raw("post", f"prices/{price['id']}", active=False)
    with pytest.raises(stripe.InvalidRequestError, match="inactive"):
        await world.raw("post", "checkout/sessions", **values)


async def test_partial_refunds_add_up_and_no_more_than_all_is_given_back(world: World) -> None:
    await world.subscribe(1000)
    charge = (await world.raw("get", "charges"))["data"][0]
    for expected in (330, 660):
        await world.raw("post", "refunds", charge=charge["id"], amount=330)
        assert (await world.raw("get", f"charges/{charge['id']}"))["amount_refunded"] == expected
    with pytest.raises(stripe.InvalidRequestError, match="greater than unrefunded"):
        await world.raw("post", "refunds", charge=charge["id"], amount=341)
    rest = await world.raw("post", "refunds", payment_intent=charge["payment_intent"])
    assert (rest["amount"], rest["status"]) == (340, "succeeded")
    after = await world.raw("get", f"charges/{charge['id']}", expand=["refunds"])
    assert after["refunded"]
    assert [each["amount"] for each in after["refunds"]["data"]] == [340, 330, 330]
    with pytest.raises(stripe.InvalidRequestError, match="already been refunded"):
        await world.raw("post", "refunds", charge=charge["id"])
    assert len((await world.raw("get", "refunds", payment_intent=charge["payment_intent"]))["data"]) == 3


async def test_a_dispute_is_opened_and_decided_once(world: World) -> None:
    sub = await world.subscribe(1000)
    dispute = await world.simulator.open_dispute(TEAM, charge=None, subscription=sub["id"])
    assert (dispute["amount"], dispute["status"]) == (1000, "needs_response")
    assert (await world.raw("get", f"charges/{dispute['charge']}"))["disputed"]
    with pytest.raises(stripe.InvalidRequestError):
        await world.raw("post", "refunds", charge=dispute["charge"])
    await world.simulator.close_dispute(TEAM, dispute["id"], won=True)
    with pytest.raises(StripeError):
        await world.simulator.close_dispute(TEAM, dispute["id"], won=False)
    await world.worker.drain()
    assert [name for name in world.types if name.startswith("charge.dispute")] == [
        "charge.dispute.created",
        "charge.dispute.funds_withdrawn",
        "charge.dispute.funds_reinstated",
        "charge.dispute.closed",
    ]


async def test_catalog_rules(world: World) -> None:
    price = await world.price(500, "month", nickname="Small")
    with pytest.raises(stripe.InvalidRequestError):
        await world.raw("post", f"prices/{price['id']}", unit_amount=600)
    with pytest.raises(stripe.InvalidRequestError):
        await world.raw("delete", f"products/{price['product']}")
    assert (await world.raw("post", f"prices/{price['id']}", nickname=""))["nickname"] is None
    archived = await world.raw("post", f"products/{price['product']}", active=False)
    assert archived["active"] is False
    assert (await world.raw("get", "products", active=True))["data"] == []
    yen = await world.raw("post", "prices", product=price["product"], unit_amount=500, currency="JPY")
    assert (yen["currency"], yen["unit_amount_decimal"], yen["recurring"]) == ("jpy", "500", None)


async def test_a_promotion_code_gives_its_coupon_once_only(world: World) -> None:
    await world.raw("post", "coupons", id="FIVE", amount_off=500, currency="usd", duration="once", max_redemptions=1)
    code = await world.raw("post", "promotion_codes", promotion={"type": "coupon", "coupon": "FIVE"}, code="Spring")
    found = await world.raw("get", "promotion_codes", code="SPRING", expand=["data.promotion.coupon"])
    assert found["data"][0]["promotion"]["coupon"]["amount_off"] == 500
    with pytest.raises(stripe.InvalidRequestError, match="already exists"):
        await world.raw("post", "promotion_codes", promotion={"type": "coupon", "coupon": "FIVE"}, code="spring")
    sub = await world.subscribe(discounts=[{"promotion_code": code["id"]}])
    invoice = await world.raw("get", f"invoices/{sub['latest_invoice']}", expand=["discounts"])
    assert (invoice["total"], invoice["discounts"][0]["promotion_code"]) == (500, code["id"])
    assert sub["discounts"] == []
    with pytest.raises(stripe.InvalidRequestError, match="expired"):
        await world.checkout(await world.price(), discounts=[{"coupon": "FIVE"}])


async def test_a_saved_card_is_made_the_default_and_renews(world: World) -> None:
    sub = await world.subscribe(bank="fails_later")
    customer = sub["customer"]
    session = await world.raw(
        "post",
        "checkout/sessions",
        mode="setup",
        customer=customer,
        currency="usd",
        success_url="https://a.example.com/",
    )
    done = await world.simulator.complete_checkout(TEAM, session["id"], bank="pays")
    intent = await world.raw("get", f"setup_intents/{done['setup_intent']}")
    card = intent["payment_method"]
    # As at Stripe, saving a card changes no default by itself.
    assert (await world.raw("get", f"customers/{customer}"))["invoice_settings"]["default_payment_method"] is None
    await world.raw("post", f"customers/{customer}", invoice_settings={"default_payment_method": card})
    await world.raw("post", f"subscriptions/{sub['id']}", default_payment_method=card)
    assert "invoice.payment_failed" not in await world.advance(days=30)
    cards = await world.raw("get", f"customers/{customer}/payment_methods")
    assert cards["data"][0]["id"] == card


async def test_money_can_be_sent_to_a_connected_account(world: World) -> None:
    account = await world.raw("post", "accounts", type="express", country="CH")
    with pytest.raises(stripe.InvalidRequestError, match="capabilities"):
        await world.raw("post", "transfers", amount=500, currency="usd", destination=account["id"])
    page = "https://app.example.com/payouts"
    link = await world.raw(
        "post", "account_links", account=account["id"], type="account_onboarding", refresh_url=page, return_url=page
    )
    token = link["url"].rpartition("/")[2]
    assert await world.simulator.finish_onboarding(TEAM, account["id"], token, is_refused=False) == page
    sent = await world.raw("post", "transfers", amount=500, currency="usd", destination=account["id"])
    assert (await world.raw("get", "transfers", destination=account["id"]))["data"] == [sent]
    with pytest.raises(stripe.InvalidRequestError):
        await world.raw("post", "transfers", amount=500, currency="usd", destination="acct_none")
