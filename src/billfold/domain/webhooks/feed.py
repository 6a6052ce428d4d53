"""The feed of a project: its public events in one order, each with its payload as it was when it came into the feed.

A position is given by the sequencer (`sequencing.py`), one after the other and visible in that order, so whoever has read up to
a position has missed nothing below it and never will. A cursor names the position and the event at it: after an older backup
was restored the same position is another event's, and the reader is told instead of missing some.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import sqlalchemy as sa

from billfold.base.errors import Conflict, Invalid
from billfold.domain.tenancy.projects import projects
from billfold.infrastructure.db.database import Reading
from billfold.infrastructure.db.statements import any_of, metadata, query, row_tuple
from billfold.infrastructure.db.types import Json, Moment

# What an event in a feed wakes, once it is committed.
FED: Final = "feed"
# As a cursor: from now on.
LATEST: Final = "latest"
_NO_CURSOR: Final = "after must be a cursor from an earlier answer, or latest."
_LONGEST_POSITION: Final = 18

public_events = sa.Table(
    "public_events",
    metadata,
    # No foreign key: `feeds` has it, and its check for each event would write a lock on the project's row.
    sa.Column("project_id", sa.Text, primary_key=True),
    sa.Column("position", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("id", sa.Text, nullable=False),
    sa.Column("type", sa.Text, nullable=False),
    sa.Column("object_id", sa.Text, nullable=False),
    # The team's time at which it happened.
    sa.Column("timestamp", Moment, nullable=False),
    sa.Column("data", Json, nullable=False),
    # Made by somebody who tries a receiver: nothing of the kind happened.
    sa.Column("is_test", sa.Boolean, nullable=False),
    # The wall clock when it came into the feed.
    sa.Column("fed_at", Moment, nullable=False),
    sa.UniqueConstraint("project_id", "id"),
    sa.Index("ix_public_events_type", "project_id", "type", "position"),
    sa.Index("ix_public_events_object", "project_id", "object_id", "position"),
)

feeds = sa.Table(
    "feeds",
    metadata,
    sa.Column("project_id", sa.Text, sa.ForeignKey(projects.c.id), primary_key=True),
    # The last position given, and the event at it.
    sa.Column("position", sa.BigInteger, nullable=False),
    sa.Column("last_event_id", sa.Text, nullable=False),
    # Up to here nothing is kept any more.
    sa.Column("pruned_to", sa.BigInteger, nullable=False),
)


@dataclass(frozen=True, slots=True)
class PublicEvent:
    """An event as the outside sees it; `timestamp` is in the team's time, `fed_at` the wall clock's."""

    project_id: str
    position: int
    id: str
    type: str
    object_id: str
    timestamp: datetime
    data: Mapping[str, object]
    is_test: bool
    fed_at: datetime


@dataclass(frozen=True, slots=True)
class Feed:
    """How far a project's feed is."""

    project_id: str
    position: int
    last_event_id: str
    pruned_to: int


@dataclass(frozen=True, slots=True)
class FeedPage:
    """Some events in their order; `cursor` is where the next page begins, `has_more` that it has events already.

    `looked_to` is how far the feed was when it was looked at.
    """

    events: Sequence[PublicEvent]
    cursor: str
    has_more: bool
    looked_to: int


class CursorExpired(Conflict):
    """What stood behind this cursor is not kept any more, or is not what it was: the reader has to begin anew."""


_in_project = public_events.c.project_id == sa.bindparam("project_id")
_columns = tuple(public_events.c)
_FEED: Final = query(sa.select(*feeds.c).where(feeds.c.project_id == sa.bindparam("project_id")), Feed)
_HEADS: Final = query(
    sa.select(feeds.c.project_id, feeds.c.position).where(any_of(feeds.c.project_id, "project_ids")), row_tuple
)
_ID_AT: Final = query(
    sa.select(public_events.c.id).where(_in_project, public_events.c.position == sa.bindparam("the_position")), str
)
_FIND: Final = query(
    sa.select(*_columns).where(_in_project, public_events.c.id == sa.bindparam("event_id")), PublicEvent
)
_between = sa.and_(
    public_events.c.position > sa.bindparam("behind", type_=sa.BigInteger()),
    public_events.c.position <= sa.bindparam("up_to", type_=sa.BigInteger()),
)
_limited = sa.bindparam("limit", type_=sa.Integer())
_AFTER: Final = query(
    sa.select(*_columns).where(_in_project, _between).order_by(public_events.c.position).limit(_limited), PublicEvent
)
# One type a look-up: its index gives the next few in their order, however rare the type is.
_AFTER_OF_TYPE: Final = query(
    sa.select(*_columns)
    .where(_in_project, public_events.c.type == sa.bindparam("type"), _between)
    .order_by(public_events.c.position)
    .limit(_limited),
    PublicEvent,
)


