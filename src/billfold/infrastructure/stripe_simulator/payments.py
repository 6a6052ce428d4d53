"""Payment intents and charges: how money moves from a card."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from billfold.infrastructure.stripe_simulator.charges import new_charge
from billfold.infrastructure.stripe_simulator.errors import DECLINE_MESSAGES, card_declined, invalid
from billfold.infrastructure.stripe_simulator.identifiers import long_id, secret_of
from billfold.infrastructure.stripe_simulator.parameters import (
    Shape,
    boolean,
    choice,
    currency,
    listed,
    merged_metadata,
    metadata,
    new_metadata,
    positive,
    text,
)
from billfold.infrastructure.stripe_simulator.payment_methods import attach_given, new_card, refusal
from billfold.infrastructure.stripe_simulator.replies import Reply
from billfold.infrastructure.stripe_simulator.workspace import Document, Entry, Workspace

CREATE_INTENT: Final = Shape(
    "amount",
    "currency",
    allowed_payment_method_types=listed(text),
    amount=positive,
    currency=currency,
    customer=text,
    payment_method=text,
    automatic_payment_methods=Shape(enabled=boolean, allow_redirects=choice("always", "never")),
    confirm=boolean,
    off_session=boolean,
    description=text,
    receipt_email=text,
    metadata=metadata,
)
UPDATE_INTENT: Final = Shape(description=text, metadata=metadata)
CONFIRM_INTENT: Final = Shape(payment_method=text, off_session=boolean, return_url=text)
CANCEL_INTENT: Final = Shape(
    cancellation_reason=choice("duplicate", "fraudulent", "requested_by_customer", "abandoned")
)
UPDATE_CHARGE: Final = Shape(description=text, metadata=metadata)
_ENDED: Final = frozenset({"succeeded", "canceled"})


async def create_intent(ws: Workspace, ids: tuple[str, ...], values: Mapping[str, Any]) -> Document | Reply:
    """Create a payment intent, and charge the card at once if `confirm` says so."""
    del ids
    customer = values.get("customer")
    if customer is not None:
        await ws.get("customer", customer, param="customer")
    card = None
    if values.get("payment_method"):
        card = await _card_for(ws, values["payment_method"], customer)
    entry = new_intent(
        ws,
        amount=values["amount"],
        in_currency=values["currency"],
        customer=customer,
        metadata=new_metadata(values),
        description=values.get("description"),
    )
    entry.document["receipt_email"] = values.get("receipt_email")
    if card is not None:
        ws.change(entry, {"payment_method": card.document["id"], "status": "requires_confirmation"})
    if values.get("confirm"):
        if card is None:
            raise invalid(
                "You cannot confirm this PaymentIntent because it's missing a payment method.",
                code="payment_intent_unexpected_state",
            )
        return charge_or_refuse(ws, entry, card, holder_present=not values.get("off_session", False))
    return entry.document


async def update_intent(ws: Workspace, ids: tuple[str, ...], values: Mapping[str, Any]) -> Document:
    """Change description or metadata."""
    return await _describe(ws, "payment_intent", ids[0], values, None)


async def confirm_intent(ws: Workspace, ids: tuple[str, ...], values: Mapping[str, Any]) -> Document | Reply:
    """Charge the card."""
    entry = await _open_intent(ws, ids[0])
    method = values.get("payment_method") or entry.document["payment_method"]
    if method is None:
        raise invalid(
            "You cannot confirm this PaymentIntent because it's missing a payment method.",
            code="payment_intent_unexpected_state",
        )
    card = await _card_for(ws, method, entry.document["customer"])
    return charge_or_refuse(ws, entry, card, holder_present=not values.get("off_session", False))


async def cancel_intent(ws: Workspace, ids: tuple[str, ...], values: Mapping[str, Any]) -> Document:
    """Cancel a payment intent that has not been paid."""
    entry = await _open_intent(ws, ids[0])
    cancel(ws, entry, values.get("cancellation_reason"))
    return entry.document


async def update_charge(ws: Workspace, ids: tuple[str, ...], values: Mapping[str, Any]) -> Document:
    """Change description or metadata."""
    return await _describe(ws, "charge", ids[0], values, "charge.updated")


async def _describe(ws: Workspace, kind: str, object_id: str, values: Mapping[str, Any], event: str | None) -> Document:
    entry = await ws.entry(kind, object_id)
    changes: Document = {"description": values["description"]} if "description" in values else {}
    if "metadata" in values:
        changes["metadata"] = merged_metadata(entry.document["metadata"], values["metadata"])
    return ws.change(entry, changes, event=event)


def cancel(ws: Workspace, entry: Entry, reason: str | None) -> None:
    """Cancel a payment intent."""
    ws.change(
        entry, {"status": "canceled", "canceled_at": ws.at, "cancellation_reason": reason, "amount_capturable": 0}
    )
    ws.emit("payment_intent.canceled", entry.document)


async def _open_intent(ws: Workspace, intent_id: str) -> Entry:
    entry = await ws.entry("payment_intent", intent_id)
    if entry.document["status"] in _ENDED:
        raise invalid(
            f"This PaymentIntent's status is {entry.document['status']}, so it can no longer be changed that way.",
            code="payment_intent_unexpected_state",
        )
    return entry


async def _card_for(ws: Workspace, method_id: str, customer: str | None) -> Entry:
    if customer is not None:
        return await attach_given(ws, method_id, customer, param="payment_method")
    if method_id.startswith("pm_card_"):
        return new_card(ws, customer=None, bank="refuses" if "Declined" in method_id else "pays")
    return await ws.entry("payment_method", method_id, param="payment_method")


def charge_or_refuse(ws: Workspace, intent: Entry, card: Entry, *, holder_present: bool) -> Document | Reply:
    """Charge, and answer 402 if the bank refuses; what happened stays either way."""
    reason = charge(ws, intent, card, holder_present=holder_present)
    if reason is None:
        return intent.document
    error = card_declined(charge=intent.document["latest_charge"], intent=intent.document, reason=reason)
    return Reply(error.status, error.body())


def new_intent(
    ws: Workspace,
    *,
    amount: int,
    in_currency: str,
    customer: str | None,
    metadata: dict[str, str],
    description: str | None,
) -> Entry:
    """Put a payment intent into the account and report it."""
    intent_id = long_id("pi_3")
    document: Document = {
        "id": intent_id,
        "object": "payment_intent",
        "allowed_payment_method_types": None,
        "amount": amount,
        "amount_capturable": 0,
        "amount_details": {"tip": {}},
        "amount_received": 0,
        "application": None,
        "application_fee_amount": None,
        "automatic_payment_methods": None,
        "canceled_at": None,
        "cancellation_reason": None,
        "capture_method": "automatic_async",
        "client_secret": secret_of(intent_id),
        "confirmation_method": "automatic",
        "created": ws.at,
        "currency": in_currency,
        "customer": customer,
        "customer_account": None,
        "description": description,
        "last_payment_error": None,
        "latest_charge": None,
        "livemode": False,
        "metadata": metadata,
        "next_action": None,
        "on_behalf_of": None,
        "payment_method": None,
        "payment_method_configuration_details": None,
        "payment_method_options": {"card": {"request_three_d_secure": "automatic"}},
        "payment_method_types": ["card"],
        "processing": None,
        "receipt_email": None,
        "review": None,
        "setup_future_usage": None,
        "shipping": None,
        "source": None,
        "statement_descriptor": None,
        "statement_descriptor_suffix": None,
        "status": "requires_payment_method",
        "transfer_data": None,
        "transfer_group": None,
    }
    entry = ws.add(document, customer=customer)
    ws.emit("payment_intent.created", document)
    return entry


def charge(ws: Workspace, intent: Entry, card: Entry | None, *, holder_present: bool) -> str | None:
    """Ask the bank, write down its answer as a charge, and return its reason if it refused."""
    reason = refusal(card, holder_present=holder_present)
    document = intent.document
    method_id = None if card is None else card.document["id"]
    made = new_charge(ws, document, card, reason)
    if reason is None:
        ws.emit("charge.succeeded", made)
        ws.change(
            intent,
            {
                "status": "succeeded",
                "amount_received": document["amount"],
                "latest_charge": made["id"],
                "payment_method": method_id,
                "last_payment_error": None,
            },
        )
        ws.emit("payment_intent.succeeded", document)
        return None
    ws.emit("charge.failed", made)
    error: Document = {
        "charge": made["id"],
        "code": "card_declined",
        "decline_code": reason,
        "doc_url": "https://docs.stripe.com/error-codes#card-declined",
        "message": DECLINE_MESSAGES[reason],
        "type": "card_error",
    }
    if card is not None:
        error["payment_method"] = card.document
    ws.change(
        intent,
        {
            "status": "requires_payment_method",
            "latest_charge": made["id"],
            "payment_method": None,
            "last_payment_error": error,
        },
    )
    ws.emit("payment_intent.payment_failed", document)
    return reason
