"""Putting what happened into the feeds: one sequencer at a time, whatever the order of ids in the outbox.

On PostgreSQL a row of the outbox with a lower id may be committed after one with a higher. So nothing here remembers how far it
is: what has not been taken is marked in the row itself, and whatever is visible and marked gets the next position. Because one
unit at a time gives positions, they become visible in their order, without gaps.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeAlias

import sqlalchemy as sa

from billfold.domain.webhooks.feed import PublicEvent
from billfold.infrastructure.db.database import Reading, Writing
from billfold.infrastructure.db.statements import metadata

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


# Tells of each of many events of one name what is announced, none or several, in their order.
Renderer: TypeAlias = Callable[[Reading, Sequence[Happened]], Awaitable[Sequence[Sequence[Announcement]]]]
# Hands what came into the feeds to whoever wants it pushed, in the same unit (`deliveries.fan_out`).
FanOut: TypeAlias = Callable[[Writing, Sequence[PublicEvent]], Awaitable[None]]


async def sequence(
    tx: Writing, renderers: Mapping[str, Renderer], fan_out: FanOut, *, limit: int, now: datetime
) -> Sequence[PublicEvent] | None:
    """Give up to `limit` events of the outbox their place in the feeds; None if another sequencer is at it."""
    raise NotImplementedError
