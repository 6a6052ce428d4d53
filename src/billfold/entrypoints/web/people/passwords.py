"""Choosing a new password by mail: `/password/forgotten` and `/password/reset/{token}`."""

from __future__ import annotations

from typing import Final

from starlette.background import BackgroundTask
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from billfold.base.errors import BillfoldError, Invalid
from billfold.domain.tenancy.one_time_tokens import Purpose, find_token
from billfold.domain.tenancy.users import check_new_password
from billfold.entrypoints.services import Services
from billfold.entrypoints.sign_in import client_of, count_mail, mail_link, reset_password
from billfold.entrypoints.web.forms import read_form
from billfold.entrypoints.web.people.answers import draw, go_to
from billfold.entrypoints.web.session_cookie import clear_cookie
from billfold.infrastructure.mail.letters import mailable_address

_USED: Final = "This link was used before or has expired. A link works once, for one hour: ask for a new one."
_ASK: Final = "forgotten.html"
_CHOOSE: Final = "reset.html"


def password_routes() -> list[Route]:
    """Return the routes of forgotten passwords."""
    return [
        Route("/password/forgotten", _show, methods=["GET"]),
        Route("/password/forgotten", _send, methods=["POST"]),
        Route("/password/forgotten/sent", _show_sent, methods=["GET"]),
        Route("/password/reset/{token}", _show_reset, methods=["GET"]),
        Route("/password/reset/{token}", _reset, methods=["POST"]),
    ]


async def _show(request: Request) -> Response:
    return draw(request, _ASK, {"email": ""})


async def _send(request: Request) -> Response:
    services: Services = request.app.state.services
    email = (await read_form(request, None)).text("email")
    try:
        mailable_address(email)
        await count_mail(services, await client_of(services, request))
    except BillfoldError as error:
        return draw(request, _ASK, {"email": email}, error)
    task = BackgroundTask(mail_link, services, Purpose.PASSWORD_RESET, email)
    return go_to("/password/forgotten/sent", then=task)


async def _show_sent(request: Request) -> Response:
    return draw(request, "link_sent.html", {"what": "link to choose a new password", "lifetime": "one hour"})


async def _show_reset(request: Request) -> Response:
    services: Services = request.app.state.services
    token = request.path_params["token"]
    found = await services.db.read(find_token, token, Purpose.PASSWORD_RESET, now=services.clock.now())
    if found is None:
        return _dead(request)
    return draw(request, _CHOOSE, {"email": found.email})


async def _reset(request: Request) -> Response:
    services: Services = request.app.state.services
    wanted = (await read_form(request, None)).get("password", "")
    token = request.path_params["token"]
    found = await services.db.read(find_token, token, Purpose.PASSWORD_RESET, now=services.clock.now())
    if found is None:
        return _dead(request)
    try:
        check_new_password(wanted)
    except Invalid as error:
        return draw(request, _CHOOSE, {"email": found.email}, error)
    try:
        await reset_password(services, await client_of(services, request), token, wanted)
    except Invalid:
        return _dead(request)
    answer = go_to("/sign-in?notice=password")
    clear_cookie(services, answer)
    return answer


def _dead(request: Request) -> Response:
    return draw(request, "dead_link.html", {"text": _USED, "again": "/password/forgotten"}, status=404)
