"""`/teams/{teamId}/projects`: a team's projects (contract G7, G38)."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response

from billfold.base.clock import iso
from billfold.domain.billing import deletions
from billfold.domain.tenancy import projects
from billfold.domain.tenancy.members import Role
from billfold.domain.tenancy.projects import Project
from billfold.entrypoints.api.billing.access import TeamAllowed, path_id
from billfold.entrypoints.api.billing.answers import Body, Success, Timestamp, json_response
from billfold.entrypoints.api.billing.bodies import RequestBody, read_body
from billfold.entrypoints.api.billing.fields import Currency, Name
from billfold.entrypoints.api.billing.operations import operation
from billfold.entrypoints.caller import TeamAccess
from billfold.entrypoints.recording import Record, write_recorded
from billfold.entrypoints.services import Services

router = APIRouter(prefix="/teams/{teamId}", tags=["Projects"])


class ProjectBody(Body):
    """A project; its MRR is told in `currency`."""

    id: str
    name: str
    currency: str
    team_id: str
    created_at: Timestamp


class ProjectAnswer(Body):
    """The project."""

    project: ProjectBody


class ProjectsAnswer(Body):
    """The team's projects, oldest first."""

    projects: list[ProjectBody]


class CreateProject(RequestBody):
    """A new project; `currency` cannot be changed later."""

    name: Name
    currency: Currency = "usd"


class UpdateProject(RequestBody):
    """What to change."""

    name: Name


def shape(project: Project) -> ProjectBody:
    """Return a project as this surface shows it."""
    return ProjectBody(
        id=project.id,
        name=project.name,
        currency=project.currency,
        team_id=project.team_id,
        created_at=iso(project.created_at),
    )


def _record(action: str) -> Record:
    return Record(action, subject=lambda project: project.id, details=lambda project: {"name": project.name})


@router.get("/projects", **operation(role=Role.VIEWER, answers={200: ProjectsAnswer}, is_read=True))
async def list_projects(request: Request, access: Annotated[TeamAccess, Depends(TeamAllowed(Role.VIEWER))]) -> Response:
    """List projects."""
    services: Services = request.app.state.services
    rows = await services.db.read(projects.projects_of_team, access.team_id)
    return json_response(ProjectsAnswer([shape(row) for row in rows]))


@router.post("/projects", **operation(role=Role.ADMIN, answers={201: ProjectAnswer}, body=CreateProject))
async def create_project(request: Request, access: Annotated[TeamAccess, Depends(TeamAllowed(Role.ADMIN))]) -> Response:
    """Create a project."""
    services: Services = request.app.state.services
    body = await read_body(request, CreateProject)
    project = await write_recorded(
        services,
        access,
        _record("project.created"),
        projects.create_project,
        team_id=access.team_id,
        name=body.name,
        currency=body.currency,
        now=services.clock.now(),
    )
    return json_response(ProjectAnswer(shape(project)), 201)


@router.get("/projects/{projectId}", **operation(role=Role.VIEWER, answers={200: ProjectAnswer}, is_read=True))
async def get_project(request: Request, access: Annotated[TeamAccess, Depends(TeamAllowed(Role.VIEWER))]) -> Response:
    """Get a project."""
    services: Services = request.app.state.services
    project_id = path_id(request, "projectId", "proj_", "Project")
    project = await services.db.read(projects.get_project, team_id=access.team_id, project_id=project_id)
    return json_response(ProjectAnswer(shape(project)))


@router.patch("/projects/{projectId}", **operation(role=Role.ADMIN, answers={200: ProjectAnswer}, body=UpdateProject))
async def update_project(request: Request, access: Annotated[TeamAccess, Depends(TeamAllowed(Role.ADMIN))]) -> Response:
    """Rename a project."""
    services: Services = request.app.state.services
    body = await read_body(request, UpdateProject)
    project = await write_recorded(
        services,
        access,
        _record("project.renamed"),
        projects.rename_project,
        team_id=access.team_id,
        project_id=path_id(request, "projectId", "proj_", "Project"),
        name=body.name,
    )
    return json_response(ProjectAnswer(shape(project)))


@router.delete("/projects/{projectId}", **operation(role=Role.ADMIN, answers={200: Success}))
async def delete_project(request: Request, access: Annotated[TeamAccess, Depends(TeamAllowed(Role.ADMIN))]) -> Response:
    """Delete a project.

    API keys that are limited to it are revoked, and it is 404 from now on. 409 while a subscription in it has not ended. What
    was paid stays in the database.
    """
    services: Services = request.app.state.services
    await write_recorded(
        services,
        access,
        _record("project.deleted"),
        deletions.delete_project,
        team_id=access.team_id,
        project_id=path_id(request, "projectId", "proj_", "Project"),
        now=services.clock.now(),
    )
    services.known_keys.forget()
    return json_response(Success(success=True))
