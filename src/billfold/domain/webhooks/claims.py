"""What is to be sent next: the first delivery of each due lane, with the payload as it was."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import msgspec
import sqlalchemy as sa

from billfold.base.clock import iso
from billfold.domain.webhooks.deliveries import Delivery, webhook_deliveries
from billfold.domain.webhooks.feed import find_event, public_events
from billfold.domain.webhooks.lanes import Lane, claim_lanes, end_tries
from billfold.infrastructure.db.database import Reading, Writing
from billfold.infrastructure.db.statements import listed


@dataclass(frozen=True, slots=True)
class _Head:
    """The first waiting delivery of a lane; `fed_data` is None if the feed keeps the event no more."""

    endpoint_id: str
    object_id: str
    id: str
    event_id: str
    type: str
    timestamp: datetime
    own_data: Mapping[str, Any] | None
    fed_data: Mapping[str, Any] | None
    is_fed_test: bool | None
    attempts: int
    first_tried_at: datetime | None
    last_status: int | None
    has_more: bool


@dataclass(frozen=True, slots=True)
class Claim:
    """A delivery that this process alone may send until the lane's lease is over.

    `body` is None if the payload is no longer kept. `attempts` and `last_status` tell of the tries before this one.
    """

    lane: Lane
    delivery_id: str
    event_id: str
    type: str
    body: str | None
    attempts: int
    first_tried_at: datetime | None
    last_status: int | None
    has_more: bool


_IS_WAITING: Final[sa.ColumnElement[str]] = sa.literal_column("'waiting'")
_lane = webhook_deliveries.alias("lane")
_rest = webhook_deliveries.alias("rest")


def _heads(given: Mapping[str, sa.ColumnElement[Any]]) -> sa.Select[Any]:
    first = (
        sa.select(_lane.c.id)
        .where(
            _lane.c.endpoint_id == given["of_endpoint"],
            _lane.c.object_id == given["of_object"],
            _lane.c.status == _IS_WAITING,
        )
        .order_by(_lane.c.position)
        .limit(1)
        .scalar_subquery()
    )
    has_more = (
        sa.select(_rest.c.id)
        .where(
            _rest.c.endpoint_id == webhook_deliveries.c.endpoint_id,
            _rest.c.object_id == webhook_deliveries.c.object_id,
            _rest.c.status == _IS_WAITING,
            _rest.c.position > webhook_deliveries.c.position,
        )
        .exists()
    )
    return (
        sa.select(
            webhook_deliveries.c.endpoint_id,
            webhook_deliveries.c.object_id,
            webhook_deliveries.c.id,
            webhook_deliveries.c.event_id,
            webhook_deliveries.c.type,
            webhook_deliveries.c.timestamp,
            webhook_deliveries.c.own_data,
            public_events.c.data.label("fed_data"),
            public_events.c.is_test.label("is_fed_test"),
            webhook_deliveries.c.attempts,
            webhook_deliveries.c.first_tried_at,
            webhook_deliveries.c.last_status,
            has_more.label("has_more"),
        )
        .join_from(
            webhook_deliveries,
            public_events,
            sa.and_(
                public_events.c.project_id == webhook_deliveries.c.project_id,
                public_events.c.position == webhook_deliveries.c.position,
            ),
            isouter=True,
        )
        .where(
            webhook_deliveries.c.endpoint_id == given["of_endpoint"],
            webhook_deliveries.c.object_id == given["of_object"],
            webhook_deliveries.c.id == first,
        )
    )


_HEADS: Final = listed({"of_endpoint": sa.Text(), "of_object": sa.Text()}, _heads, _Head)


async def claim(tx: Writing, wanted: Sequence[tuple[str, int]], *, now: datetime) -> list[Claim]:
    """Take the first delivery of due lanes, of each endpoint as many as `wanted` says; a lane without one is removed."""
    lanes = {(lane.endpoint_id, lane.object_id): lane for lane in await claim_lanes(tx, wanted, now=now)}
    if not lanes:
        return []
    heads: list[_Head] = await tx.all_listed(
        _HEADS, [{"of_endpoint": endpoint_id, "of_object": object_id} for endpoint_id, object_id in lanes]
    )
    found = {(head.endpoint_id, head.object_id) for head in heads}
    if empty := [(lane, False) for key, lane in lanes.items() if key not in found]:
        await end_tries(tx, done=empty, waiting=(), writes=(), now=now)
    return [
        Claim(
            lane=lanes[head.endpoint_id, head.object_id],
            delivery_id=head.id,
            event_id=head.event_id,
            type=head.type,
            body=_envelope(head),
            attempts=head.attempts,
            first_tried_at=head.first_tried_at,
            last_status=head.last_status,
            has_more=head.has_more,
        )
        for head in heads
    ]


def _envelope(head: _Head) -> str | None:
    """Return the body: the same letter for letter in every try, because it is made of what does not change."""
    if head.own_data is not None:
        return envelope(head.event_id, head.type, head.timestamp, head.own_data, is_test=True)
    if head.fed_data is None:
        return None
    return envelope(head.event_id, head.type, head.timestamp, head.fed_data, is_test=bool(head.is_fed_test))


async def body_of(tx: Reading, delivery: Delivery) -> str | None:
    """Return what a delivery sends, None if its event is no longer kept."""
    if delivery.own_data is not None:
        return envelope(delivery.event_id, delivery.type, delivery.timestamp, delivery.own_data, is_test=True)
    event = await find_event(tx, delivery.project_id, delivery.event_id)
    if event is None:
        return None
    return envelope(event.id, event.type, event.timestamp, event.data, is_test=event.is_test)


def envelope(event_id: str, event_type: str, timestamp: datetime, data: Mapping[str, Any], *, is_test: bool) -> str:
    """Return the envelope of an event: `type` as the Standard Webhooks have it, `event` beside it (contract affiliate A32)."""
    return msgspec.json.encode(
        {
            "id": event_id,
            "type": event_type,
            "event": event_type,
            "timestamp": iso(timestamp),
            "test": is_test,
            "data": data,
        }
    ).decode()
