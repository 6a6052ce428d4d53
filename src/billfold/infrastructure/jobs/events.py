"""Publishing: one row for the event and one job for each subscriber, in the publisher's transaction.

So nothing is lost between a commit and its consequences, and one failing subscriber holds up nobody else. Who listens to
what is decided in `wiring.py`; `billfold events` prints it.

The rows are also the outbox of the public events: `waiting_since` says that `domain/webhooks/feed.py` has yet to look at one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar, Final

import msgspec
import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from billfold.infrastructure.db.bulk import BulkInsert, BulkWrite
from billfold.infrastructure.db.database import Writing
from billfold.infrastructure.db.statements import command, metadata
from billfold.infrastructure.db.types import Json, Moment
from billfold.infrastructure.jobs.queue import enqueue


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened in a project of a team; subclasses are past participles with the ids of what it is about."""

    name: ClassVar[str]

    team_id: str
    project_id: str


@dataclass(frozen=True, slots=True)
class CarriedEvent(Event):
    """An event that carries what is told of it outside: `name` is a type of `domain/webhooks/public_types.py`.

    `data` is the public event's, of JSON's own types, fixed when it is published; `object_id` is what it is about: events of one
    object reach a receiver in order.
    """

    object_id: str
    data: Mapping[str, object]


# What a published event wakes once it is committed.
PUBLISHED: Final = "events"

events = sa.Table(
    "events",
    metadata,
    sa.Column("sequence", sa.BigInteger().with_variant(sa.Integer, "sqlite"), primary_key=True, autoincrement=True),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("team_id", sa.Text, nullable=False),
    sa.Column("project_id", sa.Text, nullable=False),
    sa.Column("payload", Json, nullable=False),
    # The team's own time, which a simulated clock may have moved.
    sa.Column("happened_at", Moment, nullable=False),
    # The wall clock of publishing, until the public feed has taken it.
    sa.Column("waiting_since", Moment),
    sa.Index("ix_events_project_sequence", "project_id", "sequence"),
    sa.Index(
        "ix_events_waiting",
        "sequence",
        sqlite_where=sa.text("waiting_since IS NOT NULL"),
        postgresql_where=sa.text("waiting_since IS NOT NULL"),
    ),
)

_ADD: Final = command(
    insert(events).values(
        name=sa.bindparam("name"),
        team_id=sa.bindparam("team_id"),
        project_id=sa.bindparam("project_id"),
        payload=sa.bindparam("payload", type_=Json()),
        happened_at=sa.bindparam("happened_at", type_=Moment()),
        waiting_since=sa.bindparam("waiting_since", type_=Moment()),
    )
)
_ADD_TOGETHER: Final = BulkInsert(
    events,
    ["name", "team_id", "project_id", "payload", "happened_at", "waiting_since"],
    key=(),
    finish=lambda new: new,
)


async def publish(tx: Writing, event: Event, *, happened_at: datetime, now: datetime) -> None:
    """Record an event and leave a job for each subscriber; `happened_at` is the team's time, `now` the wall clock's."""
    payload = msgspec.to_builtins(event)
    await tx.run(
        _ADD,
        name=event.name,
        team_id=event.team_id,
        project_id=event.project_id,
        payload=payload,
        happened_at=happened_at,
        waiting_since=now,
    )
    tx.wake(PUBLISHED)
    for subscriber in tx.subscriptions.get(event.name, ()):
        await enqueue(tx, subscriber, payload, now=now, team_id=event.team_id)


def event_writes(happened: Sequence[tuple[Event, datetime]], *, now: datetime) -> BulkWrite:
    """Return the write of many events, each with the team's time at which it happened; `start_jobs` belongs to it."""
    # The event itself: the column's encoder writes it as it would its fields.
    rows = [(event.name, event.team_id, event.project_id, event, at, now) for event, at in happened]
    return BulkWrite(_ADD_TOGETHER, rows)


async def start_jobs(tx: Writing, event: Event, *, now: datetime) -> None:
    """Leave a job for each subscriber of an event that is written with others."""
    tx.wake(PUBLISHED)
    for subscriber in tx.subscriptions.get(event.name, ()):
        await enqueue(tx, subscriber, msgspec.to_builtins(event), now=now, team_id=event.team_id)
