"""A Stripe account held in dictionaries, for tests of what we do with its answers."""

from __future__ import annotations

import itertools
import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, Final, cast

from billfold.domain.tenancy.stripe_connections import WebhookSecrets
from billfold.infrastructure.stripe.port import StripeGateway, StripeRejected, StripeUnavailable
from billfold.infrastructure.stripe.translate import decode_event
from billfold.infrastructure.stripe.values import (
    StripeAccount,
    StripeCheckoutSession,
    StripeCustomer,
    StripeEvent,
    StripeInvoice,
    StripePayment,
    StripePaymentMethod,
    StripePrice,
    StripeProduct,
    StripeSetupIntent,
    StripeSubscription,
)
from tests.billing.stripe_values import START, stripe_price, stripe_subscription

SECRET: Final = "whsec_made_up"
ACCOUNT_ID: Final = "acct_example"

_numbers = itertools.count(1)


class FakeStripe:
    """Answers with what the test put into `objects`, by id; counts the calls; is down when told so."""

    def __init__(self) -> None:
        self.objects: dict[str, Any] = {}
        self.events: list[tuple[StripeEvent, bytes]] = []
        self.calls: list[str] = []
        # Customer or subscription → the way to pay that it is charged to.
        self.defaults: dict[str, str] = {}
        self.is_down = False

    def put(self, *values: Any) -> None:
        for value in values:
            self.objects[getattr(value, "id", None) or value.intent_id or value.charge_id] = value

    async def _get(self, stripe_id: str) -> Any:
        self.calls.append(stripe_id)
        if self.is_down:
            raise StripeUnavailable("Stripe does not answer.")
        return self.objects.get(stripe_id)

    get_customer = get_product = get_price = get_subscription = get_invoice = _get
    get_payment_intent = get_charge = get_checkout_session = get_setup_intent = _get

    async def set_default_payment_method(self, customer_id: str, payment_method_id: str) -> None:
        await self._get(customer_id)
        self.defaults[customer_id] = payment_method_id

    async def set_subscription_payment_method(self, subscription_id: str, payment_method_id: str) -> None:
        if (await self._get(subscription_id)).status == "canceled":
            raise StripeRejected("A canceled subscription can only be looked at.")
        self.defaults[subscription_id] = payment_method_id

    async def get_account(self) -> StripeAccount:
        return StripeAccount(id=ACCOUNT_ID, name="Example", livemode=False)

    async def list_subscriptions(self, customer_id: str) -> Sequence[StripeSubscription]:
        return [
            each
            for each in self.objects.values()
            if isinstance(each, StripeSubscription) and each.customer_id == customer_id
        ]

    async def list_invoices(self, customer_id: str) -> Sequence[StripeInvoice]:
        return [
            each
            for each in self.objects.values()
            if isinstance(each, StripeInvoice) and each.customer_id == customer_id
        ]

    async def list_events(
        self, *, since: datetime, after: str | None = None
    ) -> tuple[Sequence[tuple[StripeEvent, bytes]], bool]:
        newest_first = [pair for pair in reversed(self.events) if pair[0].created >= since]
        start = 0 if after is None else [event.id for event, _ in newest_first].index(after) + 1
        page = newest_first[start : start + 100]
        return page, start + len(page) < len(newest_first)

    async def close(self) -> None:
        return


class FakeConnections:
    """Every team has the one fake account, and its webhook secret."""

    def __init__(self, stripe: FakeStripe) -> None:
        self.stripe = stripe
        self.secrets: tuple[str, ...] = (SECRET,)
        self.unknown_teams: set[str] = set()

    async def gateway(self, team_id: str) -> StripeGateway:
        del team_id
        return cast("StripeGateway", self.stripe)

    async def webhook_secrets(self, team_id: str, now: datetime) -> WebhookSecrets | None:
        del now
        if team_id in self.unknown_teams:
            return None
        return WebhookSecrets(secrets=self.secrets, livemode=False, account_id=ACCOUNT_ID)


