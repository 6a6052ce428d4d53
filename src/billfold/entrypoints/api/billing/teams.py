"""`/teams`: the teams of whoever is signed in (contract G7, G38)."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response

from billfold.base.clock import iso
from billfold.domain.billing import deletions
from billfold.domain.tenancy import members, registration, teams
from billfold.domain.tenancy.audit_log import Actor
from billfold.domain.tenancy.members import OwnTeam, Role
from billfold.domain.tenancy.sessions import SessionCaller
from billfold.domain.tenancy.teams import Team
from billfold.entrypoints.api.billing.access import SignedIn, TeamAllowed
from billfold.entrypoints.api.billing.answers import Body, Success, Timestamp, json_response
from billfold.entrypoints.api.billing.bodies import RequestBody, read_body
from billfold.entrypoints.api.billing.fields import Name
from billfold.entrypoints.api.billing.operations import operation
from billfold.entrypoints.caller import TeamAccess
from billfold.entrypoints.client_address import client_address
from billfold.entrypoints.recording import Record, write_recorded
from billfold.entrypoints.services import Services

router = APIRouter(tags=["Teams"])


class TeamBody(Body):
    """A team, and what the caller is in it: `viewer`, `member`, `admin` or `owner`."""

    id: str
    name: str
    role: str
    created_at: Timestamp


class TeamAnswer(Body):
    """The team."""

    team: TeamBody


class TeamsAnswer(Body):
    """The caller's teams, oldest first."""

    teams: list[TeamBody]


class CreateTeam(RequestBody):
    """A new team."""

    name: Name


class UpdateTeam(RequestBody):
    """What to change."""

    name: Name


def shape(team: Team | OwnTeam, role: str) -> TeamBody:
    """Return a team as this surface shows it."""
    return TeamBody(id=team.id, name=team.name, role=role, created_at=iso(team.created_at))


@router.get("/teams", **operation(answers={200: TeamsAnswer}, is_read=True))
async def list_teams(request: Request, session: Annotated[SessionCaller, Depends(SignedIn())]) -> Response:
    """List my teams.

    Those that the signed-in person is a member of, oldest first.
    """
    services: Services = request.app.state.services
    rows = await services.db.read(members.teams_of_user, session.user_id)
    return json_response(TeamsAnswer([shape(row, row.role) for row in rows]))


@router.post("/teams", **operation(answers={201: TeamAnswer}, body=CreateTeam))
async def create_team(request: Request, session: Annotated[SessionCaller, Depends(SignedIn())]) -> Response:
    """Create a team.

    Whoever creates it is its owner. It has no project and no Stripe account yet. 403 for somebody who is in no team, where one
    comes by invitation only.
    """
    services: Services = request.app.state.services
    body = await read_body(request, CreateTeam)
    actor = Actor("member", session.user_id, client_address(request, services.settings), session.email)
    team = await services.db.write(
        registration.found_another_team,
        actor,
        user_id=session.user_id,
        name=body.name,
        is_open=services.settings.sign_up == "open",
        now=services.clock.now(),
    )
    return json_response(TeamAnswer(shape(team, Role.OWNER.value)), 201)


@router.get("/teams/{teamId}", **operation(role=Role.VIEWER, answers={200: TeamAnswer}, is_read=True))
async def get_team(request: Request, access: Annotated[TeamAccess, Depends(TeamAllowed(Role.VIEWER))]) -> Response:
    """Get a team."""
    services: Services = request.app.state.services
    team = await services.db.read(teams.get_team, access.team_id)
    return json_response(TeamAnswer(shape(team, access.role.value)))


@router.patch("/teams/{teamId}", **operation(role=Role.OWNER, answers={200: TeamAnswer}, body=UpdateTeam))
async def update_team(request: Request, access: Annotated[TeamAccess, Depends(TeamAllowed(Role.OWNER))]) -> Response:
    """Rename a team."""
    services: Services = request.app.state.services
    body = await read_body(request, UpdateTeam)
    renamed = Record("team.renamed", subject=lambda team: team.id, details=lambda team: {"name": team.name})
    team = await write_recorded(services, access, renamed, teams.rename_team, access.team_id, body.name)
    return json_response(TeamAnswer(shape(team, access.role.value)))


@router.delete("/teams/{teamId}", **operation(role=Role.OWNER, answers={200: Success}))
async def delete_team(request: Request, access: Annotated[TeamAccess, Depends(TeamAllowed(Role.OWNER))]) -> Response:
    """Delete a team.

    With its projects; its API keys end at once and its Stripe keys are wiped. 409 while a subscription in it has not ended.
    What was paid stays in the database.
    """
    services: Services = request.app.state.services
    deleted = Record("team.deleted", subject=lambda team: team.id, details=lambda team: {"name": team.name})
    await write_recorded(
        services, access, deleted, deletions.delete_team, team_id=access.team_id, now=services.clock.now()
    )
    services.known_keys.forget()
    services.stripe.forget(access.team_id)
    return json_response(Success(success=True))
