"""A worker that a test kills: `python -m tests.jobs.killed_worker URL SECONDS` works through the jobs of that database.

Each job writes one row whose key is the job's payload, so an effect that happened twice fails loudly. `SECONDS` is how
far its clock is ahead, which lets the leases of the killed one before it run out.
"""

from __future__ import annotations

import asyncio
import sys
from datetime import UTC, datetime, timedelta
from typing import Any

from billfold.base.clock import MovableClock
from billfold.infrastructure.db.database import Database, Writing
from billfold.infrastructure.db.postgres import PostgresDatabase
from billfold.infrastructure.db.sqlite import SqliteDatabase
from billfold.infrastructure.db.statements import command, insert_row
from billfold.infrastructure.jobs.schedule import schedules
from billfold.infrastructure.jobs.worker import Run, StepHandler, UnitHandler, Worker

_MARK = command(insert_row(schedules))


async def _mark(tx: Writing, payload: Any, now: datetime) -> None:
    await tx.run(_MARK, job=payload, next_run_at=now)


async def _mark_in_steps(run: Run) -> None:
    await asyncio.sleep(0)
    await run.finish(_mark, run.payload, run.clock.now())


async def main(url: str, seconds_ahead: int) -> None:
    """Work until nothing is due."""
    database: Database = SqliteDatabase(url[10:]) if url.startswith("sqlite") else PostgresDatabase(url)
    await database.start()
    clock = MovableClock(datetime.now(UTC) + timedelta(seconds=seconds_ahead))
    await Worker(database, {"unit": UnitHandler(_mark), "steps": StepHandler(_mark_in_steps)}, clock).drain()
    await database.stop()


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], int(sys.argv[2])))
