"""The job table: how a job waits, is claimed, finishes, fails and gets stuck.

Claiming pushes `run_at` past a lease and writes a token; nothing else marks a job as running. So a worker that dies needs
no reaper: the lease runs out and the row is due again. A job is deleted in the transaction of its effects, and only by the
holder of its token, so its effects inside the database happen exactly once, and those outside it at least once with
the job's id as idempotency key.

A job with a `key` merges with a waiting one of the same name and key: a burst about one object is one job, due at the earliest
of the times asked for, with the first one's payload. If more arrives while it runs, its `revision` moves on and it runs once
more instead of being deleted.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

import msgspec
import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import Insert, insert

from billfold.base.errors import NotFound
from billfold.base.ids import new_id, new_token
from billfold.infrastructure.db.bulk import BulkInsert
from billfold.infrastructure.db.database import Reading, Writing
from billfold.infrastructure.db.statements import any_of, command, metadata, query
from billfold.infrastructure.db.types import Json, Moment

# How long a job of a worker that died stays claimed. A living worker holds its long jobs on (`hold`).
LEASE: Final = timedelta(seconds=20)
# About ten hours of trying in all: an outage of Stripe or of a night passes by itself, a defect becomes visible the same day.
RETRY_SECONDS: Final = (1, 2, 5, 15, 60, 300, 900, 1800, 3600, 3600, 3600, 3600, 3600, 3600, 3600)
_ERROR_LENGTH: Final = 4_000
_NEWS_AFTER_FAILURE: Final[sa.ColumnElement[int]] = sa.literal_column("1000000", sa.BigInteger)  # microseconds

jobs = sa.Table(
    "jobs",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("key", sa.Text),
    sa.Column("team_id", sa.Text),
    sa.Column("payload", Json, nullable=False),
    sa.Column("run_at", Moment, nullable=False),
    # True: `run_at` is a due time of the team's business and moves with its simulated clock.
    sa.Column("in_team_time", sa.Boolean, nullable=False),
    sa.Column("revision", sa.Integer, nullable=False),
    sa.Column("attempts", sa.Integer, nullable=False),
    sa.Column("lease_token", sa.Text),
    sa.Column("stuck_at", Moment),
    sa.Column("last_error", sa.Text),
    sa.Column("created_at", Moment, nullable=False),
    sa.UniqueConstraint("name", "key"),
    sa.Index(
        "ix_jobs_due", "run_at", sqlite_where=sa.text("stuck_at IS NULL"), postgresql_where=sa.text("stuck_at IS NULL")
    ),
    sa.Index(
        "ix_jobs_stuck",
        "stuck_at",
        sqlite_where=sa.text("stuck_at IS NOT NULL"),
        postgresql_where=sa.text("stuck_at IS NOT NULL"),
    ),
    sa.Index(
        "ix_jobs_stuck_of_team",
        "team_id",
        "stuck_at",
        sqlite_where=sa.text("stuck_at IS NOT NULL"),
        postgresql_where=sa.text("stuck_at IS NOT NULL"),
    ),
    sa.Index("ix_jobs_team_id", "team_id"),
)


@dataclass(frozen=True, slots=True)
class Job:
    """A claimed job; `attempts` counts this try too."""

    id: str
    name: str
    key: str | None
    team_id: str | None
    payload: Any
    revision: int
    attempts: int
    lease_token: str | None


@dataclass(frozen=True, slots=True)
class StuckJob:
    """A job that was given up, with what to show a person."""

    id: str
    name: str
    key: str | None
    team_id: str | None
    attempts: int
    stuck_at: datetime
    last_error: str | None


# A struct and not a dataclass: the hot doors make one for each thing they take, five times as fast.
class NewJob(msgspec.Struct, frozen=True):
    """A job to be left at once, merged with a waiting one of the same name and key; `now` is the wall clock's."""

    name: str
    key: str
    team_id: str | None
    payload: Any
    now: datetime


def _merged(new: Insert) -> Insert:
    asked_for = sa.type_coerce(new.excluded.run_at, sa.BigInteger)
    # What failed a moment ago is not tried again for each piece of news, but once a second at most.
    earliest = sa.case((jobs.c.attempts > 0, asked_for + _NEWS_AFTER_FAILURE), else_=asked_for)
    # A running job keeps its lease: the moved revision makes it run again afterwards. A waiting one never moves back, or a
    # steady stream of news about one object would keep it from ever being first.
    is_sooner = sa.and_(jobs.c.lease_token.is_(None), sa.type_coerce(jobs.c.run_at, sa.BigInteger) > earliest)
    return new.on_conflict_do_update(
        index_elements=["name", "key"],
        set_={
            "revision": jobs.c.revision + 1,
            "run_at": sa.case((is_sooner, earliest), else_=sa.type_coerce(jobs.c.run_at, sa.BigInteger)),
            # News about a stuck job's object is a reason to try again, with all tries. A try that news brings forward is an
            # extra one: during an outage a burst would otherwise use up all tries, and the job wait for hours after it.
            "attempts": sa.case(
                (jobs.c.stuck_at.is_not(None), 0),
                (sa.and_(is_sooner, jobs.c.attempts > 1), jobs.c.attempts - 1),
                else_=jobs.c.attempts,
            ),
            "stuck_at": None,
        },
    )


