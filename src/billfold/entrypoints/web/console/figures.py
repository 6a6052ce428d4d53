"""The overview's figures, kept for a moment where they were dear.

They are sums over a whole project. With some thousand customers that is a matter of milliseconds and is done for each page;
with a hundred thousand it is not. So an answer is kept for two hundred times as long as it took, and the page says of when it is:
at most half a hundredth of the time goes into sums, whatever the size.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import structlog

from billfold.domain.analytics.attention import Attention, attention_for
from billfold.domain.analytics.months import Month, last_months
from billfold.domain.analytics.overview import DEFAULT_DAYS, Overview, overview
from billfold.infrastructure.db.database import Database, Reading

_log = structlog.get_logger(__name__)

_CHEAP_NANOSECONDS: Final = 50_000_000
_KEPT_TIMES: Final = 200
# With fewer customers it was the machine that took long, not the sums: a beginner sees his first sale at once.
_SMALL: Final = 1_000
_MOST_KEPT: Final = 1_000


@dataclass(frozen=True, slots=True)
class Figures:
    """All numbers of the page, of the team's moment `at`."""

    overview: Overview
    months: list[Month]
    attention: Attention
    at: datetime


class FiguresCache:
    """The figures of projects that are dear to compute; one object for a process."""

    def __init__(self, *, nanoseconds: Callable[[], int] = time.monotonic_ns) -> None:
        self._nanoseconds = nanoseconds
        # Project → (until when it is kept, figures).
        self._kept: dict[str, tuple[int, Figures]] = {}
        # What is being computed: everybody who asks meanwhile waits for the same.
        self._running: dict[str, asyncio.Task[Figures]] = {}

    async def figures(self, db: Database, *, team_id: str, project_id: str, currency: str, at: datetime) -> Figures:
        """Return a project's figures, of now or of a moment ago.

        What was kept long enough is shown once more while it is made anew: only the very first look waits.
        """
        until, kept = self._kept.get(project_id, (0, None))
        if kept is not None and self._nanoseconds() < until:
            return kept
        running = self._running.get(project_id)
        if running is None:
            running = asyncio.create_task(self._make(db, team_id, project_id, currency, at))
            running.add_done_callback(_tell_failure)
            self._running[project_id] = running
        # Whoever leaves takes nobody's answer away.
        return kept if kept is not None else await asyncio.shield(running)

    async def _make(self, db: Database, team_id: str, project_id: str, currency: str, at: datetime) -> Figures:
        begin = self._nanoseconds()
        try:
            made = await db.snapshot(_read, team_id=team_id, project_id=project_id, currency=currency, at=at)
        except Exception:
            # The next look tries again, and waits for the answer.
            self._kept.pop(project_id, None)
            raise
        finally:
            del self._running[project_id]
        took = self._nanoseconds() - begin
        self._kept.pop(project_id, None)
        if took > _CHEAP_NANOSECONDS and made.overview.customer_count >= _SMALL:
            if len(self._kept) >= _MOST_KEPT:
                del self._kept[next(iter(self._kept))]
            self._kept[project_id] = (self._nanoseconds() + took * _KEPT_TIMES, made)
        return made


def _tell_failure(task: asyncio.Task[Figures]) -> None:
    """Log what nobody may be waiting for any more."""
    if not task.cancelled() and (error := task.exception()) is not None:
        _log.warning("figures.failed", reason=repr(error))


async def _read(tx: Reading, *, team_id: str, project_id: str, currency: str, at: datetime) -> Figures:
    found = await overview(tx, team_id=team_id, project_id=project_id, days=DEFAULT_DAYS, at=at)
    return Figures(
        overview=found,
        months=await last_months(tx, project_id, currency=currency, revenue_now=found.mrr, at=at),
        attention=await attention_for(tx, project_id),
        at=at,
    )
