"""How these pages answer: drawn anew with what is wrong, or on to the next page with the session's cookie."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import quote, urlsplit

from starlette.background import BackgroundTask
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from billfold.base.errors import BillfoldError, Conflict, Forbidden, NotFound, Unavailable
from billfold.domain.tenancy.sign_in import SignedIn
from billfold.entrypoints.caller import Unauthorized
from billfold.entrypoints.services import Services
from billfold.entrypoints.sign_in import TooManyAttempts
from billfold.entrypoints.web.local_paths import HOME, local_path
from billfold.entrypoints.web.pages import render
from billfold.entrypoints.web.session_cookie import is_secure, set_cookie

# A page's 401 would have to name a scheme that browsers know; 403 says the same to people.
_STATUS: Final[Mapping[type[BillfoldError], int]] = {
    Unauthorized: 403,
    Forbidden: 403,
    NotFound: 404,
    Conflict: 409,
    TooManyAttempts: 429,
    Unavailable: 503,
}


def draw(
    request: Request, template: str, context: Mapping[str, Any], error: BillfoldError | None = None, status: int = 200
) -> Response:
    """Draw a page of `sign_in/`, with what is wrong above its form."""
    services: Services = request.app.state.services
    values = {
        "host": urlsplit(services.settings.public_url).netloc,
        "can_mail": services.mail.is_sending,
        # Browsers do not keep the cookie there, so nobody could sign in and nobody would know why.
        "needs_https": is_secure(services.settings) and services.settings.public_url.startswith("http://"),
        "error": None if error is None else error.message,
        **context,
    }
    if error is not None:
        status = next((_STATUS[kind] for kind in type(error).__mro__ if kind in _STATUS), 400)
    answer = render(request, f"sign_in/{template}", values, status)
    seconds = _wait(error)
    if seconds is not None:
        answer.headers["retry-after"] = str(seconds)
    return answer


def go_to(path: str, *, then: BackgroundTask | None = None) -> Response:
    """Lead on to a path of ours by GET, and do `then` once that is sent."""
    answer = RedirectResponse(path, 303, background=then)
    answer.headers["cache-control"] = "no-store"
    return answer


def admit(services: Services, made: SignedIn, *, next_path: str | None, is_kept: bool = True) -> Response:
    """Hand the session's cookie over and lead on: to the second factor if it is missing, else to where the person wanted."""
    wanted = local_path(next_path)
    path = wanted
    if made.needs_second_factor:
        path = "/sign-in/second-factor" + after(wanted)
    answer = go_to(path)
    set_cookie(services, answer, made.token, is_kept=is_kept)
    return answer


def after(path: str) -> str:
    """Return the query that has the sign-in page lead to a path of ours afterwards; empty if that is home anyway."""
    return "" if path == HOME else f"?next={quote(path, safe='')}"


def _wait(error: BillfoldError | None) -> int | None:
    if isinstance(error, TooManyAttempts):
        return error.seconds
    return error.retry_after_seconds if isinstance(error, Unavailable) else None
