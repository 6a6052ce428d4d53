"""How this surface says no: `{"statusCode", "message", "error", "code"?}` (contract affiliate.md, section 1)."""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus
from typing import Final

import msgspec
from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException

from billfold.base.errors import BillfoldError, Conflict, Forbidden, Invalid, NotFound, Unavailable
from billfold.domain.billing.customer_sign_in import TokenExpired, TokenInvalid, TokenUsed
from billfold.domain.partners.partners import NotAPartner, PartnerSuspended
from billfold.domain.partners.programs import ProgramOff
from billfold.entrypoints.allowed_methods import allow_header
from billfold.entrypoints.caller import Unauthorized
from billfold.entrypoints.sign_in import TooManyAttempts


class TooMany(BillfoldError):
    """The caller has used his requests of this minute up; the headers of every answer say when he may ask again."""

    def __init__(self, seconds: int) -> None:
        super().__init__(f"Too many requests. Try again in {seconds} seconds.")
        self.seconds = seconds


_STATUS: Final[Mapping[type[BillfoldError], int]] = {
    Invalid: 400,
    Unauthorized: 401,
    TokenInvalid: 401,
    Forbidden: 403,
    NotFound: 404,
    Conflict: 409,
    TooManyAttempts: 429,
    TooMany: 429,
    Unavailable: 503,
}
# The published codes, and those of the contract's own additions; an error of the first kind that fits.
_CODE: Final[Mapping[type[BillfoldError], str]] = {
    TokenUsed: "TOKEN_ALREADY_USED",
    TokenExpired: "TOKEN_EXPIRED",
    TokenInvalid: "TOKEN_INVALID",
    PartnerSuspended: "AFFILIATE_SUSPENDED",
    ProgramOff: "FEATURE_NOT_AVAILABLE",
    NotAPartner: "NOT_AN_AFFILIATE",
    Invalid: "VALIDATION_ERROR",
    Unauthorized: "UNAUTHORIZED",
    NotFound: "NOT_FOUND",
}
_OWN_WORDS: Final = {
    404: "There is nothing at this address.",
    405: "This address does not answer to that method: the Allow header lists those that it does.",
}


class Coded(BillfoldError):
    """A refusal with a status and a code of this surface's own."""

    def __init__(self, status: int, message: str, code: str | None = None) -> None:
        super().__init__(message)
        self.status = status
        self.code = code


class _Refusal(msgspec.Struct, rename="camel", omit_defaults=True):
    status_code: int
    message: str
    error: str
    code: str | None = None


def envelope(status: int, message: str) -> bytes:
    """Return the body of a refusal without a code; what a limit in front of the surface says is put into the same words."""
    return msgspec.json.encode(_Refusal(status, message, _phrase(status)))


def error_response(
    status: int, message: str, code: str | None = None, headers: Mapping[str, str] | None = None
) -> Response:
    """Return an error in this surface's envelope; no cache may keep it."""
    body = msgspec.json.encode(_Refusal(status, message, _phrase(status), code))
    return Response(
        body, status, headers={"cache-control": "no-store", **(headers or {})}, media_type="application/json"
    )


def business_response(error: BillfoldError) -> Response:
    """Return what an error of the domain is on this surface."""
    if isinstance(error, Coded):
        return error_response(error.status, error.message, error.code)
    status = next((_STATUS[kind] for kind in type(error).__mro__ if kind in _STATUS), 500)
    code = next((_CODE[kind] for kind in type(error).__mro__ if kind in _CODE), None)
    headers = {}
    if isinstance(error, TooManyAttempts | TooMany):
        headers = {"retry-after": str(error.seconds)}
    elif isinstance(error, Unavailable):
        headers = {"retry-after": str(error.retry_after_seconds)}
    elif isinstance(error, Unauthorized):
        headers = {"www-authenticate": "Bearer"}
    return error_response(status, error.message, code, headers)


def unexpected_response() -> Response:
    """Return what is told of what nobody expected."""
    return error_response(500, "Something went wrong on our side. Try again.", "UNKNOWN_ERROR")


def add_error_handlers(app: FastAPI) -> None:
    """Have what no endpoint answers, unknown addresses above all, answered in the envelope too."""
    app.add_exception_handler(BillfoldError, _business)
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(RequestValidationError, _framework)
    app.add_exception_handler(Exception, _unexpected)


def _phrase(status: int) -> str:
    return HTTPStatus(status).phrase


async def _business(request: Request, error: Exception) -> Response:
    del request
    assert isinstance(error, BillfoldError)  # noqa: S101 - registered for this type alone
    return business_response(error)


async def _http(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)  # noqa: S101 - registered for this type alone
    code = "NOT_FOUND" if error.status_code == 404 else None  # noqa: PLR2004 - HTTP's number
    message = _OWN_WORDS.get(error.status_code, str(error.detail))
    headers = allow_header(request) if error.status_code == 405 else error.headers  # noqa: PLR2004 - HTTP's number
    return error_response(error.status_code, message, code, headers)


async def _framework(request: Request, error: Exception) -> Response:
    del request, error
    return error_response(400, "The request is not valid.", "VALIDATION_ERROR")


async def _unexpected(request: Request, error: Exception) -> Response:
    del request, error
    return unexpected_response()
