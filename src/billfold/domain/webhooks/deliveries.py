"""Deliveries: one event on its way to one endpoint, from the unit that gave the event its place until it is taken or given up.

The payload is the event's own, as it came into the feed; only a test sent to one endpoint carries its own.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final

import sqlalchemy as sa

from billfold.base.errors import NotFound
from billfold.base.ids import new_id
from billfold.domain.webhooks.endpoints import Endpoint, matching_endpoints, webhook_endpoints
from billfold.domain.webhooks.lanes import open_lanes
from billfold.infrastructure.db.bulk import BulkInsert
from billfold.infrastructure.db.database import Reading, Writing
from billfold.infrastructure.db.statements import metadata, query
from billfold.infrastructure.db.types import Json, Moment

if TYPE_CHECKING:
    from billfold.domain.webhooks.feed import PublicEvent


class DeliveryStatus(StrEnum):
    """Where a delivery is; a failed one was given up after all its tries."""

    WAITING = "waiting"
    DELIVERED = "delivered"
    FAILED = "failed"


webhook_deliveries = sa.Table(
    "webhook_deliveries",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("project_id", sa.Text, nullable=False),
    sa.Column("endpoint_id", sa.Text, sa.ForeignKey(webhook_endpoints.c.id), nullable=False),
    # The event in the feed, by its place; a test of one endpoint has the place 0 and its own data.
    sa.Column("position", sa.BigInteger, nullable=False),
    sa.Column("event_id", sa.Text, nullable=False),
    sa.Column("type", sa.Text, nullable=False),
    sa.Column("object_id", sa.Text, nullable=False),
    # The team's time at which it happened.
    sa.Column("timestamp", Moment, nullable=False),
    sa.Column("own_data", Json),
    sa.Column("status", sa.Text, nullable=False),
    # Since it was last sent anew.
    sa.Column("attempts", sa.BigInteger, nullable=False),
    sa.Column("first_tried_at", Moment),
    sa.Column("last_tried_at", Moment),
    sa.Column("last_status", sa.BigInteger),
    sa.Column("last_error", sa.Text),
    # None: nothing failed yet, or all is over.
    sa.Column("next_try_at", Moment),
    sa.Column("created_at", Moment, nullable=False),
    sa.CheckConstraint("status IN ('waiting', 'delivered', 'failed')", name="status"),
    sa.UniqueConstraint("endpoint_id", "event_id"),
    sa.Index(
        "ix_webhook_deliveries_lane",
        "endpoint_id",
        "object_id",
        "position",
        sqlite_where=sa.text("status = 'waiting'"),
        postgresql_where=sa.text("status = 'waiting'"),
    ),
    sa.Index("ix_webhook_deliveries_endpoint", "endpoint_id", "created_at", "id"),
    sa.Index("ix_webhook_deliveries_status", "endpoint_id", "status", "created_at", "id"),
    sa.Index("ix_webhook_deliveries_created_at", "created_at"),
)


@dataclass(frozen=True, slots=True)
class Delivery:
    """An event on its way to an endpoint; `timestamp` is in the team's time, all others are the wall clock's."""

    id: str
    project_id: str
    endpoint_id: str
    position: int
    event_id: str
    type: str
    object_id: str
    timestamp: datetime
    own_data: Mapping[str, Any] | None
    status: str
    attempts: int
    first_tried_at: datetime | None
    last_tried_at: datetime | None
    last_status: int | None
    last_error: str | None
    next_try_at: datetime | None
    created_at: datetime


_ADD: Final = BulkInsert(
    webhook_deliveries,
    (
        "id", "project_id", "endpoint_id", "position", "event_id", "type", "object_id", "timestamp", "own_data", "created_at",
    ),
    key=("endpoint_id", "event_id"),
    constants={"status": DeliveryStatus.WAITING.value, "attempts": 0},
    finish=lambda new: new.on_conflict_do_nothing(index_elements=["endpoint_id", "event_id"]),
)  # fmt: skip
_of_endpoint = sa.and_(
    webhook_deliveries.c.endpoint_id == sa.bindparam("of_endpoint"),
    webhook_deliveries.c.project_id == sa.bindparam("of_project"),
)
_GET: Final = query(
    sa.select(*webhook_deliveries.c).where(webhook_deliveries.c.id == sa.bindparam("delivery_id"), _of_endpoint),
    Delivery,
)
_before = sa.tuple_(webhook_deliveries.c.created_at, webhook_deliveries.c.id) < sa.tuple_(
    sa.bindparam("before_at", type_=Moment()), sa.bindparam("before_id", type_=sa.Text())
)
_page = (
    sa.select(*webhook_deliveries.c)
    .where(_of_endpoint, _before)
    .order_by(webhook_deliveries.c.created_at.desc(), webhook_deliveries.c.id.desc())
    .limit(sa.bindparam("limit", type_=sa.Integer()))
)
_PAGE: Final = query(_page, Delivery)
_PAGE_OF_STATUS: Final = query(_page.where(webhook_deliveries.c.status == sa.bindparam("of_status")), Delivery)
# Counted up to here: whoever has more need not know how many more.
COUNTED_UP_TO: Final = 1_000
_some_of_status = (
    sa.select(webhook_deliveries.c.id)
    .where(_of_endpoint, webhook_deliveries.c.status == sa.bindparam("of_status"))
    .limit(COUNTED_UP_TO)
    .subquery("some")
)
_COUNT: Final = query(sa.select(sa.func.count()).select_from(_some_of_status), int)


async def fan_out(tx: Writing, fed: Sequence[PublicEvent]) -> None:
    """Leave a delivery for each of these events at each endpoint of its project that wants it; in the sequencer's unit."""
    if not fed:
        return
    by_project: dict[str, list[Any]] = {}
    for endpoint in await matching_endpoints(tx, sorted({event.project_id for event in fed})):
        by_project.setdefault(endpoint.project_id, []).append(endpoint)
    rows, lanes, now = [], [], fed[-1].fed_at
    for event in fed:
        for endpoint in by_project.get(event.project_id, ()):
            if endpoint.takes(event.type):
                rows.append(
                    (
                        new_id("del_"), event.project_id, endpoint.id, event.position, event.id, event.type,
                        event.object_id, event.timestamp, None, event.fed_at,
                    )
                )  # fmt: skip
                lanes.append((endpoint.id, event.object_id, event.project_id))
    if rows:
        await tx.insert_bulk(_ADD, rows)
        await open_lanes(tx, lanes, now=now)


