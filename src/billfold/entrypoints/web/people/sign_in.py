"""Signing in: `/sign-in`, `/sign-in/link`, `/sign-in/second-factor`, and `/sign-out`."""

from __future__ import annotations

from typing import Final

from starlette.background import BackgroundTask
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from billfold.base.errors import BillfoldError, Invalid
from billfold.domain.tenancy import one_time_tokens, sign_in
from billfold.domain.tenancy.one_time_tokens import Purpose
from billfold.domain.tenancy.registration import is_new_installation
from billfold.entrypoints.caller import Unauthorized
from billfold.entrypoints.client_address import client_address
from billfold.entrypoints.services import Services
from billfold.entrypoints.sign_in import (
    client_of,
    count_mail,
    mail_link,
    note_wrong_password,
    pass_second_factor,
    sign_in_by_password,
)
from billfold.entrypoints.web.forms import csrf_token, read_form
from billfold.entrypoints.web.local_paths import local_path
from billfold.entrypoints.web.people.answers import admit, after, draw, go_to
from billfold.entrypoints.web.session_cookie import clear_cookie, read_unfinished_session, set_cookie
from billfold.infrastructure.mail.letters import mailable_address

# What the page may say when another page leads to it; a text in the address would let anybody put words in our mouth.
_NOTICES: Final = {
    "signed-out": "You are signed out.",
    "signed-out-everywhere": "You are signed out everywhere.",
    "password": "Your password is changed, and you are signed out everywhere. Sign in with the new one.",
}
_FORM: Final = "sign_in.html"
_USED: Final = "This link was used before or has expired. A link works once, for 15 minutes: ask for a new one."


def sign_in_routes() -> list[Route]:
    """Return the routes of signing in and out."""
    return [
        Route("/sign-in", _show, methods=["GET"]),
        Route("/sign-in", _sign_in, methods=["POST"]),
        Route("/sign-in/link", _show_sent, methods=["GET"]),
        Route("/sign-in/link", _send_link, methods=["POST"]),
        Route("/sign-in/link/{token}", _show_link, methods=["GET"]),
        Route("/sign-in/link/{token}", _use_link, methods=["POST"]),
        Route("/sign-in/second-factor", _show_second_factor, methods=["GET"]),
        Route("/sign-in/second-factor", _pass_second_factor, methods=["POST"]),
        Route("/sign-out", _sign_out, methods=["POST"]),
    ]


async def _show(request: Request) -> Response:
    services: Services = request.app.state.services
    next_path = local_path(request.query_params.get("next"))
    session = await read_unfinished_session(services, request)
    if session is not None:
        return go_to(next_path if session.second_factor_passed else f"/sign-in/second-factor{after(next_path)}")
    if await services.db.read(is_new_installation):
        return go_to("/sign-up")
    notice = _NOTICES.get(request.query_params.get("notice", ""))
    return draw(request, _FORM, {"email": "", "next": next_path, "keep": True, "notice": notice})


async def _sign_in(request: Request) -> Response:
    services: Services = request.app.state.services
    form = await read_form(request, None)
    email, is_kept, next_path = form.text("email"), "keep" in form, local_path(form.get("next"))
    client = await client_of(services, request)
    try:
        made = await sign_in_by_password(
            services,
            client,
            email=email,
            password=form.get("password", ""),
            is_kept=is_kept,
        )
    except BillfoldError as error:
        answer = draw(request, _FORM, {"email": email, "next": next_path, "keep": is_kept, "notice": None}, error)
        if isinstance(error, Unauthorized):
            answer.background = BackgroundTask(note_wrong_password, services, client, email)
        return answer
    return admit(services, made, next_path=next_path, is_kept=is_kept)


async def _show_sent(request: Request) -> Response:
    return draw(request, "link_sent.html", {"what": "sign-in link", "lifetime": "15 minutes"})


async def _send_link(request: Request) -> Response:
    services: Services = request.app.state.services
    form = await read_form(request, None)
    email, next_path = form.text("email"), local_path(form.get("next"))
    try:
        mailable_address(email)
        await count_mail(services, await client_of(services, request))
    except BillfoldError as error:
        if isinstance(error, Invalid):
            error = Invalid("Type your e-mail address, such as ines@example.com, to have a link sent to it.")
        return draw(request, _FORM, {"email": email, "next": next_path, "keep": True, "notice": None}, error)
    return go_to("/sign-in/link", then=BackgroundTask(mail_link, services, Purpose.SIGN_IN, email, next_path))


async def _show_link(request: Request) -> Response:
    """Show a button: programs that look into mails follow links, and would use this one up."""
    services: Services = request.app.state.services
    token = request.path_params["token"]
    found = await services.db.read(one_time_tokens.find_token, token, Purpose.SIGN_IN, now=services.clock.now())
    if found is None:
        return draw(request, "dead_link.html", {"text": _USED, "again": "/sign-in"}, status=404)
    return draw(request, "link.html", {"email": found.email})


async def _use_link(request: Request) -> Response:
    services: Services = request.app.state.services
    await read_form(request, None)
    client = await client_of(services, request)
    token = request.path_params["token"]
    try:
        made = await services.db.write(sign_in.sign_in_by_link, token, client, now=services.clock.now())
    except Invalid:
        return draw(request, "dead_link.html", {"text": _USED, "again": "/sign-in"}, status=404)
    return admit(services, made, next_path=made.next_path)


async def _show_second_factor(request: Request) -> Response:
    services: Services = request.app.state.services
    next_path = local_path(request.query_params.get("next"))
    session = await read_unfinished_session(services, request)
    if session is None or session.second_factor_passed:
        return go_to("/sign-in" + after(next_path))
    return draw(request, "second_factor.html", {"email": session.email, "next": next_path, "csrf": csrf_token(session)})


async def _pass_second_factor(request: Request) -> Response:
    services: Services = request.app.state.services
    session = await read_unfinished_session(services, request)
    form = await read_form(request, session)
    next_path = local_path(form.get("next"))
    if session is None or session.second_factor_passed:
        return go_to("/sign-in" + after(next_path))
    try:
        token = await pass_second_factor(services, session, await client_of(services, request), form.get("code", ""))
    except BillfoldError as error:
        context = {"email": session.email, "next": next_path, "csrf": csrf_token(session)}
        return draw(request, "second_factor.html", context, error)
    answer = go_to(next_path)
    set_cookie(services, answer, token, is_kept=session.is_kept)
    return answer


async def _sign_out(request: Request) -> Response:
    """End this session, or with the field `everywhere` every session of the person; without a session nothing happens."""
    services: Services = request.app.state.services
    session = await read_unfinished_session(services, request)
    form = await read_form(request, session)
    notice = "signed-out"
    if session is not None:
        everywhere = "everywhere" in form and session.second_factor_passed
        address = client_address(request, services.settings)
        await services.db.write(
            sign_in.sign_out, session, everywhere=everywhere, address=address, now=services.clock.now()
        )
        notice = "signed-out-everywhere" if everywhere else notice
    answer = go_to(f"/sign-in?notice={notice}")
    clear_cookie(services, answer)
    return answer
