from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from typing import Any

import pytest

from billfold.base.errors import Conflict, NotFound
from billfold.domain.tenancy.api_keys import create_api_key
from billfold.domain.tenancy.projects import (
    create_project,
    get_project,
    mark_project_deleted,
    projects_of_team,
    rename_project,
)
from billfold.domain.tenancy.teams import create_team, lock_team, mark_team_deleted
from billfold.infrastructure.db.database import Database, Writing

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


async def test_who_makes_something_in_a_team_that_is_being_deleted_waits_and_makes_nothing(db: Database) -> None:
    team = await db.write(create_team, name="Acme", now=NOW)
    at_it = asyncio.Event()

    async def delete(tx: Writing) -> None:
        await lock_team(tx, team.id)
        at_it.set()
        await mark_team_deleted(tx, team.id, now=NOW)

    key: dict[str, Any] = {"project_id": None, "name": "ci", "scopes": (), "expires_at": None}
    deleting = asyncio.create_task(db.write(delete))
    await at_it.wait()
    makers: list[Any] = [
        db.write(create_project, team_id=team.id, name=f"Shop {number}", now=NOW) for number in range(3)
    ]
    makers += [db.write(create_api_key, team_id=team.id, **key, now=NOW) for _ in range(3)]
    assert {type(each) for each in await asyncio.gather(*makers, return_exceptions=True)} == {NotFound}
    await deleting
    assert await db.read(projects_of_team, team.id) == []


async def test_another_teams_project_is_neither_renamed_nor_deleted(db: Database) -> None:
    team = await db.write(create_team, name="Acme", now=NOW)
    other = await db.write(create_team, name="Other", now=NOW)
    project = await db.write(create_project, team_id=team.id, name="Shop", now=NOW)
    with pytest.raises(NotFound):
        await db.write(rename_project, team_id=other.id, project_id=project.id, name="Mine")
    await db.write(mark_project_deleted, team_id=other.id, project_id=project.id, now=NOW)
    assert await db.read(get_project, team_id=team.id, project_id=project.id) == project
