"""How this surface says no: each error of the domain as a status and `{"error": "<what is wrong and what to do>"}`.

The statuses are those of the contract's section 2, with 503 where Stripe or the database does not answer (G13). A text
never holds key material, another tenant's data or a stack trace; what nobody expected is a plain 500.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import msgspec
from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException

from billfold.base.errors import BillfoldError, Conflict, Forbidden, Invalid, NotFound, Unavailable
from billfold.entrypoints.allowed_methods import allow_header
from billfold.entrypoints.caller import Unauthorized

_STATUS: Final[Mapping[type[BillfoldError], int]] = {
    Invalid: 400,
    Unauthorized: 401,
    Forbidden: 403,
    NotFound: 404,
    Conflict: 409,
    Unavailable: 503,
}
_OWN_WORDS: Final = {
    404: "There is nothing at this address: see the API reference for the paths.",
    405: "This address does not answer to that method: the Allow header lists those that it does.",
}


def error_response(status: int, message: str, headers: Mapping[str, str] | None = None) -> Response:
    """Return an error in this surface's envelope."""
    body = msgspec.json.encode({"error": message})
    return Response(body, status, headers=headers, media_type="application/json")


def add_error_handlers(app: FastAPI) -> None:
    """Have every error of this application answered in its envelope, the framework's own ones too (contract G34)."""
    app.add_exception_handler(BillfoldError, _business)
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(RequestValidationError, _framework)
    app.add_exception_handler(Exception, _unexpected)


async def _business(request: Request, error: Exception) -> Response:
    del request
    assert isinstance(error, BillfoldError)  # noqa: S101 - registered for this type alone
    return business_response(error)


def business_response(error: BillfoldError) -> Response:
    """Return what an error of the domain is on this surface."""
    status = next((_STATUS[kind] for kind in type(error).__mro__ if kind in _STATUS), 500)
    headers = None
    if isinstance(error, Unavailable):
        headers = {"retry-after": str(error.retry_after_seconds)}
    elif isinstance(error, Unauthorized):
        headers = {"www-authenticate": "Bearer"}
    return error_response(status, error.message, headers)


async def _http(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)  # noqa: S101 - registered for this type alone
    headers = allow_header(request) if error.status_code == 405 else error.headers  # noqa: PLR2004 - HTTP's number
    return error_response(error.status_code, _OWN_WORDS.get(error.status_code, str(error.detail)), headers)


async def _framework(request: Request, error: Exception) -> Response:
    del request, error
    return error_response(400, "The request is not valid: see the API reference for what this address takes.")


async def _unexpected(request: Request, error: Exception) -> Response:
    # The server's error log gets the traceback; the caller gets nothing of it.
    del request, error
    return unexpected_response()


def unexpected_response() -> Response:
    """Return what is told of what nobody expected."""
    return error_response(500, "Something went wrong on our side. Nothing is known to have been changed; try again.")
