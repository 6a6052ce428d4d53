"""Which project of a team may take a Stripe customer that nobody has: one row for each, so that two never take it together.

Whoever wants a Stripe customer claims it in a unit of its own before it is stamped in Stripe. A claim that led to no customer
(its process died in between) may be taken over after ten minutes; one that did stands as long as the customer does.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

import sqlalchemy as sa

from billfold.domain.billing.customers import customers
from billfold.domain.tenancy.projects import projects
from billfold.domain.tenancy.teams import teams
from billfold.infrastructure.db.database import Writing
from billfold.infrastructure.db.statements import command, insert_row, metadata, query
from billfold.infrastructure.db.types import Moment

# Much longer than it takes to stamp a customer and to add its row.
CLAIM_LIVES: Final = timedelta(minutes=10)

stripe_customer_claims = sa.Table(
    "stripe_customer_claims",
    metadata,
    sa.Column("team_id", sa.Text, sa.ForeignKey(teams.c.id), primary_key=True),
    sa.Column("stripe_customer_id", sa.Text, primary_key=True),
    sa.Column("project_id", sa.Text, sa.ForeignKey(projects.c.id), nullable=False),
    sa.Column("claimed_at", Moment, nullable=False),
)


@dataclass(frozen=True, slots=True)
class Claim:
    """Who reserved a Stripe customer, and when by the wall clock."""

    project_id: str
    claimed_at: datetime


_mine = sa.and_(
    stripe_customer_claims.c.team_id == sa.bindparam("team_id"),
    stripe_customer_claims.c.stripe_customer_id == sa.bindparam("stripe_customer_id"),
)
_ADD: Final = query(
    insert_row(stripe_customer_claims).on_conflict_do_nothing().returning(stripe_customer_claims.c.project_id), str
)
_LOCK: Final = query(
    sa.select(stripe_customer_claims.c.project_id, stripe_customer_claims.c.claimed_at).where(_mine).with_for_update(),
    Claim,
)
_TAKE: Final = command(
    sa.update(stripe_customer_claims)
    .where(
        stripe_customer_claims.c.team_id == sa.bindparam("of_team"),
        stripe_customer_claims.c.stripe_customer_id == sa.bindparam("of_stripe_customer"),
    )
    .values(project_id=sa.bindparam("new_project"), claimed_at=sa.bindparam("new_claimed_at", type_=Moment()))
)
_HOLDERS: Final = query(
    sa.select(customers.c.project_id)
    .where(
        customers.c.team_id == sa.bindparam("team_id"),
        customers.c.stripe_customer_id == sa.bindparam("stripe_customer_id"),
        customers.c.deleted_at.is_(None),
    )
    .limit(100),
    str,
)


async def claim(tx: Writing, *, team_id: str, project_id: str, stripe_customer_id: str, now: datetime) -> bool:
    """Reserve a Stripe customer for a project; False if another project of the team has or claims it. Again is as good."""
    ids = {"team_id": team_id, "stripe_customer_id": stripe_customer_id}
    added = await tx.first(_ADD, **ids, project_id=project_id, claimed_at=now)
    standing: Claim | None = None
    if added is None:
        standing = await tx.first(_LOCK, **ids)
    # Looked at while the claim's row is held. Customers of before there were claims have none.
    holders = set(await tx.all(_HOLDERS, **ids))
    if holders - {project_id}:
        return False
    if standing is None:
        return True
    if standing.project_id != project_id and standing.claimed_at >= now - CLAIM_LIVES:
        return False
    await tx.run(
        _TAKE, of_team=team_id, of_stripe_customer=stripe_customer_id, new_project=project_id, new_claimed_at=now
    )
    return True
