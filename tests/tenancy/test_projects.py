from __future__ import annotations

from datetime import UTC, datetime

import pytest

from billfold.base.errors import Conflict, NotFound
from billfold.domain.tenancy.projects import (
    create_project,
    get_project,
    mark_project_deleted,
    projects_of_team,
    rename_project,
)
from billfold.domain.tenancy.teams import create_team
from billfold.infrastructure.db.database import Database

NOW = datetime(2026, 1, 1, tzinfo=UTC)


async def test_a_team_has_a_bounded_number_of_projects(db: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("billfold.domain.tenancy.projects.MOST_PROJECTS", 1)
    team = await db.write(create_team, name="Acme", now=NOW)
    first = await db.write(create_project, team_id=team.id, name="Shop", now=NOW)
    with pytest.raises(Conflict, match="at most"):
        await db.write(create_project, team_id=team.id, name="Blog", now=NOW)
    await db.write(mark_project_deleted, team_id=team.id, project_id=first.id, now=NOW)
    second = await db.write(create_project, team_id=team.id, name="Blog", now=NOW)
    assert await db.read(projects_of_team, team.id) == [second]


async def test_another_teams_project_is_neither_renamed_nor_deleted(db: Database) -> None:
    team = await db.write(create_team, name="Acme", now=NOW)
    other = await db.write(create_team, name="Other", now=NOW)
    project = await db.write(create_project, team_id=team.id, name="Shop", now=NOW)
    with pytest.raises(NotFound):
        await db.write(rename_project, team_id=other.id, project_id=project.id, name="Mine")
    await db.write(mark_project_deleted, team_id=other.id, project_id=project.id, now=NOW)
    assert await db.read(get_project, team_id=team.id, project_id=project.id) == project
