"""The overview's figures, kept for a moment where they were dear.

They are sums over a whole project. With some thousand customers that is a matter of milliseconds and is done for each page;
with a hundred thousand it is not. So an answer is kept for two hundred times as long as it took, and the page says of when it is:
at most half a hundredth of the time goes into sums, whatever the size. A process that has just started shows what was kept in
the database (`domain/analytics/figures.py`); if nothing was, the page says that the sums are being made.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

import structlog

from billfold.base.errors import BillfoldError
from billfold.domain.analytics.attention import Attention, attention_for
from billfold.domain.analytics.figures import LARGE, Kept, Sums, find_kept, is_large, keep, sum_up
from billfold.domain.analytics.months import Month
from billfold.domain.analytics.overview import Overview
from billfold.infrastructure.db.database import Database, Reading

_log = structlog.get_logger(__name__)

_CHEAP_NANOSECONDS: Final = 50_000_000
_KEPT_TIMES: Final = 200
# So long a page waits for the first sums of a large project, which may be there at once. Of a small one it waits to the end:
# there it is the machine that takes long, not the sums, and a beginner sees his first sale at once.
_PATIENCE_SECONDS: Final = 0.05
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

    async def figures(
        self, db: Database, *, team_id: str, project_id: str, currency: str, at: datetime, now: datetime
    ) -> Figures | None:
        """Return a project's figures, of now or of a moment ago; None for a large one whose first sums are being made.

        `at` is the team's time, `now` the wall clock. What was kept long enough is shown once more while it is made anew.
        """
        until, kept = self._kept.get(project_id, (0, None))
        if kept is not None and self._nanoseconds() < until:
            return kept
        is_dear = kept is not None
        if kept is None and project_id not in self._running:
            # A process that has just started: another one, or the hourly job, may have summed up a moment ago.
            is_dear, stored = await db.read(_stored, project_id, now)
            if stored is not None:
                kept, left = stored
                if left > 0:
                    self._keep_for(project_id, left, kept)
                    return kept
        running = self._running.get(project_id)
        if running is None:
            running = asyncio.create_task(self._make(db, project_id, now, team_id=team_id, currency=currency, at=at))
            running.add_done_callback(_tell_failure)
            self._running[project_id] = running
        elif kept is None:
            is_dear, stored = await db.read(_stored, project_id, now)
            kept = None if stored is None else stored[0]
        if kept is None and is_dear:
            # Whoever leaves takes nobody's answer away, and neither does whoever waits no longer.
            done, _ = await asyncio.wait({running}, timeout=_PATIENCE_SECONDS)
            return running.result() if done else None
        return kept if kept is not None else await asyncio.shield(running)

    async def _make(
        self, db: Database, project_id: str, now: datetime, *, team_id: str, currency: str, at: datetime
    ) -> Figures:
        begin = self._nanoseconds()
        try:
            made, sums = await db.snapshot(_read, team_id=team_id, project_id=project_id, currency=currency, at=at)
        except Exception:
            # The next look tries again, and waits for the answer.
            self._kept.pop(project_id, None)
            raise
        finally:
            del self._running[project_id]
        took = self._nanoseconds() - begin
        self._kept.pop(project_id, None)
        if took > _CHEAP_NANOSECONDS and made.overview.customer_count >= LARGE:
            await _keep(db, project_id, Kept(sums, at, now, took // 1_000))
            self._keep_for(project_id, took * _KEPT_TIMES, made)
        return made

    def _keep_for(self, project_id: str, nanoseconds: int, figures: Figures) -> None:
        if len(self._kept) >= _MOST_KEPT:
            del self._kept[next(iter(self._kept))]
        self._kept[project_id] = (self._nanoseconds() + nanoseconds, figures)


def _tell_failure(task: asyncio.Task[Figures]) -> None:
    """Log what nobody may be waiting for any more."""
    if not task.cancelled() and (error := task.exception()) is not None:
        _log.warning("figures.failed", reason=repr(error))


async def _keep(db: Database, project_id: str, kept: Kept) -> None:
    """Keep sums for the next process; a database that cannot now takes nothing away from whoever waits for them."""
    try:
        await db.write(keep, project_id, kept)
    except BillfoldError as error:
        _log.warning("figures.not_kept", reason=error.message)


async def _read(tx: Reading, *, team_id: str, project_id: str, currency: str, at: datetime) -> tuple[Figures, Sums]:
    sums = await sum_up(tx, team_id=team_id, project_id=project_id, currency=currency, at=at)
    return _figures(sums, await attention_for(tx, project_id), at), sums


async def _stored(tx: Reading, project_id: str, now: datetime) -> tuple[bool, tuple[Figures, int] | None]:
    """Tell whether the project's sums are dear, and return those that are kept, with what needs somebody now.

    With them for how many nanoseconds more they are good; none or less if they are older than is kept.
    """
    if not await is_large(tx, project_id):
        return False, None
    kept = await find_kept(tx, project_id)
    if kept is None:
        return True, None
    age_us = (now - kept.made_at) // timedelta(microseconds=1)
    # What was kept in the future, before the clock was set back, is good for nothing.
    left = (kept.took_us * _KEPT_TIMES - age_us) * 1_000 if age_us >= 0 else 0
    return True, (_figures(kept.sums, await attention_for(tx, project_id), kept.at), left)


def _figures(sums: Sums, attention: Attention, at: datetime) -> Figures:
    return Figures(overview=sums.overview, months=sums.months, attention=attention, at=at)
