"""The jobs that keep the tables of the sending small and bring forward what may go out sooner."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import Final

import sqlalchemy as sa

from billfold.domain.webhooks.attempts import webhook_attempts
from billfold.domain.webhooks.deliveries import webhook_deliveries
from billfold.domain.webhooks.endpoints import webhook_endpoints
from billfold.domain.webhooks.lanes import bring_forward, webhook_lanes
from billfold.domain.webhooks.outcomes import BRING_FORWARD_JOB
from billfold.infrastructure.db.database import Database, Reading, Writing
from billfold.infrastructure.db.statements import any_of, command, query
from billfold.infrastructure.db.types import Moment
from billfold.infrastructure.jobs.schedule import Recurring
from billfold.infrastructure.jobs.worker import Handler, Run, StepHandler

PRUNE_JOB: Final = "webhooks.prune"
RECURRING: Final = (Recurring(PRUNE_JOB, timedelta(hours=1)),)
_IN_A_UNIT: Final = 500
# What one run does at most: the next one goes on.
_MOST_UNITS: Final = 200

_IS_FAILING: Final = query(
    sa.select(webhook_endpoints.c.failing_since).where(webhook_endpoints.c.id == sa.bindparam("endpoint_id")), datetime
)
# What waits for an endpoint that is off is kept as long as its event is.
_OLD: Final = query(
    sa.select(webhook_deliveries.c.id)
    .where(webhook_deliveries.c.created_at < sa.bindparam("before", type_=Moment()))
    .order_by(webhook_deliveries.c.created_at)
    .limit(_IN_A_UNIT),
    str,
)
_DELETED: Final = query(
    sa.select(webhook_endpoints.c.id)
    .where(webhook_endpoints.c.deleted_at.is_not(None))
    .order_by(webhook_endpoints.c.deleted_at)
    .limit(1),
    str,
)
_OF_ENDPOINT: Final = query(
    sa.select(webhook_deliveries.c.id)
    .where(webhook_deliveries.c.endpoint_id == sa.bindparam("endpoint_id"))
    .order_by(webhook_deliveries.c.created_at)
    .limit(_IN_A_UNIT),
    str,
)
_FORGET_ATTEMPTS: Final = command(
    sa.delete(webhook_attempts).where(any_of(webhook_attempts.c.delivery_id, "delivery_ids"))
)
_FORGET: Final = command(sa.delete(webhook_deliveries).where(any_of(webhook_deliveries.c.id, "delivery_ids")))
_some_lanes = (
    sa.select(webhook_lanes.c.object_id)
    .where(webhook_lanes.c.endpoint_id == sa.bindparam("of_endpoint"))
    .limit(_IN_A_UNIT)
    .scalar_subquery()
)
_FORGET_LANES: Final = command(
    sa.delete(webhook_lanes).where(
        webhook_lanes.c.endpoint_id == sa.bindparam("of_endpoint"), webhook_lanes.c.object_id.in_(_some_lanes)
    )
)
_FORGET_ENDPOINT: Final = command(
    sa.delete(webhook_endpoints).where(
        webhook_endpoints.c.id == sa.bindparam("endpoint_id"), webhook_endpoints.c.deleted_at.is_not(None)
    )
)


def handlers(kept_for: timedelta) -> Mapping[str, Handler]:
    """Return the handlers of the jobs; deliveries are forgotten after `kept_for`, as their events are."""
    return {
        BRING_FORWARD_JOB: StepHandler(_bring_all_forward),
        PRUNE_JOB: StepHandler(partial(_prune, kept_for=kept_for)),
    }


async def _bring_all_forward(run: Run) -> None:
    """Have an endpoint that was down and takes something again be sent what waits for a later try, unless it fails again."""
    endpoint_id: str = run.payload["endpoint_id"]
    for _ in range(_MOST_UNITS):
        if await run.db.read(_is_failing, endpoint_id):
            return
        if not await run.db.write(bring_forward, endpoint_id, most=_IN_A_UNIT, now=run.clock.now()):
            return


async def _prune(run: Run, *, kept_for: timedelta) -> None:
    before = run.clock.now() - kept_for
    for _ in range(_MOST_UNITS):
        if not await _forget_some(run.db, await run.db.read(_old, before)):
            break
    for _ in range(_MOST_UNITS):
        endpoint_id = await run.db.read(_deleted)
        if endpoint_id is None:
            break
        if not await _forget_some(run.db, await run.db.read(_of_endpoint, endpoint_id)):
            await run.db.write(_forget_endpoint, endpoint_id)


async def _forget_some(db: Database, delivery_ids: Sequence[str]) -> bool:
    if delivery_ids:
        await db.write(_forget, delivery_ids)
    return bool(delivery_ids)


async def _is_failing(tx: Reading, endpoint_id: str) -> bool:
    return await tx.first(_IS_FAILING, endpoint_id=endpoint_id) is not None


async def _old(tx: Reading, before: datetime) -> list[str]:
    return await tx.all(_OLD, before=before)


async def _deleted(tx: Reading) -> str | None:
    return await tx.first(_DELETED)


async def _of_endpoint(tx: Reading, endpoint_id: str) -> list[str]:
    return await tx.all(_OF_ENDPOINT, endpoint_id=endpoint_id)


async def _forget(tx: Writing, delivery_ids: Sequence[str]) -> None:
    await tx.run(_FORGET_ATTEMPTS, delivery_ids=delivery_ids)
    await tx.run(_FORGET, delivery_ids=delivery_ids)


async def _forget_endpoint(tx: Writing, endpoint_id: str) -> None:
    """Remove a deleted endpoint whose deliveries are gone, lanes first, a bounded number in one unit."""
    if await tx.run(_FORGET_LANES, of_endpoint=endpoint_id) < _IN_A_UNIT:
        await tx.run(_FORGET_ENDPOINT, endpoint_id=endpoint_id)
