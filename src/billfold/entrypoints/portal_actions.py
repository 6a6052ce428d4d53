"""What a customer does in his portal, the same from the page and from the API behind it."""

from __future__ import annotations

import re
from typing import Final

from starlette.requests import Request

from billfold.base.errors import NotFound, Unavailable
from billfold.base.ids import new_token
from billfold.domain.billing import subscriptions
from billfold.domain.billing.card_setups import open_setup
from billfold.domain.billing.linking import ensure_stripe_customer
from billfold.domain.billing.portal_sessions import PortalGuest
from billfold.domain.billing.portal_subscriptions import PortalSubscription, own_subscription
from billfold.entrypoints.portal_guest import return_address
from billfold.entrypoints.services import Services

_SUBSCRIPTION_ID: Final = re.compile(r"ps_[0-9a-z]{1,64}")


async def find_own_subscription(request: Request, guest: PortalGuest, subscription_id: str) -> PortalSubscription:
    """Return one of the customer's subscriptions, or raise `NotFound`: for another's, or one that has ended, too."""
    services: Services = request.app.state.services
    if _SUBSCRIPTION_ID.fullmatch(subscription_id) is None:
        raise NotFound("Subscription not found")
    return await services.db.read(own_subscription, guest.project_id, guest.customer_id, subscription_id)


async def set_cancellation(
    request: Request, guest: PortalGuest, subscription_id: str, *, cancel: bool
) -> PortalSubscription:
    """Have a subscription of the customer's end with its period, or go on; returns it as it is then."""
    services: Services = request.app.state.services
    found = await find_own_subscription(request, guest, subscription_id)
    now = services.clock.now()
    changed = await subscriptions.set_cancel_at_period_end(
        services.db,
        await services.stripe.gateway(guest.team_id),
        project_id=guest.project_id,
        subscription_id=subscription_id,
        cancel=cancel,
        at=guest.time_at(now),
        now=now,
    )
    return PortalSubscription(changed, found.product_name, found.price_name, found.items)


async def open_card_setup(request: Request, guest: PortalGuest) -> str:
    """Return the address of a checkout that saves another card and leads back to this link, saved or not."""
    services: Services = request.app.state.services
    back = return_address(request, guest)
    stripe = await services.stripe.gateway(guest.team_id)
    ids = {"project_id": guest.project_id, "customer_id": guest.customer_id}
    await ensure_stripe_customer(services.db, stripe, **ids, now=services.clock.now())
    session = await open_setup(
        services.db,
        stripe,
        project_id=guest.project_id,
        customer_id=guest.customer_id,
        currency=guest.currency,
        success_url=f"{back}?card=saved",
        cancel_url=back,
        idempotency_key=f"billfold-{new_token()}",
        now=services.clock.now(),
    )
    if session.url is None:
        raise Unavailable("Stripe gave no address for the new card. Try again.")
    return session.url
