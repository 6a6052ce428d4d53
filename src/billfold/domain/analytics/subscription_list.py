"""The subscriptions of a project as a list that people filter."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import sqlalchemy as sa

from billfold.domain.analytics.customer_list import find_customers
from billfold.domain.billing.customers import customers
from billfold.domain.billing.prices import prices
from billfold.domain.billing.products import products
from billfold.domain.billing.subscriptions import find_by_stripe_id, subscriptions
from billfold.infrastructure.db.database import Reading
from billfold.infrastructure.db.statements import any_of, query
from billfold.infrastructure.db.types import Moment


@dataclass(frozen=True, slots=True)
class SubscriptionLine:
    """A subscription with whose it is and what it costs: `unit_amount` minor units an interval, None for a foreign price."""

    id: str
    stripe_subscription_id: str
    status: str
    quantity: int
    cancel_at_period_end: bool
    current_period_end: datetime | None
    canceled_at: datetime | None
    created_at: datetime
    customer_id: str
    customer_email: str
    customer_name: str | None
    product: str | None
    nickname: str | None
    unit_amount: int | None
    currency: str | None
    interval: str | None
    interval_count: int | None


_project = subscriptions.c.project_id == sa.bindparam("project_id")
_status = subscriptions.c.status == sa.bindparam("status")
_rows = sa.select(
    subscriptions.c.id,
    subscriptions.c.stripe_subscription_id,
    subscriptions.c.status,
    subscriptions.c.quantity,
    subscriptions.c.cancel_at_period_end,
    subscriptions.c.current_period_end,
    subscriptions.c.canceled_at,
    subscriptions.c.created_at,
    subscriptions.c.customer_id,
    customers.c.email.label("customer_email"),
    customers.c.name.label("customer_name"),
    products.c.name.label("product"),
    prices.c.nickname,
    prices.c.unit_amount,
    prices.c.currency,
    prices.c.interval,
    prices.c.interval_count,
).select_from(
    subscriptions.join(customers, customers.c.id == subscriptions.c.customer_id)
    .join(prices, prices.c.id == subscriptions.c.price_id, isouter=True)
    .join(products, products.c.id == prices.c.product_id, isouter=True)
)
# Of a search.
MOST_FOUND: Final = 500
_newest = (subscriptions.c.created_at.desc(), subscriptions.c.id.desc())
_oldest = (subscriptions.c.created_at, subscriptions.c.id)


def _page(order: tuple[sa.ColumnElement[Any], ...], *conditions: sa.ColumnElement[bool]) -> sa.Select[Any]:
    """Return one page; what belongs to its rows is looked up for them alone, not for those that the offset skips."""
    chosen = (
        sa.select(subscriptions.c.id)
        .where(_project, *conditions)
        .order_by(*order)
        .limit(sa.bindparam("limit", type_=sa.Integer()))
        .offset(sa.bindparam("offset", type_=sa.Integer()))
        .subquery("chosen")
    )
    return _rows.join(chosen, chosen.c.id == subscriptions.c.id)


_LIST: Final = {
    "newest": query(_page(_newest), SubscriptionLine),
    "oldest": query(_page(_oldest), SubscriptionLine),
}
_LIST_OF_STATUS: Final = {
    "newest": query(_page(_newest, _status), SubscriptionLine),
    "oldest": query(_page(_oldest, _status), SubscriptionLine),
}
_OF_CUSTOMER: Final = query(
    _page(_newest, subscriptions.c.customer_id == sa.bindparam("customer_id")), SubscriptionLine
)
_OF_CUSTOMERS: Final = query(
    _rows.where(_project, any_of(subscriptions.c.customer_id, "customer_ids")).limit(
        sa.bindparam("limit", type_=sa.Integer())
    ),
    SubscriptionLine,
)
_GET: Final = query(_rows.where(_project, subscriptions.c.id == sa.bindparam("subscription_id")), SubscriptionLine)
_EXPORT: Final = query(
    _rows.where(
        _project,
        sa.tuple_(subscriptions.c.created_at, subscriptions.c.id)
        > sa.tuple_(sa.bindparam("after_at", type_=Moment()), sa.bindparam("after_id", type_=sa.Text())),
    )
    .order_by(*_oldest)
    .limit(sa.bindparam("limit", type_=sa.Integer())),
    SubscriptionLine,
)


async def list_subscriptions(
    tx: Reading, project_id: str, *, status: str | None, sort: str, limit: int, offset: int
) -> list[SubscriptionLine]:
    """Return a page of the project's subscriptions, of one status if asked."""
    bounds: dict[str, Any] = {"project_id": project_id, "limit": limit, "offset": offset}
    if status is None:
        return _sorted(await tx.all(_LIST[sort], **bounds), sort)
    return _sorted(await tx.all(_LIST_OF_STATUS[sort], **bounds, status=status), sort)


async def subscriptions_of(
    tx: Reading, project_id: str, customer_id: str, *, limit: int = 50
) -> list[SubscriptionLine]:
    """Return a customer's subscriptions, newest first."""
    found = await tx.all(_OF_CUSTOMER, project_id=project_id, customer_id=customer_id, limit=limit, offset=0)
    return _sorted(found, "newest")


async def find_subscription(tx: Reading, project_id: str, subscription_id: str) -> SubscriptionLine | None:
    """Return one subscription of the project."""
    return await tx.first(_GET, project_id=project_id, subscription_id=subscription_id)


async def search_subscriptions(
    tx: Reading, team_id: str, project_id: str, text: str, *, status: str | None, sort: str
) -> list[SubscriptionLine]:
    """Return the subscriptions of the customers whom a text names, or the one whose id or Stripe id it is; at most 500."""
    text = text.strip()
    wanted = text if text.startswith("ps_") else None
    if text.startswith("sub_"):
        known = await find_by_stripe_id(tx, team_id, text)
        wanted = "" if known is None else known.id
    if wanted is not None:
        found = await tx.all(_GET, project_id=project_id, subscription_id=wanted)
    else:
        customer_ids = [each.id for each in await find_customers(tx, project_id, text)]
        found = await tx.all(_OF_CUSTOMERS, project_id=project_id, customer_ids=customer_ids, limit=MOST_FOUND)
    return _sorted([each for each in found if status in {None, each.status}], sort)


async def export_subscriptions(
    tx: Reading, project_id: str, *, after: tuple[datetime, str], limit: int
) -> list[SubscriptionLine]:
    """Return the next subscriptions in the order in which they began, after the one of this moment and id."""
    return await tx.all(_EXPORT, project_id=project_id, after_at=after[0], after_id=after[1], limit=limit)


def _sorted(found: list[SubscriptionLine], sort: str) -> list[SubscriptionLine]:
    return sorted(found, key=lambda each: (each.created_at, each.id), reverse=sort == "newest")
