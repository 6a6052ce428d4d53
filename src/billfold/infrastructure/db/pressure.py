"""Whether the hot doors of this process are so busy that background work should step aside.

A door must answer within milliseconds whatever happens; a job may wait for a minute. In a process that does both, jobs
that refetch what a flood of events was about would take the processor from the flood itself. So the worker of a busy process
takes one job at a time and rests in between, and catches up afterwards. A worker process of its own has no doors and never rests.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Final

# A door that takes more than this many items a second fills a good part of a processor.
_BUSY_PER_SECOND: Final = 400
_WINDOW_SECONDS: Final = 0.25


class Pressure:
    """Counts what arrives in windows of a quarter of a second; one object for the whole process."""

    def __init__(self, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._monotonic = monotonic
        self._window_began = 0.0
        self._count = 0
        self._was_high = False

    def note(self, items: int) -> None:
        """Count items that arrived at a door."""
        self._roll()
        self._count += items

    def is_high(self) -> bool:
        """Tell whether the present window or the one before it is over the limit."""
        self._roll()
        return self._was_high or self._count > _BUSY_PER_SECOND * _WINDOW_SECONDS

    def _roll(self) -> None:
        elapsed = self._monotonic() - self._window_began
        if elapsed < _WINDOW_SECONDS:
            return
        # More than one window ago nothing arrived in between.
        self._was_high = elapsed < 2 * _WINDOW_SECONDS and self._count > _BUSY_PER_SECOND * _WINDOW_SECONDS
        self._window_began += elapsed
        self._count = 0


# The doors and the worker of a process share its one processor, so they share this one count.
DOORS: Final = Pressure()
