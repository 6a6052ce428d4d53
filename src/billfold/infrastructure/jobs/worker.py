"""The worker: claims due jobs, runs them side by side, writes down what fails.

A handler comes in two kinds. A `UnitHandler` is one database unit: its effects and the job's deletion share a
transaction. A `StepHandler` calls the network between units of its own and gives its last unit to `finish`.
"""

from __future__ import annotations

import asyncio
import traceback
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import structlog

from billfold.base.clock import Clock
from billfold.base.errors import Unavailable
from billfold.base.log import redact
from billfold.infrastructure.db.database import Database, Writing
from billfold.infrastructure.db.pressure import DOORS, Pressure
from billfold.infrastructure.jobs import queue
from billfold.infrastructure.jobs.queue import Job, JobLost
from billfold.infrastructure.jobs.schedule import Recurring, enqueue_due

_log = structlog.get_logger(__name__)

_POLL_SECONDS: Final = 1.0
# A quarter of the lease: three renewals may fail before another worker takes the job.
_HOLD_SECONDS: Final = queue.LEASE.total_seconds() / 4
_SCHEDULE_SECONDS: Final = 5.0
_STOP_SECONDS: Final = 8.0
_OUTAGE_SECONDS: Final = 0.5
# Between two jobs while the doors are busy.
_REST_SECONDS: Final = 1.0


