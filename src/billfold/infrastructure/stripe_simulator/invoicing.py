"""Making, finalising and closing invoices. Who charges them is `collection.py`.

Real Stripe leaves a renewal's invoice as a draft for about an hour; here it is finalised at once, so that a clock moved
to the day of a renewal shows its payment.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from billfold.infrastructure.stripe_simulator.coupons import discount_amounts
from billfold.infrastructure.stripe_simulator.customers import change_balance
from billfold.infrastructure.stripe_simulator.identifiers import long_id
from billfold.infrastructure.stripe_simulator.payments import new_intent
from billfold.infrastructure.stripe_simulator.workspace import Document, Entry, Workspace


def new_line(
    subscription: Document,
    item: Document,
    *,
    amount: int,
    quantity: int,
    start: int,
    end: int,
    description: str,
    invoice_item: str | None = None,
) -> Document:
    """Return a line about one subscription item; one with an `invoice_item` is a proration."""
    price = item["price"]
    details: Document = {
        "invoice_item": invoice_item,
        "proration": invoice_item is not None,
        "proration_details": {"credited_items": None},
        "subscription": subscription["id"],
        "subscription_item": item["id"],
    }
    return {
        "id": long_id("il_"),
        "object": "line_item",
        "amount": amount,
        "currency": price["currency"],
        "description": description,
        "discount_amounts": [],
        "discountable": invoice_item is None,
        "discounts": [],
        "invoice": None,
        "livemode": False,
        "metadata": dict(subscription["metadata"]),
        "parent": {
            "invoice_item_details": None,
            "subscription_item_details": details,
            "type": "subscription_item_details",
        },
        "period": {"end": end, "start": start},
        "pretax_credit_amounts": [],
        "pricing": {
            "price_details": {"price": price["id"], "product": price["product"]},
            "type": "price_details",
            "unit_amount_decimal": price["unit_amount_decimal"],
        },
        "quantity": quantity,
        "subtotal": amount,
        "taxes": [],
    }


async def draft_invoice(
    ws: Workspace,
    customer: Document,
    subscription: Entry,
    lines: Sequence[Document],
    *,
    reason: str,
    period_start: int | None = None,
) -> Entry:
    """Make a draft for a subscription and report it; discounts of the subscription are taken off.

    `period_start` is where the period began that has just ended: an invoice's own period lies behind it, its lines' before it.
    """
    sub = subscription.document
    invoice_id = long_id("in_")
    subtotal = sum(line["amount"] for line in lines)
    discounts = await discount_amounts(ws, sub["discounts"], subtotal, sub["currency"])
    total = subtotal - sum(each["amount"] for each in discounts)
    for line in lines:
        line["invoice"] = invoice_id
    if discounts and lines:
        lines[-1]["discount_amounts"] = [dict(each) for each in discounts]
    document: Document = {
        "id": invoice_id,
        "object": "invoice",
        "account_country": "US",
        "account_name": ws.account.settings.get("name"),
        "account_tax_ids": None,
        "amount_due": max(total, 0),
        "amount_overpaid": 0,
        "amount_paid": 0,
        "amount_remaining": max(total, 0),
        "amount_shipping": 0,
        "application": None,
        "attempt_count": 0,
        "attempted": False,
        "auto_advance": True,
        "automatic_tax": {"disabled_reason": None, "enabled": False, "liability": None, "provider": None, "status": None},
        "automatically_finalizes_at": None,
        "billing_reason": reason,
        "collection_method": "charge_automatically",
        "created": ws.at,
        "currency": sub["currency"],
        "custom_fields": None,
        "customer": customer["id"],
        "customer_account": None,
        "customer_address": customer["address"],
        "customer_email": customer["email"],
        "customer_name": customer["name"],
        "customer_phone": customer["phone"],
        "customer_shipping": None,
        "customer_tax_exempt": customer["tax_exempt"],
        "customer_tax_ids": [],
        "default_payment_method": None,
        "default_source": None,
        "default_tax_rates": [],
        "description": None,
        "discounts": [each["discount"] for each in discounts],
        "due_date": None,
        "effective_at": None,
        "ending_balance": None,
        "footer": None,
        "from_invoice": None,
        "hosted_invoice_url": None,
        "invoice_pdf": None,
        "issuer": {"type": "self"},
        "last_finalization_error": None,
        "latest_revision": None,
        "lines": {
            "object": "list",
            "data": list(lines),
            "has_more": False,
            "url": f"/v1/invoices/{invoice_id}/lines",
        },
        "livemode": False,
        "metadata": {},
        "next_payment_attempt": None,
        "number": None,
        "on_behalf_of": None,
        "parent": {
            "quote_details": None,
            "subscription_details": {"metadata": dict(sub["metadata"]), "subscription": sub["id"]},
            "type": "subscription_details",
        },
        "payment_settings": {"default_mandate": None, "payment_method_options": None, "payment_method_types": None},
        "period_end": ws.at,
        "period_start": ws.at if period_start is None else period_start,
        "post_payment_credit_notes_amount": 0,
        "pre_payment_credit_notes_amount": 0,
        "receipt_number": None,
        "rendering": None,
        "shipping_cost": None,
        "shipping_details": None,
        "starting_balance": 0,
        "statement_descriptor": None,
        "status": "draft",
        "status_transitions": {
            "finalized_at": None,
            "marked_uncollectible_at": None,
            "paid_at": None,
            "voided_at": None,
        },
        "subtotal": subtotal,
        "subtotal_excluding_tax": subtotal,
        "test_clock": None,
        "total": total,
        "total_discount_amounts": discounts,
        "total_excluding_tax": total,
        "total_pretax_credit_amounts": [],
        "total_taxes": [],
        "webhooks_delivered_at": ws.at,
    }  # fmt: skip
    entry = ws.add(document, customer=customer["id"], parent=sub["id"])
    ws.change(subscription, {"latest_invoice": invoice_id})
    ws.emit("invoice.created", document)
    return entry


async def finalize(ws: Workspace, invoice: Entry) -> None:
    """Give a draft its number, use up the customer's balance, and open a payment intent for what is left to pay."""
    document = invoice.document
    customer = await ws.entry("customer", document["customer"], param="customer")
    owner = customer.document
    if owner["currency"] is None:
        ws.change(customer, {"currency": document["currency"]}, event="customer.updated")
    starting = owner["balance"] if owner["currency"] == document["currency"] and document["total"] != 0 else 0
    left = document["total"] + starting
    ending = min(left, 0)
    number = f"{owner['invoice_prefix']}-{owner['next_invoice_sequence']:04d}"
    ws.change(customer, {"next_invoice_sequence": owner["next_invoice_sequence"] + 1})
    if ending != starting:
        change_balance(
            ws,
            customer,
            ending - starting,
            document["currency"],
            kind="applied_to_invoice",
            invoice=document["id"],
        )
    # As at Stripe, whoever knows the address may read the invoice: its id holds more than 130 random bits.
    base = f"{ws.public_url}/simulator/{ws.account.team_id}/invoices/{document['id']}"
    due = max(left, 0)
    ws.change(
        invoice,
        {
            "amount_due": due,
            "amount_remaining": due,
            "effective_at": ws.at,
            "ending_balance": ending,
            "hosted_invoice_url": base,
            "invoice_pdf": f"{base}/pdf",
            "number": number,
            "starting_balance": starting,
            "status": "open",
            "status_transitions": {**document["status_transitions"], "finalized_at": ws.at},
        },
    )
    if due:
        _open_payment(ws, document)
    ws.emit("invoice.finalized", document)


