"""What the port promises of ways to pay: see `conftest.py`."""

from __future__ import annotations

from typing import Any

import pytest

from billfold.base.ids import new_token
from billfold.infrastructure.stripe.port import StripeRejected
from tests.contract.conftest import Account


async def test_a_setup_session_is_opened_under_its_key_and_carries_what_routes_it(account: Account) -> None:
    fields: dict[str, Any] = {
        "customer_id": await account.customer(),
        "currency": "usd",
        "success_url": "https://example.com/done",
        "cancel_url": "https://example.com/back",
        "metadata": {"project_id": "proj_1"},
        "idempotency_key": new_token(),
    }
    made = await account.gateway.create_setup_session(**fields)
    assert (made.mode, made.status, made.subscription_id) == ("setup", "open", None)
    assert made.metadata == {"project_id": "proj_1"}
    assert made.url is not None
    assert (await account.gateway.create_setup_session(**fields)).id == made.id


async def test_a_default_is_the_subscriptions_own_before_the_customers(account: Account) -> None:
    customer_id = await account.customer()
    subscription = await account.subscription(customer_id)
    ask = account.gateway.get_default_payment_method
    assert await ask(customer_id, subscription_id=None) is None
    own = await ask(customer_id, subscription_id=subscription.id)
    assert own is not None
    assert (own.type, own.brand, own.last4) == ("card", "visa", "4242")

    other = (await account.requests.post("payment_methods/pm_card_mastercard/attach", {"customer": customer_id}))["id"]
    await account.gateway.set_default_payment_method(customer_id, other)
    of_customer = await ask(customer_id, subscription_id=None)
    assert of_customer is not None
    assert (of_customer.id, of_customer.brand, of_customer.last4) == (other, "mastercard", "4444")
    still = await ask(customer_id, subscription_id=subscription.id)
    assert still is not None
    assert still.id == own.id
    changed = await account.gateway.set_subscription_payment_method(subscription.id, other)
    assert changed.id == subscription.id
    now = await ask(customer_id, subscription_id=subscription.id)
    assert now is not None
    assert now.id == other


async def test_nobodys_setup_and_nobodys_card_are_not_there(account: Account) -> None:
    assert await account.gateway.get_setup_intent("seti_0") is None
    assert await account.gateway.get_default_payment_method("cus_0", subscription_id="sub_0") is None
    with pytest.raises(StripeRejected):
        await account.gateway.set_default_payment_method(await account.customer(), "pm_0")
