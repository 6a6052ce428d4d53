"""`…/webhooks`: the addresses of a team's own that are told what happens in a project (issue 5, part 1)."""

from __future__ import annotations

from typing import Annotated, Final

from fastapi import APIRouter, Depends, Request, Response
from pydantic import Field, StringConstraints, WithJsonSchema

from billfold.base.clock import iso
from billfold.base.errors import Invalid
from billfold.domain.webhooks import endpoints
from billfold.domain.webhooks.endpoints import ALL_TYPES, LONGEST_DESCRIPTION, LONGEST_URL, Change, Endpoint
from billfold.domain.webhooks.public_types import PUBLIC_TYPES
from billfold.entrypoints.api.billing.access import Allowed, path_id
from billfold.entrypoints.api.billing.answers import Body, Success, Timestamp, json_response
from billfold.entrypoints.api.billing.bodies import ChangeBody, RequestBody, given_fields, read_body
from billfold.entrypoints.api.billing.fields import cleared
from billfold.entrypoints.api.billing.operations import operation
from billfold.entrypoints.caller import Access
from billfold.entrypoints.recording import Record, changes, write_recorded
from billfold.entrypoints.services import Services
from billfold.infrastructure.outbound import AddressRefused, Outbound

router = APIRouter(tags=["Webhooks"])
READ: Final = "webhooks:read"
WRITE: Final = "webhooks:write"

_URL_TEXT: Final = (
    f"an https address of at most {LONGEST_URL} ASCII characters, such as https://app.example.com/webhooks"
)
_TYPES_TEXT: Final = 'a list of event types such as "payment.succeeded", or ["*"] for all'
_DESCRIPTION_TEXT: Final = f"one line of at most {LONGEST_DESCRIPTION} characters, or null"

_Url = Annotated[
    str,
    StringConstraints(min_length=1, max_length=LONGEST_URL, pattern=r"^[Hh][Tt][Tt][Pp][Ss]?://[\x21-\x7e]+$"),
    Field(description=_URL_TEXT),
]
_Types = Annotated[
    list[Annotated[str, StringConstraints(max_length=100)]],
    WithJsonSchema(
        {
            "type": "array",
            "minItems": 1,
            "maxItems": len(PUBLIC_TYPES) + 1,
            "items": {"type": "string", "enum": [ALL_TYPES, *PUBLIC_TYPES]},
        }
    ),
    Field(min_length=1, max_length=len(PUBLIC_TYPES) + 1, description=_TYPES_TEXT),
]
_Description = Annotated[
    Annotated[str, StringConstraints(max_length=LONGEST_DESCRIPTION, pattern=r"^[^\x00-\x1f\x7f]*$")] | None,
    Field(description=_DESCRIPTION_TEXT),
]


class WebhookBody(Body):
    """A webhook endpoint; its secret is never shown again.

    `disabledReason` is `person`, `failing` (it took nothing for five days) or `gone` (it answered 410); `failingSince` is set
    from its first failure to its next success; until `previousSecretUntil` the secret before the last rotation signs too.
    """

    id: str
    project_id: str
    url: str
    types: list[str]
    description: str | None
    enabled: bool
    disabled_reason: str | None
    disabled_at: Timestamp | None
    failing_since: Timestamp | None
    previous_secret_until: Timestamp | None
    created_at: Timestamp
    updated_at: Timestamp


class WebhookAnswer(Body):
    """The webhook."""

    webhook: WebhookBody


class WebhookSecretAnswer(Body):
    """The webhook with its signing secret, `whsec_…`, which is shown this once."""

    webhook: WebhookBody
    secret: str


class WebhooksAnswer(Body):
    """A project's webhooks, oldest first."""

    webhooks: list[WebhookBody]


class CreateWebhook(RequestBody):
    """A new webhook."""

    url: _Url
    types: _Types = Field(default_factory=lambda: ["*"])
    description: _Description = None
    enabled: Annotated[bool, Field(description="true or false")] = True


class UpdateWebhook(ChangeBody):
    """What to change."""

    url: _Url = ""
    types: _Types = Field(default_factory=list)
    description: _Description = None
    enabled: Annotated[bool, Field(description="true or false")] = True


def shape(endpoint: Endpoint) -> WebhookBody:
    """Return an endpoint as this surface shows it."""
    return WebhookBody(
        id=endpoint.id,
        project_id=endpoint.project_id,
        url=endpoint.url,
        types=endpoint.types,
        description=endpoint.description,
        enabled=endpoint.is_enabled,
        disabled_reason=endpoint.off_reason,
        disabled_at=None if endpoint.off_at is None else iso(endpoint.off_at),
        failing_since=None if endpoint.failing_since is None else iso(endpoint.failing_since),
        previous_secret_until=None if endpoint.previous_secret_until is None else iso(endpoint.previous_secret_until),
        created_at=iso(endpoint.created_at),
        updated_at=iso(endpoint.updated_at),
    )


