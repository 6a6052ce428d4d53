"""`/account/team`: where somebody lands who is signed in and in no team: he makes one where he may, or reads whom to ask."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from billfold.base.errors import BillfoldError
from billfold.domain.tenancy import registration
from billfold.domain.tenancy.audit_log import Actor
from billfold.domain.tenancy.members import teams_of_user
from billfold.domain.tenancy.sessions import SessionCaller
from billfold.entrypoints.client_address import client_address
from billfold.entrypoints.services import Services
from billfold.entrypoints.web.forms import csrf_token, read_form
from billfold.entrypoints.web.people.answers import draw, go_to
from billfold.entrypoints.web.session_cookie import read_session
from billfold.infrastructure.db.database import Reading


def team_routes() -> list[Route]:
    """Return the routes of the page."""
    return [
        Route("/account/team", _show, methods=["GET"]),
        Route("/account/team", _create, methods=["POST"]),
    ]


async def _show(request: Request) -> Response:
    session = await read_session(request.app.state.services, request)
    if session is None:
        return go_to("/sign-in")
    return await _draw(request, session)


async def _create(request: Request) -> Response:
    services: Services = request.app.state.services
    session = await read_session(services, request)
    form = await read_form(request, session)
    if session is None:
        return go_to("/sign-in")
    actor = Actor("member", session.user_id, client_address(request, services.settings), session.email)
    try:
        made = await services.db.write(
            registration.found_another_team,
            actor,
            user_id=session.user_id,
            name=form.text("team"),
            is_open=services.settings.sign_up == "open",
            now=services.clock.now(),
        )
    except BillfoldError as error:
        return await _draw(request, session, team=form.text("team"), error=error)
    return go_to(f"/console/{made.id}/projects/new")


async def _draw(
    request: Request, session: SessionCaller, *, team: str = "", error: BillfoldError | None = None
) -> Response:
    services: Services = request.app.state.services
    is_in_one, may_found = await services.db.read(_standing, session.user_id, services.settings.sign_up == "open")
    values = {"email": session.email, "csrf": csrf_token(session), "team": team, "is_in_one": is_in_one}
    return draw(request, "team.html", {**values, "may_found": may_found}, error, 200 if may_found else 403)


async def _standing(tx: Reading, user_id: str, is_open: bool) -> tuple[bool, bool]:  # noqa: FBT001 - a unit's arguments
    teams = await teams_of_user(tx, user_id)
    return bool(teams), await registration.may_found_team(tx, user_id, is_open=is_open)
