"""Work that recurs: sweeps, audits, pruning. Each is enqueued by whichever worker sees first that it is due."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from billfold.infrastructure.db.database import Database, Writing
from billfold.infrastructure.db.statements import metadata, query
from billfold.infrastructure.db.types import Moment
from billfold.infrastructure.jobs.queue import enqueue


@dataclass(frozen=True, slots=True)
class Recurring:
    """A job that is enqueued every so often, with its own name as key, so that two never wait."""

    job: str
    every: timedelta


schedules = sa.Table(
    "schedules",
    metadata,
    sa.Column("job", sa.Text, primary_key=True),
    sa.Column("next_run_at", Moment, nullable=False),
)

_now = sa.bindparam("now", type_=Moment())
_new = insert(schedules).values(job=sa.bindparam("job"), next_run_at=sa.bindparam("next_run_at", type_=Moment()))
_TAKE: Final = query(
    _new.on_conflict_do_update(
        index_elements=["job"], set_={"next_run_at": _new.excluded.next_run_at}, where=schedules.c.next_run_at <= _now
    ).returning(schedules.c.job),
    str,
)
_DUE: Final = query(sa.select(schedules.c.job).where(schedules.c.next_run_at > _now), str)


async def enqueue_due(db: Database, recurring: tuple[Recurring, ...], *, now: datetime) -> None:
    """Enqueue what is due; a job seen for the first time is due at once."""
    if not recurring:
        return

    async def waiting(tx: Writing) -> list[str]:
        return await tx.all(_DUE, now=now)

    later = set(await db.read(waiting))
    for each in recurring:
        if each.job not in later:
            await db.write(_take, each, now)


async def _take(tx: Writing, recurring: Recurring, now: datetime) -> None:
    if await tx.first(_TAKE, job=recurring.job, next_run_at=now + recurring.every, now=now) is not None:
        await enqueue(tx, recurring.job, {}, now=now, key=recurring.job)
