"""Customers of a Stripe account that their metadata already gives to a project: after a move, or a restored backup.

A customer of a project is otherwise made by its API or by a person (contract G21). So only an import does this, only for a
stamp that names a project of this very team, and never for somebody who was removed here before (contract G10).

Whom Stripe made a moment ago is left alone: a request of the project's own is adding the row, and would find it taken.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

import sqlalchemy as sa

from billfold.base.errors import Conflict, Invalid
from billfold.domain.billing import customers
from billfold.domain.billing.customer_claims import claim
from billfold.domain.billing.metadata import merged_from_stripe
from billfold.domain.billing.routing import Unrouted, stamped_project
from billfold.domain.billing.stripe_objects import Answer
from billfold.infrastructure.db.database import Writing
from billfold.infrastructure.db.statements import query
from billfold.infrastructure.stripe.values import StripeCustomer

# Longer than a request takes from making a Stripe customer to adding its row.
SETTLED_AFTER: Final = timedelta(minutes=10)

_EVER_HAD: Final = query(
    sa.select(customers.customers.c.id)
    .where(
        customers.customers.c.team_id == sa.bindparam("team_id"),
        customers.customers.c.stripe_customer_id == sa.bindparam("stripe_customer_id"),
        customers.customers.c.project_id == sa.bindparam("project_id"),
    )
    .limit(1),
    str,
)


async def adopt_stamped(tx: Writing, answer: Answer, *, now: datetime) -> str | None:
    """Make a Stripe customer the customer of the project that it is stamped for, and return that; None if it cannot be one.

    It cannot without a usable e-mail address, with one that another customer of the project has, if it was deleted, or if
    Stripe made it less than ten minutes ago.
    """
    value = answer.value
    if not isinstance(value, StripeCustomer) or value.deleted or not value.email:
        return None
    if value.created > answer.at - SETTLED_AFTER:
        return None
    try:
        project_id = await stamped_project(tx, answer.team_id, value.metadata)
        email = customers.checked_email(value.email)
        if project_id is None or not await _is_free(tx, answer.team_id, project_id, value.id, now):
            return None
        row = customers.new_customer(
            team_id=answer.team_id,
            project_id=project_id,
            email=email,
            name=value.name or None,
            stripe_customer_id=value.id,
            metadata=merged_from_stripe({}, value.metadata),
            at=answer.at,
            now=answer.fetched_at,
        )
        # An import of the past tells nobody.
        await customers.add_customer(tx, row, announce=False)
    except (Unrouted, Invalid, Conflict):
        return None
    return project_id


async def _is_free(tx: Writing, team_id: str, project_id: str, stripe_customer_id: str, now: datetime) -> bool:
    ids = {"team_id": team_id, "project_id": project_id, "stripe_customer_id": stripe_customer_id}
    return await tx.first(_EVER_HAD, **ids) is None and await claim(tx, **ids, now=now)
