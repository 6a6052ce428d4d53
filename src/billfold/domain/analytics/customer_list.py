"""The customers of a project as a list that people search: a page of them, and for each what he pays and who brought him."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import sqlalchemy as sa

from billfold.domain.billing.customers import customers, normalised_email, normalised_name
from billfold.domain.billing.prices import prices
from billfold.domain.billing.products import products
from billfold.domain.billing.subscriptions import subscriptions
from billfold.domain.referrals.referrals import referrals
from billfold.infrastructure.db.database import Reading
from billfold.infrastructure.db.plans import only_checked
from billfold.infrastructure.db.prefixes import begins_with
from billfold.infrastructure.db.statements import any_of, query, row_tuple
from billfold.infrastructure.db.types import Moment

# What a search looks at; who finds more than this types on.
MOST_FOUND: Final = 200
# Subscriptions read for one page: the newest of each customer is shown.
_MOST_SUBSCRIPTIONS: Final = 1_000


@dataclass(frozen=True, slots=True)
class CustomerLine:
    """A customer as a list shows him; `created_at` is in the team's time."""

    id: str
    email: str
    name: str | None
    stripe_customer_id: str
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Standing:
    """A subscription in a word: `unit_amount` minor units of `currency` every `interval_count` `interval`s, times `quantity`."""

    customer_id: str
    subscription_id: str
    status: str
    cancel_at_period_end: bool
    quantity: int
    unit_amount: int | None
    currency: str | None
    interval: str | None
    interval_count: int | None
    product: str | None
    created_at: datetime


_columns = (
    customers.c.id, customers.c.email, customers.c.name, customers.c.stripe_customer_id, customers.c.created_at,
)  # fmt: skip
_mine = (customers.c.project_id == sa.bindparam("project_id"), customers.c.deleted_at.is_(None))
_bounds = {"limit": sa.bindparam("limit", type_=sa.Integer()), "offset": sa.bindparam("offset", type_=sa.Integer())}
_listed = sa.select(*_columns).where(*_mine).limit(_bounds["limit"]).offset(_bounds["offset"])
_LIST: Final = {
    "newest": query(_listed.order_by(customers.c.created_at.desc(), customers.c.id.desc()), CustomerLine),
    "oldest": query(_listed.order_by(customers.c.created_at, customers.c.id), CustomerLine),
}
_of_status = (
    sa.select(*_columns)
    .select_from(subscriptions.join(customers, customers.c.id == subscriptions.c.customer_id))
    .where(
        subscriptions.c.project_id == sa.bindparam("project_id"),
        subscriptions.c.status == sa.bindparam("status"),
        customers.c.deleted_at.is_(None),
    )
    .limit(_bounds["limit"])
    .offset(_bounds["offset"])
)
_LIST_OF_STATUS: Final = {
    "newest": query(_of_status.order_by(subscriptions.c.created_at.desc(), subscriptions.c.id.desc()), CustomerLine),
    "oldest": query(_of_status.order_by(subscriptions.c.created_at, subscriptions.c.id), CustomerLine),
}
_FIND_EMAIL: Final = query(
    sa.select(*_columns).where(*_mine, begins_with(customers.c.email_normalised, "begin")).limit(_bounds["limit"]),
    CustomerLine,
)
_FIND_NAME: Final = query(
    sa.select(*_columns).where(*_mine, begins_with(customers.c.name_normalised, "begin")).limit(_bounds["limit"]),
    CustomerLine,
)
_FIND_ID: Final = query(sa.select(*_columns).where(*_mine, customers.c.id == sa.bindparam("wanted")), CustomerLine)
_FIND_STRIPE_ID: Final = query(
    sa.select(*_columns).where(*_mine, customers.c.stripe_customer_id == sa.bindparam("wanted")), CustomerLine
)
_after = sa.tuple_(customers.c.created_at, customers.c.id) > sa.tuple_(
    sa.bindparam("after_at", type_=Moment()), sa.bindparam("after_id", type_=sa.Text())
)
_EXPORT: Final = query(
    sa.select(*_columns).where(*_mine, _after).order_by(customers.c.created_at, customers.c.id).limit(_bounds["limit"]),
    CustomerLine,
)
_STANDINGS: Final = query(
    sa.select(
        subscriptions.c.customer_id,
        subscriptions.c.id.label("subscription_id"),
        subscriptions.c.status,
        subscriptions.c.cancel_at_period_end,
        subscriptions.c.quantity,
        prices.c.unit_amount,
        prices.c.currency,
        prices.c.interval,
        prices.c.interval_count,
        products.c.name.label("product"),
        subscriptions.c.created_at,
    )
    .select_from(
        subscriptions.join(prices, prices.c.id == subscriptions.c.price_id, isouter=True).join(
            products, products.c.id == prices.c.product_id, isouter=True
        )
    )
    .where(
        subscriptions.c.project_id == sa.bindparam("project_id"),
        any_of(subscriptions.c.customer_id, "customer_ids"),
    )
    .limit(_MOST_SUBSCRIPTIONS),
    Standing,
)
_REFERRED: Final = query(
    sa.select(referrals.c.referee_id, referrals.c.id).where(
        only_checked(referrals.c.project_id) == sa.bindparam("project_id"),
        any_of(referrals.c.referee_id, "customer_ids"),
    ),
    row_tuple,
)
_NAMES: Final = query(
    sa.select(customers.c.id, sa.func.coalesce(customers.c.name, customers.c.email)).where(
        only_checked(customers.c.project_id) == sa.bindparam("project_id"),
        customers.c.deleted_at.is_(None),
        any_of(customers.c.id, "customer_ids"),
    ),
    row_tuple,
)


