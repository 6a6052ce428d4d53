"""Rewards that were earned and could not be given, with whose they are."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

import sqlalchemy as sa

from billfold.domain.billing.customers import customers
from billfold.domain.referrals.rewards import rewards
from billfold.infrastructure.db.database import Reading
from billfold.infrastructure.db.statements import query


@dataclass(frozen=True, slots=True)
class FailedReward:
    """A reward that is owed: `amount` in minor units of `unit`, and why it could not be given."""

    id: str
    referral_id: str
    earner_id: str
    earner_email: str | None
    earner_name: str | None
    unit: str
    amount: int
    failure: str | None
    updated_at: datetime


_FAILED: Final = query(
    sa.select(
        rewards.c.id,
        rewards.c.referral_id,
        rewards.c.earner_id,
        customers.c.email.label("earner_email"),
        customers.c.name.label("earner_name"),
        rewards.c.unit,
        rewards.c.amount,
        rewards.c.failure,
        rewards.c.updated_at,
    )
    .select_from(rewards.join(customers, customers.c.id == rewards.c.earner_id, isouter=True))
    .where(rewards.c.project_id == sa.bindparam("project_id"), sa.text("rewards.status = 'failed'"))
    .order_by(rewards.c.failure)
    .limit(sa.bindparam("limit", type_=sa.Integer()))
    .offset(sa.bindparam("offset", type_=sa.Integer())),
    FailedReward,
)


async def failed_rewards(tx: Reading, project_id: str, *, limit: int, offset: int) -> list[FailedReward]:
    """Return a page of a project's rewards that could not be given, by reason."""
    return await tx.all(_FAILED, project_id=project_id, limit=limit, offset=offset)
