"""A project whose ledger may be written."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from billfold.domain.tenancy import projects, teams
from billfold.infrastructure.db.database import Database, Writing

AT = datetime(2026, 3, 30, 12, tzinfo=UTC)


@pytest.fixture
async def project_id(db: Database) -> str:
    async def unit(tx: Writing) -> str:
        team = await teams.create_team(tx, name="Acme", now=AT)
        return (await projects.create_project(tx, team_id=team.id, name="Docs", now=AT)).id

    return await db.write(unit)
