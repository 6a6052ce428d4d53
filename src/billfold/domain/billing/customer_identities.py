"""Customers made just in time: the first token of a user makes the customer, every later one finds it (decision 0013).

A user is (project, issuer, subject) and points to one customer. What a token says of an e-mail address counts only if the
login has proved it: an address that anybody could have typed in belongs to nobody, takes no existing customer over and
keeps nobody else from it. So a customer whose address is unproved shows it and does not hold it
(`Customer.holds_address`). When a token proves the address later, the customer takes it; if another customer of
the project holds it, the user is from then on that customer.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

import sqlalchemy as sa

from billfold.base.errors import Conflict, Invalid
from billfold.base.ids import new_id
from billfold.domain.billing import customers as customer_rows
from billfold.domain.billing.customers import LONGEST_NAME, Customer, checked_email, customers
from billfold.domain.tenancy.projects import projects
from billfold.domain.tenancy.team_time import InTeamTime
from billfold.domain.tenancy.teams import teams
from billfold.infrastructure.db.database import Reading, Writing
from billfold.infrastructure.db.statements import command, insert_row, metadata, query
from billfold.infrastructure.db.types import Moment

customer_identities = sa.Table(
    "customer_identities",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("project_id", sa.Text, sa.ForeignKey(projects.c.id), nullable=False),
    sa.Column("issuer", sa.Text, nullable=False),
    sa.Column("subject", sa.Text, nullable=False),
    sa.Column("customer_id", sa.Text, sa.ForeignKey(customers.c.id), nullable=False),
    # When a token first proved an address; NULL: none has.
    sa.Column("proved_at", Moment),
    sa.Column("created_at", Moment, nullable=False),
    sa.UniqueConstraint("project_id", "issuer", "subject"),
    sa.Index("ix_customer_identities_customer_id", "customer_id"),
)


@dataclass(frozen=True, slots=True)
class KnownUser(InTeamTime):
    """What one look-up tells about the user of a verified token."""

    customer_id: str
    is_proved: bool
    clock_offset_us: int


@dataclass(frozen=True, slots=True)
class TokenUser:
    """What a verified token says of its user; `email` is None where it has none that can be one."""

    issuer: str
    subject: str
    email: str | None
    email_verified: bool
    name: str | None


@dataclass(frozen=True, slots=True)
class Provisioned:
    """A user's customer; whether this call made it, and whether it first proved the address that the customer holds."""

    customer: Customer
    is_new: bool
    is_first_proof: bool


@dataclass(frozen=True, slots=True)
class _Link:
    id: str
    customer_id: str
    proved_at: datetime | None


_of_user = sa.and_(
    customer_identities.c.project_id == sa.bindparam("project_id"),
    customer_identities.c.issuer == sa.bindparam("issuer"),
    customer_identities.c.subject == sa.bindparam("subject"),
)
_FIND: Final = query(
    sa.select(
        customer_identities.c.customer_id,
        customer_identities.c.proved_at.is_not(None).label("is_proved"),
        teams.c.clock_offset_us,
    )
    .select_from(
        customer_identities.join(customers, customers.c.id == customer_identities.c.customer_id).join(
            teams, teams.c.id == customers.c.team_id
        )
    )
    .where(_of_user, customers.c.deleted_at.is_(None)),
    KnownUser,
)
_LOCK: Final = query(
    sa.select(customer_identities.c.id, customer_identities.c.customer_id, customer_identities.c.proved_at)
    .where(_of_user)
    .with_for_update(),
    _Link,
)
_ADD: Final = query(
    insert_row(customer_identities).on_conflict_do_nothing().returning(customer_identities.c.id),
    str,
)
_POINT: Final = command(
    sa.update(customer_identities)
    .where(
        customer_identities.c.project_id == sa.bindparam("project_id"),
        customer_identities.c.id == sa.bindparam("identity_id"),
    )
    .values(
        customer_id=sa.bindparam("to_customer_id"),
        proved_at=sa.bindparam("new_proved_at", type_=Moment()),
    )
)


