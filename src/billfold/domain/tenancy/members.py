"""Who belongs to a team and as what (contract G7).

A team always has an owner. Changes of who is in a team and as what take turns on the team's row, so two owners who leave at
once do not both find the other one still there; and who makes the change is looked at inside the turn, so nobody acts with a
power that was just taken from him.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Final

import sqlalchemy as sa

from billfold.base.errors import Conflict, Forbidden, NotFound
from billfold.domain.tenancy.projects import projects
from billfold.domain.tenancy.teams import lock_team, teams
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
# A team's members are listed whole, and a person's teams too, so how many there can be is bounded where they are made.
MOST_MEMBERS: Final = 1_000
MOST_TEAMS: Final = 100

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
class ListedMember:
    """A person in a team, with the address that says who it is."""

    user_id: str
    email: str
    role: str
    created_at: datetime


@dataclass(frozen=True, slots=True)
class OwnTeam:
    """A team as one of its members sees it."""

    id: str
    name: str
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
_listed = sa.select(members.c.user_id, users.c.email, members.c.role, members.c.created_at).join_from(
    members, users, users.c.id == members.c.user_id
)
_LISTED: Final = query(
    _listed.where(members.c.team_id == sa.bindparam("wanted_team_id")).order_by(
        members.c.created_at, members.c.user_id
    ),
    ListedMember,
)
_ONE: Final = query(
    _listed.where(
        members.c.team_id == sa.bindparam("wanted_team_id"), members.c.user_id == sa.bindparam("wanted_user_id")
    ),
    ListedMember,
)
_OWN_TEAMS: Final = query(
    sa.select(teams.c.id, teams.c.name, members.c.role, teams.c.created_at)
    .join_from(members, teams, teams.c.id == members.c.team_id)
    .where(members.c.user_id == sa.bindparam("wanted_user_id"), teams.c.deleted_at.is_(None))
    .order_by(teams.c.created_at, teams.c.id),
    OwnTeam,
)
_COUNT: Final = query(
    sa.select(sa.func.count()).select_from(members).where(members.c.team_id == sa.bindparam("wanted_team_id")), int
)
_OTHER_OWNER: Final = query(
    sa.select(members.c.user_id)
    .where(
        members.c.team_id == sa.bindparam("wanted_team_id"),
        members.c.role == Role.OWNER.value,
        members.c.user_id != sa.bindparam("wanted_user_id"),
    )
    .limit(1),
    str,
)
_this_member = sa.and_(members.c.team_id == sa.bindparam("of_team"), members.c.user_id == sa.bindparam("of_user"))
_SET_ROLE: Final = command(sa.update(members).where(_this_member).values(role=sa.bindparam("new_role")))
_REMOVE: Final = command(sa.delete(members).where(_this_member))


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


async def listed_members(tx: Reading, team_id: str) -> list[ListedMember]:
    """Return a team's members with their addresses, in the order in which they came."""
    return await tx.all(_LISTED, wanted_team_id=team_id)


async def count_members(tx: Reading, team_id: str) -> int:
    """Return how many people are in a team."""
    return await tx.one(_COUNT, wanted_team_id=team_id)


async def teams_of_user(tx: Reading, user_id: str) -> list[OwnTeam]:
    """Return the teams that a person is in, oldest first."""
    return await tx.all(_OWN_TEAMS, wanted_user_id=user_id)


async def change_role(tx: Writing, *, team_id: str, user_id: str, role: Role, by: str) -> tuple[ListedMember, str]:
    """Make a member something else and return him with the role that he had; `by` is the user who does it.

    Raises `Forbidden` if that person may not (G7), `NotFound` if nobody of that id is in the team, `Conflict` for the last
    owner. The caller ends the person's sessions if the role is another one.
    """
    acting = await take_turn(tx, team_id=team_id, user_id=by)
    check_power(acting, Role.MEMBER)
    member = await _get(tx, team_id, user_id)
    was = Role(member.role)
    if was is not role:
        check_power(acting, was)
        check_power(acting, role)
        if was is Role.OWNER:
            await _check_not_last_owner(tx, team_id, user_id)
        await tx.run(_SET_ROLE, of_team=team_id, of_user=user_id, new_role=role.value)
    return replace(member, role=role.value), was.value


async def remove_member(tx: Writing, *, team_id: str, user_id: str, by: str) -> ListedMember:
    """Take a person out of a team and return what he was; anybody may leave himself.

    Raises as `change_role` does.
    """
    acting = await take_turn(tx, team_id=team_id, user_id=by)
    if user_id != by:
        check_power(acting, Role.MEMBER)
    member = await _get(tx, team_id, user_id)
    if user_id != by:
        check_power(acting, Role(member.role))
    if member.role == Role.OWNER:
        await _check_not_last_owner(tx, team_id, user_id)
    await tx.run(_REMOVE, of_team=team_id, of_user=user_id)
    return member


async def take_turn(tx: Writing, *, team_id: str, user_id: str) -> Role:
    """Hold the team against other changes of who is in it, and return what the person who makes one is now.

    Raises `Forbidden` for who is no member any more.
    """
    await lock_team(tx, team_id)
    role = await find_role(tx, team_id, user_id)
    if role is None:
        raise Forbidden("You are not a member of this team.")
    return role


def check_power(acting: Role, over: Role) -> None:
    """Raise `Forbidden` unless a member of role `acting` decides about who is `over` (contract G7).

    Admins decide about viewers and members, owners about everybody.
    """
    needed = Role.OWNER if over.includes(Role.ADMIN) else Role.ADMIN
    if not acting.includes(needed):
        raise Forbidden(
            f"Deciding about a team's {over.value}s takes the role {needed.value}; yours is {acting.value}."
        )


async def _get(tx: Reading, team_id: str, user_id: str) -> ListedMember:
    member = await tx.first(_ONE, wanted_team_id=team_id, wanted_user_id=user_id)
    if member is None:
        raise NotFound("Member not found.")
    return member


async def _check_not_last_owner(tx: Reading, team_id: str, user_id: str) -> None:
    if await tx.first(_OTHER_OWNER, wanted_team_id=team_id, wanted_user_id=user_id) is None:
        raise Conflict("This is the last owner of the team. Make somebody else an owner first.")