async def read_feed(
    tx: Reading, project_id: str, *, after: str | None, types: Sequence[str] = (), limit: int
) -> FeedPage:
    """Return the events behind a cursor, oldest first; without one from the oldest that is kept, at `LATEST` none.

    Only those of the given types, if there are any. Raises `Invalid` for what is no cursor, `CursorExpired` for one whose
    events are gone.
    """
    # The head first: whatever is committed after this look is behind the cursor that it gives, and so is read next time.
    feed = await tx.first(_FEED, project_id=project_id) or Feed(project_id, 0, "", 0)
    head = cursor_of(feed.position, feed.last_event_id)
    if after == LATEST:
        return FeedPage((), head, has_more=False, looked_to=feed.position)
    behind = feed.pruned_to if after is None else await _position_of(tx, feed, after)
    asked = {"project_id": project_id, "behind": behind, "up_to": feed.position, "limit": limit + 1}
    if types:
        found = [each for name in dict.fromkeys(types) for each in await tx.all(_AFTER_OF_TYPE, **asked, type=name)]
        found.sort(key=lambda event: event.position)
    else:
        found = await tx.all(_AFTER, **asked)
    page = found[:limit]
    if len(found) > limit:
        return FeedPage(page, cursor_of(page[-1].position, page[-1].id), has_more=True, looked_to=feed.position)
    return FeedPage(page, head, has_more=False, looked_to=feed.position)


async def find_event(tx: Reading, project_id: str, event_id: str) -> PublicEvent | None:
    """Return an event of the project's feed by its id, or None."""
    return await tx.first(_FIND, project_id=project_id, event_id=event_id)


async def positions(tx: Reading, project_ids: Sequence[str]) -> dict[str, int]:
    """Return how far these projects' feeds are; one that never had an event is missing."""
    return dict(await tx.all(_HEADS, project_ids=project_ids))


def cursor_of(position: int, event_id: str) -> str:
    """Return the text that says: read up to here, and this event was there."""
    return base64.urlsafe_b64encode(f"{position}.{event_id}".encode()).decode().rstrip("=")


def position_in(cursor: str) -> tuple[int, str]:
    """Return what `cursor_of` wrote into a cursor, or raise `Invalid`."""
    try:
        text = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True).decode("ascii")
    except (binascii.Error, ValueError):
        raise Invalid(_NO_CURSOR) from None
    number, dot, event_id = text.partition(".")
    if not dot or not number.isdigit() or len(number) > _LONGEST_POSITION:
        raise Invalid(_NO_CURSOR)
    return int(number), event_id


async def _position_of(tx: Reading, feed: Feed, cursor: str) -> int:
    position, event_id = position_in(cursor)
    if position < feed.pruned_to:
        raise CursorExpired(
            "The events behind this cursor are not kept any more. List what you need from the API again, then follow the feed "
            "with after=latest, or without a cursor from the oldest event that is kept."
        )
    if position == 0:
        return 0
    there: str | None = feed.last_event_id
    if position != feed.position:
        there = await tx.first(_ID_AT, project_id=feed.project_id, the_position=position)
    # What was pruned up to here exactly cannot be compared, and nothing behind it is missing.
    if there != event_id and not (there is None and position == feed.pruned_to):
        raise CursorExpired(
            "This cursor is of no event in this feed: it is another project's, or the feed was restored from an older backup. "
            "List what you need from the API again, then follow the feed with after=latest, or without a cursor."
        )
    return position
