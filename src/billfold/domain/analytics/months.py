"""The last twelve months of a project: revenue at each month's end, subscriptions that started and ended in it.

Revenue of the past is worked out from when each subscription started and ended, at what it costs today: price changes of the
past are not replayed. The last point is the revenue of now (contract G26), which the unfinished month ends with so far.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any, Final

import sqlalchemy as sa

from billfold.domain.analytics.revenue import RecurringItem, monthly_revenue
from billfold.domain.billing.subscription_items import subscription_items
from billfold.domain.billing.subscriptions import subscriptions
from billfold.infrastructure.db.database import Reading
from billfold.infrastructure.db.statements import query, row_tuple
from billfold.infrastructure.db.types import Moment

MONTHS: Final = 12


@dataclass(frozen=True, slots=True)
class Month:
    """A month in UTC: `revenue` in major units of the project's currency at its end, the counts of what happened in it."""

    start: datetime
    revenue: Decimal
    started: int
    ended: int
    running: int


def _months_passed(column: sa.ColumnElement[Any], low: int = 0, high: int = MONTHS) -> sa.ColumnElement[Any]:
    """Return in which month a moment lies: 0 before the first, 1 to 12 in one of them.

    Found by halving: four comparisons a row instead of twelve.
    """
    if low == high:
        return sa.literal_column(str(low), sa.BigInteger)
    middle = (low + high) // 2
    return sa.case(
        (column >= sa.bindparam(f"month_{middle}", type_=Moment()), _months_passed(column, middle + 1, high)),
        else_=_months_passed(column, low, middle),
    )


_started = _months_passed(subscriptions.c.started_at).label("started")
_ended = _months_passed(subscriptions.c.canceled_at).label("ended")
_counted = (
    subscriptions.c.project_id == sa.bindparam("project_id"),
    subscriptions.c.started_at.is_not(None),
    sa.or_(
        subscriptions.c.canceled_at.is_(None), subscriptions.c.canceled_at >= sa.bindparam("month_0", type_=Moment())
    ),
)
_facts = (
    sa.select(subscriptions.c.id, _started, _ended, subscriptions.c.canceled_at.is_not(None).label("is_over"))
    .where(*_counted)
    .subquery("facts")
)
_COUNTS: Final = query(
    sa.select(_facts.c.started, _facts.c.ended, _facts.c.is_over, sa.func.count()).group_by(
        _facts.c.started, _facts.c.ended, _facts.c.is_over
    ),
    row_tuple,
)
_terms = (
    subscription_items.c.currency,
    subscription_items.c.interval,
    subscription_items.c.interval_count,
    subscription_items.c.unit_amount,
    subscription_items.c.quantity,
)
_ITEMS: Final = query(
    sa.select(_facts.c.started, _facts.c.ended, _facts.c.is_over, *_terms, sa.func.count())
    .join(subscription_items, subscription_items.c.subscription_id == _facts.c.id)
    .where(subscription_items.c.interval.is_not(None), subscription_items.c.unit_amount.is_not(None))
    .group_by(_facts.c.started, _facts.c.ended, _facts.c.is_over, *_terms),
    row_tuple,
)


def month_starts(at: datetime) -> list[datetime]:
    """Return when each of the twelve months until `at` began, in UTC; the last is the one that `at` lies in."""
    at = at.astimezone(UTC)
    last = at.year * 12 + at.month - 1
    return [datetime(number // 12, number % 12 + 1, 1, tzinfo=UTC) for number in range(last - MONTHS + 1, last + 1)]


def runs_at_end(month: int, started: int, ended: int, *, is_over: bool) -> bool:
    """Tell whether what started and ended in these months (counted from 1) runs at the end of a month."""
    return started <= month and (not is_over or ended > month)


async def last_months(
    tx: Reading, project_id: str, *, currency: str, revenue_now: Decimal, at: datetime
) -> list[Month]:
    """Return the twelve months until the team's time `at`, oldest first."""
    starts = month_starts(at)
    bounds = {f"month_{number}": start for number, start in enumerate(starts)}
    counts: Sequence[Any] = await tx.all(_COUNTS, project_id=project_id, **bounds)
    items: Sequence[Any] = await tx.all(_ITEMS, project_id=project_id, **bounds)
    months = []
    for number, start in enumerate(starts, start=1):
        running_items = [
            RecurringItem(*terms)
            for began, over, is_over, *terms in items
            if runs_at_end(number, began, over, is_over=bool(is_over))
        ]
        months.append(
            Month(
                start=start,
                revenue=revenue_now if number == MONTHS else monthly_revenue(running_items).get(currency, Decimal(0)),
                started=sum(count for began, _, _, count in counts if began == number),
                ended=sum(count for _, over, is_over, count in counts if is_over and over == number),
                running=sum(
                    count
                    for began, over, is_over, count in counts
                    if runs_at_end(number, began, over, is_over=bool(is_over))
                ),
            )
        )
    return months
