"""Forgetting events: those that have been in their feed for long enough, and never one that an endpoint has yet to get."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

import sqlalchemy as sa

from billfold.domain.webhooks.deliveries import DeliveryStatus, webhook_deliveries
from billfold.domain.webhooks.endpoints import webhook_endpoints
from billfold.domain.webhooks.feed import feeds, public_events
from billfold.infrastructure.db.database import Reading, Writing
from billfold.infrastructure.db.statements import command, query, row_tuple
from billfold.infrastructure.db.types import Moment
from billfold.infrastructure.jobs.events import events
from billfold.infrastructure.jobs.schedule import Recurring
from billfold.infrastructure.jobs.worker import Handler, Run, StepHandler

PRUNE_JOB: Final = "feed.prune"
RECURRING: Final = (Recurring(PRUNE_JOB, timedelta(hours=6)),)
_AT_ONCE: Final = 500

_before = sa.bindparam("before", type_=Moment())
_NEXT_FEED: Final = query(
    sa.select(feeds.c.project_id)
    .where(feeds.c.project_id > sa.bindparam("after"))
    .order_by(feeds.c.project_id)
    .limit(1),
    str,
)
_OLDEST: Final = query(
    sa.select(public_events.c.position, public_events.c.fed_at)
    .where(public_events.c.project_id == sa.bindparam("project_id"))
    .order_by(public_events.c.position)
    .limit(_AT_ONCE),
    row_tuple,
)
_UNDELIVERED: Final = query(
    sa.select(sa.func.min(webhook_deliveries.c.position))
    .join_from(webhook_endpoints, webhook_deliveries, webhook_deliveries.c.endpoint_id == webhook_endpoints.c.id)
    .where(
        webhook_endpoints.c.project_id == sa.bindparam("project_id"),
        webhook_endpoints.c.deleted_at.is_(None),
        webhook_deliveries.c.status == sa.literal_column(f"'{DeliveryStatus.WAITING}'"),
        webhook_deliveries.c.position > 0,
    ),
    int,
)
_FORGET: Final = command(
    sa.delete(public_events).where(
        public_events.c.project_id == sa.bindparam("project_id"),
        public_events.c.position <= sa.bindparam("up_to", type_=sa.BigInteger()),
    )
)
_NOTE: Final = command(
    sa.update(feeds)
    .where(
        feeds.c.project_id == sa.bindparam("of_project"),
        feeds.c.pruned_to < sa.bindparam("up_to", type_=sa.BigInteger()),
    )
    .values(pruned_to=sa.bindparam("up_to", type_=sa.BigInteger()))
)
_PUBLISHED: Final = query(
    sa.select(events.c.sequence, events.c.happened_at)
    .where(events.c.sequence > sa.bindparam("after", type_=sa.BigInteger()))
    .order_by(events.c.sequence)
    .limit(_AT_ONCE),
    row_tuple,
)
_FORGET_PUBLISHED: Final = command(
    sa.delete(events).where(
        events.c.sequence > sa.bindparam("after", type_=sa.BigInteger()),
        events.c.sequence <= sa.bindparam("up_to", type_=sa.BigInteger()),
        events.c.happened_at < _before,
        events.c.waiting_since.is_(None),
    )
)


def prune_handler(kept_for: timedelta) -> Handler:
    """Return the handler of the job; events are kept in their feed for `kept_for`."""

    async def prune(run: Run) -> None:
        before = run.clock.now() - kept_for
        project_id = await run.db.read(_next_feed, "")
        while project_id is not None:
            while await run.db.write(forget_some, project_id, before=before):
                pass
            project_id = await run.db.read(_next_feed, project_id)
        after: int | None = 0
        while after is not None:
            after = await run.db.write(forget_published, after, before=before)

    return StepHandler(prune)


async def forget_some(tx: Writing, project_id: str, *, before: datetime) -> bool:
    """Forget a bounded number of a project's oldest events that came into the feed before a moment of the wall clock.

    Stops before the first that an endpoint has yet to get. Tells whether there may be more.
    """
    old = [position for position, fed_at in await tx.all(_OLDEST, project_id=project_id) if fed_at < before]
    if not old:
        return False
    undelivered = await tx.first(_UNDELIVERED, project_id=project_id)
    if undelivered is not None:
        old = [position for position in old if position < undelivered]
    if not old:
        return False
    await tx.run(_FORGET, project_id=project_id, up_to=old[-1])
    await tx.run(_NOTE, of_project=project_id, up_to=old[-1])
    return len(old) == _AT_ONCE


async def forget_published(tx: Writing, after: int, *, before: datetime) -> int | None:
    """Forget what of a page of the outbox is old and taken; return behind which the next page begins, None at the end."""
    page = await tx.all(_PUBLISHED, after=after)
    # What was published in a team's simulated future waits for the time to get there.
    if not any(happened_at < before for _, happened_at in page):
        return None
    up_to: int = page[-1][0]
    await tx.run(_FORGET_PUBLISHED, after=after, up_to=up_to, before=before)
    return up_to if len(page) == _AT_ONCE else None


async def _next_feed(tx: Reading, after: str) -> str | None:
    return await tx.first(_NEXT_FEED, after=after)
