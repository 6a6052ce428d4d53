"""The fifteen-odd things that we ask of Stripe, as requests to its API; `port.StripeGateway` says what each verb does.

Parameters are declared with the official library's own parameter types, and `tests/contract/test_stripe_requests.py` checks
every request that is really sent against them, so nothing can be asked that Stripe does not know.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

import msgspec

from billfold.infrastructure.stripe import translate
from billfold.infrastructure.stripe.checkout_calls import CheckoutCalls
from billfold.infrastructure.stripe.connect_calls import ConnectCalls
from billfold.infrastructure.stripe.invoice_calls import InvoiceCalls
from billfold.infrastructure.stripe.listing import ListingGateway, body_of, with_body
from billfold.infrastructure.stripe.payment_method_calls import PaymentMethodCalls
from billfold.infrastructure.stripe.port import StripeGateway, StripeRejected, StripeUnavailable
from billfold.infrastructure.stripe.requests import PAGE, StripeRequests, in_path, listed_in
from billfold.infrastructure.stripe.transport import AsgiApp, InMemoryClient, NetworkClient
from billfold.infrastructure.stripe.values import (
    StripeAccount,
    StripeBalanceTransaction,
    StripeCheckoutSession,
    StripeCustomer,
    StripeEvent,
    StripePayment,
    StripePrice,
    StripeProduct,
    StripeSubscription,
)

if TYPE_CHECKING:
    from stripe import params as stripe_params
    from stripe.params import checkout as checkout_params


def connect(
    secret_key: str, *, api_base: str | None = None, transport: AsgiApp | None = None, retries: int = 2
) -> StripeGateway:
    """Return the gateway to the account that a secret key opens; nothing is sent yet.

    `api_base` is the address of a Stripe-compatible server without `/v1`, None for Stripe's own. With `transport` every
    request goes to that ASGI application in memory. A request that fails is repeated up to `retries` times, a POST under
    one idempotency key.
    """
    http = NetworkClient() if transport is None else InMemoryClient(transport)
    return StripeClientGateway(
        StripeRequests(secret_key, api_base=api_base, http=http, retries=retries), livemode=is_live(secret_key)
    )


def is_live(secret_key: str) -> bool:
    """Tell whether a secret or restricted key belongs to live mode."""
    return secret_key.startswith(("sk_live_", "rk_live_"))


class _EventPage(msgspec.Struct):
    data: list[msgspec.Raw]
    has_more: bool = False


class StripeClientGateway(PaymentMethodCalls, InvoiceCalls, CheckoutCalls, ConnectCalls, ListingGateway):
    """`StripeGateway` on the official library; the protocol says what each verb does."""

    def __init__(self, requests: StripeRequests, *, livemode: bool) -> None:
        super().__init__(requests)
        self._livemode = livemode

    async def get_account(self) -> StripeAccount:
        """Return whose account the key opens."""
        return translate.account(await self._requests.get("account"), livemode=self._livemode)

    async def find_customers(self, email: str) -> Sequence[StripeCustomer]:
        """Return the customers with this address, oldest first; Stripe lists the newest first."""
        params: stripe_params.CustomerListParams = {"email": email, "limit": PAGE}
        page = await self._requests.get("customers", params)
        return [translate.customer(each) for each in reversed(listed_in(page))]

    async def get_customer(self, customer_id: str) -> StripeCustomer | None:
        """Return a customer."""
        return await self._requests.find(with_body(translate.customer), f"customers/{in_path(customer_id)}")

    async def create_customer(
        self, *, email: str, name: str | None, metadata: Mapping[str, str], idempotency_key: str
    ) -> StripeCustomer:
        """Create a customer."""
        params: stripe_params.CustomerCreateParams = {"email": email, "metadata": dict(metadata)}
        if name is not None:
            params["name"] = name
        return translate.customer(await self._requests.post("customers", params, idempotency_key))

    async def update_customer(
        self,
        customer_id: str,
        *,
        email: str | None = None,
        name: str | None = None,
        metadata: Mapping[str, str] | None = None,
    ) -> StripeCustomer:
        """Change what is given."""
        params: stripe_params.CustomerUpdateParams = {}
        if email is not None:
            params["email"] = email
        if name is not None:
            params["name"] = name
        if metadata is not None:
            params["metadata"] = dict(metadata)
        return translate.customer(await self._requests.post(f"customers/{in_path(customer_id)}", params))

    async def delete_customer(self, customer_id: str) -> None:
        """Delete a customer; one that is gone already is as good."""
        try:
            await self._requests.delete(f"customers/{in_path(customer_id)}")
        except StripeRejected as error:
            if error.code != "resource_missing":
                raise

    async def create_product(
        self, *, name: str, description: str | None, metadata: Mapping[str, str], idempotency_key: str
    ) -> StripeProduct:
        """Create an active product."""
        params: stripe_params.ProductCreateParams = {"name": name, "metadata": dict(metadata)}
        if description:
            params["description"] = description
        return translate.product(await self._requests.post("products", params, idempotency_key))

    async def update_product(
        self,
        product_id: str,
        *,
        name: str | None = None,
        description: str | None = None,
        active: bool | None = None,
        metadata: Mapping[str, str] | None = None,
    ) -> StripeProduct:
        """Change what is given."""
        params: stripe_params.ProductUpdateParams = {}
        if name is not None:
            params["name"] = name
        if description is not None:
            params["description"] = description
        if active is not None:
            params["active"] = active
        if metadata is not None:
            params["metadata"] = dict(metadata)
        return translate.product(await self._requests.post(f"products/{in_path(product_id)}", params))

    async def get_product(self, product_id: str) -> StripeProduct | None:
        """Return a product."""
        return await self._requests.find(with_body(translate.product), f"products/{in_path(product_id)}")

    async def create_price(
        self,
        *,
        product_id: str,
        unit_amount: int,
        currency: str,
        interval: str | None,
        interval_count: int,
        nickname: str | None,
        metadata: Mapping[str, str],
        idempotency_key: str,
    ) -> StripePrice:
        """Create a price."""
        params: stripe_params.PriceCreateParams = {
            "product": product_id,
            "unit_amount": unit_amount,
            "currency": currency,
            "metadata": dict(metadata),
        }
        if interval is not None:
            params["recurring"] = {"interval": interval, "interval_count": interval_count}
        if nickname:
            params["nickname"] = nickname
        return translate.price(await self._requests.post("prices", params, idempotency_key))

    async def update_price(
        self,
        price_id: str,
        *,
        active: bool | None = None,
        nickname: str | None = None,
        metadata: Mapping[str, str] | None = None,
    ) -> StripePrice:
        """Change what is given."""
        params: stripe_params.PriceUpdateParams = {}
        if active is not None:
            params["active"] = active
        if nickname is not None:
            params["nickname"] = nickname
        if metadata is not None:
            params["metadata"] = dict(metadata)
        return translate.price(await self._requests.post(f"prices/{in_path(price_id)}", params))

    async def get_price(self, price_id: str) -> StripePrice | None:
        """Return a price."""
        return await self._requests.find(with_body(translate.price), f"prices/{in_path(price_id)}")

    async def create_checkout_session(
        self,
        *,
        customer_id: str,
        price_id: str,
        quantity: int,
        mode: str,
        success_url: str,
        cancel_url: str,
        trial_days: int | None,
        metadata: Mapping[str, str],
        idempotency_key: str,
        client_reference_id: str | None = None,
        allow_promotion_codes: bool = False,
    ) -> StripeCheckoutSession:
        """Open a checkout."""
        params: checkout_params.SessionCreateParams = {
            "customer": customer_id,
            "mode": mode,
            "line_items": [{"price": price_id, "quantity": quantity}],
            "success_url": success_url,
            "cancel_url": cancel_url,
            "metadata": dict(metadata),
        }
        if client_reference_id is not None:
            params["client_reference_id"] = client_reference_id
        if allow_promotion_codes:
            params["allow_promotion_codes"] = True
        if mode == "subscription":
            params["subscription_data"] = {"metadata": dict(metadata)}
            if trial_days is not None:
                params["subscription_data"]["trial_period_days"] = trial_days
        elif mode == "payment":
            params["payment_intent_data"] = {"metadata": dict(metadata)}
        return translate.checkout_session(await self._requests.post("checkout/sessions", params, idempotency_key))

    async def get_checkout_session(self, session_id: str) -> StripeCheckoutSession | None:
        """Return a checkout session."""
        return await self._requests.find(translate.checkout_session, f"checkout/sessions/{in_path(session_id)}")

    async def get_subscription(self, subscription_id: str) -> StripeSubscription | None:
        """Return a subscription with its items."""
        return await self._requests.find(with_body(translate.subscription), f"subscriptions/{in_path(subscription_id)}")

    async def list_subscriptions(self, customer_id: str) -> Sequence[StripeSubscription]:
        """Return every subscription of a customer, ended ones too."""
        params: stripe_params.SubscriptionListParams = {"customer": customer_id, "status": "all", "limit": PAGE}
        return [translate.subscription(each) for each in await self._requests.every("subscriptions", params)]

    async def set_cancel_at_period_end(self, subscription_id: str, *, cancel: bool) -> StripeSubscription:
        """Have a subscription end with its period, or go on after all."""
        params: stripe_params.SubscriptionUpdateParams = {"cancel_at_period_end": cancel}
        return translate.subscription(await self._requests.post(f"subscriptions/{in_path(subscription_id)}", params))

    async def cancel_subscription(self, subscription_id: str) -> StripeSubscription:
        """End a subscription now; one that was ended before, perhaps by a call whose answer was lost, is returned."""
        try:
            return translate.subscription(await self._requests.delete(f"subscriptions/{in_path(subscription_id)}"))
        except StripeRejected as error:
            found = await self.get_subscription(subscription_id) if error.code == "resource_missing" else None
            if found is None or found.status != "canceled":
                raise
            return found

    async def get_payment_intent(self, intent_id: str) -> StripePayment | None:
        """Return a payment intent with its latest charge, and what its disputes came to if it ever had one."""
        params: stripe_params.PaymentIntentRetrieveParams = {"expand": ["latest_charge"]}
        found = await self._requests.find(_as_it_is, f"payment_intents/{in_path(intent_id)}", params)
        if found is None:
            return None
        disputes = None
        if _was_disputed(found.get("latest_charge")):
            dispute_params: stripe_params.DisputeListParams = {"payment_intent": intent_id, "limit": PAGE}
            disputes = await self._requests.every("disputes", dispute_params)
        payment = translate.payment_intent(found, disputes)
        taken = found.get("latest_charge")
        if not isinstance(taken, Mapping):
            return payment
        # As the list of charges has it, whose copies this one stands beside.
        return replace(
            payment, body=body_of({**taken, "payment_intent": {**found, "latest_charge": payment.charge_id}})
        )

    async def get_charge(self, charge_id: str) -> StripePayment | None:
        """Return a charge, and what its disputes came to if it ever had one."""
        found = await self._requests.find(_as_it_is, f"charges/{in_path(charge_id)}")
        if found is None:
            return None
        disputes = None
        if _was_disputed(found):
            dispute_params: stripe_params.DisputeListParams = {"charge": charge_id, "limit": PAGE}
            disputes = await self._requests.every("disputes", dispute_params)
        return replace(translate.charge(found, disputes), body=body_of(found))

    async def create_balance_transaction(
        self,
        customer_id: str,
        *,
        amount: int,
        currency: str,
        description: str,
        metadata: Mapping[str, str],
        idempotency_key: str,
    ) -> StripeBalanceTransaction:
        """Change a customer's balance."""
        params: stripe_params.CustomerBalanceTransactionCreateParams = {
            "amount": amount,
            "currency": currency,
            "description": description,
            "metadata": dict(metadata),
        }
        path = f"customers/{in_path(customer_id)}/balance_transactions"
        return translate.balance_transaction(await self._requests.post(path, params, idempotency_key))

    async def list_balance_transactions(
        self, customer_id: str, *, after: str | None = None
    ) -> Sequence[StripeBalanceTransaction]:
        """Return a page of the changes of a customer's balance, newest first."""
        params: stripe_params.CustomerBalanceTransactionListParams = {"limit": PAGE}
        if after is not None:
            params["starting_after"] = after
        page = await self._requests.get(f"customers/{in_path(customer_id)}/balance_transactions", params)
        return [translate.balance_transaction(each) for each in listed_in(page)]

    async def list_events(
        self, *, since: datetime, after: str | None = None
    ) -> tuple[Sequence[tuple[StripeEvent, bytes]], bool]:
        """Return a page of events, each with the very bytes of its JSON in Stripe's answer."""
        params: stripe_params.EventListParams = {"created": {"gte": int(since.timestamp())}, "limit": PAGE}
        if after is not None:
            params["starting_after"] = after
        answer = await self._requests.answer("get", "events", params)
        try:
            page = msgspec.json.decode(answer.body, type=_EventPage)
        except (ValueError, RecursionError) as error:
            raise StripeUnavailable("Stripe's list of events cannot be read.") from error
        events = [(event, body) for event, body in map(_decoded, page.data) if event is not None]
        return events, page.has_more and bool(events)

    async def close(self) -> None:
        """Wait for the calls under way, then close the connections."""
        await self._requests.close()


def _decoded(raw: msgspec.Raw) -> tuple[StripeEvent | None, bytes]:
    body = bytes(raw)
    try:
        return translate.decode_event(body), body
    except translate.BadEvent:
        # One entry that is no event must not hide the others from the sweep.
        return None, body


def _was_disputed(taken: Any) -> bool:
    return isinstance(taken, Mapping) and bool(taken.get("disputed"))


def _as_it_is(data: Mapping[str, Any]) -> Mapping[str, Any]:
    return data