def token_user(issuer: str, subject: str, *, email: object, email_verified: object, name: object) -> TokenUser:
    """Return what the claims say, without what they must not: they are somebody else's texts.

    `email_verified` counts only as JSON's true, or as the text "true" that some logins send.
    """
    address: str | None = None
    if isinstance(email, str):
        try:
            address = checked_email(email)
        except Invalid:
            address = None
    return TokenUser(
        issuer=issuer,
        subject=subject,
        email=address,
        email_verified=address is not None and (email_verified is True or email_verified == "true"),
        name=name[:LONGEST_NAME] if isinstance(name, str) and name.strip() and "\0" not in name else None,
    )


async def find_user(tx: Reading, *, project_id: str, issuer: str, subject: str) -> KnownUser | None:
    """Return the live customer of a user, in one query; None before the first call and after a deletion."""
    return await tx.first(_FIND, project_id=project_id, issuer=issuer, subject=subject)


async def provision(
    tx: Writing, *, team_id: str, project_id: str, user: TokenUser, at: datetime, now: datetime
) -> Provisioned:
    """Return the user's customer, made or linked if need be.

    No network is asked: the Stripe customer is made when one is first needed. Raises `Conflict` if another call for the
    same user or address won: the caller tries once more and finds what that one made.
    """
    link = await tx.first(_LOCK, project_id=project_id, issuer=user.issuer, subject=user.subject)
    customer = None if link is None else await _living(tx, project_id, link.customer_id)
    was_proved = customer is not None and link is not None and link.proved_at is not None
    is_first_proof = user.email_verified and not was_proved
    holder = await customer_rows.find_by_email(tx, project_id, user.email or "") if is_first_proof else None
    is_new = False
    if holder is not None:
        customer = holder
    elif customer is None:
        customer = await _create(tx, team_id=team_id, project_id=project_id, user=user, at=at, now=now)
        is_new = True
    elif is_first_proof and not customer.holds_address:
        customer = await _take_address(tx, customer, user.email or "", at=at, now=now)
    proved_at = at if is_first_proof else (link.proved_at if link is not None and was_proved else None)
    await _point(tx, link, user, customer, proved_at=proved_at, at=at)
    holds_it = customer.email_normalised == customer_rows.normalised_email(user.email or "")
    return Provisioned(customer, is_new=is_new, is_first_proof=is_first_proof and holds_it)


async def _point(
    tx: Writing, link: _Link | None, user: TokenUser, customer: Customer, *, proved_at: datetime | None, at: datetime
) -> None:
    """Have the user point to the customer; `Conflict` if another call for a new user was first."""
    if link is None:
        added = await tx.first(
            _ADD,
            id=new_id("cid_"),
            project_id=customer.project_id,
            issuer=user.issuer,
            subject=user.subject,
            customer_id=customer.id,
            proved_at=proved_at,
            created_at=at,
        )
        if added is None:
            raise Conflict("This user was just made by another call.")
    elif (link.customer_id, link.proved_at) != (customer.id, proved_at):
        await tx.run(
            _POINT,
            project_id=customer.project_id,
            identity_id=link.id,
            to_customer_id=customer.id,
            new_proved_at=proved_at,
        )


async def _create(
    tx: Writing, *, team_id: str, project_id: str, user: TokenUser, at: datetime, now: datetime
) -> Customer:
    row = customer_rows.new_customer(
        team_id=team_id,
        project_id=project_id,
        email=user.email or "",
        name=user.name,
        stripe_customer_id="",
        metadata={},
        at=at,
        now=now,
    )
    if not user.email_verified:
        row = replace(row, email_normalised=row.id)
    return await customer_rows.add_customer(tx, row)


async def _take_address(tx: Writing, customer: Customer, email: str, *, at: datetime, now: datetime) -> Customer:
    taken = replace(customer, email=email, email_normalised=customer_rows.normalised_email(email), updated_at=at)
    return await customer_rows.change_customer(tx, customer, taken, now=now)


async def _living(tx: Writing, project_id: str, customer_id: str) -> Customer | None:
    customer = await customer_rows.lock_even_deleted(tx, project_id, customer_id)
    return customer if customer.deleted_at is None else None