@dataclass(frozen=True, slots=True)
class UnitHandler:
    """`unit(tx, payload, now)` is the whole job."""

    unit: Callable[[Writing, Any, datetime], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class StepHandler:
    """`steps(run)` opens units of its own; what it gives to `run.finish` commits together with the job's end."""

    steps: Callable[[Run], Awaitable[None]]


Handler = UnitHandler | StepHandler


class Run:
    """One try of one job, as a `StepHandler` sees it."""

    def __init__(self, db: Database, job: Job, clock: Clock) -> None:
        self.db = db
        self.job = job
        self.clock = clock
        self.finished = False

    @property
    def payload(self) -> Any:
        """What the job was enqueued with."""
        return self.job.payload

    @property
    def idempotency_key(self) -> str:
        """A key that is the same in every try of this job, for calls to others."""
        return self.job.id

    async def finish(self, unit: Callable[..., Awaitable[Any]] | None = None, *args: Any) -> Any:
        """Run the last unit and end the job in one transaction; rolled back whole if the lease was lost."""

        async def together(tx: Writing) -> Any:
            result = await unit(tx, *args) if unit is not None else None
            await queue.finish(tx, self.job, now=self.clock.now())
            return result

        result = await self.db.write(together)
        self.finished = True
        return result


class Worker:
    """Runs jobs until it is stopped; any number of workers share one database on PostgreSQL."""

    def __init__(
        self,
        db: Database,
        handlers: Mapping[str, Handler],
        clock: Clock,
        *,
        recurring: tuple[Recurring, ...] = (),
        concurrency: int = 16,
        pressure: Pressure = DOORS,
    ) -> None:
        self._db = db
        self._handlers = handlers
        self._clock = clock
        self._recurring = recurring
        self._concurrency = concurrency
        self._pressure = pressure
        self._wake = asyncio.Event()
        self._running: set[asyncio.Task[None]] = set()
        # The jobs under way with the loop's time at which each was last known to be held.
        self._held: dict[str, tuple[Job, float]] = {}
        self._stopping = False
        self._ended = asyncio.Event()
        self._ended.set()
        db.on_wake(self._wake.set)

    async def run(self) -> None:
        """Work until `stop` is called, then let what is under way end."""
        self._ended.clear()
        try:
            await self._work()
        finally:
            await self._let_end()
            self._ended.set()

    async def _work(self) -> None:
        schedule_at = 0.0
        loop = asyncio.get_running_loop()
        while not self._stopping:
            self._wake.clear()
            try:
                if loop.time() >= schedule_at:
                    schedule_at = loop.time() + _SCHEDULE_SECONDS
                    await enqueue_due(self._db, self._recurring, now=self._clock.now())
                await self._hold_long_ones(loop.time())
                started = await self._start_due()
            except Unavailable as error:
                _log.warning("worker.database_unavailable", reason=error.message)
                await asyncio.sleep(_OUTAGE_SECONDS)
                continue
            except Exception:  # noqa: BLE001 - whatever it is, the next round must come
                # The worker is a task nobody watches: if it ended here, no job would run and nobody would know why.
                _log.exception("worker.failed")
                await asyncio.sleep(_OUTAGE_SECONDS)
                continue
            if not started:
                await self._wait()

    async def stop(self) -> None:
        """Take no more jobs and let those under way end; what does not end in time runs again after its lease."""
        self._stopping = True
        self._wake.set()
        await self._ended.wait()

    async def _let_end(self) -> None:
        if self._running:
            _, late = await asyncio.wait(self._running, timeout=_STOP_SECONDS)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)

    async def drain(self) -> int:
        """Run due jobs until none is due, and return how many; for tests, the demo and one-off commands."""
        done = 0
        while True:
            jobs = await self._db.write(_claim, self._clock.now(), self._concurrency)
            if not jobs:
                return done
            await asyncio.gather(*(self._run_one(job) for job in jobs))
            done += len(jobs)

    async def _start_due(self) -> bool:
        most = self._concurrency
        if self._pressure.is_high():
            most = 1
            await asyncio.sleep(_REST_SECONDS)
        free = most - len(self._running)
        if free <= 0:
            # Not for ever: a single job may hang while the doors calm down and leave room for more.
            await asyncio.wait(self._running, timeout=_POLL_SECONDS, return_when=asyncio.FIRST_COMPLETED)
            return True
        due = await self._db.read(queue.next_due)
        if due is None or due > self._clock.now():
            return False
        jobs = await self._db.write(_claim, self._clock.now(), free)
        claimed_at = asyncio.get_running_loop().time()
        for job in jobs:
            task = asyncio.create_task(self._run_and_let_go(job))
            self._held[job.id] = (job, claimed_at)
            self._running.add(task)
            task.add_done_callback(self._running.discard)
        return bool(jobs)

    async def _hold_long_ones(self, time: float) -> None:
        """Renew the lease of what runs for longer than a moment, well before it ends."""
        long = [job for job, held_at in self._held.values() if time - held_at >= _HOLD_SECONDS]
        if long:
            await self._db.write(_hold, long, self._clock.now())
            self._held.update({job.id: (job, time) for job in long if job.id in self._held})

    async def _run_and_let_go(self, job: Job) -> None:
        try:
            await self._run_one(job)
        finally:
            self._held.pop(job.id, None)

    async def _wait(self) -> None:
        try:
            async with asyncio.timeout(_POLL_SECONDS):
                await self._wake.wait()
        except TimeoutError:
            return

    async def _run_one(self, job: Job) -> None:
        handler = self._handlers.get(job.name)
        try:
            if handler is None:
                raise LookupError(f"no handler for the job {job.name}: is this an older billfold?")
            if isinstance(handler, UnitHandler):
                await self._db.write(_unit_and_end, handler, job, self._clock.now())
            else:
                run = Run(self._db, job, self._clock)
                await handler.steps(run)
                if not run.finished:
                    await run.finish()
        except JobLost:
            _log.warning("job.lost", job=job.id, name=job.name)
        except Exception as error:  # noqa: BLE001 - whatever a handler raises is written down and tried again
            await self._write_failure(job, error)

    async def _write_failure(self, job: Job, error: Exception) -> None:
        # It is kept, and shown by `billfold doctor`: what an exception quotes must not become a secret in the database.
        text = redact("".join(traceback.format_exception(error)))
        try:
            parked = await self._db.write(_fail, job, text, self._clock.now())
        except Unavailable:
            # The lease runs out and the job is tried again; its failure is in the log.
            parked = False
        _log.log(
            40 if parked else 30,
            "job.stuck" if parked else "job.failed",
            job=job.id,
            name=job.name,
            attempts=job.attempts,
            reason=repr(error),
        )


async def _claim(tx: Writing, now: datetime, limit: int) -> list[Job]:
    return await queue.claim(tx, now=now, limit=limit)


async def _hold(tx: Writing, held: list[Job], now: datetime) -> None:
    await queue.hold(tx, held, now=now)


async def _unit_and_end(tx: Writing, handler: UnitHandler, job: Job, now: datetime) -> None:
    await handler.unit(tx, job.payload, now)
    await queue.finish(tx, job, now=now)


async def _fail(tx: Writing, job: Job, error: str, now: datetime) -> bool:
    return await queue.fail(tx, job, error=error, now=now)
