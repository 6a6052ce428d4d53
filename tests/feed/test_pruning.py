"""Old events are forgotten, but never one that an endpoint has yet to get."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa

from billfold.domain.webhooks.feed import CursorExpired, read_feed
from billfold.domain.webhooks.pruning import PRUNE_JOB
from billfold.infrastructure.db.statements import command, query
from billfold.infrastructure.jobs.events import events
from billfold.infrastructure.jobs.queue import enqueue
from tests.app_fixtures import RunningBillfold

_OUTBOX = query(sa.select(sa.func.count()).select_from(events), int)
_DELIVERED = command(sa.text("UPDATE webhook_deliveries SET status = 'delivered'"))


async def happen(app: RunningBillfold, count: int) -> None:
    for _ in range(count):
        assert (await app.client.post(f"{app.path}/events/test", json={})).is_success
    await app.feed()


async def prune(app: RunningBillfold) -> None:
    await app.services.db.write(enqueue, PRUNE_JOB, {}, now=app.clock.now())
    await app.drain()


async def kept(app: RunningBillfold) -> list[int]:
    page = await app.services.db.read(read_feed, app.team.project_id, after=None, limit=100)
    return [event.position for event in page.events]


async def test_what_is_older_than_ninety_days_is_forgotten_and_places_go_on(billfold_app: RunningBillfold) -> None:
    app = billfold_app
    await happen(app, 2)
    app.clock.advance(timedelta(days=60))
    await happen(app, 1)
    app.clock.advance(timedelta(days=31))
    await prune(app)
    assert await kept(app) == [3]
    assert await app.services.db.read(lambda tx: tx.one(_OUTBOX)) == 1
    app.clock.advance(timedelta(days=91))
    await prune(app)
    assert await kept(app) == []
    await happen(app, 1)
    assert await kept(app) == [4]


async def test_an_event_that_an_endpoint_has_yet_to_get_is_kept(billfold_app: RunningBillfold) -> None:
    app = billfold_app
    made = await app.client.post(f"{app.path}/webhooks", json={"url": "https://app.example.com/hooks"})
    assert made.is_success, made.text
    await happen(app, 3)
    app.clock.advance(timedelta(days=91))
    # The deliveries' own job may forget those of endpoints that are off; this is about what still waits.
    await app.services.db.write(enqueue, PRUNE_JOB, {}, now=app.clock.now())
    await app.application.installation.worker.drain()
    waiting = await kept(app)
    await app.services.db.write(lambda tx: tx.run(_DELIVERED))
    await prune(app)
    assert (waiting, await kept(app)) == ([1, 2, 3], [])


async def test_a_reader_who_was_away_for_too_long_is_told(billfold_app: RunningBillfold) -> None:
    app = billfold_app
    cursor = (await app.services.db.read(read_feed, app.team.project_id, after=None, limit=1)).cursor
    await happen(app, 2)
    app.clock.advance(timedelta(days=91))
    await prune(app)
    with pytest.raises(CursorExpired):
        await app.services.db.read(read_feed, app.team.project_id, after=cursor, limit=1)
    behind = await app.services.db.read(read_feed, app.team.project_id, after="latest", limit=1)
    assert (await app.services.db.read(read_feed, app.team.project_id, after=behind.cursor, limit=1)).events == []
