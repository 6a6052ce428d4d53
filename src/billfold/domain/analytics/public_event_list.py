"""The feed as people look at it: newest first, by type or by what it is about, with where each event was sent."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import sqlalchemy as sa

from billfold.domain.webhooks.deliveries import webhook_deliveries
from billfold.domain.webhooks.endpoints import webhook_endpoints
from billfold.domain.webhooks.feed import PublicEvent, find_event, public_events
from billfold.infrastructure.db.database import Reading
from billfold.infrastructure.db.statements import query

_MOST_FOUND: Final = 500


@dataclass(frozen=True, slots=True)
class FeedLine:
    """An event in a list."""

    position: int
    id: str
    type: str
    object_id: str
    timestamp: datetime
    is_test: bool


@dataclass(frozen=True, slots=True)
class SentTo:
    """An endpoint to which an event was or will be sent."""

    endpoint_id: str
    url: str
    delivery_id: str
    status: str
    attempts: int


_columns = tuple(public_events.c[name] for name in ("position", "id", "type", "object_id", "timestamp", "is_test"))
_project = public_events.c.project_id == sa.bindparam("project_id")
_before = public_events.c.position < sa.bindparam("before", type_=sa.BigInteger())
_page = (
    sa.select(*_columns)
    .where(_project, _before)
    .order_by(public_events.c.position.desc())
    .limit(sa.bindparam("limit", type_=sa.Integer()))
    .offset(sa.bindparam("offset", type_=sa.Integer()))
)
_ALL: Final = query(_page, FeedLine)
_OF_TYPE: Final = query(_page.where(public_events.c.type == sa.bindparam("type")), FeedLine)
_ABOUT: Final = query(_page.where(public_events.c.object_id == sa.bindparam("object_id")), FeedLine)
_SENT: Final = query(
    sa.select(
        webhook_endpoints.c.id.label("endpoint_id"),
        webhook_endpoints.c.url,
        webhook_deliveries.c.id.label("delivery_id"),
        webhook_deliveries.c.status,
        webhook_deliveries.c.attempts,
    )
    .join_from(webhook_endpoints, webhook_deliveries, webhook_deliveries.c.endpoint_id == webhook_endpoints.c.id)
    .where(
        webhook_endpoints.c.project_id == sa.bindparam("project_id"),
        webhook_endpoints.c.deleted_at.is_(None),
        webhook_deliveries.c.event_id == sa.bindparam("event_id"),
    )
    .order_by(webhook_endpoints.c.created_at),
    SentTo,
)
_BEHIND_ALL: Final = 2**62


async def feed_lines(
    tx: Reading, project_id: str, *, event_type: str | None, limit: int, offset: int = 0, before: int | None = None
) -> list[FeedLine]:
    """Return a page of a project's events, newest first, of one type or of all; `before` is a position."""
    bounds = {
        "project_id": project_id,
        "limit": limit,
        "offset": offset,
        "before": _BEHIND_ALL if before is None else before,
    }
    if event_type is None:
        return await tx.all(_ALL, **bounds)
    return await tx.all(_OF_TYPE, **bounds, type=event_type)


async def search_feed(tx: Reading, project_id: str, text: str) -> list[FeedLine]:
    """Return the event whose id a text is, or the newest events about the object of that id."""
    text = text.strip()
    if text.startswith("evt_"):
        found = await find_event(tx, project_id, text)
        return [] if found is None else [_line(found)]
    return await tx.all(_ABOUT, project_id=project_id, object_id=text, limit=_MOST_FOUND, offset=0, before=_BEHIND_ALL)


async def sent_to(tx: Reading, project_id: str, event_id: str) -> Sequence[SentTo]:
    """Return to which endpoints an event was sent, or waits to be."""
    return await tx.all(_SENT, project_id=project_id, event_id=event_id)


def _line(event: PublicEvent) -> FeedLine:
    return FeedLine(event.position, event.id, event.type, event.object_id, event.timestamp, event.is_test)
