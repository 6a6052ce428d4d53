"""One's own account: password, sessions and the second factor at `/account`."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Final
from urllib.parse import urlsplit

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from billfold.base.errors import BillfoldError, Conflict
from billfold.domain.tenancy import second_factors, sessions, sign_in
from billfold.domain.tenancy.sessions import ListedSession, SessionCaller
from billfold.entrypoints.caller import Unauthorized
from billfold.entrypoints.client_address import client_address
from billfold.entrypoints.services import Services
from billfold.entrypoints.sign_in import change_password, client_of, count_code
from billfold.entrypoints.web.forms import Form, csrf_token, read_form
from billfold.entrypoints.web.people.answers import after, draw, go_to
from billfold.entrypoints.web.people.devices import device_text
from billfold.entrypoints.web.people.qr_codes import qr_path
from billfold.entrypoints.web.session_cookie import read_session, set_cookie
from billfold.infrastructure.db.database import Reading

_PAGE: Final = "account.html"
_ENROLMENT: Final = "enrolment.html"
_NOTICES: Final = {
    "password": "Your password is changed. You are signed out everywhere else.",
    "session": "That session has ended.",
    "sessions": "You are signed out everywhere else.",
    "second-factor-off": "The second factor is switched off.",
}
_WRONG_CODE: Final = "This code is not right, or was used before. Wait for the next one and type that."


def account_routes() -> list[Route]:
    """Return the routes of the account's page."""
    return [
        Route("/account", _show, methods=["GET"]),
        Route("/.well-known/change-password", _lead_to_password, methods=["GET"]),
        Route("/account/password", _change_password, methods=["POST"]),
        Route("/account/sessions/revocation", _revoke_others, methods=["POST"]),
        Route("/account/sessions/{session_id}/revocation", _revoke, methods=["POST"]),
        Route("/account/second-factor", _show_enrolment, methods=["GET"]),
        Route("/account/second-factor", _begin_enrolment, methods=["POST"]),
        Route("/account/second-factor/confirmation", _confirm_enrolment, methods=["POST"]),
        Route("/account/second-factor/removal", _switch_off, methods=["POST"]),
        Route("/account/recovery-codes", _replace_codes, methods=["POST"]),
    ]


async def _show(request: Request) -> Response:
    services: Services = request.app.state.services
    session = await read_session(services, request)
    if session is None:
        return _to_sign_in()
    return await _draw(request, session)


async def _lead_to_password(request: Request) -> Response:
    """Lead a password manager to where a password is changed (W3C, "A Well-Known URL for Changing Passwords")."""
    del request
    return go_to("/account")


def _posted(
    handler: Callable[[Request, SessionCaller, Form], Awaitable[Response]],
) -> Callable[[Request], Awaitable[Response]]:
    """Have a handler called for a form that came from our own page, by somebody who is signed in."""

    async def serve(request: Request) -> Response:
        session = await read_session(request.app.state.services, request)
        form = await read_form(request, session)
        return _to_sign_in() if session is None else await handler(request, session, form)

    return serve


@_posted
async def _change_password(request: Request, session: SessionCaller, form: Form) -> Response:
    services: Services = request.app.state.services
    client = await client_of(services, request)
    try:
        token = await change_password(
            services, session, client, present=form.get("present", ""), wanted=form.get("password", "")
        )
    except BillfoldError as error:
        return await _draw(request, session, error, about="password")
    answer = go_to("/account?notice=password")
    set_cookie(services, answer, token, is_kept=session.is_kept)
    return answer


@_posted
async def _revoke(request: Request, session: SessionCaller, form: Form) -> Response:
    del form
    await _end_other(request, session, request.path_params["session_id"])
    return go_to("/account?notice=session")


@_posted
async def _revoke_others(request: Request, session: SessionCaller, form: Form) -> Response:
    del form
    await _end_other(request, session, None)
    return go_to("/account?notice=sessions")


async def _end_other(request: Request, session: SessionCaller, other_id: str | None) -> None:
    services: Services = request.app.state.services
    address = client_address(request, services.settings)
    await services.db.write(sign_in.end_other_session, session, other_id, address=address, now=services.clock.now())


@_posted
async def _begin_enrolment(request: Request, session: SessionCaller, form: Form) -> Response:
    services: Services = request.app.state.services
    del form
    now = services.clock.now()
    try:
        await services.db.write(second_factors.begin_enrolment, services.sealer, user_id=session.user_id, now=now)
    except Conflict as error:
        return await _draw(request, session, error, about="second-factor")
    return go_to("/account/second-factor")


