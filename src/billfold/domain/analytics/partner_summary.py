"""What a partner waits for: in each currency, what is released next, and on which day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

import sqlalchemy as sa

from billfold.domain.partners.partners import Partner
from billfold.domain.referrals.rewards import rewards
from billfold.infrastructure.db.database import Reading
from billfold.infrastructure.db.statements import query

_SHOWN: Final = 200


@dataclass(frozen=True, slots=True)
class Release:
    """What becomes available on one day, in minor units; `at` is the team's time."""

    unit: str
    amount_cents: int
    at: datetime


_HELD: Final = query(
    sa.select(rewards.c.unit, rewards.c.amount.label("amount_cents"), rewards.c.release_at.label("at"))
    .where(
        rewards.c.project_id == sa.bindparam("project_id"),
        rewards.c.program_id == sa.bindparam("program_id"),
        rewards.c.earner_id == sa.bindparam("customer_id"),
        sa.text("rewards.settles_as = 'payout'"),
        rewards.c.status == sa.literal_column("'held'"),
        rewards.c.amount > 0,
    )
    .order_by(rewards.c.created_at, rewards.c.id)
    .limit(_SHOWN),
    Release,
)


async def next_releases(tx: Reading, partner: Partner) -> dict[str, Release]:
    """Return, for each currency in which something is held, all that becomes available on the first day on which any does."""
    found = await tx.all(
        _HELD,
        project_id=partner.project_id,
        program_id=partner.program_id,
        customer_id=partner.customer_id,
    )
    first: dict[str, Release] = {}
    for each in sorted(found, key=lambda held: held.at):
        present = first.setdefault(each.unit, Release(each.unit, 0, each.at))
        if each.at.date() == present.at.date():
            first[each.unit] = Release(each.unit, present.amount_cents + each.amount_cents, present.at)
    return first
