"""Kept figures are those that the slow sums give, on both databases."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from billfold.domain.analytics import figures
from billfold.domain.analytics.figures import HANDLERS, KEEP_JOB, LARGE, Kept, find_kept, is_large, keep, sum_up
from billfold.domain.billing import customers
from billfold.infrastructure.db.database import Database, Writing
from billfold.infrastructure.jobs.queue import enqueue
from billfold.infrastructure.jobs.worker import Worker
from tests.referrals.signing import SignUps
from tests.referrals.world import World


@pytest.fixture
async def world(db: Database) -> World:
    """A project with a customer who brought another."""
    world = await World(db).start()
    signing = SignUps(world)
    await signing.put()
    _, code = await signing.owner()
    await signing.register((code, "friend@example.com"))
    return world


async def _add_customers(world: World, count: int) -> None:
    async def unit(tx: Writing) -> None:
        for number in range(count):
            at = world.clock.now() - timedelta(days=number % 50)
            new = customers.new_customer(
                team_id=world.team.id,
                project_id=world.project.id,
                email=f"one-of-many-{number}@example.com",
                name=None,
                stripe_customer_id=f"cus_many_{number}",
                metadata={},
                at=at,
                now=at,
            )
            await customers.add_customer(tx, new)

    await world.db.write(unit)


async def _run_job(world: World) -> None:
    async def ask(tx: Writing) -> None:
        await enqueue(tx, KEEP_JOB, {}, now=world.clock.now())

    await world.db.write(ask)
    await Worker(world.db, HANDLERS, world.clock).drain()


async def _sums(world: World) -> Any:
    at = world.clock.now()
    return await world.db.snapshot(
        sum_up, team_id=world.team.id, project_id=world.project.id, currency=world.project.currency, at=at
    )


async def test_a_large_project_is_summed_up_by_the_job_and_kept_as_the_slow_sums_are(world: World) -> None:
    await _run_job(world)
    assert not await world.db.read(is_large, world.project.id)
    assert await world.db.read(find_kept, world.project.id) is None
    await _add_customers(world, LARGE)
    assert await world.db.read(is_large, world.project.id)
    await _run_job(world)
    kept = await world.db.read(find_kept, world.project.id)
    assert kept is not None
    assert kept.sums == await _sums(world)
    assert kept.sums.overview.customer_count == LARGE + 1
    assert (kept.at, kept.made_at) == (world.clock.now(), world.clock.now())


async def test_what_was_kept_within_the_hour_is_left_and_then_made_anew(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def every_project(tx: object, project_id: str) -> bool:
        del tx, project_id
        return True

    monkeypatch.setattr(figures, "is_large", every_project)
    await _run_job(world)
    first = await world.db.read(find_kept, world.project.id)
    await _add_customers(world, 3)
    world.clock.advance(timedelta(minutes=30))
    await _run_job(world)
    assert await world.db.read(find_kept, world.project.id) == first
    world.clock.advance(timedelta(minutes=31))
    await _run_job(world)
    second = await world.db.read(find_kept, world.project.id)
    assert second is not None
    assert second.sums == await _sums(world)
    assert first is not None
    assert second.sums.overview.customer_count == first.sums.overview.customer_count + 3


async def test_sums_that_were_made_earlier_do_not_replace_later_ones(world: World) -> None:
    now = world.clock.now()
    sums = await _sums(world)
    later, earlier = Kept(sums, now, now, 2), Kept(sums, now, now - timedelta(seconds=1), 1)
    for each in (later, earlier):
        await world.db.write(keep, world.project.id, each)
    assert await world.db.read(find_kept, world.project.id) == later
