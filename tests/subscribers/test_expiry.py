"""Credits that expired in wallets are given back to the project by a job that recurs."""

from __future__ import annotations

from datetime import timedelta

from billfold.base.clock import MovableClock
from billfold.domain.ledger.audit import audit
from billfold.domain.tenancy.teams import move_clock
from billfold.domain.wallets.audit import audit_wallets
from billfold.domain.wallets.grants import find_expired
from billfold.infrastructure.db.database import Database, Writing
from billfold.infrastructure.jobs import queue
from billfold.infrastructure.jobs.worker import Worker
from billfold.subscribers import JOBS
from billfold.subscribers.schedule import EXPIRE_JOB
from tests.referrals.world import CreditingStripe
from tests.wallets.world import AT, World

DAY = timedelta(days=1)


async def close(world: World) -> None:
    async def enqueued(tx: Writing) -> None:
        await queue.enqueue(tx, EXPIRE_JOB, {}, now=world.clock.now())

    await world.db.write(enqueued)
    handlers = {each.job: each.handler(CreditingStripe()) for each in JOBS}
    await Worker(world.db, handlers, world.clock).drain()
    assert await world.db.snapshot(audit) == []
    assert await world.db.snapshot(audit_wallets) == []


async def test_what_expired_is_posted_whatever_the_number(db: Database) -> None:
    world = await World(db, MovableClock(AT)).start()
    jane = await world.customer()
    for _ in range(205):
        await world.grant(jane, 2, lasts=DAY)
    await world.grant(jane, 7)
    await close(world)
    assert (await world.ledger(jane)).available == 417
    world.clock.advance(DAY)
    await close(world)
    assert (await world.ledger(jane)).available == 7
    assert await db.read(find_expired, team_id=world.team_id, at=world.clock.now()) == []


async def test_a_team_s_own_time_says_what_has_expired(db: Database) -> None:
    world = await World(db, MovableClock(AT)).start()
    jane = await world.customer()
    await world.grant(jane, 5, lasts=DAY)
    await db.write(move_clock, world.team_id, offset=2 * DAY)
    await close(world)
    assert (await world.ledger(jane)).available == 0
