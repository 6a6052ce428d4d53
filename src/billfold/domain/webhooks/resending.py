"""Sending again: one delivery, or all of a stretch of time. The id stays the event's, so a receiver knows what it has."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final

import sqlalchemy as sa

from billfold.base.errors import Invalid
from billfold.domain.webhooks.deliveries import Delivery, DeliveryStatus, get_delivery, webhook_deliveries
from billfold.domain.webhooks.lanes import open_lanes_at_once
from billfold.infrastructure.db.database import Database, Reading, Writing
from billfold.infrastructure.db.statements import any_of, command, query, row_tuple
from billfold.infrastructure.db.types import Moment

# How many one request sends again, and how many of them one unit.
MOST_AT_ONCE: Final = 10_000
_IN_A_UNIT: Final = 500

_AGAIN: Final = command(
    sa.update(webhook_deliveries)
    .where(
        any_of(webhook_deliveries.c.id, "delivery_ids"), webhook_deliveries.c.project_id == sa.bindparam("of_project")
    )
    .values(
        status=DeliveryStatus.WAITING.value,
        attempts=0,
        first_tried_at=None,
        next_try_at=None,
        last_status=None,
        last_error=None,
    )
)
_WINDOW: Final = query(
    sa.select(webhook_deliveries.c.created_at, webhook_deliveries.c.id, webhook_deliveries.c.object_id)
    .where(
        webhook_deliveries.c.endpoint_id == sa.bindparam("of_endpoint"),
        webhook_deliveries.c.project_id == sa.bindparam("of_project"),
        any_of(webhook_deliveries.c.status, "statuses"),
        sa.tuple_(webhook_deliveries.c.created_at, webhook_deliveries.c.id)
        > sa.tuple_(sa.bindparam("after_at", type_=Moment()), sa.bindparam("after_id", type_=sa.Text())),
        webhook_deliveries.c.created_at < sa.bindparam("until", type_=Moment()),
    )
    .order_by(webhook_deliveries.c.created_at, webhook_deliveries.c.id)
    .limit(sa.bindparam("limit", type_=sa.Integer())),
    row_tuple,
)


async def resend(tx: Writing, *, project_id: str, endpoint_id: str, delivery_id: str, now: datetime) -> Delivery:
    """Send a delivery again, whatever became of it, or try a waiting one now; raises `NotFound`."""
    delivery = await get_delivery(tx, project_id, endpoint_id, delivery_id)
    await _send_again(tx, project_id, endpoint_id, [(delivery.id, delivery.object_id)], now)
    return await get_delivery(tx, project_id, endpoint_id, delivery_id)


async def resend_window(
    db: Database,
    *,
    project_id: str,
    endpoint_id: str,
    since: datetime,
    until: datetime,
    with_delivered: bool,
    now: datetime,
) -> tuple[int, bool]:
    """Send again what an endpoint got, or did not take, from `since` to before `until`; oldest first, 10,000 at most.

    By the moments at which deliveries were made, on the wall clock. Those that were given up, and with `with_delivered` also
    those that were taken; what waits goes out anyway. Returns how many, and whether there are more. Raises `Invalid`.
    """
    if since >= until:
        raise Invalid("from must lie before to.")
    statuses = [DeliveryStatus.FAILED.value, *([DeliveryStatus.DELIVERED.value] if with_delivered else [])]
    window = {"of_project": project_id, "of_endpoint": endpoint_id, "statuses": statuses, "until": until}
    after = (since, "")
    sent = 0
    while sent < MOST_AT_ONCE:
        rows = await db.read(_window, window, after)
        if rows:
            await db.write(_send_again, project_id, endpoint_id, [(each[1], each[2]) for each in rows], now)
            sent += len(rows)
            after = (rows[-1][0], rows[-1][1])
        if len(rows) < _IN_A_UNIT:
            return sent, False
    return sent, bool(await db.read(_window, window, after))


async def _window(
    tx: Reading, window: Mapping[str, Any], after: tuple[datetime, str]
) -> list[tuple[datetime, str, str]]:
    return await tx.all(_WINDOW, **window, after_at=after[0], after_id=after[1], limit=_IN_A_UNIT)


async def _send_again(
    tx: Writing, project_id: str, endpoint_id: str, chosen: Sequence[tuple[str, str]], now: datetime
) -> None:
    await tx.run(_AGAIN, of_project=project_id, delivery_ids=sorted(delivery_id for delivery_id, _ in chosen))
    await open_lanes_at_once(tx, [(endpoint_id, object_id, project_id) for _, object_id in chosen], now=now)
