"""Customer rows: one for each address, newer news from Stripe wins, deleted means gone."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from billfold.base.errors import Conflict, NotFound
from billfold.domain.billing import customers
from billfold.domain.billing.customers import Customer, new_customer
from billfold.infrastructure.db.database import Database
from billfold.infrastructure.db.statements import query
from billfold.infrastructure.jobs.events import events
from billfold.infrastructure.stripe.values import StripeCustomer
from tests.billing.conftest import House
from tests.billing.stripe_values import START
from tests.published import HEARD

EVENTS = query(sa.select(events.c.name).where(HEARD).order_by(events.c.sequence), str)
LATER = START + timedelta(minutes=1)


def told(**changes: Any) -> StripeCustomer:
    value = StripeCustomer(
        id="cus_1", email="jane@example.com", name=None, metadata={}, balance=0, currency=None, created=START
    )
    return replace(value, **changes)


async def test_what_stripe_says_is_taken_over(db: Database, customer: Customer) -> None:
    value = told(email="j@example.com", name="Jane", metadata={"crm": "7", "project_id": customer.project_id})
    await db.write(customers.refresh, customer, value, fetched_at=LATER, at=LATER, now=LATER)
    stored = await db.read(customers.get, customer.project_id, customer.id)
    assert (stored.email, stored.name, stored.metadata) == ("j@example.com", "Jane", {"crm": "7"})
    assert stored.updated_at == LATER


async def test_an_older_answer_never_overwrites_a_newer_one(db: Database, customer: Customer) -> None:
    await db.write(customers.refresh, customer, told(name="New"), fetched_at=LATER, at=LATER, now=LATER)
    await db.write(customers.refresh, customer, told(name="Old"), fetched_at=START, at=LATER, now=LATER)
    assert (await db.read(customers.get, customer.project_id, customer.id)).name == "New"


async def test_an_address_that_another_customer_has_is_not_taken_over(
    db: Database, house: House, customer: Customer
) -> None:
    other = new_customer(
        team_id=house.team_id,
        project_id=house.project_id,
        email="john@example.com",
        name=None,
        stripe_customer_id="cus_2",
        metadata={},
        at=START,
        now=START,
    )
    await db.write(customers.add_customer, other)
    await db.write(customers.refresh, customer, told(email="JOHN@example.com"), fetched_at=LATER, at=LATER, now=LATER)
    assert (await db.read(customers.get, customer.project_id, customer.id)).email == "jane@example.com"


async def test_the_same_address_or_stripe_customer_twice_is_a_conflict(db: Database, customer: Customer) -> None:
    changes: tuple[dict[str, Any], ...] = ({"email_normalised": "x@example.com"}, {"stripe_customer_id": "cus_2"})
    for change in changes:
        with pytest.raises(Conflict):
            await db.write(customers.add_customer, replace(customer, id="pc_other", **change))


async def test_a_deleted_customer_is_found_by_nobody_and_told_once(db: Database, customer: Customer) -> None:
    deletion: dict[str, Any] = {
        "project_id": customer.project_id,
        "customer_id": customer.id,
        "at": START,
        "now": START,
    }
    assert [await db.write(customers.mark_deleted, **deletion) for _ in range(2)] == [True, False]
    assert await db.read(lambda tx: tx.all(EVENTS)) == ["customer.deleted"]
    assert await db.read(customers.find_by_stripe_id, customer.team_id, "cus_1") == []
    assert await db.read(customers.find_by_email, customer.project_id, customer.email) is None
    with pytest.raises(NotFound):
        await db.read(customers.get, customer.project_id, customer.id)
    with pytest.raises(NotFound):
        await db.write(customers.lock, customer.project_id, customer.id)
    again = await db.write(customers.add_customer, replace(customer, id="pc_again"))
    assert (await db.write(customers.lock, again.project_id, "pc_again")).id == "pc_again"


async def test_another_projects_customer_is_not_found(db: Database, house: House, customer: Customer) -> None:
    with pytest.raises(NotFound):
        await db.read(customers.get, house.other_project_id, customer.id)
