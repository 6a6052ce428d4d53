"""The feed of a project: its public events in one order, each with its payload as it was when it came into the feed.

A position is given by the sequencer (`sequencing.py`), one after the other and visible in that order, so whoever has read up to
a position has missed nothing below it and never will. A cursor names the position and the event at it: after an older backup
was restored the same position is another event's, and the reader is told instead of missing some.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import sqlalchemy as sa

from billfold.domain.tenancy.projects import projects
from billfold.infrastructure.db.statements import metadata
from billfold.infrastructure.db.types import Json, Moment

# What an event in a feed wakes, once it is committed.
FED: Final = "feed"

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
    """Some events in their order; `cursor` is where the next page begins, `has_more` that it has events already."""

    events: Sequence[PublicEvent]
    cursor: str
    has_more: bool