@router.get("/webhooks", **operation(scope=READ, answers={200: WebhooksAnswer}, is_read=True))
async def list_webhooks(request: Request, access: Annotated[Access, Depends(Allowed(READ))]) -> Response:
    """List webhooks.

    All of the project, oldest first: there are at most a hundred.
    """
    services: Services = request.app.state.services
    rows = await services.db.read(endpoints.endpoints_of_project, access.project_id)
    return json_response(WebhooksAnswer([shape(row) for row in rows]))


@router.post("/webhooks", **operation(scope=WRITE, answers={201: WebhookSecretAnswer}, body=CreateWebhook))
async def create_webhook(request: Request, access: Annotated[Access, Depends(Allowed(WRITE))]) -> Response:
    """Create a webhook.

    Its signing secret is in this answer only. An `Idempotency-Key` is not taken: the answer would have to be kept, with the
    secret.
    """
    services: Services = request.app.state.services
    body = await read_body(request, CreateWebhook)
    require_callable(services, body.url)
    made, secret = await write_recorded(
        services,
        access,
        Record("webhook.created", subject=lambda result: result[0].id),
        endpoints.create_endpoint,
        services.sealer,
        team_id=access.team_id,
        project_id=access.project_id,
        url=body.url,
        types=body.types,
        description=body.description,
        is_enabled=body.enabled,
        now=services.clock.now(),
    )
    return json_response(WebhookSecretAnswer(shape(made), secret), 201)


@router.get("/webhooks/{webhookId}", **operation(scope=READ, answers={200: WebhookAnswer}, is_read=True))
async def get_webhook(request: Request, access: Annotated[Access, Depends(Allowed(READ))]) -> Response:
    """Get a webhook."""
    services: Services = request.app.state.services
    found = await services.db.read(endpoints.get_endpoint, access.project_id, webhook_id(request))
    return json_response(WebhookAnswer(shape(found)))


@router.patch("/webhooks/{webhookId}", **operation(scope=WRITE, answers={200: WebhookAnswer}, body=UpdateWebhook))
async def update_webhook(request: Request, access: Annotated[Access, Depends(Allowed(WRITE))]) -> Response:
    """Update a webhook.

    While it is disabled it goes on collecting events; `"enabled": true` sends what waits, in order.
    """
    services: Services = request.app.state.services
    body = await read_body(request, UpdateWebhook)
    given = given_fields(body)
    if "url" in given:
        require_callable(services, body.url)
    changed = await write_recorded(
        services,
        access,
        changes("webhook.updated", given),
        endpoints.change_endpoint,
        project_id=access.project_id,
        endpoint_id=webhook_id(request),
        change=Change(
            url=body.url if "url" in given else None,
            types=body.types if "types" in given else None,
            description=cleared(body.description, "description", given),
            is_enabled=body.enabled if "enabled" in given else None,
        ),
        now=services.clock.now(),
    )
    return json_response(WebhookAnswer(shape(changed)))


@router.delete("/webhooks/{webhookId}", **operation(scope=WRITE, answers={200: Success}))
async def delete_webhook(request: Request, access: Annotated[Access, Depends(Allowed(WRITE))]) -> Response:
    """Delete a webhook.

    With all that waits for it and the record of what it was sent.
    """
    services: Services = request.app.state.services
    await write_recorded(
        services,
        access,
        Record("webhook.deleted", subject=lambda gone: gone.id),
        endpoints.delete_endpoint,
        project_id=access.project_id,
        endpoint_id=webhook_id(request),
        now=services.clock.now(),
    )
    return json_response(Success(success=True))


@router.post("/webhooks/{webhookId}/rotate-secret", **operation(scope=WRITE, answers={200: WebhookSecretAnswer}))
async def rotate_webhook_secret(request: Request, access: Annotated[Access, Depends(Allowed(WRITE))]) -> Response:
    """Rotate a webhook's secret.

    The new one is in this answer only. For 24 hours the one before it signs beside it, so that a receiver may check either.
    """
    services: Services = request.app.state.services
    rotated, secret = await write_recorded(
        services,
        access,
        Record("webhook.secret_rotated", subject=lambda result: result[0].id),
        endpoints.rotate_secret,
        services.sealer,
        project_id=access.project_id,
        endpoint_id=webhook_id(request),
        now=services.clock.now(),
    )
    return json_response(WebhookSecretAnswer(shape(rotated), secret))


def webhook_id(request: Request) -> str:
    """Return the id of the path, or raise `NotFound`."""
    return path_id(request, "webhookId", "we_", "Webhook")


def require_callable(services: Services, url: str) -> None:
    """Raise `Invalid` for an address that is refused whatever its name leads to; where it leads is asked at each try."""
    try:
        Outbound(allow_private=services.settings.outbound_private).check_url(url)
    except AddressRefused as refused:
        raise Invalid(f"url cannot be called: {refused}") from None
