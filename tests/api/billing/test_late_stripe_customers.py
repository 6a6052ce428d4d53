"""A customer who came with a token has no Stripe customer until one is needed."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from billfold.base.errors import NotFound
from billfold.domain.billing import customers, linking
from billfold.domain.billing.customers import Customer
from billfold.infrastructure.stripe.values import StripeCustomer
from tests.api.billing.conftest import Api
from tests.billing.stripe_values import START


async def _came_with_a_token(api: Api, *, is_proved: bool = True, **changes: Any) -> Customer:
    row = customers.new_customer(
        team_id=api.house.team_id,
        project_id=api.house.project_id,
        email=changes.get("email", "jane@example.com"),
        name="Jane",
        stripe_customer_id="",
        metadata={},
        at=START,
        now=START,
    )
    if not is_proved:
        row = replace(row, email_normalised=row.id)
    return await api.services.db.write(customers.add_customer, row)


async def _ensure(api: Api, customer: Customer) -> str:
    return await linking.ensure_stripe_customer(
        api.services.db,
        api.stripe.gateway,
        project_id=customer.project_id,
        customer_id=customer.id,
        now=api.clock.now(),
    )


async def test_it_is_made_at_the_first_need_and_kept(api: Api) -> None:
    customer = await _came_with_a_token(api)
    made = await _ensure(api, customer)
    assert made
    assert await _ensure(api, customer) == made
    assert len(api.stripe.customers) == 1
    assert api.stripe.customers[made].email == "jane@example.com"


async def test_needs_at_once_agree(api: Api) -> None:
    customer = await _came_with_a_token(api)
    assert len(set(await asyncio.gather(*(_ensure(api, customer) for _ in range(5))))) == 1


async def test_a_proved_address_is_linked_to_the_stripe_customer_that_has_it(api: Api) -> None:
    there = await api.stripe.gateway.create_customer(
        email="jane@example.com", name=None, metadata={}, idempotency_key="there"
    )
    assert await _ensure(api, await _came_with_a_token(api)) == there.id


async def test_an_unproved_address_opens_nobodys_stripe_customer(api: Api) -> None:
    there: StripeCustomer = await api.stripe.gateway.create_customer(
        email="jane@example.com", name=None, metadata={}, idempotency_key="there"
    )
    assert await _ensure(api, await _came_with_a_token(api, is_proved=False)) != there.id


async def test_several_customers_may_be_without_one(api: Api) -> None:
    first = await _came_with_a_token(api)
    second = await _came_with_a_token(api, email="john@example.com")
    shown = {each["id"]: each["stripeCustomerId"] for each in (await api.get("/customers")).json()["customers"]}
    assert shown == {first.id: None, second.id: None}


async def test_a_checkout_makes_it(api: Api) -> None:
    customer = await _came_with_a_token(api)
    price = await api.make_price()
    body = {
        "customerId": customer.id,
        "priceId": price["id"],
        "successUrl": "https://app.example.com/done",
        "cancelUrl": "https://app.example.com/",
    }
    answer = await api.post("/checkout", body)
    assert answer.status_code == 201, answer.text
    assert (await api.get(f"/customers/{customer.id}")).json()["customer"]["stripeCustomerId"]


async def test_changing_a_name_does_not_prove_an_address(api: Api) -> None:
    customer = await _came_with_a_token(api, is_proved=False)
    other = await api.make_customer("jane@example.com")
    answer = await api.patch(f"/customers/{customer.id}", {"name": "Janet"})
    assert answer.status_code == 200, answer.text
    found = await api.services.db.read(customers.find_by_email, customer.project_id, "jane@example.com")
    assert found is not None
    assert found.id == other["id"]


async def test_there_is_none_for_a_customer_who_is_gone(api: Api) -> None:
    customer = await _came_with_a_token(api)
    await api.delete(f"/customers/{customer.id}")
    with pytest.raises(NotFound):
        await _ensure(api, customer)


async def test_an_address_typed_into_stripes_pages_proves_nothing(api: Api) -> None:
    customer = await _came_with_a_token(api, is_proved=False)
    await _ensure(api, customer)
    found = await api.services.db.read(customers.get, customer.project_id, customer.id)
    value = replace(api.stripe.customers[found.stripe_customer_id], email="victim@example.com")
    now = api.clock.now() + timedelta(seconds=1)
    changed = await api.services.db.write(customers.refresh, found, value, fetched_at=now, at=now, now=now)
    assert changed.email == "victim@example.com"
    assert not changed.holds_address
    assert await api.services.db.read(customers.find_by_email, customer.project_id, "victim@example.com") is None
