"""`/v1/invoices`: what a person may do with one by hand."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from billfold.infrastructure.stripe_simulator import collection
from billfold.infrastructure.stripe_simulator.errors import card_declined, invalid
from billfold.infrastructure.stripe_simulator.invoicing import close_paid, finalize, payment_of
from billfold.infrastructure.stripe_simulator.parameters import (
    Shape,
    boolean,
    merged_metadata,
    metadata,
    text,
)
from billfold.infrastructure.stripe_simulator.payment_methods import attach_given
from billfold.infrastructure.stripe_simulator.payments import cancel
from billfold.infrastructure.stripe_simulator.replies import Reply
from billfold.infrastructure.stripe_simulator.workspace import Document, Entry, Workspace

UPDATE: Final = Shape(auto_advance=boolean, description=text, metadata=metadata)
FINALIZE: Final = Shape(auto_advance=boolean)
PAY: Final = Shape(forgive=boolean, off_session=boolean, paid_out_of_band=boolean, payment_method=text)
NOTHING: Final = Shape()


async def update_invoice(ws: Workspace, ids: tuple[str, ...], values: Mapping[str, Any]) -> Document:
    """Change what may change of an invoice."""
    entry = await ws.entry("invoice", ids[0])
    changes: Document = {name: values[name] for name in ("auto_advance", "description") if name in values}
    if "metadata" in values:
        changes["metadata"] = merged_metadata(entry.document["metadata"], values["metadata"])
    return ws.change(entry, changes, event="invoice.updated")


async def finalize_invoice(ws: Workspace, ids: tuple[str, ...], values: Mapping[str, Any]) -> Document:
    """Finalise a draft."""
    del values
    entry = await _with_status(ws, ids[0], "draft")
    await finalize(ws, entry)
    return entry.document


async def pay_invoice(ws: Workspace, ids: tuple[str, ...], values: Mapping[str, Any]) -> Document | Reply:
    """Charge an open invoice now, or note that it was paid elsewhere; 402 if the bank refuses."""
    entry = await _with_status(ws, ids[0], "open", "uncollectible")
    document = entry.document
    if values.get("paid_out_of_band"):
        pair = await payment_of(ws, document)
        if pair is not None:
            cancel(ws, pair[1], "void_invoice")
        await close_paid(ws, entry, off_stripe=True)
        subscription = await collection.subscription_of(ws, document)
        if subscription is not None:
            await collection.revive(ws, subscription)
        return document
    card = None
    if values.get("payment_method"):
        card = await attach_given(ws, values["payment_method"], document["customer"], param="payment_method")
    reason = await collection.collect(ws, entry, holder_present=not values.get("off_session", False), card=card)
    if reason is None:
        return document
    error = card_declined(charge=None, intent=None, reason=reason)
    return Reply(error.status, error.body())


async def void_invoice(ws: Workspace, ids: tuple[str, ...], values: Mapping[str, Any]) -> Document:
    """Void an open invoice."""
    del values
    entry = await _with_status(ws, ids[0], "open", "uncollectible")
    await collection.void(ws, entry)
    return entry.document


async def mark_uncollectible(ws: Workspace, ids: tuple[str, ...], values: Mapping[str, Any]) -> Document:
    """Write an open invoice off."""
    del values
    entry = await _with_status(ws, ids[0], "open")
    document = entry.document
    entry.due_at = None
    ws.change(
        entry,
        {
            "status": "uncollectible",
            "auto_advance": False,
            "next_payment_attempt": None,
            "status_transitions": {**document["status_transitions"], "marked_uncollectible_at": ws.at},
        },
    )
    ws.emit("invoice.marked_uncollectible", document)
    return document


async def _with_status(ws: Workspace, invoice_id: str, *allowed: str) -> Entry:
    entry = await ws.entry("invoice", invoice_id)
    status = entry.document["status"]
    if status in allowed:
        return entry
    if status == "paid":
        raise invalid("Invoice is already paid", code="invoice_already_paid" if "open" in allowed else None)
    raise invalid(
        f"This invoice is {status}: only one that is {' or '.join(allowed)} can be changed that way.",
        code="invoice_not_editable",
    )
