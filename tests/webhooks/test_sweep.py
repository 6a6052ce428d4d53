"""The sweep of the account's own list: what never arrived is stored and synced as if it had."""

from __future__ import annotations

from datetime import timedelta

import sqlalchemy as sa

from billfold.domain.billing import subscriptions
from billfold.domain.billing.stripe_events import BODIES_KEPT, stripe_events
from billfold.domain.billing.sweep import PRUNE_JOB, RECURRING, SWEEP_JOB, SWEEP_TEAM_JOB, sweep_handlers, sweep_team
from billfold.infrastructure.db.database import Writing
from billfold.infrastructure.db.statements import query
from billfold.infrastructure.jobs.queue import enqueue, waiting_count
from tests.billing.stripe_values import START
from tests.canonical import canonical_dump
from tests.webhooks.conftest import Shop
from tests.webhooks.fake_stripe import about, event_body, fake_subscription, listed

STORED = query(sa.select(sa.func.count()).select_from(stripe_events), int)
KEPT = query(sa.select(sa.func.count()).select_from(stripe_events).where(stripe_events.c.body.is_not(None)), int)


async def ask_for(shop: Shop, job: str) -> None:
    async def unit(tx: Writing) -> None:
        await enqueue(tx, job, {}, now=shop.clock.now(), key=job)

    await shop.db.write(unit)
    await shop.worker.drain()


async def stored(shop: Shop) -> int:
    return await shop.db.read(lambda tx: tx.one(STORED))


def happened(shop: Shop, count: int) -> list[bytes]:
    bodies = [event_body("customer.subscription.updated", about("subscription", "sub_1")) for _ in range(count)]
    shop.stripe.events += [listed(body) for body in bodies]
    return bodies


async def test_events_that_never_came_are_found_and_end_in_the_same_state(shop: Shop) -> None:
    shop.stripe.put(fake_subscription())
    bodies = happened(shop, 7)
    delivered = await shop.another()
    await delivered.deliver(*bodies)
    await shop.deliver(*bodies[::3])
    await ask_for(shop, SWEEP_JOB)
    assert await canonical_dump(shop.db, shop.team_id) == await canonical_dump(shop.db, delivered.team_id)


async def test_a_second_sweep_reads_only_what_is_new_and_changes_nothing(shop: Shop) -> None:
    shop.stripe.put(fake_subscription())
    happened(shop, 3)
    await ask_for(shop, SWEEP_JOB)
    calls = len(shop.stripe.calls)
    shop.clock.advance(timedelta(hours=2))
    await ask_for(shop, SWEEP_JOB)
    assert len(shop.stripe.calls) == calls
    assert await stored(shop) == 3


async def test_e2_a_sweep_that_ended_in_the_future_hides_nothing(shop: Shop) -> None:
    shop.stripe.put(fake_subscription())
    shop.clock.advance(timedelta(days=3))
    await ask_for(shop, SWEEP_JOB)
    shop.clock.advance(-timedelta(days=3))
    happened(shop, 3)
    await ask_for(shop, SWEEP_JOB)
    assert await stored(shop) == 3


async def test_a_sweep_goes_through_all_pages(shop: Shop) -> None:
    happened(shop, 250)
    gateway = await shop.connections.gateway(shop.team_id)
    swept = await sweep_team(shop.db, gateway, shop.team_id, since=START - timedelta(days=30), now=shop.clock.now())
    assert (swept.read, swept.stored, swept.read_until) == (250, 250, None)


async def test_a_sweep_that_is_too_long_for_one_job_goes_on_where_it_was(shop: Shop) -> None:
    happened(shop, 2_150)
    await ask_for(shop, SWEEP_JOB)
    assert await stored(shop) == 2_150
    assert await shop.db.read(waiting_count) == 0


async def test_an_old_event_never_undoes_a_newer_state_a6(shop: Shop) -> None:
    shop.stripe.put(fake_subscription(status="past_due"))
    old = event_body(
        "customer.subscription.created", about("subscription", "sub_1"), created=START - timedelta(days=29)
    )
    shop.stripe.events.append(listed(old))
    await shop.deliver(event_body("customer.subscription.updated", about("subscription", "sub_1")))
    await ask_for(shop, SWEEP_JOB)
    found = await shop.db.read(subscriptions.find_by_stripe_id, shop.team_id, "sub_1")
    assert found is not None
    assert (found.status, await stored(shop)) == ("past_due", 2)


async def test_bodies_older_than_90_days_are_dropped_and_the_rows_stay(shop: Shop) -> None:
    shop.stripe.put(fake_subscription())
    await shop.deliver(*happened(shop, 5))
    shop.clock.advance(BODIES_KEPT + timedelta(seconds=1))
    await shop.deliver(*happened(shop, 1))
    await ask_for(shop, PRUNE_JOB)
    assert await stored(shop) == 6
    assert await shop.db.read(lambda tx: tx.one(KEPT)) == 1


def test_every_recurring_job_has_a_handler(shop: Shop) -> None:
    handlers = sweep_handlers(shop.connections)
    assert {each.job for each in RECURRING} <= set(handlers)
    assert SWEEP_TEAM_JOB in handlers
