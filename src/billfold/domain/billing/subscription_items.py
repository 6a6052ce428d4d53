"""The lines of a subscription, with each price as Stripe told it: what recurring revenue is summed from (contract G26)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import sqlalchemy as sa

from billfold.domain.tenancy.projects import projects
from billfold.infrastructure.db.database import Reading, Writing
from billfold.infrastructure.db.statements import command, insert_row, metadata, query, row_tuple, values_of

subscription_items = sa.Table(
    "subscription_items",
    metadata,
    sa.Column("subscription_id", sa.Text, sa.ForeignKey("subscriptions.id"), primary_key=True),
    # Their order in Stripe; the first one is shown (contract G14).
    sa.Column("position", sa.BigInteger, primary_key=True),
    sa.Column("project_id", sa.Text, sa.ForeignKey(projects.c.id), nullable=False),
    sa.Column("stripe_item_id", sa.Text, nullable=False),
    sa.Column("stripe_price_id", sa.Text, nullable=False),
    sa.Column("price_id", sa.Text, sa.ForeignKey("prices.id")),
    # NULL: Stripe computes the amount by tiers or usage, which recurring revenue leaves out.
    sa.Column("unit_amount", sa.BigInteger),
    sa.Column("currency", sa.Text, nullable=False),
    sa.Column("interval", sa.Text),
    sa.Column("interval_count", sa.BigInteger, nullable=False),
    sa.Column("quantity", sa.BigInteger, nullable=False),
    sa.Index("ix_subscription_items_project_id", "project_id"),
    sa.Index("ix_subscription_items_price_id", "price_id"),
    sa.Index(
        "ix_subscription_items_unknown_price",
        "project_id",
        "stripe_price_id",
        sqlite_where=sa.text("price_id IS NULL"),
        postgresql_where=sa.text("price_id IS NULL"),
    ),
)


@dataclass(frozen=True, slots=True)
class SubscriptionItem:
    """One line of a subscription; `unit_amount` is in whole minor units of `currency`."""

    subscription_id: str
    position: int
    project_id: str
    stripe_item_id: str
    stripe_price_id: str
    price_id: str | None
    unit_amount: int | None
    currency: str
    interval: str | None
    interval_count: int
    quantity: int


_mine = sa.and_(
    subscription_items.c.project_id == sa.bindparam("project_id"),
    subscription_items.c.subscription_id == sa.bindparam("subscription_id"),
)
_ADD: Final = command(insert_row(subscription_items))
_CLEAR: Final = command(sa.delete(subscription_items).where(_mine))
_LINK: Final = query(
    sa.update(subscription_items)
    .where(
        subscription_items.c.project_id == sa.bindparam("of_project_id"),
        subscription_items.c.stripe_price_id == sa.bindparam("of_stripe_price_id"),
        subscription_items.c.price_id.is_(None),
    )
    .values(price_id=sa.bindparam("new_price_id"))
    .returning(subscription_items.c.subscription_id, subscription_items.c.position),
    row_tuple,
)
_OF_SUBSCRIPTION: Final = query(
    sa.select(*subscription_items.c).where(_mine).order_by(subscription_items.c.position), SubscriptionItem
)


async def replace_items(
    tx: Writing, *, project_id: str, subscription_id: str, items: tuple[SubscriptionItem, ...]
) -> None:
    """Make these the subscription's lines."""
    if tuple(await items_of(tx, project_id, subscription_id)) == items:
        return
    await tx.run(_CLEAR, project_id=project_id, subscription_id=subscription_id)
    await tx.run_many(_ADD, [values_of(item) for item in items])


async def items_of(tx: Reading, project_id: str, subscription_id: str) -> list[SubscriptionItem]:
    """Return the lines of a subscription in Stripe's order."""
    return await tx.all(_OF_SUBSCRIPTION, project_id=project_id, subscription_id=subscription_id)


async def link_items(tx: Writing, *, project_id: str, stripe_price_id: str, price_id: str) -> list[str]:
    """Give a price that was imported late to the lines that have it; return the subscriptions whose first line it is."""
    linked = await tx.all(_LINK, of_project_id=project_id, of_stripe_price_id=stripe_price_id, new_price_id=price_id)
    return [subscription_id for subscription_id, position in linked if position == 0]
