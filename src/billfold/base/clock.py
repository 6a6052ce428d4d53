"""What time it is, as a value that is handed in.

Nothing in the domain reads the wall clock: the moment is an argument, so a test can choose it and a simulated team can
live in a time of its own. Timeouts and leases inside a process use the monotonic clock instead.
"""

from __future__ import annotations

from calendar import monthrange
from datetime import MAXYEAR, UTC, datetime, timedelta
from typing import Protocol


class Clock(Protocol):
    """Anything that can tell the present moment in UTC."""

    def now(self) -> datetime:
        """Return the present moment, aware and in UTC."""
        ...


class SystemClock:
    """The clock of this machine."""

    def now(self) -> datetime:
        """Return the machine's present moment in UTC."""
        return datetime.now(UTC)


class MovableClock:
    """A clock for tests that stands still until it is moved."""

    def __init__(self, start: datetime) -> None:
        self._now = start

    def now(self) -> datetime:
        """Return the moment that the clock was last moved to."""
        return self._now

    def advance(self, by: timedelta) -> None:
        """Move the clock; a negative step moves it back."""
        self._now += by


def iso(moment: datetime) -> str:
    """Return ISO 8601 in UTC to the second with a `Z`, as every published sample prints it."""
    # isoformat, not strftime: the C library's strftime leaves out a year's leading zeros.
    return moment.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="seconds") + "Z"


def from_unix(seconds: int) -> datetime:
    """Return the moment of a Unix time in whole seconds, as Stripe writes all its times."""
    return datetime.fromtimestamp(seconds, UTC)


def next_second(moment: datetime) -> datetime:
    """Return the first whole second after a moment."""
    return moment.replace(microsecond=0) + timedelta(seconds=1)


def months_after(moment: datetime, months: int) -> datetime:
    """Return the same time of the same day so many calendar months later, in UTC; the last day where a month has none such."""
    years, month = divmod(moment.month - 1 + months, 12)
    year = moment.year + years
    if year > MAXYEAR:
        return datetime.max.replace(tzinfo=UTC)
    return moment.replace(year=year, month=month + 1, day=min(moment.day, monthrange(year, month + 1)[1]))
