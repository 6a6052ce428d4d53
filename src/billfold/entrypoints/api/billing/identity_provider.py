"""`…/identity-provider`: the logins whose tokens a project believes (issue 3, part 1). A secret is never shown again."""

from __future__ import annotations

from typing import Annotated, Any, Final, Literal

import msgspec
from fastapi import APIRouter, Depends, Request, Response
from pydantic import Field, StringConstraints

from billfold.base.clock import iso
from billfold.base.errors import Invalid
from billfold.domain.tenancy.identities import (
    JWKS_URL,
    LARGEST_LEEWAY_SECONDS,
    LONGEST_NAME,
    LONGEST_SECRET,
    MOST_AUDIENCES,
    IdentityProvider,
    WantedProvider,
    delete_provider,
    providers_of_project,
    put_provider,
)
from billfold.entrypoints.api.billing.access import Allowed
from billfold.entrypoints.api.billing.answers import Body, Success, Timestamp, json_response
from billfold.entrypoints.api.billing.bodies import RequestBody, read_body
from billfold.entrypoints.api.billing.fields import text_of
from billfold.entrypoints.api.billing.operations import operation, query_text
from billfold.entrypoints.caller import FULL_ACCESS, Access
from billfold.entrypoints.recording import Record, write_recorded
from billfold.entrypoints.services import Services
from billfold.infrastructure.outbound import AddressRefused, Outbound

router = APIRouter(tags=["Identity providers"])
_LONGEST_URL: Final = 2_048

_Name = Annotated[str, text_of(LONGEST_NAME)]


class IdentityProviderBody(Body):
    """A login of a project; `hasSecret` tells that a shared secret is stored, which is never shown."""

    id: str
    project_id: str
    issuer: str
    audiences: list[str]
    kind: str
    algorithms: list[str]
    jwks_url: str | None
    jwks: dict[str, Any] | None
    has_secret: bool
    leeway_seconds: int
    proves_emails: bool
    is_active: bool
    created_at: Timestamp
    updated_at: Timestamp


class IdentityProviderAnswer(Body):
    """The login."""

    identity_provider: IdentityProviderBody


class IdentityProvidersAnswer(Body):
    """A project's logins, by issuer."""

    identity_providers: list[IdentityProviderBody]


class PutIdentityProvider(RequestBody):
    """A login, whole: what is left out has its default, but a secret that is left out stays."""

    issuer: Annotated[_Name, Field(description=f"the exact iss of the tokens, 1 to {LONGEST_NAME} characters")]
    audiences: Annotated[
        list[_Name],
        Field(min_length=1, max_length=MOST_AUDIENCES, description=f"a list of 1 to {MOST_AUDIENCES} values of aud"),
    ]
    kind: Annotated[Literal["jwks_url", "jwks", "secret"], Field(description='"jwks_url", "jwks" or "secret"')]
    algorithms: Annotated[
        list[Literal["RS256", "ES256", "EdDSA", "HS256"]],
        Field(
            max_length=4,
            description="a list of RS256, ES256 and EdDSA, or HS256 for a secret; empty means all of the kind",
        ),
    ] = Field(default_factory=list)
    jwks_url: Annotated[
        Annotated[str, StringConstraints(min_length=1, max_length=_LONGEST_URL)] | None,
        Field(description="the https address of the login's JWK Set, for the kind jwks_url"),
    ] = None
    jwks: Annotated[
        dict[str, Any] | None, Field(description='a JWK Set, {"keys": […]} with public keys only, for the kind jwks')
    ] = None
    secret: Annotated[
        Annotated[str, text_of(LONGEST_SECRET)] | None,
        Field(description="the shared secret, at least 32 bytes, for the kind secret"),
    ] = None
    leeway_seconds: Annotated[
        int,
        Field(
            ge=0,
            le=LARGEST_LEEWAY_SECONDS,
            description=f"how many seconds clocks may differ, from 0 to {LARGEST_LEEWAY_SECONDS}",
        ),
    ] = 0
    proves_emails: Annotated[
        bool,
        Field(
            description="true if this login proves every address before it issues tokens: then a token without email_verified "
            "counts as proved"
        ),
    ] = False
    is_active: Annotated[bool, Field(description="whether tokens of this login are taken")] = True


