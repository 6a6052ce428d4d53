"""Referrals: who brought whom, from the claim of a code to its conversion.

A customer has one sponsor in a project (or one in each program, if the project says so), and the first valid claim wins. That
is the unique index over `sponsor_scope` and the referee, not a look-up, so fifty claims at once make one referral.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

import sqlalchemy as sa

from billfold.base.paging import Page
from billfold.domain.billing.customers import customers
from billfold.domain.referrals.terms import terms
from billfold.infrastructure.db.database import Reading, Writing
from billfold.infrastructure.db.statements import command, metadata, query
from billfold.infrastructure.db.types import Moment

PENDING: Final = "pending"
CONVERTED: Final = "converted"
VOID: Final = "void"


def _unique_where_there(name: str, column: str) -> sa.Index:
    there = sa.text(f"{column} IS NOT NULL")
    return sa.Index(name, column, "sponsor_scope", unique=True, sqlite_where=there, postgresql_where=there)


referrals = sa.Table(
    "referrals",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    # No foreign key: the code belongs to the project already, and on PostgreSQL its check would have all claims of a project
    # write a lock on the same row.
    sa.Column("project_id", sa.Text, nullable=False),
    # The code's program.
    sa.Column("program_id", sa.Text, nullable=False),
    # No foreign key, as to the program: no code is ever removed, and PostgreSQL would lock its row for each claim.
    sa.Column("code_id", sa.Text, nullable=False),
    sa.Column("code", sa.Text, nullable=False),
    # The code's customer. No foreign key of its own: on PostgreSQL its check would lock that customer's row while the
    # referee's is held, and two customers who claim each other's codes would deadlock.
    sa.Column("referrer_id", sa.Text, nullable=False),
    # None as long as an e-mail address was brought whose account does not exist yet (contract B1).
    sa.Column("referee_id", sa.Text, sa.ForeignKey(customers.c.id)),
    # The address that was brought, normalised, while it can still become an account; then it is forgotten (contract B17).
    sa.Column("referee_email", sa.Text),
    # What stays of it for ever: a hash of the mailbox, so that an address is brought once (contract B2).
    sa.Column("referee_mailbox", sa.Text),
    # Within which a customer has one sponsor: the project's id, or the program's.
    sa.Column("sponsor_scope", sa.Text, nullable=False),
    # Both customers in alphabetical order: its unique index refuses the reciprocal referral, at once or later. None as
    # long as one of them is only an address.
    sa.Column("pair", sa.Text),
    sa.Column("status", sa.Text, nullable=False),
    # The version of the terms in force when it was made, by which it pays. The database lets nobody remove one.
    sa.Column("terms_id", sa.Text, nullable=False),
    sa.Column("created_at", Moment, nullable=False),
    sa.Column("converted_at", Moment),
    sa.CheckConstraint("status IN ('pending', 'converted', 'expired', 'void')", name="status"),
    sa.CheckConstraint("referrer_id <> referee_id", name="two_customers"),
    sa.CheckConstraint("referee_id IS NOT NULL OR referee_mailbox IS NOT NULL", name="somebody"),
    # Each holds only the rows that have one: a claim by a customer has no mailbox, a sign-up no referee and no pair.
    _unique_where_there("uq_referrals_referee", "referee_id"),
    _unique_where_there("uq_referrals_pair", "pair"),
    _unique_where_there("uq_referrals_mailbox", "referee_mailbox"),
    sa.Index("ix_referrals_code", "code_id", "created_at", "id"),
    sa.Index("ix_referrals_project_status", "project_id", "status", "created_at", "id"),
    sa.Index("ix_referrals_referrer", "referrer_id", "program_id", "id", "status"),
    # What still waits for its account.
    sa.Index(
        "ix_referrals_addresses",
        "project_id",
        "id",
        sqlite_where=sa.text("referee_email IS NOT NULL"),
        postgresql_where=sa.text("referee_email IS NOT NULL"),
    ),
)


@dataclass(frozen=True, slots=True)
class Referral:
    """Who brought whom; moments are in the team's time."""

    id: str
    project_id: str
    program_id: str
    code_id: str
    code: str
    referrer_id: str
    referee_id: str | None
    referee_email: str | None
    referee_mailbox: str | None
    sponsor_scope: str
    pair: str | None
    status: str
    terms_id: str
    created_at: datetime
    converted_at: datetime | None


