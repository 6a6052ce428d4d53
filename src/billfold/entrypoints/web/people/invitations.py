"""The page that an invitation's link opens: `/invitations/{token}`.

Whoever holds the token reads the mail of the invited address, so an account may be made for that address here, and for no other.
"""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from billfold.base.errors import BillfoldError, Conflict
from billfold.domain.tenancy import sign_in
from billfold.domain.tenancy.invitations import Offer, find_offer
from billfold.domain.tenancy.sessions import SessionCaller, renew
from billfold.domain.tenancy.sign_in import Client, SignedIn
from billfold.domain.tenancy.users import check_new_password, create_user, find_user
from billfold.entrypoints.joining import join_team
from billfold.entrypoints.services import Services
from billfold.entrypoints.sign_in import client_of, count_mail
from billfold.entrypoints.web.forms import csrf_token, read_form
from billfold.entrypoints.web.people.answers import admit, draw, go_to
from billfold.entrypoints.web.session_cookie import read_session, set_cookie
from billfold.infrastructure.db.database import DuplicateRow, Writing

_FORM = "invitation.html"


def invitation_routes() -> list[Route]:
    """Return the routes of accepting an invitation."""
    return [
        Route("/invitations/{token}", _show, methods=["GET"]),
        Route("/invitations/{token}", _accept, methods=["POST"]),
    ]


async def _show(request: Request) -> Response:
    services: Services = request.app.state.services
    offer = await services.db.read(find_offer, request.path_params["token"], now=services.clock.now())
    if offer is None:
        return _gone(request)
    return await _draw(request, offer, await read_session(services, request))


async def _accept(request: Request) -> Response:
    """Take the signed-in person into the team, or make an account for the invited address first."""
    services: Services = request.app.state.services
    session = await read_session(services, request)
    form = await read_form(request, session)
    token = request.path_params["token"]
    offer = await services.db.read(find_offer, token, now=services.clock.now())
    if offer is None:
        return _gone(request)
    client = await client_of(services, request)
    try:
        if session is not None:
            new_token = await services.db.write(_join, services, client, session, token)
            answer = go_to(f"/console/{offer.team_id}")
            set_cookie(services, answer, new_token, is_kept=session.is_kept)
            return answer
        password = form.get("password", "")
        check_new_password(password)
        await count_mail(services, client)
        password_hash = await services.passwords.hash(password)
        made = await services.db.write(
            _register_and_join, services, client, email=offer.email, password_hash=password_hash, token=token
        )
    except BillfoldError as error:
        if isinstance(error, DuplicateRow):
            error = Conflict(f"{offer.email} has an account: sign in to join.")
        return await _draw(request, offer, session, error)
    return admit(services, made, next_path=f"/console/{offer.team_id}")


async def _draw(
    request: Request, offer: Offer, session: SessionCaller | None, error: BillfoldError | None = None
) -> Response:
    services: Services = request.app.state.services
    is_known = session is None and await services.db.read(find_user, offer.email) is not None
    context = {
        "offer": offer,
        "person": None if session is None else session.email,
        "is_invited": session is not None and session.email.lower() == offer.email.lower(),
        "is_known": is_known,
        "here": request.url.path,
        "csrf": "" if session is None else csrf_token(session),
    }
    return draw(request, _FORM, context, error)


async def _join(tx: Writing, services: Services, client: Client, session: SessionCaller, token: str) -> str:
    """Join, and renew the session: what it may do has changed."""
    now = services.clock.now()
    await join_team(tx, token=token, user_id=session.user_id, email=session.email, address=client.address, now=now)
    return await renew(tx, session.session_id, now=now)


async def _register_and_join(
    tx: Writing, services: Services, client: Client, *, email: str, password_hash: str, token: str
) -> SignedIn:
    now = services.clock.now()
    user = await create_user(tx, email=email, password_hash=password_hash, now=now)
    await join_team(tx, token=token, user_id=user.id, email=user.email, address=client.address, now=now)
    return await sign_in.begin_session(tx, user, client, by="invitation", is_kept=True, now=now)


def _gone(request: Request) -> Response:
    text = "It was used before, was taken back, or is older than seven days. Ask whoever invited you for a new one."
    return draw(request, "dead_link.html", {"text": text, "again": None}, status=404)
