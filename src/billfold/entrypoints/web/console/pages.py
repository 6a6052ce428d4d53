"""Every address of the console, and how its doors behave: where a visit begins, and how light or dark it is."""

from __future__ import annotations

from typing import Final
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from billfold.domain.tenancy.places import places_of_user
from billfold.entrypoints.services import Services
from billfold.entrypoints.web.console import (
    api_keys,
    applications,
    audit_log,
    bonus,
    catalog,
    codes,
    commission_terms,
    commissions,
    customers,
    deals,
    events,
    explain,
    fraud,
    jobs,
    ledger,
    links,
    mail,
    members,
    overview,
    partner_assets,
    partner_program,
    partners,
    payout_batches,
    payout_settings,
    payouts,
    prices,
    program,
    referrals,
    settings,
    statements,
    stripe,
    stripe_events,
    stripe_reconciliation,
    subscriptions,
    teams,
    unassigned,
    webhook_deliveries,
    webhooks,
)
from billfold.entrypoints.web.console.visits import NotSignedIn
from billfold.entrypoints.web.forms import read_form
from billfold.entrypoints.web.pages import THEME_COOKIE, THEMES
from billfold.entrypoints.web.session_cookie import is_secure, read_session

_YEAR_SECONDS: Final = 365 * 24 * 3600
_PAGES: Final = (
    explain, links, overview, customers, subscriptions, catalog, prices, codes, referrals, program, stripe_events, jobs,
    ledger, bonus, settings, payout_batches, payout_settings, payouts, statements, webhooks, webhook_deliveries, events,
    applications, partners, partner_program, commissions, commission_terms, fraud, deals, partner_assets,
)  # fmt: skip
_TEAM_PAGES: Final = (api_keys, stripe, stripe_reconciliation, unassigned, members, mail, audit_log, teams)


def console_routes() -> list[BaseRoute]:
    """Return the routes; those of the team stand before those of a project, whose id is in the same place."""
    return [
        Route("/console", begin, methods=["GET"]),
        Route("/console/theme", choose_theme, methods=["POST"]),
        Route("/console/{team_id}", begin_team, methods=["GET"]),
        *(route for page in _TEAM_PAGES for route in page.ROUTES),
        *settings.TEAM_ROUTES,
        *(route for page in _PAGES for route in page.ROUTES),
    ]


async def begin(request: Request) -> Response:
    """Lead to the first project of the first team."""
    services: Services = request.app.state.services
    session = await read_session(services, request)
    if session is None:
        raise NotSignedIn
    places = await services.db.read(places_of_user, session.user_id)
    for each in places:
        if each.project_id is not None:
            return RedirectResponse(f"/console/{each.team_id}/{each.project_id}", 303)
    if places:
        return RedirectResponse(f"/console/{places[0].team_id}/projects/new", 303)
    # In no team: what can be done about it stands with the person's account.
    return RedirectResponse("/account/team", 303)


async def begin_team(request: Request) -> Response:
    """Lead to the team's first project."""
    services: Services = request.app.state.services
    session = await read_session(services, request)
    if session is None:
        raise NotSignedIn
    team_id = request.path_params["team_id"]
    here = [each for each in await services.db.read(places_of_user, session.user_id) if each.team_id == team_id]
    for each in here:
        if each.project_id is not None:
            return RedirectResponse(f"/console/{each.team_id}/{each.project_id}", 303)
    # A team without a project begins with making one; a team that is not the person's does not exist for him.
    return RedirectResponse(f"/console/{team_id}/projects/new" if here else "/console", 303)


async def choose_theme(request: Request) -> Response:
    """Keep a person's choice of light or dark in this browser."""
    services: Services = request.app.state.services
    session = await read_session(services, request)
    if session is None:
        raise NotSignedIn
    form = await read_form(request, session)
    back = form.text("back")
    # Only back into the console: what a form says is no address to be led to.
    answer = RedirectResponse(back if back.startswith("/console/") and "\\" not in back else "/console", 303)
    if form.text("theme") in THEMES:
        answer.set_cookie(
            THEME_COOKIE,
            form.text("theme"),
            max_age=_YEAR_SECONDS,
            secure=is_secure(services.settings),
            httponly=True,
            samesite="lax",
        )
    else:
        answer.delete_cookie(THEME_COOKIE)
    return answer


async def to_sign_in(request: Request, error: Exception) -> Response:
    """Send whoever is not signed in to the sign-in page, to come back to the page that was asked for."""
    del error
    wanted = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    after = f"?next={quote(wanted, safe='')}" if request.method == "GET" else ""
    return RedirectResponse(f"/sign-in{after}", 303)
