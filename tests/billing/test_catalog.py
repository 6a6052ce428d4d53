"""Products and prices as webhooks bring them: newer wins, deleted means archived, one row for each Stripe object."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from billfold.domain.billing import prices, products
from billfold.domain.billing.products import Product
from billfold.infrastructure.db.database import Database
from billfold.infrastructure.stripe.values import StripeProduct
from tests.billing.conftest import House
from tests.billing.stripe_values import START, stripe_price

LATEST = START + timedelta(minutes=10)
TOLD = StripeProduct(id="prod_1", name="Pro", description=None, active=True, metadata={}, created=START)


async def store(db: Database, house: House, value: StripeProduct, minute: int) -> Product:
    moment = START + timedelta(minutes=minute)
    return await db.write(
        products.store,
        team_id=house.team_id,
        project_id=house.project_id,
        value=value,
        fetched_at=moment,
        at=moment,
        now=LATEST,
    )


async def test_the_newer_answer_about_a_product_wins_in_every_order(db: Database, house: House) -> None:
    for product_id, order in (("prod_1", (1, 2)), ("prod_2", (2, 1))):
        for minute in order:
            await store(db, house, replace(TOLD, id=product_id, name=f"Name {minute}"), minute)
        found = await db.read(products.find_by_stripe_id, house.team_id, product_id)
        assert found is not None
        assert found.name == "Name 2"


async def test_a_product_deleted_in_stripe_is_archived(db: Database, house: House) -> None:
    await store(db, house, TOLD, 1)
    gone = await store(db, house, replace(TOLD, name="", deleted=True), 2)
    assert (gone.name, gone.is_active) == ("Pro", False)


async def test_a_product_that_the_webhook_stored_first_is_taken_over_by_its_request(db: Database, house: House) -> None:
    first = await store(db, house, TOLD, 1)
    asked = replace(first, id="pp_other", metadata={"tier": 2}, name="Pro")
    added = await db.write(products.add_product, asked)
    assert added.id == first.id
    stored = await db.read(products.get, house.project_id, first.id)
    assert stored.metadata == {"tier": 2}


async def test_the_newer_answer_about_a_price_wins_in_every_order(db: Database, house: House) -> None:
    product = await store(db, house, TOLD, 0)
    for price_id, order in (("price_1", (1, 2)), ("price_2", (2, 1))):
        for minute in order:
            moment = START + timedelta(minutes=minute)
            value = replace(stripe_price(price_id), nickname=f"Name {minute}", active=minute == 1)
            await db.write(prices.store, product=product, value=value, fetched_at=moment, at=moment, now=LATEST)
        found = await db.read(prices.find_by_stripe_id, house.team_id, price_id)
        assert found is not None
        assert (found.nickname, found.is_active) == ("Name 2", False)


async def test_a_price_that_the_webhook_stored_first_is_taken_over_by_its_request(db: Database, house: House) -> None:
    product = await store(db, house, TOLD, 0)
    first = await db.write(prices.store, product=product, value=stripe_price(), fetched_at=START, at=START, now=LATEST)
    added = await db.write(prices.add_price, replace(first, id="pri_other", metadata={"tier": 2}))
    assert added.id == first.id
    assert (await db.read(prices.get, house.project_id, first.id)).metadata == {"tier": 2}
