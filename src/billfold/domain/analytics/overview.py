"""The overview of a project: all of the contract's section 3.7 at one moment."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Final

from billfold.domain.analytics.activity import ReferralStats, WebhookStats, referral_stats, webhook_stats
from billfold.domain.analytics.growth import GrowthPoint, count_customers, customer_growth
from billfold.domain.analytics.revenue import churn_rate, count_by_status, revenue_by_currency
from billfold.domain.tenancy.projects import get_project
from billfold.infrastructure.db.database import Reading

DEFAULT_DAYS: Final = 30
LARGEST_DAYS: Final = 365


@dataclass(frozen=True, slots=True)
class Overview:
    """`mrr` is in major units of the project's currency, `churn_rate` in percent."""

    mrr: Decimal
    mrr_by_currency: Mapping[str, Decimal]
    customer_count: int
    churn_rate: Decimal
    subscription_breakdown: Mapping[str, int]
    customer_growth: list[GrowthPoint]
    webhook_stats: WebhookStats
    referral_stats: ReferralStats


async def overview(tx: Reading, *, team_id: str, project_id: str, days: int, at: datetime) -> Overview:
    """Return a project's numbers at the team's time `at`, with growth and churn of the last `days` days."""
    project = await get_project(tx, team_id=team_id, project_id=project_id)
    revenue = await revenue_by_currency(tx, project_id)
    total = await count_customers(tx, project_id)
    return Overview(
        # Unlike money is never added: other currencies stand beside it (contract G26).
        mrr=revenue.get(project.currency, Decimal(0)),
        mrr_by_currency=revenue,
        customer_count=total,
        churn_rate=await churn_rate(tx, project_id, start=at - timedelta(days=days), at=at),
        subscription_breakdown=await count_by_status(tx, project_id),
        customer_growth=await customer_growth(tx, project_id, total=total, days=days, at=at),
        webhook_stats=await webhook_stats(tx, project_id),
        referral_stats=await referral_stats(tx, project_id),
    )
