"""Who belongs to a team and as what (contract G7)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

import sqlalchemy as sa

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


_ADD: Final = command(insert_row(members))
_OF_TEAM: Final = query(
    sa.select(*members.c)
    .where(members.c.team_id == sa.bindparam("wanted_team_id"))
    .order_by(members.c.created_at, members.c.user_id),
    Member,
)


async def add_member(tx: Writing, *, team_id: str, user_id: str, role: Role, now: datetime) -> Member:
    """Take a person into a team; the primary key refuses to do it twice."""
    member = Member(team_id=team_id, user_id=user_id, role=role.value, created_at=now)
    await tx.run(_ADD, **values_of(member))
    return member


async def members_of_team(tx: Reading, team_id: str) -> list[Member]:
    """Return a team's members, in the order in which they came."""
    return await tx.all(_OF_TEAM, wanted_team_id=team_id)
