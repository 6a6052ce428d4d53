from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from billfold.base.clock import MovableClock, SystemClock
from billfold.base.errors import Unavailable
from billfold.infrastructure.db.database import Database, Writing
from billfold.infrastructure.jobs import queue
from billfold.infrastructure.jobs.queue import LEASE, Job
from billfold.infrastructure.jobs.schedule import Recurring, enqueue_due
from billfold.infrastructure.jobs.worker import Handler, Run, StepHandler, UnitHandler, Worker

_START = datetime(2026, 5, 1, tzinfo=UTC)


@pytest.fixture
def clock() -> MovableClock:
    return MovableClock(_START)


async def _enqueue(tx: Writing, name: str, payload: Any = 0, *, now: datetime = _START) -> None:
    await queue.enqueue(tx, name, payload, now=now)


async def test_a_unit_handler_and_the_jobs_end_are_one_transaction(db: Database, clock: MovableClock) -> None:
    async def hand_on(tx: Writing, payload: Any, now: datetime) -> None:
        await queue.enqueue(tx, "second", payload + 1, now=now)

    seen: list[int] = []

    async def look(tx: Writing, payload: Any, now: datetime) -> None:
        del tx, now
        seen.append(payload)

    worker = Worker(db, {"first": UnitHandler(hand_on), "second": UnitHandler(look)}, clock)
    await db.write(_enqueue, "first", 1)
    assert await worker.drain() == 2
    assert seen == [2]
    assert await db.read(queue.waiting_count) == 0


async def test_a_failing_handler_leaves_nothing_behind_and_is_tried_again(db: Database, clock: MovableClock) -> None:
    fail = True

    async def unit(tx: Writing, payload: Any, now: datetime) -> None:
        await queue.enqueue(tx, "effect", payload, now=now + timedelta(days=1), run_at=now + timedelta(days=1))
        if fail:
            raise LookupError("not yet")

    worker = Worker(db, {"job": UnitHandler(unit)}, clock)
    await db.write(_enqueue, "job")
    await worker.drain()
    assert await db.read(queue.waiting_count) == 1
    fail = False
    clock.advance(timedelta(seconds=2))
    await worker.drain()
    assert await db.read(queue.waiting_count) == 1, "only the effect waits"


async def test_one_failing_job_stops_no_other(db: Database, clock: MovableClock) -> None:
    done: list[int] = []

    async def unit(tx: Writing, payload: Any, now: datetime) -> None:
        del tx, now
        if payload == 3:
            raise ValueError("three")
        done.append(payload)

    for number in range(6):
        await db.write(_enqueue, "job", number)
    await Worker(db, {"job": UnitHandler(unit)}, clock).drain()
    assert sorted(done) == [0, 1, 2, 4, 5]


async def test_a_step_handler_may_leave_its_end_to_the_worker(db: Database, clock: MovableClock) -> None:
    keys: list[str] = []

    async def steps(run: Run) -> None:
        await asyncio.sleep(0)
        keys.append(run.idempotency_key)

    await db.write(_enqueue, "job")
    await Worker(db, {"job": StepHandler(steps)}, clock).drain()
    assert len(keys) == 1
    assert await db.read(queue.waiting_count) == 0


async def test_every_try_calls_others_with_the_same_key(db: Database, clock: MovableClock) -> None:
    keys: list[str] = []

    async def steps(run: Run) -> None:
        keys.append(run.idempotency_key)
        if len(keys) < 3:
            raise Unavailable("Stripe does not answer.")

    await db.write(_enqueue, "job")
    worker = Worker(db, {"job": StepHandler(steps)}, clock)
    for _ in range(3):
        await worker.drain()
        clock.advance(timedelta(minutes=1))
    assert len(keys) == 3
    assert len(set(keys)) == 1


async def test_the_last_unit_of_a_lost_job_changes_nothing(db: Database, clock: MovableClock) -> None:
    """Exactly once inside the database: a slow worker whose lease ran out cannot write its effects too."""
    tries: list[str] = []

    async def effect(tx: Writing, who: str) -> None:
        tries.append(who)
        await _enqueue(tx, f"effect of {who}", now=_START + timedelta(days=1))

    async def slow(run: Run) -> None:
        clock.advance(LEASE)
        assert await Worker(db, {"job": StepHandler(quick)}, clock).drain() == 1
        await run.finish(effect, "slow")

    async def quick(run: Run) -> None:
        await run.finish(effect, "quick")

    await db.write(_enqueue, "job")
    await Worker(db, {"job": StepHandler(slow)}, clock).drain()
    assert tries == ["quick", "slow"]
    assert await db.read(queue.waiting_count) == 1


async def test_a_living_worker_keeps_a_job_for_as_long_as_it_takes(db: Database, clock: MovableClock) -> None:
    begun, enough = asyncio.Event(), asyncio.Event()

    async def long(run: Run) -> None:
        del run
        begun.set()
        await enough.wait()

    await db.write(_enqueue, "job")
    worker = Worker(db, {"job": StepHandler(long)}, clock)
    work = asyncio.create_task(worker.run())
    await begun.wait()
    other = Worker(db, {}, clock)
    for renewal in range(1, 4):
        clock.advance(LEASE - timedelta(seconds=1))
        await worker._hold_long_ones(asyncio.get_running_loop().time() + renewal * LEASE.total_seconds())
        assert await other.drain() == 0
    enough.set()
    await worker.stop()
    await work
    assert await db.read(queue.waiting_count) == 0


