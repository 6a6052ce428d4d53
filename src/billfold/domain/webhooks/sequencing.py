"""Putting what happened into the feeds: one sequencer at a time, whatever the order of ids in the outbox.

On PostgreSQL a row of the outbox with a lower id may be committed after one with a higher. So nothing here remembers how far it
is: what has not been taken is marked in the row itself, and whatever is visible and marked gets the next position. Because one
unit at a time gives positions, they become visible in their order, without gaps; and because the mark is data like any other,
it survives a dump and a restore.

What is told of an event is fixed here, once: the object as the API answers it at this moment. An event that cannot be told
(its renderer fails) is parked as a job: the queue tries it again, shows it among the stuck ones in the end, and the feed goes on.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, NamedTuple, TypeAlias

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from billfold.base.ids import new_id
from billfold.domain.webhooks.feed import FED, PublicEvent, feeds, public_events
from billfold.infrastructure.db.bulk import BulkInsert
from billfold.infrastructure.db.database import Reading, Writing
from billfold.infrastructure.db.statements import any_of, command, insert_listed, metadata, query, row_tuple
from billfold.infrastructure.jobs.events import events
from billfold.infrastructure.jobs.queue import enqueue

SEQUENCE_AGAIN_JOB: Final = "feed.sequence_again"
_NAME: Final = "feed"

# One row, which whoever gives positions holds until the unit ends.
sequencers = sa.Table("sequencers", metadata, sa.Column("name", sa.Text, primary_key=True))


@dataclass(frozen=True, slots=True)
class Happened:
    """A row of the outbox; `happened_at` is in the team's time."""

    sequence: int
    name: str
    team_id: str
    project_id: str
    payload: Any
    happened_at: datetime


@dataclass(frozen=True, slots=True)
class Announcement:
    """What is told outside of something that happened: one public event before it has a position."""

    type: str
    object_id: str
    data: Mapping[str, object]
    is_test: bool = False


class Round(NamedTuple):
    """What one unit did: how many rows of the outbox it took, and what came into the feeds for them."""

    taken: int
    fed: Sequence[PublicEvent]


# Tells of each of many events of one name what is announced, none or several, in their order.
Renderer: TypeAlias = Callable[[Reading, Sequence[Happened]], Awaitable[Sequence[Sequence[Announcement]]]]
# Hands what came into the feeds to whoever wants it pushed, in the same unit (`deliveries.fan_out`).
FanOut: TypeAlias = Callable[[Writing, Sequence[PublicEvent]], Awaitable[None]]


class NotTold(LookupError):
    """Nobody here knows what is told of an event of this name: it was published by a newer version."""


_named = sequencers.c.name == sa.bindparam("name")
_HOLD: Final = query(sa.select(sequencers.c.name).where(_named).with_for_update(skip_locked=True), str)
_WAIT_AND_HOLD: Final = query(sa.select(sequencers.c.name).where(_named).with_for_update(), str)
_MAKE: Final = command(insert(sequencers).values(name=sa.bindparam("name")).on_conflict_do_nothing())
_columns = (
    events.c.sequence, events.c.name, events.c.team_id, events.c.project_id, events.c.payload, events.c.happened_at,
)  # fmt: skip
_WAITING: Final = query(
    sa.select(*_columns)
    .where(events.c.waiting_since.is_not(None))
    .order_by(events.c.sequence)
    .limit(sa.bindparam("limit", type_=sa.Integer())),
    Happened,
)
_ONE: Final = query(sa.select(*_columns).where(events.c.sequence == sa.bindparam("the_sequence")), Happened)
_TAKE: Final = command(
    sa.update(events)
    .where(any_of(events.c.sequence, "sequences"), events.c.waiting_since.is_not(None))
    .values(waiting_since=None)
)
_new_feed = insert_listed(
    feeds,
    ["project_id", "position", "last_event_id", "pruned_to"],
    lambda new: new.on_conflict_do_update(
        index_elements=["project_id"],
        set_={"position": feeds.c.position + new.excluded.position, "last_event_id": new.excluded.last_event_id},
    ).returning(feeds.c.project_id, feeds.c.position),
    row_tuple,
)
_ADD: Final = BulkInsert(
    public_events,
    [column.name for column in public_events.c],
    key=("project_id", "position"),
    finish=lambda new: new,
)
_LAG: Final = query(
    sa.select(events.c.waiting_since).where(events.c.waiting_since.is_not(None)).order_by(events.c.sequence).limit(1),
    datetime,
)


