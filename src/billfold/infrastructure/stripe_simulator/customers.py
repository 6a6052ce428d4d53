"""`/v1/customers` and their balance.

A negative balance is credit: the next invoice that is finalised uses it up (Stripe's document "Customer credit balance").
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from billfold.infrastructure.stripe_simulator.errors import invalid, missing
from billfold.infrastructure.stripe_simulator.identifiers import long_id, short_id
from billfold.infrastructure.stripe_simulator.parameters import (
    Reader,
    Shape,
    amount,
    choice,
    currency,
    merged_metadata,
    metadata,
    new_metadata,
    text,
)
from billfold.infrastructure.stripe_simulator.payment_methods import attach_given
from billfold.infrastructure.stripe_simulator.workspace import Document, Entry, Workspace

_EMAIL_LENGTH: Final = 512
_LIVE: Final = frozenset({"active", "trialing", "past_due", "unpaid", "incomplete", "paused"})
_ADDRESS: Final = Shape(city=text, country=text, line1=text, line2=text, postal_code=text, state=text)
_WRITABLE: Final[dict[str, Reader]] = {
    "address": _ADDRESS,
    "balance": amount,
    "description": text,
    "email": text,
    "invoice_settings": Shape(default_payment_method=text),
    "metadata": metadata,
    "name": text,
    "phone": text,
    "tax_exempt": choice("none", "exempt", "reverse"),
}
CREATE: Final = Shape(**_WRITABLE, payment_method=text)
UPDATE: Final = Shape(**_WRITABLE)
CREATE_BALANCE_TRANSACTION: Final = Shape(
    "amount", "currency", amount=amount, currency=currency, description=text, metadata=metadata
)


async def create_customer(ws: Workspace, ids: tuple[str, ...], values: Mapping[str, Any]) -> Document:
    """Create a customer."""
    del ids
    entry = new_customer(ws, email=_email(values), name=values.get("name"), metadata=new_metadata(values))
    document = entry.document
    for name in ("address", "description", "phone", "tax_exempt"):
        if name in values:
            document[name] = values[name]
    method = values.get("payment_method") or (values.get("invoice_settings") or {}).get("default_payment_method")
    if method is not None:
        attached = await attach_given(ws, method, document["id"], param="payment_method")
        if "invoice_settings" in values:
            document["invoice_settings"]["default_payment_method"] = attached.document["id"]
    ws.emit("customer.created", document)
    if values.get("balance"):
        change_balance(ws, entry, values["balance"], "usd", kind="initial")
    return document


def new_customer(ws: Workspace, *, email: str | None, name: str | None, metadata: dict[str, str]) -> Entry:
    """Put a customer into the account without telling anybody yet."""
    customer_id = short_id("cus_")
    document: Document = {
        "id": customer_id,
        "object": "customer",
        "address": None,
        "balance": 0,
        "created": ws.at,
        "currency": None,
        "customer_account": None,
        "default_source": None,
        "delinquent": False,
        "description": None,
        "email": email,
        "invoice_prefix": customer_id[-8:].upper(),
        "invoice_settings": {
            "custom_fields": None,
            "default_payment_method": None,
            "footer": None,
            "rendering_options": None,
        },
        "livemode": False,
        "metadata": metadata,
        "name": name,
        "next_invoice_sequence": 1,
        "phone": None,
        "preferred_locales": [],
        "shipping": None,
        "tax_exempt": "none",
        "test_clock": None,
    }
    return ws.add(document, lookup=email)


async def update_customer(ws: Workspace, ids: tuple[str, ...], values: Mapping[str, Any]) -> Document:
    """Change what is given."""
    entry = await _live(ws, ids[0])
    document = entry.document
    changes: Document = {
        name: values[name] for name in ("address", "description", "name", "phone", "tax_exempt") if name in values
    }
    if "email" in values:
        changes["email"] = _email(values)
        entry.lookup = changes["email"]
    if "metadata" in values:
        changes["metadata"] = merged_metadata(document["metadata"], values["metadata"])
    if "invoice_settings" in values:
        method = (values["invoice_settings"] or {}).get("default_payment_method")
        if method is not None:
            attached = await attach_given(ws, method, document["id"], param="invoice_settings[default_payment_method]")
            method = attached.document["id"]
        changes["invoice_settings"] = {**document["invoice_settings"], "default_payment_method": method}
    if "balance" in values and values["balance"] != document["balance"]:
        change_balance(
            ws, entry, values["balance"] - document["balance"], document["currency"] or "usd", kind="adjustment"
        )
    return ws.change(entry, changes, event="customer.updated")


async def delete_customer(ws: Workspace, ids: tuple[str, ...], values: Mapping[str, Any]) -> Document:
    """Delete a customer for good and end what it subscribed to; Stripe keeps answering its id with `deleted`."""
    del values
    entry = await _live(ws, ids[0])
    document = entry.document
    for each in await ws.all_of("subscription", by="customer", value=document["id"]):
        if each.document["status"] in _LIVE:
            each.due_at = None
            ws.change(each, {"status": "canceled", "canceled_at": ws.at, "ended_at": ws.at})
            ws.emit("customer.subscription.deleted", each.document)
    for each in await ws.all_of("invoice", by="customer", value=document["id"]):
        if each.due_at is not None:
            each.due_at = None
            ws.change(each, {"next_payment_attempt": None, "auto_advance": False})
    ws.emit("customer.deleted", document)
    entry.document = {"id": document["id"], "object": "customer", "deleted": True}
    entry.lookup = None
    ws.save(entry)
    return entry.document


async def create_balance_transaction(ws: Workspace, ids: tuple[str, ...], values: Mapping[str, Any]) -> Document:
    """Change a customer's balance by hand: a negative amount is credit."""
    entry = await _live(ws, ids[0])
    if values["amount"] == 0:
        raise invalid("Invalid amount: must not be zero.", param="amount")
    return change_balance(
        ws,
        entry,
        values["amount"],
        values["currency"],
        kind="adjustment",
        description=values.get("description"),
        metadata=new_metadata(values),
    )


