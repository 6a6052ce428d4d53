"""`/teams/{teamId}/members`: who is in a team, and as what (contract G7)."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response

from billfold.base.clock import iso
from billfold.domain.tenancy import members
from billfold.domain.tenancy.members import ListedMember, Role
from billfold.entrypoints import membership
from billfold.entrypoints.api.billing.access import TeamAllowed, path_id
from billfold.entrypoints.api.billing.answers import Body, Success, Timestamp, json_response
from billfold.entrypoints.api.billing.bodies import RequestBody, read_body
from billfold.entrypoints.api.billing.fields import RoleName
from billfold.entrypoints.api.billing.operations import operation
from billfold.entrypoints.caller import TeamAccess
from billfold.entrypoints.services import Services
from billfold.entrypoints.web.session_cookie import set_cookie

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
        membership.change_role, access, user_id=user_id, role=Role(body.role), now=services.clock.now()
    )
    return _answer(services, access, MemberAnswer(shape(member)), token)


@router.delete("/members/{userId}", **operation(role=Role.VIEWER, answers={200: Success}))
async def remove_member(request: Request, access: Annotated[TeamAccess, Depends(TeamAllowed(Role.VIEWER))]) -> Response:
    """Remove a member, or leave the team.

    Anybody may leave; admins remove viewers and members, owners everybody. 409 for the last owner.
    """
    services: Services = request.app.state.services
    user_id = path_id(request, "userId", "user_", "Member")
    token = await services.db.write(membership.remove, access, user_id=user_id, now=services.clock.now())
    return _answer(services, access, Success(success=True), token)


def _answer(services: Services, access: TeamAccess, payload: object, token: str | None) -> Response:
    response = json_response(payload)
    if token is not None:
        set_cookie(services, response, token, is_kept=access.session.is_kept)
    return response
