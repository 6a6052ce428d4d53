"""What Stripe told us, as frozen values: no dictionary of Stripe's crosses the port.

Amounts are whole minor units, moments are aware UTC. A field is None where Stripe leaves it empty. `body` is the object's JSON
where it was fetched by itself, so that a copy can be kept; it is no part of what the object says.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeAlias

import msgspec


@dataclass(frozen=True, slots=True)
class StripeAccount:
    """Whose account a key opens."""

    id: str
    name: str | None
    livemode: bool


@dataclass(frozen=True, slots=True)
class StripeCustomer:
    """A customer; `deleted` means that Stripe keeps only the id."""

    id: str
    email: str | None
    name: str | None
    metadata: Mapping[str, str]
    # Negative: credit that the next invoices use up. Positive: owed.
    balance: int
    currency: str | None
    created: datetime
    deleted: bool = False
    body: bytes | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class StripeProduct:
    """A product."""

    id: str
    name: str
    description: str | None
    active: bool
    metadata: Mapping[str, str]
    created: datetime
    deleted: bool = False
    body: bytes | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class StripePrice:
    """A price; `unit_amount` is None for tiered and metered prices."""

    id: str
    product_id: str
    unit_amount: int | None
    currency: str
    type: str
    interval: str | None
    interval_count: int
    nickname: str | None
    active: bool
    metadata: Mapping[str, str]
    created: datetime
    body: bytes | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class StripeSubscriptionItem:
    """One line of a subscription, with the price as it was when Stripe answered."""

    id: str
    price: StripePrice
    quantity: int


@dataclass(frozen=True, slots=True)
class StripeSubscription:
    """A subscription; the period is that of its first item, where current API versions keep it."""

    id: str
    customer_id: str
    status: str
    items: tuple[StripeSubscriptionItem, ...]
    cancel_at_period_end: bool
    current_period_start: datetime | None
    current_period_end: datetime | None
    trial_end: datetime | None
    canceled_at: datetime | None
    ended_at: datetime | None
    metadata: Mapping[str, str]
    created: datetime
    body: bytes | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class StripeInvoiceLine:
    """What one line of an invoice comes to, less its discounts and the tax in it; negative where something is given back."""

    product_id: str | None
    amount: int


@dataclass(frozen=True, slots=True)
class StripeInvoice:
    """An invoice; `subscription_metadata` is the snapshot that Stripe keeps on it for routing.

    `amount_credited` is what credit notes gave back after it was paid, other than by refunds (those are on the payment);
    None where Stripe was not asked for the notes.
    """

    id: str
    customer_id: str
    subscription_id: str | None
    subscription_metadata: Mapping[str, str]
    metadata: Mapping[str, str]
    number: str | None
    status: str
    billing_reason: str | None
    currency: str
    subtotal: int
    total: int
    total_excluding_tax: int
    amount_due: int
    amount_paid: int
    amount_remaining: int
    payment_intent_ids: tuple[str, ...]
    hosted_invoice_url: str | None
    invoice_pdf: str | None
    period_start: datetime
    period_end: datetime
    paid_at: datetime | None
    created: datetime
    amount_credited: int | None = None
    lines: tuple[StripeInvoiceLine, ...] = ()
    body: bytes | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class StripePayment:
    """A payment intent with its latest charge, or a charge without an intent (`intent_id` None).

    `fingerprint` is the same for every use of one card or bank account in this Stripe account.
    `disputed` means that a dispute is open or lost, so the bank holds `amount_disputed`; a won dispute no longer counts.
    `body` is the latest charge's, as Stripe's list of charges has it.
    """

    intent_id: str | None
    charge_id: str | None
    customer_id: str | None
    status: str
    amount: int
    amount_received: int
    amount_refunded: int
    currency: str
    disputed: bool
    failure_message: str | None
    metadata: Mapping[str, str]
    created: datetime
    amount_disputed: int = 0
    fingerprint: str | None = None
    body: bytes | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class StripeCheckoutSession:
    """A checkout session; `mode` is subscription, payment or setup."""

    id: str
    url: str | None
    mode: str
    status: str | None
    payment_status: str
    customer_id: str | None
    subscription_id: str | None
    payment_intent_id: str | None
    setup_intent_id: str | None
    metadata: Mapping[str, str]
    created: datetime
    expires_at: datetime
    # What whoever opened it wrote on it, and the promotion codes that were used.
    client_reference_id: str | None = None
    promotion_code_ids: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class StripePromotionCode:
    """A word that a buyer types to get a coupon; `code` as Stripe spells it."""

    id: str
    code: str
    active: bool


@dataclass(frozen=True, slots=True)
class StripePaymentMethod:
    """A way to pay; `brand` and the expiry are None for what is no card, `last4` for what has no number."""

    id: str
    type: str
    brand: str | None
    last4: str | None
    exp_month: int | None
    exp_year: int | None
    created: datetime


@dataclass(frozen=True, slots=True)
class StripeSetupIntent:
    """A saved way to pay; `method` is None until it succeeded."""

    id: str
    customer_id: str | None
    status: str
    method: StripePaymentMethod | None
    metadata: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class StripeBalanceTransaction:
    """A change of a customer's balance; a negative amount is credit to the customer."""

    id: str
    customer_id: str
    amount: int
    currency: str
    ending_balance: int
    metadata: Mapping[str, str]
    created: datetime


@dataclass(frozen=True, slots=True)
class StripeConnectedAccount:
    """An account connected to ours; `can_receive` says that transfers to it are let through and its payouts are on."""

    id: str
    country: str | None
    default_currency: str | None
    can_receive: bool
    details_submitted: bool
    metadata: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class StripeTransfer:
    """Money sent to a connected account, in minor units; `amount_reversed` came back."""

    id: str
    amount: int
    amount_reversed: int
    currency: str
    destination_id: str
    transfer_group: str | None
    metadata: Mapping[str, str]
    created: datetime


@dataclass(frozen=True, slots=True)
class StripeTransferReversal:
    """Money of a transfer that came back, in minor units."""

    id: str
    transfer_id: str
    amount: int
    currency: str


# A struct and not a dataclass: one is made for every delivery, and a frozen dataclass takes five times as long to make.
class StripeEvent(msgspec.Struct, frozen=True):
    """What is decoded of an event before it is stored: who it is about, not what it says.

    `subject_type` and `subject_id` name the object to fetch: for a finished subscription checkout that is the
    subscription, for a charge with an intent the intent, so that a burst about one thing merges into one job. Both are
    None for an event about an object without an id (`invoice.upcoming`).
    """

    id: str
    type: str
    created: datetime
    livemode: bool
    account: str | None
    subject_type: str | None
    subject_id: str | None
    customer_id: str | None


StripeListedValue: TypeAlias = (
    StripeCustomer | StripeProduct | StripePrice | StripeSubscription | StripeInvoice | StripePayment
)


@dataclass(frozen=True, slots=True)
class StripeListed:
    """One object of a page, with its JSON as Stripe sent it.

    `value` is None where the object says nothing by itself (a charge that was refused before another one paid), or where
    it does not have the documented shape: then `problem` says why.
    """

    id: str
    body: bytes
    value: StripeListedValue | None
    problem: str | None


@dataclass(frozen=True, slots=True)
class StripePage:
    """A page of a list; the next one begins behind `last_id` if `more` follows."""

    objects: Sequence[StripeListed]
    last_id: str | None
    more: bool
