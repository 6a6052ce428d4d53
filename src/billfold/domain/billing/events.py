"""What billing publishes; each event carries only ids, because handlers look at the present state."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from billfold.infrastructure.jobs.events import Event


@dataclass(frozen=True, slots=True)
class SubscriptionStarted(Event):
    """A subscription was seen active or trialing for the first time (contract G31).

    `changes` are the public types that tell of it: it may have been known before, and not have got going.
    """

    name: ClassVar[str] = "subscription.started"

    customer_id: str
    subscription_id: str
    changes: tuple[str, ...] = ("subscription.created",)


@dataclass(frozen=True, slots=True)
class SubscriptionChanged(Event):
    """A subscription changed in a way that neither started nor ended it; `changes` are the public types that tell of it."""

    name: ClassVar[str] = "subscription.changed"

    customer_id: str
    subscription_id: str
    changes: tuple[str, ...]


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
class InvoiceCorrected(Event):
    """An invoice that was paid was credited after all, or is not paid any more."""

    name: ClassVar[str] = "invoice.corrected"

    customer_id: str
    invoice_id: str


@dataclass(frozen=True, slots=True)
class CardShared(Event):
    """A customer paid with a card or bank account that another customer of the project has paid with."""

    name: ClassVar[str] = "payment.card_shared"

    customer_id: str
    payment_id: str


@dataclass(frozen=True, slots=True)
class PaymentRefunded(Event):
    """The refunded or disputed part of a payment changed, in either direction.

    `changes` are the public types that tell of it, with what else changed at the same time.
    """

    name: ClassVar[str] = "payment.refunded"

    customer_id: str
    payment_id: str
    changes: tuple[str, ...] = ("payment.refunded",)


@dataclass(frozen=True, slots=True)
class PaymentSettled(Event):
    """A payment succeeded, or an attempt at it failed; `changes` are the public types that tell of it.

    `customer_id` is None for somebody who paid without being a customer of the project.
    """

    name: ClassVar[str] = "payment.settled"

    customer_id: str | None
    payment_id: str
    changes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CustomerCreated(Event):
    """A customer was made by the project's API, by a person or from a user's token; an import of the past tells nobody."""

    name: ClassVar[str] = "customer.created"

    customer_id: str


@dataclass(frozen=True, slots=True)
class CustomerUpdated(Event):
    """Something changed that the API shows of a customer, here or in Stripe."""

    name: ClassVar[str] = "customer.updated"

    customer_id: str


@dataclass(frozen=True, slots=True)
class CustomerDeleted(Event):
    """A customer was removed here; its Stripe customer may live on (contract section 3.1)."""

    name: ClassVar[str] = "customer.deleted"

    customer_id: str
