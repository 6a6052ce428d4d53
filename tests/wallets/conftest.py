"""The world of the wallets' tests."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from billfold.base.clock import MovableClock
from billfold.domain.ledger.audit import audit
from billfold.domain.wallets.audit import audit_wallets
from billfold.infrastructure.db.database import Database
from tests.wallets.world import AT, World


@pytest.fixture
async def world(db: Database) -> AsyncIterator[World]:
    """A project; whatever a test does, its wallets equal the ledger and the ledger adds up (D1)."""
    world = await World(db, MovableClock(AT)).start()
    yield world
    assert await db.snapshot(audit) == []
    assert await db.snapshot(audit_wallets) == []
