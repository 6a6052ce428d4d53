"""Checkouts in setup mode: they charge nothing and save a card; `payment_methods.py` says what becomes of it (contract G16)."""

from __future__ import annotations

from datetime import datetime

from billfold.domain.billing.linking import ensure_stripe_customer
from billfold.domain.billing.metadata import CUSTOMER_STAMP, PROJECT_STAMP
from billfold.infrastructure.db.database import Database
from billfold.infrastructure.stripe.port import StripeGateway
from billfold.infrastructure.stripe.values import StripeCheckoutSession


async def open_setup(
    db: Database,
    stripe: StripeGateway,
    *,
    project_id: str,
    customer_id: str,
    currency: str,
    success_url: str,
    cancel_url: str,
    idempotency_key: str,
    now: datetime,
) -> StripeCheckoutSession:
    """Open a checkout that saves a card for a customer; raises `NotFound` without the customer."""
    stripe_customer_id = await ensure_stripe_customer(
        db, stripe, project_id=project_id, customer_id=customer_id, now=now
    )
    return await stripe.create_setup_session(
        customer_id=stripe_customer_id,
        currency=currency,
        success_url=success_url,
        cancel_url=cancel_url,
        metadata={PROJECT_STAMP: project_id, CUSTOMER_STAMP: customer_id},
        idempotency_key=idempotency_key,
    )
