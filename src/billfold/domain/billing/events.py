"""What billing publishes; each event carries only ids, because handlers look at the present state."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from billfold.infrastructure.jobs.events import Event


@dataclass(frozen=True, slots=True)
class SubscriptionStarted(Event):
    """A subscription was seen active or trialing for the first time (contract G31)."""

    name: ClassVar[str] = "subscription.started"

    customer_id: str
    subscription_id: str


@dataclass(frozen=True, slots=True)
class SubscriptionEnded(Event):
    """A subscription was canceled; it never comes back under the same id."""

    name: ClassVar[str] = "subscription.ended"

    customer_id: str
    subscription_id: str


@dataclass(frozen=True, slots=True)
class InvoicePaid(Event):
    """An invoice of a customer was paid for the first time."""

    name: ClassVar[str] = "invoice.paid"

    customer_id: str
    invoice_id: str


@dataclass(frozen=True, slots=True)
class PaymentRefunded(Event):
    """The refunded or disputed part of a payment changed, in either direction."""

    name: ClassVar[str] = "payment.refunded"

    customer_id: str
    payment_id: str


@dataclass(frozen=True, slots=True)
class CustomerDeleted(Event):
    """A customer was removed here; its Stripe customer may live on (contract section 3.1)."""

    name: ClassVar[str] = "customer.deleted"

    customer_id: str
