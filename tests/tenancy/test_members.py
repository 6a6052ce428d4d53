from __future__ import annotations

from datetime import UTC, datetime

import pytest

from billfold.domain.tenancy.members import Role, add_member, members_of_team
from billfold.domain.tenancy.teams import create_team
from billfold.domain.tenancy.users import create_user
from billfold.infrastructure.db.database import Database, DuplicateRow, Writing

NOW = datetime(2026, 1, 1, tzinfo=UTC)


async def make(tx: Writing) -> tuple[str, str]:
    team = await create_team(tx, name="Acme", now=NOW)
    user = await create_user(tx, email=f"{team.id}@example.com", password_hash=None, now=NOW)
    return team.id, user.id


async def test_a_team_lists_its_own_members_only(db: Database) -> None:
    team_id, user_id = await db.write(make)
    other_team_id, other_user_id = await db.write(make)
    owner = await db.write(add_member, team_id=team_id, user_id=user_id, role=Role.OWNER, now=NOW)
    await db.write(add_member, team_id=other_team_id, user_id=other_user_id, role=Role.VIEWER, now=NOW)
    assert await db.read(members_of_team, team_id) == [owner]
    assert owner.role == "owner"


async def test_nobody_is_taken_in_twice(db: Database) -> None:
    team_id, user_id = await db.write(make)
    await db.write(add_member, team_id=team_id, user_id=user_id, role=Role.OWNER, now=NOW)
    with pytest.raises(DuplicateRow):
        await db.write(add_member, team_id=team_id, user_id=user_id, role=Role.VIEWER, now=NOW)
