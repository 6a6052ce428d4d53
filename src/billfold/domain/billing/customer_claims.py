"""Which project of a team may take a Stripe customer that nobody has: one row for each, so that two never take it together.

Whoever wants a Stripe customer claims it in a unit of its own before it is stamped in Stripe. A claim that led to no customer
(its process died in between) may be taken over after ten minutes; one that did stands as long as the customer does.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

import sqlalchemy as sa

from billfold.domain.billing.customers import customers
from billfold.domain.tenancy.projects import projects
from billfold.domain.tenancy.teams import teams
from billfold.infrastructure.db.database import Writing
from billfold.infrastructure.db.statements import insert_row, metadata, query
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

_new = insert_row(stripe_customer_claims)
_claimants_customer = sa.exists().where(
    customers.c.team_id == stripe_customer_claims.c.team_id,
    customers.c.stripe_customer_id == stripe_customer_claims.c.stripe_customer_id,
    customers.c.project_id == stripe_customer_claims.c.project_id,
    customers.c.deleted_at.is_(None),
)
_CLAIM: Final = query(
    _new.on_conflict_do_update(
        index_elements=["team_id", "stripe_customer_id"],
        set_={"project_id": _new.excluded.project_id, "claimed_at": _new.excluded.claimed_at},
        where=sa.or_(
            stripe_customer_claims.c.project_id == _new.excluded.project_id,
            sa.and_(
                stripe_customer_claims.c.claimed_at < sa.bindparam("outlived", type_=Moment()),
                ~_claimants_customer,
            ),
        ),
    ).returning(stripe_customer_claims.c.project_id),
    str,
)
_OTHER_HOLDER: Final = query(
    sa.select(customers.c.project_id)
    .where(
        customers.c.team_id == sa.bindparam("team_id"),
        customers.c.stripe_customer_id == sa.bindparam("stripe_customer_id"),
        customers.c.project_id != sa.bindparam("project_id"),
        customers.c.deleted_at.is_(None),
    )
    .limit(1),
    str,
)


async def claim(tx: Writing, *, team_id: str, project_id: str, stripe_customer_id: str, now: datetime) -> bool:
    """Reserve a Stripe customer for a project; False if another project of the team has or claims it. Again is as good."""
    taken = await tx.first(
        _CLAIM,
        team_id=team_id,
        stripe_customer_id=stripe_customer_id,
        project_id=project_id,
        claimed_at=now,
        outlived=now - CLAIM_LIVES,
    )
    if taken is None:
        return False
    # Looked at while the claim's row is held. Customers of before there were claims have none.
    other = await tx.first(_OTHER_HOLDER, team_id=team_id, stripe_customer_id=stripe_customer_id, project_id=project_id)
    return other is None
