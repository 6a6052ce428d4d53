"""Deleting a project or a team: only when nobody pays in it any more (contract G38).

Both are hidden, not removed: what was paid stays readable for whoever has to account for it. Their keys are revoked at once;
sessions of customers and of the portal end because each look-up asks for a project that is there.
"""

from __future__ import annotations

from datetime import datetime
from typing import Final

import sqlalchemy as sa

from billfold.base.errors import Conflict
from billfold.domain.billing.subscriptions import FINAL, subscriptions
from billfold.domain.tenancy.api_keys import revoke_api_keys
from billfold.domain.tenancy.projects import Project, lock_project, mark_project_deleted, projects_of_team
from billfold.domain.tenancy.stripe_connections import disconnect
from billfold.domain.tenancy.teams import Team, lock_team, mark_team_deleted
from billfold.infrastructure.db.database import Writing
from billfold.infrastructure.db.statements import query

_LIVE: Final = query(
    sa.select(subscriptions.c.id)
    .where(
        subscriptions.c.project_id == sa.bindparam("project_id"),
        *(subscriptions.c.status != status for status in sorted(FINAL)),
    )
    .limit(1),
    str,
)


async def delete_project(tx: Writing, *, team_id: str, project_id: str, now: datetime) -> Project:
    """Delete a project and revoke the keys that are limited to it.

    Raises `NotFound`, or `Conflict` while a subscription in it has not ended: Stripe would go on charging, unseen.
    """
    # Whatever stores a subscription refers to this row: it is done before, or waits and finds the project gone.
    project = await lock_project(tx, team_id=team_id, project_id=project_id)
    if await tx.first(_LIVE, project_id=project_id) is not None:
        raise Conflict(
            f"{project.name} has live subscriptions. Cancel them first; they end with their periods, or at once."
        )
    await revoke_api_keys(tx, team_id=team_id, project_id=project_id, now=now)
    await mark_project_deleted(tx, team_id=team_id, project_id=project_id, now=now)
    return project


async def delete_team(tx: Writing, *, team_id: str, now: datetime) -> Team:
    """Delete a team with its projects, revoke its keys and wipe its Stripe keys.

    Raises `NotFound`, or `Conflict` while one of its projects has live subscriptions.
    """
    team = await lock_team(tx, team_id)
    for project in await projects_of_team(tx, team_id):
        await delete_project(tx, team_id=team_id, project_id=project.id, now=now)
    await revoke_api_keys(tx, team_id=team_id, project_id=None, now=now)
    await disconnect(tx, team_id=team_id, now=now)
    await mark_team_deleted(tx, team_id, now=now)
    return team
