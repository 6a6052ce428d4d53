"""Subscriptions: a mirror of Stripe's, kept by refetching; made only by a finished checkout.

The rules of the mirror: the newer fetch wins, whatever order the answers are stored in; `canceled` and
`incomplete_expired` are final; the first time one is seen active or trialing is kept and published (contract G19, G31).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

import sqlalchemy as sa

from billfold.base.errors import Conflict, NotFound
from billfold.base.ids import new_id
from billfold.base.paging import Page
from billfold.domain.billing import customers as customer_rows
from billfold.domain.billing import prices as price_rows
from billfold.domain.billing import products as product_rows
from billfold.domain.billing.customers import customers
from billfold.domain.billing.freshness import AskAgain, asked_after, impossible_after, is_older, not_older
from billfold.domain.billing.metadata import Metadata, merged_from_stripe
from billfold.domain.billing.prices import Price, prices
from billfold.domain.billing.subscription_changes import publish_changes
from billfold.domain.billing.subscription_items import SubscriptionItem, link_items, replace_items
from billfold.domain.tenancy.projects import projects
from billfold.domain.tenancy.teams import teams
from billfold.infrastructure.db.database import Database, Reading, Write, Writing
from billfold.infrastructure.db.statements import any_of, command, insert_row, metadata, query, values_of
from billfold.infrastructure.db.types import Json, Moment
from billfold.infrastructure.stripe.port import StripeGateway
from billfold.infrastructure.stripe.values import StripeSubscription, StripeSubscriptionItem

# "Active" in the sense of the list's default and of recurring revenue (contract sections 3.4 and 3.7).
ACTIVE: Final = ("active", "trialing")
FINAL: Final = frozenset({"canceled", "incomplete_expired"})
# In words that the partial index and the queries share, so that both databases see that they belong together.
_ACTIVE_SQL: Final = "status IN ('active', 'trialing')"

subscriptions = sa.Table(
    "subscriptions",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("team_id", sa.Text, sa.ForeignKey(teams.c.id), nullable=False),
    sa.Column("project_id", sa.Text, sa.ForeignKey(projects.c.id), nullable=False),
    sa.Column("customer_id", sa.Text, sa.ForeignKey(customers.c.id), nullable=False),
    sa.Column("stripe_subscription_id", sa.Text, nullable=False),
    sa.Column("status", sa.Text, nullable=False),
    # NULL: a price that is not this project's.
    sa.Column("price_id", sa.Text, sa.ForeignKey(prices.c.id)),
    sa.Column("quantity", sa.BigInteger, nullable=False),
    sa.Column("cancel_at_period_end", sa.Boolean, nullable=False),
    sa.Column("current_period_start", Moment),
    sa.Column("current_period_end", Moment),
    # When it ended, not when somebody asked for its end: churn counts ends (contract G27).
    sa.Column("canceled_at", Moment),
    sa.Column("metadata", Json, nullable=False),
    # When it was first seen active or trialing.
    sa.Column("started_at", Moment),
    # The wall clock when Stripe was asked.
    sa.Column("fetched_at", Moment, nullable=False),
    sa.Column("created_at", Moment, nullable=False),
    sa.Column("updated_at", Moment, nullable=False),
    sa.UniqueConstraint("team_id", "stripe_subscription_id"),
    sa.Index("ix_subscriptions_project_created", "project_id", "created_at", "id"),
    sa.Index(
        "ix_subscriptions_project_active",
        "project_id",
        "created_at",
        "id",
        sqlite_where=sa.text(_ACTIVE_SQL),
        postgresql_where=sa.text(_ACTIVE_SQL),
    ),
    sa.Index("ix_subscriptions_project_status", "project_id", "status", "created_at", "id"),
    sa.Index("ix_subscriptions_customer", "project_id", "customer_id", "created_at", "id"),
)


@dataclass(frozen=True, slots=True)
class Subscription:
    """A subscription of a customer; all moments but `fetched_at` are in Stripe's time, which is the team's."""

    id: str
    team_id: str
    project_id: str
    customer_id: str
    stripe_subscription_id: str
    status: str
    price_id: str | None
    quantity: int
    cancel_at_period_end: bool
    current_period_start: datetime | None
    current_period_end: datetime | None
    canceled_at: datetime | None
    metadata: Metadata
    started_at: datetime | None
    fetched_at: datetime
    created_at: datetime
    updated_at: datetime


_mine = sa.and_(
    subscriptions.c.project_id == sa.bindparam("project_id"), subscriptions.c.id == sa.bindparam("subscription_id")
)
_in_project = subscriptions.c.project_id == sa.bindparam("project_id")
_of_customer = sa.and_(_in_project, subscriptions.c.customer_id == sa.bindparam("customer_id"))
_is_active = sa.literal_column(_ACTIVE_SQL, sa.Boolean())


def _listed(*conditions: sa.ColumnElement[bool]) -> sa.Select[tuple[object, ...]]:
    return (
        sa.select(*subscriptions.c)
        .where(*conditions)
        .order_by(subscriptions.c.created_at.desc(), subscriptions.c.id.desc())
        .limit(sa.bindparam("limit", type_=sa.Integer()))
        .offset(sa.bindparam("offset", type_=sa.Integer()))
    )


_LIST: Final = query(_listed(_in_project), Subscription)
_LIST_ACTIVE: Final = query(_listed(_in_project, _is_active), Subscription)
_LIST_OF_CUSTOMER: Final = query(_listed(_of_customer), Subscription)
_LIST_ACTIVE_OF_CUSTOMER: Final = query(_listed(_of_customer, _is_active), Subscription)
_GET: Final = query(sa.select(*subscriptions.c).where(_mine), Subscription)
_by_stripe_id = sa.and_(
    subscriptions.c.team_id == sa.bindparam("team_id"),
    subscriptions.c.stripe_subscription_id == sa.bindparam("stripe_subscription_id"),
)
_BY_STRIPE_ID: Final = query(sa.select(*subscriptions.c).where(_by_stripe_id), Subscription)
_LOCK_BY_STRIPE_ID: Final = query(sa.select(*subscriptions.c).where(_by_stripe_id).with_for_update(), Subscription)
# It got past its first payment; part of other packages' statements too (contract G30).
GOT_GOING: Final = sa.or_(
    subscriptions.c.started_at.is_not(None),
    sa.and_(subscriptions.c.status != "incomplete", subscriptions.c.status != "incomplete_expired"),
)
_EVER: Final = query(sa.select(subscriptions.c.id).where(_of_customer, GOT_GOING).limit(1), str)
_new = insert_row(subscriptions)
# What a newer answer may change; the id, the first sight and what the row belongs to stay.
_CHANGING: Final = (
    "customer_id", "status", "price_id", "quantity", "cancel_at_period_end", "current_period_start", "current_period_end",
    "canceled_at", "metadata", "started_at", "fetched_at", "updated_at",
)  # fmt: skip
_STORE: Final = query(
    _new.on_conflict_do_update(
        index_elements=["team_id", "stripe_subscription_id"],
        set_={name: _new.excluded[name] for name in _CHANGING},
        # The same guard as in `store`, for two answers about a subscription that was unknown to both.
        where=sa.and_(
            subscriptions.c.project_id == _new.excluded.project_id,
            sa.or_(
                not_older(subscriptions.c.fetched_at, _new.excluded.fetched_at),
                _new.excluded.status == "canceled",
            ),
            subscriptions.c.status != "canceled",
            subscriptions.c.status != "incomplete_expired",
        ),
    ).returning(subscriptions.c.id),
    str,
)

_SET_PRICE: Final = command(
    sa.update(subscriptions)
    .where(subscriptions.c.project_id == sa.bindparam("of_project_id"), any_of(subscriptions.c.id, "subscription_ids"))
    .values(price_id=sa.bindparam("new_price_id"))
)


async def get(tx: Reading, project_id: str, subscription_id: str) -> Subscription:
    """Return a subscription of the project or raise `NotFound`."""
    found = await tx.first(_GET, project_id=project_id, subscription_id=subscription_id)
    if found is None:
        raise NotFound("Subscription not found")
    return found


async def list_subscriptions(
    tx: Reading, project_id: str, page: Page, *, customer_id: str | None, active_only: bool
) -> list[Subscription]:
    """Return a page of the project's subscriptions, newest first; `active_only` means active and trialing."""
    if customer_id is None:
        statement = _LIST_ACTIVE if active_only else _LIST
        return await tx.all(statement, project_id=project_id, limit=page.limit, offset=page.offset)
    statement = _LIST_ACTIVE_OF_CUSTOMER if active_only else _LIST_OF_CUSTOMER
    return await tx.all(statement, project_id=project_id, customer_id=customer_id, limit=page.limit, offset=page.offset)


