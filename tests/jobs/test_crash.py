"""Scenario B2 for the queue: a worker killed around its commits loses no job and does none twice."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import UTC, datetime

import pytest
import sqlalchemy as sa

from billfold.base.fail_points import VARIABLE
from billfold.infrastructure.db.database import Database, Reading, Writing
from billfold.infrastructure.db.statements import query
from billfold.infrastructure.jobs import queue
from billfold.infrastructure.jobs.schedule import schedules
from tests.house.sources import ROOT

_MARKS = query(sa.select(schedules.c.job), str)
_JOBS = 40


async def _enqueue_all(tx: Writing) -> None:
    for number in range(_JOBS):
        await queue.enqueue(tx, "unit" if number % 2 else "steps", f"job {number}", now=datetime.now(UTC))


async def _marks(tx: Reading) -> list[str]:
    return await tx.all(_MARKS)


def _work(url: str, seconds_ahead: int, fail_point: str | None = None) -> int:
    variables = {**os.environ, VARIABLE: fail_point} if fail_point else dict(os.environ)
    command = [sys.executable, "-m", "tests.jobs.killed_worker", url, str(seconds_ahead)]
    return subprocess.run(command, cwd=ROOT, env=variables, check=False, timeout=60).returncode


@pytest.mark.parametrize("fail_point", ["before-commit:kill:2", "after-commit:kill:3", "before-commit:kill:4"])
async def test_a_worker_killed_around_a_commit_loses_no_job_and_does_none_twice(
    db: Database, database_url: str, fail_point: str
) -> None:
    await db.write(_enqueue_all)
    assert _work(database_url, 0, fail_point) == -9
    assert _work(database_url, 120) == 0
    assert sorted(await db.read(_marks)) == sorted(f"job {number}" for number in range(_JOBS))
    assert await db.read(queue.waiting_count) == 0
