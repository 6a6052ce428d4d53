"""Customers: one row for each person or company that may buy in a project, with the Stripe customer behind it.

An e-mail address belongs to one customer of a project at most. Addresses are compared in normalised form (trimmed, NFC,
case-folded) and kept as they were sent. A deleted customer stays as a row for its history and is found by nobody.

A customer made from a user's token (`customer_identities.py`) has no Stripe customer until one is needed
(`linking.ensure_stripe_customer`), and does not hold an address that nobody proved: it is shown and compared with nothing.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

import sqlalchemy as sa

from billfold.base.errors import Conflict, Invalid, NotFound
from billfold.base.ids import new_id
from billfold.base.paging import Page
from billfold.domain.billing.customer_changes import publish_created, publish_deleted, publish_update
from billfold.domain.billing.freshness import is_older
from billfold.domain.billing.metadata import Metadata, merged_from_stripe
from billfold.domain.tenancy.projects import projects
from billfold.domain.tenancy.teams import teams
from billfold.infrastructure.db.database import Reading, Writing
from billfold.infrastructure.db.statements import command, insert_row, metadata, query, values_of
from billfold.infrastructure.db.types import Json, Moment
from billfold.infrastructure.stripe.values import StripeCustomer

LONGEST_EMAIL: Final = 254  # RFC 5321, section 4.5.3.1.3: a path of 256 octets with its angle brackets
LONGEST_NAME: Final = 256
# No white space, control or invisible formatting character inside (they make two addresses look alike); blanks around it
# are trimmed. Written with plain ranges because the OpenAPI document shows it too.
_UNSEEN: Final = (
    r"\u0000-\u0020\u007f-\u00a0\u00ad\u061c\u1680\u180e\u2000-\u200f\u2028-\u202f\u205f-\u206f\u3000\ufeff"
    r"\ufff9-\ufffb"
)
EMAIL_PATTERN: Final = rf"^[ \t\r\n]*[^@{_UNSEEN}]+@[^@{_UNSEEN}]+[ \t\r\n]*$"
_EMAIL: Final = re.compile(EMAIL_PATTERN)

customers = sa.Table(
    "customers",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("team_id", sa.Text, sa.ForeignKey(teams.c.id), nullable=False),
    sa.Column("project_id", sa.Text, sa.ForeignKey(projects.c.id), nullable=False),
    sa.Column("email", sa.Text, nullable=False),
    # The customer's own id, which is no address, while the address is unproved.
    sa.Column("email_normalised", sa.Text, nullable=False),
    sa.Column("name", sa.Text),
    # Empty until one is needed.
    sa.Column("stripe_customer_id", sa.Text, nullable=False),
    sa.Column("metadata", Json, nullable=False),
    # The wall clock when Stripe told what this row holds: an older answer never overwrites a newer one.
    sa.Column("fetched_at", Moment, nullable=False),
    sa.Column("created_at", Moment, nullable=False),
    sa.Column("updated_at", Moment, nullable=False),
    sa.Column("deleted_at", Moment),
    # The name as it is searched; kept by the statements below and part of no row.
    sa.Column("name_normalised", sa.Text),
    sa.Index(
        "uq_customers_project_email",
        "project_id",
        "email_normalised",
        unique=True,
        # So that it serves the beginning of an address too, whatever PostgreSQL's collation.
        postgresql_ops={"email_normalised": "text_pattern_ops"},
        sqlite_where=sa.text("deleted_at IS NULL"),
        postgresql_where=sa.text("deleted_at IS NULL"),
    ),
    sa.Index(
        "uq_customers_project_stripe_customer",
        "project_id",
        "stripe_customer_id",
        unique=True,
        sqlite_where=sa.text("deleted_at IS NULL AND stripe_customer_id <> ''"),
        postgresql_where=sa.text("deleted_at IS NULL AND stripe_customer_id <> ''"),
    ),
    sa.Index(
        "ix_customers_project_created",
        "project_id",
        "created_at",
        "id",
        sqlite_where=sa.text("deleted_at IS NULL"),
        postgresql_where=sa.text("deleted_at IS NULL"),
    ),
    sa.Index(
        "ix_customers_project_name",
        "project_id",
        "name_normalised",
        "id",
        postgresql_ops={"name_normalised": "text_pattern_ops"},
        sqlite_where=sa.text("deleted_at IS NULL"),
        postgresql_where=sa.text("deleted_at IS NULL"),
    ),
    sa.Index("ix_customers_team_stripe_customer", "team_id", "stripe_customer_id"),
)


@dataclass(frozen=True, slots=True)
class Customer:
    """A customer of a project; `created_at` and `updated_at` are in the team's time, `stripe_customer_id` may be empty."""

    id: str
    team_id: str
    project_id: str
    email: str
    email_normalised: str
    name: str | None
    stripe_customer_id: str
    metadata: Metadata
    fetched_at: datetime
    created_at: datetime
    updated_at: datetime
    deleted_at: datetime | None

    @property
    def holds_address(self) -> bool:
        """Whether the address is proved or vouched for by the team, so that it belongs to this customer."""
        return self.email_normalised != self.id


