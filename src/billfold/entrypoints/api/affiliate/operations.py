"""The OpenAPI description of a route of this surface, beside its code, and the document that they make."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

import msgspec
from fastapi import FastAPI
from fastapi.routing import APIRoute
from starlette.routing import BaseRoute

from billfold.base.paging import DEFAULT_LIMIT, LARGEST_LIMIT, LARGEST_OFFSET
from billfold.entrypoints.api.affiliate.access import CustomerAllowed, Guard, KeyAllowed, MemberAllowed
from billfold.entrypoints.caller import needed_role
from billfold.entrypoints.examples import add_examples
from billfold.entrypoints.json_bodies import ChangeBody, RequestBody
from billfold.entrypoints.openapi import (
    Schema,
    answer_of,
    describe,
    plain,
    refusals,
)

_ERRORS: Final[Mapping[int, str]] = {
    400: "Something that was sent is not valid; the message says what.",
    401: "There is no credential, or it is unknown, revoked, expired, or of another kind than this address takes.",
    403: "The key lacks the scope, the member's role does not reach, or the program is switched off.",
    404: "It does not exist, or belongs to another app.",
    409: "It clashes with what is already stored.",
    429: "Too many requests in this minute; wait for the seconds in Retry-After.",
    500: "Something went wrong on our side.",
    503: "Stripe or the database does not answer; try again after the seconds in Retry-After.",
}
_READ_ERRORS: Final = (400, 401, 403, 404, 429, 500, 503)
_WITH_RETRY_AFTER: Final = frozenset({429, 503})
_COUNTED: Final = {
    "X-RateLimit-Limit": "How many requests a minute this caller may send.",
    "X-RateLimit-Remaining": "How many are left of them.",
    "X-RateLimit-Reset": "The Unix second at which all of them are there again.",
}
_PATH_PARAMETERS: Final[Mapping[str, str]] = {
    "appId": "The app: a project, `proj_…`.",
    "applicationId": "The application, `apl_…`.",
    "affiliateId": "The partner, `aff_…`.",
    "customerId": "The customer, `pc_…`.",
    "commissionId": "The commission, `rw_…`.",
    "reviewId": "The review, `rev_…`.",
    "payoutId": "The payout, `po_…`.",
    "batchId": "The batch of payouts, `pob_…`.",
    "dealId": "The deal, `deal_…`.",
}
PAGE: Final[tuple[Schema, ...]] = (
    {
        "name": "limit",
        "in": "query",
        "description": f"How many rows at most; more than {LARGEST_LIMIT} are never given.",
        "schema": {"type": "integer", "minimum": 1, "default": DEFAULT_LIMIT},
    },
    {
        "name": "offset",
        "in": "query",
        "description": "How many rows to skip.",
        "schema": {"type": "integer", "minimum": 0, "maximum": LARGEST_OFFSET, "default": 0},
    },
)


def query_text(name: str, description: str, *, is_required: bool = False, **schema: Any) -> Schema:
    """Describe a query parameter that holds a text."""
    described = {"name": name, "in": "query", "description": description, "schema": {"type": "string", **schema}}
    return {**described, "required": True} if is_required else described


def operation(
    guard: Guard,
    *,
    answers: Mapping[int, type[msgspec.Struct]],
    body: type[RequestBody] | None = None,
    parameters: Sequence[Schema] = (),
) -> dict[str, Any]:
    """Return the arguments that describe a route to its decorator; `guard` is the one that it depends on."""
    errors = _READ_ERRORS if body is None else (*_READ_ERRORS, 409)
    described: Schema = {
        **_caller(guard),
        "parameters": [*parameters],
        "responses": {
            **{str(status): _counted(answer_of(shape)) for status, shape in answers.items()},
            **{str(status): {"$ref": f"#/components/responses/Error{status}"} for status in sorted(errors)},
        },
    }
    if body is not None:
        schema = plain(body.model_json_schema(by_alias=True), is_change=issubclass(body, ChangeBody))
        described["requestBody"] = {"required": True, "content": {"application/json": {"schema": schema}}}
    return {"status_code": min(answers), "response_model": None, "openapi_extra": described}


def _caller(guard: Guard) -> Schema:
    if isinstance(guard, KeyAllowed):
        return {"security": [{"apiKey": []}, {"bearerKey": []}], "x-required-scope": guard.scope}
    if isinstance(guard, CustomerAllowed):
        return {"security": [{"customerSession": []}]}
    if isinstance(guard, MemberAllowed):
        return {
            "security": [{"member": []}, {"consoleSession": []}],
            "x-required-role": needed_role(guard.scope).value,
        }
    return {"security": []}


def _counted(answer: Schema) -> Schema:
    headers = {name: {"description": text, "schema": {"type": "integer"}} for name, text in _COUNTED.items()}
    return {**answer, "headers": headers}


def document(app: FastAPI, routes: Sequence[BaseRoute]) -> Schema:
    """Return the OpenAPI 3.1 document of an application's routes."""
    made, named = describe(app, routes, _PATH_PARAMETERS)
    made["components"] = {
        "schemas": {**named, "Error": _ERROR_SCHEMA},
        "responses": refusals(_ERRORS, _WITH_RETRY_AFTER),
        "securitySchemes": _SCHEMES,
    }
    return add_examples(made, "affiliate")


def operation_id(route: APIRoute) -> str:
    """Name an operation after its function."""
    return route.name


_SCHEMES: Final[Schema] = {
    "apiKey": {"type": "apiKey", "in": "header", "name": "x-api-key", "description": "An API key, `bs_…`."},
    "bearerKey": {"type": "http", "scheme": "bearer", "description": "The same key as `Authorization: Bearer`."},
    "customerSession": {
        "type": "http",
        "scheme": "bearer",
        "bearerFormat": "JWT",
        "description": "A customer's session token, from `/v1/apps/{appId}/auth/verify`; `x-session-token` holds it too.",
    },
    "member": {
        "type": "http",
        "scheme": "bearer",
        "bearerFormat": "JWT",
        "description": "A member's token, from `POST /v1/auth/login`.",
    },
    "consoleSession": {
        "type": "apiKey",
        "in": "cookie",
        "name": "__Host-billfold_session",
        "description": "The console's cookie; a request that changes something needs the `Origin` of this server too.",
    },
}
_ERROR_SCHEMA: Final[Schema] = {
    "title": "Error",
    "type": "object",
    "required": ["statusCode", "message", "error"],
    "properties": {
        "statusCode": {"type": "integer"},
        "message": {"type": "string", "description": "What is wrong, and what to do."},
        "error": {"type": "string", "description": "HTTP's phrase for the status."},
        "code": {"type": "string", "description": "A word for programs, such as `VALIDATION_ERROR`."},
    },
}
