"""Products: what a project sells. Prices hang below them; an archived one stays for history (contract G12)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

import sqlalchemy as sa

from billfold.base.errors import Conflict, NotFound
from billfold.base.ids import new_id
from billfold.base.paging import Page
from billfold.domain.billing.freshness import asked_after, is_older
from billfold.domain.billing.metadata import PROJECT_STAMP, Metadata, merged_from_stripe, replaced, stamped
from billfold.domain.tenancy.projects import projects
from billfold.domain.tenancy.teams import teams
from billfold.infrastructure.db.database import Database, Reading, Write, Writing
from billfold.infrastructure.db.statements import command, insert_row, metadata, query, values_of
from billfold.infrastructure.db.types import Json, Moment
from billfold.infrastructure.stripe.port import StripeGateway
from billfold.infrastructure.stripe.values import StripeProduct

LONGEST_NAME: Final = 250
LONGEST_DESCRIPTION: Final = 5_000

products = sa.Table(
    "products",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("team_id", sa.Text, sa.ForeignKey(teams.c.id), nullable=False),
    sa.Column("project_id", sa.Text, sa.ForeignKey(projects.c.id), nullable=False),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("description", sa.Text),
    sa.Column("is_active", sa.Boolean, nullable=False),
    sa.Column("stripe_product_id", sa.Text, nullable=False),
    sa.Column("metadata", Json, nullable=False),
    # The wall clock when Stripe told what this row holds: an older answer never overwrites a newer one.
    sa.Column("fetched_at", Moment, nullable=False),
    sa.Column("created_at", Moment, nullable=False),
    sa.Column("updated_at", Moment, nullable=False),
    sa.UniqueConstraint("team_id", "stripe_product_id"),
    sa.Index("ix_products_project_created", "project_id", "created_at", "id"),
    sa.Index("ix_products_project_active", "project_id", "is_active", "created_at", "id"),
)


@dataclass(frozen=True, slots=True)
class Product:
    """A product of a project; `is_active` False means archived."""

    id: str
    team_id: str
    project_id: str
    name: str
    description: str | None
    is_active: bool
    stripe_product_id: str
    metadata: Metadata
    fetched_at: datetime
    created_at: datetime
    updated_at: datetime


_mine = sa.and_(products.c.project_id == sa.bindparam("project_id"), products.c.id == sa.bindparam("product_id"))
_newest_first = (products.c.created_at.desc(), products.c.id.desc())
_page = {"limit": sa.bindparam("limit", type_=sa.Integer()), "offset": sa.bindparam("offset", type_=sa.Integer())}
_ADD: Final = query(insert_row(products).on_conflict_do_nothing().returning(products.c.id), str)
_GET: Final = query(sa.select(*products.c).where(_mine), Product)
_LOCK: Final = query(sa.select(*products.c).where(_mine).with_for_update(), Product)
_LIST: Final = query(
    sa.select(*products.c)
    .where(products.c.project_id == sa.bindparam("project_id"))
    .order_by(*_newest_first)
    .limit(_page["limit"])
    .offset(_page["offset"]),
    Product,
)
_LIST_ACTIVE: Final = query(
    sa.select(*products.c)
    .where(products.c.project_id == sa.bindparam("project_id"), products.c.is_active.is_(True))
    .order_by(*_newest_first)
    .limit(_page["limit"])
    .offset(_page["offset"]),
    Product,
)
_BY_STRIPE_ID: Final = query(
    sa.select(*products.c).where(
        products.c.team_id == sa.bindparam("team_id"), products.c.stripe_product_id == sa.bindparam("stripe_product_id")
    ),
    Product,
)
_UPDATE: Final = command(
    sa.update(products)
    .where(_mine)
    .values(
        name=sa.bindparam("name"),
        description=sa.bindparam("description"),
        is_active=sa.bindparam("is_active"),
        metadata=sa.bindparam("metadata", type_=Json()),
        fetched_at=sa.bindparam("fetched_at", type_=Moment()),
        updated_at=sa.bindparam("updated_at", type_=Moment()),
    )
)


@dataclass(frozen=True, slots=True)
class ProductChange:
    """What a caller wants changed; None leaves a field as it is, `description=""` clears it."""

    name: str | None = None
    description: str | None = None
    is_active: bool | None = None
    metadata: Metadata | None = None


async def get(tx: Reading, project_id: str, product_id: str) -> Product:
    """Return a product of the project, archived ones too, or raise `NotFound`."""
    found = await tx.first(_GET, project_id=project_id, product_id=product_id)
    return _found(found)


async def list_products(tx: Reading, project_id: str, page: Page, *, active_only: bool) -> list[Product]:
    """Return a page of the project's products, newest first."""
    statement = _LIST_ACTIVE if active_only else _LIST
    return await tx.all(statement, project_id=project_id, limit=page.limit, offset=page.offset)