def _open_payment(ws: Workspace, document: Document) -> None:
    intent = new_intent(
        ws,
        amount=document["amount_due"],
        in_currency=document["currency"],
        customer=document["customer"],
        metadata={},
        description="Subscription creation"
        if document["billing_reason"] == "subscription_create"
        else "Subscription update",
    )
    intent.document["setup_future_usage"] = "off_session"
    payment: Document = {
        "id": long_id("inpay_"),
        "object": "invoice_payment",
        "amount_paid": None,
        "amount_requested": document["amount_due"],
        "created": ws.at,
        "currency": document["currency"],
        "invoice": document["id"],
        "is_default": True,
        "livemode": False,
        "payment": {"payment_intent": intent.document["id"], "type": "payment_intent"},
        "status": "open",
        "status_transitions": {"canceled_at": None, "paid_at": None},
    }
    ws.add(payment, parent=document["id"], lookup=intent.document["id"])


async def payment_of(ws: Workspace, invoice: Document) -> tuple[Entry, Entry] | None:
    """Return an invoice's payment and its intent, or None if nothing was left to pay."""
    for payment in await ws.all_of("invoice_payment", by="parent", value=invoice["id"]):
        intent = await ws.entry("payment_intent", payment.document["payment"]["payment_intent"], param="payment_intent")
        return payment, intent
    return None


async def close_paid(ws: Workspace, invoice: Entry, *, off_stripe: bool = False) -> None:
    """Mark an invoice as paid in full and report it."""
    document = invoice.document
    pair = await payment_of(ws, document)
    changes: Mapping[str, Any] = {
        "amount_paid": document["amount_due"],
        "amount_remaining": 0,
        "attempted": True,
        "auto_advance": False,
        "next_payment_attempt": None,
        "status": "paid",
        "status_transitions": {**document["status_transitions"], "paid_at": ws.at},
    }
    invoice.due_at = None
    ws.change(invoice, changes)
    if pair is not None and not off_stripe:
        payment, _ = pair
        ws.change(
            payment,
            {
                "amount_paid": document["amount_due"],
                "status": "paid",
                "status_transitions": {"canceled_at": None, "paid_at": ws.at},
            },
        )
        ws.emit("invoice_payment.paid", payment.document)
    if document["billing_reason"] != "subscription_create":
        ws.emit("invoice.updated", document, previous={"status": "open", "amount_paid": 0})
    ws.emit("invoice.paid", document)
    ws.emit("invoice.payment_succeeded", document)