async def list_customers(
    tx: Reading, project_id: str, *, status: str | None, sort: str, limit: int, offset: int
) -> list[CustomerLine]:
    """Return a page of customers, or of those who have a subscription of this status, each once."""
    bounds: dict[str, Any] = {"project_id": project_id, "limit": limit, "offset": offset}
    if status is None:
        return await tx.all(_LIST[sort], **bounds)
    found = await tx.all(_LIST_OF_STATUS[sort], **bounds, status=status)
    return list({each.id: each for each in found}.values())


async def find_customers(tx: Reading, project_id: str, text: str) -> list[CustomerLine]:
    """Return customers whose address, name, id or Stripe id begins with, or is, this text; at most 200 of each sort."""
    text = text.strip()
    if text.startswith("cus_"):
        return await tx.all(_FIND_STRIPE_ID, project_id=project_id, wanted=text)
    if text.startswith("pc_"):
        return await tx.all(_FIND_ID, project_id=project_id, wanted=text)
    by_name = await tx.all(_FIND_NAME, project_id=project_id, **_begin(normalised_name(text) or ""), limit=MOST_FOUND)
    by_email = await tx.all(_FIND_EMAIL, project_id=project_id, **_begin(normalised_email(text)), limit=MOST_FOUND)
    found = {each.id: each for each in [*by_name, *by_email]}
    return sorted(found.values(), key=lambda each: (each.name or each.email).casefold())


async def standings_of(tx: Reading, project_id: str, customer_ids: Sequence[str]) -> dict[str, Standing]:
    """Return for each of some customers the subscription that says most: a running one before an ended one, the newest first."""
    if not customer_ids:
        return {}
    found = await tx.all(_STANDINGS, project_id=project_id, customer_ids=list(customer_ids))
    found.sort(key=lambda each: (each.status not in {"canceled", "incomplete_expired"}, each.created_at))
    return {each.customer_id: each for each in found}


async def referrals_to(tx: Reading, project_id: str, customer_ids: Sequence[str]) -> dict[str, str]:
    """Return for those of some customers who were referred the id of the referral."""
    if not customer_ids:
        return {}
    return dict(await tx.all(_REFERRED, project_id=project_id, customer_ids=list(customer_ids)))


async def names_of(tx: Reading, project_id: str, customer_ids: Sequence[str]) -> dict[str, str]:
    """Return the name, or else the address, of each of some customers; a deleted one has none."""
    if not customer_ids:
        return {}
    return dict(await tx.all(_NAMES, project_id=project_id, customer_ids=list(customer_ids)))


async def export_customers(
    tx: Reading, project_id: str, *, after: tuple[datetime, str], limit: int
) -> list[CustomerLine]:
    """Return the next customers in the order in which they came, after the one of this moment and id."""
    return await tx.all(_EXPORT, project_id=project_id, after_at=after[0], after_id=after[1], limit=limit)


def _begin(text: str) -> dict[str, str]:
    return {"begin": text, "begin_end": text}