async def find_by_stripe_id(tx: Reading, team_id: str, stripe_product_id: str) -> Product | None:
    """Return the product that stands for a Stripe product of the team's account."""
    return await tx.first(_BY_STRIPE_ID, team_id=team_id, stripe_product_id=stripe_product_id)


async def create_in_stripe(
    stripe: StripeGateway,
    *,
    team_id: str,
    project_id: str,
    name: str,
    description: str | None,
    metadata: Metadata,
    idempotency_key: str,
    at: datetime,
    now: datetime,
) -> Product:
    """Create the product in Stripe and return the row that `add_product` is to store (contract G35)."""
    made = await stripe.create_product(
        name=name,
        description=description or None,
        metadata=stamped(metadata, {PROJECT_STAMP: project_id}),
        idempotency_key=idempotency_key,
    )
    return Product(
        id=new_id("pp_"),
        team_id=team_id,
        project_id=project_id,
        name=name,
        description=description or None,
        is_active=True,
        stripe_product_id=made.id,
        metadata=metadata,
        fetched_at=now,
        created_at=at,
        updated_at=at,
    )


async def add_product(tx: Writing, product: Product) -> Product:
    """Store a new product; if the webhook stored it first, take that row's id and write what the caller sent."""
    if await tx.first(_ADD, **values_of(product)) is not None:
        return product
    stored = await find_by_stripe_id(tx, product.team_id, product.stripe_product_id)
    if stored is None or stored.project_id != product.project_id:
        raise Conflict("This Stripe product already belongs to another project.")
    return await _write(tx, replace(product, id=stored.id, created_at=stored.created_at, is_active=stored.is_active))


async def update_product(
    db: Database,
    stripe: StripeGateway,
    *,
    project_id: str,
    product_id: str,
    change: ProductChange,
    write: Write | None = None,
    at: datetime,
    now: datetime,
) -> Product:
    """Change a product in Stripe, then here; Stripe's `active` follows `is_active` (contract section 3.2)."""
    old = await db.read(get, project_id, product_id)
    await stripe.update_product(
        old.stripe_product_id,
        name=change.name,
        description=change.description,
        active=change.is_active,
        metadata=None if change.metadata is None else replaced(old.metadata, change.metadata),
    )
    return await (write or db.write)(_change, project_id, product_id, change, at=at, now=now)


async def store(
    tx: Writing,
    *,
    team_id: str,
    project_id: str,
    value: StripeProduct,
    fetched_at: datetime,
    at: datetime,
    now: datetime,
) -> Product:
    """Take over what Stripe says of a product, unless a newer answer is stored; return the row as it is."""
    known = await find_by_stripe_id(tx, team_id, value.id)
    if known is None:
        fresh = Product(
            id=new_id("pp_"),
            team_id=team_id,
            project_id=project_id,
            name=value.name,
            description=value.description or None,
            is_active=value.active and not value.deleted,
            stripe_product_id=value.id,
            metadata=merged_from_stripe({}, value.metadata),
            fetched_at=fetched_at,
            created_at=value.created,
            updated_at=at,
        )
        if await tx.first(_ADD, **values_of(fresh)) is not None:
            return fresh
        known = _found(await find_by_stripe_id(tx, team_id, value.id))
    found = await tx.first(_LOCK, project_id=known.project_id, product_id=known.id)
    known = _found(found)
    if is_older(fetched_at, known.fetched_at, now):
        return known
    if value.deleted:
        return await _write(tx, replace(known, is_active=False, fetched_at=fetched_at, updated_at=at))
    changed = replace(
        known,
        name=value.name,
        description=value.description or None,
        is_active=value.active,
        metadata=merged_from_stripe(known.metadata, value.metadata),
        fetched_at=fetched_at,
    )
    if replace(changed, fetched_at=known.fetched_at) != known:
        changed = replace(changed, updated_at=at)
    return await _write(tx, changed)


async def _change(
    tx: Writing, project_id: str, product_id: str, change: ProductChange, *, at: datetime, now: datetime
) -> Product:
    found = await tx.first(_LOCK, project_id=project_id, product_id=product_id)
    old = _found(found)
    return await _write(
        tx,
        replace(
            old,
            name=old.name if change.name is None else change.name,
            description=old.description if change.description is None else change.description or None,
            is_active=old.is_active if change.is_active is None else change.is_active,
            metadata=old.metadata if change.metadata is None else change.metadata,
            fetched_at=asked_after(now, old.fetched_at),
            updated_at=at,
        ),
    )


async def _write(tx: Writing, changed: Product) -> Product:
    await tx.run(
        _UPDATE,
        project_id=changed.project_id,
        product_id=changed.id,
        name=changed.name,
        description=changed.description,
        is_active=changed.is_active,
        metadata=changed.metadata,
        fetched_at=changed.fetched_at,
        updated_at=changed.updated_at,
    )
    return changed


def _found(product: Product | None) -> Product:
    if product is None:
        raise NotFound("Product not found")
    return product
