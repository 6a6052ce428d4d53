"""`/partner/sign-in/{projectId}`: a partner asks for a link to his mailbox, and opens his page with it (contract A16, A31).

Whether an address is a partner's is not told: the answer is the same for all, and so is the time it takes.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from starlette.background import BackgroundTask
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from billfold.base.errors import BillfoldError, Invalid
from billfold.domain.billing.customer_sessions import (
    find_customer_session,
    open_customer_session,
    revoke_customer_session,
)
from billfold.domain.billing.customer_sign_in import TokenInvalid, check_token, use_token
from billfold.domain.billing.customers import find_by_email
from billfold.domain.partners.partners import NotAPartner, PartnerSuspended, find_by_customer, own_partner
from billfold.domain.partners.portal_links import open_link, revoke_link
from billfold.domain.partners.programs import find_program
from billfold.domain.tenancy.attempts import attempt_key, take
from billfold.domain.tenancy.projects import find_team_of_project, get_project
from billfold.domain.tenancy.teams import get_team
from billfold.entrypoints.client_address import client_address
from billfold.entrypoints.customer_sign_in import mail_sign_in_link
from billfold.entrypoints.limits import network_of
from billfold.entrypoints.services import Services
from billfold.entrypoints.sign_in import TooManyAttempts, wait_text
from billfold.entrypoints.web.forms import read_form
from billfold.entrypoints.web.pages import render
from billfold.entrypoints.web.partner.visits import (
    FRESH_FOR,
    PartnerVisit,
    clear_fresh,
    fresh_token,
    project_brand,
    set_fresh,
)
from billfold.entrypoints.web.portal.brand import Brand
from billfold.infrastructure.db.database import Reading, Writing
from billfold.infrastructure.mail.letters import mailable_address

_LONGEST_TOKEN: Final = 200
_ASKED_BY_NETWORK: Final = (30, timedelta(minutes=10))


async def show(request: Request) -> Response:
    """Show the form that asks for a link."""
    brand = await _brand(request)
    return _draw(request, brand, {}) if brand is not None else _no_program(request)


async def send(request: Request) -> Response:
    """Mail a link, if the address is a customer's; say the same if not."""
    services: Services = request.app.state.services
    brand = await _brand(request)
    if brand is None:
        return _no_program(request)
    form = await read_form(request, None)
    email = form.text("email")
    try:
        mailable_address(email)
    except Invalid:
        error = "E-mail: give the whole address. It should look like jane@example.com."
        return _draw(request, brand, {"email": email}, error=error, status=400)
    network = network_of(client_address(request, services.settings))
    key = attempt_key(f"partner sign-ins from {network}", _project_id(request))
    seconds = await services.db.write(take, key, *_ASKED_BY_NETWORK, services.clock.now())
    if seconds:
        error = f"Too many links were asked for from your network. Wait {wait_text(seconds)}."
        return _draw(request, brand, {"email": email}, error=error, status=429)
    answer = _draw(request, brand, {}, sent=True)
    answer.background = BackgroundTask(_mail, services, request.path_params["project_id"], email)
    return answer


async def show_link(request: Request) -> Response:
    """Show a button: programs that look into mails follow links, and would use this one up."""
    services: Services = request.app.state.services
    project_id, token = _project_id(request), request.path_params["token"]
    brand = await _brand(request)
    if brand is None:
        return _no_program(request)
    try:
        _require_short(token)
        await services.db.read(check_token, project_id, token, now=services.clock.now())
    except TokenInvalid as error:
        return _draw(request, brand, {}, error=error.message, status=410)
    return render(request, "partner/use_link.html", {"brand": brand, "action": request.url.path})


async def use_link(request: Request) -> Response:
    """Use a link up: note that the mailbox is proved, open the page for a day and have it fresh for half an hour."""
    services: Services = request.app.state.services
    project_id, token = _project_id(request), request.path_params["token"]
    brand = await _brand(request)
    if brand is None:
        return _no_program(request)
    await read_form(request, None)
    try:
        _require_short(token)
        link, session = await services.db.write(_use, project_id, token, services.clock.now())
    except TokenInvalid as error:
        return _draw(request, brand, {}, error=error.message, status=410)
    if link is None:
        return render(request, "partner/no_partner.html", {"brand": brand, "is_suspended": session == ""}, 403)
    answer = RedirectResponse(
        f"/partner/{link}", 303, headers={"cache-control": "no-store", "referrer-policy": "no-referrer"}
    )
    set_fresh(services, answer, session)
    return answer


