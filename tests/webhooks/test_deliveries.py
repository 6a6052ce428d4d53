"""Deliveries as they really come: twice, late, in any order, at once. One final state each (SCENARIOS A1 to A7).

CI runs a sample; `BILLFOLD_TEST_FULL=1` runs the numbers of the scenarios.
"""

from __future__ import annotations

import asyncio
import itertools
import os
import random
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import Any, Final, cast

import pytest
import sqlalchemy as sa

from billfold.domain.billing import payments, subscriptions
from billfold.domain.billing.stripe_events import stripe_events
from billfold.entrypoints.stripe_webhook import create_stripe_webhook
from billfold.infrastructure.db.database import Database
from billfold.infrastructure.db.statements import query
from billfold.infrastructure.jobs.events import events
from tests.billing.stripe_values import START
from tests.canonical import canonical_dump
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

FULL: Final = os.environ.get("BILLFOLD_TEST_FULL") == "1"

STARTED = query(sa.select(sa.func.count()).select_from(events).where(events.c.name == "subscription.started"), int)
STORED = query(sa.select(sa.func.count()).select_from(stripe_events), int)

SUBSCRIPTION = about("subscription", "sub_1", customer="cus_1")
CREATED: Final = ("customer.subscription.created", SUBSCRIPTION)
UPDATED: Final = ("customer.subscription.updated", SUBSCRIPTION)
DELETED: Final = ("customer.subscription.deleted", SUBSCRIPTION)
CHECKOUT: Final = (
    "checkout.session.completed",
    about("checkout.session", "cs_1", mode="subscription", subscription="sub_1", customer="cus_1"),
)
PAID: Final = ("invoice.paid", about("invoice", "in_1", customer="cus_1"))
REFUNDED: Final = ("charge.refunded", about("charge", "ch_1", payment_intent="pi_1", customer="cus_1"))
DISPUTED: Final = ("charge.dispute.created", about("dispute", "dp_1", charge="ch_1", payment_intent="pi_1"))


async def count(db: Database, statement: Any) -> int:
    return await db.read(lambda tx: tx.one(statement))


def bodies_of(facts: Sequence[tuple[str, dict[str, Any]]], *, created: datetime = START) -> list[bytes]:
    return [
        event_body(event_type, subject, event_id=f"evt_{number}", created=created)
        for number, (event_type, subject) in enumerate(facts)
    ]


async def final_states(shop: Shop, orders: Sequence[Sequence[bytes]]) -> set[str]:
    """Deliver each order to a team of its own, with the worker running after each event; return the distinct states."""
    states: set[str] = set()
    for order in orders:
        house = await shop.another()
        for body in order:
            await house.deliver(body)
        states.add(await canonical_dump(shop.db, house.team_id))
    return states


@pytest.mark.parametrize("times", [1, 5, 50])
async def test_the_same_event_delivered_again_and_again_counts_once_a1(shop: Shop, times: int) -> None:
    shop.stripe.put(fake_subscription())
    body = bodies_of([CREATED])[0]
    assert await shop.post(body) == 200
    await shop.worker.drain()
    once = await canonical_dump(shop.db, shop.team_id)
    if times == 5:
        assert {await shop.post(body) for _ in range(times)} == {200}
    else:
        # All at once: they share a few commits.
        assert set(await asyncio.gather(*(shop.post(body) for _ in range(times)))) == {200}
    await shop.worker.drain()
    assert await canonical_dump(shop.db, shop.team_id) == once
    assert (await count(shop.db, STORED), await count(shop.db, STARTED)) == (1, 1)


async def test_many_events_three_times_each_in_any_order_count_once_a1(shop: Shop) -> None:
    number = 10_000 if FULL else 300
    bodies = [event_body(*UPDATED, event_id=f"evt_{index}") for index in range(number)] * 3
    random.Random(1).shuffle(bodies)
    shop.stripe.put(fake_subscription())
    for start in range(0, len(bodies), 200):
        assert set(await asyncio.gather(*map(shop.post, bodies[start : start + 200]))) == {200}
    await shop.worker.drain()
    assert (await count(shop.db, STORED), await count(shop.db, STARTED)) == (number, 1)


