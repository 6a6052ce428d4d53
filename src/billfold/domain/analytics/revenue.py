"""Monthly recurring revenue, subscription counts and churn (contract G26, G27)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import Final

import sqlalchemy as sa

from billfold.base.money import to_major
from billfold.domain.billing.subscription_items import subscription_items
from billfold.domain.billing.subscriptions import ACTIVE, subscriptions
from billfold.infrastructure.db.database import Reading
from billfold.infrastructure.db.statements import any_of, query, row_tuple
from billfold.infrastructure.db.types import Moment

# How many times an interval comes in a month of a twelfth of a year of 365 days or 52 weeks (contract G26).
_A_MONTH: Final = {"month": Fraction(1), "year": Fraction(1, 12), "week": Fraction(52, 12), "day": Fraction(365, 12)}
# The seven statuses of the published answer; `incomplete_expired` has no place in it.
STATUSES: Final = ("active", "trialing", "past_due", "canceled", "unpaid", "incomplete", "paused")


@dataclass(frozen=True, slots=True)
class RecurringItem:
    """`count` equal lines of subscriptions: `quantity` times `unit_amount` minor units every `interval_count` intervals."""

    currency: str
    interval: str
    interval_count: int
    unit_amount: int
    quantity: int
    count: int


# Equal lines are counted by the database and multiplied here, where no number is too large (SCENARIOS D5).
_RECURRING: Final = query(
    sa.select(
        subscription_items.c.currency,
        subscription_items.c.interval,
        subscription_items.c.interval_count,
        subscription_items.c.unit_amount,
        subscription_items.c.quantity,
        sa.func.count().label("count"),
    )
    .join(subscriptions, subscriptions.c.id == subscription_items.c.subscription_id)
    .where(
        subscriptions.c.project_id == sa.bindparam("project_id"),
        any_of(subscriptions.c.status, "statuses"),
        subscription_items.c.interval.is_not(None),
        subscription_items.c.unit_amount.is_not(None),
    )
    .group_by(
        subscription_items.c.currency,
        subscription_items.c.interval,
        subscription_items.c.interval_count,
        subscription_items.c.unit_amount,
        subscription_items.c.quantity,
    ),
    RecurringItem,
)
_BY_STATUS: Final = query(
    sa.select(subscriptions.c.status, sa.func.count())
    .where(subscriptions.c.project_id == sa.bindparam("project_id"))
    .group_by(subscriptions.c.status),
    row_tuple,
)
_start = sa.bindparam("start", type_=Moment())
_ended_since: Final = sa.and_(
    subscriptions.c.canceled_at.is_not(None), subscriptions.c.canceled_at <= sa.bindparam("at", type_=Moment())
)
_CHURN: Final = query(
    sa.select(
        sa.func.count().label("running"), sa.func.coalesce(sa.func.sum(sa.case((_ended_since, 1), else_=0)), 0)
    ).where(
        subscriptions.c.project_id == sa.bindparam("project_id"),
        subscriptions.c.created_at <= _start,
        subscriptions.c.started_at.is_not(None),
        sa.or_(subscriptions.c.canceled_at.is_(None), subscriptions.c.canceled_at > _start),
    ),
    row_tuple,
)


def monthly_revenue(items: Iterable[RecurringItem]) -> dict[str, Decimal]:
    """Return the monthly revenue of each currency in its major units, rounded once at the end (contract G26)."""
    minor: dict[str, Fraction] = {}
    for item in items:
        amount = Fraction(item.unit_amount * item.quantity * item.count, item.interval_count)
        minor[item.currency] = minor.get(item.currency, Fraction(0)) + amount * _A_MONTH[item.interval]
    return {currency: to_major(amount, currency) for currency, amount in sorted(minor.items())}


def percent(part: int, whole: int) -> Decimal:
    """Return a share in percent with one decimal place, half up; 0 of 0 is 0."""
    if whole == 0:
        return Decimal(0)
    return (Decimal(100 * part) / Decimal(whole)).quantize(Decimal("0.1"), rounding=ROUND_HALF_UP)


async def revenue_by_currency(tx: Reading, project_id: str) -> dict[str, Decimal]:
    """Return the monthly revenue of the active and trialing subscriptions, in major units of each currency."""
    return monthly_revenue(await tx.all(_RECURRING, project_id=project_id, statuses=list(ACTIVE)))


async def count_by_status(tx: Reading, project_id: str) -> dict[str, int]:
    """Return how many subscriptions there are in each of the seven statuses."""
    counted = dict(await tx.all(_BY_STATUS, project_id=project_id))
    return {status: counted.get(status, 0) for status in STATUSES}


async def churn_rate(tx: Reading, project_id: str, *, start: datetime, at: datetime) -> Decimal:
    """Return which percentage of the subscriptions that ran at `start` ended until `at` (contract G27).

    Only those that ran at the start count as ended, so the rate cannot pass 100.
    """
    running, ended = await tx.one(_CHURN, project_id=project_id, start=start, at=at)
    return percent(int(ended), running)