_in_project = referrals.c.project_id == sa.bindparam("project_id")
_CONVERT: Final = query(
    sa.update(referrals)
    .where(
        _in_project,
        referrals.c.referee_id == sa.bindparam("the_referee_id"),
        referrals.c.status == PENDING,
        sa.exists().where(terms.c.id == referrals.c.terms_id, terms.c.converts_on == sa.bindparam("occasion")),
    )
    .values(status=CONVERTED, converted_at=sa.bindparam("at", type_=Moment()))
    .returning(*referrals.c),
    Referral,
)
# A void one too: what it would be worth follows what is paid and refunded.
_LOCK_EARNING: Final = query(
    sa.select(*referrals.c)
    .where(
        _in_project,
        referrals.c.referee_id == sa.bindparam("referee_id"),
        referrals.c.status.in_([sa.literal_column("'converted'"), sa.literal_column("'void'")]),
    )
    .order_by(referrals.c.id)
    .with_for_update(),
    Referral,
)
_LOCK: Final = query(
    sa.select(*referrals.c).where(_in_project, referrals.c.id == sa.bindparam("referral_id")).with_for_update(),
    Referral,
)
_SET_STATUS: Final = command(
    sa.update(referrals)
    .where(referrals.c.project_id == sa.bindparam("of_project"), referrals.c.id == sa.bindparam("referral_id"))
    .values(status=sa.bindparam("new_status"))
)
_OF_CODE: Final = query(
    sa.select(*referrals.c)
    .where(_in_project, referrals.c.code_id == sa.bindparam("code_id"))
    .order_by(referrals.c.created_at.desc(), referrals.c.id.desc())
    .limit(sa.bindparam("limit", type_=sa.Integer()))
    .offset(sa.bindparam("offset", type_=sa.Integer())),
    Referral,
)


def pair_of(one: str, other: str) -> str:
    """Return the same text for two customers, whoever of them brought the other."""
    return ":".join(sorted((one, other)))


async def convert(tx: Writing, *, project_id: str, referee_id: str, occasion: str, at: datetime) -> list[Referral]:
    """Convert the customer's pending referrals whose terms convert on this occasion, and return those it converted.

    One conditional UPDATE: of two events about one conversion, the second finds nothing pending (contract G31).
    """
    return await tx.all(_CONVERT, project_id=project_id, the_referee_id=referee_id, occasion=occasion, at=at)


async def lock_earning(tx: Writing, project_id: str, referee_id: str) -> list[Referral]:
    """Return the customer's converted and void referrals and hold them: their rewards are reconciled one after the other."""
    return await tx.all(_LOCK_EARNING, project_id=project_id, referee_id=referee_id)


async def lock_referral(tx: Writing, project_id: str, referral_id: str) -> Referral | None:
    """Return a referral and hold it until the unit ends."""
    return await tx.first(_LOCK, project_id=project_id, referral_id=referral_id)


async def set_void(tx: Writing, referral: Referral) -> None:
    """Have a referral count for nothing; `voids` keeps the reason. Its row is held."""
    await tx.run(_SET_STATUS, of_project=referral.project_id, referral_id=referral.id, new_status=VOID)


async def set_restored(tx: Writing, referral: Referral) -> str:
    """Have a void referral count again, converted or pending as it was before; return which. Its row is held."""
    status = PENDING if referral.converted_at is None else CONVERTED
    await tx.run(_SET_STATUS, of_project=referral.project_id, referral_id=referral.id, new_status=status)
    return status


async def referrals_of_code(tx: Reading, project_id: str, code_id: str, page: Page) -> list[Referral]:
    """Return a page of the referrals that a code made, newest first."""
    return await tx.all(_OF_CODE, project_id=project_id, code_id=code_id, limit=page.limit, offset=page.offset)
