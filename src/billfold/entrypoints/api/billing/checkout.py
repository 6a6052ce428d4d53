"""`…/checkout`: a Stripe Checkout Session for a customer and a price (contract section 3.5, G13)."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Request, Response
from pydantic import ConfigDict, Field, model_validator

from billfold.base.errors import Invalid
from billfold.domain.billing import customers
from billfold.domain.billing.checkout import (
    LARGEST_QUANTITY,
    LONGEST_TRIAL_DAYS,
    PAYMENT,
    CheckoutRequest,
    open_checkout,
)
from billfold.domain.referrals.binding import Passed, bind
from billfold.domain.referrals.checkouts import CLICK_STAMP, CODE_STAMP
from billfold.entrypoints.api.billing.access import Allowed
from billfold.entrypoints.api.billing.answers import Body, json_answer
from billfold.entrypoints.api.billing.bindings import CHECKOUT, PassedOn
from billfold.entrypoints.api.billing.bodies import read_body
from billfold.entrypoints.api.billing.fields import AnyId, MetadataField, WebAddress
from billfold.entrypoints.api.billing.idempotency import answer_once
from billfold.entrypoints.api.billing.operations import operation
from billfold.entrypoints.caller import Access
from billfold.entrypoints.recording import Record
from billfold.entrypoints.services import Services
from billfold.infrastructure.db.database import Write
from billfold.infrastructure.stripe.values import StripeCheckoutSession

router = APIRouter(tags=["Checkout"])
WRITE = "subscriptions:write"


class CheckoutAnswer(Body):
    """The Checkout Session; send the customer to `url`."""

    session_id: str
    url: str | None


class OpenCheckout(PassedOn):
    """What is sold to whom, and where the customer goes afterwards."""

    model_config = ConfigDict(
        json_schema_extra={
            "anyOf": [
                {"properties": {"mode": {"const": "subscription"}}},
                {"required": ["mode"], "properties": {"mode": {"const": "payment"}, "trialDays": {"type": "null"}}},
            ]
        }
    )

    customer_id: Annotated[AnyId, Field(description="the id of a customer, pc_…")]
    price_id: Annotated[AnyId, Field(description="the id of an active price, pri_…")]
    quantity: Annotated[
        int, Field(ge=1, le=LARGEST_QUANTITY, description=f"a whole number from 1 to {LARGEST_QUANTITY}")
    ] = 1
    success_url: WebAddress
    cancel_url: WebAddress
    mode: Annotated[Literal["subscription", "payment"], Field(description='"subscription" or "payment"')] = (
        "subscription"
    )
    trial_days: Annotated[
        Annotated[int, Field(ge=1, le=LONGEST_TRIAL_DAYS)] | None,
        Field(description=f"a whole number of days from 1 to {LONGEST_TRIAL_DAYS}, for subscriptions only"),
    ] = None
    allow_promotion_codes: Annotated[
        bool, Field(description="true or false: whether the page takes promotion codes")
    ] = False
    metadata: MetadataField = Field(default_factory=dict)

    @model_validator(mode="after")
    def _fits_together(self) -> OpenCheckout:
        if self.mode == PAYMENT and self.trial_days is not None:
            raise Invalid('trialDays needs the mode "subscription": a single payment has no trial.')
        return self


@router.post(
    "/checkout",
    **operation(scope=WRITE, answers={201: CheckoutAnswer}, body=OpenCheckout, takes_idempotency_key=True),
)
async def create_checkout(request: Request, access: Annotated[Access, Depends(Allowed(WRITE))]) -> Response:
    """Open a checkout.

    The subscription appears in the list when Stripe says that the checkout was completed. Stripe's template
    `{CHECKOUT_SESSION_ID}` may stand in `successUrl`.

    `referralCode` is a code that the customer typed: it counts once the checkout is completed. `clickToken` and `referralId` are
    of a link that was followed before the customer signed up. One that says nothing to us never stands in the way.
    """
    services: Services = request.app.state.services
    body = await read_body(request, OpenCheckout)
    stripe = await services.stripe.gateway(access.team_id)
    wanted = CheckoutRequest(
        project_id=access.project_id,
        customer_id=body.customer_id,
        price_id=body.price_id,
        quantity=body.quantity,
        success_url=body.success_url,
        cancel_url=body.cancel_url,
        mode=body.mode,
        trial_days=body.trial_days,
        metadata=body.metadata,
        stamps=_stamps(body),
        client_reference_id=body.click_token or body.referral_code,
        allow_promotion_codes=body.allow_promotion_codes,
    )
    await _bind_click(services, access, body)

    async def work(write: Write, stripe_key: str) -> StripeCheckoutSession:
        del write
        now = services.clock.now()
        return await open_checkout(services.db, stripe, wanted, idempotency_key=stripe_key, now=now)

    return await answer_once(
        request,
        access,
        work,
        record=Record(
            "checkout.opened",
            subject=lambda _: body.customer_id,
            details=lambda session: {"session": session.id, "price": body.price_id, "quantity": body.quantity},
        ),
        answer=lambda session: json_answer(201, CheckoutAnswer(session.id, session.url)),
    )


def _stamps(body: OpenCheckout) -> dict[str, str]:
    """Return what goes along to Stripe and comes back with the completed checkout."""
    given = {CODE_STAMP: (body.referral_code or "").strip().upper(), CLICK_STAMP: body.click_token or ""}
    return {name: text for name, text in given.items() if text}


async def _bind_click(services: Services, access: Access, body: OpenCheckout) -> None:
    """Keep the followed link at once: unlike a typed code it does not depend on this checkout being completed."""
    passed = Passed(click_token=body.click_token, referral_id=body.referral_id)
    if passed.is_empty:
        return
    now = services.clock.now()
    await services.db.read(customers.get, access.project_id, body.customer_id)
    await services.db.write(
        bind,
        services.click_signer,
        team_id=access.team_id,
        project_id=access.project_id,
        customer_id=body.customer_id,
        passed=passed,
        source=CHECKOUT,
        at=access.time_at(now),
        now=now,
    )
