from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import ClassVar

import sqlalchemy as sa

from billfold.infrastructure.db.database import Database, Writing
from billfold.infrastructure.db.statements import query, row_tuple
from billfold.infrastructure.jobs import queue
from billfold.infrastructure.jobs.events import Event, events, publish
from billfold.infrastructure.jobs.queue import Job

_NOW = datetime(2026, 5, 1, tzinfo=UTC)
_TEAM_TIME = datetime(2027, 5, 1, tzinfo=UTC)
_ALL = query(sa.select(events.c.name, events.c.payload, events.c.happened_at).order_by(events.c.sequence), row_tuple)


def _opened() -> Event:
    """Make an event that no business has; its class is local, or `billfold events` would list it in these tests."""

    @dataclass(frozen=True, slots=True)
    class DoorOpened(Event):
        name: ClassVar[str] = "door.opened"

        door: str

    return DoorOpened(team_id="team_1", project_id="proj_1", door="front")


_PAYLOAD = {"team_id": "team_1", "project_id": "proj_1", "door": "front"}


async def _publish(tx: Writing) -> None:
    await publish(tx, _opened(), happened_at=_TEAM_TIME, now=_NOW)


async def test_an_event_is_one_row_and_one_job_for_each_subscriber(db: Database) -> None:
    db.subscriptions = {"door.opened": ("ring", "light"), "door.closed": ("lock",)}
    await db.write(_publish)

    async def look(tx: Writing) -> tuple[list[tuple[object, ...]], list[Job]]:
        return await tx.all(_ALL), await queue.claim(tx, now=_NOW, limit=10)

    rows, jobs = await db.write(look)
    assert rows == [("door.opened", _PAYLOAD, _TEAM_TIME)]
    assert sorted((job.name, job.team_id) for job in jobs) == [("light", "team_1"), ("ring", "team_1")]
    assert all(job.payload == _PAYLOAD for job in jobs)


async def test_an_event_that_nobody_listens_to_is_kept_all_the_same(db: Database) -> None:
    await db.write(_publish)
    assert await db.read(queue.waiting_count) == 0

    async def look(tx: Writing) -> int:
        return len(await tx.all(_ALL))

    assert await db.read(look) == 1