async def sign_out(visit: PartnerVisit) -> Response:
    """End this link and the fresh sign-in."""
    await visit.form()
    await visit.services.db.write(_end, visit, fresh_token(visit.request))
    answer = RedirectResponse(visit.sign_in_path, 303, headers={"cache-control": "no-store"})
    clear_fresh(visit.services, answer)
    return answer


async def _end(tx: Writing, visit: PartnerVisit, token: str) -> None:
    await revoke_link(tx, visit.guest.project_id, visit.guest.link_id)
    session = await find_customer_session(tx, token, visit.now) if token else None
    if session is not None:
        await revoke_customer_session(tx, project_id=session.project_id, session_id=session.session_id, now=visit.now)


async def _use(tx: Writing, project_id: str, token: str, now: datetime) -> tuple[str | None, str]:
    """Return the new link's token and the session's; None and why not: empty for who is suspended."""
    _, customer = await use_token(tx, project_id, token, now=now)
    try:
        partner = await own_partner(tx, project_id, customer.id, must_be_active=True)
    except PartnerSuspended:
        return None, ""
    except NotAPartner:
        return None, "not a partner"
    link, _ = await open_link(tx, partner, now=now)
    _, session = await open_customer_session(
        tx, project_id=project_id, customer_id=customer.id, now=now, lives=FRESH_FOR
    )
    return link, session


async def _mail(services: Services, project_id: str, email: str) -> None:
    """Mail the link behind the answer, so that its time tells nothing."""
    try:
        team_id, at = await services.db.read(_place, project_id, services.clock.now())
        if not await services.db.read(_is_partner, project_id, email):
            return
        await mail_sign_in_link(
            services, team_id=team_id, project_id=project_id, email=email, redirect_url=None, at=at, to_our_page=True
        )
    except (BillfoldError, TooManyAttempts):
        # Said to nobody: whoever asks too often has five links in his mailbox already.
        return


async def _is_partner(tx: Reading, project_id: str, email: str) -> bool:
    """Tell whether an address is a partner's, suspended or not: nobody else has a page, and nobody is made a customer here."""
    customer = await find_by_email(tx, project_id, email)
    return customer is not None and await find_by_customer(tx, project_id, customer.id) is not None


async def _place(tx: Reading, project_id: str, now: datetime) -> tuple[str, datetime]:
    team_id = await find_team_of_project(tx, project_id)
    if team_id is None:
        raise Invalid("There is no such project.")
    return team_id, (await get_team(tx, team_id)).time_at(now)


async def _brand(request: Request) -> Brand | None:
    services: Services = request.app.state.services
    return await services.db.read(_read_brand, _project_id(request))


async def _read_brand(tx: Reading, project_id: str) -> Brand | None:
    team_id = await find_team_of_project(tx, project_id) if project_id else None
    if team_id is None or await find_program(tx, project_id) is None:
        return None
    project = await get_project(tx, team_id=team_id, project_id=project_id)
    return await project_brand(tx, project_id, project.name)


def _project_id(request: Request) -> str:
    project_id: str = request.path_params["project_id"]
    return project_id if project_id.isascii() and project_id.isprintable() else ""


def _require_short(token: str) -> None:
    if len(token) > _LONGEST_TOKEN or not token.isascii():
        raise TokenInvalid("This sign-in link is not valid: ask for a new one.")


def _draw(
    request: Request,
    brand: Brand,
    given: dict[str, str],
    *,
    error: str | None = None,
    sent: bool = False,
    status: int = 200,
) -> Response:
    services: Services = request.app.state.services
    context = {
        "brand": brand,
        "given": given,
        "error": error,
        "sent": sent,
        "can_mail": services.mail.is_sending,
        "action": f"/partner/sign-in/{_project_id(request)}",
        "apply": f"/apply/{_project_id(request)}",
    }
    return render(request, "partner/sign_in.html", context, status)


def _no_program(request: Request) -> Response:
    return render(request, "apply/closed.html", {}, 404)