async def retrieve_balance_transaction(ws: Workspace, ids: tuple[str, ...], values: Mapping[str, Any]) -> Document:
    """Return one change of this customer's balance."""
    del values
    document = await ws.get("customer_balance_transaction", ids[1])
    if document["customer"] != ids[0]:
        raise missing("customer_balance_transaction", ids[1])
    return document


def change_balance(
    ws: Workspace,
    customer: Entry,
    by: int,
    in_currency: str,
    *,
    kind: str,
    description: str | None = None,
    metadata: dict[str, str] | None = None,
    invoice: str | None = None,
) -> Document:
    """Change a balance and report the customer's update; a customer's balance has one currency."""
    document = customer.document
    if document["currency"] is not None and document["currency"] != in_currency:
        raise invalid(
            "You cannot combine currencies on a single customer. "
            f"This customer has had a subscription, invoice item or balance in {document['currency']}.",
            param="currency",
        )
    ending = document["balance"] + by
    transaction: Document = {
        "id": long_id("cbtxn_"),
        "object": "customer_balance_transaction",
        "amount": by,
        "checkout_session": None,
        "created": ws.at,
        "credit_note": None,
        "currency": in_currency,
        "customer": document["id"],
        "customer_account": None,
        "description": description,
        "ending_balance": ending,
        "invoice": invoice,
        "livemode": False,
        "metadata": metadata or {},
        "type": kind,
    }
    ws.add(transaction, customer=document["id"], parent=invoice)
    ws.change(customer, {"balance": ending, "currency": in_currency}, event="customer.updated")
    return transaction


async def _live(ws: Workspace, customer_id: str) -> Entry:
    entry = await ws.entry("customer", customer_id)
    if entry.document.get("deleted"):
        raise missing("customer", customer_id)
    return entry


def _email(values: Mapping[str, Any]) -> str | None:
    email: str | None = values.get("email")
    if email is not None and (len(email) > _EMAIL_LENGTH or "@" not in email[1:-1]):
        raise invalid(f"Invalid email address: {email[:100]}", param="email", code="email_invalid")
    return email
