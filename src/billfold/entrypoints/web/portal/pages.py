"""`/portal/{token}`: the page and its forms. The token in the path is the whole credential; there is no cookie.

A form is an address of its own that takes a POST, does one thing and leads back to the page, so everything works without
JavaScript. Its `Origin` is checked all the same: nobody who learned a link should have a foreign page press its buttons.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Any, Final
from urllib.parse import urlsplit

import structlog
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from billfold.base.errors import BillfoldError, Conflict, Forbidden, Invalid, NotFound, Unavailable
from billfold.domain.billing.invoice_links import shown_link
from billfold.domain.billing.invoices import invoices_of_customer
from billfold.domain.billing.payment_methods import current_payment_method
from billfold.domain.billing.portal_sessions import PortalGuest
from billfold.domain.billing.portal_subscriptions import portal_subscriptions
from billfold.domain.referrals.earned import make_codes, own_referrals
from billfold.domain.tenancy.branding import find_branding
from billfold.domain.wallets.wallets import holdings
from billfold.entrypoints.portal_actions import find_own_subscription, open_card_setup, set_cancellation
from billfold.entrypoints.portal_guest import (
    LinkExpired,
    TooManyGuesses,
    find_portal_guest,
    open_return,
    refuse_guess,
)
from billfold.entrypoints.services import Services
from billfold.entrypoints.web.forms import require_own_origin
from billfold.entrypoints.web.pages import render
from billfold.entrypoints.web.portal.brand import Brand, brand_of
from billfold.entrypoints.web.portal.words import (
    amount_text,
    card_of,
    invoice_state,
    plan_of,
    sharing_of,
    wallet_of,
)
from billfold.infrastructure.db.database import Reading

_log = structlog.get_logger(__name__)

# Stripe's own checkout; another address is shown as a link instead, because a form may lead to known origins only.
_STRIPE: Final = "https://checkout.stripe.com"
_SHOWN_INVOICES: Final = 12
_NOTICES: Final = {
    "ending": (
        "good",
        "Your plan ends with the period",
        "You keep it until then. You can come back before with one press.",
    ),
    "resumed": ("good", "Your plan goes on", "It renews at the end of the period, as before."),
    "saved": (
        "good",
        "Your card is saved",
        "It is charged from now on. It can take a moment until it is shown here; load the page again to see it.",
    ),
}
_TITLES: Final[dict[type[BillfoldError], tuple[int, str]]] = {
    Invalid: (400, "That did not work"),
    Forbidden: (403, "This form was not accepted"),
    NotFound: (404, "There is no such plan"),
    Conflict: (409, "That cannot be changed any more"),
    Unavailable: (503, "That did not work at the moment"),
}

Page = Callable[[Request, PortalGuest], Awaitable[Response]]


def portal_routes() -> list[Route]:
    """Return the routes of the portal's pages and forms."""
    return [
        # Before the others: `return` is no token.
        Route("/portal/return/{handle}", _return, methods=["GET"]),
        Route("/portal/{token}", _guarded(_show), methods=["GET"]),
        Route(
            "/portal/{token}/subscriptions/{subscription_id}/cancellation", _guarded(_ask_to_cancel), methods=["GET"]
        ),
        Route("/portal/{token}/subscriptions/{subscription_id}/cancellation", _form(_cancel), methods=["POST"]),
        Route("/portal/{token}/subscriptions/{subscription_id}/resumption", _form(_resume), methods=["POST"]),
        Route("/portal/{token}/payment-method", _form(_change_card), methods=["POST"]),
        Route("/portal/{token}/referral-code", _form(_make_code), methods=["POST"]),
    ]


def _guarded(page: Page) -> Callable[[Request], Awaitable[Response]]:
    async def serve(request: Request) -> Response:
        try:
            guest = await find_portal_guest(request)
        except TooManyGuesses as error:
            return _too_many(request, error)
        except LinkExpired:
            return _expired(request)
        try:
            return await page(request, guest)
        except BillfoldError as error:
            return await _refuse(request, guest, error)

    return serve


def _form(page: Page) -> Callable[[Request], Awaitable[Response]]:
    async def checked(request: Request, guest: PortalGuest) -> Response:
        services: Services = request.app.state.services
        require_own_origin(services.settings, request.headers)
        return await page(request, guest)

    return _guarded(checked)


async def _show(request: Request, guest: PortalGuest) -> Response:
    services: Services = request.app.state.services
    at = guest.time_at(services.clock.now())
    brand, plans, invoices, own, held = await services.db.read(_look, guest, at)
    card_problem = None
    card = None
    try:
        method = await current_payment_method(
            services.db,
            await services.stripe.gateway(guest.team_id),
            project_id=guest.project_id,
            customer_id=guest.customer_id,
        )
        card = card_of(method)
    except Unavailable:
        card_problem = "Your card cannot be shown at the moment. Everything else here is right; try again in a minute."
    except Invalid:
        # No account is connected (any more): nothing can be charged, and nothing changed.
        card_problem = "Payments are switched off at the moment."
    everything = request.query_params.get("invoices") == "all"
    notice = "saved" if request.query_params.get("card") == "saved" else request.query_params.get("done")
    return render(
        request,
        "portal/portal.html",
        {
            "brand": brand,
            "guest": guest,
            "path": _path(request),
            "notice": _NOTICES.get(notice or ""),
            "plans": [plan_of(each) for each in plans],
            "card": card,
            "card_problem": card_problem,
            "invoices": [
                {
                    "row": each,
                    "state": invoice_state(each),
                    "pdf": shown_link(each.invoice_pdf, services.settings.public_url),
                    "page": shown_link(each.hosted_invoice_url, services.settings.public_url),
                }
                for each in (invoices if everything else invoices[:_SHOWN_INVOICES])
            ],
            "invoice_count": len(invoices),
            "sharing": [sharing_of(each) for each in own],
            "wallets": [wallet_of(each) for each in held],
            "amount": amount_text,
        },
        form_targets=(_STRIPE,),
    )