_columns = tuple(column for column in customers.c if column.name != "name_normalised")
_mine = sa.and_(customers.c.project_id == sa.bindparam("project_id"), customers.c.id == sa.bindparam("customer_id"))
_live = customers.c.deleted_at.is_(None)
_ADD: Final = query(
    insert_row(customers).on_conflict_do_nothing().returning(customers.c.id),
    str,
)
_GET: Final = query(sa.select(*_columns).where(_mine, _live), Customer)
_GET_EVEN_DELETED: Final = query(sa.select(*_columns).where(_mine), Customer)
_LOCK: Final = query(sa.select(*_columns).where(_mine, _live).with_for_update(), Customer)
_LOCK_EVEN_DELETED: Final = query(sa.select(*_columns).where(_mine).with_for_update(), Customer)
_LIST: Final = query(
    sa.select(*_columns)
    .where(customers.c.project_id == sa.bindparam("project_id"), _live)
    .order_by(customers.c.created_at.desc(), customers.c.id.desc())
    .limit(sa.bindparam("limit", type_=sa.Integer()))
    .offset(sa.bindparam("offset", type_=sa.Integer())),
    Customer,
)
_BY_EMAIL: Final = query(
    sa.select(*_columns).where(
        customers.c.project_id == sa.bindparam("project_id"),
        customers.c.email_normalised == sa.bindparam("email_normalised"),
        _live,
    ),
    Customer,
)
_BY_STRIPE_ID: Final = query(
    sa.select(*_columns)
    .where(
        customers.c.team_id == sa.bindparam("team_id"),
        customers.c.stripe_customer_id == sa.bindparam("stripe_customer_id"),
        _live,
    )
    .order_by(customers.c.created_at, customers.c.id),
    Customer,
)
_ANY_OF_TEAM: Final = query(
    sa.select(customers.c.id).where(customers.c.team_id == sa.bindparam("team_id")).limit(1),
    str,
)
_UPDATE: Final = command(
    sa.update(customers)
    .where(_mine, _live)
    .values(
        email=sa.bindparam("email"),
        email_normalised=sa.bindparam("email_normalised"),
        name=sa.bindparam("name"),
        name_normalised=sa.bindparam("name_normalised"),
        metadata=sa.bindparam("metadata", type_=Json()),
        fetched_at=sa.bindparam("fetched_at", type_=Moment()),
        updated_at=sa.bindparam("updated_at", type_=Moment()),
    )
)
_SET_STRIPE_CUSTOMER: Final = command(
    sa.update(customers)
    .where(_mine, _live, customers.c.stripe_customer_id == sa.literal_column("''"))
    .values(stripe_customer_id=sa.bindparam("new_stripe_id"), updated_at=sa.bindparam("at", type_=Moment()))
)
_DELETE: Final = query(
    sa.update(customers)
    .where(_mine, _live)
    .values(
        deleted_at=sa.bindparam("deleted_at", type_=Moment()), updated_at=sa.bindparam("deleted_at", type_=Moment())
    )
    .returning(customers.c.team_id),
    str,
)


