"""The audit of wallets names what was changed by hand."""

from __future__ import annotations

from typing import Any

import pytest
import sqlalchemy as sa

from billfold.base.clock import MovableClock
from billfold.domain.ledger.audit import audit
from billfold.domain.ledger.transfers import ledger_balances
from billfold.domain.wallets.audit import audit_wallets
from billfold.domain.wallets.grants import wallet_grants
from billfold.infrastructure.db.database import Database
from billfold.infrastructure.db.statements import command
from tests.wallets.world import AT, World

LESS = command(sa.update(wallet_grants).values(remaining=wallet_grants.c.remaining - 1))
NO_GRANTS = command(sa.delete(wallet_grants))
NO_BALANCES = command(sa.delete(ledger_balances))


@pytest.fixture
async def world(db: Database) -> World:
    """A world that is not checked afterwards: these tests break it."""
    return await World(db, MovableClock(AT)).start()


async def by_hand(db: Database, statement: Any) -> None:
    async def unit(tx: Any) -> None:
        await tx.run(statement)

    await db.write(unit)


async def test_an_untouched_wallet_adds_up(world: World) -> None:
    jane = await world.customer()
    await world.grant(jane, 5)
    await world.spend(jane, 2)
    assert await world.db.snapshot(audit_wallets) == []
    assert await world.db.snapshot(audit) == []


@pytest.mark.parametrize("change", [LESS, NO_GRANTS, NO_BALANCES])
async def test_what_was_changed_by_hand_is_named(world: World, change: Any) -> None:
    jane = await world.customer()
    await world.grant(jane, 5)
    await world.spend(jane, 2)
    await by_hand(world.db, change)
    (finding,) = await world.db.snapshot(audit_wallets)
    assert jane in str(finding)
    assert "ai_credits" in str(finding)
