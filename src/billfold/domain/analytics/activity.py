"""What came in and what was referred, since the beginning (contract G28)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import sqlalchemy as sa

from billfold.domain.billing.stripe_events import stripe_events
from billfold.domain.referrals.codes import referral_codes
from billfold.domain.referrals.referrals import CONVERTED, PENDING, referrals
from billfold.infrastructure.db.database import Reading
from billfold.infrastructure.db.statements import query, row_tuple


@dataclass(frozen=True, slots=True)
class WebhookStats:
    """Stripe events routed to the project; `total` includes those still being worked on, not the ignored ones."""

    total: int
    processed: int
    failed: int


@dataclass(frozen=True, slots=True)
class ReferralStats:
    """Codes, deactivated ones too; referrals, pending and converted."""

    total_codes: int
    total_referrals: int
    converted: int


_EVENTS: Final = query(
    sa.select(stripe_events.c.status, sa.func.count())
    .where(stripe_events.c.project_id == sa.bindparam("project_id"))
    .group_by(stripe_events.c.status),
    row_tuple,
)
_CODES: Final = query(
    sa.select(sa.func.count())
    .select_from(referral_codes)
    .where(referral_codes.c.project_id == sa.bindparam("project_id")),
    int,
)
_REFERRALS: Final = query(
    sa.select(referrals.c.status, sa.func.count())
    .where(referrals.c.project_id == sa.bindparam("project_id"))
    .group_by(referrals.c.status),
    row_tuple,
)


async def webhook_stats(tx: Reading, project_id: str) -> WebhookStats:
    """Count the project's Stripe events."""
    counted = dict(await tx.all(_EVENTS, project_id=project_id))
    processed, failed = counted.get("processed", 0), counted.get("failed", 0)
    return WebhookStats(total=processed + failed + counted.get("received", 0), processed=processed, failed=failed)


async def referral_stats(tx: Reading, project_id: str) -> ReferralStats:
    """Count the project's codes and referrals."""
    counted = dict(await tx.all(_REFERRALS, project_id=project_id))
    converted = counted.get(CONVERTED, 0)
    return ReferralStats(
        total_codes=await tx.one(_CODES, project_id=project_id),
        total_referrals=counted.get(PENDING, 0) + converted,
        converted=converted,
    )
