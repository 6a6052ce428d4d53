"""The world of the tests of what is sent out."""

from __future__ import annotations

import pytest

from billfold.infrastructure.db.database import Database
from tests.outgoing.world import World


@pytest.fixture
async def world(db: Database) -> World:
    """A project with people and without endpoints."""
    return await World(db).start()
