"""`…/subscriptions`: what customers bought through checkout (contract section 3.4, G14)."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response
from pydantic import Field

from billfold.base.clock import iso
from billfold.base.errors import NotFound
from billfold.base.paging import Page
from billfold.domain.billing import customers, subscriptions
from billfold.domain.billing.subscriptions import Subscription
from billfold.entrypoints.api.billing.access import Allowed, is_id, path_id
from billfold.entrypoints.api.billing.answers import Body, MetadataObject, Timestamp, json_response
from billfold.entrypoints.api.billing.bodies import RequestBody, read_body
from billfold.entrypoints.api.billing.fields import read_flag, read_page
from billfold.entrypoints.api.billing.operations import PAGE, operation, query_flag, query_text
from billfold.entrypoints.caller import Access
from billfold.entrypoints.recording import Record, RecordedWrites
from billfold.entrypoints.services import Services

router = APIRouter(tags=["Subscriptions"])
READ = "subscriptions:read"
WRITE = "subscriptions:write"


class SubscriptionBody(Body):
    """A subscription of a customer; `priceId` is null for a price that is not this project's."""

    id: str
    customer_id: str
    stripe_subscription_id: str
    status: str
    price_id: str | None
    quantity: int
    cancel_at_period_end: bool
    current_period_start: Timestamp | None
    current_period_end: Timestamp | None
    metadata: MetadataObject
    project_id: str
    created_at: Timestamp
    updated_at: Timestamp


class SubscriptionAnswer(Body):
    """The subscription."""

    subscription: SubscriptionBody


class SubscriptionsAnswer(Body):
    """A page of subscriptions, newest first."""

    subscriptions: list[SubscriptionBody]


class UpdateSubscription(RequestBody):
    """Whether the subscription ends with its period; false resumes it."""

    cancel_at_period_end: Annotated[bool, Field(description="true (end with the period) or false (go on after all)")]


def shape(subscription: Subscription) -> SubscriptionBody:
    """Return a subscription as this surface shows it."""
    start, end = subscription.current_period_start, subscription.current_period_end
    return SubscriptionBody(
        id=subscription.id,
        customer_id=subscription.customer_id,
        stripe_subscription_id=subscription.stripe_subscription_id,
        status=subscription.status,
        price_id=subscription.price_id,
        quantity=subscription.quantity,
        cancel_at_period_end=subscription.cancel_at_period_end,
        current_period_start=None if start is None else iso(start),
        current_period_end=None if end is None else iso(end),
        metadata=subscription.metadata,
        project_id=subscription.project_id,
        created_at=iso(subscription.created_at),
        updated_at=iso(subscription.updated_at),
    )


@router.get(
    "/subscriptions",
    **operation(
        scope=READ,
        answers={200: SubscriptionsAnswer},
        parameters=(
            query_flag("activeOnly", "Only the statuses `active` and `trialing`.", default=True),
            query_text("customerId", "Only this customer's, `pc_…`."),
            *PAGE,
        ),
        is_read=True,
    ),
)
async def list_subscriptions(request: Request, access: Annotated[Access, Depends(Allowed(READ))]) -> Response:
    """List subscriptions.

    Newest first; those in other statuses than `active` and `trialing` only with `activeOnly=false`.
    """
    services: Services = request.app.state.services
    query = request.query_params
    active_only = read_flag(query, "activeOnly", default=True)
    page: Page = read_page(query)
    customer_id = query.get("customerId")
    if customer_id is not None:
        if not is_id(customer_id, "pc_"):
            raise NotFound("Customer not found")
        await services.db.read(customers.get, access.project_id, customer_id)
    rows = await services.db.read(
        subscriptions.list_subscriptions, access.project_id, page, customer_id=customer_id, active_only=active_only
    )
    return json_response(SubscriptionsAnswer([shape(row) for row in rows]))


@router.get("/subscriptions/{subscriptionId}", **operation(scope=READ, answers={200: SubscriptionAnswer}, is_read=True))
async def get_subscription(request: Request, access: Annotated[Access, Depends(Allowed(READ))]) -> Response:
    """Get a subscription."""
    services: Services = request.app.state.services
    found = await services.db.read(subscriptions.get, access.project_id, _subscription_id(request))
    return json_response(SubscriptionAnswer(shape(found)))


@router.patch(
    "/subscriptions/{subscriptionId}",
    **operation(scope=WRITE, answers={200: SubscriptionAnswer}, body=UpdateSubscription),
)
async def update_subscription(request: Request, access: Annotated[Access, Depends(Allowed(WRITE))]) -> Response:
    """Cancel a subscription at the end of its period, or resume it.

    One that has ended cannot be changed (409); the value that it has already is answered as it is.
    """
    services: Services = request.app.state.services
    body = await read_body(request, UpdateSubscription)
    stripe = await services.stripe.gateway(access.team_id)
    now = services.clock.now()
    action = "subscription.cancel_scheduled" if body.cancel_at_period_end else "subscription.resumed"
    changed = await subscriptions.set_cancel_at_period_end(
        services.db,
        stripe,
        project_id=access.project_id,
        subscription_id=_subscription_id(request),
        cancel=body.cancel_at_period_end,
        write=RecordedWrites(services, access, Record(action, subject=lambda subscription: subscription.id)),
        at=access.time_at(now),
        now=now,
    )
    return json_response(SubscriptionAnswer(shape(changed)))


@router.delete("/subscriptions/{subscriptionId}", **operation(scope=WRITE, answers={200: SubscriptionAnswer}))
async def cancel_subscription(request: Request, access: Annotated[Access, Depends(Allowed(WRITE))]) -> Response:
    """Cancel a subscription now.

    It is `canceled` in the answer and for good; one that has ended before is answered as it is.
    """
    services: Services = request.app.state.services
    stripe = await services.stripe.gateway(access.team_id)
    now = services.clock.now()
    ended = await subscriptions.cancel_now(
        services.db,
        stripe,
        project_id=access.project_id,
        subscription_id=_subscription_id(request),
        write=RecordedWrites(
            services, access, Record("subscription.canceled", subject=lambda subscription: subscription.id)
        ),
        at=access.time_at(now),
        now=now,
    )
    return json_response(SubscriptionAnswer(shape(ended)))


def _subscription_id(request: Request) -> str:
    return path_id(request, "subscriptionId", "ps_", "Subscription")
