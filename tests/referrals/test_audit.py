"""The audit names rewards that the ledger does not confirm."""

from __future__ import annotations

from typing import Any

import pytest
import sqlalchemy as sa

from billfold.domain.referrals.audit import audit_rewards
from billfold.domain.referrals.rewards import rewards
from billfold.infrastructure.db.database import Database, Writing
from billfold.infrastructure.db.statements import command
from tests.referrals.world import World


@pytest.mark.parametrize(
    "changed", [{"amount": 999}, {"status": "available"}], ids=["another amount", "settled and not settled"]
)
async def test_a_reward_edited_by_hand_is_named(db: Database, changed: dict[str, Any]) -> None:
    world = await World(db).start()
    owner, friend = await world.customer(), await world.customer()
    await world.apply(await world.code(owner), friend)
    await world.subscribe(friend)
    await world.work()
    assert await db.snapshot(audit_rewards) == []

    async def edit(tx: Writing) -> None:
        await tx.run(command(sa.update(rewards).where(rewards.c.earner_id == owner).values(**changed)))

    await db.write(edit)
    (finding,) = await db.snapshot(audit_rewards)
    assert (finding.earned, finding.granted) == (1000, 1000)
    assert finding.reward_id in str(finding)