async def send_test(
    tx: Writing, endpoint: Endpoint, *, event_type: str, data: Mapping[str, Any], at: datetime, now: datetime
) -> Delivery:
    """Send an event that did not happen to one endpoint, beside the feed; it waits if the endpoint is off.

    `at` is the team's time. It stands in a lane of its own, so nothing real waits for it.
    """
    delivery_id, event_id = new_id("del_"), new_id("evt_")
    row = (
        delivery_id, endpoint.project_id, endpoint.id, 0, event_id, event_type, event_id, at, dict(data), now,
    )  # fmt: skip
    await tx.insert_bulk(_ADD, [row])
    await open_lanes(tx, [(endpoint.id, event_id, endpoint.project_id)], now=now)
    return await get_delivery(tx, endpoint.project_id, endpoint.id, delivery_id)


async def get_delivery(tx: Reading, project_id: str, endpoint_id: str, delivery_id: str) -> Delivery:
    """Return a delivery of the endpoint or raise `NotFound`."""
    found = await tx.first(_GET, of_project=project_id, of_endpoint=endpoint_id, delivery_id=delivery_id)
    if found is None:
        raise NotFound("Delivery not found")
    return found


async def deliveries_of_endpoint(
    tx: Reading,
    project_id: str,
    endpoint_id: str,
    *,
    status: str | None,
    before: Delivery | None,
    now: datetime,
    limit: int,
) -> list[Delivery]:
    """Return an endpoint's deliveries, newest first; the next page begins `before` the last one of this page."""
    bounds = {
        "of_project": project_id,
        "of_endpoint": endpoint_id,
        "before_at": now if before is None else before.created_at,
        # Behind every id of that moment.
        "before_id": "~" if before is None else before.id,
        "limit": limit,
    }
    if status is None:
        return await tx.all(_PAGE, **bounds)
    return await tx.all(_PAGE_OF_STATUS, **bounds, of_status=status)


async def count_deliveries(tx: Reading, project_id: str, endpoint_id: str, status: DeliveryStatus) -> int:
    """Return how many deliveries of an endpoint are in this state, up to a thousand."""
    return await tx.one(_COUNT, of_project=project_id, of_endpoint=endpoint_id, of_status=status.value)
