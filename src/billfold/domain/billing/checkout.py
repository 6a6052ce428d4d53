"""Checkout: one Stripe Checkout Session for a customer and a price (contract section 3.5).

Nothing is stored here: the subscription's row appears when Stripe says that the checkout was completed. What routes that
event back goes along as metadata, on the session and on what it makes (contract G13).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from billfold.base.errors import Invalid
from billfold.base.money import LARGEST_AMOUNT
from billfold.domain.billing import customers, prices, products
from billfold.domain.billing.customers import Customer
from billfold.domain.billing.linking import ensure_stripe_customer
from billfold.domain.billing.metadata import CUSTOMER_STAMP, PRICE_STAMP, PROJECT_STAMP, Metadata, stamped
from billfold.domain.billing.prices import ONE_TIME, RECURRING, Price
from billfold.infrastructure.db.database import Database, Reading
from billfold.infrastructure.stripe.port import StripeGateway
from billfold.infrastructure.stripe.values import StripeCheckoutSession

SUBSCRIPTION: Final = "subscription"
PAYMENT: Final = "payment"
LONGEST_TRIAL_DAYS: Final = 730
LARGEST_QUANTITY: Final = 999_999
_REFERENCE: Final = re.compile(r"[A-Za-z0-9_\-]{1,200}")
_PRICE_TYPE: Final = {SUBSCRIPTION: RECURRING, PAYMENT: ONE_TIME}


@dataclass(frozen=True, slots=True)
class CheckoutRequest:
    """What a caller wants to sell to whom; its own form is already checked."""

    project_id: str
    customer_id: str
    price_id: str
    quantity: int
    success_url: str
    cancel_url: str
    mode: str
    trial_days: int | None
    metadata: Metadata
    # What else goes along as metadata under names of ours, and as the session's reference.
    stamps: Mapping[str, str] = field(default_factory=dict)
    client_reference_id: str | None = None
    allow_promotion_codes: bool = False


async def open_checkout(
    db: Database, stripe: StripeGateway, request: CheckoutRequest, *, idempotency_key: str, now: datetime
) -> StripeCheckoutSession:
    """Open a checkout session.

    Raises `NotFound` for a customer or price that the project does not have, `Invalid` for an archived price or product and
    for a price that does not fit the mode. A second subscription to the same price is allowed.
    """
    customer, price = await db.read(_parties, request)
    stripe_customer_id = await ensure_stripe_customer(
        db, stripe, project_id=request.project_id, customer_id=customer.id, now=now
    )
    return await stripe.create_checkout_session(
        customer_id=stripe_customer_id,
        price_id=price.stripe_price_id,
        quantity=request.quantity,
        mode=request.mode,
        success_url=request.success_url,
        cancel_url=request.cancel_url,
        trial_days=request.trial_days,
        metadata=stamped(
            request.metadata,
            {
                PROJECT_STAMP: request.project_id,
                CUSTOMER_STAMP: customer.id,
                PRICE_STAMP: price.id,
                **request.stamps,
            },
        ),
        idempotency_key=idempotency_key,
        client_reference_id=_reference(request.client_reference_id),
        allow_promotion_codes=request.allow_promotion_codes,
    )


def _reference(given: str | None) -> str | None:
    """Return a reference that Stripe takes, None for any other: it is a second way for what the metadata says too."""
    return given if given is not None and _REFERENCE.fullmatch(given) else None


async def _parties(tx: Reading, request: CheckoutRequest) -> tuple[Customer, Price]:
    customer = await customers.get(tx, request.project_id, request.customer_id)
    price = await prices.get(tx, request.project_id, request.price_id)
    product = await products.get(tx, request.project_id, price.product_id)
    if not price.is_active or not product.is_active:
        raise Invalid("This price or its product is archived: choose an active one.")
    if _PRICE_TYPE[request.mode] != price.type:
        raise Invalid(
            f'mode "{request.mode}" needs a {_PRICE_TYPE[request.mode]} price and this one is {price.type}: '
            "send the other mode, or another price."
        )
    if (price.unit_amount or 0) * request.quantity > LARGEST_AMOUNT:
        raise Invalid("quantity times the price is more than Stripe can charge at once: send a smaller quantity.")
    return customer, price
