"""`/teams/{teamId}/invitations`: asking people into a team (contract G7, G38)."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response
from pydantic import Field

from billfold.base.clock import iso
from billfold.domain.tenancy import invitations
from billfold.domain.tenancy.invitations import Invitation
from billfold.domain.tenancy.members import Member, Role
from billfold.domain.tenancy.sessions import SessionCaller, renew
from billfold.domain.tenancy.teams import get_team
from billfold.entrypoints.api.billing.access import SignedIn, TeamAllowed, path_id
from billfold.entrypoints.api.billing.answers import Body, Success, Timestamp, json_response
from billfold.entrypoints.api.billing.bodies import RequestBody, read_body
from billfold.entrypoints.api.billing.fields import MailAddress, RoleName, text_of
from billfold.entrypoints.api.billing.operations import operation
from billfold.entrypoints.caller import TeamAccess
from billfold.entrypoints.client_address import client_address
from billfold.entrypoints.invitation_letters import invitation_letter
from billfold.entrypoints.joining import join_team
from billfold.entrypoints.recording import Record, write_recorded
from billfold.entrypoints.services import Services
from billfold.entrypoints.web.session_cookie import set_cookie
from billfold.infrastructure.db.database import Writing

router = APIRouter(tags=["Invitations"])
_IN_TEAM = "/teams/{teamId}/invitations"


class InvitationBody(Body):
    """An invitation that waits for an answer; it can be accepted until `expiresAt`."""

    id: str
    email: str
    role: str
    expires_at: Timestamp
    created_at: Timestamp


class InvitationAnswer(Body):
    """The invitation; its link is in the mail only."""

    invitation: InvitationBody


class InvitationsAnswer(Body):
    """The invitations that wait for an answer, by address; expired ones too, until they are revoked or sent again."""

    invitations: list[InvitationBody]


class AcceptedBody(Body):
    """The team that the caller is in now, and as what."""

    team_id: str
    role: str


class AcceptedAnswer(Body):
    """The new membership."""

    membership: AcceptedBody


class CreateInvitation(RequestBody):
    """Whom to ask, and as what."""

    email: MailAddress
    role: RoleName


class AcceptInvitation(RequestBody):
    """The end of the link in the mail."""

    token: Annotated[str, text_of(200), Field(description="the last part of the link in the mail")]


def shape(invitation: Invitation) -> InvitationBody:
    """Return an invitation as this surface shows it."""
    return InvitationBody(
        id=invitation.id,
        email=invitation.email,
        role=invitation.role,
        expires_at=iso(invitation.expires_at),
        created_at=iso(invitation.created_at),
    )


def _record(action: str) -> Record:
    return Record(action, subject=lambda made: made.id, details=lambda made: {"email": made.email, "role": made.role})


@router.get(_IN_TEAM, **operation(role=Role.ADMIN, answers={200: InvitationsAnswer}, is_read=True))
async def list_invitations(
    request: Request, access: Annotated[TeamAccess, Depends(TeamAllowed(Role.ADMIN))]
) -> Response:
    """List open invitations."""
    services: Services = request.app.state.services
    rows = await services.db.read(invitations.open_invitations, access.team_id)
    return json_response(InvitationsAnswer([shape(row) for row in rows]))


@router.post(_IN_TEAM, **operation(role=Role.ADMIN, answers={201: InvitationAnswer}, body=CreateInvitation))
async def create_invitation(
    request: Request, access: Annotated[TeamAccess, Depends(TeamAllowed(Role.ADMIN))]
) -> Response:
    """Invite somebody into the team.

    By a mail with a link that works once, for seven days. Admins invite viewers and members, owners everybody. 409: the address
    is in the team already, or has an open invitation.
    """
    services: Services = request.app.state.services
    body = await read_body(request, CreateInvitation)
    now = services.clock.now()

    async def make(tx: Writing) -> tuple[Invitation, str]:
        return await invitations.invite(
            tx, team_id=access.team_id, email=body.email, role=Role(body.role), by=access.user_id, now=now
        )

    invitation = await _write_and_send(services, access, "invitation.created", make)
    return json_response(InvitationAnswer(shape(invitation)), 201)


@router.post(f"{_IN_TEAM}/{{invitationId}}/resend", **operation(role=Role.ADMIN, answers={200: InvitationAnswer}))
async def resend_invitation(
    request: Request, access: Annotated[TeamAccess, Depends(TeamAllowed(Role.ADMIN))]
) -> Response:
    """Send an invitation again.

    With a new link, for seven more days; the link that was sent before is dead.
    """
    services: Services = request.app.state.services
    invitation_id = path_id(request, "invitationId", "inv_", "Invitation")
    now = services.clock.now()

    async def renew(tx: Writing) -> tuple[Invitation, str]:
        return await invitations.renew_invitation(
            tx, team_id=access.team_id, invitation_id=invitation_id, by=access.user_id, now=now
        )

    invitation = await _write_and_send(services, access, "invitation.resent", renew)
    return json_response(InvitationAnswer(shape(invitation)))


@router.delete(f"{_IN_TEAM}/{{invitationId}}", **operation(role=Role.ADMIN, answers={200: Success}))
async def revoke_invitation(
    request: Request, access: Annotated[TeamAccess, Depends(TeamAllowed(Role.ADMIN))]
) -> Response:
    """Revoke an invitation.

    Its link is dead.
    """
    services: Services = request.app.state.services
    await write_recorded(
        services,
        access,
        _record("invitation.revoked"),
        invitations.revoke_invitation,
        team_id=access.team_id,
        invitation_id=path_id(request, "invitationId", "inv_", "Invitation"),
        by=access.user_id,
        now=services.clock.now(),
    )
    return json_response(Success(success=True))


@router.post("/invitations/accept", **operation(answers={200: AcceptedAnswer}, body=AcceptInvitation))
async def accept_invitation(request: Request, session: Annotated[SessionCaller, Depends(SignedIn())]) -> Response:
    """Accept an invitation.

    The signed-in person must have the address that it was sent to; this session goes on with a new cookie. 404: the link is
    unknown, used, revoked or too old.
    """
    services: Services = request.app.state.services
    body = await read_body(request, AcceptInvitation)
    now = services.clock.now()

    async def unit(tx: Writing) -> tuple[Member, str]:
        member = await join_team(
            tx,
            token=body.token,
            user_id=session.user_id,
            email=session.email,
            address=client_address(request, services.settings),
            now=now,
        )
        # Whoever's power changes gets another token (SCENARIOS F4).
        return member, await renew(tx, session.session_id, now=now)

    member, token = await services.db.write(unit)
    response = json_response(AcceptedAnswer(AcceptedBody(team_id=member.team_id, role=member.role)))
    set_cookie(services, response, token, is_kept=session.is_kept)
    return response


async def _write_and_send(
    services: Services,
    access: TeamAccess,
    action: str,
    make: Callable[[Writing], Awaitable[tuple[Invitation, str]]],
) -> Invitation:
    """Make or renew an invitation, write it down and leave its letter, in one unit."""
    now = services.clock.now()

    async def unit(tx: Writing) -> Invitation:
        invitation, token = await make(tx)
        team = await get_team(tx, access.team_id)
        letter = invitation_letter(services.settings, invitation, token, team_name=team.name, invited_by=access.name)
        await services.mail.send(tx, letter, now=now)
        return invitation

    return await write_recorded(services, access, _record(action), unit)
