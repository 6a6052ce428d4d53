"""How many customers a project has, and had (contract G28)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Final

import sqlalchemy as sa

from billfold.domain.billing.customers import customers
from billfold.infrastructure.db.database import Reading
from billfold.infrastructure.db.statements import query, row_tuple
from billfold.infrastructure.db.types import Moment

_DAILY_UP_TO: Final = 14
_EPOCH: Final = date(1970, 1, 1)


@dataclass(frozen=True, slots=True)
class GrowthPoint:
    """How many customers there were at the end of a day in UTC."""

    date: date
    count: int


_mine = (customers.c.project_id == sa.bindparam("project_id"), customers.c.deleted_at.is_(None))
_COUNT: Final = query(sa.select(sa.func.count()).select_from(customers).where(*_mine), int)
# A moment is stored as microseconds since 1970, so the whole days since then are a division.
_days: Final = (
    sa.select(
        sa.cast(
            sa.type_coerce(customers.c.created_at, sa.BigInteger).op("/")(sa.literal_column("86400000000")),
            sa.BigInteger,
        ).label("day")
    )
    .where(*_mine, customers.c.created_at >= sa.bindparam("since", type_=Moment()))
    .subquery("days")
)
_BY_DAY: Final = query(sa.select(_days.c.day, sa.func.count()).group_by(_days.c.day), row_tuple)


def growth_dates(today: date, days: int) -> list[date]:
    """Return the dates of the curve: each day of a window up to 14 days, else every seventh, and today as the last."""
    start = today - timedelta(days=days)
    step = 1 if days <= _DAILY_UP_TO else 7
    return [*(start + timedelta(days=passed) for passed in range(0, days, step)), today]


def growth_curve(today: date, days: int, total: int, made_on: Mapping[date, int]) -> list[GrowthPoint]:
    """Return the cumulative counts; `made_on` says how many of the `total` were made on each day since the first date."""
    dates = growth_dates(today, days)
    points: list[GrowthPoint] = []
    for each in dates[:-1]:
        made_later = sum(count for day, count in made_on.items() if day > each)
        points.append(GrowthPoint(each, total - made_later))
    return [*points, GrowthPoint(today, total)]


async def count_customers(tx: Reading, project_id: str) -> int:
    """Return how many customers the project has; deleted ones are not among them."""
    return await tx.one(_COUNT, project_id=project_id)


async def customer_growth(tx: Reading, project_id: str, *, total: int, days: int, at: datetime) -> list[GrowthPoint]:
    """Return the growth of the last `days` days until the team's time `at`, ending with `total` today."""
    today = at.astimezone(UTC).date()
    first = today - timedelta(days=days)
    since = datetime(first.year, first.month, first.day, tzinfo=UTC)
    by_day = await tx.all(_BY_DAY, project_id=project_id, since=since)
    made_on = {_EPOCH + timedelta(days=day): count for day, count in by_day}
    return growth_curve(today, days, total, made_on)