@pytest.mark.parametrize("order", ["checkout first", "subscription first"])
async def test_two_facts_about_one_start_are_one_start_a2(shop: Shop, order: str) -> None:
    number = 200 if FULL else 30
    bodies: list[bytes] = []
    for index in range(number):
        await shop.add_customer(f"cus_x{index}")
        shop.stripe.put(fake_subscription(f"sub_x{index}", customer_id=f"cus_x{index}"))
        subscription = about("subscription", f"sub_x{index}")
        checkout = about("checkout.session", f"cs_{index}", mode="subscription", subscription=f"sub_x{index}")
        pair = [event_body(CHECKOUT[0], checkout), event_body(CREATED[0], subscription)]
        bodies += pair if order == "checkout first" else reversed(pair)
    for start in range(0, len(bodies), 16):
        await asyncio.gather(shop.worker.drain(), *map(shop.post, bodies[start : start + 16]))
    await shop.worker.drain()
    assert await count(shop.db, STARTED) == number


async def test_created_updated_and_deleted_end_alike_in_every_order_a3(shop: Shop) -> None:
    shop.stripe.put(fake_subscription(status="canceled"))
    orders = list(itertools.permutations(bodies_of([CREATED, UPDATED, DELETED])))
    assert len(await final_states(shop, orders)) == 1


async def test_five_facts_end_alike_in_every_order_a3(shop: Shop) -> None:
    shop.stripe.put(fake_subscription(), fake_invoice())
    orders = list(itertools.permutations(bodies_of([CHECKOUT, CREATED, UPDATED, PAID, DELETED])))
    chosen = orders if FULL else random.Random(2).sample(orders, 40)
    assert len(await final_states(shop, chosen)) == 1


async def test_seven_facts_with_refund_and_dispute_end_alike_in_every_order_a3(shop: Shop) -> None:
    refunded = fake_payment(amount_refunded=300, disputed=True, amount_disputed=700)
    shop.stripe.put(fake_subscription(), fake_invoice(), refunded)
    facts = [CHECKOUT, CREATED, UPDATED, PAID, DELETED, REFUNDED, DISPUTED]
    orders = list(itertools.permutations(bodies_of(facts)))
    chosen = orders if FULL else random.Random(3).sample(orders, 40)
    assert len(await final_states(shop, chosen)) == 1


async def test_two_projects_of_one_stripe_customer_end_alike_in_every_order_a3(shop: Shop) -> None:
    """The trap of one e-mail in two projects: only the subscription and its invoice know which project is paid."""
    facts = [CREATED, PAID, ("payment_intent.succeeded", about("payment_intent", "pi_1")), REFUNDED]
    states: set[str] = set()
    for order in itertools.permutations(bodies_of(facts)):
        house = await shop.another()
        await house.add_customer("cus_1", project_id=house.house.other_project_id)
        stamps = {"project_id": house.house.other_project_id}
        # The customer's own stamp names the other one.
        shop.stripe.put(fake_customer(metadata={"project_id": house.project_id}))
        shop.stripe.put(fake_subscription(metadata=stamps), fake_invoice(subscription_metadata=stamps))
        shop.stripe.put(fake_payment(amount_refunded=300))
        for body in order:
            await house.deliver(body)
        dump = await canonical_dump(shop.db, house.team_id)
        states.add(dump.replace(house.project_id, "first").replace(house.house.other_project_id, "second"))
    [state] = states
    assert '"projects:First"' not in "".join(line for line in state.splitlines() if line.startswith("payments "))


async def test_products_and_prices_end_alike_in_every_order_a3(shop: Shop) -> None:
    facts = [("product.created", about("product", "prod_1")), ("price.created", about("price", "price_1")), CREATED]
    states: set[str] = set()
    for order in itertools.permutations(bodies_of(facts)):
        house = await shop.another()
        shop.stripe.put(fake_product(metadata={"project_id": house.project_id}), fake_price(), fake_subscription())
        for body in order:
            await house.deliver(body)
        states.add(await canonical_dump(shop.db, house.team_id))
    assert len(states) == 1, "\n\n".join(states)