async def test_a_job_that_nobody_handles_waits_for_a_newer_program(db: Database, clock: MovableClock) -> None:
    await db.write(_enqueue, "job of tomorrow")
    await Worker(db, {}, clock).drain()
    assert await db.read(queue.waiting_count) == 1


async def _stop(worker: Worker, running: asyncio.Task[None]) -> None:
    await worker.stop()
    await running


async def test_a_running_worker_is_woken_by_the_commit(db: Database) -> None:
    done = asyncio.Event()

    async def unit(tx: Writing, payload: Any, now: datetime) -> None:
        del tx, payload, now
        done.set()

    clock = SystemClock()
    worker = Worker(db, {"job": UnitHandler(unit)}, clock)
    running = asyncio.create_task(worker.run())
    await asyncio.sleep(0.05)
    await db.write(_enqueue, "job", now=clock.now())
    async with asyncio.timeout(5):
        await done.wait()
    await _stop(worker, running)


async def test_stop_lets_the_jobs_under_way_end_and_takes_no_more(db: Database) -> None:
    """Scenario B4."""
    clock = SystemClock()
    started, release = asyncio.Event(), asyncio.Event()
    ended: list[int] = []

    async def steps(run: Run) -> None:
        started.set()
        await release.wait()
        ended.append(run.payload)

    worker = Worker(db, {"job": StepHandler(steps)}, clock, concurrency=1)
    for number in range(2):
        await db.write(_enqueue, "job", number, now=clock.now())
    running = asyncio.create_task(worker.run())
    await started.wait()
    stopping = asyncio.create_task(worker.stop())
    await asyncio.sleep(0.01)
    assert not stopping.done()
    release.set()
    await stopping
    await running
    assert len(ended) == 1
    assert await db.read(queue.waiting_count) == 1


async def test_what_does_not_end_in_time_is_cut_and_runs_again_later(
    db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("billfold.infrastructure.jobs.worker._STOP_SECONDS", 0.05)
    started = asyncio.Event()

    async def steps(run: Run) -> None:
        del run
        started.set()
        await asyncio.sleep(60)

    clock = SystemClock()
    worker = Worker(db, {"job": StepHandler(steps)}, clock)
    await db.write(_enqueue, "job", now=clock.now())
    running = asyncio.create_task(worker.run())
    await started.wait()
    await _stop(worker, running)
    assert await db.read(queue.waiting_count) == 1


class _Failing:
    """A database whose first reads fail with what it is given."""

    def __init__(self, db: Database, failures: list[Exception]) -> None:
        self._db = db
        self._failures = failures

    def __getattr__(self, name: str) -> Any:
        if name == "read" and self._failures:
            raise self._failures.pop()
        return getattr(self._db, name)


@pytest.mark.parametrize("failure", [Unavailable("down"), RuntimeError("a mistake")], ids=["outage", "mistake"])
async def test_the_worker_survives_an_outage_and_a_mistake(
    db: Database, monkeypatch: pytest.MonkeyPatch, failure: Exception
) -> None:
    """Scenario B3: nobody watches the worker's task, so it must not end by itself."""
    monkeypatch.setattr("billfold.infrastructure.jobs.worker._OUTAGE_SECONDS", 0.01)
    done = asyncio.Event()

    async def unit(tx: Writing, payload: Any, now: datetime) -> None:
        del tx, payload, now
        done.set()

    clock = SystemClock()
    handlers: dict[str, Handler] = {"job": UnitHandler(unit)}
    failing: Any = _Failing(db, [failure, failure])
    worker = Worker(failing, handlers, clock)
    await db.write(_enqueue, "job", now=clock.now())
    running = asyncio.create_task(worker.run())
    async with asyncio.timeout(5):
        await done.wait()
    await _stop(worker, running)


async def test_recurring_work_is_enqueued_once_however_many_workers_look(db: Database, clock: MovableClock) -> None:
    recurring = (Recurring("sweep", timedelta(hours=1)), Recurring("audit", timedelta(days=1)))
    await asyncio.gather(*(enqueue_due(db, recurring, now=clock.now()) for _ in range(5)))
    assert await db.read(queue.waiting_count) == 2
    claimed: list[Job] = await db.write(_claim_all, clock.now())
    for job in claimed:
        await db.write(_finish, job, clock.now())
    await enqueue_due(db, recurring, now=clock.now())
    assert await db.read(queue.waiting_count) == 0
    clock.advance(timedelta(hours=1))
    await enqueue_due(db, recurring, now=clock.now())
    assert [job.name for job in await db.write(_claim_all, clock.now())] == ["sweep"]
    await enqueue_due(db, (), now=clock.now())


async def _claim_all(tx: Writing, now: datetime) -> list[Job]:
    return await queue.claim(tx, now=now, limit=100)


async def _finish(tx: Writing, job: Job, now: datetime) -> None:
    await queue.finish(tx, job, now=now)
