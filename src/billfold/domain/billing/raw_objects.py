"""A copy of each object of a team's Stripe account, whoever it belongs to: as Stripe last told it to an import or after an event.

The copies show what is in the account and in no project, and what Stripe said when a row of ours looks strange. They are
compressed, and an object whose JSON is unusually large is kept without it. The newer fetch wins, as everywhere.
"""

from __future__ import annotations

import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import msgspec
import sqlalchemy as sa

from billfold.base.paging import Page
from billfold.domain.billing.erased_customers import TellsOfErased, is_erased_holder
from billfold.domain.tenancy.projects import projects
from billfold.domain.tenancy.teams import teams
from billfold.infrastructure.db.database import Reading, Writing
from billfold.infrastructure.db.statements import any_of, command, insert_listed, metadata, query, row_tuple, values_of
from billfold.infrastructure.db.types import Moment
from billfold.infrastructure.stripe.values import (
    StripeCustomer,
    StripeInvoice,
    StripePayment,
    StripePrice,
    StripeProduct,
    StripeSubscription,
)

# Six kinds, in the order in which one needs the other: a price its product, a subscription its customer and price.
KINDS: Final = ("product", "price", "customer", "subscription", "invoice", "charge")
# What hangs on a customer.
OF_CUSTOMERS: Final = KINDS[3:]
_KIND_OF: Final[Mapping[type, str]] = {
    StripeProduct: "product",
    StripePrice: "price",
    StripeCustomer: "customer",
    StripeSubscription: "subscription",
    StripeInvoice: "invoice",
    StripePayment: "charge",
}
# Stripe's objects have 2 to 10 kB; what is larger than this is somebody's metadata or hundreds of invoice lines.
LARGEST_BODY: Final = 512 * 1024
# The fastest level: a third of the size at a fifth of the time of the best.
_LEVEL: Final = 1

stripe_raw_objects = sa.Table(
    "stripe_raw_objects",
    metadata,
    sa.Column("team_id", sa.Text, sa.ForeignKey(teams.c.id), primary_key=True),
    sa.Column("stripe_id", sa.Text, primary_key=True),
    # One of `KINDS`.
    sa.Column("type", sa.Text, nullable=False),
    # None: in no project.
    sa.Column("project_id", sa.Text, sa.ForeignKey(projects.c.id)),
    sa.Column("stripe_customer_id", sa.Text),
    # Compressed JSON (zlib); None if it was larger than `LARGEST_BODY`.
    sa.Column("body", sa.LargeBinary),
    # Stripe's own time.
    sa.Column("created", Moment, nullable=False),
    # The wall clock from before Stripe was asked.
    sa.Column("fetched_at", Moment, nullable=False),
    sa.Index(
        "ix_stripe_raw_objects_unassigned",
        "team_id",
        "type",
        "created",
        "stripe_id",
        sqlite_where=sa.text("project_id IS NULL"),
        postgresql_where=sa.text("project_id IS NULL"),
    ),
)


@dataclass(frozen=True, slots=True)
class RawObject:
    """A copy that is to be kept; `body` is what `packed` made."""

    team_id: str
    stripe_id: str
    type: str
    project_id: str | None
    stripe_customer_id: str | None
    body: bytes | None
    created: datetime
    fetched_at: datetime


_COLUMNS: Final = tuple(column.name for column in stripe_raw_objects.c)
_KEEP: Final = insert_listed(
    stripe_raw_objects,
    _COLUMNS,
    lambda new: new.on_conflict_do_update(
        index_elements=["team_id", "stripe_id"],
        set_={name: new.excluded[name] for name in _COLUMNS if name not in {"team_id", "stripe_id"}},
        where=stripe_raw_objects.c.fetched_at <= new.excluded.fetched_at,
    ).returning(
        stripe_raw_objects.c.stripe_id,
        is_erased_holder(stripe_raw_objects.name).label("is_erased"),
    ),
    row_tuple,
)
_of_team = stripe_raw_objects.c.team_id == sa.bindparam("team_id")
_unassigned = sa.and_(_of_team, stripe_raw_objects.c.project_id.is_(None))
_GET: Final = query(
    sa.select(*stripe_raw_objects.c).where(_of_team, stripe_raw_objects.c.stripe_id == sa.bindparam("stripe_id")),
    RawObject,
)
_UNASSIGNED: Final = query(
    sa.select(*stripe_raw_objects.c)
    .where(_unassigned, stripe_raw_objects.c.type == sa.bindparam("type"))
    .order_by(stripe_raw_objects.c.created.desc(), stripe_raw_objects.c.stripe_id.desc())
    .limit(sa.bindparam("limit", type_=sa.Integer()))
    .offset(sa.bindparam("offset", type_=sa.Integer())),
    RawObject,
)
_COUNT_UNASSIGNED: Final = query(
    sa.select(stripe_raw_objects.c.type, sa.func.count()).where(_unassigned).group_by(stripe_raw_objects.c.type),
    row_tuple,
)
_KNOWN_UNASSIGNED: Final = query(
    sa.select(stripe_raw_objects.c.stripe_id).where(_unassigned, any_of(stripe_raw_objects.c.stripe_id, "stripe_ids")),
    str,
)
_ASSIGN: Final = command(
    sa.update(stripe_raw_objects)
    .where(
        stripe_raw_objects.c.team_id == sa.bindparam("of_team"), any_of(stripe_raw_objects.c.stripe_id, "stripe_ids")
    )
    .values(project_id=sa.bindparam("to_project"))
)

