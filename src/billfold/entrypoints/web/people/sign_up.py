"""Signing up: `/sign-up` for the first user and, where it is open, for everybody who proves his address (contract G36)."""

from __future__ import annotations

from typing import Final

from starlette.background import BackgroundTask
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from billfold.base.errors import BillfoldError, Conflict
from billfold.domain.tenancy import registration, sign_in
from billfold.domain.tenancy.one_time_tokens import Purpose, find_token
from billfold.domain.tenancy.sign_in import Client, SignedIn
from billfold.domain.tenancy.users import check_new_password
from billfold.entrypoints.services import Services
from billfold.entrypoints.sign_in import client_of, count_mail, mail_link
from billfold.entrypoints.web.forms import read_form
from billfold.entrypoints.web.people.answers import admit, draw, go_to
from billfold.infrastructure.db.database import DuplicateRow, Writing
from billfold.infrastructure.mail.letters import mailable_address

_USED: Final = "This link was used before or has expired. A link works once, for 24 hours: ask for a new one."
_FORM: Final = "sign_up.html"
_ASK: Final = "sign_up_email.html"


def sign_up_routes() -> list[Route]:
    """Return the routes of signing up."""
    return [
        Route("/sign-up", _show, methods=["GET"]),
        Route("/sign-up", _sign_up, methods=["POST"]),
        Route("/sign-up/sent", _show_sent, methods=["GET"]),
        Route("/sign-up/{token}", _show_proved, methods=["GET"]),
        Route("/sign-up/{token}", _sign_up_proved, methods=["POST"]),
    ]


async def _show(request: Request) -> Response:
    services: Services = request.app.state.services
    if await services.db.read(registration.is_new_installation):
        return draw(request, _FORM, {"team": "", "email": "", "is_first": True})
    if services.settings.sign_up == "open":
        return draw(request, _ASK, {"email": ""})
    return draw(request, "closed.html", {}, status=403)


async def _sign_up(request: Request) -> Response:
    services: Services = request.app.state.services
    form = await read_form(request, None)
    client = await client_of(services, request)
    email, team = form.text("email"), form.text("team")
    if not await services.db.read(registration.is_new_installation):
        return await _ask_to_prove(request, services, client, email)
    try:
        mailable_address(email)
        check_new_password(form.get("password", ""))
        # Hashing is work: nobody may ask for it without end.
        await count_mail(services, client)
        password_hash = await services.passwords.hash(form.get("password", ""))
        made = await services.db.write(
            _register_first, services, client, email=email, password_hash=password_hash, team=team
        )
    except BillfoldError as error:
        return draw(request, _FORM, {"team": team, "email": email, "is_first": True}, error)
    return admit(services, made, next_path=None)


async def _ask_to_prove(request: Request, services: Services, client: Client, email: str) -> Response:
    if services.settings.sign_up != "open":
        return draw(request, "closed.html", {}, status=403)
    try:
        mailable_address(email)
        await count_mail(services, client)
    except BillfoldError as error:
        return draw(request, _ASK, {"email": email}, error)
    return go_to("/sign-up/sent", then=BackgroundTask(mail_link, services, Purpose.SIGN_UP, email))


async def _show_sent(request: Request) -> Response:
    return draw(request, "link_sent.html", {"what": "link to finish signing up", "lifetime": "24 hours"})


async def _show_proved(request: Request) -> Response:
    services: Services = request.app.state.services
    found = await services.db.read(find_token, request.path_params["token"], Purpose.SIGN_UP, now=services.clock.now())
    if found is None or services.settings.sign_up != "open":
        return _dead(request)
    return draw(request, _FORM, {"team": "", "email": found.email, "is_first": False})


async def _sign_up_proved(request: Request) -> Response:
    services: Services = request.app.state.services
    form = await read_form(request, None)
    token, team, now = request.path_params["token"], form.text("team"), services.clock.now()
    found = await services.db.read(find_token, token, Purpose.SIGN_UP, now=now)
    if found is None or services.settings.sign_up != "open":
        return _dead(request)
    try:
        check_new_password(form.get("password", ""))
        client = await client_of(services, request)
        password_hash = await services.passwords.hash(form.get("password", ""))
        made = await services.db.write(
            _register_proved, services, client, token=token, password_hash=password_hash, team=team
        )
    except BillfoldError as error:
        if isinstance(error, DuplicateRow):
            error = Conflict(f"{found.email} has an account by now: sign in instead.")
        return draw(request, _FORM, {"team": team, "email": found.email, "is_first": False}, error)
    return admit(services, made, next_path=None)


async def _register_first(
    tx: Writing, services: Services, client: Client, *, email: str, password_hash: str, team: str
) -> SignedIn:
    now = services.clock.now()
    user = await registration.register_first(
        tx, email=email, password_hash=password_hash, team_name=team, address=client.address, now=now
    )
    return await sign_in.begin_session(tx, user, client, by="signing up", is_kept=True, now=now)


async def _register_proved(
    tx: Writing, services: Services, client: Client, *, token: str, password_hash: str, team: str
) -> SignedIn:
    now = services.clock.now()
    user = await registration.register_proved(
        tx, token, password_hash=password_hash, team_name=team, address=client.address, now=now
    )
    return await sign_in.begin_session(tx, user, client, by="signing up", is_kept=True, now=now)


def _dead(request: Request) -> Response:
    return draw(request, "dead_link.html", {"text": _USED, "again": "/sign-up"}, status=404)
