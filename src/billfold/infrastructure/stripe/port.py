"""What we ask of Stripe, in our language; `client.py` is its only implementation.

Every call may raise `StripeUnavailable` (no answer, 429 or 5xx after the library's retries), `StripeRejected` (Stripe
understood and refused; its message may be shown), `StripeKeyInvalid`. A `get_…` of something that does not exist returns
None. Every call that creates takes an `idempotency_key`: the same key and parameters give the same object. An answer that
does not have the documented shape raises `translate.BadObject`, a `ValueError`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Protocol

from billfold.base.errors import Invalid, Unavailable
from billfold.infrastructure.stripe.values import (
    StripeAccount,
    StripeBalanceTransaction,
    StripeCheckoutSession,
    StripeConnectedAccount,
    StripeCustomer,
    StripeEvent,
    StripeInvoice,
    StripePage,
    StripePayment,
    StripePaymentMethod,
    StripePrice,
    StripeProduct,
    StripePromotionCode,
    StripeSetupIntent,
    StripeSubscription,
    StripeTransfer,
    StripeTransferReversal,
)


class StripeRejected(Invalid):
    """Stripe refused the request; `code` is Stripe's error code where it gave one."""

    def __init__(self, message: str, *, code: str | None = None) -> None:
        super().__init__(message)
        self.code = code


class StripeKeyInvalid(Invalid):
    """Stripe does not accept the team's secret key."""


class StripeUnavailable(Unavailable):
    """Stripe did not answer, or asked us to slow down."""