def event_body(
    event_type: str,
    about: Mapping[str, Any],
    *,
    event_id: str | None = None,
    created: datetime = START,
    **more: Any,
) -> bytes:
    """Return an event as Stripe would post it."""
    return json.dumps(
        {
            "id": event_id or f"evt_{next(_numbers)}",
            "object": "event",
            "api_version": "2026-01-28",
            "type": event_type,
            "created": int(created.timestamp()),
            "livemode": False,
            "data": {"object": dict(about)},
            **more,
        }
    ).encode()


def about(kind: str, stripe_id: str, **more: Any) -> dict[str, Any]:
    """Return as much of an object as an event's reader looks at."""
    return {"id": stripe_id, "object": kind, **more}


def listed(body: bytes) -> tuple[StripeEvent, bytes]:
    """Return an event as the account's list of events holds it."""
    return decode_event(body), body


def fake_customer(stripe_id: str = "cus_1", **changes: Any) -> StripeCustomer:
    value = StripeCustomer(
        id=stripe_id, email="jane@example.com", name=None, metadata={}, balance=0, currency=None, created=START
    )
    return replace(value, **changes)


def fake_product(stripe_id: str = "prod_1", **changes: Any) -> StripeProduct:
    value = StripeProduct(id=stripe_id, name="Pro", description=None, active=True, metadata={}, created=START)
    return replace(value, **changes)


def fake_price(stripe_id: str = "price_1", **changes: Any) -> StripePrice:
    return replace(stripe_price(stripe_id), **changes)


def fake_subscription(stripe_id: str = "sub_1", **changes: Any) -> StripeSubscription:
    return stripe_subscription(stripe_id, **changes)


def fake_invoice(stripe_id: str = "in_1", **changes: Any) -> StripeInvoice:
    value = StripeInvoice(
        id=stripe_id,
        customer_id="cus_1",
        subscription_id="sub_1",
        subscription_metadata={},
        metadata={},
        number="EX-0001",
        status="paid",
        billing_reason="subscription_create",
        currency="usd",
        subtotal=1000,
        total=1000,
        total_excluding_tax=1000,
        amount_due=1000,
        amount_paid=1000,
        amount_remaining=0,
        payment_intent_ids=("pi_1",),
        hosted_invoice_url=None,
        invoice_pdf=None,
        period_start=START,
        period_end=START + timedelta(days=30),
        paid_at=START,
        created=START,
    )
    return replace(value, **changes)


def fake_payment(intent_id: str | None = "pi_1", **changes: Any) -> StripePayment:
    value = StripePayment(
        intent_id=intent_id,
        charge_id="ch_1",
        customer_id="cus_1",
        status="succeeded",
        amount=1000,
        amount_received=1000,
        amount_refunded=0,
        currency="usd",
        disputed=False,
        failure_message=None,
        metadata={},
        created=START,
    )
    return replace(value, **changes)


def fake_checkout(stripe_id: str = "cs_1", **changes: Any) -> StripeCheckoutSession:
    value = StripeCheckoutSession(
        id=stripe_id,
        url=None,
        mode="subscription",
        status="complete",
        payment_status="paid",
        customer_id="cus_1",
        subscription_id="sub_1",
        payment_intent_id=None,
        setup_intent_id=None,
        metadata={},
        created=START,
        expires_at=START + timedelta(days=1),
    )
    return replace(value, **changes)


def fake_card(method_id: str = "pm_1", **changes: Any) -> StripePaymentMethod:
    value = StripePaymentMethod(
        id=method_id, type="card", brand="visa", last4="4242", exp_month=8, exp_year=2028, created=START
    )
    return replace(value, **changes)


def fake_setup(intent_id: str = "seti_1", **changes: Any) -> StripeSetupIntent:
    value = StripeSetupIntent(id=intent_id, customer_id="cus_1", status="succeeded", method=fake_card(), metadata={})
    return replace(value, **changes)