async def _look(tx: Reading, guest: PortalGuest, at: datetime) -> tuple[Any, ...]:
    """Read all that the page shows at once, so that its parts agree."""
    branding = await find_branding(tx, guest.project_id)
    brand = brand_of(guest.project_name, branding, project_id=guest.project_id, return_url=guest.return_url)
    return (
        brand,
        await portal_subscriptions(tx, guest.project_id, guest.customer_id),
        await invoices_of_customer(tx, guest.project_id, guest.customer_id),
        await own_referrals(tx, project_id=guest.project_id, customer_id=guest.customer_id),
        await holdings(tx, project_id=guest.project_id, customer_id=guest.customer_id, at=at),
    )


async def _ask_to_cancel(request: Request, guest: PortalGuest) -> Response:
    services: Services = request.app.state.services
    found = await find_own_subscription(request, guest, request.path_params["subscription_id"])
    brand = await services.db.read(_brand, guest)
    context = {"brand": brand, "path": _path(request), "plan": plan_of(found)}
    return render(request, "portal/cancellation.html", context)


async def _cancel(request: Request, guest: PortalGuest) -> Response:
    await set_cancellation(request, guest, request.path_params["subscription_id"], cancel=True)
    return _back(request, "?done=ending")


async def _resume(request: Request, guest: PortalGuest) -> Response:
    await set_cancellation(request, guest, request.path_params["subscription_id"], cancel=False)
    return _back(request, "?done=resumed")


async def _change_card(request: Request, guest: PortalGuest) -> Response:
    services: Services = request.app.state.services
    url = await open_card_setup(request, guest)
    if _origin(url) in {_STRIPE, _origin(services.settings.public_url)}:
        return RedirectResponse(url, 303)
    # A checkout under a name of the seller's own, or another server that speaks like Stripe.
    brand = await services.db.read(_brand, guest)
    return render(request, "portal/checkout_link.html", {"brand": brand, "path": _path(request), "url": url})


async def _make_code(request: Request, guest: PortalGuest) -> Response:
    services: Services = request.app.state.services
    at = guest.time_at(services.clock.now())
    await services.db.write(make_codes, project_id=guest.project_id, customer_id=guest.customer_id, at=at)
    return _back(request, "#p-ref1")


async def _return(request: Request) -> Response:
    """Lead a customer whom Stripe sends back to the very link that he came from."""
    services: Services = request.app.state.services
    token = open_return(services, request.path_params["handle"])
    if token is None:
        try:
            refuse_guess(request)
        except TooManyGuesses as error:
            return _too_many(request, error)
        return _expired(request)
    saved = request.query_params.get("card") == "saved"
    response = RedirectResponse(f"/portal/{token}{'?card=saved' if saved else ''}", 303)
    response.headers.update({"cache-control": "no-store", "referrer-policy": "no-referrer"})
    return response


async def _brand(tx: Reading, guest: PortalGuest) -> Brand:
    branding = await find_branding(tx, guest.project_id)
    return brand_of(guest.project_name, branding, project_id=guest.project_id, return_url=guest.return_url)


async def _refuse(request: Request, guest: PortalGuest, error: BillfoldError) -> Response:
    services: Services = request.app.state.services
    status, title = next((_TITLES[kind] for kind in type(error).__mro__ if kind in _TITLES), (500, "That did not work"))
    if status >= 500:  # noqa: PLR2004 - HTTP's number
        _log.warning("portal.refused", status=status, reason=error.message, project=guest.project_id)
    brand = await services.db.read(_brand, guest)
    context = {"brand": brand, "title": title, "text": error.message, "path": _path(request)}
    return render(request, "portal/refusal.html", context, status)


def _expired(request: Request) -> Response:
    return render(request, "portal/expired.html", {"brand": None}, 410)


def _too_many(request: Request, error: TooManyGuesses) -> Response:
    response = render(request, "portal/expired.html", {"brand": None, "wait": error.message}, 429)
    response.headers["retry-after"] = str(error.retry_after_seconds)
    return response


def _path(request: Request) -> str:
    # A token that was found is hexadecimal: nothing in it could leave the path.
    return f"/portal/{request.path_params['token']}"


def _back(request: Request, suffix: str) -> Response:
    response = RedirectResponse(_path(request) + suffix, 303)
    response.headers.update({"cache-control": "no-store", "referrer-policy": "no-referrer"})
    return response


def _origin(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"