def checked_email(given: str, *, longest: int = LONGEST_EMAIL) -> str:
    """Return the trimmed address, or raise `Invalid`: something@something, 254 characters, nothing invisible inside."""
    if len(given) > longest or not _EMAIL.match(given):
        raise Invalid(
            f"email must be an e-mail address such as jane@example.com, at most {longest} characters, "
            "without spaces or invisible characters."
        )
    return given.strip(" \t\r\n")


def normalised_email(email: str) -> str:
    """Return the form in which two addresses are compared: trimmed, NFC, case-folded (contract G8, SCENARIOS G3)."""
    folded = unicodedata.normalize("NFC", email.strip()).casefold()
    return unicodedata.normalize("NFC", folded)


def normalised_name(name: str | None) -> str | None:
    """Return the form in which a name is searched: NFC, case-folded, blanks together."""
    return None if name is None else normalised_email(" ".join(name.split()))


def new_customer(
    *,
    team_id: str,
    project_id: str,
    email: str,
    name: str | None,
    stripe_customer_id: str,
    metadata: Metadata,
    at: datetime,
    now: datetime,
) -> Customer:
    """Return a row to be added; `at` is the team's time, `now` the wall clock when Stripe was asked."""
    return Customer(
        id=new_id("pc_"),
        team_id=team_id,
        project_id=project_id,
        email=email,
        email_normalised=normalised_email(email),
        name=name,
        stripe_customer_id=stripe_customer_id,
        metadata=metadata,
        fetched_at=now,
        created_at=at,
        updated_at=at,
        deleted_at=None,
    )


async def add_customer(tx: Writing, customer: Customer, *, announce: bool = True) -> Customer:
    """Add a row and publish `CustomerCreated`; not with `announce` False: an import of the past is no news.

    Raises `Conflict` if the project has this address or this Stripe customer already.
    """
    if await tx.first(_ADD, **values_of(customer), name_normalised=normalised_name(customer.name)) is None:
        raise Conflict(duplicate_email(customer.email))
    if announce:
        await publish_created(tx, customer)
    return customer


def duplicate_email(email: str) -> str:
    """Return the words for an address that is taken."""
    return f"A customer with the email {email} already exists in this project: use that one, or another address."


async def get(tx: Reading, project_id: str, customer_id: str) -> Customer:
    """Return a live customer of the project or raise `NotFound`."""
    found = await tx.first(_GET, project_id=project_id, customer_id=customer_id)
    return _found(found)


async def find_even_deleted(tx: Reading, project_id: str, customer_id: str) -> Customer:
    """As `get`, for a deleted customer too: what he earned or paid stays in the books."""
    found = await tx.first(_GET_EVEN_DELETED, project_id=project_id, customer_id=customer_id)
    return _found(found)


async def lock(tx: Writing, project_id: str, customer_id: str) -> Customer:
    """As `get`, and hold the row until the unit ends: what concerns one customer happens one after the other."""
    found = await tx.first(_LOCK, project_id=project_id, customer_id=customer_id)
    return _found(found)


async def lock_even_deleted(tx: Writing, project_id: str, customer_id: str) -> Customer:
    """As `lock`, for a deleted customer too: the subscriptions of one go on in Stripe."""
    found = await tx.first(_LOCK_EVEN_DELETED, project_id=project_id, customer_id=customer_id)
    return _found(found)


async def list_customers(tx: Reading, project_id: str, page: Page) -> list[Customer]:
    """Return a page of the project's live customers, newest first."""
    return await tx.all(_LIST, project_id=project_id, limit=page.limit, offset=page.offset)


async def find_by_email(tx: Reading, project_id: str, email: str) -> Customer | None:
    """Return the live customer whose address is the same in normalised form."""
    return await tx.first(_BY_EMAIL, project_id=project_id, email_normalised=normalised_email(email))


async def set_stripe_customer(
    tx: Writing, *, project_id: str, customer_id: str, stripe_customer_id: str, at: datetime, now: datetime
) -> str:
    """Put a Stripe customer behind a live customer that has none; return the one that stands there now."""
    is_set = await tx.run(
        _SET_STRIPE_CUSTOMER, project_id=project_id, customer_id=customer_id, new_stripe_id=stripe_customer_id, at=at
    )
    customer = await get(tx, project_id, customer_id)
    if is_set:
        await publish_update(tx, replace(customer, stripe_customer_id=""), customer, at=at, now=now)
    return customer.stripe_customer_id


