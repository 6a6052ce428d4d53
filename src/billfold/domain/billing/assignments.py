"""Giving what an import found in nobody's project to a project: a customer with all that hangs on him, a product with its prices.

The Stripe object is stamped with the project first, then it gets its row here: whatever dies in between, doing it again goes on.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from billfold.base.clock import Clock
from billfold.base.errors import Conflict, Invalid, NotFound
from billfold.domain.billing import customers, products, raw_objects
from billfold.domain.billing.backfill import Backfill
from billfold.domain.billing.customer_claims import claim
from billfold.domain.billing.customers import Customer
from billfold.domain.billing.linking import add_linked
from billfold.domain.billing.metadata import PROJECT_STAMP, merged_from_stripe
from billfold.domain.billing.products import Product
from billfold.domain.tenancy.projects import get_project
from billfold.domain.tenancy.teams import get_team
from billfold.infrastructure.db.database import Database, Reading, Write
from billfold.infrastructure.stripe.port import StripeGateway
from billfold.infrastructure.stripe.values import StripeCustomer, StripeProduct

_ELSEWHERE = "Another project of this team has this {} already."


@dataclass(frozen=True, slots=True)
class AssignedCustomer:
    """A customer who is in the project now, and how many objects came in with him."""

    customer: Customer
    subscriptions: int
    invoices: int
    charges: int


@dataclass(frozen=True, slots=True)
class AssignedProduct:
    """A product that is in the project now, and how many prices came in with it."""

    product: Product
    prices: int


async def assign_customer(
    db: Database,
    stripe: StripeGateway,
    backfill: Backfill,
    *,
    team_id: str,
    project_id: str,
    stripe_customer_id: str,
    write: Write,
    clock: Clock,
) -> AssignedCustomer:
    """Make a Stripe customer the project's, with the subscriptions, invoices and charges that he has (contract G9).

    Raises `NotFound` for an unknown project or Stripe customer, `Conflict` if another project of the team has him or another
    customer of the project has his address, `Invalid` if he has no usable address. Again is as good: what is missing comes in.
    """
    await db.read(get_project, team_id=team_id, project_id=project_id)
    value = await stripe.get_customer(stripe_customer_id)
    if value is None or value.deleted:
        raise NotFound("Stripe has no such customer.")
    now = clock.now()
    _refuse_foreign(value.metadata.get(PROJECT_STAMP), project_id, "customer")
    customer = await db.read(_holder, team_id, project_id, value.id)
    if customer is None:
        row = await db.read(_new_row, team_id, project_id, value, now)
        if not await db.write(
            claim, team_id=team_id, project_id=project_id, stripe_customer_id=value.id, now=clock.now()
        ):
            raise Conflict(_ELSEWHERE.format("Stripe customer"))
        await stripe.update_customer(value.id, metadata={PROJECT_STAMP: project_id})
        customer = await write(add_linked, row)
    counts = {kind: (await backfill.bring_in(team_id, kind, value.id)).assigned for kind in raw_objects.OF_CUSTOMERS}
    await db.write(raw_objects.assign, team_id, project_id, [value.id])
    return AssignedCustomer(
        customer, subscriptions=counts["subscription"], invoices=counts["invoice"], charges=counts["charge"]
    )


async def assign_product(
    db: Database,
    stripe: StripeGateway,
    backfill: Backfill,
    *,
    team_id: str,
    project_id: str,
    stripe_product_id: str,
    write: Write,
    clock: Clock,
) -> AssignedProduct:
    """Make a Stripe product the project's, with its prices: products come in on request only, unless stamped (G12).

    Raises `NotFound` for an unknown project or product, `Conflict` if another project of the team has it.
    """
    await db.read(get_project, team_id=team_id, project_id=project_id)
    known = await db.read(products.find_by_stripe_id, team_id, stripe_product_id)
    _refuse_foreign(None if known is None else known.project_id, project_id, "product")
    value = await stripe.get_product(stripe_product_id)
    if value is None or value.deleted:
        raise NotFound("Stripe has no such product.")
    _refuse_foreign(value.metadata.get(PROJECT_STAMP), project_id, "product")
    fetched_at = clock.now()
    value = await stripe.update_product(stripe_product_id, metadata={PROJECT_STAMP: project_id})
    product = await write(
        _store_product, team_id=team_id, project_id=project_id, value=value, fetched_at=fetched_at, now=clock.now()
    )
    _refuse_foreign(product.project_id, project_id, "product")
    prices = (await backfill.bring_in(team_id, "price", stripe_product_id)).assigned
    await db.write(raw_objects.assign, team_id, project_id, [stripe_product_id])
    return AssignedProduct(product, prices)


def _refuse_foreign(owner: str | None, project_id: str, noun: str) -> None:
    if owner and owner != project_id:
        raise Conflict(_ELSEWHERE.format(f"Stripe {noun}"))


async def _holder(tx: Reading, team_id: str, project_id: str, stripe_customer_id: str) -> Customer | None:
    for holder in await customers.find_by_stripe_id(tx, team_id, stripe_customer_id):
        if holder.project_id == project_id:
            return holder
        raise Conflict(_ELSEWHERE.format("Stripe customer"))
    return None


async def _new_row(tx: Reading, team_id: str, project_id: str, value: StripeCustomer, now: datetime) -> Customer:
    try:
        email = customers.checked_email(value.email or "")
    except Invalid:
        raise Invalid("This Stripe customer has no usable e-mail address: give it one in Stripe first.") from None
    if await customers.find_by_email(tx, project_id, email) is not None:
        raise Conflict(customers.duplicate_email(email))
    return customers.new_customer(
        team_id=team_id,
        project_id=project_id,
        email=email,
        name=value.name or None,
        stripe_customer_id=value.id,
        metadata=merged_from_stripe({}, value.metadata),
        at=(await get_team(tx, team_id)).time_at(now),
        now=now,
    )


async def _store_product(
    tx: Any,
    *,
    team_id: str,
    project_id: str,
    value: StripeProduct,
    fetched_at: datetime,
    now: datetime,
) -> Product:
    team = await get_team(tx, team_id)
    return await products.store(
        tx,
        team_id=team_id,
        project_id=project_id,
        value=value,
        fetched_at=fetched_at,
        at=team.time_at(now),
        now=now,
    )
