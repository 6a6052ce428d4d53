"""The world of the referral tests."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from billfold.domain.ledger.audit import audit
from billfold.domain.referrals.audit import audit_rewards
from billfold.infrastructure.db.database import Database
from tests.referrals.world import World


@pytest.fixture
async def world(db: Database) -> AsyncIterator[World]:
    """A project with an enabled program; whatever a test does, the ledger adds up afterwards (scenario D1)."""
    world = await World(db).start()
    yield world
    assert await db.snapshot(audit) == []
    assert await db.snapshot(audit_rewards) == []
