"""The mirror of Stripe's subscriptions: newer wins, canceled is final, started and ended are told once."""

from __future__ import annotations

import itertools
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, cast

import pytest
import sqlalchemy as sa

from billfold.base.errors import Conflict, NotFound
from billfold.base.paging import Page
from billfold.domain.billing import products, subscriptions
from billfold.domain.billing.customers import Customer, mark_deleted
from billfold.domain.billing.prices import find_by_stripe_id
from billfold.domain.billing.subscription_items import items_of
from billfold.infrastructure.db.database import Database
from billfold.infrastructure.db.statements import query, row_tuple
from billfold.infrastructure.jobs.events import events
from billfold.infrastructure.stripe.port import StripeGateway
from billfold.infrastructure.stripe.values import StripeProduct, StripeSubscription
from tests.billing.conftest import House
from tests.billing.stripe_values import START, stripe_price, stripe_subscription
from tests.published import HEARD

EVENTS = query(sa.select(events.c.name).where(HEARD).order_by(events.c.sequence), str)
STATE = query(
    sa.select(subscriptions.subscriptions.c.status, subscriptions.subscriptions.c.quantity).order_by(
        subscriptions.subscriptions.c.stripe_subscription_id
    ),
    row_tuple,
)


LATEST = START + timedelta(minutes=10)


async def published(db: Database) -> list[str]:
    return await db.read(lambda tx: tx.all(EVENTS))


async def store(
    db: Database, customer: Customer, value: StripeSubscription, fetched_at: datetime = START, **changes: Any
) -> subscriptions.Subscription:
    arguments: dict[str, Any] = {
        "team_id": customer.team_id,
        "project_id": customer.project_id,
        "customer_id": customer.id,
        "value": value,
        "fetched_at": fetched_at,
        "at": fetched_at,
        "now": LATEST,
    }
    return await db.write(subscriptions.store, **{**arguments, **changes})


async def test_a_subscription_starts_once(db: Database, customer: Customer) -> None:
    first = await store(db, customer, stripe_subscription(status="incomplete"))
    assert first.started_at is None
    for minute in (1, 2):
        await store(db, customer, stripe_subscription(status="active"), START + timedelta(minutes=minute))
    stored = await db.read(subscriptions.get, customer.project_id, first.id)
    assert stored.started_at == START + timedelta(minutes=1)
    assert await published(db) == ["subscription.started"]


async def test_every_order_of_answers_ends_in_the_newest_state_a3(
    db: Database, house: House, customer: Customer
) -> None:
    del house
    answers = [("incomplete", 1), ("active", 2), ("past_due", 3)]
    for number, order in enumerate(itertools.permutations(answers)):
        for status, minute in order:
            value = stripe_subscription(f"sub_{number}", status=status, quantity=minute)
            await store(db, customer, value, START + timedelta(minutes=minute))
    assert set(await db.read(lambda tx: tx.all(STATE))) == {("past_due", 3)}


async def test_canceled_is_final(db: Database, customer: Customer) -> None:
    await store(db, customer, stripe_subscription())
    ended = await store(db, customer, stripe_subscription(status="canceled"), START + timedelta(minutes=1))
    again = await store(db, customer, stripe_subscription(status="active"), START + timedelta(minutes=2))
    assert ended == again
    assert again.canceled_at == START + timedelta(days=3)
    assert await published(db) == ["subscription.started", "subscription.ended"]


async def test_one_that_ended_before_we_saw_it_tells_nobody_but_counts_as_subscribed(
    db: Database, customer: Customer
) -> None:
    await store(db, customer, stripe_subscription(status="canceled"))
    assert await published(db) == []
    assert await db.read(subscriptions.ever_subscribed, customer.project_id, customer.id)


async def test_a_first_payment_that_never_came_is_no_subscription(db: Database, customer: Customer) -> None:
    await store(db, customer, stripe_subscription(status="incomplete_expired"))
    assert not await db.read(subscriptions.ever_subscribed, customer.project_id, customer.id)


