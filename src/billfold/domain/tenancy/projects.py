"""Projects: one per product that a team sells. Everything a customer sees belongs to one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

import sqlalchemy as sa

from billfold.base.errors import Conflict, NotFound
from billfold.base.ids import new_id
from billfold.domain.tenancy.names import checked_name
from billfold.domain.tenancy.teams import lock_team, teams
from billfold.infrastructure.db.database import Reading, Writing
from billfold.infrastructure.db.statements import command, insert_row, metadata, query, values_of
from billfold.infrastructure.db.types import Moment

# A team's projects are listed whole.
MOST_PROJECTS: Final = 1_000

projects = sa.Table(
    "projects",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("team_id", sa.Text, sa.ForeignKey(teams.c.id), nullable=False),
    sa.Column("name", sa.Text, nullable=False),
    # The base currency of MRR (contract G26).
    sa.Column("currency", sa.Text, nullable=False),
    # True: a customer may have one sponsor per program instead of one in all (DESIGN section 3).
    sa.Column("sponsor_per_program", sa.Boolean, nullable=False),
    sa.Column("created_at", Moment, nullable=False),
    sa.Column("deleted_at", Moment),
    sa.Index("ix_projects_team_id", "team_id"),
)


@dataclass(frozen=True, slots=True)
class Project:
    """A project of a team."""

    id: str
    team_id: str
    name: str
    currency: str
    sponsor_per_program: bool
    created_at: datetime
    deleted_at: datetime | None


_ADD: Final = command(insert_row(projects))
_GET: Final = query(
    sa.select(*projects.c).where(
        projects.c.id == sa.bindparam("project_id"),
        projects.c.team_id == sa.bindparam("team_id"),
        projects.c.deleted_at.is_(None),
    ),
    Project,
)
_OF_TEAM: Final = query(
    sa.select(*projects.c)
    .where(projects.c.team_id == sa.bindparam("team_id"), projects.c.deleted_at.is_(None))
    .order_by(projects.c.created_at, projects.c.id),
    Project,
)
_mine = sa.and_(
    projects.c.id == sa.bindparam("of_project"),
    projects.c.team_id == sa.bindparam("of_team"),
    projects.c.deleted_at.is_(None),
)
_COUNT: Final = query(
    sa.select(sa.func.count())
    .select_from(projects)
    .where(projects.c.team_id == sa.bindparam("of_team"), projects.c.deleted_at.is_(None)),
    int,
)
_RENAME: Final = query(
    sa.update(projects).where(_mine).values(name=sa.bindparam("new_name")).returning(*projects.c), Project
)
# Exclusively: what is being stored for the project has a foreign key to it and is waited for, or waits.
_LOCK: Final = query(sa.select(*projects.c).where(_mine).with_for_update(), Project)
_DELETE: Final = command(sa.update(projects).where(_mine).values(deleted_at=sa.bindparam("at", type_=Moment())))

_OWNER: Final = query(
    sa.select(projects.c.team_id)
    .join(teams, teams.c.id == projects.c.team_id)
    .where(projects.c.id == sa.bindparam("of_project"), projects.c.deleted_at.is_(None), teams.c.deleted_at.is_(None)),
    str,
)


async def create_project(tx: Writing, *, team_id: str, name: str, currency: str = "usd", now: datetime) -> Project:
    """Create a project; `currency` is the lower-case code in which its MRR is told.

    Raises `NotFound` for a team that was deleted, a moment ago too, and `Conflict` if there are too many.
    """
    await lock_team(tx, team_id)
    if await tx.one(_COUNT, of_team=team_id) >= MOST_PROJECTS:
        raise Conflict(f"A team has at most {MOST_PROJECTS} projects: delete those that nobody needs.")
    project = Project(
        id=new_id("proj_"),
        team_id=team_id,
        name=checked_name(name),
        currency=currency,
        sponsor_per_program=False,
        created_at=now,
        deleted_at=None,
    )
    await tx.run(_ADD, **values_of(project))
    return project


async def get_project(tx: Reading, *, team_id: str, project_id: str) -> Project:
    """Return a project of this team or raise `NotFound`, for another team's project too."""
    project = await tx.first(_GET, team_id=team_id, project_id=project_id)
    if project is None:
        raise NotFound("Project not found.")
    return project


async def find_team_of_project(tx: Reading, project_id: str) -> str | None:
    """Return the team that owns a project, None if there is no such project: for addresses that name no team."""
    return await tx.first(_OWNER, of_project=project_id)


async def projects_of_team(tx: Reading, team_id: str) -> list[Project]:
    """Return a team's projects, oldest first."""
    return await tx.all(_OF_TEAM, team_id=team_id)


async def rename_project(tx: Writing, *, team_id: str, project_id: str, name: str) -> Project:
    """Give a project another name; `NotFound` if the team has no such project."""
    project = await tx.first(_RENAME, of_project=project_id, of_team=team_id, new_name=checked_name(name))
    if project is None:
        raise NotFound("Project not found.")
    return project


async def lock_project(tx: Writing, *, team_id: str, project_id: str) -> Project:
    """Return a project and hold it against everything that is stored for it; `NotFound` if the team has no such project."""
    project = await tx.first(_LOCK, of_project=project_id, of_team=team_id)
    if project is None:
        raise NotFound("Project not found.")
    return project


async def mark_project_deleted(tx: Writing, *, team_id: str, project_id: str, now: datetime) -> None:
    """Hide a project for good; its rows stay. Whether it may go is for `billing.deletions` to say."""
    await tx.run(_DELETE, of_project=project_id, of_team=team_id, at=now)
