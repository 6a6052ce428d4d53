"""Who belongs to a team and as what (contract G7)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

import sqlalchemy as sa

from billfold.domain.tenancy.projects import projects
from billfold.domain.tenancy.teams import teams
from billfold.domain.tenancy.users import users
from billfold.infrastructure.db.database import Reading, Writing
from billfold.infrastructure.db.statements import command, insert_row, metadata, query, values_of
from billfold.infrastructure.db.types import Moment


class Role(StrEnum):
    """What a member may do; each role may do what those before it may."""

    VIEWER = "viewer"
    MEMBER = "member"
    ADMIN = "admin"
    OWNER = "owner"

    def includes(self, other: Role) -> bool:
        """Tell whether this role may do all that another may."""
        return _ORDER[self] >= _ORDER[other]


_ORDER: Final = {role: rank for rank, role in enumerate(Role)}


members = sa.Table(
    "members",
    metadata,
    sa.Column("team_id", sa.Text, sa.ForeignKey(teams.c.id), primary_key=True),
    sa.Column("user_id", sa.Text, sa.ForeignKey(users.c.id), primary_key=True),
    sa.Column("role", sa.Text, nullable=False),
    sa.Column("created_at", Moment, nullable=False),
    sa.CheckConstraint("role IN ('viewer', 'member', 'admin', 'owner')", name="role"),
    sa.Index("ix_members_user_id", "user_id"),
)


@dataclass(frozen=True, slots=True)
class Member:
    """A person in a team."""

    team_id: str
    user_id: str
    role: str
    created_at: datetime


@dataclass(frozen=True, slots=True)
class MemberCaller:
    """What one look-up tells about a person who asks for a team; `found_project_id` is the asked project if it is there."""

    role: str
    clock_offset_us: int
    found_project_id: str | None


_ADD: Final = command(insert_row(members))
_OF_TEAM: Final = query(
    sa.select(*members.c)
    .where(members.c.team_id == sa.bindparam("wanted_team_id"))
    .order_by(members.c.created_at, members.c.user_id),
    Member,
)
_CALLER: Final = query(
    sa.select(
        members.c.role,
        teams.c.clock_offset_us,
        projects.c.id.label("found_project_id"),
    )
    .select_from(
        members.join(teams, teams.c.id == members.c.team_id).join(
            projects,
            sa.and_(
                projects.c.id == sa.bindparam("asked_project_id"),
                projects.c.team_id == members.c.team_id,
                projects.c.deleted_at.is_(None),
            ),
            isouter=True,
        )
    )
    .where(
        members.c.team_id == sa.bindparam("wanted_team_id"),
        members.c.user_id == sa.bindparam("wanted_user_id"),
        teams.c.deleted_at.is_(None),
    ),
    MemberCaller,
)


async def add_member(tx: Writing, *, team_id: str, user_id: str, role: Role, now: datetime) -> Member:
    """Take a person into a team; the primary key refuses to do it twice."""
    member = Member(team_id=team_id, user_id=user_id, role=role.value, created_at=now)
    await tx.run(_ADD, **values_of(member))
    return member


async def members_of_team(tx: Reading, team_id: str) -> list[Member]:
    """Return a team's members, in the order in which they came."""
    return await tx.all(_OF_TEAM, wanted_team_id=team_id)


async def find_member(tx: Reading, team_id: str, user_id: str, project_id: str | None = None) -> MemberCaller | None:
    """Return a person's role in a team, and whether the team has the asked project, in one query; None: no member."""
    return await tx.first(_CALLER, wanted_team_id=team_id, wanted_user_id=user_id, asked_project_id=project_id)


async def find_role(tx: Reading, team_id: str, user_id: str) -> Role | None:
    """Return what a person is in a team, None for who is no member, and for a team that does not exist."""
    found = await find_member(tx, team_id, user_id)
    return None if found is None else Role(found.role)