async def test_the_price_is_imported_if_its_product_is_the_projects_g14(
    db: Database, house: House, customer: Customer
) -> None:
    product = StripeProduct(
        id="prod_1", name="Pro", description=None, active=True, metadata={"project_id": house.project_id}, created=START
    )
    await db.write(
        products.store,
        team_id=house.team_id,
        project_id=house.project_id,
        value=product,
        fetched_at=START,
        at=START,
        now=START,
    )
    value = stripe_subscription(prices=(stripe_price(), stripe_price("price_2", "prod_foreign")))
    stored = await store(db, customer, value)
    price = await db.read(find_by_stripe_id, house.team_id, "price_1")
    assert price is not None
    assert stored.price_id == price.id
    items = await db.read(items_of, house.project_id, stored.id)
    assert [item.price_id for item in items] == [price.id, None]


async def test_a_subscription_never_moves_to_another_project(db: Database, house: House, customer: Customer) -> None:
    await store(db, customer, stripe_subscription())
    with pytest.raises((Conflict, NotFound)):
        await store(db, customer, stripe_subscription(), project_id=house.other_project_id)


async def test_the_list_shows_active_and_trialing_only_unless_asked(db: Database, customer: Customer) -> None:
    for status in ("active", "trialing", "past_due", "canceled"):
        await store(db, customer, stripe_subscription(f"sub_{status}", status=status))
    for customer_id in (None, customer.id):
        active = await db.read(
            subscriptions.list_subscriptions, customer.project_id, Page(), customer_id=customer_id, active_only=True
        )
        every = await db.read(
            subscriptions.list_subscriptions, customer.project_id, Page(), customer_id=customer_id, active_only=False
        )
        assert {row.status for row in active} == {"active", "trialing"}
        assert len(every) == 4


async def test_subscriptions_of_a_deleted_customer_are_still_mirrored(db: Database, customer: Customer) -> None:
    await store(db, customer, stripe_subscription())
    await db.write(mark_deleted, project_id=customer.project_id, customer_id=customer.id, at=START, now=START)
    ended = await store(db, customer, stripe_subscription(status="canceled"), START + timedelta(minutes=1))
    assert ended.status == "canceled"


@pytest.mark.parametrize("apart", [timedelta(seconds=2), timedelta(hours=1)])
async def test_a_caller_whose_change_meets_a_refetch_is_told_what_stripe_answered(
    db: Database, customer: Customer, apart: timedelta
) -> None:
    stored = await store(db, customer, stripe_subscription())

    class Gateway:
        async def set_cancel_at_period_end(self, stripe_subscription_id: str, *, cancel: bool) -> StripeSubscription:
            answer = stripe_subscription(stripe_subscription_id, cancel_at_period_end=cancel)
            await store(db, customer, replace(answer, status="past_due"), START + apart)
            return answer

    told = await subscriptions.set_cancel_at_period_end(
        db,
        cast("StripeGateway", Gateway()),
        project_id=customer.project_id,
        subscription_id=stored.id,
        cancel=True,
        at=START,
        now=START,
    )
    assert (told.id, told.status, told.cancel_at_period_end) == (stored.id, "active", True)
    kept = await db.read(subscriptions.get, customer.project_id, stored.id)
    # A refetch of just now stays; one from an hour ahead shows that the clock was set back.
    assert kept.status == ("past_due" if apart < timedelta(minutes=1) else "active")


async def test_an_end_is_the_newest_news_whenever_it_was_fetched(db: Database, customer: Customer) -> None:
    await store(db, customer, stripe_subscription(), START + timedelta(minutes=2))
    ended = await store(db, customer, stripe_subscription(status="canceled"), START + timedelta(minutes=1))
    assert ended.status == "canceled"
    again = await store(db, customer, stripe_subscription(), START + timedelta(minutes=3))
    assert again.status == "canceled"