@pytest.mark.parametrize("seed", range(200 if FULL else 15))
async def test_whatever_stripe_said_in_between_the_last_answer_stands_a3(shop: Shop, seed: int) -> None:
    """Events are delayed, duplicated and shuffled while the objects move on; the last delivery comes after the last change."""
    chance = random.Random(seed)
    history: list[tuple[Any, ...]] = [
        (fake_subscription(status="incomplete"), fake_invoice(status="open", paid_at=None)),
        (fake_subscription(status="active"), fake_invoice()),
        (fake_subscription(status="past_due"), fake_payment()),
        (fake_subscription(status="active"), fake_payment(amount_refunded=300)),
        (fake_subscription(status="canceled"), fake_payment(amount_refunded=300)),
    ]
    late: list[bytes] = []
    for values in history:
        shop.stripe.put(*values)
        late += [event_body(*fact) for fact in (UPDATED, PAID, REFUNDED)]
        chance.shuffle(late)
        now, late = late[: chance.randrange(len(late) + 1)], late[chance.randrange(len(late) + 1) :] + late[:1]
        for body in now + now[:1]:
            assert await shop.post(body) == 200
        if chance.random() < 0.6:
            await shop.worker.drain()
    await shop.deliver(*(event_body(*fact) for fact in (UPDATED, PAID, REFUNDED)))
    stored = await shop.db.read(subscriptions.find_by_stripe_id, shop.team_id, "sub_1")
    assert stored is not None
    assert stored.status == "canceled"
    dump = await canonical_dump(shop.db, shop.team_id)
    assert sum(line.startswith("events ") and '"invoice.paid"' in line for line in dump.splitlines()) == 1
    assert '"amount_refunded": 300' in dump


@pytest.mark.parametrize(
    ("first", "second"),
    [("incomplete", "active"), ("active", "past_due"), ("trialing", "active"), ("active", "canceled")],
)
async def test_ties_within_a_second_end_in_the_later_state_in_both_orders_a4(
    shop: Shop, first: str, second: str
) -> None:
    del first  # what the event says of the object is never read
    shop.stripe.put(fake_subscription(status=second))
    orders = list(itertools.permutations(bodies_of([CREATED, UPDATED, UPDATED])))
    [state] = await final_states(shop, orders)
    assert f'"status": "{second}"' in state