_FORGET: Final = command(
    sa.delete(stripe_raw_objects).where(
        stripe_raw_objects.c.team_id == sa.bindparam("team_id"),
        stripe_raw_objects.c.stripe_id == sa.bindparam("stripe_id"),
    )
)


def packed(body: bytes) -> bytes | None:
    """Return an object's JSON as it is kept; None if it is too large to be kept."""
    return zlib.compress(body, _LEVEL) if len(body) <= LARGEST_BODY else None


def unpacked(kept: bytes | None) -> dict[str, Any] | None:
    """Return what `packed` made as the JSON object that it was."""
    if kept is None:
        return None
    found = msgspec.json.decode(zlib.decompress(kept))
    return found if isinstance(found, dict) else None


def copy_of(team_id: str, value: object, *, project_id: str | None, fetched_at: datetime) -> RawObject | None:
    """Return the copy of what was fetched by itself; None for what no copy is kept of, and for what came without its JSON."""
    kind = next((kind for shape, kind in _KIND_OF.items() if isinstance(value, shape)), None)
    if kind is None or getattr(value, "deleted", False):
        return None
    body: bytes | None = getattr(value, "body", None)
    # A payment that nobody has tried to make yet has no charge.
    stripe_id: str | None = getattr(value, "charge_id" if kind == "charge" else "id", None)
    if body is None or stripe_id is None:
        return None
    return RawObject(
        team_id=team_id,
        stripe_id=stripe_id,
        type=kind,
        project_id=project_id,
        stripe_customer_id=stripe_customer_of(value),
        body=packed(body),
        created=getattr(value, "created", fetched_at),
        fetched_at=fetched_at,
    )


def stripe_customer_of(value: object) -> str | None:
    """Return the Stripe customer that an object is, or hangs on."""
    if isinstance(value, StripeCustomer):
        return value.id
    customer_id = getattr(value, "customer_id", None)
    return customer_id if isinstance(customer_id, str) else None


async def keep(tx: Writing, copies: Sequence[RawObject]) -> int:
    """Keep copies, each unless a newer one is there; return how many were written. No two may have the same id.

    Raises `TellsOfErased` if one is about somebody who was erased.
    """
    if not copies:
        return 0
    # In one order everywhere, so that two writers of the same objects do not wait for each other.
    ordered = sorted(copies, key=lambda copy: copy.stripe_id)
    written = await tx.insert_many(_KEEP, [values_of(copy) for copy in ordered])
    if any(is_erased for _, is_erased in written):
        raise TellsOfErased
    return len(written)


async def find(tx: Reading, team_id: str, stripe_id: str) -> RawObject | None:
    """Return the copy of an object, None if there is none."""
    return await tx.first(_GET, team_id=team_id, stripe_id=stripe_id)


async def list_unassigned(tx: Reading, team_id: str, kind: str, page: Page) -> list[RawObject]:
    """Return a page of the objects of one kind that are in no project, newest first."""
    return await tx.all(_UNASSIGNED, team_id=team_id, type=kind, limit=page.limit, offset=page.offset)


async def count_unassigned(tx: Reading, team_id: str) -> dict[str, int]:
    """Return how many objects of each kind are in no project; a kind without any is left out."""
    return dict(await tx.all(_COUNT_UNASSIGNED, team_id=team_id))


async def known_unassigned(tx: Reading, team_id: str, stripe_ids: Sequence[str]) -> frozenset[str]:
    """Return which of these objects a copy knows to be in no project."""
    if not stripe_ids:
        return frozenset()
    return frozenset(await tx.all(_KNOWN_UNASSIGNED, team_id=team_id, stripe_ids=list(stripe_ids)))


async def assign(tx: Writing, team_id: str, project_id: str, stripe_ids: Sequence[str]) -> None:
    """Note that these objects are in a project now."""
    if stripe_ids:
        await tx.run(_ASSIGN, of_team=team_id, stripe_ids=list(stripe_ids), to_project=project_id)


async def forget(tx: Writing, team_id: str, stripe_id: str) -> None:
    """Drop the copy of an object that was deleted in Stripe: it may tell of a person who wants to be forgotten."""
    await tx.run(_FORGET, team_id=team_id, stripe_id=stripe_id)
