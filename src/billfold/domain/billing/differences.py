"""Where a row of ours and Stripe's object do not agree, field by field; pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, TypeAlias

from billfold.base.clock import iso
from billfold.domain.billing.invoices import Invoice
from billfold.domain.billing.payments import Payment
from billfold.domain.billing.prices import Price
from billfold.domain.billing.products import Product
from billfold.domain.billing.subscription_items import SubscriptionItem
from billfold.domain.billing.subscriptions import Subscription
from billfold.infrastructure.stripe.values import (
    StripeInvoice,
    StripeListedValue,
    StripePayment,
    StripePrice,
    StripeProduct,
    StripeSubscription,
)

OurRow: TypeAlias = Product | Price | Subscription | Invoice | Payment
# The field of a difference about a whole object.
WHOLE: Final = "object"
_LONGEST: Final = 200


@dataclass(frozen=True, slots=True)
class Difference:
    """One field of one object: what we hold and what Stripe says, both as text; None is nothing."""

    kind: str
    stripe_id: str
    field: str
    ours: str | None
    theirs: str | None

    def __str__(self) -> str:
        """Say it in a line."""
        ours, theirs = self.ours or "nothing", self.theirs or "nothing"
        return f"{self.kind} {self.stripe_id}: {self.field} is {ours} here and {theirs} in Stripe"


def compare(row: OurRow, value: StripeListedValue, items: Sequence[SubscriptionItem] = ()) -> list[Difference]:
    """Return where a row and Stripe's object of the same id differ; `items` are the lines of a subscription."""
    match row, value:
        case Product(), StripeProduct():
            return _listed("product", value.id, _product(row, value))
        case Price(), StripePrice():
            return _listed("price", value.id, _price(row, value))
        case Subscription(), StripeSubscription():
            return _listed("subscription", value.id, _subscription(row, items, value))
        case Invoice(), StripeInvoice():
            return _listed("invoice", value.id, _invoice(row, value))
        case Payment(), StripePayment():
            return _listed("charge", row.stripe_payment_id, _payment(row, value))
    raise TypeError(f"{type(row).__name__} is not compared with {type(value).__name__}")


def missing_here(kind: str, stripe_id: str) -> Difference:
    """Return that Stripe has an object of a project's that we lack."""
    return Difference(kind, stripe_id, WHOLE, None, "present")


def missing_in_stripe(kind: str, stripe_id: str) -> Difference:
    """Return that we hold an object that Stripe does not have."""
    return Difference(kind, stripe_id, WHOLE, "present", None)


_Pairs: TypeAlias = dict[str, tuple[object, object]]


def _listed(kind: str, stripe_id: str, pairs: _Pairs) -> list[Difference]:
    return [
        Difference(kind, stripe_id, field, _text(ours), _text(theirs))
        for field, (ours, theirs) in pairs.items()
        if ours != theirs
    ]


def _text(value: object) -> str | None:
    if value is None:
        return None
    return iso(value) if isinstance(value, datetime) else str(value)[:_LONGEST]


def _product(row: Product, value: StripeProduct) -> _Pairs:
    return {
        # Of a deleted one Stripe tells no more than that.
        **({} if value.deleted else {"name": (row.name, value.name)}),
        **({} if value.deleted else {"description": (row.description, value.description or None)}),
        "active": (row.is_active, value.active and not value.deleted),
    }


def _price(row: Price, value: StripePrice) -> _Pairs:
    return {
        "unit_amount": (row.unit_amount, value.unit_amount),
        "currency": (row.currency, value.currency),
        "interval": (row.interval, value.interval),
        "interval_count": (row.interval_count, value.interval_count),
        "active": (row.is_active, value.active),
    }


def _subscription(row: Subscription, items: Sequence[SubscriptionItem], value: StripeSubscription) -> _Pairs:
    return {
        "status": (row.status, value.status),
        "cancel_at_period_end": (row.cancel_at_period_end, value.cancel_at_period_end),
        "current_period_start": (row.current_period_start, value.current_period_start),
        "current_period_end": (row.current_period_end, value.current_period_end),
        "items": (
            [(item.stripe_price_id, item.quantity) for item in items],
            [(item.price.id, item.quantity) for item in value.items],
        ),
    }


def _invoice(row: Invoice, value: StripeInvoice) -> _Pairs:
    return {
        "status": (row.status, value.status),
        "number": (row.number, value.number),
        "currency": (row.currency, value.currency),
        "total": (row.total, value.total),
        "amount_due": (row.amount_due, value.amount_due),
        "amount_paid": (row.amount_paid, value.amount_paid),
        "amount_remaining": (row.amount_remaining, value.amount_remaining),
    }


def _payment(row: Payment, value: StripePayment) -> _Pairs:
    return {
        "status": (row.status, value.status),
        "currency": (row.currency, value.currency),
        "amount": (row.amount, value.amount),
        "amount_received": (row.amount_received, value.amount_received),
        "amount_refunded": (row.amount_refunded, value.amount_refunded),
        "amount_disputed": (row.amount_disputed, value.amount_disputed),
    }
