"""The requests about ways to pay: saving one, and having customers and subscriptions charged to it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from billfold.infrastructure.stripe import translate
from billfold.infrastructure.stripe.requests import StripeRequests, in_path
from billfold.infrastructure.stripe.values import (
    StripeCheckoutSession,
    StripeCustomer,
    StripePaymentMethod,
    StripeSetupIntent,
    StripeSubscription,
)

if TYPE_CHECKING:
    from stripe import params as stripe_params
    from stripe.params import checkout as checkout_params


class PaymentMethodCalls:
    """A part of `StripeClientGateway`; the protocol says what each verb does."""

    def __init__(self, requests: StripeRequests) -> None:
        self._requests = requests

    async def create_setup_session(
        self,
        *,
        customer_id: str,
        currency: str,
        success_url: str,
        cancel_url: str,
        metadata: Mapping[str, str],
        idempotency_key: str,
    ) -> StripeCheckoutSession:
        """Open a checkout that saves a way to pay; Stripe wants a currency to choose which kinds to offer."""
        params: checkout_params.SessionCreateParams = {
            "customer": customer_id,
            "mode": "setup",
            "currency": currency,
            "success_url": success_url,
            "cancel_url": cancel_url,
            "metadata": dict(metadata),
            "setup_intent_data": {"metadata": dict(metadata)},
        }
        return translate.checkout_session(await self._requests.post("checkout/sessions", params, idempotency_key))

    async def get_setup_intent(self, intent_id: str) -> StripeSetupIntent | None:
        """Return a setup intent with what it saved."""
        params: stripe_params.SetupIntentRetrieveParams = {"expand": ["payment_method"]}
        return await self._requests.find(translate.setup_intent, f"setup_intents/{in_path(intent_id)}", params)

    async def get_default_payment_method(
        self, customer_id: str, *, subscription_id: str | None
    ) -> StripePaymentMethod | None:
        """Ask for the subscription's own way to pay, then for the customer's."""
        if subscription_id is not None:
            params: stripe_params.SubscriptionRetrieveParams = {"expand": ["default_payment_method"]}
            path = f"subscriptions/{in_path(subscription_id)}"
            found = await self._requests.find(translate.own_payment_method, path, params)
            if found is not None:
                return found
        expand: stripe_params.CustomerRetrieveParams = {"expand": ["invoice_settings.default_payment_method"]}
        path = f"customers/{in_path(customer_id)}"
        return await self._requests.find(translate.customers_payment_method, path, expand)

    async def set_default_payment_method(self, customer_id: str, payment_method_id: str) -> StripeCustomer:
        """Set what a customer's invoices are charged to."""
        params: stripe_params.CustomerUpdateParams = {"invoice_settings": {"default_payment_method": payment_method_id}}
        return translate.customer(await self._requests.post(f"customers/{in_path(customer_id)}", params))

    async def set_subscription_payment_method(self, subscription_id: str, payment_method_id: str) -> StripeSubscription:
        """Set what a subscription is charged to."""
        params: stripe_params.SubscriptionUpdateParams = {"default_payment_method": payment_method_id}
        return translate.subscription(await self._requests.post(f"subscriptions/{in_path(subscription_id)}", params))