async def find_by_stripe_id(tx: Reading, team_id: str, stripe_subscription_id: str) -> Subscription | None:
    """Return the row of a Stripe subscription of the team's account, in whichever project it is."""
    return await tx.first(_BY_STRIPE_ID, team_id=team_id, stripe_subscription_id=stripe_subscription_id)


async def ever_subscribed(tx: Reading, project_id: str, customer_id: str) -> bool:
    """Tell whether a customer has or had a subscription that got past its first payment (contract G30)."""
    return await tx.first(_EVER, project_id=project_id, customer_id=customer_id) is not None


async def store(
    tx: Writing,
    *,
    team_id: str,
    project_id: str,
    customer_id: str,
    value: StripeSubscription,
    fetched_at: datetime,
    at: datetime,
    now: datetime,
    announce: bool = True,
) -> Subscription:
    """Take over what Stripe says of a subscription and return the row as it is now.

    `fetched_at` is the wall clock from just before Stripe was asked, `at` the team's time. Publishes `SubscriptionStarted`
    once, when it is first seen active or trialing (not with `announce` False: an import of the past is no news),
    `SubscriptionEnded` once, when it is canceled, `SubscriptionChanged` for what else is shown of it. The customer's row is
    held meanwhile, so applying a referral code and starting to pay happen one after the other (SCENARIOS C5).
    """
    await customer_rows.lock_even_deleted(tx, project_id, customer_id)
    known = await tx.first(_LOCK_BY_STRIPE_ID, team_id=team_id, stripe_subscription_id=value.id)
    if known is not None:
        if known.project_id != project_id:
            raise Conflict("This Stripe subscription belongs to another project.")
        if known.status in FINAL:
            return known
        # An end is the newest news there can be, whenever it was fetched.
        if value.status != "canceled" and is_older(fetched_at, known.fetched_at, now):
            return known
    subscription_id = known.id if known else new_id("ps_")
    items = await _items(
        tx, subscription_id, value.items, team_id=team_id, project_id=project_id, fetched_at=fetched_at, at=at, now=now
    )
    started_at = known.started_at if known else None
    fresh = Subscription(
        id=subscription_id,
        team_id=team_id,
        project_id=project_id,
        customer_id=customer_id,
        stripe_subscription_id=value.id,
        status=value.status,
        price_id=items[0].price_id if items else None,
        quantity=items[0].quantity if items else 1,
        cancel_at_period_end=value.cancel_at_period_end,
        current_period_start=value.current_period_start,
        current_period_end=value.current_period_end,
        canceled_at=(value.ended_at or value.canceled_at or at) if value.status in FINAL else None,
        metadata=merged_from_stripe({}, value.metadata),
        started_at=started_at or (at if value.status in ACTIVE else None),
        fetched_at=fetched_at,
        created_at=known.created_at if known else value.created,
        updated_at=at,
    )
    if await tx.first(_STORE, **values_of(fresh), impossible_after=impossible_after(now)) != subscription_id:
        # Another worker stored a newer answer about a subscription that was unknown to both: try again on its row.
        raise Conflict("This subscription was stored at the same time; try again.")
    await replace_items(tx, project_id=project_id, subscription_id=subscription_id, items=items)
    await publish_changes(tx, known, fresh, announce=announce, at=at, now=now)
    return fresh