class StripeGateway(Protocol):
    """One team's Stripe account."""

    async def get_account(self) -> StripeAccount:
        """Return whose account the key opens; the check of a new connection."""
        ...

    async def find_customers(self, email: str) -> Sequence[StripeCustomer]:
        """Return the account's customers with exactly this e-mail address, oldest first, at most 100."""
        ...

    async def get_customer(self, customer_id: str) -> StripeCustomer | None:
        """Return a customer, `deleted` if Stripe keeps only its id."""
        ...

    async def create_customer(
        self, *, email: str, name: str | None, metadata: Mapping[str, str], idempotency_key: str
    ) -> StripeCustomer:
        """Create a customer."""
        ...

    async def update_customer(
        self,
        customer_id: str,
        *,
        email: str | None = None,
        name: str | None = None,
        metadata: Mapping[str, str] | None = None,
    ) -> StripeCustomer:
        """Change what is given; `name=""` clears it, a metadata value of "" drops that key."""
        ...

    async def delete_customer(self, customer_id: str) -> None:
        """Delete a customer that we made and cannot keep."""
        ...

    async def create_product(
        self, *, name: str, description: str | None, metadata: Mapping[str, str], idempotency_key: str
    ) -> StripeProduct:
        """Create an active product."""
        ...

    async def update_product(
        self,
        product_id: str,
        *,
        name: str | None = None,
        description: str | None = None,
        active: bool | None = None,
        metadata: Mapping[str, str] | None = None,
    ) -> StripeProduct:
        """Change what is given; `description=""` clears it, a metadata value of "" drops that key."""
        ...

    async def get_product(self, product_id: str) -> StripeProduct | None:
        """Return a product."""
        ...

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
        """Create a recurring price, or a one-time price if `interval` is None."""
        ...

    async def update_price(
        self,
        price_id: str,
        *,
        active: bool | None = None,
        nickname: str | None = None,
        metadata: Mapping[str, str] | None = None,
    ) -> StripePrice:
        """Change what is given; `nickname=""` clears it."""
        ...

    async def get_price(self, price_id: str) -> StripePrice | None:
        """Return a price."""
        ...

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
        """Open a checkout; the metadata goes onto the session and onto the subscription or payment that it makes.

        `client_reference_id` is up to 200 letters, digits, `-` and `_`.
        """
        ...

    async def get_checkout_session(self, session_id: str) -> StripeCheckoutSession | None:
        """Return a checkout session."""
        ...

    async def get_checkout_of_subscription(
        self, subscription_id: str, *, customer_id: str
    ) -> StripeCheckoutSession | None:
        """Return the completed checkout that made a customer's subscription, None if none did."""
        ...

    async def get_used_promotion_codes(self, invoice_id: str) -> Sequence[str]:
        """Return the ids of the promotion codes behind an invoice's discounts."""
        ...

    async def get_promotion_code(self, promotion_code_id: str) -> StripePromotionCode | None:
        """Return a promotion code."""
        ...

    async def find_promotion_codes(self, text: str) -> Sequence[StripePromotionCode]:
        """Return the promotion codes that buyers type as this text, the active one first."""
        ...

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
        """Open a checkout that charges nothing and saves a way to pay; the metadata goes onto it and its setup intent."""
        ...

    async def get_setup_intent(self, intent_id: str) -> StripeSetupIntent | None:
        """Return a setup intent with the way to pay that it saved."""
        ...

    async def get_default_payment_method(
        self, customer_id: str, *, subscription_id: str | None
    ) -> StripePaymentMethod | None:
        """Return what the next invoice is charged to: the subscription's own way to pay, else the customer's, else None."""
        ...

    async def set_default_payment_method(self, customer_id: str, payment_method_id: str) -> StripeCustomer:
        """Have a customer's invoices charged to one of his ways to pay, where a subscription has none of its own."""
        ...

    async def set_subscription_payment_method(self, subscription_id: str, payment_method_id: str) -> StripeSubscription:
        """Have a subscription charged to one of its customer's ways to pay."""
        ...

    async def get_subscription(self, subscription_id: str) -> StripeSubscription | None:
        """Return a subscription with its items."""
        ...

    async def list_subscriptions(self, customer_id: str) -> Sequence[StripeSubscription]:
        """Return every subscription of a customer, ended ones too."""
        ...

    async def set_cancel_at_period_end(self, subscription_id: str, *, cancel: bool) -> StripeSubscription:
        """Have a subscription end with its period, or go on after all."""
        ...

    async def cancel_subscription(self, subscription_id: str) -> StripeSubscription:
        """End a subscription now."""
        ...

    async def get_invoice(self, invoice_id: str) -> StripeInvoice | None:
        """Return an invoice with the payment intents that paid it."""
        ...

    async def list_invoices(self, customer_id: str) -> Sequence[StripeInvoice]:
        """Return every invoice of a customer."""
        ...

    async def get_payment_intent(self, intent_id: str) -> StripePayment | None:
        """Return a payment intent with its latest charge."""
        ...

    async def get_charge(self, charge_id: str) -> StripePayment | None:
        """Return a charge that has no payment intent."""
        ...

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
        """Change a customer's balance; a negative amount is credit that the next invoices use up."""
        ...

    async def list_balance_transactions(
        self, customer_id: str, *, after: str | None = None
    ) -> Sequence[StripeBalanceTransaction]:
        """Return the latest changes of a customer's balance, newest first, at most 100; `after` is the last one seen."""
        ...

    async def create_connected_account(
        self, *, email: str, country: str | None, metadata: Mapping[str, str], idempotency_key: str
    ) -> StripeConnectedAccount:
        """Create an account that Stripe asks for its papers and that transfers can then go to."""
        ...

    async def get_connected_account(self, account_id: str) -> StripeConnectedAccount | None:
        """Return a connected account, None if it is not connected to ours (any more)."""
        ...

    async def open_onboarding(self, account_id: str, *, refresh_url: str, return_url: str) -> str:
        """Return the address of a page of Stripe's where an account's owner tells what is missing; good once, for minutes."""
        ...

    async def create_transfer(
        self,
        *,
        amount: int,
        currency: str,
        destination_id: str,
        transfer_group: str,
        description: str,
        metadata: Mapping[str, str],
        idempotency_key: str,
    ) -> StripeTransfer:
        """Send money from our balance to a connected account, in minor units."""
        ...

    async def list_transfers(self, transfer_group: str) -> Sequence[StripeTransfer]:
        """Return every transfer of a group, newest first."""
        ...

    async def reverse_transfer(
        self, transfer_id: str, *, metadata: Mapping[str, str], idempotency_key: str
    ) -> StripeTransferReversal:
        """Take back all that is left of a transfer."""
        ...

    async def list_events(
        self, *, since: datetime, after: str | None = None
    ) -> tuple[Sequence[tuple[StripeEvent, bytes]], bool]:
        """Return a page of the account's events since a moment, newest first, each with its JSON, and whether more follow.

        `after` is the id of the last event of the page before. Stripe keeps events for 30 days.
        """
        ...

    async def list_page(
        self, kind: str, *, after: str | None = None, created_since: datetime | None = None, of: str | None = None
    ) -> StripePage:
        """Return a page of the account's objects of one kind, newest first, each with its JSON.

        `kind` is customer, product, price, subscription, invoice or charge; ended and archived ones are among them. `after`
        is the id of the last object of the page before, `of` narrows the list to one customer, or prices to one product.
        """
        ...

    async def close(self) -> None:
        """Wait for the calls under way, then give the connections back. Nothing may be called after it."""
        ...