async def find_by_stripe_id(tx: Reading, team_id: str, stripe_customer_id: str) -> list[Customer]:
    """Return the live customers of all projects of the team that stand for a Stripe customer, oldest first."""
    return await tx.all(_BY_STRIPE_ID, team_id=team_id, stripe_customer_id=stripe_customer_id)


async def team_has_any(tx: Reading, team_id: str) -> bool:
    """Tell whether any project of the team ever had a customer: then its data belongs to one Stripe account."""
    return await tx.first(_ANY_OF_TEAM, team_id=team_id) is not None


async def change_customer(tx: Writing, old: Customer, changed: Customer, *, now: datetime) -> Customer:
    """Write a changed row; `NotFound` if it was deleted meanwhile, `Conflict` if its new address is taken.

    Publishes `CustomerUpdated` if anything is shown differently.
    """
    holder = await tx.first(_BY_EMAIL, project_id=changed.project_id, email_normalised=changed.email_normalised)
    if holder is not None and holder.id != changed.id:
        raise Conflict(duplicate_email(changed.email))
    # Two changes at once may both pass the look-up; the unique index then refuses one, also as a Conflict.
    if not await _write(tx, changed):
        raise NotFound("Customer not found")
    await publish_update(tx, old, changed, at=changed.updated_at, now=now)
    return changed


async def refresh(
    tx: Writing, customer: Customer, value: StripeCustomer, *, fetched_at: datetime, at: datetime, now: datetime
) -> Customer:
    """Take over what Stripe says of a customer, unless a newer answer is stored; return the row as it is now.

    An address that another customer of the project holds is not taken over: our own rule is the stronger one.
    """
    customer = await lock(tx, customer.project_id, customer.id)
    if is_older(fetched_at, customer.fetched_at, now):
        return customer
    changed = replace(
        customer,
        name=value.name or None,
        metadata=merged_from_stripe(customer.metadata, value.metadata),
        fetched_at=fetched_at,
    )
    if value.email and _EMAIL.match(value.email) and value.email != customer.email:
        holder = await find_by_email(tx, customer.project_id, value.email)
        if holder is None or holder.id == customer.id:
            changed = replace(changed, email=value.email)
            if customer.holds_address:
                # A customer may type any address into Stripe's own pages: that proves none.
                changed = replace(changed, email_normalised=normalised_email(value.email))
    if replace(changed, fetched_at=customer.fetched_at) != customer:
        changed = replace(changed, updated_at=at)
    await _write(tx, changed)
    await publish_update(tx, customer, changed, at=at, now=now)
    return changed


async def mark_deleted(tx: Writing, *, project_id: str, customer_id: str, at: datetime, now: datetime) -> bool:
    """Hide a customer everywhere and publish `CustomerDeleted`; False if there is none (contract G10)."""
    team_id = await tx.first(_DELETE, project_id=project_id, customer_id=customer_id, deleted_at=at)
    if team_id is None:
        return False
    await publish_deleted(tx, team_id=team_id, project_id=project_id, customer_id=customer_id, at=at, now=now)
    return True


async def delete_customer(tx: Writing, *, project_id: str, customer_id: str, at: datetime, now: datetime) -> None:
    """Remove a customer here, not in Stripe; `NotFound` if there is none (contract section 3.1)."""
    if not await mark_deleted(tx, project_id=project_id, customer_id=customer_id, at=at, now=now):
        raise NotFound("Customer not found")


async def _write(tx: Writing, changed: Customer) -> int:
    return await tx.run(
        _UPDATE,
        project_id=changed.project_id,
        customer_id=changed.id,
        email=changed.email,
        email_normalised=changed.email_normalised,
        name=changed.name,
        name_normalised=normalised_name(changed.name),
        metadata=changed.metadata,
        fetched_at=changed.fetched_at,
        updated_at=changed.updated_at,
    )


def _found(customer: Customer | None) -> Customer:
    if customer is None:
        raise NotFound("Customer not found")
    return customer
