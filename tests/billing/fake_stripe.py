"""A Stripe account in memory, for tests of what stands above the port; the simulator is tested elsewhere.

Knows idempotency keys, merging metadata and deletion, counts its calls, and can be switched off.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any, cast

from billfold.infrastructure.stripe.port import StripeGateway, StripeRejected, StripeUnavailable
from billfold.infrastructure.stripe.values import (
    StripeCheckoutSession,
    StripeCustomer,
    StripeInvoice,
    StripePrice,
    StripeProduct,
    StripeSubscription,
)
from tests.billing.stripe_values import START


class FakeStripe:
    def __init__(self) -> None:
        self.calls: list[str] = []
        self.keys: dict[str, Any] = {}
        self.customers: dict[str, StripeCustomer] = {}
        self.products: dict[str, StripeProduct] = {}
        self.prices: dict[str, StripePrice] = {}
        self.sessions: dict[str, dict[str, Any]] = {}
        self.subscriptions: dict[str, StripeSubscription] = {}
        self.is_down = False

    @property
    def gateway(self) -> StripeGateway:
        return cast("StripeGateway", self)

    def _called(self, name: str) -> None:
        if self.is_down:
            raise StripeUnavailable("Stripe does not answer. Try again shortly.")
        self.calls.append(name)

    def _once(self, key: str, make: Any) -> Any:
        if key not in self.keys:
            self.keys[key] = make()
        return self.keys[key]

    def add_customer(self, email: str, metadata: Mapping[str, str] | None = None, **changes: Any) -> StripeCustomer:
        number = len(self.customers) + 1
        made = StripeCustomer(
            id=f"cus_{number}",
            email=email,
            name=None,
            metadata=metadata or {},
            balance=0,
            currency=None,
            created=START + timedelta(minutes=number),
        )
        made = replace(made, **changes)
        self.customers[made.id] = made
        return made

    async def find_customers(self, email: str) -> Sequence[StripeCustomer]:
        self._called("find_customers")
        return [found for found in self.customers.values() if found.email == email]

    async def create_customer(
        self, *, email: str, name: str | None, metadata: Mapping[str, str], idempotency_key: str
    ) -> StripeCustomer:
        self._called("create_customer")
        made: StripeCustomer = self._once(idempotency_key, lambda: self.add_customer(email, metadata, name=name))
        return made

    async def update_customer(
        self,
        customer_id: str,
        *,
        email: str | None = None,
        name: str | None = None,
        metadata: Mapping[str, str] | None = None,
    ) -> StripeCustomer:
        self._called("update_customer")
        old = self.customers[customer_id]
        changed = replace(
            old,
            email=email or old.email,
            name=old.name if name is None else name or None,
            metadata=merged(old.metadata, metadata),
        )
        self.customers[customer_id] = changed
        return changed

    async def delete_customer(self, customer_id: str) -> None:
        self._called("delete_customer")
        del self.customers[customer_id]

    async def create_product(
        self, *, name: str, description: str | None, metadata: Mapping[str, str], idempotency_key: str
    ) -> StripeProduct:
        self._called("create_product")
        made: StripeProduct = self._once(
            idempotency_key,
            lambda: StripeProduct(
                id=f"prod_{len(self.products) + 1}",
                name=name,
                description=description,
                active=True,
                metadata=metadata,
                created=START,
            ),
        )
        self.products[made.id] = made
        return made

    async def update_product(self, product_id: str, **changes: Any) -> StripeProduct:
        self._called("update_product")
        changed: StripeProduct = _updated(self.products[product_id], changes)
        self.products[product_id] = changed
        return changed

    async def create_price(self, *, idempotency_key: str, interval: str | None, **fields: Any) -> StripePrice:
        self._called("create_price")
        made: StripePrice = self._once(
            idempotency_key,
            lambda: StripePrice(
                id=f"price_{len(self.prices) + 1}",
                type="recurring" if interval else "one_time",
                interval=interval,
                active=True,
                created=START,
                **fields,
            ),
        )
        self.prices[made.id] = made
        return made

    async def update_price(self, price_id: str, **changes: Any) -> StripePrice:
        self._called("update_price")
        changed: StripePrice = _updated(self.prices[price_id], changes)
        self.prices[price_id] = changed
        return changed

    async def create_checkout_session(self, *, idempotency_key: str, **fields: Any) -> StripeCheckoutSession:
        self._called("create_checkout_session")
        made: StripeCheckoutSession = self._once(
            idempotency_key,
            lambda: StripeCheckoutSession(
                id=f"cs_{len(self.sessions) + 1}",
                url="https://checkout.example.com/pay",
                mode=fields["mode"],
                status="open",
                payment_status="unpaid",
                customer_id=fields["customer_id"],
                subscription_id=None,
                payment_intent_id=None,
                setup_intent_id=None,
                metadata=fields["metadata"],
                created=START,
                expires_at=START + timedelta(days=1),
            ),
        )
        self.sessions[made.id] = fields
        return made

    async def list_subscriptions(self, customer_id: str) -> Sequence[StripeSubscription]:
        self._called("list_subscriptions")
        return [found for found in self.subscriptions.values() if found.customer_id == customer_id]

    async def list_invoices(self, customer_id: str) -> Sequence[StripeInvoice]:
        self._called("list_invoices")
        del customer_id
        return []

    async def set_cancel_at_period_end(self, subscription_id: str, *, cancel: bool) -> StripeSubscription:
        self._called("set_cancel_at_period_end")
        changed = replace(self.subscriptions[subscription_id], cancel_at_period_end=cancel)
        self.subscriptions[subscription_id] = changed
        return changed

    async def cancel_subscription(self, subscription_id: str) -> StripeSubscription:
        self._called("cancel_subscription")
        if self.subscriptions[subscription_id].status == "canceled":
            raise StripeRejected("No such subscription.")
        changed = replace(self.subscriptions[subscription_id], status="canceled", ended_at=START, canceled_at=START)
        self.subscriptions[subscription_id] = changed
        return changed


def merged(old: Mapping[str, str], changes: Mapping[str, str] | None) -> dict[str, str]:
    """Merge as Stripe does: an empty value drops its key."""
    return {key: value for key, value in {**old, **(changes or {})}.items() if value}


def _updated(old: Any, changes: Mapping[str, Any]) -> Any:
    given = {key: value or None if value == "" else value for key, value in changes.items() if value is not None}
    if "metadata" in given:
        given["metadata"] = merged(old.metadata, given["metadata"])
    return replace(old, **given)
