"""Billing periods: when the n-th period after an anchor ends. Pure, in whole seconds of UTC.

A month's end is counted from the anchor, never from the period before, so an anchor of 31 January gives 28 February and
then 31 March again (Stripe's document "Set the subscription billing renewal date"; SCENARIOS E1).
"""

from __future__ import annotations

import calendar
from datetime import UTC, datetime, timedelta
from typing import Final

_FIXED: Final = {"day": timedelta(days=1), "week": timedelta(weeks=1)}
_MONTHS: Final = {"month": 1, "year": 12}
DAY: Final = 86_400


def period_end(anchor: int, interval: str, intervals: int) -> int:
    """Return the Unix time that lies `intervals` days, weeks, months or years after the anchor."""
    start = datetime.fromtimestamp(anchor, UTC)
    if interval in _FIXED:
        return int((start + _FIXED[interval] * intervals).timestamp())
    months = start.year * 12 + start.month - 1 + _MONTHS[interval] * intervals
    year, month = divmod(months, 12)
    day = min(start.day, calendar.monthrange(year, month + 1)[1])
    return int(start.replace(year=year, month=month + 1, day=day).timestamp())