async def link_price(tx: Writing, price: Price) -> None:
    """Show a price that was imported after the subscriptions to it were stored."""
    subscription_ids = await link_items(
        tx, project_id=price.project_id, stripe_price_id=price.stripe_price_id, price_id=price.id
    )
    if subscription_ids:
        await tx.run(
            _SET_PRICE, of_project_id=price.project_id, subscription_ids=subscription_ids, new_price_id=price.id
        )


async def set_cancel_at_period_end(
    db: Database,
    stripe: StripeGateway,
    *,
    project_id: str,
    subscription_id: str,
    cancel: bool,
    write: Write | None = None,
    at: datetime,
    now: datetime,
) -> Subscription:
    """Have a subscription end with its period, or resume it, in Stripe first (contract G14).

    Raises `Conflict` for one that has ended. The value that it has already changes nothing and asks Stripe nothing.
    """
    subscription = await db.read(get, project_id, subscription_id)
    if subscription.status in FINAL:
        raise Conflict(f"This subscription is {subscription.status} for good: start a new one through checkout.")
    if subscription.cancel_at_period_end is cancel:
        return subscription
    value = await stripe.set_cancel_at_period_end(subscription.stripe_subscription_id, cancel=cancel)
    return await _store_answer(write or db.write, subscription, value, at=at, now=now)


