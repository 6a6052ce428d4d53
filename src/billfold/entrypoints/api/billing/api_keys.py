"""`/teams/{teamId}/api-keys`: the keys with which programs call (contract section 4.2, G4 to G6)."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, Final

from fastapi import APIRouter, Depends, Request, Response
from pydantic import AfterValidator, Field, WithJsonSchema

from billfold.base.clock import iso
from billfold.domain.tenancy import api_keys
from billfold.domain.tenancy.api_keys import SCOPES, ApiKey
from billfold.domain.tenancy.members import Role
from billfold.entrypoints.api.billing.access import TeamAllowed, path_id
from billfold.entrypoints.api.billing.answers import Body, Success, Timestamp, json_response
from billfold.entrypoints.api.billing.bodies import RequestBody, read_body
from billfold.entrypoints.api.billing.fields import AnyId, Name
from billfold.entrypoints.api.billing.operations import operation
from billfold.entrypoints.caller import TeamAccess
from billfold.entrypoints.recording import Record, write_recorded
from billfold.entrypoints.services import Services

router = APIRouter(prefix="/teams/{teamId}", tags=["API keys"])
_LATEST_YEAR: Final = 9000


class CreatedKeyBody(Body):
    """A new key; no `projectId`: for every project of the team, no `scopes`: for everything."""

    id: str
    name: str
    prefix: str
    project_id: str | None
    scopes: list[str]
    expires_at: Timestamp | None
    created_at: Timestamp


class ApiKeyBody(CreatedKeyBody):
    """A key as it is listed: never the key itself. `lastUsedAt` is true to the minute."""

    last_used_at: Timestamp | None


class CreatedKeyAnswer(Body):
    """The key; `rawKey` is told this once only."""

    key: CreatedKeyBody
    raw_key: str


class ApiKeysAnswer(Body):
    """The keys that are not revoked, newest first; expired ones too."""

    keys: list[ApiKeyBody]


def _moment(text: str) -> str:
    """Check a moment; raises `ValueError`."""
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None or moment.year > _LATEST_YEAR:
        raise ValueError
    return text


class CreateApiKey(RequestBody):
    """What the key shall be called and may do."""

    name: Name
    project_id: Annotated[
        AnyId | None, Field(description="the id of a project, `proj_…`, or null for all projects")
    ] = None
    scopes: Annotated[
        list[str] | None,
        WithJsonSchema({"type": ["array", "null"], "maxItems": 100, "items": {"type": "string", "enum": list(SCOPES)}}),
        Field(max_length=100, description=f"a list of scopes, none for full access: {', '.join(SCOPES)}"),
    ] = None
    expires_at: Annotated[
        Annotated[str, AfterValidator(_moment)] | None,
        WithJsonSchema({"type": ["string", "null"], "format": "date-time"}),
        Field(description="a moment in the future such as 2027-01-31T00:00:00Z, or null"),
    ] = None


def shape(key: ApiKey) -> ApiKeyBody:
    """Return a key as this surface lists it."""
    return ApiKeyBody(
        id=key.id,
        name=key.name,
        prefix=key.prefix,
        project_id=key.project_id,
        scopes=key.scopes,
        expires_at=None if key.expires_at is None else iso(key.expires_at),
        created_at=iso(key.created_at),
        last_used_at=None if key.last_used_at is None else iso(key.last_used_at),
    )


def _details(key: ApiKey) -> dict[str, object]:
    return {"name": key.name, "prefix": key.prefix, "projectId": key.project_id, "scopes": key.scopes}


@router.get("/api-keys", **operation(role=Role.ADMIN, answers={200: ApiKeysAnswer}, is_read=True))
async def list_api_keys(request: Request, access: Annotated[TeamAccess, Depends(TeamAllowed(Role.ADMIN))]) -> Response:
    """List API keys."""
    services: Services = request.app.state.services
    rows = await services.db.read(api_keys.api_keys_of_team, access.team_id)
    return json_response(ApiKeysAnswer([shape(row) for row in rows]))


@router.post("/api-keys", **operation(role=Role.ADMIN, answers={201: CreatedKeyAnswer}, body=CreateApiKey))
async def create_api_key(request: Request, access: Annotated[TeamAccess, Depends(TeamAllowed(Role.ADMIN))]) -> Response:
    """Create an API key.

    The key itself is in this answer only. Writing does not include reading: name both scopes for both. 404: the team has no such
    project.
    """
    services: Services = request.app.state.services
    body = await read_body(request, CreateApiKey)
    expires_at = None if body.expires_at is None else datetime.fromisoformat(body.expires_at).astimezone(UTC)
    created = Record("api_key.created", subject=lambda made: made[0].id, details=lambda made: _details(made[0]))
    key, raw_key = await write_recorded(
        services,
        access,
        created,
        api_keys.create_api_key,
        team_id=access.team_id,
        project_id=body.project_id,
        name=body.name,
        scopes=body.scopes or (),
        expires_at=expires_at,
        now=services.clock.now(),
    )
    shown = CreatedKeyBody(
        id=key.id,
        name=key.name,
        prefix=key.prefix,
        project_id=key.project_id,
        scopes=key.scopes,
        expires_at=None if key.expires_at is None else iso(key.expires_at),
        created_at=iso(key.created_at),
    )
    return json_response(CreatedKeyAnswer(shown, raw_key), 201)


@router.delete("/api-keys/{keyId}", **operation(role=Role.ADMIN, answers={200: Success}))
async def revoke_api_key(request: Request, access: Annotated[TeamAccess, Depends(TeamAllowed(Role.ADMIN))]) -> Response:
    """Revoke an API key.

    For good, in every server within a second.
    """
    services: Services = request.app.state.services
    await write_recorded(
        services,
        access,
        Record("api_key.revoked", subject=lambda key: key.id, details=_details),
        api_keys.revoke_api_key,
        team_id=access.team_id,
        key_id=path_id(request, "keyId", "key_", "API key"),
        now=services.clock.now(),
    )
    services.known_keys.forget()
    return json_response(Success(success=True))
