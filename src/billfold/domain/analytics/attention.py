"""What of a project needs a person: what failed, and what partners wait for."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Final

import sqlalchemy as sa

from billfold.domain.analytics.revenue import RecurringItem, monthly_revenue
from billfold.domain.billing.stripe_events import stripe_events
from billfold.domain.billing.subscription_items import subscription_items
from billfold.domain.billing.subscriptions import subscriptions
from billfold.domain.partners.applications import partner_applications
from billfold.domain.partners.deals import deals
from billfold.domain.referrals.reviews import reviews
from billfold.domain.referrals.rewards import rewards
from billfold.infrastructure.db.database import Reading
from billfold.infrastructure.db.statements import any_of, query, row_tuple

# Counted up to here: whoever has more need not know how many more.
COUNTED_UP_TO: Final = 1_000
_UNPAID: Final = ["past_due", "unpaid"]


@dataclass(frozen=True, slots=True)
class Attention:
    """Counts, each up to 1,000; `at_risk` is the monthly revenue of what is not paid, in major units of each currency.

    `applications`, `deals` and `reviews` are those that nobody decided yet.
    """

    unpaid: int
    at_risk: dict[str, Decimal]
    failed_events: int
    failed_event_reason: str | None
    failed_rewards: int
    failed_reward_reason: str | None
    applications: int
    deals: int
    reviews: int


_project: sa.BindParameter[str] = sa.bindparam("project_id")
_bad = (
    sa.select(subscriptions.c.id)
    .where(subscriptions.c.project_id == _project, any_of(subscriptions.c.status, "statuses"))
    .limit(COUNTED_UP_TO)
    .subquery("bad")
)
_UNPAID_COUNT: Final = query(sa.select(sa.func.count()).select_from(_bad), int)
_terms = (
    subscription_items.c.currency,
    subscription_items.c.interval,
    subscription_items.c.interval_count,
    subscription_items.c.unit_amount,
    subscription_items.c.quantity,
)
_AT_RISK: Final = query(
    sa.select(*_terms, sa.func.count().label("count"))
    .join_from(_bad, subscription_items, subscription_items.c.subscription_id == _bad.c.id)
    .where(subscription_items.c.interval.is_not(None), subscription_items.c.unit_amount.is_not(None))
    .group_by(*_terms),
    RecurringItem,
)
_failed_events = (
    sa.select(stripe_events.c.sequence, stripe_events.c.reason)
    .where(stripe_events.c.project_id == _project, stripe_events.c.status == "failed")
    .limit(COUNTED_UP_TO)
    .subquery("failed_events")
)
_EVENTS: Final = query(
    sa.select(sa.func.count(_failed_events.c.sequence), sa.func.max(_failed_events.c.reason)), row_tuple
)
_failed_rewards = (
    sa.select(rewards.c.failure)
    .where(rewards.c.project_id == _project, sa.text("status = 'failed'"))
    .limit(COUNTED_UP_TO)
    .subquery("failed_rewards")
)
_REWARDS: Final = query(
    sa.select(sa.func.count(), sa.func.max(_failed_rewards.c.failure)).select_from(_failed_rewards), row_tuple
)


def _undecided(table: sa.Table, status: str) -> sa.ScalarSelect[int]:
    waiting = (
        sa.select(table.c.id)
        .where(table.c.project_id == _project, table.c.status == sa.literal_column(f"'{status}'"))
        .limit(COUNTED_UP_TO)
        .subquery()
    )
    return sa.select(sa.func.count()).select_from(waiting).scalar_subquery()


_UNDECIDED: Final = query(
    sa.select(
        _undecided(partner_applications, "pending").label("applications"),
        _undecided(deals, "pending").label("deals"),
        _undecided(reviews, "open").label("reviews"),
    ),
    row_tuple,
)


async def attention_for(tx: Reading, project_id: str) -> Attention:
    """Return what needs a person in a project."""
    events, event_reason = await tx.one(_EVENTS, project_id=project_id)
    failed, reward_reason = await tx.one(_REWARDS, project_id=project_id)
    applications, deals_waiting, reviews_open = await tx.one(_UNDECIDED, project_id=project_id)
    return Attention(
        unpaid=await tx.one(_UNPAID_COUNT, project_id=project_id, statuses=_UNPAID),
        at_risk=monthly_revenue(await tx.all(_AT_RISK, project_id=project_id, statuses=_UNPAID)),
        failed_events=events,
        failed_event_reason=event_reason,
        failed_rewards=failed,
        failed_reward_reason=reward_reason,
        applications=applications,
        deals=deals_waiting,
        reviews=reviews_open,
    )
