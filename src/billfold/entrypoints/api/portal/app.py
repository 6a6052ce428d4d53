"""The application mounted at `/api/portal`. Every error is `{"error": "<what is wrong and what to do>"}` (contract section 3.6).

| Call | Does |
|---|---|
| `GET /{token}` | whose link it is, and until when |
| `GET /{token}/subscriptions` | what has not ended |
| `PATCH /{token}/subscriptions/{subscriptionId}` | `{"cancelAtPeriodEnd": true}` ends it with its period, `false` resumes it |
| `GET /{token}/invoices` | the invoices, newest first, without drafts |
| `GET /{token}/payment-method` | what the next invoice is charged to |
| `POST /{token}/payment-method` | the address of a checkout that saves another card and leads back |
| `GET /{token}/referrals` | the customer's own code in each program, and what it brought |
| `POST /{token}/referrals` | makes the codes that there are none of |
| `GET /{token}/wallets` | what the customer can spend of the project's own units |
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Final

import msgspec
import structlog
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from billfold.base.errors import BillfoldError, Conflict, Forbidden, Invalid, NotFound, Unavailable
from billfold.domain.billing import payment_methods, portal_subscriptions
from billfold.domain.billing.invoices import invoices_of_customer
from billfold.domain.billing.portal_sessions import PortalGuest
from billfold.domain.referrals.earned import make_codes, own_referrals
from billfold.domain.wallets.wallets import holdings
from billfold.entrypoints.api.portal.shapes import (
    invoice_shape,
    payment_method_shape,
    referral_shape,
    session_shape,
    subscription_shape,
    wallet_shape,
)
from billfold.entrypoints.portal_actions import open_card_setup, set_cancellation
from billfold.entrypoints.portal_guest import LinkExpired, TooManyGuesses, find_portal_guest
from billfold.entrypoints.services import Services

_log = structlog.get_logger(__name__)

_STATUS: Final[Mapping[type[BillfoldError], int]] = {
    Invalid: 400,
    LinkExpired: 401,
    Forbidden: 403,
    NotFound: 404,
    Conflict: 409,
    TooManyGuesses: 429,
    Unavailable: 503,
}
_HEADERS: Final = {
    "cache-control": "no-store",
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
    "x-robots-tag": "noindex",
}
_NO_BODY: Final = 'Send a JSON object with "cancelAtPeriodEnd": true or false.'

Endpoint = Callable[[Request, PortalGuest], Awaitable[Response]]


class _Change(msgspec.Struct, rename="camel"):
    cancel_at_period_end: bool


def create_portal_api(services: Services) -> Starlette:
    """Return the application."""
    routes = [
        _route("/{token}", GET=_session),
        _route("/{token}/subscriptions", GET=_subscriptions),
        _route("/{token}/subscriptions/{subscription_id}", PATCH=_change_subscription),
        _route("/{token}/invoices", GET=_invoices),
        _route("/{token}/payment-method", GET=_payment_method, POST=_change_payment_method),
        _route("/{token}/referrals", GET=_referrals, POST=_make_codes),
        _route("/{token}/wallets", GET=_wallets),
    ]
    app = Starlette(routes=routes)
    app.router.redirect_slashes = False
    app.state.services = services
    app.add_exception_handler(BillfoldError, _refused)
    app.add_exception_handler(HTTPException, _no_route)
    app.add_exception_handler(Exception, _failed)
    return app


def _route(path: str, **endpoints: Endpoint) -> Route:
    async def serve(request: Request) -> Response:
        # The token is judged before the method or the body: a stranger learns nothing from a 400 or a 405.
        guest = await find_portal_guest(request)
        endpoint = endpoints.get(request.method)
        if endpoint is None:
            message = "This address does not answer to that method: the Allow header lists those that it does."
            return _answer({"error": message}, 405, {"allow": ", ".join(sorted(endpoints))})
        return await endpoint(request, guest)

    return Route(path, serve, methods=["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"])


async def _session(request: Request, guest: PortalGuest) -> Response:
    del request
    return _answer({"session": session_shape(guest)})


async def _subscriptions(request: Request, guest: PortalGuest) -> Response:
    services: Services = request.app.state.services
    found = await services.db.read(portal_subscriptions.portal_subscriptions, guest.project_id, guest.customer_id)
    return _answer({"subscriptions": [subscription_shape(each) for each in found]})


async def _change_subscription(request: Request, guest: PortalGuest) -> Response:
    try:
        change = msgspec.json.decode(await request.body(), type=_Change)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise Invalid(_NO_BODY) from None
    changed = await set_cancellation(
        request, guest, request.path_params["subscription_id"], cancel=change.cancel_at_period_end
    )
    return _answer({"subscription": subscription_shape(changed)})


async def _invoices(request: Request, guest: PortalGuest) -> Response:
    services: Services = request.app.state.services
    found = await services.db.read(invoices_of_customer, guest.project_id, guest.customer_id)
    return _answer({"invoices": [invoice_shape(each, services.settings.public_url) for each in found]})


async def _payment_method(request: Request, guest: PortalGuest) -> Response:
    services: Services = request.app.state.services
    method = await payment_methods.current_payment_method(
        services.db,
        await services.stripe.gateway(guest.team_id),
        project_id=guest.project_id,
        customer_id=guest.customer_id,
    )
    return _answer({"paymentMethod": payment_method_shape(method)})


async def _change_payment_method(request: Request, guest: PortalGuest) -> Response:
    return _answer({"url": await open_card_setup(request, guest)})


async def _referrals(request: Request, guest: PortalGuest) -> Response:
    services: Services = request.app.state.services
    own = await services.db.read(own_referrals, project_id=guest.project_id, customer_id=guest.customer_id)
    return _answer({"referrals": [referral_shape(each) for each in own]})


async def _make_codes(request: Request, guest: PortalGuest) -> Response:
    services: Services = request.app.state.services
    at = guest.time_at(services.clock.now())
    own = await services.db.write(make_codes, project_id=guest.project_id, customer_id=guest.customer_id, at=at)
    return _answer({"referrals": [referral_shape(each) for each in own]})


async def _wallets(request: Request, guest: PortalGuest) -> Response:
    services: Services = request.app.state.services
    at = guest.time_at(services.clock.now())
    held = await services.db.read(holdings, project_id=guest.project_id, customer_id=guest.customer_id, at=at)
    return _answer({"wallets": [wallet_shape(each) for each in held]})


async def _refused(request: Request, error: Exception) -> Response:
    del request
    assert isinstance(error, BillfoldError)  # noqa: S101 - registered for this type alone
    status = next((_STATUS[kind] for kind in type(error).__mro__ if kind in _STATUS), 500)
    headers = {"retry-after": str(error.retry_after_seconds)} if isinstance(error, Unavailable) else {}
    return _answer({"error": error.message}, status, headers)


async def _no_route(request: Request, error: Exception) -> Response:
    del request
    assert isinstance(error, HTTPException)  # noqa: S101 - registered for this type alone
    return _answer({"error": "There is nothing at this address: see the API reference for the paths."}, 404)


async def _failed(request: Request, error: Exception) -> Response:
    # The route, not the path: the path holds the token.
    _log.error("portal.failed", route=getattr(request.scope.get("route"), "path", ""), exc_info=error)
    return _answer(
        {"error": "Something went wrong on our side. Nothing is known to have been changed; try again."}, 500
    )


def _answer(content: Any, status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    return Response(
        msgspec.json.encode(content), status, headers={**_HEADERS, **(headers or {})}, media_type="application/json"
    )
