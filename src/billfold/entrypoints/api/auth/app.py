"""The application mounted at `/api/auth`. Every error is `{"error": "<what is wrong and what to do>"}`.

| Call | Does |
|---|---|
| `POST /sign-in` | `{"email", "password"}`, and `"code"` for a second factor → the session's cookie |
| `POST /second-factor` | `{"code"}` finishes a sign-in that was begun without the code |
| `GET /session` | who is signed in, until when, and the teams |
| `POST /sign-out` | ends the session; `{"everywhere": true}` ends every session of the person |

A request of a page of another site is refused: a browser names the page in `Origin`, and asks first before it sends JSON.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Final

import structlog
from starlette.applications import Starlette
from starlette.background import BackgroundTask
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from billfold.base.clock import iso
from billfold.base.crypto import token_hash
from billfold.base.errors import BillfoldError, Conflict, Forbidden, Invalid, NotFound, Unavailable
from billfold.domain.tenancy.members import teams_of_user
from billfold.domain.tenancy.sessions import SessionCaller, find_session
from billfold.domain.tenancy.sign_in import sign_out
from billfold.entrypoints.caller import Unauthorized
from billfold.entrypoints.client_address import client_address
from billfold.entrypoints.services import Services
from billfold.entrypoints.sign_in import (
    TooManyAttempts,
    client_of,
    note_wrong_password,
    pass_second_factor,
    sign_in_by_password,
)
from billfold.entrypoints.web.forms import require_own_origin
from billfold.entrypoints.web.session_cookie import (
    clear_cookie,
    read_session,
    read_unfinished_session,
    set_cookie,
)

_log = structlog.get_logger(__name__)

_LARGEST_BODY: Final = 16 * 1024
_NOBODY: Final = "Nobody is signed in: sign in at POST /api/auth/sign-in."
_STATUS: Final[Mapping[type[BillfoldError], int]] = {
    Invalid: 400,
    Unauthorized: 401,
    Forbidden: 403,
    NotFound: 404,
    Conflict: 409,
    TooManyAttempts: 429,
    Unavailable: 503,
}


def create_auth_api(services: Services) -> Starlette:
    """Return the application."""
    routes = [
        Route("/sign-in", _sign_in, methods=["POST"]),
        Route("/second-factor", _second_factor, methods=["POST"]),
        Route("/session", _session, methods=["GET"]),
        Route("/sign-out", _sign_out, methods=["POST"]),
    ]
    app = Starlette(routes=routes)
    app.router.redirect_slashes = False
    app.state.services = services
    app.add_exception_handler(BillfoldError, _refused)
    app.add_exception_handler(HTTPException, _no_route)
    app.add_exception_handler(Exception, _failed)
    return app


async def _sign_in(request: Request) -> Response:
    services: Services = request.app.state.services
    body = await _read(request)
    email, password, code = _text(body, "email"), _text(body, "password"), body.get("code")
    client = await client_of(services, request)
    try:
        made = await sign_in_by_password(services, client, email=email.strip(), password=password, is_kept=True)
    except Unauthorized as error:
        refused = await _refused(request, error)
        refused.background = BackgroundTask(note_wrong_password, services, client, email)
        return refused
    session = await _found(services, made.token)
    token = made.token
    if made.needs_second_factor and code is not None:
        token = await pass_second_factor(services, session, client, _text(body, "code"))
        session = await _found(services, token)
    answer = _answer(200, {"session": _shape(session)})
    set_cookie(services, answer, token)
    return answer


async def _second_factor(request: Request) -> Response:
    services: Services = request.app.state.services
    body = await _read(request)
    session = await read_unfinished_session(services, request)
    if session is None or session.second_factor_passed:
        raise Unauthorized("There is no sign-in that waits for a code: begin at POST /api/auth/sign-in.")
    client = await client_of(services, request)
    token = await pass_second_factor(services, session, client, _text(body, "code"))
    answer = _answer(200, {"session": _shape(await _found(services, token))})
    set_cookie(services, answer, token, is_kept=session.is_kept)
    return answer


async def _session(request: Request) -> Response:
    services: Services = request.app.state.services
    session = await read_session(services, request)
    if session is None:
        raise Unauthorized(_NOBODY)
    teams = await services.db.read(teams_of_user, session.user_id)
    listed = [{"id": team.id, "name": team.name, "role": team.role} for team in teams]
    return _answer(200, {"session": _shape(session), "teams": listed})


async def _sign_out(request: Request) -> Response:
    services: Services = request.app.state.services
    require_own_origin(services.settings, request.headers, may_be_missing=True)
    body = await _read(request) if await request.body() else {}
    session = await read_unfinished_session(services, request)
    if session is not None:
        await services.db.write(
            sign_out,
            session,
            everywhere=body.get("everywhere") is True,
            address=client_address(request, services.settings),
            now=services.clock.now(),
        )
    answer = _answer(200, {"success": True})
    clear_cookie(services, answer)
    return answer


async def _read(request: Request) -> dict[str, Any]:
    """Return the JSON object that a program or a page of ours sent, or raise `Forbidden` or `Invalid`."""
    services: Services = request.app.state.services
    require_own_origin(services.settings, request.headers, may_be_missing=True)
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != "application/json":
        raise Invalid('Send a JSON object with "Content-Type: application/json".')
    body = await request.body()
    if len(body) > _LARGEST_BODY:
        raise Invalid("The request body is too large.")
    try:
        value = json.loads(body.decode())
    except (ValueError, RecursionError):
        raise Invalid("The request body is not valid JSON.") from None
    if not isinstance(value, dict):
        raise Invalid("The request body must be a JSON object.")
    return value


def _text(body: Mapping[str, Any], name: str) -> str:
    value = body.get(name)
    if not isinstance(value, str) or not value:
        raise Invalid(f"{name} is required: a text.")
    try:
        value.encode()
    except UnicodeEncodeError:
        raise Invalid(f"{name} holds half of a surrogate pair.") from None
    return value


async def _found(services: Services, token: str) -> SessionCaller:
    session = await services.db.read(find_session, token_hash(token), services.clock.now())
    if session is None:
        raise Unauthorized(_NOBODY)
    return session


def _shape(session: SessionCaller) -> dict[str, Any]:
    return {
        "id": session.session_id,
        "userId": session.user_id,
        "email": session.email,
        "secondFactorPassed": session.second_factor_passed,
        "expiresAt": iso(session.expires_at),
    }


def _answer(status: int, content: Any, headers: Mapping[str, str] | None = None) -> Response:
    return JSONResponse(content, status, headers={"cache-control": "no-store", **(headers or {})})


async def _refused(request: Request, error: Exception) -> Response:
    del request
    assert isinstance(error, BillfoldError)  # noqa: S101 - registered for this type alone
    status = next((_STATUS[kind] for kind in type(error).__mro__ if kind in _STATUS), 500)
    headers = {}
    if isinstance(error, TooManyAttempts):
        headers = {"retry-after": str(error.seconds)}
    elif isinstance(error, Unavailable):
        headers = {"retry-after": str(error.retry_after_seconds)}
    elif isinstance(error, Unauthorized):
        headers = {"www-authenticate": "Cookie"}
    return _answer(status, {"error": error.message}, headers)


async def _no_route(request: Request, error: Exception) -> Response:
    del request
    assert isinstance(error, HTTPException)  # noqa: S101 - registered for this type alone
    text = "This address does not answer to that method." if error.status_code == 405 else "There is nothing here."  # noqa: PLR2004
    return _answer(error.status_code, {"error": text}, error.headers)


async def _failed(request: Request, error: Exception) -> Response:
    _log.error("auth.failed", path=request.url.path, exc_info=error)
    return _answer(500, {"error": "Something went wrong on our side. Try again."})
