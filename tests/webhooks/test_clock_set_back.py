"""A clock that goes back between two fetches never makes the newer answer lose (SCENARIOS E2)."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import pytest

from billfold.domain.billing import customers, invoices, payments, prices, products, subscriptions
from billfold.domain.billing.freshness import AskAgain
from billfold.domain.billing.stripe_events import count_by_status
from billfold.domain.billing.stripe_objects import Answer, store_answer
from tests.webhooks.conftest import Shop
from tests.webhooks.fake_stripe import (
    about,
    event_body,
    fake_customer,
    fake_invoice,
    fake_payment,
    fake_price,
    fake_product,
    fake_subscription,
)

MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)


@dataclass(frozen=True)
class Kind:
    """A kind of object: an older and a newer answer about it, and what tells them apart in the stored row."""

    event_type: str
    subject: dict[str, Any]
    older: Any
    newer: Any
    find: Callable[..., Awaitable[Any]]
    attribute: str
    values: tuple[Any, Any]


async def find_customer(tx: Any, team_id: str, stripe_id: str) -> customers.Customer:
    [found] = await customers.find_by_stripe_id(tx, team_id, stripe_id)
    return found


KINDS = [
    Kind(
        event_type="customer.subscription.updated",
        subject=about("subscription", "sub_1"),
        older=fake_subscription(),
        newer=fake_subscription(status="past_due"),
        find=subscriptions.find_by_stripe_id,
        attribute="status",
        values=("active", "past_due"),
    ),
    Kind(
        event_type="invoice.updated",
        subject=about("invoice", "in_1"),
        older=fake_invoice(status="open", paid_at=None),
        newer=fake_invoice(),
        find=invoices.find_by_stripe_id,
        attribute="status",
        values=("open", "paid"),
    ),
    Kind(
        event_type="payment_intent.succeeded",
        subject=about("payment_intent", "pi_1"),
        older=fake_payment(),
        newer=fake_payment(amount_refunded=300),
        find=payments.find_by_stripe_id,
        attribute="amount_refunded",
        values=(0, 300),
    ),
    Kind(
        event_type="customer.updated",
        subject=about("customer", "cus_1"),
        older=fake_customer(name="Older"),
        newer=fake_customer(name="Newer"),
        find=find_customer,
        attribute="name",
        values=("Older", "Newer"),
    ),
    Kind(
        event_type="product.updated",
        subject=about("product", "prod_1"),
        older=fake_product(name="Older", metadata={"project_id": "of the shop"}),
        newer=fake_product(name="Newer", metadata={"project_id": "of the shop"}),
        find=products.find_by_stripe_id,
        attribute="name",
        values=("Older", "Newer"),
    ),
    Kind(
        event_type="price.updated",
        subject=about("price", "price_1"),
        older=fake_price(nickname="Older"),
        newer=fake_price(nickname="Newer"),
        find=prices.find_by_stripe_id,
        attribute="nickname",
        values=("Older", "Newer"),
    ),
]


def put(shop: Shop, value: Any) -> None:
    if getattr(value, "metadata", {}).get("project_id"):
        value.metadata["project_id"] = shop.project_id
    shop.stripe.put(value)


async def stored(shop: Shop, kind: Kind) -> Any:
    row = await shop.db.read(kind.find, shop.team_id, kind.subject["id"])
    assert row is not None
    return getattr(row, kind.attribute)


@pytest.fixture(params=KINDS, ids=lambda kind: kind.subject["object"])
def kind(request: pytest.FixtureRequest) -> Kind:
    found: Kind = request.param
    return found


@pytest.fixture(autouse=True)
async def catalog(shop: Shop, kind: Kind) -> None:
    """What a price hangs below, unless the test is about just that; the test's own fetches begin an hour later."""
    if kind.subject["object"] != "product":
        put(shop, fake_product(metadata={"project_id": shop.project_id}))
        await shop.deliver(event_body("product.created", about("product", "prod_1")))
    shop.clock.advance(HOUR)


@pytest.mark.parametrize("back", [timedelta(seconds=1), MINUTE, HOUR, timedelta(days=3653)])
async def test_the_newer_answer_is_taken_although_the_clock_went_back_e2(
    shop: Shop, kind: Kind, back: timedelta
) -> None:
    put(shop, kind.older)
    await shop.deliver(event_body(kind.event_type, kind.subject))
    assert await stored(shop, kind) == kind.values[0]
    shop.clock.advance(-back)
    put(shop, kind.newer)
    await shop.deliver(event_body(kind.event_type, kind.subject))
    assert await stored(shop, kind) == kind.values[1]
    assert set(await shop.db.read(count_by_status, shop.project_id)) == {"processed"}
    # And so is the next one, by the clock that was set back.
    shop.clock.advance(timedelta(milliseconds=1))
    put(shop, kind.older)
    await shop.deliver(event_body(kind.event_type, kind.subject))
    assert await stored(shop, kind) == kind.values[0]


@pytest.mark.parametrize("back", [MINUTE, HOUR])
async def test_of_two_answers_about_what_was_unknown_to_both_the_newer_is_taken_e2(
    shop: Shop, kind: Kind, back: timedelta
) -> None:
    asked = shop.stripe.get_product  # every kind is asked for by the same method of the made-up account
    early_answers: list[Any] = []

    async def another_worker_is_first(stripe_id: str) -> Any:
        """Have a second worker fetch and store an older answer, by a clock that is ahead, after this one began."""
        value = await asked(stripe_id)
        if not early_answers and stripe_id == kind.subject["id"]:
            early_answers.append(value)
            shop.clock.advance(back)
            put(shop, kind.older)
            await store_directly(shop, kind.older, shop.clock.now())
            shop.clock.advance(-back)
            put(shop, kind.newer)
            value = kind.newer
        return value

    for name in ("customer", "product", "price", "subscription", "invoice", "payment_intent"):
        setattr(shop.stripe, f"get_{name}", another_worker_is_first)
    put(shop, kind.newer)
    await shop.deliver(event_body(kind.event_type, kind.subject))
    assert early_answers
    assert await stored(shop, kind) == kind.values[1]


async def test_two_workers_at_once_never_end_with_the_older_answer(shop: Shop, kind: Kind) -> None:
    """One asks first and is slow to store; its `now` lies before the other one's fetch, and no clock went back."""
    put(shop, kind.newer)
    await store_directly(shop, kind.newer, shop.clock.now() + timedelta(seconds=3))
    with pytest.raises(AskAgain):
        await store_directly(shop, kind.older, shop.clock.now())
    assert await stored(shop, kind) == kind.values[1]
    await store_directly(shop, kind.older, shop.clock.now(), now=shop.clock.now() + timedelta(seconds=4))
    assert await stored(shop, kind) == kind.values[1]


async def store_directly(shop: Shop, value: Any, fetched_at: datetime, *, now: datetime | None = None) -> None:
    """Store an answer as a worker does whose clock stood at `fetched_at` and then at `now`."""
    answer = Answer(team_id=shop.team_id, value=value, fetched_at=fetched_at, at=fetched_at)
    await shop.db.write(store_answer, answer, now=now or fetched_at)