@pytest.mark.parametrize(
    "states",
    [
        ("incomplete", "active"), ("incomplete", "past_due"), ("trialing", "active"), ("active", "canceled"),
        ("incomplete", "active", "past_due"), ("incomplete", "trialing", "active"), ("trialing", "active", "canceled"),
        ("active", "past_due", "canceled"), ("incomplete", "active", "unpaid"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("pace", ["one by one", "at once"])
async def test_ties_while_the_object_moves_on_end_in_its_last_state_in_every_order_a4(
    shop: Shop, states: tuple[str, ...], pace: str
) -> None:
    """Every event says the same second, and the first ones arrive while Stripe still answers an earlier state."""
    last = DELETED if states[-1] == "canceled" else UPDATED
    bodies = bodies_of([CREATED, *[UPDATED] * (len(states) - 2), last])
    found: set[str] = set()
    for order in itertools.permutations(bodies):
        house = await shop.another()
        for status, body in zip(states, order, strict=True):
            shop.stripe.put(fake_subscription(status=status))
            assert await house.post(body) == 200
            if pace == "one by one":
                await shop.worker.drain()
        await shop.worker.drain()
        stored = await shop.db.read(subscriptions.find_by_stripe_id, house.team_id, "sub_1")
        assert stored is not None
        assert stored.status == states[-1]
        found.add(await canonical_dump(shop.db, house.team_id))
    assert len(found) == 1


async def test_an_invoice_open_and_paid_within_a_second_ends_paid_a4(shop: Shop) -> None:
    shop.stripe.put(fake_subscription(), fake_invoice())
    finalized = ("invoice.finalized", PAID[1])
    orders = list(itertools.permutations(bodies_of([finalized, PAID, ("invoice.updated", PAID[1])])))
    [state] = await final_states(shop, orders)
    assert '"status": "paid"' in state


async def test_deleted_before_created_does_not_resurrect_a5(shop: Shop) -> None:
    shop.stripe.put(fake_subscription(status="canceled"))
    await shop.deliver(event_body(*DELETED))
    # An answer from before the end that arrives after it: `canceled` is final.
    shop.stripe.put(fake_subscription(status="active"))
    await shop.deliver(event_body(*CREATED))
    stored = await shop.db.read(subscriptions.find_by_stripe_id, shop.team_id, "sub_1")
    assert stored is not None
    assert stored.status == "canceled"


async def test_a_subscription_before_its_customers_event_is_stored_all_the_same_a5(shop: Shop) -> None:
    shop.stripe.put(fake_subscription())
    await shop.deliver(event_body(*CREATED), event_body("customer.created", about("customer", "cus_1")))
    assert await count(shop.db, STARTED) == 1


async def test_a_delivery_three_days_late_keeps_the_newer_state_a6(shop: Shop) -> None:
    shop.stripe.put(fake_subscription())
    late = event_body(*CREATED, event_id="evt_late")
    shop.stripe.put(fake_subscription(status="past_due"))
    await shop.deliver(event_body(*UPDATED))
    shop.clock.advance(timedelta(days=3))
    await shop.deliver(late, late)
    stored = await shop.db.read(subscriptions.find_by_stripe_id, shop.team_id, "sub_1")
    assert stored is not None
    assert stored.status == "past_due"


async def test_sixteen_updates_at_once_end_with_the_last_a7(shop: Shop) -> None:
    async def change(quantity: int) -> None:
        shop.stripe.put(fake_subscription(quantity=quantity))
        created = START + timedelta(seconds=quantity)
        assert await shop.post(event_body(*UPDATED, created=created)) == 200
        await shop.worker.drain()

    await asyncio.gather(*(change(quantity) for quantity in range(1, 17)))
    await shop.worker.drain()
    stored = await shop.db.read(subscriptions.find_by_stripe_id, shop.team_id, "sub_1")
    assert stored is not None
    assert stored.quantity == 16


async def test_a_failed_event_is_tried_again_when_it_is_delivered_again_g18(shop: Shop) -> None:
    shop.stripe.put(fake_subscription(quantity=2**63))
    body = event_body(*CREATED)
    await shop.deliver(body)
    assert [report.status for report in await shop.reported()] == ["failed"]
    shop.stripe.put(fake_subscription())
    # Due in a second by itself, a little later by chance; at the latest then because it was asked for.
    await shop.deliver(body)
    shop.clock.advance(timedelta(seconds=1))
    await shop.worker.drain()
    assert await shop.reported() == []
    calls = len(shop.stripe.calls)
    await shop.deliver(body)
    assert len(shop.stripe.calls) == calls


async def test_the_same_event_of_two_teams_is_two_events(shop: Shop) -> None:
    shop.stripe.put(fake_subscription())
    other = await shop.another()
    body = event_body(*CREATED)
    await shop.deliver(body)
    await other.deliver(body)
    assert await count(shop.db, STORED) == 2
    for house in (shop, other):
        stored = await shop.db.read(subscriptions.find_by_stripe_id, house.team_id, "sub_1")
        assert stored is not None
        assert stored.project_id == house.project_id


async def test_a_payment_and_its_invoice_at_once_find_each_other(shop: Shop) -> None:
    """Two jobs side by side: whichever is stored first, the payment ends in the invoice's project."""
    number = 100 if FULL else 10
    stamps = {"project_id": shop.house.other_project_id}
    await shop.add_customer("cus_1", project_id=shop.house.other_project_id)
    shop.stripe.put(fake_customer(), fake_subscription(metadata=stamps))
    await shop.deliver(event_body(*CREATED))
    for index in range(number):
        invoice_id, intent_id = f"in_x{index}", f"pi_x{index}"
        shop.stripe.put(
            fake_invoice(invoice_id, payment_intent_ids=(intent_id,)), fake_payment(intent_id, charge_id=f"ch_x{index}")
        )
        bodies = [
            event_body("payment_intent.succeeded", about("payment_intent", intent_id)),
            event_body("invoice.paid", about("invoice", invoice_id)),
        ]
        await asyncio.gather(*map(shop.post, bodies))
        if index % 3 == 0:
            await shop.worker.drain()
    await shop.worker.drain()
    found = [await shop.db.read(payments.find_by_stripe_id, shop.team_id, f"pi_x{index}") for index in range(number)]
    assert {payment.project_id if payment else None for payment in found} == {shop.house.other_project_id}
    assert await shop.reported() == []


async def test_two_processes_that_get_the_same_events_in_opposite_orders_store_each_once(shop: Shop) -> None:
    shop.stripe.put(fake_subscription())
    bodies = [event_body(*UPDATED) for _ in range(100)]
    # A second door with a batch of its own, as another process has.
    other = create_stripe_webhook(cast("Any", SimpleNamespace(db=shop.db, clock=shop.clock, stripe=shop.connections)))
    elsewhere = replace(shop, door=other)
    answers = await asyncio.gather(*map(shop.post, bodies), *map(elsewhere.post, reversed(bodies)))
    assert set(answers) == {200}
    assert await count(shop.db, STORED) == 100
