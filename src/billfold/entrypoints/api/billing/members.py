"""`/teams/{teamId}/members`: who is in a team, and as what (contract G7)."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response

from billfold.base.clock import iso
from billfold.domain.tenancy import audit_log, members, sessions
from billfold.domain.tenancy.members import ListedMember, Role
from billfold.entrypoints.api.billing.access import TeamAllowed, path_id
from billfold.entrypoints.api.billing.answers import Body, Success, Timestamp, json_response
from billfold.entrypoints.api.billing.bodies import RequestBody, read_body
from billfold.entrypoints.api.billing.fields import RoleName
from billfold.entrypoints.api.billing.operations import operation
from billfold.entrypoints.caller import TeamAccess
from billfold.entrypoints.services import Services
from billfold.entrypoints.web.session_cookie import set_cookie
from billfold.infrastructure.db.database import Writing

router = APIRouter(prefix="/teams/{teamId}", tags=["Members"])


class MemberBody(Body):
    """A person in the team; `userId` is `user_…`."""

    user_id: str
    email: str
    role: str
    created_at: Timestamp


class MemberAnswer(Body):
    """The member."""

    member: MemberBody


class MembersAnswer(Body):
    """The team's members, in the order in which they came."""

    members: list[MemberBody]


class UpdateMember(RequestBody):
    """What the member shall be."""

    role: RoleName


def shape(member: ListedMember) -> MemberBody:
    """Return a member as this surface shows him."""
    return MemberBody(user_id=member.user_id, email=member.email, role=member.role, created_at=iso(member.created_at))


@router.get("/members", **operation(role=Role.VIEWER, answers={200: MembersAnswer}, is_read=True))
async def list_members(request: Request, access: Annotated[TeamAccess, Depends(TeamAllowed(Role.VIEWER))]) -> Response:
    """List members."""
    services: Services = request.app.state.services
    rows = await services.db.read(members.listed_members, access.team_id)
    return json_response(MembersAnswer([shape(row) for row in rows]))


@router.patch("/members/{userId}", **operation(role=Role.ADMIN, answers={200: MemberAnswer}, body=UpdateMember))
async def update_member(request: Request, access: Annotated[TeamAccess, Depends(TeamAllowed(Role.ADMIN))]) -> Response:
    """Change a member's role.

    Admins decide about viewers and members, owners about everybody. The member is signed out everywhere; if it is yourself, this
    session goes on with a new cookie. 409 for the last owner.
    """
    services: Services = request.app.state.services
    body = await read_body(request, UpdateMember)
    user_id = path_id(request, "userId", "user_", "Member")
    member, token = await services.db.write(
        change_role, access, user_id=user_id, role=Role(body.role), now=services.clock.now()
    )
    return _answer(services, access, MemberAnswer(shape(member)), token)


@router.delete("/members/{userId}", **operation(role=Role.VIEWER, answers={200: Success}))
async def remove_member(request: Request, access: Annotated[TeamAccess, Depends(TeamAllowed(Role.VIEWER))]) -> Response:
    """Remove a member, or leave the team.

    Anybody may leave; admins remove viewers and members, owners everybody. 409 for the last owner.
    """
    services: Services = request.app.state.services
    user_id = path_id(request, "userId", "user_", "Member")
    token = await services.db.write(remove, access, user_id=user_id, now=services.clock.now())
    return _answer(services, access, Success(success=True), token)


async def change_role(
    tx: Writing, access: TeamAccess, *, user_id: str, role: Role, now: datetime
) -> tuple[ListedMember, str | None]:
    """Change a role, end the member's sessions and write it down; returns the caller's new token if it was his own role."""
    member, was = await members.change_role(tx, team_id=access.team_id, user_id=user_id, role=role, by=access.user_id)
    if was == member.role:
        return member, None
    details = {"email": member.email, "from": was, "to": member.role}
    await _record(tx, access, "member.role_changed", user_id, details=details, now=now)
    return member, await _end_sessions(tx, access, user_id, now=now)


async def remove(tx: Writing, access: TeamAccess, *, user_id: str, now: datetime) -> str | None:
    """Remove a member, end his sessions and write it down; returns the caller's new token if he left."""
    member = await members.remove_member(tx, team_id=access.team_id, user_id=user_id, by=access.user_id)
    action = "member.left" if user_id == access.user_id else "member.removed"
    details = {"email": member.email, "role": member.role}
    await _record(tx, access, action, user_id, details=details, now=now)
    return await _end_sessions(tx, access, user_id, now=now)


async def _end_sessions(tx: Writing, access: TeamAccess, user_id: str, *, now: datetime) -> str | None:
    """End every session of a person whose power changed; the caller's own goes on under a new token (SCENARIOS F4)."""
    if user_id != access.user_id:
        await sessions.revoke_sessions_of_user(tx, user_id)
        return None
    await sessions.revoke_sessions_of_user(tx, user_id, except_session_id=access.session.session_id)
    return await sessions.renew(tx, access.session.session_id, now=now)


async def _record(
    tx: Writing, access: TeamAccess, action: str, user_id: str, *, details: dict[str, str], now: datetime
) -> None:
    await audit_log.record(
        tx,
        team_id=access.team_id,
        project_id=None,
        actor=access.actor,
        action=action,
        subject=user_id,
        details=details,
        now=now,
    )


def _answer(services: Services, access: TeamAccess, payload: object, token: str | None) -> Response:
    response = json_response(payload)
    if token is not None:
        set_cookie(services, response, token, is_kept=access.session.is_kept)
    return response
