"""The application of all pages: sign-in, console, portal and the files they are drawn with. It sits at the root.

Each surface adds its routes here; a refusal is a page that says what is wrong, who may, and where to go on.
"""

from __future__ import annotations

from http import HTTPStatus
from typing import Final

import structlog
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from billfold.base.errors import BillfoldError, Conflict, Forbidden, Invalid, NotFound, Unavailable
from billfold.entrypoints.allowed_methods import allow_header
from billfold.entrypoints.services import Services
from billfold.entrypoints.web.apply import apply_routes
from billfold.entrypoints.web.console.pages import console_routes, to_sign_in
from billfold.entrypoints.web.console.visits import NotSignedIn
from billfold.entrypoints.web.pages import page_headers, render, templates
from billfold.entrypoints.web.partner.routes import partner_routes
from billfold.entrypoints.web.people.routes import people_routes
from billfold.entrypoints.web.portal.brand import brand_routes
from billfold.entrypoints.web.portal.pages import portal_routes
from billfold.entrypoints.web.reference.pages import Documents, Reference
from billfold.entrypoints.web.static_files import static_routes

_log = structlog.get_logger(__name__)

_REFUSALS: Final[dict[type[Exception], tuple[int, str]]] = {
    Invalid: (400, "That cannot be right"),
    Forbidden: (403, "You may not do this"),
    NotFound: (404, "Not found"),
    Conflict: (409, "That does not fit what is stored"),
    Unavailable: (503, "Something does not answer"),
}


def create_web_app(services: Services, documents: Documents) -> Starlette:
    """Return the application of all pages; `documents` give the OpenAPI document of each API, for the reference."""
    routes: list[BaseRoute] = [
        Route("/", _to_console, methods=["GET"]),
        *static_routes(),
        *console_routes(),
        *people_routes(),
        *portal_routes(),
        *brand_routes(),
        *apply_routes(),
        *partner_routes(),
        *Reference(documents).routes(),
    ]
    app = Starlette(routes=routes)
    # An address with a slash too many is unknown; a redirect would lead to whatever host the request names.
    app.router.redirect_slashes = False
    app.state.services = services
    app.add_exception_handler(BillfoldError, _refused)
    app.add_exception_handler(NotSignedIn, to_sign_in)
    app.add_exception_handler(HTTPException, _no_route)
    app.add_exception_handler(Exception, _failed)
    return app


async def _to_console(request: Request) -> Response:
    del request
    return RedirectResponse("/console", 303)


async def _refused(request: Request, error: Exception) -> Response:
    assert isinstance(error, BillfoldError)  # noqa: S101 - registered for this type alone
    status, title = next((_REFUSALS[kind] for kind in type(error).__mro__ if kind in _REFUSALS), (500, "It failed"))
    return refuse(request, status, title, error.message)


async def _no_route(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)  # noqa: S101 - registered for this type alone
    if error.status_code == 405:  # noqa: PLR2004 - HTTP's number
        text = "This address does not answer to such a request. Go back to the page before and begin there again."
        refused = refuse(request, error.status_code, error.detail, text)
        refused.headers.update(allow_header(request))
        return refused
    text = "There is no such page. The address may be incomplete, or what it showed is gone."
    return refuse(request, error.status_code, "Not found" if error.status_code == 404 else error.detail, text)  # noqa: PLR2004


async def _failed(request: Request, error: Exception) -> Response:
    _log.error("page.failed", path=request.url.path, exc_info=error)
    return refuse(request, 500, "This page failed", "Nothing is known to have been changed. Try again in a moment.")


def limit_page(status: int, text: str) -> bytes:
    """Return the page for a request that is refused before any page sees it: too large, too long, too slow."""
    link = {"href": "/console", "text": "Go to the console"}
    context = {"theme": None, "brand": None, "title": HTTPStatus(status).phrase, "text": text, "link": link}
    return templates().get_template("refusal.html").render(context).encode()


LIMIT_HEADERS: Final = (
    (b"content-type", b"text/html; charset=utf-8"),
    *((name.encode(), value.encode()) for name, value in page_headers().items()),
)


def refuse(request: Request, status: int, title: str, text: str) -> Response:
    """Answer with a page that says no: `text` says what is wrong and what to do."""
    link = {"href": "/console", "text": "Go to the console"}
    return render(request, "refusal.html", {"title": title, "text": text, "link": link}, status)