_new = insert(jobs).values(
    id=sa.bindparam("id"),
    name=sa.bindparam("name"),
    key=sa.bindparam("key"),
    team_id=sa.bindparam("team_id"),
    payload=sa.bindparam("payload", type_=Json()),
    run_at=sa.bindparam("run_at", type_=Moment()),
    in_team_time=sa.bindparam("in_team_time", type_=sa.Boolean()),
    revision=0,
    attempts=0,
    created_at=sa.bindparam("created_at", type_=Moment()),
)
ENQUEUE: Final = command(_merged(_new))
_ENQUEUE_MANY: Final = BulkInsert(
    jobs,
    ("id", "name", "key", "team_id", "payload", "run_at", "created_at"),
    key=("name", "key"),
    constants={"in_team_time": False, "revision": 0, "attempts": 0},
    finish=_merged,
)
_claimed_columns = (
    jobs.c.id, jobs.c.name, jobs.c.key, jobs.c.team_id, jobs.c.payload, jobs.c.revision, jobs.c.attempts, jobs.c.lease_token,
)  # fmt: skip
# A common table expression, because PostgreSQL may run a sub-select once per row and so claim more than the limit.
_due = (
    sa.select(jobs.c.id)
    .where(jobs.c.run_at <= sa.bindparam("now", type_=Moment()), jobs.c.stuck_at.is_(None))
    .order_by(jobs.c.run_at)
    .limit(sa.bindparam("limit", type_=sa.Integer()))
    .with_for_update(skip_locked=True)
    .cte("due")
)
_CLAIM: Final = query(
    sa.update(jobs)
    .where(jobs.c.id.in_(sa.select(_due.c.id)))
    .values(
        run_at=sa.bindparam("lease_until", type_=Moment()),
        lease_token=sa.bindparam("token"),
        attempts=jobs.c.attempts + 1,
    )
    .returning(*_claimed_columns),
    Job,
)
_NEXT_DUE: Final = query(
    sa.select(jobs.c.run_at).where(jobs.c.stuck_at.is_(None)).order_by(jobs.c.run_at).limit(1), datetime
)
_held = sa.and_(jobs.c.id == sa.bindparam("job_id"), jobs.c.lease_token == sa.bindparam("token"))
_DELETE: Final = command(sa.delete(jobs).where(_held, jobs.c.revision == sa.bindparam("claimed_revision")))
_RUN_AGAIN: Final = command(
    sa.update(jobs).where(_held).values(run_at=sa.bindparam("now", type_=Moment()), lease_token=None, attempts=0)
)
_FAIL: Final = command(
    sa.update(jobs)
    .where(_held)
    .values(
        run_at=sa.bindparam("next_run_at", type_=Moment()),
        lease_token=None,
        stuck_at=sa.bindparam("given_up_at", type_=Moment()),
        last_error=sa.bindparam("error"),
    )
)
_HOLD: Final = command(
    sa.update(jobs)
    .where(any_of(jobs.c.id, "job_ids"), any_of(jobs.c.lease_token, "tokens"))
    .values(run_at=sa.bindparam("lease_until", type_=Moment()))
)
_RELEASE: Final = command(
    sa.update(jobs)
    .where(
        # A lease lies no farther ahead, so the index on due times finds it.
        jobs.c.run_at <= sa.bindparam("lease_until", type_=Moment()),
        jobs.c.lease_token.is_not(None),
        jobs.c.stuck_at.is_(None),
    )
    .values(lease_token=None, run_at=sa.bindparam("now", type_=Moment()))
)
_retry = (
    sa.update(jobs)
    .where(jobs.c.id == sa.bindparam("job_id"), jobs.c.stuck_at.is_not(None))
    .values(stuck_at=None, attempts=0, run_at=sa.bindparam("now", type_=Moment()))
)
_RETRY: Final = command(_retry)
_stuck = (
    sa.select(jobs.c.id, jobs.c.name, jobs.c.key, jobs.c.team_id, jobs.c.attempts, jobs.c.stuck_at, jobs.c.last_error)
    .where(jobs.c.stuck_at.is_not(None))
    .order_by(jobs.c.stuck_at)
    .limit(sa.bindparam("limit", type_=sa.Integer()))
)
_STUCK: Final = query(_stuck, StuckJob)
_of_team = jobs.c.team_id == sa.bindparam("of_team_id")
_STUCK_OF_TEAM: Final = query(_stuck.where(_of_team), StuckJob)
_RETRY_OF_TEAM: Final = command(_retry.where(_of_team))
_WAITING: Final = query(sa.select(sa.func.count()).select_from(jobs).where(jobs.c.stuck_at.is_(None)), int)
_SHIFT: Final = command(
    sa.update(jobs)
    .where(jobs.c.team_id == sa.bindparam("moved_team_id"), jobs.c.in_team_time.is_(True), jobs.c.lease_token.is_(None))
    .values(run_at=jobs.c.run_at - sa.bindparam("by_microseconds", type_=sa.BigInteger()))
)


