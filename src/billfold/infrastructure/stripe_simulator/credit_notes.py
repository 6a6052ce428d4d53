"""`/v1/credit_notes`: what a paid invoice gives back, by a refund, to the customer's balance, or outside of Stripe.

Real Stripe also credits open invoices; the simulator credits paid ones only.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from billfold.infrastructure.stripe_simulator.customers import change_balance
from billfold.infrastructure.stripe_simulator.errors import invalid
from billfold.infrastructure.stripe_simulator.identifiers import long_id
from billfold.infrastructure.stripe_simulator.invoicing import payment_of
from billfold.infrastructure.stripe_simulator.parameters import (
    Shape,
    choice,
    merged_metadata,
    metadata,
    new_metadata,
    positive,
    text,
)
from billfold.infrastructure.stripe_simulator.refunds import refund
from billfold.infrastructure.stripe_simulator.workspace import Document, Entry, Workspace

CREATE: Final = Shape(
    "invoice",
    invoice=text,
    amount=positive,
    refund_amount=positive,
    credit_amount=positive,
    out_of_band_amount=positive,
    memo=text,
    metadata=metadata,
    reason=choice("duplicate", "fraudulent", "order_change", "product_unsatisfactory"),
)
UPDATE: Final = Shape(memo=text, metadata=metadata)
VOID: Final = Shape()
_WAYS: Final = ("refund_amount", "credit_amount", "out_of_band_amount")


async def create_credit_note(ws: Workspace, ids: tuple[str, ...], values: Mapping[str, Any]) -> Document:
    """Credit a paid invoice; what it gives back must add up to its amount."""
    del ids
    invoice = await ws.entry("invoice", values["invoice"], param="invoice")
    billed = invoice.document
    if billed["status"] != "paid":
        raise invalid("The simulator credits invoices that are paid.", param="invoice")
    amount = values.get("amount") or sum(values.get(name, 0) for name in _WAYS)
    if amount != sum(values.get(name, 0) for name in _WAYS) or amount == 0:
        raise invalid(
            "The sum of credit amount, refund amount and out of band amount must equal the credit note amount.",
            param="amount",
        )
    left = billed["total"] - billed["post_payment_credit_notes_amount"]
    if amount > left:
        raise invalid(
            f"The credit note's amount ({amount}) is greater than what is left of the invoice ({left}).", param="amount"
        )
    note_id = long_id("cn_")
    refunds = [await _refund(ws, billed, values["refund_amount"])] if "refund_amount" in values else []
    transaction = None
    if "credit_amount" in values:
        customer = await ws.entry("customer", billed["customer"], param="customer")
        changed = change_balance(
            ws, customer, -values["credit_amount"], billed["currency"], kind="credit_note", invoice=billed["id"]
        )
        transaction = changed["id"]
    document = _note(ws, billed, values, note_id=note_id, amount=amount, refunds=refunds)
    document["customer_balance_transaction"] = transaction
    ws.add(document, customer=billed["customer"], parent=billed["id"])
    ws.change(
        invoice,
        {"post_payment_credit_notes_amount": billed["post_payment_credit_notes_amount"] + amount},
        event="invoice.updated",
    )
    ws.emit("credit_note.created", document)
    return document


async def update_credit_note(ws: Workspace, ids: tuple[str, ...], values: Mapping[str, Any]) -> Document:
    """Change what may change of a credit note."""
    entry = await ws.entry("credit_note", ids[0])
    changes: Document = {"memo": values["memo"]} if "memo" in values else {}
    if "metadata" in values:
        changes["metadata"] = merged_metadata(entry.document["metadata"], values["metadata"])
    return ws.change(entry, changes, event="credit_note.updated")


async def void_credit_note(ws: Workspace, ids: tuple[str, ...], values: Mapping[str, Any]) -> Document:
    """Void a credit note whose invoice is not credited by it any more."""
    del values
    entry = await ws.entry("credit_note", ids[0])
    note = entry.document
    if note["status"] == "void":
        raise invalid("This credit note is void already.")
    invoice = await ws.entry("invoice", note["invoice"], param="invoice")
    credited = invoice.document["post_payment_credit_notes_amount"]
    ws.change(entry, {"status": "void", "voided_at": ws.at})
    ws.change(
        invoice, {"post_payment_credit_notes_amount": credited - note["post_payment_amount"]}, event="invoice.updated"
    )
    ws.emit("credit_note.voided", note)
    return note


async def _refund(ws: Workspace, billed: Document, amount: int) -> Document:
    pair = await payment_of(ws, billed)
    charge = None if pair is None else await _charge(ws, pair[1])
    if charge is None:
        raise invalid("This invoice was not paid by a charge that could be refunded.", param="refund_amount")
    given = refund(ws, charge, amount, reason="requested_by_customer", refund_metadata={})
    return {"amount_refunded": amount, "payment_record_refund": None, "refund": given["id"], "type": "refund"}


async def _charge(ws: Workspace, intent: Entry) -> Entry | None:
    charge_id = intent.document["latest_charge"]
    return None if charge_id is None else await ws.find(charge_id, "charge")


def _note(
    ws: Workspace,
    billed: Document,
    values: Mapping[str, Any],
    *,
    note_id: str,
    amount: int,
    refunds: list[Document],
) -> Document:
    line: Document = {
        "id": long_id("cnli_"),
        "object": "credit_note_line_item",
        "amount": amount,
        "description": "Credit",
        "discount_amount": 0,
        "discount_amounts": [],
        "invoice_line_item": None,
        "livemode": False,
        "metadata": {},
        "pretax_credit_amounts": [],
        "quantity": 1,
        "tax_rates": [],
        "taxes": [],
        "type": "custom_line_item",
        "unit_amount": amount,
        "unit_amount_decimal": str(amount),
    }
    return {
        "id": note_id,
        "object": "credit_note",
        "amount": amount,
        "amount_shipping": 0,
        "created": ws.at,
        "currency": billed["currency"],
        "customer": billed["customer"],
        "customer_account": None,
        "customer_balance_transaction": None,
        "discount_amount": 0,
        "discount_amounts": [],
        "effective_at": ws.at,
        "invoice": billed["id"],
        "lines": {
            "object": "list",
            "data": [line],
            "has_more": False,
            "url": f"/v1/credit_notes/{note_id}/lines",
        },
        "livemode": False,
        "memo": values.get("memo"),
        "metadata": new_metadata(values),
        "number": f"{billed['number']}-CN-{note_id[-4:].upper()}",
        "out_of_band_amount": values.get("out_of_band_amount"),
        "pdf": f"{ws.public_url}/simulator/{ws.account.team_id}/credit_notes/{note_id}/pdf",
        "post_payment_amount": amount,
        "pre_payment_amount": 0,
        "pretax_credit_amounts": [],
        "reason": values.get("reason"),
        "refunds": refunds,
        "shipping_cost": None,
        "status": "issued",
        "subtotal": amount,
        "subtotal_excluding_tax": amount,
        "total": amount,
        "total_excluding_tax": amount,
        "total_taxes": [],
        "type": "post_payment",
        "voided_at": None,
    }
