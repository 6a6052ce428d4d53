"""Customers, what they buy and where they look after it."""

from __future__ import annotations

from billfold_sdk.asynchronous.listing import AsyncListing
from billfold_sdk.asynchronous.surface import AsyncSurface
from billfold_sdk.requests import segment
from billfold_sdk.types import billing


class AsyncCustomers:
    """The customers of the project."""

    def __init__(self, project: AsyncSurface) -> None:
        self._project = project

    def list(self, *, limit: int | None = None, offset: int | None = None) -> AsyncListing[billing.Customer]:
        """List customers, newest first."""

        def items(answer: billing.CustomersAnswer) -> list[billing.Customer]:
            return answer["customers"]

        return self._project.list("/customers", items, limit=limit, offset=offset)

    async def create(self, customer: billing.CreateCustomer, *, idempotency_key: str | None = None) -> billing.Customer:
        """Make a customer, here and in Stripe; raises `ConflictError` if the e-mail address is taken."""
        answer: billing.CustomerAnswer = await self._project.post(
            "/customers", customer, idempotency_key=idempotency_key
        )
        return answer["customer"]

    async def get(self, customer_id: str) -> billing.Customer:
        """Return a customer."""
        answer: billing.CustomerAnswer = await self._project.get(f"/customers/{segment(customer_id)}")
        return answer["customer"]

    async def update(self, customer_id: str, changes: billing.UpdateCustomer) -> billing.Customer:
        """Change a customer; `metadata` replaces what is there."""
        answer: billing.CustomerAnswer = await self._project.patch(f"/customers/{segment(customer_id)}", changes)
        return answer["customer"]

    async def delete(self, customer_id: str) -> billing.Success:
        """Remove the customer here; the Stripe customer stays, with its subscriptions."""
        answer: billing.Success = await self._project.delete(f"/customers/{segment(customer_id)}")
        return answer


class AsyncCheckout:
    """Stripe's checkout page."""

    def __init__(self, project: AsyncSurface) -> None:
        self._project = project

    async def create(
        self, checkout: billing.OpenCheckout, *, idempotency_key: str | None = None
    ) -> billing.CheckoutAnswer:
        """Open a checkout page; send the customer to its `url`."""
        answer: billing.CheckoutAnswer = await self._project.post(
            "/checkout", checkout, idempotency_key=idempotency_key
        )
        return answer


class AsyncPortal:
    """The page where a customer looks after subscriptions, invoices and card."""

    def __init__(self, project: AsyncSurface) -> None:
        # A portal's token is remembered nowhere, so its request cannot be repeated for the same answer.
        self._project = project.below("", idempotent=False)

    async def create(self, portal: billing.OpenPortal) -> billing.PortalAnswer:
        """Open the portal for a customer; `portalUrl` is a secret of that customer and works until `expiresAt`."""
        answer: billing.PortalAnswer = await self._project.post("/portal", portal)
        return answer


class AsyncSubscriptions:
    """The subscriptions of the project."""

    def __init__(self, project: AsyncSurface) -> None:
        self._project = project

    def list(
        self,
        *,
        customer_id: str | None = None,
        active_only: bool | None = None,
        limit: int | None = None,
        offset: int | None = None,
    ) -> AsyncListing[billing.Subscription]:
        """List subscriptions, newest first; only active and trialing ones unless told otherwise."""

        def items(answer: billing.SubscriptionsAnswer) -> list[billing.Subscription]:
            return answer["subscriptions"]

        return self._project.list(
            "/subscriptions", items, limit=limit, offset=offset, customerId=customer_id, activeOnly=active_only
        )

    async def get(self, subscription_id: str) -> billing.Subscription:
        """Return a subscription."""
        answer: billing.SubscriptionAnswer = await self._project.get(f"/subscriptions/{segment(subscription_id)}")
        return answer["subscription"]

    async def cancel(self, subscription_id: str) -> billing.Subscription:
        """Let it end with the period that is paid for."""
        return await self._change(subscription_id, cancel_at_period_end=True)

    async def resume(self, subscription_id: str) -> billing.Subscription:
        """Take a `cancel` back, as long as the period runs."""
        return await self._change(subscription_id, cancel_at_period_end=False)

    async def cancel_now(self, subscription_id: str) -> billing.Subscription:
        """End it at once."""
        answer: billing.SubscriptionAnswer = await self._project.delete(f"/subscriptions/{segment(subscription_id)}")
        return answer["subscription"]

    async def _change(self, subscription_id: str, *, cancel_at_period_end: bool) -> billing.Subscription:
        changes: billing.UpdateSubscription = {"cancelAtPeriodEnd": cancel_at_period_end}
        path = f"/subscriptions/{segment(subscription_id)}"
        answer: billing.SubscriptionAnswer = await self._project.patch(path, changes)
        return answer["subscription"]