class JobLost(Exception):
    """The lease ran out and another worker holds the job: this try's effects are rolled back."""


async def enqueue(
    tx: Writing,
    name: str,
    payload: Any,
    *,
    now: datetime,
    run_at: datetime | None = None,
    key: str | None = None,
    team_id: str | None = None,
    in_team_time: bool = False,
) -> None:
    """Leave a job in the caller's transaction.

    `now` and `run_at` are the wall clock's; `in_team_time` says that the due time belongs to the team's business and moves
    when its simulated clock is moved. A `key` merges it with a waiting job of the same name and key.
    """
    await tx.run(
        ENQUEUE,
        id=new_id("job_"),
        name=name,
        key=key,
        team_id=team_id,
        payload=payload,
        run_at=run_at or now,
        in_team_time=in_team_time,
        created_at=now,
    )
    tx.wake_worker()


async def enqueue_many(tx: Writing, waiting: Sequence[NewJob]) -> None:
    """Leave many jobs that are due at once, no two with the same name and key, in as few statements as possible."""
    if not waiting:
        return
    rows = [(new_id("job_"), job.name, job.key, job.team_id, job.payload, job.now, job.now) for job in waiting]
    await tx.insert_bulk(_ENQUEUE_MANY, rows)
    tx.wake_worker()


async def claim(tx: Writing, *, now: datetime, limit: int) -> list[Job]:
    """Take up to `limit` due jobs for the length of a lease."""
    return await tx.all(_CLAIM, now=now, limit=limit, lease_until=now + LEASE, token=new_token(8))


async def next_due(tx: Reading) -> datetime | None:
    """Return when the next job is due, or None if nothing waits."""
    return await tx.first(_NEXT_DUE)


async def finish(tx: Writing, job: Job, *, now: datetime) -> None:
    """Delete a done job in the transaction of its effects, or raise `JobLost` so that they are rolled back."""
    if await tx.run(_DELETE, job_id=job.id, token=job.lease_token, claimed_revision=job.revision):
        return
    if not await tx.run(_RUN_AGAIN, job_id=job.id, token=job.lease_token, now=now):
        raise JobLost(job.id)
    tx.wake_worker()


async def fail(tx: Writing, job: Job, *, error: str, now: datetime) -> bool:
    """Put a failed job back with a delay and jitter, or park it as stuck; return True if it was parked."""
    given_up = job.attempts > len(RETRY_SECONDS)
    delay = RETRY_SECONDS[min(job.attempts, len(RETRY_SECONDS)) - 1]
    jitter = delay * secrets.randbelow(1000) // 5  # up to a fifth, in milliseconds
    await tx.run(
        _FAIL,
        job_id=job.id,
        token=job.lease_token,
        next_run_at=now + timedelta(seconds=delay, milliseconds=jitter),
        given_up_at=now if given_up else None,
        error=error[-_ERROR_LENGTH:],
    )
    return given_up


async def hold(tx: Writing, held: Sequence[Job], *, now: datetime) -> None:
    """Hold jobs under way for another lease; one that another worker has by now is left to it."""
    await tx.run(
        _HOLD,
        job_ids=[job.id for job in held],
        tokens=list({job.lease_token for job in held}),
        lease_until=now + LEASE,
    )


async def release_leases(tx: Writing, *, now: datetime) -> int:
    """Make every claimed job due, and return how many there were; right only while no worker runs on this database."""
    released = await tx.run(_RELEASE, now=now, lease_until=now + LEASE)
    if released:
        tx.wake_worker()
    return released


async def retry(tx: Writing, job_id: str, *, now: datetime) -> None:
    """Give a stuck job its tries again."""
    if not await tx.run(_RETRY, job_id=job_id, now=now):
        raise NotFound(f"No stuck job {job_id}.")
    tx.wake_worker()


async def retry_of_team(tx: Writing, team_id: str, job_id: str, *, now: datetime) -> None:
    """As `retry`, for a job of this team alone."""
    if not await tx.run(_RETRY_OF_TEAM, job_id=job_id, of_team_id=team_id, now=now):
        raise NotFound("No such job is stuck: perhaps somebody retried it already.")
    tx.wake_worker()


async def stuck_of_team(tx: Reading, team_id: str, *, limit: int = 100) -> Sequence[StuckJob]:
    """Return a team's jobs that were given up, oldest first."""
    return await tx.all(_STUCK_OF_TEAM, of_team_id=team_id, limit=limit)


async def stuck(tx: Reading, *, limit: int = 100) -> Sequence[StuckJob]:
    """Return the jobs that were given up, oldest first."""
    return await tx.all(_STUCK, limit=limit)


async def waiting_count(tx: Reading) -> int:
    """Return how many jobs wait or run."""
    return await tx.one(_WAITING)


async def shift_team_time(tx: Writing, team_id: str, by: timedelta) -> None:
    """Bring a team's business due times nearer by `by`: its simulated clock was moved forward that much."""
    await tx.run(_SHIFT, moved_team_id=team_id, by_microseconds=by // timedelta(microseconds=1))
    tx.wake_worker()
