"""The nightly audit of the ledger."""

from __future__ import annotations

from datetime import timedelta

import sqlalchemy as sa

from billfold.domain.ledger.transfers import ledger_balances
from billfold.infrastructure.db.database import Database, Writing
from billfold.infrastructure.db.statements import command
from billfold.infrastructure.jobs import queue
from billfold.subscribers.schedule import AUDIT_JOB
from tests.referrals.world import World


async def test_a_balance_edited_by_hand_makes_the_audit_fail_with_its_account(db: Database) -> None:
    world = await World(db).start()
    owner, friend = await world.customer(), await world.customer()
    await world.apply(await world.code(owner), friend)
    await world.subscribe(friend)
    await world.work()

    async def audited(tx: Writing) -> None:
        await queue.enqueue(tx, AUDIT_JOB, {}, now=world.clock.now())

    await db.write(audited)
    await world.work()
    assert await db.read(queue.waiting_count) == 0

    async def edited(tx: Writing) -> None:
        by_hand = sa.update(ledger_balances).where(ledger_balances.c.owner_id == owner)
        await tx.run(command(by_hand.values(settled=900, available=100)))

    await db.write(edited)
    await db.write(audited)
    for _ in range(len(queue.RETRY_SECONDS) + 1):
        await world.work()
        world.clock.advance(timedelta(hours=2))
    (stuck,) = await db.read(queue.stuck)
    assert f"account available of {owner}" in (stuck.last_error or "")
