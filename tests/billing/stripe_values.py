"""Made-up values as Stripe would tell them, for tests that need no Stripe."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Final

from billfold.infrastructure.stripe.values import StripePrice, StripeSubscription, StripeSubscriptionItem

START: Final = datetime(2026, 3, 30, 12, tzinfo=UTC)


def stripe_price(price_id: str = "price_1", product_id: str = "prod_1", unit_amount: int | None = 1000) -> StripePrice:
    return StripePrice(
        id=price_id,
        product_id=product_id,
        unit_amount=unit_amount,
        currency="usd",
        type="recurring",
        interval="month",
        interval_count=1,
        nickname=None,
        active=True,
        metadata={},
        created=START,
    )


def stripe_subscription(
    subscription_id: str = "sub_1",
    *,
    customer_id: str = "cus_1",
    status: str = "active",
    quantity: int = 1,
    cancel_at_period_end: bool = False,
    prices: tuple[StripePrice, ...] = (),
    metadata: Mapping[str, str] | None = None,
) -> StripeSubscription:
    ended = START + timedelta(days=3) if status == "canceled" else None
    return StripeSubscription(
        id=subscription_id,
        customer_id=customer_id,
        status=status,
        items=tuple(
            StripeSubscriptionItem(id=f"si_{index}", price=price, quantity=quantity)
            for index, price in enumerate(prices or (stripe_price(),))
        ),
        cancel_at_period_end=cancel_at_period_end,
        current_period_start=START,
        current_period_end=START + timedelta(days=30),
        trial_end=None,
        canceled_at=ended,
        ended_at=ended,
        metadata=metadata or {},
        created=START,
    )
