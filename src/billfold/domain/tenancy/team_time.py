"""A team's own time, which a simulated Stripe account may move ahead of the wall clock (decision 0009)."""

from __future__ import annotations

from datetime import datetime, timedelta


class InTeamTime:
    """Base of each row and each caller that knows its team's clock: `clock_offset_us` microseconds ahead of the wall clock."""

    __slots__ = ()
    clock_offset_us: int

    def time_at(self, now: datetime) -> datetime:
        """Return the team's time at a moment of the wall clock."""
        return now + timedelta(microseconds=self.clock_offset_us)
