# Made by scripts/generate.py from asynchronous/customers.py; edits are lost.

"""Customers, what they buy and where they look after it."""

from __future__ import annotations

from billfold_sdk.synchronous.listing import Listing
from billfold_sdk.synchronous.surface import Surface
from billfold_sdk.requests import segment
from billfold_sdk.types import billing


class Customers:
    """The customers of the project."""

    def __init__(self, project: Surface) -> None:
        self._project = project

    def list(self, *, limit: int | None = None, offset: int | None = None) -> Listing[billing.Customer]:
        """List customers, newest first."""

        def items(answer: billing.CustomersAnswer) -> list[billing.Customer]:
            return answer["customers"]

        return self._project.list("/customers", items, limit=limit, offset=offset)

    def create(self, customer: billing.CreateCustomer, *, idempotency_key: str | None = None) -> billing.Customer:
        """Make a customer, here and in Stripe; raises `ConflictError` if the e-mail address is taken."""
        answer: billing.CustomerAnswer = self._project.post(
            "/customers", customer, idempotency_key=idempotency_key
        )
        return answer["customer"]

    def get(self, customer_id: str) -> billing.Customer:
        """Return a customer."""
        answer: billing.CustomerAnswer = self._project.get(f"/customers/{segment(customer_id)}")
        return answer["customer"]

    def update(self, customer_id: str, changes: billing.UpdateCustomer) -> billing.Customer:
        """Change a customer; `metadata` replaces what is there."""
        answer: billing.CustomerAnswer = self._project.patch(f"/customers/{segment(customer_id)}", changes)
        return answer["customer"]

    def delete(self, customer_id: str) -> billing.Success:
        """Remove the customer here; the Stripe customer stays, with its subscriptions."""
        answer: billing.Success = self._project.delete(f"/customers/{segment(customer_id)}")
        return answer


class Checkout:
    """Stripe's checkout page."""

    def __init__(self, project: Surface) -> None:
        self._project = project

    def create(
        self, checkout: billing.OpenCheckout, *, idempotency_key: str | None = None
    ) -> billing.CheckoutAnswer:
        """Open a checkout page; send the customer to its `url`."""
        answer: billing.CheckoutAnswer = self._project.post(
            "/checkout", checkout, idempotency_key=idempotency_key
        )
        return answer


class Portal:
    """The page where a customer looks after subscriptions, invoices and card."""

    def __init__(self, project: Surface) -> None:
        # A portal's token is remembered nowhere, so its request cannot be repeated for the same answer.
        self._project = project.below("", idempotent=False)

    def create(self, portal: billing.OpenPortal) -> billing.PortalAnswer:
        """Open the portal for a customer; `portalUrl` is a secret of that customer and works until `expiresAt`."""
        answer: billing.PortalAnswer = self._project.post("/portal", portal)
        return answer


class Subscriptions:
    """The subscriptions of the project."""

    def __init__(self, project: Surface) -> None:
        self._project = project

    def list(
        self,
        *,
        customer_id: str | None = None,
        active_only: bool | None = None,
        limit: int | None = None,
        offset: int | None = None,
    ) -> Listing[billing.Subscription]:
        """List subscriptions, newest first; only active and trialing ones unless told otherwise."""

        def items(answer: billing.SubscriptionsAnswer) -> list[billing.Subscription]:
            return answer["subscriptions"]

        return self._project.list(
            "/subscriptions", items, limit=limit, offset=offset, customerId=customer_id, activeOnly=active_only
        )

    def get(self, subscription_id: str) -> billing.Subscription:
        """Return a subscription."""
        answer: billing.SubscriptionAnswer = self._project.get(f"/subscriptions/{segment(subscription_id)}")
        return answer["subscription"]

    def cancel(self, subscription_id: str) -> billing.Subscription:
        """Let it end with the period that is paid for."""
        return self._change(subscription_id, cancel_at_period_end=True)

    def resume(self, subscription_id: str) -> billing.Subscription:
        """Take a `cancel` back, as long as the period runs."""
        return self._change(subscription_id, cancel_at_period_end=False)

    def cancel_now(self, subscription_id: str) -> billing.Subscription:
        """End it at once."""
        answer: billing.SubscriptionAnswer = self._project.delete(f"/subscriptions/{segment(subscription_id)}")
        return answer["subscription"]

    def _change(self, subscription_id: str, *, cancel_at_period_end: bool) -> billing.Subscription:
        changes: billing.UpdateSubscription = {"cancelAtPeriodEnd": cancel_at_period_end}
        path = f"/subscriptions/{segment(subscription_id)}"
        answer: billing.SubscriptionAnswer = self._project.patch(path, changes)
        return answer["subscription"]
