"""Prices: what a product costs, once or every so often.

As in Stripe, the amount, the currency and the interval of a price never change; a new price replaces an old one, which is
archived (contract G11). Amounts are whole minor units.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

import sqlalchemy as sa

from billfold.base.errors import Conflict, NotFound
from billfold.base.ids import new_id
from billfold.base.paging import Page
from billfold.domain.billing import products
from billfold.domain.billing.freshness import asked_after, is_older
from billfold.domain.billing.metadata import PROJECT_STAMP, Metadata, merged_from_stripe, replaced, stamped
from billfold.domain.billing.products import Product
from billfold.domain.tenancy.projects import projects
from billfold.domain.tenancy.teams import teams
from billfold.infrastructure.db.database import Database, Reading, Write, Writing
from billfold.infrastructure.db.statements import command, insert_row, metadata, query, values_of
from billfold.infrastructure.db.types import Json, Moment
from billfold.infrastructure.stripe.port import StripeGateway
from billfold.infrastructure.stripe.values import StripePrice

RECURRING: Final = "recurring"
ONE_TIME: Final = "one_time"
# How many intervals make three years, the longest billing period (Stripe's document "Prices", `recurring.interval_count`).
LARGEST_INTERVAL_COUNT: Final = {"day": 1_095, "week": 156, "month": 36, "year": 3}
LONGEST_NICKNAME: Final = 500

prices = sa.Table(
    "prices",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("team_id", sa.Text, sa.ForeignKey(teams.c.id), nullable=False),
    sa.Column("project_id", sa.Text, sa.ForeignKey(projects.c.id), nullable=False),
    sa.Column("product_id", sa.Text, sa.ForeignKey(products.products.c.id), nullable=False),
    # NULL: Stripe computes the amount by tiers or usage.
    sa.Column("unit_amount", sa.BigInteger),
    sa.Column("currency", sa.Text, nullable=False),
    sa.Column("type", sa.Text, nullable=False),
    sa.Column("interval", sa.Text),
    sa.Column("interval_count", sa.BigInteger, nullable=False),
    sa.Column("nickname", sa.Text),
    sa.Column("is_active", sa.Boolean, nullable=False),
    sa.Column("stripe_price_id", sa.Text, nullable=False),
    sa.Column("metadata", Json, nullable=False),
    # The wall clock when Stripe told what this row holds: an older answer never overwrites a newer one.
    sa.Column("fetched_at", Moment, nullable=False),
    sa.Column("created_at", Moment, nullable=False),
    sa.Column("updated_at", Moment, nullable=False),
    sa.UniqueConstraint("team_id", "stripe_price_id"),
    sa.Index("ix_prices_product_created", "project_id", "product_id", "created_at", "id"),
    sa.Index("ix_prices_product_active", "project_id", "product_id", "is_active", "created_at", "id"),
)


@dataclass(frozen=True, slots=True)
class Price:
    """A price of a product; `interval` is None for a one-time price, whose `interval_count` is 1."""

    id: str
    team_id: str
    project_id: str
    product_id: str
    unit_amount: int | None
    currency: str
    type: str
    interval: str | None
    interval_count: int
    nickname: str | None
    is_active: bool
    stripe_price_id: str
    metadata: Metadata
    fetched_at: datetime
    created_at: datetime
    updated_at: datetime


@dataclass(frozen=True, slots=True)
class PriceChange:
    """What a caller wants changed; None leaves a field as it is, `nickname=""` clears it."""

    is_active: bool | None = None
    nickname: str | None = None
    metadata: Metadata | None = None


_mine = sa.and_(prices.c.project_id == sa.bindparam("project_id"), prices.c.id == sa.bindparam("price_id"))
_of_product = sa.and_(
    prices.c.project_id == sa.bindparam("project_id"), prices.c.product_id == sa.bindparam("product_id")
)
_newest_first = (prices.c.created_at.desc(), prices.c.id.desc())
_page = {"limit": sa.bindparam("limit", type_=sa.Integer()), "offset": sa.bindparam("offset", type_=sa.Integer())}
_ADD: Final = query(insert_row(prices).on_conflict_do_nothing().returning(prices.c.id), str)
_GET: Final = query(sa.select(*prices.c).where(_mine), Price)
_LOCK: Final = query(sa.select(*prices.c).where(_mine).with_for_update(), Price)
_LIST: Final = query(
    sa.select(*prices.c).where(_of_product).order_by(*_newest_first).limit(_page["limit"]).offset(_page["offset"]),
    Price,
)
_LIST_ACTIVE: Final = query(
    sa.select(*prices.c)
    .where(_of_product, prices.c.is_active.is_(True))
    .order_by(*_newest_first)
    .limit(_page["limit"])
    .offset(_page["offset"]),
    Price,
)
_BY_STRIPE_ID: Final = query(
    sa.select(*prices.c).where(
        prices.c.team_id == sa.bindparam("team_id"), prices.c.stripe_price_id == sa.bindparam("stripe_price_id")
    ),
    Price,
)
_UPDATE: Final = command(
    sa.update(prices)
    .where(_mine)
    .values(
        nickname=sa.bindparam("nickname"),
        is_active=sa.bindparam("is_active"),
        metadata=sa.bindparam("metadata", type_=Json()),
        fetched_at=sa.bindparam("fetched_at", type_=Moment()),
        updated_at=sa.bindparam("updated_at", type_=Moment()),
    )
)


async def get(tx: Reading, project_id: str, price_id: str) -> Price:
    """Return a price of the project, archived ones too, or raise `NotFound`."""
    found = await tx.first(_GET, project_id=project_id, price_id=price_id)
    return _found(found)


async def list_prices(tx: Reading, project_id: str, product_id: str, page: Page, *, active_only: bool) -> list[Price]:
    """Return a page of a product's prices, newest first; `NotFound` if the project has no such product."""
    await products.get(tx, project_id, product_id)
    statement = _LIST_ACTIVE if active_only else _LIST
    return await tx.all(statement, project_id=project_id, product_id=product_id, limit=page.limit, offset=page.offset)


