"""Invoices, payment intents and charges: what was billed, what was paid, what was taken back."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from billfold.infrastructure.stripe.translate.fields import (
    AmountTooLarge,
    Json,
    expanded,
    flag,
    optional_moment,
    optional_object,
    optional_objects,
    optional_reference,
    optional_text,
    optional_whole,
    required_moment,
    required_reference,
    required_text,
    required_whole,
    text_map,
    whole_or_zero,
)
from billfold.infrastructure.stripe.values import StripeInvoice, StripeInvoiceLine, StripePayment

# In these states the bank has taken the money back. A won dispute gives it back; the `warning_…` states are inquiries that
# move no money (Stripe's document "How disputes work").
_MONEY_IS_GONE: Final = frozenset({"needs_response", "under_review", "lost"})
_LARGEST: Final = 2**63 - 1


def invoice(data: Json, credit_notes: Iterable[Json] | None = None) -> StripeInvoice:
    """Translate an invoice; `credit_notes` are its notes, None if they were not asked for.

    Version 2025-03-31.basil moved the subscription under `parent.subscription_details`, the payment intents into
    `payments` (given only if asked to expand it) and the taxes into `total_taxes`.
    """
    details = optional_object(optional_object(data, "parent"), "subscription_details")
    former_details = optional_object(data, "subscription_details")
    total = required_whole(data, "total")
    without_tax = optional_whole(data, "total_excluding_tax")
    return StripeInvoice(
        id=required_text(data, "id"),
        customer_id=required_reference(data, "customer"),
        subscription_id=optional_reference(details, "subscription") or optional_reference(data, "subscription"),
        subscription_metadata=text_map(details) or text_map(former_details),
        metadata=text_map(data),
        number=optional_text(data, "number"),
        status=optional_text(data, "status") or "draft",
        billing_reason=optional_text(data, "billing_reason"),
        currency=required_text(data, "currency").lower(),
        subtotal=whole_or_zero(data, "subtotal"),
        total=total,
        total_excluding_tax=_fitting(total - _tax(data)) if without_tax is None else without_tax,
        amount_due=whole_or_zero(data, "amount_due"),
        amount_paid=whole_or_zero(data, "amount_paid"),
        amount_remaining=whole_or_zero(data, "amount_remaining"),
        payment_intent_ids=_payment_intents(data),
        hosted_invoice_url=optional_text(data, "hosted_invoice_url"),
        invoice_pdf=optional_text(data, "invoice_pdf"),
        period_start=required_moment(data, "period_start"),
        period_end=required_moment(data, "period_end"),
        # `status_transitions` came with version 2019-11-05; nothing older is pinned anywhere.
        paid_at=optional_moment(optional_object(data, "status_transitions"), "paid_at"),
        created=required_moment(data, "created"),
        amount_credited=_amount_credited(data, credit_notes),
        lines=tuple(_line(each) for each in optional_objects(optional_object(data, "lines"), "data")),
    )


def has_credit_notes(data: Json) -> bool:
    """Tell whether credit notes changed an invoice after it was paid."""
    return whole_or_zero(data, "post_payment_credit_notes_amount") > 0


def _amount_credited(data: Json, credit_notes: Iterable[Json] | None) -> int | None:
    if credit_notes is None:
        return None if has_credit_notes(data) else 0
    credited = 0
    for note in credit_notes:
        if note.get("status") == "void":
            continue
        # What a note refunded is on the charge too, and a refund can still fail: it is counted there.
        refunded = sum(whole_or_zero(each, "amount_refunded") for each in optional_objects(note, "refunds"))
        credited += max(whole_or_zero(note, "post_payment_amount") - refunded, 0)
    return _fitting(credited)


def _line(data: Json) -> StripeInvoiceLine:
    """Translate a line; version 2025-03-31.basil moved its price under `pricing.price_details`."""
    discounts = sum(whole_or_zero(each, "amount") for each in optional_objects(data, "discount_amounts"))
    taxes = optional_objects(data, "taxes") or optional_objects(data, "tax_amounts")
    included = (each for each in taxes if each.get("tax_behavior") == "inclusive" or each.get("inclusive") is True)
    details = optional_object(optional_object(data, "pricing"), "price_details")
    former = optional_object(data, "price")
    return StripeInvoiceLine(
        product_id=optional_reference(details, "product") or optional_reference(former, "product"),
        amount=_fitting(
            whole_or_zero(data, "amount") - discounts - sum(whole_or_zero(each, "amount") for each in included)
        ),
    )


def _tax(data: Json) -> int:
    for name in ("total_taxes", "total_tax_amounts"):
        if data.get(name) is not None:
            return sum(whole_or_zero(each, "amount") for each in optional_objects(data, name))
    return whole_or_zero(data, "tax")


def _payment_intents(data: Json) -> tuple[str, ...]:
    made = [
        optional_object(each, "payment")
        for each in optional_objects(optional_object(data, "payments"), "data")
        if each.get("status") != "canceled"
    ]
    # A charge without an intent is kept under its own id (`payments.stripe_payment_id_of`), and refunds are found by it.
    found = [optional_reference(each, "payment_intent") or optional_reference(each, "charge") for each in made]
    found.append(optional_reference(data, "payment_intent"))
    return tuple(dict.fromkeys(each for each in found if each is not None))


def payment_intent(data: Json, disputes: Iterable[Json] | None = None) -> StripePayment:
    """Translate a payment intent whose `latest_charge` was expanded.

    `disputes` are the disputes of its charges. Without them `disputed` says only that there ever was one, because that is
    all that a charge tells.
    """
    taken = expanded(data, "latest_charge")
    amount_disputed = _amount_disputed(disputes)
    return StripePayment(
        intent_id=required_text(data, "id"),
        charge_id=optional_reference(data, "latest_charge"),
        customer_id=optional_reference(data, "customer"),
        status=required_text(data, "status"),
        amount=required_whole(data, "amount"),
        amount_received=whole_or_zero(data, "amount_received"),
        amount_refunded=whole_or_zero(taken, "amount_refunded"),
        currency=required_text(data, "currency").lower(),
        disputed=flag(taken, "disputed") if disputes is None else amount_disputed > 0,
        amount_disputed=amount_disputed,
        failure_message=optional_text(optional_object(data, "last_payment_error"), "message"),
        metadata=text_map(data),
        created=required_moment(data, "created"),
        fingerprint=_fingerprint(taken),
    )


def charge(data: Json, disputes: Iterable[Json] | None = None) -> StripePayment:
    """Translate a charge; `disputes` as for `payment_intent`."""
    captured = optional_whole(data, "amount_captured")
    if captured is None:
        captured = required_whole(data, "amount") if flag(data, "paid") else 0
    amount_disputed = _amount_disputed(disputes)
    return StripePayment(
        intent_id=optional_reference(data, "payment_intent"),
        charge_id=required_text(data, "id"),
        customer_id=optional_reference(data, "customer"),
        status=required_text(data, "status"),
        amount=required_whole(data, "amount"),
        amount_received=captured,
        amount_refunded=whole_or_zero(data, "amount_refunded"),
        currency=required_text(data, "currency").lower(),
        disputed=flag(data, "disputed") if disputes is None else amount_disputed > 0,
        amount_disputed=amount_disputed,
        failure_message=optional_text(data, "failure_message"),
        metadata=text_map(data),
        created=required_moment(data, "created"),
        fingerprint=_fingerprint(data),
    )


def _fingerprint(taken: Json) -> str | None:
    # A card, a bank account and a direct debit each keep it under the name of their own type.
    details = optional_object(taken, "payment_method_details")
    return optional_text(optional_object(details, optional_text(details, "type") or "card"), "fingerprint")


def _amount_disputed(disputes: Iterable[Json] | None) -> int:
    gone = (whole_or_zero(each, "amount") for each in disputes or () if each.get("status") in _MONEY_IS_GONE)
    return _fitting(sum(gone))


def _fitting(amount: int) -> int:
    if abs(amount) > _LARGEST:
        raise AmountTooLarge("a sum of amounts is too large to be stored")
    return amount
