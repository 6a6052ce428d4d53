"""The OpenAPI description of a route, written beside its code and made into a true 3.1 document (contract section 2).

The routes take the bare request, because the order of checks is fixed (contract G1) and a framework that validates bodies
first would break it. So the framework cannot know what they take; `operation` says it, from the very models and structs
that read and write, and `document` puts it together: path parameters, shared errors, named schemas, the security scheme.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

import msgspec
from fastapi import FastAPI
from fastapi.routing import APIRoute
from starlette.routing import BaseRoute

from billfold.base.paging import DEFAULT_LIMIT, LARGEST_LIMIT, LARGEST_OFFSET
from billfold.domain.tenancy.idempotency_keys import LONGEST_KEY
from billfold.domain.tenancy.members import Role
from billfold.entrypoints.api.billing.bodies import ChangeBody, RequestBody
from billfold.entrypoints.caller import needed_role
from billfold.entrypoints.examples import add_examples
from billfold.entrypoints.openapi import (
    Schema,
    answer_of,
    describe,
    plain,
    refusals,
)

_ERRORS: Final[Mapping[int, str]] = {
    400: "Something that was sent is not valid, or Stripe refused it; the message says what.",
    401: "There is no API key and no session, or it is unknown, revoked or expired; or a key where only a session counts.",
    403: (
        "The API key is another team's, is limited to another project, or lacks the scope; or the person is not in the team, or "
        "his role does not reach."
    ),
    404: "It does not exist, or belongs to another project.",
    405: "The address does not answer to that method.",
    408: "The request took too long to arrive.",
    409: "It clashes with what is already stored, or the Idempotency-Key was used for another request.",
    410: "What was asked for is not kept any more; the message says how to go on.",
    413: "The body is larger than 1 MiB.",
    414: "The address is longer than 16 KiB.",
    415: "The body is compressed.",
    429: "Too many requests with a wrong API key, or waiting for events; wait for the seconds in Retry-After.",
    431: "The headers are longer than 64 KiB.",
    500: "Something went wrong on our side.",
    503: "Stripe or the database does not answer; try again after the seconds in Retry-After.",
}
_READ_ERRORS: Final = (400, 401, 403, 404, 414, 429, 431, 500, 503)
_WRITE_ERRORS: Final = (400, 401, 403, 404, 408, 409, 413, 414, 415, 429, 431, 500, 503)
_WITH_RETRY_AFTER: Final = frozenset({429, 503})

_DIGITS: Final = 999_999_999_999
LIMIT: Final[Schema] = {
    "name": "limit",
    "in": "query",
    "description": f"How many rows at most; more than {LARGEST_LIMIT} are never given.",
    "schema": {"type": "integer", "minimum": 1, "maximum": _DIGITS, "default": DEFAULT_LIMIT},
}
OFFSET: Final[Schema] = {
    "name": "offset",
    "in": "query",
    "description": "How many rows to skip.",
    "schema": {"type": "integer", "minimum": 0, "maximum": LARGEST_OFFSET, "default": 0},
}
PAGE: Final = (LIMIT, OFFSET)
_IDEMPOTENCY_KEY: Final[Schema] = {
    "name": "Idempotency-Key",
    "in": "header",
    "description": "A random text. The same key with the same request gets the same answer for 24 hours.",
    "schema": {"type": "string", "minLength": 1, "maxLength": LONGEST_KEY},
}
_PATH_PARAMETERS: Final[Mapping[str, str]] = {
    "teamId": "The team, `team_…`.",
    "projectId": "The project, `proj_…`.",
    "customerId": "The customer, `pc_…`.",
    "productId": "The product, `pp_…`.",
    "priceId": "The price, `pri_…`.",
    "referralId": "The referral, `ref_…`.",
    "subscriptionId": "The subscription, `ps_…`.",
    "programKey": "The program's key, such as `sign_up_bonus`.",
    "code": "The referral code, eight characters, in upper or lower case.",
    "userId": "The member, `user_…`.",
    "invitationId": "The invitation, `inv_…`.",
    "keyId": "The API key, `key_…`.",
    "webhookId": "The webhook, `we_…`.",
    "deliveryId": "The delivery, `del_…`.",
    "publishableKeyId": "The publishable key's id, `pkey_…`.",
    "promotionCodeId": "The id of the tie, `tie_…`.",
}


def query_flag(name: str, description: str, *, default: bool) -> Schema:
    """Describe a boolean query parameter."""
    return {"name": name, "in": "query", "description": description, "schema": {"type": "boolean", "default": default}}


def query_text(name: str, description: str) -> Schema:
    """Describe an optional query parameter that holds a text."""
    return {"name": name, "in": "query", "description": description, "schema": {"type": "string"}}


def operation(
    *,
    scope: str | None = None,
    role: Role | None = None,
    answers: Mapping[int, type[msgspec.Struct]],
    body: type[RequestBody] | None = None,
    parameters: Sequence[Schema] = (),
    is_read: bool = False,
    takes_idempotency_key: bool = False,
    more_errors: Sequence[int] = (),
) -> dict[str, Any]:
    """Return the arguments that describe a route to its decorator.

    `scope` is the one that its `Allowed` checks, `role` the one that its `TeamAllowed` checks; neither: whoever is signed in may.
    `answers` maps each success status to its body; `parameters` are those of
    the query. Errors are the same for every reading and every writing route, but for `more_errors`.
    """
    described: Schema = {
        **_caller(scope, role),
        "parameters": [*parameters, *((_IDEMPOTENCY_KEY,) if takes_idempotency_key else ())],
        "responses": {
            **{str(status): answer_of(shape) for status, shape in answers.items()},
            **{
                str(status): {"$ref": f"#/components/responses/Error{status}"}
                for status in sorted({*(_READ_ERRORS if is_read else _WRITE_ERRORS), *more_errors})
            },
        },
    }
    if body is not None:
        schema = plain(body.model_json_schema(by_alias=True), is_change=issubclass(body, ChangeBody))
        described["requestBody"] = {"required": True, "content": {"application/json": {"schema": schema}}}
    return {"status_code": min(answers), "response_model": None, "openapi_extra": described}


def _caller(scope: str | None, role: Role | None) -> Schema:
    """Describe who may call: a key with the scope or a member of the role that stands for it, or a session alone."""
    if scope is not None:
        return {
            "security": [{"apiKey": []}, {"session": []}],
            "x-required-scope": scope,
            "x-required-role": needed_role(scope).value,
        }
    return {"security": [{"session": []}], **({} if role is None else {"x-required-role": role.value})}


def document(app: FastAPI, routes: Sequence[BaseRoute]) -> Schema:
    """Return the OpenAPI 3.1 document of an application's routes."""
    made, named = describe(app, routes, _PATH_PARAMETERS)
    made["components"] = {
        "schemas": {**named, "Error": _ERROR_SCHEMA},
        "responses": refusals(_ERRORS, _WITH_RETRY_AFTER),
        "securitySchemes": {
            "apiKey": {
                "type": "http",
                "scheme": "bearer",
                "description": "An API key, `bs_` and 48 hexadecimal digits.",
            },
            "session": {
                "type": "apiKey",
                "in": "cookie",
                "name": "__Host-billfold_session",
                "description": (
                    "The cookie of somebody who is signed in. A request that changes something also needs the `Origin` of "
                    "this server, as browsers send it. If an Authorization header is sent, the cookie is not looked at."
                ),
            },
        },
    }
    return add_examples(made, "billing")


def operation_id(route: APIRoute) -> str:
    """Name an operation after its function."""
    return route.name


_ERROR_SCHEMA: Final[Schema] = {
    "title": "Error",
    "type": "object",
    "required": ["error"],
    "properties": {"error": {"type": "string", "description": "What is wrong, and what to do."}},
}