async def find_by_stripe_id(tx: Reading, team_id: str, stripe_price_id: str) -> Price | None:
    """Return the price that stands for a Stripe price of the team's account."""
    return await tx.first(_BY_STRIPE_ID, team_id=team_id, stripe_price_id=stripe_price_id)


async def create_in_stripe(
    stripe: StripeGateway,
    product: Product,
    *,
    unit_amount: int,
    currency: str,
    interval: str | None,
    interval_count: int,
    nickname: str | None,
    metadata: Metadata,
    idempotency_key: str,
    at: datetime,
    now: datetime,
) -> Price:
    """Create the price in Stripe and return the row that `add_price` is to store; no `interval` makes it one-time."""
    made = await stripe.create_price(
        product_id=product.stripe_product_id,
        unit_amount=unit_amount,
        currency=currency,
        interval=interval,
        interval_count=interval_count,
        nickname=nickname or None,
        metadata=stamped(metadata, {PROJECT_STAMP: product.project_id}),
        idempotency_key=idempotency_key,
    )
    return Price(
        id=new_id("pri_"),
        team_id=product.team_id,
        project_id=product.project_id,
        product_id=product.id,
        unit_amount=unit_amount,
        currency=currency,
        type=RECURRING if interval else ONE_TIME,
        interval=interval,
        interval_count=interval_count,
        nickname=nickname or None,
        is_active=True,
        stripe_price_id=made.id,
        metadata=metadata,
        fetched_at=now,
        created_at=at,
        updated_at=at,
    )


async def add_price(tx: Writing, price: Price) -> Price:
    """Store a new price; if the webhook stored it first, take that row's id and write what the caller sent."""
    if await tx.first(_ADD, **values_of(price)) is not None:
        return price
    stored = await find_by_stripe_id(tx, price.team_id, price.stripe_price_id)
    if stored is None or stored.project_id != price.project_id:
        raise Conflict("This Stripe price already belongs to another project.")
    return await _write(tx, replace(price, id=stored.id, created_at=stored.created_at, is_active=stored.is_active))


async def update_price(
    db: Database,
    stripe: StripeGateway,
    *,
    project_id: str,
    price_id: str,
    change: PriceChange,
    write: Write | None = None,
    at: datetime,
    now: datetime,
) -> Price:
    """Change a price in Stripe, then here."""
    old = await db.read(get, project_id, price_id)
    await stripe.update_price(
        old.stripe_price_id,
        active=change.is_active,
        nickname=change.nickname,
        metadata=None if change.metadata is None else replaced(old.metadata, change.metadata),
    )
    return await (write or db.write)(_change, project_id, price_id, change, at=at, now=now)


async def store(
    tx: Writing, *, product: Product, value: StripePrice, fetched_at: datetime, at: datetime, now: datetime
) -> Price:
    """Take over what Stripe says of a price of this product, unless a newer answer is stored; return the row."""
    known = await find_by_stripe_id(tx, product.team_id, value.id)
    if known is None:
        fresh = Price(
            id=new_id("pri_"),
            team_id=product.team_id,
            project_id=product.project_id,
            product_id=product.id,
            unit_amount=value.unit_amount,
            currency=value.currency,
            type=value.type,
            interval=value.interval,
            interval_count=value.interval_count,
            nickname=value.nickname or None,
            is_active=value.active,
            stripe_price_id=value.id,
            metadata=merged_from_stripe({}, value.metadata),
            fetched_at=fetched_at,
            created_at=value.created,
            updated_at=at,
        )
        if await tx.first(_ADD, **values_of(fresh)) is not None:
            return fresh
        known = _found(await find_by_stripe_id(tx, product.team_id, value.id))
    found = await tx.first(_LOCK, project_id=known.project_id, price_id=known.id)
    known = _found(found)
    if is_older(fetched_at, known.fetched_at, now):
        return known
    changed = replace(
        known,
        nickname=value.nickname or None,
        is_active=value.active,
        metadata=merged_from_stripe(known.metadata, value.metadata),
        fetched_at=fetched_at,
    )
    if replace(changed, fetched_at=known.fetched_at) != known:
        changed = replace(changed, updated_at=at)
    return await _write(tx, changed)


async def _change(
    tx: Writing, project_id: str, price_id: str, change: PriceChange, *, at: datetime, now: datetime
) -> Price:
    found = await tx.first(_LOCK, project_id=project_id, price_id=price_id)
    old = _found(found)
    return await _write(
        tx,
        replace(
            old,
            nickname=old.nickname if change.nickname is None else change.nickname or None,
            is_active=old.is_active if change.is_active is None else change.is_active,
            metadata=old.metadata if change.metadata is None else change.metadata,
            fetched_at=asked_after(now, old.fetched_at),
            updated_at=at,
        ),
    )


async def _write(tx: Writing, changed: Price) -> Price:
    await tx.run(
        _UPDATE,
        project_id=changed.project_id,
        price_id=changed.id,
        nickname=changed.nickname,
        is_active=changed.is_active,
        metadata=changed.metadata,
        fetched_at=changed.fetched_at,
        updated_at=changed.updated_at,
    )
    return changed


def _found(price: Price | None) -> Price:
    if price is None:
        raise NotFound("Price not found")
    return price
