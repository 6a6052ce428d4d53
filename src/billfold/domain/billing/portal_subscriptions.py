"""What a customer sees of his subscriptions: everything that has not ended, with the names of what he bought (contract G15)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

import sqlalchemy as sa

from billfold.base.errors import NotFound
from billfold.domain.billing.prices import prices
from billfold.domain.billing.products import products
from billfold.domain.billing.subscription_items import SubscriptionItem, subscription_items
from billfold.domain.billing.subscriptions import FINAL, Subscription, get, subscriptions
from billfold.infrastructure.db.database import Reading
from billfold.infrastructure.db.statements import any_of, query

# Nobody reads more on one page; the newest are shown.
_MOST: Final = 100


@dataclass(frozen=True, slots=True)
class _Named:
    id: str
    product_name: str | None
    price_name: str | None


@dataclass(frozen=True, slots=True)
class PortalSubscription:
    """A subscription with what it is called; names are None for a price that is not this project's."""

    subscription: Subscription
    product_name: str | None
    price_name: str | None
    items: tuple[SubscriptionItem, ...]

    @property
    def amount_cents(self) -> int | None:
        """What one period costs before discounts and tax; None if Stripe computes it, or if its lines cannot be added."""
        terms = {(each.currency, each.interval, each.interval_count) for each in self.items}
        amounts = [None if each.unit_amount is None else each.unit_amount * each.quantity for each in self.items]
        known = [each for each in amounts if each is not None]
        return sum(known) if len(terms) == 1 and len(known) == len(amounts) else None

    @property
    def cancels_on(self) -> datetime | None:
        """When it ends, if its end was asked for."""
        return self.subscription.current_period_end if self.subscription.cancel_at_period_end else None


_not_ended = [subscriptions.c.status != sa.literal_column(f"'{each}'") for each in sorted(FINAL)]
_of_customer = sa.and_(
    subscriptions.c.project_id == sa.bindparam("project_id"),
    subscriptions.c.customer_id == sa.bindparam("customer_id"),
    *_not_ended,
)
_LIVE: Final = query(
    sa.select(*subscriptions.c)
    .where(_of_customer)
    .order_by(subscriptions.c.created_at.desc(), subscriptions.c.id.desc())
    .limit(_MOST),
    Subscription,
)
_NAMES: Final = query(
    sa.select(subscriptions.c.id, products.c.name.label("product_name"), prices.c.nickname.label("price_name"))
    .join(prices, prices.c.id == subscriptions.c.price_id)
    .join(products, products.c.id == prices.c.product_id)
    .where(subscriptions.c.project_id == sa.bindparam("project_id"), any_of(subscriptions.c.id, "subscription_ids")),
    _Named,
)
_ITEMS: Final = query(
    sa.select(*subscription_items.c)
    .where(
        subscription_items.c.project_id == sa.bindparam("project_id"),
        any_of(subscription_items.c.subscription_id, "subscription_ids"),
    )
    .order_by(subscription_items.c.subscription_id, subscription_items.c.position),
    SubscriptionItem,
)


async def live_of_customer(tx: Reading, project_id: str, customer_id: str) -> list[Subscription]:
    """Return a customer's subscriptions that have not ended, newest first."""
    return await tx.all(_LIVE, project_id=project_id, customer_id=customer_id)


async def portal_subscriptions(tx: Reading, project_id: str, customer_id: str) -> list[PortalSubscription]:
    """Return a customer's subscriptions that have not ended with what they are called and cost, newest first."""
    return await _described(tx, project_id, await live_of_customer(tx, project_id, customer_id))


async def own_subscription(tx: Reading, project_id: str, customer_id: str, subscription_id: str) -> PortalSubscription:
    """Return one of a customer's subscriptions, ended or not, or raise `NotFound`: for another customer's too."""
    row = await get(tx, project_id, subscription_id)
    if row.customer_id != customer_id:
        raise NotFound("Subscription not found")
    (described,) = await _described(tx, project_id, [row])
    return described


async def _described(tx: Reading, project_id: str, rows: list[Subscription]) -> list[PortalSubscription]:
    ids = [each.id for each in rows]
    if not ids:
        return []
    names = {each.id: each for each in await tx.all(_NAMES, project_id=project_id, subscription_ids=ids)}
    items: dict[str, list[SubscriptionItem]] = {}
    for each in await tx.all(_ITEMS, project_id=project_id, subscription_ids=ids):
        items.setdefault(each.subscription_id, []).append(each)
    nothing = _Named("", None, None)
    return [
        PortalSubscription(
            row,
            names.get(row.id, nothing).product_name,
            names.get(row.id, nothing).price_name,
            tuple(items.get(row.id, ())),
        )
        for row in rows
    ]