def shape(provider: IdentityProvider) -> IdentityProviderBody:
    """Return a login as this surface shows it."""
    return IdentityProviderBody(
        id=provider.id,
        project_id=provider.project_id,
        issuer=provider.issuer,
        audiences=provider.audiences,
        kind=provider.kind,
        algorithms=provider.algorithms,
        jwks_url=provider.jwks_url,
        jwks=None if provider.jwks is None else msgspec.json.decode(provider.jwks),
        has_secret=provider.secret_sealed is not None,
        leeway_seconds=provider.leeway_seconds,
        proves_emails=provider.proves_emails,
        is_active=provider.is_active,
        created_at=iso(provider.created_at),
        updated_at=iso(provider.updated_at),
    )


@router.get("/identity-provider", **operation(scope=FULL_ACCESS, answers={200: IdentityProvidersAnswer}, is_read=True))
async def list_identity_providers(
    request: Request, access: Annotated[Access, Depends(Allowed(FULL_ACCESS))]
) -> Response:
    """List identity providers.

    The logins whose tokens the referral API believes for this project. It takes a key with full access, or an admin.
    """
    services: Services = request.app.state.services
    found = await services.db.read(providers_of_project, access.project_id)
    return json_response(IdentityProvidersAnswer([shape(each) for each in found]))


@router.put(
    "/identity-provider",
    **operation(scope=FULL_ACCESS, answers={200: IdentityProviderAnswer}, body=PutIdentityProvider),
)
async def put_identity_provider(request: Request, access: Annotated[Access, Depends(Allowed(FULL_ACCESS))]) -> Response:
    """Set an identity provider.

    New, or in place of the one with the same issuer. An issuer and audience that another project has is answered with 409:
    a token must say which project it is for.
    """
    services: Services = request.app.state.services
    body = await read_body(request, PutIdentityProvider)
    if body.kind == JWKS_URL and body.jwks_url is not None:
        try:
            Outbound(allow_private=services.settings.outbound_private).check_url(body.jwks_url)
        except AddressRefused as refused:
            raise Invalid(f"jwksUrl cannot be called: {refused}") from None
    wanted = WantedProvider(
        issuer=body.issuer,
        audiences=body.audiences,
        kind=body.kind,
        algorithms=body.algorithms,
        jwks_url=body.jwks_url,
        jwks=None if body.jwks is None else msgspec.json.encode(body.jwks).decode(),
        secret=body.secret,
        leeway_seconds=body.leeway_seconds,
        proves_emails=body.proves_emails,
        is_active=body.is_active,
    )
    provider = await write_recorded(
        services,
        access,
        Record("identity_provider.set", subject=lambda made: made.id, details=_details),
        put_provider,
        services.sealer,
        team_id=access.team_id,
        project_id=access.project_id,
        wanted=wanted,
        now=services.clock.now(),
    )
    return json_response(IdentityProviderAnswer(shape(provider)))


@router.delete(
    "/identity-provider",
    **operation(
        scope=FULL_ACCESS,
        answers={200: Success},
        parameters=(query_text("issuer", "Which one, if the project has several."),),
    ),
)
async def delete_identity_provider(
    request: Request, access: Annotated[Access, Depends(Allowed(FULL_ACCESS))]
) -> Response:
    """Remove an identity provider.

    Its tokens are refused within a second. The customers that they made stay.
    """
    services: Services = request.app.state.services
    await write_recorded(
        services,
        access,
        Record("identity_provider.removed", subject=lambda gone: gone.id, details=_details),
        delete_provider,
        project_id=access.project_id,
        issuer=request.query_params.get("issuer"),
    )
    return json_response(Success(success=True))


def _details(provider: IdentityProvider) -> dict[str, object]:
    return {"issuer": provider.issuer, "kind": provider.kind}