async def _show_enrolment(request: Request) -> Response:
    services: Services = request.app.state.services
    session = await read_session(services, request)
    if session is None:
        return _to_sign_in()
    return await _draw_enrolment(request, session)


async def _draw_enrolment(request: Request, session: SessionCaller, error: BillfoldError | None = None) -> Response:
    services: Services = request.app.state.services
    secret = await services.db.read(second_factors.pending_secret, services.sealer, session.user_id)
    if secret is None:
        return go_to("/account")
    issuer = f"Billfold {urlsplit(services.settings.public_url).hostname}"
    address = second_factors.enrolment_address(secret, email=session.email, issuer=issuer)
    size, path = qr_path(address)
    spaced = " ".join(secret[start : start + 4] for start in range(0, len(secret), 4))
    context = {"csrf": csrf_token(session), "secret": spaced, "address": address, "size": size, "path": path}
    return draw(request, _ENROLMENT, context, error)


@_posted
async def _confirm_enrolment(request: Request, session: SessionCaller, form: Form) -> Response:
    services: Services = request.app.state.services
    try:
        await count_code(services, session.user_id)
        codes, token = await services.db.write(
            sign_in.switch_second_factor_on,
            services.sealer,
            session,
            form.get("code", ""),
            address=client_address(request, services.settings),
            now=services.clock.now(),
        )
    except Conflict:
        return go_to("/account")
    except BillfoldError as error:
        return await _draw_enrolment(request, session, error)
    answer = draw(request, "recovery_codes.html", {"codes": codes, "is_new": True})
    set_cookie(services, answer, token, is_kept=session.is_kept)
    return answer


@_posted
async def _switch_off(request: Request, session: SessionCaller, form: Form) -> Response:
    services: Services = request.app.state.services
    try:
        token = await _with_code(request, services, session, form, sign_in.switch_second_factor_off)
    except BillfoldError as error:
        return await _draw(request, session, error, about="second-factor")
    answer = go_to("/account?notice=second-factor-off")
    set_cookie(services, answer, token, is_kept=session.is_kept)
    return answer


@_posted
async def _replace_codes(request: Request, session: SessionCaller, form: Form) -> Response:
    services: Services = request.app.state.services
    try:
        codes = await _with_code(request, services, session, form, sign_in.replace_recovery_codes)
    except BillfoldError as error:
        return await _draw(request, session, error, about="second-factor")
    return draw(request, "recovery_codes.html", {"codes": codes, "is_new": False})


async def _with_code(request: Request, services: Services, session: SessionCaller, form: Form, verb: Any) -> Any:
    """Do what needs a code of the second factor, or raise `Unauthorized` or `TooManyAttempts`."""
    await count_code(services, session.user_id)
    done = await services.db.write(
        verb,
        services.sealer,
        session,
        form.get("code", ""),
        address=client_address(request, services.settings),
        now=services.clock.now(),
    )
    if not done:
        raise Unauthorized(_WRONG_CODE)
    return done


async def _draw(
    request: Request, session: SessionCaller, error: BillfoldError | None = None, *, about: str = ""
) -> Response:
    services: Services = request.app.state.services
    context: Mapping[str, Any] = {
        **await services.db.read(_standing, services, session),
        "email": session.email,
        "csrf": csrf_token(session),
        "about": about,
        "notice": _NOTICES.get(request.query_params.get("notice", "")) if error is None else None,
    }
    return draw(request, _PAGE, context, error)


async def _standing(tx: Reading, services: Services, session: SessionCaller) -> dict[str, Any]:
    listed = await sessions.sessions_of_user(tx, session.user_id, now=services.clock.now())
    return {
        "sessions": [_shown(each, session) for each in listed],
        "has_second_factor": await second_factors.has_second_factor(tx, session.user_id),
        "codes_left": await second_factors.count_recovery_codes(tx, session.user_id),
    }


def _shown(listed: ListedSession, session: SessionCaller) -> dict[str, Any]:
    return {
        "id": listed.id,
        "device": device_text(listed.user_agent),
        "address": listed.address,
        "seen": listed.last_seen_at,
        "is_this": listed.id == session.session_id,
    }


def _to_sign_in() -> Response:
    return go_to("/sign-in" + after("/account"))