async def make_sequencer(tx: Writing) -> None:
    """Have the row there that a sequencer holds."""
    await tx.run(_MAKE, name=_NAME)


async def sequence(
    tx: Writing, renderers: Mapping[str, Renderer], fan_out: FanOut, *, limit: int, now: datetime
) -> Round | None:
    """Give up to `limit` events of the outbox their places in the feeds, oldest first; None while another sequencer is at it."""
    if await tx.first(_HOLD, name=_NAME) is None:
        return None
    waiting = await tx.all(_WAITING, limit=limit)
    if not waiting:
        return Round(0, ())
    fed = await _feed(tx, waiting, renderers, fan_out, now=now)
    await tx.run(_TAKE, sequences=[each.sequence for each in waiting])
    return Round(len(waiting), fed)


async def find_waiting(tx: Reading, *, limit: int) -> list[Happened]:
    """Return what the next `sequence` would take."""
    return await tx.all(_WAITING, limit=limit)


async def waiting_since(tx: Reading) -> datetime | None:
    """Return since when (wall clock) the oldest event waits for its place, or None."""
    return await tx.first(_LAG)


async def park(tx: Writing, happened: Happened, *, now: datetime) -> bool:
    """Take an event that cannot be told out of the way and leave a job that tries again; False if somebody else did."""
    if not await tx.run(_TAKE, sequences=[happened.sequence]):
        return False
    await enqueue(
        tx,
        SEQUENCE_AGAIN_JOB,
        {"sequence": happened.sequence},
        now=now,
        key=str(happened.sequence),
        team_id=happened.team_id,
    )
    return True


async def sequence_parked(
    tx: Writing, payload: Any, now: datetime, *, renderers: Mapping[str, Renderer], fan_out: FanOut
) -> None:
    """Give a parked event its places, behind all that came into the feeds meanwhile."""
    await tx.first(_WAIT_AND_HOLD, name=_NAME)
    happened = await tx.first(_ONE, the_sequence=payload["sequence"])
    if happened is not None:
        await _feed(tx, [happened], renderers, fan_out, now=now)


async def _feed(
    tx: Writing, waiting: Sequence[Happened], renderers: Mapping[str, Renderer], fan_out: FanOut, *, now: datetime
) -> Sequence[PublicEvent]:
    told = await _told(tx, waiting, renderers)
    listed = [(happened, each) for happened in waiting for each in told[happened.sequence]]
    if not listed:
        return ()
    ids = [new_id("evt_") for _ in listed]
    counts = Counter(happened.project_id for happened, _ in listed)
    last_ids = {happened.project_id: id_ for (happened, _), id_ in zip(listed, ids, strict=True)}
    rows = [
        {
            "project_id": project_id,
            "position": counts[project_id],
            "last_event_id": last_ids[project_id],
            "pruned_to": 0,
        }
        for project_id in sorted(counts)
    ]
    # The next free position of each project.
    places = {project_id: last - counts[project_id] + 1 for project_id, last in await tx.insert_many(_new_feed, rows)}
    fed = []
    for (happened, each), id_ in zip(listed, ids, strict=True):
        place = places[happened.project_id]
        places[happened.project_id] = place + 1
        fed.append(
            PublicEvent(
                happened.project_id,
                place,
                id_,
                each.type,
                each.object_id,
                happened.happened_at,
                each.data,
                each.is_test,
                now,
            )
        )
    await tx.insert_bulk(_ADD, [_row(event) for event in fed])
    await fan_out(tx, fed)
    tx.wake(FED)
    return fed


async def _told(
    tx: Reading, waiting: Sequence[Happened], renderers: Mapping[str, Renderer]
) -> dict[int, Sequence[Announcement]]:
    """Return by their place in the outbox what is told of each; all of one name at once."""
    by_name: dict[str, list[Happened]] = {}
    for each in waiting:
        by_name.setdefault(each.name, []).append(each)
    told: dict[int, Sequence[Announcement]] = {}
    for name, happened in by_name.items():
        renderer = renderers.get(name)
        if renderer is None:
            raise NotTold(f"no renderer for the event {name}: is this an older billfold?")
        for each, announcements in zip(happened, await renderer(tx, happened), strict=True):
            told[each.sequence] = announcements
    return told


def _row(event: PublicEvent) -> tuple[Any, ...]:
    return (
        event.project_id, event.position, event.id, event.type, event.object_id, event.timestamp, event.data, event.is_test,
        event.fed_at,
    )  # fmt: skip