async def cancel_now(
    db: Database,
    stripe: StripeGateway,
    *,
    project_id: str,
    subscription_id: str,
    write: Write | None = None,
    at: datetime,
    now: datetime,
) -> Subscription:
    """End a subscription at once, in Stripe first; one that has ended is returned as it is (contract G14)."""
    subscription = await db.read(get, project_id, subscription_id)
    if subscription.status in FINAL:
        return subscription
    value = await stripe.cancel_subscription(subscription.stripe_subscription_id)
    return await _store_answer(write or db.write, subscription, value, at=at, now=now)


async def _store_answer(
    write: Write, subscription: Subscription, value: StripeSubscription, *, at: datetime, now: datetime
) -> Subscription:
    try:
        stored = await write(
            store,
            team_id=subscription.team_id,
            project_id=subscription.project_id,
            customer_id=subscription.customer_id,
            value=value,
            fetched_at=asked_after(now, subscription.fetched_at),
            at=at,
            now=now,
        )
    except AskAgain:
        stored = await write(get, subscription.project_id, subscription.id)  # it was done: `write` may have to say so
    # A refetch that began after `now` and before Stripe did this may be what is stored. The event of this very change
    # brings the row along; the caller is told what Stripe has just answered.
    return replace(stored, status=value.status, cancel_at_period_end=value.cancel_at_period_end)


async def _items(
    tx: Writing,
    subscription_id: str,
    values: tuple[StripeSubscriptionItem, ...],
    *,
    team_id: str,
    project_id: str,
    fetched_at: datetime,
    at: datetime,
    now: datetime,
) -> tuple[SubscriptionItem, ...]:
    return tuple(
        [
            SubscriptionItem(
                subscription_id=subscription_id,
                position=position,
                project_id=project_id,
                stripe_item_id=item.id,
                stripe_price_id=item.price.id,
                price_id=await _price_id(
                    tx, item, team_id=team_id, project_id=project_id, fetched_at=fetched_at, at=at, now=now
                ),
                unit_amount=item.price.unit_amount,
                currency=item.price.currency,
                interval=item.price.interval,
                interval_count=item.price.interval_count,
                quantity=item.quantity,
            )
            for position, item in enumerate(values)
        ]
    )


async def _price_id(
    tx: Writing,
    item: StripeSubscriptionItem,
    *,
    team_id: str,
    project_id: str,
    fetched_at: datetime,
    at: datetime,
    now: datetime,
) -> str | None:
    """Return our id of an item's price, importing the price if its product is this project's (contract G14)."""
    price = await price_rows.find_by_stripe_id(tx, team_id, item.price.id)
    if price is None:
        product = await product_rows.find_by_stripe_id(tx, team_id, item.price.product_id)
        if product is None or product.project_id != project_id:
            return None
        price = await price_rows.store(tx, product=product, value=item.price, fetched_at=fetched_at, at=at, now=now)
        await link_price(tx, price)
    return price.id if price.project_id == project_id else None
