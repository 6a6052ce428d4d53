"""The world of the payout tests."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from billfold.domain.ledger.audit import audit
from billfold.domain.payouts.audit import audit_payouts
from billfold.domain.referrals.audit import audit_rewards
from billfold.infrastructure.db.database import Database
from tests.payouts.world import PayoutWorld


@pytest.fixture
async def world(db: Database) -> AsyncIterator[PayoutWorld]:
    """A project with a partner program; whatever a test does, ledger, rewards and payouts agree afterwards (SCENARIOS D1)."""
    world = await PayoutWorld(db).start()
    yield world
    assert await db.snapshot(audit) == []
    assert await db.snapshot(audit_rewards) == []
    assert await db.snapshot(audit_payouts) == []
